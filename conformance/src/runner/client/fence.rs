//! The proof that nothing else comes: what is typed last is sent next, and what is sent last is shown.

use driver::wire::Excerpt;

use super::abort::{Abort, StepResult};
use super::expect::{next_line, unlisted};
use super::peer::Peer;
use super::program::Program;
use super::run::ClientRun;
use crate::requirement::Id;
use crate::runner::problem::{Expectation, Instead, Proof};

/// Proves the silence after the last step.
pub(super) async fn last_fence(run: &mut ClientRun<'_>) -> StepResult {
    let has_user = run.program.as_ref().is_some_and(Program::has_user);
    if run.is_member && has_user {
        let typed = run.new_marker();
        run.type_in(&[&typed, &b"\n"[..]].concat()).await?;
        let expected = String::from_utf8_lossy(&typed).into_owned();
        let line = next_line(run, &expected).await?;
        if line != expected {
            return Err(unlisted(run, Ok(line)));
        }
    }
    shows_marker(run).await?;
    match run.peer.as_ref().and_then(Peer::pop) {
        Some(line) => Err(unlisted(run, line)),
        None => Ok(()),
    }
}

/// Waits until the client shows what is sent last, where it can show something (CLIENT-5): then it has received everything.
pub(super) async fn shows_marker(run: &mut ClientRun<'_>) -> StepResult {
    let Some(marker) = run.send_marker().await? else {
        return Ok(());
    };
    let shown = run
        .until(|run| run.program_mut().shows(&marker).then_some(()))
        .await?;
    shown.ok_or_else(|| {
        let text = String::from_utf8_lossy(&marker).into_owned();
        let time = run.patience.hang;
        let not_shown = run.not_shown(Expectation::Shown { text }, Proof::Waited { time });
        not_shown.or_blame(Id::parse("CLIENT-5"))
    })
}

/// The client has shown nothing that it must never show. On failure, the line of the step that says so is returned, too.
pub(super) fn check_forbidden(run: &mut ClientRun<'_>) -> Result<(), (Abort, usize)> {
    for (text, line) in std::mem::take(&mut run.forbidden) {
        if run.program_mut().has_shown(&text) {
            let text = Excerpt::of(&text);
            return Err((
                run.failed(Expectation::Nothing, Instead::Shown { text }),
                line,
            ));
        }
    }
    Ok(())
}
