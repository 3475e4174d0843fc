//! `conformance explore`

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use super::again::again;
use super::progress::Progress;
use super::server::{Chosen, ServerArgs};
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED};
use crate::explore::{Feature, Find, Report, Session, Shape, explore, text};
use crate::report::text::{Page, not_performed};
use crate::runner::{Outcome, Patience, ScenarioResult, Slots, Target};
use crate::spec::Spec;

/// Play random histories against a server, and shrink what fails to a scenario
#[derive(Debug, Args)]
pub(super) struct Explore {
    #[command(flatten)]
    server: ServerArgs,
    /// Where all histories follow from [default: a random number]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Play N histories
    #[arg(long, value_name = "N", default_value = "500", conflicts_with = "time")]
    histories: u64,
    /// Play only the history of this number
    #[arg(long, value_name = "N", conflicts_with_all = ["time", "histories"])]
    history: Option<u64>,
    /// Print the history that --history names instead of playing it
    #[arg(long, requires = "history")]
    print: bool,
    /// Play histories for SECONDS
    #[arg(long = "for", id = "time", value_name = "SECONDS")]
    time: Option<u64>,
    /// At most N members at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(2..=8))]
    members: u64,
    /// About N acts in each history
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=1000))]
    length: u64,
    /// Use only these kinds of acts
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    only: Vec<Feature>,
    /// Make a failing history smaller for SECONDS
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    shrink: u64,
    /// Play N histories at the same time [default: twice the number of cores]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

impl Explore {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let target = match self.server.chosen()? {
            Chosen::Running(address) => Target::Running(address),
            Chosen::Start { command, port } => Target::Command {
                command,
                fixed_port: port,
            },
        };
        let session = Session {
            seed: self.seed.unwrap_or_else(|| fastrand::u64(..1_000_000)),
            shape: Shape {
                members: usize::try_from(self.members)?,
                length: usize::try_from(self.length)?,
                features: if self.only.is_empty() {
                    clap::ValueEnum::value_variants().to_vec()
                } else {
                    self.only.clone()
                },
            },
            first: self.history.unwrap_or_default(),
            histories: match (self.history, self.time) {
                (Some(_), _) => Some(1),
                (None, Some(_)) => None,
                (None, None) => Some(self.histories),
            },
            time: self.time.map(Duration::from_secs),
            shrink_limit: Duration::from_secs(self.shrink),
            jobs: if self.server.is_one_port() {
                1
            } else {
                self.jobs.unwrap_or_else(Slots::default_count)
            },
        };
        if let (true, Some(number)) = (self.print, self.history) {
            anstream::print!("{}", text(&session, number)?);
            return Ok(CONFORMANT);
        }
        let progress = Progress::new();
        let told = Mutex::new(0);
        let report = explore(&session, &target, Patience::default(), |report| {
            tell_failures(&progress, report, &told);
            progress.show(
                report.histories,
                session.histories.unwrap_or(report.histories),
                state(report),
            );
        });
        drop(progress);
        if let Some(mistake) = report.mistake {
            bail!("a history of the suite is not valid:\n{mistake}");
        }
        if let Some(why) = report.not_started {
            anstream::println!(
                "{}",
                not_performed(&Outcome::NotStarted(why)).unwrap_or_default()
            );
            return Ok(NOT_STARTED);
        }
        for find in &report.finds {
            self.show(spec, find);
        }
        anstream::println!("{}", self.closing(&session, &report));
        Ok(if report.finds.is_empty() {
            CONFORMANT
        } else {
            NOT_CONFORMANT
        })
    }

    fn show(&self, spec: &Spec, find: &Find) {
        let result = ScenarioResult {
            scenario: &find.scenario,
            performance: find.performance.clone(),
        };
        let again = again(self.server.given());
        if let Some(page) = Page::of(spec, &result, &again) {
            anstream::println!("{page}");
        }
        let (failed, runs) = find.rate;
        anstream::println!(
            "It failed {failed} of {runs} times. As a scenario:\n\n```scenario\n{}```\n",
            find.text
        );
    }

    fn closing(&self, session: &Session, report: &Report) -> String {
        let ids: Vec<_> = report.finds.iter().map(|find| find.id.as_str()).collect();
        let verdict = if ids.is_empty() {
            "no requirement was seen broken".to_owned()
        } else {
            format!("broken: {}", ids.join(" "))
        };
        format!(
            "{} histories with seed {}: {verdict}",
            report.histories, session.seed
        )
    }
}

fn state(report: &Report) -> String {
    let found = report
        .finds
        .iter()
        .map(|find| format!("broken: {}", find.id));
    let shrinking = report.shrinking.iter();
    let shrinking = shrinking.map(|(number, id)| {
        format!("{id} failed in history {number}, which is being made smaller")
    });
    let state: Vec<_> = found.chain(shrinking).collect();
    format!("{} histories; {}", report.histories, state.join("; "))
}

/// Where no bar is visible, tells each failure once.
fn tell_failures(progress: &Progress, report: &Report, told: &Mutex<u64>) {
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    for (number, id) in &report.shrinking {
        if *number + 1 > *told {
            progress.line(&format!(
                "history {number} failed at {id}; making it smaller ..."
            ));
            *told = number + 1;
        }
    }
}
