//! What only faults need to remember of the past.

#[derive(Debug, Default)]
pub(super) struct History {
    /// The last message, as it was sent.
    pub(super) last_message: Option<String>,
    /// The nickname of the member that left last.
    pub(super) last_left: Option<String>,
    /// The nickname of each member that ever joined, as it was spelled, in order.
    pub(super) joined: Vec<String>,
    /// Nicknames that are blocked although no member has them.
    pub(super) blocked: Vec<String>,
    /// Number of seats that are lost for good.
    pub(super) lost_seats: usize,
    /// Number of places for naming connections that are lost for good.
    pub(super) lost_places: usize,
    /// The members that have been dropped.
    pub(super) dropped: Vec<String>,
    /// Number of members that have been reset.
    pub(super) resets: usize,
    /// Number of members that have left.
    pub(super) left: usize,
    /// Number of messages.
    pub(super) messages: usize,
    /// A connection has been reset.
    pub(super) reset: bool,
    /// The reset of a member has been announced.
    pub(super) reset_announced: bool,
    /// The connection that is leaving has not finished its last line.
    pub(super) mid_line: bool,
}

impl History {
    /// How often a member with this nickname has joined.
    pub(super) fn times_joined(&self, nickname: &str) -> usize {
        let same = |name: &&String| name.eq_ignore_ascii_case(nickname);
        self.joined.iter().filter(same).count()
    }
}
