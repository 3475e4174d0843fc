//! The bar to search the transcript.

use super::accessibility::with_name;
use super::colours::Colours;
use super::view_context::ViewContext;
use crate::i18n::{Language, tr};
use crate::session::{Entry, Log};
use eframe::egui::{Key, RichText, TextEdit, Ui};
use std::collections::VecDeque;

/// How much text is searched per frame, in bytes.
const BYTES_PER_FRAME: usize = 512 * 1024;

/// A search that continues with new entries as they arrive.
#[derive(Debug)]
pub(super) struct SearchBar {
    /// The text in the field.
    text: String,
    /// The text that is searched for, in lower case.
    query: String,
    /// The language of the notices that are searched.
    language: Language,
    /// The indices of the matching entries.
    matches: VecDeque<u64>,
    /// The index of the first entry that has not been searched.
    next: u64,
    /// The index of the selected match.
    current: Option<u64>,
    wants_focus: bool,
}

/// What the user wants the transcript to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SearchAction {
    /// Scroll to this entry.
    GoTo(u64),
    /// Close the search bar.
    Close,
}

impl SearchBar {
    pub(super) fn new(language: Language) -> Self {
        Self {
            text: String::new(),
            query: String::new(),
            language,
            matches: VecDeque::new(),
            next: 0,
            current: None,
            wants_focus: true,
        }
    }

    /// Gives the field the keyboard focus from the next frame on.
    pub(super) const fn request_focus(&mut self) {
        self.wants_focus = true;
    }

    /// The text that is searched for, in lower case.
    pub(super) fn query(&self) -> &str {
        &self.query
    }

    /// Shows the field, the buttons and the number of matches.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &ViewContext<'_>) -> Option<SearchAction> {
        let language = cx.language;
        let log = cx.session.transcript();
        let mut action = None;
        ui.horizontal(|ui| {
            let hint = tr!(language, "Search for", "Cerca il testo");
            let edit = TextEdit::singleline(&mut self.text).hint_text(&hint);
            let edit = with_name(ui.add(edit.desired_width(220.0)), &hint);
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
            if self.search(log, language) {
                ui.ctx().request_repaint();
            }
            let count = RichText::new(self.count(language)).small();
            let older_button = ui.button(tr!(language, "Older", "Prima"));
            let newer_button = ui.button(tr!(language, "Newer", "Dopo"));
            if (entered && !newer) || up || older_button.clicked() {
                action = self.step(true).map(SearchAction::GoTo);
            } else if newer || down || newer_button.clicked() {
                action = self.step(false).map(SearchAction::GoTo);
            }
            let close = ui.button(tr!(language, "Close", "Chiudi"));
            if close.clicked() || ui.input(|input| input.key_pressed(Key::Escape)) {
                action = Some(SearchAction::Close);
            }
            ui.label(count.color(Colours::of(ui).weak_text));
        });
        action
    }

    /// Searches the next part of the transcript. Returns whether there is more.
    fn search(&mut self, log: &Log<Entry>, language: Language) -> bool {
        let query = self.text.trim().to_lowercase();
        if (&query, language) != (&self.query, self.language) {
            *self = Self {
                text: std::mem::take(&mut self.text),
                query,
                wants_focus: self.wants_focus,
                ..Self::new(language)
            };
        }
        while self
            .matches
            .front()
            .is_some_and(|&index| index < log.first())
        {
            self.matches.pop_front();
        }
        if self.query.is_empty() {
            return false;
        }
        let mut searched = 0;
        for (index, entry) in log.since(self.next) {
            if searched > BYTES_PER_FRAME {
                return true;
            }
            let text = language.entry(&entry.kind);
            searched += text.len();
            if text.to_lowercase().contains(&self.query) {
                self.matches.push_back(index);
            }
            self.next = index + 1;
        }
        false
    }

    /// Selects the next match upwards or downwards, wrapping around at the ends.
    fn step(&mut self, up: bool) -> Option<u64> {
        let at = self
            .current
            .map(|current| self.matches.partition_point(|&index| index < current));
        let count = self.matches.len();
        let next = match (at, up) {
            (None, true) | (Some(0), true) => count.checked_sub(1)?,
            (None, false) => 0,
            (Some(at), true) => at - 1,
            (Some(at), false) => (at + 1) % count.max(1),
        };
        self.current = self.matches.get(next).copied();
        self.current
    }

    fn count(&self, language: Language) -> String {
        let count = self.matches.len();
        let at = self
            .current
            .and_then(|current| self.matches.binary_search(&current).ok());
        match (self.query.is_empty(), at) {
            (true, _) => String::new(),
            (false, Some(at)) => {
                // The newest match is number 1, because the search starts there.
                let number = count - at;
                tr!(language, "{number} of {count}", "{number} di {count}")
            }
            (false, None) => tr!(language, "{count} found", "{count} trovati"),
        }
    }
}
