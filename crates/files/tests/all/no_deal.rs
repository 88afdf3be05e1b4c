//! What no deal is, in whole cases: what is not written or says its default changes no answer, members have
//! their own, costs move with the clock, and force that does not end the talks comes as often as its rate
//! says and leaves what it says.
// A second implementation may use the platform's functions: it is compared with a tolerance.
#![allow(clippy::disallowed_methods)]

use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::{Case, Day};
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Frame, Run, Solver, run};

const BORDER: &str = r#"
winset = 1
as_of = 2025-01-10
[question]
by = 2025-06-30
counts = ["agreement", "force"]
[issues]
border = { now = "45..55" }
water = { now = 20 }
[sides.a]
ratify = "a-chief and a-camp"
position = { border = "0..10..30", water = 30 }
salience = { border = 70, water = 30 }
discount = "5..10..20"
cost = "1..3..6"
[sides.b]
ratify = "b-chief"
position = { border = "70..90..100", water = 80 }
salience = { border = 50, water = 50 }
discount = 10
cost = "1..3..6"
[actors]
a-chief = { side = "a", role = "leader" }
a-camp = { side = "a", role = "faction", red_max.border = "35..45..60" }
b-chief = { side = "b", role = "leader", red_min.border = "35..45..60" }
raiders = { role = "spoiler" }
[force]
raid = { by = "raiders", on = "b", choice = false, hazard = "0.2..0.5..1", cost.a = 5, cost.b = "5..10..20", after.water = 60 }
strike = { by = "a", on = "b", choice = true, wins = 70, if_won.border = 10, if_lost.border = 60, cost.a = 20, cost.b = 60, press = 2 }
[clock]
class = "crisis"
start = 2025-01-02
"#;

fn read(as_of: Option<&str>, overrides: &[&str]) -> Case {
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text: BORDER.to_owned() };
    let overrides: Vec<String> = overrides.iter().map(|s| (*s).to_owned()).collect();
    let as_of = as_of.and_then(Day::parse);
    let files = CaseFiles { case, ..CaseFiles::default() };
    let loaded = load(&files, as_of, &overrides, &mut findings);
    loaded.unwrap_or_else(|| panic!("{overrides:?}\n{:#?}", findings.list)).case
}

fn forecast(case: &Case) -> Forecast {
    let tally =
        run(case, &Run { seed: 1, draws: 0..400 }, Effort::silent(1, &AtomicBool::new(false)));
    Forecast::new(case, 1, &tally, &|_| String::new())
}

/// Everything that is computed, without what names the case.
fn computed(case: &Case) -> String {
    let mut value = serde_json::to_value(forecast(case)).unwrap();
    value.as_object_mut().unwrap().remove("fingerprint");
    value.to_string()
}

fn solved<'a>(frame: &'a Frame<'a>, draw: u64) -> Solver<'a> {
    let mut solver = Solver::new(frame);
    solver.draw(3, draw);
    solver.solve();
    solver
}

#[test]
fn what_says_its_default_changes_no_answer() {
    let plain = computed(&read(None, &[]));
    let same: [&[&str]; 4] = [
        &["force.raid.ends_talks=true", "force.strike.ends_talks=true"],
        &["sides.a.cost_later=5", "sides.a.cost_days=30", "sides.a.cost=5"],
        &["actors.b-chief.without.water=20", "sides.a.without.water=20"],
        &["actors.b-chief.cost=4", "sides.b.cost=4"],
    ];
    let with: [&[&str]; 4] =
        [&[], &["sides.a.cost=5", "sides.a.cost_later=5"], &[], &["sides.b.cost=4"]];
    for (own, with) in same.iter().zip(with) {
        let expected = if with.is_empty() { plain.clone() } else { computed(&read(None, with)) };
        assert_eq!(computed(&read(None, own)), expected, "{own:?}");
    }
}

/// What a member has without a deal: `u(without) − K`, event by event, in every draw.
#[test]
fn every_member_has_its_own_no_deal_in_every_draw() {
    let sets = [
        "actors.a-camp.without.border=70",
        "sides.b.without.border=40",
        "actors.b-chief.cost=130",
        "actors.a-camp.cost=2",
        "actors.a-camp.cost_later=20",
        "actors.a-camp.cost_days=100",
    ];
    let (own, plain) = (read(None, &sets), read(None, &[]));
    let (frame, other) = (Frame::new(&own), Frame::new(&plain));
    for draw in 0..200 {
        let (a, b) = (solved(&frame, draw), solved(&other, draw));
        let (s, then) = (&a.now.situation, &b.now.situation);
        let at = |id: &str| frame.members.iter().position(|i| own.actors[*i].id == id).unwrap();
        let (chief, camp, north) = (at("b-chief"), at("a-camp"), at("a-chief"));
        assert_eq!(a.now.no_deal.d[north], b.now.no_deal.d[north]);
        let point = |x: f64| (x * 10_000.0).round() as i32;
        let worth = |i: usize, border: f64, cost: f64| {
            let (event, r) = (&then.events[0], then.discount[then.side[i]]);
            let flow = then.utility(i, &[point(border), then.quo[1]]) - cost;
            let after = then.utility(i, &[point(border), event.after[1]])
                - cost
                - r * event.cost[then.side[i]];
            (r * flow + event.hazard * after) / (r + event.hazard)
        };
        assert!((a.now.no_deal.d[chief] - worth(chief, 40.0, 1.3)).abs() < 1e-9);
        // Eight days into a hundred, of which ninety-two are left.
        let r = s.discount[0];
        let (years, slope) = (92.0 / 365.25, 0.18 / (100.0 / 365.25));
        let cost = 0.02 + 0.18 * 0.08 + slope / r * (1.0 - (-r * years).exp());
        assert!((a.now.no_deal.d[camp] - worth(camp, 70.0, cost)).abs() < 1e-9);
    }
}

/// A cost that grows makes no draw's zone smaller: not with the days of the draw, nor told from later.
/// Without force that pays, a worse no deal only makes people accept more.
#[test]
fn growing_costs_close_no_zone() {
    // People who want the opposite, weigh both issues alike and lose face by giving way: what no deal costs
    // decides whether there is a zone.
    let grows = [
        "sides.a.cost=0",
        "sides.b.cost=0",
        "sides.a.cost_later=5",
        "sides.b.cost_later=5",
        "sides.a.discount=100",
        "sides.b.discount=100",
        "sides.a.salience.border=50",
        "sides.a.salience.water=50",
        "issues.water.now=50",
        "actors.a-camp.red_max.border=100",
        "actors.b-chief.red_min.border=0",
        "actors.b-chief.demand.border=100",
        "actors.b-chief.audience=0..100",
        "force.raid.hazard=0",
        "force.strike.wins=0",
        "force.strike.cost.a=100",
    ];
    let mut opened = 0;
    let (now, later) = (read(None, &grows), read(Some("2025-05-10"), &grows));
    let (frame, then) = (Frame::new(&now), Frame::new(&later));
    for draw in 0..300 {
        let (a, b) = (solved(&frame, draw), solved(&then, draw));
        assert!(a.days.len() >= 12, "{:?}", a.days);
        let zones: Vec<bool> = a.prospects().map(|(_, p)| p.room.is_some()).collect();
        assert!(zones.windows(2).all(|w| w[0] <= w[1]), "{zones:?}");
        assert!(zones[0] <= b.now.prospects.room.is_some());
        opened += usize::from(!zones[0] && zones[zones.len() - 1]);
    }
    assert!(opened > 5, "{opened}");
}

/// First days come as often as the rate says, from the next day on the issues are what it leaves, and no
/// talks end by it.
#[test]
fn force_that_does_not_end_the_talks_comes_at_its_rate_and_leaves_what_it_says() {
    let sets = ["force.raid.ends_talks=false", "force.raid.hazard=1.5"];
    let case = read(None, &sets);
    let left = read(
        None,
        &["issues.water.now=60", "force.raid.ends_talks=false", "force.raid.hazard=1.5"],
    );
    let (frame, after) = (Frame::new(&case), Frame::new(&left));
    let (mut come, mut within) = (0u32, 0u32);
    for draw in 0..2_000 {
        let mut solver = Solver::new(&frame);
        solver.draw(3, draw);
        if draw >= 300 {
            solver.prepare();
        } else {
            solver.solve();
        }
        let raid = solver.incidents.first().copied();
        come += u32::from(raid.is_some());
        within += u32::from(raid.is_some_and(|raid| raid.day <= 100));
        let Some(raid) = raid.filter(|raid| draw < 300 && raid.day < 365) else { continue };
        assert_eq!(solver.days.iter().map(|d| d.from).collect::<Vec<_>>(), [1, raid.day + 1]);
        let then = solved(&after, draw);
        assert_eq!(solver.later[0].situation.quo, then.now.situation.quo);
        assert_eq!(solver.later[0].no_deal.d, then.now.no_deal.d);
        assert_eq!(solver.later[0].prospects.room, then.now.prospects.room);
    }
    let expected = |days: f64| 1.0 - (-1.5 * days / 365.25).exp();
    assert!((f64::from(come) / 2_000.0 - expected(365.0)).abs() < 0.03, "{come}");
    assert!((f64::from(within) / 2_000.0 - expected(100.0)).abs() < 0.03, "{within}");
    // A first ending stays a first ending: the raid is none.
    let none = read(None, &["force.raid.ends_talks=false", "force.strike.press=0"]);
    let said = forecast(&none);
    assert!(said.events.is_empty());
    assert_eq!(said.endings.force, 0.0);
}

/// An option that does not end the talks: worth the threat points it leaves, used once while it pays and
/// there is no deal, won as often as its chance says.
#[test]
fn an_option_is_used_while_they_talk_where_it_pays_and_there_is_no_deal() {
    let sets = [
        "force.strike.ends_talks=false",
        "force.strike.press=20",
        "force.strike.cost.a=2",
        "force.raid.hazard=0",
    ];
    let case = read(None, &sets);
    let frame = Frame::new(&case);
    let (mut used, mut won) = (0, 0);
    for draw in 0..400 {
        let solver = solved(&frame, draw);
        let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
        let at = |border: i32| vec![border, s.quo[1]];
        let n = s.members();
        for i in 0..n {
            let flow = |x: &[i32]| s.utility(i, x) - s.cost[s.side[i]];
            let worth = 0.7 * flow(&at(100_000)) + 0.3 * flow(&at(600_000))
                - s.discount[s.side[i]] * s.options[0].cost[s.side[i]];
            assert!((no_deal.worth[i] - worth).abs() < 1e-9);
        }
        assert_eq!(solver.now.prospects.force, 0.0);
        let pays = no_deal.credible.is_some() && solver.now.prospects.room.is_none();
        assert!(pays || solver.incidents.is_empty());
        if let Some(incident) = solver.incidents.first().filter(|i| i.day < 300) {
            used += 1;
            let last = &solver.later[0];
            assert_eq!(solver.days[1].from, incident.day + 1);
            let border = last.situation.quo[0];
            assert!([100_000, 600_000].contains(&border));
            won += usize::from(border == 100_000);
            assert!(last.situation.options[0].spent && last.no_deal.credible.is_none());
        }
    }
    assert!(used > 40, "{used}");
    let share = won as f64 / used as f64;
    assert!((share - 0.7).abs() < 0.2, "{share}");
}
