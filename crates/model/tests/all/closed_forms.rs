//! The model against results printed in the literature, each in closed form.
// A second implementation may use the platform's functions: it is compared with a tolerance.
#![allow(clippy::disallowed_methods)]

use winset_model::case::Rule;
use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::grid::{Grid, GridSolution, nodes};
use winset_model::theory::screening::offer_fails;
use winset_model::theory::situation::{ForceEvent, ForceOption, NO_DEMAND, Situation};
use winset_model::theory::threat::NoDeal;

/// A pie: one issue, A wants all of the scale and B none; without a deal each has a flow of its
/// own, `quo` to A and 1 − `quo` to B, less its running cost.
fn pie(quo: f64, cost: [f64; 2], discount: [f64; 2]) -> Situation {
    Situation {
        quo: vec![millionths(quo)],
        side: vec![0, 1],
        ideal: vec![UNIT, 0],
        weight: vec![1.0, 1.0],
        red_min: vec![i32::MIN; 2],
        red_max: vec![i32::MAX; 2],
        demand: vec![NO_DEMAND; 2],
        audience: vec![0.0; 2],
        capability: vec![1_000_000; 2],
        discount: discount.to_vec(),
        cost: cost.to_vec(),
        rules: vec![Rule::Actor(0), Rule::Actor(1)],
        negotiator: vec![Some(0), Some(1)],
        alpha: 1.0,
        ..Situation::default()
    }
}

fn millionths(x: f64) -> i32 {
    (x * f64::from(UNIT)).round() as i32
}

fn share(x: i32) -> f64 {
    f64::from(x) / f64::from(UNIT)
}

fn no_deal(s: &Situation) -> NoDeal {
    let mut out = NoDeal::default();
    s.no_deal(&mut out);
    out
}

/// The packages on a grid of `1/steps`, and what is chosen among them; and the exact answer.
fn both(s: &Situation, steps: i32) -> (Vec<i32>, GridSolution, GridSolution) {
    let nd = no_deal(s);
    let mut grid = Grid::default();
    let points: Vec<i32> = (0..=steps).map(|k| k * (UNIT / steps)).collect();
    grid.evaluate(s, &nd, nodes(s, &points));
    let zone = grid.zone(s).into_iter().map(|p| grid.package(p)[0]).collect();
    (zone, grid.solve(s, &nd), Exact::default().solve(s, &nd))
}

/// Fearon 1995, pp. 386–390: a war that A wins with chance p and that costs A and B `c_A` and
/// `c_B` leaves the range `(p − c_A, p + c_B)` for agreement.
#[test]
fn fearons_range() {
    for (p, ca, cb) in [(0.5, 0.1, 0.2), (0.3, 0.05, 0.25), (0.8, 0.3, 0.1), (0.62, 0.0, 0.08)] {
        // The status quo is worse than war to A, so that its threat is credible.
        let mut s = pie(0.0, [0.0; 2], [0.1, 0.2]);
        // One-off costs enter as r·C.
        let cost = vec![ca / 0.1, cb / 0.2];
        s.options.push(ForceOption {
            owner: 0,
            target: 1,
            wins: p,
            wins_joined: p,
            joins: 0.0,
            won: vec![UNIT],
            lost: vec![0],
            cost: cost.clone(),
            cost_joined: cost,
            ..ForceOption::default()
        });
        let nd = no_deal(&s);
        assert_eq!(nd.credible, Some(0));
        assert!((nd.m[0] - (p - ca)).abs() < 1e-12, "A's value of war is p − c_A");
        assert!((nd.m[1] - (1.0 - p - cb)).abs() < 1e-12, "B's value of war is 1 − p − c_B");
        let (zone, _, _) = both(&s, 1000);
        let (lo, hi) = (share(zone[0]), share(zone[zone.len() - 1]));
        assert!((lo - (p - ca)).abs() <= 1e-3 && (hi - (p + cb)).abs() <= 1e-3, "{lo} {hi}");
        // The range is an interval: every step of the grid between the ends.
        assert!(zone.len() >= ((ca + cb) * 1000.0) as usize);
    }
}

/// Fearon 1995, pp. 393–395: A makes one offer and knows B's cost only as `U[l, h]`; it asks
/// `x* = min(1, p + max(l, (h − c_A)/2))` and war follows with `(x* − p − l)/(h − l)`.
///
/// Seen from A's reservation `p − c_A`, the room is `c_A + c_B`, uniform on `[c_A + l, c_A + h]`:
/// the belief of the screening step.
#[test]
fn fearons_take_it_or_leave_it_offer() {
    let (mut compared, mut wars) = (0, 0);
    for (ca, l, h) in [
        (0.1, 0.0, 0.6),
        (0.05, 0.1, 0.5),
        (0.02, 0.0, 0.3),
        (0.3, 0.0, 0.2),
        (0.1, 0.1, 0.35),
        (0.0, 0.05, 0.4),
    ] {
        let p = 0.3;
        let ask = f64::min(1.0, p + f64::max(l, (h - ca) / 2.0));
        let war = ((ask - p - l) / (h - l)).clamp(0.0, 1.0);
        // A belief `U[G − √3σ, G + √3σ]` with these ends.
        let (room, sigma) = (ca + (l + h) / 2.0, (h - l) / 2.0 / 3f64.sqrt());
        let ours = offer_fails(room, sigma);
        assert!((ours - war).abs() < 1e-12, "{ca} {l} {h}: ours {ours}, Fearon {war}");
        compared += 1;
        wars += i32::from(war > 0.0);
    }
    assert!(compared > wars && wars > 1);
}

/// Rubinstein 1982: with offers Δ apart the first proposer A gets `(1 − δ_B)/(1 − δ_A δ_B)`, and
/// `r_B/(r_A + r_B)` as Δ → 0. The Nash product with exponents `ω_s ∝ 1/r_s` is that limit.
#[test]
fn rubinsteins_limit() {
    for (ra, rb) in [(0.1, 0.1), (0.1, 0.3), (0.05, 0.4), (0.25, 0.06)] {
        let limit = rb / (ra + rb);
        let game = |step: f64| {
            let (da, db) = ((-ra * step).exp(), (-rb * step).exp());
            (1.0 - db) / (1.0 - da * db)
        };
        assert!((game(1e-5) - limit).abs() < 1e-5);
        // Each gets nothing until they agree: costs take what the status quo leaves.
        let s = pie(0.0, [0.0, 1.0], [ra, rb]);
        assert_eq!(no_deal(&s).d, [0.0, 0.0]);
        assert!((s.nash_exponents()[0] - limit).abs() < 1e-12);
        let (_, grid, exact) = both(&s, 1000);
        assert!((share(grid.terms[0]) - limit).abs() <= 0.5e-3, "{:?} {limit}", grid.terms);
        assert!((share(exact.terms[0]) - limit).abs() < 1e-4, "{:?} {limit}", exact.terms);
    }
}

/// Binmore, Rubinstein & Wolinsky 1986 with flows inside the talks: alternating offers `step`
/// years apart. While they talk each receives its flow; an event with hazard λ may end the talks
/// and leaves each with b. Solved as a pair of indifferences, by iteration.
#[test]
fn alternating_offers_tend_to_our_terms() {
    for (quo, cost, discount, hazard, after) in [
        (0.3, [0.05, 0.1], [0.1, 0.1], 0.0, 0.3),
        (0.2, [0.0, 0.1], [0.1, 0.3], 0.0, 0.2),
        (0.4, [0.1, 0.1], [0.2, 0.1], 0.5, 0.7),
        (0.5, [0.1, 0.02], [0.05, 0.15], 1.5, 0.1),
    ] {
        let mut s = pie(quo, cost, discount);
        s.events.push(ForceEvent {
            hazard,
            reacts: 0.0,
            after: vec![millionths(after)],
            cost: vec![0.4, 0.2],
            ..ForceEvent::default()
        });
        let step = 1e-4;
        // A period without agreement: the flow for its length, then the event or the next round.
        let wait = |i: usize, next: f64| {
            let r = discount[i];
            let (n, b) = (s.quo_flow(i), s.event_worth(i, 0));
            let (stay, ends) = ((-r * step).exp(), 1.0 - (-hazard * step).exp());
            (1.0 - stay) * n + stay * (ends * b + (1.0 - ends) * next)
        };
        // A's utility of the share x is x, B's 1 − x. The proposer leaves the other what waiting
        // is worth to it.
        let (mut a, mut b) = (1.0, 0.0);
        for _ in 0..2_000_000 {
            let (a_next, b_next) = (1.0 - wait(1, 1.0 - b), wait(0, a));
            let moved = f64::max((a_next - a).abs(), (b_next - b).abs());
            (a, b) = (a_next, b_next);
            if moved < 1e-13 {
                break;
            }
        }
        assert!((a - b).abs() < 1e-3, "who proposes first no longer matters");
        let limit = (a + b) / 2.0;
        let (_, grid, exact) = both(&s, 1000);
        assert!((share(grid.terms[0]) - limit).abs() < 1.5e-3, "{:?} {limit}", grid.terms);
        assert!((share(exact.terms[0]) - limit).abs() < 1e-3, "{:?} {limit}", exact.terms);
        // The closed form: d and exponents, split by hand.
        let d = [0, 1].map(|i| s.threat_point(i));
        let w = s.nash_exponents();
        let split = d[0] + w[0] * (1.0 - d[0] - d[1]);
        assert!((split - limit).abs() < 1e-3, "{split} {limit}");
    }
}

/// Powell 2006, "War as a commitment problem", International Organization 60(1), 169–203: with
/// `B = 1/(1 − δ)` the value of the pie for ever, bargaining breaks down iff
/// `δM_R(t+1) − M_R(t) > B − [M_R(t) + M_D(t)]`, the shift of power being larger than the room.
///
/// Our commitment term is that condition for terms which are broken at once: in the limit ρ → ∞
/// a deal is worth what comes after it is broken, `m − κ`, so that no terms pass if betrayal
/// costs anything; at ρ = 0 they pass wherever there is room. Powell's own condition has two
/// dates and shifting power, which one draw does not know; only its two ends can be stated.
#[test]
fn a_promise_that_cannot_bind_leaves_nothing_and_one_that_binds_leaves_the_room() {
    use winset_model::theory::situation::PromiseRate;
    let with = |rate: f64, exposed: f64| {
        let mut s = pie(0.5, [0.1, 0.1], [0.1, 0.1]);
        s.promises.push(PromiseRate {
            by: 0,
            to: 1,
            rate,
            exposed,
            sunk: vec![0.0],
            ..PromiseRate::default()
        });
        both(&s, 1000)
    };
    assert!(with(0.0, 0.05).1.room.is_some());
    assert!(with(1e9, 0.05).1.room.is_none() && with(1e9, 0.05).2.room.is_none());
    // In between: B's best share is 1 of the pie, so a deal exists iff B gains at A's least,
    // φ(1 − x − m_B) ≥ (1 − φ)κ at x = m_A.
    let (m, kappa, r) = (0.4, 0.05, 0.1);
    let critical = r * (1.0 - 2.0 * m) / kappa;
    assert!(with(critical * 0.98, kappa).2.room.is_some());
    assert!(with(critical * 1.02, kappa).2.room.is_none());
}

/// A pie with reservations `m`, what is not known of each side spread by `σ`: where offers are priced
/// each side gets its rent `√3σ` first, and of what is left the share of patience (Iida 1996;
/// Fearon 1995 at the sure end of the belief; Rubinstein 1982). No package here is within the 1 % of
/// the status quo that count as no deal.
#[test]
fn a_priced_offer_leaves_rents_and_shares_the_rest() {
    let mut none = 0;
    for (costs, [ra, rb], sigma) in [
        ([0.2, 0.3], [0.1, 0.1], [0.0, 0.0]),
        ([0.2, 0.3], [0.1, 0.1], [0.0, 0.1]),
        ([0.2, 0.3], [0.1, 0.3], [0.1, 0.0]),
        ([0.1, 0.3], [0.3, 0.1], [0.05, 0.1]),
        ([0.1, 0.1], [0.1, 0.1], [0.1, 0.1]),
    ] {
        let s = pie(0.2, costs, [ra, rb]);
        let nd = no_deal(&s);
        let [a, b] = sigma.map(|x| 3f64.sqrt() * x);
        let (ma, mb) = (nd.m[0], nd.m[1]);
        let left = 1.0 - ma - mb - a - b;
        let priced = s.priced(&nd, &sigma);
        let found = Exact::default().solve(&s, &priced);
        if left < 0.0 {
            assert_eq!(found.room, None);
            none += 1;
            continue;
        }
        assert!((found.room.unwrap() - left / 2.0).abs() < 1e-6, "{found:?}");
        let x = ma + a + rb / (ra + rb) * left;
        assert!((share(found.terms[0]) - x).abs() < 1e-4, "{:?} {x}", found.terms);
        let mut grid = Grid::default();
        grid.evaluate(&s, &priced, nodes(&s, &(0..=1000).map(|k| k * 1000).collect::<Vec<_>>()));
        let terms = grid.solve(&s, &priced).terms;
        assert!((share(terms[0]) - x).abs() <= 1e-3, "{terms:?} {x}");
    }
    assert_eq!(none, 1);
}
