//! The command line.

use clap::Parser;

use super::fault::Fault;
use crate::planted;

/// A Salotto client for a console that can be broken on purpose, to test the conformance suite. It is correct unless --fault
/// is given.
#[derive(Debug, Parser)]
pub(super) struct Args {
    /// Host of the server.
    #[arg(long, default_value = "127.0.0.1")]
    pub(super) host: String,

    /// TCP port of the server.
    #[arg(long, required_unless_present = "list", default_value_t = 0)]
    pub(super) port: u16,

    /// The nickname.
    #[arg(long, required_unless_present = "list", default_value = "")]
    pub(super) nick: String,

    /// The fault to have.
    #[arg(long, value_name = "NAME", value_parser = planted::parse::<Fault>)]
    pub(super) fault: Option<Fault>,

    /// List every fault, with the requirement that it breaks.
    #[arg(long)]
    pub(super) list: bool,
}
