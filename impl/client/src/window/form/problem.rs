//! What is wrong with the fields of the form.

use crate::session::{End, Failure, InputError, Refusal, State};
use crate::words::{Language, say};

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Host,
    Port,
    Nick,
}

/// Why somebody is still at the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// There is nowhere to go.
    NoHost,
    /// The port is no number from 1 to 65535.
    NotAPort,
    /// The nickname cannot even be asked for.
    Nick(InputError),
    /// The server refused the nickname.
    Refused(Refusal),
    /// There is no connection.
    Ended(End),
}

impl From<InputError> for Problem {
    fn from(error: InputError) -> Self {
        Self::Nick(error)
    }
}

impl Problem {
    /// What the session tells.
    pub(super) fn of(state: &State) -> Option<Self> {
        match state {
            State::Refused(refusal) => Some(Self::Refused(refusal.clone())),
            // The user wanted it so.
            State::Over(End::Left) => None,
            State::Over(end) => Some(Self::Ended(*end)),
            _ => None,
        }
    }

    /// The field that it belongs to; none when the fields are as good as any.
    pub(super) const fn field(&self) -> Option<Field> {
        match self {
            Self::NotAPort | Self::Ended(End::Unreachable(Failure::Refused)) => Some(Field::Port),
            Self::NoHost
            | Self::Ended(End::Unreachable(
                Failure::NoSuchHost | Failure::NoRoute | Failure::TimedOut,
            )) => Some(Field::Host),
            Self::Nick(_) | Self::Refused(_) => Some(Field::Nick),
            Self::Ended(_) => None,
        }
    }

    /// One sentence about it.
    pub(super) fn tell(&self, language: Language) -> String {
        match self {
            Self::NoHost => say!(
                language,
                "where to? a name or an address, such as 192.168.1.7",
                "dove? un nome o un indirizzo, come 192.168.1.7"
            ),
            Self::NotAPort => say!(
                language,
                "a port is a number from 1 to 65535",
                "una porta è un numero da 1 a 65535"
            ),
            Self::Nick(error) => language.input_error(error),
            Self::Refused(refusal) => language.refusal(refusal),
            Self::Ended(end) => language.end(*end),
        }
    }
}
