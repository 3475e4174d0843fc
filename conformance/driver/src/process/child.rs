//! The process under test: started in a group of its own, observed, and killed with everything it has started.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::fmt::Display;
use std::process::Stdio;
use std::rc::Rc;
use std::sync::Mutex;
use std::time::Duration;

use nix::sys::signal::{self, SigHandler, Signal};
use nix::unistd::Pid;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::asleep;
use super::exit::Exit;
use super::port::FORKING;
use crate::wire::Visible;

/// A server process. Dropping it kills its whole group.
#[derive(Debug)]
pub struct Process {
    child: RefCell<Child>,
    group: Pid,
    output: Rc<Output>,
    /// One task for each stream. It ends with the stream.
    readers: RefCell<JoinSet<()>>,
    status: Cell<Option<Exit>>,
}

/// Why a program could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StartError {
    /// The system could not run the program.
    #[error("cannot run `{program}`: {reason}")]
    Run {
        /// The first word of the command.
        program: String,
        /// The system's error.
        reason: String,
    },
    /// It ended before it accepted a connection.
    #[error("the server ended before it listened on its port: {exit}")]
    Ended {
        /// How it ended.
        exit: Exit,
    },
    /// It accepted no connection in time.
    #[error("the server does not listen on its port of 127.0.0.1 after {} s", .waited.as_secs())]
    NotListening {
        /// The time limit.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// No port could be reserved for it.
    #[error("cannot reserve a port for the server: {reason}")]
    NoPort {
        /// The system's error.
        reason: String,
    },
    /// The client under test ended before it connected.
    #[error("the client ended before it connected: {exit}")]
    ClientEnded {
        /// How it ended.
        exit: Exit,
    },
    /// The client under test did not connect in time.
    #[error("the client has not connected after {} s", .waited.as_secs())]
    NotConnected {
        /// The time limit.
        #[serde(rename = "waited_s", serialize_with = "seconds")]
        #[schemars(with = "f64")]
        waited: Duration,
    },
    /// The suite itself lacks something of the system.
    #[error("the suite cannot go on: {reason}")]
    Harness {
        /// The system's error.
        reason: String,
    },
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

/// Appends the lines that a process has printed, if any, to what happened to it.
pub fn with_output(what: impl Display, output: &[String]) -> String {
    if output.is_empty() {
        what.to_string()
    } else {
        format!("{what}; it printed:\n    {}", output.join("\n    "))
    }
}

/// The groups of all running processes, for [`kill_all`].
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

impl Process {
    /// Starts a server, with default signal dispositions: a parent that runs in the background may ignore SIGINT.
    ///
    /// # Errors
    /// The system cannot run the program.
    pub fn start(words: &[String]) -> Result<Self, StartError> {
        let process = Self::spawn(words, Stdio::null())?;
        if let Some(stdout) = process.child.borrow_mut().stdout.take() {
            process.drain(stdout);
        }
        Ok(process)
    }

    /// Starts an interactive program. Returns its standard input and standard output too.
    ///
    /// # Errors
    /// The system cannot run the program.
    pub fn start_with_user(
        words: &[String],
    ) -> Result<(Self, ChildStdin, ChildStdout), StartError> {
        let process = Self::spawn(words, Stdio::piped())?;
        let mut child = process.child.borrow_mut();
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were piped");
        };
        drop(child);
        Ok((process, stdin, stdout))
    }

    fn spawn(words: &[String], stdin: Stdio) -> Result<Self, StartError> {
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        // SAFETY: between fork and exec, `in_child` makes only async-signal-safe calls: signal(2) and prctl(2).
        unsafe { command.pre_exec(in_child) };
        let forking = FORKING.read();
        let mut child = command.spawn().map_err(|error| StartError::Run {
            program: words[0].clone(),
            reason: error.to_string(),
        })?;
        drop(forking);
        let group = Pid::from_raw(child.id().map_or(0, |id| id as i32));
        if let Ok(mut groups) = GROUPS.lock() {
            groups.insert(group.as_raw());
        }
        let stderr = child.stderr.take();
        let process = Self {
            child: RefCell::new(child),
            group,
            output: Rc::default(),
            readers: RefCell::default(),
            status: Cell::new(None),
        };
        if let Some(stderr) = stderr {
            process.drain(stderr);
        }
        Ok(process)
    }

    fn drain(&self, stream: impl AsyncRead + Unpin + 'static) {
        let reading = Rc::clone(&self.output).drain(stream);
        self.readers.borrow_mut().spawn_local(reading);
    }

    /// The exit status, if the process has ended.
    pub fn status(&self) -> Option<Exit> {
        if self.status.get().is_none() {
            let ended = self.child.borrow_mut().try_wait().ok().flatten();
            self.status.set(ended.map(Exit::from));
        }
        self.status.get()
    }

    /// Waits until the process has ended, for at most `limit`.
    pub async fn wait(&self, limit: Duration) -> Option<Exit> {
        let deadline = tokio::time::Instant::now() + limit;
        while self.status().is_none() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(POLL).await;
        }
        self.status()
    }

    /// Whether every thread of the group sleeps; `None` if that cannot be known.
    pub fn is_asleep(&self) -> Option<bool> {
        asleep::is_asleep(self.group())
    }

    /// The id of its process group.
    pub fn group(&self) -> i32 {
        self.group.as_raw()
    }

    /// Sends a signal to the whole process group, as a terminal does at Ctrl-C: the command may be a wrapper that has started
    /// the server as its child.
    pub fn signal(&self, signal: Signal) {
        if self.status().is_none() {
            // The only possible error is that it has just ended.
            let _ = signal::killpg(self.group, signal);
        }
    }

    /// Kills the whole process group, and waits until the process has ended.
    pub async fn kill(&self) {
        let _ = signal::killpg(self.group, Signal::SIGKILL);
        // No process survives SIGKILL. The limit covers a system that is stuck.
        self.wait(Duration::from_secs(5)).await;
        if let Ok(mut groups) = GROUPS.lock() {
            groups.remove(&self.group.as_raw());
        }
    }

    /// The last lines that it has printed, on either stream. They are complete once the process has ended.
    pub async fn last_lines(&self) -> Vec<String> {
        if self.status().is_some() {
            let readers = self.readers.take();
            // Its children may live on and keep the streams open.
            let _ = timeout(TO_READ_THE_REST, readers.join_all()).await;
        }
        self.output.last_lines()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(mut groups) = GROUPS.lock()
            && groups.remove(&self.group.as_raw())
        {
            let _ = signal::killpg(self.group, Signal::SIGKILL);
        }
    }
}

/// Kills every process group that is still running.
pub fn kill_all() {
    if let Ok(groups) = GROUPS.lock() {
        for group in groups.iter() {
            let _ = signal::killpg(Pid::from_raw(*group), Signal::SIGKILL);
        }
    }
}

const POLL: Duration = Duration::from_millis(2);
const TO_READ_THE_REST: Duration = Duration::from_secs(1);

fn in_child() -> std::io::Result<()> {
    for signal in [
        Signal::SIGINT,
        Signal::SIGTERM,
        Signal::SIGQUIT,
        Signal::SIGHUP,
    ] {
        // SAFETY: `SigDfl` installs no handler, so no code of this program can run in a signal context.
        unsafe { signal::signal(signal, SigHandler::SigDfl) }?;
    }
    // If the suite is killed, its servers are killed too.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}

/// The end of the output of a process.
#[derive(Debug, Default)]
struct Output(RefCell<VecDeque<u8>>);

/// Number of bytes that are kept.
const KEPT: usize = 16 * 1024;
/// Number of lines that are shown.
const SHOWN: usize = 12;

impl Output {
    async fn drain(self: Rc<Self>, mut stream: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; 8 * 1024];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            let mut kept = self.0.borrow_mut();
            kept.extend(&buffer[..length]);
            let surplus = kept.len().saturating_sub(KEPT);
            kept.drain(..surplus);
        }
    }

    fn last_lines(&self) -> Vec<String> {
        let bytes: Vec<u8> = self.0.borrow().iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text
            .lines()
            .map(|line| Visible(line.as_bytes()).to_string())
            .collect();
        lines[lines.len().saturating_sub(SHOWN)..].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use tokio::task::LocalSet;

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio_test::block_on(LocalSet::new().run_until(test))
    }

    fn shell(script: &str) -> Process {
        Process::start(&["sh", "-c", script].map(str::to_owned)).unwrap()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn reports_the_exit_status_and_the_output() {
        run(async {
            let process = shell("echo one; echo two >&2; exit 3");
            assert_eq!(process.wait(LONG).await, Some(Exit::Status(3)));
            let mut lines = process.last_lines().await;
            lines.sort();
            assert_eq!(lines, ["one", "two"]);
        });
    }

    #[test]
    fn keeps_only_the_end_of_the_output() {
        run(async {
            let process = shell("yes spam | head -c 3000000; printf '\\033[1mlast\\n'");
            process.wait(LONG).await;
            let lines = process.last_lines().await;
            assert_eq!(lines.len(), SHOWN);
            assert_eq!(lines[SHOWN - 1], "\\x1B[1mlast");
        });
    }

    #[test]
    fn a_child_that_keeps_the_streams_open_hides_nothing() {
        run(async {
            let process = shell("sleep 600 & echo gone");
            process.wait(LONG).await;
            assert_eq!(process.last_lines().await, ["gone"]);
        });
    }

    #[test]
    fn a_signal_has_its_default_effect_even_if_the_parent_ignores_it() {
        run(async {
            let process = shell("kill -INT $$; sleep 60");
            let exit = process.wait(LONG).await;
            assert_eq!(exit, Some(Exit::Signal(Signal::SIGINT as i32)));
        });
    }

    #[test]
    fn kills_its_children_too() {
        run(async {
            let process = shell("sleep 600 & echo $!; wait");
            let mut lines = process.last_lines().await;
            while lines.is_empty() {
                tokio::task::yield_now().await;
                lines = process.last_lines().await;
            }
            let child: i32 = lines[0].parse().unwrap();
            process.kill().await;
            let state =
                || std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            // It is gone, or a zombie.
            while !state().is_empty() && !state().contains(") Z ") {
                tokio::task::yield_now().await;
            }
        });
    }

    #[test]
    fn a_missing_program_is_reported() {
        let error = run(async { Process::start(&["/no/such/program".to_owned()]).unwrap_err() });
        assert!(
            error
                .to_string()
                .starts_with("cannot run `/no/such/program`"),
            "{error}"
        );
    }
}
