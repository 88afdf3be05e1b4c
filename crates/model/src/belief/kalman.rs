//! Gaussian state-space models for long poll-like series and comparison with other software: the
//! local level with exact diffuse start, and one level read by houses with constant biases.

/// ln 2π.
const LN_2PI: f64 = 1.837_877_066_409_345_3;

/// The local-level model `y_t = α_t + ε_t`, `α_{t+1} = α_t + η_t`, with diffuse `α_1`.
///
/// # Reference
/// Durbin & Koopman (2012), Time Series Analysis by State Space Methods, 2nd ed., chapter 2 and
/// section 7.2.2 (exact diffuse likelihood).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalLevel {
    /// Variance of ε, positive.
    pub observation: f64,
    /// Variance of η per step, not negative.
    pub level: f64,
}

/// What the local level says of a series; one entry a time point unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// Exact diffuse log-likelihood with `−½ ln 2π` for each observation (the convention with n/2;
    /// add `½ ln 2π` for the one with (n−1)/2).
    pub log_likelihood: f64,
    /// `E(α_t | y_1..y_t)`; before the first observation 0.
    pub filtered: Vec<f64>,
    /// Its variance; before the first observation infinite.
    pub filtered_var: Vec<f64>,
    /// `E(α_t | all y)`.
    pub smoothed: Vec<f64>,
    /// Its variance.
    pub smoothed_var: Vec<f64>,
    /// Auxiliary residual of each observation (0 where missing): mean 0, variance 1.
    pub observation_residual: Vec<f64>,
    /// Auxiliary residual of the move from each point to the next: one fewer than the points.
    pub level_residual: Vec<f64>,
}

impl LocalLevel {
    /// Filters and smooths `series`, in which `None` is a missing value.
    #[must_use]
    pub fn smooth(&self, series: &[Option<f64>]) -> Levels {
        let n = series.len();
        let mut out = Levels::default();
        let (mut a, mut p) = (0.0, f64::INFINITY);
        let mut known = false;
        for (t, y) in series.iter().enumerate() {
            if t > 0 {
                p += self.level;
            }
            if let Some(y) = *y {
                out.log_likelihood -= 0.5 * LN_2PI;
                if known {
                    let f = p + self.observation;
                    let v = y - a;
                    out.log_likelihood -= 0.5 * (libm::log(f) + v * v / f);
                    a += p / f * v;
                    p *= self.observation / f;
                } else {
                    (a, p, known) = (y, self.observation, true);
                }
            }
            out.filtered.push(a);
            out.filtered_var.push(p);
        }
        out.smoothed.clone_from(&out.filtered);
        out.smoothed_var.clone_from(&out.filtered_var);
        out.level_residual = vec![0.0; n.saturating_sub(1)];
        for t in (0..n.saturating_sub(1)).rev() {
            let p = out.filtered_var[t];
            // From a diffuse state the gain's limit is 1 and the variance that of the move.
            let (gain, own) = if p.is_finite() {
                let ahead = p + self.level;
                let gain = if ahead > 0.0 { p / ahead } else { 1.0 };
                (gain, p * (1.0 - gain))
            } else {
                (1.0, self.level)
            };
            let next = out.smoothed_var[t + 1];
            let before = if p.is_finite() { out.filtered[t] } else { out.smoothed[t + 1] };
            out.smoothed[t] = before + gain * (out.smoothed[t + 1] - before);
            out.smoothed_var[t] = own + gain * gain * next;
            let spread = next * (1.0 - 2.0 * gain) + out.smoothed_var[t];
            let move_ = out.smoothed[t + 1] - out.smoothed[t];
            out.level_residual[t] = standardised(move_, self.level - spread);
        }
        out.observation_residual = (0..n)
            .map(|t| match series[t] {
                Some(y) => {
                    standardised(y - out.smoothed[t], self.observation - out.smoothed_var[t])
                }
                None => 0.0,
            })
            .collect();
        out
    }

    /// Variance of the forecast of the observation `steps` after the last point.
    #[must_use]
    pub fn forecast_var(&self, levels: &Levels, steps: usize) -> f64 {
        let last = levels.filtered_var.last().copied().unwrap_or(f64::INFINITY);
        last + steps as f64 * self.level + self.observation
    }

    /// The maximum-likelihood model of `series`; `None` with fewer than three observations or no
    /// variation.
    ///
    /// The observation variance is concentrated out at each ratio `q = level/observation`, which
    /// is found on a log scale from `e^−18` to `e^12`.
    #[must_use]
    pub fn fit(series: &[Option<f64>]) -> Option<Self> {
        let n = series.iter().flatten().count();
        if n < 3 {
            return None;
        }
        // At observation variance 1 the likelihood holds Σ ln F* and Σ v²/F* in one sum; two
        // variances separate them.
        let concentrated = |log_q: f64| -> (f64, f64) {
            let q = libm::exp(log_q);
            let at = |c: f64| Self { observation: c, level: q * c }.smooth(series).log_likelihood;
            let (one, four) = (at(1.0), at(4.0));
            let m = (n - 1) as f64;
            let squares = (four - one + 0.5 * m * libm::log(4.0)) / 0.375;
            let var = squares / m;
            (one + 0.5 * squares - 0.5 * m * (1.0 + libm::log(var.max(f64::MIN_POSITIVE))), var)
        };
        let value = |log_q: f64| concentrated(log_q).0;
        let coarse = (-36..=24).map(|i| 0.5 * f64::from(i));
        let best = coarse.max_by(|a, b| value(*a).total_cmp(&value(*b)))?;
        let log_q = maximise(value, best - 0.5, best + 0.5);
        let var = concentrated(log_q).1;
        (var > 0.0).then(|| Self { observation: var, level: libm::exp(log_q) * var })
    }
}

fn standardised(residual: f64, var: f64) -> f64 {
    if var > 0.0 { residual / var.sqrt() } else { 0.0 }
}

/// Golden-section search for the maximum of a unimodal function.
fn maximise(f: impl Fn(f64) -> f64, mut lo: f64, mut hi: f64) -> f64 {
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    while hi - lo > 1e-10 {
        let (a, b) = (hi - golden * (hi - lo), lo + golden * (hi - lo));
        if f(a) < f(b) { lo = a } else { hi = b }
    }
    0.5 * (lo + hi)
}

/// One poll: a house's reading of the level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poll {
    /// Day number.
    pub day: i32,
    /// Share or position read.
    pub value: f64,
    /// Sampling variance; 0 if the reading is exact.
    pub var: f64,
    /// Number of the house, or `None` for a reading without bias (an election).
    pub house: Option<usize>,
}

/// A level that walks at random between days and is read by houses with constant biases.
///
/// # Model
/// `ξ_t = ξ_{t−1} + N(0, ω²)` a day, `y = ξ_t + b_house + N(0, var)`, `b ~ N(0, τ²)`.
///
/// # Reference
/// Jackman (2005), Australian Journal of Political Science 40, 499–517. Here the biases are part
/// of the state and integrated exactly, where the paper samples them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HousePool {
    /// First day, level on it, and variance of that level (0 if known).
    pub start: (i32, f64, f64),
    /// ω², variance of a day's move.
    pub daily_var: f64,
    /// τ, standard deviation of a house's bias.
    pub house_sd: f64,
    /// Number of houses.
    pub houses: usize,
}

/// The pooled level and the houses' biases, each with mean and standard deviation.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseLevels {
    /// Log density of all polls.
    pub log_likelihood: f64,
    /// `(day, mean, sd)` on every day with a poll and every day asked for.
    pub level: Vec<(i32, f64, f64)>,
    /// `(mean, sd)` of each house.
    pub house: Vec<(f64, f64)>,
}

impl HousePool {
    /// Smooths the polls, which need no order; days before the start and unknown houses are left
    /// out. `days` are further days to report.
    #[must_use]
    pub fn smooth(&self, polls: &[Poll], days: &[i32]) -> HouseLevels {
        let k = self.houses + 1;
        let kept = |p: &&Poll| p.day >= self.start.0 && p.house.is_none_or(|h| h < self.houses);
        let mut polls: Vec<&Poll> = polls.iter().filter(kept).collect();
        polls.sort_by_key(|p| p.day);
        let mut steps: Vec<i32> = polls.iter().map(|p| p.day).collect();
        steps.push(self.start.0);
        steps.extend(days.iter().filter(|d| **d >= self.start.0));
        steps.sort_unstable();
        steps.dedup();

        let mut a = vec![0.0; k];
        a[0] = self.start.1;
        let mut p = vec![vec![0.0; k]; k];
        p[0][0] = self.start.2;
        (1..k).for_each(|h| p[h][h] = self.house_sd * self.house_sd);
        let mut log_likelihood = 0.0;
        let mut before = self.start.0;
        // What the backward pass needs: the state on entering each day, and each poll's residual,
        // its variance, its gain and its house.
        let mut entering = Vec::new();
        let mut read = Vec::new();
        let mut polls = polls.into_iter().peekable();
        for &day in &steps {
            p[0][0] += f64::from(day - before) * self.daily_var;
            before = day;
            entering.push((a.clone(), p.clone()));
            let mut today = Vec::new();
            while let Some(poll) = polls.next_if(|p| p.day == day) {
                let house = poll.house.map(|h| h + 1);
                let covariance = |i: usize| p[i][0] + house.map_or(0.0, |h| p[i][h]);
                let pz: Vec<f64> = (0..k).map(covariance).collect();
                let f = pz[0] + house.map_or(0.0, |h| pz[h]) + poll.var;
                if f <= 0.0 {
                    continue;
                }
                let v = poll.value - a[0] - house.map_or(0.0, |h| a[h]);
                log_likelihood -= 0.5 * (LN_2PI + libm::log(f) + v * v / f);
                for i in 0..k {
                    a[i] += pz[i] / f * v;
                    for j in 0..k {
                        p[i][j] -= pz[i] * pz[j] / f;
                    }
                }
                today.push((v, f, pz, house));
            }
            read.push(today);
        }
        // Backward by residuals (Durbin & Koopman 2012, section 4.4): no inverse is taken, so an
        // exactly known level does no harm.
        let mut r = vec![0.0; k];
        let mut n = vec![vec![0.0; k]; k];
        let mut level = Vec::new();
        let mut house = Vec::new();
        for (t, day) in steps.iter().enumerate().rev() {
            for (v, f, pz, h) in read[t].iter().rev() {
                backward(&mut r, &mut n, *v, *f, pz, *h);
            }
            let (a, p) = &entering[t];
            let moments = |i: usize| {
                let mean = a[i] + (0..k).map(|j| p[i][j] * r[j]).sum::<f64>();
                let less: f64 =
                    (0..k).map(|j| (0..k).map(|l| p[i][j] * n[j][l] * p[l][i]).sum::<f64>()).sum();
                (mean, (p[i][i] - less).max(0.0).sqrt())
            };
            let (mean, sd) = moments(0);
            level.push((*day, mean, sd));
            if t == 0 {
                house = (1..k).map(moments).collect();
            }
        }
        level.reverse();
        HouseLevels { log_likelihood, level, house }
    }
}

/// `r ← z v/f + L'r`, `n ← z z'/f + L'n L` with `L = I − (pz/f) z'`.
fn backward(r: &mut [f64], n: &mut [Vec<f64>], v: f64, f: f64, pz: &[f64], house: Option<usize>) {
    let k = r.len();
    let reads = |i: usize| i == 0 || Some(i) == house;
    let rk: f64 = (0..k).map(|i| r[i] * pz[i] / f).sum();
    let nk: Vec<f64> = (0..k).map(|i| (0..k).map(|j| n[i][j] * pz[j] / f).sum()).collect();
    let knk: f64 = (0..k).map(|i| nk[i] * pz[i] / f).sum();
    for i in 0..k {
        if reads(i) {
            r[i] += v / f - rk;
        }
        for j in 0..k {
            if reads(i) {
                n[i][j] -= nk[j];
            }
            if reads(j) {
                n[i][j] -= nk[i];
            }
            if reads(i) && reads(j) {
                n[i][j] += 1.0 / f + knk;
            }
        }
    }
}
