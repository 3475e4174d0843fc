//! What a dialect lacks for a scenario.

use crate::dialect::Lack;

/// What the dialect lacks, as the end of a sentence without a full stop.
pub(super) fn lack(lack: &Lack) -> String {
    match lack {
        Lack::Refusal { code } => format!("a server need not refuse with `{code}`"),
        Lack::Nickname { nickname } => {
            format!("whether a server takes the nickname `{nickname}` is left to it")
        }
        Lack::Text { text } => format!("`{text}` is a command there"),
        Lack::Framing => "its messages have no mark at their end".to_owned(),
        Lack::Cr => "it has no CR before an LF".to_owned(),
        Lack::EmptyLines => "an empty line has a meaning".to_owned(),
        Lack::List => "it has no list of members for newcomers".to_owned(),
        Lack::Quit => "it has no word to leave".to_owned(),
        Lack::Goodbye => "its goodbye is not known".to_owned(),
        Lack::GoodbyeAfterFin => "it has no goodbye after a client's FIN".to_owned(),
        Lack::Joined => "it has no notice of who comes".to_owned(),
        Lack::Left => "it has no notice of who leaves".to_owned(),
        Lack::Echo => "it sends messages back to their speaker".to_owned(),
        Lack::History => "it tells newcomers what was said before".to_owned(),
        Lack::LongTexts => "it limits the length of texts".to_owned(),
        Lack::NonAscii => "its texts are ASCII".to_owned(),
    }
}
