//! The client of Salotto.

pub mod session;
