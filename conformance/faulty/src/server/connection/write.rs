//! The writing side: the outbox -> bytes.

use std::io::ErrorKind;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::super::hall::Hall;
use super::super::room::{Input, Why};
use super::super::{Fault, Habit};
use super::Connection;

/// After the end of the connection, a client that reads nothing for so long gets nothing more.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn write(connection: &Connection, hall: &Rc<Hall>) {
    let mut sent = 0;
    while !connection.cut.get() {
        let (over, due) = {
            let outbox = connection.outbox.borrow();
            (outbox.is_over(), outbox.next_due())
        };
        match due {
            None if over => return,
            None => connection.to_write.notified().await,
            Some(due) if due > Instant::now() => tokio::time::sleep_until(due.into()).await,
            Some(_) => {
                hold_on(connection, hall).await;
                let batch = connection.outbox.borrow_mut().take();
                if !send(connection, hall, &batch, &mut sent).await {
                    return;
                }
            }
        }
    }
}

/// Why bytes that are due are not sent at once.
async fn hold_on(connection: &Connection, hall: &Hall) {
    const PAUSE: Duration = Duration::from_millis(5);
    if hall.ways.keeps(Habit::Coalesces) {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    while hall.ways.has(Fault::SleeperBlocksReceivers)
        && hall.has_sleeper(Some(connection.id))
        && !connection.cut.get()
    {
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sends a batch. Gives whether the connection goes on.
async fn send(connection: &Connection, hall: &Rc<Hall>, batch: &[u8], sent: &mut usize) -> bool {
    const SINGLE: usize = 16 * 1024;
    let mut rest = batch;
    let mut since = Instant::now();
    while !rest.is_empty() {
        if connection.cut.get() {
            return false;
        }
        let piece = if hall.ways.keeps(Habit::SingleBytes) && *sent < SINGLE {
            &rest[..1]
        } else {
            rest
        };
        match connection.stream.try_write(piece) {
            Ok(length) => {
                rest = &rest[length..];
                *sent += length;
                connection.outbox.borrow_mut().written(length);
                since = Instant::now();
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                tokio::select! {
                    _ = connection.stream.writable() => {}
                    () = connection.to_write.notified() => {}
                    () = tokio::time::sleep(Duration::from_millis(100)) => {}
                }
                if hall.ways.has(Fault::DropsTheSlow)
                    && since.elapsed() > Duration::from_millis(500)
                {
                    hall.apply(Input::Gone(connection.id, Why::Dropped, false));
                }
                if connection.ended.get() && since.elapsed() > PATIENCE {
                    connection.cut();
                }
            }
            Err(_) => {
                hall.apply(Input::Gone(connection.id, Why::Reset, false));
                connection.cut();
            }
        }
    }
    true
}
