//! The programs of this workspace, built before they are run: never stale ones.

use std::path::{Path, PathBuf};

use super::command::CommandLine;
use super::setting::Setting;

/// Why a program of the workspace cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// This program runs outside the repository it was built in.
    #[error("the sources of {0} are not beside this program: run it inside its repository")]
    NoRepository(&'static str),
    /// Cargo failed.
    #[error("{program} cannot be built: {source}")]
    Cargo {
        /// The program.
        program: &'static str,
        /// What Cargo said.
        source: escargot::error::CargoError,
    },
}

/// Builds the reference server and returns its command line.
///
/// # Errors
/// There is no repository, or the server does not build.
pub fn reference_server() -> Result<CommandLine, BuildError> {
    let program = build("impl/server", "salotto-server")?;
    Ok(CommandLine::of_words(
        &[&program.display().to_string(), "--port", "{port}"],
        &Setting::ALL,
    ))
}

/// Builds the server that can be broken on purpose.
///
/// # Errors
/// There is no repository, or the server does not build.
pub fn faulty_server() -> Result<PathBuf, BuildError> {
    build("conformance/faulty", "salotto-faulty")
}

/// Builds the client that can be broken on purpose.
///
/// # Errors
/// There is no repository, or the client does not build.
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
