//! What is kept between runs.

use crate::words::Language;
use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How many servers are remembered.
pub(super) const MAX_RECENT: usize = 8;

/// What the user decided, and where the user has been. Nothing of what was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    /// Light, dark, or what the system has.
    pub(super) theme: Theme,
    /// `None` is the language of the system.
    #[serde(with = "language", skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<Language>,
    /// Whether the lines of the protocol are shown.
    pub(super) protocol: bool,
    /// Whether the names of the others are shown.
    pub(super) members: bool,
    /// How much larger everything is.
    pub(super) zoom: f32,
    /// The servers that let the user in, the last one first.
    pub(super) recent: Vec<Server>,
}

/// A server, and the name that the user had there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) nick: String,
}

/// How bright the window is.
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
    /// Puts a server first.
    pub(super) fn remember(&mut self, server: Server) {
        let same = |known: &Server| known.host == server.host && known.port == server.port;
        self.recent.retain(|known| !same(known));
        self.recent.insert(0, server);
        self.recent.truncate(MAX_RECENT);
    }

    /// The language that is spoken.
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

mod language {
    use super::Language;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        language: &Option<Language>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(language.map_or("system", Language::code))
    }

    /// A language that this version does not speak is the system's.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Language>, D::Error> {
        Ok(String::deserialize(deserializer)?.parse().ok())
    }
}

/// Where the settings are kept: one small file.
#[derive(Debug, Clone)]
pub(super) struct Store {
    file: PathBuf,
}

/// Why the settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("the settings in {file} could not be read: {source}")]
    Read { file: PathBuf, source: io::Error },
    #[error("the settings in {file} make no sense, and have been put aside")]
    Nonsense { file: PathBuf },
    #[error("the settings could not be kept in {file}: {source}")]
    Write { file: PathBuf, source: io::Error },
}

impl Store {
    /// The store in a folder, which need not exist.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self {
            file: folder.join("settings.toml"),
        }
    }

    /// Where the system wants settings; `None` where it does not say.
    pub(super) fn of_system() -> Option<Self> {
        let place = directories::ProjectDirs::from("", "", "salotto")?;
        Some(Self::in_folder(place.config_dir()))
    }

    /// Reads the settings; the usual ones when nothing was kept.
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
            // Somebody may have written it by hand: it is not overwritten.
            let aside = self.file.with_extension("toml.bad");
            let _ = fs::rename(&self.file, &aside);
            StoreError::Nonsense { file: aside }
        })
    }

    /// Keeps the settings. Whoever reads meanwhile finds the old ones or the new ones, whole.
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
        let draft = self
            .file
            .with_extension(format!("toml.{}", std::process::id()));
        let mut file = fs::File::create(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &self.file)
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
    fn what_is_kept_comes_back() {
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
        store.save(&settings).expect("kept");
        assert_eq!(store.load().expect("there"), settings);
        settings.language = None;
        store.save(&settings).expect("kept");
        assert_eq!(store.load().expect("there"), settings);
        let files = fs::read_dir(folder.path().join("not/there/yet")).expect("a folder");
        assert_eq!(files.count(), 1, "a draft was left behind");
    }

    #[rstest]
    #[case("")]
    #[case("language = \"rm\"\nlater = 1\n")]
    fn what_is_missing_or_from_later_is_as_usual(#[case] text: &str) {
        let folder = folder();
        fs::write(folder.path().join("settings.toml"), text).expect("written");
        let store = Store::in_folder(folder.path());
        assert_eq!(store.load().expect("read"), Settings::default());
    }

    #[test]
    fn nonsense_is_put_aside() {
        let folder = folder();
        fs::write(folder.path().join("settings.toml"), "theme = \"dar").expect("written");
        let store = Store::in_folder(folder.path());
        assert!(matches!(store.load(), Err(StoreError::Nonsense { .. })));
        let aside = fs::read_to_string(folder.path().join("settings.toml.bad"));
        assert_eq!(aside.expect("aside"), "theme = \"dar");
        assert_eq!(store.load().expect("none"), Settings::default());
    }

    #[test]
    fn a_server_is_remembered_once_and_not_for_ever() {
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
