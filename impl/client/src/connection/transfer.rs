//! Sends and receives on an open connection.

use super::channels::{Actions, EventSender, Permit};
use super::dial::failure_of;
use crate::session::{Action, ConnectionId, Event};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::ReadHalf;

/// The size of a read, in bytes.
const READ_SIZE: usize = 16 * 1024;

/// Sends and receives until the connection ends or the session closes it. Returns the next action, or `None` if the handle
/// has been dropped.
pub(super) async fn transfer<W: Fn()>(
    mut stream: TcpStream,
    id: ConnectionId,
    actions: &mut Actions,
    sender: &EventSender<W>,
) -> Option<Action> {
    let (mut reader, mut writer) = stream.split();
    let mut outgoing = Vec::new();
    // Bytes that the operating system has taken and that have not been reported yet.
    let mut sent = 0;
    loop {
        tokio::select! {
            action = actions.recv() => match action {
                Some(Action::Send { id: to, bytes }) if to == id => outgoing.extend(bytes),
                // For an earlier connection.
                Some(Action::Send { .. }) => {}
                Some(Action::Close { id: of }) if of != id => {}
                closing => {
                    // This fails if the connection has ended already.
                    let _ = writer.shutdown().await;
                    return match closing {
                        Some(Action::Close { .. }) => actions.recv().await,
                        other => other,
                    };
                }
            },
            written = writer.write(&outgoing), if !outgoing.is_empty() => {
                // After a write error there may still be something to read, and the read tells how the connection ended.
                let count = written.unwrap_or(outgoing.len());
                outgoing.drain(..count);
                sent += count;
            }
            permit = sender.reserve(), if sent > 0 => {
                sender.send(permit?, id, Event::Sent(sent));
                sent = 0;
            }
            read = read(&mut reader, sender) => {
                let (permit, read) = read?;
                let event = match read {
                    Ok(bytes) if bytes.is_empty() => Event::Ended,
                    Ok(bytes) => Event::Received(bytes),
                    Err(error) => Event::Failed(failure_of(&error)),
                };
                let ended = !matches!(event, Event::Received(_));
                sender.send(permit, id, event);
                if ended {
                    return actions.recv().await;
                }
            }
        }
    }
}

/// Reads once the event channel has room.
async fn read<'t, W: Fn()>(
    reader: &mut ReadHalf<'_>,
    sender: &'t EventSender<W>,
) -> Option<(Permit<'t>, io::Result<Vec<u8>>)> {
    let permit = sender.reserve().await?;
    let mut bytes = vec![0; READ_SIZE];
    let read = reader.read(&mut bytes).await.map(|count| {
        bytes.truncate(count);
        bytes.shrink_to_fit();
        bytes
    });
    Some((permit, read))
}
