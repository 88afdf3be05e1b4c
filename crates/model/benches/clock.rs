//! What the clock costs a setting and a draw, on one thread; a JSON line a figure.
//!
//! `cargo bench -p winset-model --bench clock`

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;

use winset_model::class::risk::{ClassRates, Risk};
use winset_model::clock::coins::CoinState;
use winset_model::clock::delay::Delay;
use winset_model::clock::forward::{EventRate, FirstEndings, Span, TimeNode};
use winset_model::clock::mixture::Mixture;
use winset_model::clock::outcome::{ClassClock, ClockConstants, Timetable};
use winset_model::clock::rounds::ScheduledRound;
use winset_model::clock::stages::{Decision, StageRule};
use winset_model::clock::windows::PricedDeadline;
use winset_model::uncertain::Dist;

const RUNS: usize = 41;
const REPEATS: u32 = 20;
const LANES: usize = 21;

fn main() {
    let agreement = Risk::Weibull { shape: 0.76, scale: 172.0, times: 1.0 };
    let other = Risk::Weibull { shape: 0.87, scale: 265.0, times: 1.0 };
    let constants = ClockConstants {
        zref: 0.7,
        chi: 2.0,
        gamma: 1.0,
        gref: 0.28,
        reopens: 0.5,
        paused: 0.25,
        sight: 30.0,
    };
    let round = |day, settles| ScheduledRound { day, holds: 0.8, known: 0, settles, days: 1 };
    let deadline = PricedDeadline { day: 150, settles: 0.8, put_off: 0.3, ends: false, binds: 1 };
    let timetable = Timetable {
        elapsed: 60,
        since: 20,
        horizon: 365,
        rounds: vec![round(72, 0.0), round(90, 0.6)],
        deadlines: vec![deadline],
        ..Timetable::default()
    };
    let state = CoinState { put_off: 0, chance: 0.7 };
    let span = Span { sight: &[30.0; LANES], ..timetable.span(state) };
    let class = ClassRates::new(&agreement, Some(&other), span.days(true));
    let vote = StageRule {
        first: Decision::After(Delay::new(&Dist::TwoPiece(12.0, 15.0, 25.0))),
        again: None,
        passes: Dist::TwoPiece(60.0, 75.0, 90.0),
        tries: 2,
    };
    let stages = [vote.clone(), vote];
    let last_texts = timetable.last_texts(&stages);

    let mut mixture = Mixture::default();
    measure("mixture of a setting", || {
        mixture.fill(&class, constants.zref, constants.chi, constants.reopens);
        mixture.share[99]
    });
    let mut clock = ClassClock::default();
    clock.resize(mixture.share.len(), LANES);
    for lane in 1..LANES {
        clock.fill(lane, &mixture, &constants, &timetable, state, &last_texts);
    }
    measure("rates and survival of a setting", || {
        clock.fill(0, &mixture, &constants, &timetable, state, &last_texts);
        clock.survival[0].zone
    });
    measure("weight of a draw", || clock.survival[0].weight(Some(1.3)));
    let node = |pace| [TimeNode { from: 1, pace, force: 0.0 }];
    let paces = [1.3; LANES];
    let mut endings = FirstEndings::default();
    measure("21 lanes of a draw with a zone", || {
        endings.run(&clock.rates, &span, &node(Some(&paces[..])), &[]);
        endings.open(0)
    });
    measure("21 lanes of a draw without", || {
        endings.run(&clock.rates, &span, &node(None), &[]);
        endings.open(0)
    });
    let events = [EventRate { rate: 0.001, reacts: 3.0 }];
    measure("21 lanes of a draw with a zone and an event that reacts", || {
        endings.run(&clock.rates, &span, &node(Some(&paces[..])), &events);
        endings.open(0)
    });
    let mut kernel = timetable.kernel(&stages, None, state);
    measure("stages prepared", || {
        kernel = timetable.kernel(&stages, None, state);
        f64::from(u8::from(kernel.text_passed()))
    });
    let text: Vec<f64> = endings.text(0).collect();
    measure("stages run forward", || kernel.run(&text).rejected[364]);
    measure("stages for the day asked", || kernel.reaches(2, 365)[1]);
}

fn measure(figure: &str, mut work: impl FnMut() -> f64) {
    let times = timer::seconds(RUNS, || {
        for _ in 0..REPEATS {
            black_box(work());
        }
    });
    let each = times.into_iter().map(|s| s * 1e6 / f64::from(REPEATS));
    timer::figure("clock", figure, each.collect(), "us", "");
}
