//! From the start of the process to its end.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::signal::{self, SigHandler, Signal};
use socket2::{Domain, SockRef, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::hall::Hall;
use super::room::Input;
use super::{Args, Fault, Habit, Ways};

/// Serves until a signal comes.
///
/// # Errors
/// The port cannot be had.
pub fn serve(args: &Args) -> io::Result<ExitCode> {
    let ways = args.ways();
    let interrupted = Arc::new(Notify::new());
    listen_to_signals(ways, &interrupted)?;
    if ways.keeps(Habit::StartsSlowly) {
        std::thread::sleep(Duration::from_millis(700));
    }
    let listener = bind(ways, args.port)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut timeout = Duration::from_secs(args.naming_timeout);
    if ways.keeps(Habit::TimesOutLate) {
        timeout += Duration::from_millis(300);
    }
    let hall = Rc::new(Hall::new(ways, args.capacity, timeout));
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::from_std(listener.into())?;
        tokio::select! {
            ended = accept(listener, &hall) => ended?,
            () = interrupted.notified() => {}
        }
        hall.apply(Input::Interrupted);
        finish(&hall).await;
        let failed = ways.has(Fault::ExitStatusOne);
        Ok(if failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    })
}

async fn accept(listener: TcpListener, hall: &Rc<Hall>) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        while hall.is_closed() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if hall.ways.keeps(Habit::AcceptsSlowly) {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        // They fail where the client is gone already, which reading finds out.
        let _ = prepare(&stream, hall.ways);
        hall.welcome(stream);
    }
}

/// What is owed shall be held here, where it is counted, and not by the system.
fn prepare(stream: &TcpStream, ways: Ways) -> io::Result<()> {
    let size = if ways.keeps(Habit::SmallBuffers) {
        1
    } else {
        32 * 1024
    };
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_send_buffer_size(size)
}

/// Waits for the last goodbyes, for less time than a shutdown may take.
async fn finish(hall: &Hall) {
    let begin = Instant::now();
    while !hall.is_empty() && begin.elapsed() < Duration::from_secs(4) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    if hall.ways.has(Fault::ExitsLate) {
        tokio::time::sleep(Duration::from_secs(8)).await;
    }
}

fn bind(ways: Ways, port: u16) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(!ways.has(Fault::PortKept))?;
    if ways.keeps(Habit::SmallBuffers) {
        socket.set_recv_buffer_size(1)?;
    }
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.listen(1024)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn listen_to_signals(ways: Ways, interrupted: &Arc<Notify>) -> io::Result<()> {
    let interrupted = Arc::clone(interrupted);
    ctrlc::set_handler(move || interrupted.notify_one()).map_err(io::Error::other)?;
    let (signal, handler) = match ways.fault {
        Some(Fault::IgnoresTheInterrupt) => (Signal::SIGINT, SigHandler::SigIgn),
        Some(Fault::IgnoresTerm) => (Signal::SIGTERM, SigHandler::SigIgn),
        Some(Fault::TermKills) => (Signal::SIGTERM, SigHandler::SigDfl),
        _ => return Ok(()),
    };
    // SAFETY: no handler of our own is installed.
    unsafe { signal::signal(signal, handler) }?;
    Ok(())
}
