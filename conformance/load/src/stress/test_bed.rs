//! The test bed: the server under test, what it may use, and what was found.

use std::net::SocketAddr;
use std::time::Duration;

use super::bystanders::Bystanders;
use super::error::StressError;
use crate::door;
use crate::units::milliseconds;
use driver::process::launch::Launch;
use driver::process::{CommandLine, Launched, Setting, Usage};

/// What all stress tests have in common.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server's command.
    pub command: CommandLine,
    /// The port of a server that always uses the same one.
    pub port: Option<u16>,
    /// Whether tests run at a smaller scale.
    pub quick: bool,
    /// What the server may hold for a member that does not read, in bytes (FLOW-3).
    pub held_bytes: u64,
}

#[derive(Debug)]
pub(super) struct TestBed {
    pub(super) options: Options,
    pub(super) address: SocketAddr,
    /// `None` only while the server restarts.
    pub(super) server: Option<Launched>,
    pub(super) usage_before: Option<Usage>,
    /// How much the server's memory may grow during the test, in bytes.
    pub(super) allowed_peak: u64,
    /// How much of it the server may keep afterwards, in bytes: allocators do not give back everything.
    pub(super) allowed_rest: u64,
    launch: Launch,
    figures: Vec<String>,
    faults: Vec<String>,
}

/// How long the server may take to welcome the first member.
const PATIENCE: Duration = Duration::from_secs(10);
/// The capacity that the server is started with, enough for every test.
const CAPACITY: u64 = 6000;
/// Memory that any server may need on top of what it has at its start: code not yet run, buffers, allocator reserves.
const BASE_ALLOWANCE: u64 = 32 << 20;
/// Memory that a connection may cost, in bytes.
const CONNECTION_ALLOWANCE: u64 = 32 << 10;
/// Memory that an allocator may keep of a former member, in bytes.
const FORMER_MEMBER_ALLOWANCE: u64 = 8 << 10;
/// The bystanders' limit for silence, in milliseconds. Long enough that only a server that stands still exceeds it.
const MAX_SILENCE_MS: f64 = 2000.0;

impl TestBed {
    /// Starts the server. `wrapper` is a command that ends by running the one that follows it.
    pub(super) async fn start(
        options: &Options,
        wrapper: &[&str],
        on_silence: impl FnOnce(),
    ) -> Result<Self, StressError> {
        let launch = Launch {
            command: options.command.clone(),
            port: options.port,
            settings: vec![(Setting::Capacity, CAPACITY)],
            before: wrapper.iter().map(|word| (*word).to_owned()).collect(),
            limit: Duration::from_secs(30),
        };
        let server = launch.start().await?;
        door::try_door(server.address, PATIENCE, on_silence).await?;
        Ok(Self {
            options: options.clone(),
            address: server.address,
            usage_before: Usage::of_group(server.process.group()),
            server: Some(server),
            allowed_peak: BASE_ALLOWANCE,
            allowed_rest: BASE_ALLOWANCE,
            launch,
            figures: Vec::new(),
            faults: Vec::new(),
        })
    }

    pub(super) fn scaled(&self, full: usize, quick: usize) -> usize {
        if self.options.quick { quick } else { full }
    }

    pub(super) fn usage(&self) -> Option<Usage> {
        Usage::of_group(self.server.as_ref()?.process.group())
    }

    /// Allows the server memory for this many connections.
    pub(super) fn allow_connections(&mut self, count: usize) {
        self.allowed_peak += count as u64 * CONNECTION_ALLOWANCE;
    }

    /// Allows the server memory for this many members at once. Each may be held a list of all of them.
    pub(super) fn allow_members(&mut self, count: usize) {
        let count = count as u64;
        self.allowed_peak += count * (CONNECTION_ALLOWANCE + count * 24);
        self.allowed_rest += count * FORMER_MEMBER_ALLOWANCE;
    }

    pub(super) fn figure(&mut self, figure: impl Into<String>) {
        self.figures.push(figure.into());
    }

    pub(super) fn fault(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }

    /// Adds the faults that `subject` noticed.
    pub(super) fn faults_of(&mut self, subject: &str, faults: impl IntoIterator<Item = String>) {
        let faults = faults.into_iter();
        let faults = faults.map(|fault| format!("{subject}: {fault}"));
        self.faults.extend(faults);
    }

    /// Kills the server and starts it again on the same port.
    pub(super) async fn kill_and_restart(&mut self) -> Result<(), String> {
        let Some(server) = self.server.take() else {
            return Err("there is no server to kill".to_owned());
        };
        server.process.kill().await;
        let restarted = self.launch.start_again(server).await;
        self.server = Some(restarted.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Stops the bystanders and records what they noticed.
    pub(super) async fn stop_bystanders(&mut self, bystanders: Bystanders) -> Result<(), String> {
        let report = bystanders.stop().await?;
        if let Some(latency) = &report.latency {
            self.figure(format!(
                "bystanders p99 {}, silence {} at most",
                milliseconds(latency.p99_ms),
                milliseconds(report.longest_silence_ms)
            ));
        }
        if report.longest_silence_ms > MAX_SILENCE_MS {
            self.fault("bystanders heard nothing for more than 2 s (FLOW-1)");
        }
        self.faults_of("bystanders", report.faults.descriptions());
        self.faults_of("first bad line", report.first_strange_line);
        Ok(())
    }

    /// Ends the server. Returns the figures and the faults.
    pub(super) async fn finish(mut self) -> (Vec<String>, Vec<String>) {
        if let Some(server) = self.server.take() {
            if !self.faults.is_empty() {
                let lines = server.process.last_lines().await;
                self.faults_of("server output", lines);
            }
            server.process.kill().await;
        }
        (self.figures, self.faults)
    }
}
