//! Finds hyperlinks in messages.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// A web address.
    Link(&'a str),
}

/// Splits a text into plain pieces and hyperlinks. Only `http://` and `https://` are recognized; other schemes, such as
/// `file:` and `javascript:`, may be unsafe to open.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((start, end)) = next_link(rest) {
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        pieces.push(Piece::Link(&rest[start..end]));
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn next_link(text: &str) -> Option<(usize, usize)> {
    text.match_indices("://").find_map(|(colon, marks)| {
        let start = ["https", "http"].into_iter().find_map(|scheme| {
            let start = colon.checked_sub(scheme.len())?;
            let same = text.get(start..colon)?.eq_ignore_ascii_case(scheme);
            let whole = !text[..start].ends_with(char::is_alphanumeric);
            (same && whole).then_some(start)
        })?;
        let host = colon + marks.len();
        let end = host + end_of(&text[host..]);
        let starts = text[host..end].starts_with(|c: char| c.is_alphanumeric() || c == '[');
        starts.then_some((start, end))
    })
}

/// The end of an address: at whitespace, a quote or an unmatched bracket, and before the punctuation of the sentence.
fn end_of(address: &str) -> usize {
    let outside =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '‹' | '›' | '«' | '»');
    let mut address = &address[..address.find(outside).unwrap_or(address.len())];
    while let Some(last) = address.chars().next_back() {
        let closes = |open: char| address.matches(last).count() > address.matches(open).count();
        let is_punctuation = match last {
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '…' => true,
            ')' => closes('('),
            ']' => closes('['),
            '}' => closes('{'),
            _ => false,
        };
        if !is_punctuation {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("guarda https://example.org/a?b=c#d qui", &["https://example.org/a?b=c#d"])]
    #[case("http://[::1]:8080/, poi HTTPS://EXAMPLE.ORG.", &["http://[::1]:8080/", "HTTPS://EXAMPLE.ORG"])]
    #[case("(https://it.wikipedia.org/wiki/Salotto_(stanza))", &["https://it.wikipedia.org/wiki/Salotto_(stanza)"])]
    #[case("<https://a.ch>\"http://b.ch\"", &["https://a.ch", "http://b.ch"])]
    #[case("https://a.ch‹U+202E›", &["https://a.ch"])]
    #[case("http://a.ch:// x", &["http://a.ch://"])]
    #[case("xhttp://a.ch, file:///etc/passwd, javascript://x, http://, https:// a", &[])]
    #[case("èhttp://a.ch", &[])]
    fn hyperlinks_are_found(#[case] text: &str, #[case] expected: &[&str]) {
        let links = pieces(text).into_iter().filter_map(|piece| match piece {
            Piece::Link(link) => Some(link),
            Piece::Text(_) => None,
        });
        assert_eq!(links.collect::<Vec<_>>(), expected);
    }

    proptest! {
        #[test]
        fn the_pieces_add_up_to_the_text(text in r"([ a.:/()è‹]|http|https|://){0,40}") {
            let whole: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => text,
                })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
