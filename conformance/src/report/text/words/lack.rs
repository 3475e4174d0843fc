//! Words about dialects: why a scenario does not apply, what lines are called there, and the verdict.

use driver::wire::Visible;

use crate::dialect::Lack;
use crate::runner::InDialect;

/// What was expected and what came, in the words of the dialect; `None` where it has none.
pub(crate) fn in_dialect(lines: &InDialect) -> Option<String> {
    let shown = |label: &str, line: &Option<String>| {
        let line = line.as_ref()?;
        Some(format!("{label} {}", Visible(line.as_bytes())))
    };
    let expected = shown("expected", &lines.expected);
    let received = shown("received", &lines.received);
    let all: Vec<_> = expected.into_iter().chain(received).collect();
    (!all.is_empty()).then(|| format!("in {}: {}", lines.dialect, all.join("; ")))
}

/// The verdict on a server that speaks a dialect: how many of how many requirements apply, if that is known, and whether the dialect
/// is kept.
pub(crate) fn kept(dialect: &str, applies: Option<(usize, usize)>, is_kept: bool) -> String {
    let keeps = if is_kept { "keeps" } else { "does not keep" };
    let verdict = format!("The server {keeps} {dialect}, as far as it was tested.");
    match applies {
        Some((applies, all)) => {
            format!("{dialect}: {applies} of {all} requirements apply.\n{verdict}")
        }
        None => verdict,
    }
}

/// What the dialect lacks for a scenario, as a sentence without a full stop.
pub fn lacks(lack: &Lack) -> String {
    let reason = match lack {
        Lack::Refusal { code } => {
            return format!("the dialect does not refuse with {code}");
        }
        Lack::Nickname { nickname } => {
            return format!(
                "not every server of the dialect decides alike on the nickname {nickname:?}"
            );
        }
        Lack::Text { text } => return format!("{text:?} is a command in the dialect"),
        Lack::Framing => "nothing marks the end of a message",
        Lack::Cr => "a CR is part of the text",
        Lack::EmptyLines => "empty lines are not ignored",
        Lack::List => "newcomers are not told who is there",
        Lack::Quit => "there is no word to leave",
        Lack::Goodbye => "no goodbye is known",
        Lack::GoodbyeAfterFin => "there is no goodbye to a client that ends its side",
        Lack::Joined => "members are not told who comes",
        Lack::Left => "members are not told who leaves",
        Lack::Echo => "a speaker hears itself",
        Lack::History => "newcomers are told what was said before",
        Lack::LongTexts => "a text may be longer than every server must carry",
        Lack::NonAscii => "texts are ASCII",
    };
    reason.to_owned()
}
