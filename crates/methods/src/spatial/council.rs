//! The main model's own terms on proposals: a council that no side leads, whose walk-away is where each
//! issue stays without a decision.
//!
//! No entry of [`super::MODELS`]: it needs all issues of a proposal and the rule by which it is decided,
//! which an issue alone does not say.

use super::{Distribution, PositionForecast, PositionIssue};
use winset_model::case::Rule;
use winset_model::theory::UNIT;
use winset_model::theory::grid::{Grid, nodes};
use winset_model::theory::people::ZoneTerms;
use winset_model::theory::situation::{NO_DEMAND, Situation};
use winset_model::theory::threat::NoDeal;

/// Packages of a proposal that are listed, at most; of an issue with more positions than fit, every so
/// many are kept.
pub const MOST_LISTED: usize = 100_000;
/// Members, at most: who accepts is a bit each.
const MOST_MEMBERS: usize = 64;

/// What the council makes of one issue.
#[derive(Clone, Debug, PartialEq)]
pub struct CouncilForecast {
    /// The terms: of the packages that pass, those with the largest mean value by capability.
    pub terms: PositionForecast,
    /// What people strike of the packages that pass.
    pub people: PositionForecast,
}

/// What the council makes of each issue of a proposal; `None` beyond 64 members.
///
/// # Model
/// Members are actors by name; a member's agenda is the proposal, salience the weights of its issues (a
/// member without a position on an issue does not care for it), and capability its weight. Issues with a
/// reference point are one negotiation: a package passes if those who lose nothing against the reference
/// points satisfy `rule`, which gets the members' names. Packages are all combinations of held positions
/// and reference points ([`MOST_LISTED`]). Of those that pass, the terms are the ones with the largest
/// mean value by capability, evenly where tied, and `people` is their distribution
/// ([`ZoneTerms`]). Where none passes there is no decision: all stays where it is. An issue
/// without a reference point has no walk-away and is taken by itself: any decision passes.
///
/// # Reference
/// Ours: steps 1, 7 and 9 of the method for a case whose only side has no negotiator.
#[must_use]
pub fn council(
    issues: &[&PositionIssue],
    rule: &dyn Fn(&[&str]) -> Rule,
) -> Option<Vec<CouncilForecast>> {
    let mut found: Vec<Option<CouncilForecast>> = vec![None; issues.len()];
    let (known, unknown): (Vec<usize>, Vec<usize>) =
        (0..issues.len()).partition(|j| issues[*j].reference().is_some());
    let together = std::iter::once(known).filter(|k| !k.is_empty());
    for group in together.chain(unknown.into_iter().map(|j| vec![j])) {
        let of_group: Vec<&PositionIssue> = group.iter().map(|j| issues[*j]).collect();
        for (j, told) in group.iter().zip(decided(&of_group, rule)?) {
            found[*j] = Some(told);
        }
    }
    found.into_iter().collect()
}

/// The position on its scale in whole millionths.
fn place(issue: &PositionIssue, x: f64) -> i32 {
    (f64::from(UNIT) * (x - issue.lo()) / issue.width()).round() as i32
}

/// One negotiation: either every issue has a reference point or there is one that has none.
fn decided(
    issues: &[&PositionIssue],
    rule: &dyn Fn(&[&str]) -> Rule,
) -> Option<Vec<CouncilForecast>> {
    let mut names: Vec<&str> =
        issues.iter().flat_map(|i| i.actors()).map(|a| a.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > MOST_MEMBERS {
        return None;
    }
    let s = situation(issues, &names, rule(&names));
    let mut no_deal = NoDeal::default();
    s.no_deal(&mut no_deal);
    if issues.iter().any(|i| i.reference().is_none()) {
        // Nothing is worse than no decision.
        no_deal.d.fill(0.0);
        no_deal.m.fill(0.0);
    }
    let mut grid = Grid::default();
    grid.evaluate(&s, &no_deal, listed(issues, &s));
    let solved = grid.solve(&s, &no_deal);
    let zone = ZoneTerms::new(&grid, &s, &no_deal, 0.0);
    let count = issues.len();
    let told = |(j, issue): (usize, &&PositionIssue)| {
        let at = |x: i32| issue.lo() + issue.width() * f64::from(x) / f64::from(UNIT);
        let stays = || PositionForecast::certain(issue.reference().unwrap_or(issue.lo()));
        let spread = |atoms: Vec<(f64, f64)>| {
            Distribution::from_atoms(atoms).map_or_else(stays, |distribution| PositionForecast {
                point: distribution.median(),
                distribution,
                moves: Vec::new(),
            })
        };
        let terms = solved.terms.chunks_exact(count).map(|x| (at(x[j]), 1.0)).collect();
        let strike = |zone: &ZoneTerms| {
            let package = |x: &usize| grid.package(*x)[j];
            zone.packages.iter().map(package).zip(&zone.p).map(|(x, p)| (at(x), *p)).collect()
        };
        CouncilForecast {
            terms: spread(terms),
            people: spread(zone.as_ref().map(strike).unwrap_or_default()),
        }
    };
    Some(issues.iter().enumerate().map(told).collect())
}

/// The negotiation as plain numbers.
fn situation(issues: &[&PositionIssue], names: &[&str], rule: Rule) -> Situation {
    let (n, count) = (names.len(), issues.len());
    // Where nothing is known of no decision, it is no place on the scale.
    let quo: Vec<i32> =
        issues.iter().map(|i| i.reference().map_or(-UNIT, |x| place(i, x))).collect();
    let mut s = Situation {
        side: vec![0; n],
        ideal: quo.iter().copied().cycle().take(n * count).collect(),
        weight: vec![0.0; n * count],
        red_min: vec![i32::MIN; n * count],
        red_max: vec![i32::MAX; n * count],
        demand: vec![NO_DEMAND; n * count],
        audience: vec![0.0; n],
        capability: vec![0; n],
        discount: vec![0.1],
        cost: vec![0.0],
        rules: vec![rule],
        negotiator: vec![None],
        alpha: 1.0,
        quo,
        ..Situation::default()
    };
    for (j, issue) in issues.iter().enumerate() {
        let most = issue.actors().iter().map(|a| a.capability).fold(0.0, f64::max);
        for actor in issue.actors() {
            let Ok(i) = names.binary_search(&actor.name.as_str()) else { continue };
            s.ideal[i * count + j] = place(issue, actor.position);
            s.weight[i * count + j] = actor.salience;
            // In whole millionths of the largest, whatever the unit.
            let share = if most > 0.0 { actor.capability / most } else { 1.0 };
            s.capability[i] = s.capability[i].max((1e6 * share).round() as i64);
        }
    }
    for row in s.weight.chunks_exact_mut(count) {
        let all: f64 = row.iter().sum();
        if all > 0.0 {
            row.iter_mut().for_each(|w| *w /= all);
        }
    }
    s
}

/// Held positions and reference points of every issue, thinned until the packages can be listed.
fn listed(issues: &[&PositionIssue], s: &Situation) -> Vec<Vec<i32>> {
    let mut at = nodes(s, &[]);
    for (j, (at, issue)) in at.iter_mut().zip(issues).enumerate() {
        at.retain(|x| (0..=UNIT).contains(x));
        // Of members without a position here, the reference point stands for one.
        let held: Vec<i32> = issue.actors().iter().map(|a| place(issue, a.position)).collect();
        at.retain(|x| held.contains(x) || *x == s.quo[j]);
    }
    let packages = |at: &[Vec<i32>]| at.iter().map(|a| a.len() as f64).product::<f64>();
    while packages(&at) > MOST_LISTED as f64 {
        let Some(longest) = at.iter_mut().max_by_key(|a| a.len()) else { break };
        let (from, to) = (longest.len() - 1, longest.len() - 2);
        // Both ends stay.
        *longest = (0..=to).map(|k| longest[k * from / to.max(1)]).collect();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::PositionActor;
    use super::*;

    fn issue(reference: Option<f64>, who: &[(&str, f64, f64, f64)]) -> PositionIssue {
        let actor =
            |(name, capability, position, salience): &(&str, f64, f64, f64)| PositionActor {
                name: (*name).to_owned(),
                capability: *capability,
                position: *position,
                salience: *salience,
            };
        PositionIssue::new(0.0, 100.0, reference, who.iter().map(actor).collect()).unwrap()
    }

    fn percent(quota: f64) -> impl Fn(&[&str]) -> Rule {
        move |names| Rule::Percent(quota, (0..names.len()).collect())
    }

    #[test]
    fn a_majority_decides_and_unanimity_keeps_what_somebody_likes_better() {
        let who = [("a", 1.0, 100.0, 50.0), ("b", 1.0, 60.0, 50.0), ("c", 1.0, 0.0, 50.0)];
        let one = issue(Some(0.0), &who);
        // Two of three gain at 60: the median by capability.
        let told = council(&[&one], &percent(60.0)).unwrap();
        assert_eq!(told[0].terms.point, 60.0);
        assert!(told[0].people.distribution.atoms().iter().all(|(x, _)| *x > 0.0));
        // Nothing passes where all must gain: it stays.
        let told = council(&[&one], &percent(100.0)).unwrap();
        assert_eq!((told[0].terms.point, told[0].people.point), (0.0, 0.0));
        // Without a walk-away anything passes.
        let free = issue(None, &who);
        let told = council(&[&free], &percent(100.0)).unwrap();
        assert_eq!(told[0].terms.point, 60.0);
        assert_eq!(told[0].people.distribution.atoms().len(), 3);
    }

    #[test]
    fn issues_of_one_proposal_are_traded() {
        // Each wants one issue badly and would rather leave the other: alone nothing passes, together both.
        let one = issue(Some(0.0), &[("a", 1.0, 100.0, 90.0), ("b", 1.0, 0.0, 10.0)]);
        let two = issue(Some(0.0), &[("a", 1.0, 0.0, 10.0), ("b", 1.0, 100.0, 90.0)]);
        let all = percent(100.0);
        assert_eq!(council(&[&one], &all).unwrap()[0].terms.point, 0.0);
        let told = council(&[&one, &two], &all).unwrap();
        assert_eq!((told[0].terms.point, told[1].terms.point), (100.0, 100.0));
    }
}
