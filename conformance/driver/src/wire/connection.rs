//! One connection of a client. A task reads into an inbox, and the actor writes.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use socket2::SockRef;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::decoder::{Decoder, Received};
use super::queue;
use super::stream::Stream;
use super::translator::{Sink, Translator, Write};

/// How the server ended a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It shut down writing.
    Fin,
    /// It reset the connection, which may have destroyed its last lines.
    Reset,
}

/// Why bytes could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The connection has ended.
    #[error("the connection has ended: {0}")]
    Ended(io::Error),
    /// The server has accepted no byte within the time limit.
    #[error("the server has read nothing for {} s", .0.as_secs())]
    Stuck(Duration),
}

/// An open connection. Dropping it closes it.
#[derive(Debug)]
pub struct Connection {
    stream: Rc<dyn Stream>,
    inbox: Rc<Inbox>,
    reader: JoinHandle<()>,
    half_closed: Cell<bool>,
    /// Its two addresses, where the system knows them.
    ends: Option<(SocketAddr, SocketAddr)>,
}

#[derive(Debug)]
struct Inbox {
    lines: RefCell<VecDeque<Received>>,
    decoder: RefCell<Decoder>,
    /// Decodes in place of `decoder` where the server speaks a dialect.
    translator: Option<RefCell<Box<dyn Translator>>>,
    end: Cell<Option<End>>,
    paused: Cell<bool>,
    /// Arriving lines do not count as progress of the scenario.
    chatter: Cell<bool>,
    resumed: Notify,
    /// Number of empty lines received.
    heartbeats: Cell<usize>,
    opened: Instant,
    activity: Rc<Activity>,
}

/// What happens on the connections of a scenario: it wakes waiting tasks, and remembers the time of the last progress.
#[derive(Debug)]
pub struct Activity {
    changed: Notify,
    progress: Cell<Instant>,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            changed: Notify::new(),
            progress: Cell::new(Instant::now()),
        }
    }
}

impl Activity {
    /// Waits for the next progress.
    pub async fn next(&self) {
        self.changed.notified().await;
    }

    /// Time since the last progress: something arrived, or the suite did something.
    pub fn quiet_for(&self) -> Duration {
        self.progress.get().elapsed()
    }

    /// Records progress, and wakes waiting tasks.
    pub fn progressed(&self) {
        self.progress.set(Instant::now());
        self.changed.notify_waiters();
    }
}

/// Receive buffer and largest segment of an actor that will stop reading, in bytes. With the large segments of the loopback
/// interface the system would grow the server's send buffer to megabytes, and what the actor leaves unread would never reach the
/// server's own queue.
const SMALL_BUFFER: u32 = 4096;
const SMALL_SEGMENT: u32 = 536;

/// Reading stops while this many lines wait for the actor, so that a server that sends without end does not fill the memory.
const MOST_LINES: usize = 100_000;

/// When nothing has come for this time, what a translator could not decode for certain is complete.
pub const SETTLED: Duration = Duration::from_millis(50);

impl Connection {
    /// Opens a connection. Whatever arrives on it is recorded in `activity`. With a translator, the server speaks a dialect.
    ///
    /// # Errors
    /// The system's error, such as that the connection is refused.
    pub async fn open(
        address: SocketAddr,
        small_buffer: bool,
        activity: Rc<Activity>,
        translator: Option<Box<dyn Translator>>,
    ) -> io::Result<Self> {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        if small_buffer {
            socket.set_recv_buffer_size(SMALL_BUFFER)?;
            SockRef::from(&socket).set_tcp_mss(SMALL_SEGMENT)?;
        }
        let stream = refuse_self(socket.connect(address).await?)?;
        stream.set_nodelay(true)?;
        let ends = (stream.local_addr()?, stream.peer_addr()?);
        let mut connection = Self::over(Rc::new(stream), activity, translator);
        connection.ends = Some(ends);
        Ok(connection)
    }

    /// A connection whose bytes a stream carries. Whatever arrives on it is recorded in `activity`.
    pub fn over(
        stream: Rc<dyn Stream>,
        activity: Rc<Activity>,
        translator: Option<Box<dyn Translator>>,
    ) -> Self {
        let inbox = Rc::new(Inbox {
            lines: RefCell::default(),
            decoder: RefCell::default(),
            translator: translator.map(RefCell::new),
            end: Cell::new(None),
            paused: Cell::new(false),
            chatter: Cell::new(false),
            resumed: Notify::new(),
            heartbeats: Cell::new(0),
            opened: Instant::now(),
            activity,
        });
        let reader = tokio::task::spawn_local(read(Rc::clone(&stream), Rc::clone(&inbox)));
        Self {
            stream,
            inbox,
            reader,
            half_closed: Cell::new(false),
            ends: None,
        }
    }

    /// Sends all bytes, in one write if the system accepts them at once. In a dialect, the server has read the write before.
    ///
    /// # Errors
    /// The connection has ended, or the server accepts no byte for `patience`.
    pub async fn send(&self, bytes: &[u8], patience: Duration) -> Result<(), SendError> {
        let Some(translator) = &self.inbox.translator else {
            return self.write(bytes, patience).await;
        };
        let writes = translator.borrow_mut().encode(bytes);
        let is_paced = translator.borrow().is_paced();
        for write in writes {
            if is_paced {
                self.until_read().await;
            }
            match write {
                Write::Bytes(bytes) => self.write(&bytes, patience).await?,
                Write::Fin => self.half_close(),
            }
        }
        Ok(())
    }

    /// Waits until the server has read everything, for a moment at most: it may be one that does not read.
    async fn until_read(&self) {
        const MOST: Duration = Duration::from_millis(250);
        const LOOK: Duration = Duration::from_millis(1);
        const WHERE_UNKNOWN: Duration = Duration::from_millis(30);
        let begin = Instant::now();
        while begin.elapsed() < MOST {
            match self.has_been_read() {
                Some(true) => return,
                Some(false) => tokio::time::sleep(LOOK).await,
                None => return tokio::time::sleep(WHERE_UNKNOWN).await,
            }
        }
    }

    /// Whether the server has read everything that was sent; `None` if that cannot be known.
    pub fn has_been_read(&self) -> Option<bool> {
        let (ours, theirs) = self.ends?;
        queue::has_read(ours, theirs)
    }

    async fn write(&self, mut bytes: &[u8], patience: Duration) -> Result<(), SendError> {
        while !bytes.is_empty() {
            match tokio::time::timeout(patience, self.stream.writable()).await {
                Err(_) => return Err(SendError::Stuck(patience)),
                Ok(Err(error)) => return Err(SendError::Ended(error)),
                Ok(Ok(())) => {}
            }
            match self.stream.try_write(bytes) {
                Ok(sent) => bytes = &bytes[sent..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(SendError::Ended(error)),
            }
        }
        Ok(())
    }

    /// The next line in the inbox.
    pub fn front(&self) -> Option<Received> {
        self.inbox.lines.borrow().front().cloned()
    }

    /// Removes the next line from the inbox.
    pub fn pop(&self) -> Option<Received> {
        let line = self.inbox.lines.borrow_mut().pop_front();
        if self.inbox.lines.borrow().len() < MOST_LINES / 2 {
            self.inbox.resumed.notify_one();
        }
        line
    }

    /// The lines in the inbox.
    pub fn waiting(&self) -> Vec<Received> {
        self.inbox.lines.borrow().iter().cloned().collect()
    }

    /// The bytes that have arrived since the last LF.
    pub fn partial(&self) -> Vec<u8> {
        match &self.inbox.translator {
            Some(translator) => translator.borrow().partial().to_vec(),
            None => self.inbox.decoder.borrow().partial().to_vec(),
        }
    }

    /// The server is at rest, which a dialect may take for a welcome.
    pub fn rest(&self) {
        self.inbox.translate(|translator, out| translator.rest(out));
    }

    /// From now on the server is to end the connection.
    pub fn leave(&self) {
        if let Some(translator) = &self.inbox.translator {
            translator.borrow_mut().leave();
        }
    }

    /// How the server has ended the connection, once it has and the inbox is empty.
    pub fn ended(&self) -> Option<End> {
        self.inbox
            .end
            .get()
            .filter(|_| self.inbox.lines.borrow().is_empty())
    }

    /// Whether more than one empty line a second has come (LINE-6). A few more are tolerated, because clocks differ.
    pub fn is_flooded(&self) -> bool {
        self.inbox.heartbeats.get() as u64 > self.inbox.opened.elapsed().as_secs() + 3
    }

    /// From now on arriving lines do not count as progress: they answer what is sent again and again.
    pub fn expect_chatter(&self) {
        self.inbox.chatter.set(true);
    }

    /// Stops reading, or resumes it.
    pub fn pause(&self, paused: bool) {
        self.inbox.paused.set(paused);
        self.inbox.resumed.notify_one();
    }

    /// Whether the actor has stopped reading.
    pub fn is_paused(&self) -> bool {
        self.inbox.paused.get()
    }

    /// Sends a FIN. Reading goes on.
    pub fn half_close(&self) {
        self.half_closed.set(true);
        self.stream.shut_down_writing();
    }

    /// Whether a FIN was sent.
    pub fn is_half_closed(&self) -> bool {
        self.half_closed.get()
    }

    /// Reads until the end of the connection, for at most `limit`, and shows each line to `look`.
    pub async fn drain(&self, limit: Duration, mut look: impl FnMut(Received)) {
        self.pause(false);
        let begin = Instant::now();
        while self.inbox.end.get().is_none() && begin.elapsed() < limit {
            self.inbox.lines.take().into_iter().for_each(&mut look);
            self.inbox.resumed.notify_one();
            let _ =
                tokio::time::timeout(Duration::from_millis(10), self.inbox.activity.next()).await;
        }
        self.inbox.lines.take().into_iter().for_each(look);
    }

    /// Makes the connection end with a RST when its last owner drops it.
    pub async fn reset(&self) {
        self.stream.reset_when_dropped();
        self.close().await;
    }

    /// Makes the connection end when its last owner drops it, whatever it has not read.
    pub async fn close(&self) {
        self.reader.abort();
        while !self.reader.is_finished() {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// Refuses a connection to itself. When nothing listens on a port of the ephemeral range, the system may choose the same
/// port as the source, and the two ends of one socket are then connected to each other.
///
/// # Errors
/// `ConnectionRefused` for such a connection, or the system's error.
pub fn refuse_self(stream: TcpStream) -> io::Result<TcpStream> {
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    Ok(stream)
}

async fn read(stream: Rc<dyn Stream>, inbox: Rc<Inbox>) {
    let mut buffer = vec![0; 64 * 1024];
    let end = loop {
        while inbox.paused.get() || inbox.lines.borrow().len() >= MOST_LINES {
            inbox.resumed.notified().await;
        }
        if inbox.is_unsettled() {
            let readable = tokio::time::timeout(SETTLED, stream.readable()).await;
            if readable.is_err() {
                inbox.translate(|translator, out| translator.settle(out));
                continue;
            }
        }
        if stream.readable().await.is_err() {
            break End::Reset;
        }
        if inbox.paused.get() {
            continue;
        }
        match stream.try_read(&mut buffer) {
            Ok(0) => break End::Fin,
            Ok(length) => inbox.take(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => break End::Reset,
        }
    };
    inbox.translate(|translator, out| translator.end(out));
    inbox.end.set(Some(end));
    inbox.activity.progressed();
}

impl Inbox {
    fn take(&self, bytes: &[u8]) {
        if self.translator.is_some() {
            return self.translate(|translator, out| translator.feed(bytes, out));
        }
        self.keep(|out| self.decoder.borrow_mut().feed(bytes, out));
    }

    fn is_unsettled(&self) -> bool {
        let translator = self.translator.as_ref();
        translator.is_some_and(|translator| translator.borrow().is_unsettled())
    }

    /// Lets the translator decode, if there is one.
    fn translate(&self, decode: impl FnOnce(&mut dyn Translator, Sink<'_>)) {
        if let Some(translator) = &self.translator {
            self.keep(|out| decode(&mut **translator.borrow_mut(), out));
        }
    }

    /// Keeps the lines that `decode` passes on.
    fn keep(&self, decode: impl FnOnce(&mut dyn FnMut(Option<Received>))) {
        let mut lines = self.lines.borrow_mut();
        let before = lines.len();
        decode(&mut |line| match line {
            Some(line) => lines.push_back(line),
            None => self.heartbeats.set(self.heartbeats.get() + 1),
        });
        if lines.len() > before && !self.chatter.get() {
            self.activity.progressed();
        }
    }
}
