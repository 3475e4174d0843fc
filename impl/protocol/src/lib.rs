//! The Salotto protocol: turns bytes into lines and lines into values, and back.
//!
//! The server and the client share this crate. It does no I/O and reads no clock, so a test of a rule needs nothing but bytes.
//!
//! # Map
//!
//! Read `decoder` first. The modules are in the order in which a server uses them.
//!
//! | module | contents |
//! | --- | --- |
//! | `decoder` | [`LineDecoder`]: cuts a stream of bytes into lines, in bounded memory |
//! | [`line`](mod@line) | which bytes a line may contain |
//! | `input` | [`Input`]: classifies the lines of clients |
//! | `nickname` | [`Nickname`]: which nicknames are allowed, and which are equal |
//! | `precis` | the Unicode rules for nicknames (RFC 8266) |
//! | `server_line` | [`ServerLine`]: writes and parses the lines of servers |
//! | `code` | [`ErrorCode`]: why a line was refused |
//!
//! # Example
//!
//! ```
//! use salotto_protocol::{Input, LineDecoder, Nickname, ServerLine};
//!
//! let mut decoder = LineDecoder::new(salotto_protocol::MAX_CLIENT_LINE);
//! let mut bytes: &[u8] = b"anna\r\nciao a tu";
//!
//! let line = decoder.next_line(&mut bytes).unwrap().unwrap();
//! assert_eq!(Input::of(line), Input::Text("anna"));
//! let anna = Nickname::parse(line).unwrap();
//! assert!(decoder.next_line(&mut bytes).is_none());
//!
//! bytes = b"tti\n";
//! let text = decoder.next_line(&mut bytes).unwrap().unwrap();
//! let mut out = Vec::new();
//! ServerLine::Message { nick: anna.as_str(), text }.encode(&mut out);
//! assert_eq!(out, b"anna: ciao a tutti\n");
//! ```
#![forbid(unsafe_code)]

mod code;
mod decoder;
mod input;
pub mod line;
mod nickname;
mod precis;
mod server_line;

pub use code::ErrorCode;
pub use decoder::LineDecoder;
pub use input::Input;
pub use line::{LineError, MAX_CLIENT_LINE, MAX_SERVER_LINE};
pub use nickname::{Nickname, NicknameError, NicknameKey};
pub use server_line::ServerLine;

/// The TCP port that servers and clients use by default.
pub const DEFAULT_PORT: u16 = 53000;
