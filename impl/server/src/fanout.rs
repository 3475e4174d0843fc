//! What everybody is owed, and how it gets to the sockets.

use crate::link::Link;
use crate::room::{ConnId, Output};
use salotto_protocol::ServerLine;
use slab::Slab;
use std::time::{Duration, Instant};
use tokio::net::tcp::OwnedWriteHalf;

/// A member that is behind and has not taken anything for so long is asleep: nobody is slowed down
/// for it. Until then, others are slowed down but never stopped: each pause is shorter than this.
const PATIENCE: Duration = Duration::from_millis(200);

/// The links of all connections, and the events of this turn, encoded once for all of them.
#[derive(Debug)]
pub(crate) struct Fanout {
    links: Slab<Link>,
    /// Room events that have not been flushed, as the bytes that go to the sockets.
    batch: Vec<u8>,
    /// Those who hear events.
    members: Vec<ConnId>,
    /// Those who were owed something of their own since the last flush.
    replied: Vec<ConnId>,
    /// Those whose backlog passed a quarter of what is allowed.
    lagging: Vec<ConnId>,
    /// How many bytes a link may be owed before it is cut.
    max_backlog: usize,
    /// Memory for one line.
    line: Vec<u8>,
}

impl Fanout {
    pub(crate) fn new(max_backlog: usize) -> Self {
        Self {
            links: Slab::new(),
            batch: Vec::new(),
            members: Vec::new(),
            replied: Vec::new(),
            lagging: Vec::new(),
            max_backlog,
            line: Vec::new(),
        }
    }

    pub(crate) fn insert(&mut self, writer: OwnedWriteHalf) -> ConnId {
        ConnId(self.links.insert(Link::new(writer)) as u32)
    }

    pub(crate) fn link(&mut self, who: ConnId) -> &mut Link {
        &mut self.links[who.0 as usize]
    }

    pub(crate) fn remove(&mut self, who: ConnId) {
        self.links.remove(who.0 as usize).release();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// How many bytes of events wait for the next flush.
    pub(crate) fn pending(&self) -> usize {
        self.batch.len()
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
            }
            Output::Reply { to, line } => {
                self.line.clear();
                line.encode(&mut self.line);
                self.links[to.0 as usize].owe(&self.batch, &self.line);
                if self.replied.last() != Some(&to) {
                    self.replied.push(to);
                }
            }
            Output::Enter { who } => {
                self.links[who.0 as usize].enter(&self.batch);
                self.members.push(who);
            }
            Output::Close { who } => {
                self.line.clear();
                ServerLine::Quit.encode(&mut self.line);
                self.links[who.0 as usize].close(&self.batch, &self.line);
                self.members.retain(|&member| member != who);
            }
        }
    }

    /// Ends a connection without a goodbye.
    pub(crate) fn cut(&mut self, who: ConnId) {
        self.link(who).cut();
        self.members.retain(|&member| member != who);
    }

    /// Gives each socket in one write as much as it takes. What is left waits in the outboxes,
    /// each for the task of its own connection. Returns those whose backlog passed the limit.
    #[must_use]
    pub(crate) fn flush(&mut self) -> Vec<ConnId> {
        let mut beyond = Vec::new();
        let members = if self.batch.is_empty() {
            &[]
        } else {
            // The members' own replies go with the batch.
            let links = &self.links;
            self.replied
                .retain(|&who| links.get(who.0 as usize).is_some_and(Link::hears_nothing));
            &self.members[..]
        };
        for &who in members.iter().chain(&self.replied) {
            let Some(link) = self.links.get_mut(who.0 as usize) else {
                continue; // gone since its last reply
            };
            link.flush(&self.batch);
            if link.backlog() > self.max_backlog {
                beyond.push(who);
            } else if link.backlog() > self.max_backlog / 4 && !link.lagging {
                link.lagging = true;
                self.lagging.push(who);
            }
        }
        self.replied.clear();
        self.batch.clear();
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
