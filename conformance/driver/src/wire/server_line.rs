//! Lines that a server sends (chapters 11 and 14).
//!
//! Parsing is lenient, because the lines come from servers that may be wrong, and loses nothing: the `Display` form of a
//! parsed line is the line.

use std::fmt;

use super::error_code::ErrorCode;

/// A line of a server, without its LF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerLine<'a> {
    /// An empty line (LINE-6).
    Empty,
    /// `* welcome NICK COUNT`
    Welcome {
        /// The newcomer.
        nickname: &'a str,
        /// The number of other members; `None` if it is missing or not a plain decimal number.
        count: Option<usize>,
        /// Further words, which a client ignores (CLIENT-9).
        further: Option<&'a str>,
    },
    /// `* here NICK`
    Here {
        /// Somebody who was a member before the newcomer.
        nickname: &'a str,
        /// Further words.
        further: Option<&'a str>,
    },
    /// `* joined NICK`
    Joined {
        /// The new member.
        nickname: &'a str,
        /// Further words.
        further: Option<&'a str>,
    },
    /// `* left NICK`
    Left {
        /// The former member.
        nickname: &'a str,
        /// Further words.
        further: Option<&'a str>,
    },
    /// `NICK: TEXT`
    Message {
        /// The sender.
        nickname: &'a str,
        /// The text. It may be empty here, although no server may send an empty one (LINE-5).
        text: &'a str,
    },
    /// `! CODE explanation`
    Error {
        /// The reason of the refusal.
        code: Code<'a>,
        /// Words for people.
        explanation: Option<&'a str>,
    },
    /// `<quit>`, the goodbye.
    Quit,
    /// A line that the specification does not define.
    Unknown(&'a str),
}

/// The code of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code<'a> {
    /// A code of chapter 11.
    Defined(ErrorCode),
    /// Any other word.
    Unknown(&'a str),
}

/// A line that announces what happens in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// `* joined NICK`
    Joined(&'a str),
    /// `* left NICK`
    Left(&'a str),
    /// `NICK: TEXT`
    Said(&'a str, &'a str),
}

impl<'a> ServerLine<'a> {
    /// Parses a line without its LF. A line that fits no rule is [`ServerLine::Unknown`].
    pub fn parse(line: &'a str) -> Self {
        let known = if line.is_empty() {
            Some(Self::Empty)
        } else if line == "<quit>" {
            Some(Self::Quit)
        } else if let Some(rest) = line.strip_prefix("* ") {
            Self::notice(rest)
        } else if let Some(rest) = line.strip_prefix("! ") {
            Self::error(rest)
        } else {
            Self::spoken(line)
        };
        known.unwrap_or(Self::Unknown(line))
    }

    fn notice(rest: &'a str) -> Option<Self> {
        let (verb, rest) = rest.split_once(' ')?;
        let (nickname, further) = first_word(rest);
        if nickname.is_empty() {
            return None;
        }
        Some(match verb {
            "welcome" => {
                let (word, after) = further.map_or(("", None), first_word);
                let count = decimal(word);
                Self::Welcome {
                    nickname,
                    count,
                    further: if count.is_some() { after } else { further },
                }
            }
            "here" => Self::Here { nickname, further },
            "joined" => Self::Joined { nickname, further },
            "left" => Self::Left { nickname, further },
            _ => return None,
        })
    }

    fn error(rest: &'a str) -> Option<Self> {
        let (word, explanation) = first_word(rest);
        let code = ErrorCode::parse(word).map_or(Code::Unknown(word), Code::Defined);
        (!word.is_empty()).then_some(Self::Error { code, explanation })
    }

    fn spoken(line: &'a str) -> Option<Self> {
        let (nickname, text) = line.split_once(": ")?;
        let is_nickname =
            !nickname.starts_with(['*', '!', '<', '{']) && !nickname.contains([' ', ':']);
        (is_nickname && !nickname.is_empty()).then_some(Self::Message { nickname, text })
    }

    /// `* welcome NICK COUNT`
    pub fn welcome(nickname: &'a str, count: usize) -> Self {
        Self::Welcome {
            nickname,
            count: Some(count),
            further: None,
        }
    }

    /// `* here NICK`
    pub fn here(nickname: &'a str) -> Self {
        Self::Here {
            nickname,
            further: None,
        }
    }

    /// `* joined NICK`
    pub fn joined(nickname: &'a str) -> Self {
        Event::Joined(nickname).into()
    }

    /// `* left NICK`
    pub fn left(nickname: &'a str) -> Self {
        Event::Left(nickname).into()
    }

    /// `NICK: TEXT`
    pub fn message(nickname: &'a str, text: &'a str) -> Self {
        Event::Said(nickname, text).into()
    }

    /// `! CODE`
    pub fn refusal(code: ErrorCode) -> Self {
        Self::Error {
            code: Code::Defined(code),
            explanation: None,
        }
    }

    /// The member that the line names.
    pub fn nickname(&self) -> Option<&'a str> {
        match self {
            Self::Welcome { nickname, .. }
            | Self::Here { nickname, .. }
            | Self::Joined { nickname, .. }
            | Self::Left { nickname, .. }
            | Self::Message { nickname, .. } => Some(nickname),
            Self::Empty | Self::Error { .. } | Self::Quit | Self::Unknown(_) => None,
        }
    }

    /// The same line about another member, such as one with an alias. Lines that name no member stay as they are.
    pub fn with_nickname(mut self, new: &'a str) -> Self {
        match &mut self {
            Self::Welcome { nickname, .. }
            | Self::Here { nickname, .. }
            | Self::Joined { nickname, .. }
            | Self::Left { nickname, .. }
            | Self::Message { nickname, .. } => *nickname = new,
            Self::Empty | Self::Error { .. } | Self::Quit | Self::Unknown(_) => {}
        }
        self
    }

    /// The event that the line announces.
    pub fn event(&self) -> Option<Event<'a>> {
        match *self {
            Self::Joined { nickname, .. } => Some(Event::Joined(nickname)),
            Self::Left { nickname, .. } => Some(Event::Left(nickname)),
            Self::Message { nickname, text } => Some(Event::Said(nickname, text)),
            _ => None,
        }
    }

    /// Whether no server may send the line, whatever happens (ERR-3).
    pub fn is_undefined(&self) -> bool {
        match self {
            Self::Unknown(line) => line.starts_with(['*', '!', '<']),
            Self::Error { code, .. } => matches!(code, Code::Unknown(_)),
            _ => false,
        }
    }
}

/// The first word, and what follows the space behind it.
fn first_word(text: &str) -> (&str, Option<&str>) {
    text.split_once(' ')
        .map_or((text, None), |(word, rest)| (word, Some(rest)))
}

/// A number in its only spelling: no sign and no leading zero.
fn decimal(word: &str) -> Option<usize> {
    let plain = word == "0" || word.starts_with(|c: char| matches!(c, '1'..='9'));
    word.parse().ok().filter(|_| plain)
}

impl<'a> Event<'a> {
    /// Parses a line without its LF; `None` if it announces nothing.
    pub fn parse(line: &'a str) -> Option<Self> {
        ServerLine::parse(line).event()
    }

    /// The member that comes, leaves or speaks.
    pub fn nickname(&self) -> &'a str {
        match self {
            Self::Joined(nickname) | Self::Left(nickname) | Self::Said(nickname, _) => nickname,
        }
    }
}

impl<'a> From<Event<'a>> for ServerLine<'a> {
    fn from(event: Event<'a>) -> Self {
        let further = None;
        match event {
            Event::Joined(nickname) => Self::Joined { nickname, further },
            Event::Left(nickname) => Self::Left { nickname, further },
            Event::Said(nickname, text) => Self::Message { nickname, text },
        }
    }
}

impl fmt::Display for ServerLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let further = match *self {
            Self::Empty => None,
            Self::Welcome {
                nickname,
                count,
                further,
            } => {
                write!(f, "* welcome {nickname}")?;
                count.map_or(Ok(()), |count| write!(f, " {count}"))?;
                further
            }
            Self::Here { nickname, further } => write!(f, "* here {nickname}").map(|()| further)?,
            Self::Joined { nickname, further } => {
                write!(f, "* joined {nickname}").map(|()| further)?
            }
            Self::Left { nickname, further } => write!(f, "* left {nickname}").map(|()| further)?,
            Self::Message { nickname, text } => return write!(f, "{nickname}: {text}"),
            Self::Error { code, explanation } => {
                let word = match code {
                    Code::Defined(code) => code.as_str(),
                    Code::Unknown(word) => word,
                };
                write!(f, "! {word}").map(|()| explanation)?
            }
            Self::Quit => return f.write_str("<quit>"),
            Self::Unknown(line) => return f.write_str(line),
        };
        further.map_or(Ok(()), |further| write!(f, " {further}"))
    }
}

#[cfg(test)]
mod tests;
