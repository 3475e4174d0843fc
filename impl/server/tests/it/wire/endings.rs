//! How connections and the server end.

use super::support::Server;
use salotto_server::Config;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_half_closed_member_is_heard_and_gets_a_goodbye() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut bruno = server.connect().await;
    bruno.send_bytes(b"bruno\nciao\nnon finit").await;
    bruno.end_sending().await;
    bruno.hears(&["* welcome bruno 1", "* here anna"]).await;
    bruno.gets_goodbye().await;
    anna.hears(&["* joined bruno", "bruno: ciao", "* left bruno"])
        .await;
}

#[tokio::test]
async fn a_reset_is_announced_once_and_frees_the_nickname() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    for _ in 0..20 {
        let bruno = server.join("bruno").await;
        anna.hears(&["* joined bruno"]).await;
        bruno.reset();
        anna.hears(&["* left bruno"]).await;
    }
}

#[tokio::test]
async fn the_last_message_before_a_close_is_delivered() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    for i in 0..50 {
        let mut bruno = server.join("bruno").await;
        // The server sends this message into the connection while that ends.
        anna.send("ciao").await;
        bruno.send(&format!("ultima {i}")).await;
        drop(bruno);
        anna.hears(&[
            "* joined bruno",
            &format!("bruno: ultima {i}"),
            "* left bruno",
        ])
        .await;
    }
}

#[tokio::test]
async fn a_connection_that_stays_silent_is_closed() {
    let server = Server::start(Config {
        naming_timeout: Duration::from_millis(100),
        ..Config::default()
    });
    let mut silent = server.connect().await;
    let mut anna = server.join("anna").await;
    silent.gets_goodbye().await;
    anna.send("<who>").await;
    anna.hears_prefix("! unknown-command").await;
}

#[tokio::test]
async fn one_naming_connection_too_many_gets_a_goodbye() {
    let server = Server::start(Config {
        max_naming: 16,
        ..Config::default()
    });
    let mut waiting = Vec::new();
    for _ in 0..16 {
        waiting.push(server.connect().await);
    }
    server.connect().await.gets_goodbye().await;
    waiting[7].send("anna").await;
    waiting[7].hears(&["* welcome anna 0"]).await;
    server.join("bruno").await;
}

#[tokio::test]
async fn a_full_room_refuses_and_says_goodbye() {
    let server = Server::start(Config {
        capacity: 5,
        ..Config::default()
    });
    let mut members = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        members.push(server.join(name).await);
    }
    let mut late = server.connect().await;
    late.send("late").await;
    late.hears_prefix("! room-full ").await;
    late.gets_goodbye().await;
    members.pop().unwrap().reset();
    members[0]
        .hears(&[
            "* joined b",
            "* joined c",
            "* joined d",
            "* joined e",
            "* left e",
        ])
        .await;
    server.join("late").await;
}

#[tokio::test]
async fn a_restart_finds_the_port_free() {
    let mut server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    server.interrupt();
    anna.gets_goodbye().await;
    let port = server.address.port();
    drop(server);
    let server = Server::start_on(port, Config::default());
    server.join("anna").await;
}

#[tokio::test]
async fn a_connection_made_just_before_the_shutdown_gets_a_goodbye() {
    for _ in 0..20 {
        let mut server = Server::start(Config::default());
        let mut new = server.connect().await;
        server.interrupt();
        new.gets_goodbye().await;
    }
}

#[tokio::test]
async fn a_shutdown_ends_in_time_despite_a_slow_reader() {
    const BACKLOG: usize = 8 * 1024 * 1024;
    let mut server = Server::start(Config {
        backlog: BACKLOG,
        ..Config::default()
    });
    let mut anna = server.join("anna").await;
    let slow_reader = server.join("slow").await;
    anna.hears(&["* joined slow"]).await;
    let mut naming = server.connect().await;
    // This is more than the sockets buffer, so a part of it waits in the server once the error has come.
    let line = "x".repeat(4000);
    for _ in 0..BACKLOG / 4096 {
        anna.send(&line).await;
    }
    anna.send("<who>").await;
    anna.hears_prefix("! unknown-command").await;
    let start = Instant::now();
    server.interrupt();
    anna.gets_goodbye().await;
    naming.gets_goodbye().await;
    drop(anna);
    drop(naming);
    drop(server);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    drop(slow_reader);
}
