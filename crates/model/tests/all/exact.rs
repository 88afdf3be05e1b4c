//! The exact solver against brute force on a one-point grid, over random small negotiations.

use winset_model::case::Rule;
use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::grid::{Grid, GridSolution, nodes};
use winset_model::theory::situation::{
    ForceEvent, ForceOption, NO_DEMAND, PromiseRate, Situation, deterring_rate,
};
use winset_model::theory::threat::NoDeal;

use crate::dice::Dice;

/// Two sides that want opposite ends, a leader and up to two factions each, and now and then
/// promises, threats, spoilers, audiences.
pub(crate) fn random(seed: u64, issues: usize) -> Situation {
    let mut d = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let mut s = Situation { alpha: 1.0, ..Situation::default() };
    s.quo = (0..issues).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect();
    let factions = [d.whole(0.0, 2.0), d.whole(0.0, 2.0)];
    let mut first = 0;
    for side in 0..2usize {
        let members: Vec<usize> = (first..=first + factions[side] as usize).collect();
        first += members.len();
        let (lo, hi) = if side == 0 { (0.0, 40.0) } else { (60.0, 100.0) };
        for k in 0..members.len() {
            s.side.push(side);
            s.capability.push(i64::from(d.whole(10.0, 90.0) * (UNIT / 100)));
            let raw: Vec<f64> = (0..issues).map(|_| d.between(10.0, 90.0)).collect();
            let sum: f64 = raw.iter().sum();
            s.weight.extend(raw.iter().map(|w| w / sum));
            let audience = d.chance(0.2);
            s.audience.push(if audience { d.between(0.1, 0.8) } else { 0.0 });
            for _ in 0..issues {
                let theta = d.whole(lo, hi) * (UNIT / 100);
                s.ideal.push(theta);
                let red = d.chance(if k == 0 { 0.3 } else { 0.5 });
                let slack = d.whole(10.0, 60.0) * (UNIT / 100);
                s.red_max.push(if side == 0 && red { theta + slack } else { i32::MAX });
                s.red_min.push(if side == 1 && red { theta - slack } else { i32::MIN });
                s.demand.push(if audience && d.chance(0.7) {
                    d.whole(lo, hi) * (UNIT / 100)
                } else {
                    NO_DEMAND
                });
            }
        }
        let named = members.clone();
        s.rules.push(if d.chance(0.5) {
            Rule::Percent(50.0, named)
        } else {
            Rule::All(named.into_iter().map(Rule::Actor).collect())
        });
        s.negotiator.push(Some(members[0]));
        s.discount.push(d.between(0.05, 0.3));
        s.cost.push(d.between(0.0, 0.1));
    }
    if d.chance(0.3) {
        s.events.push(ForceEvent {
            hazard: d.between(0.05, 0.6),
            reacts: 0.0,
            after: (0..issues).map(|_| d.whole(0.0, 100.0) * (UNIT / 100)).collect(),
            cost: vec![d.between(0.0, 1.0), d.between(0.0, 1.5)],
            ..ForceEvent::default()
        });
    }
    if d.chance(0.4) {
        let win = d.between(0.4, 0.9);
        s.options.push(ForceOption {
            owner: 0,
            target: 1,
            wins: win,
            wins_joined: win,
            joins: 0.0,
            won: s.ideal[..issues].to_vec(),
            lost: (0..issues).map(|_| d.whole(50.0, 100.0) * (UNIT / 100)).collect(),
            cost: vec![d.between(0.2, 2.0), d.between(1.0, 4.0)],
            cost_joined: vec![1.0, 2.0],
            press: 0.5,
            ..ForceOption::default()
        });
    }
    if d.chance(0.5) {
        let (to, by) = if d.chance(0.5) { (1, 0) } else { (0, 1) };
        let verified = d.chance(0.4);
        s.promises.push(PromiseRate {
            by,
            to,
            rate: d.between(0.01, 0.3),
            exposed: d.between(0.0, 0.2),
            secured_by: (!verified).then(|| (issues - 1, d.between(0.5, 1.0))),
            verified_by: verified.then(|| {
                (issues - 1, deterring_rate(d.between(5.0, 20.0), d.between(10.0, 60.0), 0.1))
            }),
            sunk: (0..issues).map(|_| d.between(0.0, 0.6)).collect(),
            ..PromiseRate::default()
        });
    }
    s
}

fn solve(s: &Situation, step: i32) -> (NoDeal, Grid, GridSolution, GridSolution) {
    let mut no_deal = NoDeal::default();
    s.no_deal(&mut no_deal);
    let mut grid = Grid::default();
    let points: Vec<i32> = (0..=UNIT / step).map(|k| k * step).collect();
    grid.evaluate(s, &no_deal, nodes(s, &points));
    let brute = grid.solve(s, &no_deal);
    let exact = Exact::default().solve(s, &no_deal);
    (no_deal, grid, brute, exact)
}

/// Distance in scale points from one package to the nearest of some.
fn apart(x: &[i32], among: &[i32]) -> f64 {
    among
        .chunks_exact(x.len())
        .map(|y| x.iter().zip(y).map(|(a, b)| (a - b).abs()).max().unwrap_or(0))
        .min()
        .map_or(f64::MAX, |d| f64::from(d) * 100.0 / f64::from(UNIT))
}

/// On whole points, and where the zone is too thin for those on tenths.
#[test]
fn terms_lie_within_a_point_of_brute_force_on_200_cases() {
    let (mut zones, mut compared) = (0, 0);
    for seed in 0..200 {
        let s = random(seed, 2);
        let (no_deal, _, mut brute, exact) = solve(&s, UNIT / 100);
        // A grid is part of what there is: whatever it finds, the exact solver finds, and better.
        assert!(brute.room.is_none() || exact.room.is_some(), "{seed}: zone");
        let Some(room) = exact.room else { continue };
        zones += 1;
        if let Some(coarse) = brute.room {
            assert!(room >= coarse - 1e-3, "{seed}: room {room} below {coarse}");
        }
        for x in exact.terms.chunks_exact(2) {
            let accepts = (0..s.members())
                .filter(|i| {
                    let gain = s.value(*i, x, no_deal.m[*i]) - no_deal.m[*i];
                    s.within_red_lines(*i, x) && gain >= -1e-5
                })
                .fold(0u64, |mask, i| mask | 1 << i);
            assert!(s.all_ratify(accepts) && !s.is_quo(x), "{seed}: terms are no deal");
        }
        let far = |brute: &GridSolution| {
            exact.terms.chunks_exact(2).map(|x| apart(x, &brute.terms)).fold(0.0, f64::max)
        };
        if brute.rule != exact.rule || far(&brute) > 1.0 {
            brute = solve(&s, UNIT / 1000).2;
        }
        if brute.rule == exact.rule {
            compared += 1;
            assert!(far(&brute) <= 1.0, "{seed}: {:?} against {:?}", exact.terms, brute.terms);
            if let (Some(ours), Some(theirs)) = (exact.nash_value, brute.nash_value) {
                assert!(ours >= theirs - 1e-3, "{seed}: product {ours} below {theirs}");
            }
        }
    }
    assert!(zones > 80 && compared >= zones - 2, "{zones} zones, {compared} compared");
}

#[test]
fn interventions_agree_with_brute_force_and_conflicts_contain_its_conflicts() {
    for seed in 200..400 {
        let s = random(seed, 2);
        let (no_deal, grid, brute, exact) = solve(&s, UNIT / 100);
        if brute.room.is_some() != exact.room.is_some() {
            continue;
        }
        for i in 0..s.members() {
            assert!(exact.block[i] >= brute.block[i], "{seed}: block {i}");
            assert!(exact.walk[i] <= brute.walk[i], "{seed}: walk {i}");
        }
        if exact.room.is_none() {
            let constraints = s.constraints();
            let ours = Exact::default().conflicts(&s, &no_deal, &constraints).sets;
            let theirs = grid.conflicts(&s, &no_deal, &constraints).sets;
            // What leaves nothing at all leaves nothing on the grid.
            for set in &ours {
                assert!(theirs.iter().any(|t| t & set == *t), "{seed}: {set:b}");
            }
            assert!(!ours.is_empty(), "{seed}: a closed zone has a conflict");
        }
    }
}
