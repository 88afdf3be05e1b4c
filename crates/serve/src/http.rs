//! Requests and replies as values: what came in, parsed once; what goes out, whole or in parts.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use hyper::header::HeaderMap;
use hyper::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tokio::sync::mpsc;

use crate::limits::PeerSlot;

/// The largest body a form may have.
const LARGEST_BODY: usize = 1 << 20;

/// How long the body of a form may take to come.
const BODY_TIME: Duration = Duration::from_secs(15);

/// Names and values in their order: a query, or a form.
pub(crate) type Pairs = Vec<(String, String)>;

/// A request; its form is empty until the guard has let it through.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) peer: IpAddr,
    pub(crate) method: Method,
    /// Whom the request line names, where it names somebody.
    pub(crate) authority: Option<String>,
    /// The path, decoded.
    pub(crate) path: String,
    pub(crate) query: Pairs,
    /// The fields of a posted form.
    pub(crate) form: Pairs,
    pub(crate) headers: HeaderMap,
}

impl Request {
    /// The first field of a form by its name; empty where there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        first(&self.form, name).unwrap_or("")
    }

    /// The first value of the query by its name.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The host it asks: as its one `Host` header says, and its request line where that says it too.
    pub(crate) fn host(&self) -> Option<&str> {
        let mut hosts = self.headers.get_all("host").iter();
        let (host, other) = (hosts.next()?.to_str().ok()?, hosts.next());
        let same = self.authority.as_deref().is_none_or(|named| named == host);
        (other.is_none() && same).then_some(host)
    }

    /// The query as it is written in a link, without what only says how to answer.
    pub(crate) fn link_query(&self) -> String {
        let kept = self.query.iter().filter(|(n, _)| !matches!(n.as_str(), "wait" | "saved"));
        query_text(kept)
    }
}

/// The first value of a name.
pub(crate) fn first<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// A reply before it is sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    /// Further headers.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json";
pub(crate) const CSV: &str = "text/csv; charset=utf-8";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

impl Reply {
    pub(crate) fn new(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Self {
        let body = Body::Whole(Full::new(body.into()));
        Self { status, kind, headers: Vec::new(), body }
    }

    pub(crate) fn ok(kind: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, kind, body)
    }

    /// Sends the browser on, to be fetched with GET.
    pub(crate) fn see(place: String) -> Self {
        Self::new(StatusCode::SEE_OTHER, TEXT, "").with("location", place)
    }

    /// A refusal in a line of text.
    pub(crate) fn refuse(status: StatusCode, why: &str) -> Self {
        Self::new(status, TEXT, format!("{why}\n"))
    }

    /// The same with a header.
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with another status.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// A body: bytes at once, or events as they come.
#[derive(Debug)]
pub(crate) enum Body {
    Whole(Full<Bytes>),
    Parts(Parts),
}

/// Events as they come, and what is let go of once nobody listens any more.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) parts: mpsc::Receiver<Bytes>,
    /// Its drop ends whatever makes the parts.
    pub(crate) _stop: Stop,
    /// Its drop lets another stream of the peer in.
    pub(crate) _slot: PeerSlot,
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Pin::new(bytes).poll_frame(context),
            Self::Parts(p) => {
                p.parts.poll_recv(context).map(|part| part.map(|b| Ok(Frame::data(b))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => bytes.size_hint(),
            Self::Parts(_) => SizeHint::default(),
        }
    }
}

/// Ends work when it is dropped: held by whoever waits for the result.
#[derive(Debug, Default)]
pub(crate) struct Stop(pub(crate) Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Takes a request apart; its body has not been looked at.
pub(crate) fn head(peer: IpAddr, request: hyper::Request<Incoming>) -> (Request, Incoming) {
    let (head, body) = request.into_parts();
    let request = Request {
        peer,
        method: head.method,
        authority: head.uri.authority().map(ToString::to_string),
        path: percent_decode_str(head.uri.path()).decode_utf8_lossy().into_owned(),
        query: pairs(head.uri.query().unwrap_or("")),
        form: Vec::new(),
        headers: head.headers,
    };
    (request, body)
}

/// Reads the form in a body: at most 1 MB, in at most 15 seconds.
///
/// # Errors
/// The reply that says why it is none: 413, 408 or 400.
pub(crate) async fn form(request: &Request, body: Incoming) -> Result<Pairs, Reply> {
    let no_form = || Reply::refuse(StatusCode::BAD_REQUEST, "this is no form");
    let too_large = || Reply::refuse(StatusCode::PAYLOAD_TOO_LARGE, "a form has at most 1 MB");
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Err(too_large());
    }
    let whole = Limited::new(body, LARGEST_BODY).collect();
    let bytes = match tokio::time::timeout(BODY_TIME, whole).await {
        Err(_) => {
            return Err(Reply::refuse(StatusCode::REQUEST_TIMEOUT, "the form came too slowly"));
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large()),
        Ok(Err(_)) => return Err(no_form()),
        Ok(Ok(body)) => body.to_bytes(),
    };
    let kind = request.header("content-type").unwrap_or("");
    match () {
        () if bytes.is_empty() => Ok(Vec::new()),
        () if kind.starts_with("application/x-www-form-urlencoded") => {
            std::str::from_utf8(&bytes).map(pairs).map_err(|_| no_form())
        }
        () => Err(no_form()),
    }
}

/// Takes `a=1&b=2` apart; what is no UTF-8 becomes �.
pub(crate) fn pairs(text: &str) -> Pairs {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Signs that stand for themselves in a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// Encodes a value for a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// Names and values as a query.
pub(crate) fn query_text<'a>(pairs: impl IntoIterator<Item = &'a (String, String)>) -> String {
    let parts: Vec<String> =
        pairs.into_iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_order_repetition_and_every_sign() {
        let set = "sides.us.discount=5..10..30 @r01 & more % ü";
        let query = format!("set={}&set=b%3D2&x=1+2&bad=%zz&end=%", encode(set));
        let read = pairs(&query);
        let expected = [("set", set), ("set", "b=2"), ("x", "1 2"), ("bad", "%zz"), ("end", "%")];
        let read: Vec<(&str, &str)> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(read, expected);
        assert_eq!(pairs(&query_text(&pairs(&query))), pairs(&query));
    }
}
