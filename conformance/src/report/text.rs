//! The report on the terminal: failures as they happen, and at the end which level the program has reached.

mod closing;
mod known_failures;
mod matrix;
mod page;
mod progress;
mod requirement;
mod words;

pub use closing::closing;
pub use known_failures::known_failures;
pub use matrix::matrix;
pub use page::Page;
pub use progress::{Progress, servers};
pub use requirement::quote;
pub use words::{lacks, not_performed};
