//! How connections and the server end.

use crate::support::Server;
use salotto_server::Config;
use std::time::{Duration, Instant};

#[tokio::test]
async fn whoever_ends_the_stream_is_heard_and_answered() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut bruno = server.connect().await;
    bruno.send_bytes(b"bruno\nciao\nnon finit").await;
    bruno.end_sending().await;
    bruno.hears(&["* welcome bruno 1", "* here anna"]).await;
    bruno.is_said_goodbye().await;
    anna.hears(&["* joined bruno", "bruno: ciao", "* left bruno"])
        .await;
}

#[tokio::test]
async fn a_reset_is_noticed_once_and_the_name_is_free() {
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
async fn the_last_words_before_a_close_are_heard() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    for i in 0..50 {
        let mut bruno = server.join("bruno").await;
        // What anna says makes the server send into the connection while it ends.
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
async fn a_silent_newcomer_is_sent_away() {
    let server = Server::start(Config {
        naming_timeout: Duration::from_millis(100),
        ..Config::default()
    });
    let mut silent = server.connect().await;
    let mut anna = server.join("anna").await;
    silent.is_said_goodbye().await;
    anna.send("<who>").await;
    anna.hears_about("! unknown-command").await;
}

#[tokio::test]
async fn one_too_many_without_a_name_is_not_left_in_silence() {
    let server = Server::start(Config {
        max_naming: 16,
        ..Config::default()
    });
    let mut waiting = Vec::new();
    for _ in 0..16 {
        waiting.push(server.connect().await);
    }
    server.connect().await.is_said_goodbye().await;
    waiting[7].send("anna").await;
    waiting[7].hears(&["* welcome anna 0"]).await;
    server.join("bruno").await;
}

#[tokio::test]
async fn a_full_room_says_goodbye() {
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
    late.hears_about("! room-full ").await;
    late.is_said_goodbye().await;
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
    anna.is_said_goodbye().await;
    let port = server.address.port();
    drop(server);
    let server = Server::start_on(port, Config::default());
    server.join("anna").await;
}

#[tokio::test]
async fn a_connection_that_was_just_made_gets_its_goodbye() {
    for _ in 0..20 {
        let mut server = Server::start(Config::default());
        let mut new = server.connect().await;
        server.interrupt();
        new.is_said_goodbye().await;
    }
}

#[tokio::test]
async fn a_shutdown_is_over_in_time_whatever_people_do() {
    const BACKLOG: usize = 8 * 1024 * 1024;
    let mut server = Server::start(Config {
        backlog: BACKLOG,
        ..Config::default()
    });
    let mut anna = server.join("anna").await;
    let sleeper = server.join("sleeper").await;
    anna.hears(&["* joined sleeper"]).await;
    let mut nameless = server.connect().await;
    // More than sockets hold, so that a part of it waits in the server; the answer tells when.
    let line = "x".repeat(4000);
    for _ in 0..BACKLOG / 4096 {
        anna.send(&line).await;
    }
    anna.send("<who>").await;
    anna.hears_about("! unknown-command").await;
    let asked = Instant::now();
    server.interrupt();
    anna.is_said_goodbye().await;
    nameless.is_said_goodbye().await;
    drop(anna);
    drop(nameless);
    drop(server);
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
    drop(sleeper);
}
