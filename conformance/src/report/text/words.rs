//! The words of the terminal report. Every sentence in it about a result is made here.

mod comparison;
mod contradiction;
mod lack;
mod line;
mod problem;

pub(super) use comparison::comparison;
pub use lack::lacks;
pub(super) use lack::{in_dialect, kept};
pub(super) use line::received;
pub(super) use problem::problem;

use crate::report::diagnosis::{Cause, Crash, Diagnosis};
use crate::report::{Standing, Verdict};
use crate::requirement::Class;
use crate::runner::{NotStarted, Outcome, Problem, SkipReason, StepPlace};

/// The likely cause of most failures.
pub(super) fn diagnosis(diagnosis: &Diagnosis) -> String {
    let cause = match diagnosis.cause {
        Cause::NoLf => "The server does not end its lines with LF",
        Cause::CrLf => "The server ends its lines with CR LF instead of LF",
        Cause::Prompt => "The server puts something before its lines, such as a prompt",
        Cause::ReadsAsLines => {
            "The server takes the result of one read for one line, instead of looking for LF"
        }
        Cause::FalseWelcome => "The number in the welcome is not that of the other members",
        Cause::FalseList => {
            "The server does not send a newcomer one `* here` line for each other member"
        }
        Cause::NotAnnounced => "The server does not tell the others that somebody joined",
        Cause::TrimsTexts => "The server removes spaces from the texts of messages",
        Cause::Echo => "The server sends messages back to the member they came from",
        Cause::NoGoodbye => {
            "The server does not say goodbye with `<quit>` before it closes a connection"
        }
        Cause::RoomUnusable => "The server does not let anybody enter an empty room and talk there",
    };
    let Diagnosis {
        blame, scenario, ..
    } = diagnosis;
    format!("Most likely: {cause} ({blame}; see {scenario}).")
}

/// How the server ended by itself, where to see it, and what it printed there.
pub(super) fn crash(crash: &Crash) -> String {
    let happened = problem(&Problem::Crashed { exit: crash.exit });
    let happened = happened.replacen("the server", "The server", 1);
    let seen = match crash.scenarios {
        1 => format!("see {}", crash.scenario),
        all => format!(
            "in {}; the simplest is {}",
            count(all, "scenario"),
            crash.scenario
        ),
    };
    let output = match crash.output.as_slice() {
        [] => String::new(),
        lines => format!(" Its last words there:\n    {}", lines.join("\n    ")),
    };
    format!("{happened} (CONN-1; {seen}).{output}")
}

/// The verdict in one sentence.
pub(super) fn verdict(verdict: Verdict, class: Class) -> String {
    let about = match verdict {
        Verdict::Conformant => "is conformant",
        Verdict::ConformantAsFarAsTested => {
            return "Nothing is broken, but not everything was tested: see above.".to_owned();
        }
        Verdict::CoreConformant => "is core conformant; it is not conformant",
        Verdict::NotConformant => "is not conformant",
        Verdict::NotStarted => "could not be started",
    };
    format!("The {class} {about}.")
}

/// The verdict when every core scenario was selected, but not every other one.
pub(super) fn core_verdict(reached: Verdict, class: Class) -> String {
    match reached {
        Verdict::NotConformant | Verdict::NotStarted => verdict(reached, class),
        _ => format!("The {class} is core conformant; the other levels were not fully tested."),
    }
}

/// A number and its noun, in the singular or the plural.
pub(super) fn count(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// Why a scenario was not performed; `None` if it was.
pub fn not_performed(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Passed | Outcome::Failed(_) | Outcome::Unclear(_) => None,
        Outcome::Skipped(reason) => Some(format!("skipped: {}", skipped(reason))),
        Outcome::Disturbed { .. } => Some(
            "disturbed: somebody else came in or left meanwhile, so this run says nothing about them"
                .to_owned(),
        ),
        Outcome::NotApplicable(lack) => Some(format!("does not apply: {}", lacks(lack))),
        Outcome::Blocked(by) => Some(format!(
            "blocked until `{by}` passes, because they rely on what it proves"
        )),
        Outcome::NotStarted(why) => Some(not_started(why)),
    }
}

fn skipped(reason: &SkipReason) -> String {
    match reason {
        SkipReason::OtherClass { class } => format!("it checks a {class}"),
        SkipReason::NoPlace { setting } => {
            let name = setting.name();
            format!(
                "the command has no place for {name}: add [--{name} {{{name}}}], or what your server calls it"
            )
        }
        SkipReason::NeedsProcess => "it needs a server process of its own".to_owned(),
        SkipReason::NeedsSetting { setting } => {
            format!("it needs a server with a {} of its own", setting.name())
        }
    }
}

/// Why the program is not there, and below it what it printed.
pub(super) fn not_started(why: &NotStarted) -> String {
    let error = &why.error;
    if why.output.is_empty() {
        error.to_string()
    } else {
        format!("{error}; it printed:\n    {}", why.output.join("\n    "))
    }
}

/// Why the program may not have received a signal, and what to do.
pub(super) fn beyond_signals(command: &str) -> String {
    let text = format!(
        "The command has started another process, `{command}`, in a process group or session of its own, so the signal does not reach it. Name the command that starts the server itself; a script can end with `exec`."
    );
    let indented = textwrap::Options::new(92)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .initial_indent("    ")
        .subsequent_indent("    ");
    textwrap::fill(&text, indented)
}

/// What the suite had to end after the scenarios.
pub(super) fn swept(processes: usize) -> String {
    format!(
        "The server has started processes in groups or sessions of their own. {} still running at the end, and the suite has ended {}.",
        match processes {
            1 => "One was".to_owned(),
            _ => format!("{processes} were"),
        },
        if processes == 1 { "it" } else { "them" }
    )
}

/// One character for the standing of a requirement.
pub(super) fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Proved => "✓",
        Standing::Broken => "✗",
        Standing::Unclear => "?",
        Standing::NotTested | Standing::NotObservable | Standing::NotApplicable => "–",
    }
}

/// The counters of the loops around a step, such as `round = 2, n = 3`.
pub(super) fn counters(step: &StepPlace) -> String {
    let counters = step.counters.iter();
    let counters: Vec<_> = counters.map(|(name, n)| format!("{name} = {n}")).collect();
    counters.join(", ")
}

#[cfg(test)]
mod tests;
