//! Fuzzing oracles: functions that take any bytes, and panic if a rule of the specification is broken.
//!
//! | module | what it checks |
//! | --- | --- |
//! | [`decoder`] | lines cut from bytes in pieces of any size, against the rules of chapter 2 applied to all bytes at once |
//! | [`nickname`] | accepted nicknames, against the rules of chapter 4 |
//! | [`room`] | a room that several connections send bytes to, against what each of them must be able to conclude |
//!
//! `ci/fuzz` runs them under a coverage-guided fuzzer, through the targets in `cargo-fuzz/`. It keeps what it finds in `corpus/`, one
//! file for each oracle, which `cargo test` replays.
#![forbid(unsafe_code)]

pub mod decoder;
pub mod nickname;
pub mod room;

/// A function that takes any bytes, and panics if a rule is broken.
pub type Oracle = fn(&[u8]);

/// Every oracle, with the name of its corpus.
pub const ORACLES: [(&str, Oracle); 3] = [
    ("decoder", decoder::check),
    ("nickname", nickname::check),
    ("room", room::check),
];
