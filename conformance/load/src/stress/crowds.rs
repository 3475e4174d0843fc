//! Many connections: nameless ones, members, resets, and bytes that come one by one.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::peer::{JOINING, connect, ended, join, many, reset};
use super::test_bed::{CONNECTION, TestBed};
use crate::load::table::milliseconds;
use crate::load::{Pace, Plan, Wish, run};
use driver::process::descriptors;

/// How much the others talk: messages a second, of so many bytes.
pub(super) const TALK: Pace = Pace::Rate(200.0);
pub(super) const SIZE: usize = 64;
/// So many connections are made at a time.
const AT_A_TIME: usize = 256;

/// Connections that never name themselves.
pub(super) async fn nameless(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(10_000, 2_000);
    bed.allow(count as u64 * CONNECTION);
    descriptors::make_room_for(count as u64).map_err(|error| error.to_string())?;
    let others = bed.others(TALK, SIZE).await?;
    let address = bed.address();
    let made = many(count, AT_A_TIME, |_| connect(address)).await;
    let connections: Vec<_> = made.into_iter().flatten().collect();
    let rss = bed.usage();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let gone = ended(&connections);
    bed.figure(format!(
        "{count} connections, {} made, {gone} sent away",
        connections.len()
    ));
    if let Some(usage) = rss {
        bed.figure(format!("{} open files", usage.descriptors));
    }
    bed.rest(others).await?;
    drop(connections);
    Ok(())
}

/// Members who join at once. Each is told of each.
pub(super) async fn crowd(bed: &mut TestBed) -> Result<(), String> {
    let members = bed.scaled(5_000, 500);
    bed.expect_members(members as u64);
    let plan = Plan {
        tag: "c".to_owned(),
        members,
        senders: 1,
        pace: Pace::Rate(10.0),
        size: 64,
        duration: Duration::from_secs(1),
        patience: Duration::from_secs(30),
        at_a_time: members,
        insistent: true,
    };
    let begin = std::time::Instant::now();
    let (mut joined, mut sent_away) = (None, 0);
    let outcome = run(&plan, bed.address(), None, |now| {
        sent_away = now.sent_away;
        if now.joined == members {
            joined.get_or_insert_with(|| begin.elapsed());
        }
        Wish::GoOn
    })
    .await
    .map_err(|error| error.to_string())?;
    let joined = joined.unwrap_or_default().as_secs_f64() * 1e3;
    bed.figure(format!(
        "{members} members in {}, after {sent_away} had been sent away to try again",
        milliseconds(joined)
    ));
    if let Some(latency) = &outcome.latency {
        let told = milliseconds(latency.p99_ms);
        bed.figure(format!("one message to all of them p99 {told}"));
    }
    bed.faults.extend(outcome.faults.told());
    Ok(())
}

/// Connections that are reset: without a name, in the middle of a line, and as members.
pub(super) async fn resets(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(20_000, 2_000);
    let others = bed.others(TALK, SIZE).await?;
    let address = bed.address();
    let made = many(count, JOINING, |number| async move {
        let stream = match number % 3 {
            0 => connect(address).await?,
            1 => {
                let mut stream = connect(address).await?;
                stream.write_all(b"half a na").await?;
                stream
            }
            _ => {
                let (mut stream, _) = join(address, &format!("r{number}"), None).await?;
                stream.write_all(b"ciao\nhalf a li").await?;
                stream
            }
        };
        reset(stream);
        Ok::<_, std::io::Error>(())
    })
    .await;
    let failed: Vec<_> = made.into_iter().filter_map(Result::err).collect();
    bed.figure(format!("{count} resets"));
    if let Some(error) = failed.first() {
        bed.faults.push(format!(
            "{} of {count} connections were not served: {error}",
            failed.len()
        ));
    }
    bed.rest(others).await?;
    Ok(())
}

/// One byte a second from each of many connections.
pub(super) async fn drip(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(1_000, 300);
    let seconds = bed.scaled(12, 4);
    bed.allow(count as u64 * CONNECTION);
    descriptors::make_room_for(count as u64).map_err(|error| error.to_string())?;
    let others = bed.others(TALK, SIZE).await?;
    let address = bed.address();
    let before = bed.usage();
    let made = many(count, count, |number| async move {
        let mut stream = connect(address).await.ok()?;
        // Not all in the same moment.
        tokio::time::sleep(Duration::from_millis(number as u64 % 1000)).await;
        for byte in format!("d{number}\nciao\nsono qui").bytes().take(seconds) {
            if stream.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Some(stream)
    })
    .await;
    let connections: Vec<_> = made.into_iter().flatten().collect();
    if let (Some(before), Some(after)) = (before, bed.usage()) {
        let spent = after.cpu.saturating_sub(before.cpu);
        bed.figure(format!("{:.2} s CPU in {seconds} s", spent.as_secs_f64()));
    }
    let gone = ended(&connections);
    bed.figure(format!("{count} connections, {gone} sent away"));
    bed.rest(others).await?;
    Ok(())
}
