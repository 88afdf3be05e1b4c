//! Connections: who gets one, how long it may keep us waiting, and an answer to every request.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;

use crate::http::{Body, Reply};
use crate::limits::PeerLimit;
use crate::{Server, guard, http, router};

/// Connections at once; more wait.
const CONNECTIONS: usize = 256;

/// Of these, those of one peer; more are closed.
const OF_A_PEER: usize = 128;

/// How long a request may take before its answer begins.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the head of a request may take to come.
const HEAD: Duration = Duration::from_secs(10);

/// How often the files are looked at, and whether to stop.
const LOOK: Duration = Duration::from_millis(500);

/// Accepts until told to stop.
pub(crate) async fn accept(server: Arc<Server>, listener: TcpListener, stop: &AtomicBool) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let peers = PeerLimit::new(OF_A_PEER);
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !stop.load(Ordering::Relaxed) {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        tokio::select! {
            (place, accepted) = next => match (place, accepted) {
                (Ok(place), Ok((stream, from))) => {
                    let Some(slot) = peers.take(from.ip()) else { continue };
                    let server = Arc::clone(&server);
                    tokio::spawn(async move {
                        converse(server, stream, from.ip()).await;
                        drop((place, slot));
                    });
                }
                // Out of file handles, or the like: it passes.
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            _ = tick.tick() => {
                let server = Arc::clone(&server);
                // Reading files blocks.
                let _ = tokio::task::spawn_blocking(move || server.store.look()).await;
            }
        }
    }
}

/// Answers the requests of a connection.
async fn converse(server: Arc<Server>, stream: TcpStream, peer: IpAddr) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(answer(server, peer, request).await) }
    });
    // What goes wrong on a connection is the other end's affair.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A task that ends when nobody waits for it.
struct Task<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Answers one request. A panic is an answer like any other, and the time is limited.
async fn answer(
    server: Arc<Server>,
    peer: IpAddr,
    request: hyper::Request<Incoming>,
) -> Response<Body> {
    let accepted = request.headers().get(hyper::header::ACCEPT_ENCODING);
    let packs = accepted.and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let mut task = Task(tokio::spawn(reply(server, peer, request)));
    let reply = match tokio::time::timeout(PATIENCE, &mut task.0).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(_)) => Reply::refuse(
            StatusCode::INTERNAL_SERVER_ERROR,
            "this page cannot be made; the terminal says more",
        ),
        Err(_) => Reply::refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "this takes longer than a minute; ask for fewer draws",
        ),
    };
    guard::send(if packs { reply.packed().await } else { reply })
}

/// The reply to a request: off its head whether it may ask, and only then its body is read.
async fn reply(server: Arc<Server>, peer: IpAddr, request: hyper::Request<Incoming>) -> Reply {
    let (mut request, body) = http::head(peer, request);
    if let Err(refusal) = server.guard.check(&request) {
        return refusal;
    }
    if !body.is_end_stream() {
        let Some(_slot) = server.forms.take(peer) else {
            let why = "too many forms at once from this address";
            return Reply::refuse(StatusCode::TOO_MANY_REQUESTS, why);
        };
        request.form = match http::form(&request, body).await {
            Ok(form) => form,
            Err(refusal) => return refusal,
        };
    }
    router::route(server, request).await
}
