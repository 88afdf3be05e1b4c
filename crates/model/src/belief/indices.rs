//! Numbers beside the paths: reversals of a speaker, and how far a side speaks with one voice.

/// One message of a side on an issue, as the indices read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// Index of the entry.
    pub id: usize,
    /// Day number.
    pub day: i32,
    /// Position read, 0 to 100.
    pub value: f64,
    /// Standard deviation of the reading: coded range and observation scale together.
    pub sd: f64,
    /// Weight of its grade: `p_true`.
    pub weight: f64,
}

/// Two messages of one speaker that cannot well be one position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reversal {
    /// Index of the earlier entry.
    pub from: usize,
    /// Index of the later entry.
    pub to: usize,
    /// Day of the later entry.
    pub day: i32,
    /// Move from the earlier to the later, points.
    pub size: f64,
    /// The move in standard deviations of the difference of the two readings.
    pub z: f64,
}

/// Reversals among the messages of one speaker on one issue: successive messages, at most `days`
/// apart, more than 2 sd of their difference apart.
///
/// What was *said* is compared, offsets and all: that a bid was exaggerated makes it no less a
/// reversal of the message. `messages` are in order of day.
#[must_use]
pub fn reversals(messages: &[Message], days: i32) -> Vec<Reversal> {
    (messages.windows(2))
        .filter_map(|w| {
            let (a, b) = (w[0], w[1]);
            let size = b.value - a.value;
            let sd = (a.sd * a.sd + b.sd * b.sd).sqrt();
            let z = if sd > 0.0 { size / sd } else { 0.0 };
            let near = i64::from(b.day) - i64::from(a.day) <= i64::from(days);
            (near && (z.abs() > 2.0 || (sd == 0.0 && size != 0.0))).then_some(Reversal {
                from: a.id,
                to: b.id,
                day: b.day,
                size,
                z,
            })
        })
        .collect()
}

/// Message incoherence of a side on an issue: the weighted standard deviation, as a share of the
/// scale, of its messages in the `window` days up to and including `day`; 0 with fewer than two.
///
/// Its square is the grade-weighted variance. The weights divide by their sum (no correction for
/// small numbers), so that repeating every message changes nothing.
#[must_use]
pub fn incoherence(messages: &[Message], day: i32, window: i32) -> f64 {
    let age = |m: &Message| i64::from(day) - i64::from(m.day);
    let inside = |m: &&Message| (0..i64::from(window)).contains(&age(m));
    let (values, weights): (Vec<f64>, Vec<f64>) =
        messages.iter().filter(inside).map(|m| (m.value / 100.0, m.weight)).unzip();
    weighted_sd(&values, &weights)
}

/// Share of a record's readings, by weight, that another one is said to contradict or that
/// contradict another; 0 if there are none.
#[must_use]
pub fn contradiction_rate(weights: &[f64], contradicted: &[bool]) -> f64 {
    let total: f64 = weights.iter().sum();
    let hit: f64 = weights.iter().zip(contradicted).filter(|(_, c)| **c).map(|(w, _)| w).sum();
    if total > 0.0 { hit / total } else { 0.0 }
}

/// Cohesion of a side on an issue, of one draw: `1 − SD_w(θ)/½`, 1 if all members agree and 0 if
/// half the weight stands at each end.
///
/// `positions` are 0 to 1, `weights` not negative (capabilities).
///
/// # Reference
/// The largest weighted SD on [0, 1] is ½ (Popoviciu 1935).
#[must_use]
pub fn cohesion(positions: &[f64], weights: &[f64]) -> f64 {
    (1.0 - 2.0 * weighted_sd(positions, weights)).clamp(0.0, 1.0)
}

/// Polarisation of one draw, 0 to 1: 1 if half the weight stands at each end.
///
/// # Model
/// `2^2.3 Σ_i Σ_j π_i^{2.3} π_j |x_i − x_j|` over groups: equal positions are merged first (within
/// 1e-9), since the index identifies within groups. The largest value of the double sum on [0, 1]
/// is `2^−2.3`, at two equal groups at the ends.
///
/// # Reference
/// Esteban & Ray (1994), Econometrica 62, 819–851, eq. 3 with α = 1.3, below their bound of 1.6.
#[must_use]
pub fn polarisation(positions: &[f64], weights: &[f64]) -> f64 {
    const POWER: f64 = 2.3;
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let mut groups: Vec<(f64, f64)> =
        positions.iter().copied().zip(weights.iter().map(|w| w / total)).collect();
    groups.sort_by(|a, b| a.0.total_cmp(&b.0));
    groups.dedup_by(|later, first| {
        let same = later.0 - first.0 <= 1e-9;
        if same {
            first.1 += later.1;
        }
        same
    });
    let mut sum = 0.0;
    for &(x, p) in &groups {
        let apart: f64 = groups.iter().map(|(y, q)| q * (x - y).abs()).sum();
        sum += libm::pow(p, POWER) * apart;
    }
    libm::pow(2.0, POWER) * sum
}

fn weighted_sd(values: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let mean = values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let var = values.iter().zip(weights).map(|(v, w)| w * (v - mean) * (v - mean)).sum::<f64>();
    (var / total).sqrt()
}
