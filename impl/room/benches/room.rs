//! Measures the room without sockets: `cargo bench -p salotto-room`.
//!
//! A message costs the same for 5 members and for 1,000, since it is encoded once. The cost of a join grows with the number
//! of members, since a newcomer receives a line for each.
#![forbid(unsafe_code)]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use salotto_room::{ConnId, Departure, Limits, Output, Room};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The numbers of members that are measured.
const SIZES: [u32; 3] = [5, 100, 1000];

/// A room, and its outputs as bytes.
struct TestRoom {
    room: Room,
    now: Instant,
    bytes: Vec<u8>,
}

impl TestRoom {
    fn of(members: u32) -> Self {
        let mut room = Self {
            room: Room::new(Limits {
                capacity: 100_000,
                max_naming: 1024,
                naming_timeout: Duration::from_secs(60),
            }),
            now: Instant::now(),
            bytes: Vec::new(),
        };
        for n in 0..members {
            room.join(n);
        }
        room.bytes.clear();
        room
    }

    fn join(&mut self, n: u32) {
        let name = format!("member{n}");
        let now = self.now;
        self.input(|room, mut out| {
            room.arrive(ConnId(n), now, &mut out);
            room.receive(ConnId(n), Ok(&name), &mut out);
        });
    }

    fn input(&mut self, input: impl FnOnce(&mut Room, &mut dyn FnMut(Output<'_>))) {
        let Self { room, bytes, .. } = self;
        input(room, &mut |output| match output {
            Output::Event { line, .. } | Output::Reply { line, .. } => line.encode(bytes),
            Output::Enter { .. } | Output::Close { .. } => {}
        });
    }
}

fn message(criterion: &mut Criterion) {
    const LINES: u64 = 100;
    let text = "ciao a tutti, come va? ".repeat(2);
    let mut group = criterion.benchmark_group("room/message");
    group.throughput(Throughput::Elements(LINES));
    for members in SIZES {
        let mut room = TestRoom::of(members);
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter(|| {
                room.bytes.clear();
                for n in 0..LINES as u32 {
                    let id = ConnId(n % members);
                    let line = Ok(black_box(text.as_str()));
                    room.input(|room, mut out| room.receive(id, line, &mut out));
                }
                black_box(room.bytes.len())
            });
        });
    }
    group.finish();
}

fn join_and_leave(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room/join-and-leave");
    group.throughput(Throughput::Elements(1));
    for members in SIZES {
        let mut room = TestRoom::of(members);
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter(|| {
                room.bytes.clear();
                room.join(members);
                room.input(|room, mut out| room.leave(ConnId(members), Departure::Ended, &mut out));
                black_box(room.bytes.len())
            });
        });
    }
    group.finish();
}

fn shut_down(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room/shut-down");
    for members in SIZES {
        group.throughput(Throughput::Elements(members.into()));
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter_batched_ref(
                || TestRoom::of(members),
                |room| room.input(|room, mut out| room.shut_down(&mut out)),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, message, join_and_leave, shut_down);
criterion_main!(benches);
