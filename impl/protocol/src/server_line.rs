//! Writes and parses the lines of servers.

use bytes::BufMut;
use std::fmt;

/// A line of a server, without its terminator. The first byte determines the kind (ERR-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerLine<'a> {
    /// `* welcome NICK COUNT`: you are a member now, and COUNT `here` lines follow (JOIN-1).
    Welcome {
        /// Your nickname, as it was sent.
        nick: &'a str,
        /// The number of members that were present before.
        count: usize,
    },
    /// `* here NICK`: a member that was present before you (JOIN-2).
    Here(&'a str),
    /// `* joined NICK`: somebody else joined (JOIN-3).
    Joined(&'a str),
    /// `* left NICK`: somebody else left (LEAVE-1).
    Left(&'a str),
    /// `NICK: TEXT`: a message from somebody else (MSG-1).
    Message {
        /// The nickname of the sender.
        nick: &'a str,
        /// The message, byte for byte.
        text: &'a str,
    },
    /// `! CODE explanation`: your last line was refused (ERR-1).
    Error {
        /// The code. [`ErrorCode::of`](crate::code::ErrorCode::of) parses the codes of this version.
        code: &'a str,
        /// An explanation for humans, which may be empty.
        explanation: &'a str,
    },
    /// `<quit>`: the goodbye, which is the last line (LEAVE-3).
    Quit,
    /// An empty line, which clients ignore (LINE-6).
    Empty,
    /// A notice (`*`) or `<word>` of a later version, or a line that breaks the rules. Clients ignore it.
    Unknown(&'a str),
}

impl<'a> ServerLine<'a> {
    /// Appends the line and its LF to `out`.
    pub fn encode(&self, out: &mut impl BufMut) {
        match *self {
            Self::Welcome { nick, count } => {
                put(out, &["* welcome ", nick, " ", &count.to_string()]);
            }
            Self::Here(nick) => put(out, &["* here ", nick]),
            Self::Joined(nick) => put(out, &["* joined ", nick]),
            Self::Left(nick) => put(out, &["* left ", nick]),
            Self::Message { nick, text } => put(out, &[nick, ": ", text]),
            Self::Error { code, explanation } => put(out, &["! ", code, " ", explanation]),
            Self::Quit => put(out, &["<quit>"]),
            Self::Empty => put(out, &[]),
            Self::Unknown(line) => put(out, &[line]),
        }
    }

    /// Parses a line, given without its terminator. Never fails: a line that this version does not define is
    /// [`Unknown`](Self::Unknown). Additional words in a notice are dropped.
    pub fn parse(line: &'a str) -> Self {
        match line.as_bytes().first() {
            None => Self::Empty,
            Some(b'*') => Self::notice(line).unwrap_or(Self::Unknown(line)),
            Some(b'!') => match line.strip_prefix("! ") {
                Some(rest) => {
                    let (code, explanation) = rest.split_once(' ').unwrap_or((rest, ""));
                    Self::Error { code, explanation }
                }
                None => Self::Unknown(line),
            },
            Some(b'<') if line == "<quit>" => Self::Quit,
            Some(b'<' | b'{') => Self::Unknown(line),
            Some(_) => match line.split_once(": ") {
                Some((nick, text)) if !nick.is_empty() => Self::Message { nick, text },
                _ => Self::Unknown(line),
            },
        }
    }

    fn notice(line: &'a str) -> Option<Self> {
        let mut words = line.strip_prefix("* ")?.split(' ');
        let kind = words.next()?;
        let nick = words.next().filter(|nick| !nick.is_empty())?;
        Some(match kind {
            "welcome" => Self::Welcome {
                nick,
                count: words.next()?.parse().ok()?,
            },
            "here" => Self::Here(nick),
            "joined" => Self::Joined(nick),
            "left" => Self::Left(nick),
            _ => return None,
        })
    }
}

impl fmt::Display for ServerLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Vec::new();
        self.encode(&mut line);
        f.write_str(String::from_utf8_lossy(&line).trim_end_matches('\n'))
    }
}

/// Appends the parts and an LF to `out`.
fn put(out: &mut impl BufMut, parts: &[&str]) {
    for part in parts {
        out.put_slice(part.as_bytes());
    }
    out.put_u8(b'\n');
}

#[cfg(test)]
mod tests {
    use super::ServerLine::{self, *};
    use crate::nickname::Nickname;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("* welcome anna 0", Welcome { nick: "anna", count: 0 })]
    #[case("* welcome anna 4096", Welcome { nick: "anna", count: 4096 })]
    #[case("* here bruno", Here("bruno"))]
    #[case("* joined bruno", Joined("bruno"))]
    #[case("* left bruno", Left("bruno"))]
    #[case("anna: ciao: a tutti", Message { nick: "anna", text: "ciao: a tutti" })]
    #[case("anna:  ", Message { nick: "anna", text: " " })]
    #[case("! room-full come back later", Error { code: "room-full", explanation: "come back later" })]
    #[case("<quit>", Quit)]
    #[case("", Empty)]
    fn is_written_and_parsed(#[case] text: &str, #[case] line: ServerLine<'_>) {
        assert_eq!(line.to_string(), text);
        assert_eq!(ServerLine::parse(text), line);
    }

    #[rstest]
    #[case("* welcome anna 2 and more", Welcome { nick: "anna", count: 2 })]
    #[case("* left bruno quit", Left("bruno"))]
    #[case("! room-full", Error { code: "room-full", explanation: "" })]
    #[case("! later-code why", Error { code: "later-code", explanation: "why" })]
    #[case("* topic tea", Unknown("* topic tea"))]
    #[case("* here", Unknown("* here"))]
    #[case("* welcome anna", Unknown("* welcome anna"))]
    #[case("*", Unknown("*"))]
    #[case("<pong>", Unknown("<pong>"))]
    #[case("no colon", Unknown("no colon"))]
    #[case(": no name", Unknown(": no name"))]
    fn is_parsed(#[case] text: &str, #[case] line: ServerLine<'_>) {
        assert_eq!(ServerLine::parse(text), line);
    }

    proptest! {
        #[test]
        fn a_message_is_never_mistaken_for_another_line(name in "[!-~]{1,8}", text in "\\PC{1,40}") {
            if let Ok(nick) = Nickname::parse(&name) {
                let message = Message { nick: nick.as_str(), text: &text };
                let line = message.to_string();
                prop_assert_eq!(ServerLine::parse(&line), message);
            }
        }
    }
}
