//! A setting of the server under test.

use schemars::JsonSchema;
use serde::Serialize;

/// A setting that `with` makes in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// `with capacity N`: the number of seats in the room.
    Capacity,
    /// `with naming-timeout N`, in seconds.
    NamingTimeout,
}

impl Setting {
    /// Every setting.
    pub const ALL: [Self; 2] = [Self::Capacity, Self::NamingTimeout];

    /// Its name in scenarios and command lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Capacity => "capacity",
            Self::NamingTimeout => "naming-timeout",
        }
    }
}
