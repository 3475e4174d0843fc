//! The ways of breaking a requirement that show by themselves, whatever the step is about.

use crate::requirement::Id;

/// A way of breaking a requirement that a line, or the end of a connection, shows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Violation {
    Ended,
    CarriageReturn,
    EmptyMessage,
    Flood,
    BrokenLine,
    HeardWhileNaming,
    LeftWithoutJoining,
    FalseWelcome,
    FalseList,
    JoinedTwice,
    NotAnnounced,
    OwnArrival,
    NotHeard,
    Echo,
    LeftTwice,
    QuitPassedOn,
    NoGoodbye,
    EndUnnoticed,
    Reset,
    Repeated,
    BadExit,
    NeedlessError,
    Undefined,
    NoLf,
    Tail,
    Prompt,
    Trimmed,
    FalseCommand,
    Ghost,
    NeverFree,
    Overtaken,
    GoodbyeAtDrop,
    TooFewSeats,
    EventAtTheEnd,
    BadExitAfterSigterm,
}

/// The requirement that each violation breaks. The specification must know all of them.
const IDS: [(&str, Violation); 35] = [
    ("CONN-1", Violation::Ended),
    ("LINE-3", Violation::CarriageReturn),
    ("LINE-3", Violation::NoLf),
    ("LINE-5", Violation::EmptyMessage),
    ("LINE-6", Violation::Flood),
    ("LINE-8", Violation::Tail),
    ("LINE-12", Violation::BrokenLine),
    ("NAME-1", Violation::Prompt),
    ("NAME-2", Violation::HeardWhileNaming),
    ("NAME-3", Violation::LeftWithoutJoining),
    ("JOIN-1", Violation::FalseWelcome),
    ("JOIN-2", Violation::FalseList),
    ("JOIN-3", Violation::JoinedTwice),
    ("JOIN-3", Violation::NotAnnounced),
    ("JOIN-4", Violation::OwnArrival),
    ("MSG-1", Violation::NotHeard),
    ("MSG-2", Violation::Echo),
    ("MSG-3", Violation::Trimmed),
    ("MSG-4", Violation::FalseCommand),
    ("LEAVE-1", Violation::LeftTwice),
    ("LEAVE-2", Violation::QuitPassedOn),
    ("LEAVE-3", Violation::NoGoodbye),
    ("LEAVE-5", Violation::EndUnnoticed),
    ("LEAVE-5", Violation::Ghost),
    ("LEAVE-6", Violation::NeverFree),
    ("LEAVE-7", Violation::Reset),
    ("ORDER-1", Violation::Repeated),
    ("ORDER-3", Violation::Overtaken),
    ("FLOW-3", Violation::GoodbyeAtDrop),
    ("ROOM-1", Violation::TooFewSeats),
    ("STOP-1", Violation::BadExit),
    ("STOP-2", Violation::EventAtTheEnd),
    ("STOP-3", Violation::BadExitAfterSigterm),
    ("ERR-1", Violation::NeedlessError),
    ("ERR-3", Violation::Undefined),
];

/// Every requirement that the suite blames without being told by a step.
pub fn fixed_ids() -> Vec<Id> {
    IDS.iter().filter_map(|(id, _)| Id::parse(id)).collect()
}

impl Violation {
    /// Whether no lawful server ever sends such a line, even where other events may come.
    pub(super) fn is_certain(self) -> bool {
        matches!(
            self,
            Self::EmptyMessage | Self::Ghost | Self::QuitPassedOn | Self::Echo | Self::OwnArrival
        )
    }

    /// The requirement that it breaks.
    pub(super) fn id(self) -> Option<Id> {
        let (id, _) = IDS.iter().find(|(_, violation)| *violation == self)?;
        Id::parse(id)
    }
}
