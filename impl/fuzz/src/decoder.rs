//! The line decoder: the same lines come out however the bytes arrive, and they are those of chapter 2.

use salotto_protocol::{LineDecoder, LineError};

/// Short, so that the fuzzer finds it.
const LIMIT: usize = 12;

/// The first byte says how large the pieces are; the others are the stream.
///
/// # Panics
/// When pieces change what comes out, when a line is judged wrongly, or when more than a line is kept.
pub fn check(data: &[u8]) {
    let Some((&sizes, stream)) = data.split_first() else {
        return;
    };
    let mut decoder = LineDecoder::new(LIMIT);
    let mut lines = Vec::new();
    let mut rest = stream;
    let mut turn = u32::from(sizes);
    while !rest.is_empty() {
        // Sizes from 1 to 8, different ones for every first byte.
        turn = turn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (piece, after) = rest.split_at((turn >> 29) as usize % rest.len() + 1);
        rest = after;
        let mut piece = piece;
        while let Some(line) = decoder.next_line(&mut piece) {
            lines.push(line.map(str::to_owned));
        }
        assert!(
            piece.is_empty(),
            "bytes were left although no line was given"
        );
    }
    assert_eq!(lines, expected(stream));
}

/// Chapter 2, applied to all bytes at once. A line without its LF counts only once it is surely too long (LINE-8).
fn expected(stream: &[u8]) -> Vec<Result<String, LineError>> {
    let mut parts: Vec<_> = stream.split(|byte| *byte == b'\n').collect();
    let unfinished = parts.pop().unwrap_or_default();
    let mut lines: Vec<_> = parts.into_iter().map(judged).collect();
    let surely_too_long = unfinished.len() > LIMIT + 1
        || (unfinished.len() == LIMIT + 1 && unfinished.last() != Some(&b'\r'));
    if surely_too_long {
        lines.push(Err(LineError::TooLong { limit: LIMIT }));
    }
    lines
}

fn judged(line: &[u8]) -> Result<String, LineError> {
    let line = match line {
        [rest @ .., b'\r'] => rest,
        line => line,
    };
    if line.len() > LIMIT {
        return Err(LineError::TooLong { limit: LIMIT });
    }
    let text = std::str::from_utf8(line).map_err(|error| LineError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let control =
        |c: &char| (c.is_control() && *c != '\t') || matches!(*c, '\u{2028}' | '\u{2029}');
    match text.chars().find(control) {
        Some(c) => Err(LineError::Control(c)),
        None => Ok(text.to_owned()),
    }
}
