//! Every finding names the key or column it is about.

use std::path::Path;

use winset_files::case::{CaseNames, load, open};
use winset_files::diagnostic::{Findings, Source};
use winset_files::record::add::{Draft, add};
use winset_files::{actors, import, record};

/// The cases with one mistake each, and the key or column it is in; none for a file that cannot be
/// read at all.
#[rustfmt::skip]
const BROKEN: [(&str, Option<&str>); 84] = [
    ("01-unknown-key.toml", Some("actors.farmers.capabilty")),
    ("02-unknown-section.toml", Some("promise")),
    ("03-off-scale.toml", Some("sides.hill.position.price")),
    ("04-off-scale-salience.toml", Some("sides.hill.salience.flow")),
    ("05-range-upside-down.toml", Some("sides.port.position.flow")),
    ("06-range-syntax.toml", Some("sides.port.position.flow")),
    ("07-mode-outside.toml", Some("sides.hill.position.flow")),
    ("08-distribution-unknown.toml", Some("promises.hill-word.breaks")),
    ("09-ratify-empty.toml", Some("sides.hill.ratify")),
    ("10-ratify-empty-list.toml", Some("sides.hill.ratify")),
    ("11-ratify-unknown-actor.toml", Some("sides.hill.ratify")),
    ("12-ratify-other-side.toml", Some("sides.hill.ratify")),
    ("13-ratify-too-many.toml", Some("sides.hill.ratify")),
    ("14-ratify-too-much.toml", Some("sides.port.ratify")),
    ("15-ratify-mixed.toml", Some("sides.hill.ratify")),
    ("16-ratify-unbalanced.toml", Some("sides.port.ratify")),
    ("17-side-without-members.toml", Some("sides.coop")),
    ("18-unknown-side.toml", Some("actors.guild.side")),
    ("19-unknown-role.toml", Some("actors.mayor.role")),
    ("20-duplicate-id.toml", Some("actors.hill")),
    ("21-bad-id.toml", Some("actors.Abbot")),
    ("22-question-without-date.toml", Some("question.by")),
    ("23-question-in-the-past.toml", Some("question.by")),
    ("24-question-beyond-horizon.toml", Some("question.by")),
    ("25-deadline-before-start.toml", Some("calendar.lease.on")),
    ("27-not-a-date.toml", Some("calendar.spring.on")),
    ("28-no-such-day.toml", Some("calendar.spring.on")),
    ("29-calendar-kind.toml", Some("calendar.spring.kind")),
    ("30-force-by-nobody.toml", Some("force.raid.by")),
    ("31-force-on-nobody.toml", Some("force.cut.on")),
    ("32-joins-unknown-ally.toml", Some("force.cut.joins.inland")),
    ("33-promise-to-itself.toml", Some("promises.hill-word.to")),
    ("34-secured-by-unknown.toml", Some("promises.hill-word.secured_by")),
    ("35-secures-too-much.toml", Some("promises.hill-word.secures")),
    ("36-negative-discount.toml", Some("sides.port.discount")),
    ("37-salience-all-zero.toml", Some("sides.port.salience")),
    ("38-unknown-issue.toml", Some("actors.warden.position.flood")),
    ("39-red-lines-crossed.toml", Some("actors.guild.red_min.price")),
    ("40-no-negotiator.toml", Some("sides.port.negotiator")),
    ("41-record-missing.toml", Some("actors.fishers.position.price")),
    ("42-unknown-reference.toml", Some("sides.hill.cost")),
    ("43-version.toml", Some("winset")),
    ("44-scale-upside-down.toml", Some("issues.price.scale")),
    ("45-wins-too-much.toml", Some("force.cut.wins")),
    ("46-negative-hazard.toml", Some("force.raid.hazard")),
    ("47-hazard-of-a-choice.toml", Some("force.cut.hazard")),
    ("48-ally-of-nobody.toml", Some("actors.coast.of")),
    ("49-no-choice.toml", Some("force.raid.choice")),
    ("50-two-starts.toml", Some("calendar.spring")),
    ("51-syntax.toml", None),
    ("52-empty.toml", None),
    ("53-not-utf8.toml", None),
    ("54-record-missing-column", Some("kind")),
    ("55-record-said-after-entered", Some("said")),
    ("56-record-unknown-speaker", Some("speaker")),
    ("57-record-unknown-issue", Some("issue")),
    ("58-record-bad-grade", Some("grade")),
    ("59-record-bad-kind", Some("kind")),
    ("60-record-off-scale", Some("value")),
    ("61-record-duplicate-id", Some("id")),
    ("62-record-bad-date", Some("said")),
    ("63-record-contradicts-nothing", Some("contradicts")),
    ("64-record-value-missing", Some("value")),
    ("65-record-value-without-speaker", Some("speaker")),
    ("66-class-unknown.toml", Some("clock.class")),
    ("67-clock-starts-late.toml", Some("clock.start")),
    ("68-clock-without-start.toml", Some("clock.start")),
    ("69-base-written.toml", Some("constants.base")),
    ("70-stages-without-question.toml", Some("question.stage")),
    ("71-binds-unknown.toml", Some("calendar.lease.binds")),
    ("72-soft-with-a-price.toml", Some("calendar.lease.ends")),
    ("73-splits-all-zero.toml", Some("constants.breakdown")),
    ("74-settles-for-sure.toml", Some("calendar.lease.settles")),
    ("75-days-too-many.toml", Some("calendar.spring.days")),
    ("76-days-of-no-decision.toml", Some("calendar.spring.days")),
    ("77-on-beside-takes.toml", Some("stages.signed.takes")),
    ("78-day-needs-again.toml", Some("stages.house.again")),
    ("79-day-after-its-deadline.toml", Some("stages.signed.on")),
    ("80-rates-beside-a-class.toml", Some("clock.class")),
    ("81-no-such-table.toml", Some("clock.class")),
    ("82-table-ends-before-it-starts", None),
    ("83-stage-value", Some("value")),
    ("84-stage-refuses-after-passing", Some("value")),
    ("85-talks-value", Some("value")),
];

#[test]
fn every_mistake_of_a_case_is_said_once_and_lands_on_its_field() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/broken");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, BROKEN.map(|(name, _)| name), "a broken case is not in the table");
    for (name, field) in BROKEN {
        let mut findings = Findings::default();
        let files = open(&folder.join(name), &mut findings).unwrap();
        assert!(load(&files, None, &[], &mut findings).is_none(), "{name}");
        let fields: Vec<_> = findings.list.iter().map(|d| d.field.as_deref()).collect();
        assert_eq!(fields, [field], "{name}: {findings:?}");
    }
}

/// An override is not in the file; its path says what it is about.
#[test]
fn a_mistake_of_an_override_lands_on_its_path() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    for (set, field) in [
        ("sides.us.discount=200", "sides.us.discount"),
        ("actors.witkoff.role=chief", "actors.witkoff.role"),
        ("model.alpha=9", "model.alpha"),
    ] {
        let mut findings = Findings::default();
        let files = open(&folder, &mut findings).unwrap();
        assert!(load(&files, None, &[set.to_owned()], &mut findings).is_none(), "{set}");
        assert_eq!(findings.list[0].field.as_deref(), Some(field), "{set}: {findings:?}");
    }
}

fn names() -> CaseNames {
    CaseNames {
        actors: vec!["premier".to_owned()],
        issues: vec![("border".to_owned(), (0.0, 100.0))],
        stages: Vec::new(),
    }
}

fn draft() -> Draft {
    [
        ("said", "2025-04-15"),
        ("speaker", "premier"),
        ("issue", "border"),
        ("kind", "demand"),
        ("value", "10"),
        ("text", "Said."),
    ]
    .into_iter()
    .fold(Draft::default(), |d, (column, cell)| d.with(column, cell))
}

/// What is wrong with an entry, a column and what is typed there at a time.
const MISTAKES: [(&str, &str, &str); 15] = [
    ("id", "r01", "id"),
    ("said", "soon", "said"),
    ("said", "", "said"),
    ("entered", "soon", "entered"),
    ("entered", "2025-04-14", "said"),
    ("speaker", "premir", "speaker"),
    ("speaker", "", "speaker"),
    ("issue", "boder", "issue"),
    ("issue", "", "issue"),
    ("kind", "wish", "kind"),
    ("value", "120", "value"),
    ("value", "", "value"),
    ("value", "record", "value"),
    ("grade", "Z9", "grade"),
    ("contradicts", "r09", "contradicts"),
];

#[test]
fn every_mistake_of_an_entry_is_said_once_and_lands_on_its_field() {
    for end in ["\n", "\r\n"] {
        let old = format!(
            "{}{end}r01,2025,2025-12-31,,,event,,,,,,,,,x,,{end}",
            record::COLUMNS.join(",")
        );
        let source = Source { name: "record.csv".to_owned(), text: old };
        for (column, cell, field) in MISTAKES {
            let mut findings = Findings::default();
            // With a good row before and after it, of which nothing is said.
            let drafts = [draft(), draft().with(column, cell), draft()];
            assert_eq!(add(&source, &drafts, &names(), &mut findings), None, "{column} {cell}");
            let fields: Vec<_> = findings.list.iter().map(|d| d.field.as_deref()).collect();
            assert_eq!(fields, [Some(field)], "{column} `{cell}`: {findings:?}");
            let span = findings.list[0].span.clone().unwrap();
            let text = record::add::text(&source, &drafts);
            assert_eq!(
                text[span].trim_end().split(',').next(),
                Some(if column == "id" { "r01" } else { "r03" })
            );
        }
    }
    let source = Source { name: "record.csv".to_owned(), text: "id,said,sayd\n".to_owned() };
    let mut findings = Findings::default();
    record::read(&source, &names(), &mut findings);
    let fields: Vec<_> = findings.list.iter().filter_map(|d| d.field.as_deref()).collect();
    assert_eq!(fields, ["sayd", "entered", "kind", "text"]);
}

#[test]
fn every_mistake_of_a_table_of_actors_lands_on_its_column() {
    for (text, field) in [
        ("", None),
        ("a,b\n1,2\n", Some("actor")),
        ("actor,position,salience\nA,1,2\n", Some("capability")),
        ("actor,capability,position\nA,1,2\n", Some("salience")),
        ("actor,power,position,salience\nA,much,2,3\n", Some("capability")),
        ("actor,power,position,salience\nA,1,x,3\n", Some("position")),
        ("actor,power,position,salience\nA,1,2,x\n", Some("salience")),
        ("actor,power,position,salience,now\nA,1,2,3,4\nB,1,2,3,5\n", Some("reference")),
        ("actor,issue,power,position,salience\nA,,1,2,3\n", Some("issue")),
        ("actor,side,power,position,salience\nA,,1,2,3\n", Some("side")),
        ("Actor,Description,Power,Pstn1,Sal1,Pstn2,Sal2\nA,f,x,75,49,6,5\n", Some("capability")),
    ] {
        let error = actors::parse(text).unwrap_err();
        assert_eq!(error.field, field, "{text}: {error}");
    }
    let text =
        "actor;power;position x;position y;salience x;salience y\nA;1;2;3;4;5\nB;1;2;x;4;5\n";
    let error = import::case("t", text).unwrap_err();
    assert_eq!((error.line, error.field), (3, Some("position")), "{error}");
    let text = "actor,power,position x,position y,salience x\nA,1,2,3,4\n";
    assert_eq!(import::case("t", text).unwrap_err().field, Some("salience"));
}
