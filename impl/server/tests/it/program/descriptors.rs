//! The limit of file descriptors.

use super::support::{Client, PROGRAM, Server};
use std::process::Command;

/// Starts a server with these soft and hard limits.
fn limited(soft: u32, hard: u32, args: &[&str]) -> Server {
    Server::spawn(
        Command::new("sh")
            .args([
                "-c",
                "ulimit -Sn \"$0\" && ulimit -Hn \"$1\" && shift && exec \"$@\"",
            ])
            .args([soft.to_string(), hard.to_string()])
            .arg(PROGRAM)
            .args(["--port", "0"])
            .args(args),
    )
}

#[test]
fn a_low_soft_limit_is_raised() {
    let mut server = limited(40, 700, &["--capacity", "100", "--max-naming", "64"]);
    let address = server.address();
    let mut crowd: Vec<_> = (0..64).map(|_| Client::connect(address)).collect();
    for (n, client) in crowd.iter_mut().enumerate() {
        client.says(&format!("n{n}"));
        client.is_welcome(&format!("n{n}"));
    }
    drop(crowd);
    let log = server.stop();
    assert!(!log.iter().any(|line| line.contains("WARN")), "{log:#?}");
}

#[test]
fn without_descriptors_the_server_waits_logs_it_once_and_recovers() {
    const LIMIT: usize = 40;
    let mut server = limited(LIMIT as u32, LIMIT as u32, &[]);
    server.logs("the system allows 40 file descriptors, but a full room may need 5632");
    let address = server.address();
    let mut anna = Client::join(address, "anna");
    let mut bruno = Client::join(address, "bruno");
    anna.hears(&["* joined bruno"]);
    let crowd: Vec<_> = (0..LIMIT).map(|_| Client::connect(address)).collect();
    let mut late = Client::connect(address);
    late.says("late");
    server.logs("cannot accept connections");
    // Members can go on talking.
    for _ in 0..200 {
        anna.says("ciao");
        bruno.hears(&["anna: ciao"]);
    }
    drop(crowd);
    late.is_welcome("late");
    anna.hears(&["* joined late"]);
    let log = server.stop();
    let lines = log.iter().filter(|line| line.contains("cannot accept"));
    assert_eq!(lines.count(), 1, "{log:#?}");
    let lines = log.iter().filter(|line| line.contains("the system allows"));
    assert_eq!(lines.count(), 1, "{log:#?}");
}

#[test]
fn the_server_does_not_spin_while_it_waits_for_descriptors() {
    const ROUNDS: u64 = 400;
    let mut server = limited(40, 40, &["--metrics", "127.0.0.1:0"]);
    let (address, metrics) = (server.address(), server.metrics());
    let mut anna = Client::join(address, "anna");
    let crowd: Vec<_> = (0..40).map(|_| Client::connect(address)).collect();
    server.logs("cannot accept connections");
    let exhausted = std::time::Instant::now();
    // Each round makes the event loop run, so a listener that spins would try to accept in each.
    for _ in 0..ROUNDS {
        anna.is_refused("<who>", "unknown-command");
    }
    let seconds = exhausted.elapsed().as_secs();
    let ends = crowd.len() as u64;
    drop(crowd);
    let page = super::page::scrape(metrics);
    let failures = page.value("salotto_accept_failures_total");
    let possible = 4 * (seconds + 1) + ends;
    assert!(
        (1..=possible).contains(&failures),
        "{failures} of {possible}"
    );
    assert!(
        possible < ROUNDS,
        "{possible}: this machine is too slow for this test"
    );
}
