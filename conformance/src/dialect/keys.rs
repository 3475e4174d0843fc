//! What may stand in the file of a dialect.

use driver::wire::ErrorCode;

use super::pattern::Place;
use super::words::Word;

/// What a key takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A number of bytes.
    Bytes,
    /// `true` or `false`.
    Flag,
    /// A pattern, or a list of alternatives.
    Words(Word, &'static [Place]),
}

use Place::{Any, Count, Nick, Nicks, Text};

const FRAMINGS: &[&str] = &["lf", "crlf", "none", "be32", "dec10"];
const REFUSAL: &[Place] = &[Nick, Any];
const NOTICE: &[Place] = &[Nick, Any];

const fn refusal(code: ErrorCode) -> Kind {
    Kind::Words(Word::Refusal(code), REFUSAL)
}

/// Every key with its table, and what it takes.
pub(super) const KEYS: [(&str, &str, Kind); 37] = [
    ("", "name", Kind::Text),
    ("", "base", Kind::Text),
    ("framing", "in", Kind::Choice(FRAMINGS)),
    ("framing", "out", Kind::Choice(FRAMINGS)),
    ("framing", "longest", Kind::Bytes),
    ("framing", "texts", Kind::Choice(&["utf-8", "ascii"])),
    ("framing", "empty-lines", Kind::Choice(&["ignored"])),
    ("framing", "cr", Kind::Choice(&["dropped"])),
    (
        "names",
        "allowed",
        Kind::Choice(&["alphanumeric", "salotto", "any"]),
    ),
    ("names", "longest", Kind::Bytes),
    ("words", "prompt", Kind::Words(Word::Prompt, &[Any])),
    (
        "words",
        "welcome",
        Kind::Words(Word::Welcome, &[Nick, Nicks, Count, Any]),
    ),
    ("words", "here", Kind::Words(Word::Here, NOTICE)),
    ("words", "joined", Kind::Words(Word::Joined, NOTICE)),
    ("words", "left", Kind::Words(Word::Left, NOTICE)),
    ("words", "presence", Kind::Words(Word::Presence, NOTICE)),
    (
        "words",
        "message",
        Kind::Words(Word::Message, &[Nick, Text, Any]),
    ),
    ("words", "say", Kind::Words(Word::Say, &[Nick, Text])),
    ("words", "quit", Kind::Words(Word::Quit, &[])),
    ("words", "goodbye", Kind::Words(Word::Goodbye, NOTICE)),
    ("words", "ignore", Kind::Words(Word::Ignore, NOTICE)),
    ("words", "commands", Kind::Words(Word::Commands, &[Any])),
    ("refusals", "line-too-long", refusal(ErrorCode::LineTooLong)),
    ("refusals", "not-utf8", refusal(ErrorCode::NotUtf8)),
    (
        "refusals",
        "control-character",
        refusal(ErrorCode::ControlCharacter),
    ),
    (
        "refusals",
        "unknown-command",
        refusal(ErrorCode::UnknownCommand),
    ),
    (
        "refusals",
        "nickname-invalid",
        refusal(ErrorCode::NicknameInvalid),
    ),
    (
        "refusals",
        "nickname-taken",
        refusal(ErrorCode::NicknameTaken),
    ),
    ("refusals", "room-full", refusal(ErrorCode::RoomFull)),
    (
        "refusals",
        "nickname",
        Kind::Words(Word::RefusedNickname, REFUSAL),
    ),
    ("refusals", "then", Kind::Choice(&["again", "closed"])),
    ("habits", "echo", Kind::Flag),
    ("habits", "own-joined", Kind::Flag),
    ("habits", "list-self", Kind::Flag),
    ("habits", "history", Kind::Flag),
    ("habits", "goodbye-after-fin", Kind::Flag),
    ("habits", "at-once", Kind::Flag),
];

/// What each word must have, so that it tells something.
pub(super) fn required(word: Word) -> &'static [Place] {
    match word {
        Word::Message => &[Nick, Text],
        Word::Say => &[Text],
        Word::Joined | Word::Left | Word::Presence | Word::Here => &[Nick],
        _ => &[],
    }
}
