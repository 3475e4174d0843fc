//! The wire: bytes, lines, and one connection of a client.
//!
//! It is written independently of `impl/`, so that a mistake in one cannot hide the same mistake in the other.

pub mod breach;
pub mod client_line;
pub mod connection;
pub mod decoder;
pub mod error_code;
mod excerpt;
pub mod line;
pub mod lines;
mod queue;
pub mod server_line;
pub mod stream;
pub mod translator;
mod visible;

pub use breach::{Breach, JudgedLine, Unlawful, judge};
pub use client_line::{ClientLine, Refusal};
pub use connection::{Activity, Connection, End, SendError, refuse_self};
pub use decoder::{Broken, Decoder, Received, judge as judge_line};
pub use error_code::ErrorCode;
pub use excerpt::Excerpt;
pub use line::LONGEST_CLIENT_LINE;
pub use lines::{Lines, SentLines};
pub use server_line::{Code, Event, ServerLine};
pub use stream::{Ready, Stream};
pub use translator::{Sink, Translator, Write};
pub use visible::Visible;
