//! One member: its connection, which receives, and sends if the member is a sender.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::OwnedSemaphorePermit;

use super::checker::OBSERVER;
use super::shared::Shared;
use crate::line_splitter::LineSplitter;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a member that was dropped before its welcome waits before it tries again.
const RETRY_DELAY: Duration = Duration::from_millis(50);
/// The size that a sender with many due messages fills before it writes, in bytes.
const BATCH: usize = 64 * 1024;

/// Joins, then sends and receives until the connection ends. Releases `permit` once the member is welcome.
pub(super) async fn run_member(
    shared: Rc<Shared>,
    member: usize,
    address: SocketAddr,
    permit: OwnedSemaphorePermit,
) {
    let mut permit = Some(permit);
    let reason = loop {
        let reason = run_connection(&shared, member, address, &mut permit).await;
        if shared.checker.borrow().welcomed[member] || !shared.plan.retry_joins {
            break reason;
        }
        shared.checker.borrow_mut().join_retries += 1;
        tokio::time::sleep(RETRY_DELAY).await;
    };
    shared.checker.borrow_mut().disconnect(member, reason);
}

/// Runs one connection. Returns why it ended.
async fn run_connection(
    shared: &Shared,
    member: usize,
    address: SocketAddr,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> String {
    match connect(shared, member, address).await {
        Ok((reader, mut writer)) => {
            let sends = member != OBSERVER && member <= shared.plan.senders;
            tokio::select! {
                reason = receive(shared, member, reader, permit) => reason,
                reason = send(shared, member, &mut writer), if sends => reason,
            }
        }
        Err(error) => format!("cannot connect: {error}"),
    }
}

async fn connect(
    shared: &Shared,
    member: usize,
    address: SocketAddr,
) -> io::Result<(OwnedReadHalf, OwnedWriteHalf)> {
    let stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let line = format!("{}\n", shared.format.nickname(member));
    writer.write_all(line.as_bytes()).await?;
    Ok((reader, writer))
}

/// Receives until the connection ends. Returns why it ended.
async fn receive(
    shared: &Shared,
    member: usize,
    mut reader: OwnedReadHalf,
    permit: &mut Option<OwnedSemaphorePermit>,
) -> String {
    let mut splitter = LineSplitter::default();
    loop {
        let read = poll_fn(|context| {
            let mut buffer = shared.buffer.borrow_mut();
            let mut into = ReadBuf::new(&mut buffer);
            match Pin::new(&mut reader).poll_read(context, &mut into) {
                Poll::Ready(read) => Poll::Ready(read.map(|()| into.filled().len())),
                Poll::Pending => Poll::Pending,
            }
        });
        // No other task uses the buffer before the next await.
        let length = match read.await {
            Ok(0) => return "the server closed the connection".to_owned(),
            Ok(length) => length,
            Err(error) => return format!("the connection broke: {error}"),
        };
        let now = shared.now();
        {
            let buffer = shared.buffer.borrow();
            let mut checker = shared.checker.borrow_mut();
            splitter.feed(&buffer[..length], |line| {
                checker.receive(&shared.format, member, line, now);
            });
        }
        if permit.is_some() && shared.checker.borrow().welcomed[member] {
            permit.take();
        }
        if member == OBSERVER && shared.sending.get() {
            shared.fill_windows(now);
        }
    }
}

/// Sends due messages until the connection fails. Returns why it failed.
async fn send(shared: &Shared, member: usize, writer: &mut OwnedWriteHalf) -> String {
    let sender = member - 1;
    let mut out = Vec::with_capacity(BATCH);
    let mut number = 0;
    loop {
        let end = shared.checker.borrow().in_flight.next_number(sender);
        while number < end && out.len() < BATCH {
            shared.format.write(number, &mut out);
            number += 1;
        }
        if out.is_empty() {
            shared.due[sender].notified().await;
        } else if let Err(error) = writer.write_all(&out).await {
            return format!("cannot send: {error}");
        }
        out.clear();
    }
}
