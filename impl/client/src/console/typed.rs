//! What comes from the user.

use super::bell::Bell;
use salotto_protocol::{LineDecoder, LineError, MAX_CLIENT_LINE};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// How much of what was typed waits for the console; beyond that, the input is not read.
const MAX_TYPED: usize = 64;

/// What a user does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// A line, or several that were pasted.
    Line(String),
    /// A line that can be none.
    Refused(LineError),
    /// Ctrl-C at the line editor: leave at once.
    Interrupt,
    /// Nothing more comes.
    End,
}

/// Where what was typed goes.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    typed: SyncSender<Typed>,
    bell: Bell,
}

impl Desk {
    pub(super) fn new(bell: Bell) -> (Self, Receiver<Typed>) {
        let (typed, taken) = sync_channel(MAX_TYPED);
        (Self { typed, bell }, taken)
    }

    /// Waits while the console is behind. Tells whether there still is a console.
    pub(super) fn put(&self, typed: Typed) -> bool {
        let taken = self.typed.send(typed).is_ok();
        self.bell.ring();
        taken
    }
}

/// Reads lines from the standard input, on a thread that ends with the program.
pub(super) fn from_pipe(bell: Bell) -> Receiver<Typed> {
    let (desk, typed) = Desk::new(bell);
    std::thread::spawn(move || read(io::stdin().lock(), &desk));
    typed
}

/// Two slashes stand for one, so a line may be one byte longer than what is sent of it.
const LONGEST: usize = MAX_CLIENT_LINE + 1;

fn read(mut input: impl Read, desk: &Desk) {
    let mut decoder = LineDecoder::new(LONGEST);
    let mut buffer = [0; 8 * 1024];
    let mut unfinished = false;
    loop {
        let count = match input.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => 0,
        };
        // The last line need not end: whoever typed it meant it.
        let mut bytes = match count {
            0 if unfinished => &b"\n"[..],
            _ => &buffer[..count],
        };
        unfinished = bytes.last().is_some_and(|&last| last != b'\n');
        while let Some(line) = decoder.next_line(&mut bytes) {
            let typed = match line {
                Ok(line) => Typed::Line(line.to_owned()),
                Err(error) => Typed::Refused(error),
            };
            if !desk.put(typed) {
                return;
            }
        }
        if count == 0 {
            desk.put(Typed::End);
            return;
        }
    }
}

/// Counts Ctrl-C and SIGTERM.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupts(Arc<AtomicUsize>);

impl Interrupts {
    pub(super) fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

/// From now on Ctrl-C and SIGTERM ring the bell. The second one ends the program at once.
pub(super) fn interrupts(bell: Bell) -> Interrupts {
    let interrupts = Interrupts::default();
    let counted = interrupts.clone();
    // Without a handler the signals end the program, and the server finds out by the end of the connection.
    let _ = ctrlc::set_handler(move || {
        if counted.0.fetch_add(1, Ordering::Relaxed) > 0 {
            std::process::exit(130);
        }
        bell.ring();
    });
    interrupts
}

#[cfg(test)]
mod tests {
    use super::super::bell::bell;
    use super::*;
    use rstest::rstest;

    fn line(text: &str) -> Typed {
        Typed::Line(text.into())
    }

    #[rstest]
    #[case::nothing("", vec![])]
    #[case::lines("uno\r\n\ndue\n", vec![line("uno"), line(""), line("due")])]
    #[case::an_unfinished_line("uno\ndue", vec![line("uno"), line("due")])]
    #[case::a_control_character("a\x1Bb\nuno", vec![Typed::Refused(LineError::Control('\x1B')), line("uno")])]
    fn is_read(#[case] input: &str, #[case] mut expected: Vec<Typed>) {
        expected.push(Typed::End);
        let (desk, typed) = Desk::new(bell().0);
        read(input.as_bytes(), &desk);
        drop(desk);
        assert_eq!(typed.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_line_that_never_ends_takes_no_memory() {
        let (desk, typed) = Desk::new(bell().0);
        let endless = io::repeat(b'x').take(100 * 1024 * 1024);
        read(endless.chain(&b"\nuno\n"[..]), &desk);
        drop(desk);
        let too_long = Typed::Refused(LineError::TooLong { limit: LONGEST });
        assert_eq!(
            typed.iter().collect::<Vec<_>>(),
            [too_long, line("uno"), Typed::End]
        );
    }
}
