//! The session's facts in words, for people: English or Italian.
//!
//! Every text that is not the user's own is made [`harmless`] here. What a text is about decides
//! its place: `tell` has what happened, `explain` why something did not work, and this file
//! which language is spoken.

mod explain;
mod tell;

use crate::text::harmless;
use std::fmt;
use std::str::FromStr;

/// A language that the client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Italiano.
    Italian,
}

/// Writes one of two texts in the language. Both take what stands in braces from where they are.
macro_rules! say {
    ($language:expr, $english:literal, $italian:literal $(,)?) => {
        match $language {
            $crate::words::Language::English => format!($english),
            $crate::words::Language::Italian => format!($italian),
        }
    };
}
pub(crate) use say;

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Italian];

    /// The language of the system, or English where that is one that the client does not speak.
    pub fn of_system() -> Self {
        let wanted = sys_locale::get_locales();
        wanted
            .filter_map(|tag| tag.parse().ok())
            .next()
            .unwrap_or(Self::English)
    }

    /// The two letters that stand for it (ISO 639).
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Italian => "it",
        }
    }

    /// Its name, in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Italian => "Italiano",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A language that the client does not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the client speaks en and it")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads `it`, and `it-CH` and `it_IT.UTF-8` as well.
    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let language = tag.split(['-', '_', '.', '@']).next().unwrap_or(tag);
        Self::ALL
            .into_iter()
            .find(|known| known.code().eq_ignore_ascii_case(language))
            .ok_or(UnknownLanguage)
    }
}

/// What somebody else wrote, shortened where only its beginning is of interest.
fn foreign(text: &str) -> String {
    const LONGEST: usize = 200;
    let shown = harmless(text);
    match shown.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None => shown.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("it", Ok(Language::Italian))]
    #[case("it_CH.UTF-8", Ok(Language::Italian))]
    #[case("EN-gb", Ok(Language::English))]
    #[case("C", Err(UnknownLanguage))]
    #[case("", Err(UnknownLanguage))]
    #[case("italiano", Err(UnknownLanguage))]
    fn is_read(#[case] tag: &str, #[case] language: Result<Language, UnknownLanguage>) {
        assert_eq!(tag.parse(), language);
    }
}
