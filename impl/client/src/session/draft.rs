//! The text that the user is editing, with a history of submitted texts.

use super::completion;
use super::members::Members;
use std::collections::VecDeque;

/// The maximum number of texts in the history.
const MAX_HISTORY: usize = 200;
/// The maximum size of the history, in bytes.
const MAX_HISTORY_BYTES: usize = 1024 * 1024;

/// The draft of a message, and the texts submitted before it.
///
/// The draft survives a walk through the history. Changes to an older text are lost when the user moves to another one.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    text: String,
    history: VecDeque<String>,
    history_bytes: usize,
    /// The position in the history, and the draft to return to.
    browsing: Option<(usize, String)>,
    completing: Option<Completing>,
}

/// A completion in progress: the next Tab replaces the nickname by the next match.
#[derive(Debug, Clone)]
struct Completing {
    /// The text after the completion. If the draft differs from it, the user has typed on.
    result: String,
    start: usize,
    end: usize,
    names: Vec<String>,
    chosen: usize,
}

impl Draft {
    /// The text as the user sees it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, for a text editor to modify.
    pub(crate) const fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// Replaces the text.
    pub fn set(&mut self, text: impl Into<String>) {
        self.text = text.into();
    }

    /// The length in bytes of the longest line as it would be sent. The limit is
    /// [`MAX_CLIENT_LINE`](salotto_protocol::MAX_CLIENT_LINE).
    pub(crate) fn line_bytes(&self) -> usize {
        let text = &self.text;
        let longest = text.lines().map(str::len).max().unwrap_or(0);
        // Of two leading slashes, only one is sent.
        let escape =
            usize::from(text.starts_with("//") && !text.trim_end_matches('\n').contains('\n'));
        longest - escape
    }

    /// Replaces the text by the one before it in the history. Returns whether there is one.
    pub(crate) fn older(&mut self) -> bool {
        let at = self
            .browsing
            .as_ref()
            .map_or(self.history.len(), |(at, _)| *at);
        let Some(older) = at.checked_sub(1) else {
            return false;
        };
        let shown = std::mem::replace(&mut self.text, self.history[older].clone());
        match &mut self.browsing {
            Some((at, _)) => *at = older,
            None => self.browsing = Some((older, shown)),
        }
        true
    }

    /// Replaces the text by the one after it in the history, or by the draft at its end. Returns whether there is one.
    pub(crate) fn newer(&mut self) -> bool {
        let Some((at, draft)) = self.browsing.take() else {
            return false;
        };
        match self.history.get(at + 1) {
            Some(newer) => {
                self.text.clone_from(newer);
                self.browsing = Some((at + 1, draft));
            }
            None => self.text = draft,
        }
        true
    }

    /// Completes the nickname that ends at the byte offset `cursor`. A repeated call chooses the next match. Returns the new
    /// position of the cursor, or `None` if no nickname matches.
    pub(crate) fn complete(&mut self, cursor: usize, members: &Members) -> Option<usize> {
        let mut completing = match self.completing.take() {
            Some(completing) if completing.result == self.text => Completing {
                chosen: (completing.chosen + 1) % completing.names.len(),
                ..completing
            },
            _ => {
                let (start, names) = completion::candidates(members, &self.text, cursor)?;
                Completing {
                    result: String::new(),
                    start,
                    end: cursor,
                    names,
                    chosen: 0,
                }
            }
        };
        let Completing { start, end, .. } = completing;
        let name = &completing.names[completing.chosen];
        self.text.replace_range(start..end, name);
        completing.end = start + name.len();
        completing.result.clone_from(&self.text);
        let cursor = completing.end;
        self.completing = Some(completing);
        Some(cursor)
    }

    /// Whether [`complete`](Self::complete) would find a nickname.
    pub(crate) fn can_complete(&self, cursor: usize, members: &Members) -> bool {
        let in_progress = |completing: &Completing| completing.result == self.text;
        self.completing.as_ref().is_some_and(in_progress)
            || completion::candidates(members, &self.text, cursor).is_some()
    }

    /// Moves the text to the history.
    pub(super) fn archive(&mut self) {
        self.browsing = None;
        let text = std::mem::take(&mut self.text);
        if self.history.back() != Some(&text) {
            self.history_bytes += text.len();
            self.history.push_back(text);
            while self.history.len() > MAX_HISTORY || self.history_bytes > MAX_HISTORY_BYTES {
                let oldest = self.history.pop_front().unwrap_or_default();
                self.history_bytes -= oldest.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submitted(texts: &[&str]) -> Draft {
        let mut draft = Draft::default();
        for text in texts {
            draft.set(*text);
            draft.archive();
        }
        draft
    }

    #[test]
    fn the_draft_survives_a_walk_through_the_history() {
        let mut draft = submitted(&["uno", "due", "due"]);
        draft.set("bozza");
        assert!(draft.older());
        assert_eq!(draft.text(), "due");
        assert!(draft.older());
        assert_eq!(draft.text(), "uno");
        assert!(!draft.older());
        assert_eq!(draft.text(), "uno");
        assert!(draft.newer() && draft.newer());
        assert_eq!(draft.text(), "bozza");
        assert!(!draft.newer());
        assert_eq!(draft.text(), "bozza");
    }

    #[test]
    fn the_history_is_bounded() {
        let mut draft = Draft::default();
        for n in 0..2 * MAX_HISTORY {
            draft.set(format!("{n} {}", "x".repeat(20_000)));
            draft.archive();
            assert!(draft.history.len() <= MAX_HISTORY);
            assert!(draft.history_bytes <= MAX_HISTORY_BYTES);
        }
        draft.set("x".repeat(MAX_HISTORY_BYTES + 1));
        draft.archive();
        assert_eq!((draft.history.len(), draft.history_bytes), (0, 0));
    }

    #[test]
    fn the_longest_line_counts() {
        let mut draft = Draft::default();
        assert_eq!(draft.line_bytes(), 0);
        draft.set("uno\nperché\r\ndue");
        assert_eq!(draft.line_bytes(), 7);
        draft.set("//a");
        assert_eq!(draft.line_bytes(), 2);
    }

    #[test]
    fn repeated_completion_cycles_through_the_matches() {
        let mut members = Members::default();
        for nick in ["Bruno", "bea", "anna"] {
            members.insert(nick);
        }
        let mut draft = Draft::default();
        draft.set("ciao b!");
        assert!(draft.can_complete(6, &members) && !draft.can_complete(7, &members));
        assert_eq!(draft.complete(6, &members), Some(9));
        assert_eq!(draft.text(), "ciao bea !");
        assert_eq!(draft.complete(9, &members), Some(11));
        assert_eq!(draft.text(), "ciao Bruno !");
        assert_eq!(draft.complete(11, &members), Some(9));
        assert!(draft.can_complete(9, &members), "there is a next match");
        draft.set("x");
        assert!(!draft.can_complete(1, &members));
        assert_eq!(draft.complete(1, &members), None);
    }
}
