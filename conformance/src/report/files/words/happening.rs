//! The moments of a scenario, as labels in a diagram and as sentences.

use driver::wire::{End, Excerpt};

use super::problem::ended;
use crate::runner::{Happening, StopSignal};

/// A short label: words, and a text that may have to be shortened to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label<'a> {
    pub(crate) words: String,
    pub(crate) text: Option<&'a Excerpt>,
}

/// The label of a moment.
pub(crate) fn label(happening: &Happening) -> Label<'_> {
    let words = match happening {
        Happening::Connected => "connects",
        Happening::Sent { .. } | Happening::Received { .. } => "",
        Happening::HalfClosed | Happening::Ended { end: End::Fin } => "FIN",
        Happening::Reset | Happening::Ended { end: End::Reset } => "RST",
        Happening::HungUp => "hangs up",
        Happening::StoppedReading => "stops reading",
        Happening::ResumedReading => "resumes reading",
        Happening::Typed { .. } => "types ",
        Happening::InputEnded => "ends the input",
        Happening::Shown { .. } => "shows ",
        Happening::Signalled { signal } => name(*signal),
        Happening::Exited { exit } => {
            return Label {
                words: ended(*exit),
                text: None,
            };
        }
        Happening::Restarted => "restarted",
        Happening::Swept { .. } => "its processes ended",
    };
    let text = match happening {
        Happening::Sent { text }
        | Happening::Received { text }
        | Happening::Typed { text }
        | Happening::Shown { text } => Some(text),
        _ => None,
    };
    Label {
        words: words.to_owned(),
        text,
    }
}

/// A moment as a sentence; `actor` is `None` for the process under test.
pub(crate) fn happening(actor: Option<&str>, happening: &Happening) -> String {
    let actor = actor.unwrap_or("the server");
    match happening {
        Happening::Connected => format!("{actor} connects"),
        Happening::Sent { text } => format!("{actor} sends: {text}"),
        Happening::Received { text } => format!("{actor} receives: {text}"),
        Happening::HalfClosed => format!("{actor} ends its side of the connection"),
        Happening::Reset => format!("{actor} resets the connection"),
        Happening::HungUp => format!("{actor} closes the connection without reading on"),
        Happening::StoppedReading => format!("{actor} stops reading"),
        Happening::ResumedReading => format!("{actor} resumes reading"),
        Happening::Ended { end: End::Fin } => {
            format!("the server closes the connection of {actor}")
        }
        Happening::Ended { end: End::Reset } => {
            format!("the server resets the connection of {actor}")
        }
        Happening::Typed { text } => format!("the user of {actor} types: {text}"),
        Happening::InputEnded => format!("the user of {actor} ends the input"),
        Happening::Shown { text } => format!("{actor} shows: {text}"),
        Happening::Signalled { signal } => format!("{actor} receives {}", name(*signal)),
        Happening::Exited { exit } => format!("{actor} {}", ended(*exit)),
        Happening::Restarted => format!("{actor} is started again"),
        Happening::Swept { processes: 1 } => {
            format!("the suite ends a process that {actor} has started in a group of its own")
        }
        Happening::Swept { processes } => format!(
            "the suite ends {processes} processes that {actor} has started in groups of their own"
        ),
    }
}

fn name(signal: StopSignal) -> &'static str {
    match signal {
        StopSignal::Sigint => "SIGINT",
        StopSignal::Sigterm => "SIGTERM",
    }
}
