//! How much a client sends, and how it is slowed down. (FLOW-5, FLOW-6)

use std::time::{Duration, Instant};

use crate::server::behaviour::Behaviour;
use crate::server::connection::Connection;
use crate::server::fault::Fault;
use crate::server::habit::Habit;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Meter {
    opened: Instant,
    /// Lines since the connection was opened.
    lines: usize,
    /// The beginning of the current second, and what has been sent in it.
    second: Instant,
    lines_this_second: usize,
    bytes_this_second: usize,
}

impl Meter {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            opened: now,
            lines: 0,
            second: now,
            lines_this_second: 0,
            bytes_this_second: 0,
        }
    }

    /// Counts a line of `bytes` bytes, and waits until it may be processed. Returns whether it is to be processed at all.
    pub(super) async fn admit(
        &mut self,
        bytes: usize,
        connection: &Connection,
        behaviour: Behaviour,
    ) -> bool {
        let exhausted = self.lines_this_second >= 20 || self.bytes_this_second >= 64 * 1024;
        let young = self.opened.elapsed() < SECOND * 5;
        let pause = match behaviour.fault {
            Some(Fault::FiveLinesASecond) => SECOND / 5,
            Some(Fault::TenLinesASecond) => SECOND / 10,
            Some(Fault::EightKibASecond) => SECOND * bytes as u32 / (8 * 1024),
            _ if behaviour.keeps(Habit::ReadsByTheSecond) && young && exhausted => {
                SECOND.saturating_sub(self.second.elapsed())
            }
            _ => Duration::ZERO,
        };
        if !pause.is_zero() {
            connection.sleep(pause).await;
        }
        if behaviour.keeps(Habit::WorksSlowly) && self.lines < 60 {
            connection.sleep(Duration::from_millis(45)).await;
        }
        if self.second.elapsed() >= SECOND {
            (self.lines_this_second, self.bytes_this_second) = (0, 0);
            self.second = Instant::now();
        }
        self.lines += 1;
        self.lines_this_second += 1;
        self.bytes_this_second += bytes;
        match behaviour.fault {
            Some(Fault::FloodDropped) => self.lines_this_second <= 100,
            Some(Fault::FloodOfBytesDropped) => self.bytes_this_second <= 128 * 1024,
            Some(Fault::FloodEnds) if self.lines_this_second >= 200 => {
                connection.close();
                false
            }
            _ => true,
        }
    }
}
