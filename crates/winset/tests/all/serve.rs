//! The workbench beside the command: its twins are what the command prints, its words are the
//! command's, and what was acknowledged survives a kill.

#[path = "../../../serve/tests/all/bench.rs"]
pub(crate) mod client;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use client::{CASE, PAGES, RECORD, encode, parts};

const WINSET: &str = env!("CARGO_BIN_EXE_winset");

pub(crate) type Bench = client::Bench<Process>;

/// A workbench that is killed when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A workbench, and the address that it says.
fn start(case: &Path) -> (Process, String) {
    let mut child = Command::new(WINSET)
        .args(["serve", "--no-open"])
        .arg(case)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Process(child), line.trim().to_owned())
}

pub(crate) fn bench() -> Bench {
    bench_on(CASE, RECORD)
}

pub(crate) fn bench_on(case: &str, record: &str) -> Bench {
    Bench::on(case, record, start)
}

/// What the command does on the same case.
fn command(bench: &Bench, arguments: &[&str]) -> Output {
    let out = Command::new(WINSET).args(arguments).arg(&bench.case).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    out
}

#[test]
fn twins_are_what_the_command_prints() {
    let bench = bench();
    let set = "sides.south.discount=12";
    let query = format!("set={}&draws=1100", encode(set));
    let same = |page: &str, arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--json", "--draws", "1100", "--set", set]);
        let command = command(&bench, &all);
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
    let beliefs = command(&bench, &["belief", "--json"]);
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
        String::from_utf8(command(&bench, &all).stdout).unwrap()
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

/// Compare says what `winset diff` says, of the same draws, and its chart can be taken away.
#[test]
fn a_comparison_is_told_in_the_words_of_the_command() {
    let bench = bench();
    let out = command(&bench, &["diff", "--with", "issues.line.now=100", "--draws", "2000"]);
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
    assert!(table.contains("<td class=\"n\">50</td><td class=\"n\">100</td>"), "{table}");
    // Overlaid, with a title that says the finding, numbers, and as files.
    assert!(page.contains("<figure class=\"chart\" id=\"overlay\""));
    let svg = bench.get(&format!("/compare.svg?{query}"));
    assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
    assert!(svg.body.starts_with("<svg ") && svg.body.contains(">A signed agreement by"));
    let csv = bench.get(&format!("/compare.chart.csv?{query}")).body;
    assert!(csv.contains("\nDay,A,A from,A to,B,B from,B to\n2025-01-11,"), "{csv}");
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
fn a_second_workbench_is_told_and_a_dead_one_leaves_no_lock() {
    let mut bench = bench();
    let second =
        Command::new(WINSET).args(["serve", "--no-open"]).arg(&bench.case).output().unwrap();
    assert_eq!(second.status.code(), Some(4));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains(&format!("http://127.0.0.1:{}/", bench.port)), "{said}");
    bench.server.kill();
    // Another one takes the folder.
    let (_again, address) = start(&bench.case);
    assert_ne!(parts(&address).1, bench.token);
}

#[test]
fn what_was_typed_survives_a_kill() {
    let mut bench = bench();
    let kept = bench.post("/draft", &[("draft", "record"), ("id", "r7"), ("text", "half a sent")]);
    assert_eq!(kept.status, 200);
    bench.server.kill();
    let (server, address) = start(&bench.case);
    bench.server = server;
    (bench.port, bench.token) = parts(&address);
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
    let listed = command(&bench, &["log", "list", "--json"]);
    assert_eq!(bench.get("/log.json").body, String::from_utf8(listed.stdout).unwrap());
    let page = bench.get("/log").body;
    assert!(page.contains("resolution") && page.contains("the chain verifies"));
    // What a field holds is a value, never an option.
    let option =
        [("do", "resolve"), ("question", "--replaces=f1"), ("outcome", "no"), ("on", "2025-03-01")];
    assert_eq!(bench.post("/log", &option).status, 422);
    assert_eq!(bench.post("/log", &[("do", "verify")]).status, 400);
}

/// What fails, fails in the same words: the twin is what the command prints on stderr, to the byte.
#[test]
fn failing_twins_are_what_the_command_prints() {
    let bench = bench();
    let verbs: [(&str, &[&str]); 9] = [
        ("overview", &["forecast"]),
        ("what-if", &["forecast"]),
        ("blockers", &["blockers"]),
        ("when", &["when"]),
        ("deals", &["deals"]),
        ("explain", &["explain", "answer.p"]),
        ("drivers", &["drivers"]),
        ("flip", &["flip", "--p", "0.5"]),
        ("beliefs", &["belief"]),
    ];
    let same = |page: &str, query: &str, arguments: &[&str]| {
        let out = Command::new(WINSET).args(arguments).arg("--json").arg(&bench.case).output();
        let out = out.unwrap();
        assert!(!out.status.success() && out.stdout.is_empty(), "{page}: {out:?}");
        let twin = bench.get(&format!("/{page}.json{query}"));
        assert!(matches!(twin.status, 404 | 422), "{page}: {}", twin.status);
        assert_eq!(twin.header("content-type"), Some("application/json"));
        let printed = String::from_utf8(out.stderr).unwrap();
        assert_eq!(twin.body, printed, "{page}{query}");
        twin.body
    };
    // A change that cannot be, and a question that makes no sense.
    let set = "sides.south.discount=50..3";
    for (page, verb) in verbs {
        let said = same(page, &format!("?set={}", encode(set)), &[verb, &["--set", set]].concat());
        assert!(said.contains("upside down"), "{said}");
    }
    same("explain", "?path=answer.q", &["explain", "answer.q"]);
    same("explain", "?path=terms.nowhere.q50", &["explain", "terms.nowhere.q50"]);
    let days = ["moved", "--from", "2025-01-09", "--to", "2025-01-05"];
    same("moved", "?from=2025-01-09&to=2025-01-05", &days);
    // Files that cannot be read, each at its line and column.
    let cases = [
        (CASE.replace("winset = 1", "winset = 9"), RECORD.to_owned()),
        (CASE.replace("\"ann\"\ndiscount", "\"nobody\"\ndiscount"), RECORD.to_owned()),
        (CASE.replace("[question]", "[question"), RECORD.to_owned()),
        (CASE.to_owned(), RECORD.replace(",B2,", ",Z9,")),
    ];
    let mut before = String::new();
    for (case, record) in cases {
        std::fs::write(bench.case.join("case.toml"), case).unwrap();
        std::fs::write(bench.case.join("record.csv"), record).unwrap();
        let seen = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            let now = bench.get("/overview.json?draws=10");
            now.status == 422 && std::mem::replace(&mut before, now.body.clone()) != now.body
        });
        assert!(seen, "{before}");
        for (page, verb) in verbs.into_iter().chain([("moved", &["moved"][..])]) {
            let said = same(page, "", verb);
            assert!(said.contains("\"line\":") && !said.contains("\"line\":null"), "{said}");
        }
    }
    // And no case at all.
    std::fs::remove_file(bench.case.join("case.toml")).unwrap();
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        bench.get("/overview.json").body.contains("has no case.toml")
    });
    assert!(gone);
    same("overview", "", &["forecast"]);
}

/// The classes as the command shows them, and the class, the start and the stages of a case as choices
/// that lead to another forecast.
#[test]
fn classes_are_shown_and_chosen() {
    let bench = bench();
    let output = |arguments: &[&str]| {
        let out = Command::new(WINSET).args(arguments).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    assert_eq!(bench.get("/classes.json").body, output(&["class", "--json"]));
    let shown = bench.get("/classes.json?name=formation-election&group=Norway&from=20").body;
    let arguments = ["class", "show", "formation-election", "--group", "Norway", "--from", "20"];
    assert_eq!(shown, output(&[&arguments[..], &["--json"]].concat()));
    let csv = bench.get("/classes.csv?name=strike").body;
    assert_eq!((csv.lines().next(), csv.lines().count()), (Some("day,agreement,other"), 731));
    let page = bench.get("/classes?name=mediated").body;
    assert!(page.contains("<figure class=\"chart\" id=\"class\""), "{page}");
    assert!(bench.get("/classes.svg?name=mediated").body.starts_with("<svg "));
    assert_eq!(bench.get("/classes.json?name=strke").status, 422);
    // The case names no class: what is chosen first brings the start with it.
    let page = bench.get("/what-if").body;
    assert!(page.contains("no class named"), "{page}");
    for name in ["crisis", "mediated", "strike", "formation-election", "none"] {
        assert!(page.contains(&format!("<option value=\"{name}\"")), "{name}");
    }
    let chosen = bench.get("/what-if?state=&path=clock.class&value=strike");
    let place = chosen.header("location").unwrap().split('#').next().unwrap().to_owned();
    assert_eq!(place, "/what-if?set=clock.class%3Dstrike&set=clock.start%3D2025-01-10");
    let page = bench.get(&place).body;
    assert!(page.contains("<option value=\"strike\" selected"), "{page}");
    assert!(page.contains("Contract strikes, 1968–1976"), "{page}");
    let table = |query: &str| {
        let body = bench.get(&format!("/overview.json?draws=100&{query}")).body;
        let f: serde_json::Value = serde_json::from_str(&body).unwrap();
        f["answer"]["table"].as_f64().unwrap()
    };
    let query = place.split('?').nth(1).unwrap();
    assert!(table(query) > table("") + 0.1);
}

#[test]
fn what_the_record_has_no_column_for_is_not_dropped() {
    let bench = bench();
    let revision = bench.revision("/record");
    let fields = [
        ("revision", &*revision),
        ("do", "save"),
        ("said", "2025-01-04"),
        ("kind", "event"),
        ("text", "A meeting"),
        ("channel", "speech"),
    ];
    let refused = bench.post("/record", &fields);
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("has no column `channel`"), "{}", refused.body);
    assert_eq!(bench.text("record.csv"), RECORD);
}

/// The value of a hidden field or an input of a page.
#[cfg(feature = "documents")]
fn field(page: &str, name: &str) -> String {
    let at =
        page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name}: {page}"));
    let rest = &page[at + format!("name=\"{name}\" value=\"").len()..];
    rest[..rest.find('"').unwrap()].to_owned()
}

#[test]
#[cfg(feature = "documents")]
fn an_article_that_is_pasted_is_kept_with_the_entry_that_is_saved_of_it() {
    let record = RECORD.replacen(",text\n", ",text,link\n", 1).replace("river\"\n", "river\",\n");
    let bench = Bench::on(CASE, &record, start);
    let article = "Talks stall\n\n“Any river will do for the border,” Bob said.\n";
    let revision = bench.revision("/record");
    let asked = [("document", article), ("revision", &*revision), ("do", "read")];
    let page = bench.post("/record", &asked).body;
    let link = field(&page, "link");
    let name = link.strip_prefix("documents/").unwrap().split('#').next().unwrap();
    assert!(article_hash(article).starts_with(name.strip_suffix(".txt").unwrap()), "{link}");
    let kept = bench.case.join("documents").join(name);
    assert!(!kept.exists(), "nothing is kept before something is saved");
    let save = |text: &str| {
        let revision = bench.revision("/record");
        let fields = [
            ("document", article),
            ("revision", &*revision),
            ("take", "0"),
            ("do", "save"),
            ("said", "2025-01-04"),
            ("kind", "event"),
            ("text", text),
            ("link", &*link),
        ];
        bench.post("/record", &fields)
    };
    // Words that do not stand in it are not saved as its own.
    let refused = save("“Any bridge will do”");
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("is not what stands there") && !kept.exists());
    let words = page.split("id=\"n-text\"").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1));
    let saved = save(words.unwrap());
    assert!(saved.status < 400, "{}", saved.body);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), article);
    let verify =
        || Command::new(WINSET).args(["record", "verify"]).arg(&bench.case).output().unwrap();
    let said = verify();
    assert!(said.status.success(), "{said:?}");
    let told = String::from_utf8_lossy(&said.stdout);
    assert!(told.contains("1 entry from documents, 0 without"), "{told}");
    std::fs::write(&kept, article.replace("river", "canal")).unwrap();
    assert_eq!(verify().status.code(), Some(1), "a document that was changed does not pass");
}

/// BLAKE3 of a text.
#[cfg(feature = "documents")]
fn article_hash(text: &str) -> String {
    winset_text::document::hash(text.as_bytes())
}
