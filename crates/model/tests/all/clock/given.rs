//! A clock case as the known answers write it, solved through the public interface.

use serde_json::Value;
use winset_model::class::risk::{ClassRates, Risk};
use winset_model::clock::coins::{CoinState, coin_states};
use winset_model::clock::delay::Delay;
use winset_model::clock::forward::{FirstEndings, Span, TimeNode};
use winset_model::clock::mixture::Mixture;
use winset_model::clock::outcome::{
    ClassClock, ClockConstants, DailyEndings, OutcomeSum, Outcomes, Timetable,
};
use winset_model::clock::progress::Progress;
use winset_model::clock::rounds::ScheduledRound;
use winset_model::clock::stages::{Awaited, Decision, StageKernel, StageRule};
use winset_model::clock::windows::PricedDeadline;
use winset_model::uncertain::Dist;

/// One draw, or all draws alike in a share.
#[derive(Clone, Debug)]
pub(crate) struct Alike {
    pub(crate) share: f64,
    /// Which deadlines are put off.
    pub(crate) put_off: u64,
    /// From when, room and screening where there is a zone.
    pub(crate) nodes: Vec<(i32, Option<(f64, f64)>)>,
}

/// A whole case.
#[derive(Clone, Debug)]
pub(crate) struct ClockCase {
    pub(crate) agreement: Risk,
    pub(crate) other: Option<Risk>,
    pub(crate) constants: ClockConstants,
    pub(crate) pool: f64,
    pub(crate) timetable: Timetable,
    pub(crate) draws: Vec<Alike>,
    pub(crate) stages: Vec<StageRule>,
    pub(crate) awaited: Option<Awaited>,
    pub(crate) asked: usize,
}

/// What it gives.
pub(crate) struct Solved {
    pub(crate) structure: Outcomes,
    pub(crate) here: Outcomes,
    pub(crate) table: Outcomes,
    pub(crate) if_none: Outcomes,
    pub(crate) if_zone: Outcomes,
    pub(crate) zone_start: f64,
    pub(crate) zone_now: f64,
    pub(crate) share_now: f64,
    pub(crate) weights: Vec<f64>,
    pub(crate) states: Vec<CoinState>,
    pub(crate) clocks: Vec<ClassClock>,
    pub(crate) kernels: Vec<StageKernel>,
    /// Each draw's state of the deadlines, and its first endings.
    pub(crate) draws: Vec<(usize, FirstEndings)>,
}

impl ClockCase {
    pub(crate) fn class(&self) -> ClassRates {
        let days = (self.timetable.elapsed + self.timetable.horizon).max(0) as usize;
        ClassRates::new(&self.agreement, self.other.as_ref(), days)
    }

    pub(crate) fn solve(&self) -> Solved {
        let t = &self.timetable;
        let states = coin_states(&t.deadlines);
        let class = self.class();
        let c = &self.constants;
        let mut mixture = Mixture::default();
        mixture.fill(&class, c.zref, c.chi, c.reopens);
        let last_texts = t.last_texts(&self.stages);
        let clock = |state: &CoinState| {
            let mut clock = ClassClock::default();
            clock.resize(mixture.share.len(), 1);
            clock.fill(0, &mixture, c, t, *state, &last_texts);
            clock.run_types(&t.span(*state));
            clock
        };
        let clocks: Vec<ClassClock> = states.iter().map(clock).collect();
        let kernels: Vec<StageKernel> =
            states.iter().map(|state| t.kernel(&self.stages, self.awaited, *state)).collect();
        let spans: Vec<Span<'_>> = states.iter().map(|state| t.span(*state)).collect();
        let ends: Vec<Option<i32>> = spans.iter().map(|span| span.ends).collect();
        let (mut zone, mut none) = (OutcomeSum::default(), OutcomeSum::default());
        let mut endings = FirstEndings::default();
        let (mut weights, mut draws) = (Vec::new(), Vec::new());
        for draw in &self.draws {
            let state = states.iter().position(|s| s.put_off == draw.put_off).unwrap();
            let paces: Vec<Option<[f64; 1]>> = draw
                .nodes
                .iter()
                .map(|(_, zone)| zone.map(|(room, s)| [c.pace(room, s)]))
                .collect();
            let nodes: Vec<TimeNode<'_>> = draw
                .nodes
                .iter()
                .zip(&paces)
                .map(|((from, _), pace)| {
                    let pace = pace.as_ref().map(|pace| &pace[..]);
                    TimeNode { from: *from, pace, force: 0.0 }
                })
                .collect();
            endings.run(&clocks[state].rates, &spans[state], &nodes, &[]);
            let passed = kernels[state].text_passed();
            let weight = match passed {
                true => 1.0,
                false => clocks[state].survival[0].weight(paces[0].map(|pace| pace[0])),
            };
            weights.push(weight);
            let sum = if nodes[0].pace.is_some() { &mut zone } else { &mut none };
            sum.add(draw.share * weight, state, (!passed).then_some((&endings, 0)));
            draws.push((state, endings.clone()));
        }
        let mut all = zone.clone();
        all.merge(&none);
        let over = |daily: &dyn Fn(usize) -> DailyEndings| {
            let mut outcomes = Outcomes::default();
            for (k, state) in states.iter().enumerate() {
                outcomes.add(state.chance, &daily(k), &kernels[k]);
            }
            outcomes
        };
        let plain = DailyEndings::plain(&class.incidence(t.elapsed, t.horizon as usize));
        let own = |k: usize, type_of: fn(&ClassClock) -> &FirstEndings| {
            let mut daily = DailyEndings::new(t.horizon, 0);
            daily.add(1.0, type_of(&clocks[k]), 0, ends[k]);
            daily
        };
        let zone_start: f64 =
            self.draws.iter().filter(|d| d.nodes[0].1.is_some()).map(|d| d.share).sum();
        Solved {
            structure: all.outcomes(&kernels, &ends).unwrap(),
            here: over(&|k| clocks[k].here(0, &spans[k])),
            table: over(&|_| plain.clone()),
            if_none: none
                .outcomes(&kernels, &ends)
                .unwrap_or_else(|| over(&|k| own(k, |c| &c.none))),
            if_zone: zone
                .outcomes(&kernels, &ends)
                .unwrap_or_else(|| over(&|k| own(k, |c| &c.zone))),
            zone_start,
            zone_now: zone.weight.over(all.weight).unwrap(),
            share_now: mixture.share_on(t.elapsed),
            weights,
            states,
            clocks,
            kernels,
            draws,
        }
    }
}

fn number(v: &Value, key: &str, default: f64) -> f64 {
    v.get(key).and_then(Value::as_f64).unwrap_or(default)
}

fn day(v: &Value, key: &str, default: i32) -> i32 {
    number(v, key, f64::from(default)) as i32
}

fn list<'a>(v: &'a Value, key: &str) -> &'a [Value] {
    v.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A number or a range, times `by`.
pub(crate) fn law(v: &Value, by: f64) -> Dist {
    let parts: Vec<f64> = match v {
        Value::String(s) => s.split("..").map(|x| by * x.parse::<f64>().unwrap()).collect(),
        _ => vec![by * v.as_f64().unwrap()],
    };
    match parts[..] {
        [x] => Dist::Point(x),
        [lo, hi] => Dist::Uniform(lo, hi),
        [lo, mode, hi] => Dist::TwoPiece(lo, mode, hi),
        _ => panic!("a range has two or three numbers: {v}"),
    }
}

fn risk(v: &Value) -> Option<Risk> {
    let v = v.as_object().map(|_| v)?;
    let times = number(v, "times", 1.0);
    let numbers = |key| list(v, key).iter().map(|x| x.as_f64().unwrap()).collect();
    Some(match v.get("to") {
        Some(_) => Risk::Steps { to: numbers("to"), rates: numbers("rates"), times },
        None => {
            Risk::Weibull { shape: number(v, "shape", 1.0), scale: number(v, "scale", 1.0), times }
        }
    })
}

/// Reads a case in the fields of the known answers.
pub(crate) fn read(v: &Value) -> ClockCase {
    let c = &v["constants"];
    let elapsed = day(v, "elapsed", 0);
    let rounds = list(v, "rounds").iter().map(|r| ScheduledRound {
        day: day(r, "day", 0),
        holds: number(r, "holds", 1.0),
        known: day(r, "known", 0),
        settles: number(r, "settles", 0.0),
        days: day(r, "days", 1),
    });
    let deadlines = list(v, "deadlines").iter().map(|d| PricedDeadline {
        day: day(d, "day", 0),
        settles: number(d, "settles", 0.0),
        put_off: number(d, "put_off", 0.0),
        ends: d.get("ends").and_then(Value::as_bool).unwrap_or(false),
        binds: day(d, "stage", 0) as usize,
    });
    let deadlines: Vec<PricedDeadline> = deadlines.collect();
    let mut progress = Progress::default();
    for row in list(v, "progress") {
        let on = day(row, "day", 0);
        let resumed = row.get("resumed").and_then(Value::as_i64).map(|d| d as i32);
        match row["kind"].as_str().unwrap() {
            "failed" => progress.failed.push((on, number(row, "weight", 1.0))),
            "suspended" if on <= elapsed && resumed.is_none_or(|d| d > elapsed) => {
                progress.paused = progress.paused.max(Some(resumed.unwrap_or(i32::MAX)));
            }
            _ => {}
        }
    }
    let stages = list(v, "stages").iter().skip(1).map(|s| {
        let delay = |key| s.get(key).map(|v| Delay::new(&law(v, 1.0)));
        StageRule {
            first: match s.get("on").and_then(Value::as_i64) {
                Some(on) => Decision::On(on as i32),
                None => Decision::After(delay("takes").unwrap_or(Delay::of(0))),
            },
            again: delay("again"),
            passes: s.get("passes").map_or(Dist::Point(100.0), |v| law(v, 100.0)),
            tries: day(s, "tries", 1) as u32,
        }
    });
    let put_off = |draw: &Value| {
        let goes = list(draw, "goes");
        let off = |k: usize, d: &PricedDeadline| {
            d.put_off >= 1.0 || goes.get(k).is_some_and(|u| u.as_f64().unwrap() < d.put_off)
        };
        deadlines.iter().enumerate().map(|(k, d)| u64::from(off(k, d)) << k).sum()
    };
    let draws = list(v, "draws").iter().map(|draw| Alike {
        share: number(draw, "share", 1.0),
        put_off: put_off(draw),
        nodes: list(draw, "nodes")
            .iter()
            .map(|n| {
                let zone = n["zone"].as_bool().unwrap();
                (day(n, "from", 1), zone.then(|| (number(n, "room", 0.0), number(n, "s", 0.0))))
            })
            .collect(),
    });
    let awaited = v.get("passed").filter(|p| p.is_object()).map(|p| Awaited {
        stage: day(p, "stage", 1) as usize,
        ago: day(p, "ago", 0),
        failed: day(p, "failed", 0) as u32,
        last: day(p, "last", 0),
    });
    ClockCase {
        agreement: risk(&v["class"]["agreement"]).unwrap(),
        other: risk(&v["class"]["other"]),
        constants: ClockConstants {
            zref: number(c, "zref", 0.5),
            chi: number(c, "chi", 2.0),
            gamma: number(c, "gamma", 1.0),
            gref: number(c, "gref", 0.28),
            reopens: number(c, "reopens", 0.5),
            paused: number(c, "paused", 0.25),
            sight: number(c, "window", 30.0),
        },
        pool: number(c, "pool", 1.0),
        draws: draws.collect(),
        stages: stages.collect(),
        awaited,
        asked: day(v, "asked", 0) as usize,
        timetable: Timetable {
            elapsed,
            since: day(v, "structure_since", 0),
            horizon: day(v, "horizon", 365),
            rounds: rounds.collect(),
            deadlines,
            progress,
        },
    }
}
