//! Why a line is refused. (Chapter 11)

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorCode {
    LineTooLong,
    NotUtf8,
    ControlCharacter,
    UnknownCommand,
    NicknameInvalid,
    NicknameTaken,
    RoomFull,
}

impl ErrorCode {
    pub(super) fn as_str(self) -> &'static str {
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
