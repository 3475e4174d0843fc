//! The process under test: started in a group of its own, watched, and ended with everything it started.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::fmt::Display;
use std::process::{ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::Mutex;
use std::time::Duration;

use super::port::FORKING;
use nix::sys::signal::{self, SigHandler, Signal};
use nix::unistd::Pid;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// A server process. Dropping it kills its whole group.
#[derive(Debug)]
pub struct Process {
    child: RefCell<Child>,
    group: Pid,
    output: Rc<Output>,
    /// One for each stream: it ends where the stream does.
    readers: RefCell<JoinSet<()>>,
    status: Cell<Option<ExitStatus>>,
}

/// Why a server could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The system could not run the program.
    #[error("cannot run `{program}`: {reason}")]
    Run {
        /// The first word of the command.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// It ended before anybody could connect.
    #[error("the server ended before it listened on its port: {status}")]
    Ended {
        /// How it ended.
        status: String,
    },
    /// Nobody listens.
    #[error("nobody listens on the server's port of 127.0.0.1 after {} s", .waited.as_secs())]
    NotListening {
        /// How long the harness has waited.
        waited: Duration,
    },
    /// No port could be had for it.
    #[error("no port for the server: {0}")]
    NoPort(String),
}

/// What happened to a process, and below it what it has printed, if anything.
pub fn with_output(what: impl Display, output: &[String]) -> String {
    if output.is_empty() {
        what.to_string()
    } else {
        format!("{what}; it printed:\n    {}", output.join("\n    "))
    }
}

/// The groups of all running servers, for [`kill_all`].
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

impl Process {
    /// Starts the server with default signal dispositions: a shell's `&` would have it ignore SIGINT.
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

    /// Starts a program that talks with a user: its standard input and its standard output come with it.
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
        // SAFETY: the closure makes only async-signal-safe calls: signal(2) and prctl(2).
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

    /// Its exit status, if it has ended.
    pub fn status(&self) -> Option<ExitStatus> {
        if self.status.get().is_none() {
            self.status
                .set(self.child.borrow_mut().try_wait().ok().flatten());
        }
        self.status.get()
    }

    /// Waits until it has ended, for at most so long.
    pub async fn wait(&self, limit: Duration) -> Option<ExitStatus> {
        let deadline = tokio::time::Instant::now() + limit;
        while self.status().is_none() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(POLL).await;
        }
        self.status()
    }

    /// The id of its process group, which is its own.
    pub fn group(&self) -> i32 {
        self.group.as_raw()
    }

    /// Sends a signal to the process itself.
    pub fn signal(&self, signal: Signal) {
        if self.status().is_none() {
            // The only error is that it has just ended.
            let _ = signal::kill(self.group, signal);
        }
    }

    /// Kills it with everything in its group, and waits for its end.
    pub async fn kill(&self) {
        let _ = signal::killpg(self.group, Signal::SIGKILL);
        // Nothing survives SIGKILL; the bound is for a system that is stuck.
        self.wait(Duration::from_secs(5)).await;
        if let Ok(mut groups) = GROUPS.lock() {
            groups.remove(&self.group.as_raw());
        }
    }

    /// The last lines that it has printed, on either stream. Of a process that has ended none is missing.
    pub async fn last_lines(&self) -> Vec<String> {
        if self.status().is_some() {
            let readers = self.readers.take();
            // What it has started may live on, and keep the streams open.
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

/// Kills every server that is still running, when the harness itself is interrupted.
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
        // SAFETY: SigDfl installs no handler.
        unsafe { signal::signal(signal, SigHandler::SigDfl) }?;
    }
    // A harness that is killed takes its servers along.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}

/// The end of what the process has printed.
#[derive(Debug, Default)]
struct Output(RefCell<VecDeque<u8>>);

/// How much of its output is kept, in bytes, and shown, in lines.
const KEPT: usize = 16 * 1024;
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
            .map(|line| crate::wire::Visible(line.as_bytes()).to_string())
            .collect();
        lines[lines.len().saturating_sub(SHOWN)..].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use tokio::{runtime::Builder, task::LocalSet};

    fn play<T>(scene: impl Future<Output = T>) -> T {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(LocalSet::new().run_until(scene))
    }

    fn shell(script: &str) -> Process {
        Process::start(&["sh", "-c", script].map(str::to_owned)).unwrap()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn tells_how_a_process_ended_and_what_it_printed() {
        play(async {
            let process = shell("echo one; echo two >&2; exit 3");
            assert_eq!(
                process.wait(LONG).await.and_then(|status| status.code()),
                Some(3)
            );
            let mut lines = process.last_lines().await;
            lines.sort();
            assert_eq!(lines, ["one", "two"]);
        });
    }

    #[test]
    fn keeps_only_the_end_of_what_is_printed() {
        play(async {
            let process = shell("yes spam | head -c 3000000; printf '\\033[1mlast\\n'");
            process.wait(LONG).await;
            let lines = process.last_lines().await;
            assert_eq!(lines.len(), SHOWN);
            assert_eq!(lines[SHOWN - 1], "\\x1B[1mlast");
        });
    }

    #[test]
    fn a_child_that_keeps_the_streams_open_hides_nothing() {
        play(async {
            let process = shell("sleep 600 & echo gone");
            process.wait(LONG).await;
            assert_eq!(process.last_lines().await, ["gone"]);
        });
    }

    #[test]
    fn a_signal_has_its_default_effect_even_if_the_parent_ignores_it() {
        play(async {
            let process = shell("kill -INT $$; sleep 60");
            let status = process.wait(LONG).await.unwrap();
            assert_eq!(
                std::os::unix::process::ExitStatusExt::signal(&status),
                Some(Signal::SIGINT as i32)
            );
        });
    }

    #[test]
    fn takes_its_children_along() {
        play(async {
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
            // It is gone, or dead and not buried yet.
            while !state().is_empty() && !state().contains(") Z ") {
                tokio::task::yield_now().await;
            }
        });
    }

    #[test]
    fn what_cannot_be_run_is_told() {
        let error = play(async { Process::start(&["/no/such/program".to_owned()]).unwrap_err() });
        assert!(
            error
                .to_string()
                .starts_with("cannot run `/no/such/program`"),
            "{error}"
        );
    }
}
