//! The program in operation: what an operator asks of it.

#![cfg(unix)]

mod activation;
mod addresses;
mod descriptors;
mod logs;
mod metrics;
// These have helpers, which count as tests in this way.
#[cfg(test)]
mod packaging;
#[cfg(test)]
mod page;
#[cfg(test)]
mod support;
