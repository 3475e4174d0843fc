//! `conformance explore`

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::bail;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::again::again;
use super::progress::Progress;
use super::server::{Chosen, ServerArgs};
use super::{CONFORMANT, NOT_CONFORMANT, NOT_STARTED};
use crate::explore::{Feature, Find, Report, Session, Shape, explore, text};
use crate::report::text::{Page, not_performed};
use crate::runner::{Outcome, Patience, ScenarioResult, Slots, Target};
use crate::spec::Spec;

/// The default of `--members`.
const MEMBERS: u64 = 4;

/// The default of `--length`.
const LENGTH: u64 = 30;

/// The name of a history: `explored-SEED-NUMBER`.
#[derive(Debug, Clone)]
struct Name {
    seed: u64,
    number: u64,
}

impl Name {
    fn parse(written: &str) -> Result<Self, String> {
        let parts = written
            .strip_prefix("explored-")
            .and_then(|rest| rest.split_once('-'));
        let numbers =
            parts.and_then(|(seed, number)| Some((seed.parse().ok()?, number.parse().ok()?)));
        let (seed, number) = numbers.ok_or("expected a name such as explored-42-17")?;
        Ok(Self { seed, number })
    }
}

/// Play random histories against a server, and shrink what fails to a scenario
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Explore {
    #[command(flatten)]
    server: ServerArgs,
    /// Play only this history, which a report has named, such as explored-42-17
    #[arg(value_name = "NAME", value_parser = Name::parse, conflicts_with_all = ["seed", "time", "histories"])]
    history: Option<Name>,
    /// Where all histories follow from [default: a random number]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Play N histories
    #[arg(long, value_name = "N", default_value = "500", conflicts_with = "time")]
    histories: u64,
    /// Print the history instead of playing it
    #[arg(long, requires = "history")]
    print: bool,
    /// Play histories for SECONDS
    #[arg(long = "for", id = "time", value_name = "SECONDS")]
    time: Option<u64>,
    /// At most N members at the same time
    #[arg(long, value_name = "N", default_value_t = MEMBERS, value_parser = clap::value_parser!(u64).range(2..=8))]
    members: u64,
    /// About N acts in each history
    #[arg(long, value_name = "N", default_value_t = LENGTH, value_parser = clap::value_parser!(u64).range(1..=1000))]
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

const AFTER_HELP: &str = "\
A history is a scenario that nobody has written: what members do follows from a seed, and a model of the specification says what a conformant server sends. What fails is made smaller, and printed as a scenario. The same seed gives the same histories on every machine; when lines arrive does not follow from it.

Exit status: 0 nothing was seen broken, 1 a requirement is broken, 2 bad usage, 3 the server could not be started.

Examples:
  conformance explore                                        500 histories against the reference server
  conformance explore --for 3600 --server './my_server {port}'
  conformance explore explored-42-17 --print                 the history 17 of the seed 42";

impl Explore {
    pub(super) fn run(&self, spec: &Spec) -> anyhow::Result<u8> {
        let target = match self.server.chosen()? {
            Chosen::Running(address) => Target::Running(address),
            Chosen::Start { command, port } => Target::Command {
                command,
                fixed_port: port,
            },
        };
        let named = self.history.as_ref();
        let seed = named.map(|name| name.seed).or(self.seed);
        let seed = seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
        let session = Session {
            seed,
            shape: Shape {
                members: usize::try_from(self.members)?,
                length: usize::try_from(self.length)?,
                features: if self.only.is_empty() {
                    Feature::value_variants().to_vec()
                } else {
                    self.only.clone()
                },
            },
            first: named.map_or(0, |name| name.number),
            histories: match (named, self.time) {
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
        if let (true, Some(name)) = (self.print, named) {
            anstream::print!("{}", text(&session, name.number)?);
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
        let [server, connect, port] = self.server.given();
        let members = (self.members != MEMBERS).then(|| self.members.to_string());
        let length = (self.length != LENGTH).then(|| self.length.to_string());
        let only: Vec<_> = self
            .only
            .iter()
            .filter_map(Feature::to_possible_value)
            .collect();
        let only = only
            .iter()
            .map(PossibleValue::get_name)
            .collect::<Vec<_>>()
            .join(",");
        let only = (!only.is_empty()).then_some(only);
        let shape = [
            ("--members", members),
            ("--length", length),
            ("--only", only),
        ];
        let again = again("explore", [server, connect, port].into_iter().chain(shape));
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
