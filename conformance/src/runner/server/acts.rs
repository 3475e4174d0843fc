//! What actors do.

use std::rc::Rc;
use std::time::Duration;

use super::actor::{Actor, State};
use super::awaits;
use super::blame::Violation;
use super::stage::{Played, Stage, Stop};
use crate::runner::problem::Problem;
use crate::runner::trace::MomentKind;
use crate::scenario::{Act, Counters};
use driver::wire::{ClientLine, SendError};

/// One actor does one thing.
pub(super) async fn perform(
    stage: &Stage<'_>,
    name: &str,
    act: &Act,
    counters: &Counters,
) -> Played {
    let actor = stage.actor(name);
    if !matches!(act, Act::StopsReading | Act::ResumesReading) {
        name.clone_into(&mut stage.protagonist.borrow_mut());
    }
    match act {
        Act::Connects => stage.connect(&actor).await,
        Act::Joins { nickname } => {
            let nickname = nickname
                .as_ref()
                .map_or(name.to_owned(), |text| text.text(counters));
            joins(stage, &actor, &nickname).await
        }
        Act::Says(line) => sends(stage, &actor, [line.bytes(counters), vec![b'\n']].concat()).await,
        Act::Sends(bytes) => sends(stage, &actor, bytes.bytes(counters)).await,
        Act::SendsUntilCutOff(bytes) => {
            sends_until_cut_off(stage, &actor, &bytes.bytes(counters)).await
        }
        Act::KeepsSending(bytes) => {
            keeps_sending(stage, &actor, bytes.bytes(counters));
            Ok(())
        }
        Act::Closes => closes(stage, &actor).await,
        Act::HalfCloses => {
            stage.note(name, MomentKind::HalfClosed, b"");
            leaving(stage, &actor);
            actor
                .connection()
                .inspect(|connection| connection.half_close());
            Ok(())
        }
        Act::Resets => {
            stage.note(name, MomentKind::Reset, b"");
            if let Some(visit) = actor.visit.take() {
                stage.chronicle.borrow_mut().reset(visit);
            }
            let member = actor.state.get() == State::Member;
            if let Some(connection) = actor.leaves(if member { State::Reset } else { State::Away })
            {
                connection.reset().await;
            }
            Ok(())
        }
        Act::StopsReading | Act::ResumesReading => {
            let what: &[u8] = if matches!(act, Act::StopsReading) {
                b"stops"
            } else {
                b"resumes"
            };
            stage.note(name, MomentKind::Reading, what);
            actor
                .connection()
                .inspect(|connection| connection.pause(matches!(act, Act::StopsReading)));
            Ok(())
        }
    }
}

async fn joins(stage: &Stage<'_>, actor: &Actor, nickname: &str) -> Played {
    stage.connect(actor).await?;
    let nickname = stage.alias.nickname(nickname);
    let strangers = stage.alias.strangers();
    let present = stage.members(|_| true).len() + strangers;
    // Inside `together`, nobody knows how many are there.
    let welcome = if stage.concurrent.get() {
        format!("* welcome {nickname}")
    } else {
        format!("* welcome {nickname} {present}")
    };
    stage.note(&actor.name, MomentKind::Sent, nickname.as_bytes());
    stage
        .send(actor, format!("{nickname}\n").as_bytes())
        .await?;
    let text = awaits::line(stage, actor, &welcome).await?;
    let count = text.split(' ').nth(3).and_then(|count| count.parse().ok());
    awaits::welcomed(actor, &text);
    stage
        .here_lines(actor, count.unwrap_or(present).saturating_sub(strangers))
        .await
}

/// Sends bytes, and notes which messages and which goodbye are among them.
async fn sends(stage: &Stage<'_>, actor: &Actor, bytes: Vec<u8>) -> Played {
    let naming = actor.state.get() == State::Naming && !actor.is_mid_line();
    let bytes = if naming {
        stage.alias.while_naming(bytes)
    } else {
        bytes
    };
    // A line is shown without its LF; any other bytes as they are.
    let shown = bytes
        .strip_suffix(b"\n")
        .filter(|line| !line.contains(&b'\n') && !actor.is_mid_line());
    stage.note(&actor.name, MomentKind::Sent, shown.unwrap_or(&bytes));
    let lines = actor.unfinished.borrow_mut().feed(&bytes);
    if let Some(visit) = actor.visit.get() {
        for line in lines
            .iter()
            .take_while(|line| !ClientLine::parse(line).is_quit())
            .filter(|line| ClientLine::parse(line).is_message())
        {
            stage
                .chronicle
                .borrow_mut()
                .said(visit, &String::from_utf8_lossy(line));
        }
    }
    if lines.iter().any(|line| ClientLine::parse(line).is_quit()) {
        leaving(stage, actor);
    }
    stage.send(actor, &bytes).await
}

/// From now on the server is to end the connection.
pub(super) fn leaving(stage: &Stage<'_>, actor: &Actor) {
    actor.state.set(State::Leaving);
    actor.unfinished.take();
    if let Some(visit) = actor.visit.get() {
        stage.chronicle.borrow_mut().left(visit, false);
    }
}

async fn sends_until_cut_off(stage: &Stage<'_>, actor: &Actor, bytes: &[u8]) -> Played {
    let Some(connection) = actor.connection() else {
        return Ok(());
    };
    let sent = connection.send(bytes, stage.patience.hang).await;
    actor.leaves(State::Away);
    match sent {
        Err(SendError::Ended(_)) => Ok(()),
        Ok(()) | Err(SendError::Stuck(_)) => Err(Stop::new(Problem::NotCutOff {
            actor: actor.name.clone(),
        })),
    }
}

fn keeps_sending(stage: &Stage<'_>, actor: &Rc<Actor>, bytes: Vec<u8>) {
    const PAUSE: Duration = Duration::from_millis(100);
    let (actor, patience) = (Rc::clone(actor), stage.patience.hang);
    actor.pestering.set(true);
    actor
        .connection()
        .inspect(|connection| connection.expect_chatter());
    tokio::task::spawn_local(async move {
        while let (true, Some(connection)) = (actor.pestering.get(), actor.connection()) {
            if connection.send(&bytes, patience).await.is_err() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
}

async fn closes(stage: &Stage<'_>, actor: &Actor) -> Played {
    stage.note(&actor.name, MomentKind::HalfClosed, b"");
    leaving(stage, actor);
    actor
        .connection()
        .inspect(|connection| connection.half_close());
    awaits::line(stage, actor, "<quit>")
        .await
        .map_err(|stop| match *stop.problem {
            Problem::Ended { .. } => Stop {
                blame: stop.blame.or_else(|| Violation::NoGoodbye.id()),
                ..stop
            },
            _ => stop,
        })?;
    awaits::closed(stage, actor).await
}
