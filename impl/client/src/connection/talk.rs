//! A connection that is there.

use super::dial::failure_of;
use super::{Commands, Place, Teller};
use crate::session::{Action, ConnectionId, Event};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::ReadHalf;

/// How many bytes are read at a time.
pub(super) const READ_SIZE: usize = 16 * 1024;

/// Sends and receives until the connection is over or not wanted any more; returns the command
/// that comes next, or `None` when none will.
pub(super) async fn talk<W: Fn()>(
    mut stream: TcpStream,
    id: ConnectionId,
    commands: &mut Commands,
    teller: &Teller<W>,
) -> Option<Action> {
    let (mut reader, mut writer) = stream.split();
    let mut outgoing = Vec::new();
    // What the system has taken, and the front does not know yet.
    let mut sent = 0;
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Action::Send { id: to, bytes }) if to == id => outgoing.extend(bytes),
                // Of a connection before this one.
                Some(Action::Send { .. }) => {}
                Some(Action::Close { id: of }) if of != id => {}
                over => {
                    // In order, as far as it goes: the connection may have ended already.
                    let _ = writer.shutdown().await;
                    return match over {
                        Some(Action::Close { .. }) => commands.recv().await,
                        other => other,
                    };
                }
            },
            written = writer.write(&outgoing), if !outgoing.is_empty() => {
                // Who cannot send may still receive: how it ended is found there.
                let count = written.unwrap_or(outgoing.len());
                outgoing.drain(..count);
                sent += count;
            }
            place = teller.place(), if sent > 0 => {
                teller.tell(place?, id, Event::Sent(sent));
                sent = 0;
            }
            read = read(&mut reader, teller) => {
                let (place, read) = read?;
                let event = match read {
                    Ok(bytes) if bytes.is_empty() => Event::Ended,
                    Ok(bytes) => Event::Received(bytes),
                    Err(error) => Event::Failed(failure_of(&error)),
                };
                let over = !matches!(event, Event::Received(_));
                teller.tell(place, id, event);
                if over {
                    return commands.recv().await;
                }
            }
        }
    }
}

/// Reads when the front has room, and not before.
async fn read<'t, W: Fn()>(
    reader: &mut ReadHalf<'_>,
    teller: &'t Teller<W>,
) -> Option<(Place<'t>, io::Result<Vec<u8>>)> {
    let place = teller.place().await?;
    let mut bytes = vec![0; READ_SIZE];
    let read = reader.read(&mut bytes).await.map(|count| {
        bytes.truncate(count);
        bytes.shrink_to_fit();
        bytes
    });
    Some((place, read))
}
