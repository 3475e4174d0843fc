//! The translator on one connection: bytes of the server -> lines, and what a scenario sends -> bytes.

use driver::wire::{Received, Sink, Translator, Write};

use super::speaker::Speaker;
use super::words::{Framing, Word};
use super::{decode, encode};

impl Speaker {
    /// Decodes the beginning of a stream without an end of messages.
    fn stream(&mut self, is_settled: bool, out: Sink<'_>) {
        let mut bytes = std::mem::take(&mut self.bytes);
        let rest = decode::stream(self, &bytes, is_settled, out);
        bytes.drain(..bytes.len() - rest);
        self.bytes = bytes;
    }
}

impl Translator for Speaker {
    fn feed(&mut self, bytes: &[u8], out: Sink<'_>) {
        match self.dialect.framing_out {
            Framing::Lf | Framing::CrLf => {
                let mut units = Vec::new();
                self.lines.feed(bytes, |line| units.push(line.to_vec()));
                units.iter().for_each(|unit| decode::unit(self, unit, out));
            }
            Framing::None => {
                self.bytes.extend_from_slice(bytes);
                self.stream(false, out);
            }
            Framing::Be32 | Framing::Dec10 => {
                self.bytes.extend_from_slice(bytes);
                while let Some(unit) = self.unit() {
                    decode::unit(self, &unit, out);
                }
            }
        }
    }

    fn settle(&mut self, out: Sink<'_>) {
        self.stream(true, out);
    }

    fn is_unsettled(&self) -> bool {
        self.dialect.framing_out == Framing::None && !self.bytes.is_empty()
    }

    fn rest(&mut self, out: Sink<'_>) {
        if !self.is_welcomed
            && !self.dialect.has(Word::Welcome)
            && let Some(nick) = self.nick.clone()
        {
            decode::welcome(self, &nick, None, None, out);
        }
    }

    fn end(&mut self, out: Sink<'_>) {
        if self.is_unsettled() {
            self.stream(true, out);
        }
        if self.is_welcomed || self.is_leaving || !self.dialect.closes_after_refusal {
            return;
        }
        if let Some(nick) = self.nick.take() {
            let code = self
                .refusal
                .unwrap_or_else(|| decode::likely_refusal(self, &nick));
            self.known.borrow_mut().forget(&nick);
            out(Some(Received::Line(format!("! {code}"))));
        }
    }

    fn is_paced(&self) -> bool {
        !self.dialect.at_once
    }

    fn partial(&self) -> &[u8] {
        if self.dialect.framing_out.is_line() {
            self.lines.partial()
        } else {
            &self.bytes
        }
    }

    fn encode(&mut self, bytes: &[u8]) -> Vec<Write> {
        encode::writes(self, bytes)
    }

    fn leave(&mut self) {
        self.begin_leaving();
    }
}

#[cfg(test)]
mod tests;
