//! What silent connections cost in memory: `cargo bench -p salotto-server --bench idle [-- NUMBER]`.
//!
//! Starts the server, and asks the system how much memory it has before and after so many
//! connections (8,000 unless told otherwise), first without a name and then as members who have
//! read all that they were told. Linux only, since it reads `/proc`.

use anyhow::{Context, bail, ensure};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

/// What a silent connection may cost, in bytes.
const LIMIT: usize = 1536;

/// One that stays open is needed on each side, and some for the program.
const SPARE: u64 = 100;

fn main() -> anyhow::Result<()> {
    // Cargo says --bench to whatever it runs here.
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
        // The server takes in one after the other, so that no queue overflows.
        if clients.len() % 1000 == 0 {
            settle(clients.last_mut().context("a client")?)?;
        }
    }
    settle(clients.last_mut().context("a client")?)?;
    let naming = server.memory()?;
    for n in 0..number {
        clients[n].write_all(format!("member{n}\n").as_bytes())?;
        // Few at a time: of a hundred long welcomes at once, the allocator keeps a part.
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
    println!("{number} connections; the server takes {before} bytes without them");
    let mut beyond = false;
    for (what, memory) in [("without a name", naming), ("as members", members)] {
        let each = memory.saturating_sub(before) / number;
        println!("{what:>15}: {each} bytes each, {memory} in all");
        beyond |= each > LIMIT;
    }
    ensure!(!beyond, "a silent connection costs more than {LIMIT} bytes");
    Ok(())
}

/// Waits until the server has answered, which it does in the order of what came.
fn settle(client: &mut TcpStream) -> anyhow::Result<()> {
    client.write_all(b"<settle>\n")?;
    client.set_nonblocking(false)?;
    let mut lines = BufReader::new(client).lines();
    loop {
        let line = lines.next().context("the server ended the connection")??;
        if line.starts_with("! unknown-command ") {
            return Ok(());
        }
    }
}

/// Reads what there is, and forgets it.
fn discard(clients: &mut [TcpStream]) -> anyhow::Result<()> {
    let mut scratch = vec![0; 64 * 1024];
    for client in clients {
        client.set_nonblocking(true)?;
        loop {
            match client.read(&mut scratch) {
                Ok(0) => bail!("the server ended a connection"),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        client.set_nonblocking(false)?;
    }
    Ok(())
}

/// The server, ended when it goes out of scope.
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

    /// How much memory it has, in bytes.
    fn memory(&self) -> anyhow::Result<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.context("no VmRSS")?.trim().trim_end_matches(" kB");
        Ok(kilobytes.parse::<usize>()? * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
