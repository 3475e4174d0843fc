//! Delivers the outputs of the room.

use crate::batch::Batch;
use crate::counts::Counts;
use crate::outbound::{Outbound, State};
use salotto_protocol::ServerLine;
use salotto_room::{ConnId, Departure, Output};
use slab::Slab;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// A member that is behind and has taken nothing for this long has stalled, and others are no longer slowed down for it. Until then
/// they are slowed down but not stopped, since each pause is shorter than this.
const STALL_TIMEOUT: Duration = Duration::from_millis(200);

/// The sending sides of all connections, and the events that they share.
#[derive(Debug)]
pub(crate) struct Fanout {
    /// Boxed, since the boxes fit into gaps between the larger allocations of a connection and cost nothing there.
    outbounds: Slab<Box<Outbound>>,
    batch: Batch,
    /// The connections that receive events.
    members: Vec<ConnId>,
    /// The connections that were sent replies since the last flush.
    replied: Vec<ConnId>,
    /// The connections whose backlog exceeds a quarter of its limit.
    lagging: Vec<ConnId>,
    /// The largest backlog, in bytes. A connection that exceeds it is dropped.
    max_backlog: usize,
    pub(crate) counts: Counts,
}

impl Fanout {
    pub(crate) fn new(max_backlog: usize) -> Self {
        Self {
            outbounds: Slab::new(),
            batch: Batch::default(),
            members: Vec::new(),
            replied: Vec::new(),
            lagging: Vec::new(),
            max_backlog,
            counts: Counts::default(),
        }
    }

    pub(crate) fn insert(&mut self, stream: TcpStream, peer: SocketAddr) -> ConnId {
        self.counts.accepted += 1;
        let outbound = Box::new(Outbound::new(stream, peer));
        let id = ConnId(self.outbounds.insert(outbound) as u32);
        tracing::debug!(connection = id.0, %peer, "accepted");
        id
    }

    pub(crate) fn remove(&mut self, id: ConnId) {
        self.outbounds.remove(id.0 as usize);
    }

    pub(crate) fn outbound(&mut self, id: ConnId) -> &mut Outbound {
        &mut self.outbounds[id.0 as usize]
    }

    /// The number of connections, including those that have left the room and are being closed.
    pub(crate) fn len(&self) -> usize {
        self.outbounds.len()
    }

    pub(crate) fn batch(&self) -> &Batch {
        &self.batch
    }

    /// See [`Outbound::drive`].
    pub(crate) fn drive(&mut self, id: ConnId, cx: &mut Context<'_>) -> State {
        self.outbounds[id.0 as usize].drive(cx, &mut self.counts.bytes_sent)
    }

    /// See [`Outbound::poll_drain`].
    pub(crate) fn poll_drain(&mut self, id: ConnId, cx: &mut Context<'_>) -> Poll<()> {
        self.outbounds[id.0 as usize].poll_drain(cx, &mut self.counts.bytes_sent)
    }

    /// Queues what the room asks for. Nothing is written to a socket before the flush.
    pub(crate) fn put(&mut self, output: Output<'_>) {
        match output {
            Output::Event { by, line } => self.put_event(by, line),
            Output::Reply { to, line } => {
                if let ServerLine::Error { code, .. } = line {
                    self.counts.count_refusal(code);
                }
                self.outbounds[to.0 as usize].push(self.batch.bytes(), line);
                if self.replied.last() != Some(&to) {
                    self.replied.push(to);
                }
            }
            Output::Enter { id } => {
                self.outbounds[id.0 as usize].subscribe(self.batch.bytes());
                self.members.push(id);
            }
            Output::Close { id, reason, nick } => {
                let outbound = &mut self.outbounds[id.0 as usize];
                self.counts.count_departure(reason);
                log_departure(id, outbound.peer(), nick, reason);
                if reason.is_orderly() {
                    outbound.close(self.batch.bytes());
                } else {
                    outbound.abort();
                }
                self.members.retain(|&member| member != id);
            }
        }
    }

    /// Adds an event to the batch, which the connection that caused it skips.
    fn put_event(&mut self, by: ConnId, line: ServerLine<'_>) {
        let outbound = &mut self.outbounds[by.0 as usize];
        outbound.catch_up(self.batch.bytes());
        self.batch.push(line);
        outbound.skip(self.batch.bytes());
        match line {
            ServerLine::Message { .. } => {
                self.counts.messages += 1;
                self.counts.deliveries += self.members.len() as u64 - 1;
            }
            ServerLine::Joined(nick) => {
                tracing::debug!(connection = by.0, peer = %outbound.peer(), nick, "joined");
            }
            _ => {}
        }
    }

    /// Writes replies, and the batch unless it may wait, with one write for each socket. What a socket does not take stays in the
    /// outbox, for the task of that connection. Returns the connections whose backlog exceeds its limit.
    #[must_use]
    pub(crate) fn flush(&mut self) -> Vec<ConnId> {
        let mut over_limit = Vec::new();
        let deadline = self.batch.may_wait_until();
        let waits = deadline.is_some_and(|deadline| Instant::now() < deadline);
        let recipients = if waits || self.batch.bytes().is_empty() {
            &[]
        } else {
            &self.members[..]
        };
        let recipients = recipients.iter().map(|&id| (id, true));
        let replied = self.replied.iter().map(|&id| (id, false));
        for (id, gets_events) in recipients.chain(replied) {
            let Some(outbound) = self.outbounds.get_mut(id.0 as usize) else {
                continue; // removed since its last reply
            };
            let written = if gets_events {
                outbound.flush(self.batch.bytes())
            } else {
                outbound.flush_outbox()
            };
            self.counts.bytes_sent += written as u64;
            if outbound.backlog() > self.max_backlog {
                over_limit.push(id);
            } else if outbound.backlog() > self.max_backlog / 4 && !outbound.lagging {
                outbound.lagging = true;
                self.lagging.push(id);
            }
        }
        self.replied.clear();
        if !waits && let Some(age) = self.batch.clear() {
            self.counts.fanouts.observe(age);
        }
        over_limit
    }

    /// Whether a member reads, but more slowly than others send (FLOW-8). Then the busiest should pause, since a member that does its
    /// best would otherwise be dropped.
    pub(crate) fn is_congested(&mut self) -> bool {
        if self.lagging.is_empty() {
            return false;
        }
        let now = Instant::now();
        let mut congested = false;
        self.lagging.retain(|&id| {
            let Some(outbound) = self.outbounds.get_mut(id.0 as usize) else {
                return false;
            };
            outbound.lagging = outbound.backlog() > self.max_backlog / 4;
            congested |= outbound.lagging && outbound.made_progress_within(STALL_TIMEOUT, now);
            outbound.lagging
        });
        congested
    }
}

/// Logs a departure. People come and go all the time, so only a member that was dropped for not reading is logged at the default level.
fn log_departure(id: ConnId, peer: SocketAddr, nick: Option<&str>, reason: Departure) {
    let (connection, reason_word) = (id.0, reason.as_str());
    if reason == Departure::NotReading {
        tracing::info!(connection, %peer, nick, reason = reason_word, "dropped");
    } else if reason.is_orderly() {
        tracing::debug!(connection, %peer, nick, reason = reason_word, "left");
    } else {
        tracing::debug!(connection, %peer, nick, reason = reason_word, "dropped");
    }
}
