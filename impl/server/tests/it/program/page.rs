//! Requests metrics and parses them.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The metrics, as text.
pub(crate) struct Page(String);

impl Page {
    /// The value of a series, given with its labels.
    pub(crate) fn value(&self, series: &str) -> u64 {
        let value = |line: &str| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok();
        let found: Vec<_> = self.0.lines().filter_map(value).collect();
        assert_eq!(found.len(), 1, "{series} in\n{}", self.0);
        found[0]
    }

    /// The labels and values of a family, without those that are 0.
    pub(crate) fn family(&self, name: &str) -> Vec<(&str, u64)> {
        let series = |line: &'_ str| Some(line.strip_prefix(name)?.strip_prefix('{')?.len());
        let lines = self.0.lines().filter(|line| series(line).is_some());
        lines
            .map(|line| {
                let (labels, value) = line[name.len() + 1..].split_once("\"} ").unwrap();
                let (_, label) = labels.split_once("=\"").unwrap();
                (label, value.parse().unwrap())
            })
            .filter(|(_, value)| *value > 0)
            .collect()
    }
}

/// Sends a request, and returns the whole response.
pub(crate) fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Reads the metrics, and checks their syntax.
pub(crate) fn scrape(address: SocketAddr) -> Page {
    let response = ask(address, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(
        head.contains("content-type: application/openmetrics-text; version=1.0.0"),
        "{head}"
    );
    check_syntax(body);
    Page(body.to_owned())
}

/// Every family has a help text and a type above its samples, no series occurs twice, every value is a number that is not negative,
/// and the last line is `# EOF`.
fn check_syntax(page: &str) {
    let mut families = Vec::new();
    let mut series = BTreeSet::new();
    let mut helped = "";
    let lines = page.strip_suffix("# EOF\n").expect(page).lines();
    for line in lines {
        if let Some(help) = line.strip_prefix("# HELP ") {
            helped = help.split_once(' ').expect(line).0;
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect(line);
            assert_eq!(name, helped, "{line}");
            assert!(name.starts_with("salotto_"), "{line}");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            families.push((name, kind));
        } else if let Some(unit) = line.strip_prefix("# UNIT ") {
            let (name, unit) = unit.split_once(' ').expect(line);
            assert!(
                name == helped && name.ends_with(&format!("_{unit}")),
                "{line}"
            );
        } else {
            let (name, kind) = families.last().expect(line);
            let (sample, value) = line.rsplit_once(' ').expect(line);
            let rest = sample.strip_prefix(name).expect(line);
            let suffix = rest.split('{').next().expect(line);
            let suffixes: &[_] = match *kind {
                "counter" => &["_total"],
                "gauge" => &[""],
                _ => &["_bucket", "_sum", "_count"],
            };
            assert!(suffixes.contains(&suffix), "{line}");
            assert!(value.parse::<f64>().expect(line) >= 0.0, "{line}");
            assert!(series.insert(sample), "{line}");
        }
    }
    assert!(families.len() > 10, "{families:?}");
}
