//! A setting of the server under test.

use schemars::JsonSchema;
use serde::Serialize;

/// What `with` can ask of the server under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// `with capacity N`: how many members fit in the room.
    Capacity,
    /// `with naming-timeout N`: seconds.
    NamingTimeout,
}

impl Setting {
    /// Every setting.
    pub const ALL: [Self; 2] = [Self::Capacity, Self::NamingTimeout];

    /// As scenarios and command lines spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Capacity => "capacity",
            Self::NamingTimeout => "naming-timeout",
        }
    }
}
