//! What the internet does to a port: crowds, resets, floods, noise, sleepers. A server must survive it, and the others in the
//! room must not feel it.
//!
//! - [`Fire`]: each of them
//! - `test_bed`: where it happens: a server of its own, what it uses, and how it is afterwards
//! - `others`: a few members who talk meanwhile, and lose nothing ([`crate::load`])
//! - `peer`: a connection, and many at a time
//! - `crowds`, `sleepers`, `talkers`, `operations`: the fires
//!
//! Every fire is bounded in time, in memory and in what it sends, and it uses the loopback interface only.

mod crowds;
mod operations;
mod others;
mod peer;
mod sleepers;
mod talkers;
mod test_bed;

use std::time::{Duration, Instant};

pub use test_bed::Options;

use driver::process::LaunchError;
use test_bed::TestBed;

/// Something that happens to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fire {
    /// Connections that never name themselves.
    Nameless,
    /// Members who join at once.
    Crowd,
    /// Connections that are reset.
    Resets,
    /// Connections that send a byte a second.
    Drip,
    /// Members whose machines are gone.
    Vanished,
    /// A member that never reads.
    Sleeper,
    /// Many such.
    Sleepers,
    /// A member that never stops talking.
    Flood,
    /// Lines without end.
    Endless,
    /// Random bytes.
    Noise,
    /// The server is killed, and clients reconnect.
    Killed,
    /// No file descriptor is left.
    Descriptors,
}

impl Fire {
    /// All of them, in the order in which they are lit.
    pub const ALL: [Self; 12] = [
        Self::Nameless,
        Self::Crowd,
        Self::Resets,
        Self::Drip,
        Self::Vanished,
        Self::Sleeper,
        Self::Sleepers,
        Self::Flood,
        Self::Endless,
        Self::Noise,
        Self::Killed,
        Self::Descriptors,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nameless => "nameless",
            Self::Crowd => "crowd",
            Self::Resets => "resets",
            Self::Drip => "drip",
            Self::Vanished => "vanished",
            Self::Sleeper => "sleeper",
            Self::Sleepers => "sleepers",
            Self::Flood => "flood",
            Self::Endless => "endless",
            Self::Noise => "noise",
            Self::Killed => "killed",
            Self::Descriptors => "descriptors",
        }
    }

    /// What it is, in a few words.
    pub fn what(self) -> &'static str {
        match self {
            Self::Nameless => "10,000 connections that never name themselves",
            Self::Crowd => "5,000 members join at once",
            Self::Resets => {
                "20,000 connections that are reset, without a name, in mid-line, and as members"
            }
            Self::Drip => "1,000 connections that send one byte a second",
            Self::Vanished => "200 members whose machines are gone without a word",
            Self::Sleeper => "a member that never reads while 256 MiB go by",
            Self::Sleepers => "200 members that never read while 256 MiB go by",
            Self::Flood => "a member that sends as much as it can while others talk",
            Self::Endless => "50 connections that send lines without end, 256 MiB",
            Self::Noise => "100 connections that send random bytes, 64 MiB",
            Self::Killed => "SIGKILL and restart, three times, while 200 clients reconnect",
            Self::Descriptors => "200 connections to a server that may have 64 open files",
        }
    }

    /// The fire with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fire| fire.name() == name)
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Figures, in words.
    pub figures: Vec<String>,
    /// What should not have happened; nothing for a server that has survived.
    pub faults: Vec<String>,
    /// How long it took, with the look at the server afterwards.
    pub took: Duration,
}

/// No fire takes longer.
const LONGEST: Duration = Duration::from_secs(120);

/// Starts a server, lights the fire, and looks how the server is afterwards. Call it in a local runtime.
///
/// # Errors
/// The server cannot be started.
pub async fn light(fire: Fire, terms: &Options) -> Result<Seen, LaunchError> {
    let begin = Instant::now();
    let mut bed = TestBed::prepare(fire, terms).await?;
    let burnt = tokio::time::timeout(LONGEST, burn(fire, &mut bed)).await;
    match burnt {
        Ok(Ok(())) => bed.aftermath().await,
        Ok(Err(fault)) => bed.faults.push(fault),
        Err(_) => bed
            .faults
            .push(format!("it took longer than {} s", LONGEST.as_secs())),
    }
    let (figures, faults) = bed.end().await;
    Ok(Seen {
        figures,
        faults,
        took: begin.elapsed(),
    })
}

/// What went wrong, if it could not go on.
async fn burn(fire: Fire, bed: &mut TestBed) -> Result<(), String> {
    match fire {
        Fire::Nameless => crowds::nameless(bed).await,
        Fire::Crowd => crowds::crowd(bed).await,
        Fire::Resets => crowds::resets(bed).await,
        Fire::Drip => crowds::drip(bed).await,
        Fire::Vanished => sleepers::vanished(bed).await,
        Fire::Sleeper => sleepers::sleepers(bed, 1).await,
        Fire::Sleepers => {
            let many = bed.scaled(200, 20);
            sleepers::sleepers(bed, many).await
        }
        Fire::Flood => talkers::flood(bed).await,
        Fire::Endless => talkers::endless(bed).await,
        Fire::Noise => talkers::noise(bed).await,
        Fire::Killed => operations::killed(bed).await,
        Fire::Descriptors => operations::descriptors(bed).await,
    }
}
