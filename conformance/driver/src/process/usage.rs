//! Processor time and memory of a process group, as the operating system counts them.

use std::time::Duration;

/// The resources in use at one moment. A process that has ended counts only if a running one of its group has waited for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time since the start, in user and system mode.
    pub cpu: Duration,
    /// Resident memory in bytes. A page counts once for each process that shares it.
    pub rss: u64,
    /// Sum of the peak resident memory of each process, in bytes.
    pub rss_peak: u64,
    /// Open file descriptors.
    pub descriptors: u64,
}

impl Usage {
    /// Measures the group now. `None` if no process is left, and on systems other than Linux.
    #[cfg(target_os = "linux")]
    pub fn of_group(group: i32) -> Option<Self> {
        let ticks = procfs::ticks_per_second();
        let mut sum: Option<Self> = None;
        for process in procfs::process::all_processes().ok()?.flatten() {
            // A process may end between any two of these calls, and no longer counts then.
            let Ok(stat) = process.stat() else { continue };
            if stat.pgrp != group {
                continue;
            }
            let waited_for = (stat.cutime + stat.cstime).max(0) as u64;
            let spent = (stat.utime + stat.stime + waited_for) * 1000 / ticks;
            let peak = process.status().ok().and_then(|status| status.vmhwm);
            let rss = stat.rss * procfs::page_size();
            let sum = sum.get_or_insert_default();
            sum.cpu += Duration::from_millis(spent);
            sum.rss += rss;
            sum.rss_peak += peak.map_or(rss, |kib| kib * 1024);
            sum.descriptors += process.fd_count().unwrap_or(0) as u64;
        }
        sum
    }

    /// Measures the group now. `None` if no process is left, and on systems other than Linux.
    #[cfg(not(target_os = "linux"))]
    pub fn of_group(_group: i32) -> Option<Self> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn counts_this_process() {
        let group = nix::unistd::getpgrp().as_raw();
        let usage = Usage::of_group(group).unwrap();
        assert!(usage.rss > 0 && usage.rss_peak >= usage.rss);
        assert!(usage.descriptors >= 3);
    }

    #[test]
    fn an_empty_group_has_no_usage() {
        assert_eq!(Usage::of_group(i32::MAX), None);
    }
}
