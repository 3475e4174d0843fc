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

use clap::ValueEnum;
use serde::Serialize;

use super::document::Document;
use super::matrix::Matrix;

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    format: Format,
    path: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Json,
    Markdown,
    Junit,
    Grade,
}

impl Format {
    fn can_compare(self) -> bool {
        matches!(self, Self::Html | Self::Json | Self::Markdown)
    }
}

impl ReportFile {
    /// Whether it gives points, which follow what works even if a scenario fails that every other one relies on.
    pub fn is_grade(&self) -> bool {
        self.format == Format::Grade
    }

    /// Parses `FORMAT=FILE`, for a run against one program.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn of_one(written: &str) -> Result<Self, String> {
        Self::parse(written, Format::value_variants())
    }

    /// Parses `FORMAT=FILE`, for a comparison of several servers.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn of_several(written: &str) -> Result<Self, String> {
        let formats = Format::value_variants().iter().copied();
        let formats: Vec<_> = formats.filter(|format| format.can_compare()).collect();
        Self::parse(written, &formats)
    }

    fn parse(written: &str, formats: &[Format]) -> Result<Self, String> {
        let names = formats.iter().filter_map(Format::to_possible_value);
        let names: Vec<_> = names.map(|value| value.get_name().to_owned()).collect();
        let known = names.join(", ");
        let (name, path) = written
            .split_once('=')
            .ok_or_else(|| format!("expected FORMAT=FILE; the formats are {known}"))?;
        let format = Format::from_str(name, false)
            .ok()
            .filter(|format| formats.contains(format))
            .ok_or_else(|| format!("`{name}` is not a format; the formats are {known}"))?;
        if path.is_empty() {
            return Err(format!("`{written}` names no file"));
        }
        Ok(Self {
            format,
            path: path.into(),
        })
    }

    /// Opens the file for writing, and leaves it as it is: an unusable path is told before a run, not after it.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn try_path(&self) -> Result<(), ReportError> {
        let mut options = fs::OpenOptions::new();
        let opened = options.append(true).create(true).open(&self.path);
        opened.map(drop).map_err(|source| self.unwritten(source))
    }

    /// Writes the report of one run.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, document: &Document) -> Result<(), ReportError> {
        self.save(match self.format {
            Format::Html => html::report(document),
            Format::Json => json(document)?,
            Format::Junit => junit::report(document)?,
            Format::Markdown => markdown::report(document),
            Format::Grade => grade::report(document)?,
        })
    }

    /// Writes the comparison of several servers.
    ///
    /// # Errors
    /// The format has no place for several servers, or the file cannot be written.
    pub fn write_several(&self, matrix: &Matrix) -> Result<(), ReportError> {
        self.save(match self.format {
            Format::Html => html::comparison(matrix),
            Format::Json => json(matrix)?,
            Format::Markdown => markdown::comparison(matrix),
            Format::Junit | Format::Grade => return Err(ReportError::OneServerOnly),
        })
    }

    fn save(&self, text: String) -> Result<(), ReportError> {
        fs::write(&self.path, text).map_err(|source| self.unwritten(source))
    }

    fn unwritten(&self, source: std::io::Error) -> ReportError {
        ReportError::Write {
            path: self.path.display().to_string(),
            source,
        }
    }
}

fn json(data: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(data)?)
}
