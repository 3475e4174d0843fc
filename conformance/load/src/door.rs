//! The door of a server: whether it speaks Salotto at all, before anything is measured.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use driver::wire::{Visible, refuse_self};

/// After this time without an answer the caller is told, who can tell the user.
const SILENCE: Duration = Duration::from_secs(1);

/// Why a server cannot be measured: what it did instead of welcoming a member.
#[derive(Debug, thiserror::Error)]
#[error("this is not a Salotto server: {what}; `conformance check` tells more")]
pub struct NotSalotto {
    what: String,
}

impl NotSalotto {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// Enters the room and leaves it again. A refusal, such as that of a full room, is an answer too. `on_silence` is called if there
/// is no answer for a second.
///
/// # Errors
/// The server cannot be reached, does not answer within `limit`, or answers something else.
pub async fn try_door(
    address: SocketAddr,
    limit: Duration,
    on_silence: impl FnOnce(),
) -> Result<(), NotSalotto> {
    let connecting = timeout(limit, TcpStream::connect(address)).await;
    let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let mut stream = stream
        .and_then(refuse_self)
        .map_err(|error| NotSalotto::new(format!("it cannot be reached: {error}")))?;
    let mut received = Vec::new();
    let answered = {
        let mut answer = std::pin::pin!(answer(&mut stream, &mut received));
        match timeout(SILENCE.min(limit), &mut answer).await {
            Ok(answered) => Ok(answered),
            Err(_) => {
                on_silence();
                timeout(limit, answer).await
            }
        }
    };
    match answered {
        Ok(Ok(())) => {}
        Ok(Err(error))
            if matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
            ) =>
        {
            return Err(NotSalotto::new(
                "it closed the connection behind the nickname",
            ));
        }
        Ok(Err(error)) => return Err(NotSalotto::new(format!("the connection failed: {error}"))),
        Err(_) if received.is_empty() => {
            let silence = format!("it did not answer a nickname within {} s", limit.as_secs());
            return Err(NotSalotto::new(silence));
        }
        Err(_) => {}
    }
    let line = first_line(&received);
    if !line.starts_with(b"* welcome ") && !line.starts_with(b"! ") {
        let line = Visible(line);
        return Err(NotSalotto::new(format!(
            "it answered a nickname with `{line}`"
        )));
    }
    // The room is as it was, once the server has said goodbye.
    let _ = timeout(limit, leave(&mut stream)).await;
    Ok(())
}

/// Sends a nickname, and reads up to the end of the first line that is not empty, or until that can be no answer of Salotto.
async fn answer(stream: &mut TcpStream, received: &mut Vec<u8>) -> io::Result<()> {
    let nickname = format!("door-{}\n", std::process::id());
    stream.write_all(nickname.as_bytes()).await?;
    while may_become_answer(received) && !received.trim_ascii_start().contains(&b'\n') {
        if stream.read_buf(received).await? == 0 {
            return match received.is_empty() {
                true => Err(io::ErrorKind::UnexpectedEof.into()),
                false => Ok(()),
            };
        }
    }
    Ok(())
}

/// Whether the first bytes are those of a welcome or of a refusal, as far as they go.
fn may_become_answer(received: &[u8]) -> bool {
    let received = received.trim_ascii_start();
    let begins = |answer: &[u8]| received.iter().zip(answer).all(|(came, due)| came == due);
    begins(b"* welcome ") || begins(b"! ")
}

async fn leave(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(b"<quit>\n").await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

fn first_line(received: &[u8]) -> &[u8] {
    const SHOWN: usize = 80;
    let lines = received.trim_ascii_start();
    let line = lines.split(|byte| *byte == b'\n').next().unwrap_or(lines);
    &line[..line.len().min(SHOWN)]
}
