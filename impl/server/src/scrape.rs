//! The HTTP endpoint where a monitoring system reads the metrics.
//!
//! It shares the room's thread, so whatever somebody does to it is bounded: few connections at a
//! time, each for one request and for a short time, and no more than so many a second.

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

/// How many connections are served at a time; more wait to be accepted.
const MAX_CONNECTIONS: usize = 4;

/// How long a connection has for its request and for taking the answer.
const LIMIT: Duration = Duration::from_secs(2);

/// There is at least so much time between two connections. An answer takes less than a fifth of a
/// millisecond, so no number of requests takes more than a fiftieth of the room's time.
const PACE: Duration = Duration::from_millis(10);

/// More than a monitoring system's request needs; the least that the library takes.
const MAX_REQUEST: usize = 8 * 1024;

/// Answers everybody who connects to `listener`, for ever.
pub(crate) async fn serve(listener: TcpListener, hub: Hub) {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() == MAX_CONNECTIONS {
            connections.join_next().await;
        }
        pace.tick().await;
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn_local(timeout(LIMIT, converse(stream, hub.clone())));
            }
            Err(error) if accept::is_about_one_connection(&error) => {}
            // The log tells of it where the room's own connections are accepted.
            Err(_) => accept::wait_for_descriptors(&hub).await,
        }
    }
}

/// Answers one request. Where that fails, nobody is there to be told.
async fn converse(stream: TcpStream, hub: Hub) {
    let answer = service_fn(async |request| Ok::<_, Infallible>(answer(&request, &hub)));
    let _ = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(MAX_REQUEST)
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

fn answer(request: &Request<Incoming>, hub: &Hub) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET is possible\n");
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
