//! Reports in files: `--report html=F,json=F,junit=F,markdown=F,grade=F`. A comparison of several servers can be written as HTML,
//! JSON and Markdown.

mod account;
mod error;
mod grade;
mod html;
mod junit;
mod markdown;
mod words;

pub use error::ReportError;

use std::fs;
use std::path::PathBuf;

use serde::Serialize;

use super::Matrix;
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

/// Those of several servers come first.
const FORMATS: [(&str, Format); 5] = [
    ("html", Format::Html),
    ("json", Format::Json),
    ("markdown", Format::Markdown),
    ("junit", Format::Junit),
    ("grade", Format::Grade),
];
const OF_SEVERAL: usize = 3;

impl ReportFile {
    /// `FORMAT=FILE`, for a run against one server.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn of_one(written: &str) -> Result<Self, String> {
        Self::parse(written, &FORMATS)
    }

    /// `FORMAT=FILE`, for several servers.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn of_several(written: &str) -> Result<Self, String> {
        Self::parse(written, &FORMATS[..OF_SEVERAL])
    }

    fn parse(written: &str, formats: &[(&str, Format)]) -> Result<Self, String> {
        let names: Vec<_> = formats.iter().map(|(name, _)| *name).collect();
        let known = names.join(", ");
        let (name, path) = written
            .split_once('=')
            .ok_or_else(|| format!("expected FORMAT=FILE; the formats are {known}"))?;
        let format = formats
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| *format)
            .ok_or_else(|| format!("`{name}` is no format here; the formats are {known}"))?;
        if path.is_empty() {
            return Err(format!("`{written}` names no file"));
        }
        Ok(Self {
            format,
            path: path.into(),
        })
    }

    /// Writes the report of one run.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub fn write(&self, document: &Document) -> Result<(), ReportError> {
        self.save(match self.format {
            Format::Html => html::report(document),
            Format::Json => json(document)?,
            Format::Junit => junit::report(document)?,
            Format::Markdown => markdown::report(document),
            Format::Grade => grade::report(document)?,
        })
    }

    /// Writes the report of several runs.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub fn write_several(&self, matrix: &Matrix) -> Result<(), ReportError> {
        self.save(match self.format {
            Format::Html => html::comparison(matrix),
            Format::Json => json(matrix)?,
            Format::Markdown => markdown::comparison(matrix),
            Format::Junit | Format::Grade => return Err(ReportError::OneServerOnly),
        })
    }

    fn save(&self, text: String) -> Result<(), ReportError> {
        fs::write(&self.path, text).map_err(|source| ReportError::Write {
            path: self.path.display().to_string(),
            source,
        })
    }
}

fn json(data: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(data)?)
}
