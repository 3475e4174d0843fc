//! Outputs of the room, kept.

use salotto_protocol::ServerLine;
use salotto_room::{ConnId, Output};

/// An [`Output`] that owns its line.
#[derive(Debug)]
pub(crate) enum Record {
    Reply(ConnId, String),
    Enter(ConnId),
    Event(ConnId, String),
    Close(ConnId),
}

impl From<Output<'_>> for Record {
    fn from(output: Output<'_>) -> Self {
        match output {
            Output::Reply { to, line } => Self::Reply(to, text(line)),
            Output::Enter { id } => Self::Enter(id),
            Output::Event { by, line } => Self::Event(by, text(line)),
            Output::Close { id, .. } => Self::Close(id),
        }
    }
}

/// The line as it is sent, without its LF.
fn text(line: ServerLine<'_>) -> String {
    let mut bytes = Vec::new();
    line.encode(&mut bytes);
    let mut line = String::from_utf8(bytes).unwrap_or_else(|error| panic!("LINE-10: {error}"));
    assert_eq!(line.pop(), Some('\n'), "LINE-3");
    line
}
