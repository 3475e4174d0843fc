//! The scenario language: text -> steps, with every mistake reported at its place.
//!
//! - `text`: literal and generated texts
//! - `ast`: the syntax tree
//! - `parser`, `phrase`, `cursor`: one step per line, blocks by indentation
//! - `client`: steps of scenarios that check a client
//! - `branches`: what happens concurrently
//! - `presence`: the states of an actor's connection
//! - `check`: refuses a scenario whose outcome depends on chance
//! - `diagnostic`: mistakes, rendered like those of a compiler

mod ast;
pub(crate) mod branches;
pub(crate) mod check;
pub(crate) mod client;
mod cursor;
mod diagnostic;
pub(crate) mod parser;
mod phrase;
pub(crate) mod presence;
mod text;

pub use ast::{Act, Await, ClientStep, Scenario, ServerAct, Step, StepKind, Who};
pub use diagnostic::{Diagnostic, Mistake, closest};
pub use text::{Counters, Template};
