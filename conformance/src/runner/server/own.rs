//! The lines that the suite causes by itself: markers, probes, and members of its own.
//!
//! A *marker* is a message whose text no scenario uses. A *probe* is a line that the server must refuse. The rule: whatever
//! the suite sends by itself is accounted for at every place where a conformant server may deliver it, at any time. A conformant
//! server may be late on any connection and in either direction, so a marker can reach a member that joined after the
//! marker was sent, long after the step that sent it. So every such line is recorded before it is sent, once for the whole
//! run, and taken off wherever it may arrive:
//!
//! - at every member but the one that caused it, once;
//! - not at a connection that is still naming;
//! - not at a member that connected, or asked for its nickname, after somebody had received the line: then it was sent to the
//!   room before.

use std::cell::{Cell, RefCell};

use driver::wire::Event;

use super::text_match::matches;

/// The nickname of a member that belongs to the suite, or its beginning.
pub(super) const FENCE: &str = "fence";

/// A command that no server knows. A server without commands passes it on to the others, where it does not count.
pub(super) const PROBE: &[u8] = b"<marker>\n";

/// Everything that the suite has caused in one run, and a clock that orders arrivals and connections.
#[derive(Debug, Default)]
pub(super) struct OwnLines {
    lines: RefCell<Vec<OwnLine>>,
    moments: Cell<usize>,
}

/// A line that the suite has caused.
#[derive(Debug)]
struct OwnLine {
    /// The line, or how it begins.
    line: String,
    recipients: Recipients,
    /// When it arrived anywhere for the first time.
    arrived: Option<usize>,
}

/// The connections to which a conformant server delivers a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recipients {
    /// Every member but this actor, which has caused it.
    AllBut(String),
    /// Every member: a speaker hears itself.
    All,
    /// This actor alone.
    Only(String),
}

/// A connection at which a line arrives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recipient<'a> {
    pub(super) actor: &'a str,
    pub(super) is_member: bool,
    /// The last moment at which it was no member for certain.
    pub(super) outside_until: usize,
}

impl OwnLines {
    /// The next moment; each one is later than all before.
    pub(super) fn moment(&self) -> usize {
        self.moments.set(self.moments.get() + 1);
        self.moments.get()
    }

    /// Records a line that is about to be caused. Returns its number.
    pub(super) fn expect(&self, line: impl Into<String>, recipients: Recipients) -> usize {
        let mut lines = self.lines.borrow_mut();
        lines.push(OwnLine {
            line: line.into(),
            recipients,
            arrived: None,
        });
        lines.len() - 1
    }

    /// A text that was never used, for a marker.
    pub(super) fn marker_text(&self) -> String {
        format!("~marker {}~", self.lines.borrow().len() + 1)
    }

    /// The number of the line that this is, if a conformant server may deliver it here. `has_met` says which numbers have
    /// arrived here before.
    pub(super) fn arrive(
        &self,
        text: &str,
        at: Recipient<'_>,
        has_met: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let mut lines = self.lines.borrow_mut();
        let number = lines.iter().enumerate().position(|(number, own)| {
            matches(&own.line, text) && own.may_reach(at) && !has_met(number)
        })?;
        if lines[number].arrived.is_none() {
            lines[number].arrived = Some(self.moment());
        }
        Some(number)
    }

    /// Whether these bytes may become a line of the suite that is conformant here.
    pub(super) fn may_begin_with(&self, partial: &[u8], at: Recipient<'_>) -> bool {
        let lines = self.lines.borrow();
        // A line with `*` or `!` may go on with further words.
        let begins = |own: &OwnLine| {
            let (line, rest) = (own.line.as_bytes(), partial.get(own.line.len()..));
            line.starts_with(partial)
                || (partial.starts_with(line) && rest.is_some_and(|rest| rest.starts_with(b" ")))
        };
        lines.iter().any(|own| begins(own) && own.may_reach(at))
    }
}

impl OwnLine {
    fn may_reach_members(&self, at: Recipient<'_>) -> bool {
        let is_old = self.arrived.is_some_and(|moment| moment < at.outside_until);
        at.is_member && !is_old
    }

    fn may_reach(&self, at: Recipient<'_>) -> bool {
        match &self.recipients {
            Recipients::Only(actor) => actor == at.actor,
            Recipients::All => self.may_reach_members(at),
            Recipients::AllBut(sender) => sender != at.actor && self.may_reach_members(at),
        }
    }
}

/// Whether a line is a probe that a server without commands has passed on.
pub(super) fn is_probe(line: &str) -> bool {
    matches!(Event::parse(line), Some(Event::Said(_, "<marker>")))
}

/// Whether these bytes may become a probe of this member that a server without commands passes on.
pub(super) fn is_part_of_probe(nickname: &str, partial: &[u8]) -> bool {
    let probe = [nickname.as_bytes(), b": ", PROBE].concat();
    probe.starts_with(partial)
}

/// Whether the suite, and not the scenario, has caused an event.
pub(super) fn is_own(event: &Event<'_>) -> bool {
    event.nickname().starts_with(FENCE)
        || matches!(event, Event::Said(_, text) if text.starts_with("~marker "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "anna: ~marker 1~";

    fn at(actor: &str, is_member: bool, outside_until: usize) -> Recipient<'_> {
        Recipient {
            actor,
            is_member,
            outside_until,
        }
    }

    fn marker() -> OwnLines {
        let own = OwnLines::default();
        own.expect(MARKER, Recipients::AllBut("anna".to_owned()));
        own
    }

    #[test]
    fn a_marker_may_reach_every_other_member_once() {
        let own = marker();
        assert_eq!(own.arrive(MARKER, at("bruno", true, 0), |_| false), Some(0));
        assert_eq!(own.arrive(MARKER, at("bruno", true, 0), |_| true), None);
        assert_eq!(own.arrive(MARKER, at("carla", true, 0), |_| false), Some(0));
    }

    #[test]
    fn a_marker_does_not_return_to_its_sender_or_reach_a_nameless_connection() {
        let own = marker();
        assert_eq!(own.arrive(MARKER, at("anna", true, 0), |_| false), None);
        assert_eq!(own.arrive(MARKER, at("bruno", false, 0), |_| false), None);
    }

    #[test]
    fn a_late_marker_may_reach_a_member_that_joined_after_it_was_sent() {
        let own = marker();
        let connected = own.moment();
        let newcomer = at("dario", true, connected);
        assert_eq!(own.arrive(MARKER, newcomer, |_| false), Some(0));
    }

    #[test]
    fn a_marker_that_has_arrived_does_not_reach_those_who_connect_later() {
        let own = marker();
        own.arrive(MARKER, at("bruno", true, 0), |_| false);
        let connected = own.moment();
        let newcomer = at("dario", true, connected);
        assert_eq!(own.arrive(MARKER, newcomer, |_| false), None);
    }

    #[test]
    fn the_beginning_of_a_line_may_have_further_words() {
        let own = OwnLines::default();
        own.expect("! not-utf8", Recipients::Only("anna".to_owned()));
        for partial in ["! not", "! not-utf8", "! not-utf8 the li"] {
            assert!(own.may_begin_with(partial.as_bytes(), at("anna", false, 0)));
        }
        assert!(!own.may_begin_with(b"! not-utf8-at-all", at("anna", false, 0)));
    }

    #[test]
    fn a_reply_concerns_one_actor() {
        let own = OwnLines::default();
        own.expect("! not-utf8", Recipients::Only("anna".to_owned()));
        let line = "! not-utf8 the line is not UTF-8";
        assert_eq!(own.arrive(line, at("bruno", true, 0), |_| false), None);
        assert_eq!(own.arrive(line, at("anna", false, 0), |_| false), Some(0));
    }
}
