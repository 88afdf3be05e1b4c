//! What a case may rest on, and what is said where a file, a folder or a clock is not as it should be.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::run;
use crate::serve::bench;
use crate::serve::client::{CASE, RECORD};

const WINSET: &str = env!("CARGO_BIN_EXE_winset");

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let out = run(folder, arguments);
    assert!(out.status.success(), "{arguments:?}: {}", text(&out.stderr));
    text(&out.stdout)
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&said(folder, arguments)).unwrap()
}

/// A folder with a case of its own.
fn case(toml: &str, record: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("talks");
    std::fs::create_dir(&place).unwrap();
    std::fs::write(place.join("case.toml"), toml).unwrap();
    std::fs::write(place.join("record.csv"), record).unwrap();
    (folder, place)
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Drivers, the brief and the log say one share of judgement, on the same rows, and what it means.
#[test]
fn what_rests_on_judgement_is_one_figure_everywhere() {
    let (_kept, place) = case(CASE, RECORD);
    let drivers = json(&place, &["drivers", "--json", "."]);
    let brief = json(&place, &["brief", "--json", ".", "--draws", "2000", "--compared", "64"]);
    let share = drivers["judgement_share"].as_f64().unwrap();
    assert!(share > 0.0 && share < 1.0, "{share}");
    assert_eq!(brief["leverage"]["judgement"][0].as_f64().unwrap(), share);
    assert_eq!(brief["leverage"]["judged"], drivers["judgement_inputs"]);
    assert_eq!(brief["leverage"]["judged_rows"], drivers["rows"]);
    let sentence = format!("{} % of the variance rests on judgement", (100.0 * share).round());
    let log = words(&said(&place, &["log", "add", ".", "--draws", "2000"]));
    for reasons in [&log, &brief["confidence"]["reasons"].to_string()] {
        assert!(reasons.contains(&sentence), "{sentence}: {reasons}");
    }
    // The words say what they mean where they stand first.
    let terminal = words(&said(&place, &["drivers", "."]));
    let document = words(&said(&place, &["brief", ".", "--format", "md", "--compared", "64"]));
    for shown in [&terminal, &document, &log] {
        assert!(shown.contains("ests on judgement: no entry of the record"), "{shown}");
    }
    for shown in [&document, &log] {
        assert!(shown.contains("Independent origin: ") && shown.contains("Named gap: "), "{shown}");
    }
    assert!(!terminal.contains("judgement alone"), "{terminal}");
}

/// A reference raises confidence only where it says the number: not for being there, not about somebody
/// else, not once it is superseded.
#[test]
fn no_reference_that_supports_nothing_raises_confidence() {
    let entry = |id: &str, speaker: &str, kind: &str, value: &str, more: &str| {
        format!(
            "{id},2025-01-02,2025-01-03,{speaker},line,{kind},{value},Paper,A1,{id}-origin,A text{more}\n"
        )
    };
    let bob = "position.line = \"60..80..100";
    let evidence = |cites: &str, rows: &str, notes: &str| {
        let toml = CASE.replace(bob, &format!("{bob}{cites}")) + notes;
        let (_kept, place) = case(&toml, &format!("{RECORD}{rows}"));
        let b = json(&place, &["brief", "--json", ".", "--draws", "128", "--compared", "16"]);
        (b["origins"].as_u64().unwrap(), b["confidence"]["reasons"].clone())
    };
    let plain = evidence("", "", "");
    assert_eq!(plain.0, 1);
    let own = entry("r2", "bob", "ideal", "70..80..90", "");
    // It says so itself: one more origin.
    assert_eq!(evidence(" @r2", &own, "").0, 2);
    let silent = [
        // In the record, and cited by nothing.
        ("", own.clone()),
        // Somebody else's.
        (" @r2", entry("r2", "ann", "red_max", "70..80..90", "")),
        // Of another kind.
        (" @r2", entry("r2", "bob", "red_max", "70..80..90", "")),
        // About something else altogether.
        (" @r2", "r2,2025-01-02,2025-01-03,,,event,,Paper,A1,r2-origin,A meeting\n".to_owned()),
        // It says another number.
        (" @r2", entry("r2", "bob", "ideal", "0..5..10", "")),
    ];
    for (cites, rows) in silent {
        assert_eq!(evidence(cites, &rows, ""), plain, "{cites}: {rows}");
    }
    // More likely false than true.
    let doubtful = own.replace(",A1,", ",A5,");
    assert_eq!(evidence(" @r2", &doubtful, ""), plain);
    // A guess that the case marks as one, whatever else it cites.
    let notes = "\n[notes]\nj-bob = \"A guess.\"\ngap-line = \"Nobody asked the fishers.\"\n";
    assert_eq!(evidence(" @r2 @j-bob", &own, notes), plain);
    // A named gap supports nothing, and so does a note that names no source.
    assert_eq!(evidence(" @gap-line", "", notes), plain);
    let cited = |note: &str| {
        let notes = format!("\n[notes]\nbook = \"{note}\"\n");
        let (_kept, place) = case(&(CASE.replace(bob, &format!("{bob} @book")) + &notes), RECORD);
        json(&place, &["explain", "actors.bob.position.line", "--json", "."])["basis"].clone()
    };
    assert_eq!(cited("because it seems so"), "judgement");
    assert_eq!(cited("Border Commission, report of 1987, p. 4"), "a source");
}

/// An entry that another one supersedes is no evidence of what cites it.
#[test]
fn a_superseded_entry_supports_nothing() {
    let header = "id,said,entered,speaker,issue,kind,value,source,grade,origin,supersedes,text\n";
    let rows = "r2,2025-01-02,2025-01-03,bob,line,ideal,70..80..90,Paper,A1,o2,,As before\n";
    let taken_back = "r3,2025-01-04,2025-01-04,bob,line,event,,Paper,A1,o3,r2,He takes it back\n";
    let toml = CASE
        .replace("position.line = \"record\"", "position.line = \"0..20..40\"")
        .replace("\"60..80..100\"", "\"60..80..100 @r2\"");
    let basis = |rows: &str| {
        let (_kept, place) = case(&toml, &format!("{header}{rows}"));
        json(&place, &["explain", "actors.bob.position.line", "--json", "."])["basis"].clone()
    };
    assert_eq!(basis(rows), "the record");
    assert_eq!(basis(&format!("{rows}{taken_back}")), "judgement");
}

/// The `why` of a table is a note behind each of its numbers.
#[test]
fn the_why_of_an_issue_is_a_note() {
    let bare = |toml: &str| {
        let (_kept, place) = case(toml, RECORD);
        let out = said(&place, &["check", "."]);
        let count = out.split('(').nth(1).unwrap().split(' ').next().unwrap();
        count.parse::<usize>().unwrap()
    };
    let why = CASE.replace("now = 50", "now = 50\nwhy = \"The river as it runs.\"");
    assert_eq!(bare(&why), bare(CASE) - 1);
}

/// A red line that is entered counts where the case says so, graded and dated; elsewhere the line that
/// would make it count is written.
#[test]
fn red_lines_of_the_record_count_where_the_case_says_so() {
    let rows =
        "r2,2025-01-08,2025-01-08,ann,line,red_max,10..15..20,Paper,A1,o2,Not a step beyond\n";
    let record = format!("{RECORD}{rows}");
    let (_kept, place) = case(CASE, &record);
    let out = run(&place, &["check", "."]);
    let warned = words(&text(&[out.stdout, out.stderr].concat()));
    assert!(warned.contains("`actors.ann.red_max.line = \"record\"` makes"), "{warned}");
    let toml = CASE.replace("red_max.line = \"40..60..80\"", "red_max.line = \"record\"");
    let (_kept, place) = case(&toml, &record);
    let out = run(&place, &["check", "."]);
    assert!(!text(&out.stderr).contains("undrawn"), "{}", text(&out.stderr));
    let line = |grade: &str| {
        std::fs::write(place.join("record.csv"), record.replace(",A1,o2", &format!(",{grade},o2")))
            .unwrap();
        json(&place, &["explain", "actors.ann.red_max.line", "--json", "."])
    };
    let sure = line("A1");
    let mid = sure["quantiles"][1].as_f64().unwrap();
    assert!((10.0..20.0).contains(&mid) && sure["basis"] == "the record", "{sure}");
    // A weak report bites less.
    let weak = line("C4");
    assert!(weak["quantiles"][1].as_f64().unwrap() > mid, "{weak} {sure}");
    // Before it was said there is no red line, and the number moves with the news.
    std::fs::write(place.join("record.csv"), &record).unwrap();
    let early = run(&place, &["explain", "actors.ann.red_max.line", ".", "--as-of", "2025-01-05"]);
    assert_eq!(early.status.code(), Some(2), "{}", text(&early.stdout));
    let days = ["moved", "--from", "2025-01-05", "--to", "2025-01-10", "--draws", "400", "--json"];
    let moved = json(&place, &[&days[..], &["."]].concat());
    let row = moved["entries"].as_array().unwrap().iter().find(|e| e["id"] == "r2").unwrap();
    assert!(row["counts"] == true && row["part"].as_f64().unwrap() < 0.0, "{row}");
    // Where the case writes its own, what moves nothing says why.
    std::fs::write(place.join("case.toml"), CASE).unwrap();
    let still = words(&said(&place, &[&days[..7], &["."]].concat()));
    assert!(
        still.contains("`actors.ann.red_max.line = \"record\"` would make it count"),
        "{still}"
    );
}

/// A member that takes its position from its side and is held to a red line moves with it.
#[test]
fn a_softened_red_line_moves_the_ideal_it_holds() {
    let toml = CASE
        .replace("position.line = \"record\"\n", "")
        .replace("[actors.bob]", "[actors.cid]\nside = \"north\"\nrole = \"faction\"\nsalience.line = 50\nred_max.line = 5\n\n[actors.bob]");
    let (_kept, place) = case(&toml, RECORD);
    let shown =
        said(&place, &["diff", ".", "--with", "actors.cid.red_max.line=90", "--draws", "64"]);
    let shown = words(&shown);
    assert!(shown.contains("taken from the side moves with it"), "{shown}");
    assert!(shown.contains("cid on The line: "), "{shown}");
}

/// A deadline before the first round is no mistake: it was missed before anybody met.
#[test]
fn a_deadline_may_come_before_the_first_round() {
    let calendar = "\n[calendar]\nbegan = { on = 2025-01-05, kind = \"start\" }\nnote = { on = 2025-01-20, kind = \"deadline\" }\nmeet = { on = 2025-01-25, kind = \"round\", holds = 70 }\n";
    let (_kept, place) = case(&format!("{CASE}{calendar}"), RECORD);
    let out = run(&place, &["check", "."]);
    assert!(out.status.success(), "{}", text(&out.stderr));
}

/// A count of seats in the place of members says what it counts.
#[test]
fn a_count_of_votes_is_told_from_a_count_of_members() {
    let (_kept, place) =
        case(&CASE.replace("ratify = \"ann\"", "ratify = \"320 of (ann)\""), RECORD);
    let why = words(&text(&run(&place, &["check", "."]).stderr));
    assert!(why.contains("counts the members listed, not votes"), "{why}");
    assert!(why.contains("capability"), "{why}");
}

/// Commands in hints can be pasted, whatever a folder is called.
#[test]
fn paths_in_hints_are_quoted_for_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let made = text(&run(folder.path(), &["new", "two words"]).stdout);
    assert!(made.contains("winset check 'two words'"), "{made}");
    std::fs::create_dir(folder.path().join("it's")).unwrap();
    let none = text(&run(folder.path(), &["forecast", "it's"]).stderr);
    assert!(none.contains(r"`winset new 'it'\''s'`"), "{none}");
    let entry = ["--said", "2025-01-01", "--kind", "event", "--text", "x"];
    let out = run(folder.path(), &[&["record", "add", "two words"][..], &entry].concat());
    let hint = text(&out.stderr);
    // On the first day there is nothing to move from.
    assert!(!hint.contains("winset moved"), "{hint}");
    let entry = ["--said", "2025-01-03", "--kind", "event", "--text", "y"];
    let out = run(folder.path(), &[&["record", "add", "two words"][..], &entry].concat());
    let hint = text(&out.stderr);
    assert!(hint.contains("`winset moved 'two words' --from"), "{hint}");
}

/// A limit on file sizes is an error of the write, with its code, and not the end of the process.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_file_sizes_is_an_error_of_the_write() {
    let (_kept, place) = case(CASE, RECORD);
    let limited = "ulimit -f 1; exec \"$0\" brief . --draws 64 --compared 16 -o b.html";
    let out =
        Command::new("sh").args(["-c", limited, WINSET]).current_dir(&place).output().unwrap();
    let why = text(&out.stderr);
    assert_eq!(out.status.code(), Some(3), "{why}");
    assert!(why.contains("cannot write b.html") && !why.contains(".part"), "{why}");
    assert!(!place.join("b.html").exists());
}

/// A folder that is removed while it is served is said to be gone, and nothing makes it again.
#[test]
fn a_folder_that_is_gone_is_said_to_be_and_stays_gone() {
    let bench = bench();
    assert_eq!(bench.get("/overview?draws=10").status, 200);
    std::fs::remove_dir_all(&bench.case).unwrap();
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        let page = bench.get("/overview?draws=10");
        page.status != 200 && page.body.contains("is not there any more")
    });
    assert!(gone, "{}", bench.get("/overview?draws=10").body);
    let fields = [("name", "kept"), ("state", "set=sides.south.discount%3D20")];
    for place in ["/scenario", "/new", "/record"] {
        let reply = bench.post(place, &fields);
        assert!(reply.status >= 400, "{place}: {}", reply.status);
        assert!(!bench.case.exists(), "{place} made it again");
    }
}

/// A folder that takes no writes is served to read only, and says so.
#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_writes_is_served_to_read_only() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let (kept, place) = case(CASE, RECORD);
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(kept.path(), 0o755);
    mode(&place, 0o555);
    let mut command = Command::new(WINSET);
    command.args(["serve", "--no-open"]).arg(&place);
    // Who may do everything is made somebody who may not.
    if std::fs::write(place.join("probe"), "").is_ok() {
        std::fs::remove_file(place.join("probe")).unwrap();
        command.uid(65_534).gid(65_534);
    }
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let mut why = String::new();
    let mut errors = BufReader::new(server.stderr.take().unwrap());
    errors.read_line(&mut why).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    mode(&place, 0o755);
    assert!(address.starts_with("http://127.0.0.1:"), "{address} {why}");
    assert!(why.contains("to read only"), "{why}");
    assert!(!place.join(".winset").exists());
}

/// A side has one colour in all charts of a brief, that of its place in the case; who is on no side has
/// none.
#[test]
fn a_side_has_one_colour_in_every_chart() {
    let out = run(
        Path::new("."),
        &["brief", "us-iran-2025", "--draws", "64", "--compared", "16", "--format", "html"],
    );
    let page = text(&out.stdout);
    for (side, colour) in [("United States", "var(--s1)"), ("Iran", "var(--s2)")] {
        let end = format!(">{side}</text>");
        let mut seen = 0;
        for (at, _) in page.match_indices(&end) {
            let tag = &page[page[..at].rfind("<text").unwrap()..at];
            assert!(tag.contains(colour), "{side}: {tag}");
            seen += 1;
        }
        // Tree, positions and timeline, each at two widths.
        assert!(seen >= 6, "{side}: {seen}");
    }
    let others: Vec<_> = page.match_indices(">Others</text>").collect();
    assert!(!others.is_empty());
    for (at, _) in others {
        let tag = &page[page[..at].rfind("<text").unwrap()..at];
        assert!(!tag.contains("var(--s"), "{tag}");
    }
    // One entry of 2018 does not squeeze the others of 2025.
    assert!(page.contains("Before the axis: r20 (8\u{a0}May 2018)"), "no entry before the axis");
}

/// Quotation marks stand only where the record has them.
#[test]
fn only_what_the_record_quotes_stands_in_quotation_marks() {
    let record = RECORD
        .replace("\"Not beyond the river\"", "\"Not beyond the river, he said: \"\"never\"\"\"");
    let (_kept, place) = case(CASE, &record);
    let brief =
        said(&place, &["brief", ".", "--format", "md", "--draws", "64", "--compared", "16"]);
    assert!(brief.contains("Not beyond the river, he said: \"never\""), "{brief}");
    assert!(!brief.contains("“Not beyond"), "{brief}");
    let belief = said(&place, &["belief", "."]);
    assert!(words(&belief).contains("Not beyond the river, he said: \"never\""), "{belief}");
    assert!(!belief.contains('“'), "{belief}");
}

/// A history of talks that began long ago starts where its question comes within reach, and says so.
#[test]
fn a_history_of_old_talks_begins_within_the_horizon() {
    let calendar = "\n[calendar]\nbegan = { on = 2019-01-05, kind = \"start\" }\n";
    let toml = CASE.replace("as_of = 2025-01-10", "as_of = 2024-03-06");
    let record = RECORD.replace("2025-01-0", "2024-01-0");
    let (_kept, place) = case(&format!("{toml}{calendar}"), &record);
    let told = words(&said(&place, &["history", ".", "--draws", "16"]));
    assert!(told.contains("The talks began on 5 January 2019; before 1 March 2024"), "{told}");
}

/// What is no finite number is said to be that.
#[test]
fn infinity_is_no_number_and_is_said_to_be_none() {
    let (_kept, place) = case(&CASE.replace("discount = 10", "discount = inf"), RECORD);
    let why = text(&run(&place, &["check", "."]).stderr);
    assert!(why.contains("`sides.south.discount` is inf, a finite number is expected"), "{why}");
}

/// The question has one noun and one series, whatever it counts.
#[test]
fn a_question_is_told_by_what_it_counts() {
    let set = ["--set", "question.counts=[\"force\"]", "--draws", "200"];
    let here = Path::new(".");
    let told = |verb: &[&str]| words(&said(here, &[verb, &set[..]].concat()));
    let f = json(here, &[&["forecast", "us-iran-2025", "--json"], &set[..]].concat());
    let [p, force] = [&f["answer"]["p"], &f["endings"]["force"]].map(|x| x.as_f64().unwrap());
    assert!((p - force).abs() < 1e-12, "{p} {force}");
    let p = winset_page::text::pc(f["answer"]["p"].as_f64().unwrap());
    let shown = told(&["forecast", "us-iran-2025"]);
    assert!(shown.contains("The use of force by 30 June 2025: "), "{shown}");
    assert!(shown.contains(&format!("model {p}")), "{shown}");
    for verb in [
        &["when", "us-iran-2025"][..],
        &["diff", "us-iran-2025", "--with", "sides.us.discount=20"],
        &["brief", "us-iran-2025", "--compared", "16"],
    ] {
        let shown = told(verb);
        let lower = shown.to_lowercase();
        assert!(lower.contains("the use of force by"), "{verb:?}: {shown}");
        assert!(!shown.contains("P(a signed agreement"), "{verb:?}: {shown}");
    }
}

/// What moved the number most is named, time included, and its share is that of its row.
#[test]
fn the_sentence_of_a_change_names_the_largest_part() {
    let days = ["moved", "us-iran-2025", "--from", "2025-04-17", "--draws", "200"];
    let m = json(Path::new("."), &[&days[..], &["--json"]].concat());
    let part = |v: &Value| v["part"].as_f64().unwrap();
    let all = m["entries"].as_array().unwrap();
    let largest = all.iter().max_by(|a, b| part(a).abs().total_cmp(&part(b).abs())).unwrap();
    let shown = words(&said(Path::new("."), &days));
    let time = part(&m["time"]).abs() > part(largest).abs();
    let wanted = match time {
        true => "most came from time passing alone".to_owned(),
        false => format!("({}), which", largest["id"].as_str().unwrap()),
    };
    assert!(shown.contains(&wanted), "{wanted}: {shown}");
    assert!(!shown.contains("±-") && !shown.contains("-0.0"), "{shown}");
    // Each that is cited and moves nothing says why.
    for row in all.iter().filter(|r| part(r) == 0.0 && r["counts"] == false) {
        let id = row["entries"][0].as_str().unwrap();
        let silent = shown.contains("No input rests on") && shown.contains(id);
        assert!(row["still"].is_string() || silent, "{row}");
    }
}

/// What is not known is no zero.
#[test]
fn one_draw_has_no_error() {
    let one = ["forecast", "us-iran-2025", "--draws", "1"];
    let f = json(Path::new("."), &[&one[..], &["--json"]].concat());
    assert!(f["answer"]["mcse"].is_null(), "{}", f["answer"]);
    let shown = words(&said(Path::new("."), &one));
    assert!(shown.contains("Monte Carlo error of the answer –"), "{shown}");
}

/// A beta distribution lies on its issue's scale, whatever that is.
#[test]
fn a_beta_lies_on_any_scale() {
    let toml = CASE
        .replace("now = 50", "scale = [4, 10]\nnow = \"beta(2, 5)\"")
        .replace("\"40..60..80\"", "\"6..7..8\"")
        .replace("\"60..80..100\"", "\"7..8..9\"")
        .replace("\"20..40..60\"", "\"5..6..7\"")
        .replace("\"0..20..40\"", "\"4..5..6\"");
    let (_kept, place) = case(&toml, &RECORD.replace("10..20..30", "5..5..6"));
    let now = json(&place, &["explain", "issues.line.now", "--json", "."]);
    // The median of beta(2, 5) is .2644.
    let mid = now["quantiles"][1].as_f64().unwrap();
    assert!((mid - (4.0 + 6.0 * 0.2644)).abs() < 0.01, "{now}");
    // Where a scale has no end there is nothing to spread over.
    let endless = ["check", "us-iran-2025", "--set", "actors.trump.capability=beta(2,5)"];
    let endless = run(Path::new("."), &endless);
    assert_eq!(endless.status.code(), Some(1));
    assert!(text(&endless.stderr).contains("this one has no end"), "{}", text(&endless.stderr));
}

/// A separator or a quotation mark in a text cuts nothing without a word.
#[test]
fn a_text_that_would_be_cut_is_refused() {
    const HEAD: &str = "id,said,entered,speaker,issue,kind,value,channel,audience,source,grade,origin,\
                        contradicts,supersedes,text,link,note\n";
    for (row, code) in [
        ("r90,2025-04-01,2025-04-01,,,event,,,,,,,,,We shall sign, but never so,,\n", "cells"),
        ("r90,2025-04-01,2025-04-01,,,event,,,,,,,,,We shall sign, but never so,\n", "link"),
        ("r90,2025-04-01,2025-04-01,,,event,,,,,,,,,\"No\" he said,,\n", "csv"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let made = run(folder.path(), &["new", "talks"]);
        assert!(made.status.success());
        std::fs::write(folder.path().join("talks/record.csv"), format!("{HEAD}{row}")).unwrap();
        let out = run(folder.path(), &["check", "talks", "--json"]);
        let said: Value = serde_json::from_slice(&out.stdout).unwrap();
        let found = said["diagnostics"].as_array().unwrap().iter().any(|d| d["code"] == code);
        assert!(out.status.code() == Some(1) && found, "{code}: {said}");
        // What is pasted is held to the same.
        std::fs::write(folder.path().join("talks/record.csv"), "").unwrap();
        std::fs::write(folder.path().join("rows.csv"), format!("{HEAD}{row}")).unwrap();
        let out = run(folder.path(), &["record", "add", "talks", "--from", "rows.csv"]);
        assert_eq!(out.status.code(), Some(1), "{code}: {}", text(&out.stdout));
    }
}

/// What the case's own day cannot have seen is said by the verbs that go through days too, and so is a
/// date that it does not know yet.
#[test]
fn what_is_seen_too_early_or_not_yet_is_said() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["new", "talks"]).status.success());
    let place = folder.path().join("talks");
    let toml = std::fs::read_to_string(place.join("case.toml")).unwrap();
    let early = toml
        .replace("as_of  = 2025-01-01", "as_of  = 2025-01-08")
        .replace("0..10..20 @j-north", "0..10..20 @r02");
    std::fs::write(place.join("case.toml"), early).unwrap();
    let rows = "id,said,entered,speaker,issue,kind,value,text\n\
                r01,2025-01-02,2025-01-02,premier,border,ideal,10,One\n\
                r02,2025-01-20,2025-01-20,premier,border,ideal,20,Two\n";
    std::fs::write(place.join("record.csv"), rows).unwrap();
    for verb in ["history", "moved"] {
        let days = ["--from", "2025-01-03", "--to", "2025-01-05", "--draws", "8"];
        let out = run(&place, &[&[verb][..], &days].concat());
        assert!(text(&out.stderr).contains("warning[foresight]"), "{verb}: {}", text(&out.stderr));
    }
    let fin = "fin = { known = 2025-02-01, on = 2025-04-01, kind = \"deadline\", hard = true }\n\n\
               # What a number rests on";
    std::fs::write(place.join("case.toml"), toml.replace("# What a number rests on", fin)).unwrap();
    let out = run(&place, &["forecast", "--draws", "8"]);
    assert!(text(&out.stderr).contains("not known yet on 2025-01-01"), "{}", text(&out.stderr));
}

/// An indicator's event stands beside the number that holds where it is seen, and a headline beside the
/// share of draws that it is about.
#[test]
fn a_number_of_the_brief_stands_beside_its_event() {
    let own = ["brief", "us-iran-2025", "--draws", "200", "--compared", "64"];
    let b = json(Path::new("."), &[&own[..], &["--json"]].concat());
    let pc = |v: &Value| winset_page::text::pc(v.as_f64().unwrap());
    let first = &b["indicators"][0];
    let event = |key: &str| first[key].as_str().unwrap().to_owned();
    let sentence = format!(
        "moves the number most: {} (P {}), or {} (P {})",
        event("what"),
        pc(&first["seen"]),
        event("contrary"),
        pc(&first["unseen"])
    );
    let shown = words(&said(Path::new("."), &own));
    assert!(shown.contains(&sentence), "{sentence}");
    let page = said(Path::new("."), &[&own[..], &["--format", "html"]].concat());
    let headline = format!("all would ratify some package in {} of draws", pc(&b["zone"]["p"]));
    assert!(page.contains(&headline), "{headline}");
}

/// An entry that no number rests on says so before it is saved, and how it would count.
#[test]
fn an_entry_that_changes_no_input_says_so_before_it_is_saved() {
    let bench = bench();
    let fields = [
        ("do", "preview"),
        ("revision", &bench.revision("/record")),
        ("said", "2025-01-05"),
        ("kind", "event"),
        ("text", "A meeting of experts"),
    ]
    .map(|(k, v)| (k, v.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let page = words(&bench.post("/record", &fields).body);
    assert!(page.contains("It changes no input by itself."), "{page}");
    assert!(page.contains("[since."), "{page}");
}
