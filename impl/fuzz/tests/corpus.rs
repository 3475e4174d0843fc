//! Replays the corpus and some noise through every oracle, without a fuzzer.
#![forbid(unsafe_code)]

use salotto_fuzz::ORACLES;
use std::path::Path;

#[test]
fn the_corpus_breaks_no_rule() {
    for (name, oracle) in ORACLES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("corpus/{name}.txt"));
        let text = std::fs::read_to_string(&file).expect("a corpus for every oracle");
        assert!(!text.is_empty(), "{} is empty", file.display());
        text.lines().for_each(|line| oracle(&bytes(line)));
    }
}

/// Decodes hexadecimal digits.
fn bytes(line: &str) -> Vec<u8> {
    let pairs = (0..line.len()).step_by(2).map(|at| &line[at..at + 2]);
    let byte =
        |pair| u8::from_str_radix(pair, 16).unwrap_or_else(|error| panic!("{pair}: {error}"));
    pairs.map(byte).collect()
}

/// Bytes that look a little like what clients send.
#[test]
fn noise_breaks_no_rule() {
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
