//! Steps in which the client must do something: send, show, close.

use driver::wire::{End, Excerpt, JudgedLine};

use super::abort::{Abort, StepResult};
use super::peer::Peer;
use super::run::ClientRun;
use crate::requirement::Id;
use crate::runner::problem::{Expectation, Instead, Proof};
use crate::runner::trace::Happening;

/// The client sends exactly this line next.
pub(super) async fn line(run: &mut ClientRun<'_>, expected: &[u8]) -> StepResult {
    let expected = String::from_utf8_lossy(expected);
    let line = next_line(run, &expected).await?;
    if line == expected {
        return Ok(());
    }
    Err(run.failed(Expectation::line(expected), Instead::Sent { line }))
}

/// The client sends this line, perhaps after others.
pub(super) async fn eventually(run: &mut ClientRun<'_>, expected: &[u8]) -> StepResult {
    let expected = String::from_utf8_lossy(expected);
    while next_line(run, &expected).await? != expected {}
    Ok(())
}

/// The next line that the client sends.
pub(super) async fn next_line(run: &mut ClientRun<'_>, expected: &str) -> StepResult<String> {
    let expected = || Expectation::line(expected);
    match line_or_end(run).await? {
        Some(Ok(line)) => {
            run.note_line(&line);
            line.map_err(|line| run.failed(expected(), Instead::Unlawful { line }))
        }
        Some(Err(end)) => Err(run.failed(expected(), Instead::Ended { end })),
        None => {
            let partial = run.peer.as_ref().map(Peer::partial).unwrap_or_default();
            let waited = run.patience.hang;
            Err(run.failed(expected(), Instead::Nothing { waited, partial }))
        }
    }
}

/// What the client does next: a line, or the end of the connection; `None` when nothing comes.
async fn line_or_end(run: &mut ClientRun<'_>) -> StepResult<Option<Result<JudgedLine, End>>> {
    run.until(|run| {
        let peer = run.peer.as_ref()?;
        peer.pop().map(Ok).or_else(|| peer.ended().map(Err))
    })
    .await
}

/// The client sends nothing for a moment. No marker can prove this silence, so a client that is slow enough passes.
pub(super) async fn silence(run: &mut ClientRun<'_>) -> StepResult {
    let moment = run.patience.stall;
    let line = run
        .until_for(moment, |run| run.peer.as_ref()?.pop())
        .await?;
    line.map_or(Ok(()), |line| Err(run.surplus_line(line)))
}

/// The client shows a text. A later text that is shown first proves that it is lost.
pub(super) async fn shown(run: &mut ClientRun<'_>, text: &[u8]) -> StepResult {
    let stall = run.patience.stall;
    let in_time = run
        .until_for(stall, |run| run.program_mut().shows(text).then_some(()))
        .await?;
    if in_time.is_none() {
        let expected = Expectation::Shown {
            text: String::from_utf8_lossy(text).into_owned(),
        };
        let marker = run.send_marker().await?;
        let proof = run
            .until(|run| {
                let program = run.program_mut();
                // In this order: whatever was shown before the marker is seen after it was looked for.
                let is_overtaken = marker
                    .as_ref()
                    .is_some_and(|marker| program.will_show(marker));
                if program.shows(text) {
                    Some(None)
                } else {
                    is_overtaken.then_some(Some(Proof::Overtaken))
                }
            })
            .await?;
        let time = run.patience.hang;
        if let Some(proof) = proof.unwrap_or(Some(Proof::Waited { time })) {
            return Err(run.not_shown(expected, proof));
        }
    }
    run.note(Happening::Shown {
        text: Excerpt::of(text),
    });
    Ok(())
}

/// The client shows something new.
pub(super) async fn anything_shown(run: &mut ClientRun<'_>) -> StepResult {
    let shown = run
        .until(|run| run.program_mut().shows_anything().then_some(()))
        .await?;
    let time = run.patience.hang;
    shown.ok_or_else(|| run.not_shown(Expectation::AnythingShown, Proof::Waited { time }))
}

/// The client closes the connection, and sends nothing before that.
pub(super) async fn close(run: &mut ClientRun<'_>) -> StepResult {
    let next = line_or_end(run).await?;
    run.is_member = false;
    match next {
        Some(Err(End::Fin)) => {
            run.note(Happening::HalfClosed);
            Ok(())
        }
        Some(Err(end)) => Err(run.failed(Expectation::Nothing, Instead::Ended { end })),
        Some(Ok(line)) => Err(unlisted(run, line)),
        None => {
            let waited = run.patience.hang;
            Err(run.failed(Expectation::End, Instead::StillOpen { waited }))
        }
    }
}

/// A line that no step lists. If the user has typed it before, it was sent twice, or too late (CLIENT-11).
pub(super) fn unlisted(run: &ClientRun<'_>, line: JudgedLine) -> Abort {
    let was_typed = |line: &String| {
        let typed = format!("{line}\n");
        run.typed.iter().any(|known| known == typed.as_bytes())
    };
    let was_typed = line.as_ref().is_ok_and(was_typed);
    let blame = was_typed.then(|| Id::parse("CLIENT-11")).flatten();
    run.surplus_line(line).or_blame(blame)
}
