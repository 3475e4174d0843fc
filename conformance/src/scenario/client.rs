//! The steps of a scenario that checks a client. The arrows are seen from the actor, as everywhere: the harness sends what
//! stands behind `<-`, and waits for what stands behind `->`.

use std::ops::Range;

use super::cursor::{Cursor, Parsed};
use super::phrase::actor;
use super::{Diagnostic, Scenario, Step, StepKind, Template};

/// What the client does, or what is done to it.
#[derive(Debug, Clone)]
pub enum ClientStep {
    /// It is started, and opens a connection.
    Connects,
    /// It connects and sends its nickname; the server welcomes it to an empty room.
    Joins,
    /// It sends exactly this line, as the next one.
    Says(Template),
    /// It sends this line; others that a client may send can come before it.
    EventuallySays(Template),
    /// It receives this line.
    Hears(Template),
    /// It receives these bytes, written at once.
    Receives(Template),
    /// It sends nothing for a moment.
    IsSilent,
    /// Its user types this, and Return.
    Types(Template),
    /// Its user leaves: the end of its standard input.
    Leaves,
    /// It shows this text, behind everything that it was seen to show.
    Shows(Template),
    /// It shows something, behind everything that it was seen to show.
    Tells,
    /// It never shows exactly this.
    NeverShows(Template),
    /// It closes the connection, and sends nothing before that.
    Closes,
    /// The server ends the connection.
    IsClosed,
}

impl ClientStep {
    /// The text in it.
    pub fn text(&self) -> Option<&Template> {
        match self {
            Self::Says(text)
            | Self::EventuallySays(text)
            | Self::Hears(text)
            | Self::Receives(text)
            | Self::Types(text)
            | Self::Shows(text)
            | Self::NeverShows(text) => Some(text),
            _ => None,
        }
    }
}

/// As `expected` and as suggestions name them.
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
    Err(Diagnostic::new(verb, "unknown step of a client")
        .help(format!("a client can: {}", VERBS.join(", ")))
        .suggest(written, VERBS))
}

/// The first step, if any, that cannot be performed: there is one client, it connects first, and it leaves once.
pub fn performable(scenario: &Scenario) -> Option<Diagnostic> {
    let mut steps = Vec::new();
    flatten(&scenario.steps, &mut steps);
    let mut name = None;
    let mut gone = false;
    for (at, (span, actor, step)) in steps.iter().enumerate() {
        let refused = |message: &str| Some(Diagnostic::new(Range::clone(span), message));
        if *name.get_or_insert(*actor) != *actor {
            return refused("a client is checked alone: this is another actor");
        }
        let connects = matches!(step, ClientStep::Connects | ClientStep::Joins);
        if connects != (at == 0) {
            return refused("a client connects once, in the first step");
        }
        if gone && matches!(step, ClientStep::Types(_) | ClientStep::Leaves) {
            return refused("its user has left");
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
