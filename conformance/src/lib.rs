//! The conformance suite of Salotto: it drives any server, in any language, over TCP, and says which requirement is broken.
//!
//! Data flows one way:
//!
//! ```text
//! spec/*.md -> spec -> script -> play -> run -> report
//!  chapter   requirement  steps   actors,    all of   verdict, text
//!            + scenario           verdict    them
//! ```
//!
//! - [`spec`]: the chapters of the specification; every requirement, and the scenarios that prove it
//! - [`script`]: the scenario language: text -> steps, mistakes told at their place, nothing left to chance
//! - [`wire`]: bytes -> lines -> events, and one client's connection
//! - [`server`]: the server under test: its command, its port, its process
//! - [`play`]: one scenario, performed: what comes is compared, silence is proven, one order must explain it all
//! - [`client`]: the same for a client, with the harness in the role of the server
//! - [`run`]: many scenarios, some at a time
//! - [`report`]: what people read
//! - [`load`]: many members at once; how fast, and whether everything arrived, once, in one order
//! - [`fire`]: what the internet does to a port, and whether a server survives it
//! - [`interrupt`]: what Ctrl-C does
//! - [`faulty`]: a small server that can be told to be wrong, or awkward, to test all of the above
//! - [`faulty_client`]: the same for a client
//! - [`cli`]: the command `conformance`
//!
//! It shares no code with the reference implementation: a mistake must not cancel itself out.

pub mod cli;
pub mod client;
pub mod faulty;
pub mod faulty_client;
pub mod fire;
pub mod interrupt;
pub mod load;
pub mod play;
pub mod report;
pub mod run;
pub mod script;
pub mod server;
pub mod spec;
pub mod wire;
