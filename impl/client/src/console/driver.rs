//! The loop that connects the session, the network, the input and the output.

use super::input_queue::Input;
use super::outcome::Outcome;
use super::screen::Screen;
use super::wake::Wakes;
use crate::connection::{MAX_EVENTS, Network};
use crate::i18n::{Language, tr};
use crate::session::{Command, InputError, Now, Session, State, Submitted};
use crate::signals::Signals;
use std::collections::VecDeque;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// The maximum number of typed lines that wait to be sent. Beyond it, the input is not read.
const MAX_PENDING: usize = 10_000;

/// While more than this many bytes are waiting to be sent, typed lines wait.
const MAX_UNSENT: usize = 64 * 1024;

/// How long pending lines wait for the welcome after the input has ended.
const END_OF_INPUT_GRACE: Duration = Duration::from_secs(10);

/// A typed line, parsed.
type Parsed = Result<Command, InputError>;

pub(super) struct Driver {
    session: Session,
    network: Network,
    language: Language,
    input: Receiver<Input>,
    screen: Screen,
    /// The index of the first transcript entry that has not been shown.
    next_entry: u64,
    /// Typed lines that could not be executed yet.
    pending: VecDeque<Parsed>,
    /// When the input ended.
    input_ended_at: Option<Instant>,
}

impl Driver {
    pub(super) const fn new(
        session: Session,
        network: Network,
        language: Language,
        input: Receiver<Input>,
        screen: Screen,
    ) -> Self {
        Self {
            session,
            network,
            language,
            input,
            screen,
            next_entry: 0,
            pending: VecDeque::new(),
            input_ended_at: None,
        }
    }

    /// Runs until the session is over.
    pub(super) fn run(mut self, wakes: &Wakes, signals: &Signals) -> Outcome {
        self.screen.greet(self.language);
        loop {
            let now = Now::read();
            self.handle_events(now);
            self.session.handle_timeout(now);
            if signals.received() {
                self.session.leave(now);
            }
            self.handle_input(now);
            self.leave_after_end_of_input(now);
            while let Some(action) = self.session.poll_action() {
                self.network.perform(action);
            }
            self.show_new_entries();
            self.screen.update(&self.session, self.language);
            self.screen.flush();
            if matches!(self.session.state(), State::Over(_)) {
                break;
            }
            wakes.wait(self.next_timeout(now));
        }
        self.report_unsent_lines();
        self.screen.close();
        let output_failed = self.screen.is_broken();
        Outcome::new(self.session.state(), self.pending.len(), output_failed)
    }

    /// Handles a bounded number of events, so that a flood does not keep the user from typing. Each further event has woken
    /// the console again.
    fn handle_events(&mut self, now: Now) {
        for _ in 0..MAX_EVENTS {
            let Some((id, event)) = self.network.poll_event() else {
                return;
            };
            self.session.handle_event(now, id, event);
            // Show entries at once, before the bounded transcript removes them.
            self.show_new_entries();
        }
    }

    fn next_timeout(&self, now: Now) -> Option<Instant> {
        let grace = self.input_ended_at.map(|ended| ended + END_OF_INPUT_GRACE);
        let grace = grace.filter(|&end| end > now.instant);
        [self.session.poll_timeout(), grace]
            .into_iter()
            .flatten()
            .min()
    }

    /// Executes the pending lines if that is possible now, and then handles new input.
    fn handle_input(&mut self, now: Now) {
        while self.can_send()
            && let Some(line) = self.pending.pop_front()
        {
            self.execute(now, line);
        }
        while self.pending.len() < MAX_PENDING
            && let Ok(input) = self.input.try_recv()
        {
            match input {
                Input::Line(line) => self.handle_line(now, &line),
                Input::Invalid(error) => {
                    let reason = self.language.line_error(error);
                    self.report_not_sent(&reason);
                }
                Input::Interrupt => self.session.leave(now),
                Input::End => {
                    self.input_ended_at.get_or_insert(now.instant);
                }
            }
        }
    }

    fn handle_line(&mut self, now: Now, line: &str) {
        let parsed = Command::parse(line);
        let is_local = matches!(parsed, Ok(Command::Quit | Command::Help));
        let nothing_pending = self.pending.is_empty();
        // A person means these commands for now; a script means them for after the lines before them.
        let local_now = is_local && (self.screen.is_interactive() || nothing_pending);
        match self.session.state() {
            State::Refused(_) if !is_local => {
                if let Err(error) = self.session.choose_nick(now, line.trim()) {
                    self.report_input_error(&error);
                }
            }
            _ if local_now || (self.can_send() && nothing_pending) => self.execute(now, parsed),
            _ => self.pending.push_back(parsed),
        }
    }

    fn can_send(&self) -> bool {
        self.session.state() == &State::Joined && self.session.unsent() < MAX_UNSENT
    }

    fn execute(&mut self, now: Now, parsed: Parsed) {
        if self.session.question().is_some() && parsed != Ok(Command::Confirm) {
            // A no cannot fail.
            let _ = self.session.answer(now, false);
        }
        match parsed.and_then(|command| self.session.execute(now, command)) {
            Ok(Submitted::Asked) => {
                if let Some(question) = self.session.question() {
                    let question = self.language.question(question);
                    let how = tr!(self.language, "/send sends it", "/send lo manda");
                    self.show_new_entries();
                    self.screen.notice(&format!("{question}; {how}"));
                }
            }
            Ok(_) => {}
            Err(error) => self.report_input_error(&error),
        }
    }

    /// Leaves when the input has ended and the pending lines are sent or cannot be sent.
    fn leave_after_end_of_input(&mut self, now: Now) {
        let Some(ended) = self.input_ended_at else {
            return;
        };
        let grace_is_over = now.instant >= ended + END_OF_INPUT_GRACE;
        let leave = match self.session.state() {
            // The nickname is sent in any case.
            State::Connecting => false,
            State::Refused(_) => true,
            State::Joined => self.pending.is_empty(),
            _ => self.pending.is_empty() || grace_is_over,
        };
        if leave {
            self.session.leave(now);
        }
    }

    fn show_new_entries(&mut self) {
        for (_, entry) in self.session.transcript().since(self.next_entry) {
            self.screen.entry(self.language, entry);
        }
        self.next_entry = self.session.transcript().end();
    }

    fn report_input_error(&mut self, error: &InputError) {
        let reason = self.language.input_error(error);
        self.report_not_sent(&reason);
    }

    fn report_not_sent(&mut self, reason: &str) {
        self.show_new_entries();
        let notice = tr!(self.language, "not sent: {reason}", "non mandato: {reason}");
        self.screen.notice(&notice);
    }

    fn report_unsent_lines(&mut self) {
        let unsent = self.pending.len();
        if unsent > 0 {
            let notice = tr!(
                self.language,
                "lines that could not be sent: {unsent}",
                "righe che non è stato possibile mandare: {unsent}",
            );
            self.screen.notice(&notice);
        }
    }
}
