//! The error codes.

use std::fmt;

/// Why a line was refused (ERR-1): the first word after `!`, which programs can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The line is too long (LINE-8).
    LineTooLong,
    /// The line is not UTF-8 (LINE-10).
    NotUtf8,
    /// The line contains a control character or a line separator (LINE-11).
    ControlCharacter,
    /// The line has the form of a command, but there is no such command (MSG-5).
    UnknownCommand,
    /// The nickname breaks a rule (NICK-2 to NICK-5, NICK-7).
    NicknameInvalid,
    /// A member has this nickname, or one that is equal to it (NICK-6, NICK-8).
    NicknameTaken,
    /// Every seat is taken (ROOM-2). The server says goodbye next.
    RoomFull,
}

impl ErrorCode {
    /// Every code, in the order of precedence (ERR-2).
    pub const ALL: [Self; 7] = [
        Self::LineTooLong,
        Self::NotUtf8,
        Self::ControlCharacter,
        Self::UnknownCommand,
        Self::NicknameInvalid,
        Self::NicknameTaken,
        Self::RoomFull,
    ];

    /// The code as it is written in a line.
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

    /// Parses a code. `None` if it belongs to a later version.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
