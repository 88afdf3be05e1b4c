//! What no deal is, where it is not one thing: costs that move, another status quo for each member, and
//! events that do not end the talks; against flows added up day by day and closed forms.
// A second implementation may use the platform's functions: it is compared with a tolerance.
#![allow(clippy::disallowed_methods)]

use winset_model::case::Rule;
use winset_model::theory::situation::{ForceEvent, NO_DEMAND, Situation};
use winset_model::theory::threat::moving_cost;
use winset_model::theory::{UNIT, YEAR};

use crate::dice::Dice;

/// One member over three issues.
fn alone(d: &mut Dice) -> Situation {
    let (a, b) = (d.between(0.1, 0.5), d.between(0.1, 0.4));
    Situation {
        quo: (0..3).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect(),
        side: vec![0],
        ideal: (0..3).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect(),
        weight: vec![a, b, 1.0 - a - b],
        red_min: vec![i32::MIN; 3],
        red_max: vec![i32::MAX; 3],
        demand: vec![NO_DEMAND; 3],
        audience: vec![0.0],
        capability: vec![1_000_000],
        discount: vec![d.between(0.05, 0.4)],
        cost: vec![d.between(0.0, 0.2)],
        rules: vec![Rule::Actor(0)],
        negotiator: vec![Some(0)],
        alpha: 1.0,
        ..Situation::default()
    }
}

fn event(d: &mut Dice, moves: bool) -> ForceEvent {
    ForceEvent {
        hazard: d.between(0.05, 3.0),
        reacts: 0.0,
        after: (0..3).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect(),
        names: (0..3).map(|_| moves && d.chance(0.6)).collect(),
        cost: vec![d.between(0.0, 0.5)],
    }
}

/// Day by day, what a cost is and what it is worth.
#[test]
fn a_cost_that_moves_is_worth_the_days_added_up() {
    let mut d = Dice(7);
    for case in 0..200 {
        let (first, last) = (d.between(0.0, 0.3), d.between(0.0, 2.0));
        let (days, elapsed) = (d.between(1.0, 900.0), d.between(-200.0, 1_000.0));
        let r = d.between(0.05, 0.4);
        let cost = |on: f64| first + (last - first) * (on / days).clamp(0.0, 1.0);
        // In quarters of a day over two hundred years at the least patient; what is left is the last.
        let step = 0.25;
        let steps = (20.0 / r * YEAR / step) as u64;
        let mut worth = 0.0;
        for k in 0..steps {
            let t = (k as f64 + 0.5) * step;
            worth += r * (-r * t / YEAR).exp() * cost(elapsed + t) * step / YEAR;
        }
        worth += (-r * steps as f64 * step / YEAR).exp() * last;
        let ours = moving_cost(first, last, days, elapsed, r);
        assert!((ours - worth).abs() < 1e-6, "case {case}: {ours} {worth}");
    }
}

#[test]
fn a_cost_that_moves_has_its_limits() {
    let cost = |days, elapsed| moving_cost(0.1, 0.5, days, elapsed, 0.1);
    assert_eq!(cost(60.0, 60.0), 0.5);
    assert_eq!(cost(60.0, 5_000.0), 0.5);
    // Half-way it costs half-way now, and what is to come on top.
    let half = 0.3 + 0.4 / (60.0 / YEAR) / 0.1 * (1.0 - (-0.1 * 30.0 / YEAR).exp());
    assert!((cost(60.0, 30.0) - half).abs() < 1e-12);
    // Long before, what it will come to is far off.
    assert!((cost(60.0, -100.0 * YEAR) - 0.1).abs() < 1e-4);
    assert_eq!(moving_cost(0.2, 0.2, 60.0, 10.0, 0.1), 0.2);
}

/// An event that only costs is a running cost of its rate times its cost.
#[test]
fn an_event_that_changes_nothing_is_a_running_cost() {
    let mut d = Dice(11);
    for _ in 0..200 {
        let mut s = alone(&mut d);
        let plain = s.threat_point(0);
        let e = event(&mut d, false);
        s.incidents.push(e.clone());
        assert!((s.threat_point(0) - (plain - e.hazard * e.cost[0])).abs() < 1e-12);
    }
}

/// One that moves the status quo: `d = (rn + λn′)/(r + λ) − λC`.
#[test]
fn one_event_that_moves_the_status_quo_has_its_closed_form() {
    let mut d = Dice(13);
    for _ in 0..200 {
        let mut s = alone(&mut d);
        let e = event(&mut d, true);
        let then = Situation { quo: e.leaves(&s.quo), ..s.clone() };
        let (r, n, after) = (s.discount[0], s.quo_flow(0), then.quo_flow(0));
        s.incidents.push(e.clone());
        let closed = (r * n + e.hazard * after) / (r + e.hazard) - e.hazard * e.cost[0];
        assert!((s.threat_point(0) - closed).abs() < 1e-12);
    }
}

/// The chance of every state (which events have come, in which order) followed through time, and the flow
/// of each added up: two events that do not end the talks, one or two that do, and a status quo of one's own.
#[test]
fn threat_points_are_the_flows_of_all_states_added_up() {
    let mut d = Dice(17);
    for case in 0..200 {
        let mut s = alone(&mut d);
        if d.chance(0.5) {
            s.own_quo = (0..3).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect();
        }
        if d.chance(0.5) {
            s.own_cost = vec![d.between(0.0, 1.5)];
        }
        for _ in 0..2 {
            let moves = d.chance(0.8);
            s.incidents.push(event(&mut d, moves));
        }
        for _ in 0..(1 + u64::from(d.chance(0.5))) {
            s.events.push(event(&mut d, true));
        }
        let worth = added_up(&s);
        let ours = s.threat_point(0);
        assert!((ours - worth).abs() < 2e-5, "case {case}: {ours} {worth}");
    }
}

/// Orders in which two events may have come.
const ORDERS: [&[usize]; 5] = [&[], &[0], &[1], &[0, 1], &[1, 0]];

fn added_up(s: &Situation) -> f64 {
    let r = s.discount[0];
    let k = s.own_cost.first().copied().unwrap_or(s.cost[0]);
    let own = if s.own_quo.is_empty() { &s.quo } else { &s.own_quo };
    let named = |from: &[i32], e: &ForceEvent| -> Vec<i32> {
        (0..3).map(|j| if e.names[j] { e.after[j] } else { from[j] }).collect()
    };
    let at: Vec<Vec<i32>> = ORDERS
        .iter()
        .map(|order| order.iter().fold(own.clone(), |x, f| named(&x, &s.incidents[*f])))
        .collect();
    let u = |x: &[i32]| {
        let loss = |j: usize| s.weight[j] * f64::from((x[j] - s.ideal[j]).abs()) / f64::from(UNIT);
        1.0 - (0..3).map(loss).sum::<f64>()
    };
    let hurts: f64 = s.incidents.iter().map(|f| f.hazard * f.cost[0]).sum();
    let ends: f64 = s.events.iter().map(|e| e.hazard).sum();
    // The flow of a state, and what its endings bring on average a year.
    let flow: Vec<f64> = at
        .iter()
        .map(|x| {
            let endings: f64 =
                s.events.iter().map(|e| e.hazard * (u(&named(x, e)) - k - r * e.cost[0])).sum();
            r * (u(x) - k - hurts) + endings
        })
        .collect();
    let rate = |f: usize| s.incidents[f].hazard;
    let change = |p: &[f64; 5]| -> [f64; 5] {
        let out = [rate(0) + rate(1), rate(1), rate(0), 0.0, 0.0];
        let into = [0.0, rate(0) * p[0], rate(1) * p[0], rate(1) * p[1], rate(0) * p[2]];
        std::array::from_fn(|k| into[k] - (out[k] + ends) * p[k])
    };
    let mut p = [1.0, 0.0, 0.0, 0.0, 0.0];
    let (mut worth, step) = (0.0, 1e-3);
    let steps = (16.0 / (r + ends) / step) as u64;
    let now = |p: &[f64; 5]| p.iter().zip(&flow).map(|(p, f)| p * f).sum::<f64>();
    for k in 0..steps {
        let t = k as f64 * step;
        let before = (-r * t).exp() * now(&p);
        let first = change(&p);
        let middle: [f64; 5] = std::array::from_fn(|k| p[k] + 0.5 * step * first[k]);
        let slope = change(&middle);
        p = std::array::from_fn(|k| p[k] + step * slope[k]);
        worth += 0.5 * step * (before + (-r * (t + step)).exp() * now(&p));
    }
    worth
}
