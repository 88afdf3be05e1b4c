//! Packages in the plane of what they give two negotiators.

use winset_model::case::Case;
use winset_model::forecast::{deal_space, people_at_centre, ratified};
use winset_model::theory::domain::Domain;
use winset_model::theory::frontier::{Precision, frontier};
use winset_model::theory::solutions::{Problem, solution};

/// The packages of two sides at the case's central values, in the plane of what they give the two
/// negotiators.
pub struct DealPlane {
    /// The two sides, by their place in the case.
    pub sides: [usize; 2],
    /// What each package gives them, and whether both sides would ratify it.
    pub packages: Vec<([f64; 2], bool)>,
    /// What no deal gives them.
    pub no_deal: [f64; 2],
    /// The packages on the Pareto frontier.
    pub frontier: Vec<[f64; 2]>,
    /// What the classical solutions choose among all packages, ratified or not, and the likeliest of the
    /// zone by the rule of people.
    pub chosen: Vec<MappedPackage>,
    /// The packages and what they are worth.
    domain: Domain,
}

impl DealPlane {
    /// The positions of a package, in the issues' own units and by its place in `packages`; none where they
    /// are no numbers.
    pub fn terms(&self, case: &Case, package: usize) -> Option<Vec<f64>> {
        terms(case, &self.domain, package)
    }
}

fn terms(case: &Case, domain: &Domain, package: usize) -> Option<Vec<f64>> {
    let number = |(j, k): (usize, &usize)| match case.issues[j].is_unordered() {
        true => Some(*k as f64),
        false => domain.issues()[j].values[*k].parse().ok(),
    };
    domain.package(package).iter().enumerate().map(number).collect()
}

/// A package that solutions choose.
pub struct MappedPackage {
    /// Those solutions.
    pub chosen_by: Vec<&'static str>,
    /// What it gives the two sides.
    pub at: [f64; 2],
    /// Its positions, in the issues' own units.
    pub terms: Vec<f64>,
    /// The sides that would not ratify it, by their place in the case.
    pub refused: Vec<usize>,
}

/// Whose likeliest package is marked beside those of the solutions.
const PEOPLE: &str = "People";

/// The map of a case; none unless it has two sides with negotiators, and packages that can be listed.
pub fn map(case: &Case) -> Option<DealPlane> {
    let sides: Vec<usize> =
        (0..case.sides.len()).filter(|k| case.sides[*k].negotiator.is_some()).collect();
    let sides: [usize; 2] = sides.try_into().ok()?;
    let (domain, ratified) = (deal_space(case).ok()?, ratified(case).ok()?);
    let (values, reservations) = (domain.utilities(), domain.reservations());
    let at = |x: usize| [values[2 * x], values[2 * x + 1]];
    let all = (1u64 << case.sides.len()) - 1;
    let problem = Problem::new(&values, &reservations).ok()?;
    let mut chosen: Vec<(usize, MappedPackage)> = Vec::new();
    let solved = ["nash", "kalai-smorodinsky", "egalitarian"].map(|key| {
        let found = solution(key);
        let choice = found.and_then(|s| s.solve(&problem).ok());
        (found.map_or(key, |s| s.name()), choice.and_then(|c| c.outcomes.first().copied()))
    });
    // The solutions look at all packages; people strike one of the zone.
    let people = people_at_centre(case).and_then(|found| Some(found.by_chance().first()?.0));
    for (name, x) in solved.into_iter().chain([(PEOPLE, people)]) {
        let Some(x) = x else { continue };
        if let Some((_, same)) = chosen.iter_mut().find(|(other, _)| *other == x) {
            same.chosen_by.push(name);
            continue;
        }
        let terms = terms(case, &domain, x);
        let refused = (0..case.sides.len()).filter(|k| ratified[x] >> k & 1 == 0).collect();
        chosen
            .push((x, MappedPackage { chosen_by: vec![name], at: at(x), terms: terms?, refused }));
    }
    let edge = frontier(&values, 2, Precision::Exact);
    Some(DealPlane {
        sides,
        packages: ratified.iter().enumerate().map(|(x, by)| (at(x), *by == all)).collect(),
        no_deal: [reservations[0], reservations[1]],
        frontier: edge.outcomes().iter().map(|x| at(*x)).collect(),
        chosen: chosen.into_iter().map(|c| c.1).collect(),
        domain,
    })
}
