//! The reading side: bytes -> lines -> the room.

use std::io::{self, ErrorKind};
use std::time::Duration;

use super::meter::Meter;
use crate::server::behaviour::Behaviour;
use crate::server::connection::Connection;
use crate::server::decoder::{Decoder, Line};
use crate::server::fault::Fault;
use crate::server::hub::Hub;
use crate::server::room::Departure;

const BUFFER: usize = 64 * 1024;

struct Reader<'a> {
    connection: &'a Connection,
    hub: &'a Hub,
    behaviour: Behaviour,
    decoder: Decoder,
    meter: Meter,
    buffer: Vec<u8>,
    /// Lines that wait for the next read (only with a fault).
    held_back: Vec<Line>,
}

/// Reads until the connection is closed.
pub(super) async fn read(connection: &Connection, hub: &Hub) {
    let mut reader = Reader {
        connection,
        hub,
        behaviour: hub.behaviour,
        decoder: Decoder::new(hub.behaviour),
        meter: Meter::new(),
        buffer: vec![0; BUFFER],
        held_back: Vec::new(),
    };
    while !connection.is_closed() {
        if let Some(read) = reader.next_read().await {
            reader.process(read).await;
            reader.wait_for_slow_readers().await;
        }
    }
}

impl Reader<'_> {
    /// Reads once. `None` if the connection has been closed, or there was nothing to read after all.
    async fn next_read(&mut self) -> Option<io::Result<usize>> {
        tokio::select! {
            () = self.connection.closed() => return None,
            ready = self.connection.stream.readable() => if let Err(error) = ready { return Some(Err(error)) },
        }
        match self.connection.stream.try_read(&mut self.buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            read => Some(read),
        }
    }

    async fn process(&mut self, read: io::Result<usize>) {
        let is_full = matches!(read, Ok(4096));
        let (mut lines, mut end) = match read {
            Ok(0) => (Vec::new(), Some(Departure::HalfClosed)),
            Ok(length) => (self.feed(length), None),
            Err(_) => {
                if self.behaviour.has(Fault::SpeakerFollowsAReset) {
                    // It has not looked at this connection yet.
                    self.connection.sleep(Duration::from_millis(30)).await;
                }
                (Vec::new(), Some(Departure::Reset))
            }
        };
        if self.behaviour.has(Fault::FullReadWaits) {
            lines.splice(..0, std::mem::take(&mut self.held_back));
            if is_full {
                self.held_back = std::mem::take(&mut lines);
            }
        }
        let looks_ahead = [
            Fault::LastWordsLostAtTheEnd,
            Fault::LastWordsOfSleepersLost,
            Fault::HalfCloseForgetsDebts,
        ];
        if self.behaviour.has_any(&looks_ahead) && end.is_none() {
            end = self.look_ahead(&mut lines).await;
            let lost = self.behaviour.has(Fault::LastWordsLostAtTheEnd)
                || (self.behaviour.has(Fault::LastWordsOfSleepersLost)
                    && self.connection.outbox.borrow().is_long());
            if end.is_some() && lost {
                lines.clear();
            }
        }
        rearrange(&mut lines, self.behaviour.fault);
        self.receive(lines).await;
        if let Some(departure) = end {
            self.leave(departure).await;
        }
    }

    /// Decodes what has been read.
    fn feed(&mut self, length: usize) -> Vec<Line> {
        let is_shared = self.behaviour.has(Fault::OnePartialForAll);
        if is_shared {
            let mut partial = self.hub.partial.borrow_mut();
            self.decoder.exchange_partial(&mut partial);
        }
        let lines = self.decoder.feed(&self.buffer[..length]);
        if is_shared {
            let mut partial = self.hub.partial.borrow_mut();
            self.decoder.exchange_partial(&mut partial);
        }
        lines
    }

    /// Checks, before lines are processed, whether the client has closed its side meanwhile (only with a fault).
    async fn look_ahead(&mut self, lines: &mut Vec<Line>) -> Option<Departure> {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            match self.connection.stream.try_read(&mut self.buffer) {
                Ok(0) => return Some(Departure::HalfClosed),
                Ok(length) => lines.extend(self.decoder.feed(&self.buffer[..length])),
                Err(_) => return None,
            }
        }
    }

    /// Gives lines that have arrived together to the room, one after the other.
    async fn receive(&mut self, lines: Vec<Line>) {
        let (hub, id) = (self.hub, self.connection.id);
        hub.begin_batch(id, lines.len());
        if self.behaviour.has(Fault::StartBehindNicknameLost)
            && hub.is_naming(id)
            && !lines.is_empty()
        {
            self.decoder.finish_partial();
        }
        for line in lines {
            let bytes = line.bytes.len() + 1;
            let admitted = self.meter.admit(bytes, self.connection, self.behaviour);
            if !admitted.await {
                continue;
            }
            let names = hub.is_naming(id) && !line.is_empty();
            self.connection.crlf.set(line.crlf);
            hub.receive(id, &line);
            if self.behaviour.has(Fault::NicknameEatsTheRest) && names {
                break;
            }
        }
        if self.behaviour.has(Fault::UnfinishedQuitObeyed)
            && self.decoder.partial() == b"<quit>"
            && let Some(line) = self.decoder.finish_partial()
        {
            hub.receive(id, &line);
        }
    }

    /// The stream has ended.
    async fn leave(&mut self, departure: Departure) {
        let (hub, id) = (self.hub, self.connection.id);
        let mid_line = !self.decoder.partial().is_empty();
        let line = self.decoder.finish_partial();
        if let Some(line) = line.filter(|_| self.takes_unfinished_line(departure)) {
            hub.receive(id, &line);
        }
        hub.leave(id, departure, mid_line);
        if self.behaviour.has(Fault::HalfCloseIgnored) {
            self.connection.closed().await;
        }
    }

    /// Whether bytes without LF count as a line: never (LINE-4), unless a fault makes them one.
    fn takes_unfinished_line(&self, departure: Departure) -> bool {
        let naming = self.hub.is_naming(self.connection.id);
        match self.behaviour.fault {
            Some(Fault::UnfinishedMessageSent) => departure == Departure::HalfClosed && !naming,
            Some(Fault::UnfinishedMessageSentAfterAReset) => {
                departure == Departure::Reset && !naming
            }
            Some(Fault::UnfinishedNicknameTaken) => naming,
            _ => false,
        }
    }

    /// Nobody waits for slow readers (FLOW-1), unless a fault makes them.
    async fn wait_for_slow_readers(&self) {
        let waits = || match self.behaviour.fault {
            Some(Fault::SleeperBlocksSenders) => self.hub.has_slow_reader(None),
            Some(Fault::LeaverBlocksSenders) => self.hub.has_slow_leaver(),
            Some(Fault::SleeperIsNotHeard) => self.connection.outbox.borrow().queued() > 0,
            _ => false,
        };
        while waits() && !self.connection.is_closed() {
            self.connection.sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Changes the order of lines that have arrived together, or loses one of them (only with a fault).
fn rearrange(lines: &mut Vec<Line>, fault: Option<Fault>) {
    let is_quit = |line: &Line| matches!(line.bytes.as_slice(), b"<quit>" | b"{quit}");
    match fault {
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
