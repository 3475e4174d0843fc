//! What the fuzzer has found worth keeping, and some noise: on every machine, without a fuzzer.

use salotto_fuzz::ORACLES;
use std::path::Path;

#[test]
fn the_corpus_holds_no_surprise() {
    for (name, oracle) in ORACLES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(name);
        let mut count = 0;
        for entry in std::fs::read_dir(&folder).expect("the corpus is kept") {
            let data = std::fs::read(entry.expect("an entry").path()).expect("a file");
            oracle(&data);
            count += 1;
        }
        assert!(count > 0, "{} is empty", folder.display());
    }
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
