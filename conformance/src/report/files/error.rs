//! Why a report cannot be written.

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The format has no place for the comparison of several servers.
    #[error("this format has no place for several servers")]
    OneServerOnly,
    /// The data cannot be written as JSON.
    #[error("cannot write the report as JSON")]
    Json(#[from] serde_json::Error),
    /// The data cannot be written as XML.
    #[error("cannot write the report as XML")]
    Xml(#[source] std::io::Error),
    /// The file cannot be written.
    #[error("cannot write the report {path}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}
