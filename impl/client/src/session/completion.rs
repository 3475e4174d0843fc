//! Completion of nicknames.

use super::members::Members;

/// The maximum number of completions for one prefix.
const MAX_CANDIDATES: usize = 100;

/// The completions of the word that ends at the byte offset `cursor`: the byte offset at which the word starts, and the
/// nicknames that match. Each nickname is followed by a colon and a space at the beginning of the text, and by a space
/// elsewhere. Returns `None` if no nickname matches or if `cursor` is not a character boundary of the text.
pub(crate) fn candidates(
    members: &Members,
    text: &str,
    cursor: usize,
) -> Option<(usize, Vec<String>)> {
    let before = text.get(..cursor)?;
    let start = before.rfind([' ', '\t', '\n']).map_or(0, |at| at + 1);
    let word = &before[start..];
    let suffix = if start == 0 { ": " } else { " " };
    let names: Vec<_> = members
        .starting_with(word)
        .take(MAX_CANDIDATES)
        .map(|nick| format!("{nick}{suffix}"))
        .collect();
    (!word.is_empty() && !names.is_empty()).then_some((start, names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("an", 2, Some((0, vec!["anna: ", "Antonio: "])))]
    #[case("AN", 2, Some((0, vec!["anna: ", "Antonio: "])))]
    #[case("ciao an", 7, Some((5, vec!["anna ", "Antonio "])))]
    #[case("ciao anto tutti", 9, Some((5, vec!["Antonio "])))]
    #[case("è", 2, Some((0, vec!["Èlia: "])))]
    #[case("", 0, None)]
    #[case("ciao ", 5, None)]
    #[case("zoe", 3, None)]
    #[case("è", 1, None)]
    #[case("an", 9, None)]
    fn match_the_word_before_the_cursor(
        #[case] text: &str,
        #[case] cursor: usize,
        #[case] expected: Option<(usize, Vec<&str>)>,
    ) {
        let mut members = Members::default();
        for nick in ["anna", "Antonio", "bruno", "Èlia"] {
            members.insert(nick);
        }
        let expected =
            expected.map(|(start, names)| (start, names.into_iter().map(String::from).collect()));
        assert_eq!(candidates(&members, text, cursor), expected);
    }
}
