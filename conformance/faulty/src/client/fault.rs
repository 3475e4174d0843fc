//! Faults of the client.

crate::planted::planted! {
    /// A way in which the client breaks a requirement.
    Fault {
        WaitsForAPrompt "CLIENT-1": "Waits for a prompt before it sends its nickname.";
        TalksWhileNaming "CLIENT-1": "Sends messages before it is welcomed.";
        EndsLinesWithCrlf "CLIENT-2": "Ends its lines with CR LF.";
        SendsAnyLength "CLIENT-3": "Sends lines of any length.";
        CountsCharacters "CLIENT-3": "Measures a line in characters instead of bytes.";
        SendsControls "CLIENT-3": "Sends control characters.";
        SendsNothing "CLIENT-3": "Sends empty messages.";
        SendsCommands "CLIENT-4": "Sends an unknown command as if it were a message.";
        SendsTheOldWord "CLIENT-4": "Sends `{quit}` as if it were a message.";
        TakesAReadForALine "CLIENT-5": "Takes whatever one read returns for one line.";
        ShowsTheFirstOfTwo "CLIENT-5": "Shows only the first of the lines that arrive together.";
        SplitsCharacters "CLIENT-5": "Decodes each read by itself, which mangles a character that arrives in two pieces.";
        CutsLongMessages "CLIENT-5": "Cuts messages after 1024 characters.";
        LosesTheHundredth "CLIENT-5": "Loses the hundredth message.";
        KeepsTheCr "CLIENT-6": "Shows the CR before an LF.";
        EndsAtAnEmptyLine "CLIENT-6": "Exits at an empty line.";
        LeavesWithoutQuit "CLIENT-7": "Leaves without `<quit>`.";
        LeavesWithoutReading "CLIENT-7": "Closes the connection without reading to the end.";
        NeverCloses "CLIENT-7": "Keeps the connection open after its user has left.";
        SaysNothingOfTheGoodbye "CLIENT-8": "Does not tell its user that the server has said goodbye.";
        SaysNothingOfTheEnd "CLIENT-8": "Does not tell its user that the connection is lost.";
        EndsAtUnknownLines "CLIENT-9": "Exits at a line that it does not know.";
        AnswersUnknownLines "CLIENT-9": "Answers a line that it does not know.";
        HidesUnknownErrors "CLIENT-9": "Does not show errors.";
        ShowsAnything "CLIENT-10": "Shows control characters as they are.";
        ShowsC1 "CLIENT-10": "Shows the C1 controls, U+0080 to U+009F, as they are.";
        ForgetsTheLastWords "CLIENT-11": "Loses what was typed last before its user leaves.";
        TrimsTexts "CLIENT-11": "Trims blanks around a text.";
        JoinsBlanks "CLIENT-11": "Merges two blanks into one.";
        SendsTwice "CLIENT-11": "Sends every second text twice.";
        DropsPastedLines "CLIENT-11": "Loses every twentieth line of what is pasted.";
    }
}
