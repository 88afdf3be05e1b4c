//! What `winset deals` says about a negotiation domain.

use crate::deals::domain_text::{DealSpace, Picked, Solved};
use serde::Serialize;
use serde_json::{Map, Value};
use winset_model::theory::domain::Domain;
use winset_model::theory::frontier::{Precision, frontier};
use winset_model::theory::solutions::{Problem, ProblemError, SOLUTIONS, solution};

/// The report, `winset/deals/1`; keys in the order in which they are written.
#[derive(Debug, Serialize)]
pub struct Report {
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
    pub sides: Vec<SideReport>,
    /// The number of packages.
    pub packages: usize,
    /// How many give every side at least its reservation, to 1e-9.
    pub rational: usize,
    /// Their share of all packages.
    pub rational_share: f64,
    /// Points and outcomes on the frontier, utilities compared as doubles, as Genius does.
    pub pareto: Count,
    /// The same with utilities compared to 1e-9: rounding decides nothing.
    pub pareto_rounded: Count,
    /// The distance from (1, …, 1) to the nearest outcome.
    pub opposition: f64,
    /// One entry per solution, with `<key>_reason` beside a null.
    #[serde(flatten)]
    pub solutions: Map<String, Value>,
    /// The frontier by name, from the best point for the first side to the worst.
    pub frontier: Vec<Point>,
}

/// A side as the file describes it.
#[derive(Debug, Serialize)]
pub struct SideReport {
    /// The name: its file.
    pub name: String,
    /// What it gets without a deal.
    pub reservation: f64,
    /// The discount factor, which is reported and not applied.
    pub discount: Option<f64>,
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Distinct vectors of utilities.
    pub points: usize,
    /// Packages that give them.
    pub outcomes: usize,
}

/// A package: the value of every issue, by name, in file order.
pub type Package = Map<String, Value>;

/// A point of the frontier.
#[derive(Debug, Serialize)]
pub struct Point {
    /// What each side gets.
    pub utilities: Vec<f64>,
    /// How many packages give it.
    pub outcomes: usize,
    /// Those packages, at most [`LISTED`].
    pub packages: Vec<Package>,
}

/// The most packages that are written out for one point or one tie; counts are always complete.
pub const LISTED: usize = 100;

/// A package chosen by a solution.
#[derive(Debug, Serialize)]
struct Chosen {
    utilities: Vec<f64>,
    package: Package,
    /// Euclidean distance to the Nash point; null if there is none.
    distance_to_nash: Option<f64>,
    /// How many packages tie, this one included.
    outcomes: usize,
    /// Those packages in file order, at most [`LISTED`]; the first is the one above.
    tied: Vec<Tied>,
}

#[derive(Debug, Serialize)]
struct Tied {
    utilities: Vec<f64>,
    package: Package,
}

/// Computes the report of a domain and, from the same numbers, what a reader sees.
///
/// # Errors
/// If the domain's utilities are not finite numbers.
pub fn report(domain: &Domain) -> Result<(Report, DealSpace), ProblemError> {
    let values = domain.utilities();
    let reservations = domain.reservations();
    let sides = reservations.len();
    let problem = Problem::new(&values, &reservations)?;
    let exact = frontier(&values, sides, Precision::Exact);
    let (packages, rational) = (domain.packages(), problem.rational_count());

    let nash = solution("nash")
        .and_then(|solution| solution.solve(&problem).ok())
        .and_then(|choice| choice.outcomes.first().map(|&x| problem.utilities(x).to_vec()));
    let mut solutions = Map::new();
    let mut shown = Vec::new();
    for solution in SOLUTIONS {
        let key = solution.id().replace('-', "_");
        match solution.solve(&problem) {
            Err(reason) => {
                solutions.insert(key.clone(), Value::Null);
                solutions.insert(format!("{key}_reason"), reason.to_string().into());
                shown.push(Solved { name: solution.id().into(), answer: Err(reason.to_string()) });
            }
            Ok(choice) => {
                let tied = choice.outcomes.iter().take(LISTED).map(|&x| Tied {
                    utilities: problem.utilities(x).to_vec(),
                    package: package(domain, x),
                });
                let Some(&first) = choice.outcomes.first() else { continue };
                let utilities = problem.utilities(first).to_vec();
                let chosen = Chosen {
                    distance_to_nash: nash.as_deref().map(|nash| distance(&utilities, nash)),
                    package: package(domain, first),
                    outcomes: choice.outcomes.len(),
                    tied: tied.collect(),
                    utilities: utilities.clone(),
                };
                shown.push(Solved {
                    name: solution.id().into(),
                    answer: Ok(Picked {
                        utilities,
                        package: names(domain, first).collect(),
                        tied: choice.outcomes.len(),
                    }),
                });
                // Serialising plain numbers and strings cannot fail.
                solutions.insert(key, serde_json::to_value(chosen).unwrap_or(Value::Null));
            }
        }
    }
    let points = problem.frontier().points().map(|outcomes| Point {
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
    let report = Report {
        schema: "winset/deals/1",
        kind: "domain",
        name: domain.name().into(),
        note: None,
        sides: domain
            .sides()
            .iter()
            .map(|side| SideReport {
                name: side.name.clone(),
                reservation: side.reservation,
                discount: side.discount,
            })
            .collect(),
        packages,
        rational,
        rational_share: rational as f64 / packages as f64,
        pareto: Count { points: exact.len(), outcomes: exact.outcomes().len() },
        pareto_rounded: Count {
            points: problem.frontier().len(),
            outcomes: problem.frontier().outcomes().len(),
        },
        opposition,
        solutions,
        frontier: points.collect(),
    };
    let view = DealSpace {
        name: domain.name().into(),
        sides: domain.sides().iter().map(|side| side.name.clone()).collect(),
        reservations: reservations.clone(),
        packages,
        rational,
        frontier: (report.pareto.points, report.pareto.outcomes),
        opposition,
        solutions: shown,
        note: None,
    };
    Ok((report, view))
}

fn names(domain: &Domain, outcome: usize) -> impl Iterator<Item = (String, String)> + '_ {
    let values = domain.package(outcome).into_iter();
    domain
        .issues()
        .iter()
        .zip(values)
        .map(|(issue, value)| (issue.name.clone(), issue.values[value].clone()))
}

fn package(domain: &Domain, outcome: usize) -> Package {
    names(domain, outcome).map(|(issue, value)| (issue, value.into())).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use winset_model::theory::domain::{Issue, Side, Utility};

    fn domain(reservation: f64) -> Domain {
        let side = |name: &str, worth: [f64; 4]| Side {
            name: name.into(),
            utility: Utility::Additive(vec![worth.to_vec()]),
            reservation,
            discount: None,
        };
        let values = ["a", "b", "c", "d"].map(String::from).to_vec();
        let sides = vec![side("x", [1.0, 0.72, 0.5, 0.0]), side("y", [0.0, 0.55, 0.56, 1.0])];
        Domain::new("toy".into(), vec![Issue { name: "deal".into(), values }], sides).unwrap()
    }

    #[test]
    fn textbook_and_minimal_spread_differ() {
        let (report, _) = report(&domain(0.0)).unwrap();
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
    }

    #[test]
    fn where_nothing_is_rational_null_has_a_reason() {
        let (report, view) = report(&domain(0.9)).unwrap();
        let json = serde_json::to_value(&report).unwrap();
        for key in ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] {
            assert!(json.as_object().unwrap().contains_key(key) && json[key].is_null());
            let reason = json[format!("{key}_reason")].as_str().unwrap();
            assert!(reason.contains("reservation"), "{reason}");
        }
        assert_eq!(json["rational"], 0);
        assert!(crate::deals::domain_text::deal_space(&view).contains("nash: none"));
    }
}
