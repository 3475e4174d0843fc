//! The client's connection, from the server's side: a task reads lines and judges each by itself.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use driver::wire::{Activity, End, JudgedLine, Lines, judge};

/// An open connection of a client. Dropping it closes it.
#[derive(Debug)]
pub(super) struct Peer {
    writer: Option<OwnedWriteHalf>,
    inbox: Rc<Inbox>,
    reader: JoinHandle<()>,
}

#[derive(Debug)]
struct Inbox {
    lines: RefCell<VecDeque<JudgedLine>>,
    splitter: RefCell<Lines>,
    end: Cell<Option<End>>,
}

/// How much of a line is kept, in bytes: more than any user of a scenario types.
const LONGEST_KEPT: usize = 1 << 20;

impl Peer {
    pub(super) fn new(stream: TcpStream, activity: Rc<Activity>) -> io::Result<Self> {
        // Pieces of lines must arrive as pieces.
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        let inbox = Rc::new(Inbox {
            lines: RefCell::default(),
            splitter: RefCell::new(Lines::keeping(LONGEST_KEPT)),
            end: Cell::new(None),
        });
        Ok(Self {
            writer: Some(writer),
            reader: tokio::task::spawn_local(Rc::clone(&inbox).fill(reader, activity)),
            inbox,
        })
    }

    /// The next line that no step has asked for.
    pub(super) fn pop(&self) -> Option<JudgedLine> {
        self.inbox.lines.borrow_mut().pop_front()
    }

    /// Bytes that no LF has followed.
    pub(super) fn partial(&self) -> Vec<u8> {
        self.inbox.splitter.borrow().partial().to_vec()
    }

    /// How the client ended the connection, once every line before the end has been taken.
    pub(super) fn ended(&self) -> Option<End> {
        let end = self.inbox.end.get();
        end.filter(|_| self.inbox.lines.borrow().is_empty())
    }

    /// Whether the server's side is still open.
    pub(super) fn is_open(&self) -> bool {
        self.writer.is_some() && self.inbox.end.get().is_none()
    }

    pub(super) async fn send(&mut self, bytes: &[u8], patience: Duration) -> Result<(), String> {
        let Some(writer) = &mut self.writer else {
            return Err("the server has closed the connection".to_owned());
        };
        match timeout(patience, writer.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("nothing was taken for {} s", patience.as_secs())),
        }
    }

    /// Shuts down writing, which dropping the writing half does.
    pub(super) fn close(&mut self) {
        self.writer = None;
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Inbox {
    async fn fill(self: Rc<Self>, mut reader: OwnedReadHalf, activity: Rc<Activity>) {
        let mut buffer = vec![0; 16 * 1024];
        let end = loop {
            match reader.read(&mut buffer).await {
                Ok(0) => break End::Fin,
                Err(_) => break End::Reset,
                Ok(length) => self.take(&buffer[..length]),
            }
            activity.progressed();
        };
        self.end.set(Some(end));
        activity.progressed();
    }

    fn take(&self, bytes: &[u8]) {
        let mut lines = self.lines.borrow_mut();
        let mut splitter = self.splitter.borrow_mut();
        splitter.feed(bytes, |line| lines.push_back(judge(line)));
    }
}
