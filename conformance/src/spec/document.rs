//! The requirements and scenarios of all chapters.

use std::sync::Arc;

use crate::requirement::{Class, Id, Level, Requirement};
use crate::scenario::Scenario;

/// The whole specification, in the order of its chapters.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Every requirement.
    pub requirements: Vec<Requirement>,
    /// Every scenario.
    pub scenarios: Vec<Scenario>,
    /// The folder from which it was read; `None` for the one that is built in.
    pub folder: Option<String>,
    /// File name and text of every chapter, for messages that quote them.
    pub sources: Vec<(String, Arc<str>)>,
}

impl Spec {
    /// A line of a chapter, as messages name it.
    pub fn place(&self, file: &str, line: usize) -> String {
        let folder = self.folder.as_deref().unwrap_or("spec");
        format!("{}/{file}:{line}", folder.trim_end_matches('/'))
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

    /// Those of them that are performed unless slow ones are asked for, too.
    pub fn usual_scenarios_of(&self, class: Class) -> impl Iterator<Item = &Scenario> {
        self.scenarios_of(class).filter(|scenario| !scenario.slow)
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

    /// The level of a scenario: the highest one of the requirements that it proves.
    pub fn level(&self, scenario: &Scenario) -> Level {
        let levels = scenario
            .proves
            .iter()
            .filter_map(|id| self.requirement(id))
            .map(|requirement| requirement.level);
        levels.max().unwrap_or(Level::Full)
    }
}
