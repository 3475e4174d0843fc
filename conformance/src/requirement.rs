//! A requirement: what stands in a block quote of a chapter.

use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

/// A requirement's id, such as `JOIN-3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Id(String);

impl Id {
    /// Capital letters, a hyphen, and a number from 1; anything else is no id.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, number) = text.split_once('-')?;
        let letters = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
        let digits =
            number.bytes().all(|byte| byte.is_ascii_digit()) && number.bytes().next()? != b'0';
        (letters && digits).then(|| Self(text.to_owned()))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Whom a requirement binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The program that accepts connections.
    Server,
    /// The program that opens one.
    Client,
}

impl Class {
    /// As a sentence begins with it.
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

/// How much a requirement asks.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The MUSTs that a first working program fulfils
    Core,
    /// All other MUSTs
    Full,
    /// The SHOULDs
    Recommended,
}

impl Level {
    /// Every level, from the easiest.
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

/// One sentence, or a few, that a program must or should fulfil.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Never given twice.
    pub id: Id,
    /// Whom it binds.
    pub class: Class,
    /// How much it asks.
    pub level: Level,
    /// In its own words, on one line, with Markdown's marks.
    pub text: String,
    /// Why nobody can observe it from outside, where the specification says so.
    pub not_observable: Option<String>,
    /// The file it stands in.
    pub file: String,
    /// Its line in the file, from 1.
    pub line: usize,
    /// Where its id stands in the file, in bytes.
    pub span: Range<usize>,
}

impl Requirement {
    /// Whether a program that breaks it is not conformant.
    pub fn is_must(&self) -> bool {
        self.level != Level::Recommended
    }
}
