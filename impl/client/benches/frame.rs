//! What a frame of the window costs when 100,000 messages of mixed length have been said: at rest, when one scrolls, and
//! while more come. A frame is laid out and cut into triangles here; only painting is left out.
//!
//! ```text
//! cargo bench -p salotto-client --bench frame
//! ```

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

/// What a frame may cost.
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
        "the wheel up, 40 points a frame",
        bench.frames(|_| vec![over(), wheel(40.0)]),
    );
    report(
        "the wheel up, 2000 points a frame",
        bench.frames(|_| vec![over(), wheel(2000.0)]),
    );
    let arriving = bench.frames(|n| {
        // As many as come in a frame when 5,000 come in a second.
        let lines: String = (0..83).map(|more| line(n * 83 + more)).collect();
        let _ = stream.write_all(lines.as_bytes());
        vec![]
    });
    report("5,000 messages a second, seen from further up", arriving);
    anyhow::ensure!(rest < TARGET, "a frame at rest costs more than {TARGET:?}");
    Ok(())
}

struct Bench {
    ctx: Context,
    app: App,
    time: f64,
}

impl Bench {
    /// Draws a frame, and tells how long it took.
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
            app.turn(ui.ctx());
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

/// Prints what frames cost, and returns the median.
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

/// The pointer over the messages.
fn over() -> Event {
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

/// Welcomes the window, and says everything.
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

/// A message; their lengths go from some letters to some lines.
fn line(n: usize) -> String {
    let mut line = format!("bruno: numero {n}.");
    for word in 0..(n * 7919) % 60 {
        // Writing to a string cannot fail.
        let _ = write!(line, " parola{word}");
    }
    line.push('\n');
    line
}
