//! The reasons for which connections leave.

/// Why a connection leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// The client sent `<quit>` (LEAVE-2).
    Quit,
    /// The client closed its side of the connection (LEAVE-5).
    Ended,
    /// The client did not choose a nickname in time (NAME-6).
    NamingTimeout,
    /// Too many connections were naming already (NAME-5).
    NamingLimit,
    /// Every seat was taken (ROOM-2).
    RoomFull,
    /// The server is shutting down (STOP-1).
    Shutdown,
    /// The connection was reset, or sending failed.
    Lost,
    /// The client did not read what it was sent (FLOW-3).
    NotReading,
}

impl Departure {
    /// Every reason, in the order of declaration.
    pub const ALL: [Self; 8] = [
        Self::Quit,
        Self::Ended,
        Self::NamingTimeout,
        Self::NamingLimit,
        Self::RoomFull,
        Self::Shutdown,
        Self::Lost,
        Self::NotReading,
    ];

    /// Whether the client still receives everything that is queued for it and a goodbye (LEAVE-3). Otherwise its
    /// connection is dropped at once.
    pub const fn is_orderly(self) -> bool {
        !matches!(self, Self::Lost | Self::NotReading)
    }

    /// The reason in one word, for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quit => "quit",
            Self::Ended => "ended",
            Self::NamingTimeout => "naming-timeout",
            Self::NamingLimit => "naming-limit",
            Self::RoomFull => "room-full",
            Self::Shutdown => "shutdown",
            Self::Lost => "lost",
            Self::NotReading => "not-reading",
        }
    }
}
