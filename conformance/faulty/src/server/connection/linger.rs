//! The end of a connection: nothing that the client has still sent may destroy the goodbye. (LEAVE-7)

use std::net::Shutdown;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::super::{Fault, Habit, Ways};
use super::Connection;

const MOST: usize = 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(2);
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Ends the own side, and reads and discards until the client ends its side, or for long enough.
pub(super) async fn linger(connection: &Connection, ways: Ways) {
    let begin = Instant::now();
    if ways.keeps(Habit::EndsLate) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    if ways.has(Fault::NoLinger)
        || (ways.has(Fault::NoLingerForTheNameless) && connection.nameless.get())
    {
        return;
    }
    if !ways.has(Fault::NoEndAfterTheGoodbye) {
        // It fails where the connection has ended meanwhile, which reading finds out.
        let _ = SockRef::from(&connection.stream).shutdown(Shutdown::Write);
    }
    let (most, longest) = match ways.fault {
        Some(Fault::LingersForEver) => (usize::MAX, FOR_EVER),
        Some(Fault::LingersWithoutLimit) => (usize::MAX, LONGEST),
        Some(Fault::NoEndAfterTheGoodbye) => (MOST, FOR_EVER),
        _ if ways.keeps(Habit::LingersLong) => (MOST, Duration::from_millis(1900)),
        _ => (MOST, LONGEST),
    };
    let _ = tokio::time::timeout(longest, discard(connection, most)).await;
    if ways.keeps(Habit::LingersLong) {
        tokio::time::sleep(longest.saturating_sub(begin.elapsed())).await;
    }
}

async fn discard(connection: &Connection, most: usize) {
    let mut buffer = vec![0; 64 * 1024];
    let mut read = 0;
    while read < most && connection.stream.readable().await.is_ok() {
        match connection.stream.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => read += length,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
