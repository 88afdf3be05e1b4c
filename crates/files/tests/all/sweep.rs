//! The spec of a sweep: which points it has, and what is wrong with it.

use std::collections::BTreeMap;

use winset_files::diagnostic::{Findings, Source};
use winset_files::sweep::{Part, PartError, Spec, read};
use winset_model::explain::SweepRow;
use winset_model::forecast::OddsEstimate;

fn parsed(text: &str) -> (Option<Spec>, Findings, Source) {
    let source = Source { name: "spec.toml".to_owned(), text: text.to_owned() };
    let mut findings = Findings::default();
    let spec = read(&source, &mut findings);
    (spec, findings, source)
}

fn spec(text: &str) -> Spec {
    let (spec, findings, _) = parsed(text);
    spec.unwrap_or_else(|| panic!("{:?}", findings.list))
}

#[test]
fn points_are_all_combinations_of_list_grid_and_random() {
    let s = spec(
        r#"
        set = ["z.z=1"]
        [grid]
        a.x = [1, "2..3"]
        "b.y" = { from = 0, to = 1, steps = 3 }
        [list]
        c = [10, 20]
        d = [2025-06-30, true]
        [random]
        n = 2
        e = "5..6"
        "#,
    );
    let paths: Vec<&str> = s.axes().map(|a| a.path.as_str()).collect();
    assert_eq!(paths, ["c", "d", "a.x", "b.y", "e"]);
    assert_eq!(s.points(), 2 * (2 * 3) * 2);
    let point = |k| s.point(k).iter().map(|v| v.to_string()).collect::<Vec<_>>();
    assert_eq!(point(0)[..4], ["10", "2025-06-30", "1", "0"]);
    assert_eq!(point(1)[..4], point(0)[..4]);
    assert_eq!(point(2)[..4], ["10", "2025-06-30", "1", "0.5"]);
    assert_eq!(point(11)[..4], ["10", "2025-06-30", "2..3", "1"]);
    assert_eq!(point(23)[..4], ["20", "true", "2..3", "1"]);
    // The random points are the same two throughout, in their range, and differ.
    let e: Vec<f64> = (0..24).map(|k| point(k)[4].parse().unwrap()).collect();
    assert!(e.iter().all(|x| (5.0..=6.0).contains(x)) && e[0] != e[1]);
    assert!(e.chunks(2).all(|pair| pair == &e[..2]));
    assert_eq!(s.overrides(11)[..4], ["z.z=1", "c=10", "d=\"2025-06-30\"", "a.x=\"2..3\""]);
    // A flag is none in quotes.
    assert_eq!(s.overrides(23)[2], "d=true");
}

#[test]
fn random_points_follow_the_distribution_they_are_drawn_from() {
    let s = spec("[random]\nn = 4000\na = \"normal(50, 8)\"\nb = \"0..10\"\n");
    let column = |k: usize| -> Vec<f64> {
        (0..4000).map(|i| s.point(i)[k].to_string().parse().unwrap()).collect()
    };
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (a, b) = (column(0), column(1));
    let spread =
        |v: &[f64]| (mean(&v.iter().map(|x| x * x).collect::<Vec<_>>()) - mean(v) * mean(v)).sqrt();
    // Four standard errors of the mean, 8/√4000 and 10/√12/√4000.
    assert!((mean(&a) - 50.0).abs() < 0.51 && (mean(&b) - 5.0).abs() < 0.19);
    assert!((spread(&a) - 8.0).abs() < 0.4 && (spread(&b) - 10.0 / 12f64.sqrt()).abs() < 0.15);
    let product: Vec<f64> = a.iter().zip(&b).map(|(x, y)| (x - 50.0) * (y - 5.0)).collect();
    assert!((mean(&product) / (8.0 * 2.887)).abs() < 0.064);
}

#[test]
fn steps_meet_both_ends_and_keep_equal_distances() {
    let s = spec("[grid]\na = { from = 0.1, to = 0.7, steps = 7 }\n");
    let values: Vec<f64> = (0..7).map(|k| s.point(k)[0].to_string().parse().unwrap()).collect();
    assert_eq!((values[0], values[6]), (0.1, 0.7));
    for (k, x) in values.iter().enumerate() {
        assert!((x - 0.1 * (k + 1) as f64).abs() < 1e-15);
    }
}

#[test]
fn mistakes_are_named_with_their_line_and_a_hint() {
    for (text, line, says) in [
        ("drawz = 3\n[grid]\na = [1]", 1, "unknown key `drawz`"),
        ("draws = 0.5\n[grid]\na = [1]", 1, "`draws` is 0.5"),
        ("draws = 2\n[grid]\na = 7", 3, "not a list of values"),
        ("\n[grid]\na.b = []", 3, "`a.b` has no values"),
        ("[grid]\na = { from = 1, too = 2, steps = 3 }", 2, "unknown key `too`"),
        ("[grid]\na = { from = 1, to = 2 }", 2, "belong together"),
        ("[grid]\na = { from = 1, to = 2, steps = 1 }", 2, "`steps` is 1"),
        ("[grid]\na = [1, [2]]", 2, "a value cannot be a list"),
        ("[list]\na = [1, 2]\nb = [1]", 3, "`b` has 1 values and `a` 2"),
        ("[grid]\na = [1]\n[list]\na = [2]", 2, "`a` varies twice"),
        ("[random]\na = \"0..1\"", 1, "how many random points?"),
        ("[random]\nn = 0\na = \"0..1\"", 2, "`n` is not a number of points"),
        ("[random]\nn = 3\na = [1]", 3, "not a range in quotes"),
        ("[random]\nn = 3\na = \"4..1\"", 3, "upside down"),
        ("[random]\nn = 3\na = \"record\"", 3, "not read off the record"),
        ("seed = 1", 1, "nothing varies"),
        ("as_of = \"today\"\n[grid]\na = [1]", 1, "`today` is not a day"),
        ("set = [1]\n[grid]\na = [1]", 1, "an override is text"),
        (
            "[grid]\na = { from = 0, to = 1, steps = 1000 }\nb = { from = 0, to = 1, steps = 1000 }",
            1,
            "more than 100000 points",
        ),
        ("[grid\na = [1]", 1, ""),
    ] {
        let (spec, findings, source) = parsed(text);
        assert!(spec.is_none(), "{text}");
        let d = &findings.list[0];
        assert!(d.message.contains(says), "{text}: {d:?}");
        assert!(d.hint.is_some(), "{text}: {d:?}");
        let at = source.position(d.span.clone().unwrap().start).0;
        assert_eq!(at, line, "{text}: {d:?}");
    }
    let (_, findings, _) = parsed("drawz = 3\n[grid]\na = [1]");
    assert_eq!(findings.list[0].hint.as_deref(), Some("did you mean `draws`?"));
    // What cannot be read varies all the same, and a day may stand in quotes as in a case.
    assert_eq!(parsed("[grid]\na = []").1.list.len(), 1);
    assert!(parsed("as_of = \"2025-04-20\"\n[grid]\na = [1]").0.is_some());
}

fn row(k: usize) -> SweepRow {
    let x = 1.0 / (k as f64 + 3.0);
    let terms = vec![k.is_multiple_of(2).then_some(x * 100.0), None];
    let odds = OddsEstimate { p: x, lo: 0.0, hi: 1.0, mcse: 1e-17 * x };
    SweepRow { odds, zone: 0.1 + 0.2, closed: 0.25, terms }
}

#[test]
fn a_part_file_gives_its_rows_back_to_the_bit_and_drops_a_torn_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv.part");
    let open = |hash: &str| Part::open(&path, hash, 10, 2);
    let mut part = open("h1").unwrap();
    assert!(part.done.is_empty());
    [4, 1, 2].iter().for_each(|k| part.add(*k, &row(*k)).unwrap());
    assert!(matches!(open("h1"), Err(PartError::Busy)));
    drop(part);
    let kept = |rows: &[usize]| rows.iter().map(|k| (*k, row(*k))).collect::<BTreeMap<_, _>>();
    assert_eq!(open("h1").unwrap().done, kept(&[1, 2, 4]));
    assert!(matches!(open("h2"), Err(PartError::Other)));
    let bytes = std::fs::read(&path).unwrap();
    let last = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    for cut in last..bytes.len() {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let mut part = open("h1").unwrap();
        assert_eq!(part.done, kept(&[1, 4]), "{cut}");
        part.add(2, &row(2)).unwrap();
        drop(part);
        assert!(std::fs::read(&path).unwrap() == bytes);
    }
    // Killed in the first line.
    for cut in 0..10 {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        assert!(open("h1").unwrap().done.is_empty());
    }
    std::fs::write(&path, "point,p\n1,2\n").unwrap();
    assert!(matches!(open("h1"), Err(PartError::Other)));
    assert_eq!(std::fs::read(&path).unwrap(), b"point,p\n1,2\n");
}
