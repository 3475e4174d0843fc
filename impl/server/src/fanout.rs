//! What everybody is owed, and how it gets to the sockets.

use crate::counts::Counts;
use crate::link::{Link, State};
use salotto_protocol::ServerLine;
use salotto_room::{ConnId, Departure, Output};
use slab::Slab;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// A member that is behind and has not taken anything for so long is asleep: nobody is slowed down
/// for it. Until then, others are slowed down but never stopped: each pause is shorter than this.
const PATIENCE: Duration = Duration::from_millis(200);

/// So many bytes of events are flushed at once instead of at the end of the turn, so that one turn
/// of many loud members does not outgrow what a socket and a backlog can hold.
const MAX_BATCH: usize = 64 * 1024;

/// So long wait events that only tell who comes and goes: where many do, each of them would
/// otherwise be a write for everybody. A message takes along what waits.
const COMPANY: Duration = Duration::from_millis(5);

/// The links of all connections, and the events of this turn, encoded once for all of them.
#[derive(Debug)]
pub(crate) struct Fanout {
    /// In boxes, which fit between the larger pieces of memory that a connection has, and cost nothing there.
    links: Slab<Box<Link>>,
    /// Room events that have not been flushed, as the bytes that go to the sockets.
    batch: Vec<u8>,
    /// Whether somebody said something in this batch.
    has_message: bool,
    /// Those who hear events.
    members: Vec<ConnId>,
    /// Those who were owed something of their own since the last flush.
    replied: Vec<ConnId>,
    /// Those whose backlog passed a quarter of what is allowed.
    lagging: Vec<ConnId>,
    /// How many bytes a link may be owed before it is cut.
    max_backlog: usize,
    /// When the first line of the batch was read.
    begun: Option<Instant>,
    pub(crate) counts: Counts,
}

impl Fanout {
    pub(crate) fn new(max_backlog: usize) -> Self {
        Self {
            links: Slab::new(),
            batch: Vec::new(),
            has_message: false,
            members: Vec::new(),
            replied: Vec::new(),
            lagging: Vec::new(),
            max_backlog,
            begun: None,
            counts: Counts::default(),
        }
    }

    pub(crate) fn insert(&mut self, stream: TcpStream, peer: SocketAddr) -> ConnId {
        self.counts.accepted += 1;
        let who = ConnId(self.links.insert(Box::new(Link::new(stream, peer))) as u32);
        tracing::debug!(connection = who.0, %peer, "accepted");
        who
    }

    pub(crate) fn link(&mut self, who: ConnId) -> &mut Link {
        &mut self.links[who.0 as usize]
    }

    pub(crate) fn attend(&mut self, who: ConnId, cx: &mut Context<'_>) -> State {
        self.links[who.0 as usize].attend(cx, &mut self.counts.bytes_sent)
    }

    pub(crate) fn poll_drain(&mut self, who: ConnId, cx: &mut Context<'_>) -> Poll<()> {
        self.links[who.0 as usize].poll_drain(cx, &mut self.counts.bytes_sent)
    }

    pub(crate) fn remove(&mut self, who: ConnId) {
        self.links.remove(who.0 as usize);
    }

    /// How many connections there are, those that are saying goodbye included.
    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }

    /// What is put from now on happens now, unless something waits for the next flush already.
    pub(crate) fn begin(&mut self) {
        self.begun.get_or_insert_with(Instant::now);
    }

    /// Whether the batch is not to grow before it is flushed.
    pub(crate) fn is_large(&self) -> bool {
        self.batch.len() > MAX_BATCH
    }

    /// When the batch has to be flushed, if it waits for company.
    pub(crate) fn waits_until(&self) -> Option<Instant> {
        let waits = !self.batch.is_empty() && !self.has_message && !self.is_large();
        self.begun.filter(|_| waits).map(|begun| begun + COMPANY)
    }

    /// Writes down what the room wants. Nothing reaches a socket before the flush.
    pub(crate) fn put(&mut self, output: Output<'_>) {
        match output {
            Output::Event { by, line } => {
                // Whoever caused an event does not hear it. One who has left hears nothing more
                // either, so the link may be looked up in any case.
                let link = &mut self.links[by.0 as usize];
                link.catch_up(&self.batch);
                line.encode(&mut self.batch);
                link.skip(&self.batch);
                match line {
                    ServerLine::Message { .. } => {
                        self.has_message = true;
                        self.counts.messages += 1;
                        self.counts.deliveries += self.members.len() as u64 - 1;
                    }
                    ServerLine::Joined(nick) => {
                        tracing::debug!(connection = by.0, peer = %link.peer(), nick, "joined");
                    }
                    _ => {}
                }
            }
            Output::Reply { to, line } => {
                if let ServerLine::Error { code, .. } = line {
                    self.counts.refuse(code);
                }
                self.links[to.0 as usize].owe(&self.batch, line);
                if self.replied.last() != Some(&to) {
                    self.replied.push(to);
                }
            }
            Output::Enter { id: who } => {
                self.links[who.0 as usize].enter(&self.batch);
                self.members.push(who);
            }
            Output::Close {
                id: who,
                reason: how,
                nick,
            } => {
                let link = &mut self.links[who.0 as usize];
                self.counts.depart(how);
                tell(who, link.peer(), nick, how);
                if how.is_orderly() {
                    link.close(&self.batch);
                } else {
                    link.cut();
                }
                self.members.retain(|&member| member != who);
            }
        }
    }

    /// Gives each socket in one write as much as it takes: replies, and the batch unless that
    /// waits for company. What is left waits in the outboxes, each for the task of its own
    /// connection. Returns those whose backlog passed the limit.
    #[must_use]
    pub(crate) fn flush(&mut self) -> Vec<ConnId> {
        let mut beyond = Vec::new();
        let waits = self
            .waits_until()
            .is_some_and(|until| Instant::now() < until);
        let hearers = if waits || self.batch.is_empty() {
            &[]
        } else {
            &self.members[..]
        };
        let hearers = hearers.iter().map(|&who| (who, true));
        let replied = self.replied.iter().map(|&who| (who, false));
        for (who, hears) in hearers.chain(replied) {
            let Some(link) = self.links.get_mut(who.0 as usize) else {
                continue; // gone since its last reply
            };
            let taken = if hears {
                link.flush(&self.batch)
            } else {
                link.flush_outbox()
            };
            self.counts.bytes_sent += taken as u64;
            if link.backlog() > self.max_backlog {
                beyond.push(who);
            } else if link.backlog() > self.max_backlog / 4 && !link.lagging {
                link.lagging = true;
                self.lagging.push(who);
            }
        }
        self.replied.clear();
        if !waits {
            if let Some(begun) = self.begun.take()
                && !self.batch.is_empty()
            {
                self.counts.fanouts.observe(begun.elapsed());
            }
            self.batch.clear();
            self.has_message = false;
        }
        beyond
    }

    /// Whether somebody reads, but more slowly than others talk (FLOW-8). Then those who talk much should
    /// pause: otherwise a member that does its best would lose its connection.
    pub(crate) fn is_congested(&mut self) -> bool {
        if self.lagging.is_empty() {
            return false;
        }
        let now = Instant::now();
        let mut congested = false;
        self.lagging.retain(|&who| {
            let Some(link) = self.links.get_mut(who.0 as usize) else {
                return false;
            };
            link.lagging = link.backlog() > self.max_backlog / 4;
            congested |= link.lagging && link.moved_within(PATIENCE, now);
            link.lagging
        });
        congested
    }
}

/// Tells the log who leaves. A classroom is full of coming and going, so only what should not
/// happen is told unless the log is to be detailed.
fn tell(who: ConnId, peer: SocketAddr, nick: Option<&str>, how: Departure) {
    let (connection, reason) = (who.0, how.as_str());
    if how == Departure::NotReading {
        tracing::info!(connection, %peer, nick, reason, "dropped");
    } else if how.is_orderly() {
        tracing::debug!(connection, %peer, nick, reason, "left");
    } else {
        tracing::debug!(connection, %peer, nick, reason, "dropped");
    }
}
