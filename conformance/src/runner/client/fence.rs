//! The proof that nothing else comes, and that what came is all.

use super::peer::Peer;
use super::perform::{Played, Stage, Stop};
use super::program::Program;
use crate::requirement::Id;
use crate::runner::problem::{Expectation, Instead, Proof};
use driver::wire::Excerpt;

impl Stage<'_> {
    /// Proves that nothing else comes: what is typed last is sent next, and what is sent last is shown.
    pub(super) async fn fence(&mut self) -> Played {
        let has_user = self.program.as_ref().is_some_and(Program::has_user);
        if self.is_member && has_user {
            let typed = self.new_marker();
            self.type_in(&[&typed, &b"\n"[..]].concat()).await?;
            let expected = String::from_utf8_lossy(&typed).into_owned();
            let line = self.next_line(&expected).await?;
            if line != expected {
                return Err(self.unlisted(Ok(line)));
            }
        }
        self.shows_marker().await?;
        match self.peer.as_ref().and_then(Peer::pop) {
            Some(line) => Err(self.unlisted(line)),
            None => Ok(()),
        }
    }

    /// What is sent last is shown, where the client can show something (CLIENT-5): all that was sent before has arrived.
    pub(super) async fn shows_marker(&mut self) -> Played {
        let Some(marker) = self.send_marker().await? else {
            return Ok(());
        };
        let shown = self
            .until(|stage| stage.program_mut().shows(&marker).then_some(()))
            .await?;
        shown.ok_or_else(|| {
            let text = String::from_utf8_lossy(&marker).into_owned();
            let time = self.patience.hang;
            match self.not_shown(Expectation::Shown { text }, Proof::Waited { time }) {
                Stop::Failed(problem, None) => Stop::Failed(problem, Id::parse("CLIENT-5")),
                stop => stop,
            }
        })
    }

    pub(super) fn check_forbidden(&mut self) -> Result<(), (Stop, usize)> {
        for (text, line) in std::mem::take(&mut self.forbidden) {
            if self.program_mut().has_shown(&text) {
                let text = Excerpt::of(&text);
                return Err((
                    self.failed(Expectation::Nothing, Instead::Shown { text }),
                    line,
                ));
            }
        }
        Ok(())
    }

    /// Sends a member's message that is unlike any other, where the client can show one.
    pub(super) async fn send_marker(&mut self) -> Played<Option<Vec<u8>>> {
        if !self.is_member || !self.peer.as_ref().is_some_and(Peer::is_open) {
            return Ok(None);
        }
        let marker = self.new_marker();
        self.hear(&[b"fence: ", &marker[..], b"\n"].concat())
            .await?;
        Ok(Some(marker))
    }

    pub(super) fn new_marker(&mut self) -> Vec<u8> {
        self.markers += 1;
        format!("marker-{}-{}", std::process::id(), self.markers).into_bytes()
    }
}
