//! The entries of the transcript, as sentences.

use super::language::{Language, excerpt, tr};
use crate::sanitize::sanitize;
use crate::session::EntryKind;
use std::time::Duration;

impl Language {
    /// An entry as one sanitized line: a message as `anna: ciao`, and anything else as a sentence that the front end marks
    /// as a notice. [`help`](Self::help) returns the help as separate lines.
    pub(crate) fn entry(self, kind: &EntryKind) -> String {
        match kind {
            EntryKind::Message { nick, text, .. } | EntryKind::Own { nick, text } => {
                format!("{}: {}", sanitize(nick), sanitize(text))
            }
            EntryKind::Connecting(target) => {
                let (host, port) = (excerpt(&target.host), target.port);
                tr!(
                    self,
                    "connecting to {host}, port {port}",
                    "mi collego a {host}, porta {port}"
                )
            }
            EntryKind::Welcome { nick, others } => self.welcome(nick, *others),
            EntryKind::Present { nicks, more } => self.present(nicks, *more),
            EntryKind::Joined(nick) => {
                let nick = excerpt(nick);
                tr!(self, "{nick} has joined", "{nick} è nella stanza")
            }
            EntryKind::Left(nick) => {
                let nick = excerpt(nick);
                tr!(self, "{nick} has left", "{nick} se n'è andato")
            }
            EntryKind::Refused(refusal) => self.refusal(refusal),
            EntryKind::Error { code, explanation } => {
                let error = self.error(code, explanation);
                tr!(
                    self,
                    "the server refused a line: {error}",
                    "il server rifiuta una riga: {error}"
                )
            }
            EntryKind::Fault(fault) => self.fault(fault),
            EntryKind::Ended(end) => self.end(*end),
            EntryKind::Waiting(wait) => self.waiting(*wait),
            EntryKind::Help => self.help().join(" "),
        }
    }

    /// The time left until the next reconnect attempt.
    pub(crate) fn waiting(self, wait: Duration) -> String {
        // "0 s" would look like a mistake.
        let seconds = wait.as_secs_f64().ceil().max(1.0);
        tr!(
            self,
            "trying again in {seconds} s",
            "riprovo tra {seconds} s"
        )
    }

    /// What can be typed, one item per line.
    pub(crate) fn help(self) -> [&'static str; 4] {
        match self {
            Self::English => [
                "What you type is sent to everybody in the room.",
                "/quit  leaves the room",
                "/help  shows this help",
                "//...  sends a message that starts with a slash",
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
        let nick = excerpt(nick);
        match others {
            0 => tr!(
                self,
                "you are in the room as {nick}, alone",
                "sei dentro come {nick}, nessun altro"
            ),
            1 => tr!(
                self,
                "you are in the room as {nick}, with one other",
                "sei dentro come {nick}, con un'altra persona"
            ),
            _ => tr!(
                self,
                "you are in the room as {nick}, with {others} others",
                "sei dentro come {nick}, con altre {others} persone"
            ),
        }
    }

    fn present(self, nicks: &[Box<str>], more: usize) -> String {
        let nicks: Vec<_> = nicks.iter().map(|nick| excerpt(nick)).collect();
        let nicks = nicks.join(", ");
        match more {
            0 => tr!(self, "here: {nicks}", "qui: {nicks}"),
            _ => tr!(
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
    #[case(EntryKind::Welcome { nick: "anna".into(), others: 1 }, "you are in the room as anna, with one other", "sei dentro come anna, con un'altra persona")]
    #[case(EntryKind::Present { nicks: ["bea".into(), "ugo".into()].into(), more: 3 }, "here: bea, ugo and 3 more", "qui: bea, ugo e altri 3")]
    #[case(EntryKind::Joined("b\u{200B}".into()), "b‹U+200B› has joined", "b‹U+200B› è nella stanza")]
    #[case(
        refused("anna", "nickname-taken", ""),
        "the nickname anna is taken: choose another one",
        "qualcuno si chiama già anna: scegli un altro nome"
    )]
    #[case(
        refused("an na", "nickname-invalid", ""),
        "a nickname cannot contain spaces",
        "un nome non contiene spazi"
    )]
    #[case(
        refused("anna", "nickname-invalid", ""),
        "the server does not accept the nickname anna: choose another one",
        "il server non accetta il nome anna: scegline un altro"
    )]
    #[case(
        refused("anna", "later-code", "why"),
        "the nickname anna was refused: later-code why",
        "anna è stato rifiutato: later-code why"
    )]
    #[case(
        EntryKind::Ended(End::Unreachable(Failure::Refused)),
        "could not connect: nothing listens on that port",
        "nessuna connessione: su quella porta non ascolta nessuno"
    )]
    #[case(EntryKind::Fault(Fault::Line(LineError::TooLong { limit: 4130 })), "server fault (LINE-12): a line of more than 4130 bytes, which was ignored", "errore del server (LINE-12): una riga di più di 4130 byte, che viene tralasciata")]
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
    fn are_translated(#[case] kind: EntryKind, #[case] english: &str, #[case] italian: &str) {
        assert_eq!(Language::English.entry(&kind), english);
        assert_eq!(Language::Italian.entry(&kind), italian);
    }

    #[test]
    fn host_names_are_sanitized() {
        let target = Target {
            host: "a\u{1B}[2J".into(),
            port: 1,
            nick: "anna".into(),
        };
        let sentence = Language::English.entry(&EntryKind::Connecting(target));
        assert_eq!(sentence, "connecting to a‹U+001B›[2J, port 1");
    }
}
