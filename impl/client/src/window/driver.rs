//! Connects the session to the network.

use crate::connection::Network;
use crate::session::{Now, Session};
use std::time::Duration;

/// The time for events in each frame. Drawing needs the rest of the 16 ms.
const EVENT_TIME: Duration = Duration::from_millis(2);

/// The session and its network.
#[derive(Debug)]
pub(super) struct Driver {
    session: Session,
    network: Network,
}

impl Driver {
    pub(super) const fn new(session: Session, network: Network) -> Self {
        Self { session, network }
    }

    /// Handles events and timeouts for a limited time, so that a flood does not delay the next frame. Returns whether there
    /// may be more events.
    pub(super) fn handle_events(&mut self, now: Now) -> bool {
        let more = loop {
            match self.network.poll_event() {
                Some((id, event)) => self.session.handle_event(now, id, event),
                None => break false,
            }
            if now.instant.elapsed() >= EVENT_TIME {
                break true;
            }
        };
        self.session.handle_timeout(now);
        self.perform_actions();
        more
    }

    /// Performs the actions of the session.
    pub(super) fn perform_actions(&mut self) {
        while let Some(action) = self.session.poll_action() {
            self.network.perform(action);
        }
    }

    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    /// The session, for inputs of the user. Call [`perform_actions`](Self::perform_actions) afterwards.
    pub(super) const fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
