//! The Nickname profile of PRECIS (RFC 8266).
//!
//! Both functions ignore U+FE0F, which selects the coloured form of the symbol before it. Many emoji are typed with it, and PRECIS
//! would refuse it as invisible.

use precis_profiles::Nickname as Profile;
use precis_profiles::precis_core::profile::Rules;
use precis_profiles::precis_core::{DerivedPropertyValue, FreeformClass, StringClass};
use std::borrow::Cow;

/// Applies the enforcement of section 2.3. `None` if the profile does not allow the name.
///
/// Unassigned characters are allowed: the tables of the library are those of Unicode 6.3, and most emoji were assigned later.
pub(crate) fn enforce(name: &str) -> Option<String> {
    let visible = without_variation_selectors(name);
    let class = FreeformClass::default();
    let assigned: String = visible
        .chars()
        .filter(|&c| class.get_value_from_char(c) != DerivedPropertyValue::Unassigned)
        .collect();
    class.allows(assigned).ok()?;
    let profile = Profile::new();
    settle(visible, |name| {
        let mapped = profile.additional_mapping_rule(name).ok()?;
        profile.normalization_rule(mapped).ok().map(Cow::into_owned)
    })
}

/// Applies the preparation for comparison of section 2.4, without the check of the string class. `None` if the rules never stop
/// changing the name.
///
/// Each character is lowered by itself (NICK-8). The library would leave the titlecase letters before the first capital.
pub(crate) fn fold(name: &str) -> Option<String> {
    let visible = without_variation_selectors(name);
    let profile = Profile::new();
    settle(visible, |name| {
        let mapped = profile.additional_mapping_rule(name).ok()?;
        let lower: String = mapped.chars().flat_map(char::to_lowercase).collect();
        profile.normalization_rule(lower).ok().map(Cow::into_owned)
    })
}

/// Repeats the rules until they change nothing more, at most three times after the first (RFC 8264, section 7). `None` if that is
/// not enough, or if the rules refuse the name.
fn settle(mut name: String, rules: impl Fn(&str) -> Option<String>) -> Option<String> {
    for _ in 0..4 {
        let next = rules(&name)?;
        if next == name {
            return Some(name);
        }
        name = next;
    }
    None
}

fn without_variation_selectors(name: &str) -> String {
    name.replace('\u{FE0F}', "")
}
