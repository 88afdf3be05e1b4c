//! The scores against hand counts and laws.

use winset_methods::spatial::backtest::{
    BINS, covers, log_score, paired_bootstrap, pit_inside, pit_shares, summary,
};
use winset_methods::spatial::{Distribution, PositionForecast};
use winset_model::uncertain::counter::uniform;

fn near(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() < 1e-12, "{ours} against {theirs}");
}

#[test]
fn a_summary_by_hand() {
    let forecasts = [50.0, 20.0, 0.0].map(PositionForecast::certain);
    let s = summary(&forecasts, &[40.0, 20.0, 30.0]).unwrap();
    near(s.mae, 40.0 / 3.0);
    near(s.crps, 40.0 / 3.0);
    near(s.rmse, (1000.0_f64 / 3.0).sqrt());
    near(s.median_error, 10.0);
    near(s.coverage[0], 1.0 / 3.0);
    // Two misses at the clip, one hit.
    near(s.log_score, (2.0 * libm::log(0.001) + libm::log(0.999)) / 3.0);
    near(s.pit.iter().sum(), 1.0);
    assert!(summary(&[], &[]).is_none());
    assert!(summary(&forecasts, &[1.0]).is_none());
}

#[test]
fn log_score_and_coverage_of_a_lottery() {
    let d = Distribution::from_atoms(vec![(0.0, 0.25), (50.0, 0.5), (100.0, 0.25)]).unwrap();
    near(log_score(&d, 50.0), libm::log(0.5));
    near(log_score(&d, 49.6), libm::log(0.5));
    near(log_score(&d, 49.0), libm::log(0.001));
    assert!(covers(&d, 0.0, 0.8) && covers(&d, 50.0, 0.4) && !covers(&d, 0.0, 0.4));
}

#[test]
fn the_pit_spreads_an_atom_over_its_jump() {
    let d = Distribution::from_atoms(vec![(0.0, 0.25), (50.0, 0.5), (100.0, 0.25)]).unwrap();
    let shares = pit_shares(&d, 0.0);
    near(shares[0], 0.4);
    near(shares[1], 0.4);
    near(shares[2], 0.2);
    // Averaged over the distribution itself it is flat.
    for k in 0..BINS {
        let mean: f64 = d.atoms().iter().map(|&(x, m)| m * pit_shares(&d, x)[k]).sum();
        near(mean, 0.1);
    }
    // So does the middle of any level, where closed intervals hold more: here the whole scale.
    for level in [0.5, 0.8, 0.9] {
        let held: f64 = d.atoms().iter().map(|&(x, m)| m * pit_inside(&d, x, level)).sum();
        near(held, level);
        let closed: f64 =
            d.atoms().iter().map(|&(x, m)| if covers(&d, x, level) { m } else { 0.0 }).sum();
        near(closed, if level > 0.5 { 1.0 } else { 0.75 });
    }
    // Outcomes outside the support fall in the end bins.
    near(pit_shares(&d, -1.0)[0], 1.0);
    near(pit_shares(&d, 101.0)[BINS - 1], 1.0);
}

#[test]
fn the_bootstrap_resamples_clusters() {
    // One cluster: nothing to resample, the interval is the mean.
    let one = paired_bootstrap(&[7, 7, 7], &[1.0, 2.0, 6.0], 200, 1).unwrap();
    near(one.mean, 3.0);
    near(one.lo, 3.0);
    near(one.hi, 3.0);
    // 400 clusters of two equal values: the interval is that of 400, not of 800 independent ones.
    let cluster: Vec<usize> = (0..800).map(|i| i / 2).collect();
    let values: Vec<f64> =
        cluster.iter().map(|&c| if uniform(5, c as u64, 0) < 0.5 { -1.0 } else { 1.0 }).collect();
    let d = paired_bootstrap(&cluster, &values, 4000, 2).unwrap();
    let half = 0.5 * (d.hi - d.lo);
    let normal = 1.96 * (1.0 - d.mean * d.mean).sqrt() / 20.0;
    assert!((half / normal - 1.0).abs() < 0.1, "{half} against {normal}");
    assert_eq!(paired_bootstrap(&cluster, &values, 4000, 2), Some(d));
    assert!(paired_bootstrap(&[], &[], 10, 1).is_none());
    assert!(paired_bootstrap(&[1], &[1.0], 0, 1).is_none());
}
