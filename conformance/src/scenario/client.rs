//! Steps of a scenario that checks a client: their parser, and the check that they can be performed.

use std::ops::Range;

use super::ast::{ClientStep, Scenario, Step, StepKind};
use super::cursor::{Cursor, Parsed};
use super::diagnostic::Diagnostic;
use super::phrase::actor;
use super::text::Template;

/// The verbs as diagnostics list and suggest them.
const VERBS: [&str; 14] = [
    "->",
    "<-",
    "eventually ->",
    "connects",
    "joins",
    "receives",
    "types",
    "leaves",
    "shows",
    "never shows",
    "tells its user",
    "closes",
    "is closed",
    "is silent",
];

pub(super) fn step(cursor: &mut Cursor<'_>, word: Range<usize>) -> Parsed<StepKind> {
    let actor = actor(cursor.source, word)?;
    let blame = cursor.blame();
    let step = verb(cursor)?;
    cursor.finish()?;
    Ok(StepKind::Client { actor, step, blame })
}

fn verb(cursor: &mut Cursor<'_>) -> Parsed<ClientStep> {
    type OfText = fn(Template) -> ClientStep;
    let with_text: [(&str, OfText); 6] = [
        ("->", ClientStep::Says),
        ("eventually ->", ClientStep::EventuallySays),
        ("<-", ClientStep::Hears),
        ("types", ClientStep::Types),
        ("shows", ClientStep::Shows),
        ("never shows", ClientStep::NeverShows),
    ];
    for (phrase, step) in with_text {
        if cursor.take(phrase) {
            return cursor.text().map(step);
        }
    }
    if cursor.take("receives") {
        return cursor.quoted().map(ClientStep::Receives);
    }
    let simple = [
        ("connects", ClientStep::Connects),
        ("joins", ClientStep::Joins),
        ("leaves", ClientStep::Leaves),
        ("tells its user", ClientStep::Tells),
        ("closes", ClientStep::Closes),
        ("is closed", ClientStep::IsClosed),
        ("is silent", ClientStep::IsSilent),
    ];
    for (phrase, step) in simple {
        if cursor.take(phrase) {
            return Ok(step);
        }
    }
    let verb = cursor.word();
    let written = &cursor.source[verb.clone()];
    let verb = verb.start..verb.end.max(verb.start + 1);
    Err(Diagnostic::new(verb, "unknown step for a client")
        .help(format!("a client can: {}", VERBS.join(", ")))
        .suggest(written, VERBS))
}

/// Checks that there is one client, and that it connects first and leaves once. Returns the first mistake.
pub(crate) fn performable(scenario: &Scenario) -> Option<Diagnostic> {
    let mut steps = Vec::new();
    flatten(&scenario.steps, &mut steps);
    let mut name = None;
    let mut gone = false;
    for (at, (span, actor, step)) in steps.iter().enumerate() {
        let refused = |message: &str| Some(Diagnostic::new(Range::clone(span), message));
        if *name.get_or_insert(*actor) != *actor {
            return refused("a client is checked alone, but this is another actor");
        }
        let connects = matches!(step, ClientStep::Connects | ClientStep::Joins);
        if connects != (at == 0) {
            return refused("a client connects exactly once, in the first step");
        }
        if gone && matches!(step, ClientStep::Types(_) | ClientStep::Leaves) {
            return refused("the user has left already");
        }
        gone |= matches!(step, ClientStep::Leaves);
    }
    None
}

fn flatten<'a>(
    steps: &'a [Step],
    flat: &mut Vec<(&'a Range<usize>, &'a Template, &'a ClientStep)>,
) {
    for step in steps {
        if let StepKind::Client {
            actor,
            step: client,
            ..
        } = &step.kind
        {
            flat.push((&step.span, actor, client));
        }
        flatten(step.kind.body(), flat);
    }
}
