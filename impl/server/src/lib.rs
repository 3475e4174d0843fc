//! The reference server of Salotto: one room, in which every member receives what every other member says.
//!
//! # Map
//!
//! Read `connection` first, then follow a line through `hub`, [`salotto_room`], `fanout` and `outbound`.
//!
//! | module | contents |
//! | --- | --- |
//! | `server` | [`run`]: starts the tasks, waits for the shutdown, waits for all connections to end |
//! | `listen` | [`listen`]: opens the listening sockets |
//! | `accept` | accepts connections |
//! | `connection` | the task of one connection |
//! | `goodbye` | the end of a connection |
//! | `hub` | the state that all tasks share |
//! | `fanout` | delivers the outputs of the room |
//! | `batch` | the events that have not been flushed yet |
//! | `outbound` | the sending side of one connection |
//! | `config` | [`Config`]: the limits that an operator can set |
//! | `counts` | what the server counts |
//! | `metrics` | the counts in the text format of Prometheus |
//! | `scrape` | the HTTP endpoint for the metrics |
//!
//! Two more packages lie below this one: `salotto-room`, the state machine that decides what happens, and `salotto-protocol`, which
//! turns bytes into lines and lines into bytes.
//!
//! # From bytes to bytes
//!
//! ```text
//!  bytes ──► LineDecoder ──► line ──► Room ──► outputs ──► batch ──► one write for each member
//!  └──── connection ───────┘       └─ room ─┘            └─ fanout ─┘ └── outbound ──┘
//! ```
//!
//! The task of a connection reads what its socket has, at most 32 KiB by default, into a buffer that all connections share. The decoder cuts
//! it into lines without copying them. The [`Room`](salotto_room::Room) takes each line by a function call, and passes on what
//! follows from it: a reply to one connection, an event for all but one, a goodbye.
//!
//! An event is encoded once, at the end of the *batch*, a buffer for the whole room. No member gets a copy, only a cursor: where
//! in the batch its part begins. Before the server sends a reply to a member, or
//! an event that the member caused and must not receive, it moves that member's part of the batch to an *outbox* of its own, so
//! that everything sent to a member is one sequence (ORDER-3).
//!
//! The first line wakes the task that flushes. The scheduler runs it after all connections that are ready to be read, so by then
//! the batch holds what everybody said in this turn, and each member gets it in one write. A batch of nothing but join and leave
//! notices waits up to 5 ms for more, so that a crowd does not cost one write per notice and member. Replies do not wait.
//!
//! # Why it is fast
//!
//! A write costs about 5 µs, however short it is. One more line in the same write costs 0.1 µs. So the server puts every line
//! that is waiting for a member into one write. Nothing else happens for each delivery: no queue, no task to
//! wake, no formatting, no lock, since everything runs on one thread. Nagle's algorithm is off, because a flush is complete, and no
//! member has a timer.
//!
//! # Slow readers
//!
//! No task waits for the socket of another connection. What a socket does not take at once stays in the outbox, and the task of
//! that connection writes it when the socket has room again. A member whose outbox exceeds [`Config::backlog`], plus room for one list of members, is dropped (FLOW-3).
//! Before that, the server reads less from the busiest members, for as long as the slow reader makes progress (FLOW-8). The pauses
//! are too short to be noticed. So a flood does not disconnect members that read, and a member that does not read costs the
//! others a fraction of a second.
//!
//! # Resources
//!
//! A silent connection takes about 1 kB of memory: a task, a socket, a nickname, no buffer
//! (`cargo bench -p salotto-server --bench idle` measures it). A line that has begun takes up to 4 KiB more. A member that does not
//! read takes up to [`Config::backlog`]; if all N members stop reading, that is N times as much. The system's socket buffers, some
//! hundreds of KiB for a slow reader, come on top.
//!
//! A connection takes one file descriptor; see [`Config::descriptors`]. When none is left, new connections wait in the system's
//! queue.
//!
//! Counting costs a few additions for each line and each write, and two readings of the clock for each batch. Metrics are only
//! formatted when they are asked for.
#![forbid(unsafe_code)]

mod accept;
mod batch;
mod config;
mod connection;
mod counts;
mod fanout;
mod goodbye;
mod hub;
mod listen;
mod metrics;
mod outbound;
mod scrape;
mod server;

pub use config::Config;
pub use listen::{ListenError, listen, listen_on};
pub use server::run;
