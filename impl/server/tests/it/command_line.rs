//! The command line, as a user sees it.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

fn server() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_salotto-server"));
    command.timeout(Duration::from_secs(20));
    command
}

#[test]
fn help_lists_options_with_their_defaults() {
    server()
        .arg("--help")
        .assert()
        .success()
        .stdout(contains("--naming-timeout <SECONDS>").and(contains("0.0.0.0")))
        .stdout(contains("[default: 53000]").and(contains("--log <LEVEL>")));
}

#[test]
fn version_is_printed() {
    server()
        .arg("--version")
        .assert()
        .success()
        .stdout(contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_argument_is_explained() {
    for (args, message) in [
        (["--capacity", "4"], "from 5 to 100000"),
        (["--naming-timeout", "0"], "from 1 to 86400"),
        (["--naming-timeout", "1.5"], "whole number"),
        (["--backlog", "1000"], "from 262144 to 8388608"),
        (["--port", "65536"], "65536"),
        (["--prot", "5000"], "--port"),
    ] {
        server()
            .args(args)
            .assert()
            .code(2)
            .stderr(contains(message));
    }
}

#[test]
fn a_taken_port_is_explained_in_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    server()
        .args(["--port", &address.port().to_string()])
        .assert()
        .code(1)
        .stderr(format!(
            "salotto-server: another program listens on {address}: stop it, or choose another port\n"
        ));
}

#[test]
fn an_address_of_another_machine_is_explained() {
    server()
        .args(["--host", "192.0.2.1", "--port", "0"])
        .assert()
        .code(1)
        .stderr(contains("192.0.2.1 is not an address of this machine"));
}

#[test]
fn an_unknown_host_is_explained() {
    server()
        .args(["--host", "not a host", "--port", "0"])
        .assert()
        .code(1)
        .stderr(contains("no address is known for the host not a host"));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_server_with_a_goodbye() {
    for signal in ["INT", "TERM"] {
        let mut server = std::process::Command::new(env!("CARGO_BIN_EXE_salotto-server"))
            .args(["--port", "0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(server.stderr.take().unwrap());
        let mut first = String::new();
        log.read_line(&mut first).unwrap();
        let (_, address) = first.trim_end().rsplit_once(' ').unwrap();
        let mut anna = TcpStream::connect(address).unwrap();
        anna.set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        anna.write_all(b"anna\n").unwrap();
        let mut welcome = [0; 17];
        anna.read_exact(&mut welcome).unwrap();
        assert_eq!(&welcome, b"* welcome anna 0\n");
        let killed = std::process::Command::new("kill")
            .args([format!("-{signal}"), server.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
        let mut rest = String::new();
        anna.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "<quit>\n");
        drop(anna);
        assert_eq!(server.wait().unwrap().code(), Some(0));
    }
}
