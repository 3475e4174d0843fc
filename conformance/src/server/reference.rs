//! The reference server, built before it is run: never a stale one.

use std::path::{Path, PathBuf};

use super::CommandLine;
use crate::script::Setting;

/// Why the reference server is not there.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The program runs outside the repository it was built in.
    #[error(
        "no server is given, and the reference server is not beside this program; say which to check: --server 'CMD {{port}}'"
    )]
    NoRepository,
    /// Cargo could not build it.
    #[error("the reference server cannot be built: {0}")]
    Build(#[from] escargot::error::CargoError),
}

/// Builds the reference server with the same profile as this program, and gives its command line.
///
/// # Errors
/// There is no repository, or it does not build.
pub fn build() -> Result<CommandLine, ReferenceError> {
    let binary = binary()?;
    let program = binary.display().to_string();
    Ok(CommandLine::of_words(
        &[&program, "--port", "{port}"],
        &Setting::ALL,
    ))
}

fn binary() -> Result<PathBuf, ReferenceError> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../impl/server/Cargo.toml");
    if !manifest.exists() {
        return Err(ReferenceError::NoRepository);
    }
    let build = escargot::CargoBuild::new()
        .manifest_path(manifest)
        .bin("salotto-server")
        .current_release();
    Ok(build.run()?.path().to_path_buf())
}
