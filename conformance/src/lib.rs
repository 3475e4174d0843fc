//! The conformance suite of Salotto: it drives any server, in any language, over TCP, and says which requirement is broken.
//!
//! Data flows one way:
//!
//! ```text
//! spec/*.md -> spec ----------> scenario -> runner ---------> report
//!  chapter     requirements     steps       actors, verdict   text, files
//! ```
//!
//! - [`requirement`]: an id, whom it binds, and how much it asks
//! - [`scenario`]: the scenario language: text -> steps, mistakes told at their place, nothing left to chance
//! - [`spec`]: the chapters of the specification; every requirement, and the scenarios that prove it
//! - [`runner`]: performs scenarios against a server or a client
//! - [`planted`]: the faults by which the suite itself is tested
//! - [`report`]: what people read
//! - [`cli`]: the command `conformance`

pub mod cli;
pub mod planted;
pub mod report;
pub mod requirement;
pub mod runner;
pub mod scenario;
pub mod spec;
