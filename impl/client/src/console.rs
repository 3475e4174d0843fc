//! The session in a terminal, or at the ends of two pipes.
//!
//! What is typed is said; what happens is shown, one thing a line: a message as `anna: ciao`, and everything else behind
//! a `*`. What the user typed is not repeated. No line of the server can look like a notice: a nickname never begins
//! with a `*`.
//!
//! - Lines that are typed before the welcome are kept, and said after it, in order.
//! - After a nickname was refused, the next line that is typed is the next nickname.
//! - What needs a decision is sent when `/send` is the next line, and dropped otherwise.
//! - The end of the input is the wish to leave, once everything has been said.

mod bell;
mod outcome;
mod screen;
mod terminal;
mod typed;

pub use outcome::Outcome;

use crate::connection::Network;
use crate::session::{
    Entry, EntryKind, InputError, Now, Options as Rules, Session, State, Submitted, Target,
};
use crate::words::{Language, say};
use screen::Screen;
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use typed::Typed;

/// How many lines wait for a welcome, or for a server that is slow; beyond that, the input is not read.
const MAX_KEPT: usize = 10_000;

/// How many bytes may be on their way before the input is not read.
const MAX_UNSENT: usize = 64 * 1024;

/// How long to read on after `<quit>`. Longer than in a window: nobody looks at one that does not close.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long lines wait for the welcome after the input has ended.
const LAST_CHANCE: Duration = Duration::from_secs(10);

/// What the user decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where to go, and as whom.
    pub target: Target,
    /// Whether to come back when the server is lost.
    pub retry: bool,
    /// What the notices are written in.
    pub language: Language,
}

/// Why the console cannot begin, or go on.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// What was given as a nickname cannot be sent as one.
    #[error("the nickname is not possible: {0}")]
    Nickname(#[from] InputError),
    /// No thread, or no place to wait for sockets.
    #[error("the system does not let it start: {0}")]
    Start(#[source] io::Error),
}

/// Chats until the user leaves, or the server is gone.
///
/// # Errors
/// When it cannot begin.
pub fn run(options: Options) -> Result<Outcome, ConsoleError> {
    let (bell, rung) = bell::bell();
    let network = Network::start({
        let bell = bell.clone();
        move || bell.ring()
    })
    .map_err(ConsoleError::Start)?;
    let interrupts = typed::interrupts(bell.clone());
    let rules = Rules {
        retry: options.retry,
        farewell: FAREWELL,
    };
    let mut session = Session::new(rules, RandomState::new().hash_one(0));
    session.connect(Now::read(), options.target)?;

    let by_hand = io::stdin().is_terminal() && io::stdout().is_terminal();
    let (typed, screen) = if by_hand {
        terminal::open(bell, options.language)
    } else {
        (typed::from_pipe(bell), Ok(Screen::Pipe(io::stdout())))
    };
    let console = Console {
        session,
        network,
        language: options.language,
        typed,
        screen: screen.map_err(ConsoleError::Start)?,
        by_hand,
        shown: 0,
        kept: VecDeque::new(),
        ended: None,
    };
    Ok(console.run(&rung, &interrupts))
}

struct Console {
    session: Session,
    network: Network,
    language: Language,
    typed: Receiver<Typed>,
    screen: Screen,
    by_hand: bool,
    /// The index of the first entry that is not shown yet.
    shown: u64,
    /// What was typed and could not be said yet.
    kept: VecDeque<String>,
    /// Since when nothing more is typed.
    ended: Option<Instant>,
}

impl Console {
    fn run(mut self, rung: &bell::Rung, interrupts: &typed::Interrupts) -> Outcome {
        loop {
            let now = Now::read();
            self.take_events(now);
            self.session.handle_timeout(now);
            if interrupts.happened() {
                self.session.leave(now);
            }
            self.take_typed(now);
            self.leave_at_the_end(now);
            while let Some(action) = self.session.poll_action() {
                self.network.perform(action);
            }
            self.show();
            self.screen.now(&self.session, self.language);
            self.screen.flush();
            if matches!(self.session.state(), State::Over(_)) {
                break;
            }
            rung.wait(self.next_timeout(now));
        }
        self.tell_unsaid();
        self.screen.close();
        outcome::of(
            self.session.state(),
            self.kept.len(),
            self.screen.is_broken(),
        )
    }

    /// Takes what has happened; what happens meanwhile has rung again, so that a flood keeps nobody from typing.
    fn take_events(&mut self, now: Now) {
        for _ in 0..crate::connection::MAX_EVENTS {
            let Some((id, event)) = self.network.poll_event() else {
                return;
            };
            self.session.handle_event(now, id, event);
            // At once: a transcript forgets what is too old for it.
            self.show();
        }
    }

    fn next_timeout(&self, now: Now) -> Option<Instant> {
        let last_chance = self.ended.map(|ended| ended + LAST_CHANCE);
        let last_chance = last_chance.filter(|&chance| chance > now.instant);
        [self.session.poll_timeout(), last_chance]
            .into_iter()
            .flatten()
            .min()
    }

    /// Says what was typed before and could not be said, and then what has been typed since.
    fn take_typed(&mut self, now: Now) {
        while self.can_talk()
            && let Some(line) = self.kept.pop_front()
        {
            self.say(now, line);
        }
        while self.kept.len() < MAX_KEPT
            && let Ok(typed) = self.typed.try_recv()
        {
            match typed {
                Typed::Line(line) => self.take_line(now, line),
                Typed::Refused(error) => {
                    let why = self.language.line_error(error);
                    self.not_sent(&why);
                }
                Typed::Interrupt => self.session.leave(now),
                Typed::End => {
                    self.ended.get_or_insert(now.instant);
                }
            }
        }
    }

    fn take_line(&mut self, now: Now, line: String) {
        let local = matches!(line.trim_end(), "/quit" | "/help");
        match self.session.state() {
            State::Refused(_) if !local => {
                if let Err(error) = self.session.choose_nick(now, line.trim()) {
                    self.tell_error(&error);
                }
            }
            // At a keyboard, these are meant for now; in a pipe, for after what stands before them.
            _ if local && (self.by_hand || self.kept.is_empty()) => self.say(now, line),
            _ if self.can_talk() && self.kept.is_empty() => self.say(now, line),
            _ => self.kept.push_back(line),
        }
    }

    fn can_talk(&self) -> bool {
        self.session.state() == &State::Joined && self.session.unsent() < MAX_UNSENT
    }

    fn say(&mut self, now: Now, line: String) {
        if self.session.question().is_some() {
            let yes = line.trim_end() == "/send";
            if let Err(error) = self.session.answer(now, yes) {
                self.tell_error(&error);
            }
            if yes {
                return;
            }
        }
        self.session.draft_mut().set(line);
        match self.session.submit(now) {
            Ok(Submitted::Asked) => {
                if let Some(question) = self.session.question() {
                    let question = self.language.question(question);
                    let how = say!(self.language, "/send sends it", "/send lo manda");
                    self.show();
                    self.screen.notice(&format!("{question}; {how}"));
                }
            }
            Ok(_) => {}
            Err(error) => self.tell_error(&error),
        }
    }

    /// Leaves when everything has been typed, and said as far as it could be.
    fn leave_at_the_end(&mut self, now: Now) {
        let Some(ended) = self.ended else { return };
        let in_vain = now.instant >= ended + LAST_CHANCE;
        let over = match self.session.state() {
            // The nickname is sent in any case.
            State::Connecting => false,
            State::Refused(_) => true,
            State::Joined => self.kept.is_empty(),
            _ => self.kept.is_empty() || in_vain,
        };
        if over {
            self.session.leave(now);
        }
    }

    fn show(&mut self) {
        let end = self.session.transcript().end();
        for (_, entry) in self.session.transcript().since(self.shown) {
            show(&mut self.screen, self.language, entry);
        }
        self.shown = end;
    }

    fn tell_error(&mut self, error: &InputError) {
        let why = self.language.input_error(error);
        self.not_sent(&why);
    }

    fn not_sent(&mut self, why: &str) {
        self.show();
        let notice = say!(self.language, "not sent: {why}", "non mandato: {why}");
        self.screen.notice(&notice);
    }

    fn tell_unsaid(&mut self) {
        let unsaid = self.kept.len();
        if unsaid > 0 {
            let notice = say!(
                self.language,
                "lines that could not be sent: {unsaid}",
                "righe che non è stato possibile mandare: {unsaid}",
            );
            self.screen.notice(&notice);
        }
    }
}

fn show(screen: &mut Screen, language: Language, entry: &Entry) {
    match &entry.kind {
        // Whoever typed it has seen it.
        EntryKind::Own { .. } => {}
        EntryKind::Message { .. } => screen.line(&language.entry(&entry.kind)),
        EntryKind::Help => {
            for line in language.help() {
                screen.notice(line);
            }
        }
        kind => screen.notice(&language.entry(kind)),
    }
}
