//! Bargaining under priced deadlines: what no deal is worth while they lie ahead, and on which days
//! that has to be worked out anew.

use libm::exp;

use crate::clock::windows::WINDOW;

use super::YEAR;

/// A priced deadline ahead, as a member sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PriceAhead {
    /// How far off it is, T, days.
    pub days: f64,
    /// The chance that it is put off.
    pub put_off: f64,
    /// The one-off cost C of passing it without a deal, in years of utility.
    pub cost: f64,
    /// Whether the status quo is another one afterwards.
    pub changes: bool,
}

/// The threat point with priced deadlines ahead, in the order of their days (at most 64).
///
/// # Model
/// Backwards from the last, clock (10), with r the discount rate and Λ the hazard of all events, per
/// year, and T in years:
///
/// `V_k(now) = V_{k+1}(now) + (1 − put_off_k)e^{−(r+Λ)T_k}[V_{k+1}(now + after_k, seen from D_k) −
/// V_{k+1}(now, seen from D_k) − rC_k]`
///
/// where past the last V is the threat point without deadlines: `plain` gives it for the status quo
/// after the deadlines whose bits are set. Put-offs are independent, so this is the mean over what
/// may be put off.
///
/// # Reference
/// Binmore, Rubinstein & Wolinsky 1986 for the threat point as the worth of the flows while no deal
/// is made; here those flows change on known days.
pub fn threat_before(
    ahead: &[PriceAhead],
    discount: f64,
    hazard: f64,
    plain: &impl Fn(u64) -> f64,
) -> f64 {
    worth(ahead, 0, 0.0, 0, discount, hazard, plain)
}

/// V_k with the deadlines in `passed` behind, seen from `from` days after now.
fn worth(
    ahead: &[PriceAhead],
    k: usize,
    from: f64,
    passed: u64,
    discount: f64,
    hazard: f64,
    plain: &impl Fn(u64) -> f64,
) -> f64 {
    let Some(deadline) = ahead.get(k) else { return plain(passed) };
    let next = |from: f64, passed: u64| worth(ahead, k + 1, from, passed, discount, hazard, plain);
    let without = next(from, passed);
    if deadline.put_off >= 1.0 {
        return without;
    }
    let years = (deadline.days - from).max(0.0) / YEAR;
    let kept = (1.0 - deadline.put_off) * exp(-(discount + hazard) * years);
    // Without another status quo only the cost is left of the bracket.
    let change = if deadline.changes {
        next(deadline.days, passed | 1 << k) - next(deadline.days, passed)
    } else {
        0.0
    };
    without + kept * (change - discount * deadline.cost)
}

/// A priced deadline still to come, in forecast days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeadlineAhead {
    /// The day D, at least 1.
    pub day: i32,
    /// The last day on which a text still makes it.
    pub last_text: i32,
    /// Whether what is open after it ends.
    pub ends: bool,
    /// Whether it is put off in this draw: it has no window then, and nothing ends.
    pub put_off: bool,
}

impl DeadlineAhead {
    /// The first day of its window, none if it is put off: from then on the parties bargain as on
    /// the last day.
    fn window(&self) -> Option<i32> {
        (!self.put_off).then_some(self.last_text - (WINDOW - 1))
    }
}

/// A day from which bargaining is worked out anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BargainingDay {
    /// The first forecast day it holds on.
    pub from: i32,
    /// The day the deadlines ahead are seen from: each is `max(0, D − seen)` days off.
    pub seen: i32,
    /// Whether positions have drifted.
    pub drifted: bool,
}

impl BargainingDay {
    /// How far off a deadline is, days; none once it is past.
    pub fn days_to(&self, deadline: &DeadlineAhead) -> Option<i32> {
        (deadline.day >= self.from).then_some((deadline.day - self.seen).max(0))
    }
}

/// The days from which bargaining is worked out, clock (10): day 1, the first day of each window,
/// the day after each deadline, the day from which positions have drifted and whatever `others` there
/// are, in order, up to `until` and to the first deadline that ends what is open.
pub fn bargaining_days(
    deadlines: &[DeadlineAhead],
    drift: Option<i32>,
    others: &[i32],
    until: i32,
) -> Vec<BargainingDay> {
    let ended = deadlines.iter().filter(|d| d.ends && !d.put_off).map(|d| d.day).min();
    let until = until.min(ended.unwrap_or(i32::MAX));
    let mut days = vec![1];
    days.extend(drift);
    days.extend(others);
    days.extend(deadlines.iter().filter_map(DeadlineAhead::window));
    days.extend(deadlines.iter().map(|d| d.day.saturating_add(1)));
    days.retain(|day| (1..=until.max(1)).contains(day));
    days.sort_unstable();
    days.dedup();
    let day = |from: i32| {
        let inside =
            |d: &&DeadlineAhead| from <= d.day && d.window().is_some_and(|window| window <= from);
        let seen = deadlines.iter().filter(inside).map(|d| d.day).max();
        BargainingDay {
            from,
            seen: seen.unwrap_or(from - 1),
            drifted: drift.is_some_and(|drift| from >= drift),
        }
    };
    days.into_iter().map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::UNIT;
    use crate::theory::situation::Situation;
    use crate::uncertain::{Stream, uniform};

    fn cost(days: f64) -> PriceAhead {
        PriceAhead { days, cost: 0.3, ..PriceAhead::default() }
    }

    /// Thirty points at 10 per cent a year: .03 on the day, .0271451 a year before, and for two, one
    /// and two years off, .0517070.
    #[test]
    fn costs_ahead_have_their_closed_forms() {
        let falls = |ahead: &[PriceAhead]| 0.5 - threat_before(ahead, 0.1, 0.0, &|_| 0.5);
        assert!((falls(&[cost(0.0)]) - 0.03).abs() < 1e-15);
        assert!((falls(&[cost(YEAR)]) - 0.027_145_1).abs() < 5e-8);
        assert!((falls(&[cost(YEAR), cost(2.0 * YEAR)]) - 0.051_707_0).abs() < 5e-8);
        let put_off = PriceAhead { put_off: 1.0, ..cost(10.0) };
        assert_eq!(falls(&[put_off]), 0.0);
    }

    /// The mean over which deadlines are put off of the worth of the flows between those kept.
    #[test]
    fn the_recursion_is_the_mean_over_what_may_be_put_off() {
        for case in 0..200 {
            let u = |k: u64| uniform(3, 100 * case + k, Stream::of("deadlines"));
            let count = 1 + (4.0 * u(0)) as usize;
            let mut days: Vec<f64> = (0..count as u64).map(|k| 900.0 * u(1 + k)).collect();
            days.sort_by(f64::total_cmp);
            let ahead: Vec<PriceAhead> = days
                .iter()
                .zip(0..)
                .map(|(days, k)| PriceAhead {
                    days: *days,
                    put_off: u(10 + k),
                    cost: u(20 + k),
                    changes: u(30 + k) < 0.7,
                })
                .collect();
            let (r, hazard) = (0.05 + 0.3 * u(50), 0.5 * u(51));
            let plain = |passed: u64| u(1_000 + passed);
            let mut mean = 0.0;
            for kept in 0..1u64 << count {
                let (mut chance, mut value, mut passed, mut from) = (1.0, 0.0, 0u64, 0.0);
                let left = |days: f64| exp(-(r + hazard) * days / YEAR);
                for (k, d) in ahead.iter().enumerate() {
                    if kept >> k & 1 == 0 {
                        chance *= d.put_off;
                        continue;
                    }
                    chance *= 1.0 - d.put_off;
                    value += (left(from) - left(d.days)) * plain(passed);
                    value -= left(d.days) * r * d.cost;
                    passed |= u64::from(d.changes) << k;
                    from = d.days;
                }
                value += left(from) * plain(passed);
                mean += chance * value;
            }
            let ours = threat_before(&ahead, r, hazard, &plain);
            assert!((ours - mean).abs() < 1e-12, "case {case}: {ours} {mean}");
        }
    }

    fn deadline(day: i32, last_text: i32) -> DeadlineAhead {
        DeadlineAhead { day, last_text, ends: false, put_off: false }
    }

    fn seen(deadlines: &[DeadlineAhead], drift: Option<i32>) -> Vec<(i32, i32)> {
        bargaining_days(deadlines, drift, &[], 365).iter().map(|day| (day.from, day.seen)).collect()
    }

    #[test]
    fn bargaining_is_worked_out_where_something_changes() {
        assert_eq!(seen(&[], None), [(1, 0)]);
        assert_eq!(seen(&[], Some(183)), [(1, 0), (183, 182)]);
        // A text that must be there a fortnight before: the window is before it, and from its first
        // day to the deadline the parties bargain as on the last day.
        assert_eq!(seen(&[deadline(60, 46)], None), [(1, 0), (40, 60), (61, 60)]);
        assert_eq!(seen(&[deadline(60, 46)], Some(50)), [(1, 0), (40, 60), (50, 60), (61, 60)]);
        // Told inside a window.
        assert_eq!(seen(&[deadline(5, 5)], None), [(1, 5), (6, 5)]);
        // Put off it has no window, but lies ahead until its day.
        let put_off = DeadlineAhead { put_off: true, ends: true, ..deadline(60, 60) };
        assert_eq!(seen(&[put_off], None), [(1, 0), (61, 60)]);
        // Nothing follows one that ends what is open.
        let ends = DeadlineAhead { ends: true, ..deadline(60, 60) };
        assert_eq!(seen(&[ends, deadline(90, 90)], Some(183)), [(1, 0), (54, 60)]);
        // In two windows at once the last counts, and what is past it is at hand.
        let two = [deadline(60, 60), deadline(63, 63)];
        assert_eq!(seen(&two, None), [(1, 0), (54, 60), (57, 63), (61, 63), (64, 63)]);
        let days = bargaining_days(&two, None, &[], 365);
        assert_eq!(days[2].days_to(&two[0]), Some(0));
        assert_eq!(days[3].days_to(&two[0]), None);
        assert_eq!((days[1].days_to(&two[1]), days[0].days_to(&two[0])), (Some(3), Some(60)));
    }

    /// A known whole case: money lost on day 44 at a cost to both sides, and talks that end on day
    /// 109 at a cost to one; threat points of all members at each of its four bargaining days.
    #[test]
    fn two_deadlines_give_the_known_threat_points() {
        let at = |points: &[f64]| -> Vec<i32> {
            points.iter().map(|x| (x / 100.0 * f64::from(UNIT)).round() as i32).collect()
        };
        let situation = Situation {
            side: vec![0, 0, 1],
            ideal: at(&[10.0, 10.0, 20.0, 10.0, 90.0, 85.0]),
            weight: vec![0.6, 0.4, 0.6, 0.4, 0.4, 0.6],
            demand: vec![crate::theory::situation::NO_DEMAND; 6],
            audience: vec![0.0; 3],
            discount: vec![0.1, 0.2],
            cost: vec![0.02, 0.03],
            alpha: 1.0,
            ..Situation::default()
        };
        let plain = |member: usize, money: f64| {
            Situation { quo: at(&[50.0, money]), ..situation.clone() }.threat_point(member)
        };
        let deadlines = [deadline(44, 44), DeadlineAhead { ends: true, ..deadline(109, 109) }];
        let costs = [[0.6, 0.3], [0.0, 0.5]];
        let known = [
            [0.601_197_427_434_744_2, 0.661_197_427_434_744_3, 0.325_793_890_249_270_4],
            [0.6, 0.66, 0.323_496_611_110_388_97],
            [0.66, 0.72, 0.383_496_611_110_388_96],
            [0.66, 0.72, 0.38],
        ];
        let days = bargaining_days(&deadlines, None, &[], 365);
        assert_eq!(days.iter().map(|day| day.from).collect::<Vec<_>>(), [1, 38, 45, 103]);
        for (day, known) in days.iter().zip(known) {
            for (member, known) in known.into_iter().enumerate() {
                let side = situation.side[member];
                let ahead: Vec<PriceAhead> = (0..2)
                    .filter_map(|k| {
                        Some(PriceAhead {
                            days: f64::from(day.days_to(&deadlines[k])?),
                            put_off: 0.0,
                            cost: costs[k][side],
                            changes: k == 0,
                        })
                    })
                    .collect();
                let gone = ahead.len() < 2;
                let money = |passed: u64| if gone || passed & 1 == 1 { 30.0 } else { 20.0 };
                let d = threat_before(&ahead, situation.discount[side], 0.0, &|passed| {
                    plain(member, money(passed))
                });
                assert!((d - known).abs() < 1e-12, "day {} member {member}: {d}", day.from);
            }
        }
    }
}
