//! The window.

use crate::words::Language;

/// What the command line says about the window. What is not said there, the window asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The server's name or address.
    pub host: Option<String>,
    /// The server's TCP port.
    pub port: Option<u16>,
    /// The nickname to ask for.
    pub nick: Option<String>,
    /// The language, when it is not to be the system's.
    pub language: Option<Language>,
}

/// Why the window cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is none in this version.
    #[error("this version has no window yet; --console chats in the terminal")]
    Missing,
}

/// Shows the window until it is closed.
///
/// # Errors
/// When there is no window to show.
pub fn run(_options: Options) -> Result<(), WindowError> {
    Err(WindowError::Missing)
}
