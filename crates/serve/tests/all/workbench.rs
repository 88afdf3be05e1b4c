//! Every page, writing with what was seen, and what a hostile case can do.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use super::bench::{CASE, PAGES, RECORD, encode};
use super::{Bench, bench, bench_on, start};

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

/// Whoever leaves ends the work: the next question is not kept waiting behind it.
#[test]
fn a_question_that_is_left_ends() {
    let bench = bench();
    let request = format!(
        "GET /ask/drivers?draws=100000&set=issues.line.now%3D100 HTTP/1.1\r\nHost: {}\r\n{}\r\n",
        bench.host(),
        bench.cookie()
    );
    let stream = bench.open(&request);
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    assert!(lines.any(|l| l.unwrap() == "event: progress"));
    drop((lines, stream));
    // Behind the same door: answered only if the one before has ended, well before its own end.
    let reply = bench.get("/moved.json?draws=20");
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[test]
fn only_its_own_pages_may_ask_and_write() {
    let bench = bench();
    let (own, cookie) = (bench.host(), bench.cookie());
    let get = |host: &str, more: &str| {
        let head = format!("GET /overview HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        bench.raw(&format!("{head}{cookie}{more}\r\n")).status
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
        let headers = format!("{cookie}{origin}");
        assert_eq!(bench.post_as("/edit", &headers, &edit).status, 403, "{origin}");
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
    // Any title makes the name of a file, and that of nothing outside.
    assert_eq!(name.status, 303);
    assert!(!bench.case.join("../evil.toml").exists());
    assert!(bench.case.join("scenarios/evil.toml").exists());
    assert_eq!(bench.post("/scenario", &[("name", "../"), ("state", "set=a%3D1")]).status, 422);
    assert_eq!(bench.post("/draft", &[("draft", "../x"), ("text", "y")]).status, 422);
    let large = "x".repeat(1 << 20);
    assert_eq!(bench.post("/record", &[("text", &large)]).status, 413);
    let head = format!(
        "POST /record HTTP/1.1\r\nHost: {}\r\n{}{}Connection: close\r\n\
         Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc",
        bench.host(),
        bench.origin(),
        bench.cookie()
    );
    assert_eq!(bench.raw(&head).status, 400);
    for wrong in ["as_of=x", "draws=0", "draws=100000000", "seed=x"] {
        assert_eq!(bench.get(&format!("/overview?{wrong}")).status, 400, "{wrong}");
    }
    // A question that cannot be answered has the pages around it, and a way to ask again.
    for wrong in ["flip?p=7", "moved?from=then", "history?every=0"] {
        let page = bench.get(&format!("/{wrong}"));
        assert_eq!(page.status, 400, "{wrong}");
        assert!(page.body.contains("<nav") && page.body.contains("Ask again"), "{}", page.body);
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
            && (preview.body.replace('\u{a0}', " "))
                .contains("From A to B: P(a signed agreement by 1 March 2025)")
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
    let (host, cookie) = (bench.host(), bench.cookie());
    let stream = bench.open(&format!("GET /events HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n"));
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
    // Nothing is known of the case yet: no number comes before the forecast's own.
    assert_eq!(events.first(), Some(&"answer"));
    assert_eq!(events.last(), Some(&"whole"));
    assert!(reply.body.contains("refining") && reply.body.contains("10,000 draws"));
    // Now a change of it has a number at once, and what comes last is near it.
    let reply = bench.get("/refine?page=what-if&set=sides.south.discount%3D14");
    let events: Vec<&str> = reply.body.lines().filter_map(|l| l.strip_prefix("event: ")).collect();
    assert_eq!((events[0], events.last()), ("first", Some(&"whole")));
    let shown = |event: &str| -> f64 {
        let head = reply.body.split(&format!("event: {event}\n")).nth(1).unwrap();
        let link = head.split("class=\"n\"").nth(1).unwrap();
        let text = link.split('>').nth(1).unwrap().split('<').next().unwrap();
        text.replace(['\u{a0}', '\u{202f}', '%', ' '], "").parse().unwrap()
    };
    assert!((shown("first") - shown("whole")).abs() <= 2.0, "{}", reply.body);
    // So has a position beside others that the record is read against, which changes more than one number.
    let reply = bench.get("/refine?page=what-if&set=actors.bob.position.line%3D70..80..95");
    assert!(reply.body.contains("event: first\n"), "{}", reply.body);
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
    let groups: Vec<&str> = page.split("class=\"group\"").skip(1).collect();
    let heads: Vec<&str> = groups.iter().map(|g| g.split("</summary>").next().unwrap()).collect();
    let first = "What moves the answer most";
    assert!(heads[0].starts_with(" open") && heads[0].contains(first), "{heads:?}");
    assert!(heads.iter().any(|head| head.contains("Class and start of the clock")), "{heads:?}");
    // Out of its group an input says whose it is.
    assert!(groups[0].contains("<bdi>The clock</bdi>: "), "{}", groups[0]);
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
fn an_explanation_is_a_table_too() {
    let bench = bench_on(CASE, RECORD);
    let csv = |path: &str| bench.get(&format!("/explain.csv?draws=100&path={path}")).body;
    let twin = |path: &str| {
        let body = bench.get(&format!("/explain.json?draws=100&path={path}")).body;
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    };
    let input = "sides.south.discount";
    let median = twin(input)["quantiles"][1].as_f64().unwrap();
    assert_eq!(csv(input), format!("path,value\n{input},{median}\n"));
    let (text, answer) = (csv("answer.p"), twin("answer.p"));
    assert!(text.starts_with(&format!("path,value\nanswer.p,{}\n", answer["value"])), "{text}");
    assert_eq!(text.lines().count(), 2 + answer["inputs"].as_array().unwrap().len(), "{text}");
    assert!(csv("agreement.0").contains("agreement.0."), "{}", csv("agreement.0"));
}

#[test]
fn an_empty_folder_leads_to_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_path_buf();
    let bench = Bench::at(place, folder, start);
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
    let built_in = Bench::at(case, folder, start);
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

#[test]
fn every_page_can_be_told_from_another_day() {
    let bench = bench();
    for page in PAGES {
        let body = bench.get(&format!("/{page}?as_of=2025-01-05")).body;
        assert!(body.contains("name=\"as_of\" value=\"2025-01-05\""), "{page}");
        assert!(body.contains(&format!("href=\"/{page}?as_of=2025-01-04\"")), "{page}");
    }
}

/// No page takes more than 150 kB on its way to a browser.
#[test]
fn pages_are_packed_for_who_takes_them_so() {
    let bench = bench();
    let headers = format!("{}Accept-Encoding: gzip, br\r\n", bench.cookie());
    for page in ["overview", "what-if", "deals", "when"] {
        let packed = bench.get_as(&format!("/{page}"), &headers);
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{page}");
        let length: usize = packed.header("content-length").unwrap().parse().unwrap();
        assert!(length < 150_000, "{page}: {length}");
        assert_eq!(bench.get(&format!("/{page}")).header("content-encoding"), None, "{page}");
    }
}

#[test]
fn saved_scenarios_stand_side_by_side() {
    let bench = bench();
    let none = bench.get("/scenarios").body;
    assert!(none.contains("No scenario is saved yet") && none.contains("href=\"/what-if\""));
    let fields = [("name", "South gives way"), ("state", "set=actors.bob.red_min.line%3D0")];
    let saved = bench.post("/scenario", &fields);
    assert_eq!(saved.status, 303);
    let place = saved.header("location").unwrap().to_owned();
    assert!(place.ends_with("saved=south-gives-way"), "{place}");
    assert!(bench.get(&place).body.contains("Saved as the scenario <strong>south-gives-way"));
    let csv = bench.get("/scenarios.csv").body;
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 3, "{csv}");
    let at = |name: &str| rows[0].iter().position(|head| *head == name).unwrap();
    let p = |row: usize, name: &str| rows[row][at(name)].parse::<f64>().unwrap();
    assert_eq!(rows[2][0], "south-gives-way");
    // What the pages of both say on the same draws.
    for (row, query) in [(1, ""), (2, "&set=actors.bob.red_min.line%3D0")] {
        let json = bench.get(&format!("/overview.json?draws=1000{query}")).body;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let same = json["answer"]["p"].as_f64().unwrap();
        assert!((p(row, "p") - same).abs() < 1e-9, "{} and {same}", p(row, "p"));
    }
    assert!(p(2, "p") > p(1, "p"), "{csv}");
    let twice = bench.post("/scenario", &fields);
    assert_eq!(twice.status, 422);
    // The changes and the name are not lost.
    assert!(twice.body.contains("value=\"South gives way\""), "{}", twice.body);
}

#[test]
fn a_text_of_ones_own_is_put_to_the_draws() {
    let bench = bench();
    assert!(!bench.get("/deals").body.contains("Who would ratify it"));
    let body = bench.get("/deals?text.line=45").body;
    for part in ["Who would ratify it", "Who refuses, and why", "--text tested"] {
        assert!(body.contains(part), "{part}");
    }
    assert!(body.contains("id=\"text.line\" name=\"text.line\""));
    // It goes by the name it is given.
    let body = bench.get("/deals?called=Oman%20plan&text.line=45").body;
    assert!(body.contains("--text oman-plan") && !body.contains("--text tested"));
    // What is no number is no text.
    assert!(!bench.get("/deals?text.line=soon").body.contains("Who would ratify it"));
}

#[test]
fn every_dot_of_the_map_is_a_link_to_its_package_and_its_gates() {
    let bench = bench();
    let page = bench.get("/deals?wait=1").body;
    let map = page.split("id=\"packages\"").nth(1).unwrap().split("</figure>").next().unwrap();
    let wide = map.split("class=\"wide\"").nth(1).unwrap().split("</svg>").next().unwrap();
    let links: Vec<&str> =
        wide.split("<a href=\"").skip(1).filter_map(|a| a.split("</a>").next()).collect();
    assert_eq!(links.len(), 5, "one for each level of the one issue");
    let terms: Vec<&str> = (links.iter())
        .map(|link| link.strip_prefix("/deals?at=").unwrap().split("#test\"").next().unwrap())
        .collect();
    // One link a package, each with a name, a place to hit and a dot.
    let once: std::collections::BTreeSet<_> = terms.iter().collect();
    assert_eq!(once.len(), terms.len());
    for (link, x) in links.iter().zip(&terms) {
        assert!(
            link.contains(&format!("<title>The line {x}")) || link.contains(": The line"),
            "{link}"
        );
        assert!(link.contains("<rect ") && link.contains("<path "), "{link}");
    }
    let one = bench.get(&format!("/deals?at={}", terms[0])).body;
    for part in ["Who refuses, and why", "id=\"gates\"", "is ratified in"] {
        assert!(one.contains(part), "{part}");
    }
    let value = one.split("id=\"text.line\"").nth(1).and_then(|s| s.split('>').next()).unwrap();
    assert!(value.contains(&format!("value=\"{}\"", terms[0])), "{value}");
    assert!(!bench.get("/deals?at=1,2").body.contains("Who refuses, and why"));
}

#[test]
fn a_pasted_text_is_shown_with_its_statements_and_what_they_would_do_and_nothing_is_saved() {
    let bench = bench();
    let before = bench.text("record.csv");
    let revision = bench.revision("/record");
    let text = "Bob said \"any river will do\" & <b>left</b>. \"None\", said Ann.";
    let fields = [("document", text), ("revision", &revision), ("do", "read")];
    let page = bench.post("/record", &fields);
    assert_eq!(page.status, 200, "{}", page.body);
    let body = &page.body;
    // The text is there as text, its statements are marked, and the first fills the form.
    assert!(body.contains("&amp; &lt;b&gt;left&lt;/b&gt;.") && !body.contains("<b>left"));
    assert!(
        body.contains(
            "value=\"0\" class=\"mark\" aria-pressed=\"true\">any river will do</button>"
        )
    );
    assert!(body.contains("value=\"1\" class=\"mark\" aria-pressed=\"false\">None</button>"));
    assert!(body.contains(">any river will do</textarea>"), "{body}");
    // What it would do by itself, and if the case took it up.
    assert!(body.contains("What it would do") && body.contains("If it sets "), "{body}");
    assert!(body.contains("/what-if?set=actors.bob.red_min.line%3D0..5..10"), "{body}");
    let second =
        bench.post("/record", &[("document", text), ("revision", &revision), ("take", "1")]);
    assert!(second.body.contains(">None</textarea>"));
    assert_eq!(bench.text("record.csv"), before);
    // What a person corrected stays, beside the document.
    let mine = [
        ("document", text),
        ("take", "0"),
        ("do", "preview"),
        ("said", "2025-01-04"),
        ("kind", "event"),
        ("text", "mine"),
    ];
    let mine = bench.post("/record", &mine).body;
    assert!(mine.contains(">mine</textarea>") && mine.contains("class=\"mark\""), "{mine}");
    // Where nothing is found the form holds the words.
    let plain = bench.post("/record", &[("document", "Nothing was said."), ("do", "read")]).body;
    assert!(plain.contains(">Nothing was said.</textarea>") && !plain.contains("class=\"mark\""));
}

#[test]
fn a_history_has_every_day_and_its_news() {
    let bench = bench();
    let page = bench.get("/history?wait=1&draws=200&from=2025-01-03&every=1").body;
    assert_eq!(page.matches("data-day=\"").count(), 8, "{page}");
    assert!(page.contains("data-day=\"2025-01-10\"") && page.contains("Not beyond the river"));
    assert!(page.contains("href=\"/overview?as_of=2025-01-05&amp;draws=200\""));
    let course = bench.get("/course?draws=200");
    assert!(course.body.starts_with("<figure class=\"chart\" id=\"course\""), "{}", course.body);
}

#[test]
fn an_entry_is_saved_with_what_it_sets_from_its_day_on() {
    let bench = bench();
    let revision = bench.revision("/record");
    let entry = [
        ("id", "r2"),
        ("said", "2025-01-04"),
        ("entered", "2025-01-05"),
        ("speaker", "bob"),
        ("issue", "line"),
        ("kind", "ideal"),
        ("value", "30..40..50"),
        ("text", "any river will do"),
        ("revision", revision.as_str()),
    ];
    let told = |day: &str| {
        let json = bench.get(&format!("/overview.json?draws=200&as_of={day}")).body;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        json["answer"]["p"].as_f64().unwrap()
    };
    let before = ["2025-01-04", "2025-01-10"].map(told);
    let shown = bench.post("/record", &[&entry[..], &[("do", "preview")]].concat()).body;
    assert!(shown.contains("value=\"since\">Save it"), "{shown}");
    let at = shown.find("name=\"case_revision\" value=\"").unwrap();
    let case = shown[at..].split('"').nth(3).unwrap().to_owned();
    let since = [("do", "since"), ("case_revision", case.as_str())];
    let saved = bench.post("/record", &[&entry[..], &since].concat());
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(bench.text("record.csv").contains("r2,2025-01-04,2025-01-05,bob,line,ideal"));
    let text = bench.text("case.toml");
    let kept = text.strip_prefix(CASE).unwrap();
    assert_eq!(kept.trim(), "[since.r2]\nactors.bob.position.line = \"30..40..50\"");
    assert!(bench.get(saved.header("location").unwrap()).body.contains("from its day on"));
    // What was told before its day stays, what is told since is another number.
    let after = ["2025-01-04", "2025-01-10"].map(told);
    assert_eq!(before[0].to_bits(), after[0].to_bits());
    assert!(after[1] > before[1], "{before:?} {after:?}");
    // A case that somebody else has changed meanwhile is not written to; the entry is kept.
    let revision = bench.revision("/record");
    let mut again = entry.map(|(k, v)| if k == "id" { (k, "r3") } else { (k, v) });
    again[8].1 = revision.as_str();
    let refused = bench.post("/record", &[&again[..], &since].concat());
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("The entry is saved") && refused.body.contains("since.r3."));
    assert!(bench.text("record.csv").contains("\nr3,") && bench.text("case.toml") == text);
}

#[test]
fn one_answer_is_one_number_on_every_page() {
    let bench = bench();
    let json: serde_json::Value = serde_json::from_str(&bench.get("/overview.json").body).unwrap();
    let percent = |path: &str| {
        let p = json.pointer(path).and_then(serde_json::Value::as_f64).unwrap();
        format!("{:.0}", 100.0 * p)
    };
    let (p, zone) = (percent("/answer/p"), percent("/zone/p"));
    // The last day of the history, and its course on Overview, have the draws of Overview.
    let history = bench.get("/history?wait=1").body.replace('\u{a0}', " ");
    let last = history.rsplit("<li data-day=").next().unwrap();
    assert!(last.contains(&format!("<strong>{p} %</strong>")), "{p}: {last}");
    assert!(last.contains(&format!("zone {zone} %")), "{zone}: {last}");
    let course = bench.get("/course").body.replace('\u{a0}', " ");
    assert!(course.contains(&format!("to {p} % on 10 January")), "{course}");
    // Pages with draws of their own say so, and what Overview has.
    for page in ["drivers?wait=1", "moved?wait=1", "flip?p=0.3&wait=1", "compare"] {
        let body = bench.get(&format!("/{page}")).body.replace('\u{a0}', " ");
        let note =
            body.split("Overview has 10,000 draws").nth(1).and_then(|n| n.split("</p>").next());
        assert!(note.is_some_and(|n| n.contains(&format!("{p} %"))), "{page}: {note:?}");
    }
    // What gets finer ends in the same.
    for page in ["deals", "when", "blockers"] {
        let stream = bench.get(&format!("/refine?page={page}")).body;
        assert!(stream.contains("event: whole") && stream.contains("10,000 draws"), "{page}");
    }
}
