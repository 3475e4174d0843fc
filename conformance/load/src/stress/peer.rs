//! A connection, and many at a time.

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

/// How long the server may take to do anything for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    timeout(PATIENCE, TcpStream::connect(address)).await?
}

/// So many join at a time: a server may send away who is one naming connection too many, and 16 are not (NAME-5).
pub(super) const JOINING: usize = 12;

/// Connects with a receive buffer of this size in bytes, or less; it joins, and gives what it has received until its welcome.
pub(super) async fn join(
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
        return Err(io::Error::other("it is not welcome"));
    }
    Ok((stream, received))
}

/// Ends the connection with a RST.
pub(super) fn reset(stream: TcpStream) {
    // The only error is that it has ended already.
    let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
}

/// Does `what` for the numbers below `count`, some at a time.
pub(super) async fn many<F, T>(count: usize, at_a_time: usize, what: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + 'static,
    T: 'static,
{
    let turns = Arc::new(Semaphore::new(at_a_time));
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let turn = Arc::clone(&turns).acquire_owned().await;
        let doing = what(number);
        tasks.spawn_local(async move {
            let _turn = turn;
            doing.await
        });
    }
    tasks.join_all().await
}

/// How many of the connections the server has ended by now.
pub(super) fn ended(streams: &[TcpStream]) -> usize {
    streams.iter().filter(|stream| has_ended(stream)).count()
}

fn has_ended(stream: &TcpStream) -> bool {
    let mut scratch = [0; 4096];
    loop {
        match stream.try_read(&mut scratch) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}
