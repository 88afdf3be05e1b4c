//! The binless reliability diagram: isotonic recalibration, and the decomposition it gives.

use super::{ScoreError, brier, indicator, paired};

/// A stretch of the recalibrated curve: forecasts between `from` and `to` became `recalibrated`.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CorpPoint {
    /// The smallest forecast of the block.
    pub from: f64,
    /// The largest forecast of the block.
    pub to: f64,
    /// The share of the block's forecasts that came true.
    pub recalibrated: f64,
    /// How many forecasts the block holds.
    pub n: usize,
}

/// The parts of a mean Brier score and the curve behind them; see [`corp`].
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Corp {
    /// The mean Brier score, `MCB − DSC + UNC`.
    pub brier: f64,
    /// Miscalibration: what recalibrating would save, `≥ 0`.
    pub miscalibration: f64,
    /// Discrimination: what the order of the forecasts is worth, `≥ 0`, large is good.
    pub discrimination: f64,
    /// Uncertainty: the penalty of always stating the overall share.
    pub uncertainty: f64,
    /// The curve, from the smallest forecast to the largest.
    pub curve: Vec<CorpPoint>,
}

/// Isotonic regression of values on their order, weighted: the non-decreasing fit of least squares.
///
/// # Model
/// Pool adjacent violators: walk once, merging a block into the one before as long as its mean is
/// not larger; `O(n)`. Weights must be positive; the shorter input bounds the length.
///
/// # Reference
/// Ayer, Brunk, Ewing, Reid & Silverman (1955), *Annals of Mathematical Statistics* 26:641–647.
pub fn isotonic(values: &[f64], weights: &[f64]) -> Vec<f64> {
    // (sum of weighted values, weight, members)
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (v, w) in values.iter().zip(weights) {
        let mut block = (v * w, *w, 1);
        while let Some(&(sum, weight, members)) = blocks.last() {
            if sum / weight < block.0 / block.1 {
                break;
            }
            blocks.pop();
            block = (sum + block.0, weight + block.1, members + block.2);
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|&(sum, w, n)| std::iter::repeat_n(sum / w, n)).collect()
}

/// Recalibrates by isotonic regression and splits the mean Brier score accordingly.
///
/// # Model
/// Equal forecasts are pooled first, then `r = isotonic(o | f)`. With mean scores S of f, `S_C` of r
/// and `S_R` of the overall share ō: `MCB = S − S_C`, `DSC = S_R − S_C`, `UNC = S_R`, so that
/// `S = MCB − DSC + UNC`; no bins are chosen, so nothing hangs on them.
///
/// # Reference
/// Dimitriadis, Gneiting & Jordan (2021), *PNAS* 118(8):e2016191118. Their
/// consistency bands are not computed here.
///
/// # Errors
/// [`ScoreError`] if nothing is given, the lengths differ, or a forecast is no probability.
pub fn corp(forecasts: &[f64], outcomes: &[bool]) -> Result<Corp, ScoreError> {
    paired(forecasts, outcomes)?;
    let mut order: Vec<usize> = (0..forecasts.len()).collect();
    order.sort_by(|&a, &b| forecasts[a].total_cmp(&forecasts[b]));
    // One row a distinct forecast: (value, how many came true, how many).
    let mut rows: Vec<(f64, f64, usize)> = Vec::new();
    for i in order {
        let (f, o) = (forecasts[i], indicator(outcomes[i]));
        match rows.last_mut().filter(|row| row.0 == f) {
            Some(row) => *row = (f, row.1 + o, row.2 + 1),
            None => rows.push((f, o, 1)),
        }
    }
    let shares: Vec<f64> = rows.iter().map(|&(_, o, n)| o / n as f64).collect();
    let counts: Vec<f64> = rows.iter().map(|&(_, _, n)| n as f64).collect();
    let fitted = isotonic(&shares, &counts);

    let n = forecasts.len() as f64;
    let came: f64 = rows.iter().map(|r| r.1).sum();
    let mean = came / n;
    let score = |p: f64, came: f64, n: f64| came * brier(p, true) + (n - came) * brier(p, false);
    let sum = |value: &dyn Fn(usize) -> f64| {
        (0..rows.len()).map(|k| score(value(k), rows[k].1, counts[k])).sum::<f64>() / n
    };
    let (raw, recalibrated, constant) = (sum(&|k| rows[k].0), sum(&|k| fitted[k]), sum(&|_| mean));

    let mut curve: Vec<CorpPoint> = Vec::new();
    for (&(f, _, n), &r) in rows.iter().zip(&fitted) {
        match curve.last_mut().filter(|point| point.recalibrated == r) {
            Some(point) => (point.to, point.n) = (f, point.n + n),
            None => curve.push(CorpPoint { from: f, to: f, recalibrated: r, n }),
        }
    }
    Ok(Corp {
        brier: raw,
        miscalibration: raw - recalibrated,
        discrimination: constant - recalibrated,
        uncertainty: constant,
        curve,
    })
}
