//! The lines that the harness causes by itself: markers, probes, and members of its own.
//!
//! A *marker* is a message whose text no scenario uses. A *probe* is a line that the server must refuse. Wherever a
//! lawful server may deliver them they are taken off, so that no step has to list them.

use driver::wire::Event;

/// The nickname of a member that belongs to the harness, or its beginning.
pub(super) const FENCE: &str = "fence";

/// A command that no server knows. A server without commands passes it on to the others, where it does not count.
pub(super) const PROBE: &[u8] = b"<marker>\n";

/// A line that the harness has caused and an actor will receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// The line, or how it begins.
    pub(super) line: String,
    /// The number of the fence or probe that it belongs to.
    pub(super) number: usize,
}

/// The text of a marker.
pub(super) fn marker_text(number: usize) -> String {
    format!("~marker {number}~")
}

/// Whether a line is a probe that a server without commands has passed on.
pub(super) fn is_probe(line: &str) -> bool {
    matches!(Event::parse(line), Some(Event::Said(_, "<marker>")))
}

/// Whether the harness, and not the scenario, has caused an event.
pub(super) fn is_own(event: &Event<'_>) -> bool {
    event.nickname().starts_with(FENCE)
        || matches!(event, Event::Said(_, text) if text.starts_with("~marker "))
}
