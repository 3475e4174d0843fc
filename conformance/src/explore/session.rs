//! Many programs, on several threads.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::generate::{self, Shape};
use super::program::{Act, Move, NAMES, Program};
use super::shrink::shrink;
use super::trial::{Trial, failure};
use crate::requirement::Id;
use crate::runner::{NotStarted, Outcome, Patience, Performance, Slots, Target};
use crate::scenario::{Mistake, Scenario};

/// What is explored, and for how long.
#[derive(Debug, Clone)]
pub struct Session {
    /// Where all programs follow from.
    pub seed: u64,
    /// How large programs are.
    pub shape: Shape,
    /// The number of the first program.
    pub first: u64,
    /// At most this many programs; unlimited without it.
    pub histories: Option<u64>,
    /// At most this long, shrinking aside; unlimited without it.
    pub time: Option<Duration>,
    /// How long a failing program is made smaller.
    pub shrink_limit: Duration,
    /// How many programs are performed at the same time.
    pub jobs: usize,
}

/// A program that failed, made smaller.
#[derive(Debug, Clone)]
pub struct Find {
    /// The number of the program: with the seed, it gives the same program again.
    pub number: u64,
    /// The requirement that it breaks.
    pub id: Id,
    /// The scenario that is left, and its text from the header on.
    pub scenario: Scenario,
    /// The text of the scenario, from its header.
    pub text: String,
    /// How the scenario ended when it failed.
    pub performance: Performance,
    /// How often the scenario failed, of how many runs.
    pub rate: (u32, u32),
    /// The actors of the program that is left, and its turns.
    pub size: (usize, usize),
}

/// What a session has found.
#[derive(Debug, Default)]
pub struct Report {
    /// Programs that were performed.
    pub histories: u64,
    /// One find for each requirement, in the order in which they were found.
    pub finds: Vec<Find>,
    /// How many programs failed at a requirement for which there was a find.
    pub repeated: u64,
    /// The server could not be started.
    pub not_started: Option<NotStarted>,
    /// Programs that failed at a requirement for the first time, and are being made smaller: number and requirement.
    pub shrinking: Vec<(u64, Id)>,
    /// A program of the suite's own is not valid: a mistake in the suite.
    pub mistake: Option<Box<Mistake>>,
}

/// How often a failing program is performed to learn how often it fails.
const RATE_RUNS: u32 = 10;

/// Explores, and calls `progress` after each program.
pub fn explore(
    session: &Session,
    target: &Target,
    patience: Patience,
    progress: impl Fn(&Report) + Sync,
) -> Report {
    let explorer = Explorer {
        session,
        target,
        patience,
        began: Instant::now(),
        next: AtomicU64::new(session.first),
        is_over: AtomicBool::new(false),
        slots: Slots::new(session.jobs),
        report: Mutex::default(),
    };
    std::thread::scope(|scope| {
        for _ in 0..session.jobs {
            scope.spawn(|| explorer.work(&progress));
        }
    });
    explorer
        .report
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
}

/// The scenario that a program is performed as, with the settings that the target can take.
///
/// # Errors
/// The program is not valid: a mistake in the suite.
pub fn text(session: &Session, number: u64) -> Result<String, Box<Mistake>> {
    let program = generate::program(session.seed, number, &session.shape);
    let trial = Trial::exploring(&program, &name(session, number))?;
    Ok(trial.map(|trial| trial.text).unwrap_or_default())
}

fn name(session: &Session, number: u64) -> String {
    format!("explored-{}-{number}", session.seed)
}

struct Explorer<'a> {
    session: &'a Session,
    target: &'a Target,
    patience: Patience,
    began: Instant,
    next: AtomicU64,
    is_over: AtomicBool,
    slots: Slots,
    report: Mutex<Report>,
}

impl Explorer<'_> {
    fn work(&self, progress: &(impl Fn(&Report) + Sync)) {
        while let Some(number) = self.take_number() {
            if let Err(mistake) = self.explore_one(number, progress) {
                self.is_over.store(true, Ordering::Relaxed);
                self.change(|report| report.mistake = Some(mistake));
            }
            self.change(|report| {
                report.histories += 1;
                progress(report);
            });
        }
    }

    fn take_number(&self) -> Option<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let is_late = self
            .session
            .time
            .is_some_and(|limit| self.began.elapsed() > limit);
        let is_done = self
            .session
            .histories
            .is_some_and(|most| number >= self.session.first.saturating_add(most));
        (!is_late && !is_done && !self.is_over.load(Ordering::Relaxed)).then_some(number)
    }

    fn explore_one(
        &self,
        number: u64,
        progress: &(impl Fn(&Report) + Sync),
    ) -> Result<(), Box<Mistake>> {
        let program = self.without_missing_settings(generate::program(
            self.session.seed,
            number,
            &self.session.shape,
        ));
        let Some(trial) = Trial::exploring(&program, &name(self.session, number))? else {
            return Ok(());
        };
        let performance = self.perform(&trial);
        match &performance.outcome {
            Outcome::Failed(failed) => {
                let is_new = self.change(|report| {
                    let found = report.finds.iter().map(|find| &find.id);
                    let mut known = found.chain(report.shrinking.iter().map(|(_, id)| id));
                    let is_known = known.any(|id| *id == failed.blame);
                    report.repeated += u64::from(is_known);
                    if !is_known {
                        report.shrinking.push((number, failed.blame.clone()));
                        progress(report);
                    }
                    !is_known
                });
                if is_new {
                    let find = self.shrunk(
                        number,
                        program,
                        failed.blame.clone(),
                        trial,
                        performance.clone(),
                    )?;
                    self.change(|report| {
                        report
                            .shrinking
                            .retain(|(number, _)| *number != find.number);
                        report.finds.push(find);
                    });
                }
            }
            Outcome::NotStarted(why) => {
                self.is_over.store(true, Ordering::Relaxed);
                self.change(|report| report.not_started = Some(why.clone()));
            }
            _ => {}
        }
        Ok(())
    }

    /// The program, as far as the server's command can take its settings and it can be stopped.
    fn without_missing_settings(&self, program: Program) -> Program {
        use driver::process::Setting;
        let (takes_capacity, is_ours) = match self.target {
            Target::Command { command, .. } => (command.takes(Setting::Capacity), true),
            _ => (false, false),
        };
        Program {
            capacity: program.capacity.filter(|_| takes_capacity),
            shutdown: program.shutdown && is_ours,
            ..program
        }
    }

    fn shrunk(
        &self,
        number: u64,
        program: Program,
        id: Id,
        first: Trial,
        performance: Performance,
    ) -> Result<Find, Box<Mistake>> {
        let name = name(self.session, number);
        // A program that fails rarely is tried more often, before a part is taken to be needed.
        let fails = |trial: &Trial| {
            let performance = self.perform(trial);
            failure(&performance)
                .is_some_and(|failure| failure.blame == id)
                .then_some(performance)
        };
        let (failed, mut shown) = self.rate(&first, &fails);
        let shown_first = shown.take().unwrap_or(performance);
        let tries = (3 * RATE_RUNS)
            .checked_div(failed)
            .unwrap_or(RATE_RUNS)
            .clamp(1, RATE_RUNS);
        let mut mistake = None;
        let smallest = shrink(
            program,
            self.session.shrink_limit,
            |candidate| match Trial::exploring(candidate, &name) {
                Ok(None) => false,
                Ok(Some(trial)) => (0..tries).any(|_| fails(&trial).is_some()),
                Err(found) => {
                    mistake = Some(found);
                    false
                }
            },
        );
        if let Some(mistake) = mistake {
            return Err(mistake);
        }
        // As somebody would write it, if it fails in that form too.
        let written = Trial::proving(&smallest, &name, &id)?;
        let explored = Trial::exploring(&smallest, &name)?;
        let mut best = (first, failed, shown_first);
        for trial in [explored, written].into_iter().flatten() {
            if let (failed, Some(performance)) = self.rate(&trial, &fails) {
                best = (trial, failed, performance);
            }
        }
        let (trial, failed, performance) = best;
        Ok(Find {
            number,
            id,
            scenario: trial.scenario,
            text: trial.text,
            performance,
            rate: (failed, RATE_RUNS),
            size: size(&smallest),
        })
    }

    /// How often a trial fails, and one of its failures.
    fn rate(
        &self,
        trial: &Trial,
        fails: &impl Fn(&Trial) -> Option<Performance>,
    ) -> (u32, Option<Performance>) {
        let mut failed = 0;
        let mut shown = None;
        for _ in 0..RATE_RUNS {
            if let Some(performance) = fails(trial) {
                failed += 1;
                shown = Some(performance);
            }
        }
        (failed, shown)
    }

    fn perform(&self, trial: &Trial) -> Performance {
        self.slots
            .perform(&trial.scenario, self.target, self.patience)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Report) -> T) -> T {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The actors of a program, and its turns.
fn size(program: &Program) -> (usize, usize) {
    let turns = program.moves.iter().flat_map(|next| match next {
        Move::One(turn) => vec![turn],
        Move::Together(branches) => branches.iter().flatten().collect(),
    });
    let acting = (0..NAMES.len()).filter(|actor| {
        turns
            .clone()
            .any(|turn| turn.actor == *actor && !matches!(turn.act, Act::ResumesReading))
    });
    (acting.count(), program.length())
}
