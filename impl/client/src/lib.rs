//! The client of Salotto: one session, and two fronts that carry it.
//!
//! # Map
//!
//! | module | what it is about |
//! | --- | --- |
//! | [`session`] | everything that a client decides: no sockets, no clock, no screen, no words |
//! | [`connection`] | the only place with sockets: a thread that does what the session wants |
//! | [`text`] | what others write, made harmless for a screen |
//! | [`words`] | the session's facts in English and Italian |
//! | [`console`] | the front for a terminal, and for pipes |
//! | [`window`] | the front for a desktop |
//!
//! ```text
//!  user ──► front ──► Session ──► Action ──► Network ──► server
//!  user ◄── front ◄── Session ◄── Event ◄─── Network ◄── server
//! ```
//!
//! A front shows what the session holds and passes on what the user does; neither decides anything, so both behave alike.

pub mod connection;
pub mod console;
pub mod session;
pub mod text;
pub mod window;
pub mod words;
