//! The room of a Salotto server: its members, their nicknames, and the order in which things happen.
//!
//! The room is a state machine without sockets, tasks, clocks or locks. Everything that the specification says about members,
//! nicknames, order and notices is decided here, so it can be tested without a network and without waiting.
//!
//! # The interface
//!
//! An input comes in, outputs come out of it in order, through one sink. Time is a parameter.
//!
//! - **Inputs.** [`Room`] has one method for each kind of input: [`arrive`](Room::arrive), [`receive`](Room::receive),
//!   [`leave`](Room::leave), [`advance`](Room::advance) and [`shut_down`](Room::shut_down). When the method returns, the
//!   input has been processed completely.
//! - **Outputs.** Each of these methods passes its [`Output`]s to `out`, one call after another. The order of the calls is
//!   the order of the room's one sequence of events (ORDER-1). Nothing else comes out that could overtake them.
//! - **Time.** The room never reads a clock. A method that depends on the time takes `now`, and `advance` returns the
//!   deadline at which it wants to be called again.
//!
//! The sink is a function, not a queue, because an output borrows: the text of a message is still in the buffer that it was
//! read into, and the nickname belongs to the room. A queue would have to own copies of both. As it is, a message costs no
//! allocation, however many members receive it.
//!
//! ```
//! use salotto_room::{ConnId, Limits, Output, Room};
//! use std::time::{Duration, Instant};
//!
//! let naming_timeout = Duration::from_secs(60);
//! let mut room = Room::new(Limits { capacity: 5, max_naming: 16, naming_timeout });
//! let mut lines = Vec::new();
//! let mut out = |output: Output<'_>| {
//!     if let Output::Reply { line, .. } | Output::Event { line, .. } = output {
//!         lines.push(line.to_string());
//!     }
//! };
//! let (anna, now) = (ConnId(0), Instant::now());
//! room.arrive(anna, now, &mut out);
//! room.receive(anna, Ok("anna"), &mut out);
//! room.receive(anna, Ok("ciao"), &mut out);
//! assert_eq!(lines, ["* welcome anna 0", "* joined anna", "anna: ciao"]);
//! ```
//!
//! # Map
//!
//! Read `room` first.
//!
//! | module | contents |
//! | --- | --- |
//! | `room` | [`Room`]: the state machine |
//! | `output` | [`Output`]: what the room asks its caller to do |
//! | `connection` | [`ConnId`] and [`Status`]: the number and the state of a connection |
//! | `departure` | [`Departure`]: why a connection leaves |
//! | `limits` | [`Limits`]: how many connections a room takes, and how long they may be naming |
#![forbid(unsafe_code)]

mod connection;
mod departure;
mod limits;
mod output;
mod room;

pub use connection::{ConnId, Status};
pub use departure::Departure;
pub use limits::Limits;
pub use output::Output;
pub use room::Room;
