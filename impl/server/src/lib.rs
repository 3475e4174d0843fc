//! The reference server of Salotto: one room, everybody hears everybody.
//!
//! # Map
//!
//! | module | what it is about |
//! | --- | --- |
//! | [`salotto_room`] | who is in the room, under which name, and what happens in which order |
//! | `hub` | where the room meets its connections |
//! | `fanout` | what everybody is owed, and the flush that sends it |
//! | `link` | one connection's socket, and what it is owed |
//! | `connection` | what one connection says, and the task that serves it |
//! | `goodbye` | the end of a connection |
//! | `listen` | where the server can be reached |
//! | `listener` | a socket that listens there |
//! | `accept` | where connections come from |
//! | `config` | the bounds that an operator decides |
//! | `counts` | what the server counts while it works |
//! | `metrics` | what it tells of that, in the text format of Prometheus |
//! | `scrape` | the HTTP endpoint where it tells |
//!
//! # From bytes to bytes
//!
//! ```text
//!  bytes ──► LineDecoder ──► line ──► Room ──► outputs ──► batch ──► one write for each member
//!  └──── connection ───────┘       └─ room ─┘            └─ fanout ─┘ └──── link ────┘
//! ```
//!
//! A connection's task reads what its socket has, at most 32 KiB, into a buffer that all share. The
//! decoder cuts that into lines without copying them. The [`Room`](salotto_room::Room) takes each line by
//! a function call and says what follows: a reply to one, an event for all but one, a goodbye.
//! It has no sockets, no tasks and no clock, so everything that the specification says about
//! members, names and order is decided and tested there.
//!
//! An event is encoded once, at the end of the *batch*: one buffer for the whole room. A member is
//! not given a copy; it only has a cursor that tells where in the batch its part begins. Whatever
//! is particular to one member (a reply, a line of its own that it must not hear) moves its part so
//! far from the batch to an outbox of its own, so that each member has one sequence.
//!
//! The first event wakes the flush, which the scheduler puts behind all tasks that are ready to
//! read. When it runs, the batch holds what everybody said in this turn, and each member gets it
//! in one write. Replies go with every turn. A batch that only tells who comes and goes waits up to five
//! milliseconds for company: where N members come at once, nobody needs N writes to hear of it.
//!
//! # Why it is fast
//!
//! To send costs some 5 µs, however little is sent; to deliver one more line in the same send
//! costs 0.1 µs. So what counts is how many lines one send carries, and the design above makes it
//! as many as there are. Nothing else happens for each delivery: no queue is pushed, no task is
//! woken, nothing is formatted, nothing is locked, since everything runs on one thread. Nagle's
//! algorithm is off, because a flush is complete, and no timer runs for a member.
//!
//! # When somebody cannot follow
//!
//! Nobody waits for another's socket. What a socket does not take at once stays in that member's
//! outbox, and that member's own task writes it when the socket has room again. An outbox has a
//! bound ([`Config::backlog`]); beyond it the member is dropped. Before that, those who talk much
//! are read more slowly, in pauses too short to be noticed, for as long as the one behind makes
//! progress. So a flood does not cost a member that reads its connection, and one that does not
//! read costs the others a fraction of a second.
//!
//! # What it costs
//!
//! A silent connection costs about 1 kB: a task, a socket, a name, no buffer. With 8,000 of them on
//! 64-bit Linux it was 960 bytes without a name, 1,020 to 1,130 as a member
//! (`cargo bench -p salotto-server --bench idle` measures it). On top come at most 4 KiB for a line
//! that has begun, and what a member is owed that does not read, which is bounded: if all N members
//! sleep at once, they hold N times [`Config::backlog`]. What the system keeps in its socket buffers
//! is its own business, some hundreds of KiB for a sleeper.
//!
//! Each connection takes a file descriptor, see [`Config::descriptors`]. Where none is left, new
//! connections wait in the system's queue until one is.
//!
//! Counting what happens costs nothing that can be measured: a few additions for each line and each
//! write, two looks at the clock for each batch. A name for a number is only made when somebody asks.

mod accept;
mod config;
mod connection;
mod counts;
mod fanout;
mod goodbye;
mod hub;
mod link;
mod listen;
#[cfg(unix)]
mod listener;
mod metrics;
mod scrape;

pub use config::Config;
pub use listen::{ListenError, listen, listen_on};

use hub::Hub;
#[cfg(unix)]
use listener::Listener;
use std::future::Future;
use std::io;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;
use tokio::net::TcpListener;
#[cfg(not(unix))]
use tokio::net::TcpListener as Listener;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long the shutdown takes at most: every goodbye is bounded by itself, except one that had
/// already begun.
const TO_SHUT_DOWN: Duration = Duration::from_millis(4500);

/// Serves everybody who connects to one of `listeners`, until `shutdown` is ready; then says goodbye
/// to everybody, and returns within 5 s (STOP-1). Tells everybody who connects to `metrics` how it
/// is doing: that is meant for this machine, so give it a loopback address.
///
/// Runs on one thread: call it in a [`LocalRuntime`](tokio::runtime::LocalRuntime) or in a
/// [`LocalSet`](tokio::task::LocalSet).
///
/// # Errors
/// Where the system does not tell of what happens at `listeners`: then nobody has been served.
pub async fn run(
    listeners: Vec<TcpListener>,
    metrics: Option<TcpListener>,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let hub = Hub::new(config);
    let listeners = listeners.into_iter();
    let listeners = listeners.map(|listener| Listener::from_std(listener.into_std()?));
    let listeners = Rc::new(listeners.collect::<io::Result<Vec<_>>>()?);
    let mut helpers = JoinSet::new();
    helpers.spawn_local(hub.clone().flush_whenever_dirty());
    helpers.spawn_local(hub.clone().enforce_naming_timeout());
    // In a task of its own, so that nobody looks for a signal whenever somebody connects.
    helpers.spawn_local(accept::accept(listeners.clone(), hub.clone()));
    if let Some(metrics) = metrics {
        helpers.spawn_local(scrape::serve(metrics, hub.clone()));
    }
    wait_for(shutdown, &mut helpers).await;
    helpers.shutdown().await;
    for listener in Rc::into_inner(listeners).into_iter().flatten() {
        if let Err(error) = accept::close(listener, &hub) {
            tracing::warn!(%error, "some connections that had not been accepted get no goodbye");
        }
    }
    hub.shut_down();
    if timeout(TO_SHUT_DOWN, hub.all_ends()).await.is_err() {
        tracing::warn!("some connections were cut: they did not take their goodbye in time");
    }
    Ok(())
}

/// Waits for `shutdown`. The helpers run for ever: one that ends has panicked, and the panic goes on here,
/// since a server without it would only seem to work.
async fn wait_for(shutdown: impl Future<Output = ()>, helpers: &mut JoinSet<()>) {
    tokio::select! {
        () = shutdown => {}
        Some(Err(error)) = helpers.join_next() => resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test]
    #[should_panic(expected = "cannot go on")]
    async fn a_server_does_not_outlive_its_helpers() {
        let mut helpers = JoinSet::new();
        helpers.spawn(pending());
        helpers.spawn(async { panic!("cannot go on") });
        wait_for(pending(), &mut helpers).await;
    }
}
