//! What happens to a server's process: it is killed, and it has no file descriptor left.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;
use tokio::task::JoinSet;

use super::crowds::{SIZE, TALK};
use super::peer::{connect, join, many};
use super::test_bed::{CONNECTION, TestBed};
use crate::load::table::milliseconds;

/// A shell that lowers the limit of open files and becomes the server.
pub(super) const WITH_FEW_DESCRIPTORS: [&str; 4] =
    ["sh", "-c", "ulimit -n 64 && exec \"$@\"", "sh"];

/// The server is killed and started again, while clients reconnect.
pub(super) async fn killed(bed: &mut TestBed) -> Result<(), String> {
    const TIMES: usize = 3;
    let count = bed.scaled(200, 50);
    let address = bed.address();
    let present = Rc::new(Cell::new(0));
    let mut clients = JoinSet::new();
    for number in 0..count {
        clients.spawn_local(reconnect(address, number, Rc::clone(&present)));
    }
    all_present(&present, count).await?;
    let begin = Instant::now();
    for _ in 0..TIMES {
        bed.kill_and_restart().await?;
        all_present(&present, count).await?;
    }
    let each = milliseconds(begin.elapsed().as_secs_f64() * 1e3 / TIMES as f64);
    bed.figure(format!(
        "{TIMES} times SIGKILL, {count} clients back after {each} each time"
    ));
    Ok(())
}

/// A client that comes back whenever its connection ends. `present` counts those that are welcome.
async fn reconnect(address: SocketAddr, number: usize, present: Rc<Cell<usize>>) {
    let mut scratch = vec![0; 4096];
    loop {
        if let Ok((mut stream, _)) = join(address, &format!("k{number}"), None).await {
            present.set(present.get() + 1);
            while let Ok(1..) = stream.read(&mut scratch).await {}
            present.set(present.get() - 1);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn all_present(present: &Cell<usize>, count: usize) -> Result<(), String> {
    const LONG: Duration = Duration::from_secs(30);
    let begin = Instant::now();
    while present.get() < count {
        if begin.elapsed() > LONG {
            return Err(format!(
                "only {} of {count} clients are back after {} s",
                present.get(),
                LONG.as_secs()
            ));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// More connections than the server may have open files.
pub(super) async fn descriptors(bed: &mut TestBed) -> Result<(), String> {
    const CONNECTIONS: usize = 200;
    bed.allow(CONNECTIONS as u64 * CONNECTION);
    let others = bed.others(TALK, SIZE).await?;
    let address = bed.address();
    let made = many(CONNECTIONS, CONNECTIONS, |_| connect(address)).await;
    let connections: Vec<_> = made.into_iter().flatten().collect();
    // While it can accept nobody, it must neither spin nor forget the others.
    bed.look_at_idleness().await;
    if let Some(usage) = bed.usage() {
        bed.figure(format!(
            "{CONNECTIONS} connections, {} open files",
            usage.descriptors
        ));
    }
    bed.rest(others).await?;
    drop(connections);
    Ok(())
}
