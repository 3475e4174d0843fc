//! How each thing is said in a dialect.

use std::collections::BTreeMap;

use driver::wire::{Code, ErrorCode, Event, ServerLine};

use super::pattern::{Pattern, Place};

/// How a server says what Salotto says.
#[derive(Debug, Clone)]
pub struct Dialect {
    /// Its name, as reports show it.
    pub name: String,
    /// How a client's message ends.
    pub framing_in: Framing,
    /// How a server's message ends.
    pub framing_out: Framing,
    /// The longest text that any server of the dialect must carry, in bytes, if that is known.
    pub longest: Option<usize>,
    /// Texts are ASCII.
    pub is_ascii: bool,
    /// Empty lines of a client mean nothing.
    pub ignores_empty_lines: bool,
    /// A CR before the LF of a client's line is dropped.
    pub drops_cr: bool,
    /// What a nickname may consist of.
    pub alphabet: Alphabet,
    /// The longest nickname that any server of the dialect must take, in bytes.
    pub longest_name: usize,
    /// Each word, with its alternatives.
    pub words: BTreeMap<Word, Vec<Pattern>>,
    /// The connection ends after a refusal.
    pub closes_after_refusal: bool,
    /// A speaker hears itself.
    pub echo: bool,
    /// A newcomer hears its own notice, after the welcome.
    pub own_joined: bool,
    /// The list of members names the newcomer too.
    pub lists_self: bool,
    /// Newcomers are told what was said before.
    pub history: bool,
    /// The goodbye also answers a client that ends its side.
    pub goodbye_after_fin: bool,
    /// A server copes with a client that acts before it is at rest.
    pub at_once: bool,
}

/// How a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// With LF.
    Lf,
    /// With CR LF.
    CrLf,
    /// It does not: one write is one message.
    None,
    /// Its length stands before it, in four bytes, the highest first.
    Be32,
    /// Its length stands before it, in ten decimal digits.
    Dec10,
}

impl Framing {
    /// A message with the mark of its end, or with its length.
    pub fn enclose(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Lf => [message, b"\n"].concat(),
            Self::CrLf => [message, b"\r\n"].concat(),
            Self::None => message.to_vec(),
            Self::Be32 => [&(message.len() as u32).to_be_bytes()[..], message].concat(),
            Self::Dec10 => [format!("{:010}", message.len()).as_bytes(), message].concat(),
        }
    }

    /// The messages in a stream, as far as their ends show.
    pub fn split(self, mut stream: &[u8]) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        let header = match self {
            Self::Be32 => 4,
            Self::Dec10 => 10,
            Self::None => return vec![stream.to_vec()],
            Self::Lf | Self::CrLf => {
                let lines = stream
                    .split(|byte| *byte == b'\n')
                    .map(<[u8]>::trim_ascii_end);
                return lines
                    .filter(|line| !line.is_empty())
                    .map(<[u8]>::to_vec)
                    .collect();
            }
        };
        while let Some((written, rest)) = stream.split_at_checked(header) {
            let length = match self {
                Self::Be32 => written
                    .iter()
                    .fold(0, |sum, byte| (sum << 8) | usize::from(*byte)),
                _ => std::str::from_utf8(written)
                    .ok()
                    .and_then(|digits| digits.trim().parse().ok())
                    .unwrap_or(usize::MAX),
            };
            let Some((message, rest)) = rest.split_at_checked(length) else {
                break;
            };
            messages.push(message.to_vec());
            stream = rest;
        }
        messages
    }

    /// Its name in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "lf",
            Self::CrLf => "crlf",
            Self::None => "none",
            Self::Be32 => "be32",
            Self::Dec10 => "dec10",
        }
    }

    /// Whether a message is a line.
    pub fn is_line(self) -> bool {
        matches!(self, Self::Lf | Self::CrLf)
    }
}

/// What a nickname may consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// ASCII letters and digits.
    Alphanumeric,
    /// What chapter 4 says.
    Salotto,
    /// Whatever the server takes.
    Any,
}

/// Something that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// What a server says before it is told a nickname.
    Prompt,
    /// To a newcomer.
    Welcome,
    /// One for each member, after the welcome.
    Here,
    /// Somebody has come.
    Joined,
    /// Somebody has left.
    Left,
    /// Somebody has come or has left.
    Presence,
    /// Somebody has said something.
    Message,
    /// What a client sends to say something.
    Say,
    /// What a client sends to leave.
    Quit,
    /// The last words to somebody who leaves.
    Goodbye,
    /// What means nothing here.
    Ignore,
    /// Texts that are no messages.
    Commands,
    /// A refusal with this code.
    Refusal(ErrorCode),
    /// A refusal of a nickname that does not tell why.
    RefusedNickname,
}

impl Dialect {
    /// The alternatives of a word; none if the dialect has no such word.
    pub fn patterns(&self, word: Word) -> &[Pattern] {
        self.words.get(&word).map_or(&[], Vec::as_slice)
    }

    /// Whether the dialect has this word.
    pub fn has(&self, word: Word) -> bool {
        !self.patterns(word).is_empty()
    }

    /// Whether newcomers are told who is there.
    pub fn has_list(&self) -> bool {
        self.has(Word::Here) || self.welcome_has(Place::Nicks)
    }

    /// Whether newcomers are told how many are there.
    pub fn has_count(&self) -> bool {
        self.welcome_has(Place::Count)
    }

    fn welcome_has(&self, place: Place) -> bool {
        self.patterns(Word::Welcome)
            .iter()
            .any(|pattern| pattern.has(place))
    }

    /// Whether members are told who comes.
    pub fn announces_joining(&self) -> bool {
        self.has(Word::Joined) || self.has(Word::Presence)
    }

    /// Whether members are told who leaves.
    pub fn announces_leaving(&self) -> bool {
        self.has(Word::Left) || self.has(Word::Presence)
    }

    /// Whether the last words to somebody who leaves are known.
    pub fn has_goodbye(&self) -> bool {
        self.has(Word::Goodbye)
            && !self
                .patterns(Word::Goodbye)
                .iter()
                .any(Pattern::is_anything)
    }

    /// Whether the server refuses with this code.
    pub fn refuses(&self, code: ErrorCode) -> bool {
        // Whether a taken name, or a full room, is refused is not known where refusals do not tell why.
        let is_invalid = code == ErrorCode::NicknameInvalid;
        self.has(Word::Refusal(code)) || is_invalid && self.has(Word::RefusedNickname)
    }

    /// Whether a text is no message here.
    pub fn is_command(&self, text: &str) -> bool {
        [Word::Quit, Word::Commands].into_iter().any(|word| {
            let patterns = self.patterns(word).iter();
            patterns.into_iter().any(|pattern| {
                let written = pattern.render("", "", "");
                match written.strip_suffix('…') {
                    Some(start) => text.starts_with(start),
                    None => text == written,
                }
            })
        })
    }

    /// Whether a client may ask for this nickname.
    pub fn allows(&self, nickname: &str) -> bool {
        nickname.len() <= self.longest_name
            && match self.alphabet {
                Alphabet::Alphanumeric => {
                    !nickname.is_empty() && nickname.bytes().all(|b| b.is_ascii_alphanumeric())
                }
                Alphabet::Salotto | Alphabet::Any => true,
            }
    }

    /// A line of a server as the dialect says it, for people. `None` if it has no words for it.
    pub fn render(&self, line: &str) -> Option<String> {
        let say = |word: Word, nick: &str, text: &str| {
            let pattern = self.patterns(word).first().or_else(|| match word {
                Word::Joined | Word::Left => self.patterns(Word::Presence).first(),
                Word::Refusal(_) => self.patterns(Word::RefusedNickname).first(),
                _ => None,
            });
            Some(pattern?.render(nick, text, "…"))
        };
        match ServerLine::parse(line) {
            ServerLine::Welcome { nickname, .. } => say(Word::Welcome, nickname, ""),
            ServerLine::Here { nickname, .. } => say(Word::Here, nickname, ""),
            ServerLine::Error {
                code: Code::Defined(code),
                ..
            } => say(Word::Refusal(code), "", ""),
            ServerLine::Quit => say(Word::Goodbye, "", ""),
            other => match other.event()? {
                Event::Joined(nickname) => say(Word::Joined, nickname, ""),
                Event::Left(nickname) => say(Word::Left, nickname, ""),
                Event::Said(nickname, text) => say(Word::Message, nickname, text),
            },
        }
    }

    /// Whether a line that no pattern matches can be taken for what it would mean in Salotto: the dialect begins the same thing
    /// in the same way.
    pub(super) fn may_mean(&self, line: &str) -> bool {
        let begins = |words: &[Word]| {
            let patterns = words.iter().flat_map(|word| self.patterns(*word));
            patterns
                .into_iter()
                .any(|pattern| line.starts_with(pattern.head()))
        };
        match ServerLine::parse(line) {
            ServerLine::Welcome { .. } => begins(&[Word::Welcome]),
            ServerLine::Here { .. } => begins(&[Word::Here]),
            ServerLine::Joined { .. } => begins(&[Word::Joined]),
            ServerLine::Left { .. } => begins(&[Word::Left]),
            ServerLine::Message { .. } => begins(&[Word::Message]),
            ServerLine::Quit => begins(&[Word::Goodbye]),
            ServerLine::Error {
                code: Code::Defined(code),
                ..
            } => begins(&[Word::Refusal(code)]),
            // What Salotto does not define is a mistake of its own where the dialect is Salotto.
            ServerLine::Error { .. } | ServerLine::Empty | ServerLine::Unknown(_) => {
                let notice = ServerLine::joined("anna").to_string();
                self.render(&notice).as_ref() == Some(&notice)
            }
        }
    }
}
