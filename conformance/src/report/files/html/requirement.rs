//! A level, its requirements, and the scenarios below each of them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::diagrams::Diagrams;
use super::inline::sentence;
use super::scenario;
use crate::report::Standing;
use crate::report::document::{Document, RequirementEntry, ScenarioEntry};
use crate::report::files::words::{self, count, standing};
use crate::requirement::{Id, Level};

/// The requirement under which each scenario is shown in full: a failure under the one that it breaks, any other scenario under
/// the first that it proves.
pub(super) struct Homes<'a> {
    of: BTreeMap<&'a Id, Vec<&'a ScenarioEntry>>,
    /// The requirement that is open at first, and the scenario under it.
    first: Option<(&'a Id, &'a str)>,
}

impl<'a> Homes<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let known = |id: &&Id| document.requirements.iter().any(|entry| entry.id == **id);
        let mut of: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for scenario in &document.scenarios {
            let home = scenario.broken().filter(known);
            let home = home.or_else(|| scenario.proves.iter().find(known));
            // Every scenario proves something: the specification is checked when it is read.
            if let Some(home) = home {
                of.entry(home).or_default().push(scenario);
            }
        }
        let mut homes = Self { of, first: None };
        homes.first = document.requirements.iter().find_map(|requirement| {
            let mut here = homes.at(&requirement.id).iter();
            let failed = here.find(|scenario| scenario.broken().is_some())?;
            Some((&requirement.id, failed.name.as_str()))
        });
        homes
    }

    fn at(&self, id: &Id) -> &[&'a ScenarioEntry] {
        self.of.get(id).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn section(
    document: &Document,
    homes: &Homes<'_>,
    level: Level,
    diagrams: Diagrams,
) -> Markup {
    let requirements = document
        .requirements
        .iter()
        .filter(|requirement| requirement.level == level);
    html! {
        section .level aria-labelledby={ "level-" (level) } {
            h2 #{ "level-" (level) } { (level) }
            @for requirement in requirements {
                (entry(document, homes, requirement, diagrams))
            }
        }
    }
}

fn entry(
    document: &Document,
    homes: &Homes<'_>,
    requirement: &RequirementEntry,
    diagrams: Diagrams,
) -> Markup {
    let (mark, word) = standing(requirement.standing);
    let here = homes.at(&requirement.id);
    let elsewhere: Vec<_> = document
        .scenarios
        .iter()
        .filter(|scenario| requirement.scenarios.contains(&scenario.name))
        .filter(|scenario| !here.iter().any(|shown| shown.name == scenario.name))
        .collect();
    let open = homes.first.is_some_and(|(id, _)| *id == requirement.id);
    html! {
        details .requirement #(requirement.id) data-standing=(word.replace(' ', "-")) data-level=(requirement.level) open[open] {
            summary {
                h3 {
                    span .mark aria-hidden="true" { (mark) }
                    (requirement.id)
                    " " span .standing { (word) }
                }
                p .text { (sentence(&requirement.text)) }
                p .tally { (tally(here, &elsewhere)) }
            }
            @if requirement.standing == Standing::Unclear {
                p .note { (words::unclear(&requirement.unclear_because_of)) }
            }
            @if here.is_empty() && elsewhere.is_empty() {
                p .note { (without_scenarios(requirement.standing)) }
            }
            @for scenario in here {
                @let open = open && homes.first.is_some_and(|(_, name)| name == scenario.name);
                (scenario::entry(scenario, &requirement.id, open, diagrams))
            }
            @if !elsewhere.is_empty() {
                p .note { @if here.is_empty() { "Shown below other requirements:" } @else { "These also prove it:" } }
                ul .elsewhere {
                    @for scenario in elsewhere { (reference(scenario)) }
                }
            }
            p .place { "spec/" (requirement.file) ":" (requirement.line) }
        }
    }
}

/// A link to a scenario that is shown in full below another requirement.
fn reference(scenario: &ScenarioEntry) -> Markup {
    let (mark, word) = words::outcome(&scenario.outcome);
    html! {
        li data-outcome=(word.replace(' ', "-")) data-name=(scenario.name) {
            span .mark aria-hidden="true" { (mark) }
            a href={ "#s-" (scenario.name) } { (scenario.name) }
            " " span .word { (word) }
            @if let Some(failure) = scenario.failure() { " because of " (failure.blame) }
        }
    }
}

fn tally(here: &[&ScenarioEntry], elsewhere: &[&ScenarioEntry]) -> String {
    let all = here.len() + elsewhere.len();
    let failed = here
        .iter()
        .chain(elsewhere)
        .filter(|scenario| scenario.broken().is_some())
        .count();
    match (all, failed) {
        (0, _) => String::new(),
        (_, 0) => count(all, "scenario"),
        _ => format!("{}, {failed} failed", count(all, "scenario")),
    }
}

fn without_scenarios(standing: Standing) -> &'static str {
    match standing {
        Standing::NotObservable | Standing::NotApplicable => words::explanation(standing),
        _ => "None of its scenarios was selected.",
    }
}
