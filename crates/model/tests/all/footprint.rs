//! What an answer was read from says when it is another negotiation's, too.

use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::situation::{NO_DEMAND, Situation};
use winset_model::theory::threat::NoDeal;

use crate::dice::Dice;
use crate::exact::random;

/// How many ways there are to change a negotiation.
const WAYS: u64 = 15;

/// A negotiation with one thing otherwise: of a member whose place is drawn, of a side, or of force.
fn changed(s: &Situation, way: u64, d: &mut Dice) -> Situation {
    let mut other = s.clone();
    let issues = s.issues();
    let i = d.whole(0.0, s.members() as f64 - 1.0) as usize;
    let at = i * issues + d.whole(0.0, issues as f64 - 1.0) as usize;
    let place = d.whole(0.0, 100.0) * (UNIT / 100);
    let side = i % 2;
    match way {
        0 => other.ideal[at] = place,
        1 => other.red_min[at] = place / 2,
        2 => other.red_max[at] = UNIT - place / 2,
        3 => other.demand[at] = if s.demand[at] == NO_DEMAND { place } else { NO_DEMAND },
        4 => other.audience[i] += 0.1,
        5 => other.capability[i] = i64::from(place) + 1,
        6 => other.discount[side] *= 1.5,
        7 => other.cost[side] += 0.02,
        8 => other.quo[at % issues] = place,
        9 => other.weight[i * issues..(i + 1) * issues].fill(1.0 / issues as f64),
        10 => other.events.iter_mut().for_each(|e| e.hazard *= 1.5),
        11 => other.events.iter_mut().for_each(|e| e.reacts += 1.0),
        12 => other.options.iter_mut().for_each(|o| o.wins *= 0.8),
        13 => other.options.iter_mut().for_each(|o| o.press *= 2.0),
        _ => other.promises.iter_mut().for_each(|p| p.rate *= 1.5),
    }
    other
}

#[test]
fn an_answer_serves_only_where_solving_gives_its_bytes() {
    let (mut served, mut solved, mut moved) = ([0; WAYS as usize], 0, 0);
    for seed in 0..400 {
        let s = random(seed, 2 + seed as usize % 2);
        let mut d = Dice(seed + 7);
        let mut no_deal = NoDeal::default();
        s.no_deal(&mut no_deal);
        let mut exact = Exact::default();
        let (room, short) = (exact.room(&s, &no_deal), exact.short());
        let of_room = exact.footprint().unwrap();
        let deal = exact.deal(&s, &no_deal);
        let of_deal = exact.footprint().unwrap();
        let everything = exact.solve(&s, &no_deal);
        let of_everything = exact.footprint().unwrap();
        assert_eq!(everything.room, room);
        for way in 0..WAYS {
            let other = changed(&s, way, &mut d);
            let mut others = NoDeal::default();
            other.no_deal(&mut others);
            let (was, now) = ((&s, &no_deal), (&other, &others));
            let again = (exact.room(&other, &others), exact.short());
            if of_room.serves(was, now) {
                served[way as usize] += 1;
                assert_eq!(again.0.map(f64::to_bits), room.map(f64::to_bits), "{seed} {way}");
                assert_eq!(again.1, short, "{seed} {way}");
            }
            let terms = exact.deal(&other, &others);
            for footprint in [&of_deal, &of_everything] {
                if footprint.serves(was, now) {
                    assert_eq!(terms, deal, "{seed} {way}");
                }
            }
            solved += 1;
            moved += usize::from(again.0 != room);
        }
    }
    // What the clock alone reads always serves, and nothing serves whatever is changed.
    assert_eq!([served[11], served[13]], [400, 400]);
    let share = served.iter().sum::<usize>() as f64 / f64::from(solved);
    assert!(share > 0.4 && share < 0.9, "{share}");
    assert!(moved > 1000, "{moved}");
}
