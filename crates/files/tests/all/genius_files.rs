//! Files we wrote ourselves: every kind of issue, every refusal, and bytes gone wrong.

use std::path::Path;

use winset_files::genius::{
    self, Description, GeniusError, IssueDescription, ProfileDescription, case_skeleton, parse,
    write_domain, write_profile,
};
use winset_model::theory::domain::Domain;

fn read(domain: &str, profile: &str) -> Result<Domain, GeniusError> {
    let files = [
        (Path::new("f/domain.xml"), domain.as_bytes()),
        (Path::new("f/profile.xml"), profile.as_bytes()),
    ];
    parse(Path::new("f"), &files)
}

fn template(issues: &str) -> String {
    format!(
        "<negotiation_template><utility_space><objective>{issues}</objective></utility_space></negotiation_template>"
    )
}

fn space(issues: &str, rest: &str) -> String {
    format!("<utility_space><objective>{issues}</objective>{rest}</utility_space>")
}

#[test]
fn evaluations_are_divided_by_the_largest_and_weights_stay() {
    let items = r#"<issue index="7" type="discrete" name="a"><item index="4" value="x" evaluation="5"/><item index="9" value="y" evaluation="20"/></issue>"#;
    let profile = space(
        &format!(r#"{items}<weight index="7" value="0.6"/><weight index="1" value="0.4"/>"#),
        r#"<reservation value="0.2"/><discount_factor value="0.9"/>"#,
    );
    let domain = read(&template(items), &profile).unwrap();
    assert_eq!(domain.utilities(), [0.6 * (5.0 / 20.0), 0.6]);
    assert_eq!(domain.sides()[0].reservation, 0.2);
    assert_eq!(domain.sides()[0].discount, Some(0.9));
    assert_eq!(domain.issues()[0].values, ["x", "y"]);
}

#[test]
fn values_are_matched_by_name() {
    let there = r#"<issue index="1" name="a"><item value="x"/><item value="y"/></issue>"#;
    let own = r#"<issue index="1" name="a"><item value="y" evaluation="1"/><item value="x" evaluation="4"/></issue><weight index="1" value="1"/>"#;
    let domain = read(&template(there), &space(own, "")).unwrap();
    assert_eq!(domain.utilities(), [1.0, 0.25]);
}

#[test]
fn integers_count_from_their_bound_and_reals_from_zero() {
    let integer = r#"<issue index="1" type="integer" name="a" lowerbound="8" upperbound="10">"#;
    let evaluator = r#"<evaluator ftype="linear" offset="1.0" slope="-0.25"/></issue><weight index="1" value="1"/>"#;
    let domain = read(
        &template(&format!("{integer}</issue>")),
        &space(&format!("{integer}{evaluator}"), ""),
    )
    .unwrap();
    assert_eq!(domain.utilities(), [1.0, 0.75, 0.5]);

    let real = r#"<issue index="1" type="real" name="a"><range lowerbound="1" upperbound="3"/>"#;
    let evaluator = r#"<evaluator ftype="linear" parameter0="0.1" parameter1="0.2"/></issue><weight index="1" value="1"/>"#;
    let domain =
        read(&template(&format!("{real}</issue>")), &space(&format!("{real}{evaluator}"), ""))
            .unwrap();
    let worth = domain.utilities();
    assert_eq!(worth.len(), genius::REAL_STEPS);
    assert!((worth[0] - 0.3).abs() < 1e-12 && (worth[20] - 0.7).abs() < 1e-12);
    assert_eq!(domain.issues()[0].values[10], "2");
}

#[test]
fn overlapping_rectangles_add_up() {
    let issues = r#"<issue index="1" type="integer" name="a" lowerbound="0" upperbound="2"/><issue index="2" type="integer" name="b" lowerbound="0" upperbound="1"/>"#;
    let rectangles = r#"<utility maxutility="10"><ufun aggregation="sum" weight="1">
        <hyperRectangle utility="4"><INCLUDES index="1" min="0" max="1"/></hyperRectangle>
        <hyperRectangle utility="3"><INCLUDES index="1" min="1" max="2"/><INCLUDES index="2" min="1" max="1"/></hyperRectangle>
    </ufun></utility>"#;
    let domain = read(&template(issues), &space(issues, rectangles)).unwrap();
    assert_eq!(domain.utilities(), [0.4, 0.4, 0.4, 0.7, 0.0, 0.3]);
    let turned = rectangles.replace(r#"min="0" max="1""#, r#"min="1" max="0""#);
    let refused = read(&template(issues), &space(issues, &turned)).unwrap_err();
    assert!(refused.to_string().contains("runs from 1 to 0"), "{refused}");
    let undeclared = rectangles.replace(r#" maxutility="10""#, "");
    let domain = read(&template(issues), &space(issues, &undeclared)).unwrap();
    assert_eq!(domain.utilities()[3], 1.0);
}

#[test]
fn what_is_written_is_read_back() {
    let description = Description {
        name: "a <&> \"b\"".into(),
        issues: vec![
            IssueDescription {
                name: "price & time".into(),
                values: vec!["<5".into(), "ü\n".into()],
            },
            IssueDescription { name: "place".into(), values: vec!["'here'".into()] },
        ],
    };
    let profile = ProfileDescription {
        weights: vec![0.75, 0.25],
        evaluations: vec![vec![1.0, 2.0], vec![3.0]],
        reservation: 0.1,
        discount: Some(0.5),
    };
    let xml = write_profile(&description, &profile).unwrap();
    let domain = read(&write_domain(&description), &xml).unwrap();
    for (issue, written) in domain.issues().iter().zip(&description.issues) {
        assert_eq!((&issue.name, &issue.values), (&written.name, &written.values));
    }
    assert_eq!(domain.utilities(), [0.375 + 0.25, 1.0]);
    assert_eq!(domain.reservations(), [0.1]);
    let unfit = ProfileDescription { weights: vec![f64::NAN, 1.0], ..profile };
    assert_eq!(write_profile(&description, &unfit), None);
}

#[test]
fn a_skeleton_is_a_case_in_toml() {
    let items = r#"<issue index="1" name="Price ($)"><item value="low &quot;x&quot;" evaluation="1"/><item value="mid" evaluation="2"/><item value="high" evaluation="4"/></issue><issue index="2" name="価格"><item value="p" evaluation="1"/></issue><weight index="1" value="1"/><weight index="2" value="0"/>"#;
    let domain = read(&template(items), &space(items, "")).unwrap();
    let table: toml::Table = case_skeleton(&domain, "2026-03-01").parse().unwrap();
    assert_eq!(table["issues"]["price"]["marks"][1][0].as_integer(), Some(50));
    assert_eq!(table["issues"]["price"]["marks"][0][1].as_str(), Some("low \"x\""));
    assert!(table["issues"].get("issue").is_some());
    assert_eq!(table["sides"]["profile"]["position"]["price"].as_integer(), Some(100));
    assert_eq!(table["sides"]["profile"]["salience"]["price"].as_integer(), Some(100));
    assert_eq!(table["sides"]["profile"]["ratify"].as_str(), Some("profile-leader"));
    assert_eq!(table["actors"]["profile-leader"]["side"].as_str(), Some("profile"));
}

/// What is refused, the line, and a word of the message.
#[test]
fn refusals_name_file_line_expectation_and_hint() {
    let issue = r#"<issue index="1" name="a"><item value="x" evaluation="1"/></issue>"#;
    let good = space(&format!(r#"{issue}<weight index="1" value="1"/>"#), "");
    let bomb = format!(
        "<!DOCTYPE t [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>\n{}",
        template(issue)
    );
    let big: String = (1..=12)
        .map(|i| format!(r#"<issue index="{i}" type="integer" lowerbound="0" upperbound="9"/>"#))
        .collect();
    let huge_strings: String = (1..=900)
        .map(|i| {
            format!(r#"<issue index="{i}" type="integer" lowerbound="0" upperbound="1000000"/>"#)
        })
        .collect();
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let long = template(&issue.replace("\"a\"", &format!("\"{}\"", "a".repeat(1_000_000))));
    let many = format!(
        "<negotiation_template {}/>",
        (0..100).map(|i| format!("a{i}=\"\" ")).collect::<String>()
    );
    let cases: &[(&str, &str, &str, usize, &str)] = &[
        ("bomb", &bomb, &good, 1, "DOCTYPE"),
        ("entity", &template(&issue.replace("\"a\"", "\"&huge;\"")), &good, 1, "well-formed"),
        ("entity in text", &template("\n&huge;"), &good, 2, "entity"),
        ("deep", &deep, &good, 1, "deep"),
        ("long attribute", &long, &good, 1, "too long"),
        ("many attributes", &many, &good, 1, "too many attributes"),
        ("10^12 packages", &template(&big), &good, 0, "1000000000000 packages"),
        ("uncountable", &template(&huge_strings), &good, 0, "more packages than can be counted"),
        ("unclosed", "<negotiation_template>\n<utility_space>\n", &good, 3, "never closed"),
        ("mismatch", "<negotiation_template>\n</b>", &good, 2, "well-formed"),
        ("empty", "", &good, 1, "no element"),
        ("other root", "<html/>", &good, 1, "`<html>`"),
        ("two domains", &template(issue), &template(issue), 1, "second domain"),
        ("no issue", &template(""), &good, 1, "no issue"),
        ("no weight", &template(issue), &space(issue, ""), 1, "no weight"),
        (
            "number",
            &template(issue),
            &good.replace("evaluation=\"1\"", "evaluation=\"\nmuch\""),
            1,
            "no number",
        ),
        (
            "infinite",
            &template(issue),
            &good.replace("evaluation=\"1\"", "evaluation=\"inf\""),
            1,
            "no number",
        ),
        (
            "other value",
            &template(issue),
            &good.replace("value=\"x\"", "value=\"y\""),
            1,
            "no value `x`",
        ),
        (
            "bounds",
            &template(r#"<issue index="1" type="integer" lowerbound="3" upperbound="1"/>"#),
            &good,
            1,
            "bounds",
        ),
        (
            "far bounds",
            &template(r#"<issue index="1" type="integer" lowerbound="-9e15" upperbound="9e15"/>"#),
            &good,
            1,
            "bounds",
        ),
        ("type", &template(r#"<issue index="1" type="colour"/>"#), &good, 1, "`colour`"),
    ];
    for (what, domain, profile, line, message) in cases {
        let error = read(domain, profile).unwrap_err();
        assert!(error.fault.message.contains(message), "{what}: {error}");
        assert_eq!(error.fault.line, *line, "{what}: {error}");
        assert!(!error.fault.expected.is_empty() && !error.fault.hint.is_empty(), "{what}");
        let shown = error.to_string();
        assert!(shown.starts_with("f/") && shown.contains("\n\nhint: "), "{what}: {shown}");
        assert!(shown.len() < 1000, "{what}");
    }
    assert!(read(&template(issue), &good).is_ok());
    let missing = genius::load(Path::new("no/such/folder")).unwrap_err();
    assert!(missing.io && missing.to_string().contains("no/such/folder"));
}

struct Lcg(u64);

impl Lcg {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// Changes a few bytes: overwrites, removes, doubles a stretch, or puts in a token that hurts.
fn spoil(bytes: &mut Vec<u8>, random: &mut Lcg) {
    const TOKENS: [&[u8]; 10] = [
        b"<",
        b">",
        b"\"",
        b"&",
        b"&#x0;",
        b"<!DOCTYPE a>",
        b"]]>",
        b"\xff",
        b"9999999999",
        b"-1e308",
    ];
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(4) {
            0 => bytes[at] = random.below(256) as u8,
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            _ => drop(bytes.splice(at..at, TOKENS[random.below(TOKENS.len())].iter().copied())),
        }
        if bytes.is_empty() {
            bytes.push(b' ');
        }
    }
}

/// Whatever the bytes: a domain that holds together, or an error that says where.
fn survives(files: &[(std::path::PathBuf, Vec<u8>)]) -> bool {
    let borrowed: Vec<(&Path, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    match parse(Path::new("f"), &borrowed) {
        Ok(domain) => {
            assert!(domain.packages() * domain.sides().len() <= 1 << 26);
            if domain.packages() < 10_000 {
                assert!(domain.utilities().iter().all(|u| u.is_finite() && *u <= 1.0));
            }
            true
        }
        Err(error) => {
            assert!(!error.fault.message.is_empty());
            false
        }
    }
}

fn spoil_all(files: &[(std::path::PathBuf, Vec<u8>)], rounds: usize, random: &mut Lcg) -> usize {
    let mut loaded = 0;
    for _ in 0..rounds {
        let mut spoilt = files.to_vec();
        let victim = random.below(spoilt.len());
        spoil(&mut spoilt[victim].1, random);
        loaded += usize::from(survives(&spoilt));
    }
    loaded
}

#[test]
fn spoilt_bytes_never_panic() {
    let items = r#"<issue index="1" name="a"><item index="1" value="x" evaluation="1"/><item index="2" value="y" evaluation="2"/></issue><issue index="2" type="integer" lowerbound="1" upperbound="9" name="b"><evaluator ftype="linear" offset="0.1" slope="0.1"/></issue><weight index="1" value="0.5"/><weight index="2" value="0.5"/>"#;
    let files = [
        ("f/domain.xml".into(), template(items).into_bytes()),
        ("f/profile.xml".into(), space(items, "<reservation value=\"0\"/>").into_bytes()),
    ];
    let loaded = spoil_all(&files, 4000, &mut Lcg(17));
    // Some changes are harmless, most are not: both paths were walked.
    assert!((100..3900).contains(&loaded), "{loaded}");
}

#[test]
fn spoilt_real_files_never_panic() {
    let Some(root) = crate::data::data("spoilt_real_files_never_panic", "genius") else { return };
    let mut random = Lcg(23);
    for folder in ["y2012/CameraA", "y2012/FitnessA", "y2016/YXAgent", "y2010/ItexvsCypress"] {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            files.push((path, bytes));
        }
        files.sort();
        assert!(survives(&files));
        spoil_all(&files, 300, &mut random);
    }
}

#[test]
fn rectangles_beyond_counting_are_refused() {
    let issues = r#"<issue index="1" type="integer" name="a" lowerbound="0" upperbound="999999"/>"#;
    let bounds = r#"<INCLUDES index="1" min="0" max="5"/>"#.repeat(2000);
    let rectangles = format!(
        r#"<ufun aggregation="sum"><hyperRectangle utility="4">{bounds}</hyperRectangle></ufun>"#
    );
    let error = read(&template(issues), &space(issues, &rectangles)).unwrap_err();
    assert!(error.fault.message.contains("too many rectangles"), "{error}");
}

/// `EXCLUDES` keeps a package out of its rectangle: of ten values the last five are worth nothing.
#[test]
fn what_a_rectangle_excludes_is_worth_nothing_there() {
    let issue = r#"<issue index="1" name="a" type="integer" lowerbound="0" upperbound="9"/>"#;
    let profile = |inside: &str| {
        format!(
            "<utility_space><objective index=\"0\">{issue}</objective><utility><ufun>{inside}</ufun>\
             </utility></utility_space>"
        )
    };
    let worth = |inside: &str| -> Result<Vec<f64>, String> {
        let (domain, profile) = (template(issue), profile(inside));
        let files =
            [(Path::new("d.xml"), domain.as_bytes()), (Path::new("p.xml"), profile.as_bytes())];
        parse(Path::new("x"), &files).map(|d| d.utilities()).map_err(|e| e.to_string())
    };
    let half =
        r#"<hyperRectangle utility="100"><EXCLUDES index="1" min="5" max="9"/></hyperRectangle>"#;
    assert_eq!(worth(half).unwrap(), [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let both = r#"<hyperRectangle utility="40"><INCLUDES index="1" min="2" max="7"/><EXCLUDES index="1" min="5" max="9"/></hyperRectangle><hyperRectangle utility="60"/>"#;
    assert_eq!(worth(both).unwrap(), [0.6, 0.6, 1.0, 1.0, 1.0, 0.6, 0.6, 0.6, 0.6, 0.6]);
    for unknown in ["<hyperEllipsoid/>", "<hyperRectangle utility=\"1\"><NEAR/></hyperRectangle>"] {
        assert!(worth(unknown).unwrap_err().contains("is not known here"), "{unknown}");
    }
}

#[test]
fn results_beside_a_domain_and_objectives_within_the_objective_are_read_past() {
    let a = r#"<issue index="2" name="a"><item value="x" evaluation="1"/><item value="y" evaluation="2"/></issue>"#;
    let domain = template(&format!("<objective index=\"1\">{a}</objective>"));
    let of = |weight: &str| {
        space(
            &format!(
                "<objective index=\"1\">{a}<weight index=\"2\" value=\"0.8\"/></objective>\
                 <weight index=\"1\" value=\"{weight}\"/>"
            ),
            "",
        )
    };
    let load = |weight: &str| {
        let profile = of(weight);
        let files = [
            (Path::new("d.xml"), domain.as_bytes()),
            (Path::new("p.xml"), profile.as_bytes()),
            (Path::new("pareto.xml"), &b"<frontier/>"[..]),
        ];
        parse(Path::new("x"), &files).map_err(|e| e.to_string())
    };
    assert_eq!(load("1").unwrap().utilities(), [0.4, 0.8]);
    assert!(load("0.5").unwrap_err().contains("the objective 1 within"), "{:?}", load("0.5"));
}
