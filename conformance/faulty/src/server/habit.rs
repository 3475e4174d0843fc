//! Habits of the server: what the specification allows, but a hasty test suite takes for a mistake.

crate::planted::planted! {
    /// A lawful peculiarity of the server.
    Habit {
        Late: "Sends every event up to 50 ms late, at random but in order.";
        SingleBytes: "Sends the first 16 KiB of a connection in writes of one byte.";
        Coalesces: "Collects everything for 30 ms and sends it in one write.";
        StartsSlowly: "Starts to listen after 700 ms.";
        WorksSlowly: "Takes 45 ms for each of a connection's first 60 lines.";
        ListsInOddOrder: "Lists the members in an order that nobody would expect.";
        ExplainsAtLength: "Explains errors at length, in Italian.";
        SaysMore: "Adds further words to notices.";
        Heartbeats: "Sends an empty line between two lines, at most once a second.";
        BeatsAfterTheWelcome: "Sends an empty line between the welcome and the list.";
        ReadsByTheSecond: "Takes 20 lines or 64 KiB a second, the minimum of FLOW-6, in a connection's first 5 s.";
        SmallBuffers: "Uses the smallest socket buffers that the system allows.";
        AcceptsSlowly: "Accepts each connection after 30 ms.";
        FiveSeats: "Has five seats unless the command line says otherwise.";
        LingersLong: "Reads for 1.9 s after the goodbye, and waits for that before it exits.";
        RefusesEarly: "Refuses a line that is too long as soon as it passes the limit.";
        EndsLate: "Ends the stream 100 ms after the goodbye.";
        ServesTheLastFirst: "Sends events to the newest members first.";
        TakenBeforeFull: "Refuses a taken nickname in a full room as taken.";
        DropsSoon: "Drops a member that does not read when 256 KiB are queued for it.";
        DropsWithAReset: "Uses a reset to drop a member that does not read.";
        TimesOutLate: "Applies the naming timeout 300 ms late.";
    }
}
