//! Whether a process group is doing anything, as the operating system knows it.

/// Whether every thread of every process of the group sleeps. `None` on systems other than Linux, and if no process is left.
#[cfg(target_os = "linux")]
pub(super) fn is_asleep(group: i32) -> Option<bool> {
    let processes = procfs::process::all_processes().ok()?.flatten();
    let of_group = processes.filter(|process| process.stat().is_ok_and(|stat| stat.pgrp == group));
    let mut known = None;
    for task in of_group
        .filter_map(|process| process.tasks().ok())
        .flatten()
        .flatten()
    {
        // A thread may end at any time.
        let Ok(stat) = task.stat() else { continue };
        if !matches!(stat.state, 'S' | 'Z') {
            return Some(false);
        }
        known = Some(true);
    }
    known
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_asleep(_group: i32) -> Option<bool> {
    None
}
