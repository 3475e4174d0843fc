//! A session with a simulated front end, network and clock.

use crate::session::{
    Action, ConnectionId, EntryKind, Event, Fault, InputError, Now, Options, Session, Submitted,
    Target,
};
use std::time::{Instant, SystemTime};

pub(super) struct Fixture {
    pub(super) session: Session,
    /// The simulated time.
    pub(super) now: Now,
    /// The connection that the session has opened and not closed.
    pub(super) id: Option<ConnectionId>,
    /// Everything that was sent on that connection.
    pub(super) sent: String,
}

impl Fixture {
    pub(super) fn new(options: Options) -> Self {
        Self {
            session: Session::new(options, 1),
            now: Now {
                instant: Instant::now(),
                wall: SystemTime::UNIX_EPOCH,
            },
            id: None,
            sent: String::new(),
        }
    }

    /// A session of `anna`, who is in the room with `others`.
    pub(super) fn joined(others: &[&str]) -> Self {
        let mut fixture = Self::new(Options::default());
        fixture.connect("anna");
        fixture.event(Event::Connected);
        fixture.receives(&format!("* welcome anna {}\n", others.len()));
        for nick in others {
            fixture.receives(&format!("* here {nick}\n"));
        }
        fixture.sent.clear();
        fixture
    }

    pub(super) fn connect(&mut self, nick: &str) {
        let target = Target {
            host: "localhost".into(),
            port: 53000,
            nick: nick.into(),
        };
        let _ = self.session.connect(self.now, target);
        self.perform_actions();
    }

    pub(super) fn event(&mut self, event: Event) {
        if let Some(id) = self.id {
            self.session.handle_event(self.now, id, event);
            self.perform_actions();
        }
    }

    pub(super) fn receives(&mut self, bytes: &str) {
        self.event(Event::Received(bytes.into()));
    }

    /// Submits a text through the draft.
    pub(super) fn submits(&mut self, text: &str) -> Result<Submitted, InputError> {
        self.session.draft_mut().set(text);
        let submitted = self.session.submit_draft(self.now);
        self.perform_actions();
        submitted
    }

    pub(super) fn leaves(&mut self) {
        self.session.leave(self.now);
        self.perform_actions();
    }

    /// Advances the time to the next timeout.
    pub(super) fn until_timeout(&mut self) {
        self.now.instant = self.session.poll_timeout().unwrap();
        self.session.handle_timeout(self.now);
        self.perform_actions();
    }

    /// Performs the pending actions, and checks that they are possible.
    pub(super) fn perform_actions(&mut self) {
        while let Some(action) = self.session.poll_action() {
            match action {
                Action::Connect { id, .. } => {
                    assert!(self.id.is_none(), "one connection at a time");
                    self.id = Some(id);
                    self.sent.clear();
                }
                Action::Send { id, bytes } => {
                    assert_eq!(Some(id), self.id, "sent without a connection");
                    self.sent.push_str(std::str::from_utf8(&bytes).unwrap());
                }
                Action::Close { id } => {
                    assert_eq!(Some(id), self.id);
                    self.id = None;
                }
            }
        }
    }

    pub(super) fn entries(&self) -> Vec<&EntryKind> {
        let entries = self.session.transcript().since(0);
        entries.map(|(_, entry)| &entry.kind).collect()
    }

    pub(super) fn last_entry(&self) -> &EntryKind {
        self.entries().pop().unwrap()
    }

    pub(super) fn members(&self) -> Vec<&str> {
        self.session.members().iter().collect()
    }

    pub(super) fn faults(&self) -> Vec<&Fault> {
        let lines = self.session.protocol_log().since(0);
        lines.filter_map(|(_, line)| line.fault.as_ref()).collect()
    }
}

/// A message from another member that does not mention the user.
pub(super) fn message(nick: &str, text: &str) -> EntryKind {
    EntryKind::Message {
        nick: nick.into(),
        text: text.into(),
        mention: false,
    }
}
