//! The brief: what it says, that it says the numbers, that it hides what it should, and that nothing
//! in a case can break it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use serde_json::Value;
use winset_files::case::{CaseFiles, ResolvedCase, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, run};
use winset_page::lint::{Options, lint};
use winset_report::brief::{Brief, html, json, markdown};
use winset_report::brief::{Past, Settings, brief};
use winset_report::names::term;

const DRAWS: u64 = 400;

fn loaded(files: &CaseFiles) -> ResolvedCase {
    let mut findings = Findings::default();
    load(files, None, &[], &mut findings)
        .unwrap_or_else(|| panic!("the case does not load: {:?}", findings.list))
}

fn made(files: &CaseFiles, redact: bool) -> Brief {
    with_draws(files, redact, DRAWS, 50, 16)
}

fn with_draws(files: &CaseFiles, redact: bool, draws: u64, compared: u64, leverage: u64) -> Brief {
    let loaded = loaded(files);
    let stop = AtomicBool::new(false);
    let settings = Run { seed: 1, draws: 0..draws };
    let tally = run(&loaded.case, &settings, Effort::silent(1, &stop));
    let forecast = Forecast::new(&loaded.case, 1, &tally, &term);
    let command = format!("winset brief --draws {draws} --seed 1 --compared {compared}");
    let settings = Settings { compared, leverage, threads: 1, redact, marking: None, command };
    brief(&loaded, &forecast, Past::default(), &settings, &stop)
}

/// A brief of each shipped case, made once.
fn shipped() -> &'static [(&'static str, Brief)] {
    static MADE: OnceLock<Vec<(&'static str, Brief)>> = OnceLock::new();
    MADE.get_or_init(|| {
        winset_files::builtin::CASES.iter().map(|c| (c.slug, made(&c.sources(), false))).collect()
    })
}

#[test]
fn the_briefs_of_the_shipped_cases_read_as_reviewed() {
    for (slug, brief) in shipped() {
        let text = markdown(brief);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/brief/{slug}.md"));
        if std::env::var_os("WINSET_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            text == reviewed,
            "{slug} reads otherwise than {}; WINSET_BLESS=1 rewrites it:\n{}",
            path.display(),
            first_difference(&reviewed, &text)
        );
    }
}

fn first_difference(a: &str, b: &str) -> String {
    let at = a.lines().zip(b.lines()).position(|(x, y)| x != y);
    let at = at.unwrap_or_else(|| a.lines().count().min(b.lines().count()));
    let line = |t: &str| t.lines().nth(at).unwrap_or("(the end)").to_owned();
    format!("line {}:\n- {}\n+ {}", at + 1, line(a), line(b))
}

#[test]
fn the_wording_check_finds_nothing_in_a_brief() {
    for (slug, brief) in shipped() {
        let page = html(brief).unwrap();
        let labels = labels_of(&page);
        assert!(labels.len() > 1_000, "{slug}: the charts have no words");
        // What was said is in the words of whoever entered it.
        let escaped = |text: &str| text.replace('&', "&amp;").replace('\'', "&#39;");
        let words = brief.record.iter().flat_map(|e| [e.text.clone(), escaped(&e.text)]);
        let words: Vec<String> = words.filter(|text| !text.is_empty()).collect();
        for text in [markdown(brief), page, labels] {
            let text = words.iter().fold(text, |text, words| text.replace(words, "it was said"));
            // The names of the bands on a scale are no judgement.
            let bands = winset_page::words::Lexicon::Icd203A.bands().iter();
            let text = bands.fold(text, |t, band| t.replace(&format!(">{}<", band.term), "><"));
            let found = lint(&text, &Options::default());
            let said =
                |f: &winset_page::lint::Finding| text.lines().nth(f.line - 1).map(str::to_owned);
            let lines: Vec<_> = found.iter().map(|f| (&f.message, said(f))).collect();
            assert!(lines.is_empty(), "{slug}: {lines:?}");
        }
    }
}

/// What a page says to who cannot see its drawings: labels, titles and descriptions.
fn labels_of(page: &str) -> String {
    let mut out = String::new();
    for (open, close) in [("aria-label=\"", "\""), ("<title>", "</title>"), ("<desc>", "</desc>")] {
        for part in page.split(open).skip(1) {
            out += &format!("{}.\n\n", part.split(close).next().unwrap_or_default());
        }
    }
    out
}

#[test]
fn every_work_named_beside_an_alternative_is_in_the_references() {
    let references = include_str!("../../../../references.bib");
    let mut found = 0;
    for (slug, brief) in shipped() {
        for part in brief.alternatives.iter().flat_map(|a| a.source.split("; ")) {
            let Some((who, year)) = part.rsplit_once(' ') else { continue };
            if year.len() != 4 || !year.chars().all(|c| c.is_ascii_digit()) {
                continue;
            }
            let first = who.split([' ', ',']).next().unwrap().to_lowercase();
            let key = format!("{{{first}{year},");
            assert!(references.contains(&key), "{slug}: {part} has no entry {key}");
            found += 1;
        }
    }
    assert!(found >= 3, "{found}");
}

#[test]
fn markdown_and_html_say_the_same() {
    for (slug, brief) in shipped() {
        let page = html(brief).unwrap();
        let unescaped = |t: &str| {
            t.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
        };
        let page = page.replace("<code>", "`").replace("</code>", "`");
        let page = unescaped(&page).replace('\u{a0}', " ").replace('\u{2060}', "");
        let text = markdown(brief).replace('\\', "");
        for said in winset_report::brief::compose(brief).texts() {
            assert!(page.contains(said), "{slug}: the page lacks {said:?}");
            assert!(text.contains(said), "{slug}: the Markdown lacks {said:?}");
        }
    }
}

#[cfg(feature = "documents")]
#[test]
fn a_file_for_a_word_processor_says_the_same() {
    for (slug, brief) in shipped() {
        let document = winset_report::brief::compose(brief);
        let bytes = winset_page::document::docx(&document, None).unwrap();
        let read = winset_text::document::read("brief.docx", &bytes).unwrap();
        let text = read[0].text.replace('\u{a0}', " ");
        assert_eq!(read[0].title.as_deref(), Some(document.title.as_str()));
        for said in document.texts() {
            assert!(text.contains(said), "{slug}: the file lacks {said:?}");
        }
    }
}

/// Numbers in the text of a section, and the values of the brief they must come from.
const SECTIONS: [(&str, &[&str]); 20] = [
    ("On which terms", &["terms", "question"]),
    ("What the number is made of", &["answer", "class", "question"]),
    ("What to watch", &["indicators", "question"]),
    ("Who closes", &["members", "openings"]),
    ("Confidence", &["confidence"]),
    ("How to cite", &["method", "as_of"]),
    ("If the talks fail", &["without_deal"]),
    ("Bottom line", &["answer", "class", "question", "zone", "endings"]),
    ("What changed", &["changed", "question", "as_of"]),
    ("By when", &["dates", "method"]),
    ("How the", &["endings", "force", "events", "question"]),
    ("Who blocks", &["members", "conflicts", "openings", "zone", "method"]),
    ("Feasible terms", &["terms", "packages", "people", "question", "method"]),
    ("Alternatives", &["alternatives", "question", "method"]),
    ("Indicators", &["indicators", "question"]),
    (
        "Assumptions",
        &["assumptions", "leverage", "enough", "unsupported", "inputs", "confidence", "question"],
    ),
    ("What was said", &["beliefs", "as_of"]),
    ("Sources", &["sources", "record", "notes", "as_of"]),
    ("How it was", &["method", "answer", "zone", "as_of"]),
    (
        "Tradecraft",
        &[
            "answer",
            "question",
            "zone",
            "conflicts",
            "openings",
            "alternatives",
            "indicators",
            "assumptions",
            "confidence",
            "record",
            "sources",
            "unsupported",
            "inputs",
            "dates",
            "terms",
            "changed",
        ],
    ),
];

/// What is written alike in every brief: the bands of the lexicon, the heads of columns, the scale
/// of grades, the numbers of the standards.
const FIXED: [&str; 36] = [
    "Median (5–95 %)",
    "| 10 % |",
    " 90 % |",
    "no. 1",
    "no. 2",
    "no. 3",
    "no. 4",
    "no. 5",
    "10 % to 90 %",
    "at 10 % and 90 % of",
    "(1–5 %",
    "(5–20 %",
    "(20–45 %",
    "(45–55 %",
    "(55–80 %",
    "(80–95 %",
    "(95–99 %",
    "5 % to 95 %",
    "| 5 % |",
    " 95 % |",
    "(1 to 6)",
    "F and 6 mean",
    "ICD 203",
    "in 1 % of draws or more",
    "| 1 Sources",
    "| 2 Unc",
    "| 3 Ass",
    "| 4 Alt",
    "| 5 Rel",
    "| 6 Arg",
    "| 7 Cha",
    "| 8 Acc",
    "| 9 Vis",
    "less than 0.1 points",
    "half a point",
    "times in a hundred",
];

#[test]
fn every_number_in_the_text_is_a_value_of_the_brief() {
    for (slug, brief) in shipped() {
        let values: Value = serde_json::from_str(&json(brief).unwrap()).unwrap();
        let text = markdown(brief);
        let mut checked = 0;
        for section in text.split("\n## ").skip(1) {
            let title = section.lines().next().unwrap_or_default();
            let from = SECTIONS.iter().find(|s| title.starts_with(s.0));
            let (_, keys) = from.unwrap_or_else(|| panic!("{slug}: no values for {title:?}"));
            let mut allowed = BTreeSet::new();
            for key in *keys {
                formats(&values[*key], &mut allowed);
            }
            derived(brief, keys, &mut allowed);
            let mut rest = section.replace('\\', "");
            for fixed in FIXED {
                rest = rest.replace(fixed, " ");
            }
            for number in numbers(&rest) {
                assert!(
                    allowed.contains(&number),
                    "{slug}, {title}: {number} is no value of {keys:?}"
                );
                checked += 1;
            }
        }
        assert!(checked > 50, "{slug}: only {checked} numbers");
    }
}

#[test]
fn a_number_that_is_no_value_is_found() {
    let (_, brief) = &shipped()[0];
    let values: Value = serde_json::from_str(&json(brief).unwrap()).unwrap();
    let mut allowed = BTreeSet::new();
    formats(&values["answer"], &mut allowed);
    let p = (100.0 * brief.answer.p).round();
    assert!(allowed.contains(&format!("{p}")));
    assert!(!allowed.contains(&format!("{}", p + 40.0)));
}

/// Digits, with the commas and points inside them.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut number = String::new();
    let mut letters = false;
    let chars: Vec<char> = text.chars().chain([' ']).collect();
    for (k, c) in chars.iter().enumerate() {
        let inside = !number.is_empty()
            && matches!(c, '.' | ',')
            && chars.get(k + 1).is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || inside {
            if number.is_empty() {
                letters = k > 0 && chars[k - 1].is_alphabetic();
            }
            number.push(*c);
        } else if !number.is_empty() {
            // A digit in a word is a name.
            if !letters && !c.is_alphabetic() {
                found.push(number.clone());
            }
            number.clear();
        }
    }
    found
}

/// Every way the brief writes the numbers of a value, and the numbers inside its texts.
fn formats(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Number(n) => {
            let x = n.as_f64().expect("a number");
            let percent = (100.0 * x).round();
            if (0.0..=1.0).contains(&x) {
                into.insert(match percent as i64 {
                    0 => "1".to_owned(),
                    100 => "99".to_owned(),
                    n => n.to_string(),
                });
            }
            for digits in 0..=4 {
                let text = format!("{:.digits$}", x.abs());
                into.insert(text.clone());
                if text.contains('.') {
                    into.insert(text.trim_end_matches('0').trim_end_matches('.').to_owned());
                }
            }
            into.insert(format!("{:.1}", (100.0 * x).abs()));
            if let Some(n) = n.as_u64().filter(|n| *n >= 1000) {
                into.insert(format!("{},{:03}", n / 1000, n % 1000));
            }
        }
        Value::String(s) => {
            into.extend(numbers(s));
            for part in s.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()) {
                into.insert(part.to_owned());
                into.insert(part.trim_start_matches('0').to_owned());
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| formats(row, into)),
        Value::Object(fields) => fields.values().for_each(|v| formats(v, into)),
        _ => {}
    }
}

/// What people do with the zone stands in the brief of a case that has one, joint and by issue.
#[test]
fn a_brief_says_what_people_do_with_the_zone() {
    for (slug, brief) in shipped() {
        let Some(people) = &brief.people else { panic!("{slug}: no draw has a zone") };
        let struck: f64 = people.packages.iter().map(|p| p.p).sum();
        assert!(people.draws == 200 && people.open > 0 && struck > 0.0 && struck <= 1.0 + 1e-9);
        let text = markdown(brief);
        for band in people.issues.iter().chain(&people.gains) {
            assert!(band.people >= 0.0 && band.analyst >= 0.0 && band.q10 <= band.q90, "{slug}");
        }
        for part in ["± people", "± analyst", "P\\(struck, given a deal\\)"] {
            let part = if text.contains(part) { part.to_owned() } else { part.replace('\\', "") };
            assert!(text.contains(&part), "{slug}: {part}");
        }
    }
}

/// Counts and differences of the values.
fn derived(b: &Brief, keys: &[&str], into: &mut BTreeSet<String>) {
    let mut put = |key: &str, n: usize| {
        if keys.contains(&key) {
            into.insert(n.to_string());
        }
    };
    put("unsupported", b.unsupported.len());
    put("record", b.record.len());
    put("record", b.record.iter().filter(|e| e.grade.is_some()).count());
    put("sources", b.origins);
    for x in &b.beliefs {
        put("beliefs", x.statements.len());
    }
    put("dates", b.dates.len());
    put("terms", b.terms.len());
    put("indicators", b.indicators.len());
    put("assumptions", b.assumptions.len().min(8));
    let judged = b.assumptions.iter().take(8).filter(|a| a.source.starts_with("judgement"));
    put("assumptions", judged.count());
    for kind in ["theory", "assumption"] {
        put("alternatives", b.alternatives.iter().filter(|a| a.kind == kind).count());
    }
    if keys.contains(&"openings") {
        for o in &b.openings {
            for (x, mark) in [(o.from, &o.from_mark), (o.to, &o.to_mark)] {
                let Some(mark) = mark else { continue };
                formats(&serde_json::json!((x - mark.at).abs()), into);
            }
        }
    }
}

#[test]
fn a_redacted_brief_names_nobody_and_no_source() {
    for case in &winset_files::builtin::CASES {
        let files = case.sources();
        let loaded = loaded(&files);
        let brief = made(&files, true);
        let all = [markdown(&brief), html(&brief).unwrap(), json(&brief).unwrap()];
        let public: BTreeSet<String> = loaded
            .case
            .sides
            .iter()
            .flat_map(|s| s.name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>())
            .collect();
        let mut hidden = BTreeSet::new();
        for actor in &loaded.case.actors {
            hidden.insert(actor.name.clone());
            hidden.extend(
                actor
                    .name
                    .split_whitespace()
                    .filter(|w| w.len() >= 4 && !public.contains(&w.to_lowercase()))
                    .map(str::to_owned),
            );
        }
        for e in &loaded.record.entries {
            hidden.extend([&e.text, &e.link, &e.origin, &e.note, &e.source].map(Clone::clone));
            hidden.insert(e.id.clone());
        }
        hidden.extend(loaded.case.notes.iter().flat_map(|(k, t)| [k.clone(), t.clone()]));
        for word in hidden.iter().filter(|w| w.chars().count() >= 3) {
            for text in &all {
                assert!(!has_word(text, word), "{}: {word:?} is shown", case.slug);
            }
        }
        let roles = ["Member 1 of", "leader"];
        if loaded.case.sides.len() > 1 {
            assert!(roles.iter().all(|r| all[0].contains(r)), "roles remain");
        }
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    text.match_indices(&word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// A case with two sides, or one council, whose every name is hostile.
fn hostile(members: usize, name: &str) -> CaseFiles {
    let q = |text: &str| Value::String(text.to_owned()).to_string();
    let name = q(name);
    let mut toml = format!(
        "winset = 1\ntitle = {name}\nas_of = 2025-01-01\n[question]\ntext = {name}\nyes = {name}\n\
         by = 2025-03-01\n[issues.a]\nname = {name}\nnow = 80\nmarks = [[0, {name}], [100, {name}]]\n"
    );
    let sides = if members == 1 { 1 } else { 2 };
    for s in 0..sides {
        let (at, leader) = (20 + 50 * s, format!("m{s}-0"));
        let rule = if members == 1 { "m0-0".to_owned() } else { format!("{leader} and 1 of (") };
        let rest: Vec<String> = (1..members / sides).map(|k| format!("m{s}-{k}")).collect();
        let rule = match (members, rest.is_empty()) {
            (1, _) => rule,
            (_, true) => leader.clone(),
            _ => format!("{rule}{})", rest.join(", ")),
        };
        toml += &format!(
            "[sides.s{s}]\nname = {name}\nratify = \"{rule}\"\nnegotiator = \"{leader}\"\n\
             discount = \"5..10..30\"\nposition.a = \"{}..{at}..{}\"\nsalience.a = 100\n",
            at - 10,
            at + 20
        );
    }
    for k in 0..members {
        let (s, n) = (k % sides, k / sides);
        let role = if n == 0 { "leader" } else { "faction" };
        let line = if s == 0 { "red_max.a = \"20..50..70\"" } else { "red_min.a = \"20..40..60\"" };
        toml += &format!(
            "[actors.m{s}-{n}]\nname = {name}\nside = \"s{s}\"\nrole = \"{role}\"\n{line}\n"
        );
    }
    let case = Source { name: "case.toml".to_owned(), text: toml };
    CaseFiles { case, ..CaseFiles::default() }
}

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\" onload=\"alert(1)\" x=\"",
    "</script><img src=x onerror=alert(1)>",
    "שלום \u{202e}gnp.exe",
    "a | b * c _d_ [e](javascript:alert(1)) `f`",
    "]]>&lt;b&gt;&amp;<!--",
    "# heading\n- item\n> quote",
    "ملف",
];

#[test]
fn nothing_in_a_case_becomes_markup() {
    let long = "n".repeat(300);
    for (k, name) in HOSTILE.iter().copied().chain([long.as_str()]).enumerate() {
        // One member, two, five and thirty, with every name.
        let members = [1, 2, 6, 30][k % 4];
        // Thirty members take a long time to look for what cannot hold together.
        let draws = if members > 6 { 2 } else { 32 };
        let brief =
            with_draws(&hostile(members, name), k % 2 == 1, draws, 2, u64::from(members == 2));
        let page = html(&brief).unwrap();
        assert!(page.len() < 1_000_000);
        check_page(&page);
        let text = markdown(&brief);
        let markup = ["<script", "<img", "](javascript", "\n# heading", "\n- item", "\n> quote"];
        for m in markup {
            assert!(!text.replace("\\<", "").replace("\\]", "").contains(m), "{m} in\n{text}");
        }
        assert!(!text.contains('\u{202e}') && !page.contains('\u{202e}'));
        for line in text.lines().filter(|l| !l.starts_with("# ")) {
            let longest = line.split_whitespace().map(|w| w.chars().count()).max().unwrap_or(0);
            assert!(longest <= 310, "{line}");
        }
        assert!(text.contains("## Bottom line") && text.contains("## Who blocks"));
        let found = lint(&text, &Options::default());
        assert!(found.is_empty(), "{found:?}\n{text}");
    }
}

#[test]
fn the_page_is_one_small_file_that_asks_for_nothing() {
    for (slug, brief) in shipped() {
        let page = html(brief).unwrap();
        assert!(page.len() < 1_000_000, "{slug}: {} bytes", page.len());
        check_page(&page);
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("@import") && !page.contains("url("));
        let start = page.find("id=\"values\">").unwrap() + "id=\"values\">".len();
        let values = &page[start..start + page[start..].find("</script>").unwrap()];
        let embedded: Value = serde_json::from_str(values).unwrap();
        let own: Value = serde_json::from_str(&json(brief).unwrap()).unwrap();
        assert_eq!(embedded, own);
    }
}

/// Walks the tags: known elements, closed in order, no handler, no script but the values, nothing
/// that is fetched, headings in order, every id once.
fn check_page(page: &str) {
    const VOID: [&str; 3] = ["meta", "br", "hr"];
    const KNOWN: [&str; 61] = [
        "bdi",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "h3",
        "dl",
        "div",
        "dt",
        "dd",
        "nav",
        "ol",
        "ul",
        "li",
        "main",
        "section",
        "p",
        "pre",
        "code",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "script",
        "figure",
        "figcaption",
        "svg",
        "g",
        "path",
        "line",
        "rect",
        "circle",
        "text",
        "tspan",
        "title",
        "desc",
        "polyline",
        "polygon",
        "details",
        "summary",
        "defs",
        "clipPath",
        "pattern",
        "ellipse",
        "use",
        "linearGradient",
        "stop",
        "br",
        "hr",
        "span",
        "footer",
        "strong",
    ];
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut scripts = 0;
    let mut heading = 0;
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    while let Some(at) = rest.find('<') {
        let tag = &rest[at + 1..];
        let (name, attributes, after) = tag_of(tag);
        rest = after;
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed out of order");
            continue;
        }
        assert!(KNOWN.contains(&name), "<{name}> has no place in a brief");
        for (key, value) in &attributes {
            assert!(!key.starts_with("on"), "a handler: {key}");
            assert!(!matches!(key.as_str(), "src" | "srcset" | "action"), "{key} is fetched");
            if key == "href" {
                assert!(value.starts_with('#'), "a link to {value}");
            }
            if key == "id" {
                assert!(ids.insert(value.clone()), "two elements are called {value}");
            }
        }
        if let Some(level) = name.strip_prefix('h').and_then(|l| l.parse::<u32>().ok()) {
            assert!(level <= heading + 1, "<{name}> after h{heading}");
            heading = level;
        }
        let raw = matches!(name, "script" | "style");
        if name == "script" {
            scripts += 1;
            assert!(attributes.contains(&("type".to_owned(), "application/json".to_owned())));
        }
        if !VOID.contains(&name) && !tag.split_once('>').is_some_and(|(t, _)| t.ends_with('/')) {
            open.push(name.to_owned());
        }
        if raw {
            let close = format!("</{name}>");
            rest = &rest[rest.find(&close).expect("it is closed")..];
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_eq!(scripts, 1);
}

/// The name and attributes of a tag, and what comes after it.
fn tag_of(tag: &str) -> (&str, Vec<(String, String)>, &str) {
    let end = tag.find(|c: char| c.is_whitespace() || c == '>').expect("a name");
    let (name, mut rest) = tag.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start().trim_start_matches('/');
        if let Some(after) = rest.strip_prefix('>') {
            return (name.trim_end_matches('/'), attributes, after);
        }
        let end = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace()).expect("a tag");
        let (key, after) = rest.split_at(end);
        match after.strip_prefix("=\"") {
            Some(value) => {
                let close = value.find('"').expect("a closed value");
                attributes.push((key.to_owned(), value[..close].to_owned()));
                rest = &value[close + 1..];
            }
            None => {
                attributes.push((key.to_owned(), String::new()));
                rest = after;
            }
        }
    }
}
