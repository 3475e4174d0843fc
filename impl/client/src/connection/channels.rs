//! The channels between the front end and the network thread.

use crate::session::{Action, ConnectionId, Event};
use tokio::sync::mpsc;

/// The actions of the session.
pub(super) type Actions = mpsc::UnboundedReceiver<Action>;

/// A reserved place in the event channel.
pub(super) type Permit<'a> = mpsc::Permit<'a, (ConnectionId, Event)>;

/// Sends events to the front end and wakes it.
pub(super) struct EventSender<W> {
    pub(super) events: mpsc::Sender<(ConnectionId, Event)>,
    pub(super) wake: W,
}

impl<W: Fn()> EventSender<W> {
    /// Waits until the channel has room for an event. Returns `None` if the front end is gone.
    pub(super) async fn reserve(&self) -> Option<Permit<'_>> {
        self.events.reserve().await.ok()
    }

    pub(super) fn send(&self, permit: Permit<'_>, id: ConnectionId, event: Event) {
        permit.send((id, event));
        (self.wake)();
    }
}
