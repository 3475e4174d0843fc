//! The stress tests. The command line takes their names and descriptions from here.

use clap::ValueEnum;

/// The stress tests, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StressTest {
    /// 10,000 connections that never choose a nickname
    Unnamed,
    /// 5,000 members that join at once
    Crowd,
    /// 20,000 connections that are reset: before naming, in mid-line, and as members
    Resets,
    /// 1,000 connections that send one byte a second
    Drip,
    /// 200 members whose machines disappear without closing their connections
    Vanished,
    /// A member that never reads while 256 MiB are sent to it
    SlowReader,
    /// 200 members that never read while 256 MiB are sent to each
    SlowReaders,
    /// A member that sends as fast as it can while others chat
    Flood,
    /// 50 connections that send lines without end, 256 MiB in all
    Endless,
    /// 100 connections that send random bytes, 64 MiB in all
    Noise,
    /// The server is killed and restarted three times while 200 clients reconnect
    Killed,
    /// 200 connections to a server that may have only 64 open files
    Descriptors,
}
