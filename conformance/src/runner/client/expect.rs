//! What the client must do: say, show, close.

use std::rc::Rc;
use std::time::Duration;

use tokio::time::timeout;

use super::peer::Peer;
use super::perform::{Played, Stage, Stop};
use super::program::Program;
use crate::requirement::Id;
use crate::runner::client_problem::Instead;
use crate::runner::problem::Proof;
use crate::runner::trace::MomentKind;
use driver::wire::{End, JudgedLine};

impl Stage<'_> {
    pub(super) async fn says(&mut self, expected: &str) -> Played {
        let line = self.next_line(expected).await?;
        if line == expected {
            return Ok(());
        }
        Err(self.failed(expected, Instead::Sent(line)))
    }

    /// What comes of the client next: a line, or the end of the connection; None when nothing does.
    async fn line_or_end(&mut self) -> Played<Option<Result<JudgedLine, End>>> {
        self.until(|stage| {
            let peer = stage.peer.as_ref()?;
            peer.pop().map(Ok).or_else(|| peer.ended().map(Err))
        })
        .await
    }

    /// The next line that the client sends.
    pub(super) async fn next_line(&mut self, expected: &str) -> Played<String> {
        let came = self.line_or_end().await?;
        match came {
            Some(Ok(line)) => {
                self.note_line(&line);
                line.map_err(|unlawful| self.failed(expected, Instead::Unlawful(unlawful)))
            }
            Some(Err(end)) => Err(self.failed(expected, Instead::Ended(end))),
            None => {
                let partial = self.peer.as_ref().map(Peer::partial).unwrap_or_default();
                Err(self.failed(expected, Instead::Nothing(self.patience.hang, partial)))
            }
        }
    }

    /// No marker can prove this silence, so it is waited for; a client that is slow enough passes.
    pub(super) async fn is_silent(&mut self) -> Played {
        let line = self
            .until_for(self.patience.stall, |stage| stage.peer.as_ref()?.pop())
            .await?;
        line.map_or(Ok(()), |line| Err(self.failed_by("", line)))
    }

    /// Waits for a text. What comes after it being shown first proves that it is lost.
    pub(super) async fn shows(&mut self, text: &[u8], told: &str) -> Played {
        let stall = self.patience.stall;
        if self
            .until_for(stall, |stage| stage.program_mut().shows(text).then_some(()))
            .await?
            .is_some()
        {
            self.note(MomentKind::Shown, text);
            return Ok(());
        }
        let marker = self.send_marker().await?;
        let shown = self
            .until(|stage| {
                let overtaken = marker
                    .as_ref()
                    .is_some_and(|marker| stage.program_mut().will_show(marker));
                // In this order: what was shown before the marker was looked for has come.
                let program = stage.program_mut();
                if program.shows(text) {
                    Some(true)
                } else {
                    overtaken.then_some(false)
                }
            })
            .await?;
        match shown {
            Some(true) => {
                self.note(MomentKind::Shown, text);
                Ok(())
            }
            Some(false) => Err(self.not_shown(told, Proof::Overtaken)),
            None => Err(self.not_shown(told, Proof::Waited(self.patience.hang))),
        }
    }

    pub(super) async fn closes(&mut self) -> Played {
        let came = self.line_or_end().await?;
        self.is_member = false;
        match came {
            Some(Err(End::Fin)) => {
                self.note(MomentKind::HalfClosed, b"");
                Ok(())
            }
            Some(Err(end)) => Err(self.failed("", Instead::Ended(end))),
            Some(Ok(line)) => Err(self.unlisted(line)),
            None => Err(self.failed("", Instead::StillOpen(self.patience.hang))),
        }
    }

    /// A line that no step listed. What the user has typed before was sent twice, or too late.
    pub(super) fn unlisted(&self, line: JudgedLine) -> Stop {
        let known = |line: &String| {
            let typed = format!("{line}\n");
            self.typed.iter().any(|known| known == typed.as_bytes())
        };
        let blame = line.as_ref().ok().filter(|line| known(line));
        let blame = blame.and_then(|_| Id::parse("CLIENT-11"));
        match self.failed_by("", line) {
            Stop::Failed(problem, None) => Stop::Failed(problem, blame),
            stop => stop,
        }
    }

    /// Waits until something is so, or until nothing has happened for as long as the harness waits.
    pub(super) async fn until<T>(
        &mut self,
        condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> Played<Option<T>> {
        self.until_for(self.patience.hang, condition).await
    }

    pub(super) async fn until_for<T>(
        &mut self,
        limit: Duration,
        mut condition: impl FnMut(&mut Self) -> Option<T>,
    ) -> Played<Option<T>> {
        let activity = Rc::clone(&self.activity);
        activity.progressed();
        loop {
            let changed = activity.next();
            if let Some(value) = condition(self) {
                return Ok(Some(value));
            }
            if self.program.as_ref().is_some_and(Program::is_flooding) {
                return Err(self.failed("", Instead::Flood));
            }
            let quiet = activity.quiet_for();
            if quiet >= limit {
                return Ok(None);
            }
            if quiet >= self.patience.stall {
                (self.on_stall)();
            }
            let step = if quiet < self.patience.stall {
                self.patience.stall
            } else {
                limit
            };
            let _ = timeout(step.min(limit).saturating_sub(quiet), changed).await;
        }
    }
}
