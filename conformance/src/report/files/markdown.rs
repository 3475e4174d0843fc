//! Markdown: for a pull request, or a page of a course.

use std::fmt::{self, Write};

use super::account::account;
use super::words;
use crate::report::Standing;
use crate::report::document::{Document, RequirementEntry};
use crate::report::matrix::{Column, Matrix};
use crate::requirement::Level;

/// The report of one run.
pub(super) fn report(document: &Document) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(document, &mut out);
    out
}

fn write(document: &Document, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "# Salotto conformance\n\n{}: `{}`\n",
        document.class.capitalized(),
        document.server
    )?;
    if document.complete {
        let verdict = words::verdict(document.verdict, document.class);
        writeln!(out, "**{verdict}**\n")?;
    }
    if let Some(crash) = &document.crash {
        writeln!(out, "{}\n", words::crash(crash))?;
    }
    if let Some(diagnosis) = &document.diagnosis {
        writeln!(out, "{}\n", words::diagnosis(diagnosis))?;
    }
    writeln!(
        out,
        "| level | proved | broken | unclear | not tested |\n| --- | ---: | ---: | ---: | ---: |"
    )?;
    for (level, counts) in &document.levels {
        writeln!(
            out,
            "| {level} | {} | {} | {} | {} |",
            counts.proved, counts.broken, counts.unclear, counts.not_tested
        )?;
    }
    for level in Level::ALL {
        let requirements = document.requirements.iter();
        let of_level = requirements.filter(|requirement| requirement.level == level);
        section(level, &of_level.collect::<Vec<_>>(), out)?;
    }
    failures(document, out)
}

fn section(level: Level, requirements: &[&RequirementEntry], out: &mut String) -> fmt::Result {
    if requirements.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## {level}\n\n| requirement | | scenarios |\n| --- | --- | --- |"
    )?;
    for requirement in requirements {
        let (mark, word) = words::standing(requirement.standing);
        let standing = match requirement.standing {
            Standing::Proved => mark.to_owned(),
            Standing::Unclear => {
                let causes = requirement.unclear_because_of.iter();
                let causes: Vec<_> = causes.map(ToString::to_string).collect();
                format!("{mark} {word} because of {}", causes.join(", "))
            }
            _ => format!("{mark} {word}"),
        };
        let scenarios = requirement.scenarios.join(", ");
        writeln!(out, "| {} | {standing} | {scenarios} |", requirement.id)?;
    }
    Ok(())
}

fn failures(document: &Document, out: &mut String) -> fmt::Result {
    let scenarios = document.scenarios.iter();
    let failed = scenarios
        .filter_map(|scenario| Some((scenario, scenario.broken().and(scenario.failure())?)));
    let mut heading = "\n## Failures\n";
    for (scenario, failure) in failed {
        let account = account(document, scenario, failure);
        // The fence is longer than any that a server's line can form inside.
        writeln!(out, "{heading}\n``````text\n{account}``````")?;
        heading = "";
    }
    Ok(())
}

/// Several servers in one table: requirements down, servers across.
pub(super) fn comparison(matrix: &Matrix) -> String {
    let mut out = String::new();
    let _ = write_comparison(matrix, &mut out);
    out
}

fn write_comparison(matrix: &Matrix, out: &mut String) -> fmt::Result {
    let servers = matrix.servers();
    let across = |cell: &dyn Fn(&Column) -> String| {
        let cells: Vec<_> = servers.iter().map(cell).collect();
        cells.join(" | ")
    };
    let names = across(&|server| server.name.replace('|', "\\|"));
    writeln!(out, "| requirement | level | {names} |")?;
    writeln!(out, "| --- | --- |{}", " :-: |".repeat(servers.len()))?;
    for (at, requirement) in matrix.rows() {
        let marks = across(&|server| {
            let (mark, _) = words::standing(server.run.requirements[at].standing);
            mark.to_owned()
        });
        writeln!(
            out,
            "| {} | {} | {marks} |",
            requirement.id, requirement.level
        )?;
    }
    let proved = across(&|server| server.proved().to_string());
    writeln!(out, "| **proved** | | {proved} |")?;
    writeln!(out, "\n✓ proved, ✗ broken, ? unclear, – not tested\n")?;
    for server in servers {
        write!(out, "- **{}**: {}", server.name, words::server(server))?;
        match words::why(server) {
            Some(reason) => writeln!(out, " {reason}")?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}
