//! The wire: bytes -> lines, lines -> events, and one client's connection.
//!
//! Written apart from `impl/`: a mistake must not cancel itself out.

pub mod client_line;
pub mod connection;
pub mod decoder;
mod excerpt;
pub mod line;
mod visible;

pub use client_line::{Breach, ClientLine, Unlawful};
pub use connection::{Activity, Connection, End, SendError};
pub use decoder::{Broken, Decoder, Received};
pub use excerpt::Excerpt;
pub use line::Event;
pub use visible::Visible;
