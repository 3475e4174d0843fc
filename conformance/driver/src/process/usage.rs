//! What a process group uses: processor time and memory, as the operating system counts them.

use std::time::Duration;

/// A reading. Processes that ended before are counted only where one that still runs has waited for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time since the start, in user and in system mode.
    pub cpu: Duration,
    /// Resident memory in bytes. Pages that several processes share count once for each.
    pub rss: u64,
    /// The sum of the largest resident memory that each process has had, in bytes.
    pub rss_peak: u64,
    /// Open file descriptors.
    pub descriptors: u64,
}

impl Usage {
    /// Reads what the group uses now. `None` where the system does not say (only Linux does), or when nobody is left.
    #[cfg(target_os = "linux")]
    pub fn of_group(group: i32) -> Option<Self> {
        let ticks = procfs::ticks_per_second();
        let mut sum: Option<Self> = None;
        for process in procfs::process::all_processes().ok()?.flatten() {
            // It may end between any two of these lines: then it counts no more.
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

    /// Reads what the group uses now. `None` where the system does not say (only Linux does), or when nobody is left.
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
    fn of_nobody_there_is_nothing() {
        assert_eq!(Usage::of_group(i32::MAX), None);
    }
}
