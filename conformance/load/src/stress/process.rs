//! What happens to the server's process: it is killed, or runs out of file descriptors.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::task::JoinSet;

use super::bystanders::Bystanders;
use super::peer::{connect, join, many};
use super::recovery::check_idle;
use super::test_bed::TestBed;
use crate::units::duration;

/// Runs the command that follows with a limit of 64 open files.
pub(super) const WITH_FEW_DESCRIPTORS: [&str; 4] =
    ["sh", "-c", "ulimit -n 64 && exec \"$@\"", "sh"];

/// The server is killed and restarted while clients reconnect.
pub(super) async fn killed(bed: &mut TestBed) -> Result<(), String> {
    const TIMES: u32 = 3;
    let count = bed.scaled(200, 50);
    let address = bed.address;
    let connected = Rc::new(Cell::new(0));
    let mut clients = JoinSet::new();
    for number in 0..count {
        clients.spawn_local(keep_connected(address, number, Rc::clone(&connected)));
    }
    wait_for_all(&connected, count).await?;
    let begin = Instant::now();
    for _ in 0..TIMES {
        bed.kill_and_restart().await?;
        wait_for_all(&connected, count).await?;
    }
    let average = duration(begin.elapsed() / TIMES);
    bed.figure(format!(
        "SIGKILL {TIMES} times, {count} clients back after {average} on average"
    ));
    Ok(())
}

/// A client that reconnects whenever its connection ends. `connected` counts the clients that are members.
async fn keep_connected(address: SocketAddr, number: usize, connected: Rc<Cell<usize>>) {
    let mut scratch = vec![0; 4096];
    loop {
        if let Ok(mut stream) = join(address, &format!("k{number}")).await {
            connected.set(connected.get() + 1);
            while let Ok(1..) = stream.read(&mut scratch).await {}
            connected.set(connected.get() - 1);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn wait_for_all(connected: &Cell<usize>, count: usize) -> Result<(), String> {
    const LIMIT: Duration = Duration::from_secs(30);
    let begin = Instant::now();
    while connected.get() < count {
        if begin.elapsed() > LIMIT {
            return Err(format!(
                "only {} of {count} clients were connected after {} s",
                connected.get(),
                LIMIT.as_secs()
            ));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// More connections than the server may have open files. While it cannot accept any, it must neither spin nor neglect others.
pub(super) async fn descriptors(bed: &mut TestBed) -> Result<(), String> {
    const CONNECTIONS: usize = 200;
    bed.allow_connections(CONNECTIONS);
    let address = bed.address;
    let bystanders = Bystanders::start(address).await?;
    let _connections = many(CONNECTIONS, CONNECTIONS, |_| connect(address)).await;
    check_idle(bed).await;
    if let Some(usage) = bed.usage() {
        let files = usage.descriptors;
        bed.figure(format!(
            "{CONNECTIONS} connections, {files} files open in the server"
        ));
    }
    bed.stop_bystanders(bystanders).await
}
