//! The results of a load test. As JSON they have the fields documented here; `conformance schema load` prints them.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::Pace;
use crate::units::count;
use driver::process::Usage;

/// The results of a load test.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// How many members joined. The first of them, the observer, never sends.
    pub members: usize,
    /// How many of the members sent.
    pub senders: usize,
    /// When messages were due.
    pub pace: PaceEntry,
    /// The length of each message text, in bytes.
    pub size_bytes: usize,
    /// How long the senders were to send, in seconds.
    pub planned_seconds: f64,
    /// From the beginning of sending to the last delivery, in seconds.
    pub seconds: f64,
    /// Why the senders stopped early; null if they did not.
    pub ended_early: Option<String>,
    /// How many messages were sent. Each sender also sends one message before and one after these, checked but not measured.
    pub messages: u64,
    /// How many messages were delivered, counted for each receiving member.
    pub deliveries: u64,
    /// Deliveries divided by seconds.
    pub deliveries_per_second: f64,
    /// From the moment a message was due to its delivery; null without a delivery. With a rate, this is the delay that members
    /// notice, including time the sender could not send. With a window, a message is due as soon as the window has room.
    pub latency: Option<Latency>,
    /// The longest time in which a member received nothing, in milliseconds.
    pub longest_silence_ms: f64,
    /// What the server used; null if this command did not start it or the system does not report it.
    pub server: Option<ServerUse>,
    /// What the load generator used, to see whether it was itself too slow.
    pub generator: Generator,
    /// What went wrong. All fields are 0 or false for a correct server.
    pub faults: Faults,
    /// How many lines came from people who are not members of this test.
    pub foreign_lines: u64,
    /// The first line that was altered, echoed, invented or refused.
    pub first_strange_line: Option<String>,
    /// The first refusal or lost connection of a member.
    pub first_obstacle: Option<String>,
    /// The run in slices of equal length.
    pub slices: Vec<Slice>,
    /// The distribution of latency.
    pub distribution: Vec<Bar>,
}

/// When messages were due. One of the fields is null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct PaceEntry {
    /// Messages a second, all senders together.
    pub rate: Option<f64>,
    /// How many messages each sender had in flight.
    pub window: Option<u32>,
}

/// Percentiles of latency, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Latency {
    /// 50 % of the deliveries took no longer.
    pub p50_ms: f64,
    /// 90 % of the deliveries took no longer.
    pub p90_ms: f64,
    /// 99 % of the deliveries took no longer.
    pub p99_ms: f64,
    /// 99.9 % of the deliveries took no longer.
    pub p999_ms: f64,
    /// The slowest delivery.
    pub max_ms: f64,
}

/// A part of the run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Slice {
    /// When it ended, in seconds since the beginning of sending.
    pub end_seconds: f64,
    /// Deliveries in this slice.
    pub deliveries: u64,
    /// Their latency; null without a delivery.
    pub latency: Option<Latency>,
}

/// A bar of the distribution.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Bar {
    /// The highest latency of the bar, in milliseconds. The lowest is that of the bar before.
    pub up_to_ms: f64,
    /// How many deliveries had a latency in this range.
    pub deliveries: u64,
}

/// What the server and all its child processes used.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ServerUse {
    /// Processor time while the senders sent, in seconds.
    pub cpu_seconds: f64,
    /// Processor time for each delivery, in microseconds; null without a delivery.
    pub cpu_us_per_delivery: Option<f64>,
    /// Resident memory when all members had joined, in bytes.
    pub rss_before_bytes: u64,
    /// Resident memory at the end, in bytes.
    pub rss_after_bytes: u64,
    /// The largest resident memory, in bytes.
    pub rss_peak_bytes: u64,
}

/// What the load generator used.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Generator {
    /// Processor time in seconds.
    pub cpu_seconds: f64,
    /// How late it noticed that a message was due, at worst, in milliseconds. This is part of the latency.
    pub late_ms: f64,
}

/// What went wrong. Counts are deliveries unless stated otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Faults {
    /// Deliveries that never arrived.
    pub lost: u64,
    /// Deliveries that arrived again.
    pub twice: u64,
    /// Deliveries that arrived after a later message of the same sender.
    pub late: u64,
    /// Deliveries with another text.
    pub altered: u64,
    /// Deliveries to the sender itself.
    pub echoed: u64,
    /// Deliveries of messages that were never sent.
    pub invented: u64,
    /// Lines that the server refused.
    pub refused: u64,
    /// Members that received messages in another order than the observer.
    pub members_in_another_order: u64,
    /// Members whose connection the server closed.
    pub members_ended: u64,
    /// Whether the server stopped delivering although messages were due.
    pub stalled: bool,
}

impl From<Pace> for PaceEntry {
    fn from(pace: Pace) -> Self {
        let (rate, window) = match pace {
            Pace::Rate(rate) => (Some(rate), None),
            Pace::Window(window) => (None, Some(window)),
        };
        Self { rate, window }
    }
}

impl ServerUse {
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

impl Report {
    /// Whether every message arrived once, unaltered and in one order.
    pub fn is_correct(&self) -> bool {
        self.faults == Faults::default()
    }
}

impl Faults {
    /// One phrase for each kind of fault that occurred.
    pub(crate) fn descriptions(&self) -> Vec<String> {
        let deliveries = ("delivery", "deliveries");
        let members = ("member", "members");
        let late = "after a later message of the same sender (ORDER-1, ORDER-2)";
        let reordered = "received messages in another order than the first member (ORDER-1)";
        let counts = [
            (self.lost, deliveries, "lost (ORDER-1)"),
            (self.twice, deliveries, "duplicated (ORDER-1)"),
            (self.late, deliveries, late),
            (self.altered, deliveries, "altered (MSG-1, MSG-3)"),
            (self.echoed, deliveries, "to the sender itself (MSG-2)"),
            (self.invented, deliveries, "of messages never sent"),
            (self.refused, ("line", "lines"), "refused by the server"),
            (self.members_in_another_order, members, reordered),
            (self.members_ended, members, "disconnected (CONN-1)"),
        ];
        let mut descriptions: Vec<_> = counts
            .into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, (one, many), what)| format!("{} {what}", count(number, one, many)))
            .collect();
        if self.stalled {
            descriptions.push("the server stalled: messages were due, but none arrived".to_owned());
        }
        descriptions
    }
}
