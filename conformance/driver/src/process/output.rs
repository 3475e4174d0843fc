//! The end of the output of a process.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::wire::Visible;

/// The end of the output of a process.
#[derive(Debug, Default)]
pub(super) struct Output(RefCell<VecDeque<u8>>);

/// Number of bytes that are kept.
const KEPT: usize = 16 * 1024;
/// Number of lines that are shown.
pub(super) const SHOWN: usize = 12;

impl Output {
    /// Reads the stream to its end.
    pub(super) async fn drain(self: Rc<Self>, mut stream: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; 8 * 1024];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            let mut kept = self.0.borrow_mut();
            kept.extend(&buffer[..length]);
            let surplus = kept.len().saturating_sub(KEPT);
            kept.drain(..surplus);
        }
    }

    /// The last lines, with control characters made visible.
    pub(super) fn last_lines(&self) -> Vec<String> {
        let bytes: Vec<u8> = self.0.borrow().iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text
            .lines()
            .map(|line| Visible(line.as_bytes()).to_string())
            .collect();
        lines[lines.len().saturating_sub(SHOWN)..].to_vec()
    }
}
