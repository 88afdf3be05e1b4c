//! Requests and replies as values: what came in, parsed once; what goes out, whole or in parts.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use hyper::header::HeaderMap;
use hyper::{Method, StatusCode};
use tokio::sync::mpsc;

/// The largest body a form may have.
pub(super) const LARGEST_BODY: usize = 1 << 20;

/// Names and values in their order: a query, or a form.
pub(super) type Pairs = Vec<(String, String)>;

/// What was asked.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// The path, decoded.
    pub(super) path: String,
    pub(super) query: Pairs,
    /// The fields of a posted form.
    pub(super) form: Pairs,
    pub(super) headers: HeaderMap,
}

impl Request {
    /// The first field of a form by its name; empty where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        first(&self.form, name).unwrap_or("")
    }

    /// The first parameter of the query by its name.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The first value of a name.
pub(super) fn first<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// What goes back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) kind: &'static str,
    /// Further headers.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
}

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const JSON: &str = "application/json";
pub(super) const CSV: &str = "text/csv; charset=utf-8";
pub(super) const TEXT: &str = "text/plain; charset=utf-8";

impl Reply {
    pub(super) fn new(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, kind, headers: Vec::new(), body: Body::Whole(Some(body.into())) }
    }

    pub(super) fn ok(kind: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, kind, body)
    }

    /// Sends the browser on, to be fetched with GET.
    pub(super) fn see(place: String) -> Self {
        let mut reply = Self::new(StatusCode::SEE_OTHER, TEXT, "");
        reply.headers.push(("location", place));
        reply
    }

    /// A refusal in a line of text.
    pub(super) fn refuse(status: StatusCode, why: &str) -> Self {
        Self::new(status, TEXT, format!("{why}\n"))
    }
}

/// A body: bytes at once, or events as they come.
#[derive(Debug)]
pub(super) enum Body {
    Whole(Option<Bytes>),
    /// Parts, and the flag that ends whatever makes them once nobody listens any more.
    Parts(mpsc::Receiver<Bytes>, #[allow(dead_code, reason = "its drop is what counts")] Stop),
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let framed = |bytes: Option<Bytes>| bytes.map(|b| Ok(Frame::data(b)));
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(framed(bytes.take().filter(|b| !b.is_empty()))),
            Self::Parts(parts, _) => parts.poll_recv(context).map(framed),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Parts(..) => SizeHint::default(),
        }
    }
}

/// Ends work when it is dropped: held by whoever waits for the result.
#[derive(Debug, Default)]
pub(super) struct Stop(pub(super) Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why a request could not be read.
pub(super) enum Unread {
    TooLarge,
    Broken,
    NotAForm,
}

/// Reads a request to its end.
pub(super) async fn read(request: hyper::Request<Incoming>) -> Result<Request, Unread> {
    let (head, mut body) = request.into_parts();
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Err(Unread::TooLarge);
    }
    let mut bytes = Vec::new();
    loop {
        let next = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        match next {
            None => break,
            Some(Err(_)) => return Err(Unread::Broken),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    if bytes.len() + data.len() > LARGEST_BODY {
                        return Err(Unread::TooLarge);
                    }
                    bytes.extend_from_slice(&data);
                }
            }
        }
    }
    let kind = head.headers.get("content-type").and_then(|k| k.to_str().ok()).unwrap_or("");
    let form = match () {
        () if bytes.is_empty() => Vec::new(),
        () if kind.starts_with("application/x-www-form-urlencoded") => {
            pairs(std::str::from_utf8(&bytes).map_err(|_| Unread::NotAForm)?)
        }
        () => return Err(Unread::NotAForm),
    };
    Ok(Request {
        method: head.method,
        path: decode(head.uri.path(), false),
        query: pairs(head.uri.query().unwrap_or("")),
        form,
        headers: head.headers,
    })
}

/// Takes `a=1&b=2` apart.
pub(super) fn pairs(text: &str) -> Pairs {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(name, true), decode(value, true))
        })
        .collect()
}

/// Decodes percent signs; in a form a plus is a blank. What is no UTF-8 becomes �.
fn decode(text: &str, form: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match (bytes[at], digits.and_then(|d| u8::from_str_radix(d, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
                continue;
            }
            (b'+', _) if form => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Encodes a value for a query.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
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
    }

    #[test]
    fn a_path_is_decoded_without_touching_its_plus() {
        assert_eq!(decode("/a+b%2F..%2fc", false), "/a+b/../c");
        assert_eq!(decode("é%é%C3%A9", false), "é%éé");
    }
}
