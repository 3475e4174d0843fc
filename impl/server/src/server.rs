//! Runs a server, from the first connection to the last goodbye.

use crate::accept;
use crate::config::Config;
use crate::hub::Hub;
use crate::scrape;
use std::future::Future;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The longest time for all goodbyes at shutdown, below the 5 s of STOP-1. Each goodbye has a shorter limit of its own, unless it
/// had begun before.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(4500);

/// Serves everybody who connects to one of `listeners` until `shutdown` is ready. Then says goodbye on every connection, and
/// returns within 5 s (STOP-1).
///
/// Answers HTTP requests for metrics on `metrics`. Bind it to a loopback address, since anyone who can reach it can read them.
///
/// The server runs on one thread: call this in a [`LocalRuntime`](tokio::runtime::LocalRuntime) or in a
/// [`LocalSet`](tokio::task::LocalSet).
pub async fn run(
    listeners: Vec<TcpListener>,
    metrics: Option<TcpListener>,
    config: Config,
    shutdown: impl Future<Output = ()>,
) {
    let hub = Hub::new(config);
    let listeners: Vec<_> = listeners.into_iter().map(Rc::new).collect();
    let mut tasks = JoinSet::new();
    tasks.spawn_local(hub.clone().flush_when_dirty());
    tasks.spawn_local(hub.clone().enforce_naming_timeout());
    for listener in &listeners {
        tasks.spawn_local(accept::accept(listener.clone(), hub.clone()));
    }
    if let Some(metrics) = metrics {
        tasks.spawn_local(scrape::serve(metrics, hub.clone()));
    }
    wait_for(shutdown, &mut tasks).await;
    tasks.shutdown().await;
    for listener in listeners.into_iter().filter_map(Rc::into_inner) {
        if let Err(error) = accept::close(listener, &hub) {
            tracing::warn!(%error, "some connections were not accepted in time and get no goodbye");
        }
    }
    hub.shut_down();
    if timeout(SHUTDOWN_TIMEOUT, hub.all_connections_ended())
        .await
        .is_err()
    {
        tracing::warn!("some clients did not read their goodbye in time");
    }
}

/// Waits for `shutdown`. The tasks run forever, so one that ends has panicked. Its panic continues here, since a server without it
/// would only seem to work.
async fn wait_for(shutdown: impl Future<Output = ()>, tasks: &mut JoinSet<()>) {
    tokio::select! {
        () = shutdown => {}
        Some(Err(error)) = tasks.join_next() => resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test]
    #[should_panic(expected = "cannot go on")]
    async fn a_server_does_not_outlive_its_tasks() {
        let mut tasks = JoinSet::new();
        tasks.spawn(pending());
        tasks.spawn(async { panic!("cannot go on") });
        wait_for(pending(), &mut tasks).await;
    }
}
