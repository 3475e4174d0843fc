//! What the user is about to say.

use super::completion;
use super::members::Members;
use std::collections::VecDeque;

/// The most inputs that the history keeps.
pub const MAX_HISTORY: usize = 200;
/// The most bytes that the history keeps.
pub const MAX_HISTORY_BYTES: usize = 1024 * 1024;

/// The text that is being written, and those that were written before.
///
/// Going back in the history keeps the draft, which is the newest place in it; what is changed in
/// an older place is forgotten when one moves on.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    text: String,
    history: VecDeque<String>,
    history_bytes: usize,
    /// Where the user is in the history, and the draft meanwhile.
    browsing: Option<(usize, String)>,
    completing: Option<Completing>,
}

/// A completion that was made: the next Tab puts the next name into the same place.
#[derive(Debug, Clone)]
struct Completing {
    /// The text as the completion left it; when it is another one by now, the user typed on.
    made: String,
    start: usize,
    end: usize,
    names: Vec<String>,
    chosen: usize,
}

impl Draft {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, for an editor to change.
    pub const fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// Replaces the text.
    pub fn set(&mut self, text: impl Into<String>) {
        self.text = text.into();
    }

    /// How many bytes the longest line of the text will have when it is sent; at most
    /// [`MAX_CLIENT_LINE`](salotto_protocol::MAX_CLIENT_LINE) can be.
    pub fn line_bytes(&self) -> usize {
        let text = &self.text;
        let longest = text.lines().map(str::len).max().unwrap_or(0);
        // One slash of two at the beginning is not sent.
        let escape =
            usize::from(text.starts_with("//") && !text.trim_end_matches('\n').contains('\n'));
        longest - escape
    }

    /// Shows the input before this one. Tells whether there is one.
    pub fn older(&mut self) -> bool {
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

    /// Shows the input after this one, and the draft after the last one. Tells whether there is one.
    pub fn newer(&mut self) -> bool {
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

    /// Completes the nickname before the byte `cursor`, or, called again, chooses the next one that
    /// fits. Returns where the cursor belongs, or `None` when no nickname fits.
    pub fn complete(&mut self, cursor: usize, members: &Members) -> Option<usize> {
        let mut completing = match self.completing.take() {
            Some(completing) if completing.made == self.text => Completing {
                chosen: (completing.chosen + 1) % completing.names.len(),
                ..completing
            },
            _ => {
                let (start, names) = completion::candidates(members, &self.text, cursor)?;
                Completing {
                    made: String::new(),
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
        completing.made.clone_from(&self.text);
        let cursor = completing.end;
        self.completing = Some(completing);
        Some(cursor)
    }

    /// Whether [`complete`](Self::complete) would find a nickname.
    pub fn completes(&self, cursor: usize, members: &Members) -> bool {
        let goes_on = |completing: &Completing| completing.made == self.text;
        self.completing.as_ref().is_some_and(goes_on)
            || completion::candidates(members, &self.text, cursor).is_some()
    }

    /// Takes the text away, as it has been said, and remembers it.
    pub(super) fn take(&mut self) -> String {
        self.browsing = None;
        let text = std::mem::take(&mut self.text);
        if self.history.back() != Some(&text) {
            self.history_bytes += text.len();
            self.history.push_back(text.clone());
            while self.history.len() > MAX_HISTORY || self.history_bytes > MAX_HISTORY_BYTES {
                let oldest = self.history.pop_front().unwrap_or_default();
                self.history_bytes -= oldest.len();
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::members::Members;

    fn said(texts: &[&str]) -> Draft {
        let mut draft = Draft::default();
        for text in texts {
            draft.set(*text);
            draft.take();
        }
        draft
    }

    #[test]
    fn the_draft_survives_a_walk_through_the_history() {
        let mut draft = said(&["uno", "due", "due"]);
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
            draft.take();
            assert!(draft.history.len() <= MAX_HISTORY);
            assert!(draft.history_bytes <= MAX_HISTORY_BYTES);
        }
        draft.set("x".repeat(MAX_HISTORY_BYTES + 1));
        draft.take();
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
    fn tab_goes_round() {
        let mut members = Members::default();
        for nick in ["Bruno", "bea", "anna"] {
            members.insert(nick);
        }
        let mut draft = Draft::default();
        draft.set("ciao b!");
        assert!(draft.completes(6, &members) && !draft.completes(7, &members));
        assert_eq!(draft.complete(6, &members), Some(9));
        assert_eq!(draft.text(), "ciao bea !");
        assert_eq!(draft.complete(9, &members), Some(11));
        assert_eq!(draft.text(), "ciao Bruno !");
        assert_eq!(draft.complete(11, &members), Some(9));
        assert!(draft.completes(9, &members), "the next one would come");
        draft.set("x");
        assert!(!draft.completes(1, &members));
        assert_eq!(draft.complete(1, &members), None);
    }
}
