//! The client of Salotto: one session, and two front ends that show it.
//!
//! # Map
//!
//! A module uses only modules of the rows above it.
//!
//! | module | contents |
//! | --- | --- |
//! | [`session`] | everything that a client decides, without sockets, clock, screen or language |
//! | `sanitize` | makes text from others safe to display |
//! | `signals` | Ctrl-C and SIGTERM |
//! | `connection` | the network thread: all sockets are here |
//! | [`i18n`] | the facts of the session in English and Italian |
//! | [`console`] | the front end for a terminal or for pipes |
//! | [`window`] | the front end for a desktop |
//!
//! ```text
//!  user ──► front end ──► Session ──► Action ──► Network ──► server
//!  user ◄── front end ◄── Session ◄── Event ◄─── Network ◄── server
//! ```
//!
//! The session decides; the front ends pass on what the user does and show the result, so both behave alike. For example,
//! whether and when to reconnect is decided in `session::reconnect`, and what a typed text means in `session::command`.

#![forbid(unsafe_code)]

mod connection;
pub mod console;
pub mod i18n;
mod sanitize;
pub mod session;
mod signals;
pub mod window;
