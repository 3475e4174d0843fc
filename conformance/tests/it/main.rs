//! Everything about the suite that is not a scenario, a fault or a habit, in one test binary.

mod bad_servers;
mod cli;
mod compare;
mod cycles;
mod disturbed;
mod explore;
mod fair;
mod faulty;
mod golden;
mod independence;
mod language;
mod late_links;
#[cfg(feature = "load")]
mod load;
mod output;
mod schema;
mod specification;
mod starting;
#[cfg(feature = "load")]
mod stress;
mod told_once;
