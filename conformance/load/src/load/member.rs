//! One member's connection: a task that reads, and for a sender one that writes.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::OwnedSemaphorePermit;

use super::crowd::{Crowd, WITNESS};
use super::lines::Lines;

/// How long a connection may take to be made.
const TO_CONNECT: Duration = Duration::from_secs(20);
/// How long somebody who was sent away waits.
const BEFORE_THE_NEXT_TRY: Duration = Duration::from_millis(50);
/// A sender that may send much writes so many bytes at once.
const BATCH: usize = 64 * 1024;

/// Joins, and receives until the server ends the connection. `turn` is given back once the member is welcome.
pub(super) async fn live(
    crowd: Rc<Crowd>,
    member: usize,
    address: SocketAddr,
    turn: OwnedSemaphorePermit,
) {
    let mut turn = Some(turn);
    let ended = loop {
        let ended = once(&crowd, member, address, &mut turn).await;
        if crowd.books.borrow().is_welcome(member) || !crowd.plan.insistent {
            break ended;
        }
        crowd.books.borrow_mut().sent_away += 1;
        tokio::time::sleep(BEFORE_THE_NEXT_TRY).await;
    };
    crowd.books.borrow_mut().ended(member, ended);
}

/// From one connection's beginning to its end; tells how that came.
async fn once(
    crowd: &Crowd,
    member: usize,
    address: SocketAddr,
    turn: &mut Option<OwnedSemaphorePermit>,
) -> String {
    match enter(crowd, member, address).await {
        Ok((reader, writer)) => {
            let speaks = member != WITNESS && member <= crowd.plan.senders;
            tokio::select! {
                ended = listen(crowd, member, reader, turn) => ended,
                ended = speak(crowd, member, &writer), if speaks => ended,
            }
        }
        Err(error) => format!("it cannot connect: {error}"),
    }
}

async fn enter(
    crowd: &Crowd,
    member: usize,
    address: SocketAddr,
) -> io::Result<(OwnedReadHalf, OwnedWriteHalf)> {
    let stream = tokio::time::timeout(TO_CONNECT, TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let line = format!("{}\n", crowd.texts.nickname(member));
    write(&writer, line.as_bytes()).await?;
    Ok((reader, writer))
}

/// Reads until the end, and tells how that came.
async fn listen(
    crowd: &Crowd,
    member: usize,
    mut reader: OwnedReadHalf,
    turn: &mut Option<OwnedSemaphorePermit>,
) -> String {
    let mut lines = Lines::default();
    loop {
        let read = poll_fn(|context| {
            let mut buffer = crowd.buffer.borrow_mut();
            let mut into = ReadBuf::new(&mut buffer);
            match Pin::new(&mut reader).poll_read(context, &mut into) {
                Poll::Ready(read) => Poll::Ready(read.map(|()| into.filled().len())),
                Poll::Pending => Poll::Pending,
            }
        });
        // Until the next await nobody else uses the buffer.
        let length = match read.await {
            Ok(0) => return "the server has ended its connection".to_owned(),
            Ok(length) => length,
            Err(error) => return format!("its connection broke: {error}"),
        };
        let now = crowd.now();
        {
            let buffer = crowd.buffer.borrow();
            let mut books = crowd.books.borrow_mut();
            lines.feed(&buffer[..length], |line| {
                books.hear(&crowd.texts, member, line, now);
            });
        }
        if turn.is_some() && crowd.books.borrow().is_welcome(member) {
            turn.take();
        }
        if member == WITNESS && crowd.speaking.get() {
            crowd.fill_windows(now);
        }
    }
}

/// Sends what is due, and ends when that is not possible.
async fn speak(crowd: &Crowd, member: usize, writer: &OwnedWriteHalf) -> String {
    let sender = member - 1;
    let mut out = Vec::with_capacity(BATCH);
    let mut number = 0;
    loop {
        let end = crowd.books.borrow().sent.next(sender);
        while number < end && out.len() < BATCH {
            crowd.texts.write(number, &mut out);
            number += 1;
        }
        if out.is_empty() {
            crowd.due[sender].notified().await;
        } else if let Err(error) = write(writer, &out).await {
            return format!("it cannot send: {error}");
        }
        out.clear();
    }
}

async fn write(writer: &OwnedWriteHalf, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match writer.try_write(bytes) {
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => writer.writable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
