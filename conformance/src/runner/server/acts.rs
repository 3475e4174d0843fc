//! Steps in which an actor does something.

use std::rc::Rc;
use std::time::Duration;

use driver::wire::{ClientLine, Excerpt, SendError, ServerLine};
use tokio::time::Instant;

use super::abort::{Abort, StepResult};
use super::actor::Actor;
use super::awaits;
use super::run::ServerRun;
use super::violation::Violation;
use crate::runner::problem::Problem;
use crate::runner::trace::Happening;
use crate::scenario::presence::Presence;
use crate::scenario::{Act, Counters};

/// One actor does one thing.
pub(super) async fn perform(
    run: &ServerRun<'_>,
    name: &str,
    act: &Act,
    counters: &Counters,
) -> StepResult {
    let actor = run.actor(name);
    run.has_joined.set(matches!(act, Act::Joins { .. }));
    if !matches!(act, Act::StopsReading | Act::ResumesReading) {
        name.clone_into(&mut run.last_actor.borrow_mut());
    }
    match act {
        Act::Connects => return run.connect(&actor).await,
        Act::Joins { nickname } => {
            let nickname = nickname.as_ref();
            let nickname = nickname.map_or(name.to_owned(), |text| text.text(counters));
            return joins(run, &actor, &nickname).await;
        }
        Act::Says(line) => {
            let line = [line.bytes(counters), vec![b'\n']].concat();
            return sends(run, &actor, line).await;
        }
        Act::Sends(bytes) => return sends(run, &actor, bytes.bytes(counters)).await,
        Act::SendsUntilCutOff(bytes) => {
            return sends_until_cut_off(run, &actor, &bytes.bytes(counters)).await;
        }
        Act::KeepsSending(bytes) => keeps_sending(run, &actor, bytes.bytes(counters)),
        Act::Closes => return closes(run, &actor).await,
        Act::HalfCloses => half_closes(run, &actor).await,
        Act::Resets | Act::HangsUp => breaks_off(run, &actor, act).await,
        // The script knows from the beginning who will stay.
        Act::Stays => {}
        Act::StopsReading => {
            run.note(name, Happening::StoppedReading);
            actor.pause(true);
        }
        Act::ResumesReading => {
            run.note(name, Happening::ResumedReading);
            actor.pause(false);
        }
    }
    Ok(())
}

async fn joins(run: &ServerRun<'_>, actor: &Actor, nickname: &str) -> StepResult {
    run.connect(actor).await?;
    let nickname = run.alias.nickname(nickname);
    let strangers = run.alias.strangers();
    let present = run.members(|_| true).len() + strangers;
    // Inside `together` the number of members at that moment is not known.
    let welcome = ServerLine::Welcome {
        nickname: &nickname,
        count: (!run.concurrent.get() && run.tongue.has_count()).then_some(present),
        further: None,
    };
    let welcome = welcome.to_string();
    let text = nickname.as_str().into();
    run.note(&actor.name, Happening::Sent { text });
    let sent = Instant::now();
    run.send(actor, format!("{nickname}\n").as_bytes()).await?;
    let text = awaits::line(run, actor, &welcome).await?;
    run.clock.replied(sent);
    let count = awaits::welcomed(actor, &text);
    let count = match count {
        Some(count) => count,
        // A dialect may have no count, but its list comes in one piece with the welcome.
        None if run.concurrent.get() => actor.here_lines_at_head(),
        None => present,
    };
    if !run.tongue.has_list() {
        awaits::begin_membership(run, actor, run.nicknames_but(actor));
        return Ok(());
    }
    awaits::here_lines(run, actor, count.saturating_sub(strangers))
        .await
        .map_err(|abort| abort.or_blame(Violation::FalseList))
}

/// The most bytes of a line (LINE-7).
const LONGEST_LINE: usize = 4096;

/// Sends bytes, and notes which messages and which goodbye are among them.
async fn sends(run: &ServerRun<'_>, actor: &Actor, bytes: Vec<u8>) -> StepResult {
    if run.tongue.has_turned_away(actor) {
        drop(actor.disconnect());
        run.connect(actor).await?;
    }
    let is_naming = actor.presence.get() == Presence::Naming && !actor.is_mid_line();
    let bytes = if is_naming {
        run.alias.while_naming(bytes)
    } else {
        bytes
    };
    // A whole line is shown without its LF; any other bytes as they are.
    let line = bytes
        .strip_suffix(b"\n")
        .filter(|line| !line.contains(&b'\n') && !actor.is_mid_line());
    let text = Excerpt::of(line.unwrap_or(&bytes));
    run.note(&actor.name, Happening::Sent { text });
    let lines = actor.sent.borrow_mut().feed(&bytes);
    if actor.presence.get() == Presence::Naming {
        actor.asks(lines.iter().filter(|line| !line.is_empty()).count());
    }
    if let [line] = lines.as_slice() {
        actor.last_sent.replace(line.clone());
    } else {
        actor.last_sent.take();
    }
    if bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.len() > LONGEST_LINE)
    {
        actor.too_long.replace(bytes.clone());
    }
    if let Some(membership) = actor.membership.get() {
        let mut history = run.history.borrow_mut();
        let parsed = lines.iter().map(|line| ClientLine::parse(line));
        for line in parsed.take_while(|line| !line.is_quit()) {
            if let ClientLine::Text(text) = line {
                history.said(membership, text);
            }
        }
    }
    if lines.iter().any(|line| ClientLine::parse(line).is_quit()) {
        run.begin_leaving(actor);
    }
    run.send(actor, &bytes).await
}

async fn sends_until_cut_off(run: &ServerRun<'_>, actor: &Actor, bytes: &[u8]) -> StepResult {
    let Some(connection) = actor.connection() else {
        return Ok(());
    };
    let sent = connection.send(bytes, run.clock.patience.hang).await;
    actor.disconnect();
    match sent {
        Err(SendError::Ended(_)) => Ok(()),
        Ok(()) | Err(SendError::Stuck(_)) => {
            let actor = actor.name.clone();
            Err(Abort::new(Problem::NotCutOff { actor }))
        }
    }
}

fn keeps_sending(run: &ServerRun<'_>, actor: &Rc<Actor>, bytes: Vec<u8>) {
    const PAUSE: Duration = Duration::from_millis(100);
    let (actor, patience) = (Rc::clone(actor), run.clock.patience.hang);
    actor.keeps_sending.set(true);
    if let Some(connection) = actor.connection() {
        connection.expect_chatter();
    }
    tokio::task::spawn_local(async move {
        while let (true, Some(connection)) = (actor.keeps_sending.get(), actor.connection()) {
            if connection.send(&bytes, patience).await.is_err() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
}

async fn half_closes(run: &ServerRun<'_>, actor: &Actor) {
    run.until_at_rest().await;
    run.note(&actor.name, Happening::HalfClosed);
    run.begin_leaving(actor);
    actor.half_close();
}

async fn closes(run: &ServerRun<'_>, actor: &Actor) -> StepResult {
    half_closes(run, actor).await;
    if !run.tongue.has_goodbye_after_fin() {
        hang_up(actor).await;
        run.clock.activity.progressed();
        return Ok(());
    }
    let goodbye = awaits::line(run, actor, "<quit>").await;
    goodbye.map_err(|abort| match *abort.problem {
        Problem::Ended { .. } => abort.or_blame(Violation::NoGoodbye),
        Problem::Missing { .. } => abort.or_blame(Violation::EndUnnoticed),
        _ => abort,
    })?;
    awaits::closed(run, actor).await
}

/// Ends a connection that is half-closed, as clients of a dialect do: what comes meanwhile counts for nobody, and some servers never
/// end their side.
async fn hang_up(actor: &Actor) {
    const MOST: Duration = Duration::from_millis(250);
    actor.membership.set(None);
    if let Some(connection) = actor.disconnect() {
        connection.drain(MOST, drop).await;
    }
}

/// Ends the connection without reading what is still to come.
async fn breaks_off(run: &ServerRun<'_>, actor: &Actor, act: &Act) {
    run.until_at_rest().await;
    let is_reset = matches!(act, Act::Resets);
    let what = if is_reset {
        Happening::Reset
    } else {
        Happening::HungUp
    };
    run.note(&actor.name, what);
    if let Some(membership) = actor.membership.take() {
        let mut history = run.history.borrow_mut();
        history.broken_off(membership, run.concurrent.get());
    }
    let after = actor.presence.get().reset();
    let connection = actor.disconnect();
    actor.presence.set(after);
    if let Some(connection) = &connection {
        connection.leave();
    }
    match connection {
        Some(connection) if is_reset => connection.reset().await,
        Some(connection) => connection.close().await,
        None => {}
    }
}
