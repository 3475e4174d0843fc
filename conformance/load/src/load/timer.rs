//! A precise timer. The runtime rounds its timers to a millisecond, which would show in every latency, so this one uses
//! Linux's timerfd; on other systems it is the runtime's.

use std::io;
use std::time::Instant;

/// A timer for one task.
#[derive(Debug)]
pub(super) struct Timer {
    #[cfg(target_os = "linux")]
    fd: tokio::io::unix::AsyncFd<Descriptor>,
}

#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Descriptor(nix::sys::timerfd::TimerFd);

#[cfg(target_os = "linux")]
impl std::os::fd::AsRawFd for Descriptor {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        use std::os::fd::AsFd;
        self.0.as_fd().as_raw_fd()
    }
}

#[cfg(target_os = "linux")]
impl Timer {
    pub(super) fn new() -> io::Result<Self> {
        use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};
        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?;
        // SAFETY: `Descriptor` owns the file descriptor and never changes or closes it before it is dropped.
        let fd = unsafe { tokio::io::unix::AsyncFd::register(Descriptor(timer)) }?;
        Ok(Self { fd })
    }

    /// Waits until `when`.
    pub(super) async fn sleep_until(&self, when: Instant) -> io::Result<()> {
        use nix::sys::timerfd::{Expiration, TimerSetTimeFlags};
        let pause = when.saturating_duration_since(Instant::now());
        // Setting a timer to zero disarms it.
        if pause.is_zero() {
            tokio::task::yield_now().await;
            return Ok(());
        }
        let timer = &self.fd.get_ref().0;
        timer.set(
            Expiration::OneShot(pause.into()),
            TimerSetTimeFlags::empty(),
        )?;
        // Arming the timer again discards its expiration, so there is no need to read it.
        self.fd.readable().await?.clear_ready();
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
impl Timer {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits until `when`, rounded up to a millisecond.
    pub(super) async fn sleep_until(&self, when: Instant) -> io::Result<()> {
        tokio::time::sleep_until(when.into()).await;
        Ok(())
    }
}
