//! The answers -> the file of a dialect.

use std::fmt::Write as _;

use super::visit::{Answers, SAID};
use crate::dialect::Framing;

/// The file of the dialect that a server speaks, with comments on what is not sure.
pub fn file(answers: &Answers) -> String {
    let mut out = String::from(
        "# Written by `conformance meet` from what the server has said.\nname = \"my-chat\"\n",
    );
    // Writing to a String cannot fail.
    let _ = write(answers, &mut out);
    out
}

fn write(answers: &Answers, out: &mut String) -> std::fmt::Result {
    let framing = answers.framing.unwrap_or(Framing::Lf);
    let units = framing_out(answers);
    let split = |bytes: &[u8]| -> Vec<String> {
        let messages = units.split(bytes);
        let messages = messages
            .iter()
            .map(|message| String::from_utf8_lossy(message).into_owned());
        messages.filter(|message| !message.is_empty()).collect()
    };
    writeln!(
        out,
        "\n[framing]\nin = \"{}\"\nout = \"{}\"",
        framing.as_str(),
        units.as_str()
    )?;
    writeln!(out, "\n# Which nicknames it takes was not asked.")?;
    writeln!(out, "[names]\nallowed = \"alphanumeric\"\nlongest = 16")?;
    writeln!(out, "\n[words]")?;
    if !answers.prompt.is_empty() {
        writeln!(out, "prompt = \"{{any}}\"")?;
    }
    let [_, second, third] = answers.welcomes.each_ref().map(|welcome| split(welcome));
    let has_list = third
        .iter()
        .any(|message| message.contains("anna") && message.contains("bruno"));
    let mut welcome = welcome(&second, &third);
    let joined = common(
        &split(&answers.joined[0]),
        "bruno",
        &split(&answers.joined[1]),
        "carla",
    );
    let mut own_joined = own_notice(&third);
    // Where messages have no end, the notice of its own stands right behind the welcome.
    if let (Some(words), Some(joined)) = (&mut welcome, &joined)
        && let Some(rest) = words.strip_suffix(joined.as_str())
        && !rest.is_empty()
    {
        *words = rest.to_owned();
        own_joined = true;
    }
    match &welcome {
        Some(welcome) => writeln!(out, "welcome = {}", quoted(welcome))?,
        None => writeln!(
            out,
            "# Nothing welcomes a newcomer: it is in when the server is at rest."
        )?,
    }
    let closed = split(&answers.closed);
    let by_word = answers.quit.as_ref().map_or(&[][..], |quit| &quit.left);
    let left = common(&split(&answers.reset), "dario", &closed, "bruno")
        .or_else(|| common(&split(by_word), "carla", &closed, "bruno"));
    match (&joined, &left) {
        (Some(joined), Some(left)) if joined != left => {
            writeln!(out, "joined = {}\nleft = {}", quoted(joined), quoted(left))?;
        }
        (Some(joined), _) => {
            let rest = joined.replacen("{nick}", "", 1);
            let is_free = rest.trim().is_empty();
            writeln!(
                out,
                "# Nobody was told who leaves, or in the same words. That is more often a fault than a dialect."
            )?;
            writeln!(
                out,
                "joined = {}",
                quoted(if is_free { "{any}{nick}{any}" } else { joined })
            )?;
            let left = split(&answers.closed)
                .first()
                .map(|left| left.replace("bruno", "{nick}"));
            let left = left.filter(|left| left.contains("{nick}") && left != joined);
            let left = left.unwrap_or_else(|| "{any}{nick}{any}".to_owned());
            writeln!(out, "left = {}", quoted(&left))?;
        }
        (None, _) => writeln!(
            out,
            "# Nobody was told who comes.\npresence = \"{{any}}{{nick}}{{any}}\""
        )?,
    }
    let message = split(&answers.message)
        .into_iter()
        .find(|message| message.contains(SAID));
    let message = message
        .unwrap_or_default()
        .replace("carla", "{nick}")
        .replace(SAID, "{text}");
    if message.contains("{nick}") {
        writeln!(out, "message = {}", quoted(&message))?;
    } else {
        writeln!(
            out,
            "# The server passes texts on as they are: clients write who speaks."
        )?;
        writeln!(
            out,
            "message = \"{{nick}}: {{text}}\"\nsay = \"{{nick}}: {{text}}\""
        )?;
    }
    if let Some(quit) = &answers.quit {
        writeln!(out, "quit = {}", quoted(&quit.word))?;
        if !quit.goodbye.is_empty() {
            writeln!(out, "goodbye = \"{{any}}\"")?;
        }
    } else {
        writeln!(out, "# No word to leave was found: clients close.")?;
    }
    let extra = third
        .iter()
        .skip(1)
        .filter(|message| !message.contains("carla"));
    let extra: Vec<_> = extra
        .filter(|message| !message.contains("anna"))
        .map(|message| quoted(message))
        .collect();
    if units.is_line() && !extra.is_empty() {
        writeln!(out, "ignore = [{}]", extra.join(", "))?;
    }
    refusals(answers, welcome.as_deref(), &split(&answers.taken.0), out)?;
    writeln!(
        out,
        "\n[habits]\necho = {}\nown-joined = {own_joined}",
        is_echo(answers)
    )?;
    if has_list
        && third.iter().any(|message| {
            ["anna", "bruno", "carla"]
                .iter()
                .all(|name| message.contains(name))
        })
    {
        writeln!(
            out,
            "# The list may name the newcomer too: list-self = true"
        )?;
    }
    Ok(())
}

fn refusals(
    answers: &Answers,
    welcome: Option<&str>,
    taken: &[String],
    out: &mut String,
) -> std::fmt::Result {
    let welcome = welcome.unwrap_or_default();
    let (head, _) = welcome.split_once('{').unwrap_or((welcome, ""));
    let is_welcome = |message: &String| {
        !head.is_empty() && message.starts_with(head)
            || message.replace("anna", "{nick}").contains(welcome)
    };
    let is_let_in = !answers.taken.1 && taken.iter().any(is_welcome);
    if taken.is_empty() || is_let_in {
        return writeln!(out, "\n# A nickname that is taken is not refused.");
    }
    let words = taken[0].replace("anna", "{nick}");
    let then = if answers.taken.1 { "closed" } else { "again" };
    writeln!(
        out,
        "\n[refusals]\nnickname-taken = {}\nthen = \"{then}\"",
        quoted(&words)
    )
}

/// How the server's own messages end: as the client's, or with LF where each of them does.
fn framing_out(answers: &Answers) -> Framing {
    match answers.framing {
        Some(framing @ (Framing::Be32 | Framing::Dec10)) => framing,
        _ => {
            let said = [&answers.welcomes[1], &answers.joined[0], &answers.message];
            let mut said = said.into_iter().filter(|bytes| !bytes.is_empty());
            if said.all(|bytes| bytes.ends_with(b"\n")) {
                let has_cr = answers.message.ends_with(b"\r\n");
                if has_cr { Framing::CrLf } else { Framing::Lf }
            } else {
                Framing::None
            }
        }
    }
}

/// Whether a newcomer hears a notice of its own behind the welcome.
fn own_notice(welcome: &[String]) -> bool {
    welcome
        .iter()
        .filter(|message| message.contains("carla"))
        .count()
        > 1
}

pub(super) fn is_echo(answers: &Answers) -> bool {
    super::visit::contains(&answers.echo, SAID)
}

/// The welcome, from what bruno and carla were told.
fn welcome(second: &[String], third: &[String]) -> Option<String> {
    let list = |message: &str, names: &[&str]| {
        let first = names.iter().filter_map(|name| message.find(name)).min()?;
        Some(format!("{}{{nicks}}", &message[..first]))
    };
    let message = third.iter().find(|message| message.contains("carla"));
    let other = second.iter().find(|message| message.contains("bruno"));
    match (message, other) {
        (Some(third), Some(second)) => {
            let pattern = third.replace("carla", "{nick}");
            let is_same = second.replace("bruno", "{nick}") == pattern;
            Some(if is_same {
                pattern
            } else {
                "{any}{nick}{any}".to_owned()
            })
        }
        _ => {
            let message = third.iter().find(|message| message.contains("anna"));
            match message.and_then(|message| list(message, &["anna", "bruno"])) {
                Some(list) => Some(list),
                None => third.first().cloned(),
            }
        }
    }
}

/// The words that two messages about two people have in common.
fn common(one: &[String], name: &str, two: &[String], other: &str) -> Option<String> {
    let one = one.iter().find(|message| message.contains(name))?;
    let pattern = one.replace(name, "{nick}");
    let two = two.iter().find(|message| message.contains(other))?;
    (two.replace(other, "{nick}") == pattern).then_some(pattern)
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
