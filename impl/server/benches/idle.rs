//! Measures the memory of silent connections: `cargo bench -p salotto-server --bench idle [-- NUMBER]`.
//!
//! Compares the memory of the server without connections, with NUMBER connections that have no nickname, and with the same
//! connections as members that have read everything. NUMBER is 8,000 by default. Works on Linux only, since it reads `/proc`.
#![forbid(unsafe_code)]

use anyhow::{Context, bail, ensure};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

/// The largest memory of a silent connection, in bytes.
const LIMIT: usize = 1536;

/// File descriptors that are needed besides one for each connection.
const SPARE: u64 = 100;

fn main() -> anyhow::Result<()> {
    // Cargo passes --bench to every benchmark.
    let number = std::env::args().skip(1).find(|arg| arg != "--bench");
    let number = number.map_or(Ok(8000), |number| number.parse::<usize>())?;
    let descriptors = rlimit::increase_nofile_limit(number as u64 + SPARE)?;
    ensure!(
        descriptors >= number as u64 + SPARE,
        "{number} connections need more than the {descriptors} file descriptors of the hard limit"
    );
    let server = Server::start(number)?;
    let before = server.memory()?;
    let mut clients = Vec::new();
    for _ in 0..number {
        clients.push(TcpStream::connect(server.address)?);
        // Waits until the server has accepted these, so that its listen queue does not overflow.
        if clients.len() % 1000 == 0 {
            settle(clients.last_mut().context("a client")?)?;
        }
    }
    settle(clients.last_mut().context("a client")?)?;
    let naming = server.memory()?;
    for n in 0..number {
        clients[n].write_all(format!("member{n}\n").as_bytes())?;
        // Few at a time, since the allocator would keep a part of many long welcomes.
        if n % 10 == 9 {
            settle(&mut clients[n])?;
        }
        if n % 100 == 99 {
            discard(&mut clients[..=n])?;
        }
    }
    for client in &mut clients {
        settle(client)?;
    }
    let members = server.memory()?;
    println!("{number} connections; without them the server takes {before} bytes");
    let mut over_limit = false;
    for (what, memory) in [("no nickname", naming), ("members", members)] {
        let each = memory.saturating_sub(before) / number;
        println!("{what:>11}: {each} bytes each, {memory} in total");
        over_limit |= each > LIMIT;
    }
    ensure!(
        !over_limit,
        "a silent connection costs more than {LIMIT} bytes"
    );
    Ok(())
}

/// Waits until the server has processed everything sent before, which a refused command shows.
fn settle(client: &mut TcpStream) -> anyhow::Result<()> {
    client.write_all(b"<settle>\n")?;
    client.set_nonblocking(false)?;
    let mut lines = BufReader::new(client).lines();
    loop {
        let line = lines.next().context("the server closed the connection")??;
        if line.starts_with("! unknown-command ") {
            return Ok(());
        }
    }
}

/// Reads and discards what has arrived.
fn discard(clients: &mut [TcpStream]) -> anyhow::Result<()> {
    let mut scratch = vec![0; 64 * 1024];
    for client in clients {
        client.set_nonblocking(true)?;
        loop {
            match client.read(&mut scratch) {
                Ok(0) => bail!("the server closed a connection"),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        client.set_nonblocking(false)?;
    }
    Ok(())
}

/// A server process, which is killed when this is dropped.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(number: usize) -> anyhow::Result<Self> {
        let number = number.max(16).to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_salotto-server"))
            .args(["--port", "0", "--naming-timeout", "86400"])
            .args(["--capacity", &number, "--max-naming", &number])
            .stderr(Stdio::piped())
            .spawn()?;
        let log = child.stderr.take().context("a log")?;
        let mut server = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let mut lines = BufReader::new(log).lines();
        let line = lines.next().context("the server does not start")??;
        let address = line.rsplit_once(' ').context("no address in the log")?.1;
        server.address = address.parse().context(line.clone())?;
        Ok(server)
    }

    /// The resident memory of the process, in bytes.
    fn memory(&self) -> anyhow::Result<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.context("no VmRSS")?.trim().trim_end_matches(" kB");
        Ok(kilobytes.parse::<usize>()? * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
