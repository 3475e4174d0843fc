//! salotto-protocol
