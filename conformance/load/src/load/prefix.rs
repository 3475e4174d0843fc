//! What somebody received who did not read for a while: a beginning of what was said, without a gap (FLOW-4).

use super::lines::Lines;
use super::texts::{Heard, Texts};

/// The messages of a run, as one connection received them, from the first one.
#[derive(Debug)]
pub struct Prefix {
    texts: Texts,
    lines: Lines,
    /// For each sender, the number that its next message must have.
    next: Vec<u32>,
    gap: Option<String>,
    goodbye: bool,
    /// The line behind which nothing is read, and whether it has come.
    last: String,
    complete: bool,
}

impl Prefix {
    /// Nothing yet. The run has this tag, this size and so many senders; `last` is a line that everybody receives who is a
    /// member still.
    pub fn new(tag: &str, size: usize, senders: usize, last: &str) -> Self {
        Self {
            texts: Texts::new(tag, size),
            lines: Lines::default(),
            next: vec![0; senders],
            gap: None,
            goodbye: false,
            last: last.to_owned(),
            complete: false,
        }
    }

    /// Takes bytes in.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Self {
            texts,
            lines,
            next,
            gap,
            goodbye,
            last,
            complete,
        } = self;
        lines.feed(bytes, |line| {
            *goodbye |= line == b"<quit>";
            *complete |= line == last.as_bytes();
            let (from, number) = match texts.read(line) {
                Heard::Message { from, number } => (from, number),
                Heard::Altered => {
                    gap.get_or_insert_with(|| "a message is cut or altered".to_owned());
                    return;
                }
                Heard::Foreign => return,
            };
            let Some(next) = from.checked_sub(1).and_then(|sender| next.get_mut(sender)) else {
                return;
            };
            if number != *next && gap.is_none() {
                *gap = Some(format!(
                    "message {number} of {} comes where {next} is due",
                    texts.nickname(from)
                ));
            }
            *next = number + 1;
        });
    }

    /// The first thing that is missing, if anything is.
    pub fn gap(&self) -> Option<String> {
        self.gap.clone()
    }

    /// Whether the last line has come.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the goodbye has come.
    pub fn goodbye(&self) -> bool {
        self.goodbye
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(numbers: &[u32]) -> Prefix {
        let texts = Texts::new("t", 40);
        let mut prefix = Prefix::new("t", 40, 1, "* joined z");
        for number in numbers {
            let mut line = b"t1: ".to_vec();
            texts.write(*number, &mut line);
            prefix.feed(&line);
        }
        prefix
    }

    #[test]
    fn a_beginning_has_no_gap() {
        assert_eq!(said(&[]).gap(), None);
        assert_eq!(said(&[0, 1, 2]).gap(), None);
        // The last line is not finished.
        let mut cut = said(&[0]);
        cut.feed(b"t1: 000");
        assert_eq!(cut.gap(), None);
    }

    #[test]
    fn what_is_missing_is_told() {
        let told = "message 2 of t1 comes where 1 is due";
        assert_eq!(said(&[0, 2, 3]).gap().as_deref(), Some(told));
        assert!(said(&[1]).gap().is_some());
        let mut cut = said(&[0]);
        cut.feed(b"t1: 000\n");
        assert!(cut.gap().is_some());
        cut.feed(b"<quit>\n");
        assert!(cut.goodbye() && !cut.is_complete());
        cut.feed(b"* joined z\n");
        assert!(cut.is_complete());
    }
}
