//! Programs of this workspace. Each is built before it runs, so that it is never stale.

use std::path::{Path, PathBuf};

use super::command::CommandLine;
use super::setting::Setting;

/// Why a program of the workspace cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// This program runs outside the repository in which it was built.
    #[error("the sources of {0} are missing; run this program inside its repository")]
    NoRepository(&'static str),
    /// Cargo failed.
    #[error("cannot build {program}: {source}")]
    Cargo {
        /// The program.
        program: &'static str,
        /// Cargo's error.
        source: escargot::error::CargoError,
    },
}

/// Builds the reference server and returns its command line.
///
/// # Errors
/// The repository is missing, or the server does not build.
pub fn reference_server() -> Result<CommandLine, BuildError> {
    let program = build("impl/server", "salotto-server")?;
    Ok(CommandLine::of_words(
        &[&program.display().to_string(), "--port", "{port}"],
        &Setting::ALL,
    ))
}

/// Builds the faulty server and returns its path.
///
/// # Errors
/// The repository is missing, or the server does not build.
pub fn faulty_server() -> Result<PathBuf, BuildError> {
    build("conformance/faulty", "salotto-faulty")
}

/// Builds the faulty client and returns its path.
///
/// # Errors
/// The repository is missing, or the client does not build.
pub fn faulty_client() -> Result<PathBuf, BuildError> {
    build("conformance/faulty", "salotto-faulty-client")
}

/// Builds a program with the profile of this one.
fn build(folder: &str, program: &'static str) -> Result<PathBuf, BuildError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = root.join(folder).join("Cargo.toml");
    if !manifest.exists() {
        return Err(BuildError::NoRepository(program));
    }
    let build = escargot::CargoBuild::new()
        .manifest_path(manifest)
        .bin(program)
        .current_release();
    match build.run() {
        Ok(binary) => Ok(binary.path().to_path_buf()),
        Err(source) => Err(BuildError::Cargo { program, source }),
    }
}
