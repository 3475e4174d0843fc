//! A few members who talk while a fire burns, on a thread of their own: what they feel is not what the fire costs its lighter.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::oneshot;

use crate::load::{Outcome, Pace, Plan, Wish, run};

/// What their nicknames begin with.
pub(super) const TAG: &str = "other";
const MEMBERS: usize = 5;
/// How many of them talk.
pub(super) const SENDERS: usize = 3;

/// They talk.
#[derive(Debug)]
pub(super) struct Others {
    thread: JoinHandle<Result<Outcome, String>>,
    enough: Arc<AtomicBool>,
    /// How many deliveries there were.
    deliveries: Arc<AtomicU64>,
}

impl Others {
    /// Lets them join.
    ///
    /// # Errors
    /// They cannot.
    pub(super) async fn start(
        address: SocketAddr,
        pace: Pace,
        size: usize,
    ) -> Result<Self, String> {
        let enough = Arc::new(AtomicBool::new(false));
        let deliveries = Arc::new(AtomicU64::new(0));
        let (talking, talk) = oneshot::channel();
        let plan = Plan {
            tag: TAG.to_owned(),
            members: MEMBERS,
            senders: SENDERS,
            pace,
            size,
            // A fire is over before that.
            duration: Duration::from_secs(600),
            patience: Duration::from_secs(20),
            at_a_time: MEMBERS,
            insistent: false,
        };
        let thread = {
            let (enough, deliveries) = (Arc::clone(&enough), Arc::clone(&deliveries));
            std::thread::spawn(move || talk_until(&plan, address, talking, &enough, &deliveries))
        };
        let others = Self {
            thread,
            enough,
            deliveries,
        };
        match talk.await {
            Ok(()) => Ok(others),
            Err(_) => Err(others
                .stop()
                .await
                .err()
                .unwrap_or_else(|| "the others have not talked".to_owned())),
        }
    }

    /// How many messages each of them has heard, of all senders together.
    pub(super) fn heard(&self) -> u64 {
        self.deliveries.load(Ordering::Relaxed) / (MEMBERS as u64 - 1)
    }

    /// Whether they have stopped by themselves.
    pub(super) fn are_silent(&self) -> bool {
        self.thread.is_finished()
    }

    /// They stop, and tell.
    ///
    /// # Errors
    /// They could not talk.
    pub(super) async fn stop(self) -> Result<Outcome, String> {
        self.enough.store(true, Ordering::Relaxed);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        match joined {
            Ok(Ok(outcome)) => outcome,
            _ => Err("the others have panicked".to_owned()),
        }
    }
}

fn talk_until(
    plan: &Plan,
    address: SocketAddr,
    talking: oneshot::Sender<()>,
    enough: &AtomicBool,
    deliveries: &AtomicU64,
) -> Result<Outcome, String> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .map_err(|error| format!("the others have no runtime: {error}"))?;
    let mut talking = Some(talking);
    let running = run(plan, address, None, |now| {
        deliveries.store(now.deliveries, Ordering::Relaxed);
        if now.elapsed.is_some()
            && let Some(talking) = talking.take()
        {
            // Nobody waits for it when the fire is out already.
            let _ = talking.send(());
        }
        match enough.load(Ordering::Relaxed) {
            true => Wish::EndNow,
            false => Wish::GoOn,
        }
    });
    runtime
        .block_on(running)
        .map_err(|error| format!("the others: {error}"))
}
