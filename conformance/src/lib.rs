//! The conformance suite of Salotto: it drives any server or client, in any language, and says which requirement is broken.
//!
//! Data flows one way:
//!
//! ```text
//! spec/*.md -> spec ----------> scenario -> runner ---------> report
//!  chapter     requirements     steps       actors, verdict   text, files
//! ```
//!
//! - [`requirement`]: an id, the class of program that it binds, and its level
//! - [`scenario`]: the scenario language: parses steps, reports mistakes with file and line, and rejects scenarios whose result
//!   depends on chance
//! - [`spec`]: the chapters of the specification; every requirement, and the scenarios that prove it
//! - [`dialect`]: how a server that does not speak Salotto says the same; a translator on each connection
//! - [`runner`]: performs scenarios against a server or a client; read this first
//! - [`meet`]: questions to a server that nobody knows, and the dialect that it speaks
//! - [`mod@explore`]: random histories, judged by a model
//! - [`planted`]: the faults by which the suite itself is tested
//! - [`report`]: the terminal report, and the files made from a run
//! - [`cli`]: the command `conformance`

pub mod cli;
pub mod dialect;
pub mod explore;
pub mod meet;
pub mod planted;
pub mod report;
pub mod requirement;
pub mod runner;
pub mod scenario;
pub mod spec;
