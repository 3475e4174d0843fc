//! The window, through its accessibility tree. No screen is needed.

mod chatting;
mod closing;
mod connecting;
mod failures;
#[cfg(test)]
mod reading;
mod settings;
