//! The end of a connection: what the client still sends must not destroy the goodbye. (LEAVE-7)

use std::net::Shutdown;
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::time::{sleep, timeout};

use crate::server::behaviour::Behaviour;
use crate::server::connection::Connection;
use crate::server::fault::Fault;
use crate::server::habit::Habit;

const MAX_BYTES: usize = 1024 * 1024;
const MAX_TIME: Duration = Duration::from_secs(2);
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Shuts down the sending side, then reads and discards until the client ends its side, within limits.
pub(super) async fn linger(connection: &Connection, behaviour: Behaviour) {
    let begin = Instant::now();
    if behaviour.keeps(Habit::EndsLate) {
        sleep(Duration::from_millis(100)).await;
    }
    if behaviour.has(Fault::NoLinger)
        || (behaviour.has(Fault::NoLingerForTheNameless) && connection.nameless.get())
    {
        return;
    }
    if !behaviour.has(Fault::NoEndAfterTheGoodbye) {
        // If this fails, the connection has ended already, and reading will show it.
        let _ = SockRef::from(&connection.stream).shutdown(Shutdown::Write);
    }
    let (max_bytes, max_time) = match behaviour.fault {
        Some(Fault::LingersForEver) => (usize::MAX, FOR_EVER),
        Some(Fault::LingersWithoutLimit) => (usize::MAX, MAX_TIME),
        Some(Fault::NoEndAfterTheGoodbye) => (MAX_BYTES, FOR_EVER),
        _ if behaviour.keeps(Habit::LingersLong) => (MAX_BYTES, Duration::from_millis(1900)),
        _ => (MAX_BYTES, MAX_TIME),
    };
    let _ = timeout(max_time, discard(connection, max_bytes)).await;
    if behaviour.keeps(Habit::LingersLong) {
        sleep(max_time.saturating_sub(begin.elapsed())).await;
    }
}

async fn discard(connection: &Connection, max_bytes: usize) {
    let mut buffer = vec![0; 64 * 1024];
    let mut read = 0;
    while read < max_bytes && connection.stream.readable().await.is_ok() {
        match connection.stream.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => read += length,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
