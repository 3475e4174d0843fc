//! A network with one conformant server in it: every connection has two links of its own.

use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use conformance::runner::{Network, Opening};
use driver::process::Setting;
use driver::wire::{Ready, Stream};
use fastrand::Rng;
use tokio::time::sleep;

use crate::link::Link;
use crate::pipe::Pipe;
use crate::server::Server;

/// Bytes that a connection holds in each direction, as the buffers of a system do.
const BUFFERS: usize = 1024 * 1024;
const SMALL_BUFFERS: usize = 64 * 1024;

/// A network whose delays follow from a seed.
#[derive(Debug)]
pub(crate) struct Simulation {
    rng: Mutex<Rng>,
    /// The longest delay of a link, in milliseconds.
    longest: u64,
    is_shared: bool,
    server: OnceLock<Arc<Server>>,
    /// How many connections have been opened.
    opened: AtomicUsize,
    /// The links in words, one line for each connection.
    links: Mutex<Vec<String>>,
}

impl Simulation {
    /// A network for one scenario, with delays of at most `longest` milliseconds.
    pub(crate) fn new(seed: u64, longest: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        Self {
            longest: rng.choice([30, 300, 1000, 1000]).unwrap_or(0).min(longest),
            rng: Mutex::new(rng),
            is_shared: false,
            server: OnceLock::new(),
            opened: AtomicUsize::new(0),
            links: Mutex::default(),
        }
    }

    /// A network whose server goes on after each scenario.
    pub(crate) fn shared(seed: u64) -> Self {
        Self {
            is_shared: true,
            ..Self::new(seed, 1000)
        }
    }

    /// The delays of all connections since they were asked for last.
    pub(crate) fn take_delays(&self) -> String {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *links).join("\n")
    }

    fn rng(&self) -> MutexGuard<'_, Rng> {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn server(&self, settings: &[(Setting, u64)]) -> &Arc<Server> {
        let value = |wanted| {
            settings
                .iter()
                .find(|(setting, _)| *setting == wanted)
                .map(|(_, value)| *value)
        };
        self.server.get_or_init(|| {
            let capacity = value(Setting::Capacity).and_then(|seats| usize::try_from(seats).ok());
            // A stranger takes a seat, and scenarios need five.
            let capacity = capacity.or(self.is_shared.then_some(6));
            // Some scenarios talk with a connection that is naming for longer than 60 s, the usual limit, when a round trip
            // takes two seconds. A server may choose another limit (NAME-6).
            let timeout = Duration::from_secs(value(Setting::NamingTimeout).unwrap_or(900));
            Arc::new(Server::new(self.rng().fork(), capacity, timeout))
        })
    }
}

impl Network for Simulation {
    fn is_shared(&self) -> bool {
        self.is_shared
    }

    fn open(&self, settings: &[(Setting, u64)], small_buffer: bool) -> Opening<'_> {
        let there = Link::new(self.rng().fork(), self.longest);
        let back = Link::new(self.rng().fork(), self.longest);
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.opened.fetch_add(1, Ordering::Relaxed) + 1;
        links.push(format!(
            "connection {number}: {there} to the server, {back} back"
        ));
        drop(links);
        let server = Arc::clone(self.server(settings));
        let handshake = Duration::from_millis(there.usual() + back.usual());
        let acceptance = Duration::from_millis(self.rng().u64(..=self.longest / 10));
        let buffers = if small_buffer { SMALL_BUFFERS } else { BUFFERS };
        Box::pin(async move {
            sleep(handshake).await;
            let outgoing = Arc::new(Pipe::new(there, BUFFERS));
            let incoming = Arc::new(Pipe::new(back, buffers));
            server.accept(
                number,
                acceptance,
                Arc::clone(&outgoing),
                Arc::clone(&incoming),
            );
            let stream = ClientStream {
                outgoing,
                incoming,
                is_reset: Mutex::new(false),
            };
            Ok(Rc::new(stream) as Rc<dyn Stream>)
        })
    }
}

/// The client's end of a connection.
#[derive(Debug)]
struct ClientStream {
    outgoing: Arc<Pipe>,
    incoming: Arc<Pipe>,
    is_reset: Mutex<bool>,
}

impl Stream for ClientStream {
    fn readable(&self) -> Ready<'_> {
        Box::pin(async {
            self.incoming.readable().await;
            Ok(())
        })
    }

    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.incoming.try_read(buffer)
    }

    fn writable(&self) -> Ready<'_> {
        Box::pin(async {
            self.outgoing.writable().await;
            Ok(())
        })
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.try_write(bytes)
    }

    fn shut_down_writing(&self) {
        self.outgoing.end();
    }

    fn reset_when_dropped(&self) {
        *self.is_reset.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

impl Drop for ClientStream {
    fn drop(&mut self) {
        let is_reset = *self.is_reset.lock().unwrap_or_else(PoisonError::into_inner);
        // A system resets a connection that is closed with unread bytes.
        if is_reset || self.incoming.has_unread() {
            self.outgoing.reset();
        } else {
            self.outgoing.end();
        }
        self.incoming.close();
    }
}
