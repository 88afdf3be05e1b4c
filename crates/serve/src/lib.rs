//! The workbench: the views of a forecast alive in the browser, over the plain files of a case.
//!
//! Pages are made here and work by plain forms and links; one script adds what is immediate. The
//! state of every view is in its URL. Nothing is kept but the files: what is remembered in between
//! can be computed again.

mod assets;
mod connection;
mod drafts;
mod edit;
mod events;
mod forms;
mod guard;
mod http;
mod limits;
mod link;
mod lock;
mod pages;
mod queue;
mod reader;
mod router;
mod scenarios;
mod store;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;

use guard::Guard;
use limits::PeerLimit;
use queue::{LeverageCache, Queue};
pub use reader::{DocumentReader, LinkedText, ReadDocument, ReadEntry};
pub use store::CaseSource;
use store::CaseStore;

/// The query of a link as the workbench would write it, or what is wrong with it in words: reading what
/// is written gives the same again.
pub fn canonical_query(query: &str) -> Result<String, String> {
    link::LinkState::read(&http::pairs(query)).map(|state| state.query())
}

/// How to serve.
#[derive(Clone)]
pub struct ServeOptions {
    /// The case that is served.
    pub place: CaseSource,
    /// The port; 0 for a free one.
    pub port: u16,
    /// The address to listen on; `None` for this machine alone.
    pub host: Option<String>,
    /// The command `winset`, which the log page runs on the case.
    pub program: PathBuf,
    /// What reads documents that are pasted; none where the command was built without it.
    pub reader: Option<DocumentReader>,
}

/// Why a case could not be served.
#[derive(Debug)]
pub enum ServeError {
    /// Another workbench has the case; where it is.
    Taken(String),
    /// Something else.
    Other(anyhow::Error),
}

impl From<anyhow::Error> for ServeError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// Streams of events that one peer may hold open: those of its tabs.
const STREAMS: usize = 64;

/// Forms of one peer that may be on their way at once.
const FORMS: usize = 16;

/// What every request sees.
pub(crate) struct Server {
    store: CaseStore,
    guard: Guard,
    queue: Queue,
    leverage: LeverageCache,
    streams: PeerLimit,
    forms: PeerLimit,
    program: PathBuf,
    reader: Option<DocumentReader>,
}

/// Serves until `stop` is set; `ready` is told the address with the token, and whether the folder takes
/// no writes: it is then served to read only.
///
/// # Errors
/// [`ServeError::Taken`] if another workbench has the folder; else a port that is taken, a folder
/// that is none, an address that is none.
pub fn serve(
    options: ServeOptions,
    stop: &'static AtomicBool,
    ready: impl FnOnce(&str, bool),
) -> Result<(), ServeError> {
    let (mut lock, mut read_only) = (None, false);
    if let CaseSource::Folder(folder) = &options.place {
        match lock::take(folder) {
            Ok(lock::LockResult::Ours(ours)) => lock = Some(ours),
            Ok(lock::LockResult::Theirs(address)) => return Err(ServeError::Taken(address)),
            Err(error) if lock::takes_no_writes(&error) => read_only = true,
            Err(error) => return Err(error.into()),
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
        let token = guard::fresh_token()?;
        let address = address(&options, at);
        if let Some(lock) = &mut lock {
            lock.say(&address).context("cannot write the lock")?;
        }
        ready(&format!("{address}?token={token}"), read_only);
        let server = Arc::new(Server {
            store: CaseStore::new(options.place, read_only),
            guard: Guard { port: at.port(), host: options.host, token },
            queue: Queue::new(),
            leverage: LeverageCache::default(),
            streams: PeerLimit::new(STREAMS),
            forms: PeerLimit::new(FORMS),
            program: options.program,
            reader: options.reader,
        });
        connection::accept(server, listener, stop).await;
        anyhow::Ok(())
    });
    // Work that is under way ends at its next block.
    runtime.shutdown_timeout(Duration::from_secs(1));
    drop(lock);
    result.map_err(ServeError::Other)
}

async fn listen(options: &ServeOptions) -> anyhow::Result<TcpListener> {
    let host = options.host.as_deref().unwrap_or("127.0.0.1");
    let mut all = (host, options.port)
        .to_socket_addrs()
        .with_context(|| format!("`{host}` is no address"))?;
    let at = all.next().with_context(|| format!("`{host}` is no address"))?;
    TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))
}

/// The address that this machine reaches it under: where it listens on every address, its own.
fn address(options: &ServeOptions, at: SocketAddr) -> String {
    let host = match &options.host {
        Some(host) if !at.ip().is_unspecified() => host.clone(),
        _ if at.is_ipv6() => Ipv6Addr::LOCALHOST.to_string(),
        _ => Ipv4Addr::LOCALHOST.to_string(),
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("http://{host}:{}/", at.port())
}
