//! Known answers of other software: the Nile, pooled polls, change points.
// A second implementation may use the platform's functions: it is compared with a tolerance.
#![allow(clippy::disallowed_methods)]

use serde_json::Value;
use winset_model::belief::change_points::{OnlineDetection, optimal_partition, pelt};
use winset_model::belief::kalman::{HousePool, LocalLevel, Poll};

fn reference() -> Value {
    serde_json::from_str(include_str!("../data/state_space_and_change_points.json")).unwrap()
}

fn column(csv: &str) -> Vec<f64> {
    csv.lines().skip(1).map(|l| l.trim().trim_matches('"').parse().unwrap()).collect()
}

fn nile() -> Vec<f64> {
    column(include_str!("../data/nile.csv"))
}

fn standardised(series: &[f64]) -> Vec<f64> {
    let n = series.len() as f64;
    let mean = series.iter().sum::<f64>() / n;
    let sd = (series.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n).sqrt();
    series.iter().map(|y| (y - mean) / sd).collect()
}

#[track_caller]
fn near(ours: f64, theirs: &Value, tolerance: f64) {
    let theirs = theirs.as_f64().unwrap();
    assert!((ours - theirs).abs() <= tolerance, "ours {ours}, theirs {theirs}");
}

fn known(series: &[f64]) -> Vec<Option<f64>> {
    series.iter().copied().map(Some).collect()
}

const FIXED: LocalLevel = LocalLevel { observation: 15099.0, level: 1469.1 };

#[test]
fn nile_at_fixed_variances() {
    let all = reference();
    let r = &all["nile_local_level"]["at_H=15099_Q=1469.1"];
    let l = FIXED.smooth(&known(&nile()));
    near(l.log_likelihood, &r["loglik"], 1e-8);
    for (key, ours) in [
        ("smoothed", &l.smoothed),
        ("smoothed_var", &l.smoothed_var),
        ("filtered", &l.filtered),
        ("filtered_var", &l.filtered_var),
    ] {
        for (t, theirs) in r[key].as_object().unwrap() {
            near(ours[t.parse::<usize>().unwrap() - 1], theirs, 1e-8);
        }
    }
    near(l.smoothed.iter().sum(), &r["sum_smoothed"], 1e-6);
    near(l.smoothed_var.iter().sum(), &r["sum_smoothed_var"], 1e-6);
    near(l.filtered.iter().sum(), &r["sum_filtered"], 1e-6);
}

#[test]
fn nile_with_missing_years() {
    let all = reference();
    let r = &all["nile_local_level"]["at_H=15099_Q=1469.1"]["missing 21-40,61-80"];
    let gone = |t: usize| (20..40).contains(&t) || (60..80).contains(&t);
    let series: Vec<_> =
        nile().into_iter().enumerate().map(|(t, y)| (!gone(t)).then_some(y)).collect();
    let l = FIXED.smooth(&series);
    near(l.log_likelihood, &r["loglik"], 1e-8);
    near(l.smoothed[29], &r["smoothed_30"], 1e-8);
    near(l.smoothed_var[29], &r["smoothed_var_30"], 1e-8);
    near(l.smoothed[69], &r["smoothed_70"], 1e-8);
}

#[test]
fn missing_years_before_the_first_are_read_backwards() {
    // By symmetry of the model in time: reversed, they are missing years after the last.
    let mut early = vec![None, None];
    early.extend(known(&nile()));
    let mut late = early.clone();
    late.reverse();
    let (a, b) = (FIXED.smooth(&early), FIXED.smooth(&late));
    for t in 0..early.len() {
        assert!((a.smoothed[t] - b.smoothed[early.len() - 1 - t]).abs() < 1e-8);
        let (a, b) = (a.smoothed_var[t], b.smoothed_var[early.len() - 1 - t]);
        assert!((a - b).abs() < 1e-7, "{a} {b}");
    }
}

#[test]
fn nile_estimated() {
    let all = reference();
    let r = &all["nile_local_level"]["mle_exact_diffuse"];
    let model = LocalLevel::fit(&known(&nile())).unwrap();
    near(model.observation, &r["sigma2_eps"], 15098.5 * 1e-5);
    near(model.level, &r["sigma2_eta"], 1469.2 * 1e-5);
    let l = model.smooth(&known(&nile()));
    near(l.log_likelihood, &r["loglik_n/2"], 1e-8);
    let half_log_2pi = 0.5 * (2.0 * std::f64::consts::PI).ln();
    near(l.log_likelihood + half_log_2pi, &r["loglik_(n-1)/2"], 1e-8);
    let constants = 99.0 * (half_log_2pi + 0.5);
    near(l.log_likelihood + half_log_2pi + constants, &r["DK_table_2.1_no_constants"], 1e-7);
    let f = &all["nile_local_level"]["forecast_at_MLE"];
    near(model.forecast_var(&l, 1), &f["h=1 var"], 0.1);
    near(model.forecast_var(&l, 10), &f["h=10 var"], 0.2);
}

#[test]
fn nile_profile_of_durbin_and_koopman() {
    // Table 2.1 without constants: the variance concentrated out at each q.
    let all = reference();
    let r = &all["nile_local_level"]["DK_profile_no_constants"];
    let series = known(&nile());
    for (key, q) in [("q=1", 1.0), ("q=0.0360", 0.036), ("q=0.0745", 0.0745), ("q=0.0973", 0.0973)]
    {
        let at = |c: f64| LocalLevel { observation: c, level: q * c }.smooth(&series);
        let best = (0..20_001)
            .map(|i| at(8000.0 + f64::from(i)).log_likelihood)
            .fold(f64::NEG_INFINITY, f64::max);
        near(best + 50.0 * (2.0 * std::f64::consts::PI).ln() + 49.5, &r[key], 6e-5);
    }
}

#[test]
fn nile_auxiliary_residuals() {
    let all = reference();
    let r = &all["nile_local_level"]["aux_residuals"];
    let l = LocalLevel::fit(&known(&nile())).unwrap().smooth(&known(&nile()));
    let (t, least) =
        (l.level_residual.iter().copied().enumerate()).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert_eq!(t + 1, 28);
    near(least, &r["level min z"][0], 1e-4);
    let (t, most) = (l.observation_residual.iter().copied().enumerate())
        .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        .unwrap();
    assert_eq!(t + 1, 43);
    near(most, &r["obs max|z|"][0], 1e-4);
}

#[test]
fn degenerate_series() {
    assert_eq!(LocalLevel::fit(&[Some(1.0), None]), None);
    assert_eq!(FIXED.smooth(&[]).smoothed, Vec::<f64>::new());
    let l = FIXED.smooth(&[None, None]);
    assert!(l.filtered_var.iter().all(|v| v.is_infinite()) && l.log_likelihood == 0.0);
}

/// Days since 1970 of a proleptic Gregorian date (Hinnant's algorithm).
fn days(date: &str) -> i32 {
    let part: Vec<i32> = date.split('-').map(|p| p.parse().unwrap()).collect();
    let (y, m, d) = (part[0] - i32::from(part[1] <= 2), part[1], part[2]);
    let (era, year) = (y.div_euclid(400), y.rem_euclid(400));
    let day = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day - 719_468
}

/// The fields of a line of CSV, quotes removed.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}

const HOUSES: [&str; 5] = ["Galaxy", "Morgan, F2F", "Newspoll", "Nielsen", "Morgan, Phone"];

fn polls() -> Vec<Poll> {
    let start = days("2004-10-09");
    let mut polls: Vec<Poll> = include_str!("../data/aus_polls.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let f = fields(line);
            let y: f64 = f[0].parse().unwrap();
            let n: f64 = f[8].parse().unwrap();
            let middle = (days(&f[10]) + days(&f[11])).div_euclid(2);
            let house = HOUSES.iter().position(|h| *h == f[9]);
            assert!(house.is_some(), "unknown house {}", f[9]);
            Poll { day: middle - start, value: y, var: y * (100.0 - y) / n, house }
        })
        .collect();
    assert_eq!(polls.len(), 239);
    // The reference counts 1,142 days from the first election to the second, both included.
    polls.push(Poll { day: 1141, value: 43.38, var: 0.0, house: None });
    polls
}

fn house_pool(omega: f64) -> HousePool {
    HousePool { start: (0, 37.64, 0.0), daily_var: omega * omega, house_sd: 7.5, houses: 5 }
}

#[test]
fn polls_are_pooled() {
    let all = reference();
    let r = &all["aus_polls_pooling"];
    let omega = r["omega_mle"].as_f64().unwrap();
    let p = house_pool(omega).smooth(&polls(), &[100, 365, 785, 1000]);
    near(p.log_likelihood, &r["loglik"], 1e-8);
    for (i, name) in HOUSES.iter().enumerate() {
        near(p.house[i].0, &r["house"][name], 1e-6);
        near(p.house[i].1, &r["house_sd"][name], 1e-6);
    }
    for (day, theirs) in r["xi"].as_object().unwrap() {
        let (_, mean, sd) = *p.level.iter().find(|l| l.0.to_string() == *day).unwrap();
        near(mean, &theirs[0], 1e-6);
        near(sd, &theirs[1], 1e-6);
    }
    // Both ends are known.
    let last = p.level.last().unwrap();
    assert_eq!(last.0, 1141);
    assert!((last.1 - 43.38).abs() < 1e-9 && last.2 < 1e-6);
    assert!((p.level[0].1 - 37.64).abs() < 1e-9 && p.level[0].2 < 1e-6);
    // The reference's ω is the maximum.
    for other in [omega - 0.01, omega + 0.01] {
        assert!(house_pool(other).smooth(&polls(), &[]).log_likelihood < p.log_likelihood);
    }
}

fn ends(theirs: &Value) -> Vec<usize> {
    theirs.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

#[test]
fn changes_of_the_well_log_and_the_nile() {
    let all = reference();
    let r = &all["changepoints"]["well_log (TCPD, 675 obs, z-scored with population sd)"];
    let well = standardised(&column(include_str!("../data/well_log.csv")));
    let nile = standardised(&nile());
    let (log_well, log_nile) = ((well.len() as f64).ln(), (nile.len() as f64).ln());
    let rn = &all["changepoints"]["nile z"];
    for (series, penalty, points, cost) in [
        (&well, 2.0 * log_well, &r["L2 pen=2ln n, min_size 1, jump 1"], &r["cost"]),
        (&well, 3.0 * log_well, &r["L2 pen=3ln n"], &r["cost3"]),
        (&nile, 3.0 * log_nile, &rn["L2 pen=3ln n"], &rn["cost"]),
    ] {
        for segments in [optimal_partition(series, penalty), pelt(series, penalty)] {
            assert_eq!(segments.ends, ends(points));
            near(segments.cost, cost, 1e-8);
        }
    }
}

#[test]
fn online_detection_of_the_nile_and_the_well_log() {
    let all = reference();
    let r = &all["changepoints"]["BOCPD NIG(mu0=0,kappa0=.01,alpha0=1,beta0=1) hazard 1/100"];
    let model = OnlineDetection { mu: 0.0, kappa: 0.01, alpha: 1.0, beta: 1.0, hazard: 0.01 };
    let runs = model.detect(&standardised(&nile()));
    near(runs.log_evidence, &r["nile_z log evidence"], 1e-8);
    let most = runs.length.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    assert_eq!(most.0 as u64 + 1, r["nile final MAP run length"].as_u64().unwrap());
    assert!((runs.length.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    let runs = model.detect(&standardised(&column(include_str!("../data/well_log.csv"))));
    near(runs.log_evidence, &r["well_log_z log evidence"], 1e-8);
}

#[test]
fn both_partitions_equal_brute_force() {
    let cost = |s: &[f64]| {
        let mean = s.iter().sum::<f64>() / s.len() as f64;
        s.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>()
    };
    for seed in 0..40_u64 {
        let y: Vec<f64> = (0..11)
            .map(|i| ((seed * 7919 + i * i * 104_729 + i * 31) % 97) as f64 / 10.0)
            .collect();
        for penalty in [0.5, 5.0, 20.0] {
            let best = (0..1_u32 << 10)
                .map(|cuts| {
                    let (mut from, mut sum) = (0, f64::from(cuts.count_ones()) * penalty);
                    for to in 1..=11 {
                        if to == 11 || cuts >> (to - 1) & 1 == 1 {
                            sum += cost(&y[from..to]);
                            from = to;
                        }
                    }
                    sum
                })
                .fold(f64::INFINITY, f64::min);
            for s in [optimal_partition(&y, penalty), pelt(&y, penalty)] {
                let penalised = s.cost + penalty * s.ends.len() as f64;
                assert!((penalised - best).abs() < 1e-9, "{penalised} {best}");
            }
        }
    }
    assert!(pelt(&[], 1.0).ends.is_empty());
}
