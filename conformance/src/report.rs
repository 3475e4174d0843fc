//! Reports about a run.
//!
//! A report is made in three steps, and each step knows only the one before it:
//!
//! ```text
//! data                 words                 layout
//! runner::Run
//!   summary            text::words     ->    text: page, closing, progress, matrix, known failures
//!   diagnosis    ->
//!   document           files::words    ->    files: html, junit, markdown, grade
//!   matrix             (none)          ->    files: json
//! ```
//!
//! - Data holds no sentence. A problem, an outcome or a cause is a type, so nothing ever parses English, and the JSON report
//!   is the data as it stands.
//! - Words exist once for the terminal and once for the files. Both modules are private to their kind of report: rewording
//!   one report cannot change another.
//! - Layout puts words and texts in their places.

pub mod diagnosis;
pub mod document;
pub mod files;
pub mod known_failures;
pub mod matrix;
#[cfg(test)]
mod samples;
pub mod summary;
pub mod text;

pub use matrix::Matrix;
pub use summary::{Standing, Summary, Verdict};

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    /// The Rust files in a folder.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let sources = paths.flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        });
        sources
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .collect()
    }

    /// Each kind of report has its own words, so that rewording one cannot change another.
    #[test]
    fn the_terminal_and_the_files_share_no_words() {
        let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report");
        for (kind, other) in [("text", "files"), ("files", "text")] {
            let sources = sources(&report.join(kind));
            assert!(sources.len() > 5, "{sources:?}");
            for path in sources {
                let source = std::fs::read_to_string(&path).expect("a source");
                let uses = source.contains(&format!("report::{other}"));
                assert!(!uses, "{} uses `{other}`", path.display());
            }
        }
    }
}
