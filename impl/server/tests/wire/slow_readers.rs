//! Members that cannot follow, and members that do not try.

use crate::support::Server;
use salotto_server::Config;

const LINE: usize = 4000;

/// More than the socket buffers of both sides, the default backlog, and some.
const FLOOD: usize = 24 * 1024 * 1024;

#[tokio::test]
async fn a_member_that_sleeps_is_dropped_and_nobody_waits() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut bruno = server.join("bruno").await;
    let mut sleeper = server.join("sleeper").await;
    anna.hears(&["* joined bruno", "* joined sleeper"]).await;
    bruno.hears(&["* joined sleeper"]).await;
    let text = "x".repeat(LINE);
    let mut dropped = 0;
    for i in 0..FLOOD / LINE {
        anna.send(&format!("{i} {text}")).await;
        let mut line = bruno.line().await;
        if line == "* left sleeper" {
            dropped += 1;
            line = bruno.line().await;
        }
        assert_eq!(line, format!("anna: {i} {text}"));
    }
    assert_eq!(dropped, 1);
    anna.hears(&["* left sleeper"]).await;
    // The sleeper lost the end, and nothing in the middle.
    let mut next = 0;
    while let Ok(Some(line)) = sleeper.try_line().await {
        assert_eq!(line, format!("anna: {next} {text}"));
        next += 1;
    }
}

#[tokio::test]
async fn a_nap_is_forgiven() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut sleeper = server.join("sleeper").await;
    anna.hears(&["* joined sleeper"]).await;
    let text = "x".repeat(LINE);
    for _ in 0..256 * 1024 / LINE {
        anna.send(&text).await;
    }
    anna.send("<who>").await;
    anna.hears_about("! unknown-command").await;
    for _ in 0..256 * 1024 / LINE {
        assert_eq!(sleeper.line().await, format!("anna: {text}"));
    }
}

#[tokio::test]
async fn a_flood_slows_down_for_those_who_read() {
    // On a busy machine this thread may stand still for so long that bruno seems to sleep. No more
    // can come then than what anna has sent, and that is less than the backlog.
    let server = Server::start(Config {
        backlog: 4 * 1024 * 1024,
        ..Config::default()
    });
    let mut anna = server.join("anna").await;
    anna.limit_buffers();
    let mut bruno = server.join("bruno").await;
    bruno.limit_buffers();
    anna.hears(&["* joined bruno"]).await;
    const LINES: usize = 1_000_000;
    let flood = tokio::spawn(async move {
        let lines = "a\n".repeat(1000);
        for _ in 0..LINES / 1000 {
            anna.send_bytes(lines.as_bytes()).await;
        }
        anna.send("fine").await;
        anna
    });
    // Each line is four times as long when it arrives, and bruno reads line by line: the flood is
    // faster, and its surplus more than the backlog.
    let mut lines = 0;
    loop {
        match bruno.line().await.as_str() {
            "anna: a" => lines += 1,
            "anna: fine" => break,
            other => panic!("{other}"),
        }
    }
    assert_eq!(lines, LINES);
    flood.await.unwrap();
}
