//! What the server tells about itself, in the text format of Prometheus.

use crate::counts::Counts;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;

/// The server at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) capacity: usize,
    pub(crate) naming: usize,
    pub(crate) members: usize,
    /// Connections that the room is done with, and that are saying goodbye.
    pub(crate) leaving: usize,
    pub(crate) counts: Counts,
}

impl Snapshot {
    /// The type of [`text`](Self::text): the OpenMetrics form of the format.
    pub(crate) const CONTENT_TYPE: &str =
        "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// All metrics as text.
    pub(crate) fn text(self) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix("salotto");
        registry.register_collector(Box::new(self));
        let mut text = String::new();
        text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

impl Collector for Snapshot {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let counts = &self.counts;
        let mut page = Page(encoder);
        page.gauge("members", "Members of the room.", self.members)?;
        page.gauge("capacity", "Seats of the room.", self.capacity)?;
        page.gauges(
            "connections",
            "Open connections by state: without a name, a member, saying goodbye.",
            "state",
            [
                ("naming", self.naming),
                ("member", self.members),
                ("leaving", self.leaving),
            ],
        )?;
        page.counter(
            "connections_accepted",
            "Connections that were accepted.",
            counts.accepted,
        )?;
        page.counter(
            "accept_failures",
            "Times that no connection could be accepted, mostly for want of a file descriptor.",
            counts.accept_failures,
        )?;
        page.counters(
            "connections_ended",
            "Connections that ended, by reason; those lost or not-reading without a goodbye.",
            "reason",
            counts.departures().map(|(how, n)| (how.as_str(), n)),
        )?;
        page.counter(
            "messages",
            "Messages that members sent to the room.",
            counts.messages,
        )?;
        page.counter(
            "deliveries",
            "Messages multiplied by the members that each was for.",
            counts.deliveries,
        )?;
        page.counters(
            "refused_lines",
            "Lines of clients that were refused, by error code.",
            "code",
            counts.refusals().map(|(code, n)| (code.as_str(), n)),
        )?;
        page.bytes(
            "received",
            "Bytes that were read from clients, up to their goodbye.",
            counts.bytes_received,
        )?;
        page.bytes(
            "sent",
            "Bytes that were handed to the sockets of clients.",
            counts.bytes_sent,
        )?;
        let help = "Time from reading the first line of a batch until the batch was handed to every socket.";
        let times = &counts.fanouts;
        page.0
            .encode_descriptor("fanout", help, Some(&Unit::Seconds), MetricType::Histogram)?
            .encode_histogram::<NoLabelSet>(times.sum(), times.count(), &times.classes(), None)
    }
}

/// What is written so far.
struct Page<'a>(DescriptorEncoder<'a>);

impl Page<'_> {
    fn gauge(&mut self, name: &str, help: &str, value: usize) -> fmt::Result {
        let mut metric = self
            .0
            .encode_descriptor(name, help, None, MetricType::Gauge)?;
        metric.encode_gauge(&(value as u64))
    }

    fn gauges<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: [(&str, usize); N],
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (word, value) in values {
            family
                .encode_family(&[(label, word)])?
                .encode_gauge(&(value as u64))?;
        }
        Ok(())
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.0
            .encode_descriptor(name, help, None, MetricType::Counter)?
            .encode_counter::<NoLabelSet, _, u64>(&value, None)
    }

    fn bytes(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.0
            .encode_descriptor(name, help, Some(&Unit::Bytes), MetricType::Counter)?
            .encode_counter::<NoLabelSet, _, u64>(&value, None)
    }

    fn counters<'v>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl Iterator<Item = (&'v str, u64)>,
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Counter)?;
        for (word, value) in values {
            family
                .encode_family(&[(label, word)])?
                .encode_counter::<NoLabelSet, _, u64>(&value, None)?;
        }
        Ok(())
    }
}
