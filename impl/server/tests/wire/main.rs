//! The server over real sockets: what the room's own tests cannot show.

mod conversation;
mod endings;
mod slow_readers;
#[cfg(test)] // so that its helpers count as tests
mod support;
