//! Reports in files: `--report html=F,json=F,junit=F,markdown=F,grade=F`.

mod grade;
mod html;
mod junit;
mod markdown;

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

use super::document::Document;

/// One report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    format: Format,
    path: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Html,
    Json,
    Junit,
    Markdown,
    Grade,
}

const FORMATS: [(&str, Format); 5] = [
    ("html", Format::Html),
    ("json", Format::Json),
    ("junit", Format::Junit),
    ("markdown", Format::Markdown),
    ("grade", Format::Grade),
];

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// It cannot be put into this format.
    #[error("the report cannot be put into words: {0}")]
    Format(String),
    /// The file cannot be written.
    #[error("cannot write the report {path}: {source}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let known = FORMATS.map(|(name, _)| name).join(", ");
        let (name, path) = written
            .split_once('=')
            .ok_or_else(|| format!("expected FORMAT=FILE; the formats are {known}"))?;
        let format = FORMATS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| *format);
        let format =
            format.ok_or_else(|| format!("`{name}` is no format; the formats are {known}"))?;
        if path.is_empty() {
            return Err(format!("`{written}` names no file"));
        }
        Ok(Self {
            format,
            path: path.into(),
        })
    }
}

impl ReportFile {
    /// Writes the report.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub fn write(&self, document: &Document) -> Result<(), ReportError> {
        let text = match self.format {
            Format::Html => Ok(html::report(document)),
            Format::Json => serde_json::to_string_pretty(document)
                .map_err(|error| ReportError::Format(error.to_string())),
            Format::Junit => junit::report(document),
            Format::Markdown => Ok(markdown::report(document)),
            Format::Grade => grade::report(document),
        }?;
        fs::write(&self.path, text).map_err(|source| ReportError::Write {
            path: self.path.display().to_string(),
            source,
        })
    }
}
