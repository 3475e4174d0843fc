//! Runs the window without a screen: types the lines of standard input, and prints what a screen reader would say.
//!
//! This makes it possible to check the window with the scenarios for clients:
//!
//! ```text
//! conformance check --client 'window_by_pipe --host {host} --port {port} --nick {nick}'
//! ```
//!
//! The window runs its own code in a test harness, and the example knows only its accessibility tree.

#![forbid(unsafe_code)]

mod scripted_window;

use clap::Parser;
use salotto_client::i18n::Language;
use salotto_client::window::Options;
use scripted_window::ScriptedWindow;
use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// How long the remaining lines wait to be accepted after the end of the input.
const END_OF_INPUT_GRACE: Duration = Duration::from_secs(10);

/// Runs the window without a screen, controlled by standard input.
#[derive(Debug, Parser)]
struct Args {
    /// The server's name or address.
    #[arg(long)]
    host: String,
    /// The server's TCP port.
    #[arg(long)]
    port: u16,
    /// The nickname to ask for.
    #[arg(long)]
    nick: String,
}

/// The reason to draw a frame.
enum Cause {
    Typed(String),
    EndOfInput,
    /// The window has something new to show.
    Window,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let folder = tempfile::tempdir()?;
    let options = Options {
        host: Some(args.host),
        port: Some(args.port),
        nick: Some(args.nick),
        language: Some(Language::English),
        config: Some(folder.path().to_owned()),
    };
    let (sender, causes) = channel();
    let wake = sender.clone();
    // Sending fails only when the program is about to end.
    let mut window = ScriptedWindow::open(options, move || drop(wake.send(Cause::Window)));
    std::thread::spawn(move || read_input(&sender));

    let mut pending = VecDeque::<String>::new();
    let mut input_ended_at = None;
    while !window.is_closed() {
        window.draw()?;
        if window.accepts_lines()
            && let Some(line) = pending.pop_front()
        {
            window.enter(&line)?;
            continue;
        }
        if let Some(since) = input_ended_at
            && !window.is_closing()
        {
            if pending.is_empty() {
                window.close();
                continue;
            }
            let late = Instant::now() >= since + END_OF_INPUT_GRACE;
            anyhow::ensure!(!late, "the window did not accept {pending:?}");
        }
        // On a timeout, a frame is due. The channel cannot be closed, because the window holds a sender.
        let first = causes.recv_timeout(window.time_to_next_frame()).ok();
        // One frame serves all pending causes. One frame for each would fall further and further behind.
        for cause in first.into_iter().chain(causes.try_iter()) {
            match cause {
                Cause::Typed(line) => {
                    if !window.accepts_lines() {
                        window.type_without_effect(&line);
                    }
                    pending.push_back(line);
                }
                Cause::EndOfInput => input_ended_at = Some(Instant::now()),
                Cause::Window => {}
            }
        }
    }
    Ok(())
}

fn read_input(causes: &Sender<Cause>) {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        if causes.send(Cause::Typed(line)).is_err() {
            return;
        }
    }
    // Sending fails if the window is closed already.
    let _ = causes.send(Cause::EndOfInput);
}
