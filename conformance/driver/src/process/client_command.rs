//! The command line of a client, with placeholders for the server's address and for the nickname.

use super::shell::needs_shell;

/// A command such as `my_client --host {host} --port {port} --nick {nick}`. It is split into words as a shell does it, but no shell
/// runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCommand {
    words: Vec<String>,
}

/// Why a client's command line cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientCommandError {
    /// There is no word.
    #[error("the client's command is empty; write it as in --client 'my_client {{port}} {{nick}}'")]
    Empty,
    /// A quote is not closed.
    #[error("a quote in `{0}` is not closed")]
    Quote(String),
    /// Something that only a shell understands.
    #[error("`{word}` needs a shell, and the command runs without one; write --client {}", shlex::try_quote(.instead).unwrap_or_default())]
    Shell {
        /// The word.
        word: String,
        /// The command with a shell around it.
        instead: String,
    },
    /// A required placeholder is missing.
    #[error("`{command}` has no {{{place}}}: put {{{place}}} where {what} belongs")]
    NoPlaceholder {
        /// The command as the user wrote it.
        command: String,
        /// `port` or `nick`.
        place: &'static str,
        /// Its meaning.
        what: &'static str,
    },
    /// An unknown placeholder.
    #[error("unknown placeholder `{{{0}}}`; the placeholders are {{host}}, {{port}} and {{nick}}")]
    UnknownPlaceholder(String),
}

impl ClientCommand {
    /// Parses a command line. `{host}` may be missing, because the address is always 127.0.0.1.
    ///
    /// # Errors
    /// The first mistake, and what to write instead.
    pub fn parse(written: &str) -> Result<Self, ClientCommandError> {
        let words =
            shlex::split(written).ok_or_else(|| ClientCommandError::Quote(written.to_owned()))?;
        if words.is_empty() {
            return Err(ClientCommandError::Empty);
        }
        if let Some((word, instead)) = needs_shell(written, &words) {
            return Err(ClientCommandError::Shell { word, instead });
        }
        for (place, what) in [("port", "the server's port"), ("nick", "the nickname")] {
            if !words
                .iter()
                .any(|word| word.contains(&format!("{{{place}}}")))
            {
                return Err(ClientCommandError::NoPlaceholder {
                    command: written.to_owned(),
                    place,
                    what,
                });
            }
        }
        let command = Self { words };
        let unknown = command.words(0, "").iter().find_map(|word| {
            let (_, rest) = word.split_once('{')?;
            let (name, _) = rest.split_once('}')?;
            let is_place = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
            is_place.then(|| name.to_owned())
        });
        unknown.map_or(Ok(command), |name| {
            Err(ClientCommandError::UnknownPlaceholder(name))
        })
    }

    /// The program and its arguments for a server on this port of 127.0.0.1, and this nickname.
    pub fn words(&self, port: u16, nickname: &str) -> Vec<String> {
        let places = [
            ("{host}", "127.0.0.1"),
            ("{port}", &port.to_string()),
            ("{nick}", nickname),
        ];
        let fill = |word: &String| {
            places.iter().fold(word.clone(), |word, (place, value)| {
                word.replace(place, value)
            })
        };
        self.words.iter().map(fill).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn placeholders_are_filled() {
        let command = ClientCommand::parse("nc.py '--name={nick}' {host}:{port}").unwrap();
        assert_eq!(
            command.words(53000, "anna"),
            ["nc.py", "--name=anna", "127.0.0.1:53000"]
        );
    }

    #[rstest]
    #[case("", "is empty")]
    #[case("x '{port}", "is not closed")]
    #[case("x {nick}", "no {port}")]
    #[case("x {port}", "no {nick}")]
    #[case("x {port} {nick} {prot}", "unknown placeholder `{prot}`")]
    fn mistakes_are_reported(#[case] written: &str, #[case] message: &str) {
        let error = ClientCommand::parse(written).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
