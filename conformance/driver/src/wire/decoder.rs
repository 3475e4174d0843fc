//! Bytes from the server -> lines, each judged by the rules that hold for every line (LINE-3, LINE-12).

use std::fmt;

use schemars::JsonSchema;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::line::{LONGEST_SERVER_LINE, first_control};
use super::{Excerpt, Visible};

/// A line as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A line that obeys the rules.
    Line(String),
    /// Bytes that no server may send.
    Broken(Vec<u8>, Broken),
}

/// The rule that a line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// A CR stands before the LF (LINE-3).
    CarriageReturn,
    /// It is not UTF-8 (LINE-12).
    NotUtf8,
    /// It holds this control character (LINE-12).
    Control(char),
    /// It is longer than 4130 bytes (LINE-12).
    TooLong,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CarriageReturn => f.write_str("it ends with CR LF instead of LF"),
            Self::NotUtf8 => f.write_str("it is not UTF-8"),
            Self::Control(c) => write!(f, "it holds the control character U+{:04X}", u32::from(*c)),
            Self::TooLong => write!(f, "it is longer than {LONGEST_SERVER_LINE} bytes"),
        }
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(text) => write!(f, "{}", Visible(text.as_bytes())),
            Self::Broken(bytes, why) => write!(f, "{} ({why})", Visible(bytes)),
        }
    }
}

impl Serialize for Received {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (bytes, broken) = match self {
            Self::Line(text) => (text.as_bytes(), None),
            Self::Broken(bytes, broken) => (bytes.as_slice(), Some(broken)),
        };
        let mut fields = serializer.serialize_struct("Received", 2)?;
        fields.serialize_field("line", &Excerpt::of(bytes))?;
        fields.serialize_field("breaks", &broken)?;
        fields.end()
    }
}

/// The form that [`Received`] has in JSON.
#[derive(JsonSchema)]
#[schemars(rename = "Received")]
#[expect(dead_code, reason = "only its schema is used")]
struct Form {
    /// The line, without its LF.
    line: Excerpt,
    /// The rule for every line of a server that it breaks, if any.
    breaks: Option<Broken>,
}

impl JsonSchema for Received {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Form::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::json_schema(generator)
    }
}

impl Received {
    /// The bytes, without the LF.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Line(text) => text.as_bytes(),
            Self::Broken(bytes, _) => bytes,
        }
    }

    /// The text, if the line obeys the rules.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Line(text) => Some(text),
            Self::Broken(..) => None,
        }
    }
}

/// Splits what arrives at every LF.
#[derive(Debug, Default)]
pub struct Decoder {
    partial: Vec<u8>,
    overlong: bool,
}

impl Decoder {
    /// Takes bytes in and gives out each line that they end; `None` stands for an empty one.
    pub fn feed(&mut self, mut bytes: &[u8], mut out: impl FnMut(Option<Received>)) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (head, rest) = bytes.split_at(end);
            bytes = &rest[1..];
            self.hold(head);
            let line = std::mem::take(&mut self.partial);
            let overlong = std::mem::take(&mut self.overlong);
            out(if overlong {
                Some(Received::Broken(line, Broken::TooLong))
            } else {
                judge(line)
            });
        }
        self.hold(bytes);
    }

    /// What has arrived since the last LF; no more of it than shows that it is too long.
    pub fn partial(&self) -> &[u8] {
        &self.partial
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = LONGEST_SERVER_LINE + 1 - self.partial.len();
        self.partial
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.overlong = self.partial.len() > LONGEST_SERVER_LINE;
    }
}

fn judge(line: Vec<u8>) -> Option<Received> {
    if line.is_empty() {
        return None;
    }
    let broken = |line, why| Some(Received::Broken(line, why));
    if line.ends_with(b"\r") {
        return broken(line, Broken::CarriageReturn);
    }
    match String::from_utf8(line) {
        Err(error) => broken(error.into_bytes(), Broken::NotUtf8),
        Ok(text) => match first_control(&text) {
            Some(c) => broken(text.into_bytes(), Broken::Control(c)),
            None => Some(Received::Line(text)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> (Vec<Option<Received>>, Vec<u8>) {
        let mut decoder = Decoder::default();
        let mut lines = Vec::new();
        for piece in pieces {
            decoder.feed(piece, |line| lines.push(line));
        }
        (lines, decoder.partial().to_vec())
    }

    #[test]
    fn splits_at_lf_whatever_the_pieces() {
        let line = |text: &str| Some(Received::Line(text.to_owned()));
        assert_eq!(
            decode(&[b"a", b"b\nc\n\n", b"d"]),
            (vec![line("ab"), line("c"), None], b"d".to_vec())
        );
    }

    #[test]
    fn says_which_rule_is_broken() {
        let broken = |bytes: &[u8], why| Some(Received::Broken(bytes.to_vec(), why));
        let long = [b"x".repeat(LONGEST_SERVER_LINE), b"\n".to_vec()].concat();
        assert!(matches!(decode(&[&long]).0[0], Some(Received::Line(_))));
        let long = b"x".repeat(LONGEST_SERVER_LINE + 1);
        assert_eq!(
            decode(&[&long, b"yyy\n"]).0,
            [broken(&long, Broken::TooLong)]
        );
        assert_eq!(
            decode(&[b"a\r\n"]).0,
            [broken(b"a\r", Broken::CarriageReturn)]
        );
        assert_eq!(decode(&[b"\xFF\n"]).0, [broken(b"\xFF", Broken::NotUtf8)]);
        assert_eq!(
            decode(&[b"a\x1Bb\n"]).0,
            [broken(b"a\x1Bb", Broken::Control('\x1B'))]
        );
    }
}
