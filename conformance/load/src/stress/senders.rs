//! Connections that send too much, or nonsense.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::bystanders::Bystanders;
use super::peer::{JOINS_AT_A_TIME, PATIENCE, connect, join, join_many, many};
use super::test_bed::TestBed;
use crate::units::bytes;

/// The size of a write, in bytes.
const CHUNK: usize = 64 * 1024;

/// A member that sends as fast as it can while others chat.
pub(super) async fn flood(bed: &mut TestBed) -> Result<(), String> {
    let seconds = bed.scaled(6, 2) as u64;
    let bystanders = Bystanders::start(bed.address).await?;
    let stream = join(bed.address, "flooder").await;
    let stream = stream.map_err(|error| format!("the flooding member cannot join: {error}"))?;
    let line = [&[b'x'; 63][..], b"\n"].concat();
    let begin = Instant::now();
    let sent = send_repeatedly(stream, line.repeat(CHUNK / line.len()), |_| {
        begin.elapsed() < Duration::from_secs(seconds)
    })
    .await;
    let volume = bytes(sent.bytes);
    bed.figure(format!("{volume} in lines of 64 bytes in {seconds} s"));
    if let Some(error) = sent.error {
        bed.fault(format!("the flooding member was cut off (FLOW-5): {error}"));
    }
    bed.stop_bystanders(bystanders).await
}

/// Lines without end.
pub(super) async fn endless(bed: &mut TestBed) -> Result<(), String> {
    let volume = bed.scaled(256 << 20, 32 << 20);
    send_from_many(bed, 50, volume, |_| vec![b'x'; CHUNK]).await
}

/// Random bytes, the same in every run.
pub(super) async fn noise(bed: &mut TestBed) -> Result<(), String> {
    let volume = bed.scaled(64 << 20, 8 << 20);
    send_from_many(bed, 100, volume, |number| {
        // Not a multiple of the page size, so that reads end anywhere in a line.
        let mut noise = vec![0; CHUNK / 4 - 1];
        fastrand::Rng::with_seed(number as u64).fill(&mut noise);
        noise
    })
    .await
}

/// Sends `volume` bytes, half from members and half from connections without a nickname, which the server may close (NAME-5).
async fn send_from_many(
    bed: &mut TestBed,
    connections: usize,
    volume: usize,
    chunk: impl Fn(usize) -> Vec<u8>,
) -> Result<(), String> {
    let each = (volume / connections) as u64;
    bed.allow_connections(connections);
    let address = bed.address;
    let bystanders = Bystanders::start(address).await?;
    let members = join_many(address, connections / 2, "p", None).await?;
    let unnamed = many(connections / 2, JOINS_AT_A_TIME, |_| connect(address)).await;
    let members = members.into_iter().map(|(stream, _)| (true, stream));
    let unnamed = unnamed.into_iter().flatten().map(|stream| (false, stream));
    let streams = RefCell::new(members.chain(unnamed).collect::<Vec<_>>());
    let count = streams.borrow().len();
    let results = many(count, count, |number| {
        let (stream, chunk) = (streams.borrow_mut().pop(), chunk(number));
        async move {
            let (is_member, stream) = stream?;
            let sent = send_repeatedly(stream, chunk, |sent| sent < each).await;
            Some((is_member, sent))
        }
    })
    .await;
    let total = results.iter().flatten().map(|(_, sent)| sent.bytes).sum();
    bed.figure(format!("{count} connections sent {}", bytes(total)));
    for (is_member, sent) in results.into_iter().flatten() {
        if let (true, Some(error)) = (is_member, sent.error) {
            bed.fault(format!("a member was cut off (CONN-1): {error}"));
        }
    }
    bed.stop_bystanders(bystanders).await
}

struct Sent {
    bytes: u64,
    /// Why no more could be sent.
    error: Option<String>,
}

/// Sends the chunk over and over, as long as `go_on`, which is given the number of bytes sent. Discards what is received.
async fn send_repeatedly(
    stream: TcpStream,
    chunk: Vec<u8>,
    mut go_on: impl FnMut(u64) -> bool,
) -> Sent {
    let (mut reader, mut writer) = stream.into_split();
    let reading = async {
        let mut scratch = vec![0; CHUNK];
        while let Ok(1..) = reader.read(&mut scratch).await {}
        "the server closed the connection".to_owned()
    };
    let mut bytes = 0;
    let writing = async {
        while go_on(bytes) {
            match tokio::time::timeout(PATIENCE, writer.write_all(&chunk)).await {
                Ok(Ok(())) => bytes += chunk.len() as u64,
                Ok(Err(error)) => return Some(error.to_string()),
                Err(_) => {
                    let limit = PATIENCE.as_secs();
                    return Some(format!("the server did not read for {limit} s"));
                }
            }
        }
        None
    };
    let error = tokio::select! {
        error = writing => error,
        error = reading => Some(error),
    };
    Sent { bytes, error }
}
