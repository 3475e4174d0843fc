//! Nicknames on a server that is running already: a suffix keeps them apart from earlier runs, and strangers are not counted.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use driver::wire::{ClientLine, Event};

/// How a scenario's nicknames are spelled on the wire, and who else is in the room.
#[derive(Debug, Default)]
pub(super) struct Alias {
    /// Empty for a server of the harness's own.
    suffix: String,
    /// As the scenario writes it, and as it was sent.
    sent: RefCell<BTreeMap<String, String>>,
    strangers: RefCell<BTreeSet<String>>,
}

/// The longest nickname, in bytes (NICK-2).
const LONGEST_NICKNAME: usize = 32;

impl Alias {
    /// A suffix that no other run has.
    pub(super) fn for_this_run() -> Self {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        // Three characters of base 36 repeat after a day.
        let mut rest = since_epoch.as_secs() / 2 + u64::from(std::process::id());
        let mut suffix = String::from("-");
        for _ in 0..3 {
            suffix.extend(char::from_digit((rest % 36) as u32, 36));
            rest /= 36;
        }
        Self {
            suffix,
            ..Self::default()
        }
    }

    /// Whether it changes anything.
    pub(super) fn is_plain(&self) -> bool {
        self.suffix.is_empty()
    }

    /// The nickname as it is sent. One that has no room for the suffix stays as it is.
    pub(super) fn nickname(&self, written: &str) -> String {
        let fits = written.len() + self.suffix.len() <= LONGEST_NICKNAME;
        let sent = if fits {
            format!("{written}{}", self.suffix)
        } else {
            written.to_owned()
        };
        self.sent
            .borrow_mut()
            .insert(written.to_owned(), sent.clone());
        sent
    }

    /// Bytes as they are sent while naming: the first line that could be a nickname gets the suffix.
    pub(super) fn while_naming(&self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_plain() {
            return bytes;
        }
        let mut out = Vec::new();
        let mut named = false;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let end = line.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (text, end) = line.split_at(end.unwrap_or(0));
            match std::str::from_utf8(text) {
                Ok(nickname) if !named && ClientLine::parse(text).is_message() => {
                    named = true;
                    out.extend_from_slice(self.nickname(nickname).as_bytes());
                }
                _ => out.extend_from_slice(text),
            }
            out.extend_from_slice(end);
        }
        out
    }

    /// A listed line as it must come: nicknames as they were sent, strangers counted in.
    pub(super) fn listed(&self, line: &str) -> String {
        if self.is_plain() {
            return line.to_owned();
        }
        let sent = self.sent.borrow();
        if let Some(rest) = line.strip_prefix("* welcome ") {
            let (nickname, count) = rest.split_once(' ').unwrap_or((rest, ""));
            let nickname = sent.get(nickname).map_or(nickname, String::as_str);
            return match count.parse::<usize>() {
                Ok(count) => format!("* welcome {nickname} {}", count + self.strangers()),
                Err(_) => format!("* welcome {nickname}"),
            };
        }
        for notice in ["* here ", "* joined ", "* left "] {
            if let Some(nickname) = line.strip_prefix(notice) {
                return format!(
                    "{notice}{}",
                    sent.get(nickname).map_or(nickname, String::as_str)
                );
            }
        }
        match Event::parse(line) {
            Some(Event::Said(nickname, text)) => format!(
                "{}: {text}",
                sent.get(nickname).map_or(nickname, String::as_str)
            ),
            _ => line.to_owned(),
        }
    }

    /// Notes who is in the room and does not belong to the scenario.
    pub(super) fn meet(&self, stranger: &str) {
        self.strangers.borrow_mut().insert(stranger.to_owned());
    }

    /// How many strangers there are.
    pub(super) fn strangers(&self) -> usize {
        self.strangers.borrow().len()
    }

    /// Whether a line is about a stranger. One that leaves is none any more.
    pub(super) fn concerns_stranger(&self, line: &str) -> bool {
        if self.is_plain() {
            return false;
        }
        let here = line.strip_prefix("* here ");
        let nickname = here.or_else(|| Event::parse(line).map(|event| event.nickname()));
        nickname.is_some_and(|nickname| self.strangers.borrow().contains(nickname))
    }
}
