//! The languages of the client.

use crate::sanitize::sanitize;
use clap::ValueEnum;
use serde::Serialize;

/// A language that the client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, Serialize)]
pub enum Language {
    /// English.
    #[value(name = "en")]
    #[serde(rename = "en")]
    English,
    /// Italian.
    #[value(name = "it")]
    #[serde(rename = "it")]
    Italian,
}

/// Formats one of two texts, depending on the language. Both capture variables as `format!` does.
macro_rules! tr {
    ($language:expr, $english:literal, $italian:literal $(,)?) => {
        match $language {
            $crate::i18n::language::Language::English => format!($english),
            $crate::i18n::language::Language::Italian => format!($italian),
        }
    };
}
pub(crate) use tr;

impl Language {
    /// The language of the operating system, or English if the client does not speak it.
    pub fn of_system() -> Self {
        sys_locale::get_locales()
            .find_map(|tag| Self::from_tag(&tag))
            .unwrap_or(Self::English)
    }

    /// Parses a language tag such as `it`, `it-CH` or `it_IT.UTF-8`.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_', '.', '@']).next()?;
        Self::from_str(language, true).ok()
    }

    /// The name of the language in that language.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Italian => "Italiano",
        }
    }
}

/// Sanitizes a text that somebody else wrote, and keeps only the beginning of a long one.
pub(super) fn excerpt(text: &str) -> String {
    const MAX_CHARS: usize = 200;
    let shown = sanitize(text);
    match shown.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None => shown.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("it", Some(Language::Italian))]
    #[case("it_CH.UTF-8", Some(Language::Italian))]
    #[case("EN-gb", Some(Language::English))]
    #[case("C", None)]
    #[case("", None)]
    #[case("italiano", None)]
    fn tags_are_parsed(#[case] tag: &str, #[case] language: Option<Language>) {
        assert_eq!(Language::from_tag(tag), language);
    }
}
