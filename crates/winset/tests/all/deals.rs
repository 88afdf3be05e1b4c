//! `winset deals`, `import` and `export` as they are typed.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::command::run;

fn winset(args: &[&str]) -> Output {
    run(Path::new("."), args)
}

fn deals(path: &Path) -> Value {
    let out = winset(&["deals", path.to_str().unwrap(), "--json"]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success() && said.is_empty(), "{}: {said}", path.display());
    serde_json::from_slice(&out.stdout).unwrap()
}

fn cases() -> [std::path::PathBuf; 2] {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    [cases.join("emission-standards-1994"), cases.join("us-iran-2025")]
}

/// The numbers of the field of a reference line that begins with `label`.
fn numbers(line: &str, label: &str) -> Vec<f64> {
    let field = line.split('|').map(str::trim).find(|f| f.starts_with(label));
    let words = field.map_or("", |f| f).split_whitespace();
    words.take_while(|w| *w != "df").filter_map(|w| w.parse().ok()).collect()
}

fn close(value: &Value, expected: &[f64]) -> bool {
    let row = value.as_array().unwrap();
    row.len() == expected.len()
        && row.iter().zip(expected).all(|(a, b)| (a.as_f64().unwrap() - b).abs() <= 1e-5)
}

/// Whether the Nash package, or one that ties with it, has these utilities.
fn among(solution: &Value, expected: &[f64]) -> bool {
    solution["tied"].as_array().unwrap().iter().any(|tied| close(&tied["utilities"], expected))
}

/// One line against the command; the number of rational packages.
fn check(folder: &Path, line: &str) -> u64 {
    let report = deals(folder);
    let name = line.split('|').next().unwrap().trim();
    assert_eq!(report["schema"], "winset/deals/1");
    assert_eq!(report["kind"], "domain");
    let files: Vec<&str> = report["sides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side["name"].as_str().unwrap())
        .collect();
    assert!(files.is_sorted(), "{name}: {files:?}");
    let expected = numbers(line, "pareto")[0];
    assert_eq!(report["pareto"]["outcomes"].as_f64().unwrap(), expected, "{name}");
    assert!(report["pareto"]["points"].as_f64().unwrap() <= expected);
    if let Some(bids) = numbers(line, "bids").first() {
        assert_eq!(report["packages"].as_f64().unwrap(), *bids, "{name}");
    }
    if let Some(expected) = numbers(line, "opp").first() {
        assert!((report["opposition"].as_f64().unwrap() - expected).abs() <= 1e-5, "{name}");
    }
    let rational = report["rational"].as_u64().unwrap();
    let keys = report.as_object().unwrap();
    for key in ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] {
        let reason = format!("{key}_reason");
        assert_eq!(keys[key].is_null(), rational == 0, "{name}: {key}");
        assert_eq!(keys.contains_key(&reason), rational == 0, "{name}: {reason}");
        if rational > 0 {
            assert!(keys[key]["package"].is_object(), "{name}: {key}");
        }
    }
    if rational > 0 {
        assert!(among(&report["nash"], &numbers(line, "nash")), "{name}: {}", report["nash"]);
    }
    rational
}

fn check_all(root: &Path, text: &str, rational: &[(&str, u64, u64)]) {
    let mut seen = 0;
    for line in text.lines() {
        let name = line.split('|').next().unwrap().trim();
        let folders = ["y2012", "y2010", "y2016"].map(|year| root.join(year).join(name));
        let multilateral = line.contains("profiles");
        let folder = folders
            .iter()
            .filter(|f| f.ends_with(Path::new("y2016").join(name)) == multilateral)
            .find(|f| f.exists())
            .unwrap();
        let found = check(folder, line);
        if let Some((_, count, of)) = rational.iter().find(|(n, ..)| *n == name) {
            assert_eq!(found, *count, "{name}");
            assert_eq!(deals(folder)["packages"], *of, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, rational.len());
}

#[test]
fn bilateral_domains_agree_with_genius() {
    let Some(root) = crate::data::data("bilateral_domains_agree_with_genius", "genius") else {
        return;
    };
    let text = include_str!("../../../files/tests/data/genius_bilateral.txt");
    assert_eq!(text.lines().count(), 75);
    let rational = [
        ("ItexvsCypressA", 20, 180),
        ("EnglandvsZimbabweA", 298, 576),
        ("AirportSiteSelectionA", 141, 420),
        ("BarterA", 39, 80),
        ("FiftyFiftyA", 1, 11),
        ("NiceOrDieC", 0, 3),
    ];
    check_all(&root, text, &rational);
}

#[test]
fn multilateral_domains_agree_with_genius() {
    let Some(root) = crate::data::data("multilateral_domains_agree_with_genius", "genius") else {
        return;
    };
    let text = include_str!("../../../files/tests/data/genius_multilateral.txt");
    assert_eq!(text.lines().count(), 12);
    check_all(
        &root,
        text,
        &[("ClockWork", 58, 100), ("AgentSmith", 201, 320), ("SYAgent", 0, 240)],
    );
}

#[test]
fn a_domain_becomes_a_case_that_passes() {
    let Some(root) = crate::data::data("a_domain_becomes_a_case_that_passes", "genius/y2012")
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (at, entry) in std::fs::read_dir(&root).unwrap().enumerate() {
        let domain = entry.unwrap().path();
        let target = folder.path().join(at.to_string());
        let (from, to) = (domain.to_str().unwrap(), target.to_str().unwrap());
        let out = winset(&["import", from, "-o", to]);
        assert!(out.status.success(), "{from}: {}", String::from_utf8_lossy(&out.stderr));
        let checked = winset(&["check", to, "--json"]);
        assert!(checked.status.success(), "{from}: {}", String::from_utf8_lossy(&checked.stdout));
        // A second time nothing is overwritten.
        assert_eq!(winset(&["import", from, "-o", to]).status.code(), Some(4));
    }
}

#[test]
fn a_case_is_answered_with_the_same_keys() {
    for case in cases() {
        let report = deals(&case);
        assert_eq!(
            (&report["schema"], &report["kind"]),
            (&"winset/deals/1".into(), &"case".into())
        );
        assert!(report["note"].as_str().unwrap().contains("central values"));
        for key in ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] {
            for (side, got) in report["sides"]
                .as_array()
                .unwrap()
                .iter()
                .zip(report[key]["utilities"].as_array().unwrap())
            {
                let least = side["reservation"].as_f64().unwrap() - 1e-9;
                assert!(got.as_f64().unwrap() >= least, "{key}: {side}");
            }
        }
        let out = winset(&["deals", case.to_str().unwrap()]);
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.contains("central values") && text.contains("- Nash"), "{text}");
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
    }
    // Five levels on each of five issues.
    assert_eq!(deals(&cases()[1])["packages"], 3125);
}

/// One issue, one ideal each, no force and no promise: the packages by hand.
#[test]
fn a_small_case_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let case = "winset = 1\ntitle = \"t\"\nas_of = 2025-01-01\n\
        [question]\ntext = \"?\"\nyes = \"!\"\nby = 2025-06-01\n\
        [issues]\nborder = { name = \"Border\", now = 50, scale = [0, 200] }\n\
        [sides.n]\nratify = \"a\"\nposition = { border = 0 }\nsalience = { border = 9 }\n\
        discount = 10\ncost = 20\n\
        [sides.s]\nratify = \"b\"\nposition = { border = \"100..150..180\" }\n\
        salience = { border = 9 }\ndiscount = 10\ncost = 30\n\
        [actors]\na = { side = \"n\", role = \"leader\", capability = 100 }\n\
        b = { side = \"s\", role = \"leader\", capability = 100 }\n";
    std::fs::write(folder.path().join("case.toml"), case).unwrap();
    let report = deals(folder.path());
    // Without a deal: 1 − 50/200 − .2 = .55 and 1 − 100/200 − .3 = .2. Packages 0, 50, …, 200 are
    // worth 1, .75, .5, … and .25, .5, .75, 1, .75: rational are 0 (gains .45, .05) and 50 (.2, .3).
    let gets: Vec<f64> = report["sides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| side["reservation"].as_f64().unwrap())
        .collect();
    assert!((gets[0] - 0.55).abs() < 1e-12 && (gets[1] - 0.2).abs() < 1e-12, "{gets:?}");
    assert_eq!((&report["packages"], &report["rational"]), (&5.into(), &2.into()));
    assert_eq!(report["nash"]["package"]["border"], "50");
    assert!(close(&report["nash"]["utilities"], &[0.75, 0.5]));
    assert_eq!(report["utilitarian"]["outcomes"], 2);
    assert_eq!(report["pareto"]["outcomes"], 4);
}

#[test]
fn an_exported_case_has_the_same_solutions() {
    for (case, joined) in cases().iter().zip([false, true]) {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("domain");
        let (from, to) = (case.to_str().unwrap(), target.to_str().unwrap());
        let out = winset(&["export", from, "--to", "genius", "-o", to]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let (ours, theirs) = (deals(case), deals(&target));
        assert_eq!((&ours["kind"], &theirs["kind"]), (&"case".into(), &"domain".into()));
        for key in ["packages", "rational"] {
            assert_eq!(ours[key], theirs[key], "{from}: {key}");
        }
        for key in ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] {
            let mut package = ours[key]["package"].clone();
            if joined {
                let each = package.as_object().unwrap().iter();
                let words: Vec<String> =
                    each.map(|(k, v)| format!("{k} {}", v.as_str().unwrap())).collect();
                package = serde_json::json!({ "package": words.join("; ") });
            }
            assert_eq!(package, theirs[key]["package"], "{from}: {key}");
            assert_eq!(ours[key]["outcomes"], theirs[key]["outcomes"], "{from}: {key}");
        }
        // What is there is not overwritten.
        assert_eq!(winset(&["export", from, "--to", "genius", "-o", to]).status.code(), Some(4));
    }
}

#[test]
fn a_huge_domain_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let issue = |k: usize, number: bool| {
        let value = |v: usize| match number {
            true => format!("<item index=\"{v}\" value=\"v{v}\" evaluation=\"{v}\"/>"),
            false => format!("<item index=\"{v}\" value=\"v{v}\"/>"),
        };
        let values: String = (1..=10).map(value).collect();
        format!("<issue index=\"{k}\" name=\"i{k}\" type=\"discrete\">{values}</issue>")
    };
    let issues = |number| (1..=12).map(|k| issue(k, number)).collect::<String>();
    let weights: String =
        (1..=12).map(|k| format!("<weight index=\"{k}\" value=\"0.1\"/>")).collect();
    let domain = format!(
        "<negotiation_template><utility_space><objective index=\"0\" name=\"all\">{}</objective>\
         </utility_space></negotiation_template>",
        issues(false)
    );
    let profile = format!(
        "<utility_space><objective index=\"0\" name=\"all\">{}{weights}</objective></utility_space>",
        issues(true)
    );
    std::fs::write(folder.path().join("domain.xml"), domain).unwrap();
    for side in ["a.xml", "b.xml"] {
        std::fs::write(folder.path().join(side), &profile).unwrap();
    }
    for json in [false, true] {
        let mut args = vec!["deals", folder.path().to_str().unwrap()];
        args.extend(json.then_some("--json"));
        let out = winset(&args);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(1), "{said}");
        assert!(out.stdout.is_empty());
        assert!(said.contains("1000000000000 packages for 2 sides; at most"), "{said}");
        if json {
            let error: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(error["schema"], "winset/error/1");
        }
    }
}

#[test]
fn what_is_no_domain_and_no_case_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    assert_eq!(winset(&["deals", path]).status.code(), Some(2));
    assert_eq!(winset(&["deals", "/no/such/place"]).status.code(), Some(3));
    assert_eq!(winset(&["import", "/no/such/place"]).status.code(), Some(3));
    std::fs::write(folder.path().join("a.xml"), "<nonsense/>").unwrap();
    let out = winset(&["deals", path]);
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(said.contains("<nonsense>") && said.contains("hint:"), "{said}");
    assert_eq!(winset(&["deals", path, "--set", "a=1"]).status.code(), Some(2));
}

/// `winset deals --rule people`: a distribution, its bands in order, and its spread in two parts.
#[test]
fn people_are_a_distribution_over_the_zone() {
    for path in cases() {
        let path = path.to_str().unwrap();
        let args = ["deals", path, "--rule", "people", "--draws", "60", "--threads", "1"];
        let out = winset(&[&args[..], &["--json"]].concat());
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let people = &report["people"];
        let packages = people["packages"].as_array().unwrap();
        let p: Vec<f64> = packages.iter().map(|x| x["p"].as_f64().unwrap()).collect();
        assert!(p.is_sorted_by(|a, b| a >= b) && p.iter().sum::<f64>() < 1.0 + 1e-9, "{p:?}");
        assert_eq!(people["draws"], 60);
        let [open, narrow] = ["open", "narrow"].map(|k| people[k].as_u64().unwrap());
        let zone = report["zone"].as_f64().unwrap() * 60.0;
        assert!(open == zone.round() as u64 && narrow <= open / 2, "{open} {narrow}");
        for band in ["issues", "gains"].iter().flat_map(|k| people[*k].as_array().unwrap()) {
            let [q10, q50, q90, mean, spread, analyst] =
                ["q10", "q50", "q90", "mean", "people", "analyst"]
                    .map(|k| band[k].as_f64().unwrap());
            assert!(q10 <= q50 && q50 <= q90 && (q10..=q90).contains(&mean), "{band}");
            // The variance of what is struck is the sum of its two parts.
            assert!(spread >= 0.0 && analyst >= 0.0 && spread + analyst > 0.0, "{band}");
        }
        // Any number of threads, the same bytes.
        let two = ["deals", path, "--rule", "people", "--draws", "60", "--threads", "2", "--json"];
        assert_eq!(winset(&two).stdout, out.stdout);
        let text = String::from_utf8(winset(&args).stdout).unwrap();
        assert!(text.contains("What people do with such a zone") && text.contains("± analyst"));
        // Public values: half of the mass is at the most equal package.
        let public = [&args[..], &["--json", "--set", "model.public_values=true"]].concat();
        let public: Value = serde_json::from_slice(&winset(&public).stdout).unwrap();
        assert_eq!(public["people"]["atom"], 0.5);
        for package in public["people"]["packages"].as_array().unwrap() {
            let [p, equal] = ["p", "most_equal"].map(|k| package[k].as_f64().unwrap());
            assert!(p >= 0.5 * equal - 1e-9, "{package}");
        }
    }
    let out = winset(&["deals", "--rule", "nash"]);
    assert_eq!(out.status.code(), Some(2));
}

/// A case whose numbers are points has one draw, and that is the known one: all spread is people.
#[test]
fn of_a_case_without_ranges_all_spread_is_people() {
    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join("../files/tests/known");
    let answers = std::fs::read_to_string(known.join("01-zone.json")).unwrap();
    let answers: Value = serde_json::from_str(&answers).unwrap();
    assert!(answers["zone"].as_bool().unwrap());
    let case = known.join("01-zone.toml");
    let out = winset(&["deals", case.to_str().unwrap(), "--draws", "3", "--json"]);
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    let people = &report["people"];
    assert_eq!((&people["open"], &people["narrow"]), (&3.into(), &0.into()));
    for band in people["issues"].as_array().unwrap() {
        assert!(band["analyst"].as_f64().unwrap() < 1e-6, "{band}");
    }
}

fn chamber() -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    cases.join("chamber").to_str().unwrap().to_owned()
}

/// A text's chances are those of its bodies at least: no side ratifies more often than the body of it
/// that is hardest to win, and stages only take away.
#[test]
fn a_text_is_put_to_the_sides() {
    let case = chamber();
    let ask = |text: &str, threads: &str| -> Value {
        let args =
            ["deals", &case, "--text", text, "--draws", "300", "--threads", threads, "--json"];
        let out = winset(&args);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    let [draft, compromise] = ["draft", "compromise"].map(|text| ask(text, "1"));
    assert_eq!(draft, ask("draft", "3"));
    for report in [&draft, &compromise] {
        assert_eq!(report["schema"], "winset/text/1");
        let odds = &report["odds"];
        let p = |value: &Value| value.as_f64().unwrap();
        assert!(p(&odds["ratified"]) <= p(&odds["zone"]));
        assert_eq!(p(&odds["passed"]), p(&odds["ratified"]));
        for side in odds["sides"].as_array().unwrap() {
            assert!(p(&odds["ratified"]) <= p(&side["p"]));
            let bodies = side["bodies"].as_array().unwrap();
            for body in bodies.iter().filter(|body| p(&body["asked"]) == 1.0) {
                assert!(p(&side["p"]) <= p(&body["p"]), "{body}");
            }
        }
    }
    let p = |report: &Value| report["odds"]["ratified"].as_f64().unwrap();
    assert!(p(&compromise) > p(&draft), "{} {}", p(&compromise), p(&draft));
    // The nearest text lies between and passes oftener.
    let near = &draft["odds"]["nearest"];
    assert!(near["ratified"].as_f64().unwrap() > p(&draft), "{near}");
}

#[test]
fn a_text_or_a_bloc_that_is_not_there_is_said() {
    let case = chamber();
    let said = |args: &[&str]| {
        let out = winset(args);
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    let text = said(&["deals", &case, "--text", "drafft"]);
    assert!(text.contains("there is no text `drafft`") && text.contains("`draft`"), "{text}");
    let bloc = said(&["blockers", &case, "--together", "left,rihgt"]);
    assert!(bloc.contains("`rihgt` is no side") && bloc.contains("`right`"), "{bloc}");
}
