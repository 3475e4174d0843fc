//! What a run has shown. Written as JSON, it has the fields as they are documented here; `conformance schema load` prints them.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::Pace;
use driver::process::Usage;

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// How many members there were. One of them, the witness, never sends.
    pub members: usize,
    /// How many of them sent.
    pub senders: usize,
    /// When a message was due.
    pub pace: PaceEntry,
    /// The length of a text in bytes.
    pub size_bytes: usize,
    /// For how long senders were to send, in seconds.
    pub planned_seconds: f64,
    /// From the beginning to the last delivery, in seconds.
    pub seconds: f64,
    /// Why senders stopped before that; null when they did not.
    pub ended_early: Option<String>,
    /// How many messages were sent. (Each sender sends two more, first and last, which are checked and not measured.)
    pub messages: u64,
    /// How many of them were received, by all members together.
    pub deliveries: u64,
    /// The same for each second.
    pub deliveries_per_second: f64,
    /// From when a message was due to when a member received it; null without a delivery. With a rate, this is what members
    /// feel, however late a message could be sent. With a window, a message is due when the window has room for it.
    pub latency: Option<Latency>,
    /// The longest time in which a member received nothing, in milliseconds.
    pub longest_silence_ms: f64,
    /// What the server used; null when it was not started by this program, or when the system does not say.
    pub server: Option<ServerUse>,
    /// What this program used: whether it was itself too slow.
    pub generator: Generator,
    /// What went wrong. All are 0 and false for a server that does its work.
    pub faults: Faults,
    /// How many lines of other people there were in the room.
    pub foreign_lines: u64,
    /// The first line that should not have come, or not in this way.
    pub first_strange_line: Option<String>,
    /// The first thing that kept a member from taking part.
    pub first_obstacle: Option<String>,
    /// The run in slices of equal length.
    pub slices: Vec<Slice>,
    /// How many deliveries had which latency.
    pub distribution: Vec<Bar>,
}

/// When a message was due: one of the two is null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct PaceEntry {
    /// Messages a second, of all senders together.
    pub rate: Option<f64>,
    /// How many messages of each sender were under way.
    pub window: Option<u32>,
}

/// Percentiles in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Latency {
    /// Half of the deliveries were faster.
    pub p50_ms: f64,
    /// Nine of ten.
    pub p90_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// 999 of 1,000.
    pub p999_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

/// A part of the run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Slice {
    /// When it ended, in seconds since the beginning.
    pub end_seconds: f64,
    /// What arrived in it.
    pub deliveries: u64,
    /// Of what arrived in it; null when nothing did.
    pub latency: Option<Latency>,
}

/// A bar of the distribution.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Bar {
    /// The highest latency that it counts, in milliseconds; the lowest is that of the bar before.
    pub up_to_ms: f64,
    /// How many deliveries.
    pub deliveries: u64,
}

/// What the server used, with everything that it has started.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServerUse {
    /// Processor time while the members talked, in seconds.
    pub cpu_seconds: f64,
    /// The same for each delivery, in microseconds; null without a delivery.
    pub cpu_us_per_delivery: Option<f64>,
    /// Resident memory when all had joined, in bytes.
    pub rss_before_bytes: u64,
    /// Resident memory at the end.
    pub rss_after_bytes: u64,
    /// The most that there ever was.
    pub rss_peak_bytes: u64,
}

/// What this program used.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Generator {
    /// Processor time in seconds.
    pub cpu_seconds: f64,
    /// How late it noticed that a message was due, at worst, in milliseconds. That is part of the latency.
    pub late_ms: f64,
}

/// What went wrong, in deliveries where nothing else is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Faults {
    /// Never came.
    pub lost: u64,
    /// Came again.
    pub twice: u64,
    /// Came after a later message of the same sender.
    pub late: u64,
    /// Came with another text.
    pub altered: u64,
    /// Came back to their sender.
    pub echoed: u64,
    /// Were never sent.
    pub invented: u64,
    /// Lines that the server refused.
    pub refused: u64,
    /// Members that received messages in another order than the witness.
    pub members_in_another_order: u64,
    /// Members whose connection the server ended.
    pub members_ended: u64,
    /// Nothing came any more, though something was due.
    pub stalled: bool,
}

impl From<Pace> for PaceEntry {
    fn from(pace: Pace) -> Self {
        match pace {
            Pace::Rate(rate) => Self {
                rate: Some(rate),
                window: None,
            },
            Pace::Window(window) => Self {
                rate: None,
                window: Some(window),
            },
        }
    }
}

impl ServerUse {
    /// From one reading to another.
    pub(super) fn between(before: &Usage, after: &Usage, deliveries: u64) -> Self {
        let cpu_seconds = after.cpu.saturating_sub(before.cpu).as_secs_f64();
        Self {
            cpu_seconds,
            cpu_us_per_delivery: (deliveries > 0).then(|| cpu_seconds * 1e6 / deliveries as f64),
            rss_before_bytes: before.rss,
            rss_after_bytes: after.rss,
            rss_peak_bytes: after.rss_peak,
        }
    }
}

impl Outcome {
    /// Whether everything arrived, once, unaltered, in one order.
    pub fn is_right(&self) -> bool {
        self.faults == Faults::default()
    }
}

impl Faults {
    /// Each fault in words.
    pub fn told(&self) -> Vec<String> {
        let counts = [
            (self.lost, "lost (ORDER-1)"),
            (self.twice, "delivered twice (ORDER-1)"),
            (
                self.late,
                "delivered after a later message of the same sender (ORDER-1, ORDER-2)",
            ),
            (self.altered, "altered (MSG-1, MSG-3)"),
            (self.echoed, "sent back to their sender (MSG-2)"),
            (self.invented, "that nobody has sent"),
            (self.refused, "refused"),
        ];
        let mut told: Vec<_> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if self.members_in_another_order > 0 {
            told.push(format!(
                "{} members did not hear the order that the first one heard (ORDER-1)",
                self.members_in_another_order
            ));
        }
        if self.members_ended > 0 {
            told.push(format!(
                "{} members were disconnected (CONN-1)",
                self.members_ended
            ));
        }
        if self.stalled {
            told.push("nothing came any more, though something was due".to_owned());
        }
        told
    }
}
