//! What the fuzzer has found worth keeping, and some noise: on every machine, without a fuzzer.

use salotto_fuzz::ORACLES;
use std::path::Path;

#[test]
fn the_corpus_holds_no_surprise() {
    for (name, oracle) in ORACLES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("corpus/{name}.txt"));
        let text = std::fs::read_to_string(&file).expect("the corpus is kept");
        assert!(!text.is_empty(), "{} is empty", file.display());
        text.lines().for_each(|line| oracle(&bytes(line)));
    }
}

/// What a line of hexadecimal digits stands for.
fn bytes(line: &str) -> Vec<u8> {
    let pairs = (0..line.len()).step_by(2).map(|at| &line[at..at + 2]);
    let byte =
        |pair| u8::from_str_radix(pair, 16).unwrap_or_else(|error| panic!("{pair}: {error}"));
    pairs.map(byte).collect()
}

/// Bytes that look a little like what people send.
#[test]
fn noise_holds_no_surprise() {
    const WORDS: [&[u8]; 12] = [
        b"anna",
        b"bruno",
        b"\n",
        b"\r\n",
        b"<quit>\n",
        b"{quit}",
        b"<who>\n",
        b"\xC3\xA8",
        b"\xFF",
        b"\x00",
        b": ",
        b"*",
    ];
    let mut random = fastrand::Rng::with_seed(53000);
    for _ in 0..20_000 {
        let mut data = Vec::new();
        for _ in 0..random.usize(0..40) {
            match random.bool() {
                true => data.extend_from_slice(WORDS[random.usize(..WORDS.len())]),
                false => data.push(random.u8(..)),
            }
        }
        ORACLES.iter().for_each(|(_, oracle)| oracle(&data));
    }
}
