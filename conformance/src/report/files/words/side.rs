//! One side of a comparison.

use std::fmt;

/// A text as it was sent or shown, and a remark in our words. Either may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Side {
    /// The text, with invisible characters made visible.
    pub(crate) text: String,
    /// What there is instead of a text, or what is wrong with it.
    pub(crate) remark: String,
}

impl Side {
    pub(super) fn text(text: impl fmt::Display) -> Self {
        Self {
            text: text.to_string(),
            remark: String::new(),
        }
    }

    pub(super) fn remark(remark: impl Into<String>) -> Self {
        Self {
            text: String::new(),
            remark: remark.into(),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.text.as_str(), self.remark.as_str()) {
            (text, "") => f.write_str(text),
            ("", remark) => write!(f, "({remark})"),
            (text, remark) => write!(f, "{text} ({remark})"),
        }
    }
}
