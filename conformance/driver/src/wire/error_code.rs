//! The codes of refusals (chapter 11).

use std::fmt;

/// Why a server refuses a line, in the order of precedence (ERR-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// LINE-8
    LineTooLong,
    /// LINE-10
    NotUtf8,
    /// LINE-11
    ControlCharacter,
    /// MSG-5
    UnknownCommand,
    /// Chapter 4
    NicknameInvalid,
    /// NICK-6
    NicknameTaken,
    /// ROOM-2
    RoomFull,
}

impl ErrorCode {
    /// Every code, in the order of precedence.
    pub const ALL: [Self; 7] = [
        Self::LineTooLong,
        Self::NotUtf8,
        Self::ControlCharacter,
        Self::UnknownCommand,
        Self::NicknameInvalid,
        Self::NicknameTaken,
        Self::RoomFull,
    ];

    /// The code with this spelling.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }

    /// The code as it is sent.
    pub fn as_str(self) -> &'static str {
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
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
