//! A line, and what is wrong with it.

use driver::wire::{Breach, Broken, Received, Unlawful, Visible};

/// A line from the server, and what is wrong with it.
pub(crate) fn received(line: &Received) -> String {
    let shown = Visible(line.bytes());
    let Received::Broken(_, rule) = line else {
        return shown.to_string();
    };
    let why = match rule {
        Broken::CarriageReturn => "it ends with CR LF instead of LF".to_owned(),
        Broken::NotUtf8 => "it is not UTF-8".to_owned(),
        Broken::Control(c) => control_character(*c),
        Broken::TooLong => "it is longer than 4130 bytes".to_owned(),
        Broken::Foreign => "the dialect has no such words".to_owned(),
        Broken::NoEcho => "its speaker should have received it before this".to_owned(),
    };
    format!("{shown} ({why})")
}

/// A line that no client may send, and what is wrong with it.
pub(super) fn unlawful(line: &Unlawful) -> String {
    let why = match line.breach {
        Breach::CarriageReturn => "it ends with CR LF instead of LF".to_owned(),
        Breach::Empty => "an empty line".to_owned(),
        Breach::TooLong => format!("{} bytes, more than 4096", line.bytes.len()),
        Breach::Control(c) => control_character(c),
        Breach::Command => {
            "a server takes it for a command, and the user was not asked to confirm it".to_owned()
        }
        Breach::NotUtf8 => "it is not UTF-8".to_owned(),
    };
    format!("{} ({why})", Visible(&line.bytes))
}

fn control_character(c: char) -> String {
    format!("it holds the control character U+{:04X}", u32::from(c))
}
