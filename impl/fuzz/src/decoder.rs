//! The line decoder: however the bytes arrive, the same lines come out, and they follow chapter 2.

use salotto_protocol::{LineDecoder, LineError};

/// The longest line, in bytes. It is short so that the fuzzer reaches it.
const LIMIT: usize = 12;

/// Checks the decoder. The first byte chooses the sizes of the pieces. The others are the stream.
///
/// # Panics
/// If the pieces change what comes out, or if a line is accepted or refused wrongly.
pub fn check(data: &[u8]) {
    let Some((&sizes, stream)) = data.split_first() else {
        return;
    };
    let mut decoder = LineDecoder::new(LIMIT);
    let mut lines = Vec::new();
    let mut rest = stream;
    let mut random = u32::from(sizes);
    while !rest.is_empty() {
        // Sizes from 1 to 8, in an order that depends on the first byte.
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (piece, after) = rest.split_at((random >> 29) as usize % rest.len() + 1);
        rest = after;
        let mut piece = piece;
        while let Some(line) = decoder.next_line(&mut piece) {
            lines.push(line.map(str::to_owned));
        }
        assert!(
            piece.is_empty(),
            "the decoder returned no line, and left bytes"
        );
    }
    assert_eq!(lines, expected(stream));
}

/// The rules of chapter 2, applied to all bytes at once. A line whose LF has not come is refused once it is certainly too long
/// (LINE-8), and does not exist otherwise (LINE-4).
fn expected(stream: &[u8]) -> Vec<Result<String, LineError>> {
    let mut parts: Vec<_> = stream.split(|byte| *byte == b'\n').collect();
    let unfinished = parts.pop().unwrap_or_default();
    let mut lines: Vec<_> = parts.into_iter().map(expected_line).collect();
    let certainly_too_long = unfinished.len() > LIMIT + 1
        || (unfinished.len() == LIMIT + 1 && unfinished.last() != Some(&b'\r'));
    if certainly_too_long {
        lines.push(Err(LineError::TooLong { limit: LIMIT }));
    }
    lines
}

fn expected_line(line: &[u8]) -> Result<String, LineError> {
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
