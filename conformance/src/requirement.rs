//! Requirements: the numbered sentences in the block quotes of a chapter.

use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

/// A requirement's id, such as `JOIN-3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Id(String);

impl Id {
    /// Parses capital letters, a hyphen, and a number without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, number) = text.split_once('-')?;
        let letters = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
        let digits =
            number.bytes().all(|byte| byte.is_ascii_digit()) && number.bytes().next()? != b'0';
        (letters && digits).then(|| Self(text.to_owned()))
    }

    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The class of programs that a requirement binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The program that accepts connections.
    Server,
    /// The program that opens one.
    Client,
}

impl Class {
    /// The word as the beginning of a sentence.
    pub fn capitalized(self) -> &'static str {
        match self {
            Self::Server => "Server",
            Self::Client => "Client",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Server => "server",
            Self::Client => "client",
        })
    }
}

/// The conformance level that includes a requirement.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The MUSTs of a first working program
    Core,
    /// All other MUSTs
    Full,
    /// The SHOULDs
    Recommended,
}

impl Level {
    /// Every level, beginning with the easiest.
    pub const ALL: [Self; 3] = [Self::Core, Self::Full, Self::Recommended];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Core => "core",
            Self::Full => "full",
            Self::Recommended => "recommended",
        })
    }
}

/// One or a few sentences that a program must or should obey.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Unique in the specification.
    pub id: Id,
    /// The programs that it binds.
    pub class: Class,
    /// The level that includes it.
    pub level: Level,
    /// Its text, on one line, in Markdown.
    pub text: String,
    /// The reason why it cannot be observed from outside, if the specification gives one.
    pub not_observable: Option<String>,
    /// The file that contains it.
    pub file: String,
    /// Its line in the file, counted from 1.
    pub line: usize,
    /// Byte range of its id in the file.
    pub span: Range<usize>,
}

impl Requirement {
    /// Whether conformance requires it.
    pub fn is_must(&self) -> bool {
        self.level != Level::Recommended
    }
}
