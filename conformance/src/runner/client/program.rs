//! The running client: its standard input is its user, and its standard output is its screen.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use memchr::memmem;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::ChildStdin;
use tokio::time::timeout;

use driver::process::{Process, StartError};
use driver::wire::Activity;

/// The client's process.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) process: Process,
    /// `None` once the user has left.
    input: Option<ChildStdin>,
    screen: Rc<RefCell<Vec<u8>>>,
    /// The end of what steps have found on the screen, in bytes.
    seen: usize,
}

/// More than any scenario makes a client show, in bytes.
const FLOOD: usize = 8 << 20;

impl Program {
    pub(super) fn start(words: &[String], activity: Rc<Activity>) -> Result<Self, StartError> {
        let (process, input, screen) = Process::start_with_user(words)?;
        let shown = Rc::default();
        tokio::task::spawn_local(watch(screen, Rc::clone(&shown), activity));
        Ok(Self {
            process,
            input: Some(input),
            screen: shown,
            seen: 0,
        })
    }

    /// Types bytes.
    pub(super) async fn type_in(&mut self, bytes: &[u8], patience: Duration) -> Result<(), String> {
        let Some(input) = &mut self.input else {
            return Err("its user has left".to_owned());
        };
        match timeout(patience, input.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("nothing was taken for {} s", patience.as_secs())),
        }
    }

    /// Ends the standard input: the user leaves.
    pub(super) fn end_input(&mut self) {
        self.input = None;
    }

    pub(super) fn has_user(&self) -> bool {
        self.input.is_some()
    }

    /// Whether the text is shown after everything that was found before; if so, it is found.
    pub(super) fn shows(&mut self, text: &[u8]) -> bool {
        let screen = self.screen.borrow();
        match memmem::find(&screen[self.seen..], text) {
            Some(at) => {
                self.seen += at + text.len();
                true
            }
            None => false,
        }
    }

    /// The same, but the text does not count as found.
    pub(super) fn will_show(&self, text: &[u8]) -> bool {
        memmem::find(&self.screen.borrow()[self.seen..], text).is_some()
    }

    /// Whether anything but blanks is shown after everything that was found before; if so, it is found.
    pub(super) fn shows_anything(&mut self) -> bool {
        let screen = self.screen.borrow();
        let found = screen[self.seen..]
            .iter()
            .any(|byte| !byte.is_ascii_whitespace());
        if found {
            self.seen = screen.len();
        }
        found
    }

    /// Whether the text has been shown at any time.
    pub(super) fn has_shown(&self, text: &[u8]) -> bool {
        memmem::find(&self.screen.borrow(), text).is_some()
    }

    /// The end of what was shown after everything that was found, in at most `most` bytes.
    pub(super) fn rest(&self, most: usize) -> Vec<u8> {
        let screen = self.screen.borrow();
        let rest = &screen[self.seen..];
        rest[rest.len().saturating_sub(most)..].to_vec()
    }

    pub(super) fn is_flooding(&self) -> bool {
        self.screen.borrow().len() >= FLOOD
    }
}

async fn watch(
    mut stream: impl AsyncRead + Unpin,
    screen: Rc<RefCell<Vec<u8>>>,
    activity: Rc<Activity>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        screen.borrow_mut().extend_from_slice(&buffer[..length]);
        activity.progressed();
        if screen.borrow().len() >= FLOOD {
            break;
        }
    }
    activity.progressed();
}
