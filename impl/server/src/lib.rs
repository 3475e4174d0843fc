//! The reference server of Salotto.

mod config;
mod connection;
mod fanout;
mod goodbye;
mod hub;
mod link;
mod listen;
pub mod room;

pub use config::Config;
pub use listen::{ListenError, listen};

use hub::Hub;
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::timeout;

/// How long the shutdown takes at most: every goodbye is bounded by itself, except one that had
/// already begun.
const TO_SHUT_DOWN: Duration = Duration::from_millis(4500);

/// Serves everybody who connects to `listener`, until `shutdown` is ready; then says goodbye to
/// everybody, and returns within 5 s (STOP-1).
///
/// Runs on one thread: call it in a [`LocalRuntime`](tokio::runtime::LocalRuntime) or in a
/// [`LocalSet`](tokio::task::LocalSet).
pub async fn run(listener: TcpListener, config: Config, shutdown: impl Future<Output = ()>) {
    let hub = Hub::new(config);
    let flushing = tokio::task::spawn_local(hub.clone().flush_whenever_dirty());
    tokio::select! {
        () = listen::accept(listener, hub.clone()) => {}
        () = shutdown => {}
    }
    flushing.abort();
    hub.shut_down();
    if timeout(TO_SHUT_DOWN, hub.all_ends()).await.is_err() {
        tracing::warn!("some connections were cut: they did not take their goodbye in time");
    }
}
