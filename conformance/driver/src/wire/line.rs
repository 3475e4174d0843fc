//! What a line is: an event of the room, when a server sent it, or a message, when a client does.

/// The longest line of a client, in bytes, without its end (LINE-7).
pub const LONGEST_CLIENT_LINE: usize = 4096;

/// The longest line of a server, in bytes, without its end (LINE-12).
pub const LONGEST_SERVER_LINE: usize = LONGEST_CLIENT_LINE + 34;

/// An event as a server announces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// `* joined NICK`
    Joined(&'a str),
    /// `* left NICK`
    Left(&'a str),
    /// `NICK: TEXT`
    Said(&'a str, &'a str),
}

impl<'a> Event<'a> {
    /// The event that the line tells, if it tells one.
    pub fn parse(line: &'a str) -> Option<Self> {
        let first_word = |rest: &'a str| rest.split(' ').next().unwrap_or_default();
        if let Some(rest) = line.strip_prefix("* joined ") {
            return Some(Self::Joined(first_word(rest)));
        }
        if let Some(rest) = line.strip_prefix("* left ") {
            return Some(Self::Left(first_word(rest)));
        }
        if line.starts_with(['*', '!', '<', '{']) {
            return None;
        }
        let (nickname, text) = line.split_once(": ")?;
        let valid = !nickname.is_empty() && !nickname.contains([' ', ':']);
        valid.then_some(Self::Said(nickname, text))
    }

    /// Whose event it is.
    pub fn nickname(&self) -> &'a str {
        match self {
            Self::Joined(nickname) | Self::Left(nickname) | Self::Said(nickname, _) => nickname,
        }
    }
}

/// The end of what a client has sent: bytes that no LF has followed yet.
#[derive(Debug, Clone, Default)]
pub struct Unfinished(Vec<u8>);

impl Unfinished {
    /// Takes bytes in and gives the lines that they end, without LF or CR LF.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.0.extend_from_slice(bytes);
        let end = memchr::memrchr(b'\n', &self.0).map_or(0, |last| last + 1);
        let rest = self.0.split_off(end);
        let complete = std::mem::replace(&mut self.0, rest);
        let mut lines = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &complete) {
            let line = &complete[start..end];
            lines.push(line.strip_suffix(b"\r").unwrap_or(line).to_vec());
            start = end + 1;
        }
        lines
    }

    /// Whether the last line is finished.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether this line of a client is its wish to leave (LEAVE-2).
pub fn is_quit(line: &[u8]) -> bool {
    matches!(line, b"<quit>" | b"{quit}")
}

/// Whether a server passes this line of a member on, rather than ignoring, obeying or refusing it.
pub fn is_message(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else {
        return false;
    };
    !text.is_empty()
        && text.len() <= LONGEST_CLIENT_LINE
        && first_control(text).is_none()
        && !is_command(text)
}

/// The first character of a text that no line may hold.
pub fn first_control(text: &str) -> Option<char> {
    // Nearly every line is plain, and megabytes of them are looked at.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    text.chars().find(|c| is_control(*c))
}

/// A character that no line may hold (LINE-11).
pub fn is_control(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}')
}

/// `<name>`, `<name arguments>` or `{quit}`: chapter 6.
pub fn is_command(line: &str) -> bool {
    if line == "{quit}" {
        return true;
    }
    let Some(inner) = line
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    else {
        return false;
    };
    let (name, arguments) = inner
        .split_once(' ')
        .map_or((inner, None), |(name, rest)| (name, Some(rest)));
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && arguments
            .is_none_or(|arguments| !arguments.is_empty() && !arguments.contains(['<', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("* joined anna", Some(Event::Joined("anna")))]
    #[case("* joined anna again", Some(Event::Joined("anna")))]
    #[case("* left a:", Some(Event::Left("a:")))]
    #[case("anna: ", Some(Event::Said("anna", "")))]
    #[case("anna: * left bruno: x", Some(Event::Said("anna", "* left bruno: x")))]
    #[case("an na: x", None)]
    #[case(": x", None)]
    #[case("! code: x", None)]
    #[case("* welcome anna 1", None)]
    #[case("<quit>", None)]
    fn events(#[case] line: &str, #[case] event: Option<Event<'_>>) {
        assert_eq!(Event::parse(line), event);
    }

    #[rstest]
    #[case(b"ciao", true)]
    #[case(b"<>", true)]
    #[case(b"<Quit>", true)]
    #[case(b"<nick >", true)]
    #[case(b"<3>", true)]
    #[case(b"<a <b>>", true)]
    #[case(b"\t", true)]
    #[case(b"", false)]
    #[case(b"<quit>", false)]
    #[case(b"{quit}", false)]
    #[case(b"<a-1 b>", false)]
    #[case(b"\xFF", false)]
    #[case(b"\r", false)]
    #[case(b"\xE2\x80\xA8", false)]
    #[case(&[b'x'; 4096], true)]
    #[case(&[b'x'; 4097], false)]
    fn messages(#[case] line: &[u8], #[case] message: bool) {
        assert_eq!(is_message(line), message);
    }
}
