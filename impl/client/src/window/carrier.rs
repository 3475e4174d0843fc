//! A session that is carried: what it wants is done, what happens is told to it.

use crate::connection::Network;
use crate::session::{Now, Session};
use std::time::Duration;

/// How much of a frame goes to what has come. Drawing needs the rest of 16 ms.
const SHARE: Duration = Duration::from_millis(2);

/// A session and the network that it lives on.
#[derive(Debug)]
pub(super) struct Carrier {
    session: Session,
    network: Network,
}

impl Carrier {
    pub(super) const fn new(session: Session, network: Network) -> Self {
        Self { session, network }
    }

    /// Takes what has happened since the last time, for as long as a frame can spare: whatever a server sends, the next
    /// frame is near. Tells whether something may be left.
    pub(super) fn turn(&mut self, now: Now) -> bool {
        let left = loop {
            match self.network.poll_event() {
                Some((id, event)) => self.session.handle_event(now, id, event),
                None => break false,
            }
            if now.instant.elapsed() >= SHARE {
                break true;
            }
        };
        self.session.handle_timeout(now);
        self.perform();
        left
    }

    /// Does what the session wants.
    pub(super) fn perform(&mut self) {
        while let Some(action) = self.session.poll_action() {
            self.network.perform(action);
        }
    }

    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    /// The session, for what the user does. [`perform`](Self::perform) it then.
    pub(super) const fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
