//! salotto-server
