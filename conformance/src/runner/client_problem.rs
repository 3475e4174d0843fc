//! What can go wrong with a client.

use std::fmt;
use std::time::Duration;

use crate::requirement::Id;
use crate::runner::Proof;
use driver::wire::{Breach, End, Unlawful, Visible};

/// What went wrong. Actors are named as in the scenario.
#[derive(Debug, Clone)]
pub struct ClientProblem {
    /// The client.
    pub actor: String,
    /// What was expected of it; empty where nothing was.
    pub expected: String,
    /// What came instead.
    pub instead: Instead,
}

/// What a client did instead of what was expected.
#[derive(Debug, Clone)]
pub enum Instead {
    /// It sent this line.
    Sent(String),
    /// It sent a line that no client may send.
    Unlawful(Unlawful),
    /// It sent nothing for so long, but for these bytes without an LF.
    Nothing(Duration, Vec<u8>),
    /// It ended the connection.
    Ended(End),
    /// It did not show the text; behind what was expected before, it showed this.
    NotShown(Proof, Vec<u8>),
    /// It showed this, which must never be shown.
    Shown(Vec<u8>),
    /// It has not closed the connection for so long.
    StillOpen(Duration),
    /// It does not take what is sent.
    NotTaken(String),
    /// It takes nothing of what its user types.
    Deaf(String),
    /// It showed megabytes of output.
    Flood,
}

impl fmt::Display for ClientProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = &self.actor;
        match &self.instead {
            Instead::Sent(_) if self.expected.is_empty() => {
                write!(f, "{actor} sent a line that must not come")
            }
            Instead::Sent(_) => write!(f, "{actor} sent another line"),
            Instead::Unlawful(_) => write!(f, "{actor} sent a line that no client may send"),
            Instead::Nothing(time, _) => write!(f, "{actor} sent nothing for {} s", time.as_secs()),
            Instead::Ended(End::Fin) => write!(f, "{actor} closed the connection"),
            Instead::Ended(End::Reset) => write!(f, "{actor} reset the connection"),
            Instead::NotShown(Proof::Overtaken, _) => {
                write!(f, "{actor} did not show a text, but what came after it")
            }
            Instead::NotShown(Proof::Waited(time), _) => {
                write!(f, "{actor} did not show a text in {} s", time.as_secs())
            }
            Instead::Shown(_) => write!(f, "{actor} showed what must not reach a screen"),
            Instead::StillOpen(time) => {
                write!(
                    f,
                    "{actor} has not closed the connection after {} s",
                    time.as_secs()
                )
            }
            Instead::NotTaken(reason) => write!(f, "{actor} does not read: {reason}"),
            Instead::Deaf(reason) => write!(f, "{actor} does not take what is typed: {reason}"),
            Instead::Flood => write!(f, "{actor} showed more than anybody sent"),
        }
    }
}

impl ClientProblem {
    /// The requirement that the problem itself tells, whatever the step was about.
    pub(super) fn blame(&self) -> Option<Id> {
        match &self.instead {
            Instead::Unlawful(unlawful) => Id::parse(unlawful.breach.requirement()),
            _ => None,
        }
    }

    /// What was expected and what came instead, as labelled lines.
    pub(crate) fn comparison(&self) -> Vec<(&'static str, String)> {
        let visible = |bytes: &[u8]| Visible(bytes).to_string();
        let expected = match (self.expected.as_str(), &self.instead) {
            ("", Instead::StillOpen(_)) => "(end of the connection)".to_owned(),
            ("", _) => format!("(nothing more from {})", self.actor),
            (text, _) => visible(text.as_bytes()),
        };
        let received = match &self.instead {
            Instead::Sent(line) => visible(line.as_bytes()),
            Instead::Unlawful(unlawful) => unlawful_line(unlawful),
            Instead::Nothing(_, partial) if !partial.is_empty() => {
                format!("{} (and no LF after it)", visible(partial))
            }
            Instead::Nothing(time, _) => format!("(nothing for {:.1} s)", time.as_secs_f64()),
            Instead::Ended(End::Fin) => "(end of the connection: FIN)".to_owned(),
            Instead::Ended(End::Reset) => "(end of the connection: RESET)".to_owned(),
            Instead::NotShown(_, shown) | Instead::Shown(shown) => visible(shown),
            Instead::StillOpen(_) => "(nothing)".to_owned(),
            Instead::NotTaken(_) | Instead::Deaf(_) | Instead::Flood => return Vec::new(),
        };
        if matches!(self.instead, Instead::Shown(_)) {
            return vec![("received", received)];
        }
        vec![("expected", expected), ("received", received)]
    }
}

fn unlawful_line(line: &Unlawful) -> String {
    let why = match line.breach {
        Breach::CarriageReturn => "it ends with CR LF instead of LF".to_owned(),
        Breach::Empty => "an empty line".to_owned(),
        Breach::TooLong => format!("{} bytes, more than 4096", line.bytes.len()),
        Breach::Control(c) => format!("it holds the control character U+{:04X}", u32::from(c)),
        Breach::Command => "a server takes it for a command, and its user was not asked".to_owned(),
        Breach::NotUtf8 => "it is not UTF-8".to_owned(),
    };
    format!("{} ({why})", Visible(&line.bytes))
}
