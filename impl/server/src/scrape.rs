//! The HTTP endpoint where a monitoring system reads the metrics.
//!
//! It shares the thread of the room, so everything that clients can do here has a limit: the number of connections at a time and
//! in a second, and the number of requests and the time of each.

use crate::accept;
use crate::hub::Hub;
use crate::metrics::Snapshot;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// The largest number of connections at a time. Others wait to be accepted.
const MAX_CONNECTIONS: usize = 4;

/// How long a connection may take to send its request and to read the response.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The minimum interval between two connections. A response takes less than 0.2 ms, so requests take at most a fiftieth of the
/// time of the thread.
const MIN_INTERVAL: Duration = Duration::from_millis(10);

/// The largest request in bytes. It is the smallest limit that the library allows, and more than a monitoring system needs.
const MAX_REQUEST: usize = 8 * 1024;

/// Answers everybody who connects to `listener`, forever.
pub(crate) async fn serve(listener: TcpListener, hub: Hub) {
    let mut interval = interval(MIN_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() == MAX_CONNECTIONS {
            connections.join_next().await;
        }
        interval.tick().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn_local(timeout(TIMEOUT, serve_connection(stream, hub.clone())));
            }
            Err(error) if accept::is_about_one_connection(&error) => {}
            // `accept` logs this, since it meets the same problem.
            Err(_) => accept::wait_for_descriptors(&hub).await,
        }
    }
}

/// Answers one request. If that fails, the client is gone.
async fn serve_connection(stream: TcpStream, hub: Hub) {
    let service = service_fn(async |request| Ok::<_, Infallible>(respond(&request, &hub)));
    let _ = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(MAX_REQUEST)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn respond(request: &Request<Incoming>, hub: &Hub) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET is allowed\n");
        let allowed = hyper::header::HeaderValue::from_static("GET, HEAD");
        refusal.headers_mut().insert(ALLOW, allowed);
        return refusal;
    }
    if request.uri().path() != "/metrics" {
        return plain(StatusCode::NOT_FOUND, "the metrics are at /metrics\n");
    }
    match hub.snapshot().text() {
        Ok(text) => response(StatusCode::OK, Snapshot::CONTENT_TYPE, text),
        Err(error) => plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error}\n")),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    response(status, "text/plain; charset=utf-8", text.to_owned())
}

fn response(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let kind = hyper::header::HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
