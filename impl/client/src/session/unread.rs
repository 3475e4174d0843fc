//! Counts of unread messages, and mentions of the user.

/// The messages that arrived while the user was not looking at the newest ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    /// The transcript index of the first unread message, where a view draws its marker. It stays when the user looks, and
    /// moves on when the next message arrives unseen.
    pub(crate) from: Option<u64>,
    pub(crate) messages: u64,
    /// How many of them mention the user.
    pub(crate) mentions: u64,
    /// Whether the user is looking at the newest messages.
    attentive: bool,
}

impl Unread {
    pub(super) const fn add(&mut self, index: u64, mention: bool) {
        if self.attentive {
            return;
        }
        if self.messages == 0 {
            self.from = Some(index);
        }
        self.messages += 1;
        self.mentions += mention as u64;
    }

    pub(super) const fn set_attentive(&mut self, attentive: bool) {
        self.attentive = attentive;
        if attentive {
            self.messages = 0;
            self.mentions = 0;
        }
    }
}

/// Whether `text` contains `nick` as a whole word, ignoring case.
pub(super) fn mentions(text: &str, nick: &str) -> bool {
    if nick.is_empty() {
        return false;
    }
    let (text, nick) = (text.to_lowercase(), nick.to_lowercase());
    text.match_indices(&nick).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + nick.len()..].chars().next();
        let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !in_word(before) && !in_word(after)
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
    fn mentions_anna(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(mentions(text, "anna"), expected);
    }

    #[test]
    fn counts_until_the_user_looks() {
        let mut unread = Unread::default();
        unread.add(7, false);
        unread.add(9, true);
        assert_eq!(
            (unread.from, unread.messages, unread.mentions),
            (Some(7), 2, 1)
        );
        unread.set_attentive(true);
        assert_eq!(
            (unread.from, unread.messages, unread.mentions),
            (Some(7), 0, 0)
        );
        unread.add(10, true);
        assert_eq!((unread.from, unread.messages), (Some(7), 0));
        unread.set_attentive(false);
        unread.add(11, false);
        assert_eq!((unread.from, unread.messages), (Some(11), 1));
    }
}
