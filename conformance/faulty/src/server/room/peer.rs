//! A connection, as the room sees it.

#[derive(Debug, Default)]
pub(super) struct Peer {
    /// `None` while naming.
    pub(super) nickname: Option<String>,
    /// Number of lines that were refused, and the last of them.
    pub(super) refusals: usize,
    pub(super) refused_line: Option<String>,
    /// Number of messages sent.
    pub(super) messages: usize,
    pub(super) empty_lines: usize,
    /// Number of lines that arrived together with the current one.
    pub(super) batch: usize,

    // Only faults need the rest.
    /// How often the naming timeout has been restarted.
    pub(super) restarts: usize,
    /// Its nickname is accepted, but the welcome is delayed.
    pub(super) joining: bool,
    /// It was refused a nickname before it joined.
    pub(super) second_try: bool,
    /// It joined only a moment ago.
    pub(super) fresh: bool,
    /// The others have been told that it joined.
    pub(super) announced: bool,
    /// A message that waits for the next one.
    pub(super) held_back: Option<String>,
}
