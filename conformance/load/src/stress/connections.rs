//! Many connections: without a nickname, as members, reset, and slow to type.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use super::bystanders::Bystanders;
use super::peer::{JOINS_AT_A_TIME, connect, count_closed, join, many, reset};
use super::test_bed::TestBed;
use crate::load::{Command, Pace, Plan, run};
use crate::units::{duration, milliseconds};
use driver::process::descriptors;

const CONNECTS_AT_A_TIME: usize = 256;

/// Connections that never choose a nickname. The server may close them (NAME-5).
pub(super) async fn unnamed(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(10_000, 2_000);
    bed.allow_connections(count);
    descriptors::make_room_for(count as u64).map_err(|error| error.to_string())?;
    let address = bed.address;
    let bystanders = Bystanders::start(address).await?;
    let connected = many(count, CONNECTS_AT_A_TIME, |_| connect(address)).await;
    let connections: Vec<_> = connected.into_iter().flatten().collect();
    let usage = bed.usage();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let closed = count_closed(&connections);
    let made = connections.len();
    bed.figure(format!(
        "{made} of {count} connections made, {closed} closed by the server"
    ));
    if let Some(usage) = usage {
        bed.figure(format!("{} files open in the server", usage.descriptors));
    }
    bed.stop_bystanders(bystanders).await
}

/// Members that join at once, so that the server has to announce each to each.
pub(super) async fn crowd(bed: &mut TestBed) -> Result<(), String> {
    let members = bed.scaled(5_000, 500);
    bed.allow_members(members);
    let plan = Plan {
        nickname_prefix: "c".to_owned(),
        members,
        senders: 1,
        pace: Pace::Rate(10.0),
        text_bytes: 64,
        duration: Duration::from_secs(1),
        patience: Duration::from_secs(30),
        joins_at_a_time: members,
        retry_joins: true,
    };
    let begin = Instant::now();
    let (mut joined, mut retries) = (None, 0);
    let report = run(&plan, bed.address, None, |progress| {
        retries = progress.join_retries;
        if progress.joined == members {
            joined.get_or_insert_with(|| begin.elapsed());
        }
        Command::Continue
    });
    let report = report.await.map_err(|error| error.to_string())?;
    let joined = duration(joined.unwrap_or_default());
    bed.figure(format!(
        "{members} members joined in {joined}, with {retries} retries"
    ));
    if let Some(latency) = &report.latency {
        let p99 = milliseconds(latency.p99_ms);
        bed.figure(format!("a message to all of them p99 {p99}"));
    }
    bed.faults_of("the crowd", report.faults.descriptions());
    Ok(())
}

/// Connections that are reset: without a nickname, in the middle of a line, and as members.
pub(super) async fn resets(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(20_000, 2_000);
    let address = bed.address;
    let bystanders = Bystanders::start(address).await?;
    let results = many(count, JOINS_AT_A_TIME, |number| async move {
        let stream = match number % 3 {
            0 => connect(address).await?,
            1 => {
                let mut stream = connect(address).await?;
                stream.write_all(b"half a na").await?;
                stream
            }
            _ => {
                let mut stream = join(address, &format!("r{number}")).await?;
                stream.write_all(b"ciao\nhalf a li").await?;
                stream
            }
        };
        reset(stream);
        Ok::<_, io::Error>(())
    });
    let errors: Vec<_> = results.await.into_iter().filter_map(Result::err).collect();
    bed.figure(format!("{count} resets"));
    if let Some(error) = errors.first() {
        let failed = errors.len();
        bed.fault(format!(
            "connections that were not served: {failed} of {count}; the first error: {error}"
        ));
    }
    bed.stop_bystanders(bystanders).await
}

/// Connections that send one byte a second.
pub(super) async fn drip(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(1_000, 300);
    let seconds = bed.scaled(12, 4);
    bed.allow_connections(count);
    descriptors::make_room_for(count as u64).map_err(|error| error.to_string())?;
    let address = bed.address;
    let bystanders = Bystanders::start(address).await?;
    let before = bed.usage();
    let connected = many(count, count, |number| async move {
        let mut stream = connect(address).await.ok()?;
        // Spreads the connections over the second.
        tokio::time::sleep(Duration::from_millis(number as u64 % 1000)).await;
        for byte in format!("d{number}\nciao\nsono qui").bytes().take(seconds) {
            if stream.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Some(stream)
    });
    let connections: Vec<_> = connected.await.into_iter().flatten().collect();
    if let (Some(before), Some(after)) = (before, bed.usage()) {
        let spent = after.cpu.saturating_sub(before.cpu);
        bed.figure(format!("{:.2} s CPU in {seconds} s", spent.as_secs_f64()));
    }
    let closed = count_closed(&connections);
    bed.figure(format!(
        "{count} connections, {closed} closed by the server"
    ));
    bed.stop_bystanders(bystanders).await
}
