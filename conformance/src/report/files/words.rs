//! The words of the files for people: HTML, JUnit, Markdown and grades. Every sentence in them about a result is made here.

mod comparison;
mod contradiction;
mod happening;
mod lack;
mod line;
mod problem;
mod side;

pub(super) use comparison::{Comparison, comparison, expectation};
pub(super) use happening::{Label, happening, label};
use lack::lack;
pub(super) use line::received;
pub(super) use problem::problem;
pub(super) use side::Side;

use driver::wire::Received;

use crate::report::diagnosis::{Cause, Crash, Diagnosis};
use crate::report::document::OutcomeEntry;
use crate::report::matrix::Column;
use crate::report::{Standing, Verdict};
use crate::requirement::{Class, Id};
use crate::runner::{Expectation, NotStarted, SkipReason, StepPlace};

/// The likely cause of most failures: the beginning of a sentence, with Markdown's marks.
pub(super) fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NoLf => "The server does not end its lines with LF",
        Cause::CrLf => "The server ends its lines with CR LF; only LF is allowed",
        Cause::Prompt => "The server puts something before its lines, such as a prompt",
        Cause::ReadsAsLines => {
            "The server treats the result of one read as one line, instead of splitting at LF"
        }
        Cause::FalseWelcome => "The number in the welcome is not that of the other members",
        Cause::FalseList => {
            "The server does not send a newcomer one `* here` line for each other member"
        }
        Cause::NotAnnounced => "The server does not tell the others that somebody joined",
        Cause::TrimsTexts => "The server removes spaces from the texts of messages",
        Cause::Echo => "The server sends messages back to their author",
        Cause::NoGoodbye => "The server does not send `<quit>` before it closes a connection",
        Cause::RoomUnusable => "The server does not let anybody enter an empty room and talk there",
    }
}

/// How the server ended by itself, where to see it, and what it printed there.
pub(super) fn crash(crash: &Crash) -> String {
    let happened = problem::ended(crash.exit);
    let output = match crash.output.as_slice() {
        [] => String::new(),
        lines => format!(" Its last output there: {}", lines.join(" / ")),
    };
    format!(
        "The server {happened} unexpectedly in {}; the simplest is {}.{output}",
        count(crash.scenarios, "scenario"),
        crash.scenario
    )
}

/// The verdict in one sentence.
pub(super) fn verdict(verdict: Verdict, class: Class) -> String {
    match verdict {
        Verdict::Conformant => format!("The {class} is conformant."),
        Verdict::ConformantAsFarAsTested => {
            "Nothing is broken, but not everything was tested.".to_owned()
        }
        Verdict::CoreConformant => format!("The {class} is core conformant, but not conformant."),
        Verdict::NotConformant => format!("The {class} is not conformant."),
        Verdict::NotStarted => format!("The {class} could not be started."),
    }
}

/// The likely cause of most failures, and where to see it.
pub(super) fn diagnosis(diagnosis: &Diagnosis) -> String {
    let Diagnosis {
        cause: likely,
        blame,
        scenario,
    } = diagnosis;
    format!("Most likely: {} ({blame}; see {scenario}).", cause(*likely))
}

/// The verdict on one of several servers.
pub(super) fn server(server: &Column) -> String {
    if server.run.complete || server.run.verdict == Verdict::NotStarted {
        verdict(server.run.verdict, server.run.class)
    } else {
        "Only some scenarios were run.".to_owned()
    }
}

/// The likely cause of most failures of one of several servers, or why it could not be started.
pub(super) fn why(server: &Column) -> Option<String> {
    match &server.run.diagnosis {
        Some(likely) => Some(diagnosis(likely)),
        None => {
            let why = server.not_started().map(not_started)?;
            Some(format!("Reason: {why}"))
        }
    }
}

/// Why a requirement has no failure to show; empty if it is proved.
pub(super) fn explanation(standing: Standing) -> &'static str {
    match standing {
        Standing::Proved => "",
        Standing::Unclear | Standing::Broken | Standing::NotTested => "Not tested.",
        Standing::NotObservable => "It cannot be observed from outside.",
        Standing::NotApplicable => "It does not apply in the dialect of the server.",
    }
}

/// Why a requirement was not tested, where that is known.
pub(super) fn not_tested(reason: Option<String>) -> String {
    match reason {
        Some(reason) => format!("Not tested: {reason}."),
        None => explanation(Standing::NotTested).to_owned(),
    }
}

/// What keeps a requirement from being judged.
pub(super) fn unclear(causes: &[Id]) -> String {
    let causes: Vec<_> = causes.iter().map(Id::as_str).collect();
    format!(
        "Unclear because of {}: its scenarios rely on that.",
        causes.join(", ")
    )
}

/// A standing's mark and its name.
pub(super) fn standing(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Broken => ("✗", "broken"),
        Standing::Proved => ("✓", "proved"),
        Standing::Unclear => ("?", "unclear"),
        Standing::NotTested => ("–", "not tested"),
        Standing::NotObservable => ("–", "not observable"),
        Standing::NotApplicable => ("–", "not applicable"),
    }
}

/// The name of every outcome, in the order in which they are counted.
pub(super) const OUTCOMES: [&str; 8] = [
    "passed",
    "failed",
    "unclear",
    "skipped",
    "disturbed",
    "blocked",
    "not started",
    "not applicable",
];

/// An outcome's mark and its name.
pub(super) fn outcome(outcome: &OutcomeEntry) -> (&'static str, &'static str) {
    match outcome {
        OutcomeEntry::Passed => ("✓", "passed"),
        OutcomeEntry::Failed { .. } => ("✗", "failed"),
        OutcomeEntry::Unclear { .. } => ("?", "unclear"),
        OutcomeEntry::Skipped { .. } => ("–", "skipped"),
        OutcomeEntry::Disturbed { .. } => ("–", "disturbed"),
        OutcomeEntry::Blocked { .. } => ("–", "blocked"),
        OutcomeEntry::NotStarted(_) => ("–", "not started"),
        OutcomeEntry::NotApplicable { .. } => ("–", "not applicable"),
    }
}

/// Why a scenario was not performed, as a sentence without a full stop; `None` if it was.
pub(super) fn not_performed(outcome: &OutcomeEntry) -> Option<String> {
    match outcome {
        OutcomeEntry::Passed | OutcomeEntry::Failed { .. } => None,
        OutcomeEntry::Unclear { failure } => Some(format!(
            "{} keeps it from judging what it proves",
            failure.blame
        )),
        OutcomeEntry::Skipped { reason } => Some(skipped(reason)),
        OutcomeEntry::Disturbed { by } => Some(format!(
            "somebody else (`{by}`) came in or left, so this run says nothing about the scenario"
        )),
        OutcomeEntry::Blocked { by } => Some(format!(
            "`{by}` failed, and this scenario relies on what that one proves"
        )),
        OutcomeEntry::NotStarted(why) => Some(not_started(why)),
        OutcomeEntry::NotApplicable { reason } => Some(format!(
            "it cannot be said in this dialect: {}",
            lack(reason)
        )),
    }
}

fn skipped(reason: &SkipReason) -> String {
    match reason {
        SkipReason::OtherClass { class } => format!("this scenario checks a {class}"),
        SkipReason::NoPlace { setting } => {
            let name = setting.name();
            format!(
                "the server's command has no place for the setting {name}: add `[--{name} {{{name}}}]`, with the option that your server knows"
            )
        }
        SkipReason::NeedsProcess => "this scenario has to start the server itself".to_owned(),
        SkipReason::NeedsSetting { setting } => format!(
            "this scenario has to start the server itself, with another {}",
            setting.name()
        ),
    }
}

/// Why the program is not there, and what it printed.
pub(super) fn not_started(why: &NotStarted) -> String {
    match why.output.as_slice() {
        [] => why.error.to_string(),
        output => format!("{}. Its output: {}", why.error, output.join(" / ")),
    }
}

/// Moments that a diagram does not show.
pub(super) fn left_out(moments: usize) -> String {
    format!("{} left out", count(moments, "moment"))
}

/// A line that came to an actor.
pub(super) fn has_received(actor: &str, line: &Received) -> String {
    format!("{actor} receives: {}", received(line))
}

/// What should have come to an actor.
pub(super) fn should_have_received(actor: &str, expected: &Expectation) -> String {
    format!("{actor} should have received: {}", expectation(expected))
}

/// Stands in the place of a step when the failure showed after all of them.
pub(super) const AFTER_THE_LAST_STEP: &str = "after the last step: nothing else may come";

/// The heading of lines that have arrived for an actor.
pub(super) fn unread(actor: &str) -> String {
    format!("{actor} has also received these lines, which no step has asked for yet")
}

/// Why the program may not have received a signal.
pub(super) fn beyond_signals(command: &str) -> String {
    format!(
        "The command has started `{command}` in a process group or session of its own, so the signal does not reach it"
    )
}

/// The heading of what the program has printed.
pub(super) fn output(class: Class) -> String {
    format!("The last output of the {class}")
}

/// The counters of the loops around a step, such as `round = 2, n = 3`.
pub(super) fn counters(step: &StepPlace) -> String {
    let counters = step.counters.iter();
    let counters: Vec<_> = counters.map(|(name, n)| format!("{name} = {n}")).collect();
    counters.join(", ")
}

/// A number and its noun, in the singular or the plural.
pub(super) fn count(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

#[cfg(test)]
mod tests;
