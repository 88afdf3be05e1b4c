//! The reversal of the built-in case, from its files: what is believed of the envoy against a
//! quadrature that shares no code with the filter.

use std::path::PathBuf;

use winset_files::case::{ResolvedCase, load, open};
use winset_files::diagnostic::Findings;
use winset_model::belief::readings::paths;
use winset_model::belief::{BeliefSettings, LogNormal, ReadingKind, ReadingPath, StudentT, fit};

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn loaded() -> ResolvedCase {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let files = open(&folder, &mut findings).unwrap();
    load(&files, None, &[], &mut findings).unwrap()
}

/// Nodes and weights of the five-point Gauss–Legendre rule on 800 equal panels of 0 to 100
/// (Abramowitz & Stegun 1964, table 25.4).
fn rule() -> Vec<(f64, f64)> {
    let five = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    let half = 100.0 / 1600.0;
    (0..800)
        .flat_map(|p| five.map(|(z, w)| (half * (2.0 * f64::from(p) + 1.0 + z), half * w)))
        .collect()
}

/// A statement as the likelihood of a position: what it is taken to say, its scale, its grade.
struct Said {
    y: f64,
    scale: f64,
    p_true: f64,
}

impl Said {
    /// Method, section 2: `p t₄((y − x)/s)/s + (1 − p)/100`; t₄(r) = ⅜ (1 + r²/4)^(−5/2).
    fn of(&self, x: f64) -> f64 {
        let r = (self.y - x) / self.scale;
        let t4 = 0.375 * libm::pow(1.0 + 0.25 * r * r, -2.5);
        self.p_true * t4 / self.scale + (1.0 - self.p_true) / 100.0
    }
}

/// Mean and sd after the first statement alone, of the first given both, and of the second.
fn moments(prior: (f64, f64), said: &[Said; 2], innovation: f64) -> [(f64, f64); 3] {
    let nodes = rule();
    let kernel = |d: f64| {
        let r = d / innovation;
        libm::pow(1.0 + r * r / 1.5, -1.25)
    };
    let before = |x: f64| {
        let z = (x - prior.0) / prior.1;
        libm::exp(-0.5 * z * z)
    };
    let first: Vec<f64> = nodes.iter().map(|(x, w)| w * before(*x) * said[0].of(*x)).collect();
    let second: Vec<f64> = nodes.iter().map(|(x, w)| w * said[1].of(*x)).collect();
    let (mut one, mut two) = (vec![0.0; nodes.len()], vec![0.0; nodes.len()]);
    for (i, (x, _)) in nodes.iter().enumerate() {
        let row: Vec<f64> = nodes.iter().map(|(to, _)| kernel(to - x)).collect();
        // The position stays on the scale: what would leave it is shared out over the rest.
        let stays: f64 = row.iter().zip(&nodes).map(|(k, (_, w))| k * w).sum();
        for (j, k) in row.iter().enumerate() {
            let mass = first[i] * k / stays * second[j];
            one[i] += mass;
            two[j] += mass;
        }
    }
    [&first, &one, &two].map(|masses| {
        let total: f64 = masses.iter().sum();
        let mean = nodes.iter().zip(masses).map(|((x, _), m)| x * m).sum::<f64>() / total;
        let square = |x: f64| (x - mean) * (x - mean);
        let var = nodes.iter().zip(masses).map(|((x, _), m)| square(*x) * m).sum::<f64>() / total;
        (mean, var.sqrt())
    })
}

/// The distance of two pairs of moments.
fn apart(ours: (f64, f64), exact: (f64, f64)) -> f64 {
    (ours.0 - exact.0).abs().max((ours.1 - exact.1).abs())
}

#[test]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn the_envoy_who_reversed_is_believed_as_quadrature_says() {
    let ResolvedCase { case, record } = loaded();
    let seen: Vec<_> = record.numbered(case.as_of).collect();
    let now = paths(&case.parties(), &seen);
    let actor = case.actors.iter().position(|a| a.id == "witkoff").unwrap();
    let issue = case.issues.iter().position(|j| j.id == "enrichment").unwrap();
    let place = now.iter().position(|p| p.actor == actor && p.issue == issue).unwrap();
    let paths: Vec<ReadingPath> = now.iter().map(|p| p.path.clone()).collect();
    let fitted = fit(&paths, &BeliefSettings::default()).unwrap();
    let hyper = &fitted.hyper;

    // What the files say: the US range 0..20..40 for a start; 25..35..45 on 14 April, an ideal in an
    // interview; 0..0..5 on 15 April, a demand in a post; both graded A2.
    let path = &paths[place];
    assert!((path.prior_mean - 20.0).abs() < 3.0 && (path.prior_sd - 20.0 / 1.645).abs() < 3.0);
    let [a, b] = path.readings.as_slice() else { panic!("two readings") };
    assert_eq!((b.day - a.day, a.value, b.value), (1, 35.0, 0.0));
    assert_eq!((a.kind, b.kind, b.direction), (ReadingKind::Ideal, ReadingKind::Demand, -1.0));
    assert_eq!((a.p_true, b.p_true), (0.8, 0.8));
    assert!((a.sd - 10.0 / 1.645).abs() < 0.1, "{}", a.sd);

    // Given the fitted scales, biases and posture the posterior of this path is an integral.
    let bias = |r: &winset_model::belief::Reading| hyper.bias[&(r.channel, r.audience)].mean;
    let posture = hyper.posture[&path.side].mean;
    // At ν = 4 half of the coded variance in the scale adds all of it to the variance.
    let scale = |sd: f64| (0.5 * sd * sd + hyper.observation.mean * hyper.observation.mean).sqrt();
    let said = [
        Said { y: a.value - bias(a), scale: scale(a.sd), p_true: a.p_true },
        // A demand of the side that wants less is exaggerated downwards.
        Said { y: b.value - bias(b) + posture, scale: scale(b.sd), p_true: b.p_true },
    ];
    // Under the heavy tail, whose scale is narrower than the sd of the Gaussian with the same median move.
    let innovation = hyper.innovation.mean * StudentT::new(1.5).scale_like_gaussian();
    let exact = moments((path.prior_mean, path.prior_sd), &said, innovation);

    let fixed = |median: f64| LogNormal { median, log_sd: 0.0 };
    let settings = |intervals| BeliefSettings {
        nu_innovation: vec![1.5],
        innovation: fixed(hyper.innovation.mean),
        observation: fixed(hyper.observation.mean),
        bias_sd: 0.0,
        posture_mean: posture,
        posture_sd: 0.0,
        intervals,
        ..BeliefSettings::default()
    };
    let shifted = |readings: usize| {
        let mut path = path.clone();
        path.readings.truncate(readings);
        for r in &mut path.readings {
            r.value -= bias(r);
        }
        path
    };
    let ours = |intervals: usize| {
        let first = fit(&[shifted(1)], &settings(intervals)).unwrap();
        let both = fit(&[shifted(2)], &settings(intervals)).unwrap();
        let point = |p: &winset_model::belief::BeliefPoint| (p.mean, p.sd);
        let smoothed = &both.paths[0].smoothed;
        [point(&first.paths[0].smoothed[0]), point(&smoothed[0]), point(&smoothed[1])]
    };
    for (k, (ours, exact)) in ours(2000).into_iter().zip(exact).enumerate() {
        assert!(apart(ours, exact) < 1e-6, "{k}: {ours:?} {exact:?}");
    }
    // The grid of every day has nodes half a point apart and an innovation of less than that.
    for (k, (ours, exact)) in
        ours(BeliefSettings::default().intervals).into_iter().zip(exact).enumerate()
    {
        assert!(apart(ours, exact) < 0.01, "{k}: {ours:?} {exact:?}");
    }
    // He turned: believed lower than after the interview, and less surely than either alone says.
    assert!(exact[2].0 < exact[0].0 - 2.0, "{exact:?}");
    // Averaged over what is not known of scales and biases, he stands about there.
    let averaged = fitted.paths[place].smoothed[1];
    assert!((averaged.mean - exact[2].0).abs() < 3.0, "{averaged:?} {exact:?}");
}
