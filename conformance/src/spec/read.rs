//! Reads the chapters of the specification, and reports every mistake in them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::document::Spec;
use super::{chapter, trace};
use crate::scenario::Mistake;

/// File name and text of every chapter at the time this program was built.
const CHAPTERS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/chapters.rs"));

/// Why a specification cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// A chapter could not be read.
    #[error("cannot read the specification in {path}")]
    Read {
        /// The folder or file.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// The chapters have mistakes.
    #[error("the specification has {}\n\n{}", count(.0), Joined(.0))]
    Mistakes(Vec<Mistake>),
}

fn count(mistakes: &[Mistake]) -> String {
    match mistakes {
        [_] => "a mistake".to_owned(),
        _ => format!("{} mistakes", mistakes.len()),
    }
}

struct Joined<'a>(&'a [Mistake]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|mistake| write!(f, "{mistake}\n\n"))
    }
}

impl Spec {
    /// Reads the specification with which this program was built.
    ///
    /// # Errors
    /// The chapters have mistakes.
    pub fn built_in() -> Result<Self, SpecError> {
        Self::read(
            CHAPTERS
                .iter()
                .map(|(file, text)| ((*file).to_owned(), Arc::from(*text)))
                .collect(),
        )
    }

    /// Reads the `*.md` files of a folder, in the order of their names.
    ///
    /// # Errors
    /// A file cannot be read, or the chapters have mistakes.
    pub fn in_folder(folder: &Path) -> Result<Self, SpecError> {
        let failed = |source| SpecError::Read {
            path: folder.display().to_string(),
            source,
        };
        let mut sources = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if file.ends_with(".md") {
                let text = std::fs::read_to_string(&path).map_err(failed)?;
                // A byte order mark, as some editors write it, is no part of the text.
                let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
                sources.push((file, Arc::from(text)));
            }
        }
        sources.sort();
        Ok(Self {
            folder: Some(folder.display().to_string()),
            ..Self::read(sources)?
        })
    }

    /// Reads chapters from their file names and texts.
    ///
    /// # Errors
    /// The chapters have mistakes.
    pub fn read(sources: Vec<(String, Arc<str>)>) -> Result<Self, SpecError> {
        let mut spec = Self {
            requirements: Vec::new(),
            scenarios: Vec::new(),
            folder: None,
            sources: Vec::new(),
        };
        let mut mistakes = Vec::new();
        for (file, text) in &sources {
            let chapter = chapter::read(file, text);
            mistakes.extend(
                chapter
                    .mistakes
                    .into_iter()
                    .map(|mistake| mistake.in_file(file, text)),
            );
            spec.requirements.extend(chapter.requirements);
            spec.scenarios.extend(chapter.scenarios);
        }
        spec.sources = sources;
        // A scenario with a mistake proves nothing, so its requirements would be reported as not proved.
        if mistakes.is_empty() {
            mistakes = trace::check(&spec);
        }
        if mistakes.is_empty() {
            Ok(spec)
        } else {
            Err(SpecError::Mistakes(mistakes))
        }
    }
}
