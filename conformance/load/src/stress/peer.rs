//! Single connections, and many of them at a time.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use driver::wire::Visible;

/// How long the server may take to do anything for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// How many members join at a time. A server may drop connections when more than 16 are choosing a nickname (NAME-5).
pub(super) const JOINS_AT_A_TIME: usize = 12;
/// A small receive buffer, in bytes, so that the server soon has to hold what a member does not read.
pub(super) const SMALL_BUFFER: u32 = 4096;

pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    timeout(PATIENCE, TcpStream::connect(address)).await?
}

pub(super) async fn join(address: SocketAddr, nickname: &str) -> io::Result<TcpStream> {
    let (stream, _) = join_with_buffer(address, nickname, None).await?;
    Ok(stream)
}

/// Joins with a receive buffer of at most `buffer` bytes. Returns the connection and what was received so far.
pub(super) async fn join_with_buffer(
    address: SocketAddr,
    nickname: &str,
    buffer: Option<u32>,
) -> io::Result<(TcpStream, Vec<u8>)> {
    let socket = TcpSocket::new_v4()?;
    if let Some(size) = buffer {
        socket.set_recv_buffer_size(size)?;
    }
    let mut stream = timeout(PATIENCE, socket.connect(address)).await??;
    stream.write_all(format!("{nickname}\n").as_bytes()).await?;
    let mut received = Vec::new();
    while !received.contains(&b'\n') {
        let read = timeout(PATIENCE, stream.read_buf(&mut received)).await??;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    if !received.starts_with(b"* welcome ") {
        let answer = Visible(received.trim_ascii_end());
        return Err(io::Error::other(format!("the server answered `{answer}`")));
    }
    Ok((stream, received))
}

/// Joins as many members, each with a receive buffer of at most `buffer` bytes.
pub(super) async fn join_many(
    address: SocketAddr,
    count: usize,
    nickname_prefix: &'static str,
    buffer: Option<u32>,
) -> Result<Vec<(TcpStream, Vec<u8>)>, String> {
    let joined = many(count, JOINS_AT_A_TIME, |number| async move {
        join_with_buffer(address, &format!("{nickname_prefix}{number}"), buffer).await
    });
    let joined: io::Result<_> = joined.await.into_iter().collect();
    joined.map_err(|error| format!("a member cannot join: {error}"))
}

/// Resets the connection (RST instead of FIN).
pub(super) fn reset(stream: TcpStream) {
    // Fails only if the connection has ended already.
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}

/// Runs `task` for every number below `count`, `at_a_time` of them concurrently.
pub(super) async fn many<F, T>(count: usize, at_a_time: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + 'static,
    T: 'static,
{
    let permits = Arc::new(Semaphore::new(at_a_time));
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let permit = Arc::clone(&permits).acquire_owned().await;
        let task = task(number);
        tasks.spawn_local(async move {
            let _permit = permit;
            task.await
        });
    }
    tasks.join_all().await
}

/// How many of the connections the server has closed.
pub(super) fn count_closed(streams: &[TcpStream]) -> usize {
    streams.iter().filter(|stream| is_closed(stream)).count()
}

fn is_closed(stream: &TcpStream) -> bool {
    let mut scratch = [0; 4096];
    loop {
        match stream.try_read(&mut scratch) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}
