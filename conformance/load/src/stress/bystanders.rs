//! Bystanders: a few members that chat during a stress test. They run on a thread of their own, so that the work of the test
//! does not delay them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::oneshot;

use crate::load::{Command, Pace, Plan, Report, run};

pub(super) const NICKNAME_PREFIX: &str = "bystander";
const MEMBERS: usize = 5;
pub(super) const SENDERS: usize = 3;

#[derive(Debug)]
pub(super) struct Bystanders {
    thread: JoinHandle<Result<Report, String>>,
    stop: Arc<AtomicBool>,
    deliveries: Arc<AtomicU64>,
}

impl Bystanders {
    /// Starts bystanders that send 200 short messages a second.
    pub(super) async fn start(address: SocketAddr) -> Result<Self, String> {
        Self::start_with(address, Pace::Rate(200.0), 64).await
    }

    /// Returns once the bystanders have joined and chat.
    pub(super) async fn start_with(
        address: SocketAddr,
        pace: Pace,
        text_bytes: usize,
    ) -> Result<Self, String> {
        let stop = Arc::new(AtomicBool::new(false));
        let deliveries = Arc::new(AtomicU64::new(0));
        let (started, is_started) = oneshot::channel();
        let plan = Plan {
            nickname_prefix: NICKNAME_PREFIX.to_owned(),
            members: MEMBERS,
            senders: SENDERS,
            pace,
            text_bytes,
            // Longer than any stress test.
            duration: Duration::from_secs(600),
            patience: Duration::from_secs(20),
            joins_at_a_time: MEMBERS,
            retry_joins: false,
        };
        let thread = {
            let (stop, deliveries) = (Arc::clone(&stop), Arc::clone(&deliveries));
            std::thread::spawn(move || chat(&plan, address, started, &stop, &deliveries))
        };
        let bystanders = Self {
            thread,
            stop,
            deliveries,
        };
        if is_started.await.is_ok() {
            return Ok(bystanders);
        }
        let error = bystanders.stop().await.err();
        Err(error.unwrap_or_else(|| "the bystanders did not chat".to_owned()))
    }

    /// How many messages each bystander has received.
    pub(super) fn received(&self) -> u64 {
        self.deliveries.load(Ordering::Relaxed) / (MEMBERS as u64 - 1)
    }

    /// Whether they have stopped by themselves.
    pub(super) fn have_stopped(&self) -> bool {
        self.thread.is_finished()
    }

    pub(super) async fn stop(self) -> Result<Report, String> {
        self.stop.store(true, Ordering::Relaxed);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        match joined {
            Ok(Ok(report)) => report,
            _ => Err("the bystanders panicked".to_owned()),
        }
    }
}

/// The bystanders' thread.
fn chat(
    plan: &Plan,
    address: SocketAddr,
    started: oneshot::Sender<()>,
    stop: &AtomicBool,
    deliveries: &AtomicU64,
) -> Result<Report, String> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .map_err(|error| format!("bystanders: cannot start the runtime: {error}"))?;
    let mut started = Some(started);
    let chat = run(plan, address, None, |progress| {
        deliveries.store(progress.deliveries, Ordering::Relaxed);
        if progress.elapsed.is_some()
            && let Some(started) = started.take()
        {
            // Fails only if the test has timed out meanwhile.
            let _ = started.send(());
        }
        match stop.load(Ordering::Relaxed) {
            true => Command::Stop,
            false => Command::Continue,
        }
    });
    let report = runtime.block_on(chat);
    report.map_err(|error| format!("bystanders: {error}"))
}
