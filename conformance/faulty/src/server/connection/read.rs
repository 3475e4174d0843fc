//! The reading side: bytes -> lines -> the room.

use std::time::{Duration, Instant};

use super::super::decoder::{Decoder, Line};
use super::super::hall::Hall;
use super::super::room::{Input, Why};
use super::super::{Fault, Habit, Ways};
use super::Connection;

/// So long a server that errs waits before it looks whether the client has ended its side.
const GLANCE: Duration = Duration::from_millis(20);

/// How much a connection has sent in the current second, and before.
#[derive(Debug)]
struct Meter {
    opened: Instant,
    second: Instant,
    lines: usize,
    bytes: usize,
    all_lines: usize,
}

pub(super) async fn read(connection: &Connection, hall: &std::rc::Rc<Hall>) {
    let mut decoder = Decoder::new(hall.ways);
    let mut meter = Meter {
        opened: Instant::now(),
        second: Instant::now(),
        lines: 0,
        bytes: 0,
        all_lines: 0,
    };
    let mut buffer = vec![0; 64 * 1024];
    while !connection.ended.get() {
        let (mut lines, mut end) = match receive(connection, &mut buffer).await {
            None => continue,
            Some(Ok(0)) => (Vec::new(), Some(Why::HalfClosed)),
            Some(Ok(length)) => (decoder.feed(&buffer[..length]), None),
            Some(Err(_)) => (Vec::new(), Some(Why::Reset)),
        };
        if hall
            .ways
            .has_any(&[Fault::LastWordsLostAtTheEnd, Fault::HalfCloseForgetsDebts])
            && end.is_none()
        {
            end = glance(connection, &mut decoder, &mut lines, &mut buffer).await;
            if end.is_some() && hall.ways.has(Fault::LastWordsLostAtTheEnd) {
                lines.clear();
            }
        }
        rearrange(hall.ways, &mut lines);
        hall.apply(Input::Together(connection.id, lines.len()));
        for line in lines {
            if !meter
                .admits(hall.ways, connection, line.bytes.len() + 1)
                .await
            {
                continue;
            }
            let empty = line.bytes.is_empty() && !line.too_long;
            let was_naming = hall.is_naming(connection.id);
            connection.crlf.set(line.crlf);
            hall.apply(Input::Line(connection.id, line));
            if hall.ways.has(Fault::NicknameEatsTheRest) && was_naming && !empty {
                break;
            }
        }
        if hall.ways.has(Fault::UnfinishedQuitObeyed)
            && decoder.partial() == b"<quit>"
            && let Some(line) = decoder.unfinished()
        {
            hall.apply(Input::Line(connection.id, line));
        }
        if let Some(why) = end {
            let mid_line = decoder.is_mid_line();
            if let Some(line) = last_line(hall, connection, &mut decoder, why) {
                hall.apply(Input::Line(connection.id, line));
            }
            hall.apply(Input::Gone(connection.id, why, mid_line));
            if hall.ways.has(Fault::HalfCloseIgnored) {
                connection.to_read.notified().await;
            }
        }
        wait_for_sleepers(connection, hall).await;
    }
}

/// What arrives next; None when the room is done with the connection.
async fn receive(connection: &Connection, buffer: &mut [u8]) -> Option<std::io::Result<usize>> {
    tokio::select! {
        () = connection.to_read.notified() => return None,
        ready = connection.stream.readable() => if let Err(error) = ready { return Some(Err(error)) },
    }
    match connection.stream.try_read(buffer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => None,
        read => Some(read),
    }
}

/// Looks, before the lines are processed, whether the client has ended its side meanwhile.
async fn glance(
    connection: &Connection,
    decoder: &mut Decoder,
    lines: &mut Vec<Line>,
    buffer: &mut [u8],
) -> Option<Why> {
    loop {
        tokio::time::sleep(GLANCE).await;
        match connection.stream.try_read(buffer) {
            Ok(0) => return Some(Why::HalfClosed),
            Ok(length) => lines.extend(decoder.feed(&buffer[..length])),
            Err(_) => return None,
        }
    }
}

/// The order of lines that arrived together: their own, but for faults.
fn rearrange(ways: Ways, lines: &mut Vec<Line>) {
    let is_quit = |line: &Line| matches!(line.bytes.as_slice(), b"<quit>" | b"{quit}");
    match ways.fault {
        Some(Fault::QuitOvertakes) => lines.sort_by_key(|line| !is_quit(line)),
        Some(Fault::ProcessesAfterQuit) => lines.sort_by_key(is_quit),
        Some(Fault::RefusalsFirst) => {
            lines.sort_by_key(|line| !matches!(line.bytes.first(), Some(b'<' | b'*')))
        }
        Some(Fault::LastWordLost) => {
            if let Some(at) = lines.iter().position(is_quit).filter(|at| *at > 0) {
                lines.remove(at - 1);
            }
        }
        _ => {}
    }
}

/// What no LF has followed is no line, but for faults.
fn last_line(
    hall: &Hall,
    connection: &Connection,
    decoder: &mut Decoder,
    why: Why,
) -> Option<Line> {
    let naming = hall.is_naming(connection.id);
    let taken = match hall.ways.fault? {
        Fault::UnfinishedMessageSent => why == Why::HalfClosed && !naming,
        Fault::UnfinishedMessageSentAfterAReset => why == Why::Reset && !naming,
        Fault::UnfinishedNicknameTaken => naming,
        _ => false,
    };
    decoder.unfinished().filter(|_| taken)
}

/// A member that does not read is nobody's concern, but for faults.
async fn wait_for_sleepers(connection: &Connection, hall: &Hall) {
    const PAUSE: Duration = Duration::from_millis(5);
    let waits = || match hall.ways.fault {
        Some(Fault::SleeperBlocksSenders) => hall.has_sleeper(None),
        Some(Fault::SleeperIsNotHeard) => connection.outbox.borrow().owed() > 0,
        _ => false,
    };
    while waits() && !connection.ended.get() {
        connection.rest(PAUSE).await;
    }
}

impl Meter {
    /// Lets a line wait for its turn. Gives whether it is to be processed at all.
    async fn admits(&mut self, ways: Ways, connection: &Connection, bytes: usize) -> bool {
        const SECOND: Duration = Duration::from_secs(1);
        let young = self.opened.elapsed() < Duration::from_secs(5);
        if ways.keeps(Habit::ReadsByTheSecond)
            && young
            && (self.lines >= 20 || self.bytes >= 64 * 1024)
        {
            connection
                .rest(SECOND.saturating_sub(self.second.elapsed()))
                .await;
        }
        if ways.keeps(Habit::WorksSlowly) && self.all_lines < 60 {
            connection.rest(Duration::from_millis(45)).await;
        }
        match ways.fault {
            Some(Fault::FiveLinesASecond) => connection.rest(SECOND / 5).await,
            Some(Fault::EightKibASecond) => {
                connection.rest(SECOND * bytes as u32 / (8 * 1024)).await
            }
            _ => {}
        }
        if self.second.elapsed() >= SECOND {
            (self.second, self.lines, self.bytes) = (Instant::now(), 0, 0);
        }
        self.lines += 1;
        self.bytes += bytes;
        self.all_lines += 1;
        match ways.fault {
            Some(Fault::FloodDropped) => self.lines <= 100,
            Some(Fault::FloodOfBytesDropped) => self.bytes <= 128 * 1024,
            Some(Fault::FloodEnds) if self.lines >= 200 => {
                connection.end();
                false
            }
            _ => true,
        }
    }
}
