//! A running server that other people use: what they do is nobody's fault.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command as Process, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use predicates::prelude::*;
use predicates::str::contains;

/// A server that is running. Dropping it kills it.
struct Server(Child, String);

impl Server {
    fn start(options: &[&str]) -> Self {
        let port = driver::process::port::Port::reserve().unwrap().number();
        let mut command = Process::new(crate::faulty::server_program());
        command.args(["--port", &port.to_string()]).args(options);
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let address = format!("127.0.0.1:{port}");
        while TcpStream::connect(&address).is_err() {
            std::thread::yield_now();
        }
        Self(child, address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn check(address: &str, filters: &[&str]) -> Assert {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .env_remove("SERVER")
        .args(["check", "--connect", address]);
    let command = command.args(filters).timeout(Duration::from_secs(120));
    command.assert()
}

/// Somebody enters, talks and leaves.
fn visit(address: &str, nickname: &str) {
    let mut stream = TcpStream::connect(address).unwrap();
    writeln!(stream, "{nickname}").unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    reader.read_line(&mut String::new()).unwrap();
    write!(stream, "ciao\n<quit>\n").unwrap();
    reader.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn people_who_come_and_go_are_nobodys_fault() {
    let server = Server::start(&[]);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                visit(&server.1, &format!("ospite{number}"));
            }
        });
        let checked = std::panic::catch_unwind(|| {
            check(&server.1, &["joining", "leaving"])
                .code(4)
                .stdout(contains("somebody else came in or left").and(contains("broken").not()));
        });
        is_over.store(true, Ordering::Relaxed);
        checked.unwrap();
    });
    check(&server.1, &["joining"]).success();
}

#[test]
fn a_fault_is_still_one() {
    let server = Server::start(&["--fault", "echo"]);
    check(&server.1, &["no-echo"])
        .code(1)
        .stdout(contains("MSG-2"));
}
