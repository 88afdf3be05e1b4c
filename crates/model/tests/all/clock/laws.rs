//! Laws of the clock over random classes, calendars, stages and draws.

use winset_model::class::risk::{ClassRates, Risk};
use winset_model::clock::coins::coin_states;
use winset_model::clock::delay::Delay;
use winset_model::clock::forward::FirstEndings;
use winset_model::clock::mixture::Mixture;
use winset_model::clock::outcome::{
    ClockConstants, OutcomeSum, Outcomes, Timetable, draw_value, pooled,
};
use winset_model::clock::progress::Progress;
use winset_model::clock::rounds::ScheduledRound;
use winset_model::clock::stages::{Awaited, Decision, StageRule};
use winset_model::clock::windows::PricedDeadline;
use winset_model::uncertain::{Dist, Stream, uniform};

use super::given::{Alike, ClockCase, Solved};

const CASES: u64 = 100;

/// Uniforms in turn.
struct Turns {
    case: u64,
    turn: u64,
}

impl Turns {
    fn new(case: u64) -> Self {
        Self { case, turn: 0 }
    }

    fn u(&mut self) -> f64 {
        self.turn += 1;
        uniform(5, 1_000 * self.case + self.turn, Stream::of("laws of the clock"))
    }

    fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.u()
    }

    fn day(&mut self, lo: i32, hi: i32) -> i32 {
        lo + (self.u() * f64::from(hi - lo + 1)) as i32
    }

    fn on(&mut self, chance: f64) -> bool {
        self.u() < chance
    }

    fn delay(&mut self) -> Delay {
        let lo = self.day(0, 8);
        let hi = lo + self.day(0, 20);
        Delay::new(&match self.day(0, 2) {
            0 => Dist::Point(f64::from(lo)),
            1 => Dist::Uniform(f64::from(lo), f64::from(hi)),
            _ => Dist::TwoPiece(f64::from(lo), f64::from((lo + hi) / 2), f64::from(hi)),
        })
    }

    fn passes(&mut self) -> Dist {
        match self.day(0, 2) {
            0 => Dist::Point(100.0),
            1 => Dist::Point(self.between(5.0, 95.0)),
            _ => {
                let lo = self.between(10.0, 60.0);
                Dist::TwoPiece(lo, lo + 15.0, lo + 30.0)
            }
        }
    }
}

fn risk(turns: &mut Turns) -> Risk {
    let times = turns.between(0.5, 2.0);
    if turns.on(0.3) {
        let rates = (0..3).map(|_| turns.between(0.0005, 0.02)).collect();
        return Risk::Steps { to: vec![30.0, 120.0], rates, times };
    }
    let (shape, scale) = (turns.between(0.6, 1.4), turns.between(10.0, 500.0));
    Risk::Weibull { shape, scale, times }
}

fn round(turns: &mut Turns, elapsed: i32) -> ScheduledRound {
    let day = turns.day(1, elapsed + 150);
    ScheduledRound {
        day,
        holds: if turns.on(0.4) { 1.0 } else { turns.between(0.0, 1.0) },
        known: turns.day(0, day.min(elapsed)),
        settles: if turns.on(0.5) { 0.0 } else { turns.between(0.1, 0.9) },
        days: turns.day(1, 5),
    }
}

/// A random case with every part of the clock in it now and then.
fn random(case: u64) -> ClockCase {
    let turns = &mut Turns::new(case);
    let elapsed = turns.day(0, 120);
    let agreement = risk(turns);
    let other = turns.on(0.7).then(|| risk(turns));
    let constants = ClockConstants {
        zref: turns.between(0.35, 0.97),
        chi: turns.between(1.0, 3.0),
        gamma: turns.between(0.0, 3.0),
        gref: turns.between(0.2, 0.4),
        reopens: turns.between(0.25, 1.0),
        paused: 0.25,
        sight: 30.0,
    };
    let count = turns.day(0, 3);
    let rounds: Vec<_> = (0..count).map(|_| round(turns, elapsed)).collect();
    let count = turns.day(0, 3) as usize;
    let horizon = turns.day(60, 200);
    let mut stages: Vec<StageRule> = (0..count)
        .map(|_| StageRule {
            first: Decision::After(turns.delay()),
            again: turns.on(0.5).then(|| turns.delay()),
            passes: turns.passes(),
            tries: turns.day(1, 3) as u32,
        })
        .collect();
    if let Some(stage) = stages.first_mut()
        && turns.on(0.3)
    {
        stage.first = Decision::On(elapsed + turns.day(-20, 90));
        stage.again = if turns.on(0.6) { Some(turns.delay()) } else { None };
        stage.tries = if stage.again.is_some() { stage.tries } else { 1 };
    }
    let deadlines: Vec<PricedDeadline> = (0..turns.day(0, 2))
        .map(|_| PricedDeadline {
            day: turns.day(1, elapsed + 150),
            settles: turns.between(0.0, 0.95),
            put_off: if turns.on(0.5) { 0.0 } else { turns.between(0.05, 0.95) },
            ends: turns.on(0.4),
            binds: turns.day(0, stages.len() as i32) as usize,
        })
        .collect();
    let failed = (0..turns.day(0, 2)).map(|_| (turns.day(1, elapsed.max(1)), 1.0)).collect();
    let progress = Progress { failed, paused: turns.on(0.2).then_some(elapsed + 40) };
    let since = if turns.on(0.5) { turns.day(0, elapsed) } else { 0 };
    let draws = (0..turns.day(1, 6))
        .map(|_| {
            let state = |turns: &mut Turns| {
                turns.on(0.6).then(|| (turns.between(0.01, 1.2), turns.between(0.0, 0.3)))
            };
            let mut nodes = vec![(1, state(turns))];
            if turns.on(0.4) {
                nodes.push((turns.day(2, 90), state(turns)));
            }
            let goes = deadlines.iter().enumerate();
            let put_off = goes.map(|(k, d)| u64::from(turns.on(d.put_off)) << k).sum();
            Alike { share: turns.between(0.1, 1.0), put_off, nodes }
        })
        .collect();
    ClockCase {
        agreement,
        other,
        constants,
        pool: turns.u(),
        asked: turns.day(0, stages.len() as i32) as usize,
        stages,
        awaited: None,
        draws,
        timetable: Timetable { elapsed, since, horizon, rounds, deadlines, progress },
    }
}

/// The class's own structure: its types in their shares on the day it began to hold.
fn typical(case: &ClockCase) -> ClockCase {
    let put_off = coin_states(&case.timetable.deadlines)[0].put_off;
    let one = Alike { share: 1.0, put_off, nodes: vec![(1, None)] };
    let solved = ClockCase { draws: vec![one], ..case.clone() }.solve();
    let mut draws = Vec::new();
    for (state, clock) in solved.states.iter().zip(&solved.clocks) {
        let zone = clock.survival[0].zone_since;
        for (share, node) in [(zone, Some((case.constants.gref, 0.0))), (1.0 - zone, None)] {
            let share = state.chance * share;
            draws.push(Alike { share, put_off: state.put_off, nodes: vec![(1, node)] });
        }
    }
    ClockCase { draws, ..case.clone() }
}

fn apart(a: &Outcomes, b: &Outcomes) -> f64 {
    let columns = |o: &Outcomes| {
        let mut all = o.stages.passed.clone();
        all.extend([&o.other, &o.lapsed, &o.stages.rejected, &o.stages.lapsed].map(Vec::clone));
        all
    };
    let pairs = columns(a).into_iter().zip(columns(b));
    pairs.flat_map(|(a, b)| a.into_iter().zip(b)).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()))
}

/// Whether one chance is never less than another on any day.
fn never_less(more: &[f64], less: &[f64]) -> bool {
    more.iter().zip(less).all(|(more, less)| *more >= less - 1e-13)
}

fn asked(case: &ClockCase, solved: &Solved) -> Vec<f64> {
    solved.structure.stages.passed[case.asked].clone()
}

#[test]
fn a_typical_structure_is_the_class() {
    for k in 0..CASES {
        let case = typical(&random(k));
        let solved = case.solve();
        assert!(apart(&solved.structure, &solved.here) < 1e-14, "case {k}");
        // With nothing in the calendar it is the plain incidence of the class as well.
        let mut plain = case.clone();
        let t = &case.timetable;
        plain.timetable = Timetable {
            elapsed: t.elapsed,
            since: t.since,
            horizon: t.horizon,
            ..Timetable::default()
        };
        let plain = typical(&plain);
        let solved = plain.solve();
        assert!(apart(&solved.structure, &solved.here) < 1e-14, "case {k}");
        assert!(apart(&solved.here, &solved.table) < 1e-13, "case {k}");
        let zone = &solved.clocks[0].survival[0];
        assert!((zone.zone - solved.share_now).abs() < 1e-13, "case {k}");
    }
}

#[test]
fn a_longer_horizon_changes_no_byte() {
    for k in 0..CASES {
        let mut case = random(k);
        case.timetable.horizon = 60;
        let short = case.solve();
        case.timetable.horizon = 400;
        let long = case.solve();
        for (a, b) in [(&short.structure, &long.structure), (&short.here, &long.here)] {
            let same = |a: &[f64], b: &[f64]| assert_eq!(a[..60], b[..60], "case {k}");
            a.stages.passed.iter().zip(&b.stages.passed).for_each(|(a, b)| same(a, b));
            same(&a.other, &b.other);
            same(&a.lapsed, &b.lapsed);
            same(&a.stages.rejected, &b.stages.rejected);
            same(&a.stages.lapsed, &b.stages.lapsed);
        }
        assert_eq!(short.weights, long.weights, "case {k}");
    }
}

#[test]
fn endings_sum_to_one_and_stages_to_the_text() {
    for k in 0..CASES {
        let case = random(k);
        let solved = case.solve();
        for o in [&solved.structure, &solved.here, &solved.if_none, &solved.if_zone] {
            for day in 0..case.timetable.horizon as usize {
                let text = o.stages.passed[0][day];
                let ended = text + o.other[day] + o.lapsed[day];
                assert!((-1e-15..1.0 + 1e-12).contains(&ended), "case {k}");
                let last = o.stages.passed.last().unwrap()[day];
                let under_way = text - last - o.stages.rejected[day] - o.stages.lapsed[day];
                assert!((-1e-12..1.0).contains(&under_way), "case {k}: {under_way}");
                assert!(o.stages.passed.windows(2).all(|s| s[1][day] <= s[0][day] + 1e-13));
            }
        }
        // Draw by draw what is left is open.
        for clock in &solved.clocks {
            for e in [&clock.zone, &clock.none] {
                let ended: f64 = e.text(0).chain(e.other(0)).sum();
                assert!((ended + e.lapsed(0) + e.open(0) - 1.0).abs() < 1e-12, "case {k}");
            }
        }
    }
}

#[test]
fn far_rounds_change_nothing_before_and_those_announced_today_no_weight() {
    for k in 0..CASES {
        let case = random(k);
        let before = case.solve();
        let mut with = case.clone();
        let (date, elapsed) = (30, case.timetable.elapsed);
        let far = ScheduledRound {
            day: elapsed + date + 14,
            holds: 0.8,
            known: 0,
            settles: 0.0,
            days: 1,
        };
        with.timetable.rounds.push(far);
        let after = with.solve();
        for day in 0..date as usize {
            for (a, b) in after.structure.stages.passed.iter().zip(&before.structure.stages.passed)
            {
                assert!((a[day] - b[day]).abs() < 1e-15, "case {k}");
            }
        }
        let mut near = case.clone();
        near.timetable.rounds.push(ScheduledRound { day: elapsed + 5, known: elapsed, ..far });
        let near = near.solve();
        assert_eq!(near.weights, before.weights, "case {k}");
        // And an ordinary round is a decisive one that settles nothing.
        let mut zero = case.clone();
        zero.timetable.rounds.push(ScheduledRound { days: 7, ..far });
        assert_eq!(zero.solve().structure, after.structure, "case {k}");
    }
}

#[test]
fn more_settles_passes_tries_and_room_never_give_less() {
    for k in 0..CASES {
        let mut case = random(k);
        // Windows wholly to come; nodes that do not move; one state of the deadlines for all draws.
        let elapsed = case.timetable.elapsed;
        case.timetable.deadlines.retain(|d| !d.ends);
        for deadline in &mut case.timetable.deadlines {
            (deadline.day, deadline.put_off) = (elapsed + 45 + deadline.day % 50, 0.0);
            deadline.settles = deadline.settles.min(0.7);
        }
        for draw in &mut case.draws {
            draw.put_off = 0;
            draw.nodes.truncate(1);
        }
        let before = asked(&case, &case.solve());
        let changed = |change: &dyn Fn(&mut ClockCase)| {
            let mut case = case.clone();
            change(&mut case);
            asked(&case, &case.solve())
        };
        if case.timetable.last_texts(&case.stages).iter().all(|day| *day > elapsed + 7) {
            let settles = changed(&|c| {
                c.timetable.deadlines.iter_mut().for_each(|d| d.settles += 0.25);
            });
            assert!(never_less(&settles, &before), "case {k}: settles");
        }
        let tries = changed(&|c| c.stages.iter_mut().for_each(|s| s.tries += 1));
        let votes =
            case.stages.iter().all(|s| s.again.is_some() || !matches!(s.first, Decision::On(_)));
        assert!(!votes || never_less(&tries, &before), "case {k}: tries");
        let passes = changed(&|c| {
            c.stages.iter_mut().for_each(|s| {
                s.passes = match s.passes {
                    Dist::Point(p) => Dist::Point((p + 5.0).min(100.0)),
                    Dist::TwoPiece(a, b, c) => Dist::TwoPiece(a + 5.0, b + 5.0, c + 5.0),
                    ref law => law.clone(),
                };
            });
        });
        assert!(never_less(&passes, &before), "case {k}: passes");
        // A structure that is new today: more room is never less.
        let room = |factor: f64| {
            changed(&|c| {
                c.timetable.since = elapsed;
                for draw in &mut c.draws {
                    for (_, zone) in &mut draw.nodes {
                        *zone = zone.map(|(room, s)| (factor * room, s));
                    }
                }
            })
        };
        assert!(never_less(&room(1.5), &room(1.0)), "case {k}: room");
    }
}

#[test]
fn a_factor_of_one_and_the_order_of_draws_change_no_byte() {
    for k in 0..CASES {
        let case = random(k);
        let solved = case.solve();
        let mut same = case.clone();
        same.agreement = case.agreement.multiplied(1.0);
        assert_eq!(same.solve().structure, solved.structure, "case {k}");
        let mut reversed = case.clone();
        reversed.draws.reverse();
        assert_eq!(reversed.solve().structure, solved.structure, "case {k}");
        // Shards merged in any order.
        let shard = |draws: &[(f64, usize)]| {
            let mut sum = OutcomeSum::default();
            for (weight, state) in draws {
                sum.add(*weight, *state, Some((&solved.clocks[*state].zone, 0)));
            }
            sum
        };
        let draws: Vec<(f64, usize)> =
            solved.weights.iter().enumerate().map(|(d, w)| (*w, d % solved.clocks.len())).collect();
        let (first, second) = draws.split_at(draws.len() / 2);
        let (mut ab, mut ba) = (shard(first), shard(second));
        let (a, b) = (ab.clone(), ba.clone());
        ab.merge(&b);
        ba.merge(&a);
        assert_eq!(ab, ba);
        assert_eq!(ab, shard(&draws), "case {k}");
    }
}

#[test]
fn the_table_told_later_is_the_table_given_that_it_lasted() {
    for k in 0..CASES {
        let case = random(k);
        let class = ClassRates::new(&case.agreement, case.other.as_ref(), 300);
        let start = class.incidence(0, 300);
        let (a, o) = start[49];
        let later = class.incidence(50, 250);
        for (t, (agreed, other)) in later.iter().enumerate() {
            let open = 1.0 - a - o;
            if open > 1e-6 {
                assert!((agreed - (start[50 + t].0 - a) / open).abs() < 1e-8, "case {k}");
                assert!((other - (start[50 + t].1 - o) / open).abs() < 1e-8, "case {k}");
            }
        }
    }
}

/// Every class and constants in their ranges: the share with a zone keeps its floor, the rates are
/// finite, and the types together have the hazards of the class.
#[test]
fn no_class_and_no_constants_break_the_mixture() {
    let weibull = |shape, scale| Risk::Weibull { shape, scale, times: 1.0 };
    let steps = Risk::Steps {
        to: vec![30.0, 90.0, 365.0],
        rates: vec![0.0085, 0.0052, 0.0034, 0.0028],
        times: 1.0,
    };
    let classes = [
        (weibull(1.0625, 440.5), Some(steps)),
        (weibull(0.7609, 172.4), Some(weibull(0.8736, 265.3))),
        (weibull(0.9203, 33.34), None),
        (weibull(1.0879, 9.0), None),
        (weibull(0.925, 41.62), None),
        (weibull(1.5, 3.0), Some(weibull(0.4, 2.0))),
    ];
    let mut mixture = Mixture::default();
    for (agreement, other) in &classes {
        for times in [0.4, 1.0, 2.2, 10.0] {
            let class = ClassRates::new(
                &agreement.multiplied(times),
                other.as_ref().map(|risk| risk.multiplied(times)).as_ref(),
                730,
            );
            for zref in [0.35, 0.5, 0.7, 0.9, 0.97] {
                for reopens in [0.25, 0.5, 1.0] {
                    for chi in [1.0, 2.0, 3.0] {
                        mixture.fill(&class, zref, chi, reopens);
                        let mut zone = zref;
                        for at in 0..730 {
                            let none = (1.0 - zone) * (1.0 - mixture.opens[at]);
                            zone = 1.0 - none;
                            let all = mixture.agreement[at] + mixture.other[at];
                            let ended = -libm::expm1(-all);
                            let agreed = zone * mixture.agreement[at] * ended / all;
                            let other = zone * mixture.other[at] * ended / all
                                - none * libm::expm1(-mixture.other_none[at]);
                            let (p_a, p_o) = class.on(at as i32 + 1);
                            assert!((agreed - p_a).abs() < 1e-9 && (other - p_o).abs() < 1e-9);
                            assert!(mixture.share[at] >= reopens * zref - 1e-9);
                            assert!(all.is_finite() && mixture.other[at] >= -1e-12);
                            assert!((0.0..=1.0).contains(&mixture.opens[at]));
                            zone = mixture.share[at];
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_known_of_the_zone_splits_the_answer() {
    for k in 0..CASES {
        let case = random(k);
        let solved = case.solve();
        let zones = case.draws.iter().filter(|d| d.nodes[0].1.is_some()).count();
        if zones == 0 || zones == case.draws.len() {
            continue;
        }
        let by = |o: &Outcomes, day: usize| o.stages.passed[case.asked][day];
        for day in 0..case.timetable.horizon as usize {
            let z = solved.zone_now;
            let mixed = z * by(&solved.if_zone, day) + (1.0 - z) * by(&solved.if_none, day);
            assert!((mixed - by(&solved.structure, day)).abs() < 1e-9, "case {k}");
        }
    }
}

/// The dot product of a draw against the stages run forward, and the values whose mean is the
/// answer.
#[test]
fn the_answer_of_a_draw_is_a_dot_product() {
    for k in 0..CASES {
        let case = random(k);
        let solved = case.solve();
        let total: f64 = case.draws.iter().zip(&solved.weights).map(|(d, w)| d.share * w).sum();
        let shares: f64 = case.draws.iter().map(|d| d.share).sum();
        for day in (0..case.timetable.horizon as usize).step_by(13) {
            let reaches: Vec<Vec<f64>> =
                solved.kernels.iter().map(|k| k.reaches(case.asked, day as i32 + 1)).collect();
            let answer = |(state, e): &(usize, FirstEndings)| e.answer(0, &reaches[*state]);
            let answers: Vec<f64> = solved.draws.iter().map(answer).collect();
            let draws = || case.draws.iter().zip(&solved.weights).zip(&answers);
            let ours: f64 = draws().map(|((d, w), f)| d.share * w * f).sum();
            let structure = solved.structure.stages.passed[case.asked][day];
            assert!((ours / total - structure).abs() < 1e-9, "case {k}");
            let here = solved.here.stages.passed[case.asked][day];
            let mean: f64 = draws()
                .map(|((d, w), f)| {
                    let y = draw_value(case.pool, structure, here, *w, total / shares, *f);
                    d.share / shares * y
                })
                .sum();
            assert!((mean - pooled(case.pool, structure, here)).abs() < 1e-9, "case {k}");
        }
    }
}

/// A text that has been passed: the class and the structure say the same, and refusals beyond the
/// tries leave one.
#[test]
fn a_passed_text_leaves_the_stages_alone() {
    for k in 0..CASES {
        let mut case = random(k);
        if case.stages.is_empty() {
            continue;
        }
        let turns = &mut Turns::new(k + 10_000);
        let stage = turns.day(1, case.stages.len() as i32) as usize;
        let fixed_once = matches!(case.stages[stage - 1].first, Decision::On(_))
            && case.stages[stage - 1].again.is_none();
        let failed = if fixed_once { 0 } else { turns.day(0, 4) as u32 };
        let ago = turns.day(0, case.timetable.elapsed);
        case.awaited = Some(Awaited { stage, ago, failed, last: turns.day(0, ago) });
        case.timetable.deadlines.iter_mut().for_each(|d| d.put_off = 0.0);
        case.draws.iter_mut().for_each(|d| d.put_off = 0);
        let solved = case.solve();
        assert!(apart(&solved.structure, &solved.here) < 1e-14, "case {k}");
        assert!(apart(&solved.structure, &solved.table) < 1e-14, "case {k}");
        let o = &solved.structure;
        assert!(o.other.is_empty() && o.stages.passed[..stage].iter().flatten().all(|p| *p == 1.0));
        let last = case.timetable.horizon as usize - 1;
        let sum =
            o.stages.passed.last().unwrap()[last] + o.stages.rejected[last] + o.stages.lapsed[last];
        assert!(sum <= 1.0 + 1e-12, "case {k}");
        let worth = solved.kernels[0].reaches(case.asked, last as i32 + 1);
        assert!((worth[0] - o.stages.passed[case.asked][last]).abs() < 1e-13, "case {k}");
    }
}
