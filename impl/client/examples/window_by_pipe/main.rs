//! The window with somebody in front of it who types what comes from standard input, and reads aloud, to standard
//! output, what a screen reader would. So `conformance check --client` plays its scenarios against the window:
//!
//! ```text
//! conformance check --client 'window_by_pipe --host {host} --port {port} --nick {nick}'
//! ```
//!
//! It is the window's own code, in a harness that needs no screen; only what the accessibility tree holds is known.

mod desk;

use clap::Parser;
use desk::Desk;
use salotto_client::window::Options;
use salotto_client::words::Language;
use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// How long somebody who wants to leave waits for a place to type the rest.
const LAST_CHANCE: Duration = Duration::from_secs(10);

/// A window that is used through two pipes.
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

/// Why the next frame is drawn.
enum Cause {
    Typed(String),
    EndOfInput,
    /// The window wants it, since something came from the network.
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
    let (put, causes) = channel();
    let wake = put.clone();
    // At the end nobody wants to know.
    let mut desk = Desk::open(options, move || drop(wake.send(Cause::Window)));
    std::thread::spawn(move || read_input(&put));

    let mut unsaid = VecDeque::<String>::new();
    let mut leaving = None;
    while !desk.is_closed() {
        desk.look()?;
        if desk.takes_lines()
            && let Some(line) = unsaid.pop_front()
        {
            desk.say(&line)?;
            continue;
        }
        if let Some(since) = leaving
            && !desk.is_closing()
        {
            if unsaid.is_empty() {
                desk.close();
                continue;
            }
            let late = Instant::now() >= since + LAST_CHANCE;
            anyhow::ensure!(!late, "there is no place to type {unsaid:?}");
        }
        // Time has passed, when there is no cause. The channel does not end, as the window holds one end of it.
        let first = causes.recv_timeout(desk.patience()).ok();
        // One frame shows whatever the window wants to be drawn: a frame for each wish would come later and later.
        for cause in first.into_iter().chain(causes.try_iter()) {
            match cause {
                Cause::Typed(line) => {
                    if !desk.takes_lines() {
                        desk.type_in_vain(&line);
                    }
                    unsaid.push_back(line);
                }
                Cause::EndOfInput => leaving = Some(Instant::now()),
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
    // When nobody takes it, the window is closed already.
    let _ = causes.send(Cause::EndOfInput);
}
