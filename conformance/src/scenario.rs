//! The scenario language: text -> steps, with a mistake told at its place.
//!
//! - [`text`]: literal and generated text
//! - [`ast`]: what a scenario is made of
//! - [`parser`]: one step a line, blocks by indentation
//! - [`client`]: the steps with which a client is checked
//! - [`branches`]: what goes on at the same time
//! - [`presence`]: the states of an actor's connection
//! - [`check`]: a scenario whose outcome depends on chance is refused
//! - [`diagnostic`]: how a mistake is told

pub mod ast;
pub mod branches;
pub mod check;
pub mod client;
mod cursor;
pub mod diagnostic;
pub mod parser;
mod phrase;
pub mod presence;
pub mod text;

pub use ast::{Act, Await, Scenario, ServerAct, Step, StepKind, Who};
pub use client::ClientStep;
pub use diagnostic::{Diagnostic, Mistake, closest};
pub use text::{Counters, Template};
