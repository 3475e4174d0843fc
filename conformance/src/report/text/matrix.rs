//! Several servers in one table: requirements down, servers across, one character a cell.

use std::fmt::Write;

use super::words;
use crate::report::Verdict;
use crate::report::matrix::{Column, Matrix};

/// The table for the terminal.
pub fn matrix(matrix: &Matrix) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(matrix, &mut out);
    out
}

fn write(matrix: &Matrix, out: &mut String) -> std::fmt::Result {
    let servers = matrix.servers();
    for (number, server) in servers.iter().enumerate() {
        writeln!(
            out,
            "{:>3}  {}: {}",
            number + 1,
            server.name,
            verdict(server)
        )?;
        if let Some(reason) = reason(server) {
            writeln!(out, "       {}", reason.replace('\n', "\n       "))?;
        }
    }
    write!(out, "\n{:<22}", "")?;
    (1..=servers.len()).try_for_each(|number| write!(out, "{number:>3}"))?;
    writeln!(out)?;
    for (at, requirement) in matrix.rows() {
        write!(out, "{:<9} {:<12}", requirement.id, requirement.level)?;
        for server in servers {
            let standing = server.run.requirements[at].standing;
            write!(out, "{:>3}", words::mark(standing))?;
        }
        writeln!(out)?;
    }
    write!(out, "\n{:<22}", "proved")?;
    for server in servers {
        write!(out, "{:>3}", server.proved())?;
    }
    writeln!(out, "\n\n✓ proved   ✗ broken   ? unclear   – not tested")
}

fn verdict(server: &Column) -> String {
    if server.run.complete || server.run.verdict == Verdict::NotStarted {
        words::verdict(server.run.verdict, server.run.class)
    } else {
        "only some of the scenarios were run.".to_owned()
    }
}

/// The likely cause of most failures, or why the server did not start.
fn reason(server: &Column) -> Option<String> {
    match &server.run.diagnosis {
        Some(diagnosis) => Some(words::diagnosis(diagnosis)),
        None => server.not_started().map(words::not_started),
    }
}
