//! The room of a Salotto server: who is in it, under which name, and what happens in which order.
#![forbid(unsafe_code)]

mod room;

pub use room::{ConnId, Departure, Output, Room, Standing};
