//! Makes text from others safe to display (CLIENT-10).
//!
//! A character that is invisible, or that changes how its neighbours are displayed, is replaced by its code point, such as
//! `‹U+202E›`. This applies to all control, format, unassigned and private-use characters, to line and paragraph
//! separators, and to everything else that Unicode calls default-ignorable. Exceptions are a TAB, a variation selector
//! after a visible character, and a joiner between two emoji or within a word. After [`MAX_MARKS`] combining marks in a
//! row, further marks are replaced too, because they would overlap the lines above.
//!
//! Replacements are not escaped: somebody who types `‹U+202E›` gets the same visible text.

use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory,
    JoiningType, VariationSelector,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::borrow::Cow;
use std::fmt::Write;

/// The maximum number of combining marks that are displayed on one character.
const MAX_MARKS: usize = 8;

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// Replaces unsafe characters. Text without any, which is nearly all text, is not copied.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    // `text[..copied]` has been processed into `out`.
    let mut copied = 0;
    let mut context = Context::default();
    let mut marks = 0;
    for (at, c) in text.char_indices() {
        let next = || text[at + c.len_utf8()..].chars().next();
        let mark = is_mark(c);
        marks = if mark { marks + 1 } else { 0 };
        if marks > MAX_MARKS || !is_safe(c, context, next) {
            out.push_str(&text[copied..at]);
            // Writing to a string cannot fail.
            let _ = write!(out, "‹U+{:04X}›", u32::from(c));
            copied = at + c.len_utf8();
        }
        context.last = Some(c);
        if !mark {
            context.base = Some(c);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The characters before the current one.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    last: Option<char>,
    /// The last one that is not a combining mark.
    base: Option<char>,
}

/// Whether `c` may be displayed as it is between its neighbours.
fn is_safe(c: char, context: Context, next: impl Fn() -> Option<char>) -> bool {
    match c {
        ' '..='~' | '\t' => true,
        ZWJ | ZWNJ => next().is_some_and(|next| joins(c, context, next)),
        _ if CodePointSetData::new::<VariationSelector>().contains(c) => {
            context.last.is_some_and(|last| !last.is_whitespace())
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

/// Whether a joiner has an effect here: it joins two emoji, or selects the form of a letter within a word (RFC 5892,
/// appendix A).
fn joins(joiner: char, context: Context, next: char) -> bool {
    let (Some(last), Some(base)) = (context.last, context.base) else {
        return false;
    };
    let pictographic = CodePointSetData::new::<ExtendedPictographic>();
    let skin_tone = matches!(base, '\u{1F3FB}'..='\u{1F3FF}');
    if joiner == ZWJ && (pictographic.contains(base) || skin_tone) && pictographic.contains(next) {
        return true;
    }
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    if classes.get(last) == CanonicalCombiningClass::Virama {
        return is_visible(next);
    }
    let types = CodePointMapData::<JoiningType>::new();
    let joining = |c| {
        let kind = types.get(c);
        kind == JoiningType::DualJoining
            || kind == JoiningType::RightJoining
            || kind == JoiningType::LeftJoining
    };
    joining(base) && joining(next)
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
    fn safe_text_is_not_changed(#[case] text: &str) {
        assert!(
            matches!(sanitize(text), Cow::Borrowed(same) if same == text),
            "{:?}",
            sanitize(text)
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
    #[case::joiners_without_effect("a\u{200D}b\u{200C}", "a‹U+200D›b‹U+200C›")]
    #[case::separators("a\u{2028}b\u{2029}c", "a‹U+2028›b‹U+2029›c")]
    #[case::fillers("\u{3164}\u{115F}\u{34F}\u{AD}", "‹U+3164›‹U+115F›‹U+034F›‹U+00AD›")]
    #[case::tags("\u{E0041}", "‹U+E0041›")]
    #[case::private("\u{F8FF}\u{10FFFF}", "‹U+F8FF›‹U+10FFFF›")]
    #[case::lone_selector("\u{FE0F}a \u{FE0F}", "‹U+FE0F›a ‹U+FE0F›")]
    fn unsafe_characters_become_visible(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(sanitize(text), shown);
    }

    #[test]
    fn excess_marks_are_replaced() {
        let tower = format!("a{}b", "\u{301}".repeat(MAX_MARKS + 2));
        let cut = format!("a{}‹U+0301›‹U+0301›b", "\u{301}".repeat(MAX_MARKS));
        assert_eq!(sanitize(&tower), cut);
    }

    proptest! {
        #[test]
        fn no_unsafe_character_remains(text in any::<String>()) {
            let shown = sanitize(&text);
            prop_assert!(shown.chars().all(|c| c == '\t' || !c.is_control()));
            let is_unsafe = shown.contains(['\u{202A}', '\u{202B}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{200B}']);
            prop_assert!(!is_unsafe);
            prop_assert_eq!(sanitize(&shown).into_owned(), shown.into_owned());
        }

        #[test]
        fn ordinary_text_is_not_copied(text in "[ -~àèìòùéäöüß€]{0,50}") {
            prop_assert!(matches!(sanitize(&text), Cow::Borrowed(_)));
        }
    }
}
