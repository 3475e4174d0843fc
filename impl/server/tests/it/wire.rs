//! The server over real sockets: what the tests of the room cannot show.

mod conversation;
mod endings;
mod slow_readers;
mod support;
