//! Dialects: how the same things are said by a server that does not speak Salotto.
//!
//! A dialect is a translator on each connection, between the lines of a scenario and the bytes of the server. What a dialect cannot
//! say is not asked: the scenario does not apply. Salotto is the dialect without a translator.
//!
//! | module | contents |
//! | --- | --- |
//! | `file` | a TOML file -> a dialect, or its mistakes; `keys`: what may stand in a file |
//! | `words` | how each thing is said |
//! | `pattern` | words with places, and what stands in the places |
//! | `known` | what the connections of a scenario know of each other |
//! | `translate` | the translator on one connection: `encode`, `decode`; `speaker`: what it remembers |
//! | `needs`, `lack` | whether a scenario applies, and what the dialect lacks for it |

mod decode;
mod encode;
mod file;
mod keys;
mod known;
mod lack;
mod needs;
mod pattern;
mod speaker;
mod translate;
mod words;

pub use file::{BUILT_IN, DialectError, built_in, from_text, read};
pub use lack::Lack;
pub use needs::lack;
pub use pattern::{Pattern, Place};
pub use words::{Alphabet, Dialect, Framing, Word};

pub(crate) use known::Known;
pub(crate) use speaker::Speaker;
