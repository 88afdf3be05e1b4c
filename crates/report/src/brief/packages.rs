//! The packages of two sides at central values: what they are worth to both, drawn and in words.

use serde::Serialize;
use winset_model::case::Case;
use winset_page::chart::{self, Figure};
use winset_page::text::{and, capital, thousands};

use crate::deals::DealPlane;
use crate::names::Names;

/// The packages of two sides at central values, by what they give the two negotiators, in utility.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackagePlane {
    /// The two sides.
    pub sides: [String; 2],
    /// How many packages there are.
    pub count: usize,
    /// How many of them both sides would ratify.
    pub ratified: usize,
    /// What no deal gives.
    pub no_deal: [f64; 2],
    /// Those not ratified, one for each place on the drawing.
    pub others: Vec<[f64; 2]>,
    /// Those ratified, one for each place on the drawing.
    pub zone: Vec<[f64; 2]>,
    /// Those on the Pareto frontier.
    pub frontier: Vec<[f64; 2]>,
    /// What the classical solutions choose among all of them, and the likeliest of the zone by the rule of
    /// people.
    pub chosen: Vec<SolutionPackage>,
}

/// A package that classical solutions choose.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SolutionPackage {
    /// Those solutions; `People` for the rule of people.
    pub solutions: String,
    /// What it gives the two sides.
    pub at: [f64; 2],
    /// Its terms.
    pub terms: String,
    /// The sides that would not ratify it.
    pub refused: Vec<String>,
}

/// The map of packages at central values, where two negotiators face each other.
pub fn deal_map(case: &Case) -> Option<Figure> {
    Some(central(case, &packages(case, &Names::new(case))?))
}

fn central(case: &Case, packages: &PackagePlane) -> Figure {
    let source = format!(
        "winset {}, every input at its central value, case {:.12}",
        winset_model::forecast::VERSION,
        case.fingerprint()
    );
    figure(packages, "packages", &source)
}

/// The same with a link on every dot, to the `address` of its terms in the order of the issues.
pub fn linked_deal_map(case: &Case, address: impl Fn(&[f64]) -> String) -> Option<Figure> {
    let names = Names::new(case);
    let map = crate::deals::map(case)?;
    let mut figure = central(case, &plane(case, &names, &map));
    let marks = map.chosen.iter().map(|c| (c.at, c.refused.is_empty(), true, c.terms.clone()));
    let (cell, mut seen) = (places(&map), std::collections::BTreeSet::new());
    let dots = (map.packages.iter().enumerate())
        .filter(|(_, p)| seen.insert((cell(p.0), p.1)))
        .filter_map(|(x, p)| Some((p.0, p.1, false, map.terms(case, x)?)));
    let link = |(at, ratified, marked, terms): ([f64; 2], bool, bool, Vec<f64>)| {
        let fate = if ratified { "both sides ratify it" } else { "not ratified on both sides" };
        let named = map.chosen.iter().find(|c| marked && c.terms == terms);
        let name = named
            .map_or_else(String::new, |c| format!("{}: ", capital(&c.chosen_by.join(" and "))));
        let words = format!("{name}{}; {fate}", in_words(case, &names, &terms));
        chart::PackageLink { at, ratified, marked, terms: words, address: address(&terms) }
    };
    if let chart::Drawing::DealMap(d) = &mut figure.drawing {
        d.links = marks.chain(dots).map(link).collect();
    }
    Some(figure)
}

/// A package in words.
fn in_words(case: &Case, names: &Names<'_>, terms: &[f64]) -> String {
    let one = |(j, x): (&winset_model::case::Issue, &f64)| {
        format!("{} {}", names.issue(&j.id), names.value(j, *x))
    };
    case.issues.iter().zip(terms).map(one).collect::<Vec<_>>().join(", ")
}

/// The place of a package on the drawing.
fn places(map: &DealPlane) -> impl Fn([f64; 2]) -> [i64; 2] {
    let ends = |k: usize| {
        let all = map.packages.iter().map(|p| p.0[k]);
        (all.clone().fold(f64::MAX, f64::min), all.fold(f64::MIN, f64::max))
    };
    let (x, y) = (ends(0), ends(1));
    move |at| {
        let cell = |v: f64, (lo, hi): (f64, f64)| ((v - lo) / (hi - lo) * PLACES).round() as i64;
        [cell(at[0], x), cell(at[1], y)]
    }
}

/// The packages at central values, thinned to what a drawing can show.
pub(super) fn packages(case: &Case, names: &Names<'_>) -> Option<PackagePlane> {
    Some(plane(case, names, &crate::deals::map(case)?))
}

fn plane(case: &Case, names: &Names<'_>, map: &DealPlane) -> PackagePlane {
    let side = |k: &usize| names.side(&case.sides[*k].id);
    let ratified = map.packages.iter().filter(|p| p.1).count();
    let place = places(map);
    let rounded = |at: [f64; 2]| at.map(|v| (v * 1e4).round() / 1e4);
    let thinned = |zone: bool| {
        let here = map.packages.iter().filter(|p| p.1 == zone);
        let cells: std::collections::BTreeMap<[i64; 2], [f64; 2]> =
            here.map(|p| (place(p.0), rounded(p.0))).collect();
        cells.into_values().collect()
    };
    PackagePlane {
        sides: map.sides.map(|k| side(&k)),
        count: map.packages.len(),
        ratified,
        no_deal: rounded(map.no_deal),
        others: thinned(false),
        zone: thinned(true),
        frontier: map.frontier.iter().map(|p| rounded(*p)).collect(),
        chosen: map
            .chosen
            .iter()
            .map(|c| SolutionPackage {
                solutions: capital(&c.chosen_by.join(" and ")),
                at: rounded(c.at),
                terms: in_words(case, names, &c.terms),
                refused: c.refused.iter().map(side).collect(),
            })
            .collect(),
    }
}

/// Places along each axis of the drawing of packages.
const PLACES: f64 = 120.0;

/// The map of packages at central values.
pub(super) fn figure(p: &PackagePlane, id: &str, source: &str) -> Figure {
    let solution = |c: &SolutionPackage| chart::SolutionMark {
        name: c.solutions.clone(),
        at: c.at,
        terms: if c.refused.is_empty() {
            c.terms.clone()
        } else {
            format!("{}; not ratified by {}", c.terms, and(&c.refused))
        },
    };
    chart::deal_map(&chart::DealMap {
        id: id.to_owned(),
        source: source.to_owned(),
        sides: p.sides.clone(),
        packages: p.others.clone(),
        zone: p.zone.clone(),
        ratified: Some([p.count, p.ratified]),
        no_deal: p.no_deal,
        frontier: p.frontier.clone(),
        marks: p.chosen.iter().map(solution).collect(),
        links: Vec::new(),
    })
}

/// The packages at central values in words.
pub(super) fn words(p: &PackagePlane) -> String {
    let count = |n: usize| thousands(n as u64);
    let ratified = if p.ratified == 0 { "none".to_owned() } else { count(p.ratified) };
    let mut text = format!(
        "With every input at its central value, one negotiation without ranges, {ratified} of {} \
         packages would be ratified on both sides.",
        count(p.count)
    );
    if let Some(nash) = p.chosen.first() {
        let fate = if nash.refused.is_empty() {
            "would be ratified on both sides".to_owned()
        } else {
            format!("would not be ratified by {}", and(&nash.refused))
        };
        text +=
            &format!(" The {} package among all of them ({}) {fate}.", nash.solutions, nash.terms);
    }
    text
}
