//! `[since.ENTRY]`: what an entry changes holds from its day on, and not before.

use std::path::PathBuf;

use winset_files::case::{CaseFiles, Hidden, ParsedCase, ResolvedCase, load, open};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Day;

const CASE: &str = r#"
winset = 1
as_of = 2025-01-10
[question]
by = 2025-03-31
[issues]
border = { now = 50 }
[sides.north]
ratify = "premier"
position = { border = 10 }
salience = { border = 80 }
discount = 10
[sides.south]
ratify = "president"
position = { border = 85 }
salience = { border = 60 }
discount = 10
[actors]
premier = { side = "north", role = "leader", red_max.border = 45 }
president = { side = "south", role = "leader" }
[since.r02]
actors.premier.red_max.border = 20
[since.r01]
actors.premier.red_max.border = 30
actors.president.red_min.border = "40..50..60 @r01"
[since.r03]
actors.premier.red_max.border = 25
"#;

const RECORD: &str = "id,said,entered,kind,text
r01,2025-01-05,2025-01-05,event,First.
r02,2025-01-07,2025-01-09,event,Second.
r03,2025-01-07,2025-01-08,event,Third.
";

fn files(case: &str, record: &str) -> CaseFiles {
    let source = |name: &str, text: &str| Source { name: name.into(), text: text.into() };
    CaseFiles {
        case: source("case.toml", case),
        record: Some(source("record.csv", record)),
        ..CaseFiles::default()
    }
}

fn told(files: &CaseFiles, day: &str, sets: &[&str]) -> ResolvedCase {
    let sets: Vec<String> = sets.iter().map(|s| (*s).to_owned()).collect();
    let mut findings = Findings::default();
    let loaded = load(files, Day::parse(day), &sets, &mut findings);
    assert!(!findings.failed(), "{findings:#?}");
    loaded.unwrap()
}

fn value(l: &ResolvedCase, path: &str) -> Option<f64> {
    l.case.inputs.iter().find(|i| i.path == path).map(|i| i.dist.central(i.scale))
}

const LINE: &str = "actors.premier.red_max.border";

/// An entry that says again what holds leaves the structure as old as it is.
#[test]
fn what_changes_nothing_makes_no_structure_new() {
    let told = |since: &str| {
        let case = CASE.split("[since.r02]").next().unwrap().to_owned() + since;
        let loaded = told(&files(&case, RECORD), "2025-01-10", &[]);
        (loaded.case.clock.moved, loaded.case.fingerprint())
    };
    let (none, plain) = told("");
    assert_eq!(none, None);
    let moves = format!("[since.r02]\n{LINE} = 20\n");
    assert_eq!(told(&moves).0, Day::parse("2025-01-07"));
    for again in [
        format!("[since.r02]\n{LINE} = 45\n"),
        "[since.r02]\nsides.north.ratify = \"premier\"\n".to_owned(),
    ] {
        assert_eq!(told(&again), (None, plain.clone()), "{again}");
    }
}

#[test]
fn a_value_holds_from_the_day_its_entry_was_said_and_entered() {
    let files = files(CASE, RECORD);
    for (day, line) in [
        ("2025-01-04", 45.0),
        ("2025-01-05", 30.0),
        ("2025-01-07", 30.0),
        // Said on the 7th, entered on the 8th.
        ("2025-01-08", 25.0),
        // Said on one day, the one entered last wins, wherever its table stands.
        ("2025-01-09", 20.0),
        ("2025-01-10", 20.0),
    ] {
        assert_eq!(value(&told(&files, day, &[]), LINE), Some(line), "{day}");
    }
    let own = "actors.president.red_min.border";
    assert_eq!(value(&told(&files, "2025-01-04", &[]), own), None);
    let l = told(&files, "2025-01-05", &[]);
    let input = l.case.inputs.iter().find(|i| i.path == own).unwrap();
    assert_eq!((input.rests_on.as_slice(), input.written), (&["r01".to_owned()][..], true));
}

#[test]
fn an_override_wins_and_may_change_what_an_entry_brings() {
    let files = files(CASE, RECORD);
    let set = [format!("{LINE}=40")];
    let sets: Vec<&str> = set.iter().map(String::as_str).collect();
    for day in ["2025-01-04", "2025-01-10"] {
        assert_eq!(value(&told(&files, day, &sets), LINE), Some(40.0), "{day}");
    }
    let set = format!("since.r02.{LINE}=15");
    assert_eq!(value(&told(&files, "2025-01-10", &[&set]), LINE), Some(15.0));
    assert_eq!(value(&told(&files, "2025-01-08", &[&set]), LINE), Some(25.0));
}

#[test]
fn what_is_not_visible_yet_changes_no_byte() {
    let whole = files(CASE, RECORD);
    let without = CASE.split("[since.r02]").next().unwrap();
    let plain = files(without, RECORD);
    let of = |f: &CaseFiles, day: &str| told(f, day, &[]).case.fingerprint();
    assert_eq!(of(&whole, "2025-01-04"), of(&plain, "2025-01-04"));
    assert_ne!(of(&whole, "2025-01-05"), of(&plain, "2025-01-05"));
    // An entry said or entered later, with what it brings, is as if it were not there.
    let later = RECORD.replace("2025-01-07,2025-01-09", "2025-01-07,2025-01-30");
    let other = CASE.replace("border = 20", "border = 5");
    let (a, b) = (files(CASE, &later), files(&other, &later));
    for day in ["2025-01-08", "2025-01-10"] {
        assert_eq!(of(&a, day), of(&b, day));
    }
    assert_ne!(of(&a, "2025-01-30"), of(&b, "2025-01-30"));
}

#[test]
fn hidden_entries_and_announcements_are_as_if_they_did_not_exist() {
    let files = files(CASE, RECORD);
    let mut findings = Findings::default();
    let mut parsed = ParsedCase::new(&files, &[], &mut findings).unwrap();
    let mut of = |hidden: &[&str]| {
        let entries = hidden.iter().map(|h| (*h).to_owned()).collect();
        let hidden = Hidden { entries, ..Hidden::default() };
        let day = Day::parse("2025-01-10");
        value(&parsed.resolve(day, &hidden, &mut Findings::default()).unwrap(), LINE)
    };
    assert_eq!(of(&[]), Some(20.0));
    assert_eq!(of(&["r02"]), Some(25.0));
    assert_eq!(of(&["r02", "r03"]), Some(30.0));
    assert_eq!(of(&["r01", "r02", "r03"]), Some(45.0));
}

#[test]
fn mistakes_are_found_before_their_day_and_where_a_later_entry_covers_them() {
    for (good, bad, at) in [
        ("border = 30", "border = 300", "300"),
        ("border = 25", "border = \"3..2\"", "\"3..2\""),
        ("border = 20", "border = \"20 @nowhere\"", "\"20 @nowhere\""),
        ("border = 20", "boarder = 20", "boarder"),
        ("[since.r02]\nactors.premier", "[since.r02]\nactors.premiere", "premiere"),
        ("[since.r02]", "[since.r20]", "r20"),
    ] {
        let text = CASE.replacen(good, bad, 1);
        assert_ne!(text, CASE);
        let mut findings = Findings::default();
        let files = files(&text, RECORD);
        assert!(load(&files, Day::parse("2025-01-04"), &[], &mut findings).is_none(), "{bad}");
        assert_eq!(findings.list.len(), 1, "{bad}: {findings:#?}");
        let found = &findings.list[0];
        assert_eq!(&text[found.span.clone().unwrap()], at, "{bad}");
        assert!(found.hint.is_some(), "{bad}");
    }
}

fn warned(text: &str, day: Option<&str>) -> Vec<String> {
    let mut findings = Findings::default();
    let files = files(text, RECORD);
    load(&files, day.and_then(Day::parse), &[], &mut findings).unwrap();
    findings.list.iter().map(|d| d.code.to_string()).collect()
}

/// The case's own day may not rest on an entry that came after it; one told from an earlier day does
/// so on purpose, and under `[since]` the number waits for its entry.
#[test]
fn a_case_that_rests_on_its_future_is_told_so() {
    let cited = CASE.replace("salience = { border = 80 }", "salience = { border = \"80 @r02\" }");
    assert!(!warned(&cited, None).contains(&"foresight".to_owned()));
    let early = cited.replace("as_of = 2025-01-10", "as_of = 2025-01-08");
    assert!(warned(&early, None).contains(&"foresight".to_owned()));
    assert!(!warned(&cited, Some("2025-01-08")).contains(&"foresight".to_owned()));
    let plain = CASE.replace("as_of = 2025-01-10", "as_of = 2025-01-04");
    assert!(!warned(&plain, None).contains(&"foresight".to_owned()));
}

#[test]
fn a_mediator_that_changes_no_number_is_named() {
    let mediated = CASE.replace("[since.r02]", "oman = { role = \"mediator\" }\n[since.r02]");
    assert!(warned(&mediated, None).contains(&"mediator".to_owned()));
    let class = "[clock]\nclass = \"mediated\"\nstart = 2025-01-01\n[actors]";
    let priced = mediated.replace("[actors]", class);
    assert!(!warned(&priced, None).contains(&"mediator".to_owned()));
    assert!(!warned(CASE, None).contains(&"mediator".to_owned()));
}

/// A key that an entry of a later day makes read is idle on no day.
#[test]
fn what_a_later_entry_makes_read_is_not_idle_before() {
    let idle = "red_max.border = 45, audience = 20 }";
    let idle = CASE.replace("red_max.border = 45 }", idle);
    let read = format!("{idle}actors.premier.demand.border = 10\n");
    for day in ["2025-01-04", "2025-01-10"] {
        assert!(warned(&idle, Some(day)).contains(&"idle".to_owned()));
        assert!(!warned(&read, Some(day)).contains(&"idle".to_owned()));
    }
}

/// As of its own day the built-in case is what its tables say: saying it again changes nothing.
#[test]
fn the_tables_of_the_builtin_case_hold_on_its_day() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let files = open(&folder, &mut Findings::default()).unwrap();
    let mut inside = false;
    let mut last = std::collections::BTreeMap::new();
    for line in files.case.text.lines() {
        if line.starts_with('[') {
            inside = line.starts_with("[since.");
        } else if let (true, Some((path, value))) = (inside, line.split_once('=')) {
            last.insert(path.trim(), value.trim());
        }
    }
    let again: Vec<String> = last.iter().map(|(path, value)| format!("{path}={value}")).collect();
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    assert!(again.len() >= 10, "{again:?}");
    let print = |day: &str, sets: &[&str]| told(&files, day, sets).case.fingerprint();
    assert_eq!(print("2025-04-22", &[]), print("2025-04-22", &again));
    assert_ne!(print("2025-04-13", &[]), print("2025-04-13", &again));
}
