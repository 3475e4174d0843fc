//! The options of the window.

use crate::i18n::Language;
use std::path::PathBuf;

/// The options on the command line. The window asks for what is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The server's name or address.
    pub host: Option<String>,
    /// The server's TCP port.
    pub port: Option<u16>,
    /// The nickname to ask for.
    pub nick: Option<String>,
    /// The language, instead of the one in the settings.
    pub language: Option<Language>,
    /// The folder of the settings, instead of the system's usual place.
    pub config: Option<PathBuf>,
}
