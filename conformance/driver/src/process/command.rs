//! The command line of a server, with placeholders for the port and for settings.
//!
//! In `python3 server.py {port} [--capacity {capacity}] [--naming-timeout {naming-timeout}]` a bracketed group is left out unless
//! a scenario asks for its setting. The line is split into words as a shell does it, but no shell runs.

use super::setting::Setting;
use super::shell::needs_shell;

/// A parsed command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    written: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    /// Words that are passed only with the setting.
    Optional(Setting, Vec<String>),
}

/// Why a command line cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no word.
    #[error(
        "the server's command is empty; write it as in --server 'python3 my_server.py {{port}}'"
    )]
    Empty,
    /// A quote is not closed.
    #[error("a quote in `{0}` is not closed")]
    Quote(String),
    /// Something that only a shell understands.
    #[error("`{word}` needs a shell, and the command runs without one; write --server {}", shlex::try_quote(.instead).unwrap_or_default())]
    Shell {
        /// The word.
        word: String,
        /// The command with a shell around it.
        instead: String,
    },
    /// The placeholder for the port is missing.
    #[error(
        "`{0}` has no {{port}}: put {{port}} where the port belongs, or pass --port N if the server's port is fixed"
    )]
    NoPort(String),
    /// An unknown placeholder.
    #[error(
        "unknown placeholder `{{{0}}}`; the placeholders are {{port}}, {{capacity}} and {{naming-timeout}}"
    )]
    UnknownPlaceholder(String),
    /// A setting outside brackets.
    #[error(
        "put {{{0}}} and its option in brackets, as in [--{0} {{{0}}}]: most scenarios leave it out"
    )]
    NotOptional(&'static str),
    /// Brackets that enclose several settings, or are not closed.
    #[error(
        "brackets enclose words with exactly one setting, as in [--capacity {{capacity}}], unlike `{0}`"
    )]
    Brackets(String),
}

impl CommandLine {
    /// Parses a command line. With `fixed_port`, it may lack the placeholder for the port.
    ///
    /// # Errors
    /// The first mistake, and what to write instead.
    pub fn parse(written: &str, fixed_port: bool) -> Result<Self, CommandError> {
        let words = shlex::split(written).ok_or_else(|| CommandError::Quote(written.to_owned()))?;
        if let Some((word, instead)) = needs_shell(written, &words) {
            return Err(CommandError::Shell { word, instead });
        }
        words
            .iter()
            .try_for_each(|word| unknown_placeholder(word))?;
        let mut parts = Vec::new();
        let mut rest = words.as_slice();
        while let [word, after @ ..] = rest {
            let length = group_length(rest);
            if length > 0 {
                parts.push(optional(&rest[..length])?);
                rest = &rest[length..];
                continue;
            }
            if let Some(setting) = settings_in(word).first() {
                return Err(CommandError::NotOptional(setting.name()));
            }
            parts.push(Part::Word(word.clone()));
            rest = after;
        }
        let command = Self {
            written: written.to_owned(),
            parts,
        };
        match command.parts.first() {
            Some(Part::Word(_)) => {}
            _ => return Err(CommandError::Empty),
        }
        let has_port = command
            .parts
            .iter()
            .any(|part| matches!(part, Part::Word(word) if word.contains("{port}")));
        if !fixed_port && !has_port {
            return Err(CommandError::NoPort(written.to_owned()));
        }
        Ok(command)
    }

    /// A command of these words, with `{port}` among them, that takes each of the settings as `--NAME VALUE`.
    pub fn of_words(words: &[&str], settings: &[Setting]) -> Self {
        let mut parts: Vec<_> = words
            .iter()
            .map(|word| Part::Word((*word).to_owned()))
            .collect();
        for setting in settings {
            let name = setting.name();
            parts.push(Part::Optional(
                *setting,
                vec![format!("--{name}"), format!("{{{name}}}")],
            ));
        }
        Self {
            written: words.join(" "),
            parts,
        }
    }

    /// The command as the user wrote it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether the command has a placeholder for the setting.
    pub fn takes(&self, setting: Setting) -> bool {
        self.parts
            .iter()
            .any(|part| matches!(part, Part::Optional(known, _) if *known == setting))
    }

    /// The program and its arguments for this port and these settings.
    pub fn words(&self, port: u16, settings: &[(Setting, u64)]) -> Vec<String> {
        let mut words = Vec::new();
        for part in &self.parts {
            match part {
                Part::Word(word) => words.push(word.replace("{port}", &port.to_string())),
                Part::Optional(setting, optional) => {
                    let Some((_, value)) = settings.iter().find(|(made, _)| made == setting) else {
                        continue;
                    };
                    let place = format!("{{{}}}", setting.name());
                    words.extend(
                        optional
                            .iter()
                            .map(|word| word.replace(&place, &value.to_string())),
                    );
                }
            }
        }
        words
    }
}

/// Number of words in the bracketed group that begins here; 0 if none does, as in the address `[::1]`.
fn group_length(words: &[String]) -> usize {
    if !words[0].starts_with('[') {
        return 0;
    }
    let length = words
        .iter()
        .position(|word| word.ends_with(']'))
        .map_or(words.len(), |at| at + 1);
    if words[..length]
        .iter()
        .any(|word| !settings_in(word).is_empty())
    {
        length
    } else {
        0
    }
}

fn optional(group: &[String]) -> Result<Part, CommandError> {
    let wrong = || CommandError::Brackets(group.join(" "));
    let settings: Vec<_> = group.iter().flat_map(|word| settings_in(word)).collect();
    let [setting] = settings.as_slice() else {
        return Err(wrong());
    };
    let mut words = group.to_vec();
    let inner = words
        .first_mut()
        .and_then(|first| first.strip_prefix('[').map(str::to_owned));
    words[0] = inner.ok_or_else(wrong)?;
    let end = words.len() - 1;
    words[end] = words[end].strip_suffix(']').ok_or_else(wrong)?.to_owned();
    Ok(Part::Optional(*setting, words))
}

fn settings_in(word: &str) -> Vec<Setting> {
    Setting::ALL
        .into_iter()
        .filter(|setting| word.contains(&format!("{{{}}}", setting.name())))
        .collect()
}

fn unknown_placeholder(word: &str) -> Result<(), CommandError> {
    for rest in word.split('{').skip(1) {
        let Some((place, _)) = rest.split_once('}') else {
            continue;
        };
        let name = !place.is_empty() && place.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if name && place != "port" && !Setting::ALL.iter().any(|setting| setting.name() == place) {
            return Err(CommandError::UnknownPlaceholder(place.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("srv {port}", &["srv", "7"])]
    #[case("'my server' --port={port} [::1]", &["my server", "--port=7", "[::1]"])]
    #[case("srv {port} [--capacity {capacity}]", &["srv", "7", "--capacity", "5"])]
    #[case("srv {port} [--capacity={capacity}]", &["srv", "7", "--capacity=5"])]
    #[case("srv {port} [--naming-timeout {naming-timeout}]", &["srv", "7"])]
    fn becomes(#[case] written: &str, #[case] words: &[&str]) {
        let command = CommandLine::parse(written, false).unwrap();
        assert_eq!(command.words(7, &[(Setting::Capacity, 5)]), words);
    }

    #[rstest]
    #[case("", CommandError::Empty)]
    #[case("srv", CommandError::NoPort("srv".to_owned()))]
    #[case("srv '{port}", CommandError::Quote("srv '{port}".to_owned()))]
    #[case("srv {prot}", CommandError::UnknownPlaceholder("prot".to_owned()))]
    #[case("srv {port} {capacity}", CommandError::NotOptional("capacity"))]
    #[case("srv {port} [--capacity {capacity}", CommandError::Brackets("[--capacity {capacity}".to_owned()))]
    fn is_refused(#[case] written: &str, #[case] error: CommandError) {
        assert_eq!(CommandLine::parse(written, false), Err(error));
    }
}
