//! A clock that wakes when it is asked to. The runtime's timers are rounded to a whole millisecond, which would show in every
//! latency; Linux has better ones.

use std::io;
use std::time::Instant;

/// Wakes one task at a time.
#[derive(Debug)]
pub(super) struct Clock {
    #[cfg(target_os = "linux")]
    timer: tokio::io::unix::AsyncFd<Timer>,
}

#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Timer(nix::sys::timerfd::TimerFd);

#[cfg(target_os = "linux")]
impl std::os::fd::AsRawFd for Timer {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        use std::os::fd::AsFd;
        self.0.as_fd().as_raw_fd()
    }
}

#[cfg(target_os = "linux")]
impl Clock {
    /// # Errors
    /// The system has no timer left.
    pub(super) fn new() -> io::Result<Self> {
        use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};
        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?;
        // SAFETY: the timer owns its descriptor, which stays open and the same for as long as the timer lives.
        let timer = unsafe { tokio::io::unix::AsyncFd::register(Timer(timer)) }?;
        Ok(Self { timer })
    }

    /// Waits until then.
    ///
    /// # Errors
    /// The system does not set the timer.
    pub(super) async fn until(&self, when: Instant) -> io::Result<()> {
        use nix::sys::timerfd::{Expiration, TimerSetTimeFlags};
        let pause = when.saturating_duration_since(Instant::now());
        // A timer that is set to nothing never ends.
        if pause.is_zero() {
            tokio::task::yield_now().await;
            return Ok(());
        }
        let timer = &self.timer.get_ref().0;
        timer.set(
            Expiration::OneShot(pause.into()),
            TimerSetTimeFlags::empty(),
        )?;
        // Setting it again forgets that it has ended, so there is nothing to read.
        self.timer.readable().await?.clear_ready();
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
impl Clock {
    /// # Errors
    /// None.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits until then, rounded up to a millisecond.
    ///
    /// # Errors
    /// None.
    pub(super) async fn until(&self, when: Instant) -> io::Result<()> {
        tokio::time::sleep_until(when.into()).await;
        Ok(())
    }
}
