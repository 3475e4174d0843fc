//! The queue of typed lines, and the thread that reads them from a pipe.

use super::wake::Waker;
use salotto_protocol::{LineDecoder, LineError, MAX_CLIENT_LINE};
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// The capacity of the queue. While it is full, the input is not read.
const CAPACITY: usize = 64;

/// An input of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A line, or several that were pasted.
    Line(String),
    /// A line that is not valid.
    Invalid(LineError),
    /// Ctrl-C in the line editor: leave at once.
    Interrupt,
    /// The input has ended.
    End,
}

/// The sending end of the queue.
#[derive(Debug, Clone)]
pub(super) struct InputQueue {
    inputs: SyncSender<Input>,
    waker: Waker,
}

impl InputQueue {
    pub(super) fn new(waker: Waker) -> (Self, Receiver<Input>) {
        let (inputs, receiver) = sync_channel(CAPACITY);
        (Self { inputs, waker }, receiver)
    }

    /// Adds an input, and blocks while the queue is full. Returns whether the console is still running.
    pub(super) fn push(&self, input: Input) -> bool {
        let is_running = self.inputs.send(input).is_ok();
        self.waker.wake();
        is_running
    }
}

/// Starts a thread that reads lines from standard input. It ends with the process.
pub(super) fn read_stdin(queue: InputQueue) {
    std::thread::spawn(move || read(io::stdin().lock(), &queue));
}

/// One more than a line has when it is sent, because only one of two leading slashes is sent.
const MAX_TYPED_LINE: usize = MAX_CLIENT_LINE + 1;

fn read(mut input: impl Read, queue: &InputQueue) {
    let mut decoder = LineDecoder::new(MAX_TYPED_LINE);
    let mut buffer = [0; 8 * 1024];
    let mut unfinished = false;
    loop {
        let count = match input.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => 0,
        };
        // The last line counts even without a line end.
        let mut bytes = match count {
            0 if unfinished => &b"\n"[..],
            _ => &buffer[..count],
        };
        unfinished = bytes.last().is_some_and(|&last| last != b'\n');
        while let Some(line) = decoder.next_line(&mut bytes) {
            let input = match line {
                Ok(line) => Input::Line(line.to_owned()),
                Err(error) => Input::Invalid(error),
            };
            if !queue.push(input) {
                return;
            }
        }
        if count == 0 {
            queue.push(Input::End);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wake;
    use super::*;
    use rstest::rstest;

    fn line(text: &str) -> Input {
        Input::Line(text.into())
    }

    #[rstest]
    #[case::nothing("", vec![])]
    #[case::lines("uno\r\n\ndue\n", vec![line("uno"), line(""), line("due")])]
    #[case::an_unfinished_line("uno\ndue", vec![line("uno"), line("due")])]
    #[case::a_control_character("a\x1Bb\nuno", vec![Input::Invalid(LineError::Control('\x1B')), line("uno")])]
    fn lines_are_read(#[case] input: &str, #[case] mut expected: Vec<Input>) {
        expected.push(Input::End);
        let (queue, receiver) = InputQueue::new(wake::channel().0);
        read(input.as_bytes(), &queue);
        drop(queue);
        assert_eq!(receiver.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_endless_line_takes_no_memory() {
        let (queue, receiver) = InputQueue::new(wake::channel().0);
        let endless = io::repeat(b'x').take(100 * 1024 * 1024);
        read(endless.chain(&b"\nuno\n"[..]), &queue);
        drop(queue);
        let too_long = Input::Invalid(LineError::TooLong {
            limit: MAX_TYPED_LINE,
        });
        assert_eq!(
            receiver.iter().collect::<Vec<_>>(),
            [too_long, line("uno"), Input::End]
        );
    }
}
