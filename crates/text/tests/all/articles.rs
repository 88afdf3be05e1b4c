//! Articles: what is proposed, against what a person coded before there were rules.

use std::path::{Path, PathBuf};

use winset_text::document::{self, KeptDocument};
use winset_text::proposal::{Proposal, Published};
use winset_text::{ReadingSetting, propose};

/// What a person coded.
struct Coded {
    start: usize,
    end: usize,
    words: String,
    said: Option<jiff::civil::Date>,
    speakers: Vec<String>,
    issues: Vec<String>,
    kinds: Vec<String>,
    range: Option<(f64, f64)>,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/articles")
}

pub(crate) struct Article {
    pub(crate) document: KeptDocument,
    pub(crate) setting: ReadingSetting,
    pub(crate) day: jiff::civil::Date,
}

pub(crate) fn article(name: &str) -> Article {
    let folder = folder().join(name);
    let text = std::fs::read_to_string(folder.join("setting.toml")).unwrap();
    let head: toml::Table = toml::from_str(&text).unwrap();
    let file = head["article"].as_str().unwrap();
    let bytes = std::fs::read(folder.join(file)).unwrap();
    Article {
        document: document::read(file, &bytes).unwrap().remove(0),
        setting: toml::from_str(&text).unwrap(),
        day: head["published"].as_str().unwrap().parse().unwrap(),
    }
}

pub(crate) const NAMES: [&str; 6] =
    ["nuclear", "dam", "rail", "coalition", "ceasefire", "fisheries"];

/// A wire report, questions and answers, a live blog, a communique: coded before they were read.
pub(crate) const LATER: [&str; 4] = ["debt", "corridor", "studio", "border"];

/// Two news reports of four hundred words, coded before they were read.
pub(crate) const REPORTS: [&str; 2] = ["vaccine", "forest"];

/// An analysis with what one says another told him, and a local report with a list of points: coded
/// before they were read.
pub(crate) const FURTHER: [&str; 2] = ["steel", "stadium"];

fn coded(name: &str, text: &str) -> Vec<Coded> {
    let table = std::fs::read_to_string(folder().join(name).join("expected.csv")).unwrap();
    let many = |cell: &str| cell.split('|').map(str::to_owned).collect();
    let straight = text.replace(['“', '”'], "\u{1}\u{1}\"");
    let mut rows = Vec::new();
    for row in csv::Reader::from_reader(table.as_bytes()).records() {
        let row = row.unwrap();
        let start = straight.find(&row[0]).unwrap_or_else(|| panic!("{name}: {}", &row[0]));
        let number = |k: usize| row[k].parse::<f64>().ok();
        rows.push(Coded {
            start,
            end: start + row[0].len(),
            words: row[0].to_owned(),
            said: row[1].parse().ok(),
            speakers: many(&row[2]),
            issues: many(&row[3]),
            kinds: many(&row[4]),
            range: number(5).zip(number(6)),
        });
    }
    rows
}

/// Counts over all articles.
#[derive(Debug, Default)]
struct Score {
    coded: usize,
    proposed: usize,
    met: usize,
    speaker_and_day: usize,
    issue_and_value: usize,
    right_kind: usize,
}

impl Coded {
    fn fits(&self, p: &Proposal) -> bool {
        let issue = p.issue.clone().unwrap_or_default();
        let overlap = self.end.min(p.end) > self.start.max(p.start);
        overlap && (self.issues.contains(&issue) || self.issues.iter().all(String::is_empty))
    }

    fn speaker(&self, p: &Proposal) -> bool {
        let speaker = p.speaker.clone().or(p.side.clone()).unwrap_or_default();
        self.speakers.contains(&speaker)
    }

    fn day(&self, p: &Proposal) -> bool {
        let Some(said) = self.said else { return true };
        let ends: Vec<&str> = p.said.trim_end_matches('~').split('/').collect();
        let day = |t: &str| t.parse::<jiff::civil::Date>().ok();
        match ends[..] {
            [one] => day(one) == Some(said),
            // A range counts where it holds the day and is a week at most.
            [a, b] => day(a).zip(day(b)).is_some_and(|(a, b)| {
                a <= said && said <= b && b.since(a).unwrap().get_days() <= 7
            }),
            _ => false,
        }
    }

    fn value(&self, p: &Proposal) -> bool {
        let Some((lo, hi)) = self.range else { return true };
        let mode = p.value.as_ref().and_then(|v| v.split("..").nth(1)?.parse::<f64>().ok());
        mode.is_some_and(|mode| (lo..=hi).contains(&mode))
    }
}

/// Pairs each coded entry with the proposal that fits best; each proposal counts once.
fn score(name: &str, total: &mut Score, faults: &mut Vec<String>) {
    let article = article(name);
    let published = Published { day: article.day, by: None, origin: None };
    let proposed = propose(&article.document, &article.setting, published);
    let coded = coded(name, &article.document.text);
    let mut used = vec![false; proposed.len()];
    for c in &coded {
        let points = |p: &Proposal| {
            usize::from(c.speaker(p)) * 4
                + usize::from(c.day(p)) * 2
                + usize::from(c.value(p)) * 2
                + usize::from(c.kinds.contains(&p.kind))
        };
        let open = (0..proposed.len()).filter(|k| !used[*k] && c.fits(&proposed[*k]));
        let best = open.max_by_key(|k| points(&proposed[*k]));
        let Some(best) = best else {
            faults.push(format!("{name}: not proposed: {}", c.words));
            continue;
        };
        used[best] = true;
        let p = &proposed[best];
        total.met += 1;
        let whole = c.speaker(p) && c.day(p);
        total.speaker_and_day += usize::from(whole);
        total.issue_and_value += usize::from(c.value(p));
        total.right_kind += usize::from(c.kinds.contains(&p.kind));
        if !whole || !c.value(p) || !c.kinds.contains(&p.kind) {
            faults.push(format!(
                "{name}: {}: {} {:?}/{:?} {} {:?}",
                c.words, p.said, p.speaker, p.side, p.kind, p.value
            ));
        }
    }
    for (p, _) in proposed.iter().zip(&used).filter(|(_, used)| !**used) {
        faults
            .push(format!("{name}: beyond: {:?} {:?} {} {}", p.speaker, p.issue, p.kind, p.quote));
    }
    total.coded += coded.len();
    total.proposed += proposed.len();
}

/// Holds marks over some articles, in percent: speaker and day right, issue and value right, proposals
/// that are coded entries.
fn are_read_well(names: &[&str], marks: [f64; 3]) {
    let (mut total, mut faults) = (Score::default(), Vec::new());
    for name in names {
        score(name, &mut total, &mut faults);
    }
    let share = |n: usize, of: usize| 100.0 * n as f64 / of as f64;
    let said = format!("{total:?}\n{}", faults.join("\n"));
    if std::env::var_os("WINSET_SAY").is_some() {
        eprintln!("{said}");
    }
    assert!(share(total.speaker_and_day, total.coded) >= marks[0], "{said}");
    assert!(share(total.issue_and_value, total.coded) >= marks[1], "{said}");
    assert!(share(total.met, total.proposed) >= marks[2], "{said}");
}

#[test]
fn most_of_what_a_person_coded_is_proposed_and_most_proposals_are_right() {
    are_read_well(&NAMES, [88.0, 92.0, 95.0]);
}

#[test]
fn articles_of_other_kinds_are_read_as_well() {
    are_read_well(&LATER, [84.0, 84.0, 91.0]);
}

#[test]
fn of_longer_reports_the_larger_part_is_read() {
    are_read_well(&REPORTS, [63.0, 63.0, 70.0]);
}

#[test]
fn an_analysis_and_a_list_of_points_are_read_as_well() {
    are_read_well(&FURTHER, [58.0, 67.0, 83.0]);
}

#[test]
fn single_sentences_are_coded_as_a_person_codes_them() {
    let case = article("steel");
    let read = |text: &str| -> Vec<String> {
        let document = document::read("a.txt", text.as_bytes()).unwrap().remove(0);
        let published = Published { day: case.day, by: None, origin: None };
        let found = propose(&document, &case.setting, published);
        let said = |p: Proposal| {
            let who = p.speaker.or(p.side).unwrap_or_default();
            let mode = p.value.and_then(|v| v.split("..").nth(1).map(str::to_owned));
            format!(
                "{who} {} {} {} {}",
                p.issue.unwrap_or_default(),
                p.kind,
                mode.unwrap_or_default(),
                p.grade
            )
        };
        found.into_iter().map(said).collect()
    };
    for (text, wanted) in [
        (
            "Ferrante said that Arvania would never accept a tariff above 10 percent.",
            "ferrante steel red_max 10 C3",
        ),
        (
            "If Belmark opened its market, Ferrante said, Arvania could accept a tariff of 12 percent.",
            "ferrante steel ideal 12 C3",
        ),
        (
            "Lindh said Marsh had told him that Belmark could live with a tariff of 14 percent.",
            "marsh steel ideal 14 D3",
        ),
        (
            "Marsh rejected as “absurd” a dairy quota of 25,000 tonnes.",
            "marsh dairy red_min 33750 C3",
        ),
        ("Ferrante is not opposed to inspections once a year.", "ferrante checks ideal 50 C3"),
        (
            "Ferrante refused to rule out a dairy quota of 40,000 tonnes.",
            "ferrante dairy ideal 40000 C3",
        ),
        (
            "Belmark will settle for nothing less than 50,000 tonnes of dairy, Marsh told reporters.",
            "marsh dairy red_min 50000 C3",
        ),
        (
            "Two diplomats said that Arvania might accept a dairy quota of 35,000 tonnes.",
            "arvania dairy ideal 35000 C3",
        ),
    ] {
        assert_eq!(read(text), [wanted], "{text}");
    }
    // What is quoted to be denied, asked or left unsaid is nobody's position.
    for text in [
        "Ferrante denied having said that “a tariff of 20 percent would be fine.”",
        "The official denied reports that Belmark was ready to go down to 12 percent.",
        "Marsh did not say whether Belmark would accept a tariff of 12 percent.",
        "Neither Ferrante nor Marsh would say when they would meet again.",
    ] {
        assert_eq!(read(text), [] as [&str; 0], "{text}");
    }
    let asked = read("Asked whether Arvania would accept inspections, Ferrante said: “Never.”");
    assert!(!asked.iter().any(|p| p.contains(" ideal ")), "{asked:?}");
}

#[test]
fn every_proposal_shows_words_of_its_document() {
    for name in NAMES.into_iter().chain(LATER).chain(REPORTS).chain(FURTHER) {
        let article = article(name);
        let published = Published { day: article.day, by: None, origin: None };
        for p in propose(&article.document, &article.setting, published) {
            assert_eq!(article.document.text.get(p.start..p.end), Some(p.quote.as_str()));
            assert!(!p.quote.trim().is_empty());
        }
    }
}

#[test]
fn a_list_of_people_or_of_points_is_no_transcript() {
    let setting: winset_text::ReadingSetting = toml::from_str(
        "[sides.n]\nname='North'\n[actors.ann]\nname='Ann Lee'\nside='n'\n[issues.i]\nname='Toll, dollars'\n",
    )
    .unwrap();
    let day = "2025-04-22".parse().unwrap();
    let count = |text: &str| {
        let document = document::read("a.txt", text.as_bytes()).unwrap().remove(0);
        let found = propose(&document, &setting, Published { day, by: None, origin: None });
        found.iter().filter(|p| p.note.contains("in answer")).count()
    };
    let turns = "Q: The toll?\n\nLee: We want 5 dollars.\n\nQ: No more?\n\nLee: We want peace.";
    assert_eq!(count(turns), 1);
    let list = "Chair: Ann Lee\n\nLee: We want 5 dollars.\n\nNorth: first\n\nEnd: last";
    assert_eq!(count(list), 0);
}

#[test]
fn the_article_of_the_guide_is_read_as_the_guide_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/documents/rome.txt");
    let document = document::read("rome.txt", &std::fs::read(path).unwrap()).unwrap().remove(0);
    let case = article("nuclear");
    let published = Published { day: "2025-04-22".parse().unwrap(), by: None, origin: None };
    let found = propose(&document, &case.setting, published);
    let said: Vec<String> = found
        .iter()
        .map(|p| {
            let (speaker, value) = (p.speaker.clone().unwrap(), p.value.clone().unwrap());
            format!("{} {speaker} {} {value} {}", p.said, p.kind, p.grade)
        })
        .collect();
    assert_eq!(
        said,
        [
            "2025-04-20 araghchi red_min 0..17.5..35 C2",
            "2025-04-21 witkoff ideal 25..35..45 C3",
            "2025-04-22 waltz demand 0..0..10 C3",
        ]
    );
}
