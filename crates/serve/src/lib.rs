//! The workbench: the views of a forecast alive in the browser, over the plain files of a case.
//!
//! Pages are made here and work by plain forms and links; one script adds what is immediate. The
//! state of every view is in its URL. Nothing is kept but the files: what is remembered in between
//! can be computed again.

mod asked;
mod assets;
mod desk;
mod edit;
mod exports;
mod guard;
mod http;
mod leverage;
mod live;
mod lock;
mod pages;
mod paired;
mod questions;
mod routes;
mod saves;
mod state;
mod views;
mod work;

use std::convert::Infallible;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use desk::Desk;
pub use desk::Place;
use guard::Guard;
use http::{Body, Reply, Unread};

/// How to serve.
pub struct Options {
    /// What is served.
    pub place: Place,
    /// The port; 0 for a free one.
    pub port: u16,
    /// The address to listen on; `None` for this machine alone.
    pub host: Option<String>,
}

/// Why it could not be served.
#[derive(Debug)]
pub enum Unserved {
    /// Another workbench has the case; where it is.
    Taken(String),
    /// Something else.
    Other(anyhow::Error),
}

impl From<anyhow::Error> for Unserved {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// Connections at once; more wait.
const CONNECTIONS: usize = 256;

/// How long a request may take before its answer begins.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the head of a request may take to come.
const HEAD: Duration = Duration::from_secs(10);

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// What every request sees.
pub(crate) struct Server {
    desk: Desk,
    guard: Guard,
    leverage: leverage::Known,
    asked: asked::Asked,
}

/// Serves until `stop` is set; `ready` is told the address, with the token where there is one.
///
/// # Errors
/// [`Unserved::Taken`] if another workbench has the folder; else a port that is taken, a folder
/// that cannot be written, an address that is none.
pub fn serve(
    options: Options,
    stop: &'static AtomicBool,
    ready: impl FnOnce(&str),
) -> Result<(), Unserved> {
    let mut lock = None;
    if let Place::Folder(folder) = &options.place {
        match lock::take(folder)? {
            lock::Taken::Ours(ours) => lock = Some(ours),
            lock::Taken::Theirs(address) => return Err(Unserved::Taken(address)),
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the workbench")?;
    let result = runtime.block_on(async {
        let listener = listen(&options).await?;
        let at = listener.local_addr().context("the port has no number")?;
        let token = options.host.is_some().then(guard::fresh_token).transpose()?;
        let address = address(&options, at, token.as_deref());
        if let Some(lock) = &mut lock {
            lock.say(&format!("http://{at}/")).context("cannot write the lock")?;
        }
        let guard = Guard { port: at.port(), host: options.host.clone(), token };
        let server = Arc::new(Server {
            desk: Desk::new(options.place),
            guard,
            leverage: leverage::Known::default(),
            asked: asked::Asked::default(),
        });
        ready(&address);
        run(server, listener, stop).await;
        anyhow::Ok(())
    });
    // Work that is under way ends at its next block.
    runtime.shutdown_timeout(Duration::from_secs(1));
    drop(lock);
    result.map_err(Unserved::Other)
}

async fn listen(options: &Options) -> anyhow::Result<TcpListener> {
    let host = options.host.as_deref().unwrap_or("127.0.0.1");
    let mut found = (host, options.port)
        .to_socket_addrs()
        .with_context(|| format!("`{host}` is no address"))?;
    let at = found.next().with_context(|| format!("`{host}` is no address"))?;
    TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))
}

fn address(options: &Options, at: SocketAddr, token: Option<&str>) -> String {
    let host = match &options.host {
        Some(host) if host.contains(':') => format!("[{host}]"),
        Some(host) => host.clone(),
        None => "127.0.0.1".to_owned(),
    };
    let token = token.map_or_else(String::new, |t| format!("?token={t}"));
    format!("http://{host}:{}/{token}", at.port())
}

/// Accepts until told to stop.
async fn run(server: Arc<Server>, listener: TcpListener, stop: &AtomicBool) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !stop.load(Ordering::Relaxed) {
        let place = Arc::clone(&places);
        let next = async {
            let place = place.acquire_owned().await;
            (place, listener.accept().await)
        };
        // Whichever comes first: a connection, or the time to look at the files.
        let tick = async {
            tick.tick().await;
            None
        };
        match first(async { Some(next.await) }, tick).await {
            Some((Ok(place), Ok((stream, _)))) => {
                let server = Arc::clone(&server);
                tokio::spawn(async move {
                    connection(server, stream).await;
                    drop(place);
                });
            }
            Some(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            None => {
                let server = Arc::clone(&server);
                // Reading files blocks.
                let _ = tokio::task::spawn_blocking(move || server.desk.look()).await;
            }
        }
    }
}

/// The first of two futures to end.
async fn first<T>(a: impl Future<Output = T>, b: impl Future<Output = T>) -> T {
    let (mut a, mut b) = (std::pin::pin!(a), std::pin::pin!(b));
    std::future::poll_fn(|context| match a.as_mut().poll(context) {
        std::task::Poll::Pending => b.as_mut().poll(context),
        ready => ready,
    })
    .await
}

/// Answers the requests of a connection.
async fn connection(server: Arc<Server>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let server = Arc::clone(&server);
        async move { Ok::<_, Infallible>(answer(server, request).await) }
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
async fn answer(server: Arc<Server>, request: hyper::Request<Incoming>) -> Response<Body> {
    let mut task = Task(tokio::spawn(async move {
        let request = match http::read(request).await {
            Ok(request) => request,
            Err(Unread::TooLarge) => {
                let why = "a form has at most 1 MB";
                return Reply::refuse(StatusCode::PAYLOAD_TOO_LARGE, why);
            }
            Err(Unread::Broken | Unread::NotAForm) => {
                return Reply::refuse(StatusCode::BAD_REQUEST, "this is no form");
            }
        };
        match server.guard.check(&request) {
            Ok(()) => routes::route(server, request).await,
            Err(reply) => reply,
        }
    }));
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
    guard::send(reply)
}
