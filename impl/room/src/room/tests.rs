//! What the room does, told by what each connection receives.

use super::*;
use proptest::prelude::*;
use rstest::rstest;
use salotto_protocol::MAX_SERVER_LINE;
use std::collections::{BTreeMap, BTreeSet};

/// A room with the simplest possible shell: every line arrives at once.
struct House {
    room: Room,
    members: BTreeSet<ConnId>,
    inboxes: BTreeMap<ConnId, Vec<String>>,
    /// Those who were said goodbye.
    closed: BTreeSet<ConnId>,
    /// Those and the ones who were lost.
    gone: BTreeSet<ConnId>,
}

impl House {
    fn new(capacity: usize, max_naming: usize) -> Self {
        Self {
            room: Room::new(capacity, max_naming),
            members: BTreeSet::new(),
            inboxes: BTreeMap::new(),
            closed: BTreeSet::new(),
            gone: BTreeSet::new(),
        }
    }

    fn act(&mut self, act: impl FnOnce(&mut Room, &mut dyn FnMut(Output<'_>))) {
        let Self {
            room,
            members,
            inboxes,
            closed,
            gone,
        } = self;
        act(room, &mut |output| {
            if let Output::Reply { line, .. } | Output::Event { line, .. } = output {
                let line = line.to_string();
                assert!(line.len() <= MAX_SERVER_LINE, "{line}");
                assert!(
                    salotto_protocol::line::text(line.as_bytes()).is_ok(),
                    "{line}"
                );
            }
            match output {
                Output::Reply { to, line } => inboxes.entry(to).or_default().push(line.to_string()),
                Output::Enter { who } => assert!(members.insert(who)),
                Output::Event { by, line } => {
                    for &member in members.iter().filter(|&&member| member != by) {
                        inboxes.entry(member).or_default().push(line.to_string());
                    }
                }
                Output::Close { who, how, .. } => {
                    members.remove(&who);
                    assert!(gone.insert(who), "once");
                    if how.is_orderly() {
                        closed.insert(who);
                    }
                }
            }
        });
    }

    fn arrive(&mut self, who: u32) {
        self.inboxes.remove(&ConnId(who));
        self.closed.remove(&ConnId(who));
        self.gone.remove(&ConnId(who));
        self.act(|room, mut out| room.arrive(ConnId(who), &mut out));
    }

    fn say(&mut self, who: u32, line: &str) {
        let line = salotto_protocol::line::text(line.as_bytes());
        self.act(|room, mut out| room.line(ConnId(who), line, &mut out));
    }

    fn leave(&mut self, who: u32, how: Departure) {
        self.act(|room, mut out| room.leave(ConnId(who), how, &mut out));
    }

    /// What `who` received since the last time.
    fn heard(&mut self, who: u32) -> Vec<String> {
        std::mem::take(self.inboxes.entry(ConnId(who)).or_default())
    }

    fn is_closed(&self, who: u32) -> bool {
        self.closed.contains(&ConnId(who))
    }

    /// Connections 0, 1, ... with these names, who have heard nothing yet.
    fn with(names: &[&str]) -> Self {
        let mut house = Self::new(5, 16);
        for (who, name) in (0..).zip(names) {
            house.arrive(who);
            house.say(who, name);
        }
        house.inboxes.clear();
        house
    }
}

#[test]
fn a_newcomer_is_welcomed_and_announced() {
    let mut house = House::with(&["anna", "Bruno"]);
    house.arrive(2);
    house.say(2, "CARLA");
    assert_eq!(
        house.heard(2),
        ["* welcome CARLA 2", "* here anna", "* here Bruno"]
    );
    assert_eq!(house.heard(0), ["* joined CARLA"]);
    assert_eq!(house.heard(1), ["* joined CARLA"]);
}

#[test]
fn a_message_goes_to_everybody_else() {
    let mut house = House::with(&["anna", "bruno", "carla"]);
    house.say(1, "ciao: a tutti ");
    assert_eq!(house.heard(0), ["bruno: ciao: a tutti "]);
    assert_eq!(house.heard(1), [""; 0]);
    assert_eq!(house.heard(2), ["bruno: ciao: a tutti "]);
}

#[rstest]
#[case::empty("", None)]
#[case::control("a\x07", Some("! control-character"))]
#[case::control_before_command("<quit>\x07", Some("! control-character"))]
#[case::command("<who>", Some("! unknown-command"))]
#[case::longest_command(&format!("<{}>", "x".repeat(4094)), Some("! unknown-command"))]
fn a_line_without_effect_on_others(
    #[values("", "anna")] name: &str,
    #[case] line: &str,
    #[case] reply: Option<&str>,
) {
    let mut house = House::with(&[name, "bruno"]);
    house.say(0, line);
    let heard = house.heard(0);
    assert_eq!(heard.len(), usize::from(reply.is_some()));
    assert!(
        heard
            .iter()
            .zip(reply)
            .all(|(line, code)| line.starts_with(code)),
        "{heard:?}"
    );
    assert_eq!(house.heard(1), [""; 0]);
    assert!(!house.is_closed(0));
}

#[rstest]
#[case("an na", "! nickname-invalid")]
#[case("*", "! nickname-invalid")]
#[case("anna", "! nickname-taken")]
#[case("ANNA", "! nickname-taken")]
#[case("ａnna", "! nickname-taken")]
fn a_refused_name_may_be_followed_by_another(#[case] name: &str, #[case] code: &str) {
    let mut house = House::with(&["anna", ""]);
    house.say(1, name);
    assert!(house.heard(1).concat().starts_with(code));
    assert_eq!(house.heard(0), [""; 0]);
    house.say(1, "bruno");
    assert_eq!(house.heard(1), ["* welcome bruno 1", "* here anna"]);
}

#[rstest]
fn leaving_is_told_once(#[values("<quit>", "{quit}", "the end", "a reset")] how: &str) {
    let mut house = House::with(&["anna", "bruno"]);
    match how {
        "the end" => house.leave(0, Departure::Ended),
        "a reset" => house.leave(0, Departure::Lost),
        quit => house.say(0, quit),
    }
    house.say(0, "nobody hears this");
    house.leave(0, Departure::Ended);
    assert_eq!(house.heard(1), ["* left anna"]);
    assert_eq!(house.heard(0), [""; 0]);
    assert_eq!(house.is_closed(0), how != "a reset");
    // The name and the number are free.
    house.arrive(0);
    house.say(0, "Anna");
    assert_eq!(house.heard(0), ["* welcome Anna 1", "* here bruno"]);
}

#[test]
fn nobody_knows_of_the_nameless() {
    let mut house = House::with(&["anna", "", ""]);
    house.say(0, "c'è qualcuno?");
    house.say(1, "<quit>");
    house.leave(2, Departure::Lost);
    for who in 0..3 {
        assert_eq!(house.heard(who), [""; 0]);
    }
    assert!(house.is_closed(1));
}

#[test]
fn a_full_room_says_so_and_goodbye() {
    let mut house = House::with(&["a", "b", "c", "d", "e", ""]);
    house.say(5, "f f");
    assert!(house.heard(5).concat().starts_with("! nickname-invalid"));
    house.say(5, "f");
    assert!(house.heard(5).concat().starts_with("! room-full"));
    assert!(house.is_closed(5));
    house.leave(2, Departure::Lost);
    house.arrive(6);
    house.say(6, "f");
    assert_eq!(house.heard(6)[0], "* welcome f 4");
}

#[test]
fn too_many_nameless_are_sent_away() {
    let mut house = House::new(5, 2);
    for who in 0..3 {
        house.arrive(who);
    }
    assert!(!house.is_closed(1));
    assert!(house.is_closed(2));
    house.say(0, "anna");
    house.arrive(3);
    assert!(!house.is_closed(3), "a member is not naming any more");
}

#[test]
fn at_the_end_everybody_gets_a_goodbye_and_nothing_else() {
    let mut house = House::with(&["anna", "bruno", ""]);
    house.act(|room, mut out| room.shut_down(&mut out));
    house.say(0, "troppo tardi");
    for who in 0..3 {
        assert!(house.is_closed(who));
        assert_eq!(house.heard(who), [""; 0]);
    }
}

#[derive(Debug, Clone)]
enum Step {
    Arrive(u32),
    Say(u32, String),
    Leave(u32, Departure),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..8u32;
    let line = prop_oneof![
        4 => "[abAB]",
        3 => "[a-z]{0,3}: [a-z]{1,3}",
        1 => Just("<quit>".to_owned()),
        1 => prop_oneof![Just("<who>"), Just(""), Just("\x07"), Just("*"), Just("è"), Just("È")]
            .prop_map(str::to_owned),
    ];
    let how = prop_oneof![Just(Departure::Ended), Just(Departure::Lost)];
    let step = prop_oneof![
        3 => who.clone().prop_map(Step::Arrive),
        8 => (who.clone(), line).prop_map(|(who, line)| Step::Say(who, line)),
        1 => (who, how).prop_map(|(who, how)| Step::Leave(who, how)),
    ];
    proptest::collection::vec(step, 0..120)
}

/// What a member knows from its own lines alone.
#[derive(Default)]
struct Knowledge {
    name: String,
    others: BTreeSet<String>,
}

proptest! {
    /// Random histories, judged by what each connection received: true member lists, unique names,
    /// never more members than seats, no echo, every message once to everybody else.
    #[test]
    fn every_member_knows_the_truth(steps in steps()) {
        const SEATS: usize = 5;
        let mut house = House::new(SEATS, 16);
        let mut present = BTreeSet::new();
        let mut known: BTreeMap<u32, Knowledge> = BTreeMap::new();
        for step in steps {
            let mut spoken = None;
            match step {
                Step::Arrive(who) => {
                    if present.insert(who) {
                        house.arrive(who);
                    }
                }
                Step::Say(who, line) => {
                    house.say(who, &line);
                    let is_text = matches!(Input::of(&line), Input::Text(_)) && line != "\x07";
                    if let (Some(me), true) = (known.get(&who), is_text) {
                        spoken = Some((who, format!("{}: {line}", me.name)));
                    }
                }
                Step::Leave(who, how) => house.leave(who, how),
            }
            for who in 0..8 {
                let standing = house.room.standing(ConnId(who));
                let heard = house.heard(who);
                if standing != Standing::Member {
                    prop_assert!(heard.iter().all(|line| line.starts_with('!')), "{heard:?}");
                    known.remove(&who);
                    if standing == Standing::Absent {
                        present.remove(&who);
                    }
                    continue;
                }
                let me = known.entry(who).or_default();
                let mut messages = Vec::new();
                for line in &heard {
                    match ServerLine::parse(line) {
                        ServerLine::Welcome { nick, count } => {
                            prop_assert_eq!(heard.len(), count + 1);
                            me.name = nick.to_owned();
                        }
                        ServerLine::Here(nick) | ServerLine::Joined(nick) => {
                            prop_assert!(me.others.insert(nick.to_owned()), "once");
                        }
                        ServerLine::Left(nick) => prop_assert!(me.others.remove(nick), "once"),
                        ServerLine::Message { .. } => messages.push(line.clone()),
                        ServerLine::Error { .. } => {}
                        line => prop_assert!(false, "no member is told {line}"),
                    }
                }
                let due = spoken.iter().filter(|(by, _)| *by != who).map(|(_, line)| line.clone());
                prop_assert_eq!(messages, due.collect::<Vec<_>>());
            }
            let names: BTreeSet<_> = known.values().map(|me| me.name.clone()).collect();
            let folded: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(folded.len(), known.len(), "unique names");
            prop_assert!(known.len() <= SEATS);
            for me in known.values() {
                let mut all = me.others.clone();
                prop_assert!(all.insert(me.name.clone()), "nobody meets himself");
                prop_assert_eq!(&all, &names);
            }
        }
    }
}
