//! A client at the ends of two pipes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long anything may take before the test gives up.
const LIMIT: Duration = Duration::from_secs(60);

/// The process, which ends with this value.
pub(crate) struct Client {
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Client {
    pub(crate) fn start(port: u16, nick: &str, more: &[&str]) -> Self {
        let language = if more.contains(&"--language") {
            [].as_slice()
        } else {
            &["--language", "en"]
        };
        let mut process = Command::new(env!("CARGO_BIN_EXE_salotto-client"))
            .args([
                "--console",
                "--host",
                "127.0.0.1",
                "--nick",
                nick,
                "--port",
                &port.to_string(),
            ])
            .args(language)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (shown, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines() {
                if shown.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        let input = process.stdin.take();
        Self {
            process,
            input,
            lines,
        }
    }

    pub(crate) fn types(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{text}\n").as_bytes()).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn stops_typing(&mut self) {
        self.input = None;
    }

    /// The next line is this one.
    pub(crate) fn shows(&mut self, line: &str) {
        assert_eq!(self.lines.recv_timeout(LIMIT).as_deref(), Ok(line));
    }

    /// This line comes, whatever comes before.
    pub(crate) fn shows_in_the_end(&mut self, line: &str) {
        while self.lines.recv_timeout(LIMIT).expect(line) != line {}
    }

    pub(crate) fn ends_with(&mut self, status: i32) {
        // Its output ends with it, and nobody needs to wait longer than that.
        while self.lines.recv_timeout(LIMIT).is_ok() {}
        assert_eq!(self.process.wait().unwrap().code(), Some(status));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
