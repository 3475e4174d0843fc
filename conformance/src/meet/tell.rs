//! The answers in sentences, the most basic first.

use driver::wire::Visible;

use super::learn::is_echo;
use super::visit::{Answers, SAID, TWO, contains};
use crate::dialect::Framing;

/// What a server has said, one sentence for each question, with the requirement that it is about.
pub fn sentences(answers: &Answers) -> Vec<String> {
    let mut all = vec![prompt(answers)];
    let Some(framing) = answers.framing else {
        all.push("It does not react to a nickname, with an LF behind it or without one, or with its length before it (NAME-1). Read one line, and answer with the welcome.".to_owned());
        return all;
    };
    all.push(match framing {
        Framing::None => "It needs no end of line: the result of one read is one message (LINE-1). In Salotto a line ends with LF.".to_owned(),
        Framing::Be32 | Framing::Dec10 => "It reads the length of a message before the message. In Salotto a line ends with LF (LINE-1).".to_owned(),
        Framing::Lf | Framing::CrLf => "It takes a nickname and a message that end with LF, as in Salotto (LINE-1).".to_owned(),
    });
    all.push(format!(
        "To the nickname bruno it answers {} (JOIN-1).",
        shown(&answers.welcomes[1])
    ));
    all.push(if answers.joined[0].is_empty() {
        "When somebody comes, nobody is told (JOIN-3).".to_owned()
    } else {
        format!(
            "When bruno comes, anna hears {} (JOIN-3).",
            shown(&answers.joined[0])
        )
    });
    all.push(format!(
        "When carla says {SAID:?}, bruno hears {}, and carla herself {} (MSG-1, MSG-2).",
        shown(&answers.message),
        if is_echo(answers) {
            "hears it too"
        } else {
            "does not hear it"
        },
    ));
    all.push(two(answers));
    all.push(if answers.taken.0.is_empty() && !answers.taken.1 {
        "A name that is taken gets no answer (NICK-6).".to_owned()
    } else {
        let ended = if answers.taken.1 {
            ", and the connection ends"
        } else {
            ""
        };
        format!(
            "A name that is taken gets {}{ended} (NICK-6).",
            shown(&answers.taken.0)
        )
    });
    all.push(match &answers.quit {
        Some(quit) => format!(
            "The word {} ends the connection, with {} as last words; the others hear {} (LEAVE-2).",
            shown(quit.word.as_bytes()),
            shown(&quit.goodbye),
            shown(&quit.left),
        ),
        None => "No word was found that ends the connection (LEAVE-2).".to_owned(),
    });
    let survives = if answers.survives_reset {
        "and the room goes on"
    } else {
        "and after that the others do not hear each other any more"
    };
    all.push(format!(
        "When somebody resets a connection, the others hear {}, {survives} (LEAVE-1, CONN-1).",
        shown(&answers.reset)
    ));
    all.push(format!(
        "When bruno closes without a word, anna hears {} (LEAVE-1).",
        shown(&answers.closed)
    ));
    all
}

fn prompt(answers: &Answers) -> String {
    if answers.prompt.is_empty() {
        "It says nothing before it is told a nickname, as in Salotto (NAME-1).".to_owned()
    } else {
        format!(
            "Before anything is sent, it says {}. In Salotto a server is silent until then (NAME-1).",
            shown(&answers.prompt)
        )
    }
}

fn two(answers: &Answers) -> String {
    let heard = &answers.two_in_one;
    let [first, second] = TWO.map(|text| contains(heard, text));
    let glued = contains(heard, &TWO.concat()) || contains(heard, &TWO.join("\n"));
    let what = match (first, second) {
        (true, true) if glued => "become one message",
        (true, true) => "are two messages",
        (true, false) => "lose the second",
        _ => "are lost",
    };
    format!(
        "Two messages that arrive at once {what}: bruno hears {} (LINE-1).",
        shown(heard)
    )
}

fn shown(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        "nothing".to_owned()
    } else {
        format!("`{}`", Visible(bytes))
    }
}
