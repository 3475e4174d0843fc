//! The results of a load test as a table, with a verdict.

use std::fmt::Write as _;

use super::report::{PaceEntry, Report, ServerUse};
use crate::units::{bytes, count, grouped, milliseconds};

/// One line that says what was tested.
pub fn heading(report: &Report) -> String {
    let pace = match report.pace {
        PaceEntry {
            rate: Some(rate), ..
        } => format!("{rate} messages/s"),
        PaceEntry { window, .. } => {
            format!("{} messages in flight each", window.unwrap_or_default())
        }
    };
    format!(
        "{} members, {} of them sending, {pace}, {} bytes a message, {} s",
        report.members, report.senders, report.size_bytes, report.planned_seconds
    )
}

/// The figures, one row each, and the verdict below them.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    for (name, figures) in rows(report) {
        let _ = writeln!(out, "  {name:11} {figures}");
    }
    let _ = writeln!(out);
    if let Some(reason) = &report.ended_early {
        let _ = writeln!(out, "! sending stopped early: {reason}");
    }
    if report.is_correct() {
        let _ = writeln!(out, "✓ everything arrived once, unaltered and in one order");
        return out;
    }
    for fault in report.faults.descriptions() {
        let _ = writeln!(out, "✗ {fault}");
    }
    if let Some(line) = &report.first_strange_line {
        let _ = writeln!(out, "  the first bad line: {line}");
    }
    if let Some(obstacle) = &report.first_obstacle {
        let _ = writeln!(out, "  {obstacle}");
    }
    out
}

fn rows(report: &Report) -> Vec<(&'static str, String)> {
    let mut rows = vec![(
        "deliveries",
        format!(
            "{} in {:.1} s, {}/s, from {}",
            grouped(report.deliveries),
            report.seconds,
            grouped(report.deliveries_per_second.round() as u64),
            count(report.messages, "message", "messages"),
        ),
    )];
    if let Some(latency) = &report.latency {
        let percentiles = [
            ("p50", latency.p50_ms),
            ("p90", latency.p90_ms),
            ("p99", latency.p99_ms),
            ("p99.9", latency.p999_ms),
            ("max", latency.max_ms),
        ];
        let percentiles = percentiles.map(|(name, ms)| format!("{name} {}", milliseconds(ms)));
        rows.push(("latency", percentiles.join("   ")));
    }
    let silence = milliseconds(report.longest_silence_ms);
    let silence = format!("{silence} at most between two deliveries to a member");
    rows.push(("silence", silence));
    match &report.server {
        Some(server) => rows.extend(server_rows(server, report.seconds)),
        None => rows.push((
            "server",
            "not measured: not started by this command, or not reported by this system".to_owned(),
        )),
    }
    let mut generator = share(report.generator.cpu_seconds, report.seconds) + " of one processor";
    if report.pace.rate.is_some() {
        let late = milliseconds(report.generator.late_ms);
        generator += &format!("; at most {late} behind schedule");
    }
    rows.push(("generator", generator));
    rows
}

fn server_rows(server: &ServerUse, seconds: f64) -> [(&'static str, String); 2] {
    let each = server.cpu_us_per_delivery;
    let each = each.map_or_else(String::new, |us| format!("; {us:.2} µs per delivery"));
    let cpu = format!(
        "{:.2} s, {} of one processor{each}",
        server.cpu_seconds,
        share(server.cpu_seconds, seconds)
    );
    let ram = format!(
        "{} before, {} after, {} at most",
        bytes(server.rss_before_bytes),
        bytes(server.rss_after_bytes),
        bytes(server.rss_peak_bytes)
    );
    [("server CPU", cpu), ("server RAM", ram)]
}

fn share(part: f64, whole: f64) -> String {
    if whole > 0.0 {
        format!("{:.0} %", 100.0 * part / whole)
    } else {
        "-".to_owned()
    }
}
