//! The session, as a front and a server see it.

use super::*;
use rstest::rstest;
use std::time::SystemTime;

mod properties;

/// A session with a front that does what it is told, and a clock that goes when it is told.
pub(super) struct Bench {
    pub(super) session: Session,
    pub(super) now: Now,
    /// The connection that the session wants, until it closes it.
    pub(super) id: Option<ConnectionId>,
    /// What was sent on that connection.
    pub(super) sent: String,
}

impl Bench {
    pub(super) fn new(options: Options) -> Self {
        Self {
            session: Session::new(options, 1),
            now: Now {
                instant: Instant::now(),
                wall: SystemTime::UNIX_EPOCH,
            },
            id: None,
            sent: String::new(),
        }
    }

    /// A session in the room with `others`.
    fn joined(others: &[&str]) -> Self {
        let mut bench = Self::new(Options::default());
        bench.connect("anna");
        bench.event(Event::Connected);
        bench.says(&format!("* welcome anna {}\n", others.len()));
        for nick in others {
            bench.says(&format!("* here {nick}\n"));
        }
        bench.sent.clear();
        bench
    }

    pub(super) fn connect(&mut self, nick: &str) {
        let target = Target {
            host: "localhost".into(),
            port: 53000,
            nick: nick.into(),
        };
        let _ = self.session.connect(self.now, target);
        self.act();
    }

    pub(super) fn event(&mut self, event: Event) {
        if let Some(id) = self.id {
            self.session.handle_event(self.now, id, event);
            self.act();
        }
    }

    fn says(&mut self, bytes: &str) {
        self.event(Event::Received(bytes.into()));
    }

    fn types(&mut self, text: &str) -> Result<Submitted, InputError> {
        self.session.draft_mut().set(text);
        let submitted = self.session.submit(self.now);
        self.act();
        submitted
    }

    fn leaves(&mut self) {
        self.session.leave(self.now);
        self.act();
    }

    /// Lets time pass, until the session wants to know.
    fn until_timeout(&mut self) {
        self.now.instant = self.session.poll_timeout().unwrap();
        self.session.handle_timeout(self.now);
        self.act();
    }

    pub(super) fn act(&mut self) {
        while let Some(action) = self.session.poll_action() {
            match action {
                Action::Connect { id, .. } => {
                    assert!(self.id.is_none(), "one connection at a time");
                    self.id = Some(id);
                    self.sent.clear();
                }
                Action::Send { id, bytes } => {
                    assert_eq!(Some(id), self.id, "no sending without a connection");
                    self.sent.push_str(std::str::from_utf8(&bytes).unwrap());
                }
                Action::Close { id } => {
                    assert_eq!(Some(id), self.id);
                    self.id = None;
                }
            }
        }
    }

    fn kinds(&self) -> Vec<&EntryKind> {
        let entries = self.session.transcript().since(0);
        entries.map(|(_, entry)| &entry.kind).collect()
    }

    fn last(&self) -> &EntryKind {
        self.kinds().pop().unwrap()
    }

    pub(super) fn members(&self) -> Vec<&str> {
        self.session.members().iter().collect()
    }

    fn raw_faults(&self) -> Vec<&Fault> {
        let lines = self.session.raw().since(0);
        lines.filter_map(|(_, line)| line.fault.as_ref()).collect()
    }
}

fn message(nick: &str, text: &str) -> EntryKind {
    EntryKind::Message {
        nick: nick.into(),
        text: text.into(),
        mention: false,
    }
}

#[test]
fn comes_in() {
    let mut bench = Bench::new(Options::default());
    bench.connect("anna");
    assert_eq!(bench.session.state(), &State::Connecting);
    assert_eq!(bench.sent, "");
    bench.event(Event::Connected);
    assert_eq!(bench.sent, "anna\n");
    assert_eq!(bench.session.state(), &State::Naming);
    bench.says("* welcome anna 2 and more\r\n* here car");
    assert_eq!(bench.session.state(), &State::Joined);
    bench.says("la\n\n* here Bruno\n* joined dario\n* left carla\n");
    assert_eq!(bench.members(), ["Bruno", "dario"]);
    assert_eq!(bench.session.nick(), Some("anna"));
    let nicks = ["carla".into(), "Bruno".into()].into();
    assert_eq!(
        bench.kinds()[1..],
        [
            &EntryKind::Welcome {
                nick: "anna".into(),
                others: 2
            },
            &EntryKind::Present { nicks, more: 0 },
            &EntryKind::Joined("dario".into()),
            &EntryKind::Left("carla".into()),
        ]
    );
    assert_eq!(bench.raw_faults(), [] as [&Fault; 0]);
}

#[test]
fn tries_another_nickname() {
    let mut bench = Bench::new(Options::default());
    bench.connect("anna");
    bench.event(Event::Connected);
    bench.says("! nickname-taken sorry\n");
    let State::Refused(refusal) = bench.session.state() else {
        panic!("{:?}", bench.session.state());
    };
    assert_eq!(
        (&*refusal.nick, &*refusal.code, &*refusal.explanation),
        ("anna", "nickname-taken", "sorry")
    );
    assert_eq!(bench.types("ciao"), Err(InputError::NotJoined));
    for bad in ["", "<quit>", "{quit}", "<who>"] {
        assert_eq!(
            bench.session.choose_nick(bench.now, bad),
            Err(InputError::NotANickname)
        );
    }
    assert_eq!(
        bench.session.choose_nick(bench.now, "a\rb"),
        Err(InputError::Control('\r'))
    );
    bench.session.choose_nick(bench.now, "anna2").unwrap();
    bench.act();
    assert_eq!(bench.sent, "anna\nanna2\n");
    bench.says("* welcome anna2 0\n");
    assert_eq!(bench.session.nick(), Some("anna2"));
    assert_eq!(bench.session.draft().text(), "ciao");
    assert_eq!(bench.session.target().unwrap().nick, "anna2");
}

#[rstest]
#[case::full("! room-full come back\n<quit>\n", End::RoomFull)]
#[case::sent_away("<quit>\n", End::SentAway)]
fn is_not_let_in(#[case] bytes: &str, #[case] end: End) {
    let mut bench = Bench::new(Options::default());
    bench.connect("anna");
    bench.event(Event::Connected);
    bench.says(bytes);
    assert_eq!(bench.session.state(), &State::Over(end));
    assert_eq!(bench.id, None);
}

#[test]
fn does_not_try_again_by_itself_before_it_has_been_in() {
    let mut bench = Bench::new(Options::default());
    bench.connect("anna");
    bench.event(Event::Failed(Failure::Refused));
    assert_eq!(
        bench.session.state(),
        &State::Over(End::Unreachable(Failure::Refused))
    );
    assert_eq!(bench.session.poll_timeout(), None);
}

#[test]
fn talks() {
    let mut bench = Bench::joined(&["bruno"]);
    assert_eq!(bench.types("ciao"), Ok(Submitted::Sent));
    assert_eq!(bench.types("//help"), Ok(Submitted::Sent));
    assert_eq!(bench.types("/help"), Ok(Submitted::Help));
    assert_eq!(
        bench.types("/nick x"),
        Err(InputError::UnknownCommand("/nick".into()))
    );
    assert_eq!(bench.session.draft().text(), "/nick x");
    assert_eq!(bench.types(""), Ok(Submitted::Nothing));
    assert_eq!(bench.sent, "ciao\n/help\n");
    bench.says("bruno: Anna?\nbruno: * left anna\n");
    let own = |text: &str| EntryKind::Own {
        nick: "anna".into(),
        text: text.into(),
    };
    let mention = EntryKind::Message {
        nick: "bruno".into(),
        text: "Anna?".into(),
        mention: true,
    };
    let kinds = bench.kinds();
    assert_eq!(
        kinds[kinds.len() - 5..],
        [
            &own("ciao"),
            &own("/help"),
            &EntryKind::Help,
            &mention,
            &EntryKind::Message {
                nick: "bruno".into(),
                text: "* left anna".into(),
                mention: true
            },
        ]
    );
    assert_eq!(
        (
            bench.session.unread().messages,
            bench.session.unread().mentions
        ),
        (2, 2)
    );
    bench.session.look(true);
    assert_eq!(bench.session.unread().messages, 0);
}

#[rstest]
#[case("<who>", "<who>\n")]
#[case("uno\ndue\n", "uno\ndue\n")]
#[case("/uno\n//due", "/uno\n//due\n")]
fn asks_first(#[case] typed: &str, #[case] sent: &str) {
    let mut bench = Bench::joined(&[]);
    assert_eq!(bench.types(typed), Ok(Submitted::Asked));
    assert_eq!(bench.sent, "");
    bench.session.answer(bench.now, false).unwrap();
    assert_eq!(bench.session.draft().text(), typed);
    assert_eq!(bench.types(typed), Ok(Submitted::Asked));
    bench.session.answer(bench.now, true).unwrap();
    bench.act();
    assert_eq!(bench.sent, sent);
    assert_eq!(bench.session.draft().text(), "");
    assert_eq!(bench.session.question(), None);
}

#[test]
fn a_quit_that_is_insisted_on_leaves() {
    let mut bench = Bench::joined(&[]);
    assert_eq!(bench.types("uno\n{quit}\ndue"), Ok(Submitted::Asked));
    assert_eq!(bench.session.question().unwrap().commands, 1);
    bench.session.answer(bench.now, true).unwrap();
    bench.act();
    assert_eq!(bench.sent, "uno\n<quit>\n");
    assert!(matches!(bench.session.state(), State::Leaving { .. }));
}

#[test]
fn a_question_outlives_the_connection_as_a_draft() {
    let mut bench = Bench::joined(&[]);
    bench.types("uno\ndue").unwrap();
    bench.event(Event::Ended);
    assert_eq!(bench.session.question(), None);
    assert_eq!(bench.session.draft().text(), "uno\ndue");
}

#[test]
fn leaves_and_reads_to_the_end() {
    let mut bench = Bench::joined(&["bruno"]);
    assert_eq!(bench.types("/quit"), Ok(Submitted::Leaving));
    assert_eq!(bench.sent, "<quit>\n");
    assert_eq!(bench.types("ciao"), Err(InputError::NotJoined));
    bench.says("bruno: a domani\n<quit>\n");
    assert_eq!(bench.last(), &message("bruno", "a domani"));
    assert!(matches!(bench.session.state(), State::Leaving { .. }));
    bench.event(Event::Ended);
    assert_eq!(bench.session.state(), &State::Over(End::Left));
    assert_eq!(bench.sent, "<quit>\n");
    assert_eq!(bench.id, None);
}

#[test]
fn does_not_wait_for_ever_for_the_end() {
    let mut bench = Bench::joined(&[]);
    let before = bench.now.instant;
    bench.leaves();
    bench.until_timeout();
    assert_eq!(bench.session.state(), &State::Over(End::Left));
    assert_eq!(bench.now.instant - before, Duration::from_millis(500));
    assert_eq!(bench.id, None);
}

#[test]
fn what_was_said_before_may_take_longer_to_go() {
    let mut bench = Bench::joined(&[]);
    let before = bench.now.instant;
    bench.types("ciao").unwrap();
    bench.leaves();
    for _ in 0..100 {
        bench.now.instant += Duration::from_millis(400);
        bench.event(Event::Sent(1));
    }
    let State::Leaving { until } = *bench.session.state() else {
        panic!("{:?}", bench.session.state());
    };
    assert_eq!(until - before, LONGEST_FAREWELL);
}

#[test]
fn keeps_everything_and_comes_back_when_the_server_is_lost() {
    let mut bench = Bench::joined(&["bruno"]);
    bench.says("bruno: ciao\n");
    bench.session.draft_mut().set("bozza");
    bench.event(Event::Failed(Failure::Reset));
    let State::Waiting {
        end,
        until,
        attempt,
    } = *bench.session.state()
    else {
        panic!("{:?}", bench.session.state());
    };
    assert_eq!((end, attempt), (End::Broken(Failure::Reset), 1));
    assert_eq!(bench.session.poll_timeout(), Some(until));
    assert_eq!(bench.members(), [] as [&str; 0]);
    assert!(bench.kinds().contains(&&message("bruno", "ciao")));
    assert_eq!(bench.session.draft().text(), "bozza");

    bench.until_timeout();
    assert_eq!(bench.session.state(), &State::Connecting);
    bench.event(Event::Failed(Failure::Refused));
    assert!(matches!(
        bench.session.state(),
        State::Waiting { attempt: 2, .. }
    ));
    bench.session.retry_now(bench.now);
    bench.act();
    bench.event(Event::Connected);
    assert_eq!(bench.sent, "anna\n");
    bench.says("* welcome anna 0\n");
    assert_eq!(bench.session.state(), &State::Joined);

    bench.says("<quit>\n");
    assert!(matches!(
        bench.session.state(),
        State::Waiting {
            end: End::Goodbye,
            attempt: 3,
            ..
        }
    ));
    bench.session.cancel_retry();
    assert_eq!(bench.session.state(), &State::Over(End::Goodbye));
    assert_eq!(bench.session.poll_timeout(), None);
}

#[test]
fn waits_short_again_after_it_has_been_in_for_a_while() {
    let mut bench = Bench::joined(&[]);
    bench.event(Event::Ended);
    bench.session.retry_now(bench.now);
    bench.act();
    bench.event(Event::Connected);
    bench.says("* welcome anna 0\n");
    bench.now.instant += SETTLED;
    bench.event(Event::Ended);
    assert!(matches!(
        bench.session.state(),
        State::Waiting { attempt: 1, .. }
    ));
}

#[test]
fn what_an_old_connection_says_is_ignored() {
    let mut bench = Bench::joined(&[]);
    let old = bench.id.unwrap();
    bench.event(Event::Ended);
    bench.session.retry_now(bench.now);
    bench.act();
    bench
        .session
        .handle_event(bench.now, old, Event::Received(b"bruno: tardi\n".into()));
    bench.session.handle_event(bench.now, old, Event::Ended);
    assert_eq!(bench.session.state(), &State::Connecting);
    assert!(!bench.kinds().contains(&&message("bruno", "tardi")));
}

#[test]
fn nothing_counts_behind_a_goodbye() {
    let mut bench = Bench::joined(&[]);
    bench.says("<quit>\nbruno: tardi\n");
    assert!(!bench.kinds().contains(&&message("bruno", "tardi")));
    assert_eq!(bench.id, None);
}

#[test]
fn ignores_what_it_does_not_know_and_shows_unknown_errors() {
    let mut bench = Bench::joined(&[]);
    let before = bench.session.transcript().end();
    bench.says("* topic tè\n<pong 1>\n*\n<\n\r\n");
    assert_eq!(bench.session.transcript().end(), before);
    assert_eq!(bench.raw_faults(), [] as [&Fault; 0]);
    bench.says("! later-code why not\n");
    let (code, explanation) = ("later-code".into(), "why not".into());
    assert_eq!(bench.last(), &EntryKind::Error { code, explanation });
}

#[test]
fn a_line_that_is_too_long_is_told_and_survived() {
    let mut bench = Bench::joined(&["bruno"]);
    let piece = "x".repeat(1024 * 1024);
    for _ in 0..100 {
        bench.says(&piece);
    }
    let before = bench.session.transcript().end();
    bench.says("\nbruno: ancora qui\n");
    let error = salotto_protocol::LineError::TooLong { limit: 4130 };
    assert!(
        bench
            .kinds()
            .contains(&&EntryKind::Fault(Fault::Line(error)))
    );
    assert_eq!(bench.session.transcript().end(), before + 1);
    assert_eq!(bench.last(), &message("bruno", "ancora qui"));
}

#[rstest]
#[case::early("* joined bruno\n", "", Fault::Early)]
#[case::early_message("bruno: ciao\n", "", Fault::Early)]
#[case::another_name("* welcome bruno 0\n", "", Fault::WelcomedAs("bruno".into()))]
#[case::twice("* welcome anna 0\n* welcome anna 0\n", "", Fault::WelcomedTwice)]
#[case::missing(
    "* welcome anna 2\n* here bruno\nbruno: ciao\n",
    "bruno",
    Fault::HereMissing
)]
#[case::too_many(
    "* welcome anna 1\n* here bruno\n* here carla\n",
    "bruno carla",
    Fault::HereTooLate
)]
#[case::joined_twice(
    "* welcome anna 0\n* joined bruno\n* joined bruno\n",
    "bruno",
    Fault::Contradiction
)]
#[case::left_twice("* welcome anna 0\n* left bruno\n", "", Fault::Contradiction)]
#[case::a_stranger("* welcome anna 0\nbruno: ciao\n", "", Fault::Contradiction)]
#[case::oneself("* welcome anna 0\n* joined anna\n", "", Fault::Contradiction)]
#[case::a_long_name(
    "* welcome anna 0\n* joined aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    "",
    Fault::LongNick
)]
#[case::no_line("* welcome anna 0\nboh\n", "", Fault::NotALine("boh".into()))]
fn a_fault_is_told(#[case] bytes: &str, #[case] members: &str, #[case] fault: Fault) {
    let mut bench = Bench::new(Options::default());
    bench.connect("anna");
    bench.event(Event::Connected);
    bench.says(bytes);
    assert_eq!(bench.raw_faults(), [&fault]);
    assert_eq!(bench.members().join(" "), members);
    assert!(!matches!(bench.session.state(), State::Over(_)));
}
