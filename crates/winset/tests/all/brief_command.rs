//! `winset brief` as it is typed.

use std::fs;
use std::process::{Command, Output};

use winset_files::case::load;
use winset_files::diagnostic::Findings;

fn winset(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
    command.args(["brief", "emission-standards-1994", "--draws", "64", "--compared", "16"]);
    command.args(arguments).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn the_ending_of_the_file_names_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, begins) in [
        ("b.html", "<!DOCTYPE html>"),
        ("b.md", "# "),
        ("b.json", "{\n  \"schema\": \"winset/brief/1\""),
    ] {
        let path = folder.path().join(name);
        let out = winset(&["-o", path.to_str().unwrap()]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        assert!(out.stdout.is_empty());
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.starts_with(begins), "{name}: {}", &written[..60]);
    }
    let out = winset(&["-o", folder.path().join("b.doc").to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("hint: "), "{}", text(&out.stderr));
}

#[test]
fn every_chart_is_written_as_a_drawing_and_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let charts = folder.path().join("charts");
    let out = winset(&["--figures", charts.to_str().unwrap()]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let mut names: Vec<String> = std::fs::read_dir(&charts)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 8 && names.len().is_multiple_of(2), "{names:?}");
    for name in &names {
        let written = std::fs::read_to_string(charts.join(name)).unwrap();
        match name.rsplit_once('.').unwrap() {
            (id, "svg") => {
                assert!(
                    written.starts_with("<svg ") && written.contains("width=\"760\""),
                    "{name}"
                );
                // Colours of its own, so that it looks the same in any document.
                assert!(!written.contains("var(--"), "{name}");
                assert!(names.contains(&format!("{id}.csv")), "{names:?}");
            }
            (_, ending) => {
                assert!(ending == "csv" && written.starts_with("# "), "{name}");
                let rows = written.lines().filter(|l| !l.starts_with("# ")).count();
                assert!(rows >= 2, "{name}: {written}");
            }
        }
    }
}

#[test]
fn without_a_file_the_markdown_goes_to_stdout_and_is_the_same_every_time() {
    let (a, b) = (winset(&["--threads", "1"]), winset(&["--threads", "2"]));
    assert!(a.status.success() && text(&a.stdout).starts_with("# European emission standards"));
    assert_eq!(text(&a.stdout), text(&b.stdout));
    let json = winset(&["--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(value["schema"], "winset/brief/1");
}

#[test]
fn what_changed_is_told_from_an_earlier_day() {
    let run = |since: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
        command.args([
            "brief",
            "us-iran-2025",
            "--draws",
            "64",
            "--compared",
            "16",
            "--since",
            since,
        ]);
        command.output().unwrap()
    };
    let out = run("2025-04-18");
    assert!(out.status.success(), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    assert!(said.contains("## What changed since 18 April 2025"), "{said}");
    assert!(said.contains("the days that passed, with nothing new"), "{said}");
    // The parts and the days add up to the change, as printed to a tenth of a point each.
    let section = said.split("## What changed").nth(1).unwrap().split("\n## ").next().unwrap();
    let number = |t: &str| {
        let part = t.trim().split(" ± ").next()?;
        part.replace('−', "-").replace(['+', '±'], "").parse::<f64>().ok()
    };
    let parts: Vec<f64> = section
        .lines()
        .filter(|l| l.starts_with('|'))
        .filter_map(|l| number(l.trim_end_matches('|').rsplit('|').next()?))
        .collect();
    let total = section.split(" points)").next().unwrap().rsplit('(').next().unwrap();
    let sum: f64 = parts.iter().sum();
    let slack = 0.05 * (parts.len() as f64 + 1.0) + 0.5;
    assert!(!parts.is_empty() && (sum - number(total).unwrap()).abs() < slack, "{section}");
    let out = run("2025-04-22");
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("hint: "));
}

#[test]
fn a_redacted_brief_hides_who_moved_the_number() {
    let run = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
        command.args(["brief", "us-iran-2025", "--draws", "64", "--compared", "16"]);
        command.args(["--since", "2025-04-14", "--redact", "--format", format]);
        let out = command.output().unwrap();
        assert!(out.status.success(), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    let mut hidden: Vec<String> = [
        "Witkoff",
        "Trump",
        "Waltz",
        "Rubio",
        "Khamenei",
        "Araghchi",
        "Netanyahu",
        "Oman",
        "Putin",
    ]
    .map(str::to_owned)
    .to_vec();
    hidden.extend(["Fox News", "Axios"].map(str::to_owned));
    let case = winset_files::builtin::CASES.iter().find(|c| c.slug == "us-iran-2025").unwrap();
    let told = load(&case.sources(), None, &[], &mut Findings::default()).unwrap();
    hidden.extend(told.record.entries.iter().map(|e| e.text.clone()));
    let pages = ["json", "html", "md"].map(run);
    for page in &pages {
        for word in &hidden {
            assert!(!page.contains(word.as_str()), "{word:?} is shown: {page}");
        }
    }
    let page = &pages[2];
    assert!(page.contains("## What changed since 14 April 2025") && page.contains("Member 1 of"));
}

/// The section on the log says what the log holds, and scores it as `(p − 0)²`.
#[test]
fn the_score_so_far_is_that_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_winset"));
        let out = command.args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(out.status.success(), "{arguments:?}: {}", text(&out.stderr));
        text(&out.stdout)
    };
    run(&["new", "demo", "--from", "us-iran-2025"]);
    let brief = ["brief", "demo", "--draws", "64", "--compared", "16"];
    assert!(!run(&brief).contains("## Score so far"), "nothing is logged");
    let made = ["--author", "ana", "--reason", "first"];
    let backdate =
        || crate::log::backdate(&folder.path().join("demo/log.jsonl"), "2025-04-22T08:00:00Z");
    run(&[&["log", "add", "demo", "--draws", "64"][..], &made].concat());
    backdate();
    let open = run(&brief);
    assert!(open.contains("The log holds 1 forecast of this question"), "{open}");
    assert!(open.contains("No question in it is resolved"), "{open}");
    let question = "agreement-by-2025-06-30";
    run(&["resolve", question, "no", "--on", "2025-06-30", "--case", "demo"]);
    let page = run(&brief);
    let json: serde_json::Value =
        serde_json::from_str(&run(&[&brief[..], &["--json"]].concat())).unwrap();
    let p = json["answer"]["p"].as_f64().unwrap();
    assert_eq!(json["score"]["last_p"].as_f64(), Some(p), "as many draws, the same seed");
    assert!(page.contains(&format!("the mean Brier score is {:.3}", p * p)), "{page}");
    let html = |arguments: &[&str]| run(&[&brief[..], arguments].concat());
    let figure = "id=\"figure-reliability\"";
    assert!(!html(&["--format", "html"]).contains(figure), "one question is no curve");
    // A second question: the mean of both.
    let other = ["--question", "other", "--seed", "2"];
    let q = run(&[&["log", "add", "demo", "--draws", "64", "--json"][..], &other, &made].concat());
    let q: serde_json::Value = serde_json::from_str(&q).unwrap();
    let q = q["entry"]["p"].as_f64().unwrap();
    backdate();
    run(&["resolve", "other", "yes", "--on", "2025-06-30", "--case", "demo"]);
    let page = run(&brief);
    let mean = (p * p + (1.0 - q) * (1.0 - q)) / 2.0;
    assert!(
        page.contains(&format!(
            "Over 2 resolved questions in the log the mean Brier score is {mean:.3}"
        )),
        "{page}"
    );
    assert!(html(&["--format", "html"]).contains(figure));
}

/// Names in every form people write them, in every place of a case that a brief shows.
#[test]
fn a_redacted_brief_holds_no_form_of_a_name_and_says_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let case = r#"winset = 1
title = "Will Xi sign? ERDOĞAN, Erdogan and Sharaa on it (New York Times)"
as_of = 2025-02-01
[question]
text = "Will Li and al-Sharaa meet UNDERDOG? asks The New York Times"
yes = "xi jinping's Plivokian text, 习近平, 北京"
by = 2025-06-30
[issues]
border = { name = "Sharaa border", now = 50, marks = [[0, "as erdoğan wants"], [100, "Xi-style"]] }
water = { name = "Water", now = 20 }
[sides.north]
name = "Northland"
ratify = "xi"
position = { border = "0..10..20", water = "70..80..90" }
salience = { border = 50, water = 50 }
discount = 10
[sides.south]
name = "Southland"
ratify = "erdogan"
position = { border = "60..80..100", water = "10..20..30" }
salience = { border = 40, water = 60 }
discount = 10
cost = 5
[actors]
xi = { name = "Xi Jinping", side = "north", role = "leader", red_max.border = 60 }
li = { name = "Li", side = "north", role = "faction", capability = 10 }
erdogan = { name = "Recep Tayyip Erdoğan", side = "south", role = "leader", red_min.border = "20..30..40" }
sharaa = { name = "Ahmed al-Sharaa", side = "south", role = "faction", capability = 10 }
plivok = { name = "Plivok", role = "spoiler" }
under = { name = "Ünderdog", role = "mediator" }
han = { name = "习近平", role = "ally", of = "north" }
[calendar]
began = { name = "Plivok house", on = 2025-01-02, kind = "start", mediated = true }
talks = { name = "Erdogan palace", on = 2025-03-01, kind = "round", known = 2025-01-20 }
"#;
    fs::write(here.join("case.toml"), case).unwrap();
    let record = "id,said,entered,speaker,issue,kind,value,source,grade,text\n\
        r01,2025-01-10,2025-01-11,xi,border,ideal,0..10..20,New York Times,B2,Xi said so\n";
    fs::write(here.join("record.csv"), record).unwrap();
    let markers = [
        "xi",
        "jinping",
        "erdoğan",
        "erdogan",
        "tayyip",
        "recep",
        "sharaa",
        "ahmed",
        "li",
        "plivok",
        "underdog",
        "ünderdog",
    ];
    for format in ["md", "html", "json"] {
        let out = Command::new(env!("CARGO_BIN_EXE_winset"))
            .args([
                "brief",
                ".",
                "--redact",
                "--draws",
                "60",
                "--compared",
                "20",
                "--format",
                format,
            ])
            .args(["--figures", "figures"])
            .current_dir(here)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", text(&out.stderr));
        let mut written = vec![("the brief".to_owned(), text(&out.stdout))];
        for file in fs::read_dir(here.join("figures")).unwrap() {
            let path = file.unwrap().path();
            written.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
        for (place, written) in &written {
            let lower = written.to_lowercase();
            let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
            for marker in markers {
                // `li` is an element of HTML.
                let element = format == "html" && marker == "li";
                assert!(element || !words.contains(&marker), "`{marker}` in {place} ({format})");
            }
            assert!(!lower.contains("new york times") && !lower.contains("习近平"), "{place}");
        }
        // Derived forms stay and are listed, as are places in scripts without case.
        let said = text(&out.stderr);
        let list = said.split("left as they are: ").nth(1).unwrap().to_owned();
        for word in ["Plivokian", "北京", "Northland", "Water"] {
            assert!(list.contains(word), "{word} in {said}");
        }
        assert!(!list.contains("Erdo") && !list.contains("Xi"), "{list}");
    }
}
