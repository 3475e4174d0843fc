//! What the room remembers although it need not: some faults live on it.

#[derive(Debug, Default)]
pub(super) struct Traces {
    /// The last message, as it was sent.
    pub(super) last_message: Option<String>,
    /// Who left last.
    pub(super) last_leaver: Option<String>,
    /// Every nickname that was ever accepted, as it was spelled, once for each visit.
    pub(super) visits: Vec<String>,
    /// Nicknames that nobody has, and that are not free.
    pub(super) kept: Vec<String>,
    /// Seats that nobody sits in, and that are not free.
    pub(super) lost_seats: usize,
    /// How many members have left.
    pub(super) gone: usize,
    /// How many messages were sent.
    pub(super) messages: usize,
    /// Somebody has reset a connection.
    pub(super) reset: bool,
    /// A reset has been announced.
    pub(super) announced: bool,
    /// Who leaves now has not finished its last line.
    pub(super) mid_line: bool,
}

impl Traces {
    /// How often somebody of this nickname has joined.
    pub(super) fn visits_of(&self, nickname: &str) -> usize {
        self.visits
            .iter()
            .filter(|name| name.eq_ignore_ascii_case(nickname))
            .count()
    }
}
