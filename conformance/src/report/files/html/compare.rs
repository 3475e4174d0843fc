//! The difference between two lines.

/// The bounds, in bytes, of the part of each text that lies between their common beginning and their common end.
pub(super) fn difference(one: &str, other: &str) -> ((usize, usize), (usize, usize)) {
    let head: usize = one
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let tail: usize = one[head..]
        .chars()
        .rev()
        .zip(other[head..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    ((head, one.len() - tail), (head, other.len() - tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("anna: due", "due", "anna: ", "")]
    #[case("perché", "perche", "é", "e")]
    #[case("riga", "riga riga", "", " riga")]
    #[case("", "x", "", "x")]
    fn finds_what_differs(
        #[case] one: &str,
        #[case] other: &str,
        #[case] in_one: &str,
        #[case] in_other: &str,
    ) {
        let (a, b) = difference(one, other);
        assert_eq!((&one[a.0..a.1], &other[b.0..b.1]), (in_one, in_other));
    }
}
