//! Measures the line decoder: `cargo bench -p salotto-protocol`.
#![forbid(unsafe_code)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use salotto_protocol::{LineDecoder, MAX_CLIENT_LINE};
use std::hint::black_box;

/// About as many bytes as a server reads at a time.
const BYTES: usize = 32 * 1024;

/// Repeats `text` as lines, as many as fit into [`BYTES`].
fn stream(text: &str) -> Vec<u8> {
    let line = format!("{text}\n");
    line.repeat(BYTES / line.len()).into_bytes()
}

/// Feeds `bytes` in pieces of `piece` bytes. Returns the number of valid lines.
fn decode(bytes: &[u8], piece: usize) -> usize {
    let mut decoder = LineDecoder::new(MAX_CLIENT_LINE);
    let mut lines = 0;
    for mut piece in bytes.chunks(piece) {
        while let Some(line) = decoder.next_line(&mut piece) {
            lines += usize::from(black_box(line).is_ok());
        }
    }
    lines
}

fn decoder(criterion: &mut Criterion) {
    let short = "ciao a tutti, come va? ".repeat(2);
    let texts = [
        ("short", short.clone()),
        ("accents", "perché no? È così, più o meno. ".repeat(2)),
        ("longest", "x".repeat(MAX_CLIENT_LINE)),
        // The line is refused, and the rest of it is discarded.
        ("too-long", "x".repeat(BYTES - 1)),
    ];
    let mut group = criterion.benchmark_group("decoder/in-one-piece");
    for (name, text) in &texts {
        let bytes = stream(text);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(name),
            &bytes,
            |bencher, bytes| {
                bencher.iter(|| decode(black_box(bytes), BYTES));
            },
        );
    }
    group.finish();

    let bytes = stream(&short);
    let mut group = criterion.benchmark_group("decoder/in-pieces-of");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    for piece in [1, 20, 1460] {
        group.bench_with_input(
            BenchmarkId::from_parameter(piece),
            &piece,
            |bencher, piece| {
                bencher.iter(|| decode(black_box(&bytes), *piece));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, decoder);
criterion_main!(benches);
