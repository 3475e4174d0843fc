//! What a scenario sends -> what a client of the dialect writes.

use driver::wire::{ClientLine, Write};

use super::speaker::Speaker;
use super::words::{Framing, Word};

/// The writes for these bytes. A whole line is one write; so are any other bytes, without the marks that the dialect does not have.
pub(super) fn writes(speaker: &mut Speaker, bytes: &[u8]) -> Vec<Write> {
    let begins_line = speaker.sent.is_complete();
    let lines = speaker.sent.feed(bytes);
    let ends_line = speaker.sent.is_complete();
    let mut writes = Vec::new();
    if let (true, true, [line]) = (begins_line, ends_line, lines.as_slice())
        && bytes.len() == line.len() + 1
    {
        let (word, is_end) = word(speaker, line);
        if !is_end {
            writes.push(Write::Bytes(speaker.dialect.framing_in.enclose(&word)));
        }
    } else {
        writes.push(Write::Bytes(others(speaker, bytes, begins_line)));
    }
    let mut leaves = false;
    for line in &lines {
        leaves |= note(speaker, line);
    }
    if leaves && !speaker.dialect.has(Word::Quit) {
        writes.push(Write::Fin);
    }
    // Where a write is a message, an unfinished line is one too.
    if !speaker.dialect.framing_in.is_line() && !ends_line {
        let rest = bytes.rsplit(|byte| *byte == b'\n').next().unwrap_or(bytes);
        note(speaker, rest);
    }
    writes
}

/// What is written for a line, and whether it is the end of the connection instead.
fn word(speaker: &Speaker, line: &[u8]) -> (Vec<u8>, bool) {
    let dialect = &speaker.dialect;
    let parsed = ClientLine::parse(line);
    if parsed.is_quit() {
        return match quit(speaker, line) {
            Some(word) => (word, false),
            None => (Vec::new(), true),
        };
    }
    let say = dialect.patterns(Word::Say).first();
    match (say, parsed, &speaker.nick) {
        (Some(say), ClientLine::Text(text), Some(nick)) => {
            (say.render(nick, text, "").into_bytes(), false)
        }
        _ => (line.to_vec(), false),
    }
}

/// How the dialect says a line that means the wish to leave: as it stands, if the dialect knows it.
fn quit(speaker: &Speaker, line: &[u8]) -> Option<Vec<u8>> {
    let words = speaker.dialect.patterns(Word::Quit).iter();
    let words: Vec<_> = words
        .map(|pattern| pattern.render("", "", "").into_bytes())
        .collect();
    let same = words.iter().find(|word| *word == line);
    same.or_else(|| words.first()).cloned()
}

/// Bytes that are not one whole line: as they stand, but for the wish to leave, where messages are lines; otherwise one message
/// without ends of lines.
fn others(speaker: &Speaker, bytes: &[u8], begins_line: bool) -> Vec<u8> {
    let framing = speaker.dialect.framing_in;
    let mut out = Vec::new();
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let Some(content) = line.strip_suffix(b"\n") else {
            out.extend_from_slice(line);
            continue;
        };
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let end = &line[content.len()..];
        let is_whole = number > 0 || begins_line;
        match quit(speaker, content) {
            _ if !is_whole || !ClientLine::parse(content).is_quit() => {
                out.extend_from_slice(content);
            }
            Some(word) => out.extend_from_slice(&word),
            // The end of the connection is the wish to leave.
            None => break,
        }
        match framing {
            Framing::Lf => out.extend_from_slice(end),
            Framing::CrLf => out.extend_from_slice(b"\r\n"),
            Framing::None | Framing::Be32 | Framing::Dec10 => {}
        }
    }
    match framing {
        Framing::Be32 | Framing::Dec10 => framing.enclose(&out),
        _ => out,
    }
}

/// Notes what a line means. Returns whether it is the wish to leave.
fn note(speaker: &mut Speaker, line: &[u8]) -> bool {
    match ClientLine::parse(line) {
        ClientLine::Quit(word) => {
            if !speaker.is_welcomed && speaker.nick.is_none() {
                // A server may take it for a nickname, and announce it.
                let written = quit(speaker, word.as_bytes()).unwrap_or_default();
                let written = String::from_utf8_lossy(&written).into_owned();
                let mut known = speaker.known.borrow_mut();
                known.ask(&written);
                known.leave(&written);
            }
            speaker.begin_leaving();
            return true;
        }
        ClientLine::Text(text) => note_text(speaker, text),
        ClientLine::Empty if !speaker.dialect.ignores_empty_lines => note_text(speaker, ""),
        _ => {}
    }
    false
}

fn note_text(speaker: &mut Speaker, text: &str) {
    match speaker.nick.clone() {
        None => speaker.ask(text),
        Some(nick) => {
            speaker.known.borrow_mut().say(&nick, text);
            // The nickname before may be refused, and this one taken.
            if !speaker.is_welcomed {
                speaker.known.borrow_mut().ask(text);
                speaker.maybe_nicks.push(text.to_owned());
            }
        }
    }
}
