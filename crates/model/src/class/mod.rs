//! Reference classes: how fast, and how, past negotiations of a kind ended.
//!
//! A class is two risks by elapsed days, agreement and every other ending, fitted to past cases. It
//! knows nothing of a case at hand, of files, or of where its rows came from.

mod fit;
pub mod risk;
pub mod unseen;

use serde::{Deserialize, Serialize};

use fit::{Curve, steps};
use libm::{ceil, log, round};
use risk::{ClassRates, Risk};

/// How a past case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PastEnding {
    /// In agreement.
    Agreement,
    /// In any other way.
    Other,
    /// It had not ended when it was last seen.
    Open,
}

/// A past negotiation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PastCase {
    /// Days from the start of its clock to its end, or to when it was last seen; 0 or more.
    pub days: f64,
    /// How it ended.
    pub ending: PastEnding,
    /// The index of its group, if the class has groups.
    pub group: Option<usize>,
}

impl PastCase {
    /// The day on which it ended or was last seen, from 1: `max(1, ⌈x⌉)`.
    pub fn day(&self) -> f64 {
        ceil(self.days).max(1.0)
    }
}

/// How many past cases a class rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PastCounts {
    /// Ended in agreement.
    pub agreed: usize,
    /// Ended otherwise.
    pub others: usize,
    /// Still open when last seen.
    pub open: usize,
}

impl PastCounts {
    /// Counts cases.
    pub fn of(cases: &[PastCase]) -> Self {
        let count = |ending| cases.iter().filter(|c| c.ending == ending).count();
        Self {
            agreed: count(PastEnding::Agreement),
            others: count(PastEnding::Other),
            open: count(PastEnding::Open),
        }
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.agreed + self.others + self.open
    }

    /// The agreements among the cases that ended, by any day; 0 where none ended.
    pub fn agreed_share(&self) -> f64 {
        self.agreed as f64 / (self.agreed + self.others).max(1) as f64
    }
}

/// The share of past cases that had a zone of agreement, as a range in per cent, from the share A
/// that agreed: `A + (1−A)/4`, at most 90, ± 15, within 5..97.
///
/// A quarter of those that ended without agreement had a zone all the same: judgement.
pub fn zone_share(agreed: f64) -> [f64; 3] {
    around((100.0 * (agreed + 0.25 * (1.0 - agreed))).min(90.0))
}

/// The same to the nearest five per cent, as the shipped classes have it.
pub fn zone_share_to_five(agreed: f64) -> [f64; 3] {
    around(5.0 * round(zone_share(agreed)[1] / 5.0))
}

fn around(mode: f64) -> [f64; 3] {
    [(mode - 15.0).max(5.0), mode, (mode + 15.0).min(97.0)]
}

/// Counts as whole per cents that sum to 100, by largest remainders; of equal ones the first.
///
/// Nothing to count gives zeros.
pub fn whole_per_cents(counts: [usize; 3]) -> [f64; 3] {
    let sum: usize = counts.iter().sum();
    if sum == 0 {
        return [0.0; 3];
    }
    let mut parts = counts.map(|n| 100 * n / sum);
    let mut order = [0, 1, 2];
    order.sort_by_key(|&k| std::cmp::Reverse(100 * counts[k] % sum));
    for &k in order.iter().take(100 - parts.iter().sum::<usize>()) {
        parts[k] += 1;
    }
    parts.map(|p| p as f64)
}

/// A group of past cases within a class, and how much faster it agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassGroup {
    /// What the group is called.
    pub name: String,
    /// How many past cases it has.
    pub cases: usize,
    /// How many of them ended in agreement.
    pub agreed: usize,
    /// What the hazard of agreement is multiplied by, m.
    pub times: f64,
}

/// The hazard of agreement beside the factors of groups.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedRisk {
    /// The hazard of a group with factor 1.
    pub agreement: Risk,
    /// The groups, in the order of their names.
    pub groups: Vec<ClassGroup>,
}

/// A reference class: two risks by elapsed days, and what goes with them.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceClass {
    /// The past cases it rests on.
    pub counts: PastCounts,
    /// The hazard of agreement of all cases together.
    pub agreement: Risk,
    /// The hazard of every other ending; none where every past case agreed.
    pub other: Option<Risk>,
    /// The hazard of agreement with groups, where the class has them.
    pub grouped: Option<GroupedRisk>,
    /// How the other endings divide into breakdown, suspension and interim, per cent.
    pub split: [f64; 3],
    /// The share of past cases that had a zone of agreement, as a range in per cent.
    pub zref: [f64; 3],
}

/// How a class is fitted beyond the two risks.
#[derive(Clone, Copy, Debug, Default)]
pub struct FitPlan<'a> {
    /// The names of the groups, in order; empty for none.
    pub groups: &'a [String],
    /// Where the steps of the other endings end, days, ascending; `None` for a Weibull.
    pub steps: Option<&'a [f64]>,
}

/// How other endings divide where nothing is known of it, per cent: judgement.
pub const UNKNOWN_SPLIT: [f64; 3] = [40.0, 40.0, 20.0];

impl ReferenceClass {
    /// The class of an own table; `None` if no case ended.
    ///
    /// # Model
    /// Each risk is `H(t) = (t/b)^p` at its highest posterior density; times are `max(1, ⌈x⌉) − ½`.
    pub fn fit(cases: &[PastCase]) -> Option<Self> {
        Self::fit_plan(cases, &FitPlan::default())
    }

    /// The class of cases with groups or steps; `None` if no case ended.
    ///
    /// Where the plan names groups, every case has one of them.
    pub fn fit_plan(cases: &[PastCase], plan: &FitPlan<'_>) -> Option<Self> {
        let counts = PastCounts::of(cases);
        if counts.agreed + counts.others == 0 {
            return None;
        }
        let agreement = Times::new(cases, PastEnding::Agreement);
        let other = Times::new(cases, PastEnding::Other);
        let one = vec![1.0; plan.groups.len().max(1)];
        let pooled = Curve::fit(&agreement, &one);
        let never = Risk::Steps { to: Vec::new(), rates: vec![0.0], times: 1.0 };
        let grouped = match plan.groups {
            [] => None,
            names => Curve::grouped(&agreement, names.len()).map(|(curve, factors)| {
                let group = |(g, (name, times)): (usize, (&String, f64))| {
                    let of = |c: &&PastCase| c.group == Some(g);
                    let agreed = |c: &&PastCase| c.ending == PastEnding::Agreement;
                    ClassGroup {
                        name: name.clone(),
                        cases: cases.iter().filter(of).count(),
                        agreed: cases.iter().filter(of).filter(agreed).count(),
                        times,
                    }
                };
                let groups = names.iter().zip(factors).enumerate().map(group).collect();
                GroupedRisk { agreement: curve.risk(), groups }
            }),
        };
        let other = match plan.steps {
            Some(to) => {
                steps(&other, to).map(|rates| Risk::Steps { to: to.to_vec(), rates, times: 1.0 })
            }
            None => Curve::fit(&other, &one).map(|curve| curve.risk()),
        };
        Some(Self {
            counts,
            agreement: pooled.map_or(never, |curve| curve.risk()),
            other,
            grouped,
            split: UNKNOWN_SPLIT,
            zref: zone_share(counts.agreed_share()),
        })
    }

    /// A group of the class by its name.
    pub fn group(&self, name: &str) -> Option<&ClassGroup> {
        self.grouped.as_ref().and_then(|g| g.groups.iter().find(|group| group.name == name))
    }

    /// The hazard of agreement in a group; without a group, or in one never seen, that of all cases
    /// together.
    pub fn agreement_in(&self, group: Option<&str>) -> Risk {
        let found = group.and_then(|name| self.group(name));
        match (&self.grouped, found) {
            (Some(grouped), Some(group)) => grouped.agreement.multiplied(group.times),
            _ => self.agreement.clone(),
        }
    }

    /// The daily chances of a group on days 1 to `days` of the class's clock.
    pub fn rates(&self, group: Option<&str>, days: usize) -> ClassRates {
        ClassRates::new(&self.agreement_in(group), self.other.as_ref(), days)
    }
}

/// The cases of one time and group that one risk ended, or did not.
#[derive(Clone, Copy, Debug)]
struct TimeRow {
    /// `max(1, ⌈x⌉) − ½`.
    days: f64,
    /// Its logarithm.
    log: f64,
    /// Whether this risk ended them.
    ended: bool,
    /// The index of the group; 0 without groups.
    group: usize,
    /// How many there are.
    count: f64,
}

/// The half-day times of one risk, sorted and counted: sums are the same in any order of rows.
#[derive(Clone, Debug)]
struct Times {
    rows: Vec<TimeRow>,
}

impl Times {
    fn new(cases: &[PastCase], ending: PastEnding) -> Self {
        let row = |case: &PastCase| {
            let days = case.day() - 0.5;
            let ended = case.ending == ending;
            TimeRow { days, log: log(days), ended, group: case.group.unwrap_or(0), count: 1.0 }
        };
        let mut rows: Vec<TimeRow> = cases.iter().map(row).collect();
        let key = |r: &TimeRow| (r.group, r.ended);
        rows.sort_by(|a, b| a.days.total_cmp(&b.days).then(key(a).cmp(&key(b))));
        rows.dedup_by(|b, a| {
            let same = a.days == b.days && key(a) == key(b);
            if same {
                a.count += b.count;
            }
            same
        });
        Self { rows }
    }

    fn endings(&self) -> f64 {
        self.rows.iter().filter(|r| r.ended).map(|r| r.count).sum()
    }

    /// `Σ m t^p`.
    fn exposure(&self, shape: f64, factors: &[f64]) -> f64 {
        self.rows.iter().map(|r| r.count * factors[r.group] * libm::exp(shape * r.log)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(rows: &[(f64, PastEnding)]) -> Vec<PastCase> {
        rows.iter().map(|&(days, ending)| PastCase { days, ending, group: None }).collect()
    }

    #[test]
    fn the_zone_share_of_six_agreements_and_three_others_is_three_quarters() {
        let counts = PastCounts { agreed: 6, others: 3, open: 4 };
        let close = zone_share(counts.agreed_share()).map(|x| (x * 1e9).round() / 1e9);
        assert_eq!(close, [60.0, 75.0, 90.0]);
        assert_eq!(zone_share(1.0), [75.0, 90.0, 97.0]);
        assert_eq!(zone_share(0.0), [10.0, 25.0, 40.0]);
    }

    #[test]
    fn per_cents_are_whole_and_sum_to_a_hundred() {
        assert_eq!(whole_per_cents([179, 27, 18]), [80.0, 12.0, 8.0]);
        assert_eq!(whole_per_cents([26, 3, 7]), [72.0, 8.0, 20.0]);
        assert_eq!(whole_per_cents([1, 1, 1]), [34.0, 33.0, 33.0]);
        assert_eq!(whole_per_cents([0, 0, 0]), [0.0; 3]);
    }

    #[test]
    fn cases_that_all_end_on_one_day_have_the_closed_form_rate() {
        // One time t: λ = n/(N t^p), so that the hazard by t is n/N whatever the shape.
        let mut rows = vec![(40.0, PastEnding::Agreement); 6];
        rows.extend([(40.0, PastEnding::Other); 2]);
        let class = ReferenceClass::fit(&cases(&rows)).unwrap();
        assert!((class.agreement.cumulative(39.5) - 0.75).abs() < 1e-12);
        assert!((class.other.unwrap().cumulative(39.5) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn the_shape_is_where_the_slope_of_the_density_is_zero() {
        let rows: Vec<(f64, PastEnding)> = (0..40)
            .map(|k: i32| {
                let ending = match k % 4 {
                    0 => PastEnding::Open,
                    1 => PastEnding::Other,
                    _ => PastEnding::Agreement,
                };
                (f64::from(k * k % 97), ending)
            })
            .collect();
        let class = ReferenceClass::fit(&cases(&rows)).unwrap();
        let Risk::Weibull { shape, scale, .. } = class.agreement else { panic!("no Weibull") };
        // d/d log p of the log density, by hand: n + p Σ_events log t − n p Σ t^p log t / Σ t^p − (log p + 0.1)/0.04.
        let t = |x: f64| x.max(1.0) - 0.5;
        let agreed = rows.iter().filter(|r| r.1 == PastEnding::Agreement);
        let (n, logs) = agreed.fold((0.0, 0.0), |(n, s), r| (n + 1.0, s + log(t(r.0))));
        let power = |x: f64| libm::pow(t(x), shape);
        let sum: f64 = rows.iter().map(|r| power(r.0)).sum();
        let weighted: f64 = rows.iter().map(|r| power(r.0) * log(t(r.0))).sum();
        let slope = n + shape * logs - n * shape * weighted / sum - (log(shape) + 0.1) / 0.04;
        assert!(slope.abs() < 1e-4, "{slope}");
        assert!((libm::pow(scale, -shape) * sum - n).abs() < 1e-9);
    }

    #[test]
    fn the_order_of_rows_moves_no_byte() {
        let mut rows: Vec<PastCase> = (0..200u64)
            .map(|k| PastCase {
                days: (k * 7919 % 263) as f64 / 3.0,
                ending: [PastEnding::Agreement, PastEnding::Other, PastEnding::Open]
                    [(k * 31 % 7 % 3) as usize],
                group: Some((k * 13 % 5 % 3) as usize),
            })
            .collect();
        let groups: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let plan = FitPlan { groups: &groups, steps: Some(&[10.0, 50.0]) };
        let one = ReferenceClass::fit_plan(&rows, &plan);
        rows.reverse();
        rows.swap(3, 77);
        assert!(one.is_some() && one == ReferenceClass::fit_plan(&rows, &plan));
    }

    #[test]
    fn one_group_of_everything_is_the_class_pulled_to_itself() {
        // With one group Σ m t^p λ = n, so E = n/m and m = (4+n)/(4+n/m): m = 1 is the fixed point.
        let rows = cases(&[(3.0, PastEnding::Agreement), (9.0, PastEnding::Agreement)]);
        let rows: Vec<PastCase> =
            rows.into_iter().map(|c| PastCase { group: Some(0), ..c }).collect();
        let names = ["all".to_owned()];
        let plan = FitPlan { groups: &names, steps: None };
        let class = ReferenceClass::fit_plan(&rows, &plan).unwrap();
        assert_eq!(class.group("all").map(|g| g.times), Some(1.0));
        assert_eq!(class.agreement_in(Some("all")), class.agreement);
        assert_eq!(class.agreement_in(Some("none")), class.agreement);
    }

    #[test]
    fn steps_borrow_from_the_step_before() {
        // 2 endings in 30 half-day days: λ0 = 1/15. Up to 10: 1 ending in 10 + 10 days; beyond: 1 in 11.
        let rows = [(10.0, PastEnding::Other), (21.0, PastEnding::Other)];
        let plan = FitPlan { groups: &[], steps: Some(&[10.0]) };
        let class = ReferenceClass::fit_plan(&cases(&rows), &plan).unwrap();
        let Some(Risk::Steps { rates, .. }) = class.other else { panic!("no steps") };
        let first = 6.0 / (20.0 + 5.0 * 15.0);
        let second = 6.0 / (11.0 + 5.0 / first);
        assert!((rates[0] - first).abs() < 1e-15 && (rates[1] - second).abs() < 1e-15);
        // Nobody agreed: by this class nobody will.
        assert_eq!(class.agreement.cumulative(1e4), 0.0);
    }

    #[test]
    fn without_an_ending_there_is_no_class() {
        assert_eq!(ReferenceClass::fit(&cases(&[(9.0, PastEnding::Open)])), None);
        assert_eq!(ReferenceClass::fit(&[]), None);
    }
}
