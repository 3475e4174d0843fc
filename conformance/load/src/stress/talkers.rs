//! Those who send too much, or nonsense.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::crowds::{SIZE, TALK};
use super::peer::{JOINING, PATIENCE, connect, join, many};
use super::test_bed::{CONNECTION, TestBed};
use crate::load::table::mebibytes;

/// What is written at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// A member that sends as much as it can while others talk.
pub(super) async fn flood(bed: &mut TestBed) -> Result<(), String> {
    let duration = Duration::from_secs(bed.scaled(6, 2) as u64);
    let others = bed.others(TALK, SIZE).await?;
    let (stream, _) = join(bed.address(), "loud", None)
        .await
        .map_err(|error| format!("the loud member cannot join: {error}"))?;
    let line = [&[b'x'; 63][..], b"\n"].concat();
    let begin = Instant::now();
    let sent = pour(stream, line.repeat(CHUNK / line.len()), |_| {
        begin.elapsed() < duration
    })
    .await;
    bed.figure(format!(
        "{} in lines of 64 bytes in {} s",
        mebibytes(sent.bytes),
        duration.as_secs()
    ));
    if let Some(error) = sent.ended {
        bed.faults
            .push(format!("the loud member was cut off (FLOW-5): {error}"));
    }
    bed.rest(others).await?;
    Ok(())
}

/// Lines without end, from members and from the nameless.
pub(super) async fn endless(bed: &mut TestBed) -> Result<(), String> {
    let bytes = bed.scaled(256 << 20, 32 << 20);
    everybody_pours(bed, 50, bytes, |_| vec![b'x'; CHUNK]).await
}

/// Random bytes, from members and from the nameless.
pub(super) async fn noise(bed: &mut TestBed) -> Result<(), String> {
    let bytes = bed.scaled(64 << 20, 8 << 20);
    // The same in every run, and of another length than a page, so that lines are cut everywhere.
    everybody_pours(bed, 100, bytes, |number| {
        random(number as u64 + 1, CHUNK / 4 - 1)
    })
    .await
}

/// Half of the connections are members. A nameless one may be sent away (NAME-5).
async fn everybody_pours(
    bed: &mut TestBed,
    connections: usize,
    bytes: usize,
    what: impl Fn(usize) -> Vec<u8>,
) -> Result<(), String> {
    let each = (bytes / connections) as u64;
    bed.allow(connections as u64 * CONNECTION);
    let others = bed.others(TALK, SIZE).await?;
    let address = bed.address();
    let members = many(connections / 2, JOINING, |number| async move {
        join(address, &format!("p{number}"), None).await
    })
    .await;
    let members: Vec<_> = members
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("a member cannot join: {error}"))?;
    let nameless = many(connections / 2, JOINING, |_| connect(address)).await;
    let members = members.into_iter().map(|(stream, _)| (true, stream));
    let nameless = nameless.into_iter().flatten().map(|stream| (false, stream));
    let streams = RefCell::new(members.chain(nameless).collect::<Vec<_>>());
    let count = streams.borrow().len();
    let sent = many(count, count, |number| {
        let (stream, bytes) = (streams.borrow_mut().pop(), what(number));
        async move {
            let (member, stream) = stream?;
            Some((member, pour(stream, bytes, |sent| sent < each).await))
        }
    })
    .await;
    let total = sent.iter().flatten().map(|(_, sent)| sent.bytes).sum();
    bed.figure(format!("{count} connections sent {}", mebibytes(total)));
    for (_, sent) in sent.into_iter().flatten().filter(|(member, _)| *member) {
        if let Some(error) = sent.ended {
            bed.faults
                .push(format!("a member was cut off (CONN-1): {error}"));
        }
    }
    bed.rest(others).await?;
    Ok(())
}

/// What was sent.
struct Sent {
    bytes: u64,
    /// Why no more could be sent.
    ended: Option<String>,
}

/// Sends the bytes over and over, and throws away what comes.
async fn pour(stream: TcpStream, bytes: Vec<u8>, mut more: impl FnMut(u64) -> bool) -> Sent {
    let (mut reader, mut writer) = stream.into_split();
    let reading = async {
        let mut scratch = vec![0; CHUNK];
        while let Ok(1..) = reader.read(&mut scratch).await {}
        "the server has ended the connection".to_owned()
    };
    let mut sent = 0;
    let writing = async {
        while more(sent) {
            match tokio::time::timeout(PATIENCE, writer.write_all(&bytes)).await {
                Ok(Ok(())) => sent += bytes.len() as u64,
                Ok(Err(error)) => return Some(error.to_string()),
                Err(_) => return Some("the server has not read for 20 s".to_owned()),
            }
        }
        None
    };
    let ended = tokio::select! {
        ended = writing => ended,
        ended = reading => Some(ended),
    };
    Sent { bytes: sent, ended }
}

/// Random bytes that are the same for the same seed, which is not 0 (xorshift64).
fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}
