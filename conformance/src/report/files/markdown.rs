//! Markdown: for a pull request, or a page of a course.

use std::fmt::Write;

use crate::report::document::Document;
use crate::report::{Standing, text};
use crate::requirement::Level;

pub(super) fn report(document: &Document) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(document, &mut out);
    out
}

fn write(document: &Document, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "# Salotto conformance\n\n{}: `{}`\n",
        document.class.capitalized(),
        document.server
    )?;
    if document.whole {
        writeln!(
            out,
            "**{}**\n",
            text::verdict_line(document.verdict, document.class)
        )?;
    }
    if let Some(diagnosis) = &document.diagnosis {
        writeln!(out, "Most likely: {diagnosis}\n")?;
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
        let of_level: Vec<_> = document
            .requirements
            .iter()
            .filter(|requirement| requirement.level == level)
            .collect();
        if of_level.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n## {level}\n\n| requirement | | scenarios |\n| --- | --- | --- |"
        )?;
        for requirement in of_level {
            let mark = match requirement.standing {
                Standing::Proved => "✓",
                Standing::Broken => "✗ broken",
                Standing::Unclear => "? unclear",
                Standing::NotTested => "– not tested",
                Standing::NotObservable => "– not observable",
            };
            writeln!(
                out,
                "| {} | {mark} | {} |",
                requirement.id,
                requirement.scenarios.join(", ")
            )?;
        }
    }
    let failed: Vec<_> = document
        .scenarios
        .iter()
        .filter_map(|scenario| scenario.failure.as_ref())
        .collect();
    if !failed.is_empty() {
        writeln!(out, "\n## Failures")?;
    }
    for failure in failed {
        // A fence longer than any run of backquotes in the page.
        writeln!(out, "\n``````text\n{}``````", failure.page)?;
    }
    Ok(())
}
