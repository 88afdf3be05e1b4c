//! Many coupled issues: branch and bound against brute force, and against the search of fewer.

use winset_model::case::Rule;
use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::grid::{Grid, GridSolution, nodes};
use winset_model::theory::situation::{NO_DEMAND, PromiseRate, Situation};
use winset_model::theory::threat::NoDeal;
use winset_model::uncertain::{Stream, uniform};

/// Two sides at opposite ends, a leader and a faction each; promises both ways, each secured or
/// verified by its own issue, some by two.
fn talks(draw: u64, issues: usize, promises: usize) -> Situation {
    let stream = Stream::of("coupled");
    let mut counter = 0;
    let mut between = |lo: f64, hi: f64| {
        counter += 1;
        lo + (hi - lo) * uniform(draw, counter, stream)
    };
    let at = |x: f64| (x * 100.0).round() as i32 * (UNIT / 100);
    let mut s = Situation { alpha: 1.0, quo: vec![at(0.5); issues], ..Situation::default() };
    for side in 0..2 {
        s.rules.push(Rule::All(vec![Rule::Actor(side), Rule::Actor(side + 2)]));
        s.negotiator.push(Some(side));
        s.discount.push(between(0.05, 0.3));
        s.cost.push(between(0.2, 0.6));
    }
    for i in 0..4 {
        let low = i % 2 == 0;
        s.side.push(i % 2);
        s.capability.push(1_000_000);
        let raw: Vec<f64> = (0..issues).map(|_| between(0.1, 0.9)).collect();
        let sum: f64 = raw.iter().sum();
        s.weight.extend(raw.iter().map(|w| w / sum));
        let audience = between(0.0, 1.0);
        s.audience.push(if audience < 0.3 { audience } else { 0.0 });
        for _ in 0..issues {
            let theta = between(0.0, 0.4);
            let red = theta + between(0.4, 1.2);
            s.ideal.push(at(if low { theta } else { 1.0 - theta }));
            s.red_max.push(if low { at(red) } else { i32::MAX });
            s.red_min.push(if low { i32::MIN } else { at(1.0 - red) });
            let demand = between(0.0, 0.3);
            s.demand.push(if audience < 0.3 {
                at(if low { demand } else { 1.0 - demand })
            } else {
                NO_DEMAND
            });
        }
    }
    for k in 0..promises {
        let kind = between(0.0, 1.0);
        let secured = (kind < 0.8).then(|| (k % issues, between(0.3, 1.0)));
        let other = if kind < 0.6 { None } else { Some(if kind < 0.8 { k + 1 } else { k }) };
        s.promises.push(PromiseRate {
            by: k % 2,
            to: (k + 1) % 2,
            rate: between(0.02, 0.3),
            exposed: between(0.0, 0.2),
            once: false,
            reopens: 0.0,
            ends: 0.0,
            secured_by: secured,
            verified_by: other.map(|j| (j % issues, between(0.3, 1.1))),
            sunk: (0..issues).map(|_| between(0.0, 0.6)).collect(),
        });
    }
    s
}

fn solved(s: &Situation) -> (NoDeal, GridSolution) {
    let mut no_deal = NoDeal::default();
    s.no_deal(&mut no_deal);
    let found = Exact::default().solve(s, &no_deal);
    (no_deal, found)
}

#[test]
fn no_package_of_a_grid_beats_what_is_found_by_more_than_its_gap() {
    let points: Vec<i32> = (0..=5).map(|k| k * UNIT / 5).collect();
    let (mut zones, mut proved) = (0, 0);
    for draw in 0..60 {
        let s = talks(draw, 4, 5);
        let (no_deal, found) = solved(&s);
        let mut grid = Grid::default();
        grid.evaluate(&s, &no_deal, nodes(&s, &points));
        let brute = grid.solve(&s, &no_deal);
        assert!(
            brute.room.is_none() || found.room.is_some() || found.gap.missed,
            "{draw}: the grid has a zone with room {:?}",
            brute.room
        );
        let Some(room) = found.room else { continue };
        zones += 1;
        proved += usize::from(found.gap.room <= 1e-3);
        // What is found is a package: it is worth to the negotiators what is said.
        for x in found.terms.chunks_exact(4) {
            let accepts = (0..4).all(|i| {
                let gain = s.value(i, x, no_deal.m[i]) - no_deal.m[i];
                s.within_red_lines(i, x) && gain >= -1e-5
            });
            assert!(accepts && !s.is_quo(x), "{draw}: terms are no deal");
        }
        let Some(coarse) = brute.room else { continue };
        assert!(
            room + found.gap.room >= coarse - 1e-6,
            "{draw}: {room} and {:?} below {coarse}",
            found.gap
        );
        if let (Some(ours), Some(theirs)) = (found.nash_value, brute.nash_value) {
            let most = ours / (1.0 - found.gap.product);
            assert!(most >= theirs - 1e-6, "{draw}: product {ours}, {:?}, {theirs}", found.gap);
        }
    }
    assert!(zones > 15 && proved * 10 >= zones * 9, "{zones} zones, {proved} within a thousandth");
}

/// A fourth issue that a promise of no weight depends on changes nothing but how it is searched.
#[test]
fn as_good_as_the_search_of_three() {
    let mut zones = 0;
    for draw in 100..180 {
        let mut s = talks(draw, 4, 3);
        for p in &mut s.promises {
            p.verified_by = p.verified_by.filter(|v| v.0 < 3);
        }
        let searched = solved(&s).1;
        let (rate, to) = (1e-13, s.promises[0].to);
        let secured_by = Some((3, 0.5));
        s.promises.push(PromiseRate {
            rate,
            secured_by,
            exposed: 0.0,
            to,
            sunk: vec![0.0; 4],
            ..s.promises[0].clone()
        });
        s.promises[3].verified_by = None;
        let split = solved(&s).1;
        assert!(searched.room.is_none() || split.room.is_some() || split.gap.missed, "{draw}");
        let (Some(a), Some(b)) = (searched.room, split.room) else { continue };
        zones += 1;
        assert!(b + split.gap.room >= a - 1e-9, "{draw}: {b} and {:?} below {a}", split.gap);
        assert!(b >= a - 3e-4, "{draw}: room {b} is {} below that of the search", a - b);
        assert_eq!(searched.gap, Default::default());
    }
    assert!(zones > 20, "{zones}");
}

#[test]
fn eight_coupled_issues_are_within_a_stated_gap() {
    let (mut zones, mut sum) = (0, 0.0);
    for draw in 0..40 {
        let found = solved(&talks(draw, 8, 8)).1;
        if found.room.is_some() {
            zones += 1;
            sum += found.gap.room;
            assert!(found.gap.room < 0.05, "{draw}: {:?}", found.gap);
        }
        assert!(found.room.is_some() || !found.gap.missed, "{draw}: neither found nor ruled out");
    }
    assert!(
        zones >= 5 && sum / f64::from(zones) < 5e-3,
        "{zones} zones, mean gap {}",
        sum / f64::from(zones)
    );
}
