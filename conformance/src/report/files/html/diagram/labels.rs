//! What is written beside the arrows, and the sentence of each row.

use driver::wire::Excerpt;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::rows::{Row, What};
use crate::report::files::html::inline::visible;
use crate::report::files::words::{self, count};

/// The widest text beside an arrow, in columns of a terminal.
const LONGEST: usize = 31;
/// The widest note.
const LONGEST_NOTE: usize = 72;
/// The widest name.
const LONGEST_NAME: usize = 12;

/// What is written beside the row's arrow. An actor without a column of its own is named.
pub(super) fn label(row: &Row<'_>, is_in_crowd: bool) -> String {
    let text = match row.what {
        What::Gap(left_out) => return format!("⋮   {}   ⋮", words::left_out(left_out)),
        What::Note(problem) => {
            return format!("✗ {}", shortened(&words::problem(problem), LONGEST_NOTE));
        }
        What::Received(_, line) => shortened(&words::received(line).to_string(), LONGEST),
        What::Expected(_, expected) => {
            let prefix = "expected: ";
            let expected = words::expectation(expected).to_string();
            prefix.to_owned() + &shortened(&expected, LONGEST - prefix.len())
        }
        What::Moment(_, happening) => {
            let words::Label { words, text } = words::label(happening);
            let room = LONGEST - words.width().min(LONGEST);
            words + &text.map_or_else(String::new, |text| shortened_excerpt(text, room))
        }
    };
    let times = match row.times {
        1 => String::new(),
        times => format!(" × {times}"),
    };
    match row.actor().filter(|_| is_in_crowd) {
        Some(actor) => format!("{}: {text}{times}", name(actor)),
        None => text + &times,
    }
}

/// The row as a sentence, for screen readers and for texts that the label shortens.
pub(super) fn sentence(row: &Row<'_>) -> String {
    let failed = if row.failed { "Failed: " } else { "" };
    let times = match row.times {
        1 => String::new(),
        times => format!(", {}", count(times, "time")),
    };
    let sentence = match row.what {
        What::Gap(left_out) => words::left_out(left_out),
        What::Note(problem) => words::problem(problem),
        What::Received(actor, line) => words::has_received(actor, line),
        What::Expected(actor, expected) => words::should_have_received(actor, expected),
        What::Moment(actor, happening) => words::happening(actor, happening),
    };
    format!("{failed}{sentence}{times}")
}

/// An actor's name, as far as there is room.
pub(super) fn name(actor: &str) -> String {
    shortened(actor, LONGEST_NAME)
}

/// About how many pixels a label takes.
pub(super) fn pixels(label: &str) -> usize {
    label.width() * 29 / 4
}

/// All of a text, or as much of its beginning and its end as there is room for.
fn shortened(text: &str, room: usize) -> String {
    let text = visible(text);
    if text.width() <= room {
        return text;
    }
    let end: String = fitting(text.chars().rev(), room / 4);
    let end: String = ['…'].into_iter().chain(end.chars().rev()).collect();
    fitting(text.chars(), room.saturating_sub(end.width())) + &end
}

/// The same for a text that may be an excerpt: then its length is shown instead of its end.
fn shortened_excerpt(excerpt: &Excerpt, room: usize) -> String {
    if excerpt.tail().is_none() {
        return shortened(&excerpt.head(), room);
    }
    let end = format!("… ({})", count(excerpt.length(), "byte"));
    fitting(excerpt.head().chars(), room.saturating_sub(end.width())) + &end
}

/// As many characters as fit.
fn fitting(characters: impl Iterator<Item = char>, room: usize) -> String {
    let mut taken = 0;
    let fits = |c: &char| {
        taken += c.width().unwrap_or(1);
        taken <= room
    };
    characters.take_while(fits).collect()
}
