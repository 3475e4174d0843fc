//! Stress tests: what a port on the internet has to endure, such as crowds, resets, floods, noise and slow readers. The server
//! must survive it, and other members must not notice.
//!
//! ```text
//! StressTest, Options ──► run ──► TestBed: starts a server of its own
//!                          ├────► the test: connections, slow_readers, vanished, senders, process
//!                          │        └─ meanwhile, Bystanders chat in the same room
//!                          ├────► recovery: newcomers, memory, idleness, shutdown
//!                          └────► Report: figures and faults
//! ```
//!
//! - [`StressTest`]: every test
//! - `test_bed`: the server under test, what it may use, and what was found; `recovery`: what is checked afterwards
//! - `bystanders`: members that must not notice the test; `peer`: single connections, and many at a time
//! - `connections`: many connections at once, resets, and slow typing
//! - `slow_readers`: members that never read; `gap_check`: what they had received when they were dropped
//! - `vanished`: members whose machines are gone
//! - `senders`: floods, endless lines, noise
//! - `process`: the server is killed, or runs out of file descriptors
//!
//! Every test is bounded in time, in memory and in what it sends, and uses only the loopback interface.

mod bystanders;
mod connections;
mod error;
mod gap_check;
mod peer;
mod process;
mod recovery;
mod run;
mod senders;
mod slow_readers;
mod stress_test;
mod test_bed;
mod vanished;

pub use error::StressError;
pub use run::{Report, run};
pub use stress_test::StressTest;
pub use test_bed::Options;
