//! The settings, which are kept between runs.

use crate::i18n::Language;
use eframe::egui::ThemePreference;
use serde::{Deserialize, Deserializer, Serialize};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The maximum number of recent servers.
const MAX_RECENT: usize = 8;

/// The choices of the user and the recent servers. Messages are never stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    pub(super) theme: Theme,
    /// `None` means the language of the system.
    #[serde(
        deserialize_with = "known_language",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) language: Option<Language>,
    /// Whether the protocol pane is shown.
    pub(super) protocol: bool,
    /// Whether the member list is shown.
    pub(super) members: bool,
    /// The zoom factor; 1 is the normal size.
    pub(super) zoom: f32,
    /// The servers whose room the user has joined, the most recent one first.
    pub(super) recent: Vec<Server>,
}

/// A server and the nickname used there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) nick: String,
}

/// The choice between light and dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            language: None,
            protocol: false,
            members: true,
            zoom: 1.0,
            recent: Vec::new(),
        }
    }
}

impl Settings {
    /// Puts a server first in the list of recent ones.
    pub(super) fn remember(&mut self, server: Server) {
        let same = |known: &Server| known.host == server.host && known.port == server.port;
        self.recent.retain(|known| !same(known));
        self.recent.insert(0, server);
        self.recent.truncate(MAX_RECENT);
    }

    /// The chosen language, or else that of the system.
    pub(super) fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_system)
    }
}

impl From<Theme> for ThemePreference {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::System => Self::System,
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

/// Reads an unknown language as the language of the system.
fn known_language<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Language>, D::Error> {
    let tag = String::deserialize(deserializer)?;
    Ok(Language::from_tag(&tag))
}

/// The file of the settings.
#[derive(Debug, Clone)]
pub(super) struct Store {
    file: PathBuf,
}

/// Why the settings could not be loaded or saved.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("the settings in {file} could not be read: {source}")]
    Read { file: PathBuf, source: io::Error },
    #[error("the settings were not valid and have been moved to {file}")]
    Invalid { file: PathBuf },
    #[error("the settings could not be saved in {file}: {source}")]
    Write { file: PathBuf, source: io::Error },
}

impl Store {
    /// A store in a folder, which need not exist.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self {
            file: folder.join("settings.toml"),
        }
    }

    /// The store in the system's usual place, if it has one.
    pub(super) fn of_system() -> Option<Self> {
        let place = directories::ProjectDirs::from("", "", "salotto")?;
        Some(Self::in_folder(place.config_dir()))
    }

    /// Loads the settings. They are the default ones if there is no file. An invalid file is moved away.
    pub(super) fn load(&self) -> Result<Settings, StoreError> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Settings::default()),
            Err(source) => {
                let file = self.file.clone();
                return Err(StoreError::Read { file, source });
            }
        };
        toml::from_str(&text).map_err(|_| {
            // The file may have been edited by hand, so it is not overwritten.
            let aside = self.file.with_extension("toml.bad");
            let _ = fs::rename(&self.file, &aside);
            StoreError::Invalid { file: aside }
        })
    }

    /// Saves the settings atomically: a concurrent reader gets the old or the new ones.
    pub(super) fn save(&self, settings: &Settings) -> Result<(), StoreError> {
        self.write(settings).map_err(|source| StoreError::Write {
            file: self.file.clone(),
            source,
        })
    }

    fn write(&self, settings: &Settings) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = toml::to_string(settings).map_err(io::Error::other)?;
        let temporary = self
            .file
            .with_extension(format!("toml.{}", std::process::id()));
        let mut file = fs::File::create(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, &self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn server(host: &str, nick: &str) -> Server {
        Server {
            host: host.into(),
            port: 53000,
            nick: nick.into(),
        }
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn saved_settings_are_loaded() {
        let folder = folder();
        let store = Store::in_folder(&folder.path().join("not/there/yet"));
        assert_eq!(store.load().expect("none"), Settings::default());
        let mut settings = Settings {
            theme: Theme::Dark,
            language: Some(Language::Italian),
            protocol: true,
            members: false,
            zoom: 1.5,
            recent: Vec::new(),
        };
        settings.remember(server("è", "anna"));
        store.save(&settings).expect("saved");
        assert_eq!(store.load().expect("there"), settings);
        settings.language = None;
        store.save(&settings).expect("saved");
        assert_eq!(store.load().expect("there"), settings);
        let files = fs::read_dir(folder.path().join("not/there/yet")).expect("a folder");
        assert_eq!(files.count(), 1, "a temporary file was left behind");
    }

    #[rstest]
    #[case("")]
    #[case("language = \"rm\"\nlater = 1\n")]
    fn missing_and_unknown_settings_get_defaults(#[case] text: &str) {
        let folder = folder();
        fs::write(folder.path().join("settings.toml"), text).expect("written");
        let store = Store::in_folder(folder.path());
        assert_eq!(store.load().expect("read"), Settings::default());
    }

    #[test]
    fn an_invalid_file_is_moved_away() {
        let folder = folder();
        fs::write(folder.path().join("settings.toml"), "theme = \"dar").expect("written");
        let store = Store::in_folder(folder.path());
        assert!(matches!(store.load(), Err(StoreError::Invalid { .. })));
        let aside = fs::read_to_string(folder.path().join("settings.toml.bad"));
        assert_eq!(aside.expect("aside"), "theme = \"dar");
        assert_eq!(store.load().expect("none"), Settings::default());
    }

    #[test]
    fn recent_servers_are_unique_and_bounded() {
        let mut settings = Settings::default();
        for n in 0..20 {
            settings.remember(server(&format!("host{n}"), "anna"));
        }
        settings.remember(server("host15", "bea"));
        assert_eq!(settings.recent.len(), MAX_RECENT);
        assert_eq!(settings.recent[0], server("host15", "bea"));
        assert_eq!(settings.recent[1], server("host19", "anna"));
    }
}
