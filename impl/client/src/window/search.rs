//! Finds what was said.

use super::colours::Colours;
use super::named::named;
use super::scene::Scene;
use crate::session::{Entry, Log};
use crate::words::{Language, say};
use eframe::egui::{Key, RichText, TextEdit, Ui};
use std::collections::VecDeque;

/// How many bytes of transcript are read in one frame.
const BUDGET: usize = 512 * 1024;

/// A search that goes on: what comes later is searched as well.
#[derive(Debug)]
pub(super) struct Search {
    text: String,
    /// What is searched for, in lower case, and the language of the notices.
    sought: (String, Language),
    /// The entries that hold it, as far as they have been read.
    found: VecDeque<u64>,
    /// The first entry that has not been read.
    unread: u64,
    current: Option<u64>,
    wants_focus: bool,
}

/// What the user wants of the transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// To see this entry.
    Go(u64),
    /// No search any more.
    Close,
}

impl Search {
    pub(super) fn new(language: Language) -> Self {
        Self {
            text: String::new(),
            sought: (String::new(), language),
            found: VecDeque::new(),
            unread: 0,
            current: None,
            wants_focus: true,
        }
    }

    /// From the next frame on the field has the keyboard.
    pub(super) const fn take_focus(&mut self) {
        self.wants_focus = true;
    }

    /// What is searched for, in lower case.
    pub(super) fn sought(&self) -> &str {
        &self.sought.0
    }

    /// Shows the field, and how much was found.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>) -> Option<Wish> {
        let language = scene.language;
        let log = scene.session.transcript();
        let mut wish = None;
        ui.horizontal(|ui| {
            let hint = say!(language, "Search for", "Cerca il testo");
            let edit = TextEdit::singleline(&mut self.text).hint_text(&hint);
            let edit = named(ui.add(edit.desired_width(220.0)), &hint);
            if std::mem::take(&mut self.wants_focus) {
                edit.request_focus();
            }
            let keys = |key| edit.has_focus() && ui.input(|input| input.key_pressed(key));
            let entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let newer = entered && ui.input(|input| input.modifiers.shift);
            let (up, down) = (keys(Key::ArrowUp), keys(Key::ArrowDown));
            if entered {
                edit.request_focus();
            }
            if self.read(log, language) {
                ui.ctx().request_repaint();
            }
            let count = RichText::new(self.count(language)).small();
            let older_button = ui.button(say!(language, "Older", "Prima"));
            let newer_button = ui.button(say!(language, "Newer", "Dopo"));
            if (entered && !newer) || up || older_button.clicked() {
                wish = self.step(true).map(Wish::Go);
            } else if newer || down || newer_button.clicked() {
                wish = self.step(false).map(Wish::Go);
            }
            let close = ui.button(say!(language, "Close", "Chiudi"));
            if close.clicked() || ui.input(|input| input.key_pressed(Key::Escape)) {
                wish = Some(Wish::Close);
            }
            ui.label(count.color(Colours::of(ui).weak));
        });
        wish
    }

    /// Reads what has not been read yet, a part at a time. Tells whether there is more.
    fn read(&mut self, log: &Log<Entry>, language: Language) -> bool {
        let sought = (self.text.trim().to_lowercase(), language);
        if sought != self.sought {
            *self = Self {
                text: std::mem::take(&mut self.text),
                sought,
                wants_focus: self.wants_focus,
                ..Self::new(language)
            };
        }
        while self.found.front().is_some_and(|&index| index < log.first()) {
            self.found.pop_front();
        }
        if self.sought.0.is_empty() {
            return false;
        }
        let mut read = 0;
        for (index, entry) in log.since(self.unread) {
            if read > BUDGET {
                return true;
            }
            let text = language.entry(&entry.kind);
            read += text.len();
            if text.to_lowercase().contains(&self.sought.0) {
                self.found.push_back(index);
            }
            self.unread = index + 1;
        }
        false
    }

    /// The next one found, further up or further down; round at the ends.
    fn step(&mut self, up: bool) -> Option<u64> {
        let at = self
            .current
            .map(|current| self.found.partition_point(|&index| index < current));
        let count = self.found.len();
        let next = match (at, up) {
            (None, true) | (Some(0), true) => count.checked_sub(1)?,
            (None, false) => 0,
            (Some(at), true) => at - 1,
            (Some(at), false) => (at + 1) % count.max(1),
        };
        self.current = self.found.get(next).copied();
        self.current
    }

    fn count(&self, language: Language) -> String {
        let count = self.found.len();
        let at = self
            .current
            .and_then(|current| self.found.binary_search(&current).ok());
        match (self.sought.0.is_empty(), at) {
            (true, _) => String::new(),
            (false, Some(at)) => {
                // The newest one is the first: it is where the search begins.
                let number = count - at;
                say!(language, "{number} of {count}", "{number} di {count}")
            }
            (false, None) => say!(language, "{count} found", "{count} trovati"),
        }
    }
}
