//! Checks that the server is as it was before the test: it lets newcomers in, has released memory, idles, and shuts down.

use std::time::{Duration, Instant};

use super::test_bed::TestBed;
use crate::load::{Command, Pace, Plan, run};
use crate::units::{bytes, duration};

/// How long the server may take to release memory, and to become idle.
const SETTLE_TIME: Duration = Duration::from_secs(15);
/// How many more files than at its start a server may have open for its own purposes.
const ALLOWED_DESCRIPTORS: u64 = 16;
/// An idle server uses at most this part of a processor.
const IDLE_SHARE: f64 = 0.2;
/// STOP-1 allows 5 seconds; a busy machine may need another one.
const SHUTDOWN_TIME: Duration = Duration::from_secs(6);

pub(super) async fn check(bed: &mut TestBed) {
    let status = bed.server.as_ref().map(|server| server.process.status());
    if let Some(status) = status.flatten() {
        return bed.fault(format!("the server has ended: {status}"));
    }
    check_newcomers(bed).await;
    check_memory(bed).await;
    check_descriptors(bed).await;
    check_idle(bed).await;
    let Some(server) = &bed.server else { return };
    match server.shut_down(SHUTDOWN_TIME).await {
        Ok(took) => bed.figure(format!("shutdown in {}", duration(took))),
        Err(fault) => bed.fault(fault),
    }
}

async fn check_newcomers(bed: &mut TestBed) {
    let plan = Plan {
        nickname_prefix: "newcomer".to_owned(),
        members: 3,
        senders: 2,
        pace: Pace::Rate(100.0),
        text_bytes: 64,
        duration: Duration::from_millis(300),
        patience: Duration::from_secs(10),
        joins_at_a_time: 1,
        retry_joins: false,
    };
    let faults = match run(&plan, bed.address, None, |_| Command::Continue).await {
        Ok(report) => report.faults.descriptions(),
        Err(error) => vec![error.to_string()],
    };
    bed.faults_of("newcomers afterwards", faults);
}

async fn check_memory(bed: &mut TestBed) {
    let (Some(before), Some(mut now)) = (bed.usage_before, bed.usage()) else {
        return bed.figure("memory not measured");
    };
    let begin = Instant::now();
    while now.rss > before.rss + bed.allowed_rest && begin.elapsed() < SETTLE_TIME {
        tokio::time::sleep(Duration::from_millis(100)).await;
        now = bed.usage().unwrap_or(now);
    }
    let growth = |rss: u64| rss.saturating_sub(before.rss);
    let (peak, rest) = (growth(now.rss_peak), growth(now.rss));
    bed.figure(format!(
        "memory +{} at most, +{} afterwards",
        bytes(peak),
        bytes(rest)
    ));
    for (grown, allowed, when) in [
        (peak, bed.allowed_peak, "during the test"),
        (rest, bed.allowed_rest, "after the test"),
    ] {
        if let Some(excess @ 1..) = grown.checked_sub(allowed) {
            bed.fault(format!(
                "{when} memory exceeded its allowance of +{} by {}",
                bytes(allowed),
                bytes(excess)
            ));
        }
    }
}

/// Waits until the connections of the test are closed in the server, too.
async fn check_descriptors(bed: &mut TestBed) {
    let begin = Instant::now();
    let grown = loop {
        let (Some(before), Some(now)) = (bed.usage_before, bed.usage()) else {
            return;
        };
        let grown = now.descriptors.saturating_sub(before.descriptors);
        if grown <= ALLOWED_DESCRIPTORS || begin.elapsed() >= SETTLE_TIME {
            break grown;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    if grown > ALLOWED_DESCRIPTORS {
        bed.fault(format!(
            "the server has {grown} more files open than before the test (CONN-1)"
        ));
    }
}

/// Waits until the server uses little processor time.
pub(super) async fn check_idle(bed: &mut TestBed) {
    const INTERVAL: Duration = Duration::from_millis(500);
    let begin = Instant::now();
    let mut share = f64::INFINITY;
    while share > IDLE_SHARE && begin.elapsed() < SETTLE_TIME {
        let (from, before) = (Instant::now(), bed.usage());
        tokio::time::sleep(INTERVAL).await;
        let (Some(before), Some(after)) = (before, bed.usage()) else {
            return;
        };
        let spent = after.cpu.saturating_sub(before.cpu);
        share = spent.as_secs_f64() / from.elapsed().as_secs_f64();
    }
    let usage = format!("{:.0} % CPU when idle", share * 100.0);
    if share > IDLE_SHARE {
        bed.fault(format!("the server does not become idle: {usage}"));
    }
    bed.figure(usage);
}
