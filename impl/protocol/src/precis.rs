//! The Nickname profile of PRECIS (RFC 8266).
//!
//! Both functions ignore U+FE0F, which selects the coloured form of the symbol before it. Many emoji are typed with it, and PRECIS
//! would refuse it as invisible.

use precis_profiles::Nickname as Profile;
use precis_profiles::precis_core::profile::{Rules, stabilize};
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
    let enforced = stabilize(&visible, |s| {
        profile.normalization_rule(profile.additional_mapping_rule(s)?)
    });
    enforced.ok().map(Cow::into_owned)
}

/// Applies the preparation for comparison of section 2.4, without the check of the string class. `None` if the rules never stop
/// changing the name.
pub(crate) fn fold(name: &str) -> Option<String> {
    let visible = without_variation_selectors(name);
    let profile = Profile::new();
    let folded = stabilize(&visible, |s| {
        let mapped = profile.additional_mapping_rule(s)?;
        profile.normalization_rule(profile.case_mapping_rule(mapped)?)
    });
    folded.ok().map(Cow::into_owned)
}

fn without_variation_selectors(name: &str) -> String {
    name.replace('\u{FE0F}', "")
}
