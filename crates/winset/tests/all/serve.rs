//! The workbench over a real connection: every page, the twins against the command, who may ask,
//! writing with what was seen, and what a hostile case can do.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

const WINSET: &str = env!("CARGO_BIN_EXE_winset");

/// A workbench that ends with the test.
struct Bench {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
    case: PathBuf,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| {
            let (n, v) = l.split_once(':')?;
            n.eq_ignore_ascii_case(name).then(|| v.trim())
        })
    }
}

fn start(case: &Path) -> (Child, u16) {
    let (child, address) = start_with(case, &[]);
    let port = address.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    (child, port)
}

/// A workbench, and the address that it says.
fn start_with(case: &Path, options: &[&str]) -> (Child, String) {
    let mut child = Command::new(WINSET)
        .args(["serve", "--no-open"])
        .args(options)
        .arg(case)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

/// A small case: two sides, one issue, quick to compute.
const CASE: &str = r#"winset = 1
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

const RECORD: &str = "id,said,entered,speaker,issue,kind,value,source,grade,origin,text\nr1,2025-01-02,2025-01-03,ann,line,ideal,10..20..30,Paper,B2,r1,\"Not beyond the river\"\n";

fn bench_on(case: &str, record: &str) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("talks");
    std::fs::create_dir(&place).unwrap();
    std::fs::write(place.join("case.toml"), case).unwrap();
    std::fs::write(place.join("record.csv"), record).unwrap();
    let (child, port) = start(&place);
    Bench { child, port, _folder: folder, case: place }
}

fn bench() -> Bench {
    bench_on(CASE, RECORD)
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(b).to_string()
            }
            b => format!("%{b:02X}"),
        })
        .collect()
}

impl Bench {
    fn raw(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        let text = String::from_utf8_lossy(&text).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Reply { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn get(&self, place: &str) -> Reply {
        let host = format!("127.0.0.1:{}", self.port);
        self.raw(&format!("GET {place} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
    }

    fn post_as(&self, place: &str, headers: &str, fields: &[(&str, &str)]) -> Reply {
        let form: Vec<String> =
            fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        let form = form.join("&");
        self.raw(&format!(
            "POST {place} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.port,
            form.len()
        ))
    }

    fn post(&self, place: &str, fields: &[(&str, &str)]) -> Reply {
        let origin = format!("Origin: http://127.0.0.1:{}\r\n", self.port);
        self.post_as(place, &origin, fields)
    }

    /// The revision that the form of a page holds.
    fn revision(&self, page: &str) -> String {
        let page = self.get(page).body;
        let at = page.find("name=\"revision\" value=\"").unwrap();
        page[at..].split('"').nth(3).unwrap().to_owned()
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.case.join(file)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Output {
        let out = Command::new(WINSET).args(arguments).arg(&self.case).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        out
    }
}

const PAGES: [&str; 13] = [
    "overview", "deals", "blockers", "when", "record", "beliefs", "moved", "drivers", "flip",
    "what-if", "compare", "log", "method",
];

#[test]
fn every_page_is_there_whole_and_without_inline_script() {
    let bench = bench();
    for page in PAGES {
        let reply = bench.get(&format!("/{page}?set=sides.south.discount%3D12"));
        assert_eq!(reply.status, 200, "{page}: {}", reply.body);
        assert!(reply.body.contains("</html>"), "{page}");
        assert!(reply.body.contains("sides.south.discount=12"), "{page} keeps the state");
        for inline in ["<style", "javascript:", " style=\"", " onclick=", " onload="] {
            assert!(!reply.body.contains(inline), "{page} holds {inline}");
        }
        assert_eq!(reply.body.matches("<script").count(), 1, "{page}");
        assert!(
            reply.body.contains("<script type=\"module\" src=\"/assets/workbench.js\"></script>")
        );
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"));
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    for (asset, kind) in [("workbench.js", "text/javascript"), ("workbench.css", "text/css")] {
        let reply = bench.get(&format!("/assets/{asset}"));
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-type").unwrap().starts_with(kind));
    }
    assert_eq!(bench.get("/").status, 303);
    assert_eq!(bench.get("/nothing").status, 404);
}

#[test]
fn twins_are_what_the_command_prints() {
    let bench = bench();
    let set = "sides.south.discount=12";
    let query = format!("set={}&draws=1100", encode(set));
    let same = |page: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--json", "--draws", "1100", "--set", set]);
        let command = bench.command(&all);
        let twin = bench.get(&format!("/{page}.json?{query}"));
        assert_eq!(twin.status, 200, "{page}");
        assert!(twin.body == String::from_utf8(command.stdout).unwrap(), "{page}");
    };
    same("overview", &["forecast"]);
    same("what-if", &["forecast"]);
    same("blockers", &["blockers"]);
    same("when", &["when"]);
    same("deals", &["deals"]);
    same("explain", &["explain", "answer.p"]);
    same("moved", &["moved"]);
    same("drivers", &["drivers"]);
    let beliefs = bench.command(&["belief", "--json"]);
    assert!(bench.get("/beliefs.json").body == String::from_utf8(beliefs.stdout).unwrap());
    let csv = bench.get(&format!("/overview.csv?{query}")).body;
    assert!(csv.starts_with("date,p,lo,hi\n2025-01-11,"), "{csv}");
    assert_eq!(csv.lines().count(), 366);
    assert_eq!(bench.get("/record.csv").body, RECORD);
    for page in PAGES {
        for kind in ["json", "csv"] {
            let reply = bench.get(&format!("/{page}.{kind}?draws=100"));
            assert_eq!(reply.status, 200, "{page}.{kind}: {}", reply.body);
        }
    }
}

/// What moved the number, what drives it and what would flip it: the command's bytes, and its words
/// on the page.
#[test]
fn questions_that_take_longer_are_answered_as_the_command_does() {
    let bench = bench();
    let set = "issues.line.now=100";
    let held = format!("set={}&seed=3&draws=64", encode(set));
    let output = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--seed", "3", "--draws", "64", "--set", set]);
        String::from_utf8(bench.command(&all).stdout).unwrap()
    };
    let asked = [
        ("moved", "from=2025-01-03&to=2025-01-10", &["moved", "--from", "2025-01-03"][..]),
        ("drivers", "", &["drivers"][..]),
        ("flip", "p=0.1", &["flip", "--p", "0.1"][..]),
    ];
    for (page, query, arguments) in asked {
        let query = format!("{query}&{held}");
        let query = query.trim_start_matches('&');
        let waiting = bench.get(&format!("/{page}?{query}"));
        assert_eq!(waiting.status, 200);
        assert!(waiting.body.contains("aria-busy=\"true\"") && waiting.body.contains("wait=1"));
        // Off the request: how far it is, then what was found.
        let place = waiting.body.split("data-ask=\"").nth(1).unwrap().split('"').next().unwrap();
        let stream = bench.get(&place.replace("&amp;", "&")).body;
        assert!(stream.contains("event: progress\ndata: "), "{stream}");
        assert!(stream.contains("event: found\ndata: "), "{stream}");
        // Now it is known, and the page is whole at once.
        let page_now = bench.get(&format!("/{page}?{query}")).body;
        assert!(!page_now.contains("data-ask"), "{page}");
        let twin = format!("href=\"/{page}.json?{}\"", query.replace('&', "&amp;"));
        assert!(page_now.contains(&twin), "{twin}: {page_now}");
        let twin = bench.get(&format!("/{page}.json?{query}"));
        assert_eq!(twin.status, 200);
        let json = output(&[arguments, &["--json"]].concat());
        assert!(twin.body == json, "{page}: {} {json}", twin.body);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = match page {
            "moved" => "Between 3 January 2025 and 10 January 2025 P",
            "drivers" => "<figure class=\"chart\" id=\"tornado\"",
            _ => "P reaches 10 % if",
        };
        assert!(words(&page_now).contains(said), "{page}: {page_now}");
        let csv = bench.get(&format!("/{page}.csv?{query}"));
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        match page {
            "moved" => assert!(csv.body.starts_with("id,seen,speaker,text,part,se,share\ntime,")),
            "drivers" => assert_eq!(csv.body, output(&["drivers", "--csv"])),
            _ => assert!(csv.body.contains("\nsingle,1,") || csv.body.contains("\njoint,1,")),
        }
    }
    for page in ["moved", "drivers"] {
        let svg = bench.get(&format!("/{page}.svg?{held}"));
        assert!(svg.status == 200 && svg.body.starts_with("<svg "), "{page}");
    }
    for wrong in ["/moved?from=soon", "/flip?p=2", "/flip?p=x", "/ask/flip?p=0"] {
        assert_eq!(bench.get(wrong).status, 400, "{wrong}");
    }
    let backwards = bench.get("/moved.json?from=2025-01-09&to=2025-01-05");
    assert_eq!(backwards.status, 422);
    assert!(backwards.body.contains("2025-01-09 comes after 2025-01-05"), "{}", backwards.body);
    assert_eq!(bench.get("/ask/nothing").status, 404);
}

/// The brief that is taken away is the one that the command writes.
#[test]
fn the_brief_is_the_commands() {
    let bench = bench();
    let link = "href=\"/brief.html?set=issues.line.now%3D100\"";
    assert!(bench.get("/overview?set=issues.line.now%3D100").body.contains(link));
    let reply = bench.get("/brief.html?set=issues.line.now%3D100&draws=300");
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-disposition").unwrap().contains("brief.html"));
    let out = Command::new(WINSET)
        .arg("brief")
        .arg(&bench.case)
        .args(["--format", "html", "--draws", "300", "--set", "issues.line.now=100"])
        .output()
        .unwrap();
    assert!(out.status.success());
    assert!(reply.body == String::from_utf8(out.stdout).unwrap());
}

/// Whoever leaves ends the work: the next question is not kept waiting behind it.
#[test]
fn a_question_that_is_left_ends() {
    let bench = bench();
    let request = format!(
        "GET /ask/drivers?draws=100000&set=issues.line.now%3D100 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n",
        bench.port
    );
    let mut stream = TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    assert!(lines.any(|l| l.unwrap() == "event: progress"));
    drop((lines, stream));
    // Behind the same door: answered only if the one before has ended, well before its own end.
    let reply = bench.get("/moved.json?draws=20");
    assert_eq!(reply.status, 200, "{}", reply.body);
}

/// Compare says what `winset diff` says, of the same draws, and its chart can be taken away.
#[test]
fn a_comparison_is_told_in_the_words_of_the_command() {
    let bench = bench();
    let out = bench.command(&["diff", "--with", "issues.line.now=100", "--draws", "2000"]);
    let text = String::from_utf8(out.stdout).unwrap();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (text, query) = (words(&text), format!("b={}", encode("issues.line.now=100")));
    let from = text.find("From A to B:").unwrap();
    let sentence = text[from..text.find("What is not the same").unwrap()].trim_end();
    assert!(sentence.contains(" rises from "), "{sentence}");
    let sentence = sentence.replace('<', "&lt;");
    let page = bench.get(&format!("/compare?{query}")).body;
    assert!(words(&page).contains(&format!("<p class=\"bottom\">{sentence}</p>")), "{sentence}");
    // The list that differs, in words.
    let table = &page[page.find("What A and B say otherwise").unwrap()..];
    let table = &table[..table.find("</table>").unwrap()];
    assert!(table.contains("<td>50</td><td>100</td>"), "{table}");
    // Overlaid, with a title that says the finding, numbers, and as files.
    assert!(page.contains("<figure class=\"chart\" id=\"overlay\""));
    let svg = bench.get(&format!("/compare.svg?{query}"));
    assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
    assert!(svg.body.starts_with("<svg ") && svg.body.contains(">A signed agreement by"));
    let csv = bench.get(&format!("/compare.chart.csv?{query}")).body;
    assert!(csv.contains("\r\nDay,A,A from,A to,B,B from,B to\r\n2025-01-11,"), "{csv}");
    for page in ["overview", "when", "blockers", "deals"] {
        let svg = bench.get(&format!("/{page}.svg?draws=100"));
        assert_eq!(svg.status, 200);
        assert!(svg.body.starts_with("<svg "), "{page}");
    }
    let map = bench.get("/deals.chart.csv").body;
    assert!(map.contains("of 5 packages would be ratified on both sides"), "{map}");
    assert_eq!(bench.get("/record.svg").status, 404);
}

#[test]
fn only_its_own_pages_may_ask_and_write() {
    let bench = bench();
    let own = format!("127.0.0.1:{}", bench.port);
    let get = |host: &str, more: &str| {
        let request =
            format!("GET /overview HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        bench.raw(&request).status
    };
    assert_eq!(get(&own, ""), 200);
    assert_eq!(get(&format!("evil.example:{}", bench.port), ""), 421);
    assert_eq!(get("127.0.0.1", ""), 421);
    assert_eq!(get(&own, "Origin: http://evil.example\r\n"), 403);
    assert_eq!(get(&own, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), 403);
    let before = bench.text("case.toml");
    let revision = bench.revision("/explain?path=sides.south.discount");
    let edit = [("path", "sides.south.discount"), ("value", "13"), ("revision", revision.as_str())];
    for origin in ["", "Origin: http://evil.example\r\n", "Origin: null\r\n"] {
        assert_eq!(bench.post_as("/edit", origin, &edit).status, 403, "{origin}");
    }
    assert_eq!(bench.text("case.toml"), before);
    assert_eq!(bench.post("/edit", &edit).status, 303);
    assert_eq!(bench.text("case.toml"), before.replace("discount = 10\n", "discount = 13\n"));
}

#[test]
fn nothing_outside_the_case_is_reached_and_sizes_are_limited() {
    let bench = bench();
    std::fs::write(bench.case.parent().unwrap().join("secret.toml"), "set = [\"secret\"]").unwrap();
    for place in [
        "/assets/../case.toml",
        "/assets/..%2f..%2fcase.toml",
        "/%2e%2e/secret.toml",
        "//secret.toml",
        "/scenario?name=..%2F..%2Fsecret",
        "/scenario?name=..%2Fsecret",
    ] {
        let reply = bench.get(place);
        assert_eq!(reply.status, 404, "{place}");
        assert!(!reply.body.contains("secret\""), "{place}");
    }
    let name = bench.post("/scenario", &[("name", "../evil"), ("state", "set=a%3D1")]);
    assert_eq!(name.status, 422);
    assert!(!bench.case.join("../evil.toml").exists());
    assert_eq!(bench.post("/draft", &[("draft", "../x"), ("text", "y")]).status, 422);
    let large = "x".repeat(1 << 20);
    assert_eq!(bench.post("/record", &[("text", &large)]).status, 413);
    let head = format!(
        "POST /record HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: http://127.0.0.1:{}\r\n\
         Connection: close\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc",
        bench.port, bench.port
    );
    assert_eq!(bench.raw(&head).status, 400);
    for wrong in ["as_of=x", "draws=0", "draws=100000000", "seed=x"] {
        assert_eq!(bench.get(&format!("/overview?{wrong}")).status, 400, "{wrong}");
    }
    let sets = "set=a%3D1&".repeat(201);
    assert_eq!(bench.get(&format!("/overview?{sets}")).status, 400);
    // Whatever is sent, the next one is answered.
    for garbage in ["\r\n\r\n", "GET\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
        bench.raw(garbage);
    }
    assert_eq!(bench.get("/overview").status, 200);
}

#[test]
fn an_entry_is_previewed_then_saved_and_every_byte_before_it_stays() {
    let bench = bench();
    let revision = bench.revision("/record");
    let entry = [
        ("id", "r2"),
        ("said", "2025-01-04"),
        ("entered", "2025-01-05"),
        ("speaker", "ann"),
        ("issue", "line"),
        ("kind", "ideal"),
        ("value", "60..70..80"),
        ("grade", "A1"),
        ("text", "\"Perhaps\", she said, beyond"),
        ("revision", revision.as_str()),
    ];
    let with = |what| [&entry[..], &[("do", what)]].concat();
    let preview = bench.post("/record", &with("preview"));
    assert_eq!(preview.status, 200);
    assert!(
        preview.body.contains("id=\"preview\"")
            && preview.body.contains("From A to B: P(a signed agreement by 1 March 2025)")
    );
    assert!(preview.body.contains("wants on The line"), "the belief that moves");
    assert!(preview.body.contains("<figure class=\"chart\" id=\"why\""), "and why");
    let why = &preview.body[preview.body.find("The inputs that move").unwrap()..];
    let why = &why[..why.find("</table>").unwrap()];
    assert!(why.contains("actors.ann.position.line") && why.contains(" ± "), "{why}");
    assert_eq!(bench.text("record.csv"), RECORD);
    assert_eq!(bench.post("/record", &with("save")).status, 303);
    let line = "r2,2025-01-04,2025-01-05,ann,line,ideal,60..70..80,,A1,,\"\"\"Perhaps\"\", she said, beyond\"\n";
    assert_eq!(bench.text("record.csv"), format!("{RECORD}{line}"));
    assert!(bench.get("/record").body.contains("she said, beyond"));
    // What is wrong stands beside its field, and nothing is written.
    let revision = bench.revision("/record");
    let wrong = [
        ("id", "r3"),
        ("said", "2025-01-04"),
        ("entered", "2025-01-05"),
        ("kind", "event"),
        ("grade", "Z9"),
        ("text", "x"),
        ("revision", revision.as_str()),
        ("do", "save"),
    ];
    let reply = bench.post("/record", &wrong);
    assert_eq!(reply.status, 422);
    let field = &reply.body[reply.body.find("for=\"n-grade\"").unwrap()..];
    let field = &field[..field.find("for=\"n-origin\"").unwrap()];
    assert!(
        field.contains("aria-invalid=\"true\"") && field.contains("class=\"wrong\""),
        "{field}"
    );
    assert_eq!(bench.text("record.csv"), format!("{RECORD}{line}"));
    // Rows from a spreadsheet.
    let paste = "id\tsaid\tentered\tkind\ttext\nr4\t2025-01-06\t2025-01-06\tevent\tone\nr5\t2025-01-07\t2025-01-07\tevent\ttwo\n";
    let rows = [("paste", paste), ("revision", revision.as_str()), ("do", "save")];
    assert_eq!(bench.post("/record", &rows).status, 303);
    assert!(bench.text("record.csv").ends_with("two\n"));
    assert_eq!(bench.text("record.csv").lines().count(), 5);
}

#[test]
fn a_second_writer_gets_both_sides_and_loses_neither() {
    let bench = bench();
    let revision = bench.revision("/explain?path=sides.south.discount");
    let edit = |value, revision| {
        bench.post(
            "/edit",
            &[("path", "sides.south.discount"), ("value", value), ("revision", revision)],
        )
    };
    let theirs = CASE.replace("Border talks", "Border talks, again");
    std::fs::write(bench.case.join("case.toml"), &theirs).unwrap();
    let conflict = edit("17", &revision);
    assert_eq!(conflict.status, 409);
    assert_eq!(bench.text("case.toml"), theirs);
    assert!(conflict.body.contains("Border talks, again"), "theirs");
    assert!(conflict.body.contains("sides.south.discount=17"), "mine");
    // The page's own form writes mine on top of theirs.
    let at = conflict.body.rfind("name=\"revision\" value=\"").unwrap();
    let fresh = conflict.body[at..].split('"').nth(3).unwrap();
    assert_eq!(edit("17", fresh).status, 303);
    assert_eq!(bench.text("case.toml"), theirs.replace("discount = 10\n", "discount = 17\n"));
    // With what cannot be told nothing is written.
    let revision = bench.revision("/explain?path=sides.south.discount");
    let wrong = edit("50..3", &revision);
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("upside down"), "{}", wrong.body);
    assert_eq!(bench.text("case.toml"), theirs.replace("discount = 10\n", "discount = 17\n"));
}

/// After a conflict mine can be kept beside theirs: the case stays as they left it.
#[test]
fn after_a_conflict_a_copy_of_mine_is_saved() {
    let bench = bench();
    let revision = bench.revision("/explain?path=sides.south.discount");
    let theirs = CASE.replace("Border talks", "Border talks, again");
    std::fs::write(bench.case.join("case.toml"), &theirs).unwrap();
    let edit = [("path", "sides.south.discount"), ("value", "17"), ("revision", revision.as_str())];
    let conflict = bench.post("/edit", &edit);
    assert_eq!(conflict.status, 409);
    let form = &conflict.body[conflict.body.find("action=\"/scenario\"").unwrap()..];
    let state = form.split("name=\"state\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(bench.post("/scenario", &[("name", "mine"), ("state", state)]).status, 303);
    assert_eq!(bench.text("case.toml"), theirs);
    let opened = bench.get("/scenario?name=mine");
    assert_eq!(opened.header("location"), Some("/what-if?set=sides.south.discount%3D17"));
    // A name that is taken is not overwritten.
    assert_eq!(bench.post("/scenario", &[("name", "mine"), ("state", "")]).status, 422);
}

/// A file from another system keeps its line ends and its byte order mark.
#[test]
fn line_ends_and_the_mark_before_the_text_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let bench = bench_on(&windows(CASE), &windows(RECORD));
    let revision = bench.revision("/explain?path=sides.south.discount");
    let edit = [("path", "sides.south.discount"), ("value", "17"), ("revision", revision.as_str())];
    assert_eq!(bench.post("/edit", &edit).status, 303);
    let expected = windows(&CASE.replace("discount = 10\n", "discount = 17\n"));
    assert_eq!(bench.text("case.toml"), expected);
    let revision = bench.revision("/record");
    let entry = [
        ("id", "r2"),
        ("said", "2025-01-04"),
        ("entered", "2025-01-05"),
        ("kind", "event"),
        ("text", "x"),
        ("revision", revision.as_str()),
        ("do", "save"),
    ];
    assert_eq!(bench.post("/record", &entry).status, 303);
    let text = bench.text("record.csv");
    assert!(text.starts_with(&windows(RECORD)), "{text:?}");
    assert_eq!(text.matches('\n').count(), 3);
    assert_eq!(text.matches("\r\n").count(), 3, "{text:?}");
    assert!(bench.get("/record").body.contains("e-r2"));
}

/// With `--host` nobody gets an answer without the token of the printed link.
#[test]
fn an_address_that_others_reach_asks_for_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("talks");
    std::fs::create_dir(&case).unwrap();
    std::fs::write(case.join("case.toml"), CASE).unwrap();
    std::fs::write(case.join("record.csv"), RECORD).unwrap();
    let (child, address) = start_with(&case, &["--host", "127.0.0.1"]);
    let (place, token) = address.split_once("/?token=").unwrap();
    let port = place.rsplit(':').next().unwrap().parse().unwrap();
    assert!(token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
    let bench = Bench { child, port, _folder: folder, case };
    let get = |place: &str, more: &str| {
        let host = format!("127.0.0.1:{port}");
        bench.raw(&format!(
            "GET {place} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"
        ))
    };
    let wrong = token.replace(|c| c != '0', "0");
    for place in ["/", "/overview", "/overview.json", "/assets/workbench.js", "/events"] {
        let reply = get(place, "");
        assert_eq!(reply.status, 401, "{place}");
        assert!(!reply.body.contains("Border talks"));
        assert_eq!(get(place, &format!("Cookie: winset={wrong}\r\n")).status, 401);
    }
    assert_eq!(get(&format!("/?token={wrong}"), "").status, 401);
    // The link of the terminal opens it and leaves a cookie that scripts do not see.
    let opened = get(&format!("/overview?token={token}&seed=2"), "");
    assert_eq!((opened.status, opened.header("location")), (303, Some("/overview?seed=2")));
    let cookie = opened.header("set-cookie").unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
    assert_eq!(get("/overview", &cookie).status, 200);
    assert_eq!(get("/overview", &format!("Authorization: Bearer {token}\r\n")).status, 200);
    // With it, too, a write must come from a page of its own, and a name must be its own.
    let entry = [("id", "r2"), ("said", "2025-01-04"), ("kind", "event"), ("do", "preview")];
    assert_eq!(bench.post_as("/record", &cookie, &entry).status, 403);
    let origin = format!("Origin: http://127.0.0.1:{port}\r\n");
    assert_eq!(bench.post_as("/record", &origin, &entry).status, 401);
    assert_eq!(
        bench.post_as("/draft", &format!("{cookie}{origin}"), &[("draft", "record")]).status,
        200
    );
    let elsewhere = format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n{cookie}\r\n");
    assert_eq!(
        bench.raw(&elsewhere.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).status,
        421
    );
}

#[test]
fn eight_writers_at_once_lose_nothing() {
    let bench = bench();
    std::thread::scope(|scope| {
        for k in 0..8 {
            let bench = &bench;
            scope.spawn(move || {
                let id = format!("w{k}");
                for _ in 0..60 {
                    let revision = bench.revision("/record");
                    let reply = bench.post(
                        "/record",
                        &[
                            ("id", id.as_str()),
                            ("said", "2025-01-04"),
                            ("entered", "2025-01-05"),
                            ("kind", "event"),
                            ("text", "x"),
                            ("revision", revision.as_str()),
                            ("do", "save"),
                        ],
                    );
                    match reply.status {
                        303 => return,
                        409 => {}
                        other => panic!("{other}: {}", reply.body),
                    }
                }
                panic!("writer {k} never came through");
            });
        }
    });
    let text = bench.text("record.csv");
    assert!(text.starts_with(RECORD));
    for k in 0..8 {
        assert_eq!(text.matches(&format!("\nw{k},")).count(), 1, "{text}");
    }
}

#[test]
fn what_changes_outside_is_told_and_shown() {
    let bench = bench();
    let mut stream = TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    write!(stream, "GET /events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", bench.port).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next =
        || lines.find_map(|l| l.unwrap().strip_prefix("data: ").map(str::to_owned)).unwrap();
    assert_eq!(next(), "1");
    std::fs::write(bench.case.join("case.toml"), CASE.replace("Border talks", "River talks"))
        .unwrap();
    assert_eq!(next(), "2");
    assert!(bench.get("/overview").body.contains("River talks"));
    // A broken file is shown with its line, and the workbench stays.
    std::fs::write(
        bench.case.join("case.toml"),
        CASE.replace("\"ann\"\ndiscount", "\"nobody\"\ndiscount"),
    )
    .unwrap();
    assert_eq!(next(), "3");
    let reply = bench.get("/overview");
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("case.toml, line 15, column"), "{}", reply.body);
    std::fs::write(bench.case.join("case.toml"), CASE).unwrap();
    assert_eq!(next(), "4");
    assert_eq!(bench.get("/overview").status, 200);
}

#[test]
fn answers_get_finer_until_they_are_the_commands() {
    let bench = bench();
    let reply = bench.get("/refine?page=what-if&set=sides.south.discount%3D12");
    assert!(reply.header("content-type").unwrap().starts_with("text/event-stream"));
    let events: Vec<&str> = reply.body.lines().filter_map(|l| l.strip_prefix("event: ")).collect();
    assert_eq!(events.first(), Some(&"answer"));
    assert_eq!(events.last(), Some(&"whole"));
    assert!(reply.body.contains("refining") && reply.body.contains("10,000 draws"));
    let wrong = bench.get("/refine?page=what-if&set=sides.south.discount%3D50..3");
    assert!(wrong.body.contains("event: problem") && wrong.body.contains("upside down"));
    assert_eq!(bench.get("/refine?page=nothing").status, 404);
}

/// What moves the answer most stands first and open once it is known, each input once, and every
/// field says what it is.
#[test]
fn what_has_leverage_stands_first() {
    let bench = bench();
    let page = (0..300)
        .find_map(|_| {
            let page = bench.get("/what-if?set=issues.line.now%3D100").body;
            let known = page.contains("data-levers=\"true\"");
            std::thread::sleep(std::time::Duration::from_millis(100));
            known.then_some(page)
        })
        .unwrap();
    let first = &page[page.find("class=\"group\"").unwrap()..];
    assert!(first.starts_with("class=\"group\" open"), "{first}");
    assert!(first[..first.find("</summary>").unwrap()].contains("Leverage first"), "{first}");
    let paths: Vec<&str> =
        page.split(" data-path=\"").skip(1).map(|p| p.split('"').next().unwrap()).collect();
    let mut once = paths.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), paths.len());
    assert!(paths.len() > 10, "{paths:?}");
    assert_eq!(page.matches("class=\"note help\"").count(), paths.len());
}

#[test]
fn a_hostile_case_stays_text() {
    let evil = "<script>alert(1)</script>\\\"><img src=x onerror=alert(1)>";
    let mut case = CASE
        .replace("Border talks", evil)
        .replace("The line", evil)
        .replace("Will they sign?", evil);
    case = case.replace("name = \"North\"", &format!("name = \"{evil}\""));
    case = case.replace("[actors.ann]\n", &format!("[actors.ann]\nname = \"{evil}\"\n"));
    let text = evil.replace("\\\"", "\"\"");
    let record = format!(
        "{}r2,2025-01-03,2025-01-03,,,event,,\"{text}\",B2,\"{text}\",\"{text}\"\n",
        RECORD
    );
    let bench = bench_on(&case, &record);
    let hostile = encode("<script>alert(1)</script>=\"><img src=x onerror=alert(1)>");
    let mut places: Vec<String> = PAGES.iter().map(|p| format!("/{p}")).collect();
    places.extend(PAGES.iter().map(|p| format!("/{p}?set={hostile}")));
    places.push(format!("/explain?path={hostile}"));
    places.push("/explain?path=actors.ann.red_max.line".to_owned());
    places.push(format!("/record?words={hostile}&speaker={hostile}"));
    places.push("/refine?page=overview".to_owned());
    for place in places {
        let reply = bench.get(&place);
        assert!(matches!(reply.status, 200 | 404 | 422), "{place}: {}", reply.status);
        let allowed = usize::from(!place.starts_with("/refine"));
        assert_eq!(reply.body.matches("<script").count(), allowed, "{place}");
        assert!(!reply.body.contains("<img"), "{place}");
        assert!(reply.header("content-security-policy").is_some());
    }
}

#[test]
fn a_second_workbench_is_told_and_a_dead_one_leaves_no_lock() {
    let mut bench = bench();
    let second =
        Command::new(WINSET).args(["serve", "--no-open"]).arg(&bench.case).output().unwrap();
    assert_eq!(second.status.code(), Some(4));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains(&format!("http://127.0.0.1:{}/", bench.port)), "{said}");
    bench.child.kill().unwrap();
    bench.child.wait().unwrap();
    let (mut child, _) = start(&bench.case);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_was_typed_survives_a_kill() {
    let mut bench = bench();
    let kept = bench.post("/draft", &[("draft", "record"), ("id", "r7"), ("text", "half a sent")]);
    assert_eq!(kept.status, 200);
    bench.child.kill().unwrap();
    bench.child.wait().unwrap();
    (bench.child, bench.port) = start(&bench.case);
    let page = bench.get("/record").body;
    assert!(page.contains("half a sent") && page.contains("was kept"));
    assert_eq!(bench.text("record.csv"), RECORD);
    assert_eq!(bench.post("/record", &[("do", "discard")]).status, 303);
    assert!(!bench.get("/record").body.contains("half a sent"));
}

#[test]
fn the_log_is_kept_by_forms() {
    let bench = bench();
    let added = bench.post("/log", &[("do", "add"), ("author", "ann")]);
    assert_eq!(added.status, 200, "{}", added.body);
    let resolve = [
        ("do", "resolve"),
        ("question", "agreement-by-2025-03-01"),
        ("outcome", "no"),
        ("on", "2025-03-01"),
    ];
    assert_eq!(bench.post("/log", &resolve).status, 200);
    let listed = bench.command(&["log", "list", "--json"]);
    assert_eq!(bench.get("/log.json").body, String::from_utf8(listed.stdout).unwrap());
    let page = bench.get("/log").body;
    assert!(page.contains("resolution") && page.contains("the chain verifies"));
    // What a field holds is a value, never an option.
    let option =
        [("do", "resolve"), ("question", "--replaces=f1"), ("outcome", "no"), ("on", "2025-03-01")];
    assert_eq!(bench.post("/log", &option).status, 422);
    assert_eq!(bench.post("/log", &[("do", "verify")]).status, 400);
}

#[test]
fn an_empty_folder_leads_to_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_path_buf();
    let (child, port) = start(&place);
    let bench = Bench { child, port, _folder: folder, case: place };
    let page = bench.get("/overview").body;
    assert!(page.contains("holds no case yet") && page.contains("us-iran-2025"));
    assert_eq!(bench.post("/new", &[("from", "../x")]).status, 422);
    assert_eq!(bench.post("/new", &[("from", "template")]).status, 303);
    assert_eq!(bench.get("/overview").status, 200);
    assert_eq!(bench.post("/new", &[("from", "us-iran-2025")]).status, 409);
}

#[test]
fn the_built_in_case_is_read_only_and_a_scenario_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let case = PathBuf::from("emission-standards-1994");
    let (child, port) = start(&case);
    let built_in = Bench { child, port, _folder: folder, case };
    assert_eq!(built_in.get("/what-if").status, 200);
    let edit = [("path", "question.text"), ("value", "x"), ("revision", "")];
    assert_eq!(built_in.post("/edit", &edit).status, 422);
    assert_eq!(built_in.post("/scenario", &[("name", "x"), ("state", "")]).status, 422);
    drop(built_in);

    let bench = bench();
    let state =
        format!("set={}&set={}", encode("sides.south.discount=12"), encode("constants.chi=2"));
    let saved = bench.post("/scenario", &[("name", "patient"), ("state", &state)]);
    assert_eq!(saved.status, 303);
    let opened = bench.get("/scenario?name=patient");
    assert_eq!(opened.header("location"), Some(format!("/what-if?{state}").as_str()));
    // Written into the case, they are no longer changes.
    let revision = bench.revision("/explain?path=sides.south.discount");
    let written = bench.post("/edit", &[("state", &state), ("revision", &revision)]);
    assert_eq!(written.header("location"), Some("/what-if"));
    let text = bench.text("case.toml");
    assert!(text.contains("discount = 12\n") && text.ends_with("[constants]\nchi = 2\n"), "{text}");
    assert!(
        text.contains("[issues.line]   # the border") && text.contains("\"5..10..20\"   # a year")
    );
}
