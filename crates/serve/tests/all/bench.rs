//! A workbench on a small case, and a client that speaks HTTP to it by hand.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A workbench that ends with the test: `S` is what ends it when it is dropped.
pub(crate) struct Bench<S> {
    pub(crate) server: S,
    pub(crate) port: u16,
    pub(crate) token: String,
    pub(crate) case: PathBuf,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| {
            let (n, v) = l.split_once(':')?;
            n.eq_ignore_ascii_case(name).then(|| v.trim())
        })
    }
}

/// A small case: two sides, one issue, quick to compute.
pub(crate) const CASE: &str = r#"winset = 1
title = "Border talks"
as_of = 2025-01-10

[question]
text = "Will they sign?"
by = 2025-03-01

[issues.line]   # the border
name = "The line"
now = 50

[sides.north]
name = "North"
ratify = "ann"
discount = "5..10..20"   # a year

[sides.south]
name = "South"
ratify = "bob"
discount = 10

[actors.ann]
side = "north"
role = "leader"
position.line = "record"
salience.line = 50
red_max.line = "40..60..80"

[actors.bob]
side = "south"
role = "leader"
position.line = "60..80..100"
salience.line = 50
red_min.line = "20..40..60"

[sides.north.position]
line = "0..20..40"
"#;

pub(crate) const RECORD: &str = "id,said,entered,speaker,issue,kind,value,source,grade,origin,text\nr1,2025-01-02,2025-01-03,ann,line,ideal,10..20..30,Paper,B2,r1,\"Not beyond the river\"\n";

/// A value as a query holds it.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(b).to_string()
            }
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// Port and token of the address that a workbench says.
pub(crate) fn parts(address: &str) -> (u16, String) {
    let (place, token) = address.split_once("/?token=").unwrap();
    (place.rsplit(':').next().unwrap().parse().unwrap(), token.to_owned())
}

impl<S> Bench<S> {
    /// On a folder of its own with these files; `start` starts it and says its address.
    pub(crate) fn on(case: &str, record: &str, start: impl FnOnce(&Path) -> (S, String)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("talks");
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("case.toml"), case).unwrap();
        std::fs::write(place.join("record.csv"), record).unwrap();
        Self::at(place, folder, start)
    }

    /// On a place that may be anything.
    pub(crate) fn at(
        case: PathBuf,
        folder: tempfile::TempDir,
        start: impl FnOnce(&Path) -> (S, String),
    ) -> Self {
        let (server, address) = start(&case);
        let (port, token) = parts(&address);
        Self { server, port, token, case, _folder: folder }
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The header that shows the token.
    pub(crate) fn cookie(&self) -> String {
        format!("Cookie: winset-{}={}\r\n", self.port, self.token)
    }

    /// The header that names a page of its own.
    pub(crate) fn origin(&self) -> String {
        format!("Origin: http://{}\r\n", self.host())
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
        stream
    }

    /// Begins a request and leaves it open.
    pub(crate) fn open(&self, request: &str) -> TcpStream {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    pub(crate) fn raw(&self, request: &str) -> Reply {
        read(self.open(request))
    }

    /// Asks for a page with these headers and no other.
    pub(crate) fn get_as(&self, place: &str, headers: &str) -> Reply {
        self.raw(&format!(
            "GET {place} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
            self.host()
        ))
    }

    pub(crate) fn get(&self, place: &str) -> Reply {
        self.get_as(place, &self.cookie())
    }

    /// Posts a form with these headers and no other.
    pub(crate) fn post_as(&self, place: &str, headers: &str, fields: &[(&str, &str)]) -> Reply {
        let form: Vec<String> =
            fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        let form = form.join("&");
        self.raw(&format!(
            "POST {place} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.host(),
            form.len()
        ))
    }

    pub(crate) fn post(&self, place: &str, fields: &[(&str, &str)]) -> Reply {
        self.post_as(place, &format!("{}{}", self.cookie(), self.origin()), fields)
    }

    /// The revision that the form of a page holds.
    pub(crate) fn revision(&self, page: &str) -> String {
        let page = self.get(page).body;
        let at = page.find("name=\"revision\" value=\"").unwrap();
        page[at..].split('"').nth(3).unwrap().to_owned()
    }

    pub(crate) fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.case.join(file)).unwrap()
    }
}

/// Reads a reply to its end.
pub(crate) fn read(mut stream: TcpStream) -> Reply {
    let mut text = Vec::new();
    stream.read_to_end(&mut text).unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

/// The pages in the row of links.
pub(crate) const PAGES: [&str; 17] = [
    "overview",
    "deals",
    "blockers",
    "when",
    "stability",
    "record",
    "beliefs",
    "moved",
    "history",
    "drivers",
    "flip",
    "what-if",
    "scenarios",
    "compare",
    "log",
    "classes",
    "method",
];
