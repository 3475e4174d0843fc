//! Tests of the server.
#![forbid(unsafe_code)]

#[cfg(test)]
mod command_line;
#[cfg(unix)]
#[cfg(test)]
mod program;
#[cfg(test)]
mod wire;
