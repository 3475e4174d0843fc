//! What the title of the window says.

use crate::session::Session;
use crate::text::harmless;

/// The name of the program.
pub(super) const NAME: &str = "Salotto";

/// How many messages are unread, and how many of them name the user; then where.
pub(super) fn title(session: &Session) -> String {
    let unread = session.unread();
    let count = match (unread.messages, unread.mentions) {
        (0, _) => String::new(),
        (messages, 0) => format!("({messages}) "),
        (messages, mentions) => format!("({messages}, @{mentions}) "),
    };
    match session.target() {
        Some(target) if session.nick().is_some() => {
            format!("{count}{} – {NAME}", harmless(&target.host))
        }
        _ => format!("{count}{NAME}"),
    }
}
