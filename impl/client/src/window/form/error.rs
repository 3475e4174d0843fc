//! What is wrong with the form.

use crate::i18n::{Language, tr};
use crate::session::{End, Failure, InputError, Refusal, State};

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Host,
    Port,
    Nick,
}

/// Why the user could not join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormError {
    /// The server field is empty.
    NoHost,
    /// The port is not a number from 1 to 65535.
    InvalidPort,
    /// The nickname must not be sent.
    Nick(InputError),
    Refused(Refusal),
    /// The connection ended or could not be opened.
    Ended(End),
}

impl From<InputError> for FormError {
    fn from(error: InputError) -> Self {
        Self::Nick(error)
    }
}

impl FormError {
    /// The error that the state of the session implies.
    pub(super) fn of(state: &State) -> Option<Self> {
        match state {
            State::Refused(refusal) => Some(Self::Refused(refusal.clone())),
            State::Over(End::Left) => None,
            State::Over(end) => Some(Self::Ended(*end)),
            _ => None,
        }
    }

    /// The field that is probably wrong, if there is one.
    pub(super) const fn field(&self) -> Option<Field> {
        match self {
            Self::InvalidPort | Self::Ended(End::Unreachable(Failure::Refused)) => {
                Some(Field::Port)
            }
            Self::NoHost
            | Self::Ended(End::Unreachable(
                Failure::NoSuchHost | Failure::NoRoute | Failure::TimedOut,
            )) => Some(Field::Host),
            Self::Nick(_) | Self::Refused(_) => Some(Field::Nick),
            Self::Ended(_) => None,
        }
    }

    /// The error in one sentence.
    pub(super) fn message(&self, language: Language) -> String {
        match self {
            Self::NoHost => tr!(
                language,
                "enter a server name or address, such as 192.168.1.7",
                "dove? un nome o un indirizzo, come 192.168.1.7"
            ),
            Self::InvalidPort => tr!(
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
