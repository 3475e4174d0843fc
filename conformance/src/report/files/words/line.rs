//! A line, and the rule that it breaks.

use driver::wire::{Breach, Broken, Received, Unlawful, Visible};

use super::side::Side;

/// A line from the server.
pub(crate) fn received(line: &Received) -> Side {
    let rule = match line {
        Received::Line(_) => String::new(),
        Received::Broken(_, Broken::CarriageReturn) => "ends with CR LF instead of LF".to_owned(),
        Received::Broken(_, Broken::NotUtf8) => "not UTF-8".to_owned(),
        Received::Broken(_, Broken::Control(c)) => control_character(*c),
        Received::Broken(_, Broken::TooLong) => "longer than 4130 bytes".to_owned(),
        Received::Broken(_, Broken::Foreign) => "no words of the dialect".to_owned(),
        Received::Broken(_, Broken::NoEcho) => {
            "should have come back to its speaker before".to_owned()
        }
    };
    Side {
        text: Visible(line.bytes()).to_string(),
        remark: rule,
    }
}

/// A line that no client may send.
pub(super) fn unlawful(line: &Unlawful) -> Side {
    let rule = match line.breach {
        Breach::CarriageReturn => "ends with CR LF instead of LF".to_owned(),
        Breach::Empty => "an empty line".to_owned(),
        Breach::TooLong => format!("{} bytes; the limit is 4096", line.bytes.len()),
        Breach::Control(c) => control_character(c),
        Breach::Command => "a command that the user was not asked to confirm".to_owned(),
        Breach::NotUtf8 => "not UTF-8".to_owned(),
    };
    Side {
        text: Visible(&line.bytes).to_string(),
        remark: rule,
    }
}

fn control_character(c: char) -> String {
    format!("contains the control character U+{:04X}", u32::from(c))
}
