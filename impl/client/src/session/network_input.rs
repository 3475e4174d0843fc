//! Inputs from the network and the clock.

use super::clock::Now;
use super::io::{ConnectionId, Event};
use super::machine::Session;
use super::state::{End, State};

impl Session {
    /// Handles an event of the connection `id`. Events of an earlier connection are ignored.
    pub fn handle_event(&mut self, now: Now, id: ConnectionId, event: Event) {
        if id != self.connection || !self.is_connected() {
            return;
        }
        match event {
            Event::Connected => self.on_connected(now),
            Event::Sent(bytes) => self.on_sent(now, bytes),
            Event::Received(bytes) if self.state != State::Connecting => self.receive(now, &bytes),
            // Nothing can arrive before the connection is open.
            Event::Received(_) => {}
            Event::Ended => self.on_connection_lost(now, End::Closed),
            Event::Failed(failure) => {
                let end = match self.state {
                    State::Connecting => End::Unreachable(failure),
                    _ => End::Broken(failure),
                };
                self.on_connection_lost(now, end);
            }
        }
    }

    /// Fires the timeouts that are due at `now`.
    pub fn handle_timeout(&mut self, now: Now) {
        match self.state {
            State::Waiting { until, .. } if until <= now.instant => self.open_connection(now),
            State::Leaving { until } if until <= now.instant => {
                self.end_connection(now, End::Left);
            }
            _ => {}
        }
    }
}
