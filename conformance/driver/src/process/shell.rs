//! Finds what only a shell understands in a command line that runs without one.

/// The first word that needs a shell, with what to write instead of the command.
///
/// A word counts only as it stands in the command: what the user has put in quotes is for the program.
pub(super) fn needs_shell(written: &str, words: &[String]) -> Option<(String, String)> {
    let is_bare = |word: &str| written.split_whitespace().any(|bare| bare == word);
    let first = words.first().map(String::as_str);
    let word = words.iter().enumerate().find_map(|(at, word)| {
        let is_first = at == 0 && (is_assignment(word) || BUILTINS.contains(&word.as_str()));
        (is_bare(word) && (is_first || is_syntax(word))).then_some(word)
    })?;
    let instead = if first == Some(word)
        && is_assignment(word)
        && !words.iter().any(|word| is_syntax(word))
    {
        format!("env {written}")
    } else {
        let quoted = shlex::try_quote(written);
        format!("sh -c {}", quoted.as_deref().unwrap_or(written))
    };
    Some((word.clone(), instead))
}

/// Commands of the shell itself.
const BUILTINS: [&str; 9] = [
    ".", "cd", "exec", "export", "set", "source", "trap", "ulimit", "umask",
];

/// `NAME=value`
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !name.starts_with(|c: char| c.is_ascii_digit())
            && !name.is_empty()
            && name.chars().all(is_letter)
    })
}

/// An operator, a redirection, a variable, a home folder.
fn is_syntax(word: &str) -> bool {
    let redirected = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
    let is_variable = |(at, _): (usize, &str)| {
        word[at + 1..]
            .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '('))
    };
    matches!(word, "&&" | "||" | ";" | "|" | "&")
        || word.ends_with(';')
        || redirected.starts_with(['>', '<'])
        || word == "~"
        || word.starts_with("~/")
        || word.contains('`')
        || word.match_indices('$').any(is_variable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn of(written: &str) -> Option<(String, String)> {
        needs_shell(written, &shlex::split(written).unwrap())
    }

    #[rstest]
    #[case("A=1 srv {port}", "A=1", "env A=1 srv {port}")]
    #[case("A=1 srv {port} 2>log", "A=1", "sh -c 'A=1 srv {port} 2>log'")]
    #[case("cd x && srv {port}", "cd", "sh -c 'cd x && srv {port}'")]
    #[case("make && srv {port}", "&&", "sh -c 'make && srv {port}'")]
    #[case("~/srv {port}", "~/srv", "sh -c '~/srv {port}'")]
    #[case("srv {port} 2>log", "2>log", "sh -c 'srv {port} 2>log'")]
    #[case("srv {port} > log", ">", "sh -c 'srv {port} > log'")]
    #[case("srv {port} &>log", "&>log", "sh -c 'srv {port} &>log'")]
    #[case("srv {port} &", "&", "sh -c 'srv {port} &'")]
    #[case("$HOME/srv {port}", "$HOME/srv", "sh -c '$HOME/srv {port}'")]
    fn tells_the_word_and_what_to_write(
        #[case] written: &str,
        #[case] word: &str,
        #[case] instead: &str,
    ) {
        assert_eq!(of(written), Some((word.to_owned(), instead.to_owned())));
    }

    #[rstest]
    #[case("srv {port}")]
    #[case("sh -c 'cd x && exec srv {port} 2>log'")]
    #[case("env A=1 srv {port}")]
    #[case("srv --option=1 {port}")]
    #[case("srv '>' '&&' '$HOME' {port}")]
    #[case("awk '{print $1}' {port}")]
    #[case("srv cd {port}")]
    fn leaves_other_commands_alone(#[case] written: &str) {
        assert_eq!(of(written), None);
    }
}
