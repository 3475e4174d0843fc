//! The process under test: started in a group of its own, observed, and killed with everything it has started.

use std::cell::{Cell, RefCell};
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use nix::sys::signal::{self, SigHandler, Signal};
use nix::unistd::Pid;
use tokio::io::AsyncRead;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::asleep;
use super::exit::Exit;
use super::family::{self, Family, Mark};
use super::output::Output;
use super::port::FORKING;
use super::start_error::StartError;

/// A program under test. Dropping it kills it with everything it has started.
#[derive(Debug)]
pub struct Process {
    child: RefCell<Child>,
    family: Family,
    is_killed: Cell<bool>,
    /// The standard input of a server: open, and nothing comes, because some programs end when their input ends.
    _input: Option<ChildStdin>,
    output: Rc<Output>,
    /// One task for each stream. It ends with the stream.
    readers: RefCell<JoinSet<()>>,
    status: Cell<Option<Exit>>,
}

impl Process {
    /// Starts a server, with default signal dispositions: a parent that runs in the background may ignore SIGINT.
    ///
    /// # Errors
    /// The system cannot run the program.
    pub fn start(words: &[String]) -> Result<Self, StartError> {
        let mut process = Self::spawn(words)?;
        let child = process.child.get_mut();
        let (input, stdout) = (child.stdin.take(), child.stdout.take());
        process._input = input;
        if let Some(stdout) = stdout {
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
        let process = Self::spawn(words)?;
        let mut child = process.child.borrow_mut();
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were piped");
        };
        drop(child);
        Ok((process, stdin, stdout))
    }

    fn spawn(words: &[String]) -> Result<Self, StartError> {
        let mark = Mark::new();
        let (variable, value) = mark.variable();
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .env(variable, value)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        // SAFETY: between fork and exec, `in_child` makes only async-signal-safe calls: signal(2) and prctl(2).
        unsafe { command.pre_exec(in_child) };
        let forking = FORKING.read();
        let mut child = command.spawn().map_err(|error| {
            let run = || StartError::Run {
                program: words[0].clone(),
                reason: error.to_string(),
            };
            StartError::of_suite(&error).unwrap_or_else(run)
        })?;
        drop(forking);
        let group = Pid::from_raw(child.id().map_or(0, |id| id as i32));
        let stderr = child.stderr.take();
        let process = Self {
            child: RefCell::new(child),
            family: Family::new(mark, group),
            is_killed: Cell::new(false),
            _input: None,
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

    /// Waits until it has ended with everything it has started, for at most `limit`. On systems other than Linux only the
    /// process itself is waited for.
    pub async fn wait_for_all(&self, limit: Duration) -> Option<Exit> {
        let deadline = tokio::time::Instant::now() + limit;
        let ended = self.wait(limit).await?;
        while self.family.any().is_some() {
            if tokio::time::Instant::now() >= deadline {
                return None;
            }
            tokio::time::sleep(POLL).await;
        }
        Some(ended)
    }

    /// Whether every thread of the group sleeps; `None` if that cannot be known.
    pub fn is_asleep(&self) -> Option<bool> {
        asleep::is_asleep(self.group())
    }

    /// The id of its process group.
    pub fn group(&self) -> i32 {
        self.family.group.as_raw()
    }

    /// The command line of a process that it has started in a group or session of its own, where [`Process::signal`] does not
    /// reach it. `None` if there is none, and on systems other than Linux.
    pub fn beyond_signals(&self) -> Option<String> {
        self.family.outside()
    }

    /// The command line of a process that goes on although the first one has ended without an error: the program has gone to
    /// the background. `None` on systems other than Linux.
    pub fn in_background(&self) -> Option<String> {
        let has_ended = self.status().is_some_and(Exit::is_success);
        has_ended.then(|| self.family.any()).flatten()
    }

    /// Sends a signal to the whole process group, as a terminal does at Ctrl-C: the command may be a wrapper that has started
    /// the server as its child.
    pub fn signal(&self, signal: Signal) {
        if self.status().is_none() {
            // The only possible error is that it has just ended.
            let _ = signal::killpg(self.family.group, signal);
        }
    }

    /// Kills it with everything it has started, and waits until that has ended. Returns how many processes had left its group
    /// and were still running (Linux).
    pub async fn kill(&self) -> usize {
        let _ = signal::killpg(self.family.group, Signal::SIGKILL);
        // No process survives SIGKILL. The limit covers a system that is stuck.
        self.wait(Duration::from_secs(5)).await;
        self.is_killed.set(true);
        self.family.end().await
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
        if !self.is_killed.get() {
            self.family.kill();
        }
    }
}

/// Kills every process that the suite has started, directly or not.
pub fn kill_all() {
    family::kill_all();
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

#[cfg(test)]
mod tests {
    use super::super::output::SHOWN;
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

    #[cfg(target_os = "linux")]
    #[test]
    fn kills_what_has_left_its_group() {
        run(async {
            let process = shell("setsid sleep 600 & wait");
            while process.beyond_signals().is_none() {
                tokio::task::yield_now().await;
            }
            assert_eq!(process.kill().await, 1);
            assert_eq!(process.beyond_signals(), None);
        });
    }

    #[test]
    fn standard_input_stays_open() {
        run(async {
            let process = shell("cat; echo ended");
            assert_eq!(process.wait(Duration::from_millis(100)).await, None);
            process.kill().await;
            assert_eq!(process.last_lines().await, [""; 0]);
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
