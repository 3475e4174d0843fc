//! The front end for a terminal or for two pipes.
//!
//! Each typed line is sent as a message. Output is one item per line: a message as `anna: ciao`, and everything else after
//! a `*`. The user's own messages are not repeated. No line of the server can look like a notice, because a nickname never
//! starts with a `*`.
//!
//! - Lines typed before the welcome are kept and sent after it, in order.
//! - After the server has refused the nickname, the next line is the next nickname.
//! - Lines that need confirmation are sent if the next line is `/send`, and dropped otherwise.
//! - At the end of the input, the console sends what is left and leaves.
//!
//! A module uses only modules of the rows above it; this file is on top:
//!
//! | module | contents |
//! | --- | --- |
//! | `wake`, `outcome` | how other threads wake the console; the result of a run |
//! | `input_queue` | lines from a thread that reads a pipe or a terminal |
//! | `terminal` | the line editor |
//! | `screen` | the output, to a pipe or above the line editor |
//! | `driver` | the loop that connects the session, the network, the input and the output |

mod driver;
mod input_queue;
mod outcome;
mod screen;
mod terminal;
mod wake;

pub use outcome::Outcome;

use crate::connection::Network;
use crate::i18n::Language;
use crate::session::{self, InputError, Now, Session, Target};
use crate::signals::Signals;
use driver::Driver;
use input_queue::InputQueue;
use screen::Screen;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::time::Duration;
use terminal::Terminal;

/// How long to read on after `<quit>`. The window waits for a shorter time, because a window that does not close annoys.
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);

/// The choices of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The server and the nickname.
    pub target: Target,
    /// Whether to reconnect when the connection is lost.
    pub reconnect: bool,
    /// The language of the notices.
    pub language: Language,
}

/// Why the console could not start.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The nickname must not be sent.
    #[error("the nickname is not valid: {0}")]
    Nickname(#[from] InputError),
    /// A thread or the network runtime could not be created.
    #[error("cannot start: {0}")]
    Start(#[source] io::Error),
}

/// Runs the console until the user has left or the server is gone.
///
/// # Errors
/// If the console cannot start.
pub fn run(options: Options) -> Result<Outcome, ConsoleError> {
    let (waker, wakes) = wake::channel();
    let wake = |waker: &wake::Waker| {
        let waker = waker.clone();
        move || waker.wake()
    };
    let network = Network::start(wake(&waker)).map_err(ConsoleError::Start)?;
    let signals = Signals::default();
    signals.listen(wake(&waker));
    let session_options = session::Options {
        reconnect: options.reconnect,
        quit_timeout: QUIT_TIMEOUT,
    };
    let mut session = Session::new(session_options, RandomState::new().hash_one(0));
    session.connect(Now::read(), options.target)?;

    let (queue, input) = InputQueue::new(waker);
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let screen = if interactive {
        Screen::Terminal(Terminal::open(queue).map_err(ConsoleError::Start)?)
    } else {
        input_queue::read_stdin(queue);
        Screen::Pipe(io::stdout())
    };
    let driver = Driver::new(session, network, options.language, input, screen);
    Ok(driver.run(&wakes, &signals))
}
