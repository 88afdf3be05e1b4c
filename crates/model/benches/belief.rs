//! How long beliefs take: a record of the usual size, long series, the Nile.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;

use winset_model::belief::irls;
use winset_model::belief::kalman::LocalLevel;
use winset_model::belief::point_mass::{Nodes, Observation, SmootherScales, StatementDay};
use winset_model::belief::{
    BeliefSettings, Follower, Reading, ReadingKind, ReadingPath, StudentT, fit,
};

/// Times `run` after a warm-up and prints one line of JSON; skipped if the command line has a word
/// that `name` does not contain.
fn figure(name: &str, unit: &str, per_second: f64, target: &str, runs: usize, run: impl Fn()) {
    if !asked(name) {
        return;
    }
    let times = timer::seconds(runs, run).into_iter().map(|s| s * per_second);
    timer::figure("belief", name, times.collect(), unit, target);
}

fn asked(name: &str) -> bool {
    std::env::args().skip(1).filter(|w| !w.starts_with('-')).all(|w| name.contains(&w))
}

fn noise(i: u64) -> f64 {
    let mut z = i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
}

fn paths(count: u64, length: u64) -> Vec<ReadingPath> {
    let path = |p: u64| ReadingPath {
        prior_mean: 50.0,
        prior_sd: 20.0,
        side: 0,
        readings: (0..length)
            .map(|i| {
                let id = (p * length + i) as usize;
                let turned = if noise(3 * id as u64 + 1) > 0.4 { 30.0 } else { 0.0 };
                Reading {
                    id,
                    day: 2 * i as i32,
                    value: (35.0 + 25.0 * noise(3 * id as u64) + turned).clamp(0.0, 100.0),
                    sd: 4.0,
                    p_true: 0.8,
                    kind: ReadingKind::Ideal,
                    channel: id % 4,
                    audience: 0,
                    origin: id,
                    direction: 0.0,
                }
            })
            .collect(),
    };
    (0..count).map(path).collect()
}

/// Five paths that are heard in turn, one statement a day.
fn followed(entries: usize) -> Vec<ReadingPath> {
    let reading = |k: usize| Reading {
        id: k,
        day: k as i32,
        value: (5 + k * 37 % 55) as f64,
        sd: 0.0,
        p_true: 0.8,
        kind: ReadingKind::Ideal,
        channel: 0,
        audience: 0,
        origin: k,
        direction: 0.0,
    };
    let path = |p: usize| ReadingPath {
        prior_mean: 40.0,
        prior_sd: 20.0,
        side: 0,
        readings: (p..entries).step_by(5).map(reading).collect(),
    };
    (0..5).map(path).collect()
}

fn main() {
    let settings = BeliefSettings::default();
    let usual = paths(8, 3);
    figure("8 paths of 3 statements: fit", "ms", 1e3, "<= 50 ms", 15, || {
        black_box(fit(&usual, &settings).is_ok());
    });
    let fifty = paths(5, 45);
    figure("5 paths of 45 statements: fit", "ms", 1e3, "<= 1000 ms", 5, || {
        black_box(fit(&fifty, &settings).is_ok());
    });

    let entries = followed(300);
    figure("300 entries of five paths: followed day by day", "ms", 1e3, "<= 1000 ms", 3, || {
        let mut follower = Follower::new(&settings);
        for day in 0..300 {
            let known = |p: &ReadingPath| ReadingPath {
                readings: p.readings.iter().filter(|r| r.day <= day).cloned().collect(),
                ..p.clone()
            };
            let known: Vec<ReadingPath> = entries.iter().map(known).collect();
            for current in follower.follow(&known).iter().flatten() {
                black_box(follower.belief_on(current, day));
            }
        }
    });

    let long = paths(1000, 500);
    let scales = SmootherScales {
        innovation: 0.4,
        observation: 6.0,
        innovation_shape: StudentT::new(1.5),
        observation_shape: StudentT::new(4.0),
    };
    let steps: Vec<Vec<StatementDay>> = (long.iter())
        .map(|p| {
            let step = |r: &Reading| StatementDay {
                gap: 2.0,
                observations: vec![Observation { y: r.value, coded: 16.0, p_true: 0.8 }],
            };
            p.readings.iter().map(step).collect()
        })
        .collect();
    figure(
        "1000 paths of 500 statements: smooth at known scales",
        "ms",
        1e3,
        "<= 1000 ms",
        5,
        || {
            for s in &steps {
                black_box(irls::smooth(50.0, 20.0, s, &scales, None, 1e-2));
            }
        },
    );
    figure(
        "1000 paths of 500 statements: fit, scales and biases too",
        "ms",
        1e3,
        "<= 1000 ms",
        3,
        || {
            black_box(fit(&long, &settings).is_ok());
        },
    );

    let nodes = Nodes::new(200);
    let prior = nodes.gaussian(50.0, 20.0);
    let thirty = &steps[0][..30];
    figure("30 statements: exact smoother", "ms", 1e3, "<= 10 ms", 15, || {
        black_box(nodes.smooth(&prior, thirty, &scales, 10.0));
    });

    let nile: Vec<Option<f64>> = include_str!("../tests/data/nile.csv")
        .lines()
        .filter_map(|l| l.parse().ok())
        .map(Some)
        .collect();
    let name = "Nile: maximum likelihood and smoother";
    if asked(name) {
        let run = || LocalLevel::fit(&nile).map(|m| m.smooth(&nile));
        let times = timer::seconds(25, || {
            black_box(run());
        });
        let times = times.into_iter().map(|s| s * 1e6).collect();
        // Variances are not compared: where the likelihood is flat, optimisers stop apart.
        let answer = run().map_or_else(Vec::new, |s| vec![s.log_likelihood]);
        timer::answered("belief", name, times, "us", "", &answer);
    }
}
