//! A session that is carried: what it wants is done, what happens is told to it.

use crate::connection::{MAX_EVENTS, Network};
use crate::session::{Now, Session};

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

    /// Takes what has happened since the last time, as much as there is room for in the network's channel: whatever a
    /// server sends, a frame is never far. What comes meanwhile asks for the next frame itself.
    pub(super) fn turn(&mut self, now: Now) {
        for _ in 0..MAX_EVENTS {
            let Some((id, event)) = self.network.poll_event() else {
                break;
            };
            self.session.handle_event(now, id, event);
        }
        self.session.handle_timeout(now);
        self.perform();
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
