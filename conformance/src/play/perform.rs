//! One step after the other.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::actor::{Actor, State, matches, take_first};
use super::blame::{self, Violation};
use super::cue::Cue;
use super::fence::Strictness;
use super::stage::{Came, Played, Stage, Stop, Wanted};
use super::verdict::Problem;
use crate::script::{Act, Await, Counters, ServerAct, Step, StepKind, Template, Who};
use crate::wire::line::{is_message, is_quit};
use crate::wire::{End, Event, SendError};

/// Performs all steps, and then proves that nothing else comes.
pub(super) async fn scenario(stage: &Stage<'_>) -> Played {
    for (at, cue) in stage.cues.iter().enumerate() {
        stage.begun.set(at + 1);
        stage.chronicle.borrow_mut().next_phase();
        perform(stage, cue).await?;
    }
    if stage.stopping.get() { Ok(()) } else { stage.last_fence().await }
}

fn perform<'a>(stage: &'a Stage<'_>, cue: &'a Cue<'_>) -> Pin<Box<dyn Future<Output = Played> + 'a>> {
    Box::pin(async move {
        match cue {
            Cue::Step(step, counters) => step_at(stage, step, counters).await,
            Cue::Together(branches) => together(stage, branches).await,
            Cue::Within(limit, body) => {
                stage.within.set(Some((Instant::now(), *limit)));
                for cue in body {
                    perform(stage, cue).await?;
                }
                stage.within.set(None);
                Ok(())
            }
        }
    })
}

async fn together(stage: &Stage<'_>, branches: &[Vec<Cue<'_>>]) -> Played {
    let outer = stage.concurrent.replace(true);
    let play = |branch| async move {
        for cue in branch {
            perform(stage, cue).await?;
            // The others get their turn between any two steps.
            tokio::task::yield_now().await;
        }
        Ok(())
    };
    let played = all(branches.iter().map(play).collect()).await;
    stage.concurrent.set(outer);
    played
}

/// Drives all branches at the same time, until the first one fails or all are done.
async fn all(branches: Vec<impl Future<Output = Played>>) -> Played {
    let mut branches: Vec<_> = branches.into_iter().map(|branch| Some(Box::pin(branch))).collect();
    std::future::poll_fn(|context| {
        for slot in &mut branches {
            let Some(branch) = slot else { continue };
            match branch.as_mut().poll(context) {
                std::task::Poll::Pending => {}
                std::task::Poll::Ready(Ok(())) => *slot = None,
                std::task::Poll::Ready(Err(stop)) => return std::task::Poll::Ready(Err(stop)),
            }
        }
        if branches.iter().all(Option::is_none) { std::task::Poll::Ready(Ok(())) } else { std::task::Poll::Pending }
    })
    .await
}

async fn step_at(stage: &Stage<'_>, step: &Step, counters: &Counters) -> Played {
    let (played, named) = match &step.kind {
        StepKind::Act { actor, act } => (act_of(stage, &actor.text(counters), act, counters).await, None),
        StepKind::Await { who, what, blame } => (awaited(stage, who, what, counters).await, blame.as_ref()),
        StepKind::Agree { actors } => (agree(stage, actors, counters).await, None),
        StepKind::Server(act) => (server(stage, *act).await, None),
        // Loops have been unrolled.
        StepKind::Repeat { .. } | StepKind::Together(_) | StepKind::Within(..) => (Ok(()), None),
    };
    played.map_err(|stop| Stop {
        blame: stop.blame.or_else(|| named.cloned()),
        step: stop.step.or_else(|| Some((step.line, counters.describe()))),
        ..stop
    })
}

async fn act_of(stage: &Stage<'_>, name: &str, act: &Act, counters: &Counters) -> Played {
    let actor = stage.actor(name);
    if !matches!(act, Act::StopsReading | Act::ResumesReading) {
        name.clone_into(&mut stage.protagonist.borrow_mut());
    }
    match act {
        Act::Connects => stage.connect(&actor).await,
        Act::Joins { nickname } => {
            let nickname = nickname.as_ref().map_or(name.to_owned(), |text| text.text(counters));
            joins(stage, &actor, &nickname).await
        }
        Act::Says(line) => sends(stage, &actor, &[line.bytes(counters), vec![b'\n']].concat()).await,
        Act::Sends(bytes) => sends(stage, &actor, &bytes.bytes(counters)).await,
        Act::SendsUntilCutOff(bytes) => sends_until_cut_off(stage, &actor, &bytes.bytes(counters)).await,
        Act::KeepsSending(bytes) => {
            keeps_sending(stage, &actor, bytes.bytes(counters));
            Ok(())
        }
        Act::Closes => closes(stage, &actor).await,
        Act::HalfCloses => {
            leaving(stage, &actor);
            actor.connection().inspect(|connection| connection.half_close());
            Ok(())
        }
        Act::Resets => {
            if let Some(visit) = actor.visit.take() {
                stage.chronicle.borrow_mut().reset(visit);
            }
            let member = actor.state.get() == State::Member;
            if let Some(connection) = actor.leaves(if member { State::Reset } else { State::Away }) {
                connection.reset().await;
            }
            Ok(())
        }
        Act::StopsReading | Act::ResumesReading => {
            actor.connection().inspect(|connection| connection.pause(matches!(act, Act::StopsReading)));
            Ok(())
        }
    }
}

async fn joins(stage: &Stage<'_>, actor: &Actor, nickname: &str) -> Played {
    stage.connect(actor).await?;
    let present = stage.members(|_| true).len();
    // Inside `together`, nobody knows how many are there.
    let welcome = if stage.concurrent.get() { format!("* welcome {nickname}") } else { format!("* welcome {nickname} {present}") };
    stage.send(actor, format!("{nickname}\n").as_bytes()).await?;
    let text = line(stage, actor, &welcome).await?;
    let count = text.split(' ').nth(3).and_then(|count| count.parse().ok());
    welcomed(actor, &text);
    stage.here_lines(actor, count.unwrap_or(present)).await
}

/// Sends bytes, and notes which messages and which goodbye are among them.
async fn sends(stage: &Stage<'_>, actor: &Actor, bytes: &[u8]) -> Played {
    let lines = actor.unfinished.borrow_mut().feed(bytes);
    if let Some(visit) = actor.visit.get() {
        for line in lines.iter().take_while(|line| !is_quit(line)).filter(|line| is_message(line)) {
            stage.chronicle.borrow_mut().said(visit, &String::from_utf8_lossy(line));
        }
    }
    if lines.iter().any(|line| is_quit(line)) {
        leaving(stage, actor);
    }
    stage.send(actor, bytes).await
}

/// From now on the server is to end the connection.
fn leaving(stage: &Stage<'_>, actor: &Actor) {
    actor.state.set(State::Leaving);
    actor.unfinished.take();
    if let Some(visit) = actor.visit.get() {
        stage.chronicle.borrow_mut().left(visit, false);
    }
}

async fn sends_until_cut_off(stage: &Stage<'_>, actor: &Actor, bytes: &[u8]) -> Played {
    let Some(connection) = actor.connection() else { return Ok(()) };
    let sent = connection.send(bytes, stage.patience.hang).await;
    actor.leaves(State::Away);
    match sent {
        Err(SendError::Ended(_)) => Ok(()),
        Ok(()) | Err(SendError::Stuck(_)) => {
            Err(Stop::new(Problem::NotCutOff { actor: actor.name.clone() }))
        }
    }
}

fn keeps_sending(stage: &Stage<'_>, actor: &Rc<Actor>, bytes: Vec<u8>) {
    const PAUSE: Duration = Duration::from_millis(100);
    let (actor, patience) = (Rc::clone(actor), stage.patience.hang);
    actor.pestering.set(true);
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
    leaving(stage, actor);
    actor.connection().inspect(|connection| connection.half_close());
    line(stage, actor, "<quit>").await.map_err(|stop| match stop.problem {
        Problem::Ended { .. } => Stop { blame: stop.blame.or_else(|| Violation::NoGoodbye.id()), ..stop },
        _ => stop,
    })?;
    closed(stage, actor).await
}

async fn awaited(stage: &Stage<'_>, who: &Who, what: &Await, counters: &Counters) -> Played {
    let protagonist = stage.protagonist.borrow().clone();
    let actors = match who {
        Who::Actor(actor) => vec![stage.actor(&actor.text(counters))],
        Who::Others => stage.members(|member| member.name != protagonist && member.is_listening()),
    };
    for actor in actors {
        match what {
            Await::Line(text) => {
                let text = line(stage, &actor, &text.text(counters)).await?;
                if text.starts_with("* welcome ") {
                    welcomed(&actor, &text);
                    stage.begin_visit(&actor, stage.nicknames_but(&actor));
                }
            }
            Await::Eventually(text) => {
                let text = text.text(counters);
                if take_first(&actor.early, |early| *early == text).is_none() {
                    line(stage, &actor, &text).await?;
                    take_first(&actor.floating, |floating| *floating == text);
                }
            }
            Await::Lines(count) => lines(stage, &actor, *count).await?,
            Await::HereLines => {
                let present = stage.members(|member| member.name != actor.name).len();
                stage.here_lines(&actor, present).await?;
            }
            Await::Closed => closed(stage, &actor).await?,
            Await::Dropped => dropped(stage, &actor).await?,
        }
    }
    Ok(())
}

/// Exactly this line comes next. Gives what came: it may have further words.
async fn line(stage: &Stage<'_>, actor: &Actor, listed: &str) -> Played<String> {
    let received = match stage.next(actor, Wanted::Line(listed)).await? {
        Came::Line(received) => received,
        Came::Marker => return Ok(listed.to_owned()),
        Came::End(end) => return Err(stage.ended(actor, listed, end)),
    };
    match received.text() {
        Some(text) if matches(listed, text) => Ok(text.to_owned()),
        _ => {
            let blame = blame::by_line(actor, &received).and_then(Violation::id);
            let (actor, expected) = (actor.name.clone(), listed.to_owned());
            Err(Stop { problem: Problem::Different { actor, expected, received }, blame, step: None })
        }
    }
}

/// The actor is a member from now on.
fn welcomed(actor: &Actor, welcome: &str) {
    actor.nickname.replace(welcome.split(' ').nth(2).unwrap_or_default().to_owned());
    if actor.state.get() == State::Naming {
        actor.state.set(State::Member);
    }
}

impl Stage<'_> {
    /// Exactly so many `* here` lines come next, one for each member, in any order.
    pub(super) async fn here_lines(&self, actor: &Actor, count: usize) -> Played {
        let mut missing = self.nicknames_but(actor);
        let mut here = BTreeSet::new();
        for _ in 0..count {
            let expected = missing.first().map_or("* here …".to_owned(), |nickname| format!("* here {nickname}"));
            let came = self.next(actor, Wanted::Line(&expected)).await?;
            let received = match came {
                Came::Line(received) => received,
                Came::Marker => continue,
                Came::End(end) => return Err(self.ended(actor, &expected, end)),
            };
            let nickname = received.text().and_then(|text| text.strip_prefix("* here ")).map(|rest| rest.split(' ').next().unwrap_or_default());
            let nickname = nickname.filter(|nickname| (self.concurrent.get() || missing.contains(*nickname)) && !here.contains(*nickname));
            let Some(nickname) = nickname.map(str::to_owned) else {
                let actor = actor.name.clone();
                return Err(Stop::blaming(Problem::Different { actor, expected, received }, Violation::FalseList));
            };
            missing.remove(&nickname);
            here.insert(nickname);
        }
        if actor.visit.get().is_none() {
            self.begin_visit(actor, here);
        }
        Ok(())
    }

    fn begin_visit(&self, actor: &Actor, here: BTreeSet<String>) {
        let nickname = actor.nickname.borrow().clone();
        actor.visit.set(Some(self.chronicle.borrow_mut().joined(&actor.name, &nickname, here)));
    }

    fn nicknames_but(&self, actor: &Actor) -> BTreeSet<String> {
        let others = self.members(|member| member.name != actor.name);
        others.iter().map(|member| member.nickname.borrow().clone()).collect()
    }
}

async fn lines(stage: &Stage<'_>, actor: &Actor, count: usize) -> Played {
    for _ in 0..count {
        match stage.next(actor, Wanted::Event).await? {
            Came::Line(received) => {
                let event = received.text().and_then(Event::parse);
                let by_others = event.is_some_and(|event| event.nickname() != *actor.nickname.borrow());
                if !by_others {
                    return Err(stage.unlisted(actor, received));
                }
            }
            Came::Marker => {}
            Came::End(end) => return Err(stage.ended(actor, "another event", end)),
        }
    }
    Ok(())
}

/// The server ends the connection in order, and nothing comes before that.
async fn closed(stage: &Stage<'_>, actor: &Actor) -> Played {
    match stage.next(actor, Wanted::End).await? {
        Came::Line(received) => return Err(stage.unlisted(actor, received)),
        Came::End(End::Reset) => {
            return Err(Stop::blaming(Problem::Reset { actor: actor.name.clone() }, Violation::Reset));
        }
        Came::End(End::Fin) | Came::Marker => {}
    }
    actor.visit.set(None);
    if stage.is_cut_off_later(actor) {
        actor.state.set(State::Away);
    } else {
        actor.leaves(State::Away);
    }
    Ok(())
}

/// The member finds a gapless beginning of what it was owed, and then the end.
async fn dropped(stage: &Stage<'_>, actor: &Actor) -> Played {
    actor.connection().inspect(|connection| connection.pause(false));
    loop {
        match stage.next(actor, Wanted::End).await? {
            Came::Line(received) if received.text().and_then(Event::parse).is_none() => {
                return Err(stage.unlisted(actor, received));
            }
            Came::Line(_) | Came::Marker => {}
            Came::End(_) => break,
        }
    }
    if let Some(visit) = actor.visit.take() {
        stage.chronicle.borrow_mut().left(visit, true);
    }
    actor.leaves(State::Away);
    stage.chronicle.borrow().judge(&[]).map_err(|told| Stop::new(Problem::Disagreement(told)))
}

async fn agree(stage: &Stage<'_>, actors: &[Template], counters: &Counters) -> Played {
    stage.fence(Strictness::Events).await?;
    let names: Vec<_> = actors.iter().map(|actor| actor.text(counters)).collect();
    stage.chronicle.borrow().judge(&names).map_err(|told| Stop::new(Problem::Disagreement(told)))
}

async fn server(stage: &Stage<'_>, act: ServerAct) -> Played {
    /// After this long a server that was told to end must have ended (STOP-1).
    const EXIT: Duration = Duration::from_secs(5);
    match act {
        ServerAct::Interrupted | ServerAct::Terminated => {
            stage.stopping.set(true);
            stage.actors.borrow().values().filter(|actor| actor.state.get() != State::Away).for_each(|actor| leaving(stage, actor));
            let signal = if act == ServerAct::Interrupted { Signal::SIGINT } else { Signal::SIGTERM };
            stage.process().inspect(|process| process.signal(signal));
        }
        ServerAct::Exits => {
            let waited = EXIT.max(stage.patience.hang);
            let Some(process) = stage.process() else { return Ok(()) };
            match process.wait(waited).await {
                None => return Err(Stop::blaming(Problem::StillRunning { waited }, Violation::BadExit)),
                Some(status) if !status.success() => {
                    return Err(Stop::blaming(Problem::ExitStatus(status.to_string()), Violation::BadExit));
                }
                Some(_) => {}
            }
        }
        ServerAct::Restarts => {
            stage.forget_process().await;
            stage.stopping.set(false);
        }
    }
    Ok(())
}
