//! A TOML file -> a dialect. Every mistake is told with its place.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Kind, required};
use super::pattern::{Pattern, Place};
use super::words::{Alphabet, Dialect, Framing, Word};
use crate::scenario::{Diagnostic, Mistake};

/// The name and the text of each dialect that needs no file.
pub const BUILT_IN: [(&str, &str); 2] = [
    ("classic", include_str!("classic.toml")),
    ("budget-chat", include_str!("budget-chat.toml")),
];

/// Why a dialect cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DialectError {
    /// The file cannot be read.
    #[error("cannot read the dialect {path}: {source}{}", built_in_names())]
    Read {
        /// The file.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file has mistakes.
    #[error("the dialect has mistakes\n\n{}", Joined(.0))]
    Mistakes(Vec<Mistake>),
}

fn built_in_names() -> String {
    let names: Vec<_> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    format!("; the built-in dialects are {}", names.join(" and "))
}

struct Joined<'a>(&'a [Mistake]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mistakes = self.0.iter();
        mistakes.try_for_each(|mistake| write!(f, "{mistake}\n\n"))
    }
}

/// Reads a dialect: a built-in one by its name, or a file.
///
/// # Errors
/// The file cannot be read, or it has mistakes.
pub fn read(name_or_path: &str) -> Result<Dialect, DialectError> {
    if let Some(dialect) = built_in(name_or_path) {
        return dialect;
    }
    let path = Path::new(name_or_path);
    let text = std::fs::read_to_string(path).map_err(|source| DialectError::Read {
        path: name_or_path.to_owned(),
        source,
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    parse(name_or_path, &text, folder)
}

/// The built-in dialect of this name.
pub fn built_in(name: &str) -> Option<Result<Dialect, DialectError>> {
    let (_, text) = BUILT_IN.into_iter().find(|(known, _)| *known == name)?;
    Some(from_text(name, text))
}

/// Parses the text of a file that begins with no other file.
///
/// # Errors
/// It has mistakes.
pub fn from_text(name: &str, text: &str) -> Result<Dialect, DialectError> {
    parse(name, text, Path::new(""))
}

/// Parses the text of a file; `folder` is where a file that it begins with is looked for.
fn parse(path: &str, text: &str, folder: &Path) -> Result<Dialect, DialectError> {
    let settings = settings(path, text, folder, 0)?;
    let source = Arc::from(text);
    dialect(&settings, path)
        .map_err(|mistake| DialectError::Mistakes(vec![mistake.in_file(path, &source)]))
}

/// What is written at a key.
#[derive(Debug, Clone)]
enum Setting {
    Text(String),
    Bytes(usize),
    Flag(bool),
    Words(Word, Vec<Pattern>),
}

/// What is written, by table and key.
type Settings = BTreeMap<(&'static str, &'static str), Setting>;

/// Reads what is written in a file, over what is written in the one that it begins with.
fn settings(path: &str, text: &str, folder: &Path, depth: usize) -> Result<Settings, DialectError> {
    /// More files that begin with each other than this are a circle.
    const DEEPEST: usize = 8;
    let source: Arc<str> = Arc::from(text);
    let mistakes = |mistakes: Vec<Diagnostic>| {
        let mistakes = mistakes.into_iter();
        DialectError::Mistakes(
            mistakes
                .map(|mistake| mistake.in_file(path, &source))
                .collect(),
        )
    };
    let (own, base) = own_settings(text).map_err(mistakes)?;
    let Some((base, span)) = base else {
        return Ok(own);
    };
    if depth == DEEPEST {
        let circle = Diagnostic::new(span, "the files begin with each other");
        return Err(mistakes(vec![circle]));
    }
    let built_in = BUILT_IN.into_iter().find(|(name, _)| *name == base);
    let mut all = match built_in {
        Some((name, text)) => settings(name, text, folder, depth + 1)?,
        None => {
            let file = folder.join(&base);
            let text = std::fs::read_to_string(&file).map_err(|error| {
                let mistake = Diagnostic::new(span, format!("cannot read `{base}`: {error}"));
                let names = BUILT_IN.iter().map(|(name, _)| *name);
                mistakes(vec![mistake.suggest(&base, names)])
            })?;
            let folder = file.parent().unwrap_or(folder).to_owned();
            settings(&file.display().to_string(), &text, &folder, depth + 1)?
        }
    };
    all.extend(own);
    Ok(all)
}

/// The name of a file, and where it stands.
type Base = Option<(String, Range<usize>)>;

/// What is written in one file.
fn own_settings(text: &str) -> Result<(Settings, Base), Vec<Diagnostic>> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..text.len().min(1));
        vec![Diagnostic::new(span, error.message().to_owned())]
    })?;
    let (mut settings, mut base, mut mistakes) = (Settings::new(), None, Vec::new());
    let mut take = |table: &str, entries: &DeTable<'_>, mistakes: &mut Vec<Diagnostic>| {
        for (key, value) in entries {
            if table.is_empty() && value.get_ref().is_table() {
                continue;
            }
            match setting(table, key, value) {
                Ok((at @ ("", "base"), Setting::Text(name))) => {
                    base = Some((name, value.span()));
                    let _ = at;
                }
                Ok((at, setting)) => {
                    settings.insert(at, setting);
                }
                Err(mistake) => mistakes.push(mistake),
            }
        }
    };
    take("", table.get_ref(), &mut mistakes);
    for (name, value) in table.get_ref() {
        let Some(entries) = value.get_ref().as_table() else {
            continue;
        };
        let written: &str = name.get_ref();
        if KEYS
            .iter()
            .any(|(table, ..)| !table.is_empty() && *table == written)
        {
            take(written, entries, &mut mistakes);
        } else {
            let unknown = Diagnostic::new(name.span(), format!("unknown table `{written}`"));
            mistakes.push(unknown.suggest(written, KEYS.map(|(table, ..)| table)));
        }
    }
    if mistakes.is_empty() {
        Ok((settings, base))
    } else {
        mistakes.sort_by_key(|mistake| mistake.span.start);
        Err(mistakes)
    }
}

/// What is written at one key.
fn setting(
    table: &str,
    key: &Spanned<toml::de::DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
) -> Result<((&'static str, &'static str), Setting), Diagnostic> {
    let written: &str = key.get_ref();
    let of_table = KEYS.into_iter().filter(|(known, ..)| *known == table);
    let found = of_table.clone().find(|(_, known, _)| *known == written);
    let Some((table, name, kind)) = found else {
        let unknown = Diagnostic::new(key.span(), format!("unknown key `{written}`"));
        return Err(unknown.suggest(written, of_table.map(|(_, name, _)| name)));
    };
    let expected = |what: &str| Diagnostic::new(value.span(), format!("expected {what}"));
    let setting = match kind {
        Kind::Text => value
            .get_ref()
            .as_str()
            .map(|text| Setting::Text(text.to_owned())),
        Kind::Flag => value.get_ref().as_bool().map(Setting::Flag),
        Kind::Bytes => {
            let number = value.get_ref().as_integer();
            number
                .and_then(|number| number.as_str().parse().ok())
                .map(Setting::Bytes)
        }
        Kind::Choice(words) => {
            let text = value.get_ref().as_str().unwrap_or_default();
            if !words.contains(&text) {
                let mistake = expected(&format!("one of: {}", words.join(", ")));
                return Err(mistake.suggest(text, words.iter().copied()));
            }
            Some(Setting::Text(text.to_owned()))
        }
        Kind::Words(word, places) => {
            let patterns = patterns(word, places, value)?;
            Some(Setting::Words(word, patterns))
        }
    };
    let what = match kind {
        Kind::Flag => "true or false",
        Kind::Bytes => "a number of bytes",
        _ => "a text in quotes",
    };
    setting
        .map(|setting| ((table, name), setting))
        .ok_or_else(|| expected(what))
}

/// A pattern, or a list of them.
fn patterns(
    word: Word,
    places: &[Place],
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<Pattern>, Diagnostic> {
    let one = std::slice::from_ref(value);
    let values = match value.get_ref() {
        DeValue::Array(values) => values.iter().collect::<Vec<_>>(),
        _ => one.iter().collect(),
    };
    let patterns = values.into_iter().map(|value| {
        let mistake = |message: String| Diagnostic::new(value.span(), message);
        let Some(text) = value.get_ref().as_str() else {
            return Err(mistake("expected a pattern in quotes".to_owned()));
        };
        if text.is_empty() {
            return Err(
                mistake("the pattern is empty".to_owned()).help("leave out what is not said")
            );
        }
        let pattern = Pattern::parse(text);
        if let Some(place) = pattern.places().find(|place| !places.contains(place)) {
            let known: Vec<_> = places.iter().map(|place| place.as_str()).collect();
            let help = match known.as_slice() {
                [] => "it is sent as it stands".to_owned(),
                known => format!("it can have: {}", known.join(", ")),
            };
            return Err(mistake(format!("`{}` has no meaning here", place.as_str())).help(help));
        }
        let missing = required(word).iter().find(|place| !pattern.has(**place));
        match missing {
            Some(place) => Err(mistake(format!("`{}` is missing", place.as_str()))),
            None => Ok(pattern),
        }
    });
    patterns.collect()
}

/// The dialect that the settings describe.
fn dialect(settings: &Settings, path: &str) -> Result<Dialect, Diagnostic> {
    let text = |table, key| match settings.get(&(table, key)) {
        Some(Setting::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let bytes = |table, key| match settings.get(&(table, key)) {
        Some(Setting::Bytes(bytes)) => Some(*bytes),
        _ => None,
    };
    let flag = |key| matches!(settings.get(&("habits", key)), Some(Setting::Flag(true)));
    let framing = |key| match text("framing", key) {
        Some("crlf") => Framing::CrLf,
        Some("none") => Framing::None,
        Some("be32") => Framing::Be32,
        Some("dec10") => Framing::Dec10,
        _ => Framing::Lf,
    };
    let words: BTreeMap<_, _> = settings
        .values()
        .filter_map(|setting| match setting {
            Setting::Words(word, patterns) => Some((*word, patterns.clone())),
            _ => None,
        })
        .collect();
    if !words.contains_key(&Word::Message) {
        let mistake = Diagnostic::new(0..0, "the word `message` is missing");
        return Err(mistake.help("for example: message = \"{nick}: {text}\", in the table [words]"));
    }
    Ok(Dialect {
        name: text("", "name").unwrap_or(path).to_owned(),
        framing_in: framing("in"),
        framing_out: framing("out"),
        longest: bytes("framing", "longest"),
        is_ascii: text("framing", "texts") == Some("ascii"),
        ignores_empty_lines: text("framing", "empty-lines").is_some(),
        drops_cr: text("framing", "cr").is_some(),
        alphabet: match text("names", "allowed") {
            Some("alphanumeric") => Alphabet::Alphanumeric,
            Some("salotto") => Alphabet::Salotto,
            _ => Alphabet::Any,
        },
        longest_name: bytes("names", "longest").unwrap_or(32),
        words,
        closes_after_refusal: text("refusals", "then") == Some("closed"),
        echo: flag("echo"),
        own_joined: flag("own-joined"),
        lists_self: flag("list-self"),
        history: flag("history"),
        goodbye_after_fin: flag("goodbye-after-fin"),
        at_once: flag("at-once"),
    })
}
