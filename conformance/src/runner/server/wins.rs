//! A step in which one of two actors becomes a member, whichever it is.

use std::time::{Duration, Instant};

use driver::wire::{Received, ServerLine};

use super::abort::{Abort, StepResult};
use super::actor::Actor;
use super::awaits::{here_lines, line, welcomed};
use super::run::ServerRun;
use super::text_match::matches;
use super::violation::Violation;
use crate::runner::problem::{Expectation, Problem, Proof};

const WELCOME: &str = "* welcome";

/// One of the two is welcomed. It is called by the first name from now on.
pub(super) async fn perform(run: &ServerRun<'_>, winner: &str, loser: &str) -> StepResult {
    let (first, second) = (run.actor(winner), run.actor(loser));
    winner.clone_into(&mut run.last_actor.borrow_mut());
    if second_is_welcome(run, &first, &second).await? {
        first.exchange(&second);
    }
    let strangers = run.alias.strangers();
    let present = run.members(|_| true).len() + strangers;
    let welcome = line(run, &first, WELCOME).await?;
    let count = welcomed(&first, &welcome);
    if count != Some(present) {
        let nickname = first.nickname.borrow().clone();
        let expected = ServerLine::welcome(&nickname, present).to_string();
        let different = Problem::Different {
            actor: first.name.clone(),
            expected: Expectation::line(expected),
            received: Received::Line(welcome),
        };
        return Err(Abort::blaming(different, Violation::FalseWelcome));
    }
    here_lines(run, &first, present - strangers).await
}

/// Waits until one of the two is welcomed, or until both have received something else. Returns whether it is the second.
async fn second_is_welcome(run: &ServerRun<'_>, first: &Actor, second: &Actor) -> StepResult<bool> {
    const TICK: Duration = Duration::from_millis(20);
    let began = Instant::now();
    loop {
        let is_welcome = |actor: &Actor| {
            let head = actor.head();
            head.is_some_and(|head| head.text().is_some_and(|text| matches(WELCOME, text)))
        };
        if is_welcome(first) {
            return Ok(false);
        }
        if is_welcome(second) {
            return Ok(true);
        }
        if is_settled(first) && is_settled(second) {
            // The step fails at what the first one has received.
            return Ok(false);
        }
        tokio::select! {
            () = run.clock.activity.next() => {}
            () = tokio::time::sleep(TICK) => {}
        }
        run.clock.check_limit()?;
        let quiet = run.clock.activity.quiet_for();
        if quiet >= run.clock.patience.stall {
            (run.clock.on_stall)();
            run.crash().map_or(Ok(()), Err)?;
        }
        if quiet >= run.clock.patience.hang {
            let actor = if is_settled(first) { second } else { first };
            return Err(Abort::new(Problem::Missing {
                actor: actor.name.clone(),
                expected: Expectation::line(WELCOME),
                proof: Proof::Waited {
                    time: began.elapsed(),
                },
                partial: actor.partial(),
            }));
        }
    }
}

/// Whether the actor has received something, or its connection has ended.
fn is_settled(actor: &Actor) -> bool {
    let has_ended = || {
        let connection = actor.connection();
        connection.is_none_or(|connection| connection.ended().is_some())
    };
    actor.head().is_some() || has_ended()
}
