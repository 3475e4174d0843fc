//! The running client: what its user types, and what it shows.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use memchr::memmem;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::ChildStdin;
use tokio::time::timeout;

use driver::process::{Process, StartError};
use driver::wire::Activity;

/// A client whose standard input is its user's keyboard, and whose standard output is its screen.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) process: Process,
    keyboard: Option<ChildStdin>,
    screen: Rc<RefCell<Vec<u8>>>,
    /// Up to here it has shown what steps have asked for.
    seen: usize,
}

/// No scenario makes a client show so much.
const FLOOD: usize = 8 << 20;

impl Program {
    pub(super) fn start(words: &[String], activity: Rc<Activity>) -> Result<Self, StartError> {
        let (process, keyboard, screen) = Process::start_with_user(words)?;
        let shown = Rc::default();
        tokio::task::spawn_local(watch(screen, Rc::clone(&shown), activity));
        Ok(Self {
            process,
            keyboard: Some(keyboard),
            screen: shown,
            seen: 0,
        })
    }

    /// Types bytes.
    pub(super) async fn type_in(&mut self, bytes: &[u8], patience: Duration) -> Result<(), String> {
        let Some(keyboard) = &mut self.keyboard else {
            return Err("its user has left".to_owned());
        };
        match timeout(patience, keyboard.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("nothing was taken for {} s", patience.as_secs())),
        }
    }

    /// The end of standard input.
    pub(super) fn user_leaves(&mut self) {
        self.keyboard = None;
    }

    pub(super) fn has_user(&self) -> bool {
        self.keyboard.is_some()
    }

    /// Finds the text behind everything that was found before, and goes on behind it.
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

    /// Whether the text stands behind everything that was found before.
    pub(super) fn will_show(&self, text: &[u8]) -> bool {
        memmem::find(&self.screen.borrow()[self.seen..], text).is_some()
    }

    /// Finds anything but blanks behind everything that was found before, and goes on behind it.
    pub(super) fn tells(&mut self) -> bool {
        let screen = self.screen.borrow();
        let told = screen[self.seen..]
            .iter()
            .any(|byte| !byte.is_ascii_whitespace());
        if told {
            self.seen = screen.len();
        }
        told
    }

    /// Everything that it has shown.
    pub(super) fn has_shown(&self, text: &[u8]) -> bool {
        memmem::find(&self.screen.borrow(), text).is_some()
    }

    /// The last of what it has shown behind everything that was found, at most so many bytes.
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
