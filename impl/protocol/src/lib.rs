//! The Salotto protocol as values: bytes become lines, lines become what somebody said.
//!
//! Nothing here does I/O, waits or knows the time, so that a server and a client share it and
//! every rule can be tested with a byte string.
//!
//! | module | what it is about |
//! | --- | --- |
//! | [`line`](mod@line) | which bytes make a line that may be passed on |
//! | [`decoder`] | a stream of bytes, cut into lines in bounded memory |
//! | [`input`] | what a line of a client is: a heartbeat, a command, a text |
//! | [`nickname`] | which names are possible, and which two are the same |
//! | [`server_line`] | every line that a server says, written and read |
//! | [`code`] | the error codes |
//!
//! A server uses them from top to bottom:
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

pub mod code;
pub mod decoder;
pub mod input;
pub mod line;
pub mod nickname;
pub mod server_line;

pub use code::ErrorCode;
pub use decoder::LineDecoder;
pub use input::Input;
pub use line::{LineError, MAX_CLIENT_LINE, MAX_SERVER_LINE};
pub use nickname::{Nickname, NicknameError, NicknameKey};
pub use server_line::ServerLine;

/// The TCP port on which people look for a room unless they agreed on another.
pub const DEFAULT_PORT: u16 = 53000;
