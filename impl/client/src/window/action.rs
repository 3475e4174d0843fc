//! What the user asks for outside the messages.

/// A request of the user that another part of the window handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UiAction {
    /// Search the transcript.
    Search,
    /// Save the transcript to a file.
    Save,
    /// Leave the room.
    Leave,
    /// Go back to the form to connect to another server.
    ChangeServer,
}
