//! The metrics, in the text format of Prometheus.

use crate::counts::Counts;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;

/// The state of the server at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) capacity: usize,
    pub(crate) naming: usize,
    pub(crate) members: usize,
    /// Connections that have left the room and are being closed.
    pub(crate) leaving: usize,
    pub(crate) counts: Counts,
}

impl Snapshot {
    /// The media type of [`text`](Self::text), which is the OpenMetrics variant of the format.
    pub(crate) const CONTENT_TYPE: &str =
        "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Formats all metrics.
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
        page.gauge("members", "Members in the room.", self.members)?;
        page.gauge("capacity", "Seats in the room.", self.capacity)?;
        page.gauges(
            "connections",
            "Open connections by state: without a nickname, member, being closed.",
            "state",
            [
                ("naming", self.naming),
                ("member", self.members),
                ("leaving", self.leaving),
            ],
        )?;
        page.counter(
            "connections_accepted",
            "Connections accepted.",
            counts.accepted,
        )?;
        page.counter(
            "accept_failures",
            "Failed attempts to accept a connection, usually because no file descriptor was left.",
            counts.accept_failures,
        )?;
        page.counters(
            "connections_ended",
            "Connections ended, by reason. Those that were lost or not reading got no goodbye.",
            "reason",
            counts.departures().map(|(reason, n)| (reason.as_str(), n)),
        )?;
        page.counter("messages", "Messages sent by members.", counts.messages)?;
        page.counter(
            "deliveries",
            "Messages delivered, counted once for each recipient.",
            counts.deliveries,
        )?;
        page.counters(
            "refused_lines",
            "Lines refused, by error code.",
            "code",
            counts.refusals().map(|(code, n)| (code.as_str(), n)),
        )?;
        page.byte_counter(
            "received",
            "Bytes read from clients, up to their goodbye.",
            counts.bytes_received,
        )?;
        page.byte_counter(
            "sent",
            "Bytes written to the sockets of clients.",
            counts.bytes_sent,
        )?;
        let help =
            "Time from the first event of a batch until the batch was written to every socket.";
        let times = &counts.fanouts;
        page.0
            .encode_descriptor("fanout", help, Some(&Unit::Seconds), MetricType::Histogram)?
            .encode_histogram::<NoLabelSet>(times.sum(), times.count(), &times.buckets(), None)
    }
}

/// The text under construction.
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

    fn byte_counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
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
