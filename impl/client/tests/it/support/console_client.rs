//! A console client, driven through its standard input and output.

use super::server::LIMIT;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// The process. Dropping it kills the process.
pub(crate) struct ConsoleClient {
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl ConsoleClient {
    /// Starts a client, in English unless `arguments` choose another language.
    pub(crate) fn start(port: u16, nick: &str, arguments: &[&str]) -> Self {
        let language = if arguments.contains(&"--language") {
            [].as_slice()
        } else {
            &["--language", "en"]
        };
        let mut process = Command::new(env!("CARGO_BIN_EXE_salotto-client"))
            .args(["--console", "--host", "127.0.0.1", "--nick", nick])
            .args(["--port", &port.to_string()])
            .args(language)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines() {
                if sender.send(line.unwrap()).is_err() {
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

    /// Types a text and a line end.
    pub(crate) fn types(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{text}\n").as_bytes()).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn ends_input(&mut self) {
        self.input = None;
    }

    /// Asserts that this is the next line.
    pub(crate) fn shows(&mut self, line: &str) {
        assert_eq!(self.lines.recv_timeout(LIMIT).as_deref(), Ok(line));
    }

    /// Skips lines up to this one.
    pub(crate) fn shows_eventually(&mut self, line: &str) {
        while self.lines.recv_timeout(LIMIT).expect(line) != line {}
    }

    /// Reads to the end of the output, and asserts the exit status.
    pub(crate) fn exits_with(&mut self, status: i32) {
        while self.lines.recv_timeout(LIMIT).is_ok() {}
        assert_eq!(self.process.wait().unwrap().code(), Some(status));
    }
}

impl Drop for ConsoleClient {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
