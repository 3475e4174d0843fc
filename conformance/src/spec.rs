//! The specification as the harness reads it: requirements, and under them the scenarios that prove them.

mod chapter;
mod trace;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::requirement::{Class, Id, Level, Requirement};
use crate::scenario::{Mistake, Scenario, closest};

/// Name and text of every chapter, as they were when this program was built.
const CHAPTERS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/chapters.rs"));

/// The whole specification, in the order of its chapters.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Every requirement.
    pub requirements: Vec<Requirement>,
    /// Every scenario.
    pub scenarios: Vec<Scenario>,
    /// What the chapters were read from, for messages that point into them.
    pub sources: Vec<(String, Arc<str>)>,
}

/// Why a specification cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// A chapter could not be read.
    #[error("cannot read the specification in {path}")]
    Read {
        /// The folder or file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It was read, and has mistakes.
    #[error("the specification has {} mistake{}\n\n{}", .0.len(), if .0.len() == 1 { "" } else { "s" }, Joined(.0))]
    Mistakes(Vec<Mistake>),
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
    /// The specification that this program was built with.
    ///
    /// # Errors
    /// Mistakes in it: every one, each at its place.
    pub fn built_in() -> Result<Self, SpecError> {
        Self::read(
            CHAPTERS
                .iter()
                .map(|(file, text)| ((*file).to_owned(), Arc::from(*text)))
                .collect(),
        )
    }

    /// The specification in a folder: its `*.md` files, by name.
    ///
    /// # Errors
    /// What cannot be read, or the mistakes.
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
                sources.push((
                    file,
                    Arc::from(std::fs::read_to_string(&path).map_err(failed)?),
                ));
            }
        }
        sources.sort();
        Self::read(sources)
    }

    /// The specification in these chapters: name and text of each.
    ///
    /// # Errors
    /// Mistakes in them: every one, each at its place.
    pub fn read(sources: Vec<(String, Arc<str>)>) -> Result<Self, SpecError> {
        let mut spec = Self {
            requirements: Vec::new(),
            scenarios: Vec::new(),
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
        // A scenario that could not be read proves nothing: what follows from that is no mistake of its own.
        if mistakes.is_empty() {
            mistakes = trace::check(&spec);
        }
        if mistakes.is_empty() {
            Ok(spec)
        } else {
            Err(SpecError::Mistakes(mistakes))
        }
    }

    /// The requirement with this id.
    pub fn requirement(&self, id: &Id) -> Option<&Requirement> {
        self.requirements
            .iter()
            .find(|requirement| requirement.id == *id)
    }

    /// The scenarios that check programs of this class.
    pub fn scenarios_of(&self, class: Class) -> impl Iterator<Item = &Scenario> {
        self.scenarios
            .iter()
            .filter(move |scenario| scenario.class == class)
    }

    /// The scenario with this name.
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }

    /// The scenarios that prove a requirement, in the order of the chapters.
    pub fn proofs<'a>(&'a self, id: &'a Id) -> impl Iterator<Item = &'a Scenario> {
        self.scenarios
            .iter()
            .filter(move |scenario| scenario.proves.contains(id))
    }

    /// How hard a scenario is: the highest level among the requirements that it proves.
    pub fn level(&self, scenario: &Scenario) -> Level {
        let levels = scenario
            .proves
            .iter()
            .filter_map(|id| self.requirement(id))
            .map(|requirement| requirement.level);
        levels.max().unwrap_or(Level::Full)
    }

    /// The scenarios that one of the filters names: a requirement's id, a part of a scenario's name, or a chapter's file.
    /// Without filters, all.
    ///
    /// # Errors
    /// The first filter that names nothing, with what may have been meant.
    pub fn select(&self, filters: &[String]) -> Result<Vec<&Scenario>, NothingSelected> {
        // A scenario's whole name means that one, even if it is a part of another's.
        let whole = |filter: &str| self.scenario(filter).is_some();
        let names = |scenario: &Scenario, filter: &str| {
            let by_id = Id::parse(filter).is_some_and(|id| scenario.proves.contains(&id));
            by_id
                || scenario.name == filter
                || (scenario.name.contains(filter) && !whole(filter))
                || [
                    scenario.file.as_str(),
                    scenario.file.trim_end_matches(".md"),
                    scenario.chapter(),
                ]
                .contains(&filter)
        };
        for filter in filters {
            if !self
                .scenarios
                .iter()
                .any(|scenario| names(scenario, filter))
            {
                let ids = self
                    .requirements
                    .iter()
                    .map(|requirement| requirement.id.as_str());
                let known = self
                    .scenarios
                    .iter()
                    .map(|scenario| scenario.name.as_str())
                    .chain(ids);
                let suggestion = closest(filter, known).map(str::to_owned);
                return Err(NothingSelected {
                    filter: filter.clone(),
                    suggestion,
                });
            }
        }
        let selected = |scenario: &&Scenario| {
            filters.is_empty() || filters.iter().any(|filter| names(scenario, filter))
        };
        Ok(self.scenarios.iter().filter(selected).collect())
    }
}

/// A filter that names no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is named by `{filter}`{}; `conformance list` shows them all", .suggestion.as_ref().map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default())]
pub struct NothingSelected {
    filter: String,
    suggestion: Option<String>,
}
