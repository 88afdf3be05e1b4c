//! How well a class foretells cases it has not seen: cross-validation, beside counted incidence.

use libm::log;
use serde::{Deserialize, Serialize};

use super::risk::ClassRates;
use super::{FitPlan, PastCase, PastEnding, ReferenceClass};
use crate::uncertain::counter::below;

/// The days by which agreement and other endings are scored.
pub const HORIZONS: [usize; 6] = [14, 30, 60, 90, 180, 365];
/// The last days of the cells of the log score; the last cell has no end.
pub const CELLS: [usize; 7] = [7, 14, 30, 60, 90, 180, 365];
/// The least probability that the log score takes.
pub const FLOOR: f64 = 0.001;
/// How many parts the cases are divided into.
pub const FOLDS: usize = 10;
/// The seeds of the divisions that are averaged.
pub const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// What foretells the cases that were left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// Counting: the Aalen–Johansen estimate of all cases together.
    AalenJohansen,
    /// The fitted class of all cases together.
    Pooled,
    /// The fitted class with its groups.
    Grouped,
}

/// Scores of cases that were left out, lower is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UnseenScores {
    /// Brier score of agreement, averaged over [`HORIZONS`].
    pub agreement: f64,
    /// Brier score of other endings, averaged over [`HORIZONS`].
    pub other: f64,
    /// Minus the log of the probability of the cell and ending that happened.
    pub log: f64,
}

impl UnseenScores {
    fn map2(self, b: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            agreement: f(self.agreement, b.agreement),
            other: f(self.other, b.other),
            log: f(self.log, b.log),
        }
    }
}

/// The mean of several divisions, and the lowest and highest of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnseenSummary {
    /// The mean.
    pub mean: UnseenScores,
    /// The lowest of each score.
    pub lowest: UnseenScores,
    /// The highest of each score.
    pub highest: UnseenScores,
}

/// The scores of one way of foretelling over `seeds`; `None` where too few cases ended to leave any
/// out.
///
/// # Model
/// The cases, in an order of their own, are shuffled and dealt into ten parts (as many as cases ended
/// if those are fewer); each part is foretold from the start of the clock by a fit of the others. A
/// case that is still open counts at the horizons it is known to have outlasted, and not in the log
/// score.
pub fn unseen(
    cases: &[PastCase],
    plan: &FitPlan<'_>,
    by: Estimator,
    seeds: &[u64],
) -> Option<UnseenSummary> {
    let mut sorted = cases.to_vec();
    sorted.sort_by(|a, b| {
        a.days.total_cmp(&b.days).then((a.ending, a.group).cmp(&(b.ending, b.group)))
    });
    let scores: Option<Vec<UnseenScores>> =
        seeds.iter().map(|seed| one_division(&sorted, plan, by, *seed)).collect();
    let scores = scores?;
    let first = *scores.first()?;
    let fold = |f: fn(f64, f64) -> f64| scores.iter().fold(first, |a, b| a.map2(*b, f));
    let zero = UnseenScores::default();
    let sum = scores.iter().fold(zero, |a, b| a.map2(*b, |a, b| a + b));
    let n = scores.len() as f64;
    Some(UnseenSummary {
        mean: sum.map2(zero, |a, _| a / n),
        lowest: fold(f64::min),
        highest: fold(f64::max),
    })
}

fn one_division(
    cases: &[PastCase],
    plan: &FitPlan<'_>,
    by: Estimator,
    seed: u64,
) -> Option<UnseenScores> {
    let ended = cases.iter().filter(|c| c.ending != PastEnding::Open).count();
    let folds = FOLDS.min(ended);
    if folds < 2 {
        return None;
    }
    let mut order: Vec<usize> = (0..cases.len()).collect();
    for k in (1..order.len()).rev() {
        order.swap(k, below(seed, k as u64, 0, k + 1));
    }
    let mut sum = Sums::default();
    for fold in 0..folds {
        let within = |k: &usize| k % folds == fold;
        let places = |inside: bool| {
            let of = (0..order.len()).filter(move |k| within(k) == inside);
            of.map(|k| cases[order[k]]).collect::<Vec<PastCase>>()
        };
        let (left_out, rest) = (places(true), places(false));
        let incidences = Incidences::new(&rest, plan, by)?;
        left_out.iter().for_each(|case| sum.add(case, incidences.of(case)));
    }
    sum.scores()
}

/// The sums of scores over cases.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    scores: UnseenScores,
    /// Cases scored at a horizon, times horizons.
    known: usize,
    /// Cases in the log score.
    ended: usize,
}

impl Sums {
    fn add(&mut self, case: &PastCase, incidence: &[(f64, f64)]) {
        let day = case.day() as usize;
        let by = |d: usize| incidence[d.min(incidence.len()) - 1];
        let hit = |ending, d: usize| f64::from(u8::from(case.ending == ending && day <= d));
        let square = |x: f64| x * x;
        for d in HORIZONS {
            if case.ending == PastEnding::Open && day < d {
                continue;
            }
            let (agreement, other) = by(d);
            self.scores.agreement += square(agreement - hit(PastEnding::Agreement, d));
            self.scores.other += square(other - hit(PastEnding::Other, d));
            self.known += 1;
        }
        let cell = CELLS.iter().position(|end| day <= *end);
        let to = cell.map_or(incidence.len(), |k| CELLS[k]);
        let before = match cell.unwrap_or(CELLS.len()) {
            0 => (0.0, 0.0),
            k => by(CELLS[k - 1]),
        };
        let p = match case.ending {
            PastEnding::Agreement => by(to).0 - before.0,
            PastEnding::Other => by(to).1 - before.1,
            PastEnding::Open => return,
        };
        self.scores.log -= log(p.max(FLOOR));
        self.ended += 1;
    }

    fn scores(self) -> Option<UnseenScores> {
        if self.known == 0 || self.ended == 0 {
            return None;
        }
        let known = self.known as f64;
        Some(UnseenScores {
            agreement: self.scores.agreement / known,
            other: self.scores.other / known,
            log: self.scores.log / self.ended as f64,
        })
    }
}

/// Cumulative incidences by day for each group, until hardly anybody is open.
struct Incidences {
    all: Vec<(f64, f64)>,
    groups: Vec<Vec<(f64, f64)>>,
}

impl Incidences {
    fn new(cases: &[PastCase], plan: &FitPlan<'_>, by: Estimator) -> Option<Self> {
        if by == Estimator::AalenJohansen {
            let all = aalen_johansen(cases);
            return (!all.is_empty()).then_some(Self { all, groups: Vec::new() });
        }
        let class = ReferenceClass::fit_plan(cases, plan)?;
        let curve = |name: Option<&str>| {
            let agreement = class.agreement_in(name);
            to_the_end(|days| ClassRates::new(&agreement, class.other.as_ref(), days))
        };
        let groups = match by {
            Estimator::Grouped => plan.groups.iter().enumerate().collect(),
            _ => Vec::new(),
        };
        let of = |(g, name): (usize, &String)| {
            // A group that no case of the fit belongs to has not been seen.
            let seen = cases.iter().any(|c| c.group == Some(g));
            curve(seen.then_some(name.as_str()))
        };
        Some(Self { all: curve(None), groups: groups.into_iter().map(of).collect() })
    }

    fn of(&self, case: &PastCase) -> &[(f64, f64)] {
        case.group.and_then(|g| self.groups.get(g)).unwrap_or(&self.all)
    }
}

/// The incidence by day until less than 1e-9 is open, or for 180 years.
fn to_the_end(rates: impl Fn(usize) -> ClassRates) -> Vec<(f64, f64)> {
    let mut days = 1024;
    loop {
        let incidence = rates(days).incidence(0, days);
        let open = incidence.last().map_or(0.0, |(a, o)| 1.0 - a - o);
        if open < 1e-9 || days >= 1 << 16 {
            return incidence;
        }
        days *= 4;
    }
}

/// The cumulative incidences of agreement and of other endings by day 1, 2, …, counted, up to the last
/// day on which a case ended or was seen; of an ending and an open case on one day the ending comes
/// first.
///
/// # Model
/// `CIF_c(t) = Σ_{s≤t} S(s−1) n_c(s)/Y(s)`, Y(s) the cases open at the start of day s, n_c(s) those
/// that end in c on it, `S(s) = S(s−1)(1 − n(s)/Y(s))`.
///
/// # Reference
/// Aalen & Johansen 1978, Scandinavian Journal of Statistics 5.
pub fn aalen_johansen(cases: &[PastCase]) -> Vec<(f64, f64)> {
    let last = cases.iter().map(|c| c.day() as usize).max().unwrap_or(0);
    let mut counts = vec![[0usize; 3]; last + 1];
    for case in cases {
        let kind = match case.ending {
            PastEnding::Agreement => 0,
            PastEnding::Other => 1,
            PastEnding::Open => 2,
        };
        counts[case.day() as usize][kind] += 1;
    }
    let (mut at_risk, mut open, mut sum) = (cases.len(), 1.0, (0.0, 0.0));
    let day = |[agreed, others, left]: &[usize; 3]| {
        let part = |n: usize| n as f64 / at_risk.max(1) as f64;
        let (a, o) = (part(*agreed), part(*others));
        sum = (sum.0 + open * a, sum.1 + open * o);
        open *= 1.0 - part(agreed + others);
        at_risk -= agreed + others + left;
        sum
    };
    counts[1..].iter().map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(days: f64, ending: PastEnding) -> PastCase {
        PastCase { days, ending, group: None }
    }

    use PastEnding::{Agreement, Open, Other};

    #[test]
    fn counted_incidence_is_the_share_where_nobody_is_lost() {
        let cases =
            [case(2.0, Agreement), case(2.0, Other), case(5.0, Agreement), case(9.0, Other)];
        let counted = aalen_johansen(&cases);
        assert_eq!(counted.len(), 9);
        assert_eq!([counted[0], counted[1], counted[4]], [(0.0, 0.0), (0.25, 0.25), (0.5, 0.25)]);
        assert_eq!(counted[8], (0.5, 0.5));
    }

    #[test]
    fn who_is_lost_shares_out_what_he_held() {
        // Open from day 3 on: of the two left at day 5 half agree, of 2/3 of the mass.
        let cases = [case(1.0, Agreement), case(3.0, Open), case(5.0, Agreement)];
        let counted = aalen_johansen(&cases);
        assert!((counted[3].0 - 1.0 / 3.0).abs() < 1e-15);
        assert!((counted[4].0 - 1.0).abs() < 1e-15);
    }

    #[test]
    fn scores_are_those_of_the_definition() {
        // Incidences: agreement .4 and other .2 from day 1 on, nothing later.
        let incidence = vec![(0.4, 0.2); 400];
        let mut sums = Sums::default();
        sums.add(&case(20.0, Agreement), &incidence);
        let s = sums.scores().unwrap();
        // By day 14 it is open, by the five later days agreed.
        assert!((s.agreement - (0.16 + 5.0 * 0.36) / 6.0).abs() < 1e-15);
        assert!((s.other - 0.04).abs() < 1e-15);
        assert!((s.log + log(FLOOR)).abs() < 1e-15);
        let mut sums = Sums::default();
        sums.add(&case(7.0, Other), &incidence);
        assert!((sums.scores().unwrap().log + log(0.2)).abs() < 1e-15);
        // Open for 60 days: three horizons are known, and no ending.
        let mut sums = Sums::default();
        sums.add(&case(60.0, Open), &incidence);
        assert_eq!((sums.known, sums.ended, sums.scores()), (3, 0, None));
    }

    #[test]
    fn the_order_of_rows_moves_no_score_and_a_division_leaves_everything_out_once() {
        let mut cases: Vec<PastCase> = (0..60u64)
            .map(|k| case((k * 37 % 101) as f64, [Agreement, Other, Open][(k % 7 % 3) as usize]))
            .collect();
        let plan = FitPlan::default();
        let one = unseen(&cases, &plan, Estimator::Pooled, &SEEDS[..2]).unwrap();
        cases.reverse();
        assert_eq!(unseen(&cases, &plan, Estimator::Pooled, &SEEDS[..2]), Some(one));
        assert!(one.lowest.log <= one.mean.log && one.mean.log <= one.highest.log);
        // Nothing to learn from: one case cannot be left out of one.
        assert_eq!(unseen(&[case(3.0, Other)], &plan, Estimator::AalenJohansen, &SEEDS), None);
    }
}
