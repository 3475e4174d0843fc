//! A part of some bytes that is enough to show what they were.

use std::fmt;

use schemars::JsonSchema;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::visible::{HEAD, LONGEST, TAIL, boundary, show_end, show_start};

/// All of a short text, and both ends of a long one.
///
/// `Display` and JSON make every invisible character visible: `\n`, `\x1B`, `\u{202E}`, `\xFF` for a byte that is not UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    head: Vec<u8>,
    /// Empty when `head` is everything.
    tail: Vec<u8>,
    length: usize,
}

impl Excerpt {
    /// The part of `bytes` that is kept.
    pub fn of(bytes: &[u8]) -> Self {
        let length = bytes.len();
        if length <= LONGEST {
            return Self {
                head: bytes.to_vec(),
                tail: Vec::new(),
                length,
            };
        }
        Self {
            head: bytes[..boundary(bytes, HEAD)].to_vec(),
            tail: bytes[boundary(bytes, length - TAIL)..].to_vec(),
            length,
        }
    }

    /// How many bytes there were.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The beginning, made visible; everything if `tail` is `None`.
    pub fn head(&self) -> String {
        if self.tail.is_empty() {
            show_end(&self.head)
        } else {
            show_start(&self.head)
        }
    }

    /// The end of a long text, made visible.
    pub fn tail(&self) -> Option<String> {
        (!self.tail.is_empty()).then(|| show_end(&self.tail))
    }
}

impl From<&str> for Excerpt {
    fn from(text: &str) -> Self {
        Self::of(text.as_bytes())
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tail() {
            None => f.write_str(&self.head()),
            Some(tail) => write!(f, "{}… ({} bytes) …{tail}", self.head(), self.length),
        }
    }
}

impl Serialize for Excerpt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Excerpt", 3)?;
        fields.serialize_field("head", &self.head())?;
        fields.serialize_field("tail", &self.tail())?;
        fields.serialize_field("bytes", &self.length)?;
        fields.end()
    }
}

/// The form that [`Excerpt`] has in JSON.
#[derive(JsonSchema)]
#[schemars(rename = "Excerpt")]
#[expect(dead_code, reason = "only its schema is used")]
struct Form {
    /// The beginning, or everything, with invisible characters made visible.
    head: String,
    /// The end of a long text; null when `head` is everything.
    tail: Option<String>,
    /// How many bytes there were.
    bytes: usize,
}

impl JsonSchema for Excerpt {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Form::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::json_schema(generator)
    }
}
