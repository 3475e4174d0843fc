//! Several servers on one page: a table, and below it the failures of each.

use maud::{Markup, html};

use super::failure;
use super::inline::sentence;
use super::shell::shell;
use crate::report::document::{RequirementEntry, ScenarioEntry};
use crate::report::files::account::account;
use crate::report::files::words::{self, count, standing};
use crate::report::matrix::{Column, Matrix};
use crate::report::{Standing, Verdict};
use crate::requirement::Level;

/// The most servers that leave room for the texts of the requirements.
const FEW: usize = 8;

pub(super) fn page(matrix: &Matrix) -> Markup {
    let title = format!("{} compared", count(matrix.servers().len(), "server"));
    let body = html! {
        a .skip href="#table" { "Skip to the table" }
        header .compared {
            p .product { "Salotto conformance" }
            h1 { (title) }
            (servers(matrix))
        }
        main {
            (table(matrix))
            @for (number, server) in matrix.servers().iter().enumerate() {
                (failures(number, server))
            }
        }
        footer {
            p {
                strong { "✓ proved" } ": the scenarios passed. "
                strong { "✗ broken" } ": a scenario failed because of this requirement; the sign links to it. "
                strong { "? unclear" } ": other requirements keep the scenarios from judging it. "
                strong { "– not tested" } "."
            }
        }
    };
    shell(&title, &body)
}

fn servers(matrix: &Matrix) -> Markup {
    html! {
        ol .servers {
            @for (number, server) in matrix.servers().iter().enumerate() {
                li {
                    a href={ "#server-" (number + 1) } { (server.name) }
                    ": " span .{ "v-" (tone(server)) } { (sentence(&words::server(server))) } " "
                    (server.proved()) " proved."
                    @if let Some(reason) = words::why(server) {
                        p .note { (sentence(&reason)) }
                    }
                }
            }
        }
    }
}

fn tone(server: &Column) -> &'static str {
    match server.run.verdict {
        Verdict::Conformant => "good",
        Verdict::ConformantAsFarAsTested | Verdict::CoreConformant => "fair",
        Verdict::NotConformant | Verdict::NotStarted => "bad",
    }
}

fn table(matrix: &Matrix) -> Markup {
    let servers = matrix.servers();
    let with_text = servers.len() <= FEW;
    let of_level = |level| matrix.rows().filter(move |(_, row)| row.level == level);
    let levels = Level::ALL
        .into_iter()
        .filter(|level| of_level(*level).next().is_some());
    html! {
        div .scroll tabindex="0" role="region" aria-label="Requirements by server" {
            table .matrix #table {
                thead {
                    tr {
                        th scope="col" { "Requirement" }
                        @for server in servers { th scope="col" { span { (server.name) } } }
                        @if with_text { th .text scope="col" { "Text" } }
                    }
                }
                @for level in levels {
                    tbody {
                        tr { th .level scope="rowgroup" colspan=(servers.len() + 1 + usize::from(with_text)) { (level) } }
                        @for (at, requirement) in of_level(level) {
                            tr {
                                th scope="row" title=(requirement.text) { (requirement.id) }
                                @for (number, server) in servers.iter().enumerate() {
                                    (cell(number, &server.run.requirements[at]))
                                }
                                @if with_text { td .text { (sentence(&requirement.text)) } }
                            }
                        }
                    }
                }
                tfoot {
                    tr {
                        th scope="row" { "proved" }
                        @for server in servers { td { (server.proved()) } }
                    }
                }
            }
        }
    }
}

fn cell(number: usize, requirement: &RequirementEntry) -> Markup {
    let (mark, word) = standing(requirement.standing);
    html! {
        td .{ "c-" (word.replace(' ', "-")) } {
            span .unseen { (word) }
            @if requirement.standing == Standing::Broken {
                a href={ "#" (anchor(number, requirement)) } aria-label={ "broken: " (requirement.id) } { (mark) }
            } @else {
                span aria-hidden="true" { (mark) }
            }
        }
    }
}

fn anchor(number: usize, requirement: &RequirementEntry) -> String {
    format!("server-{}-{}", number + 1, requirement.id)
}

/// The requirements that a server breaks, each with the first scenario that shows it, which is the simplest.
fn failures(number: usize, server: &Column) -> Markup {
    let broken = server.run.requirements.iter().filter_map(|requirement| {
        let mut scenarios = server.run.scenarios.iter();
        let shown = scenarios.find(|scenario| blames(scenario, requirement))?;
        Some((requirement, shown))
    });
    let broken: Vec<_> = broken.collect();
    html! {
        section aria-labelledby={ "server-" (number + 1) } {
            h2 .server-name #{ "server-" (number + 1) } { (server.name) }
            p .server { code { (server.run.server) } }
            p { (sentence(&words::server(server))) }
            @for (requirement, scenario) in &broken {
                details .requirement data-standing="broken" {
                    summary {
                        h3 { span .mark aria-hidden="true" { "✗" } (requirement.id) }
                        p .text { (sentence(&requirement.text)) }
                        p .tally { (scenario.name) }
                    }
                    // Browsers open the element when a link leads into it, even without a script.
                    @if let Some(failure) = scenario.failure() {
                        div .inside #(anchor(number, requirement)) {
                            (failure::comparison(failure))
                            pre tabindex="0" role="region" aria-label={ "How " (server.name) " fails " (scenario.name) } { (account(&server.run, scenario, failure)) }
                        }
                    }
                }
            }
        }
    }
}

fn blames(scenario: &ScenarioEntry, requirement: &RequirementEntry) -> bool {
    scenario.broken() == Some(&requirement.id)
}
