//! The table of a `for each` block: `for each NAME, NAME`, and below it one case a line, `| TEXT | TEXT`.

use std::ops::Range;

use super::cursor::{Cursor, Parsed};
use super::diagnostic::Diagnostic;
use super::turns::Cell;

/// Takes the names of the columns.
pub(super) fn columns(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    let mut columns: Vec<String> = Vec::new();
    loop {
        let word = cursor.word();
        let written = &cursor.source[word.clone()];
        let name = written.trim_end_matches(',');
        let span = word.start..word.end.max(word.start + 1);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase()) {
            let message = "expected a name of lower-case letters for a column";
            return Err(Diagnostic::new(span, message)
                .help("for example `for each text` or `for each bytes, code`"));
        }
        if columns.iter().any(|known| known == name) {
            let message = format!("there is a column `{name}` already");
            return Err(Diagnostic::new(span, message));
        }
        columns.push(name.to_owned());
        if !written.ends_with(',') {
            cursor.finish()?;
            return Ok(columns);
        }
    }
}

/// Parses a line of the table, which begins with `|`.
pub(super) fn case(source: &str, line: Range<usize>, columns: &[String]) -> Parsed<Vec<Cell>> {
    let mut cursor = Cursor {
        source,
        at: line.start,
        end: line.end,
    };
    let mut cells = Vec::new();
    while !cursor.is_at_end() {
        // The bar before the text.
        cursor.at += 1;
        cells.push(cell(&mut cursor)?);
    }
    if cells.len() != columns.len() {
        let (expected, written) = (columns.len(), cells.len());
        let message = format!("expected {expected} texts, one for each column, not {written}");
        return Err(Diagnostic::new(line, message).help("`|` begins each text"));
    }
    Ok(cells)
}

/// Takes a text, up to the next bar.
fn cell(cursor: &mut Cursor<'_>) -> Parsed<Cell> {
    cursor.skip_blanks();
    let start = cursor.at;
    let (source, end) = (cursor.source, cursor.end);
    let rest = &source[start..end];
    let text = if rest.starts_with('"') {
        cursor.quoted()?
    } else {
        let length = rest.find('|').unwrap_or(rest.len());
        cursor.end = start + rest[..length].trim_end().len();
        if cursor.is_at_end() {
            let span = start..end.max(start + 1);
            return Err(
                Diagnostic::new(span, "expected a text").help("write \"\" for an empty one")
            );
        }
        cursor.text()?
    };
    let written = source[start..cursor.at].to_owned();
    cursor.end = end;
    if !cursor.is_at_end() && !source[cursor.at..end].starts_with('|') {
        let span = cursor.at..end;
        return Err(Diagnostic::new(span, "unexpected text after the quotes")
            .help("`|` begins the next text"));
    }
    Ok(Cell { text, written })
}
