//! Members that never read. The server must drop each of them, and without a gap in what it has sent to them.

use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::bystanders::{Bystanders, NICKNAME_PREFIX, SENDERS};
use super::gap_check::GapCheck;
use super::peer::{PATIENCE, SMALL_BUFFER, join, join_many};
use super::test_bed::TestBed;
use crate::load::Pace;
use crate::load::messages::MessageFormat;
use crate::units::{bytes, duration};

const TEXT_BYTES: usize = 4000;
/// Joins before the slow readers read at last.
const LAST_NEWCOMER: &str = "last";

/// The bystanders send a lot, which `count` members do not read until they are dropped.
pub(super) async fn slow_readers(bed: &mut TestBed, count: usize) -> Result<(), String> {
    let volume = bed.scaled(256 << 20, 32 << 20) as u64;
    bed.allowed_peak += count as u64 * bed.options.held_bytes;
    let address = bed.address;
    let slow_readers = join_many(address, count, "slow", Some(SMALL_BUFFER)).await?;

    let bystanders = Bystanders::start_with(address, Pace::Window(4), TEXT_BYTES).await?;
    let begin = Instant::now();
    let sent = || bystanders.received() * TEXT_BYTES as u64;
    while sent() < volume && !bystanders.have_stopped() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = duration(begin.elapsed());
    bed.figure(format!("{} sent in {took}", bytes(sent())));
    bed.stop_bystanders(bystanders).await?;

    // Every slow reader that is still a member is sent this notice.
    let newcomer = join(address, LAST_NEWCOMER).await;
    let _newcomer = newcomer.map_err(|error| format!("nobody can join any more: {error}"))?;
    let (mut dropped, mut received) = (0, 0);
    for (stream, first_bytes) in slow_readers {
        let reading = read_to_end(stream, &first_bytes).await;
        received += reading.bytes;
        dropped += usize::from(reading.was_dropped);
        if let Some(gap) = reading.gap {
            bed.fault(format!(
                "a slow reader received messages with a gap (FLOW-4): {gap}"
            ));
        }
    }
    let average = bytes(received / count.max(1) as u64);
    bed.figure(format!(
        "{dropped} of {count} dropped, having received {average} on average"
    ));
    if dropped < count {
        let kept = count - dropped;
        bed.fault(format!(
            "slow readers that were not dropped (FLOW-3): {kept} of {count}"
        ));
    }
    Ok(())
}

/// What a slow reader finds when it reads at last.
struct Reading {
    bytes: u64,
    /// The connection ended without a goodbye.
    was_dropped: bool,
    gap: Option<String>,
}

async fn read_to_end(mut stream: TcpStream, first_bytes: &[u8]) -> Reading {
    let format = MessageFormat::new(NICKNAME_PREFIX, TEXT_BYTES);
    let mut check = GapCheck::new(format, SENDERS, format!("* joined {LAST_NEWCOMER}"));
    check.feed(first_bytes);
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = first_bytes.len() as u64;
    let mut ended = false;
    while !ended && !check.is_complete {
        match timeout(PATIENCE, stream.read(&mut buffer)).await {
            Err(_) => break,
            Ok(Ok(0) | Err(_)) => ended = true,
            Ok(Ok(length)) => {
                check.feed(&buffer[..length]);
                bytes += length as u64;
            }
        }
    }
    Reading {
        bytes,
        was_dropped: ended && !check.goodbye,
        gap: check.gap,
    }
}
