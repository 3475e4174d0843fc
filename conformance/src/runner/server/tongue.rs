//! The dialect of the server under test, and what it changes in how a scenario is performed. Salotto changes nothing.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use driver::wire::{ErrorCode, Event, ServerLine, Translator};

use super::actor::Actor;
use crate::dialect::{Dialect, Known, Speaker, Word};
use crate::runner::outcome::InDialect;
use crate::runner::problem::{Expectation, Problem};
use crate::scenario::presence::Presence;

/// The dialect of the server under test; none for Salotto.
#[derive(Debug, Clone, Default)]
pub(super) struct Tongue {
    dialect: Option<Arc<Dialect>>,
    known: Rc<RefCell<Known>>,
}

impl Tongue {
    pub(super) fn new(dialect: Option<&Arc<Dialect>>) -> Self {
        Self {
            dialect: dialect.cloned(),
            known: Rc::default(),
        }
    }

    /// The translator of a new connection.
    pub(super) fn translator(&self) -> Option<Box<dyn Translator>> {
        let dialect = Arc::clone(self.dialect.as_ref()?);
        Some(Box::new(Speaker::new(dialect, Rc::clone(&self.known))))
    }

    /// The lines of a problem in the words of the dialect.
    pub(super) fn in_dialect(&self, problem: &Problem) -> Option<InDialect> {
        let dialect = self.dialect.as_deref()?;
        let received = match problem {
            Problem::Different { received, .. } | Problem::Unlisted { received, .. } => {
                received.text()
            }
            _ => None,
        };
        let expected = problem.expected().and_then(Expectation::text);
        Some(InDialect {
            dialect: dialect.name.clone(),
            expected: expected.and_then(|line| dialect.render(line)),
            received: received.and_then(|line| dialect.render(line)),
        })
    }

    /// What is true in Salotto, and in the dialects that meet the condition.
    fn in_salotto_and(&self, condition: impl Fn(&Dialect) -> bool) -> bool {
        self.dialect.as_deref().is_none_or(condition)
    }

    /// What is true in the dialects that meet the condition, and not in Salotto.
    fn only(&self, condition: impl Fn(&Dialect) -> bool) -> bool {
        self.dialect.as_deref().is_some_and(condition)
    }

    /// Whether the suite waits until the server is at rest, before somebody comes or leaves.
    pub(super) fn waits_for_rest(&self) -> bool {
        self.only(|dialect| !dialect.at_once)
    }

    /// Whether a server that is told to end does so in order: it says goodbye, and exits with status 0.
    pub(super) fn ends_in_order(&self) -> bool {
        self.in_salotto_and(Dialect::has_goodbye)
    }

    /// Whether an empty text is a mistake by itself.
    pub(super) fn ignores_empty_lines(&self) -> bool {
        self.in_salotto_and(|dialect| dialect.ignores_empty_lines)
    }

    pub(super) fn is_dialect(&self) -> bool {
        self.dialect.is_some()
    }

    pub(super) fn has_list(&self) -> bool {
        self.in_salotto_and(Dialect::has_list)
    }

    pub(super) fn has_count(&self) -> bool {
        self.in_salotto_and(Dialect::has_count)
    }

    pub(super) fn has_echo(&self) -> bool {
        self.only(|dialect| dialect.echo)
    }

    /// Nothing welcomes a newcomer: it is a member once the server is at rest.
    pub(super) fn welcomes_silently(&self) -> bool {
        self.only(|dialect| !dialect.has(Word::Welcome))
    }

    pub(super) fn closes_after_refusal(&self) -> bool {
        self.only(|dialect| dialect.closes_after_refusal)
    }

    /// Whether members are told of what happens.
    pub(super) fn announces(&self, event: &Event<'_>) -> bool {
        self.in_salotto_and(|dialect| match event {
            Event::Joined(_) => dialect.announces_joining(),
            Event::Left(_) => dialect.announces_leaving(),
            Event::Said(..) => true,
        })
    }

    /// Whether a line with this code answers a line that no server takes.
    pub(super) fn refuses(&self, code: ErrorCode) -> bool {
        self.in_salotto_and(|dialect| dialect.refuses(code))
    }

    /// Whether a goodbye answers a client that ends its side.
    pub(super) fn has_goodbye_after_fin(&self) -> bool {
        self.in_salotto_and(|dialect| dialect.has_goodbye() && dialect.goodbye_after_fin)
    }

    /// Whether the server owes an actor a goodbye before it ends the connection.
    pub(super) fn owes_goodbye(&self, actor: &Actor) -> bool {
        let connection = actor.connection();
        let is_half_closed = connection.is_some_and(|connection| connection.is_half_closed());
        let by_quit = self.in_salotto_and(Dialect::has_goodbye);
        by_quit && (!is_half_closed || self.has_goodbye_after_fin())
    }

    /// Whether a line that a step lists is not awaited here: the dialect does not say it.
    pub(super) fn passes_over(&self, actor: &Actor, listed: &str) -> bool {
        match ServerLine::parse(listed) {
            ServerLine::Here { .. } => !self.has_list(),
            ServerLine::Quit => !self.owes_goodbye(actor),
            _ => false,
        }
    }

    /// A listed line as it can come: without a count where there is none.
    pub(super) fn listed(&self, line: String) -> String {
        if self.has_count() {
            return line;
        }
        match ServerLine::parse(&line) {
            ServerLine::Welcome { nickname, .. } => ServerLine::Welcome {
                nickname,
                count: None,
                further: None,
            }
            .to_string(),
            _ => line,
        }
    }

    /// A nickname of the suite itself, for an actor that has none yet. Some dialects allow letters and digits only.
    pub(super) fn own_nickname(&self, fence: &str, actor: &str) -> String {
        let hyphen = if self.is_dialect() { "" } else { "-" };
        format!("{fence}{hyphen}{actor}")
    }

    /// Whether the server has refused the actor, and ended its connection: the next line opens another one.
    pub(super) fn has_turned_away(&self, actor: &Actor) -> bool {
        let connection = actor.connection();
        self.closes_after_refusal()
            && actor.presence.get() == Presence::Naming
            && connection.is_some_and(|connection| connection.ended().is_some())
    }
}
