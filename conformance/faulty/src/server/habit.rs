//! The habits: what the specification allows, and what a hasty test suite takes for wrong.

/// Writes the enum and its tables from one list: variant and sentence.
macro_rules! habits {
    ($($variant:ident $sentence:literal;)*) => {
        /// One lawful peculiarity of the small server.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Habit { $(#[doc = $sentence] $variant,)* }

        impl Habit {
            /// Every habit.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What it is, in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// The name for the command line.
            pub fn name(self) -> String {
                super::kebab(match self { $(Self::$variant => stringify!($variant),)* })
            }
        }
    };
}

habits! {
    Late "Every line about the room comes up to 50 ms late, at random, in the room's order.";
    SingleBytes "The first 16 KiB of a connection are sent in writes of one byte.";
    Coalesces "Everything is sent in one write every 30 ms.";
    StartsSlowly "Nobody listens for the first 700 ms.";
    WorksSlowly "Each of a connection's first 60 lines takes 45 ms of work.";
    ListsInOddOrder "The list of members is in no order that anybody would expect.";
    ExplainsAtLength "The explanation after an error code is long, and not in English.";
    SaysMore "Notices have further words.";
    Heartbeats "Between two lines there is an empty one, at most every second.";
    ReadsByTheSecond "For the first 5 s a connection may send 20 lines or 64 KiB each second: the floor of FLOW-6.";
    SmallBuffers "The system's buffers are as small as it lets them be.";
    AcceptsSlowly "Each connection is accepted after 30 ms.";
    FiveSeats "The room has five seats, unless the command line says otherwise.";
    LingersLong "A connection that has ended is read for 1.9 s, and the process waits for it.";
    RefusesEarly "A line that is too long is refused as soon as the limit is passed.";
    EndsLate "The end of the stream comes 100 ms after the goodbye.";
    ServesTheLastFirst "What happens is sent to the members that joined last first.";
    TakenBeforeFull "In a full room a taken nickname is refused because it is taken.";
    DropsSoon "A member that does not read is dropped at 256 KiB.";
    DropsWithAReset "A member that does not read is dropped with a reset.";
    TimesOutLate "The naming timeout strikes 300 ms late.";
}

impl Habit {
    /// The habit with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|habit| habit.name() == name)
    }
}

/// A set of habits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habits(u64);

impl Habits {
    /// Whether the habit is in it.
    pub fn contains(self, habit: Habit) -> bool {
        self.0 & bit(habit) != 0
    }
}

impl FromIterator<Habit> for Habits {
    fn from_iter<T: IntoIterator<Item = Habit>>(habits: T) -> Self {
        Self(habits.into_iter().fold(0, |set, habit| set | bit(habit)))
    }
}

fn bit(habit: Habit) -> u64 {
    1 << habit as u64
}
