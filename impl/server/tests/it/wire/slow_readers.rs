//! Members that read slowly or not at all.

use super::support::Server;
use salotto_server::Config;

const LINE: usize = 4000;

/// More than the socket buffers of both sides and the default backlog, in bytes.
const FLOOD: usize = 24 * 1024 * 1024;

#[tokio::test]
async fn a_member_that_does_not_read_is_dropped_and_delays_nobody() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut bruno = server.join("bruno").await;
    let mut slow_reader = server.join("slow").await;
    anna.hears(&["* joined bruno", "* joined slow"]).await;
    bruno.hears(&["* joined slow"]).await;
    let text = "x".repeat(LINE);
    let mut dropped = 0;
    for i in 0..FLOOD / LINE {
        anna.send(&format!("{i} {text}")).await;
        let mut line = bruno.line().await;
        if line == "* left slow" {
            dropped += 1;
            line = bruno.line().await;
        }
        assert_eq!(line, format!("anna: {i} {text}"));
    }
    assert_eq!(dropped, 1);
    anna.hears(&["* left slow"]).await;
    // The slow reader lost the end of the messages, and nothing in the middle.
    let mut next = 0;
    while let Ok(Some(line)) = slow_reader.try_line().await {
        assert_eq!(line, format!("anna: {next} {text}"));
        next += 1;
    }
}

#[tokio::test]
async fn a_member_that_pauses_reading_loses_nothing() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut slow_reader = server.join("slow").await;
    anna.hears(&["* joined slow"]).await;
    let text = "x".repeat(LINE);
    for _ in 0..256 * 1024 / LINE {
        anna.send(&text).await;
    }
    anna.send("<who>").await;
    anna.hears_prefix("! unknown-command").await;
    for _ in 0..256 * 1024 / LINE {
        assert_eq!(slow_reader.line().await, format!("anna: {text}"));
    }
}

#[tokio::test]
async fn a_flood_is_slowed_down_for_members_that_read() {
    // On a busy machine this thread may stop for so long that bruno seems to have stalled. The backlog has room for everything
    // that anna may send meanwhile.
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
    // Each line arrives four times as long as it was sent, and bruno reads line by line. So the flood is faster than bruno, by
    // more than the backlog.
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
