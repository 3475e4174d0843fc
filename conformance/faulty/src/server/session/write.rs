//! The writing side: the outbox -> bytes.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use tokio::time::{sleep, sleep_until};

use crate::server::connection::Connection;
use crate::server::fault::Fault;
use crate::server::habit::Habit;
use crate::server::hub::Hub;
use crate::server::room::Departure;

/// How long a closed connection may take nothing of what is still queued for it (LEAVE-3).
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes until the connection is closed and its outbox is empty.
pub(super) async fn write(connection: &Connection, hub: &Hub) {
    let mut written = 0;
    while !connection.is_dropped() {
        let (done, deadline) = {
            let outbox = connection.outbox.borrow();
            (outbox.is_done(), outbox.deadline())
        };
        match deadline {
            None if done => return,
            None => connection.outbox_changed().await,
            Some(deadline) if deadline > Instant::now() => sleep_until(deadline.into()).await,
            Some(_) => {
                hold_on(connection, hub).await;
                let batch = connection.outbox.borrow_mut().take_due(Instant::now());
                if !send(connection, hub, &batch, &mut written).await {
                    return;
                }
            }
        }
    }
}

/// Does not write at once what is due (only with a habit or a fault).
async fn hold_on(connection: &Connection, hub: &Hub) {
    if hub.behaviour.keeps(Habit::Coalesces) {
        sleep(Duration::from_millis(30)).await;
    }
    while hub.behaviour.has(Fault::SleeperBlocksReceivers)
        && hub.has_slow_reader(Some(connection.id))
        && !connection.is_dropped()
    {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Sends a batch; `written` counts the bytes of the whole connection. Returns whether the connection goes on.
async fn send(connection: &Connection, hub: &Hub, batch: &[u8], written: &mut usize) -> bool {
    const SINGLE: usize = 16 * 1024;
    let mut rest = batch;
    let mut is_repeated = false;
    let mut last_write = Instant::now();
    while !rest.is_empty() {
        if connection.is_dropped() {
            return false;
        }
        let piece = if hub.behaviour.keeps(Habit::SingleBytes) && *written < SINGLE {
            &rest[..1]
        } else {
            rest
        };
        match connection.stream.try_write(piece) {
            Ok(length) => {
                rest = &rest[length..];
                *written += length;
                connection.outbox.borrow_mut().written(length);
                last_write = Instant::now();
                match hub.behaviour.fault {
                    Some(Fault::ShortWritesIgnored) => rest = &[],
                    Some(Fault::ShortWritesRepeated) if !rest.is_empty() && !is_repeated => {
                        (rest, is_repeated) = (batch, true);
                    }
                    _ => {}
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if hub.behaviour.has(Fault::RefusedWritesLost) {
                    connection.outbox.borrow_mut().written(rest.len());
                    return true;
                }
                if hub.behaviour.has(Fault::WritesNotResumed) {
                    connection.outbox_changed().await;
                    continue;
                }
                tokio::select! {
                    _ = connection.stream.writable() => {}
                    () = connection.outbox_changed() => {}
                    () = sleep(Duration::from_millis(100)) => {}
                }
                give_up_on_slow_reader(connection, hub, last_write.elapsed());
            }
            // What the client has sent before may still wait to be read (LEAVE-4). Reading will find the end.
            Err(_) => {
                hub.react_to_failed_send();
                connection.outbox.borrow_mut().silence();
                return false;
            }
        }
    }
    true
}

/// Drops a client that has read nothing for too long.
fn give_up_on_slow_reader(connection: &Connection, hub: &Hub, idle: Duration) {
    if hub.behaviour.has(Fault::DropsTheSlow) && idle > Duration::from_millis(500) {
        hub.leave(connection.id, Departure::NotReading, false);
    }
    if hub.behaviour.has(Fault::DropsAfterFiveSeconds) && idle > Duration::from_secs(5) {
        hub.leave(connection.id, Departure::NotReading, false);
    }
    let patience = match hub.behaviour.fault {
        Some(Fault::LeaversGetFiveSeconds) => PATIENCE / 2,
        _ => PATIENCE,
    };
    if connection.is_closed() && idle > patience {
        connection.drop_now();
    }
}
