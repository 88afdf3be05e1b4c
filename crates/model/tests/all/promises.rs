//! Promises whose breach costs once, that are taken up again or run out: against the flows added up day
//! by day, the limits in closed form, and the exact solver against brute force.
// A second implementation may use the platform's functions: it is compared with a tolerance.
#![allow(clippy::disallowed_methods)]

use winset_model::case::Rule;
use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::grid::{Grid, nodes};
use winset_model::theory::situation::{NO_DEMAND, PromiseRate, Situation};
use winset_model::theory::threat::NoDeal;

use crate::dice::Dice;

/// Two negotiators over two issues; the second relies on the promises.
fn random(seed: u64, promises: Vec<PromiseRate>) -> Situation {
    let mut d = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let mut s = Situation { alpha: 1.0, promises, ..Situation::default() };
    s.quo = (0..2).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect();
    for side in 0..2 {
        s.side.push(side);
        s.capability.push(1_000_000);
        let w = d.between(0.2, 0.8);
        s.weight.extend([w, 1.0 - w]);
        s.audience.push(0.0);
        for _ in 0..2 {
            s.ideal.push(if side == 0 {
                d.whole(0.0, 40.0) * (UNIT / 100)
            } else {
                d.whole(60.0, 100.0) * (UNIT / 100)
            });
            s.red_min.push(i32::MIN);
            s.red_max.push(i32::MAX);
            s.demand.push(NO_DEMAND);
        }
        s.rules.push(Rule::Actor(side));
        s.negotiator.push(Some(side));
        s.discount.push(d.between(0.05, 0.3));
        s.cost.push(d.between(0.0, 0.15));
    }
    s
}

/// Some promises to the second side, of both readings.
fn some(d: &mut Dice) -> Vec<PromiseRate> {
    let one = |d: &mut Dice, once: bool| PromiseRate {
        by: 0,
        to: 1,
        rate: d.between(0.05, 2.0),
        exposed: d.between(0.0, 0.4),
        once,
        reopens: if d.between(0.0, 1.0) < 0.5 { d.between(0.1, 3.0) } else { 0.0 },
        ends: if d.between(0.0, 1.0) < 0.5 { d.between(0.05, 0.5) } else { 0.0 },
        secured_by: (d.between(0.0, 1.0) < 0.3).then(|| (1, d.between(0.3, 0.9))),
        sunk: vec![d.between(0.0, 0.5), 0.0],
        ..PromiseRate::default()
    };
    let mut found = vec![one(d, true)];
    if d.between(0.0, 1.0) < 0.4 {
        found.push(one(d, false));
    }
    found
}

/// What a deal is worth to the second member by adding up what it has day by day: how likely it is in
/// the deal, out of it until talks reopen, betrayed for ever or past its end, and a cost whenever a
/// breach that costs once happens. In steps of a thousandth of a year over 300 years.
fn added_up(s: &Situation, x: &[i32], m: f64) -> f64 {
    let u = s.utility(1, x);
    let sunk = s.conceded(1, x);
    let r = s.discount[1];
    let to = || s.promises.iter();
    let rate = |once: bool| -> f64 {
        to().filter(|p| p.once == once).map(|p| p.rate * p.exposure_at(|j| x[j])).sum()
    };
    let largest =
        |once: bool| to().filter(|p| p.once == once).map(|p| p.exposed).fold(0.0, f64::max);
    let (ever, once) = (rate(false), rate(true));
    let reopens = to().filter(|p| p.once).map(|p| p.reopens).fold(f64::INFINITY, f64::min);
    let ends = to().map(|p| p.ends).fold(0.0, f64::max);
    let step = 1e-3;
    let mut at = [1.0, 0.0, 0.0, 0.0];
    let mut worth = 0.0;
    for k in 0..300_000 {
        let flow = |at: [f64; 4]| {
            let flows = [u, m - sunk, m - largest(false) - sunk, m];
            let flow: f64 = at.iter().zip(flows).map(|(p, f)| p * f).sum();
            r * flow - r * once * at[0] * largest(true)
        };
        let [deal, out, _, _] = at;
        let before = flow(at);
        let back = if reopens.is_finite() { reopens * out } else { 0.0 };
        // Half a step first, for the rates in the middle of it.
        let change =
            [back - deal * (ever + once + ends), once * deal - back, ever * deal, ends * deal];
        let half: Vec<f64> = at.iter().zip(change).map(|(a, c)| a + 0.5 * step * c).collect();
        let back = if reopens.is_finite() { reopens * half[1] } else { 0.0 };
        let change = [
            back - half[0] * (ever + once + ends),
            once * half[0] - back,
            ever * half[0],
            ends * half[0],
        ];
        at.iter_mut().zip(change).for_each(|(a, c)| *a += step * c);
        let t = k as f64 * step;
        worth += 0.5 * step * ((-r * t).exp() * before + (-r * (t + step)).exp() * flow(at));
    }
    // What is left after 300 years goes on as it is: e^{-15} of it at the least patient.
    worth
}

#[test]
fn a_deal_is_worth_what_its_flows_add_up_to() {
    let mut d = Dice(7);
    for seed in 0..12 {
        let s = random(seed, some(&mut d));
        let x = [d.whole(0.0, 100.0) * (UNIT / 100), d.whole(0.0, 100.0) * (UNIT / 100)];
        let m = d.between(0.2, 0.6);
        let (ours, theirs) = (s.value(1, &x, m), added_up(&s, &x, m));
        assert!((ours - theirs).abs() < 2e-5, "{seed}: {ours} against {theirs}\n{:?}", s.promises);
    }
}

/// One promise, and the worth of middling terms under it.
fn worth(p: PromiseRate) -> (f64, f64, f64, Situation) {
    let s = random(3, vec![PromiseRate { by: 0, to: 1, sunk: vec![0.0, 0.0], ..p }]);
    let (x, m) = ([UNIT / 2, UNIT / 2], 0.3);
    (s.value(1, &x, m), s.utility(1, &x), m, s)
}

#[test]
fn the_limits_are_the_closed_forms() {
    let once = PromiseRate { rate: 1.0, exposed: 0.3, once: true, ..PromiseRate::default() };
    let (v, u, m, s) = worth(once.clone());
    let r = s.discount[1];
    // Never taken up again: step 6 with rC in the place of e.
    let (ever, ..) = worth(PromiseRate { exposed: 0.3 * r, once: false, ..once.clone() });
    assert!((v - ever).abs() < 1e-12);
    // Taken up again at once: each breach costs C, `v = u − ρC`.
    let (soon, ..) = worth(PromiseRate { reopens: 1e12, ..once.clone() });
    assert!((soon - (u - 0.3)).abs() < 1e-9, "{soon} {u}");
    // In between it rises with η, and the gain is `[r(u − m) − ρrC]/(r + ρr/(r + η))`.
    let (some, ..) = worth(PromiseRate { reopens: 0.5, ..once.clone() });
    let closed = m + (r * (u - m) - r * 0.3) / (r + r / (r + 0.5));
    assert!((some - closed).abs() < 1e-12 && (v - m).abs() < (some - m).abs());
    // A deal that runs out keeps the sign of its gain, and no risk keeps all of it.
    let (short, ..) = worth(PromiseRate { reopens: 0.5, ends: 2.0, ..once.clone() });
    assert!((short - m) * (some - m) > 0.0 && (short - m).abs() < (some - m).abs());
    let (safe, ..) = worth(PromiseRate { rate: 0.0, ..once });
    assert!((safe - u).abs() < 1e-12);
}

/// At the critical risk the one who relies on the promise is indifferent.
#[test]
fn at_the_critical_risk_signing_gains_nothing() {
    let mut d = Dice(11);
    for seed in 0..50 {
        let mut s = random(seed, some(&mut d));
        let x = [d.whole(0.0, 100.0) * (UNIT / 100), d.whole(0.0, 100.0) * (UNIT / 100)];
        let m = s.utility(1, &x) - d.between(0.01, 0.2);
        let factor = s.critical_risk(1, &x, m) / s.reneging(1, &x);
        s.promises.iter_mut().for_each(|p| p.rate *= factor);
        assert!((s.value(1, &x, m) - m).abs() < 1e-9, "{seed}");
        assert!((s.critical_risk(1, &x, m) - s.reneging(1, &x)).abs() < 1e-9, "{seed}");
    }
}

/// The exact solver and a one-point grid agree on the zone and the room.
#[test]
fn packages_are_those_of_brute_force() {
    let (mut zones, mut closed) = (0, 0);
    let mut d = Dice(23);
    for seed in 0..200 {
        let s = random(seed, some(&mut d));
        let mut no_deal = NoDeal::default();
        s.no_deal(&mut no_deal);
        let mut grid = Grid::default();
        let points: Vec<i32> = (0..=100).map(|k| k * (UNIT / 100)).collect();
        grid.evaluate(&s, &no_deal, nodes(&s, &points));
        let brute = grid.solve(&s, &no_deal);
        let exact = Exact::default().solve(&s, &no_deal);
        match (brute.room, exact.room) {
            (Some(coarse), Some(room)) => {
                assert!(room >= coarse - 1e-3 && room <= coarse + 0.02, "{seed}: {room} {coarse}");
                zones += 1;
            }
            (Some(coarse), None) => assert!(coarse < 1e-6, "{seed}: {coarse}"),
            // Between two points of the grid.
            (None, Some(room)) => assert!(room < 0.02, "{seed}: {room}"),
            (None, None) => closed += 1,
        }
    }
    assert!(zones > 30 && closed > 30, "{zones} {closed}");
}

/// A truce that is broken about once a year: for ever it rules every deal out, as a cost that is paid
/// and then talked over it does not.
#[test]
fn an_honest_truce_is_not_ruled_out() {
    let truce = |once: bool, reopens: f64| {
        let p = PromiseRate {
            by: 0,
            to: 1,
            rate: 1.0,
            exposed: 0.1,
            once,
            reopens,
            sunk: vec![0.0, 0.0],
            ..PromiseRate::default()
        };
        let mut open = 0;
        for seed in 0..100 {
            let s = random(seed, vec![p.clone()]);
            let mut no_deal = NoDeal::default();
            s.no_deal(&mut no_deal);
            open += usize::from(Exact::default().has_zone(&s, &no_deal));
        }
        open
    };
    let (ever, once, again) = (truce(false, 0.0), truce(true, 0.0), truce(true, 4.0));
    assert!(ever + 20 <= once && once == again, "{ever} {once} {again}");
}
