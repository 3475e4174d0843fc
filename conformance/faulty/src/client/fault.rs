//! What the client can do wrongly.

use clap::ValueEnum;

/// One fault. Its name on the command line is its name here, in lower case and with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// It waits for something before it sends its nickname.
    WaitsForAPrompt,
    /// It sends what is typed before it is welcomed.
    TalksWhileNaming,
    /// It ends its lines with CR LF.
    EndsLinesWithCrlf,
    /// It sends lines of any length.
    SendsAnyLength,
    /// It counts characters instead of bytes.
    CountsCharacters,
    /// It sends control characters.
    SendsControls,
    /// It sends empty messages.
    SendsNothing,
    /// It sends commands that were typed as messages.
    SendsCommands,
    /// It knows only one of the two words that end a connection.
    SendsTheOldWord,
    /// It takes what one read gives it for one line.
    TakesAReadForALine,
    /// It shows only the first line of what one read gives it.
    ShowsTheFirstOfTwo,
    /// It decodes every read by itself.
    SplitsCharacters,
    /// It cuts long messages.
    CutsLongMessages,
    /// It loses a message when there are many.
    LosesTheHundredth,
    /// It shows the CR before an LF.
    KeepsTheCr,
    /// It takes an empty line for the end of the connection.
    EndsAtAnEmptyLine,
    /// It leaves without a word.
    LeavesWithoutQuit,
    /// It closes without reading to the end.
    LeavesWithoutReading,
    /// It waits for ever for the server to close.
    NeverCloses,
    /// It forgets what was typed last when its user leaves.
    ForgetsTheLastWords,
    /// It does not tell its user that the server said goodbye.
    SaysNothingOfTheGoodbye,
    /// It does not tell its user that the connection is lost.
    SaysNothingOfTheEnd,
    /// It ends when it does not know a line.
    EndsAtUnknownLines,
    /// It takes a line that it does not know for an error of its own, and says so to the server.
    AnswersUnknownLines,
    /// It hides an error whose code it does not know.
    HidesUnknownErrors,
    /// It shows texts as they are.
    ShowsAnything,
    /// It neutralises the old control characters, and not those of one byte more.
    ShowsC1,
    /// It takes blanks away.
    TrimsTexts,
    /// It puts two blanks together.
    JoinsBlanks,
    /// It sends every second text twice.
    SendsTwice,
    /// It sends only a part of what is pasted.
    DropsPastedLines,
}

impl Fault {
    /// The id of the requirement that it breaks.
    pub fn requirement(self) -> &'static str {
        match self {
            Self::WaitsForAPrompt | Self::TalksWhileNaming => "CLIENT-1",
            Self::EndsLinesWithCrlf => "CLIENT-2",
            Self::SendsAnyLength
            | Self::CountsCharacters
            | Self::SendsControls
            | Self::SendsNothing => "CLIENT-3",
            Self::SendsCommands | Self::SendsTheOldWord => "CLIENT-4",
            Self::TakesAReadForALine
            | Self::ShowsTheFirstOfTwo
            | Self::SplitsCharacters
            | Self::CutsLongMessages
            | Self::LosesTheHundredth => "CLIENT-5",
            Self::KeepsTheCr | Self::EndsAtAnEmptyLine => "CLIENT-6",
            Self::LeavesWithoutQuit | Self::LeavesWithoutReading | Self::NeverCloses => "CLIENT-7",
            Self::SaysNothingOfTheGoodbye | Self::SaysNothingOfTheEnd => "CLIENT-8",
            Self::EndsAtUnknownLines | Self::AnswersUnknownLines | Self::HidesUnknownErrors => {
                "CLIENT-9"
            }
            Self::ShowsAnything | Self::ShowsC1 => "CLIENT-10",
            Self::ForgetsTheLastWords
            | Self::TrimsTexts
            | Self::JoinsBlanks
            | Self::SendsTwice
            | Self::DropsPastedLines => "CLIENT-11",
        }
    }
}
