//! Nicknames.

use precis_profiles::Nickname as Profile;
use precis_profiles::precis_core::profile::{Rules, stabilize};
use precis_profiles::precis_core::{DerivedPropertyValue, Error, FreeformClass, StringClass};
use std::borrow::Cow;
use std::fmt;

/// A name that a member may have, exactly as it was typed (NICK-1).
///
/// The Nickname profile of PRECIS (RFC 8266) helps to refuse and to compare names (NICK-7,
/// NICK-8). It never changes one: what others see is what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nickname {
    name: Box<str>,
}

/// What two names have in common when nobody could tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NicknameKey(Box<str>);

/// Why a name is not a nickname.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NicknameError {
    /// Nothing, or nothing that anybody would see.
    #[error("a nickname is not empty")]
    Empty,
    /// Too many bytes (NICK-2).
    #[error(
        "a nickname holds at most {} bytes of UTF-8, and this one holds {bytes}",
        Nickname::MAX_BYTES
    )]
    TooLong {
        /// How many bytes the name holds.
        bytes: usize,
    },
    /// It could be taken for a line that the server says (NICK-4).
    #[error("a nickname does not begin with {0}")]
    First(char),
    /// A character that ends a name, or cannot be seen (NICK-3, NICK-5).
    #[error("a nickname does not hold {}", Shown(*.0))]
    Holds(char),
    /// PRECIS refuses it: an unassigned or invisible character, or one in the wrong company.
    #[error("a nickname holds only letters, digits, marks and symbols that people can see")]
    Profile,
}

impl Nickname {
    /// The most bytes that a nickname holds.
    pub const MAX_BYTES: usize = 32;

    /// Reads `name` as a nickname.
    ///
    /// # Errors
    /// The first rule that the name breaks. The rules hold for the name as typed and for what
    /// PRECIS makes of it, so that `＊` is refused like `*`.
    pub fn parse(name: &str) -> Result<Self, NicknameError> {
        check(name)?;
        if !name.is_ascii() {
            let visible = without_variation_selectors(name);
            allowed_by_profile(&visible)?;
            check(&enforced(&visible)?)?;
        }
        Ok(Self { name: name.into() })
    }

    /// The name as it was typed.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The key under which this name is compared with others (NICK-6): without regard to ASCII case, and
    /// to whatever else PRECIS does not tell apart.
    pub fn key(&self) -> NicknameKey {
        // First, so that two spellings in ASCII cannot take different ways through PRECIS, whose rules
        // do not always come to an end.
        let name = self.name.to_ascii_lowercase();
        let key = if name.is_ascii() {
            name
        } else {
            let visible = without_variation_selectors(&name);
            // A string that never settles has no common form: it is compared as it is.
            compared(&visible).map_or_else(|_| name.clone(), Cow::into_owned)
        };
        NicknameKey(key.into())
    }
}

impl fmt::Display for Nickname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The rules that need no table.
fn check(name: &str) -> Result<(), NicknameError> {
    match name.chars().next() {
        None => return Err(NicknameError::Empty),
        Some(first @ ('*' | '!' | '<' | '{')) => return Err(NicknameError::First(first)),
        Some(_) => {}
    }
    if name.len() > Nickname::MAX_BYTES {
        return Err(NicknameError::TooLong { bytes: name.len() });
    }
    match name.chars().find(|&c| is_forbidden(c)) {
        Some(c) => Err(NicknameError::Holds(c)),
        None => Ok(()),
    }
}

/// A colon or a space would end the name where it stands before a message; the others are not to
/// be seen, or turn the direction of what follows.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            ' ' | ':'
                | '\u{A0}'
                | '\u{AD}'
                | '\u{61C}'
                | '\u{1680}'
                | '\u{180E}'
                | '\u{2000}'..='\u{200F}'
                | '\u{2028}'..='\u{202F}'
                | '\u{205F}'..='\u{206F}'
                | '\u{3000}'
                | '\u{FEFF}'
        )
}

/// Whether the string class of the profile takes the name, emoji excepted: the tables of the
/// crate are those of Unicode 6.3, so what is not assigned there may have been since, as most
/// emoji were.
fn allowed_by_profile(name: &str) -> Result<(), NicknameError> {
    let class = FreeformClass::default();
    let judged: String = name
        .chars()
        .filter(|&c| class.get_value_from_char(c) != DerivedPropertyValue::Unassigned)
        .collect();
    class.allows(judged).map_err(|_| NicknameError::Profile)
}

/// RFC 8266, section 2.3, less the string class.
fn enforced(name: &str) -> Result<Cow<'_, str>, NicknameError> {
    let profile = Profile::new();
    stabilize(name, |s| {
        profile.normalization_rule(profile.additional_mapping_rule(s)?)
    })
    .map_err(|_| NicknameError::Profile)
}

/// RFC 8266, section 2.4, less the string class.
fn compared(name: &str) -> Result<Cow<'_, str>, Error> {
    let profile = Profile::new();
    stabilize(name, |s| {
        let mapped = profile.additional_mapping_rule(s)?;
        profile.normalization_rule(profile.case_mapping_rule(mapped)?)
    })
}

/// U+FE0F asks for the coloured form of the symbol before it, which is how many emoji are typed.
/// PRECIS refuses it for being invisible; here it is looked through.
fn without_variation_selectors(name: &str) -> String {
    name.replace('\u{FE0F}', "")
}

/// A character as an error message may show it: no line may hold the invisible ones.
struct Shown(char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ' ' => f.write_str("a space"),
            ':' => f.write_str("a colon"),
            c => write!(f, "U+{:04X}", u32::from(c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("a")]
    #[case("Anna")]
    #[case("anna>")]
    #[case("quit")]
    #[case("a*!<{}>")]
    #[case("12345678901234567890123456789012")]
    #[case("èèèèèèèèèèèèèèèè")]
    #[case("Zoë")]
    #[case("søren")]
    #[case("李小龍")]
    #[case("Алёна")]
    #[case("محمد")]
    #[case("さくら")]
    #[case("🎉")]
    #[case("🤗🦀")]
    #[case("👍🏽")]
    #[case("🇮🇹")]
    #[case("❤\u{FE0F}")]
    #[case("1\u{FE0F}\u{20E3}")]
    #[case("l·l")]
    fn is_a_nickname(#[case] name: &str) {
        assert_eq!(Nickname::parse(name).unwrap().as_str(), name);
    }

    #[rstest]
    #[case("", NicknameError::Empty)]
    #[case("123456789012345678901234567890123", NicknameError::TooLong { bytes: 33 })]
    #[case("èèèèèèèèèèèèèèèèa", NicknameError::TooLong { bytes: 33 })]
    #[case("*anna", NicknameError::First('*'))]
    #[case("!", NicknameError::First('!'))]
    #[case("<quit", NicknameError::First('<'))]
    #[case("{quit", NicknameError::First('{'))]
    #[case("an na", NicknameError::Holds(' '))]
    #[case("anna:", NicknameError::Holds(':'))]
    #[case("an\tna", NicknameError::Holds('\t'))]
    #[case("an\u{A0}na", NicknameError::Holds('\u{A0}'))]
    #[case("an\u{AD}na", NicknameError::Holds('\u{AD}'))]
    #[case("an\u{200B}na", NicknameError::Holds('\u{200B}'))]
    #[case("👨\u{200D}👩", NicknameError::Holds('\u{200D}'))]
    #[case("\u{202E}anna", NicknameError::Holds('\u{202E}'))]
    #[case("anna\u{2060}", NicknameError::Holds('\u{2060}'))]
    #[case("\u{FEFF}anna", NicknameError::Holds('\u{FEFF}'))]
    #[case::what_precis_makes_of_it("＊", NicknameError::First('*'))]
    #[case("anna：", NicknameError::Holds(':'))]
    #[case::two_words("ﷺ", NicknameError::TooLong { bytes: 33 })]
    #[case::a_space_in_it("a¨", NicknameError::Holds(' '))]
    #[case::invisible("a\u{3164}", NicknameError::Profile)]
    #[case::nothing_but_a_selector("\u{FE0F}", NicknameError::Empty)]
    #[case::no_l_around_it("a·b", NicknameError::Profile)]
    fn is_not_a_nickname(#[case] name: &str, #[case] error: NicknameError) {
        assert_eq!(Nickname::parse(name), Err(error));
    }

    /// RFC 8266, section 3, table 1: "examples of legal nicknames", with what each is compared
    /// as. Spaces are possible in RFC 8266 and not here.
    #[rstest]
    #[case("Foo", Some("foo"))]
    #[case("foo", Some("foo"))]
    #[case("Foo Bar", None)]
    #[case("foo bar", None)]
    #[case("Σ", Some("σ"))]
    #[case("σ", Some("σ"))]
    #[case("ς", Some("ς"))]
    #[case("♚", Some("♚"))]
    #[case("Richard Ⅳ", None)]
    #[case("RichardⅣ", Some("richardiv"))]
    fn rfc_8266(#[case] name: &str, #[case] compared_as: Option<&str>) {
        let key = Nickname::parse(name).ok().map(|nick| nick.key());
        assert_eq!(key, compared_as.map(|key| NicknameKey(key.into())));
    }

    #[rstest]
    #[case("anna", "ANNA")]
    #[case("ANnaè", "anNAè")]
    #[case("É", "é")]
    #[case("é", "e\u{301}")]
    #[case("ａnna", "anna")]
    #[case("❤", "❤\u{FE0F}")]
    // Found by fuzzing: a titlecase letter that PRECIS maps only in the company of no capital.
    #[case("\u{37A}\u{1ECB}U&\u{1F98}t", "\u{37A}\u{1ECB}u&\u{1F98}t")]
    fn are_the_same(#[case] a: &str, #[case] b: &str) {
        assert_eq!(
            Nickname::parse(a).unwrap().key(),
            Nickname::parse(b).unwrap().key()
        );
    }

    #[rstest]
    #[case("anna", "annа")] // the last letter is Cyrillic: look-alikes are not prevented
    #[case("perche", "perché")]
    #[case("strasse", "straße")]
    fn are_different(#[case] a: &str, #[case] b: &str) {
        assert_ne!(
            Nickname::parse(a).unwrap().key(),
            Nickname::parse(b).unwrap().key()
        );
    }

    proptest! {
        #[test]
        fn ascii_case_never_matters(name in "\\PC{1,10}") {
            if let Ok(nick) = Nickname::parse(&name) {
                for other in [name.to_ascii_uppercase(), name.to_ascii_lowercase()] {
                    let other = Nickname::parse(&other);
                    prop_assert_eq!(other.map(|nick| nick.key()), Ok(nick.key()));
                }
            }
        }

        #[test]
        fn ascii_needs_no_table(name in "[!-~]{1,32}") {
            if let Ok(nick) = Nickname::parse(&name) {
                prop_assert_eq!(allowed_by_profile(&name), Ok(()));
                prop_assert_eq!(enforced(&name).unwrap(), &*name);
                prop_assert_eq!(&*compared(&name).unwrap(), &*nick.key().0);
            }
        }

        #[test]
        fn whatever_passes_obeys_the_rules_twice(name in any::<String>()) {
            if Nickname::parse(&name).is_ok() {
                prop_assert_eq!(check(&name), Ok(()));
                let visible = without_variation_selectors(&name);
                prop_assert_eq!(check(&enforced(&visible).unwrap()), Ok(()));
            }
        }
    }
}
