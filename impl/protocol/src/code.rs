//! The error codes.

use std::fmt;

/// What was wrong with a refused line: the first word behind `!`, fixed, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The line holds more bytes than a line may.
    LineTooLong,
    /// The line is not UTF-8.
    NotUtf8,
    /// The line holds a control character or a line separator.
    ControlCharacter,
    /// The line has the form of a command, and no such command exists.
    UnknownCommand,
    /// The nickname breaks a rule for nicknames.
    NicknameInvalid,
    /// A member has that nickname, or one that is not told apart from it.
    NicknameTaken,
    /// Every seat is taken; the server says goodbye after it.
    RoomFull,
}

impl ErrorCode {
    /// Every code, in the order in which they take precedence.
    pub const ALL: [Self; 7] = [
        Self::LineTooLong,
        Self::NotUtf8,
        Self::ControlCharacter,
        Self::UnknownCommand,
        Self::NicknameInvalid,
        Self::NicknameTaken,
        Self::RoomFull,
    ];

    /// The code as it stands in a line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LineTooLong => "line-too-long",
            Self::NotUtf8 => "not-utf8",
            Self::ControlCharacter => "control-character",
            Self::UnknownCommand => "unknown-command",
            Self::NicknameInvalid => "nickname-invalid",
            Self::NicknameTaken => "nickname-taken",
            Self::RoomFull => "room-full",
        }
    }

    /// The code that `word` spells, or `None` for one of a later version.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
