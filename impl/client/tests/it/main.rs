//! The console and the window, against the reference server and against servers played by a test.

#![forbid(unsafe_code)]

mod console;
// Clippy allows `expect` only in test code.
#[cfg(test)]
mod support;
mod window;
