//! Texts in a scenario: literal bytes, escapes, and `${…}` pieces that are generated when the step is performed.

use std::ops::Range;

use super::counters::Counters;
use super::diagnostic::Diagnostic;

/// The text of a line, or bytes, before the counters in it have values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Bytes(Vec<u8>),
    /// `${n}` or `${n + 1}`, or the column `${text}` of a table
    Counter {
        name: String,
        plus: usize,
    },
    /// `${"x" * 4096}`
    Times(Template, usize),
}

impl Template {
    /// A template of literal text.
    pub fn literal(text: &str) -> Self {
        Self(vec![Piece::Bytes(text.as_bytes().to_vec())])
    }

    /// The bytes for these values of the counters.
    pub fn bytes(&self, counters: &Counters) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(counters, &mut out);
        out
    }

    /// The text for these values of the counters. Bytes that are not UTF-8 are replaced.
    pub fn text(&self, counters: &Counters) -> String {
        String::from_utf8_lossy(&self.bytes(counters)).into_owned()
    }

    fn write(&self, counters: &Counters, out: &mut Vec<u8>) {
        for piece in &self.0 {
            match piece {
                Piece::Bytes(bytes) => out.extend_from_slice(bytes),
                Piece::Counter { name, plus } => counters.write(name, *plus, out),
                Piece::Times(inner, times) => out.extend(inner.bytes(counters).repeat(*times)),
            }
        }
    }

    /// The names of the values in it, and what is added to each.
    pub(super) fn names(&self) -> Vec<(&str, usize)> {
        let mut names = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Bytes(_) => {}
                Piece::Counter { name, plus } => names.push((name.as_str(), *plus)),
                Piece::Times(inner, _) => names.extend(inner.names()),
            }
        }
        names
    }
}

/// Parses the text at `span` of `source`: a quoted text, or everything up to the end of the span. Returns the end of the text too.
///
/// # Errors
/// A missing quote, or a mistake in an escape or a generated piece.
pub(super) fn read(source: &str, span: Range<usize>) -> Result<(Template, usize), Diagnostic> {
    let quoted = source[span.clone()].starts_with('"');
    let mut reader = Reader {
        source,
        at: span.start + usize::from(quoted),
        end: span.end,
    };
    let template = reader.template(quoted)?;
    Ok((template, reader.at))
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    end: usize,
}

impl Reader<'_> {
    fn template(&mut self, quoted: bool) -> Result<Template, Diagnostic> {
        let opening = self.at.saturating_sub(1);
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        loop {
            let Some(next) = self.peek() else {
                if quoted {
                    return Err(Diagnostic::new(opening..self.end, "missing closing quote")
                        .help("write \\\" for a quote inside a quoted text"));
                }
                break;
            };
            match next {
                '"' if quoted => {
                    self.at += 1;
                    break;
                }
                '\\' => self.escape(&mut literal)?,
                '$' if self.source[self.at..self.end].starts_with("${") => {
                    pieces.push(Piece::Bytes(std::mem::take(&mut literal)));
                    pieces.push(self.generated()?);
                }
                other => {
                    self.at += other.len_utf8();
                    literal.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
        pieces.push(Piece::Bytes(literal));
        pieces.retain(|piece| *piece != Piece::Bytes(Vec::new()));
        Ok(Template(pieces))
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Diagnostic> {
        let start = self.at;
        self.at += 1;
        let Some(kind) = self.peek() else {
            return Err(unknown_escape(start..self.at));
        };
        self.at += kind.len_utf8();
        match kind {
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            '\\' => out.push(b'\\'),
            '"' => out.push(b'"'),
            'x' => {
                let digits = self
                    .source
                    .get(self.at..(self.at + 2).min(self.end))
                    .unwrap_or_default();
                let byte = u8::from_str_radix(digits, 16)
                    .ok()
                    .filter(|_| digits.len() == 2);
                let byte = byte.ok_or_else(|| {
                    Diagnostic::new(
                        start..self.at,
                        "expected two hexadecimal digits after `\\x`",
                    )
                    .help("for example \\x0A")
                })?;
                self.at += 2;
                out.push(byte);
            }
            'u' => {
                let rest = &self.source[self.at..self.end];
                let digits = rest
                    .strip_prefix('{')
                    .and_then(|rest| rest.split_once('}'))
                    .map(|(digits, _)| digits);
                let scalar = digits
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                    .and_then(char::from_u32);
                let (Some(digits), Some(scalar)) = (digits, scalar) else {
                    return Err(Diagnostic::new(
                        start..self.at,
                        "expected the number of a character in braces after `\\u`",
                    )
                    .help(
                        "for example \\u{E8}; write bytes that are no character as \\xED\\xA0\\x80",
                    ));
                };
                self.at += digits.len() + 2;
                out.extend_from_slice(scalar.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => return Err(unknown_escape(start..self.at)),
        }
        Ok(())
    }

    /// `${n}`, `${n + 1}`, `${"x" * 4096}` or `${"$"}`
    fn generated(&mut self) -> Result<Piece, Diagnostic> {
        let start = self.at;
        self.at += 2;
        self.skip_blanks();
        let piece = if self.peek() == Some('"') {
            self.at += 1;
            let inner = self.template(true)?;
            let times = self.operand('*')?.unwrap_or(1);
            Piece::Times(inner, times)
        } else {
            let name = self.word();
            if name.is_empty() {
                return Err(malformed(start..self.at));
            }
            let plus = self.operand('+')?.unwrap_or(0);
            Piece::Counter { name, plus }
        };
        self.skip_blanks();
        if self.peek() != Some('}') {
            return Err(malformed(start..self.at));
        }
        self.at += 1;
        Ok(piece)
    }

    fn operand(&mut self, operator: char) -> Result<Option<usize>, Diagnostic> {
        self.skip_blanks();
        if self.peek() != Some(operator) {
            return Ok(None);
        }
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        let digits = self.word();
        let number = digits.parse().ok().filter(|number| *number <= MOST_REPEATS);
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(Diagnostic::new(
                start..self.at.max(start + 1),
                format!("expected a number up to {MOST_REPEATS}"),
            )),
        }
    }

    fn word(&mut self) -> String {
        let rest = &self.source[self.at..self.end];
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        self.at += length;
        rest[..length].to_owned()
    }

    fn skip_blanks(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..self.end].chars().next()
    }
}

/// A larger number is a typing error.
const MOST_REPEATS: usize = 100_000_000;

fn unknown_escape(span: Range<usize>) -> Diagnostic {
    Diagnostic::new(span, "unknown escape")
        .help("the escapes are \\n \\r \\t \\\\ \\\" \\x0A and \\u{E8}")
}

fn malformed(span: Range<usize>) -> Diagnostic {
    Diagnostic::new(
        span,
        "expected a generated text: `${n}`, `${n + 1}` or `${\"x\" * 4096}`",
    )
    .help("write ${\"$\"} for a dollar sign before a brace")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ciao", b"ciao")]
    #[case(r#""ciao ""#, b"ciao ")]
    #[case(r#""\xC3\xA8\n""#, b"\xC3\xA8\n")]
    #[case(r"\u{E8}\\", b"\xC3\xA8\\")]
    #[case(r#"a${"x" * 3}b"#, b"axxxb")]
    #[case(r#""${"${"x" * 2}\n" * 2}""#, b"xx\nxx\n")]
    #[case("n${n}m${m + 2}", b"n7m5")]
    #[case(r#"${"$"}{"#, b"${")]
    #[case("$ {}", b"$ {}")]
    fn means(#[case] source: &str, #[case] bytes: &[u8]) {
        let (template, end) = read(source, 0..source.len()).unwrap();
        let counters = Counters::default().with("m", 3).with("n", 7);
        assert_eq!(template.bytes(&counters), bytes);
        assert_eq!(end, source.len());
    }

    #[rstest]
    #[case(r#""ciao"#)]
    #[case(r"\q")]
    #[case(r"\xG0")]
    #[case(r"\u{D800}")]
    #[case("${")]
    #[case("${n")]
    #[case("${n * }")]
    #[case(r#"${"x" * }"#)]
    #[case(r#"${"x" * 999999999999}"#)]
    fn is_refused(#[case] source: &str) {
        assert!(read(source, 0..source.len()).is_err());
    }
}
