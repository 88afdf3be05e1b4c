//! How room moves the rate, message by message, at which talks end.

use libm::{exp, expm1, log};
use serde::Serialize;

use super::{Corpus, TalkEnding};

/// The room at which base rates are told, in shares of a side's whole agenda.
pub const TYPICAL_ROOM: f64 = 0.65;
/// The least room that a power is taken of.
pub const LEAST_ROOM: f64 = 0.02;
/// A message has its own base rate while at least so many talks last to it; later ones share the last.
pub const OWN_RATE: u32 = 50;
/// Into how many parts the structures are divided for the loss on talks left out.
pub const PARTS: usize = 10;
/// The seed of that division.
pub const SEED: u64 = 1;
/// The exponent is looked for between these.
const EXPONENTS: (f64, f64) = (-12.0, 12.0);

/// A step that gains less log-likelihood is the last: the exponent is then within 1e-5 or so.
const ENOUGH: f64 = 1e-8;

/// The endings, each a risk of its own.
pub const RISKS: [TalkEnding; 3] =
    [TalkEnding::Deal, TalkEnding::Contradiction, TalkEnding::Failure];

/// The messages of talks, by structure: how many were under way at each, and how many ended how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageTable {
    /// `[structure][message − 1]`: talks under way, and how many of them ended there, by [`RISKS`]. The
    /// last column holds all later messages.
    rows: Vec<Vec<[f64; 4]>>,
    /// `ln(room/TYPICAL_ROOM)` of each structure.
    rooms: Vec<f64>,
    /// The different ones among them, and which each structure has.
    distinct: Vec<f64>,
    which: Vec<usize>,
}

/// Talks of one room at one message.
#[derive(Clone, Copy)]
struct RoomCell {
    /// Which of the distinct rooms.
    room: usize,
    /// Under way.
    n: f64,
    /// Ended so.
    d: f64,
}

/// The hazard `1 − exp(−e^{α_t} (G/TYPICAL_ROOM)^γ)` of one ending.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageHazard {
    /// `e^{α_t}` of each message, from the first.
    pub base: Vec<f64>,
    /// `γ`.
    pub gamma: f64,
}

/// An exponent with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exponent {
    /// The exponent.
    pub gamma: f64,
    /// Its lower end.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
}

impl MessageTable {
    /// Counts the messages of a corpus.
    #[must_use]
    pub fn new(corpus: &Corpus) -> Self {
        let lasting = |m: u32| corpus.talks.iter().filter(|t| t.messages >= m).count() as u32;
        let mut last = 1;
        while lasting(last + 1) >= OWN_RATE {
            last += 1;
        }
        let mut rows = vec![vec![[0.0; 4]; last as usize]; corpus.structures.len()];
        for talk in &corpus.talks {
            let row = &mut rows[talk.structure];
            for m in 1..=talk.messages {
                row[(m.min(last) - 1) as usize][0] += 1.0;
            }
            let risk = RISKS.iter().position(|r| *r == talk.ending).unwrap_or(0);
            row[(talk.messages.min(last) - 1) as usize][1 + risk] += 1.0;
        }
        let room = |r: f64| log(r.max(LEAST_ROOM) / TYPICAL_ROOM);
        let rooms: Vec<f64> = corpus.structures.iter().map(|s| room(s.room)).collect();
        let mut distinct = rooms.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        let which = rooms.iter().map(|x| distinct.partition_point(|y| y < x)).collect();
        Self { rows, rooms, distinct, which }
    }

    /// How many messages have a base rate of their own, the last with all later ones.
    #[must_use]
    pub fn messages(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// Talks under way at a message (from 1), and how many of them ended there, by [`RISKS`].
    #[must_use]
    pub fn at(&self, message: usize) -> [f64; 4] {
        let mut sum = [0.0; 4];
        for row in &self.rows {
            sum.iter_mut().zip(row[message - 1]).for_each(|(s, x)| *s += x);
        }
        sum
    }

    /// The same rooms together, by message.
    fn cells(&self, risk: usize, wanted: &dyn Fn(usize) -> bool) -> Vec<Vec<RoomCell>> {
        let rooms = self.distinct.len();
        let mut sums = vec![[0.0; 2]; rooms * self.messages()];
        for (s, row) in self.rows.iter().enumerate().filter(|(s, _)| wanted(*s)) {
            for (sums, counts) in sums.chunks_exact_mut(rooms).zip(row) {
                let [n, d] = &mut sums[self.which[s]];
                (*n, *d) = (*n + counts[0], *d + counts[1 + risk]);
            }
        }
        let cell = |(room, [n, d]): (usize, &[f64; 2])| RoomCell { room, n: *n, d: *d };
        let used = |sums: &[[f64; 2]]| {
            sums.iter().enumerate().filter(|(_, s)| s[0] > 0.0).map(cell).collect()
        };
        sums.chunks_exact(rooms.max(1)).map(used).collect()
    }

    /// The hazard of an ending that suits the structures that `wanted` names; with `gamma`, at that
    /// exponent.
    ///
    /// # Model
    /// Each message of a talk is one Bernoulli trial; talks that end otherwise are censored there. The
    /// log-likelihood is concave in `(α, γ)`: Newton's steps, halved where they do not gain. Where nothing
    /// ended at a message, half an ending is counted.
    #[must_use]
    pub fn fit(
        &self,
        risk: TalkEnding,
        gamma: Option<f64>,
        wanted: &dyn Fn(usize) -> bool,
    ) -> MessageHazard {
        let risk = RISKS.iter().position(|r| *r == risk).unwrap_or(0);
        fit_cells(&self.distinct, &self.cells(risk, wanted), gamma)
    }

    /// The exponent of an ending, with an interval from scores summed by structure.
    ///
    /// # Model
    /// With `u_s` the score of structure `s` in `γ`, the base rates taken out, and `I` the information:
    /// `var γ = Σ_s u_s² / I²`, but not less than `1/I`, what independent messages would give.
    ///
    /// # Reference
    /// Liang & Zeger (1986), *Biometrika* 73(1), 13–22 (the variance by clusters).
    #[must_use]
    pub fn exponent(&self, risk: TalkEnding, messages: std::ops::Range<usize>) -> Exponent {
        let at = RISKS.iter().position(|r| *r == risk).unwrap_or(0);
        let mut cells = self.cells(at, &|_| true);
        let inside = |m: usize| messages.contains(&m);
        // A message at which nothing ended says nothing of the exponent.
        let ended = |c: &[RoomCell]| c.iter().any(|c| c.d > 0.0);
        let idle = cells.iter_mut().enumerate().filter(|(m, c)| !inside(*m) || !ended(c));
        idle.for_each(|(_, c)| c.clear());
        let hazard = fit_cells(&self.distinct, &cells, None);
        let mut parts = vec![[0.0; 3]; cells.len()];
        for ((part, cells), base) in parts.iter_mut().zip(&cells).zip(&hazard.base) {
            for cell in cells {
                let x = self.distinct[cell.room];
                let (_, h) = slope(base * exp(hazard.gamma * x), cell.n, cell.d);
                *part = [part[0] - h, part[1] - h * x, part[2] - h * x * x];
            }
        }
        let taken = |p: &[f64; 3]| if p[0] > 0.0 { p[2] - p[1] * p[1] / p[0] } else { 0.0 };
        let information: f64 = parts.iter().map(taken).sum();
        let mut spread = 0.0;
        for (row, x) in self.rows.iter().zip(&self.rooms) {
            let each = row.iter().enumerate().filter(|(m, c)| !cells[*m].is_empty() && c[0] > 0.0);
            let score: f64 = each
                .map(|(m, c)| {
                    let rate = hazard.base[m] * exp(hazard.gamma * x);
                    let centre = if parts[m][0] > 0.0 { parts[m][1] / parts[m][0] } else { 0.0 };
                    slope(rate, c[0], c[1 + at]).0 * (x - centre)
                })
                .sum();
            spread += score * score;
        }
        let variance = (spread / (information * information)).max(1.0 / information);
        let half = 1.959_963_984_540_054 * libm::sqrt(variance);
        // Where room does not vary, nothing is known.
        let half = if half.is_finite() { half } else { EXPONENTS.1 };
        Exponent { gamma: hazard.gamma, lo: hazard.gamma - half, hi: hazard.gamma + half }
    }

    /// Minus the log-likelihood of an ending in the structures that `wanted` names, under a hazard.
    #[must_use]
    pub fn loss(
        &self,
        risk: TalkEnding,
        hazard: &MessageHazard,
        wanted: &dyn Fn(usize) -> bool,
    ) -> f64 {
        let risk = RISKS.iter().position(|r| *r == risk).unwrap_or(0);
        -likelihood(&self.powers(hazard.gamma), &self.cells(risk, wanted), hazard)
    }

    /// `(room/TYPICAL_ROOM)^γ` of each distinct room.
    fn powers(&self, gamma: f64) -> Vec<f64> {
        powers(&self.distinct, gamma)
    }

    /// The hazard of an ending by the structures outside each part.
    #[must_use]
    pub fn fits_left_out(
        &self,
        corpus: &Corpus,
        risk: TalkEnding,
        gamma: Option<f64>,
    ) -> Vec<MessageHazard> {
        let parts = PARTS.min(corpus.structures.len());
        let part = corpus.parts(parts, SEED);
        (0..parts).map(|k| self.fit(risk, gamma, &|s| part[s] != k)).collect()
    }

    /// Minus the log-likelihood of deals per talk, each part under the hazard that did not see it.
    #[must_use]
    pub fn loss_of_parts(&self, corpus: &Corpus, fits: &[MessageHazard]) -> f64 {
        let part = corpus.parts(fits.len(), SEED);
        let each = |(k, hazard): (usize, &MessageHazard)| {
            self.loss(TalkEnding::Deal, hazard, &|s| part[s] == k)
        };
        fits.iter().enumerate().map(each).sum::<f64>() / corpus.talks.len().max(1) as f64
    }

    /// Minus the log-likelihood of deals per talk, each structure by a fit of the other parts.
    #[must_use]
    pub fn loss_left_out(&self, corpus: &Corpus, gamma: Option<f64>) -> f64 {
        self.loss_of_parts(corpus, &self.fits_left_out(corpus, TalkEnding::Deal, gamma))
    }
}

/// The chance that talks with so much room end in a deal, where every ending is a risk at every message
/// and the last base rates hold for ever.
#[must_use]
pub fn chance_of_deal(hazards: [&MessageHazard; 3], room: f64) -> f64 {
    let x = log(room.max(LEAST_ROOM) / TYPICAL_ROOM);
    let rates = |m: usize| {
        let rate = |h: &MessageHazard| h.base.get(m).map_or(0.0, |b| b * exp(h.gamma * x));
        hazards.map(rate)
    };
    let (mut open, mut deal) = (1.0, 0.0);
    let last = hazards[0].base.len().saturating_sub(1);
    for m in 0..=last {
        let rates = rates(m);
        let all: f64 = rates.iter().sum();
        if all <= 0.0 {
            continue;
        }
        let ends = if m == last { 1.0 } else { -expm1(-all) };
        deal += open * ends * rates[0] / all;
        open *= 1.0 - ends;
    }
    deal
}

/// `e^{γ x}` of each room.
fn powers(rooms: &[f64], gamma: f64) -> Vec<f64> {
    rooms.iter().map(|x| exp(gamma * x)).collect()
}

/// The first and second derivative of `d ln(1 − e^{−λ}) − (n − d)λ` by `ln λ`.
fn slope(rate: f64, n: f64, d: f64) -> (f64, f64) {
    let rate = rate.min(1e13);
    if d == 0.0 {
        return (-n * rate, -n * rate);
    }
    let q = if rate < 1e-12 { 1.0 } else { rate / expm1(rate) };
    (d * q - (n - d) * rate, d * q * (1.0 - rate - q) - (n - d) * rate)
}

/// The log-likelihood of the cells, with the powers of the rooms at the hazard's exponent.
fn likelihood(powers: &[f64], cells: &[Vec<RoomCell>], hazard: &MessageHazard) -> f64 {
    let mut sum = 0.0;
    for (cells, base) in cells.iter().zip(&hazard.base) {
        for cell in cells {
            let rate = (base * powers[cell.room]).max(1e-300);
            sum -= (cell.n - cell.d) * rate;
            if cell.d > 0.0 {
                sum += cell.d * log(-expm1(-rate));
            }
        }
    }
    sum
}

fn fit_cells(rooms: &[f64], all_cells: &[Vec<RoomCell>], gamma: Option<f64>) -> MessageHazard {
    let under_way = |c: &[RoomCell]| c.iter().map(|c| c.n).sum::<f64>();
    let ended = |c: &[RoomCell]| c.iter().map(|c| c.d).sum::<f64>();
    let none: Vec<bool> = all_cells.iter().map(|c| ended(c) == 0.0).collect();
    let used = |(c, none): (&Vec<RoomCell>, &bool)| if *none { Vec::new() } else { c.clone() };
    let cells: Vec<Vec<RoomCell>> = all_cells.iter().zip(&none).map(used).collect();
    let cells = cells.as_slice();
    let start = |c: &Vec<RoomCell>| {
        let (n, d) = (under_way(c).max(1.0), ended(c));
        -libm::log1p(-(d / n).min(0.95))
    };
    let mut hazard =
        MessageHazard { base: cells.iter().map(start).collect(), gamma: gamma.unwrap_or(0.0) };
    let mut raised = powers(rooms, hazard.gamma);
    let mut best = likelihood(&raised, cells, &hazard);
    for _ in 0..60 {
        // Per message: slope and curvature in α, in α with γ; the sums in γ.
        let (mut slopes, mut curves, mut cross) = (Vec::new(), Vec::new(), Vec::new());
        let (mut slope_g, mut curve_g) = (0.0, 0.0);
        for (cells, base) in cells.iter().zip(&hazard.base) {
            let (mut g, mut h, mut c) = (0.0, 0.0, 0.0);
            for cell in cells {
                let x = rooms[cell.room];
                let (first, second) = slope(base * raised[cell.room], cell.n, cell.d);
                (g, h, c) = (g + first, h + second, c + second * x);
                (slope_g, curve_g) = (slope_g + first * x, curve_g + second * x * x);
            }
            slopes.push(g);
            curves.push(h);
            cross.push(c);
        }
        let moved = |k: usize| curves[k] < 0.0;
        let step_g = if gamma.is_some() {
            0.0
        } else {
            let taken = |of: &dyn Fn(usize) -> f64| {
                (0..cells.len()).filter(|k| moved(*k)).map(of).sum::<f64>()
            };
            let g = slope_g - taken(&|k| cross[k] * slopes[k] / curves[k]);
            let h = curve_g - taken(&|k| cross[k] * cross[k] / curves[k]);
            if h < 0.0 { (-g / h).clamp(-2.0, 2.0) } else { 0.0 }
        };
        let steps: Vec<f64> = (0..cells.len())
            .map(|k| if moved(k) { -(slopes[k] + cross[k] * step_g) / curves[k] } else { 0.0 })
            .collect();
        let mut t = 1.0;
        let mut gained = 0.0;
        for _ in 0..20 {
            let tried = MessageHazard {
                base: hazard
                    .base
                    .iter()
                    .zip(&steps)
                    .map(|(b, s)| b * exp((t * s).clamp(-3.0, 3.0)))
                    .collect(),
                gamma: (hazard.gamma + t * step_g).clamp(EXPONENTS.0, EXPONENTS.1),
            };
            let there = powers(rooms, tried.gamma);
            let value = likelihood(&there, cells, &tried);
            if value > best {
                gained = value - best;
                (hazard, raised, best) = (tried, there, value);
                break;
            }
            t *= 0.5;
        }
        if gained < ENOUGH {
            break;
        }
    }
    // Half an ending where there was none: its rate would be zero, and one in another talk impossible.
    for ((base, cells), _) in hazard.base.iter_mut().zip(all_cells).zip(&none).filter(|(_, n)| **n)
    {
        let exposed: f64 = cells.iter().map(|c| c.n * raised[c.room]).sum();
        *base = if exposed > 0.0 { 0.5 / exposed } else { 0.0 };
    }
    hazard
}
