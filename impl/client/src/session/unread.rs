//! What the user has not seen yet.

/// Counts what came while nobody was looking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unread {
    /// The index of the first unread message in the transcript: a view draws its line before it.
    /// It stays when the user looks, until the next message comes while nobody is looking.
    pub from: Option<u64>,
    /// How many messages are unread.
    pub messages: u64,
    /// How many of them name the user.
    pub mentions: u64,
    /// Whether somebody is looking.
    pub(super) attentive: bool,
}

impl Unread {
    pub(super) const fn message(&mut self, index: u64, mention: bool) {
        if self.attentive {
            return;
        }
        if self.messages == 0 {
            self.from = Some(index);
        }
        self.messages += 1;
        self.mentions += mention as u64;
    }

    pub(super) const fn look(&mut self, attentive: bool) {
        self.attentive = attentive;
        if attentive {
            self.messages = 0;
            self.mentions = 0;
        }
    }
}

/// Whether `text` names `nick`: as a whole word, without regard to case.
pub(super) fn mentions(text: &str, nick: &str) -> bool {
    if nick.is_empty() {
        return false;
    }
    let (text, nick) = (text.to_lowercase(), nick.to_lowercase());
    text.match_indices(&nick).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + nick.len()..].chars().next();
        let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !goes_on(before) && !goes_on(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Anna, ci sei?", true)]
    #[case("ciao ANNA", true)]
    #[case("(anna)", true)]
    #[case("annata", false)]
    #[case("joanna", false)]
    #[case("joanna anna", true)]
    #[case("anna_2", false)]
    #[case("", false)]
    fn names_anna(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(mentions(text, "anna"), expected);
    }

    #[test]
    fn counts_until_somebody_looks() {
        let mut unread = Unread::default();
        unread.message(7, false);
        unread.message(9, true);
        assert_eq!(
            (unread.from, unread.messages, unread.mentions),
            (Some(7), 2, 1)
        );
        unread.look(true);
        assert_eq!(
            (unread.from, unread.messages, unread.mentions),
            (Some(7), 0, 0)
        );
        unread.message(10, true);
        assert_eq!((unread.from, unread.messages), (Some(7), 0));
        unread.look(false);
        unread.message(11, false);
        assert_eq!((unread.from, unread.messages), (Some(11), 1));
    }
}
