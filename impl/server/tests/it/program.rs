//! The program in operation, as an operator sees it.

mod activation;
mod addresses;
mod descriptors;
mod logs;
mod metrics;
mod packaging;
mod page;
mod support;
