//! How the work of one draw grows with members, issues and promises, on one thread; a JSON line a
//! figure.
//!
//! `cargo bench -p winset-model --bench growth`

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;
use std::time::Instant;

use winset_model::case::Rule;
use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::power::rule_power;
use winset_model::theory::situation::{NO_DEMAND, PromiseRate, Situation};
use winset_model::theory::threat::NoDeal;
use winset_model::uncertain::{Stream, uniform};

/// Two sides that want opposite ends; a negotiator each, and half of each side must agree. `apart`
/// is how little of the scale a red line leaves beyond its owner's ideal.
struct Talks {
    members: usize,
    issues: usize,
    promises: usize,
    apart: f64,
    draw: u64,
}

impl Talks {
    fn situation(&self) -> Situation {
        let (n, issues) = (self.members, self.issues);
        let mut counter = 0;
        let stream = Stream::of("growth");
        let mut between = |lo: f64, hi: f64| {
            counter += 1;
            lo + (hi - lo) * uniform(self.draw, counter, stream)
        };
        let at = |x: f64| (x * f64::from(UNIT)).round() as i32;
        let mut s = Situation { alpha: 1.0, quo: vec![at(0.5); issues], ..Situation::default() };
        for side in 0..2 {
            let own: Vec<usize> = (0..n).filter(|i| i % 2 == side).collect();
            s.rules.push(Rule::Percent(50.0, own));
            s.negotiator.push(Some(side));
            s.discount.push(between(0.05, 0.3));
            s.cost.push(between(0.05, 0.15));
        }
        for i in 0..n {
            s.side.push(i % 2);
            s.capability.push((between(10.0, 90.0) * 1e6) as i64);
            let raw: Vec<f64> = (0..issues).map(|_| between(0.1, 0.9)).collect();
            let sum: f64 = raw.iter().sum();
            s.weight.extend(raw.iter().map(|w| w / sum));
            s.audience.push(0.0);
            for _ in 0..issues {
                let theta = between(0.0, 0.3);
                let red = theta + self.apart * between(0.2, 1.2);
                let low = i % 2 == 0;
                s.ideal.push(at(if low { theta } else { 1.0 - theta }));
                s.red_max.push(if low { at(red) } else { i32::MAX });
                s.red_min.push(if low { i32::MIN } else { at(1.0 - red) });
                s.demand.push(NO_DEMAND);
            }
        }
        for k in 0..self.promises {
            s.promises.push(PromiseRate {
                by: k % 2,
                to: (k + 1) % 2,
                rate: between(0.1, 0.6),
                exposed: between(0.05, 0.2),
                secured_by: Some((k % issues, between(0.3, 0.9))),
                verified_by: None,
                sunk: vec![0.0; issues],
                ..PromiseRate::default()
            });
        }
        s
    }
}

fn print(figure: &str, times: Vec<f64>) {
    timer::figure("growth", figure, times, "ms", "");
}

/// Whether a figure is asked for: all are where the command line has no word.
fn asked(figure: &str) -> bool {
    std::env::args().skip(1).filter(|w| !w.starts_with('-')).all(|w| figure.contains(&w))
}

/// Times some work on each of so many draws.
fn measure(figure: &str, talks: Talks, draws: u64, work: impl Fn(&Situation, &NoDeal)) {
    if !asked(figure) {
        return;
    }
    let times = (0..draws).map(|draw| {
        let s = Talks { draw, ..talks }.situation();
        let mut no_deal = NoDeal::default();
        s.no_deal(&mut no_deal);
        let start = Instant::now();
        work(&s, &no_deal);
        start.elapsed().as_secs_f64() * 1000.0
    });
    print(figure, times.collect());
}

fn main() {
    let talks =
        |members, issues, promises, apart| Talks { members, issues, promises, apart, draw: 0 };
    let solve = |s: &Situation, no_deal: &NoDeal| {
        black_box(Exact::default().solve(s, no_deal));
    };
    for n in [4, 8, 16, 32, 64] {
        measure(&format!("a draw with a zone, {n} members"), talks(n, 3, 0, 0.8), 9, solve);
        measure(&format!("a draw without, {n} members"), talks(n, 3, 0, 0.2), 9, solve);
    }
    for issues in [1, 3, 6, 12] {
        measure(&format!("a draw, 8 members, {issues} issues"), talks(8, issues, 0, 0.8), 9, solve);
    }
    for k in 0..=8 {
        let figure = format!("a draw, 6 members, {k} promises secured each by its own issue");
        measure(&figure, talks(6, 8, k, 0.8), 25, solve);
        let figure = format!("a draw without, 6 members, {k} promises so secured");
        measure(&figure, talks(6, 8, k, 0.2), 25, solve);
    }
    for n in [4, 8, 12, 24, 40] {
        measure(
            &format!("minimal conflicts, {n} members"),
            talks(n, 3, 0, 0.2),
            9,
            |s, no_deal| {
                black_box(Exact::default().conflicts(s, no_deal, &s.constraints()));
            },
        );
    }
    for n in [4, 8, 16, 20, 24, 32, 64] {
        if !asked(&format!("power, {n} drawn whole capabilities")) {
            continue;
        }
        let times = (0..5).map(|draw| {
            let s = Talks { draw, ..talks(2 * n, 1, 0, 0.8) }.situation();
            let weights: Vec<i64> = s.capability.iter().step_by(2).copied().collect();
            let rule = Rule::Percent(60.0, (0..n).collect());
            let stream = Stream::of("growth power");
            let start = Instant::now();
            black_box(rule_power(&rule, Some(0), &weights, |k| uniform(draw, k, stream)));
            start.elapsed().as_secs_f64() * 1000.0
        });
        print(&format!("power, {n} drawn capabilities"), times.collect());
        let times = (0..5).map(|draw| {
            let weights: Vec<i64> = (0..n as i64).map(|k| (k * k % 97 + 3) * 1_000_000).collect();
            let rule = Rule::Percent(60.0, (0..n).collect());
            let stream = Stream::of("growth power");
            let start = Instant::now();
            black_box(rule_power(&rule, Some(0), &weights, |k| uniform(draw, k, stream)));
            start.elapsed().as_secs_f64() * 1000.0
        });
        print(&format!("power, {n} whole capabilities"), times.collect());
    }
}
