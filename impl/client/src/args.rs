//! The command line.

use clap::Parser;
use salotto_client::session::Target;
use salotto_client::words::Language;
use salotto_client::{console, window};
use salotto_protocol::DEFAULT_PORT;
use std::path::PathBuf;

/// The client of Salotto: one room, everybody hears everybody.
///
/// Without --console it opens a window.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Chat in the terminal, or at the ends of two pipes.
    #[arg(long)]
    pub(crate) console: bool,

    /// The server's name or address. The window asks when it is not given; the console goes to this machine.
    #[arg(long)]
    host: Option<String>,

    /// The server's TCP port; 53000 unless people agreed on another.
    #[arg(long)]
    port: Option<u16>,

    /// The nickname to ask for. The window asks when it is not given; the console takes the name of the user.
    #[arg(long)]
    nick: Option<String>,

    /// The language, en or it, instead of the system's.
    #[arg(long)]
    language: Option<Language>,

    /// The folder of the window's settings, instead of where the system wants them.
    #[arg(long, value_name = "FOLDER", conflicts_with = "console")]
    config: Option<PathBuf>,

    /// In the console, come back when the server is lost or has said goodbye, after a wait. The window always does.
    #[arg(long, requires = "console")]
    retry: bool,
}

const EXAMPLES: &str = "\
Examples:
  salotto-client                             the window
  salotto-client --console --nick anna       a chat with a server on this machine
  salotto-client --console --host 10.0.0.7   with one elsewhere
  echo ciao | salotto-client --console       says one thing and leaves

In the console what you type is said; /quit leaves, /help tells more. Messages are shown as `anna: ciao`, everything else \
behind a `*`; what you type yourself is not repeated. What you type before the server has taken the nickname is kept until \
then. When it refuses the nickname, the next line is the next nickname. At the end of the input the client sends the rest, \
leaves, and reads what still comes for two seconds at most.

Exit status: 0 when you left or the server said goodbye; 1 when the server let nobody in, was lost without a goodbye, or \
something you typed could not be sent; 2 for a mistake in the arguments.";

impl Args {
    /// What the console needs; `None` when nobody knows a nickname.
    pub(crate) fn console(self) -> Option<console::Options> {
        let user = || std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
        Some(console::Options {
            target: Target {
                host: self.host.unwrap_or_else(|| "localhost".into()),
                port: self.port.unwrap_or(DEFAULT_PORT),
                nick: self.nick.or_else(|| user().ok())?,
            },
            retry: self.retry,
            language: self.language.unwrap_or_else(Language::of_system),
        })
    }

    /// What the window needs.
    pub(crate) fn window(self) -> window::Options {
        window::Options {
            host: self.host,
            port: self.port,
            nick: self.nick,
            language: self.language,
            config: self.config,
        }
    }
}
