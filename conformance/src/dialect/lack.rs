//! What a dialect lacks for a scenario.

use driver::wire::ErrorCode;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// Why a scenario does not apply in a dialect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Lack {
    /// A server of the dialect does not refuse with this code.
    Refusal {
        /// The code.
        #[serde(serialize_with = "as_written")]
        #[schemars(with = "String")]
        code: ErrorCode,
    },
    /// Nothing marks the end of a message.
    Framing,
    /// A CR before the LF is not dropped.
    Cr,
    /// Empty lines are not ignored.
    EmptyLines,
    /// Newcomers are not told who is there.
    List,
    /// There is no word to leave.
    Quit,
    /// There are no known last words to somebody who leaves.
    Goodbye,
    /// There is no goodbye to a client that ends its side.
    GoodbyeAfterFin,
    /// Members are not told who comes.
    Joined,
    /// Members are not told who leaves.
    Left,
    /// A speaker hears itself.
    Echo,
    /// Newcomers are told what was said before.
    History,
    /// A text may be longer than what a server must carry.
    LongTexts,
    /// Texts are ASCII.
    NonAscii,
    /// A nickname is not allowed, or too long.
    Nickname {
        /// The nickname.
        nickname: String,
    },
    /// A text is a command.
    Text {
        /// The text.
        text: String,
    },
}

fn as_written<S: Serializer>(code: &ErrorCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}
