//! Measures the time per frame of the window with a transcript of 100,000 messages: at rest, while scrolling, and while
//! messages arrive. A frame is laid out and tessellated, but not painted.
//!
//! ```text
//! cargo bench -p salotto-client --bench frame
//! ```

#![forbid(unsafe_code)]

use anyhow::Context as _;
use eframe::egui::{
    Context, Event, Modifiers, MouseWheelSource, MouseWheelUnit, RawInput, Rect, TouchPhase, Vec2,
    pos2, vec2,
};
use salotto_client::window::{App, Options};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

const MESSAGES: usize = 100_000;
const FRAMES: usize = 500;

/// The maximum median time of a frame at rest.
const TARGET: Duration = Duration::from_millis(4);

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let folder = tempfile::tempdir()?;
    let ctx = Context::default();
    let options = Options {
        host: Some("127.0.0.1".into()),
        port: Some(listener.local_addr()?.port()),
        nick: Some("anna".into()),
        config: Some(folder.path().to_owned()),
        ..Options::default()
    };
    let app = App::new(&ctx, options)?;
    let mut bench = Bench {
        ctx,
        app,
        time: 0.0,
    };

    let sender = std::thread::spawn(move || send(&listener));
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    while bench.app.session().transcript().end() < MESSAGES as u64 {
        slowest = slowest.max(bench.frame(vec![]));
    }
    let arrived = began.elapsed();
    let mut stream = sender.join().ok().context("the server failed")??;
    println!("{MESSAGES} messages in {arrived:.1?}; the slowest frame meanwhile {slowest:.2?}");

    let rest = report("at rest", bench.frames(|_| vec![]));
    report(
        "scrolling up, 40 points per frame",
        bench.frames(|_| vec![hover(), wheel(40.0)]),
    );
    report(
        "scrolling up, 2000 points per frame",
        bench.frames(|_| vec![hover(), wheel(2000.0)]),
    );
    let arriving = bench.frames(|n| {
        // 5,000 messages per second at 60 frames per second.
        let lines: String = (0..83).map(|more| line(n * 83 + more)).collect();
        let _ = stream.write_all(lines.as_bytes());
        vec![]
    });
    report("scrolled up, 5,000 new messages per second", arriving);
    anyhow::ensure!(rest < TARGET, "a frame at rest takes more than {TARGET:?}");
    Ok(())
}

struct Bench {
    ctx: Context,
    app: App,
    time: f64,
}

impl Bench {
    /// Draws a frame and returns the time it took.
    fn frame(&mut self, events: Vec<Event>) -> Duration {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(960.0, 680.0))),
            time: Some(self.time),
            focused: true,
            events,
            ..RawInput::default()
        };
        let began = Instant::now();
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| {
            app.update(ui.ctx());
            app.show(ui);
        });
        let shapes = std::mem::take(&mut output.shapes);
        let triangles = self.ctx.tessellate(shapes, output.pixels_per_point);
        let took = began.elapsed();
        drop(triangles);
        output.drop_without_applying_deltas();
        took
    }

    fn frames(&mut self, mut events: impl FnMut(usize) -> Vec<Event>) -> Vec<Duration> {
        (0..FRAMES).map(|n| self.frame(events(n))).collect()
    }
}

/// Prints statistics of frame times and returns the median.
fn report(what: &str, mut frames: Vec<Duration>) -> Duration {
    frames.sort_unstable();
    let ms = |at: usize| frames[at].as_secs_f64() * 1e3;
    let (median, late, worst) = (FRAMES / 2, FRAMES * 99 / 100, FRAMES - 1);
    println!(
        "{what:50} median {:6.2} ms, 99 % {:6.2} ms, worst {:6.2} ms",
        ms(median),
        ms(late),
        ms(worst)
    );
    frames[median]
}

/// Moves the pointer over the messages.
fn hover() -> Event {
    Event::PointerMoved(pos2(300.0, 300.0))
}

fn wheel(points: f32) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: Vec2::new(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    }
}

/// Welcomes the client and sends all messages.
fn send(listener: &TcpListener) -> std::io::Result<TcpStream> {
    let (mut stream, _) = listener.accept()?;
    BufReader::new(&stream).read_line(&mut String::new())?;
    let mut lines = String::from("* welcome anna 1\n* here bruno\n");
    for n in 0..MESSAGES {
        lines.push_str(&line(n));
    }
    stream.write_all(lines.as_bytes())?;
    Ok(stream)
}

/// A message between one word and a few lines long.
fn line(n: usize) -> String {
    let mut line = format!("bruno: numero {n}.");
    for word in 0..(n * 7919) % 60 {
        // Writing to a string cannot fail.
        let _ = write!(line, " parola{word}");
    }
    line.push('\n');
    line
}
