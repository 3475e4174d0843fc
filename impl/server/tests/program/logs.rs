//! What it writes to the log.

use crate::support::{Client, Server};

#[test]
fn the_usual_log_is_about_the_server_and_not_about_people() {
    // Of a size for which every machine has descriptors.
    let small = ["--port", "0", "--capacity", "20", "--max-naming", "16"];
    let mut server = Server::start(&small);
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
fn a_detailed_log_tells_who_comes_and_goes_and_nothing_that_is_said() {
    let mut server = Server::start(&["--port", "0", "--log", "debug"]);
    let address = server.address();
    let mut anna = Client::join(address, "anna");
    let peer = anna.local();
    server.tells(&format!("accepted connection=0 peer={peer}"));
    server.tells(&format!("joined connection=0 peer={peer} nick=\"anna\""));
    anna.says("un segreto");
    anna.is_refused("un \x07segreto", "control-character");
    let bruno = Client::join(address, "bruno");
    let peer = bruno.local();
    anna.hears(&["* joined bruno"]);
    bruno.reset();
    server.tells(&format!(
        "dropped connection=1 peer={peer} nick=\"bruno\" reason=\"lost\""
    ));
    anna.says("<quit>");
    server.tells("left connection=0");
    assert!(
        server
            .told
            .last()
            .unwrap()
            .ends_with("nick=\"anna\" reason=\"quit\"")
    );
    let log = server.stop();
    assert!(!log.iter().any(|line| line.contains("segreto")), "{log:#?}");
}

#[test]
fn a_member_that_is_dropped_for_not_reading_is_in_the_usual_log() {
    let mut server = Server::start(&["--port", "0", "--backlog", "262144"]);
    let address = server.address();
    let mut anna = Client::join(address, "anna");
    let sleeper = Client::join(address, "sleeper");
    let peer = sleeper.local();
    anna.hears(&["* joined sleeper"]);
    // Until its socket buffers, which may have any size, and its backlog are full.
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
                alone |= line == "* left sleeper";
            }
        }
    });
    let line = server.tells("dropped");
    assert!(line.contains("INFO"), "{line}");
    assert!(
        line.contains(&format!(
            "peer={peer} nick=\"sleeper\" reason=\"not-reading\""
        )),
        "{line}"
    );
    flood.join().unwrap();
    drop(sleeper);
}
