//! Runs a stress test, then checks that the server has recovered.

use std::time::{Duration, Instant};

use super::error::StressError;
use super::stress_test::StressTest;
use super::test_bed::{Options, TestBed};
use super::{connections, process, recovery, senders, slow_readers, vanished};

/// The results of a stress test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was measured, one phrase each.
    pub figures: Vec<String>,
    /// What the server did wrong, one sentence each; empty if it survived.
    pub faults: Vec<String>,
    /// How long the test took, including the checks afterwards.
    pub duration: Duration,
}

const TIME_LIMIT: Duration = Duration::from_secs(120);

/// Starts a server, runs the test, and checks that the server has recovered. Requires a tokio `LocalRuntime`.
///
/// `on_silence` is called if the server has not answered the first nickname for a second.
///
/// # Errors
/// The server cannot be started, or lets nobody in. Everything later is a fault in the report.
pub async fn run(
    test: StressTest,
    options: &Options,
    on_silence: impl FnOnce(),
) -> Result<Report, StressError> {
    let begin = Instant::now();
    let wrapper: &[&str] = match test {
        StressTest::Descriptors => &process::WITH_FEW_DESCRIPTORS,
        _ => &[],
    };
    let mut bed = TestBed::start(options, wrapper, on_silence).await?;
    match tokio::time::timeout(TIME_LIMIT, perform(test, &mut bed)).await {
        Ok(Ok(())) => recovery::check(&mut bed).await,
        Ok(Err(fault)) => bed.fault(fault),
        Err(_) => {
            let limit = TIME_LIMIT.as_secs();
            bed.fault(format!("the test took longer than {limit} s"));
        }
    }
    let (figures, faults) = bed.finish().await;
    Ok(Report {
        figures,
        faults,
        duration: begin.elapsed(),
    })
}

/// Fails with the fault that keeps the test from going on.
async fn perform(test: StressTest, bed: &mut TestBed) -> Result<(), String> {
    match test {
        StressTest::Unnamed => connections::unnamed(bed).await,
        StressTest::Crowd => connections::crowd(bed).await,
        StressTest::Resets => connections::resets(bed).await,
        StressTest::Drip => connections::drip(bed).await,
        StressTest::Vanished => vanished::vanished(bed).await,
        StressTest::SlowReader => slow_readers::slow_readers(bed, 1).await,
        StressTest::SlowReaders => {
            let count = bed.scaled(200, 20);
            slow_readers::slow_readers(bed, count).await
        }
        StressTest::Flood => senders::flood(bed).await,
        StressTest::Endless => senders::endless(bed).await,
        StressTest::Noise => senders::noise(bed).await,
        StressTest::Killed => process::killed(bed).await,
        StressTest::Descriptors => process::descriptors(bed).await,
    }
}
