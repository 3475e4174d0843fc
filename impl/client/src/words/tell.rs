//! What happened.

use super::{Language, foreign, say};
use crate::session::EntryKind;
use crate::text::harmless;
use std::time::Duration;

impl Language {
    /// One thing that happened: a message as `anna: ciao`, and anything else as a sentence that a front marks as its
    /// own. Harmless, and without line ends; [`help`](Self::help) has its lines elsewhere.
    pub fn entry(self, kind: &EntryKind) -> String {
        match kind {
            EntryKind::Message { nick, text, .. } | EntryKind::Own { nick, text } => {
                format!("{}: {}", harmless(nick), harmless(text))
            }
            EntryKind::Connecting(target) => {
                let (host, port) = (foreign(&target.host), target.port);
                say!(
                    self,
                    "connecting to {host}, port {port}",
                    "mi collego a {host}, porta {port}"
                )
            }
            EntryKind::Welcome { nick, others } => self.welcome(nick, *others),
            EntryKind::Present { nicks, more } => self.present(nicks, *more),
            EntryKind::Joined(nick) => {
                let nick = foreign(nick);
                say!(self, "{nick} has come in", "{nick} è nella stanza")
            }
            EntryKind::Left(nick) => {
                let nick = foreign(nick);
                say!(self, "{nick} is gone", "{nick} se n'è andato")
            }
            EntryKind::Refused(refusal) => self.refusal(refusal),
            EntryKind::Error { code, explanation } => {
                let error = self.error(code, explanation);
                say!(
                    self,
                    "the server refuses a line: {error}",
                    "il server rifiuta una riga: {error}"
                )
            }
            EntryKind::Fault(fault) => self.fault(fault),
            EntryKind::Ended(end) => self.end(*end),
            EntryKind::Waiting(wait) => self.waiting(*wait),
            EntryKind::Help => self.help().join(" "),
        }
    }

    /// How long it takes until the next attempt; the same words serve a countdown.
    pub fn waiting(self, wait: Duration) -> String {
        // Whoever reads "0 s" wonders.
        let seconds = wait.as_secs_f64().ceil().max(1.0);
        say!(
            self,
            "trying again in {seconds} s",
            "riprovo tra {seconds} s"
        )
    }

    /// What can be typed, one thing a line.
    pub fn help(self) -> [&'static str; 4] {
        match self {
            Self::English => [
                "What you type is said to everybody in the room.",
                "/quit  leaves",
                "/help  shows this",
                "//...  says what begins with a slash",
            ],
            Self::Italian => [
                "Quello che scrivi lo sentono tutti nella stanza.",
                "/quit  esce",
                "/help  mostra questo",
                "//...  dice quello che comincia con una barra",
            ],
        }
    }

    fn welcome(self, nick: &str, others: usize) -> String {
        let nick = foreign(nick);
        match others {
            0 => say!(
                self,
                "you are in as {nick}, alone",
                "sei dentro come {nick}, nessun altro"
            ),
            1 => say!(
                self,
                "you are in as {nick}, with one other",
                "sei dentro come {nick}, con un'altra persona"
            ),
            _ => say!(
                self,
                "you are in as {nick}, with {others} others",
                "sei dentro come {nick}, con altre {others} persone"
            ),
        }
    }

    fn present(self, nicks: &[Box<str>], more: usize) -> String {
        let nicks: Vec<_> = nicks.iter().map(|nick| foreign(nick)).collect();
        let nicks = nicks.join(", ");
        match more {
            0 => say!(self, "here: {nicks}", "qui: {nicks}"),
            _ => say!(
                self,
                "here: {nicks} and {more} more",
                "qui: {nicks} e altri {more}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{End, Failure, Fault, Refusal, Target};
    use rstest::rstest;
    use salotto_protocol::LineError;

    fn message(nick: &str, text: &str) -> EntryKind {
        EntryKind::Message {
            nick: nick.into(),
            text: text.into(),
            mention: false,
        }
    }

    fn refused(nick: &str, code: &str, explanation: &str) -> EntryKind {
        EntryKind::Refused(Refusal {
            nick: nick.into(),
            code: code.into(),
            explanation: explanation.into(),
        })
    }

    #[rstest]
    #[case(
        message("anna", "ciao\u{202E}"),
        "anna: ciao‹U+202E›",
        "anna: ciao‹U+202E›"
    )]
    #[case(EntryKind::Welcome { nick: "anna".into(), others: 1 }, "you are in as anna, with one other", "sei dentro come anna, con un'altra persona")]
    #[case(EntryKind::Present { nicks: ["bea".into(), "ugo".into()].into(), more: 3 }, "here: bea, ugo and 3 more", "qui: bea, ugo e altri 3")]
    #[case(EntryKind::Joined("b\u{200B}".into()), "b‹U+200B› has come in", "b‹U+200B› è nella stanza")]
    #[case(
        refused("anna", "nickname-taken", ""),
        "somebody is called anna already: choose another nickname",
        "qualcuno si chiama già anna: scegli un altro nome"
    )]
    #[case(
        refused("an na", "nickname-invalid", ""),
        "a nickname holds no space",
        "un nome non contiene spazi"
    )]
    #[case(
        refused("anna", "nickname-invalid", ""),
        "the server does not take anna as a nickname: choose another one",
        "il server non accetta il nome anna: scegline un altro"
    )]
    #[case(
        refused("anna", "later-code", "why"),
        "anna was refused: later-code why",
        "anna è stato rifiutato: later-code why"
    )]
    #[case(
        EntryKind::Ended(End::Unreachable(Failure::Refused)),
        "no connection: nobody listens on that port",
        "nessuna connessione: su quella porta non ascolta nessuno"
    )]
    #[case(EntryKind::Fault(Fault::Line(LineError::TooLong { limit: 4130 })), "fault of the server (LINE-12): a line of more than 4130 bytes, which is left out", "errore del server (LINE-12): una riga di più di 4130 byte, che viene tralasciata")]
    #[case(
        EntryKind::Waiting(Duration::from_millis(1200)),
        "trying again in 2 s",
        "riprovo tra 2 s"
    )]
    #[case(
        EntryKind::Waiting(Duration::ZERO),
        "trying again in 1 s",
        "riprovo tra 1 s"
    )]
    fn is_told(#[case] kind: EntryKind, #[case] english: &str, #[case] italian: &str) {
        assert_eq!(Language::English.entry(&kind), english);
        assert_eq!(Language::Italian.entry(&kind), italian);
    }

    #[test]
    fn a_host_with_a_trick_in_its_name_is_harmless() {
        let target = Target {
            host: "a\u{1B}[2J".into(),
            port: 1,
            nick: "anna".into(),
        };
        let told = Language::English.entry(&EntryKind::Connecting(target));
        assert_eq!(told, "connecting to a‹U+001B›[2J, port 1");
    }
}
