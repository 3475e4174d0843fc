//! What others write, made harmless for a screen (CLIENT-10).
//!
//! A character that nobody would see, or that changes how its neighbours are shown, is written out: `‹U+202E›`. That
//! is every control, format, unassigned and private character, the line and paragraph separators, and whatever else
//! Unicode calls ignorable. Three kinds stay, where they do what they are for: a TAB; a variation selector behind a
//! character that is shown; and a joiner between two emoji or inside a word. Of more than [`MAX_MARKS`] combining marks in
//! a row the others are written out, since they would paint over the lines above.
//!
//! What comes out has no other effect than to be seen, which is also what somebody gets who types `‹U+202E›`.

use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory,
    JoiningType, VariationSelector,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::borrow::Cow;
use std::fmt::Write;

/// The most combining marks on one character that are shown as such.
pub const MAX_MARKS: usize = 8;

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// Makes `text` harmless. What is harmless already, which is nearly everything, is not copied.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    // Up to where `out` has what `text` has.
    let mut copied = 0;
    let mut before = Before::default();
    let mut marks = 0;
    for (at, c) in text.char_indices() {
        let behind = || text[at + c.len_utf8()..].chars().next();
        let mark = is_mark(c);
        marks = if mark { marks + 1 } else { 0 };
        if marks > MAX_MARKS || !is_shown(c, before, behind) {
            out.push_str(&text[copied..at]);
            // Writing to a string cannot fail.
            let _ = write!(out, "‹U+{:04X}›", u32::from(c));
            copied = at + c.len_utf8();
        }
        before.last = Some(c);
        if !mark {
            before.base = Some(c);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// What stands before a character.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    last: Option<char>,
    /// The last one that is no combining mark.
    base: Option<char>,
}

/// Whether `c` may be shown as it is, between what is `before` and what is `behind` it.
fn is_shown(c: char, before: Before, behind: impl Fn() -> Option<char>) -> bool {
    match c {
        ' '..='~' | '\t' => true,
        ZWJ | ZWNJ => behind().is_some_and(|behind| joins(c, before, behind)),
        _ if CodePointSetData::new::<VariationSelector>().contains(c) => {
            before.last.is_some_and(|last| !last.is_whitespace())
        }
        _ => is_visible(c),
    }
}

fn is_visible(c: char) -> bool {
    let visible = !matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Unassigned
            | GeneralCategory::PrivateUse
            | GeneralCategory::Surrogate
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    );
    visible && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether a joiner has a use between these two: it makes one emoji of two, or a letter take the form that the word needs
/// (as in RFC 5892, appendix A).
fn joins(joiner: char, before: Before, behind: char) -> bool {
    let (Some(last), Some(base)) = (before.last, before.base) else {
        return false;
    };
    let pictographic = CodePointSetData::new::<ExtendedPictographic>();
    let skin_tone = matches!(base, '\u{1F3FB}'..='\u{1F3FF}');
    if joiner == ZWJ && (pictographic.contains(base) || skin_tone) && pictographic.contains(behind)
    {
        return true;
    }
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    if classes.get(last) == CanonicalCombiningClass::Virama {
        return is_visible(behind);
    }
    let types = CodePointMapData::<JoiningType>::new();
    let joining = |c| {
        let kind = types.get(c);
        kind == JoiningType::DualJoining
            || kind == JoiningType::RightJoining
            || kind == JoiningType::LeftJoining
    };
    joining(base) && joining(behind)
}

fn is_mark(c: char) -> bool {
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("")]
    #[case("ciao a tutti, perché no?\t~")]
    #[case::blanks("ça va\u{A0}? 一\u{3000}二")]
    #[case("你好 こんにちは 안녕 שלום مرحبا")]
    #[case("👍🏽 🇨🇭 ❤\u{FE0F} 👩\u{200D}💻 👩🏽\u{200D}🚀 🏳\u{FE0F}\u{200D}🌈 1\u{FE0F}\u{20E3}")]
    #[case::persian("می\u{200C}خواهم")]
    #[case::sinhala("ශ\u{0DCA}\u{200D}ර")]
    #[case("e\u{301} Z\u{300}\u{301}\u{302}")]
    #[case("‹U+202E›")]
    fn stays(#[case] text: &str) {
        assert!(
            matches!(harmless(text), Cow::Borrowed(same) if same == text),
            "{:?}",
            harmless(text)
        );
    }

    #[rstest]
    #[case::escape("\x1B[2Jciao", "‹U+001B›[2Jciao")]
    #[case::line_end("uno\ndue\r", "uno‹U+000A›due‹U+000D›")]
    #[case::c1("\u{9B}31m", "‹U+009B›31m")]
    #[case::override_("a\u{202E}oaic\u{202C}", "a‹U+202E›oaic‹U+202C›")]
    #[case::isolates("\u{2066}\u{2067}\u{2068}\u{2069}", "‹U+2066›‹U+2067›‹U+2068›‹U+2069›")]
    #[case::marks("\u{200E}\u{200F}\u{61C}", "‹U+200E›‹U+200F›‹U+061C›")]
    #[case::zero_width("an\u{200B}na\u{FEFF}\u{2060}", "an‹U+200B›na‹U+FEFF›‹U+2060›")]
    #[case::joiners_of_nothing("a\u{200D}b\u{200C}", "a‹U+200D›b‹U+200C›")]
    #[case::separators("a\u{2028}b\u{2029}c", "a‹U+2028›b‹U+2029›c")]
    #[case::fillers("\u{3164}\u{115F}\u{34F}\u{AD}", "‹U+3164›‹U+115F›‹U+034F›‹U+00AD›")]
    #[case::tags("\u{E0041}", "‹U+E0041›")]
    #[case::private("\u{F8FF}\u{10FFFF}", "‹U+F8FF›‹U+10FFFF›")]
    #[case::lone_selector("\u{FE0F}a \u{FE0F}", "‹U+FE0F›a ‹U+FE0F›")]
    fn becomes_visible(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(harmless(text), shown);
    }

    #[test]
    fn a_tower_of_marks_is_cut() {
        let tower = format!("a{}b", "\u{301}".repeat(MAX_MARKS + 2));
        let cut = format!("a{}‹U+0301›‹U+0301›b", "\u{301}".repeat(MAX_MARKS));
        assert_eq!(harmless(&tower), cut);
    }

    proptest! {
        #[test]
        fn nothing_gets_lost_and_nothing_stays(text in any::<String>()) {
            let shown = harmless(&text);
            prop_assert!(shown.chars().all(|c| c == '\t' || !c.is_control()));
            let turns = shown.contains(['\u{202A}', '\u{202B}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{200B}']);
            prop_assert!(!turns);
            prop_assert_eq!(harmless(&shown).into_owned(), shown.into_owned());
        }

        #[test]
        fn ordinary_text_is_not_copied(text in "[ -~àèìòùéäöüß€]{0,50}") {
            prop_assert!(matches!(harmless(&text), Cow::Borrowed(_)));
        }
    }
}
