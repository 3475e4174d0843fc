//! The outcome as people read it.

use std::fmt::Write as _;

use super::outcome::{Outcome, PaceEntry};

/// A table, and the verdict under it.
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    let mut row = |name: &str, told: String| {
        let _ = writeln!(out, "  {name:11} {told}");
    };
    let per_second = grouped(outcome.deliveries_per_second.round() as u64);
    row(
        "deliveries",
        format!(
            "{} of {} messages in {:.1} s: {per_second} a second",
            grouped(outcome.deliveries),
            grouped(outcome.messages),
            outcome.seconds,
        ),
    );
    if let Some(latency) = &outcome.latency {
        let told = [
            ("p50", latency.p50_ms),
            ("p90", latency.p90_ms),
            ("p99", latency.p99_ms),
            ("p99.9", latency.p999_ms),
            ("max", latency.max_ms),
        ]
        .map(|(name, ms)| format!("{name} {}", milliseconds(ms)));
        row("latency", told.join("   "));
    }
    row(
        "silence",
        format!("{} at most", milliseconds(outcome.longest_silence_ms)),
    );
    match &outcome.server {
        Some(server) => {
            let each = server
                .cpu_us_per_delivery
                .map_or(String::new(), |us| format!(", {us:.2} µs a delivery"));
            row(
                "server CPU",
                format!(
                    "{:.2} s, {} of one processor{each}",
                    server.cpu_seconds,
                    share(server.cpu_seconds, outcome.seconds)
                ),
            );
            row(
                "server RAM",
                format!(
                    "{} before, {} after, {} at most",
                    mebibytes(server.rss_before_bytes),
                    mebibytes(server.rss_after_bytes),
                    mebibytes(server.rss_peak_bytes)
                ),
            );
        }
        None => row(
            "server",
            "not measured: it was not started here, or this system does not say".to_owned(),
        ),
    }
    row(
        "generator",
        format!(
            "{} of one processor, at most {} late",
            share(outcome.generator.cpu_seconds, outcome.seconds),
            milliseconds(outcome.generator.late_ms)
        ),
    );
    let _ = writeln!(out);
    if let Some(why) = &outcome.ended_early {
        let _ = writeln!(out, "! The senders stopped early: {why}");
    }
    if outcome.is_right() {
        let _ = writeln!(out, "✓ everything arrived, once, unaltered, in one order");
        return out;
    }
    for fault in outcome.faults.told() {
        let _ = writeln!(out, "✗ {fault}");
    }
    if let Some(line) = &outcome.first_strange_line {
        let _ = writeln!(out, "  the first such line: {line}");
    }
    if let Some(obstacle) = &outcome.first_obstacle {
        let _ = writeln!(out, "  {obstacle}");
    }
    out
}

/// What was asked for.
pub fn heading(outcome: &Outcome) -> String {
    let pace = match outcome.pace {
        PaceEntry {
            rate: Some(rate), ..
        } => format!("{rate} messages a second"),
        PaceEntry { window, .. } => format!("{} each under way", window.unwrap_or_default()),
    };
    format!(
        "{} members, {} of them send, {pace}, {} bytes, {} s",
        outcome.members, outcome.senders, outcome.size_bytes, outcome.planned_seconds
    )
}

/// Three digits, whatever the size.
pub(crate) fn milliseconds(ms: f64) -> String {
    match ms {
        ms if ms < 0.9995 => format!("{:.0} µs", ms * 1e3),
        ms if ms < 9.995 => format!("{ms:.2} ms"),
        ms if ms < 99.95 => format!("{ms:.1} ms"),
        ms if ms < 9999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

fn share(part: f64, whole: f64) -> String {
    if whole > 0.0 {
        format!("{:.0} %", 100.0 * part / whole)
    } else {
        "-".to_owned()
    }
}

/// 1234567 as 1,234,567.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0.0374, "37 µs")]
    #[case(0.9996, "1.00 ms")]
    #[case(12.34, "12.3 ms")]
    #[case(420.4, "420 ms")]
    #[case(12_345.0, "12.3 s")]
    fn times_have_their_unit(#[case] ms: f64, #[case] told: &str) {
        assert_eq!(milliseconds(ms), told);
    }

    #[rstest]
    #[case(7, "7")]
    #[case(1234, "1,234")]
    #[case(123_456_789, "123,456,789")]
    fn digits_are_grouped(#[case] number: u64, #[case] told: &str) {
        assert_eq!(grouped(number), told);
    }
}
