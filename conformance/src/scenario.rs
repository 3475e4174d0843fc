//! The scenario language: text -> steps, with every mistake reported at its place.
//!
//! - `text`: literal and generated texts; `counters`: the values in them
//! - `ast`: the syntax tree
//! - `parser`, `phrase`, `table`, `cursor`: one step per line, blocks by indentation
//! - `turns`: blocks that are performed more than once
//! - `client`: steps of scenarios that check a client
//! - `branches`: what happens concurrently
//! - `presence`: the states of an actor's connection
//! - `check`: refuses a scenario whose outcome depends on chance
//! - `diagnostic`: mistakes, rendered like those of a compiler

mod ast;
pub(crate) mod branches;
pub(crate) mod check;
pub(crate) mod client;
mod counters;
mod cursor;
mod diagnostic;
pub(crate) mod parser;
mod phrase;
pub(crate) mod presence;
mod table;
mod text;
mod turns;

pub use ast::{Act, Await, ClientStep, Scenario, ServerAct, Step, StepKind, Who};
pub use counters::Counters;
pub use diagnostic::{Diagnostic, Mistake, closest};
pub use text::Template;
pub use turns::{Cell, Turns};
