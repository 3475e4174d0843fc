//! Which nicknames are allowed, and which are equal.

use crate::precis;
use std::fmt;

/// A valid nickname, exactly as it was sent (NICK-1).
///
/// The Nickname profile of PRECIS (RFC 8266) is used to refuse and to compare nicknames (NICK-7, NICK-8), but never to change them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nickname {
    name: Box<str>,
}

/// The form in which nicknames are compared. Equal nicknames have equal keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NicknameKey(Box<str>);

/// Why a name is not a valid nickname.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NicknameError {
    /// The name is empty, or nothing of it is visible.
    #[error("a nickname is not empty")]
    Empty,
    /// The name is too long (NICK-2).
    #[error(
        "a nickname has at most {} bytes of UTF-8, and this one has {bytes}",
        Nickname::MAX_BYTES
    )]
    TooLong {
        /// The length of the name in bytes.
        bytes: usize,
    },
    /// The first character would make messages look like other lines of the server (NICK-4).
    #[error("a nickname does not begin with {0}")]
    First(char),
    /// The name contains a forbidden character (NICK-3, NICK-5).
    #[error("a nickname does not contain {}", Printable(*.0))]
    Holds(char),
    /// PRECIS refuses the name, because a character is invisible or must not stand next to its neighbours (NICK-7).
    #[error("a nickname contains only visible letters, digits, marks and symbols")]
    Profile,
}

impl Nickname {
    /// The longest nickname, in bytes (NICK-2).
    pub const MAX_BYTES: usize = 32;

    /// Checks that `name` is a valid nickname.
    ///
    /// # Errors
    /// The first rule that the name breaks. The rules hold both for the name itself and for its PRECIS form, so `＊` is refused
    /// like `*`.
    pub fn parse(name: &str) -> Result<Self, NicknameError> {
        check(name)?;
        if !name.is_ascii() {
            check(&precis::enforce(name).ok_or(NicknameError::Profile)?)?;
        }
        Ok(Self { name: name.into() })
    }

    /// The nickname as it was sent.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The key to compare this nickname by. It ignores ASCII case (NICK-6), and other differences that PRECIS ignores (NICK-8).
    pub fn key(&self) -> NicknameKey {
        // PRECIS applies its rules until nothing changes, and gives up if that does not happen. Without folding ASCII case first, it
        // could give up on one spelling and not on another.
        let name = self.name.to_ascii_lowercase();
        let key = if name.is_ascii() {
            name
        } else {
            // A name that never stops changing is compared as it is.
            precis::fold(&name).unwrap_or(name)
        };
        NicknameKey(key.into())
    }
}

impl fmt::Display for Nickname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Checks the rules of the specification, which need no Unicode tables.
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

/// Whether no nickname may contain `c` (NICK-3, NICK-5). A colon or a space would end the nickname in a line. The others are invisible
/// or change the direction of the text.
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

/// Displays a character in an error message, which must not contain invisible characters itself.
struct Printable(char);

impl fmt::Display for Printable {
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
    fn is_valid(#[case] name: &str) {
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
    #[case::a_star_to_precis("＊", NicknameError::First('*'))]
    #[case("anna：", NicknameError::Holds(':'))]
    #[case::two_words("ﷺ", NicknameError::TooLong { bytes: 33 })]
    #[case::a_space_in_it("a¨", NicknameError::Holds(' '))]
    #[case::invisible("a\u{3164}", NicknameError::Profile)]
    #[case::nothing_but_a_selector("\u{FE0F}", NicknameError::Empty)]
    #[case::no_l_around_it("a·b", NicknameError::Profile)]
    fn is_refused(#[case] name: &str, #[case] error: NicknameError) {
        assert_eq!(Nickname::parse(name), Err(error));
    }

    /// RFC 8266, section 3, table 1: legal nicknames, and the forms in which they are compared. RFC 8266 allows spaces, and Salotto
    /// does not.
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
    // Found by fuzzing: PRECIS maps the titlecase letter only if the name has no capital letter.
    #[case("\u{37A}\u{1ECB}U&\u{1F98}t", "\u{37A}\u{1ECB}u&\u{1F98}t")]
    fn are_equal(#[case] a: &str, #[case] b: &str) {
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
        fn ascii_case_does_not_matter(name in "\\PC{1,10}") {
            if let Ok(nick) = Nickname::parse(&name) {
                for other in [name.to_ascii_uppercase(), name.to_ascii_lowercase()] {
                    let other = Nickname::parse(&other);
                    prop_assert_eq!(other.map(|nick| nick.key()), Ok(nick.key()));
                }
            }
        }

        #[test]
        fn precis_changes_nothing_but_the_case_of_ascii_nicknames(name in "[!-~]{1,32}") {
            if let Ok(nick) = Nickname::parse(&name) {
                prop_assert_eq!(precis::enforce(&name).unwrap(), &*name);
                prop_assert_eq!(&*precis::fold(&name).unwrap(), &*nick.key().0);
            }
        }

        #[test]
        fn a_valid_nickname_and_its_precis_form_follow_the_rules(name in any::<String>()) {
            if Nickname::parse(&name).is_ok() {
                prop_assert_eq!(check(&name), Ok(()));
                prop_assert_eq!(check(&precis::enforce(&name).unwrap()), Ok(()));
            }
        }
    }
}
