//! What a program under test has started: the processes of its group, and those that have left it for groups or sessions of
//! their own.
//!
//! Every program gets a variable of its own in its environment, which its children inherit: it tells whose a process is,
//! wherever it has gone. The suite is the subreaper (Linux): a process whose parent has ended becomes a child of the suite,
//! so that it can be waited for.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{self, Signal};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The variable. Its value is the id of the suite's process, and a number.
const VARIABLE: &str = "CONFORMANCE_PROCESS";

const POLL: Duration = Duration::from_millis(2);

/// No process survives SIGKILL. The limit covers a system that is stuck.
const LIMIT: Duration = Duration::from_secs(5);

/// The groups of all programs that are running, for [`kill_all`].
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// A program under test and all that it has started.
#[derive(Debug)]
pub(super) struct Family {
    mark: Mark,
    /// The group in which the program was started; its number is that of the first process.
    pub(super) group: Pid,
}

/// What the environment of a program and of its children holds, and no other one.
#[derive(Debug)]
pub(super) struct Mark(String);

/// A process of the family that is running.
#[derive(Debug)]
struct Relative {
    id: Pid,
    is_in_group: bool,
    command: String,
}

impl Mark {
    /// A mark that no program has, in this suite or another one.
    pub(super) fn new() -> Self {
        static SUBREAPER: Once = Once::new();
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Without it, the system's first process adopts the orphans, and waits for them.
        #[cfg(target_os = "linux")]
        SUBREAPER.call_once(|| {
            let _ = nix::sys::prctl::set_child_subreaper(true);
        });
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}{number}", of_this_suite()))
    }

    /// The variable and its value.
    pub(super) fn variable(&self) -> (&'static str, &str) {
        (VARIABLE, &self.0)
    }
}

/// How each mark of this suite begins.
fn of_this_suite() -> String {
    format!("{}-", std::process::id())
}

impl Family {
    pub(super) fn new(mark: Mark, group: Pid) -> Self {
        if let Ok(mut groups) = GROUPS.lock() {
            groups.insert(group.as_raw());
        }
        Self { mark, group }
    }

    /// The command of a process that is running outside the group, if there is one.
    pub(super) fn outside(&self) -> Option<String> {
        let mut relatives = self.relatives().into_iter();
        let found = relatives.find(|relative| !relative.is_in_group)?;
        Some(found.command)
    }

    /// The command of any process that is running.
    pub(super) fn any(&self) -> Option<String> {
        Some(self.relatives().into_iter().next()?.command)
    }

    /// Kills every process, without waiting.
    pub(super) fn kill(&self) {
        self.forget();
        let _ = signal::killpg(self.group, Signal::SIGKILL);
        for relative in self.relatives() {
            let _ = signal::kill(relative.id, Signal::SIGKILL);
        }
    }

    /// Kills what is left when the first process has ended, and waits until it is gone. Returns how many processes had left
    /// the group.
    pub(super) async fn end(&self) -> usize {
        let begin = Instant::now();
        let mut left = BTreeSet::new();
        while begin.elapsed() < LIMIT {
            let all_gone = is_reaped(-self.group.as_raw())
                & left.iter().all(|id: &Pid| is_reaped(id.as_raw()));
            let relatives = if all_gone {
                self.relatives()
            } else {
                Vec::new()
            };
            if all_gone && relatives.is_empty() {
                break;
            }
            for relative in relatives {
                let _ = signal::kill(relative.id, Signal::SIGKILL);
                if !relative.is_in_group {
                    left.insert(relative.id);
                }
            }
            tokio::time::sleep(POLL).await;
        }
        self.forget();
        left.len()
    }

    fn forget(&self) {
        if let Ok(mut groups) = GROUPS.lock() {
            groups.remove(&self.group.as_raw());
        }
    }

    fn relatives(&self) -> Vec<Relative> {
        let entry = format!("{VARIABLE}={}\0", self.mark.0);
        let running = with_in_environment(entry.as_bytes());
        let relative = |id| Relative {
            id,
            is_in_group: nix::unistd::getpgid(Some(id)) == Ok(self.group),
            command: command(id),
        };
        running.into_iter().map(relative).collect()
    }
}

/// Kills every process that this suite has started, directly or not.
pub(super) fn kill_all() {
    if let Ok(groups) = GROUPS.lock() {
        for group in groups.iter() {
            let _ = signal::killpg(Pid::from_raw(*group), Signal::SIGKILL);
        }
    }
    let entry = format!("{VARIABLE}={}", of_this_suite());
    for id in with_in_environment(entry.as_bytes()) {
        let _ = signal::kill(id, Signal::SIGKILL);
    }
}

/// The running processes whose environment holds these bytes. Empty on systems without `/proc`.
fn with_in_environment(entry: &[u8]) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let ids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let own = std::process::id() as i32;
    // A process that has ended, and one of another user, has no environment that can be read.
    let holds = |id: &i32| {
        *id != own
            && std::fs::read(format!("/proc/{id}/environ"))
                .is_ok_and(|environment| memchr::memmem::find(&environment, entry).is_some())
    };
    ids.filter(holds).map(Pid::from_raw).collect()
}

/// The command line of a process.
fn command(id: Pid) -> String {
    let words = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let words = words.strip_suffix(b"\0").unwrap_or(&words);
    String::from_utf8_lossy(words).replace('\0', " ")
}

/// Waits for those children with this id, or of this group if it is negative, that have ended. Whether no child is left.
fn is_reaped(id: i32) -> bool {
    loop {
        match waitpid(Pid::from_raw(id), Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => return false,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return true,
        }
    }
}
