//! Scores against their definitions, hand-worked values and laws.
use winset_methods::score::{
    Event, ScoreError, Series, Stand, TimeCdf, baseline, brier, brier_two_category, corp, crps,
    integrated_brier, isotonic, log_score, murphy, paired_average, reliability, rps, rps_mean_form,
    skill, time_average,
};

/// A small generator of test inputs (Steele, Lea & Flood 2014, SplitMix64).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pairs(&mut self, n: usize) -> (Vec<f64>, Vec<bool>) {
        (0..n)
            .map(|_| {
                // A fifth of the forecasts repeat round values, the edges among them.
                let p = self.uniform();
                let p = if self.uniform() < 0.2 { (p * 10.0).round() / 10.0 } else { p };
                (p, self.uniform() < 0.2 + 0.5 * p)
            })
            .unzip()
    }
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn one_probability_has_the_textbook_scores() {
    close(brier(0.7, true), 0.09);
    close(brier(0.7, false), 0.49);
    close(brier_two_category(0.7, false), 0.98);
    close(log_score(0.7, true), 0.356_674_943_938_732_4); // −ln 0.7
    close(log_score(0.0, true), 6.907_755_278_982_137); // clipped: −ln 0.001
    close(log_score(1.0, false), 6.907_755_278_982_137);
    close(baseline(0.5, true), 0.0);
    close(baseline(0.25, true), -100.0);
    close(baseline(0.75, false), -100.0);
    assert!(baseline(1.0, true) < 100.0, "clipped to 0.999");
}

#[test]
fn proper_scores_are_best_at_the_truth() {
    for truth in [0.05, 0.3, 0.5, 0.9] {
        let expected = |score: fn(f64, bool) -> f64, p: f64| {
            truth * score(p, true) + (1.0 - truth) * score(p, false)
        };
        for score in [brier, brier_two_category, log_score, |p, o| -baseline(p, o)] {
            for p in [0.02, 0.2, 0.45, 0.6, 0.97] {
                assert!(expected(score, truth) < expected(score, p), "{truth} {p}");
            }
        }
    }
}

#[test]
fn murphys_parts_of_a_worked_example() {
    // Two bins, one of them mixed: f 0.1, 0.3 | 0.8, 0.8; o no, yes | yes, no.
    let m = murphy(&[0.1, 0.3, 0.8, 0.8], &[false, true, true, false], 2).unwrap();
    close(m.brier, (0.01 + 0.49 + 0.04 + 0.64) / 4.0);
    close(m.reliability, (2.0 * 0.09 + 2.0 * 0.09) / 4.0);
    close(m.resolution, 0.0);
    close(m.uncertainty, 0.25);
    close(m.within_variance, 0.02 / 4.0);
    close(m.within_covariance, 2.0 * (0.05 + 0.05) / 4.0);
    close(m.sum(), m.brier);
    close(m.generalized_resolution(), -0.02 / 4.0 + 0.05);
}

#[test]
fn murphys_parts_add_up_with_mixed_bins_and_without() {
    let mut random = Random(7);
    for n in [1, 2, 19, 300] {
        for bins in [1, 2, 5, 10, 37, 1000] {
            let (f, o) = random.pairs(n);
            let m = murphy(&f, &o, bins).unwrap();
            close(m.sum(), m.brier);
            assert!(m.reliability >= 0.0 && m.resolution >= 0.0 && m.within_variance >= 0.0);
        }
    }
    let f: Vec<f64> = (0..100).map(|i| f64::from(i % 10) / 10.0 + 0.05).collect();
    let o: Vec<bool> = (0..100).map(|i| i % 7 < 3).collect();
    let m = murphy(&f, &o, 10).unwrap();
    close(m.within_variance, 0.0);
    close(m.within_covariance, 0.0);
    close(m.reliability - m.resolution + m.uncertainty, m.brier);
}

#[test]
fn bins_score_by_distance() {
    close(rps(&[0.1, 0.2, 0.3, 0.4], 2).unwrap(), 0.26); // 0.01 + 0.09 + 0.16
    close(rps(&[0.0, 1.0, 0.0], 1).unwrap(), 0.0);
    close(rps(&[1.0, 0.0, 0.0], 2).unwrap(), 2.0);
    close(rps_mean_form(&[1.0, 0.0, 0.0], 2).unwrap(), 1.0);
    close(rps(&[0.3, 0.7], 0).unwrap(), brier(0.3, true));
    assert_eq!(rps(&[], 0), Err(ScoreError::Empty));
    assert_eq!(rps(&[0.5, 0.5], 2), Err(ScoreError::Bin { found: 2, bins: 2 }));
    assert!(matches!(rps(&[0.5, 0.6], 0), Err(ScoreError::Sum(_))));
    assert!(matches!(rps(&[f64::NAN], 0), Err(ScoreError::NotAProbability { .. })));
}

#[test]
fn crps_is_its_definition_by_double_sum() {
    let mut random = Random(11);
    for m in [1_usize, 2, 3, 50, 400] {
        let x: Vec<f64> = (0..m).map(|_| (random.uniform() * 40.0).round() / 4.0).collect();
        for y in [-3.0, 0.0, 2.5, 5.1, 40.0] {
            let mm = m as f64;
            let to_y = x.iter().map(|a| (a - y).abs()).sum::<f64>() / mm;
            let pairs = x.iter().flat_map(|a| x.iter().map(move |b| (a - b).abs()));
            close(crps(&x, y).unwrap(), to_y - 0.5 * pairs.sum::<f64>() / (mm * mm));
        }
    }
    assert_eq!(crps(&[], 0.0), Err(ScoreError::Empty));
    assert_eq!(crps(&[1.0, f64::NAN], 0.0), Err(ScoreError::NotFinite { index: 1 }));
    assert_eq!(crps(&[1.0], f64::INFINITY), Err(ScoreError::NotFinite { index: 1 }));
}

#[test]
fn integrated_brier_handles_never_and_the_unresolved() {
    // F rises by 0.1 a day to 1 on day 10.
    let cdf = TimeCdf::new(&[(10, 1.0)]).unwrap();
    close(cdf.at(0), 0.0);
    close(cdf.at(4), 0.4);
    close(cdf.at(11), 1.0);
    // Never within the horizon: Σ (t/10)² / 10 = 385/1000.
    close(integrated_brier(&cdf, Event::NotBy(10), 10).unwrap(), 0.385);
    close(integrated_brier(&cdf, Event::NotBy(99), 10).unwrap(), 0.385);
    // Cut after 4 days: (1 + 4 + 9 + 16)/100/4.
    close(integrated_brier(&cdf, Event::NotBy(4), 10).unwrap(), 0.075);
    // On day 3: (1 + 4)/100 + Σ_{t=3}^{10} (1 − t/10)² = 0.05 + 1.40.
    close(integrated_brier(&cdf, Event::On(3), 10).unwrap(), 0.145);
    assert_eq!(integrated_brier(&cdf, Event::NotBy(0), 10), None);
    let never = TimeCdf::new(&[(1, 0.0)]).unwrap();
    close(integrated_brier(&never, Event::NotBy(30), 30).unwrap(), 0.0);
    // An event beyond the horizon scores like never.
    close(integrated_brier(&never, Event::On(31), 30).unwrap(), 0.0);
    assert!(matches!(
        TimeCdf::new(&[(2, 0.5), (3, 0.4)]),
        Err(ScoreError::Decreasing { index: 1 })
    ));
    assert!(matches!(TimeCdf::new(&[(2, 0.5), (2, 0.6)]), Err(ScoreError::Decreasing { .. })));
    assert!(TimeCdf::new(&[(i64::MAX, 0.5)]).unwrap().at(i64::MAX).is_finite());
    assert!(TimeCdf::new(&[(i64::MIN, 0.1), (i64::MAX, 0.5)]).unwrap().at(3).is_finite());
}

#[test]
fn the_integrated_score_is_proper() {
    // Law: T uniform on days 1..=10. The true F beats shifted and blunted ones in expectation.
    let expected = |cdf: &TimeCdf| {
        (1..=10).map(|t| integrated_brier(cdf, Event::On(t), 10).unwrap()).sum::<f64>() / 10.0
    };
    let truth = expected(&TimeCdf::new(&[(10, 1.0)]).unwrap());
    for other in [&[(5, 1.0)][..], &[(10, 0.8)], &[(1, 0.5), (10, 1.0)], &[(9, 0.0), (10, 1.0)]] {
        assert!(truth < expected(&TimeCdf::new(other).unwrap()));
    }
}

#[test]
fn skill_is_the_share_saved() {
    assert_eq!(skill(0.1, 0.4), Some(0.75));
    assert_eq!(skill(0.4, 0.4), Some(0.0));
    assert_eq!(skill(0.8, 0.4), Some(-1.0));
    assert_eq!(skill(0.1, 0.0), None);
}

fn stands(list: &[(i64, f64)]) -> Series {
    Series::new(&list.iter().map(|&(day, p)| Stand { day, p }).collect::<Vec<_>>()).unwrap()
}

#[test]
fn the_last_forecast_is_carried_forward() {
    // 0.2 on days 10–13, 0.6 on days 14–19; the first one of day 14 was replaced the same day.
    let series = stands(&[(10, 0.2), (14, 0.9), (14, 0.6)]);
    assert_eq!(series.at(9), None);
    assert_eq!(series.at(13), Some(0.2));
    assert_eq!(series.at(14), Some(0.6));
    assert_eq!(series.previous_at(13), None);
    assert_eq!(series.previous_at(15), Some(0.2));
    let score = |p| brier(p, true);
    close(time_average(&series, 20, score).unwrap(), (4.0 * 0.64 + 6.0 * 0.16) / 10.0);
    assert_eq!(time_average(&series, 10, score), None);
    // Typing the same number again changes nothing.
    let typed = stands(&[(10, 0.2), (12, 0.2), (14, 0.6), (15, 0.6)]);
    assert_eq!(time_average(&typed, 20, score), time_average(&series, 20, score));
    let (ours, theirs, days) =
        paired_average(&series, 20, |day| (day >= 14).then_some(0.5), score).unwrap();
    close(ours, 0.16);
    close(theirs, 0.25);
    assert_eq!(days, 6);
    assert!(Series::new(&[Stand { day: 2, p: 0.1 }, Stand { day: 1, p: 0.1 }]).is_err());
}

#[test]
fn isotonic_regression_is_the_min_max_formula() {
    // Second implementation: max over starts of the min over ends of the weighted mean
    // (Robertson, Wright & Dykstra 1988, theorem 1.4.4).
    let mut random = Random(3);
    for n in [1, 2, 7, 60] {
        let y: Vec<f64> = (0..n).map(|_| (random.uniform() * 8.0).round() / 8.0).collect();
        let w: Vec<f64> = (0..n).map(|_| 1.0 + (random.uniform() * 4.0).floor()).collect();
        let mean = |a: usize, b: usize| {
            (a..=b).map(|i| w[i] * y[i]).sum::<f64>() / (a..=b).map(|i| w[i]).sum::<f64>()
        };
        for (i, fitted) in isotonic(&y, &w).iter().enumerate() {
            let best = (0..=i)
                .map(|a| (i..n).map(|b| mean(a, b)).fold(f64::INFINITY, f64::min))
                .fold(f64::NEG_INFINITY, f64::max);
            close(*fitted, best);
        }
    }
}

#[test]
fn corp_splits_the_score_without_bins() {
    let mut random = Random(5);
    for n in [1, 2, 25, 500] {
        let (f, o) = random.pairs(n);
        let c = corp(&f, &o).unwrap();
        close(c.miscalibration - c.discrimination + c.uncertainty, c.brier);
        let mean = f.iter().zip(&o).map(|(&f, &o)| brier(f, o)).sum::<f64>() / n as f64;
        close(c.brier, mean);
        assert!(c.miscalibration >= -1e-15 && c.discrimination >= -1e-15);
        assert_eq!(c.curve.iter().map(|p| p.n).sum::<usize>(), n);
        assert!(c.curve.windows(2).all(|w| w[0].recalibrated < w[1].recalibrated));
        assert!(c.curve.windows(2).all(|w| w[0].to < w[1].from));
        // Any increasing relabelling of the forecasts leaves discrimination as it is.
        let squeezed: Vec<f64> = f.iter().map(|p| 0.25 + p / 2.0).collect();
        close(corp(&squeezed, &o).unwrap().discrimination, c.discrimination);
    }
    // By hand: forecasts 0.1 no, 0.4 yes, 0.6 no, 0.9 yes pool to 0, ½, ½, 1.
    let c = corp(&[0.9, 0.1, 0.6, 0.4], &[true, false, false, true]).unwrap();
    close(c.miscalibration, (0.01 + 0.36 + 0.36 + 0.01) / 4.0 - 0.125);
    close(c.discrimination, 0.125);
    assert_eq!(c.curve.iter().map(|p| p.recalibrated).collect::<Vec<_>>(), [0.0, 0.5, 1.0]);
}

#[test]
fn consistency_bars_agree_with_resampling() {
    // Second implementation: the resampling itself, as Bröcker & Smith describe it.
    let mut random = Random(23);
    let f: Vec<f64> = (0..60).map(|i| (f64::from(i * i % 97) + 0.5) / 98.0).collect();
    let o: Vec<bool> = f.iter().map(|&p| random.uniform() < p).collect();
    let diagram = reliability(&f, &o, 5).unwrap();
    assert!(diagram.curve);
    let mut shares = vec![Vec::new(); 5];
    for _ in 0..20_000 {
        let (mut hits, mut counts) = ([0.0; 5], [0.0; 5]);
        for _ in 0..f.len() {
            let p = f[(random.uniform() * 60.0) as usize];
            let k = (p * 5.0) as usize;
            counts[k] += 1.0;
            hits[k] += if random.uniform() < p { 1.0 } else { 0.0 };
        }
        for k in 0..5 {
            if counts[k] > 0.0 {
                shares[k].push(hits[k] / counts[k]);
            }
        }
    }
    for (bin, shares) in diagram.bins.iter().zip(&mut shares) {
        shares.sort_unstable_by(f64::total_cmp);
        let at = |q: f64| shares[(q * shares.len() as f64) as usize];
        // The quantiles of a discrete share: at most 0.5 % of mass between the two answers.
        assert!(at(0.045) <= bin.bar_lo && bin.bar_lo <= at(0.055), "{bin:?}");
        assert!(at(0.945) <= bin.bar_hi && bin.bar_hi <= at(0.955), "{bin:?}");
    }
}

#[test]
fn a_small_sample_has_dots_and_no_curve() {
    let (f, o) = Random(1).pairs(19);
    assert!(!reliability(&f, &o, 10).unwrap().curve);
    let (f, o) = Random(1).pairs(20);
    let diagram = reliability(&f, &o, 10).unwrap();
    assert!(diagram.curve);
    assert_eq!(diagram.bins.iter().map(|b| b.n).sum::<usize>(), 20);
    for b in &diagram.bins {
        assert!(b.lo <= b.forecast && b.forecast <= b.hi && b.bar_lo <= b.bar_hi);
    }
}

#[test]
fn a_forecast_on_an_edge_belongs_to_the_bin_above() {
    for k in 0..100_u32 {
        let edge = f64::from(k) / 100.0;
        let diagram = reliability(&[edge], &[true], 100).unwrap();
        assert_eq!(diagram.bins[0].lo, edge);
    }
    assert_eq!(reliability(&[1.0], &[true], 100).unwrap().bins[0].hi, 1.0);
}

#[test]
fn bad_input_is_named() {
    let lengths = ScoreError::Lengths { forecasts: 1, outcomes: 0 };
    assert_eq!(murphy(&[0.5], &[], 10), Err(lengths.clone()));
    assert_eq!(corp(&[0.5], &[]), Err(lengths));
    assert_eq!(corp(&[], &[]), Err(ScoreError::Empty));
    for bad in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
        assert!(matches!(
            reliability(&[0.5, bad], &[true, true], 10),
            Err(ScoreError::NotAProbability { index: 1, .. })
        ));
    }
    assert_eq!(murphy(&[0.5], &[true], 0), Err(ScoreError::Bins(0)));
    assert_eq!(reliability(&[0.5], &[true], 1001), Err(ScoreError::Bins(1001)));
    for e in [ScoreError::Empty, ScoreError::Bins(0), ScoreError::Sum(2.0)] {
        assert!(e.to_string().contains("expected"), "{e}");
    }
}
