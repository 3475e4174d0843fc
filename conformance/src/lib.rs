//! conformance
pub mod play;
pub mod script;
pub mod server;
pub mod spec;
pub mod wire;
