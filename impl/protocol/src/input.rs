//! What a line of a client is.

/// A client's line, told apart by its form alone. Whether a [`Text`](Input::Text) is a nickname or
/// a message depends on whether the connection is naming, which a line does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// An empty line: a heartbeat, to be ignored.
    Empty,
    /// The wish to leave: `<quit>`, or `{quit}` as it used to be spelled.
    Quit,
    /// A command of a later version, or of nobody; its name.
    UnknownCommand(&'a str),
    /// Anything else.
    Text(&'a str),
}

impl<'a> Input<'a> {
    /// Tells what `line` is.
    pub fn of(line: &'a str) -> Self {
        match line.as_bytes().first() {
            None => Self::Empty,
            Some(b'<' | b'{') => match line {
                "<quit>" | "{quit}" => Self::Quit,
                _ => command_name(line).map_or(Self::Text(line), Self::UnknownCommand),
            },
            Some(_) => Self::Text(line),
        }
    }
}

/// The name in `<name>` or `<name arguments>`.
fn command_name(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('<')?.strip_suffix('>')?;
    let (name, arguments) = match inside.split_once(' ') {
        Some((_, "")) => return None,
        Some((name, arguments)) => (name, arguments),
        None => (inside, ""),
    };
    let named = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    (named && !arguments.contains(['<', '>'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Input::{self, Empty, Quit, Text, UnknownCommand};
    use rstest::rstest;

    #[rstest]
    #[case("", Empty)]
    #[case("<quit>", Quit)]
    #[case("{quit}", Quit)]
    #[case("<who>", UnknownCommand("who"))]
    #[case("<msg anna ciao>", UnknownCommand("msg"))]
    #[case("<quit now>", UnknownCommand("quit"))]
    #[case("<a-1>", UnknownCommand("a-1"))]
    #[case("<me è qui {:}>", UnknownCommand("me"))]
    #[case("<>", Text("<>"))]
    #[case("<", Text("<"))]
    #[case("<Quit>", Text("<Quit>"))]
    #[case("<quit> ", Text("<quit> "))]
    #[case(" <quit>", Text(" <quit>"))]
    #[case("<quit>ciao", Text("<quit>ciao"))]
    #[case("<a >", Text("<a >"))]
    #[case("<a  >", UnknownCommand("a"))]
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
    fn is(#[case] line: &str, #[case] input: Input<'_>) {
        assert_eq!(Input::of(line), input);
    }
}
