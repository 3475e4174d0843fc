//! The log.

use super::support::{Client, Server};

#[test]
fn the_default_log_does_not_mention_members() {
    // Every machine has enough file descriptors for a room of this size.
    let args = ["--port", "0", "--capacity", "20", "--max-naming", "16"];
    let mut server = Server::start(&args);
    let address = server.address();
    let mut anna = Client::join(address, "anna");
    let mut bruno = Client::join(address, "bruno");
    anna.hears(&["* joined bruno"]);
    anna.says("un segreto");
    bruno.hears(&["anna: un segreto"]);
    bruno.reset();
    anna.hears(&["* left bruno"]);
    drop(anna);
    let log = server.stop();
    assert_eq!(log.len(), 2, "{log:#?}");
    assert!(log[0].contains("INFO") && log[0].contains("listening on"));
    assert!(log[1].contains("INFO") && log[1].contains("SIGTERM"));
}

#[test]
fn the_detailed_log_tells_who_joins_and_leaves_but_contains_no_messages() {
    let mut server = Server::start(&["--port", "0", "--log", "debug"]);
    let address = server.address();
    let mut anna = Client::join(address, "anna");
    let peer = anna.local();
    server.logs(&format!("accepted connection=0 peer={peer}"));
    server.logs(&format!("joined connection=0 peer={peer} nick=\"anna\""));
    anna.says("un segreto");
    anna.is_refused("un \x07segreto", "control-character");
    let bruno = Client::join(address, "bruno");
    let peer = bruno.local();
    anna.hears(&["* joined bruno"]);
    bruno.reset();
    server.logs(&format!(
        "dropped connection=1 peer={peer} nick=\"bruno\" reason=\"lost\""
    ));
    anna.says("<quit>");
    server.logs("left connection=0");
    assert!(
        server
            .lines
            .last()
            .unwrap()
            .ends_with("nick=\"anna\" reason=\"quit\"")
    );
    let log = server.stop();
    assert!(!log.iter().any(|line| line.contains("segreto")), "{log:#?}");
}

#[test]
fn the_default_log_mentions_a_member_dropped_for_not_reading() {
    let mut server = Server::start(&["--port", "0", "--backlog", "262144"]);
    let address = server.address();
    let mut anna = Client::join(address, "anna");
    let slow_reader = Client::join(address, "slow");
    let peer = slow_reader.local();
    anna.hears(&["* joined slow"]);
    // Sends until the socket buffers, whose size is unknown, and the backlog are full.
    let text = "x".repeat(4000);
    let flood = std::thread::spawn(move || {
        let mut alone = false;
        while !alone {
            for _ in 0..1000 {
                anna.says(&text);
            }
            anna.says("<who>");
            while let line = anna.line()
                && !line.starts_with('!')
            {
                alone |= line == "* left slow";
            }
        }
    });
    let line = server.logs("dropped");
    assert!(line.contains("INFO"), "{line}");
    assert!(
        line.contains(&format!("peer={peer} nick=\"slow\" reason=\"not-reading\"")),
        "{line}"
    );
    flood.join().unwrap();
    drop(slow_reader);
}
