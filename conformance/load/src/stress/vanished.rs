//! Members whose machines disappear without closing their connections.

use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::bystanders::Bystanders;
use super::peer::{PATIENCE, SMALL_BUFFER, join, join_many, reset};
use super::test_bed::TestBed;
use crate::line_splitter::LineSplitter;
use crate::units::duration;

const NICKNAME_PREFIX: &str = "vanished";

/// Imitates machines that lose power and start again: they send nothing at the end, and answer later packets with a reset.
/// (Losing every packet would take a firewall.) This needs the right to set TCP_REPAIR; without it, the members read nothing
/// for a while and then reset their connections.
pub(super) async fn vanished(bed: &mut TestBed) -> Result<(), String> {
    let count = bed.scaled(200, 50);
    bed.allow_connections(count);
    let address = bed.address;
    let bystanders = Bystanders::start(address).await?;
    let members = join_many(address, count, NICKNAME_PREFIX, Some(SMALL_BUFFER)).await?;
    let observer = join(address, "observer").await;
    let mut observer = observer.map_err(|error| format!("the observer cannot join: {error}"))?;

    if members.iter().all(|(stream, _)| silence(stream)) {
        drop(members);
        bed.figure(format!("{count} members vanished without FIN or RST"));
    } else {
        tokio::time::sleep(Duration::from_secs(2)).await;
        members.into_iter().for_each(|(stream, _)| reset(stream));
        bed.figure(format!(
            "{count} members silent for 2 s, then reset (vanishing needs CAP_NET_ADMIN)"
        ));
    }
    let begin = Instant::now();
    let left = count_left(&mut observer, count).await;
    let took = duration(begin.elapsed());
    bed.figure(format!("{left} noticed within {took}"));
    if left < count {
        let unnoticed = count - left;
        bed.fault(format!(
            "vanished members that never left (LEAVE-1): {unnoticed} of {count}"
        ));
    }
    bed.stop_bystanders(bystanders).await
}

/// Makes the system send nothing more for this connection, not even its end. Returns false if that is not permitted.
#[cfg(target_os = "linux")]
fn silence(stream: &TcpStream) -> bool {
    use nix::sys::socket::{setsockopt, sockopt::TcpRepair};
    setsockopt(stream, TcpRepair, &1).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn silence(_stream: &TcpStream) -> bool {
    false
}

/// Counts notices that a vanished member has left, until there are `count` or the server is silent.
async fn count_left(observer: &mut TcpStream, count: usize) -> usize {
    let notice = format!("* left {NICKNAME_PREFIX}");
    let mut left = 0;
    let mut splitter = LineSplitter::default();
    let mut buffer = vec![0; 64 * 1024];
    while left < count {
        let Ok(Ok(length @ 1..)) = timeout(PATIENCE, observer.read(&mut buffer)).await else {
            break;
        };
        splitter.feed(&buffer[..length], |line| {
            left += usize::from(line.starts_with(notice.as_bytes()));
        });
    }
    left
}
