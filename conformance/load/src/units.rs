//! Numbers with their units, as people read them.

use std::time::Duration;

/// A duration in three digits, given in milliseconds.
pub(crate) fn milliseconds(ms: f64) -> String {
    match ms {
        ms if ms < 0.9995 => format!("{:.0} µs", ms * 1e3),
        ms if ms < 9.995 => format!("{ms:.2} ms"),
        ms if ms < 99.95 => format!("{ms:.1} ms"),
        ms if ms < 9999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

pub(crate) fn duration(duration: Duration) -> String {
    milliseconds(duration.as_secs_f64() * 1e3)
}

/// A number of bytes in KiB or MiB.
pub(crate) fn bytes(bytes: u64) -> String {
    match bytes {
        bytes if bytes < 1 << 20 => format!("{} KiB", bytes.div_ceil(1 << 10)),
        bytes => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
    }
}

/// A count and its noun, in the singular or the plural: `1 member`, `2 members`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(number))
}

/// Groups digits by three: 1234567 becomes 1,234,567.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join(",")
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
    fn durations_have_a_unit(#[case] ms: f64, #[case] text: &str) {
        assert_eq!(milliseconds(ms), text);
    }

    #[rstest]
    #[case(0, "0 members")]
    #[case(1, "1 member")]
    #[case(1234, "1,234 members")]
    #[case(123_456_789, "123,456,789 members")]
    fn counts_have_grouped_digits_and_a_plural(#[case] number: u64, #[case] text: &str) {
        assert_eq!(count(number, "member", "members"), text);
    }
}
