//! Classifies the lines of clients.

/// A line of a client, classified by its form alone. A [`Text`](Input::Text) is a nickname if the connection is naming, and a
/// message otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// An empty line, which is ignored (LINE-5).
    Empty,
    /// `<quit>`, or its older spelling `{quit}` (LEAVE-2).
    Quit,
    /// A command that this version does not define (MSG-5).
    UnknownCommand,
    /// Anything else.
    Text(&'a str),
}

impl<'a> Input<'a> {
    /// Classifies a line.
    pub fn of(line: &'a str) -> Self {
        match line.as_bytes().first() {
            None => Self::Empty,
            Some(b'<' | b'{') => match line {
                "<quit>" | "{quit}" => Self::Quit,
                _ if is_command(line) => Self::UnknownCommand,
                _ => Self::Text(line),
            },
            Some(_) => Self::Text(line),
        }
    }
}

/// Whether a line has the form `<name>` or `<name arguments>` (MSG-5).
fn is_command(line: &str) -> bool {
    let Some(inside) = line
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    else {
        return false;
    };
    let (name, arguments) = match inside.split_once(' ') {
        Some((name, arguments)) => (name, Some(arguments)),
        None => (inside, None),
    };
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && arguments.is_none_or(|words| !words.is_empty() && !words.contains(['<', '>']))
}

#[cfg(test)]
mod tests {
    use super::Input::{self, Empty, Quit, Text, UnknownCommand};
    use rstest::rstest;

    #[rstest]
    #[case("", Empty)]
    #[case("<quit>", Quit)]
    #[case("{quit}", Quit)]
    #[case("<who>", UnknownCommand)]
    #[case("<msg anna ciao>", UnknownCommand)]
    #[case("<quit now>", UnknownCommand)]
    #[case("<a-1>", UnknownCommand)]
    #[case("<me è qui {:}>", UnknownCommand)]
    #[case("<>", Text("<>"))]
    #[case("<", Text("<"))]
    #[case("<Quit>", Text("<Quit>"))]
    #[case("<quit> ", Text("<quit> "))]
    #[case(" <quit>", Text(" <quit>"))]
    #[case("<quit>ciao", Text("<quit>ciao"))]
    #[case("<a >", Text("<a >"))]
    #[case("<a  >", UnknownCommand)]
    #[case("<1a>", Text("<1a>"))]
    #[case("<-a>", Text("<-a>"))]
    #[case("<a_b>", Text("<a_b>"))]
    #[case("<a b<c>", Text("<a b<c>"))]
    #[case("<a> e <b>", Text("<a> e <b>"))]
    #[case("<a\tb>", Text("<a\tb>"))]
    #[case("{foo}", Text("{foo}"))]
    #[case("{quit} ", Text("{quit} "))]
    #[case("quit", Text("quit"))]
    #[case(" ", Text(" "))]
    fn is_classified(#[case] line: &str, #[case] input: Input<'_>) {
        assert_eq!(Input::of(line), input);
    }
}
