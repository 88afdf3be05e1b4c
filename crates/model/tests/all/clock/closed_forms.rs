//! Closed forms: constant hazards, one round, one delay, one decisive round.

use winset_model::class::risk::{ClassRates, Risk};
use winset_model::clock::coins::CoinState;
use winset_model::clock::delay::Delay;
use winset_model::clock::forward::{EventRate, FirstEndings, Span, TimeNode};
use winset_model::clock::mixture::{Mixture, room_factor};
use winset_model::clock::outcome::{ClassClock, ClockConstants, Timetable};
use winset_model::clock::progress::Progress;
use winset_model::clock::rates::DailyRates;
use winset_model::clock::rounds::{ScheduledRound, move_hazard};
use winset_model::clock::stages::{Awaited, Decision, StageRule};
use winset_model::clock::windows::{PricedDeadline, floors};
use winset_model::uncertain::Dist;

use super::given::{Alike, ClockCase};

fn constant(rate: f64) -> Risk {
    Risk::Steps { to: vec![], rates: vec![rate], times: 1.0 }
}

fn round(day: i32, known: i32) -> ScheduledRound {
    ScheduledRound { day, holds: 1.0, known, settles: 0.0, days: 1 }
}

fn near(ours: f64, closed: f64) {
    assert!((ours - closed).abs() < 1e-13, "{ours} not {closed}");
}

/// Constant hazard 1/100, no other endings, no openings, half with a zone: on day 10 those with a
/// zone agree with chance `pS/(S − ½)`, `S = (1 − p)^9`.
#[test]
fn those_with_a_zone_carry_the_hazard_of_all() {
    let class = ClassRates::new(&constant(0.01), None, 20);
    let mut mixture = Mixture::default();
    mixture.fill(&class, 0.5, 2.0, 1e-12);
    let h = -libm::expm1(-mixture.agreement[9]);
    let p = -libm::expm1(-0.01);
    let s = libm::pow(1.0 - p, 9.0);
    near(h, p * s / (s - 0.5));
    assert!((h - 0.021_969_273_1).abs() < 5e-11);
    assert!(mixture.opens.iter().all(|nu| *nu == 0.0));
}

#[test]
fn room_counts_within_its_bounds() {
    near(room_factor(0.14, 0.28, 2.0), 0.25);
    near(room_factor(0.001, 0.28, 1.0), 0.25);
    near(room_factor(9.0, 0.28, 1.5), 8.0);
    // Rooms of ½, 1 and 2 times the 25 points that 28 recentres, at ¼, ½, ¼: the mean is 1.
    let mean: f64 = [(0.125, 0.25), (0.25, 0.5), (0.5, 0.25)]
        .iter()
        .map(|(room, share)| share * room_factor(*room, 0.28125, 1.0))
        .sum();
    near(mean, 1.0);
}

#[test]
fn a_round_takes_from_the_days_since_it_was_announced() {
    let moved = |rounds: &[ScheduledRound], elapsed| {
        let mut moved = vec![1.0; 100];
        move_hazard(rounds, elapsed, &mut moved);
        moved
    };
    let fortnight = moved(&[round(14, 0)], 0);
    assert!(fortnight[..13].iter().all(|c| (c - 2.0 / 3.0).abs() < 1e-15));
    near(fortnight[13], 16.0 / 3.0);
    // Announced on the date told from for the next day: nothing moves.
    assert!(moved(&[round(55, 54)], 54).iter().all(|c| *c == 1.0));
    let week = moved(&[round(60, 54)], 54);
    assert!(week[54..59].iter().all(|c| (c - 2.0 / 3.0).abs() < 1e-15));
    near(week[59], 8.0 / 3.0);
    assert!(week[..54].iter().chain(&week[60..]).all(|c| *c == 1.0));
    // Two on the same day pull as one of both chances; one that was cancelled does not.
    let halves = |day| ScheduledRound { holds: 0.5, ..round(day, 0) };
    let two = moved(&[halves(14), halves(14)], 0);
    assert!(two.iter().zip(&fortnight).all(|(a, b)| (a - b).abs() < 1e-14));
    let cancelled = ScheduledRound { holds: 0.0, ..round(14, 0) };
    assert!(moved(&[cancelled], 20).iter().all(|c| *c == 1.0));
    // And what is past was held, whatever its chance had been.
    assert_eq!(moved(&[halves(14)], 20), fortnight);
    // The sum is conserved.
    let many = moved(&[round(14, 0), halves(30), round(33, 20), halves(40)], 25);
    near(many.iter().sum(), 100.0);
}

#[test]
fn failures_slow_what_follows_them_and_a_suspension_what_is_ahead() {
    let slowed = |progress: Progress| {
        let mut moved = vec![1.0; 60];
        progress.slow(30, 0.25, &mut moved);
        moved
    };
    let failed = slowed(Progress { failed: vec![(10, 1.0), (40, 3.0)], paused: None });
    assert!(failed[..10].iter().all(|e| *e == 1.0));
    near(failed[10], 5.8 / 6.8);
    near(failed[39], 5.8 / 6.8);
    near(failed[40], 5.8 / 9.8);
    let paused = slowed(Progress { failed: vec![], paused: Some(i32::MAX) });
    assert!(paused[..30].iter().all(|e| *e == 1.0) && paused[30..].iter().all(|e| *e == 0.25));
    let until = slowed(Progress { failed: vec![], paused: Some(45) });
    assert_eq!((until[44], until[45]), (0.25, 1.0));
}

/// A round with `settles = 60`, `holds = 90`: floor .7765288 for f = 1; over three days 6/11, 3/11,
/// 2/11 of it from the last back.
#[test]
fn windows_set_their_floors() {
    let decisive = ScheduledRound { holds: 0.9, settles: 0.6, ..round(20, 10) };
    let floor = |rounds: &[ScheduledRound], deadlines: &[PricedDeadline]| {
        let mut floor = vec![0.0; 30];
        floors(deadlines.iter().map(|d| (*d, d.day)), rounds, 5, &mut floor);
        floor
    };
    let one = floor(&[decisive], &[]);
    assert!((one[19] - 0.776_528_8).abs() < 1e-7);
    near(one.iter().sum(), one[19]);
    let three = floor(&[ScheduledRound { days: 3, ..decisive }], &[]);
    near(three[19], one[19] * 6.0 / 11.0);
    near(three[18], one[19] * 3.0 / 11.0);
    near(three[17], one[19] * 2.0 / 11.0);
    // Only on days after it was announced.
    let late = floor(&[ScheduledRound { days: 3, known: 18, ..decisive }], &[]);
    assert_eq!(late[17], 0.0);
    assert_eq!(late[18..], three[18..]);
    // A deadline's last day has 39 % of its window; windows that overlap add.
    let deadline = PricedDeadline { day: 20, settles: 0.8, put_off: 0.0, ends: false, binds: 0 };
    let window = floor(&[], &[deadline]);
    near(window.iter().sum(), -libm::log(0.2));
    assert!((window[19] / window.iter().sum::<f64>() - 0.386).abs() < 1e-3);
    let both = floor(&[decisive], &[deadline]);
    near(both[19], window[19] + one[19]);
}

/// With f = 1 and nothing else, a window settles exactly q of those still open where the class is
/// slower.
#[test]
fn a_window_settles_its_share() {
    let mut nothing = Mixture::default();
    for column in
        [&mut nothing.opens, &mut nothing.agreement, &mut nothing.other, &mut nothing.other_none]
    {
        column.resize(30, 0.0);
    }
    nothing.share.resize(30, 1.0);
    nothing.start = 1.0;
    let deadline = PricedDeadline { day: 25, settles: 0.8, put_off: 0.0, ends: true, binds: 0 };
    let timetable = Timetable { horizon: 30, deadlines: vec![deadline], ..Timetable::default() };
    let state = CoinState { put_off: 0, chance: 1.0 };
    let mut clock = ClassClock::default();
    clock.resize(30, 1);
    clock.fill(0, &nothing, &constants(1.0), &timetable, state, &[25]);
    clock.run_types(&timetable.span(state));
    near(clock.zone.text(0).sum(), 0.8);
    near(clock.zone.lapsed(0), 0.2);
    assert_eq!(clock.zone.open(0), 0.0);
}

/// A point delay of n days and one try: `F_k(t) = p·F_0(t − n)`.
#[test]
fn a_stage_shifts_and_thins_the_text() {
    let stage = StageRule {
        first: Decision::After(Delay::of(5)),
        again: None,
        passes: Dist::Point(80.0),
        tries: 1,
    };
    let timetable = Timetable { horizon: 40, ..Timetable::default() };
    let state = CoinState { put_off: 0, chance: 1.0 };
    let kernel = timetable.kernel(&[stage.clone(), stage], None, state);
    let text: Vec<f64> = (0..40).map(|t| 0.01 + 0.0002 * f64::from(t)).collect();
    let paths = kernel.run(&text);
    let by = |t: i32| paths.passed[0].get((t - 1) as usize).copied().unwrap_or(0.0);
    for t in 1..=40 {
        near(paths.passed[1][t as usize - 1], 0.8 * by(t - 5));
        near(paths.passed[2][t as usize - 1], 0.64 * by(t - 10));
        near(paths.rejected[t as usize - 1], 0.2 * by(t - 5) + 0.16 * by(t - 10));
    }
}

/// A ballot on a fixed day: who has the text by then is decided on it, who is later needs `again`.
#[test]
fn a_fixed_day_waits_for_nobody() {
    let ballot = |again: Option<usize>| StageRule {
        first: Decision::On(30),
        again: again.map(Delay::of),
        passes: Dist::Point(100.0),
        tries: 1,
    };
    let timetable = Timetable { elapsed: 10, horizon: 40, ..Timetable::default() };
    let state = CoinState { put_off: 0, chance: 1.0 };
    let text = vec![0.02; 40];
    let late = timetable.kernel(&[ballot(None)], None, state).run(&text);
    assert_eq!(late.passed[1][18], 0.0);
    near(late.passed[1][19], 0.4);
    near(late.passed[1][39], 0.4);
    near(late.lapsed[39], 0.4);
    let again = timetable.kernel(&[ballot(Some(7))], None, state).run(&text);
    near(again.passed[1][26], 0.4);
    near(again.passed[1][27], 0.42);
    assert_eq!(again.lapsed[39], 0.0);
    // Awaited: on the day; a day that is gone, tomorrow if the stage before had passed by then,
    // else after the rest of `again`, and without it never.
    let awaited = |elapsed: i32, ago: i32, again: Option<usize>| {
        let timetable = Timetable { elapsed, horizon: 40, ..Timetable::default() };
        let waits = Awaited { stage: 1, ago, failed: 0, last: 0 };
        timetable.kernel(&[ballot(again)], Some(waits), state).run(&[])
    };
    let first = |by: &[f64]| by.iter().position(|p| *p > 0.5).map(|k| k + 1);
    assert_eq!(first(&awaited(10, 3, None).passed[1]), Some(20));
    assert_eq!(first(&awaited(35, 6, None).passed[1]), Some(1));
    assert_eq!(first(&awaited(35, 4, Some(7)).passed[1]), Some(3));
    let never = awaited(35, 4, None);
    assert_eq!(first(&never.passed[1]), None);
    assert_eq!(first(&never.lapsed), Some(1));
}

/// A deadline that binds the vote squeezes the delays that can make it, and lapses the others.
#[test]
fn a_binding_deadline_squeezes_and_ends() {
    let vote = StageRule {
        first: Decision::After(Delay::new(&Dist::Uniform(1.0, 10.0))),
        again: None,
        passes: Dist::Point(100.0),
        tries: 1,
    };
    let deadline = PricedDeadline { day: 20, settles: 0.5, put_off: 0.0, ends: true, binds: 1 };
    let timetable =
        Timetable { elapsed: 0, horizon: 40, deadlines: vec![deadline], ..Timetable::default() };
    // The first day by which 5 % of the delay is over is the first of ten.
    assert_eq!(timetable.last_texts(std::slice::from_ref(&vote)), [19]);
    let state = CoinState { put_off: 0, chance: 1.0 };
    let kernel = timetable.kernel(std::slice::from_ref(&vote), None, state);
    let from = |day: usize| {
        let mut text = vec![0.0; 40];
        text[day - 1] = 1.0;
        kernel.run(&text)
    };
    // Begun on day 15 it has five days: uniform on them.
    let squeezed = from(15);
    near(squeezed.passed[1][15], 0.2);
    near(squeezed.passed[1][19], 1.0);
    // Begun on day 20 it cannot make it, and lapses.
    let lapses = from(20);
    assert_eq!((lapses.passed[1][39], lapses.lapsed[18], lapses.lapsed[19]), (0.0, 0.0, 1.0));
    // Begun later it is free again; put off, nothing is squeezed.
    near(from(21).passed[1][30], 1.0);
    let off = timetable.kernel(&[vote], None, CoinState { put_off: 1, chance: 1.0 });
    let mut text = vec![0.0; 40];
    text[14] = 1.0;
    near(off.run(&text).passed[1][15], 0.1);
}

/// Force and an event that reacts, with openings before and after: written out from the formulas,
/// day by day.
#[test]
fn force_and_events_come_out_of_the_other_endings() {
    let agreement = Risk::Weibull { shape: 0.9, scale: 40.0, times: 1.0 };
    let class = ClassRates::new(&agreement, Some(&constant(0.004)), 400);
    let mut mixture = Mixture::default();
    mixture.fill(&class, 0.7, 2.0, 0.6);
    let mut rates = DailyRates::default();
    rates.resize(400, 1);
    rates.fill(0, &mixture, &[1.0; 400], &[0.0; 400]);
    let (elapsed, horizon, sight) = (60, 90, 30.0);
    let by = 70;
    let (detailed, asked) = (true, true);
    let span = Span { elapsed, horizon, ends: None, sight: &[sight], detailed, asked, until: None };
    assert_eq!((span.days(false), span.days(true)), (150, 300));
    let nodes = [
        TimeNode { from: 1, pace: None, force: 0.001 },
        TimeNode { from: 20, pace: Some(&[1.3]), force: 0.0002 },
        TimeNode { from: 50, pace: None, force: 0.0 },
    ];
    let events = [EventRate { rate: 0.002, reacts: 3.0 }, EventRate { rate: 0.009, reacts: 0.0 }];
    let mut endings = FirstEndings::default();
    endings.run(&rates, &span, &nodes, &events);
    struct Columns {
        own: Vec<f64>,
        opened: Vec<f64>,
        other: Vec<f64>,
        force: Vec<f64>,
        events: [Vec<f64>; 2],
    }
    let ours = Columns {
        own: endings.own(0).collect(),
        opened: endings.text(0).zip(endings.own(0)).map(|(text, own)| text - own).collect(),
        other: endings.other(0).collect(),
        force: endings.force(0).collect(),
        events: [0, 1].map(|e| endings.event(0, e).collect()),
    };
    let node = |t: i32| match t {
        ..20 => &nodes[0],
        20..50 => &nodes[1],
        _ => &nodes[2],
    };
    let day = |t: i32, ahead: f64| {
        let (at, node) = ((elapsed + t) as usize - 1, node(t));
        let agrees = node.pace.map_or(0.0, |pace| pace[0] * mixture.agreement[at]);
        let ceiling = node.pace.map_or(mixture.other_none[at], |_| mixture.other[at]);
        let e = [0.002 * libm::exp(3.0 * ahead), 0.009];
        let other = (ceiling - node.force - e[0] - e[1]).max(0.0);
        (agrees, other, node.force, e)
    };
    let mut prospect = vec![0.0; (horizon + 152) as usize];
    for t in (1..=horizon + 150).rev() {
        let (a, o, f, e) = day(t, prospect[t as usize + 1]);
        let all = a + o + f + e[0] + e[1];
        let left = libm::exp(-all);
        prospect[t as usize] =
            a / all * (1.0 - left) + left * libm::exp(-1.0 / sight) * prospect[t as usize + 1];
    }
    let (mut own, mut opened) = (1.0, 0.0);
    let (mut sum, mut by_asked) = (0.0, (0.0, 0.0));
    for t in 1..=horizon {
        let (at, k) = ((elapsed + t) as usize - 1, t as usize - 1);
        if node(t).pace.is_none() {
            opened += mixture.opens[at] * own;
            own *= 1.0 - mixture.opens[at];
        }
        let (a, o, f, e) = day(t, prospect[t as usize + 1]);
        let all = a + o + f + e[0] + e[1];
        let gone = own * (1.0 - libm::exp(-all)) / all;
        // What opened later goes on as the class's own: no force, events without reaction.
        let (a1, o1) = (mixture.agreement[at], mixture.other[at]);
        let all1 = a1 + o1.max(0.011);
        let gone1 = opened * (1.0 - libm::exp(-all1)) / all1;
        let others = gone * o + gone1 * (o1 - 0.011).max(0.0);
        let first = [gone * e[0] + gone1 * 0.002, gone * e[1] + gone1 * 0.009];
        near(ours.own[k], gone * a);
        near(ours.opened[k], gone1 * a1);
        near(ours.other[k], others);
        near(ours.force[k], gone * f);
        near(ours.events[0][k], first[0]);
        near(ours.events[1][k], first[1]);
        own -= gone * all;
        opened -= gone1 * all1;
        if t <= by {
            by_asked.0 += others;
            by_asked.1 += gone * f + first[0] + first[1];
        }
        sum += gone * a + gone1 * a1 + others + gone * f + first[0] + first[1];
    }
    near(endings.open(0), own + opened);
    near(endings.open(0) + sum, 1.0);
    // What the nodes' own terms count for, and what opened later, is the answer.
    let reaches: Vec<f64> = (0..=horizon).map(|t| 1.0 - f64::from(t) / 100.0).collect();
    let own = |days| endings.own_answer(0, &reaches, days);
    let late: f64 = ours.opened.iter().zip(&reaches[1..]).map(|(p, worth)| p * worth).sum();
    near(own(1..20) + own(20..50) + own(50..91) + late, endings.answer(0, &reaches));
    assert_eq!((own(1..20), own(50..91)), (0.0, 0.0));
    let [others, inside] = endings.asked(0).map(|daily| daily.take(by as usize).sum::<f64>());
    near(others, by_asked.0);
    near(inside, by_asked.1);
    assert!(mixture.opens[elapsed as usize..].iter().any(|nu| *nu > 0.0));
    assert!(prospect[5] > 0.0 && ours.opened[80] > 0.0);
}

fn shipped(class: &str) -> (Risk, Option<Risk>, f64) {
    let weibull = |shape, scale| Risk::Weibull { shape, scale, times: 1.0 };
    match class {
        "crisis" => {
            let rates = vec![0.0085, 0.00523, 0.00336, 0.00281];
            let others = Risk::Steps { to: vec![30.0, 90.0, 365.0], rates, times: 1.0 };
            (weibull(1.0625, 440.48), Some(others), 0.5)
        }
        "mediated" => (weibull(0.7609, 172.43), Some(weibull(0.8736, 265.33)), 0.7),
        "formation-election" => (weibull(0.9203, 33.34), None, 0.9),
        _ => (weibull(0.925, 41.62), None, 0.9),
    }
}

fn constants(zref: f64) -> ClockConstants {
    let (chi, gamma, gref, reopens) = (2.0, 1.0, 0.28, 0.5);
    ClockConstants { zref, chi, gamma, gref, reopens, paused: 0.25, sight: 30.0 }
}

/// The case of a class told from a day, a zone of some room in a share of the draws.
fn told(class: &str, elapsed: i32, since: i32, room: f64, share: f64) -> ClockCase {
    let (agreement, other, zref) = shipped(class);
    let draw = |share, zone| Alike { share, put_off: 0, nodes: vec![(1, zone)] };
    let mut draws = vec![draw(share, Some((room, 0.0)))];
    if share < 1.0 {
        draws.push(draw(1.0 - share, None));
    }
    ClockCase {
        agreement,
        other,
        constants: constants(zref),
        pool: 1.0,
        timetable: Timetable { elapsed, since, horizon: 365, ..Timetable::default() },
        draws,
        stages: vec![],
        awaited: None,
        asked: 0,
    }
}

/// Published to a point or so.
fn about<const N: usize>(ours: [f64; N], published: [f64; N]) {
    let near = ours.iter().zip(published).all(|(ours, published)| (ours - published).abs() < 0.75);
    assert!(near, "{ours:?} not {published:?}");
}

fn percent(p: f64) -> f64 {
    100.0 * p
}

/// Still open is not always evidence against a zone: in crises those without one end sooner.
#[test]
fn the_share_with_a_zone_follows_the_class() {
    let share = |class, day| percent(told(class, day, 0, 0.28, 1.0).solve().share_now);
    about([0, 30, 180, 365].map(|day| share("crisis", day)), [50.0, 51.0, 45.0, 26.0]);
    about([share("mediated", 90), share("strike", 90)], [54.0, 45.0]);
}

/// Who has had so much room for so long and has not agreed probably has no zone.
#[test]
fn more_room_lowers_the_odds_of_an_old_structure() {
    let by = |class, since, share, day| {
        [0.25, 0.5, 1.0, 2.0, 4.0].map(|room| {
            let solved = told(class, 90, since, 0.28 * room, share).solve();
            percent(solved.structure.passed(0, day))
        })
    };
    about(by("strike", 0, 0.9, 30), [28.0, 43.0, 46.0, 36.0, 31.0]);
    about(by("strike", 90, 0.9, 30), [28.0, 47.0, 69.0, 87.0, 92.0]);
    about(by("mediated", 0, 0.7, 90), [13.0, 22.0, 30.0, 24.0, 5.0]);
    about(by("mediated", 90, 0.7, 90), [13.0, 24.0, 39.0, 55.0, 65.0]);
}

/// What a zone that is certain gives at the most, and with a priced deadline on day 30.
#[test]
fn a_certain_zone_has_the_ceiling_of_its_class() {
    let by = |class, day, deadline: bool| {
        let mut case = told(class, 0, 0, 0.28, 1.0);
        if deadline {
            let priced =
                PricedDeadline { day: 30, settles: 0.8, put_off: 0.0, ends: false, binds: 0 };
            case.timetable.deadlines.push(priced);
        }
        percent(case.solve().structure.passed(0, day))
    };
    let classes = ["crisis", "mediated", "formation-election", "strike"];
    about(classes.map(|class| by(class, 30, false)), [10.0, 31.0, 66.0, 58.0]);
    about(classes.map(|class| by(class, 365, false)), [55.0, 79.0, 100.0, 100.0]);
    about(classes.map(|class| by(class, 30, true)), [71.0, 79.0, 91.0, 90.0]);
}

/// Lanes run together give the bytes that each gives alone.
#[test]
fn lanes_do_not_see_each_other() {
    let settings = [(0.3, 0.6), (0.7, 1.2), (0.95, 3.9)];
    let elapsed = 30;
    let agreement = Risk::Weibull { shape: 0.9, scale: 25.0, times: 1.0 };
    let class = ClassRates::new(&agreement, Some(&constant(0.01)), 400);
    let sight = [20.0, 30.0, 10.0];
    let run = |lanes: &[usize]| {
        let mut rates = DailyRates::default();
        rates.resize(400, lanes.len());
        for (to, lane) in lanes.iter().enumerate() {
            let mut mixture = Mixture::default();
            mixture.fill(&class, settings[*lane].0, 2.0, 0.5);
            rates.fill(to, &mixture, &[1.0; 400], &[0.0; 400]);
        }
        let of_lanes = |values: &dyn Fn(usize) -> f64| -> Vec<f64> {
            lanes.iter().map(|lane| values(*lane)).collect()
        };
        let (paces, sight) = (of_lanes(&|l| settings[l].1), of_lanes(&|l| sight[l]));
        let span = Span {
            elapsed,
            horizon: 120,
            ends: Some(100),
            sight: &sight,
            detailed: true,
            asked: true,
            until: None,
        };
        let nodes = [
            TimeNode { from: 1, pace: Some(&paces[..]), force: 0.001 },
            TimeNode { from: 40, pace: None, force: 0.002 },
        ];
        let mut endings = FirstEndings::default();
        endings.run(&rates, &span, &nodes, &[EventRate { rate: 0.004, reacts: 6.0 }]);
        endings
    };
    let all = run(&[0, 1, 2]);
    for lane in 0..3 {
        let alone = run(&[lane]);
        let columns = |e: &FirstEndings, l: usize| {
            let opened = e.text(l).zip(e.own(l)).map(|(text, own)| text - own);
            let mut bytes: Vec<f64> = e.own(l).chain(opened).chain(e.other(l)).collect();
            bytes.extend(e.force(l).chain(e.event(l, 0)));
            bytes.extend(e.asked(l).into_iter().flatten());
            bytes.extend([e.lapsed(l), e.open(l)]);
            bytes
        };
        assert_eq!(columns(&all, lane), columns(&alone, 0));
        let sum: f64 = columns(&alone, 0)[..600].iter().sum::<f64>() + alone.lapsed(0);
        near(sum + alone.open(0), 1.0);
    }
}
