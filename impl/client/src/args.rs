//! The command line.

use clap::Parser;
use salotto_client::i18n::Language;
use salotto_client::session::Target;
use salotto_client::{console, window};
use salotto_protocol::DEFAULT_PORT;
use std::path::PathBuf;

/// A chat client for Salotto: one room, and everybody hears everybody.
///
/// Opens a window unless --console is given.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Chat in the terminal, or through standard input and output.
    #[arg(long)]
    pub(crate) console: bool,

    /// The server's name or address. Without it, the window asks and the console connects to this machine.
    #[arg(long)]
    host: Option<String>,

    /// The server's TCP port, by default 53000.
    #[arg(long)]
    port: Option<u16>,

    /// The nickname. Without it, the window asks and the console uses the name of the user.
    #[arg(long)]
    nick: Option<String>,

    /// The language, instead of the system's.
    #[arg(long, ignore_case = true)]
    language: Option<Language>,

    /// The folder for the window's settings, instead of the system's usual place.
    #[arg(long, value_name = "FOLDER", conflicts_with = "console")]
    config: Option<PathBuf>,

    /// In the console, reconnect after a wait when the connection is lost or the server has said goodbye. The window always
    /// does.
    #[arg(long, requires = "console")]
    retry: bool,
}

const EXAMPLES: &str = "\
Examples:
  salotto-client                             opens the window
  salotto-client --console --nick anna       chats on a server on this machine
  salotto-client --console --host 10.0.0.7   chats on another machine's server
  echo ciao | salotto-client --console       sends one message and leaves

In the console, each line you type is sent as a message; /quit leaves and /help explains more. Messages appear as \
`anna: ciao`, everything else appears after a `*`, and your own messages are not repeated. Lines that you type before the \
server has accepted the nickname are sent afterwards. If the server refuses the nickname, the next line is taken as the next \
nickname. At the end of the input, the client sends the remaining lines, leaves, and keeps reading for at most two seconds.

Exit status: 0 if you left or the server said goodbye; 1 if the server did not admit you, the connection was lost, or \
something you typed could not be sent; 2 for a mistake in the arguments.";

impl Args {
    /// The options of the console, or `None` if there is no nickname.
    pub(crate) fn console(self) -> Option<console::Options> {
        let user = || std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
        Some(console::Options {
            target: Target {
                host: self.host.unwrap_or_else(|| "localhost".into()),
                port: self.port.unwrap_or(DEFAULT_PORT),
                nick: self.nick.or_else(|| user().ok())?,
            },
            reconnect: self.retry,
            language: self.language.unwrap_or_else(Language::of_system),
        })
    }

    /// The options of the window.
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
