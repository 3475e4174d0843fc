//! The metrics, read as a monitoring system reads them.

use super::page::{ask, scrape};
use super::support::{Client, Server};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

fn start(args: &[&str]) -> (Server, SocketAddr, SocketAddr) {
    let args = [&["--port", "0", "--metrics", "127.0.0.1:0"], args].concat();
    let mut server = Server::start(&args);
    let (room, metrics) = (server.address(), server.metrics());
    (server, room, metrics)
}

#[test]
fn the_page_counts_members_messages_and_bytes() {
    let (_server, room, metrics) = start(&["--capacity", "5"]);
    let mut anna = Client::join(room, "anna");
    let mut bruno = Client::join(room, "bruno");
    let mut carla = Client::join(room, "carla");
    let mut naming = Client::connect(room);
    naming.is_refused("anna", "nickname-taken");
    anna.hears(&["* joined bruno", "* joined carla"]);
    bruno.hears(&["* joined carla"]);
    for _ in 0..3 {
        anna.says("ciao a tutti");
    }
    bruno.says("perché?");
    anna.hears(&["bruno: perché?"]);
    anna.is_refused("\x07", "control-character");
    anna.is_refused("<who>", "unknown-command");
    anna.is_refused("<who>", "unknown-command");
    bruno.hears(&["anna: ciao a tutti"; 3]);
    let mut from_anna = 0;
    while from_anna < 3 || carla.received < bruno.received {
        match carla.line().as_str() {
            "anna: ciao a tutti" => from_anna += 1,
            "bruno: perché?" => {}
            other => panic!("{other}"),
        }
    }
    let page = scrape(metrics);
    assert_eq!(page.value("salotto_members"), 3);
    assert_eq!(page.value("salotto_capacity"), 5);
    let states = [("naming", 1), ("member", 3)];
    assert_eq!(page.family("salotto_connections"), states);
    assert_eq!(page.value("salotto_connections_accepted_total"), 4);
    assert_eq!(page.value("salotto_accept_failures_total"), 0);
    assert_eq!(page.value("salotto_messages_total"), 4);
    assert_eq!(page.value("salotto_deliveries_total"), 8);
    let codes = [
        ("control-character", 1),
        ("unknown-command", 2),
        ("nickname-taken", 1),
    ];
    assert_eq!(page.family("salotto_refused_lines_total"), codes);
    assert_eq!(page.family("salotto_connections_ended_total"), []);
    let clients = [&anna, &bruno, &carla, &naming];
    let sent = clients.map(|client| client.sent as u64).iter().sum::<u64>();
    let received = clients
        .map(|client| client.received as u64)
        .iter()
        .sum::<u64>();
    assert_eq!(page.value("salotto_received_bytes_total"), sent);
    assert_eq!(page.value("salotto_sent_bytes_total"), received);
    let fanouts = page.value("salotto_fanout_seconds_count");
    assert!(
        (1..=3 + 4).contains(&fanouts),
        "3 joined, 4 messages: {fanouts}"
    );
    assert_eq!(
        page.value("salotto_fanout_seconds_bucket{le=\"+Inf\"}"),
        fanouts
    );
}

#[test]
fn the_page_counts_departures_by_reason() {
    let (_server, room, metrics) = start(&["--capacity", "5", "--max-naming", "16"]);
    let mut anna = Client::join(room, "anna");
    let mut members: Vec<_> = ["b", "c", "d", "e"]
        .map(|name| Client::join(room, name))
        .into();
    let mut late = Client::connect(room);
    late.is_refused("late", "room-full");
    late.gets_goodbye();
    members.pop().unwrap().reset();
    members.pop().unwrap().ends();
    members.pop().unwrap().quits();
    let mut naming: Vec<_> = (0..17).map(|_| Client::connect(room)).collect();
    naming.pop().unwrap().gets_goodbye();
    let mut left = 0;
    while left < 3 {
        left += usize::from(anna.line().starts_with("* left "));
    }
    let page = scrape(metrics);
    let reasons = [
        ("quit", 1),
        ("ended", 1),
        ("naming-limit", 1),
        ("room-full", 1),
        ("lost", 1),
    ];
    assert_eq!(page.family("salotto_connections_ended_total"), reasons);
    assert_eq!(page.value("salotto_members"), 2);
}

#[test]
fn the_page_counts_naming_timeouts() {
    let (_server, room, metrics) = start(&["--naming-timeout", "1"]);
    Client::connect(room).gets_goodbye();
    let reasons = [("naming-timeout", 1)];
    let page = scrape(metrics);
    assert_eq!(page.family("salotto_connections_ended_total"), reasons);
}

#[test]
fn counters_can_be_read_under_load_and_never_decrease() {
    const LINES: usize = 20_000;
    let (_server, room, metrics) = start(&[]);
    let mut anna = Client::join(room, "anna");
    let mut bruno = Client::join(room, "bruno");
    anna.hears(&["* joined bruno"]);
    let talk = std::thread::spawn(move || {
        for _ in 0..LINES {
            anna.says("ciao");
        }
        anna
    });
    let reader = std::thread::spawn(move || {
        bruno.hears(&["anna: ciao"; LINES]);
        bruno
    });
    let mut before = 0;
    while before < LINES as u64 {
        let page = scrape(metrics);
        let messages = page.value("salotto_messages_total");
        assert!(messages >= before);
        assert_eq!(page.value("salotto_deliveries_total"), messages);
        before = messages;
    }
    assert_eq!(before, LINES as u64);
    talk.join().unwrap();
    reader.join().unwrap();
}

#[test]
fn silent_scrapers_are_disconnected_and_do_not_block_others() {
    let (_server, room, metrics) = start(&[]);
    let mut silent: Vec<_> = (0..4)
        .map(|_| TcpStream::connect(metrics).unwrap())
        .collect();
    silent[0]
        .write_all(b"GET /metrics HTTP/1.1\r\nX: ")
        .unwrap();
    // The room is not affected.
    let mut anna = Client::join(room, "anna");
    anna.is_refused("<who>", "unknown-command");
    assert_eq!(scrape(metrics).value("salotto_members"), 1);
    for mut stream in silent {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut nothing = Vec::new();
        // The end of the stream, or a reset for the incomplete request.
        let _ = stream.read_to_end(&mut nothing);
        assert!(nothing.is_empty());
    }
}

#[test]
fn other_requests_are_refused() {
    let (_server, _, metrics) = start(&[]);
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 "),
        (
            "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 405 ",
        ),
        ("anna\r\n\r\n", "HTTP/1.1 400 "),
    ] {
        let response = ask(metrics, request);
        assert!(response.starts_with(status), "{response}");
    }
    let long = format!("GET /metrics HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(10_000));
    assert!(ask(metrics, &long).starts_with("HTTP/1.1 431 "));
    scrape(metrics);
}

#[test]
fn metrics_are_served_on_loopback_addresses_only() {
    for (address, message) in [
        ("0.0.0.0:9153", "not a loopback address"),
        ("[::]:9153", "not a loopback address"),
        ("192.0.2.1:9153", "not a loopback address"),
        ("9153", "an address and a port are needed"),
        ("localhost", "an address and a port are needed"),
    ] {
        assert_cmd::Command::new(super::support::PROGRAM)
            .args(["--metrics", address])
            .timeout(Duration::from_secs(20))
            .assert()
            .code(2)
            .stderr(predicates::str::contains(message));
    }
}
