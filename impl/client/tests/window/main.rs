//! The window, through what a screen reader knows of it. No screen is needed.

mod closing;
mod connecting;
// These are helpers, which count as tests in this way.
#[cfg(test)]
mod desk;
mod keeping;
mod losing;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod server;
mod talking;
