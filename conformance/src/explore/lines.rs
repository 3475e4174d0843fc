//! The lines that programs send.

use fastrand::Rng;

use super::program::NAMES;
use super::swarm::{Feature, Swarm};

/// Texts that are messages, though they look like something else. `{}` is replaced by a number.
const DISGUISES: [&str; 28] = [
    "/help {}",
    "/quit {}",
    "/nick {}",
    "exit {}",
    "quit {}",
    "bye {}",
    "@anna {}",
    "anna: {}",
    "bruno: ciao {}",
    "* joined anna {}",
    "* left bruno {}",
    "* here carla {}",
    "* welcome anna {}",
    "! nickname-taken {}",
    "! {}",
    "# {}",
    ": {}",
    "*{}",
    "<{}",
    ">{}",
    "{quit} {}",
    "{who} {}",
    "{}%s%n%d",
    "{}\\n\\0",
    "${}",
    "'{}'; --",
    "[{}]",
    "{} <quit>",
];

/// Texts that are almost commands, and so are messages.
const ALMOST_COMMANDS: [&str; 12] = [
    "<Quit {}>",
    "< quit {}>",
    "<quit {}",
    "quit {}>",
    "<a <b> {}>",
    "<a{} >",
    "<{}>",
    "<-a{}>",
    "<a_{}>",
    "<whoIs{}>",
    "<<a {}>>",
    "<a {}> ",
];

const COMMANDS: [&str; 8] = [
    "<who>",
    "<nick {}>",
    "<quit {}>",
    "<x>",
    "<a-1 {}>",
    "<help me {}>",
    "<q>",
    "<abc{}>",
];

const SCRIPTS: [&str; 10] = [
    "perché {}",
    "привет {}",
    "你好 {}",
    "שלום {}",
    "😀👍🏽 {}",
    "e\u{301} {}",
    " {}",
    "{} ",
    "\u{FEFF}{}",
    "ﷺ\u{200B} {}",
];

/// Sizes at which programs change their mind, in bytes.
const SIZES: [usize; 17] = [
    127, 128, 255, 256, 511, 512, 1023, 1024, 1025, 2047, 2048, 2049, 4000, 4093, 4094, 4095, 4096,
];

const REFUSED: [&[u8]; 16] = [
    b"\xFF",
    b"a\xC3",
    b"\xC0\xAF",
    b"\xED\xA0\x80",
    b"\xF4\x90\x80\x80",
    b"\xF0\x8F\xBF\xBF",
    b"\xC3(",
    b"\x80 a",
    b"a\0b",
    b"\x07",
    b"a\x1B[31m",
    b"a\x7F",
    b"\xC2\x85",
    b"a\rb",
    b"\xE2\x80\xA8",
    b"\tx\x0B",
];

/// A complete line with its end, of somebody who is in the room. `number` makes a text unique.
pub(super) fn line(swarm: &Swarm, number: usize, rng: &mut Rng) -> Vec<u8> {
    let mut line = content(swarm, number, rng);
    if swarm.happens(Feature::LineEnds, rng) {
        line.extend_from_slice(if rng.u8(..8) == 0 { b"\r\r\n" } else { b"\r\n" });
    } else {
        line.push(b'\n');
    }
    if swarm.happens(Feature::LineEnds, rng) {
        let blank: &[u8] = if rng.bool() { b"\n" } else { b"\r\n" };
        line.extend_from_slice(&blank.repeat(rng.usize(1..4)));
    }
    line
}

fn content(swarm: &Swarm, number: usize, rng: &mut Rng) -> Vec<u8> {
    let fill = |pattern: &str| pattern.replacen("{}", &number.to_string(), 1).into_bytes();
    if swarm.happens(Feature::Refusals, rng) {
        return refused(rng);
    }
    if swarm.happens(Feature::Commands, rng) {
        let patterns: &[&str] = if rng.bool() {
            &COMMANDS
        } else {
            &ALMOST_COMMANDS
        };
        return fill(pick(patterns, rng));
    }
    if swarm.happens(Feature::Disguises, rng) {
        return fill(pick(&DISGUISES, rng));
    }
    if swarm.happens(Feature::Scripts, rng) {
        return fill(pick(&SCRIPTS, rng));
    }
    if swarm.happens(Feature::Sizes, rng) {
        let size = pick(&SIZES, rng);
        let mut text = format!("{number} ").into_bytes();
        text.resize(size.max(text.len()), b'x');
        return text;
    }
    fill("ciao {}")
}

fn refused(rng: &mut Rng) -> Vec<u8> {
    const TOO_LONG: [usize; 6] = [4097, 4098, 5000, 8192, 16_384, 70_000];
    match rng.u8(..6) {
        0 => vec![b'x'; pick(&TOO_LONG, rng)],
        // Behind a long text a control character is looked for less carefully.
        1 => [vec![b'x'; rng.usize(1000..4000)], vec![7]].concat(),
        _ => pick(&REFUSED, rng).to_vec(),
    }
}

/// A nickname for this actor; most of the time it is the actor's own name.
pub(super) fn nickname(actor: usize, swarm: &Swarm, rng: &mut Rng) -> String {
    if !swarm.happens(Feature::Nicknames, rng) {
        return NAMES[actor].to_owned();
    }
    match rng.u8(..5) {
        0 => NAMES[actor].to_ascii_uppercase(),
        1 => pick(&NAMES, rng).to_ascii_uppercase(),
        2 => pick(&NAMES, rng).to_owned(),
        3 => (pick(&super::nicknames::VALID, rng)).to_owned(),
        _ => (pick(&super::nicknames::INVALID, rng)).to_owned(),
    }
}

/// Cuts bytes at random places, into at most `most` pieces.
pub(super) fn cut(bytes: &[u8], most: usize, rng: &mut Rng) -> Vec<Vec<u8>> {
    let mut cuts: Vec<_> = (1..most).map(|_| rng.usize(..=bytes.len())).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|cut| bytes[cut[0]..cut[1]].to_vec())
        .collect()
}

fn pick<T: Copy>(from: &[T], rng: &mut Rng) -> T {
    from[rng.usize(..from.len())]
}
