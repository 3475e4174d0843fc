//! The faults: each a small deviation at one place, with the requirement that it breaks.

/// Writes the enum and its tables from one list: variant, requirement, sentence.
macro_rules! faults {
    ($($variant:ident $requirement:literal $sentence:literal;)*) => {
        /// One thing that the small server does wrongly, when it is told to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fault { $(#[doc = $sentence] $variant,)* }

        impl Fault {
            /// Every fault, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id of the requirement that it breaks.
            pub fn requirement(self) -> &'static str {
                match self { $(Self::$variant => $requirement,)* }
            }

            /// What it does, in one sentence.
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

faults! {
    CrashesAtAReset "CONN-1" "A reset ends the whole server.";
    CrashesAtNul "CONN-1" "A NUL byte ends the whole server.";
    DeafAfterAReset "CONN-1" "After a reset no connection is accepted any more.";
    CutsTheNextAfterAReset "CONN-1" "A reset also ends the connection that was opened last.";

    ReadIsALine "LINE-1" "What one read returns is taken as one line.";
    OneLinePerRead "LINE-1" "Of the lines that arrive together only the first is taken.";
    SecondOfTwoLost "LINE-1" "When exactly two lines arrive together, the second is lost.";
    LinesBeyondManyLost "LINE-1" "Of the lines that arrive together, those after the 64th are lost.";
    RestAfterALineLost "LINE-1" "The start of a line that arrives together with the end of another is lost.";
    NicknameEatsTheRest "LINE-1" "What arrives together with the nickname is lost.";
    SplitCharacterMangled "LINE-1" "A character whose bytes arrive in two pieces becomes a replacement character.";
    SplitLineLosesItsStart "LINE-1" "Of a line that arrives in pieces only the last piece is kept.";
    CrKept "LINE-2" "The CR before the LF counts as text.";
    CrKeptWhenLfIsLate "LINE-2" "The CR counts as text when the LF arrives later.";
    CrLateLfLosesTheLine "LINE-2" "A line is lost when its CR and its LF arrive in two pieces.";
    CrlfNicknameOnly "LINE-2" "The CR is dropped after a nickname, and kept in messages.";
    LinesEndWithCrlf "LINE-3" "Every line ends with CR LF.";
    GoodbyeEndsWithCrlf "LINE-3" "The goodbye ends with CR LF.";
    AnswersAsAsked "LINE-3" "A client that sends CR LF gets CR LF.";
    GoodbyeWithoutLf "LINE-3" "The goodbye has no LF.";
    UnfinishedMessageSent "LINE-4" "The end of the stream ends a message.";
    UnfinishedMessageSentAfterAReset "LINE-4" "A reset ends a message.";
    UnfinishedNicknameTaken "LINE-4" "The end of the stream ends a nickname.";
    UnfinishedQuitObeyed "LINE-4" "The wish to leave is obeyed before its LF has come.";
    OneLineBehind "LINE-4" "A line is processed when the next one has come.";
    EmptyMessageSent "LINE-5" "An empty line is a message.";
    EmptyCrlfMessageSent "LINE-5" "A line of CR LF alone is a message.";
    EmptyNicknameRefused "LINE-5" "An empty line is a nickname that is refused.";
    EmptyLinesEndTheConnection "LINE-5" "The 50th empty line ends the connection.";
    HeartbeatWithEveryMessage "LINE-6" "An empty line comes after every message.";
    HeartbeatsAfterAReset "LINE-6" "After a reset an empty line comes before every message.";
    HeartbeatsAnswered "LINE-6" "An empty line is answered with an empty line.";
    LimitOfOneByteLess "LINE-7" "A line of 4096 bytes is too long.";
    CrCountsAsText "LINE-7" "The CR counts when a line is measured.";
    CrCountsWhenLfIsLate "LINE-7" "The CR counts when a line is measured before its LF has come.";
    NameCountsAsText "LINE-7" "The sender's nickname counts when a line is measured.";
    LongTextsCut "LINE-7" "A text of more than 1024 bytes is cut.";
    LimitOfOneByteMore "LINE-8" "A line of 4097 bytes is accepted.";
    LimitInCharacters "LINE-8" "Characters are counted instead of bytes.";
    TooLongIsCut "LINE-8" "A line that is too long is cut and passed on.";
    TailIsALine "LINE-8" "What stands after the limit is another line.";
    TooLongEndsTheConnection "LINE-8" "A line that is too long ends the connection.";
    TooLongEndsNaming "LINE-8" "A nickname that is too long for a line ends the connection.";
    TooLongIsSilent "LINE-8" "A line that is too long is discarded without a word.";
    LossyUtf8 "LINE-10" "Bytes that are not UTF-8 become replacement characters.";
    LossyUtf8WhileNaming "LINE-10" "Bytes that are not UTF-8 become replacement characters in a nickname.";
    Latin1Guessed "LINE-10" "Bytes that are not UTF-8 are taken for Latin-1.";
    TruncatedEndForgiven "LINE-10" "A character that is cut off at the end of a line is dropped.";
    OverlongAccepted "LINE-10" "Overlong forms are decoded.";
    OverlongNulAccepted "LINE-10" "Overlong forms of two bytes are decoded, as in modified UTF-8.";
    SurrogatesAccepted "LINE-10" "Surrogates are decoded.";
    TooLargeAccepted "LINE-10" "Values above U+10FFFF are decoded.";
    EveryCrDropped "LINE-11" "Every CR at the end of a line is dropped.";
    CrInsideIsAnEnd "LINE-11" "A CR inside a line is replaced by a space.";
    ControlsStripped "LINE-11" "Control characters are taken out, and the rest is a message.";
    C0Accepted "LINE-11" "VT and FF are allowed.";
    EscapesAccepted "LINE-11" "ESC is allowed.";
    DeleteAccepted "LINE-11" "U+007F is allowed.";
    C1Accepted "LINE-11" "U+0080 to U+009F are allowed.";
    NextLineAccepted "LINE-11" "U+0085 is allowed.";
    SeparatorsAccepted "LINE-11" "U+2028 and U+2029 are allowed.";
    ParagraphSeparatorAccepted "LINE-11" "U+2029 is allowed.";
    ControlsInNicknames "LINE-11" "Control characters in a nickname are a reason of nicknames.";
    TabRefused "LINE-11" "TAB is a control character.";
    NoBreakSpaceRefused "LINE-11" "U+00A0 is a control character.";
    ErrorEchoesTheLine "LINE-12" "An error repeats what was wrong, control characters and all.";
    ErrorEchoesTheCommand "LINE-12" "An error repeats the command, however long it is.";
    ErrorsInColour "LINE-12" "Errors are written in red.";
    ErrorsInLatin1 "LINE-12" "Explanations are written in Latin-1.";

    Prompt "NAME-1" "A prompt is sent before the first line.";
    PromptWithoutLf "NAME-1" "A prompt without LF is sent before the first line.";
    NicknameOnlyByCommand "NAME-1" "A nickname is taken only from a line that begins with NICK.";
    EveryLineIsANickname "NAME-1" "A member's line that could be a nickname renames it.";
    NamingHearsMessages "NAME-2" "Connections that are naming receive messages.";
    NamingHearsJoins "NAME-2" "Connections that are naming are told who joins.";
    NamingHearsLeft "NAME-2" "Connections that are naming are told who leaves.";
    RefusedHearMessages "NAME-2" "After a refusal a connection that is naming receives messages.";
    NamelessLeaves "NAME-3" "The end of a naming connection is announced.";
    NamelessLeavesAfterAReset "NAME-3" "The reset of a naming connection is announced.";
    NamelessQuits "NAME-3" "A naming connection that quits is announced.";
    RefusedLeaves "NAME-3" "Who was refused a nickname leaves under that name.";
    RefusedJoins "NAME-3" "A nickname is announced before it is found to be invalid.";
    ThreeTries "NAME-4" "The third refusal of a nickname ends the connection.";
    FortyTries "NAME-4" "The 40th refusal of a nickname ends the connection.";
    TakenNicknameIsFinal "NAME-4" "A taken nickname ends the connection.";
    FifteenNameless "NAME-5" "The 16th naming connection is ended.";
    OldestNamelessLeaves "NAME-5" "The 16th naming connection takes the place of the oldest one.";
    NamelessWait "NAME-5" "The 16th naming connection waits until another one has ended.";
    NamingForEver "NAME-6" "There is no naming timeout.";
    NamingTimeoutRestarts "NAME-6" "Every line restarts the naming timeout.";
    NamingTimeoutStops "NAME-6" "The naming timeout ends with the first line.";
    NamingTimeoutWithoutGoodbye "NAME-6" "The naming timeout ends a connection without a goodbye.";
    TimeoutHitsMembers "NAME-7" "The naming timeout also ends members.";
    TimeoutHitsSilentMembers "NAME-7" "The naming timeout also ends members that have said nothing.";

    AsciiNamesOnly "NICK-1" "Only ASCII is allowed in nicknames.";
    EmojiRefused "NICK-1" "Characters beyond U+FFFF are not allowed in nicknames.";
    NamesInLowerCase "NICK-1" "Nicknames are shown in lower case.";
    FirstSpelling "NICK-1" "A nickname is shown as its first bearer spelled it.";
    NamesComposed "NICK-1" "Nicknames are shown as compatibility characters: a circled letter loses its circle.";
    MarksInsideRefused "NICK-1" "Marks that may not begin a nickname may not be inside it either.";
    QuitIsNoName "NICK-1" "`quit` is not allowed as a nickname.";
    NamesOfTwoBytes "NICK-1" "A nickname of one byte is too short.";
    HyphensAreInvisible "NICK-1" "U+2010, which can be seen, is not allowed in nicknames.";
    NameLimitOfOneByteLess "NICK-2" "A nickname of 32 bytes is too long.";
    NameLimitOfOneByteMore "NICK-2" "A nickname of 33 bytes is accepted.";
    NameLimitInCharacters "NICK-2" "The characters of a nickname are counted instead of its bytes.";
    NameLimitInUtf16 "NICK-2" "The UTF-16 units of a nickname are counted instead of its bytes.";
    LongNamesCut "NICK-2" "A nickname that is too long is cut.";
    SpacesInNames "NICK-3" "A space inside a nickname is allowed.";
    TabsInNames "NICK-3" "A TAB in a nickname is allowed.";
    ColonsInNames "NICK-3" "A colon in a nickname is allowed.";
    ColonAtTheEnd "NICK-3" "A colon at the end of a nickname is allowed.";
    NamesTrimmed "NICK-3" "Blanks around a nickname are taken off.";
    StarsBegin "NICK-4" "A nickname may begin with an asterisk.";
    ExclamationsBegin "NICK-4" "A nickname may begin with an exclamation mark.";
    AnglesBegin "NICK-4" "A nickname may begin with `<`.";
    BracesBegin "NICK-4" "A nickname may begin with `{`.";
    BraceAlone "NICK-4" "The nickname `{` is allowed.";
    InvisibleAccepted "NICK-5" "Invisible characters are allowed in nicknames.";
    NoBreakSpaceInNames "NICK-5" "U+00A0 is allowed in nicknames.";
    SoftHyphenInNames "NICK-5" "U+00AD is allowed in nicknames.";
    JoinersInNames "NICK-5" "U+200D is allowed in nicknames, for the sake of emoji.";
    DirectionInNames "NICK-5" "U+202A to U+202F are allowed in nicknames.";
    LastInvisibleInNames "NICK-5" "U+206F is allowed in nicknames.";
    BomInNames "NICK-5" "U+FEFF is allowed in nicknames.";
    OghamSpaceInNames "NICK-5" "U+1680 is allowed in nicknames.";
    NamesWithCase "NICK-6" "Nicknames that differ in case are two.";
    FoldsBits "NICK-6" "Case is compared by leaving out one bit, which makes `@` and a grave accent equal.";
    NobodyIsTaken "NICK-6" "Two members may have one nickname.";
    TakenByTheRefused "NICK-6" "A nickname that was asked for in vain is taken.";
    TakenByItsStart "NICK-6" "A nickname that begins with another one is taken.";
    NoProfile "NICK-7" "Nothing is known of the Nickname profile.";
    NoProfileOfEquality "NICK-8" "Nicknames are compared without the Nickname profile.";

    CountsItself "JOIN-1" "The count includes the newcomer.";
    CountsTheNameless "JOIN-1" "The count includes naming connections.";
    CountsTheGone "JOIN-1" "The count includes those who have left.";
    CountsToOne "JOIN-1" "The count is never more than 1.";
    WelcomesInLowerCase "JOIN-1" "The welcome shows the nickname in lower case.";
    NoCount "JOIN-1" "The welcome has no count.";
    ListsItself "JOIN-2" "The newcomer is on its own list.";
    ListsTheGone "JOIN-2" "The list holds somebody who has just left.";
    ListOfOne "JOIN-2" "The list ends after its first name.";
    ListFirst "JOIN-2" "The list comes before the welcome.";
    ListOnOneLine "JOIN-2" "The list is one line.";
    NoJoined "JOIN-3" "Newcomers are not announced.";
    JoinedTwice "JOIN-3" "Newcomers are announced twice.";
    JoinedToOneOnly "JOIN-3" "Newcomers are announced to the first member only.";
    SecondVisitIsSilent "JOIN-3" "The second visit of a nickname is not announced.";
    JoinedAfterTheFirstWord "JOIN-3" "A newcomer is announced after its first message.";
    JoinedWithTheFirstWord "JOIN-3" "A newcomer is announced right before its first message.";
    OwnJoined "JOIN-4" "A newcomer is told that it has joined.";
    History "JOIN-4" "A newcomer receives the last message.";

    NoSpace "MSG-1" "No space stands between the colon and the text.";
    Brackets "MSG-1" "The sender's nickname stands in brackets.";
    MessageToOneOnly "MSG-1" "A message is sent to the first of the others only.";
    MessageNotToTheLast "MSG-1" "A message does not reach the member that joined last, from the third member on.";
    FirstMessageLost "MSG-1" "The first message of a member is lost.";
    FortyListeners "MSG-1" "A message reaches no more than 40 members.";
    Echo "MSG-2" "A message also goes to its sender.";
    EchoToTheLonely "MSG-2" "A message goes to its sender when nobody else is there.";
    EchoOfTheSecond "MSG-2" "Every second message of a member also goes to its sender.";
    Trims "MSG-3" "Blanks around a text are taken off.";
    TrimsTheEnd "MSG-3" "Blanks at the end of a text are taken off.";
    SqueezesBlanks "MSG-3" "Several blanks become one.";
    TabsBecomeSpaces "MSG-3" "A TAB becomes a space.";
    Composes "MSG-3" "An e with a combining accent becomes one character.";
    DropsTheBom "MSG-3" "U+FEFF is taken out.";
    DropsZeroWidth "MSG-3" "Characters without width are taken out.";
    EscapesHtml "MSG-3" "`<`, `>` and `&` are escaped.";
    ReadsBackslashes "MSG-3" "A backslash and an n become a space.";
    FillsIn "MSG-3" "`%s` is filled in.";
    SplitsColons "MSG-4" "A text with a colon is cut there.";
    StarsAreNotices "MSG-4" "A text that begins with an asterisk is thrown away.";
    StarsAreRefused "MSG-4" "A text that begins with an asterisk is refused.";
    QuitAnywhere "MSG-4" "A text that holds the wish to leave is one.";
    QuitTrimmed "MSG-4" "The wish to leave may have blanks around it.";
    QuitInAnyCase "MSG-4" "The wish to leave may be written in capitals.";
    QuitWithoutMarks "MSG-4" "The line `quit` is the wish to leave.";
    SlashesAreCommands "MSG-4" "A text that begins with a slash is thrown away.";
    AnglesAreCommands "MSG-4" "Every text between `<` and `>` is refused as a command.";
    CommandsMayEndWithABlank "MSG-4" "A command may have a blank and no arguments.";
    TabsSeparateArguments "MSG-4" "A TAB may stand before the arguments of a command.";
    CommandsAreMessages "MSG-5" "Unknown commands are messages.";
    CommandsAreIgnored "MSG-5" "Unknown commands are thrown away.";
    CommandsAreBadNames "MSG-5" "While naming, a command is an invalid nickname.";
    QuitWithArguments "MSG-5" "`<quit now>` is the wish to leave.";
    QuitByItsStart "MSG-5" "`<quit-all>` is the wish to leave.";
    ShortCommandsAreMessages "MSG-5" "A command of one letter is a message.";
    AsciiArgumentsOnly "MSG-5" "A command with arguments beyond ASCII is a message.";

    NoLeft "LEAVE-1" "Nobody is told who leaves.";
    NoLeftAfterAReset "LEAVE-1" "Nobody is told of a reset.";
    NoLeftAfterAClose "LEAVE-1" "Nobody is told of a member that closes.";
    LeftTwiceAfterAReset "LEAVE-1" "A reset is announced twice.";
    LeftToOneOnly "LEAVE-1" "Who leaves is announced to the first member only.";
    SecondVisitEndsInSilence "LEAVE-1" "The end of a nickname's second visit is not announced.";
    NoLeftInMidLine "LEAVE-1" "A member that leaves in the middle of a line is not announced.";
    OnlyTheFirstReset "LEAVE-1" "Only the first reset is announced.";
    BracesAreText "LEAVE-2" "`{quit}` is a message.";
    NamingCannotQuit "LEAVE-2" "While naming, the wish to leave is an invalid nickname.";
    ProcessesAfterQuit "LEAVE-2" "Lines that arrive together with the wish to leave, and after it, are processed.";
    QuitOnlyAlone "LEAVE-2" "The wish to leave is recognised only when it arrives alone.";
    QuitNeedsLf "LEAVE-2" "With CR LF the wish to leave is not recognised.";
    NoGoodbye "LEAVE-3" "There is no goodbye.";
    NoGoodbyeAfterAHalfClose "LEAVE-3" "A client that ends its side gets no goodbye.";
    NoGoodbyeToTheNameless "LEAVE-3" "A naming connection that ends its side gets no goodbye.";
    GoodbyeInBraces "LEAVE-3" "The goodbye is `{quit}`.";
    GoodbyeTwice "LEAVE-3" "The goodbye is sent twice.";
    LastWordsLostAtTheEnd "LEAVE-4" "What is not processed when the client ends its side is lost.";
    QuitOvertakes "LEAVE-4" "The wish to leave is obeyed before the lines that arrive with it.";
    LastWordLost "LEAVE-4" "The message right before the wish to leave is lost.";
    LeftOvertakes "LEAVE-4" "Messages go out a moment late, and who leaves is announced at once.";
    HalfCloseIgnored "LEAVE-5" "The end of the client's side is no wish to leave.";
    HalfCloseForgetsDebts "LEAVE-5" "When a client ends its side, what it is owed is thrown away.";
    HalfClosedStays "LEAVE-5" "A half-closed member stays in the room until something is sent to it.";
    NameKeptAfterQuit "LEAVE-6" "A nickname is free a moment after its member has quit.";
    NameKeptAfterAHalfClose "LEAVE-6" "A nickname is free a moment after its member has ended its side.";
    NameKeptAfterAReset "LEAVE-6" "A nickname is free a moment after its member has reset the connection.";
    NameNeverFree "LEAVE-6" "A nickname is never free again.";
    LeftAfterTheEnd "LEAVE-6" "A member's end is announced after its connection has ended.";
    NoLinger "LEAVE-7" "After the goodbye the connection is closed at once.";
    NoLingerForTheNameless "LEAVE-7" "After the goodbye a naming connection is closed at once.";
    LingersForEver "LEAVE-7" "After the goodbye everything that comes is read.";
    LingersWithoutLimit "LEAVE-7" "After the goodbye everything that comes within 2 seconds is read.";
    NoEndAfterTheGoodbye "LEAVE-7" "After the goodbye the server waits for the client to end its side first.";

    OrdersDiffer "ORDER-1" "When two speak at the same time, not everybody hears them in one order.";
    LostAmongOthers "ORDER-1" "A message is lost to those who are still owed one of another sender.";
    EveryHundredthLost "ORDER-1" "Every hundredth message is lost.";
    EveryTenthTwice "ORDER-1" "Every tenth message is sent twice.";
    EighthOfABurstLost "ORDER-1" "Of the lines that arrive together, the eighth is not passed on.";
    RefusalsFirst "ORDER-2" "Of the lines that arrive together, those to refuse are processed first.";
    WelcomeOvertaken "ORDER-2" "The lines after the nickname are processed before it is accepted.";
    EveryTwentiethSwapped "ORDER-2" "Every twentieth message of a member overtakes the one before.";
    ErrorsLate "ORDER-3" "Errors go out of a queue of their own.";
    ListLate "ORDER-3" "The list of members comes a moment after the welcome.";
    ListFromBefore "ORDER-4" "The list of members is that of a moment before.";
    NewcomersNotTold "ORDER-4" "A newcomer is not told of those who join in the same moment.";
    NewcomersMissTheLeft "ORDER-4" "A newcomer is not told of those who leave in the same moment.";

    SleeperBlocksSenders "FLOW-1" "Nothing is taken from anybody while a member does not read.";
    SleeperBlocksReceivers "FLOW-1" "Nothing is sent to anybody while a member does not read.";
    SleeperIsNotHeard "FLOW-1" "Nothing is taken from a member that does not read.";
    DropsEarly "FLOW-2" "A member is dropped when 128 KiB are held for it.";
    DropsTheSlow "FLOW-2" "A member is dropped when it has not read for half a second.";
    NeverDrops "FLOW-3" "What is held for a member has no bound.";
    DropsInSilence "FLOW-3" "A member that is dropped is not announced.";
    GapInTheMiddle "FLOW-4" "When much is held for a member, some lines are left out.";
    OldestLost "FLOW-4" "When much is held for a member, the oldest lines are left out.";
    FloodDropped "FLOW-5" "The lines after the 100th of a second are thrown away.";
    FloodEnds "FLOW-5" "The 200th line of a second ends the connection.";
    FloodOfBytesDropped "FLOW-5" "The lines after 128 KiB in a second are thrown away.";
    FiveLinesASecond "FLOW-6" "Five lines a second are taken from a client.";
    EightKibASecond "FLOW-6" "8 KiB a second are taken from a client.";

    FourSeats "ROOM-1" "The room has four seats.";
    FourListeners "ROOM-1" "The fifth member hears nothing.";
    CapacityIgnored "ROOM-2" "The room is never full.";
    OneSeatMore "ROOM-2" "The room has one seat more.";
    FullWithoutGoodbye "ROOM-2" "Who finds the room full gets no goodbye.";
    FullAndGoesOn "ROOM-2" "Who finds the room full may stay and try again.";
    NamelessTakeSeats "ROOM-2" "Naming connections take seats.";
    SeatKeptAfterAReset "ROOM-2" "A seat is lost with a reset.";
    FullIsSilent "ROOM-2" "Who finds the room full hears the goodbye, and no error.";

    IgnoresTheInterrupt "STOP-1" "SIGINT is ignored.";
    ExitStatusOne "STOP-1" "The exit status is 1.";
    StopsInSilence "STOP-1" "The shutdown says no goodbye.";
    StopsWithoutTheNameless "STOP-1" "The shutdown says no goodbye to naming connections.";
    ExitsLate "STOP-1" "The process ends after 8 seconds.";
    LeftAtTheEnd "STOP-2" "At the shutdown members leave one after the other.";
    LeftAtTheEndFromTheThird "STOP-2" "At the shutdown the last members hear who leaves before them.";
    MessageAtTheEnd "STOP-2" "The shutdown is announced with a message.";
    IgnoresTerm "STOP-3" "SIGTERM is ignored.";
    TermKills "STOP-3" "SIGTERM ends the process at once.";
    PortKept "STOP-4" "The port cannot be used again for a while.";

    ErrorTwice "ERR-1" "An error is sent twice.";
    ErrorToEverybody "ERR-1" "An error is sent to everybody.";
    ErrorForMany "ERR-1" "Lines that are refused together get one error.";
    RefusedAndSent "ERR-1" "A line that is refused for its control characters is passed on without them.";
    EndsAtABinaryLine "ERR-1" "A line that is not UTF-8 is answered, and ends the connection.";
    TenErrors "ERR-1" "The tenth error ends the connection.";
    UnknownCommandTwice "ERR-1" "An unknown command is refused twice.";
    Utf8BeforeLength "ERR-2" "A line that is too long and not UTF-8 is refused as not UTF-8.";
    ControlsBeforeLength "ERR-2" "A line that is too long is refused for its control characters.";
    ControlsBeforeUtf8 "ERR-2" "Control characters are looked for before UTF-8 is checked.";
    CommandsBeforeControls "ERR-2" "Commands are looked for before control characters.";
    QuitBeforeControls "ERR-2" "The wish to leave is recognised without its control characters.";
    NamesBeforeControls "ERR-2" "A nickname's rules are checked before control characters.";
    NamesBeforeCommands "ERR-2" "A nickname's rules are checked before commands.";
    MessageOfTheDay "ERR-3" "The welcome is followed by a message of the day.";
    Topic "ERR-3" "A newcomer is told a topic.";
    OwnCode "ERR-3" "Nicknames are refused with a code of the server's own.";
    Bye "ERR-3" "A notice comes before the goodbye.";
}

impl Fault {
    /// The fault with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}
