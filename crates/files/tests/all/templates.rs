//! The cases to start from, one for each class: they are right as they stand, and move the way theory
//! fixes.

use std::sync::atomic::AtomicBool;

use winset_files::builtin::TEMPLATES;
use winset_files::case::{CaseFiles, load, open};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::{Case, Day};
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, run};

fn template(class: &str) -> &'static str {
    TEMPLATES.iter().find(|(name, _)| *name == class).unwrap().1
}

fn case(text: &str, sets: &[&str]) -> Case {
    let source = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let files = CaseFiles { case: source, ..CaseFiles::default() };
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let mut findings = Findings::default();
    let loaded = load(&files, None, &sets, &mut findings);
    assert_eq!(findings.list, [], "{sets:?}");
    loaded.unwrap().case
}

fn forecast(case: &Case) -> Forecast {
    let stop = AtomicBool::new(false);
    let tally = run(case, &Run { seed: 3, draws: 0..120 }, Effort::silent(2, &stop));
    Forecast::new(case, 3, &tally, &|_| String::new())
}

/// P of the stage asked by each day, as the structure has it.
fn by_day(class: &str, sets: &[&str]) -> Vec<f64> {
    forecast(&case(template(class), sets)).agreement.iter().map(|day| day.structure).collect()
}

fn never_less(class: &str, less: &str, more: &str) {
    let (less, more) = (by_day(class, &[less]), by_day(class, &[more]));
    let days = less.iter().zip(&more).enumerate();
    for (day, (less, more)) in days {
        assert!(*more >= less - 1e-12, "day {}: {less} {more}", day + 1);
    }
    assert!(more.iter().sum::<f64>() > less.iter().sum::<f64>() + 1e-6, "{class}: nothing moves");
}

#[test]
fn every_template_is_priced_by_its_class_and_has_both_answers() {
    for (class, text) in TEMPLATES {
        let case = case(text, &[]);
        assert_eq!(case.clock.class.name, class);
        assert!(case.clock.class.named && case.elapsed() > 0, "{class}");
        let f = forecast(&case);
        let answer = f.answer.p;
        assert!(answer > 0.02 && answer < 0.98, "{class}: {answer}");
        let zone = f.zone.p.unwrap();
        assert!(zone > 0.3 && zone <= 1.0, "{class}: {zone}");
        let ends = f.endings;
        let sum = [ends.agreement, ends.interim, ends.breakdown, ends.force, ends.suspension];
        let sum =
            sum.iter().sum::<f64>() + ends.rejected + ends.lapsed + ends.under_way + ends.open;
        assert!((sum - 1.0).abs() < 1e-12, "{class}: {sum}");
    }
}

#[test]
fn a_surer_deadline_or_meeting_never_lowers_the_chance_by_any_day() {
    never_less("none", "calendar.money.settles=20", "calendar.money.settles=90");
    never_less("mediated", "calendar.summit.settles=10", "calendar.summit.settles=80");
}

#[test]
fn a_kinder_vote_never_lowers_the_chance_by_any_day() {
    never_less("strike", "stages.vote.passes=40", "stages.vote.passes=90");
    never_less("strike", "stages.vote.tries=1", "stages.vote.tries=3");
    never_less("none", "stages.house.tries=1", "stages.house.tries=3");
}

#[test]
fn a_round_changes_nothing_more_than_thirteen_days_before_it() {
    let near = template("mediated");
    let round = "far = { on = 2031-10-20, kind = \"round\" }\n";
    let far = near.replace("[calendar]\n", &format!("[calendar]\n{round}"));
    let (near, far) = (forecast(&case(near, &[])), forecast(&case(&far, &[])));
    let before = |f: &Forecast| {
        let days =
            f.agreement.iter().filter(|day| day.odds.date <= Day::parse("2031-10-06").unwrap());
        days.map(|day| (day.odds.p, day.odds.lo, day.odds.hi)).collect::<Vec<_>>()
    };
    assert_eq!(before(&near), before(&far));
    let last = |f: &Forecast| f.agreement.iter().map(|day| day.odds.p).collect::<Vec<_>>();
    assert_ne!(last(&near), last(&far));
}

#[test]
fn what_is_not_said_to_be_known_later_was_known_when_the_talks_began() {
    let known = case(template("none"), &[]);
    let unsaid = template("none").replace("known = 2031-07-15, ", "");
    let unsaid = case(&unsaid, &[]);
    assert_eq!(unsaid.fingerprint(), known.fingerprint());
    let late = template("none").replace("known = 2031-07-15, ", "known = 2031-09-20, ");
    let late = case(&late, &[]);
    assert_eq!(late.unseen.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["money"]);
    assert!(late.calendar.iter().all(|e| e.id != "money"));
    assert_eq!(late.unseen[0].known, Day::parse("2031-09-20").unwrap());
}

#[test]
fn a_deadline_put_off_from_the_first_day_on_is_warned_of() {
    let text = template("none").replace("put_off = \"15..37.5..65 @j-money\"", "put_off = 100");
    let files =
        CaseFiles { case: Source { name: "case.toml".to_owned(), text }, ..CaseFiles::default() };
    let mut findings = Findings::default();
    assert!(load(&files, None, &[], &mut findings).is_some());
    assert_eq!(findings.list.iter().map(|d| d.code).collect::<Vec<_>>(), ["put-off"]);
}

#[test]
fn what_is_over_or_settles_nothing_changes_no_byte() {
    let by_day = |f: &Forecast| serde_json::to_string(&f.agreement).unwrap();
    let plain = by_day(&forecast(&case(template("mediated"), &[])));
    let nothing = case(template("mediated"), &["calendar.second.settles=0"]);
    assert_eq!(by_day(&forecast(&nothing)), plain);
    let head = "id,said,entered,speaker,issue,kind,value,channel,audience,source,grade,origin,\
                contradicts,supersedes,text,link,note\n";
    let row = |id: &str, day: &str, turn: &str| {
        format!("{id},{day},{day},,,talks,{turn},press,public,Herald,B2,{id},,,Talks {turn},,\n")
    };
    let told = |rows: &[String]| {
        let source = |name: &str, text: String| Source { name: name.to_owned(), text };
        let files = CaseFiles {
            case: source("case.toml", template("mediated").to_owned()),
            record: Some(source("record.csv", format!("{head}{}", rows.concat()))),
            tables: Vec::new(),
        };
        let mut findings = Findings::default();
        let loaded = load(&files, None, &[], &mut findings);
        by_day(&forecast(&loaded.unwrap_or_else(|| panic!("{:?}", findings.list)).case))
    };
    let paused = row("r01", "2031-01-20", "suspended");
    let over = row("r02", "2031-02-01", "resumed");
    assert_eq!(told(&[paused.clone(), over]), plain);
    assert_ne!(told(&[paused]), plain);
    assert_ne!(told(&[row("r01", "2031-01-20", "failed")]), plain);
}

#[test]
fn a_case_with_a_table_of_its_own_is_the_same_in_shards_and_in_any_order_of_rows() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/water");
    let files = open(&folder, &mut Findings::default()).unwrap();
    let mut other = files.clone();
    let (_, table) = &mut other.tables[0];
    let mut rows: Vec<&str> = table.text.lines().collect();
    rows[1..].reverse();
    table.text = rows.join("\n") + "\n";
    let told = |files: &CaseFiles| {
        let mut findings = Findings::default();
        load(files, None, &[], &mut findings).unwrap_or_else(|| panic!("{:?}", findings.list)).case
    };
    let (case, turned) = (told(&files), told(&other));
    assert_eq!(case.fingerprint(), turned.fingerprint());
    let stop = AtomicBool::new(false);
    let shard = |case: &Case, draws| run(case, &Run { seed: 5, draws }, Effort::silent(1, &stop));
    let whole = shard(&case, 0..50);
    let mut merged = shard(&turned, 30..50);
    merged.merge(shard(&case, 0..30));
    assert_eq!(whole.to_bytes(), merged.to_bytes());
}
