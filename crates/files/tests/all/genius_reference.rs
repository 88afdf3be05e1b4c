//! The numbers Genius prints for its own domains, and where ours differ on purpose.

use std::path::Path;

use winset_files::genius;
use winset_model::theory::frontier::{Precision, frontier};
use winset_model::theory::solutions::{Problem, Unsolved, solution};

/// One line: name, then numbers by label.
struct Line {
    name: String,
    pareto: usize,
    bids: Option<usize>,
    opposition: Option<f64>,
    nash: Vec<f64>,
    ks: Vec<f64>,
    reservations: Vec<f64>,
}

fn lines(text: &str) -> Vec<Line> {
    text.lines()
        .map(|line| {
            let mut fields = line.split('|').map(str::trim);
            let name = fields.next().unwrap().to_owned();
            let fields: Vec<&str> = fields.collect();
            let numbers = |label: &str| -> Vec<f64> {
                let field = fields.iter().find(|f| f.starts_with(label));
                let words = field.map_or("", |f| f).split_whitespace();
                // `rv` is followed by `df` in the same field.
                words.take_while(|w| *w != "df").filter_map(|w| w.parse().ok()).collect()
            };
            Line {
                name,
                pareto: numbers("pareto")[0] as usize,
                bids: numbers("bids").first().map(|b| *b as usize),
                opposition: numbers("opp").first().copied(),
                nash: numbers("nash"),
                ks: numbers("ks"),
                reservations: numbers("rv"),
            }
        })
        .collect()
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-5)
}

fn among(name: &str, problem: &Problem<'_>, expected: &[f64]) -> bool {
    let choice = solution(name).unwrap().solve(problem).unwrap();
    choice.outcomes.iter().any(|&x| close(problem.utilities(x), expected))
}

/// Checks a line; returns the number of rational packages.
fn check(folder: &Path, line: &Line) -> usize {
    let domain = genius::load(folder).unwrap();
    let (values, reservations) = (domain.utilities(), domain.reservations());
    let name = &line.name;
    assert!(close(&reservations, &line.reservations), "{name}: reservations {reservations:?}");
    if let Some(bids) = line.bids {
        assert_eq!(domain.packages(), bids, "{name}");
    }
    let exact = frontier(&values, reservations.len(), Precision::Exact);
    assert_eq!(exact.outcomes().len(), line.pareto, "{name}: outcomes on the frontier");
    let problem = Problem::new(&values, &reservations).unwrap();
    if let Some(expected) = line.opposition {
        let distance = |row: &[f64]| row.iter().map(|u| (1.0 - u) * (1.0 - u)).sum::<f64>().sqrt();
        let nearest =
            values.chunks_exact(reservations.len()).map(distance).fold(f64::INFINITY, f64::min);
        assert!((nearest - expected).abs() <= 1e-5, "{name}: opposition {nearest}");
    }
    assert!(among("genius-nash", &problem, &line.nash), "{name}: what Genius calls Nash");
    assert!(among("genius-min-asymmetry", &problem, &line.ks), "{name}: minimal asymmetry");
    let nash = solution("nash").unwrap();
    if problem.rational_count() == 0 {
        assert_eq!(nash.solve(&problem), Err(Unsolved::NothingRational), "{name}");
    } else {
        assert!(among("nash", &problem, &line.nash), "{name}: Nash");
    }
    problem.rational_count()
}

#[test]
fn bilateral_domains_of_2010_and_2012() {
    let Some(root) = crate::data::data("bilateral_domains_of_2010_and_2012", "genius") else {
        return;
    };
    let all = lines(include_str!("../data/genius_bilateral.txt"));
    assert_eq!(all.len(), 75);
    let known = [
        ("ItexvsCypressA", 20),
        ("EnglandvsZimbabweA", 298),
        ("AirportSiteSelectionA", 141),
        ("BarterA", 39),
        ("FiftyFiftyA", 1),
        ("NiceOrDieC", 0),
    ];
    let mut seen = 0;
    for line in &all {
        let year = if root.join("y2012").join(&line.name).exists() { "y2012" } else { "y2010" };
        let rational = check(&root.join(year).join(&line.name), line);
        if let Some((_, expected)) = known.iter().find(|(name, _)| *name == line.name) {
            assert_eq!(rational, *expected, "{}", line.name);
            seen += 1;
        }
    }
    assert_eq!(seen, known.len());
}

#[test]
fn multilateral_domains_of_2016() {
    let Some(root) = crate::data::data("multilateral_domains_of_2016", "genius/y2016") else {
        return;
    };
    let all = lines(include_str!("../data/genius_multilateral.txt"));
    assert_eq!(all.len(), 12);
    for line in &all {
        let rational = check(&root.join(&line.name), line);
        match line.name.as_str() {
            "ClockWork" => assert_eq!(rational, 58),
            "AgentSmith" => assert_eq!(rational, 201),
            "SYAgent" => assert_eq!(rational, 0),
            _ => {}
        }
    }
}

#[test]
fn every_folder_loads() {
    let Some(root) = crate::data::data("every_folder_loads", "genius") else { return };
    let mut loaded = 0;
    for year in ["y2010", "y2012", "y2016"] {
        for entry in std::fs::read_dir(root.join(year)).unwrap() {
            let path = entry.unwrap().path();
            assert!(genius::is_domain(&path), "{}", path.display());
            let domain = genius::load(&path).unwrap();
            assert!(domain.packages() > 0);
            let names: Vec<_> = domain.sides().iter().map(|side| &side.name).collect();
            assert!(names.is_sorted(), "{names:?}");
            let skeleton = genius::case_skeleton(&domain, "2026-01-01");
            let table: toml::Table = skeleton.parse().unwrap();
            assert_eq!(table["issues"].as_table().unwrap().len(), domain.issues().len());
            assert_eq!(table["sides"].as_table().unwrap().len(), domain.sides().len());
            loaded += 1;
        }
    }
    assert_eq!(loaded, 91);
}

/// Sums that differ in the last bit decide Genius' frontier on these; on a grid they do not.
#[test]
fn rounding_noise_moves_three_frontiers() {
    let Some(root) = crate::data::data("rounding_noise_moves_three_frontiers", "genius/y2012")
    else {
        return;
    };
    for (name, exact, rounded) in [("BarterA", 25, 24), ("CarA", 73, 75), ("SupermarketA", 43, 39)]
    {
        let domain = genius::load(&root.join(name)).unwrap();
        let values = domain.utilities();
        assert_eq!(frontier(&values, 2, Precision::Exact).outcomes().len(), exact, "{name}");
        assert_eq!(frontier(&values, 2, Precision::Rounded).outcomes().len(), rounded, "{name}");
    }
}
