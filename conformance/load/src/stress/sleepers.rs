//! Members that take nothing: those that never read, and those whose machines are gone.

use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::crowds::{SIZE, TALK};
use super::others::{SENDERS, TAG};
use super::peer::{JOINING, PATIENCE, join, many, reset};
use super::test_bed::{CONNECTION, TestBed};
use crate::load::prefix::Prefix;
use crate::load::{Pace, table};

/// The smaller the receive buffer, in bytes, the sooner the server holds what is owed.
const SMALL_BUFFER: u32 = 4096;
/// The length of a text, in bytes; the texts of all senders together make up what goes by.
const LONG_TEXT: usize = 4000;
/// Who joins before the sleepers wake.
const WAKER: &str = "waker";

/// Members that never read while others say much. Each must be dropped, and what it reads afterwards must have no gap.
pub(super) async fn sleepers(bed: &mut TestBed, count: usize) -> Result<(), String> {
    let bytes = bed.scaled(256 << 20, 32 << 20) as u64;
    bed.allow(count as u64 * bed.terms.held);
    let address = bed.address();
    let made = many(count, JOINING, |number| async move {
        join(address, &format!("sleeper{number}"), Some(SMALL_BUFFER)).await
    })
    .await;
    let asleep: Vec<_> = made
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("a sleeper cannot join: {error}"))?;

    let others = bed.others(Pace::Window(4), LONG_TEXT).await?;
    let begin = Instant::now();
    while others.heard() * (LONG_TEXT as u64) < bytes && !others.are_silent() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = begin.elapsed().as_secs_f64();
    let said = others.heard() * LONG_TEXT as u64;
    bed.figure(format!("{} went by in {took:.1} s", table::mebibytes(said)));
    bed.rest(others).await?;

    // Who is a member still is told of one more.
    let (_waker, _) = join(address, WAKER, None)
        .await
        .map_err(|error| format!("nobody can join any more: {error}"))?;
    let (mut dropped, mut received) = (0, 0);
    for (stream, first) in asleep {
        let woken = awake(stream, &first).await;
        received += woken.bytes;
        dropped += usize::from(woken.dropped);
        if let Some(gap) = woken.gap {
            bed.faults
                .push(format!("a sleeper sees a gap (FLOW-4): {gap}"));
        }
    }
    bed.figure(format!(
        "{dropped} of {count} dropped, each after {} KiB of what it was owed",
        received / count.max(1) as u64 / 1024
    ));
    if dropped < count {
        bed.faults.push(format!(
            "{} of {count} members that never read were not dropped (FLOW-3)",
            count - dropped
        ));
    }
    Ok(())
}

/// What a sleeper finds.
struct Woken {
    bytes: u64,
    /// The connection has ended without a goodbye.
    dropped: bool,
    gap: Option<String>,
}

/// Reads what there is, to the end.
async fn awake(mut stream: TcpStream, first: &[u8]) -> Woken {
    let mut prefix = Prefix::new(TAG, LONG_TEXT, SENDERS, &format!("* joined {WAKER}"));
    prefix.feed(first);
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = first.len() as u64;
    let mut ended = false;
    while !ended && !prefix.is_complete() {
        match timeout(PATIENCE, stream.read(&mut buffer)).await {
            // Nothing comes, and no end.
            Err(_) => break,
            Ok(Ok(0) | Err(_)) => ended = true,
            Ok(Ok(length)) => {
                prefix.feed(&buffer[..length]);
                bytes += length as u64;
            }
        }
    }
    Woken {
        bytes,
        dropped: ended && !prefix.goodbye(),
        gap: prefix.gap(),
    }
}

/// Members whose machines are gone without a word. To lose every packet takes a firewall; what one machine can imitate is a
/// machine that has lost its power and is on again: nothing is said at the end, and later packets are answered by a reset.
/// Even that needs a special right (TCP_REPAIR). Without it, the members are silent and take nothing, and are reset at last.
pub(super) async fn vanished(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(200, 50);
    bed.allow(count as u64 * CONNECTION);
    let others = bed.others(TALK, SIZE).await?;
    let address = bed.address();
    let made = many(count, JOINING, |number| async move {
        join(address, &format!("v{number}"), Some(SMALL_BUFFER)).await
    })
    .await;
    let members: Vec<_> = made
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("a member cannot join: {error}"))?;
    let (mut observer, _) = join(address, "observer", None)
        .await
        .map_err(|error| format!("the observer cannot join: {error}"))?;

    let silently = members.iter().all(|(stream, _)| fall_silent(stream));
    if silently {
        drop(members);
        bed.figure(format!("{count} members gone without FIN or RST"));
    } else {
        tokio::time::sleep(Duration::from_secs(2)).await;
        members.into_iter().for_each(|(stream, _)| reset(stream));
        bed.figure(format!(
            "{count} members silent for 2 s, then reset (to vanish takes CAP_NET_ADMIN)"
        ));
    }
    let begin = Instant::now();
    let left = count_left(&mut observer, count).await;
    let took = table::milliseconds(begin.elapsed().as_secs_f64() * 1e3);
    bed.figure(format!("{left} noticed within {took}"));
    if left < count {
        bed.faults
            .push(format!("{} members never left (LEAVE-1)", count - left));
    }
    bed.rest(others).await?;
    Ok(())
}

/// From now on the system sends nothing for this connection, not even its end; false when that is not allowed.
#[cfg(target_os = "linux")]
fn fall_silent(stream: &TcpStream) -> bool {
    use nix::sys::socket::{setsockopt, sockopt::TcpRepair};
    setsockopt(stream, TcpRepair, &1).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn fall_silent(_stream: &TcpStream) -> bool {
    false
}

/// Counts the notices that a vanished member has left, until all have come or none comes for long.
async fn count_left(observer: &mut TcpStream, count: usize) -> usize {
    let mut left = 0;
    let mut rest = Vec::new();
    while left < count {
        match timeout(PATIENCE, observer.read_buf(&mut rest)).await {
            Ok(Ok(1..)) => {}
            _ => break,
        }
        let end = memchr::memrchr(b'\n', &rest).map_or(0, |last| last + 1);
        let lines = rest[..end].split(|byte| *byte == b'\n');
        left += lines.filter(|line| line.starts_with(b"* left v")).count();
        rest.drain(..end);
    }
    left
}
