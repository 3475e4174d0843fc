//! From the start of the process to its end. (Chapter 10)

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{self, SigHandler, Signal};
use socket2::{Domain, SockRef, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{LocalSet, spawn_local};

use super::args::Args;
use super::behaviour::Behaviour;
use super::fault::Fault;
use super::habit::Habit;
use super::hub::Hub;
use super::session;

/// Number of signals that have arrived.
static SIGNALS: AtomicUsize = AtomicUsize::new(0);

/// Serves until a signal arrives.
pub(super) fn serve(args: &Args) -> io::Result<ExitCode> {
    let behaviour = args.behaviour();
    let interrupted = Arc::new(Notify::new());
    listen_to_signals(behaviour, &interrupted)?;
    if behaviour.keeps(Habit::StartsSlowly) {
        std::thread::sleep(Duration::from_millis(700));
    }
    let listener = bind(args.port, behaviour)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let naming_timeout = Duration::from_secs(args.naming_timeout);
    let hub = Rc::new(Hub::new(behaviour, args.capacity, naming_timeout));
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::from_std(listener.into())?;
        spawn_local(Rc::clone(&hub).run_timers());
        tokio::select! {
            ended = accept(listener, &hub) => ended?,
            () = interrupted.notified() => {}
        }
        hub.shut_down();
        finish(&hub).await;
        Ok(match behaviour.fault {
            Some(Fault::ExitStatusOne) => ExitCode::FAILURE,
            Some(Fault::SecondSignalCounts) if SIGNALS.load(Ordering::Relaxed) > 1 => 130.into(),
            _ => ExitCode::SUCCESS,
        })
    })
}

async fn accept(listener: TcpListener, hub: &Rc<Hub>) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        while hub.is_deaf() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if hub.behaviour.keeps(Habit::AcceptsSlowly) {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        // If this fails, the client has gone already, and reading will show it.
        let _ = set_options(&stream, hub.behaviour);
        let connection = hub.arrive(stream);
        spawn_local(session::run(connection, Rc::clone(hub)));
    }
}

/// Keeps the send buffer small, so that most of what is queued is queued here, where it is counted.
fn set_options(stream: &TcpStream, behaviour: Behaviour) -> io::Result<()> {
    let small = behaviour.keeps(Habit::SmallBuffers);
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_send_buffer_size(if small { 1 } else { 32 * 1024 })
}

/// Waits until all connections have ended, but not as long as a shutdown may take (STOP-1).
async fn finish(hub: &Hub) {
    let begin = Instant::now();
    while !hub.is_empty() && begin.elapsed() < Duration::from_secs(4) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    if hub.behaviour.has(Fault::ExitsLate) {
        tokio::time::sleep(Duration::from_secs(8)).await;
    }
}

fn bind(port: u16, behaviour: Behaviour) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(!behaviour.has(Fault::PortKept))?;
    if behaviour.keeps(Habit::SmallBuffers) {
        socket.set_recv_buffer_size(1)?;
    }
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.listen(1024)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn listen_to_signals(behaviour: Behaviour, interrupted: &Arc<Notify>) -> io::Result<()> {
    let interrupted = Arc::clone(interrupted);
    ctrlc::set_handler(move || {
        SIGNALS.fetch_add(1, Ordering::Relaxed);
        interrupted.notify_one();
    })
    .map_err(io::Error::other)?;
    let (signal, handler) = match behaviour.fault {
        Some(Fault::IgnoresTheInterrupt) => (Signal::SIGINT, SigHandler::SigIgn),
        Some(Fault::IgnoresTerm) => (Signal::SIGTERM, SigHandler::SigIgn),
        Some(Fault::TermKills) => (Signal::SIGTERM, SigHandler::SigDfl),
        _ => return Ok(()),
    };
    // SAFETY: this installs no handler function.
    unsafe { signal::signal(signal, handler) }?;
    Ok(())
}
