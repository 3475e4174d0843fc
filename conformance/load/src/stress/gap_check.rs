//! Checks what a dropped slow reader had received: the messages from the first one on, without a gap (FLOW-4).

use crate::line_splitter::LineSplitter;
use crate::load::messages::{MessageFormat, Parsed};

/// The messages that one connection received.
#[derive(Debug)]
pub(super) struct GapCheck {
    format: MessageFormat,
    splitter: LineSplitter,
    /// For each sender, the number of its next message.
    next: Vec<u32>,
    /// The first gap.
    pub(super) gap: Option<String>,
    /// Whether the server has said goodbye.
    pub(super) goodbye: bool,
    /// The line that ends the check, and whether it was received.
    last_line: String,
    pub(super) is_complete: bool,
}

impl GapCheck {
    /// Checks the messages of this many senders. `last_line` is one that every connected member receives after them.
    pub(super) fn new(format: MessageFormat, senders: usize, last_line: String) -> Self {
        Self {
            format,
            splitter: LineSplitter::default(),
            next: vec![0; senders],
            gap: None,
            goodbye: false,
            last_line,
            is_complete: false,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.feed(bytes, |line| self.receive(line));
        self.splitter = splitter;
    }

    fn receive(&mut self, line: &[u8]) {
        self.goodbye |= line == b"<quit>";
        self.is_complete |= line == self.last_line.as_bytes();
        let (from, number) = match self.format.parse(line) {
            Parsed::Message { from, number } => (from, number),
            Parsed::Altered => {
                let gap = || "a message was cut or altered".to_owned();
                self.gap.get_or_insert_with(gap);
                return;
            }
            Parsed::Foreign => return,
        };
        let sender = from.checked_sub(1);
        let Some(next) = sender.and_then(|sender| self.next.get_mut(sender)) else {
            return;
        };
        if number != *next && self.gap.is_none() {
            let nickname = self.format.nickname(from);
            self.gap = Some(format!(
                "message {number} of {nickname} arrived instead of message {next}"
            ));
        }
        *next = number + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(numbers: &[u32]) -> GapCheck {
        let format = || MessageFormat::new("t", 40);
        let mut check = GapCheck::new(format(), 1, "* joined z".to_owned());
        for number in numbers {
            let mut line = b"t1: ".to_vec();
            format().write(*number, &mut line);
            check.feed(&line);
        }
        check
    }

    #[test]
    fn the_first_messages_have_no_gap() {
        assert_eq!(received(&[]).gap, None);
        assert_eq!(received(&[0, 1, 2]).gap, None);
        // The last line is incomplete.
        let mut cut = received(&[0]);
        cut.feed(b"t1: 000");
        assert_eq!(cut.gap, None);
    }

    #[test]
    fn a_gap_is_described() {
        let gap = "message 2 of t1 arrived instead of message 1";
        assert_eq!(received(&[0, 2, 3]).gap.as_deref(), Some(gap));
        assert!(received(&[1]).gap.is_some());
        let mut cut = received(&[0]);
        cut.feed(b"t1: 000\n");
        assert!(cut.gap.is_some());
        cut.feed(b"<quit>\n");
        assert!(cut.goodbye && !cut.is_complete);
        cut.feed(b"* joined z\n");
        assert!(cut.is_complete);
    }
}
