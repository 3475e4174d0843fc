//! The title of the window.

use crate::sanitize::sanitize;
use crate::session::Session;

/// The name of the program.
pub(super) const NAME: &str = "Salotto";

/// The numbers of unread messages and mentions, and the server.
pub(super) fn title(session: &Session) -> String {
    let unread = session.unread();
    let count = match (unread.messages, unread.mentions) {
        (0, _) => String::new(),
        (messages, 0) => format!("({messages}) "),
        (messages, mentions) => format!("({messages}, @{mentions}) "),
    };
    match session.target() {
        Some(target) if session.nick().is_some() => {
            format!("{count}{} – {NAME}", sanitize(&target.host))
        }
        _ => format!("{count}{NAME}"),
    }
}
