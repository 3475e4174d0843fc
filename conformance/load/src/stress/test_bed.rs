//! Where a fire burns: a server of its own, what it uses, and how it is afterwards.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::Fire;
use super::operations::WITH_FEW_DESCRIPTORS;
use super::others::Others;
use crate::load::table::{mebibytes, milliseconds};
use crate::load::{Outcome, Pace, Plan, Wish, run};
use driver::process::Setting;
use driver::process::launch::Launch;
use driver::process::{CommandLine, LaunchError, Launched, Usage};

/// What all fires have in common.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server's command.
    pub command: CommandLine,
    /// The port of a server whose port cannot be chosen.
    pub port: Option<u16>,
    /// Smaller fires, for every change of a program.
    pub quick: bool,
    /// What the server may hold for a member that does not read, in bytes (FLOW-3).
    pub held: u64,
}

/// The place.
#[derive(Debug)]
pub(super) struct TestBed {
    pub(super) terms: Options,
    pub(super) figures: Vec<String>,
    pub(super) faults: Vec<String>,
    launch: Launch,
    /// None only while it is started again.
    server: Option<Launched>,
    before: Option<Usage>,
    /// How much more memory than before the fire may need, in bytes.
    allowed: u64,
    /// How much of it may be left when the fire is out: an allocator keeps some of what it had.
    kept: u64,
}

/// Enough members for every fire.
const CAPACITY: u64 = 6000;
/// What any server may need more than at its start: code that it had not run, buffers, an allocator's reserve.
const SLACK: u64 = 32 << 20;
/// What a connection may cost in memory, in bytes.
pub(super) const CONNECTION: u64 = 32 << 10;
/// What an allocator may keep of a member that is gone, in bytes.
const KEPT: u64 = 8 << 10;
/// Others must hear each other in every interval of this length. It is long, so that only a server that stands still fails.
const LONGEST_SILENCE_MS: f64 = 2000.0;
/// A server that has nothing to do uses a smaller part of a processor.
const IDLE: f64 = 0.2;
/// How long a server may take to be idle, and to give memory back.
const TO_SETTLE: Duration = Duration::from_secs(15);
/// STOP-1 allows 5 seconds; one more for a busy machine.
const TO_SHUT_DOWN: Duration = Duration::from_secs(6);

impl TestBed {
    pub(super) async fn prepare(fire: Fire, terms: &Options) -> Result<Self, LaunchError> {
        let before = match fire {
            Fire::Descriptors => WITH_FEW_DESCRIPTORS.map(str::to_owned).to_vec(),
            _ => Vec::new(),
        };
        let launch = Launch {
            command: terms.command.clone(),
            port: terms.port,
            settings: vec![(Setting::Capacity, CAPACITY)],
            before,
            limit: Duration::from_secs(30),
        };
        let server = launch.start().await?;
        let before = Usage::of_group(server.process.group());
        Ok(Self {
            terms: terms.clone(),
            figures: Vec::new(),
            faults: Vec::new(),
            launch,
            server: Some(server),
            before,
            allowed: SLACK,
            kept: SLACK,
        })
    }

    /// How large a fire is.
    pub(super) fn scaled(&self, full: usize, quick: usize) -> usize {
        if self.terms.quick { quick } else { full }
    }

    pub(super) fn address(&self) -> SocketAddr {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        self.server
            .as_ref()
            .map_or(nowhere, |server| server.address)
    }

    /// The fire needs so much memory in the server, in bytes.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.allowed += bytes;
    }

    /// There are so many members at once.
    pub(super) fn expect_members(&mut self, members: u64) {
        // A newcomer's list of members is held for it, if it does not take it at once.
        self.allowed += members * (CONNECTION + members * 24);
        self.kept += members * KEPT;
    }

    pub(super) fn figure(&mut self, told: impl Into<String>) {
        self.figures.push(told.into());
    }

    pub(super) fn usage(&self) -> Option<Usage> {
        Usage::of_group(self.server.as_ref()?.process.group())
    }

    /// Kills the server and starts it again, on the same port.
    pub(super) async fn kill_and_restart(&mut self) -> Result<(), String> {
        let Some(server) = self.server.take() else {
            return Err("there is no server to kill".to_owned());
        };
        server.process.kill().await;
        let again = self.launch.start_again(server).await;
        self.server = Some(again.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Lets a few members talk, until [`TestBed::rest`].
    pub(super) async fn others(&mut self, pace: Pace, size: usize) -> Result<Others, String> {
        Others::start(self.address(), pace, size).await
    }

    /// The others stop talking; what they have felt is told.
    pub(super) async fn rest(&mut self, others: Others) -> Result<Outcome, String> {
        let outcome = others.stop().await?;
        if let Some(latency) = &outcome.latency {
            self.figure(format!(
                "others p99 {}, silent for {} at most",
                milliseconds(latency.p99_ms),
                milliseconds(outcome.longest_silence_ms)
            ));
        }
        if outcome.longest_silence_ms > LONGEST_SILENCE_MS {
            self.faults
                .push("the others could not talk for 2 s (FLOW-1)".to_owned());
        }
        for fault in outcome.faults.told() {
            self.faults.push(format!("the others: {fault}"));
        }
        if let Some(strange) = &outcome.first_strange_line {
            self.faults.push(format!("the first such line: {strange}"));
        }
        Ok(outcome)
    }

    /// The server must be as before: it lets newcomers in, has given memory back, idles, and shuts down.
    pub(super) async fn aftermath(&mut self) {
        if let Some(status) = self
            .server
            .as_ref()
            .and_then(|server| server.process.status())
        {
            self.faults.push(format!("the server has ended: {status}"));
            return;
        }
        let plan = Plan {
            tag: "newcomer".to_owned(),
            members: 3,
            senders: 2,
            pace: Pace::Rate(100.0),
            size: 64,
            duration: Duration::from_millis(300),
            patience: Duration::from_secs(10),
            at_a_time: 1,
            insistent: false,
        };
        match run(&plan, self.address(), None, |_| Wish::GoOn).await {
            Ok(outcome) => {
                let faults = outcome.faults.told().into_iter();
                self.faults
                    .extend(faults.map(|fault| format!("newcomers afterwards: {fault}")));
            }
            Err(error) => self.faults.push(format!("newcomers afterwards: {error}")),
        }
        self.look_at_memory().await;
        self.look_at_idleness().await;
        let Some(server) = &self.server else { return };
        match server.shut_down(TO_SHUT_DOWN).await {
            Ok(took) => {
                let told = milliseconds(took.as_secs_f64() * 1e3);
                self.figure(format!("shut down in {told}"));
            }
            Err(fault) => self.faults.push(fault),
        }
    }

    async fn look_at_memory(&mut self) {
        let (Some(before), Some(mut now)) = (self.before, self.usage()) else {
            self.figure("memory not measured");
            return;
        };
        let begin = Instant::now();
        while now.rss > before.rss + self.kept && begin.elapsed() < TO_SETTLE {
            tokio::time::sleep(Duration::from_millis(100)).await;
            now = self.usage().unwrap_or(now);
        }
        let growth = |rss: u64| rss.saturating_sub(before.rss);
        let (peak, left) = (growth(now.rss_peak), growth(now.rss));
        self.figure(format!(
            "memory +{} at most, +{} afterwards",
            mebibytes(peak),
            mebibytes(left)
        ));
        if peak > self.allowed {
            let allowed = mebibytes(self.allowed);
            self.faults.push(format!(
                "memory grew by {}, more than {allowed}",
                mebibytes(peak)
            ));
        }
        if left > self.kept {
            self.faults
                .push(format!("{} of memory are not given back", mebibytes(left)));
        }
    }

    /// The share of a processor that the server uses, as soon as it is small.
    pub(super) async fn look_at_idleness(&mut self) {
        const LOOK: Duration = Duration::from_millis(500);
        let begin = Instant::now();
        let mut share = f64::INFINITY;
        while share > IDLE && begin.elapsed() < TO_SETTLE {
            let (from, before) = (Instant::now(), self.usage());
            tokio::time::sleep(LOOK).await;
            let (Some(before), Some(after)) = (before, self.usage()) else {
                return;
            };
            let spent = after.cpu.saturating_sub(before.cpu);
            share = spent.as_secs_f64() / from.elapsed().as_secs_f64();
        }
        let told = format!("idle at {:.0} % CPU", share * 100.0);
        if share > IDLE {
            self.faults
                .push(format!("the server does not rest: {told}"));
        }
        self.figure(told);
    }

    /// Ends the server, and gives what was seen.
    pub(super) async fn end(mut self) -> (Vec<String>, Vec<String>) {
        if let Some(server) = self.server.take() {
            if !self.faults.is_empty() {
                let lines = server.process.last_lines().await;
                let said = lines.iter().map(|line| format!("the server said: {line}"));
                self.faults.extend(said);
            }
            server.process.kill().await;
        }
        (self.figures, self.faults)
    }
}
