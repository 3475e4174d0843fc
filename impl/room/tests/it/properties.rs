//! Random histories, judged by what each connection receives.

use crate::test_room::TestRoom;
use proptest::prelude::*;
use salotto_protocol::{Input, ServerLine};
use salotto_room::{Departure, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const CONNECTIONS: u32 = 8;
const CAPACITY: usize = 5;

#[derive(Debug, Clone)]
enum Step {
    Arrive(u32),
    Say(u32, String),
    Leave(u32, Departure),
    Wait(Duration),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let id = 0..CONNECTIONS;
    let line = prop_oneof![
        4 => "[abAB]",
        3 => "[a-z]{0,3}: [a-z]{1,3}",
        1 => Just("<quit>".to_owned()),
        1 => prop_oneof![Just("<who>"), Just(""), Just("\x07"), Just("*"), Just("è"), Just("È")]
            .prop_map(str::to_owned),
    ];
    let reason = prop_oneof![Just(Departure::Ended), Just(Departure::Lost)];
    let time = (0..30u64).prop_map(Duration::from_secs);
    let step = prop_oneof![
        3 => id.clone().prop_map(Step::Arrive),
        8 => (id.clone(), line).prop_map(|(id, line)| Step::Say(id, line)),
        1 => (id, reason).prop_map(|(id, reason)| Step::Leave(id, reason)),
        1 => time.prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 0..120)
}

/// What a member knows from the lines that it received.
#[derive(Default)]
struct Knowledge {
    name: String,
    others: BTreeSet<String>,
}

impl Knowledge {
    /// Learns from `lines`, and returns the messages among them.
    fn learn(&mut self, lines: Vec<String>) -> Vec<String> {
        let count_of_lines = lines.len();
        let mut messages = Vec::new();
        for line in lines {
            match ServerLine::parse(&line) {
                ServerLine::Welcome { nick, count } => {
                    assert_eq!(count_of_lines, count + 1);
                    self.name = nick.to_owned();
                }
                ServerLine::Here(nick) | ServerLine::Joined(nick) => {
                    assert!(self.others.insert(nick.to_owned()), "{nick} came twice");
                }
                ServerLine::Left(nick) => assert!(self.others.remove(nick), "{nick} left twice"),
                ServerLine::Message { .. } => messages.push(line),
                ServerLine::Error { .. } => {}
                line => panic!("a member received {line}"),
            }
        }
        messages
    }
}

/// Every member has a true list of members, the members have different names, and there are no more of them than seats.
fn check_lists(known: &BTreeMap<u32, Knowledge>) {
    let names: BTreeSet<_> = known.values().map(|member| member.name.clone()).collect();
    let folded: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), known.len(), "two members have the same name");
    assert!(known.len() <= CAPACITY);
    for member in known.values() {
        let mut all = member.others.clone();
        assert!(all.insert(member.name.clone()), "a member heard of itself");
        assert_eq!(all, names);
    }
}

proptest! {
    #[test]
    fn every_member_has_a_true_list_and_hears_every_message_of_others_once(steps in steps()) {
        let mut room = TestRoom::new(CAPACITY, 16);
        let mut present = BTreeSet::new();
        let mut known: BTreeMap<u32, Knowledge> = BTreeMap::new();
        for step in steps {
            let mut message = None;
            match step {
                Step::Arrive(id) => {
                    if present.insert(id) {
                        room.arrive(id);
                    }
                }
                Step::Say(id, line) => {
                    room.say(id, &line);
                    let is_text = matches!(Input::of(&line), Input::Text(_)) && line != "\x07";
                    if let (Some(sender), true) = (known.get(&id), is_text) {
                        message = Some((id, format!("{}: {line}", sender.name)));
                    }
                }
                Step::Leave(id, reason) => room.leave(id, reason),
                Step::Wait(time) => {
                    room.wait(time);
                }
            }
            for id in 0..CONNECTIONS {
                let lines = room.heard(id);
                let status = room.status(id);
                if status == Status::Member {
                    let messages = known.entry(id).or_default().learn(lines);
                    let due = message.iter().filter(|(by, _)| *by != id).map(|(_, line)| line);
                    prop_assert!(messages.iter().eq(due), "{messages:?}");
                    continue;
                }
                prop_assert!(lines.iter().all(|line| line.starts_with('!')), "{lines:?}");
                known.remove(&id);
                if status == Status::Absent {
                    present.remove(&id);
                }
            }
            check_lists(&known);
        }
    }
}
