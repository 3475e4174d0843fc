//! Patterns: the words of a dialect, with places for what differs from time to time.

use std::cell::Cell;

/// A text with places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(Place),
}

/// What a place stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A nickname that somebody has asked for.
    Nick,
    /// What was said.
    Text,
    /// Nicknames, split at commas.
    Nicks,
    /// Digits.
    Count,
    /// Anything, as little as possible; at the end, all that comes at once.
    Any,
}

impl Place {
    const ALL: [(&'static str, Self); 5] = [
        ("{nick}", Self::Nick),
        ("{text}", Self::Text),
        ("{nicks}", Self::Nicks),
        ("{count}", Self::Count),
        ("{any}", Self::Any),
    ];

    /// The place as it is written.
    pub fn as_str(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, place)| *place == self)
            .map_or("", |(written, _)| written)
    }
}

/// What stands in the places of a pattern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) nick: Option<String>,
    pub(super) text: Option<String>,
    pub(super) nicks: Option<Vec<String>>,
    pub(super) count: Option<usize>,
    /// The end of the match, in bytes.
    pub(super) end: usize,
}

/// Where a match may end, and what is known.
pub(super) struct Context<'a> {
    /// The nicknames that somebody has asked for, the longest first.
    pub(super) nicknames: &'a [String],
    /// A match is the whole input; otherwise it is the beginning of a stream.
    pub(super) whole: bool,
    /// A nickname may also be one that nobody has asked for.
    pub(super) loose: bool,
    /// In a stream, the ends of a text of this speaker that begins here, the likeliest first.
    pub(super) text_ends: &'a dyn Fn(&str, usize) -> Vec<usize>,
    /// In a stream, the end of anything that begins here.
    pub(super) any_end: &'a dyn Fn(usize) -> usize,
    /// Set when a text has begun whose end is not known yet.
    pub(super) waits: Cell<bool>,
}

/// The longest nickname that nobody has asked for, in bytes.
const LONGEST_UNKNOWN: usize = 80;

impl Pattern {
    /// Parses a pattern: braces that enclose no place are text.
    pub fn parse(source: &str) -> Self {
        let mut pieces = Vec::new();
        let (mut rest, mut text) = (source, String::new());
        while let Some(next) = rest.chars().next() {
            let place = Place::ALL
                .into_iter()
                .find(|(written, _)| rest.starts_with(written));
            let Some((written, place)) = place else {
                text.push(next);
                rest = &rest[next.len_utf8()..];
                continue;
            };
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(Piece::Place(place));
            rest = &rest[written.len()..];
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Self(pieces)
    }

    /// The places in it.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(place) => Some(*place),
            Piece::Text(_) => None,
        })
    }

    /// Whether it has this place.
    pub fn has(&self, place: Place) -> bool {
        self.places().any(|other| other == place)
    }

    /// Whether it stands for anything.
    pub fn is_anything(&self) -> bool {
        self.0 == [Piece::Place(Place::Any)]
    }

    /// The text before the first place.
    pub(super) fn head(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// The words for this nickname, text and count; `…` stands for anything.
    pub fn render(&self, nick: &str, text: &str, count: &str) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Place(Place::Nick) => nick,
            Piece::Place(Place::Text) => text,
            Piece::Place(Place::Count) => count,
            Piece::Place(Place::Nicks | Place::Any) => "…",
        });
        pieces.collect()
    }

    /// What stands in its places, if the input is, or begins with, these words.
    pub(super) fn find(&self, input: &str, context: &Context<'_>) -> Option<Found> {
        Search { input, context }.rest(&self.0, 0, Found::default(), false)
    }

    /// Whether its words begin here, as far as a nickname that is known or a text of its own shows. `text_begins` says whether a
    /// text of the speaker begins at a place.
    pub(super) fn begins(
        &self,
        input: &str,
        nicknames: &[String],
        text_begins: &dyn Fn(&str, &str) -> bool,
    ) -> bool {
        let mut places = vec![(0, None::<&str>)];
        for piece in &self.0 {
            let mut next = Vec::new();
            for (at, nick) in places {
                let rest = &input[at..];
                match piece {
                    Piece::Text(text) if rest.starts_with(text.as_str()) => {
                        next.push((at + text.len(), nick));
                    }
                    Piece::Place(Place::Nick) => {
                        let known = nicknames
                            .iter()
                            .filter(|known| rest.starts_with(known.as_str()));
                        next.extend(known.map(|known| (at + known.len(), Some(known.as_str()))));
                    }
                    Piece::Place(Place::Text)
                        if nick.is_some_and(|nick| text_begins(nick, rest)) =>
                    {
                        return true;
                    }
                    Piece::Place(Place::Nicks | Place::Any) if at > 0 => return true,
                    _ => {}
                }
            }
            places = next;
        }
        places.iter().any(|(at, _)| *at > 0)
    }
}

struct Search<'a> {
    input: &'a str,
    context: &'a Context<'a>,
}

impl Search<'_> {
    /// Matches the pieces that are left, at this place. `after_any`: what comes before is anything.
    fn rest(&self, pieces: &[Piece], at: usize, found: Found, after_any: bool) -> Option<Found> {
        let Some((piece, rest)) = pieces.split_first() else {
            let fits = !self.context.whole || at == self.input.len();
            return fits.then_some(Found { end: at, ..found });
        };
        match piece {
            Piece::Text(text) => {
                let fits = self.input[at..].starts_with(text.as_str());
                fits.then(|| self.rest(rest, at + text.len(), found, false))?
            }
            Piece::Place(Place::Nick) => self.nick(rest, at, &found, after_any),
            Piece::Place(Place::Text) => self.text(rest, at, &found),
            Piece::Place(Place::Count) => {
                let digits = self.digits(at);
                let count = self.input[at..at + digits].parse().ok()?;
                let count = Some(count);
                self.rest(rest, at + digits, Found { count, ..found }, false)
            }
            Piece::Place(Place::Nicks) => self.nicks(rest, at, &found, after_any),
            Piece::Place(Place::Any) if rest.is_empty() => {
                let end = if self.context.whole {
                    self.input.len()
                } else {
                    (self.context.any_end)(at)
                };
                self.rest(rest, end, found, true)
            }
            Piece::Place(Place::Any) => self
                .ends(at)
                .find_map(|end| self.rest(rest, end, found.clone(), true)),
        }
    }

    /// Where something that begins here may end.
    fn ends(&self, at: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let ends = self.input[at..]
            .char_indices()
            .map(move |(end, _)| at + end);
        ends.chain([self.input.len()])
    }

    fn digits(&self, at: usize) -> usize {
        let rest = &self.input[at..];
        rest.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len())
    }

    fn nick(&self, rest: &[Piece], at: usize, found: &Found, after_any: bool) -> Option<Found> {
        let before_any = matches!(rest.first(), Some(Piece::Place(Place::Any)));
        let with = |nick: &str| {
            let nick = Some(nick.to_owned());
            Found {
                nick,
                ..found.clone()
            }
        };
        let known = self.context.nicknames.iter().filter(|nick| {
            let end = at + nick.len();
            self.input[at..].starts_with(nick.as_str())
                && (!after_any || !nick.is_empty() && !ends_with_letter(&self.input[..at]))
                && (!before_any || !begins_with_letter(&self.input[end..]))
        });
        let mut known = known.map(|nick| self.rest(rest, at + nick.len(), with(nick), false));
        if let Some(found) = known.find_map(|found| found) {
            return Some(found);
        }
        if !self.context.loose || after_any || before_any {
            return None;
        }
        let window = &self.input[at..];
        let end = match rest.first() {
            None => window.len(),
            Some(Piece::Text(text)) => window.find(text.as_str())?,
            Some(Piece::Place(_)) => return None,
        };
        let nick = &window[..end];
        let fits = nick.len() <= LONGEST_UNKNOWN && !nick.contains('\n');
        fits.then(|| self.rest(rest, at + end, with(nick), false))?
    }

    fn text(&self, rest: &[Piece], at: usize, found: &Found) -> Option<Found> {
        let with = |end: usize| {
            let text = Some(self.input[at..end].to_owned());
            Found {
                text,
                ..found.clone()
            }
        };
        if !rest.is_empty() {
            let mut ends = self.ends(at).rev();
            return ends.find_map(|end| self.rest(rest, end, with(end), false));
        }
        if self.context.whole {
            let end = self.input.len();
            return self.rest(rest, end, with(end), false);
        }
        let nick = found.nick.as_deref().unwrap_or_default();
        let ends = (self.context.text_ends)(nick, at);
        if ends.is_empty() {
            self.context.waits.set(true);
        }
        let mut ends = ends.into_iter();
        ends.find_map(|end| self.rest(rest, end, with(end), false))
    }

    /// A list: behind text it holds nothing but nicknames, behind anything those that are known.
    fn nicks(&self, rest: &[Piece], at: usize, found: &Found, after_any: bool) -> Option<Found> {
        let is_free = after_any || at == 0;
        let end = match rest.first() {
            None if self.context.whole => self.input.len(),
            None => (self.context.any_end)(at),
            Some(Piece::Text(text)) => at + self.input[at..].find(text.as_str())?,
            Some(Piece::Place(_)) => return None,
        };
        let list = &self.input[at..end];
        let nicks: Vec<_> = if is_free {
            known_words(list, self.context.nicknames)
        } else {
            let parts = list.split(',').map(|part| part.trim().to_owned());
            parts.filter(|part| !part.is_empty()).collect()
        };
        let nicks = Some(nicks);
        self.rest(
            rest,
            end,
            Found {
                nicks,
                ..found.clone()
            },
            false,
        )
    }
}

/// The known nicknames that stand in a text as whole words, in the order of the text.
fn known_words(text: &str, nicknames: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (before, rest) = text.split_at(at);
        let is_word = |nick: &&String| {
            !nick.is_empty()
                && rest.starts_with(nick.as_str())
                && !ends_with_letter(before)
                && !begins_with_letter(&rest[nick.len()..])
        };
        if let Some(nick) = nicknames.iter().find(is_word) {
            found.push(nick.clone());
            at += nick.len();
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

fn ends_with_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}

fn begins_with_letter(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The places of a pattern in a whole input; `anna` and `bruno` are known.
    fn find(pattern: &str, input: &str, loose: bool) -> Option<Found> {
        let nicknames = ["bruno".to_owned(), "anna".to_owned()];
        let context = Context {
            nicknames: &nicknames,
            whole: true,
            loose,
            text_ends: &|_, _| Vec::new(),
            any_end: &|at| at,
            waits: Cell::new(false),
        };
        Pattern::parse(pattern).find(input, &context)
    }

    #[rstest]
    #[case("{nick}: {text}", "anna: ciao: a tutti", Some(("anna", "ciao: a tutti")))]
    #[case("{nick}: {text}", "carla: ciao", None)]
    #[case("<{text}> ({nick})", "<a> b> (anna)", Some(("anna", "a> b")))]
    #[case("{any}{nick}{any}", "Ecco bruno!", Some(("bruno", "")))]
    #[case("{any}{nick}{any}", "Ecco brunone!", None)]
    #[case("scrivi {quit}", "scrivi {quit}", Some(("", "")))]
    #[case("{any}, {nick}", "ore 10, oggi, anna", Some(("anna", "")))]
    fn a_pattern_in_a_unit(
        #[case] pattern: &str,
        #[case] input: &str,
        #[case] expected: Option<(&str, &str)>,
    ) {
        let found = find(pattern, input, false).map(|found| {
            (
                found.nick.unwrap_or_default(),
                found.text.unwrap_or_default(),
            )
        });
        let expected = expected.map(|(nick, text)| (nick.to_owned(), text.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_unknown_nickname_is_found_when_nothing_else_fits() {
        let found = find("* left {nick}", "* left carla", true);
        assert_eq!(found.and_then(|found| found.nick).as_deref(), Some("carla"));
        assert_eq!(find("* left {nick}", "* left carla", false), None);
    }

    #[rstest]
    #[case("here: {nicks}", "here: anna, ugo", &["anna", "ugo"])]
    #[case("here: {nicks}", "here: ", &[])]
    #[case("{any}{nicks}", "In the room: anna and bruno, ugo", &["anna", "bruno"])]
    #[case("{count}: {nicks}.", "2: anna, bruno.", &["anna", "bruno"])]
    fn a_list(#[case] pattern: &str, #[case] input: &str, #[case] nicks: &[&str]) {
        let found = find(pattern, input, false).and_then(|found| found.nicks);
        assert_eq!(found.unwrap_or_default(), nicks);
    }

    #[rstest]
    #[case("{nick}: {text}")]
    #[case("[{text}] {nick}!")]
    #[case("{count} {nick} {quit} {text}")]
    fn what_is_rendered_is_found(#[case] pattern: &str) {
        let rendered = Pattern::parse(pattern).render("anna", "ciao, {nick}", "3");
        let found = find(pattern, &rendered, false).unwrap();
        assert_eq!(found.nick.as_deref(), Some("anna"));
        assert_eq!(found.text.as_deref(), Some("ciao, {nick}"));
    }
}
