//! The packages of a negotiation domain, their frontier and the classical solutions.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use winset_model::theory::domain::Domain;
use winset_model::theory::frontier::{Precision, frontier};
use winset_model::theory::solutions::{Problem, ProblemError, SOLUTIONS, solution};
use winset_page::document::{Block, Document, Section};
use winset_page::text::{capital, thousands};

/// `winset/deals/1`; keys in the order in which they are written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DomainReport {
    /// The schema's name and version.
    pub schema: &'static str,
    /// `domain` or `case`.
    pub kind: &'static str,
    /// The name of the domain, its folder; or the title of the case.
    pub name: String,
    /// What a reader must know before the numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The sides, in the order of every array of utilities.
    pub sides: Vec<DomainSideRow>,
    /// The number of packages.
    pub packages: usize,
    /// How many give every side at least its reservation, to 1e-9.
    pub rational: usize,
    /// Their share of all packages.
    pub rational_share: f64,
    /// Points and outcomes on the frontier, utilities compared as doubles, as Genius does.
    pub pareto: FrontierSize,
    /// The same with utilities compared to 1e-9: rounding decides nothing.
    pub pareto_rounded: FrontierSize,
    /// The distance from (1, …, 1) to the nearest outcome.
    pub opposition: f64,
    /// One entry per solution under its key, with `<key>_reason` beside a null.
    #[serde(flatten, serialize_with = "by_key")]
    #[cfg_attr(feature = "schema", schemars(with = "Map<String, Value>"))]
    pub solutions: Vec<Solved>,
    /// The frontier by name, from the best point for the first side to the worst.
    pub frontier: Vec<FrontierPoint>,
}

/// A side as the file describes it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DomainSideRow {
    /// The name: its file.
    pub name: String,
    /// What it gets without a deal.
    pub reservation: f64,
    /// The discount factor, which is reported and not applied.
    pub discount: Option<f64>,
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrontierSize {
    /// Distinct vectors of utilities.
    pub points: usize,
    /// Packages that give them.
    pub outcomes: usize,
}

/// A package: the value of every issue, by name, in file order.
pub type NamedPackage = Map<String, Value>;

/// A point of the frontier.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrontierPoint {
    /// What each side gets.
    pub utilities: Vec<f64>,
    /// How many packages give it.
    pub outcomes: usize,
    /// Those packages, at most [`LISTED`].
    pub packages: Vec<NamedPackage>,
}

/// The most packages that are written out for one point or one tie; counts are always complete.
pub const LISTED: usize = 100;

/// A solution and what it chooses.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Its name, such as `kalai-smorodinsky`.
    pub name: &'static str,
    /// The package, or why there is none.
    pub choice: Result<ChosenPackage, String>,
}

/// A package chosen by a solution.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChosenPackage {
    /// What each side gets.
    pub utilities: Vec<f64>,
    /// The package.
    pub package: NamedPackage,
    /// Euclidean distance to the Nash point; `null` if there is none.
    pub distance_to_nash: Option<f64>,
    /// How many packages tie, this one included.
    pub outcomes: usize,
    /// Those packages in file order, at most [`LISTED`]; the first is the one above.
    pub tied: Vec<TiedPackage>,
}

/// A package among those that tie.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TiedPackage {
    /// What each side gets.
    pub utilities: Vec<f64>,
    /// The package.
    pub package: NamedPackage,
}

/// A key a solution; where there is no package a reason under a second one.
fn by_key<S: Serializer>(solutions: &[Solved], to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(None)?;
    for solved in solutions {
        let key = solved.name.replace('-', "_");
        map.serialize_entry(&key, &solved.choice.as_ref().ok())?;
        if let Err(reason) = &solved.choice {
            map.serialize_entry(&format!("{key}_reason"), reason)?;
        }
    }
    map.end()
}

/// The packages of a domain and what the solutions choose among them.
///
/// # Errors
/// If the domain's utilities are not finite numbers.
pub fn ask(domain: &Domain) -> Result<DomainReport, ProblemError> {
    let values = domain.utilities();
    let reservations = domain.reservations();
    let sides = reservations.len();
    let problem = Problem::new(&values, &reservations)?;
    let exact = frontier(&values, sides, Precision::Exact);
    let (packages, rational) = (domain.packages(), problem.rational_count());
    let points = problem.frontier().points().map(|outcomes| FrontierPoint {
        utilities: problem.utilities(outcomes[0]).to_vec(),
        outcomes: outcomes.len(),
        packages: outcomes.iter().take(LISTED).map(|&x| package(domain, x)).collect(),
    });
    let best = vec![1.0; sides];
    // The nearest outcome lies on the frontier as long as nothing exceeds 1, and nothing does.
    let opposition = exact
        .points()
        .map(|outcomes| distance(problem.utilities(outcomes[0]), &best))
        .fold(f64::INFINITY, f64::min);
    Ok(DomainReport {
        schema: "winset/deals/1",
        kind: "domain",
        name: domain.name().into(),
        note: None,
        sides: domain
            .sides()
            .iter()
            .map(|side| DomainSideRow {
                name: side.name.clone(),
                reservation: side.reservation,
                discount: side.discount,
            })
            .collect(),
        packages,
        rational,
        rational_share: rational as f64 / packages as f64,
        pareto: FrontierSize { points: exact.len(), outcomes: exact.outcomes().len() },
        pareto_rounded: FrontierSize {
            points: problem.frontier().len(),
            outcomes: problem.frontier().outcomes().len(),
        },
        opposition,
        solutions: solved(domain, &problem),
        frontier: points.collect(),
    })
}

fn solved(domain: &Domain, problem: &Problem<'_>) -> Vec<Solved> {
    let nash = solution("nash")
        .and_then(|solution| solution.solve(problem).ok())
        .and_then(|choice| choice.outcomes.first().map(|&x| problem.utilities(x).to_vec()));
    let mut all = Vec::new();
    for solution in SOLUTIONS {
        let choice = match solution.solve(problem) {
            Err(reason) => Err(reason.to_string()),
            Ok(choice) => {
                let Some(&first) = choice.outcomes.first() else { continue };
                let utilities = problem.utilities(first).to_vec();
                let tied = choice.outcomes.iter().take(LISTED).map(|&x| TiedPackage {
                    utilities: problem.utilities(x).to_vec(),
                    package: package(domain, x),
                });
                Ok(ChosenPackage {
                    distance_to_nash: nash.as_deref().map(|nash| distance(&utilities, nash)),
                    package: package(domain, first),
                    outcomes: choice.outcomes.len(),
                    tied: tied.collect(),
                    utilities,
                })
            }
        };
        all.push(Solved { name: solution.id(), choice });
    }
    all
}

fn package(domain: &Domain, outcome: usize) -> NamedPackage {
    let values = domain.package(outcome).into_iter();
    let named = domain.issues().iter().zip(values);
    named.map(|(i, value)| (i.name.clone(), i.values[value].clone().into())).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
}

/// The deal space of a domain, in words.
pub fn document(r: &DomainReport) -> Document {
    Document {
        title: format!("Deal space: {}", one_line(&r.name)),
        sections: vec![
            Section::new("packages", "Packages", counts(r, &str::to_owned)),
            Section::new("solutions", CLASSICAL, solutions(r, &str::to_owned)),
        ],
        version: winset_model::forecast::VERSION.to_owned(),
        ..Document::default()
    }
}

/// Names come from files of others: a control character in one must not break a line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Numbers of the sides in a row: `buyer 0.500, seller 0.250`.
fn each(
    r: &DomainReport,
    values: impl Iterator<Item = f64>,
    name: &dyn Fn(&str) -> String,
) -> String {
    let sides = r.sides.iter().map(|side| one_line(&name(&side.name)));
    // What rounds to nothing has no sign.
    let shown = |x: f64| if x.abs() < 0.000_5 { 0.0 } else { x };
    let each = sides.zip(values).map(|(side, x)| format!("{side} {:.3}", shown(x)));
    each.collect::<Vec<_>>().join(", ")
}

/// What stands above the solutions.
pub(super) const CLASSICAL: &str = "The classical solutions";

/// How many packages there are, and what everybody has without any.
pub(super) fn counts(r: &DomainReport, name: &dyn Fn(&str) -> String) -> Vec<Block> {
    let mut lines: Vec<String> = r.note.iter().map(|note| one_line(note)).collect();
    lines.extend([
        format!(
            "{} packages; {} ({:.0} %) give every side at least what it has without a deal.",
            thousands(r.packages as u64),
            thousands(r.rational as u64),
            100.0 * r.rational_share
        ),
        format!(
            "Frontier: {} points, {} packages; off it another package gives somebody more and nobody less.",
            r.pareto.points, r.pareto.outcomes
        ),
        format!(
            "Opposition: {:.3}, the distance of the nearest package from one that gives everybody the most.",
            r.opposition
        ),
        format!("Without a deal: {}.", each(r, r.sides.iter().map(|side| side.reservation), name)),
    ]);
    lines.into_iter().map(Block::Text).collect()
}

/// What the solutions choose, those that choose the same in one line, or why they choose nothing; sides and
/// issues by what `name` calls them.
pub(super) fn solutions(r: &DomainReport, name: &dyn Fn(&str) -> String) -> Vec<Block> {
    let mut lines: Vec<(Vec<&str>, String)> = Vec::new();
    for solved in &r.solutions {
        let said = chosen(r, solved, name);
        let called = solution(solved.name).map_or(solved.name, |s| s.name());
        match lines.iter_mut().find(|(_, known)| *known == said) {
            Some((all, _)) => all.push(called),
            None => lines.push((vec![called], said)),
        }
    }
    let line = |(all, said): (Vec<&str>, String)| format!("{}: {said}", capital(&all.join(", ")));
    vec![Block::List(lines.into_iter().map(line).collect())]
}

fn chosen(r: &DomainReport, solved: &Solved, name: &dyn Fn(&str) -> String) -> String {
    match &solved.choice {
        Err(reason) => format!("none ({reason})"),
        Ok(ChosenPackage { utilities, package, outcomes, .. }) => {
            let worth = each(r, utilities.iter().copied(), name);
            let values: Vec<String> = package
                .iter()
                .map(|(issue, value)| {
                    format!("{} {}", name(issue), value.as_str().unwrap_or_default())
                })
                .collect();
            let terms = one_line(&values.join(", "));
            let tie = match outcomes {
                1 => String::new(),
                n => format!(" ({n} packages tie; the first is shown)"),
            };
            format!("{terms} — {worth}{tie}")
        }
    }
}

#[cfg(test)]
mod tests {
    use winset_model::theory::domain::{DomainIssue, DomainSide, Utility};
    use winset_page::document::terminal;

    use super::*;

    fn domain(reservation: f64, name: &str) -> Domain {
        let side = |name: &str, worth: [f64; 4]| DomainSide {
            name: name.into(),
            utility: Utility::Additive(vec![worth.to_vec()]),
            reservation,
            discount: None,
        };
        let values = ["a", "b", "c", "d"].map(String::from).to_vec();
        let sides = vec![side(name, [1.0, 0.72, 0.5, 0.0]), side("y", [0.0, 0.55, 0.56, 1.0])];
        Domain::new("toy".into(), vec![DomainIssue { name: "deal".into(), values }], sides).unwrap()
    }

    #[test]
    fn textbook_and_minimal_spread_differ() {
        let report = ask(&domain(0.0, "x")).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["kalai_smorodinsky"]["package"]["deal"], "b");
        assert_eq!(json["genius_min_asymmetry"]["package"]["deal"], "c");
        assert_eq!(json["negmas_ks"]["package"]["deal"], "c");
        assert_eq!(json["nash"]["utilities"], serde_json::json!([0.72, 0.55]));
        assert_eq!(json["pareto"], serde_json::json!({"points": 4, "outcomes": 4}));
        assert_eq!(json["rational"], 4);
        // b is nearest to (1, 1).
        let expected = (0.28_f64 * 0.28 + 0.45 * 0.45).sqrt();
        assert!((json["opposition"].as_f64().unwrap() - expected).abs() < 1e-12);
        assert_eq!(json.as_object().unwrap().keys().next().unwrap(), "schema");
        let text = terminal(&document(&report));
        for part in [
            "Deal space: toy",
            "4 packages; 4 (100 %) give every side",
            "Frontier: 4 points, 4 packages;",
            "Without a deal: x 0.000, y 0.000.",
            "Nash, Kalai–Smorodinsky, egalitarian",
            "deal b — x 0.720, y 0.550",
        ] {
            assert!(text.contains(part), "`{part}` in\n{text}");
        }
    }

    #[test]
    fn where_nothing_is_rational_null_has_a_reason() {
        let report = ask(&domain(0.9, "x")).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        for key in ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] {
            assert!(json.as_object().unwrap().contains_key(key) && json[key].is_null());
            let reason = json[format!("{key}_reason")].as_str().unwrap();
            assert!(reason.contains("reservation"), "{reason}");
        }
        assert_eq!(json["rational"], 0);
        // All say the same, so that they stand in one line.
        let text = terminal(&document(&report));
        assert!(text.contains("Nash, ") && text.contains(": none ("), "{text}");
    }

    #[test]
    fn a_name_that_breaks_lines_does_not() {
        let text = terminal(&document(&ask(&domain(0.0, "x\nx")).unwrap()));
        assert!(text.contains("x x 0.720"), "{text}");
    }
}
