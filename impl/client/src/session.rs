//! Everything that a client decides, as a sans-IO state machine: no sockets, no clock, no screen and no language.
//!
//! An input comes in, outputs come out, and time is a parameter. A *front end* (the window or the console) drives it:
//!
//! ```text
//!    user ── connect, submit_draft, leave … ──►┌─────────┐── state, transcript, members … ──► screen
//!                                              │ Session │
//! network ──────────── handle_event ──────────►│         │─────────── poll_action ──────────► network
//!   clock ─────────── handle_timeout ─────────►└─────────┘─────────── poll_timeout ─────────► clock
//! ```
//!
//! - **Inputs** are method calls. Each one that can have a consequence takes the current time as [`Now`].
//! - **Outputs** are polled. After each input, the front end performs the actions that
//!   [`poll_action`](Session::poll_action) returns until there are none left, and it calls
//!   [`handle_timeout`](Session::handle_timeout) no later than [`poll_timeout`](Session::poll_timeout) says.
//! - **State** can be read at any time. It changes only through inputs.
//!
//! ```
//! use salotto_client::session::{Action, Event, Now, Options, Session, State, Target};
//!
//! let now = Now::read();
//! let mut session = Session::new(Options::default(), 1);
//! session.connect(now, Target { host: "localhost".into(), port: 53000, nick: "anna".into() })?;
//! let Some(Action::Connect { id, .. }) = session.poll_action() else { panic!() };
//! session.handle_event(now, id, Event::Connected);
//! assert!(matches!(session.poll_action(), Some(Action::Send { bytes, .. }) if bytes == b"anna\n"));
//! session.handle_event(now, id, Event::Received(b"* welcome anna 0\n".into()));
//! assert_eq!(session.state(), &State::Joined);
//!
//! session.draft_mut().set("ciao");
//! session.submit_draft(now)?;
//! assert!(matches!(session.poll_action(), Some(Action::Send { bytes, .. }) if bytes == b"ciao\n"));
//! # Ok::<(), salotto_client::session::InputError>(())
//! ```
//!
//! # Bounds
//!
//! Whatever a server sends, the session holds at most one unfinished line, [`MAX_MEMBERS`] nicknames, a transcript of
//! [`MAX_ENTRIES`] entries or [`MAX_ENTRY_BYTES`], and a protocol log of [`MAX_PROTOCOL_LINES`] lines or
//! [`MAX_PROTOCOL_BYTES`]. A line that is too long or not valid text is dropped up to its end and reported as a
//! fault of the server, and the session goes on with the next line.
//!
//! # Map
//!
//! A module uses only modules of the rows above it; this file only re-exports.
//!
//! | module | contents |
//! | --- | --- |
//! | `clock`, `state`, `fault`, `log`, `members`, `unread` | values |
//! | `io`, `entry`, `protocol_log`, `completion` | values made of these: actions and events, the two logs, completion |
//! | `draft`, `here_list` | the text being edited; the `* here` lines after a welcome |
//! | `command` | parses what the user typed; nothing else does |
//! | `reconnect` | decides whether to reconnect, and when |
//! | `machine` | the [`Session`], and how it is read |
//! | `lifecycle` | a connection from the first attempt to its end |
//! | `receive`, `user_input` | what the server says, and what the user does |
//! | `network_input` | events and timeouts |

mod clock;
mod command;
pub(crate) mod completion;
mod draft;
mod entry;
mod fault;
mod here_list;
mod io;
mod lifecycle;
mod log;
mod machine;
mod members;
mod network_input;
mod protocol_log;
mod receive;
mod reconnect;
mod state;
#[cfg(test)]
mod tests;
mod unread;
mod user_input;

pub use clock::Now;
pub use command::InputError;
pub(crate) use command::{Command, Question};
pub use draft::Draft;
pub(crate) use entry::EntryKind;
pub use entry::{Entry, MAX_ENTRIES, MAX_ENTRY_BYTES};
pub(crate) use fault::Fault;
pub use io::{Action, ConnectionId, Event};
pub use log::Log;
pub use machine::{Options, Session};
pub use members::MAX_MEMBERS;
pub(crate) use members::Members;
pub(crate) use protocol_log::Direction;
pub use protocol_log::{MAX_PROTOCOL_BYTES, MAX_PROTOCOL_LINES, ProtocolLine};
pub use state::{End, Failure, Refusal, State, Target};
pub use user_input::{MAX_UNSENT, Submitted};
