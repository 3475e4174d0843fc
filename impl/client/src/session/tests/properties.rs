//! Properties that hold whatever a server sends and a user does.

use super::fixture::Fixture;
use crate::session::{
    End, EntryKind, Event, Failure, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_MEMBERS, MAX_PROTOCOL_BYTES,
    MAX_PROTOCOL_LINES, Options, Session, State,
};
use proptest::prelude::*;
use salotto_protocol::{Input, ServerLine, line};
use std::collections::BTreeSet;
use std::time::Duration;

#[derive(Debug, Clone)]
enum Step {
    Connect(String),
    ChooseNick(String),
    Type(String),
    Answer(bool),
    Leave,
    ReconnectNow,
    Cancel,
    SetAttentive(bool),
    Older,
    Newer,
    Complete(usize),
    Pass(u64),
    Connected,
    Receive(Vec<u8>),
    Sent(usize),
    Ended,
    Failed,
}

fn nick() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("anna".to_owned()),
        3 => Just("bruno".to_owned()),
        2 => Just("carla".to_owned()),
        1 => Just("<quit>".to_owned()),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
}

fn user_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]{1,5}",
        1 => "/(quit|help|boh|/ciao)?",
        1 => "<(quit|who|Who)>",
        1 => "([a-c/<>\\n\\r]|\\PC){0,20}",
        1 => any::<String>(),
        1 => (4090..4100usize).prop_map(|n| "x".repeat(n)),
    ]
}

fn server_bytes() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        2 => (nick(), 0..3usize).prop_map(|(nick, n)| format!("* welcome {nick} {n}\n")),
        2 => nick().prop_map(|nick| format!("* here {nick}\n")),
        2 => nick().prop_map(|nick| format!("* joined {nick}\r\n")),
        2 => nick().prop_map(|nick| format!("* left {nick}\n")),
        4 => (nick(), "\\PC{1,10}").prop_map(|(nick, text)| format!("{nick}: {text}\n")),
        1 => "! (nickname-taken|nickname-invalid|room-full|boh)( \\PC{0,5})?\n",
        1 => "(<quit>|<pong>|[*] boh||x)\n",
    ];
    prop_oneof![
        6 => proptest::collection::vec(line, 1..6).prop_map(|lines| lines.concat().into_bytes()),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => (4125..4200usize).prop_map(|n| vec![b'x'; n]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => nick().prop_map(Step::Connect),
        2 => nick().prop_map(Step::ChooseNick),
        5 => user_text().prop_map(Step::Type),
        1 => any::<bool>().prop_map(Step::Answer),
        1 => Just(Step::Leave),
        1 => Just(Step::ReconnectNow),
        1 => Just(Step::Cancel),
        1 => any::<bool>().prop_map(Step::SetAttentive),
        1 => Just(Step::Older),
        1 => Just(Step::Newer),
        1 => (0..30usize).prop_map(Step::Complete),
        1 => (0..70_000u64).prop_map(Step::Pass),
        4 => Just(Step::Connected),
        12 => server_bytes().prop_map(Step::Receive),
        1 => (0..10usize).prop_map(Step::Sent),
        1 => Just(Step::Ended),
        1 => Just(Step::Failed),
    ]
}

fn perform(fixture: &mut Fixture, step: Step) {
    let (now, session) = (fixture.now, &mut fixture.session);
    match step {
        Step::Connect(nick) => fixture.connect(&nick),
        Step::ChooseNick(nick) => {
            let _ = session.choose_nick(now, &nick);
        }
        Step::Type(text) => {
            session.draft_mut().set(text);
            let _ = session.submit_draft(now);
        }
        Step::Answer(yes) => {
            let _ = session.answer(now, yes);
        }
        Step::Leave => session.leave(now),
        Step::ReconnectNow => session.reconnect_now(now),
        Step::Cancel => session.cancel_reconnect(),
        Step::SetAttentive(attentive) => session.set_attentive(attentive),
        Step::Older => {
            session.draft_mut().older();
        }
        Step::Newer => {
            session.draft_mut().newer();
        }
        Step::Complete(cursor) => {
            session.complete(cursor);
        }
        Step::Pass(millis) => {
            fixture.now.instant += Duration::from_millis(millis);
            session.handle_timeout(fixture.now);
        }
        Step::Connected => fixture.event(Event::Connected),
        Step::Receive(bytes) => fixture.event(Event::Received(bytes)),
        Step::Sent(bytes) => fixture.event(Event::Sent(bytes)),
        Step::Ended => fixture.event(Event::Ended),
        Step::Failed => fixture.event(Event::Failed(Failure::Reset)),
    }
    fixture.perform_actions();
}

/// A reference model that judges all bytes of a connection at once: who is in the room, and what was said.
#[derive(Debug, Default)]
struct Model {
    bytes: Vec<u8>,
}

impl Model {
    /// The valid lines before the server's `<quit>`.
    fn lines(&self) -> Vec<&str> {
        let whole = self.bytes.split_inclusive(|&b| b == b'\n');
        let mut lines: Vec<_> = whole
            .filter_map(|line| {
                let line = line.strip_suffix(b"\n")?;
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                (line.len() <= 4130).then(|| line::text(line).ok())?
            })
            .collect();
        if let Some(end) = lines.iter().position(|&line| line == "<quit>") {
            lines.truncate(end);
        }
        lines
    }

    fn members(&self, own: &str) -> BTreeSet<&str> {
        let mut members = BTreeSet::new();
        let mut welcomed = false;
        for line in self.lines() {
            match ServerLine::parse(line) {
                ServerLine::Welcome { .. } => welcomed = true,
                ServerLine::Here(nick) | ServerLine::Joined(nick)
                    if welcomed && nick != own && nick.len() <= 32 =>
                {
                    members.insert(nick);
                }
                ServerLine::Left(nick) => {
                    members.remove(nick);
                }
                _ => {}
            }
        }
        members
    }

    fn messages(&self) -> Vec<(&str, &str)> {
        self.lines()
            .into_iter()
            .filter_map(|line| match ServerLine::parse(line) {
                ServerLine::Message { nick, text } => Some((nick, text)),
                _ => None,
            })
            .collect()
    }
}

fn shown_since(session: &Session, index: u64) -> Vec<(&str, &str)> {
    session
        .transcript()
        .since(index)
        .filter_map(|(_, entry)| match &entry.kind {
            EntryKind::Message { nick, text, .. } => Some((&**nick, &**text)),
            _ => None,
        })
        .collect()
}

proptest! {
    #[test]
    fn the_session_agrees_with_the_model(steps in proptest::collection::vec(step(), 0..60), reconnect in any::<bool>()) {
        let mut fixture = Fixture::new(Options { reconnect, ..Options::default() });
        let mut model = Model::default();
        let mut connection = None;
        let mut first_entry = 0;
        for step in steps {
            let receives = fixture.id.is_some() && fixture.session.state() != &State::Connecting;
            if let Step::Receive(bytes) = &step && receives {
                model.bytes.extend(bytes);
            }
            let end = fixture.session.transcript().end();
            perform(&mut fixture, step);
            if fixture.id.is_some() && fixture.id != connection {
                connection = fixture.id;
                model = Model::default();
                first_entry = end;
            }
            check(&fixture, &model, first_entry)?;
        }
    }

    #[test]
    fn where_the_bytes_are_cut_does_not_matter(
        pieces in proptest::collection::vec(server_bytes(), 0..10),
        size in 1..50usize,
    ) {
        let mut bytes = b"* welcome anna 1\n".to_vec();
        bytes.extend(pieces.concat());
        let [whole, cut] = [bytes.len(), size].map(|size| {
            let mut fixture = Fixture::new(Options::default());
            fixture.connect("anna");
            fixture.event(Event::Connected);
            for piece in bytes.chunks(size) {
                fixture.event(Event::Received(piece.to_vec()));
            }
            fixture.session.transcript().since(0).map(|(_, entry)| entry.kind.clone()).collect::<Vec<_>>()
        });
        prop_assert_eq!(whole, cut);
    }
}

fn check(fixture: &Fixture, model: &Model, first_entry: u64) -> Result<(), TestCaseError> {
    let session = &fixture.session;
    let welcomed = model
        .lines()
        .iter()
        .any(|line| matches!(ServerLine::parse(line), ServerLine::Welcome { .. }));

    // CLIENT-1, CLIENT-2, CLIENT-3: only nicknames and `<quit>` before the welcome, and only valid lines.
    let nicks = session
        .protocol_log()
        .since(0)
        .filter(|(_, line)| line.requirement == "CLIENT-1");
    let nicks: BTreeSet<_> = nicks.map(|(_, line)| &*line.text).collect();
    prop_assert!(fixture.sent.is_empty() || fixture.sent.ends_with('\n'));
    for (at, line) in fixture.sent.lines().enumerate() {
        prop_assert!(!line.is_empty() && line.len() <= 4096);
        prop_assert!(line::text(line.as_bytes()).is_ok());
        prop_assert!(at > 0 || nicks.contains(line));
        prop_assert!(welcomed || line == "<quit>" || nicks.contains(line));
        prop_assert!(!nicks.contains(line) || matches!(Input::of(line), Input::Text(_)));
    }
    // Nothing follows a `<quit>`.
    prop_assert!(!fixture.sent.contains("<quit>\n") || fixture.sent.ends_with("<quit>\n"));

    // CLIENT-5. Lines after a room-full error are not shown.
    let shown = shown_since(session, first_entry);
    if matches!(
        session.state(),
        State::Over(End::RoomFull)
            | State::Waiting {
                end: End::RoomFull,
                ..
            }
    ) {
        prop_assert!(model.messages().starts_with(&shown));
    } else {
        prop_assert_eq!(shown, model.messages());
    }
    if fixture.id.is_some() {
        prop_assert_eq!(session.nick().is_some(), welcomed);
        if let Some(own) = session.nick() {
            let members: BTreeSet<_> = session.members().iter().collect();
            prop_assert_eq!(members, model.members(own));
        }
    } else {
        prop_assert!(session.members().len() == 0 && session.nick().is_none());
        prop_assert_eq!(session.question(), None);
    }

    prop_assert!(
        session.transcript().len() <= MAX_ENTRIES
            && session.transcript().bytes() <= MAX_ENTRY_BYTES
    );
    prop_assert!(
        session.protocol_log().len() <= MAX_PROTOCOL_LINES
            && session.protocol_log().bytes() <= MAX_PROTOCOL_BYTES
    );
    prop_assert!(session.members().len() <= MAX_MEMBERS);
    Ok(())
}
