//! The two sides of a test: clients and servers.

pub(crate) mod console_client;
pub(crate) mod server;
pub(crate) mod test_window;
