//! The questions. Connections are closed at the end only: some servers do not survive the first that closes.

use std::time::Duration;

use driver::process::{CommandLine, Launch, LaunchError};

use super::guest::Guest;
use crate::dialect::Framing;

/// What a server has said.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// How a client's message ends; `None` if the server has reacted to none.
    pub framing: Option<Framing>,
    /// What comes before anything is sent.
    pub prompt: Vec<u8>,
    /// To anna, who enters an empty room; to bruno; and to carla.
    pub welcomes: [Vec<u8>; 3],
    /// What anna hears when bruno enters, and when carla does.
    pub joined: [Vec<u8>; 2],
    /// What bruno hears when carla says `SAID`, and what she hears herself.
    pub message: Vec<u8>,
    /// The same.
    pub echo: Vec<u8>,
    /// What bruno hears when carla sends two messages, `TWO`, in one write.
    pub two_in_one: Vec<u8>,
    /// What somebody hears who asks for the name of anna, and whether the connection ends.
    pub taken: (Vec<u8>, bool),
    /// What anna hears when somebody resets a connection.
    pub reset: Vec<u8>,
    /// Whether anna and bruno hear each other after that.
    pub survives_reset: bool,
    /// The word with which carla has left, if one works.
    pub quit: Option<Departure>,
    /// What anna hears when bruno ends his side.
    pub closed: Vec<u8>,
}

/// Somebody leaves by a word.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The word.
    pub word: String,
    /// The last words to whoever leaves.
    pub goodbye: Vec<u8>,
    /// What anna hears.
    pub left: Vec<u8>,
}

/// A text that no server changes by accident.
pub(super) const SAID: &str = "prova uno";
/// Two messages in one write.
pub(super) const TWO: [&str; 2] = ["prova due", "prova tre"];

/// Why a server cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum MeetError {
    /// It does not start.
    #[error(transparent)]
    Start(#[from] LaunchError),
    /// It accepts no further connection.
    #[error("the server accepts no further connection: {0}")]
    Connect(#[from] std::io::Error),
}

/// Ends of a client's message, in the order in which they are tried.
const FRAMINGS: [Framing; 4] = [Framing::Lf, Framing::None, Framing::Be32, Framing::Dec10];

/// Asks a server, in about five seconds, and ten at most.
///
/// # Errors
/// The server does not start, or accepts no connection.
pub async fn meet(command: &CommandLine, port: Option<u16>) -> Result<Answers, MeetError> {
    let mut answers = Answers::default();
    for framing in FRAMINGS {
        if reacts(command, port, framing, &mut answers).await? {
            answers.framing = Some(framing);
            break;
        }
    }
    if let Some(framing) = answers.framing {
        let visit = visit(command, port, framing, &mut answers);
        // What was not asked in time stays unknown.
        if let Ok(asked) = tokio::time::timeout(Duration::from_secs(7), visit).await {
            asked?;
        }
    }
    Ok(answers)
}

fn launch(command: &CommandLine, port: Option<u16>) -> Launch {
    Launch {
        command: command.clone(),
        port,
        settings: Vec::new(),
        before: Vec::new(),
        limit: Duration::from_secs(5),
    }
}

/// Whether a nickname with this end has an effect: on the newcomer, or else on somebody who is there, without a trace of the end.
async fn reacts(
    command: &CommandLine,
    port: Option<u16>,
    framing: Framing,
    answers: &mut Answers,
) -> Result<bool, MeetError> {
    let server = launch(command, port).start().await?;
    let mut anna = Guest::connect(server.address, "anna", framing).await?;
    answers.prompt = anna.hear().await;
    anna.say(anna.name).await;
    let mut heard = anna.hear().await;
    let mut bruno = Guest::connect(server.address, "bruno", framing).await?;
    bruno.hear().await;
    bruno.say(bruno.name).await;
    heard.extend(bruno.hear().await);
    heard.extend(anna.hear().await);
    bruno.say(SAID).await;
    let message = anna.hear().await;
    server.process.kill().await;
    let is_delivered = contains(&message, SAID);
    Ok(!heard.is_empty() && is_delivered && !has_trace(&message))
}

/// Whether the LF behind a nickname has become a part of it: then messages need none.
fn has_trace(message: &[u8]) -> bool {
    let at = memchr::memmem::find(message, b"bruno\n");
    at.is_some_and(|at| at + b"bruno\n".len() < message.len())
}

pub(super) fn contains(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

async fn visit(
    command: &CommandLine,
    port: Option<u16>,
    framing: Framing,
    answers: &mut Answers,
) -> Result<(), MeetError> {
    let server = launch(command, port).start().await?;
    let guest = async |name| Guest::connect(server.address, name, framing).await;
    let mut anna = guest("anna").await?;
    answers.prompt = anna.hear().await;
    anna.say("anna").await;
    answers.welcomes[0] = anna.hear().await;
    let mut bruno = guest("bruno").await?;
    bruno.hear().await;
    bruno.say("bruno").await;
    answers.welcomes[1] = bruno.hear().await;
    answers.joined[0] = anna.hear().await;
    let mut carla = guest("carla").await?;
    carla.hear().await;
    carla.say("carla").await;
    answers.welcomes[2] = carla.hear().await;
    answers.joined[1] = anna.hear().await;
    bruno.hear().await;

    carla.say(SAID).await;
    answers.message = bruno.hear().await;
    answers.echo = carla.hear().await;
    anna.hear().await;
    let two = TWO.map(|text| framing.enclose(text.as_bytes())).concat();
    carla.send(&two).await;
    answers.two_in_one = bruno.hear().await;
    carla.hear().await;
    anna.hear().await;

    let mut second_anna = guest("anna").await?;
    second_anna.hear().await;
    second_anna.say("anna").await;
    answers.taken = (second_anna.hear().await, second_anna.has_ended);
    anna.hear().await;
    carla.hear().await;
    answers.quit = quit(answers, &mut carla, &mut anna).await;
    bruno.hear().await;
    let mut dario = guest("dario").await?;
    dario.hear().await;
    dario.say("dario").await;
    dario.hear().await;
    anna.hear().await;
    bruno.hear().await;
    dario.reset();
    answers.reset = anna.hear().await;
    bruno.hear().await;
    anna.say(SAID).await;
    answers.survives_reset = contains(&bruno.hear().await, SAID);
    anna.hear().await;
    bruno.close().await;
    answers.closed = anna.hear().await;
    server.process.kill().await;
    Ok(())
}

/// Tries words to leave: first those that the server itself shows.
async fn quit(answers: &Answers, carla: &mut Guest, anna: &mut Guest) -> Option<Departure> {
    const COMMON: [&str; 8] = [
        "{quit}", "/quit", "<quit>", "quit", "exit", "/exit", "bye", "QUIT",
    ];
    let shown = [&answers.prompt[..], &answers.welcomes[0][..]].concat();
    let shown = String::from_utf8_lossy(&shown).into_owned();
    let words = shown
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| matches!(c, '"' | '\'' | '.' | ',' | '`' | '!')));
    let words = words.filter(|word| word.len() > 2 && word.starts_with(['{', '/', '<']));
    let common = COMMON.into_iter().filter(|word| !shown.contains(word));
    for word in words.chain(common) {
        carla.say(word).await;
        let goodbye = carla.hear().await;
        if carla.has_ended {
            let left = anna.hear().await;
            let word = word.to_owned();
            return Some(Departure {
                word,
                goodbye,
                left,
            });
        }
    }
    None
}
