//! What the room costs, sockets not counted: `cargo bench -p salotto-room`.
//!
//! A message costs the same for 5 members and for 1,000, since it is encoded once; who comes is
//! told of everybody, so that a join costs something for each member.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use salotto_room::{ConnId, Departure, Output, Room};
use std::hint::black_box;

/// The members of the rooms that are measured.
const SIZES: [u32; 3] = [5, 100, 1000];

/// A room and the bytes that it makes.
struct House {
    room: Room,
    bytes: Vec<u8>,
}

impl House {
    fn of(members: u32) -> Self {
        let mut house = Self {
            room: Room::new(100_000, 1024),
            bytes: Vec::new(),
        };
        for n in 0..members {
            house.join(n);
        }
        house.bytes.clear();
        house
    }

    fn join(&mut self, n: u32) {
        let name = format!("member{n}");
        self.act(|room, mut out| {
            room.arrive(ConnId(n), &mut out);
            room.line(ConnId(n), Ok(&name), &mut out);
        });
    }

    fn act(&mut self, act: impl FnOnce(&mut Room, &mut dyn FnMut(Output<'_>))) {
        let Self { room, bytes } = self;
        act(room, &mut |output| match output {
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
        let mut house = House::of(members);
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter(|| {
                house.bytes.clear();
                for n in 0..LINES as u32 {
                    let who = ConnId(n % members);
                    let line = Ok(black_box(text.as_str()));
                    house.act(|room, mut out| room.line(who, line, &mut out));
                }
                black_box(house.bytes.len())
            });
        });
    }
    group.finish();
}

fn join_and_leave(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("room/join-and-leave");
    group.throughput(Throughput::Elements(1));
    for members in SIZES {
        let mut house = House::of(members);
        group.bench_function(BenchmarkId::from_parameter(members), |bencher| {
            bencher.iter(|| {
                house.bytes.clear();
                house.join(members);
                house.act(|room, mut out| room.leave(ConnId(members), Departure::Ended, &mut out));
                black_box(house.bytes.len())
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
                || House::of(members),
                |house| house.act(|room, mut out| room.shut_down(&mut out)),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, message, join_and_leave, shut_down);
criterion_main!(benches);
