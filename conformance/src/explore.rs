//! Random histories, judged by a model of the room, and shrunk to a scenario (`conformance explore`).
//!
//! ```text
//! seed -> program -> scenario -> runner -> failure -> smaller program -> scenario to paste into the spec
//! ```
//!
//! | module | contents |
//! | --- | --- |
//! | `program` | what members do: data, of which any part can be removed |
//! | `generate`, `swarm`, `lines`, `nicknames` | a seed -> a program |
//! | `room` | the model: what each act causes |
//! | `script`, `notation` | a program -> a scenario with everything that a conformant server sends |
//! | `trial` | one program, performed by the runner |
//! | `shrink` | a failing program -> a smaller one |
//! | [`session`] | many programs |

mod generate;
mod lines;
mod nicknames;
mod notation;
mod program;
mod room;
mod script;
pub mod session;
mod shrink;
mod swarm;
mod trial;

pub use generate::Shape;
pub use session::{Find, Report, Session, explore, text};
pub use swarm::Feature;
