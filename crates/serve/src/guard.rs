//! Who may ask: Host, Origin and token, off the head of a request and before its body is read; and
//! what every reply says to the browser.
//!
//! A page of another site can make the browser send requests to this address. A name that another
//! site owns may point here too (DNS rebinding). So every request must name this address as its
//! host, every write must come from a page of this address, and other sites get no answer at all.
//! Other users of this machine can reach the address as well, so that everybody must know the token.

use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, StatusCode};

use crate::http::{Body, Reply, Request, query_text};

/// What a page of the workbench may do: load its own script, styles and pictures, and talk to this
/// address. Nothing inline.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// The address that is served.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) port: u16,
    /// What `--host` says; `None` for this machine alone.
    pub(crate) host: Option<String>,
    /// Whoever asks must know it.
    pub(crate) token: String,
}

impl Guard {
    /// The name of the cookie that holds the token. Cookies do not tell ports apart, so that its
    /// name must: each workbench of a machine has its own.
    fn cookie(&self) -> String {
        format!("winset-{}", self.port)
    }

    /// A refusal, or the way on where the token was shown in the link.
    pub(crate) fn check(&self, request: &Request) -> Result<(), Reply> {
        let refuse = |status, why: &str| Err(Reply::refuse(status, why));
        let host = request.host().unwrap_or("");
        if !self.is_here(host) {
            return refuse(
                StatusCode::MISDIRECTED_REQUEST,
                "this is a workbench of winset; it answers only under its own address",
            );
        }
        let writes = !matches!(request.method, Method::GET | Method::HEAD);
        match request.header("origin") {
            Some(origin) if origin.strip_prefix("http://") != Some(host) => {
                return refuse(StatusCode::FORBIDDEN, "asked by a page of another site");
            }
            Some(_) => {}
            None if writes && request.header("sec-fetch-site") != Some("same-origin") => {
                return refuse(StatusCode::FORBIDDEN, "a write must say which page it comes from");
            }
            None => {}
        }
        // A link from elsewhere may open a page; a picture or script of another page may not.
        let site = request.header("sec-fetch-site").unwrap_or("none");
        let opens = request.header("sec-fetch-mode") == Some("navigate") && !writes;
        if matches!(site, "cross-site" | "same-site") && !opens {
            return refuse(StatusCode::FORBIDDEN, "asked by a page of another site");
        }
        self.token(request)
    }

    /// Whether a `Host` header names this address.
    fn is_here(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse::<u16>().ok()),
            _ => (host, Some(80)),
        };
        if port != Some(self.port) {
            return false;
        }
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        if matches!(bare, "127.0.0.1" | "localhost" | "::1") {
            return true;
        }
        // No other site can own a number, so that a number cannot be rebound.
        self.host.as_deref().is_some_and(|h| {
            h.eq_ignore_ascii_case(bare) || bare.parse::<std::net::IpAddr>().is_ok()
        })
    }

    fn token(&self, request: &Request) -> Result<(), Reply> {
        let name = self.cookie();
        if request.query_value("token").is_some_and(|t| same(t, &self.token)) {
            let rest = query_text(request.query.iter().filter(|(n, _)| n != "token"));
            // A browser takes `//` and `/\\` for another host.
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"/.-_".contains(&b);
            let own = request.path.bytes().all(plain) && !request.path.starts_with("//");
            let page = if own { &request.path } else { "/" };
            let sign = if rest.is_empty() { "" } else { "?" };
            let cookie = format!("{name}={}; HttpOnly; SameSite=Strict; Path=/", self.token);
            return Err(Reply::see(format!("{page}{sign}{rest}")).with("set-cookie", cookie));
        }
        let cookies = request.header("cookie").unwrap_or("");
        let shown = cookies.split(';').filter_map(|c| c.trim().split_once('='));
        let bearer = request.header("authorization").and_then(|a| a.strip_prefix("Bearer "));
        let known = shown.filter(|(n, _)| *n == name).map(|(_, v)| v).chain(bearer);
        if known.into_iter().any(|t| same(t, &self.token)) {
            return Ok(());
        }
        let why = "open the link that `winset serve` printed: it holds the token";
        Err(Reply::refuse(StatusCode::UNAUTHORIZED, why))
    }
}

/// Whether two secrets are the same, in a time that does not say where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}

/// A fresh token of 128 bits.
///
/// # Errors
/// If the system has no randomness to give.
pub(crate) fn fresh_token() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness for a token: {e}"))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// A reply as it is sent, with what it says to the browser.
pub(crate) fn send(reply: Reply) -> hyper::Response<Body> {
    let mut response = hyper::Response::new(reply.body);
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    };
    put("content-type", reply.kind);
    put("content-security-policy", POLICY);
    put("x-content-type-options", "nosniff");
    // A form must say where it comes from; other sites learn nothing.
    put("referrer-policy", "same-origin");
    put("cross-origin-opener-policy", "same-origin");
    put("cross-origin-resource-policy", "same-origin");
    put("cache-control", "no-store");
    for (name, value) in &reply.headers {
        put(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn guard(host: Option<&str>) -> Guard {
        Guard { port: 7000, host: host.map(str::to_owned), token: TOKEN.to_owned() }
    }

    fn request(method: Method, headers: &[(&'static str, &str)]) -> Request {
        let mut map = hyper::header::HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let (query, form) = (Vec::new(), Vec::new());
        let peer = std::net::Ipv4Addr::LOCALHOST.into();
        Request { peer, method, authority: None, path: "/".to_owned(), query, form, headers: map }
    }

    fn bare(guard: &Guard, method: Method, headers: &[(&'static str, &str)]) -> u16 {
        guard.check(&request(method, headers)).map_or_else(|r| r.status.as_u16(), |()| 200)
    }

    /// With the token.
    fn status(guard: &Guard, method: Method, headers: &[(&'static str, &str)]) -> u16 {
        let cookie = format!("a=b; winset-7000={TOKEN}");
        bare(guard, method, &[headers, &[("cookie", cookie.as_str())]].concat())
    }

    #[test]
    fn only_its_own_address_is_answered() {
        let here = guard(None);
        for host in ["127.0.0.1:7000", "localhost:7000", "[::1]:7000"] {
            assert_eq!(status(&here, Method::GET, &[("host", host)]), 200, "{host}");
        }
        for host in ["", "evil.example:7000", "127.0.0.1:80", "127.0.0.1", "10.0.0.1:7000"] {
            assert_eq!(status(&here, Method::GET, &[("host", host)]), 421, "{host}");
        }
        // Of two names neither is believed, and a request line may not say another one.
        let two = [("host", "127.0.0.1:7000"), ("host", "evil.example:7000")];
        assert_eq!(status(&here, Method::GET, &two), 421);
        let mut other = request(Method::GET, &[("host", "127.0.0.1:7000")]);
        other.authority = Some("evil.example".to_owned());
        assert_eq!(here.check(&other).map_err(|r| r.status.as_u16()), Err(421));
        let everywhere = guard(Some("0.0.0.0"));
        assert_eq!(status(&everywhere, Method::GET, &[("host", "10.0.0.1:7000")]), 200);
        assert_eq!(status(&everywhere, Method::GET, &[("host", "evil.example:7000")]), 421);
    }

    #[test]
    fn a_write_comes_from_its_own_page() {
        let guard = guard(None);
        let host = ("host", "127.0.0.1:7000");
        let of = |origin| status(&guard, Method::POST, &[host, ("origin", origin)]);
        assert_eq!(of("http://127.0.0.1:7000"), 200);
        for origin in
            ["null", "http://evil.example", "http://127.0.0.1:7001", "https://127.0.0.1:7000"]
        {
            assert_eq!(of(origin), 403, "{origin}");
        }
        assert_eq!(status(&guard, Method::POST, &[host]), 403);
        assert_eq!(status(&guard, Method::POST, &[host, ("sec-fetch-site", "same-origin")]), 200);
        let cross = ("sec-fetch-site", "cross-site");
        assert_eq!(status(&guard, Method::GET, &[host, cross]), 403);
        assert_eq!(
            status(&guard, Method::GET, &[host, cross, ("sec-fetch-mode", "navigate")]),
            200
        );
    }

    #[test]
    fn the_token_is_asked_for_everywhere() {
        for (host, at) in [(None, "127.0.0.1:7000"), (Some("10.0.0.1"), "10.0.0.1:7000")] {
            let guard = guard(host);
            let of = |cookie: &str| bare(&guard, Method::GET, &[("host", at), ("cookie", cookie)]);
            assert_eq!(bare(&guard, Method::GET, &[("host", at)]), 401);
            assert_eq!(of("a=b; winset-7000=wrong"), 401);
            assert_eq!(of("winset-7000=0123456789abcdee"), 401);
            // That of another workbench of this machine.
            assert_eq!(of("winset-7001=0123456789abcdef"), 401);
            assert_eq!(of("winset-7001=x; winset-7000=0123456789abcdef"), 200);
            let mut link = request(Method::GET, &[("host", at)]);
            link.query = crate::http::pairs("token=0123456789abcdef&set=a%3D1");
            let reply = guard.check(&link).unwrap_err();
            assert_eq!(reply.status, StatusCode::SEE_OTHER);
            assert_eq!(reply.headers[0].1, "/?set=a%3D1");
            assert!(reply.headers[1].1.starts_with("winset-7000=0123456789abcdef; HttpOnly;"));
            for elsewhere in ["//evil.example/", "/\\evil.example/", "/\r\nset-cookie: a=b"] {
                link.path = elsewhere.to_owned();
                let reply = guard.check(&link).unwrap_err();
                assert_eq!(reply.headers[0].1, "/?set=a%3D1", "{elsewhere}");
            }
        }
        let tokens = [fresh_token().unwrap(), fresh_token().unwrap()];
        assert!(tokens[0] != tokens[1] && tokens[0].len() == 32);
    }
}
