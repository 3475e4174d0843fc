//! What must hold, whatever bytes come in: oracles for a fuzzer, which panic when it does not.
//!
//! | module | what it is about |
//! | --- | --- |
//! | [`decoder`] | bytes in pieces of any size, against the rules of chapter 2 applied to the whole |
//! | [`nickname`] | texts, against the rules of chapter 4 |
//! | [`room`] | bytes of several members, against what each of them must be able to conclude |
//!
//! `ci/fuzz` runs them under a coverage-guided fuzzer; its corpus is kept in `corpus/`, one file for each, and `cargo test` replays it.

pub mod decoder;
pub mod nickname;
pub mod room;

/// An oracle: takes any bytes, and panics when something does not hold.
pub type Oracle = fn(&[u8]);

/// Every oracle, with the name of its corpus.
pub const ORACLES: [(&str, Oracle); 3] = [
    ("decoder", decoder::check),
    ("nickname", nickname::check),
    ("room", room::check),
];
