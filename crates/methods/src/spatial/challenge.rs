//! The challenge model of Bueno de Mesquita, as Scholz, Calbert & Smith replicated it.
//!
//! Two profiles: `as run` reproduces their published table; `as printed` takes the vote's
//! denominator from the equation in print. The page `docs/src/spatial/challenge.md` lists both.

use super::averages::{mean, median};
use super::{Distribution, Move, MoveKind, PositionForecast, PositionIssue, PositionModel};
use winset_model::uncertain::counter::uniform;

/// Which of the ambiguous choices a replication makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The denominator of `P` sums `|v_k|` over all ordered pairs; among compromises the one with
    /// the smallest weighted mean `(|a| x_i + |b| x_j)/(|a| + |b|)`. Fits the published table.
    AsRun,
    /// The denominator of `P` is the pair's own votes; among compromises the shortest step.
    AsPrinted,
}

/// Which number of the last round is the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Median,
    Mean,
}

/// The challenge model under one profile, read at one point.
#[derive(Debug, Clone, Copy)]
pub struct Challenge {
    id: &'static str,
    title: &'static str,
    profile: Profile,
    point: Point,
}

/// Fits the published table; the forecast is the weighted median of the last round.
pub static AS_RUN: Challenge = Challenge {
    id: "scholz-as-run",
    title: "Challenge model, profile that fits the published table",
    profile: Profile::AsRun,
    point: Point::Median,
};

/// The same run, read at the weighted mean.
pub static AS_RUN_MEAN: Challenge = Challenge {
    id: "scholz-as-run-mean",
    title: "Challenge model as run, read at the weighted mean",
    profile: Profile::AsRun,
    point: Point::Mean,
};

/// The equations as they are printed.
pub static AS_PRINTED: Challenge = Challenge {
    id: "scholz-as-printed",
    title: "Challenge model, equations as printed",
    profile: Profile::AsPrinted,
    point: Point::Median,
};

/// How an actor sees its relation to a rival, by the signs and sizes of the two expected utilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Octant {
    /// Both would challenge, the focus gains more.
    ConflictWon,
    /// Both would challenge, the rival gains more.
    ConflictLost,
    /// Only the focus would challenge and gains more than the rival loses: the rival gives in.
    Compels,
    /// Only the focus would challenge, but the rival loses more than it gains: the rival meets it.
    CompromiseWon,
    /// Only the rival would challenge and gains more than the focus loses: the focus meets it.
    CompromiseLost,
    /// Only the rival would challenge, and the focus loses at least as much: it gives in.
    Capitulates,
    /// Nobody would challenge.
    Stalemate,
}

/// Expected utilities closer than this are equal: rounding must not decide who moves.
const EVEN: f64 = 1e-12;

/// The octant of `a = E^i(U_ij)` (focus) and `b = E^i(U_ji)` (rival).
pub fn octant(a: f64, b: f64) -> Octant {
    match (a > EVEN, b > EVEN) {
        (true, true) if b > a + EVEN => Octant::ConflictLost,
        (true, true) => Octant::ConflictWon,
        (true, false) if a > EVEN - b => Octant::Compels,
        (true, false) => Octant::CompromiseWon,
        (false, true) if a >= -EVEN => Octant::Stalemate,
        (false, true) if b > EVEN - a => Octant::CompromiseLost,
        (false, true) => Octant::Capitulates,
        (false, false) => Octant::Stalemate,
    }
}

/// What the model computes before anybody moves in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// Security `Σ_j E^i(U_ji)` with exponent 1, by actor; the lower, the more threatened.
    pub security: Vec<f64>,
    /// Risk exponents `r_i` in `[1/2, 2]`; above 1 avoids risk.
    pub exponents: Vec<f64>,
    /// `(E^i(U_ij), E^i(U_ji))` by focus `i` and rival `j`; `(0, 0)` on the diagonal.
    pub quadrants: Vec<Vec<(f64, f64)>>,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeRun {
    /// Weighted median after each round.
    pub medians: Vec<f64>,
    /// Weighted mean after each round.
    pub means: Vec<f64>,
    /// What the actors saw at the start of each round.
    pub rounds: Vec<Round>,
    /// Who moved whom, in order.
    pub moves: Vec<Move>,
    /// Where everybody stands at the end.
    pub positions: Vec<f64>,
}

/// Saliences as shares in `[0, 1]`: as they are up to 1, per cent up to 100, else of the largest.
pub(crate) fn salience_shares(issue: &PositionIssue) -> Vec<f64> {
    let largest = issue.actors().iter().fold(0.0_f64, |m, a| m.max(a.salience));
    let unit = if largest <= 1.0 { 1.0 } else { largest.max(100.0) };
    issue.actors().iter().map(|a| a.salience / unit).collect()
}

/// The numbers of one draw and the room to compute a round in, reused from draw to draw.
///
/// # Model
/// With `d_ij = |x_i − x_j|/R`, `R` the width of the issue's scale, `T = Q = 1`:
/// votes `v_k^{ij} = c_k s_k (d_kj^{r_k} − d_ki^{r_k})`,
/// `P_ij = Σ_k max(0, v_k^{ij}) / D` (`D` by [`Profile`]),
/// `E^i(U_ij) = s_j (P_ij u_s + (1 − P_ij) u_f) + (1 − s_j) u_s − u_q` with
/// `u_s = 2 − 4(½ − ½d)^{r_i}`, `u_f = 2 − 4(½ + ½d)^{r_i}`, `u_q = 2 − 4·½^{r_i}`;
/// `R_i = (2 S_i − max S − min S)/(max S − min S)`, `r_i = (1 − R_i/3)/(1 + R_i/3)` from the
/// security `S_i = Σ_j E^i(U_ji)` at exponent 1.
///
/// # Reference
/// Bueno de Mesquita 1994, in Bueno de Mesquita & Stokman; Scholz, Calbert & Smith 2011,
/// ICAART 2011, doi 10.5220/0003121500180030.
#[derive(Debug, Clone)]
pub(super) struct Kernel {
    pub(super) n: usize,
    pub(super) x: Vec<f64>,
    pub(super) weight: Vec<f64>,
    salience: Vec<f64>,
    pub(super) range: f64,
    /// Row i, column k: `w_k d_ki^{r_k}`.
    vote: Vec<f64>,
    /// Row i, column j: `P_ij`.
    pub(super) p: Vec<f64>,
    /// Row i, column j: ln d, ln(½ − ½d), ln(½ + ½d).
    logs: Vec<[f64; 3]>,
    security: Vec<f64>,
    exponent: Vec<f64>,
    pub(super) next: Vec<f64>,
}

/// The best step an actor was offered so far in one of the three classes.
#[derive(Clone, Copy)]
struct Offer {
    rival: usize,
    to: f64,
    /// Smaller is chosen.
    key: f64,
    /// Larger is chosen among equal keys.
    push: f64,
    /// How far `to` lies from the weighted mean: smaller is chosen if all else is equal, so that
    /// neither the order of the actors nor the direction of the scale decides.
    off: f64,
}

impl Kernel {
    pub(super) fn new(issue: &PositionIssue) -> Self {
        let n = issue.actors().len();
        let mut kernel = Self {
            n,
            x: issue.positions(),
            weight: Vec::new(),
            salience: salience_shares(issue),
            range: issue.width(),
            vote: vec![0.0; n * n],
            p: vec![0.0; n * n],
            logs: vec![[0.0; 3]; n * n],
            security: vec![0.0; n],
            exponent: vec![1.0; n],
            next: vec![0.0; n],
        };
        let amounts =
            issue.actors().iter().zip(&kernel.salience).map(|(a, s)| a.capability * s).collect();
        kernel.weight = super::shares(amounts);
        kernel
    }

    /// `P` from the votes in `self.vote`.
    fn probabilities(&mut self, profile: Profile) {
        let n = self.n;
        let mut all = 0.0;
        for i in 0..n {
            self.next[i] = self.vote[i * n..][..n].iter().sum();
        }
        for i in 0..n {
            for j in i + 1..n {
                let cast = apart(&self.vote[i * n..][..n], &self.vote[j * n..][..n]);
                // Σ max(0, v) and Σ max(0, −v) from Σ|v| and Σv.
                let net = self.next[j] - self.next[i];
                all += 2.0 * cast;
                self.p[i * n + j] = (0.5 * (cast + net)).max(0.0);
                self.p[j * n + i] = (0.5 * (cast - net)).max(0.0);
            }
        }
        for i in 0..n {
            for j in i + 1..n {
                let (a, b) = (i * n + j, j * n + i);
                let d = if profile == Profile::AsRun { all } else { self.p[a] + self.p[b] };
                // No votes at all: a fair coin.
                let share = |v: f64| if d > 0.0 { v / d } else { 0.5 };
                (self.p[a], self.p[b]) = (share(self.p[a]), share(self.p[b]));
            }
        }
    }

    /// Distances, security, exponents and the probabilities at those exponents.
    pub(super) fn look(&mut self, profile: Profile) {
        let n = self.n;
        for i in 0..n {
            self.vote[i * n + i] = 0.0;
            for j in i + 1..n {
                let d = (self.x[i] - self.x[j]).abs() / self.range;
                self.vote[i * n + j] = self.weight[j] * d;
                self.vote[j * n + i] = self.weight[i] * d;
            }
        }
        self.probabilities(profile);
        for i in 0..n {
            self.security[i] = 0.0;
            for j in 0..n {
                // At exponent 1: u_s = 2d, u_f = −2d, u_q = 0.
                let d = (self.x[i] - self.x[j]).abs() / self.range;
                let p = self.p[j * n + i];
                let s = self.salience[i];
                if i != j {
                    self.security[i] += 2.0 * d * (s * (2.0 * p - 1.0) + 1.0 - s);
                }
            }
        }
        let (min, max) = self
            .security
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &s| (a.min(s), b.max(s)));
        for i in 0..n {
            let risk = if max - min > 1e-12 {
                (2.0 * self.security[i] - max - min) / (max - min)
            } else {
                0.0
            };
            self.exponent[i] = (1.0 - risk / 3.0) / (1.0 + risk / 3.0);
        }
        for i in 0..n {
            for j in i + 1..n {
                let d = (self.x[i] - self.x[j]).abs() / self.range;
                let logs = [libm::log(d), libm::log(0.5 - 0.5 * d), libm::log(0.5 + 0.5 * d)];
                (self.logs[i * n + j], self.logs[j * n + i]) = (logs, logs);
                // ln 0 is −∞ and exp of it 0, which is what a position shared with a rival is worth.
                self.vote[i * n + j] = self.weight[j] * libm::exp(self.exponent[j] * logs[0]);
                self.vote[j * n + i] = self.weight[i] * libm::exp(self.exponent[i] * logs[0]);
            }
        }
        self.probabilities(profile);
    }

    /// `(E^i(U_ij), E^i(U_ji))`, both with i's exponent; `status_quo` is i's `u_q`.
    pub(super) fn utilities(&self, i: usize, j: usize, status_quo: f64) -> (f64, f64) {
        let (n, r, logs) = (self.n, self.exponent[i], &self.logs[i * self.n + j]);
        let success = 2.0 - 4.0 * libm::exp(r * logs[1]);
        let failure = 2.0 - 4.0 * libm::exp(r * logs[2]);
        let challenge = |p: f64, s: f64| {
            s * (p * success + (1.0 - p) * failure) + (1.0 - s) * success - status_quo
        };
        (
            challenge(self.p[i * n + j], self.salience[j]),
            challenge(self.p[j * n + i], self.salience[i]),
        )
    }

    pub(super) fn status_quo(&self, i: usize) -> f64 {
        2.0 - 4.0 * libm::exp(self.exponent[i] * -core::f64::consts::LN_2)
    }

    /// One round: everybody looks, then everybody moves at once. Reports each step to `step`.
    fn round(&mut self, profile: Profile, mut step: impl FnMut(usize, usize, MoveKind, f64, f64)) {
        self.look(profile);
        let tie = 1e-9 * self.range;
        let centre = mean(&self.x, &self.weight);
        for i in 0..self.n {
            self.next[i] = self.x[i];
            let quo = self.status_quo(i);
            // Conflict, then compromise, then capitulation.
            let mut best: [Option<Offer>; 3] = [None; 3];
            for j in 0..self.n {
                let way = self.x[j] - self.x[i];
                if way == 0.0 {
                    continue;
                }
                let (a, b) = self.utilities(i, j, quo);
                let (class, to, key) = match octant(a, b) {
                    Octant::ConflictLost => (0, self.x[j], way.abs()),
                    Octant::CompromiseLost => {
                        let to = self.x[i] + way * (-a / b);
                        let weighted = (b * self.x[j] - a * self.x[i]) / (b - a);
                        let asked = (to - self.x[i]).abs();
                        (1, to, if profile == Profile::AsRun { weighted } else { asked })
                    }
                    Octant::Capitulates => (2, self.x[j], way.abs()),
                    _ => continue,
                };
                let off = (to - centre).abs();
                let offer = Offer { rival: j, to, key, push: b, off };
                let better = |old: Offer| {
                    let level = (key - old.key).abs() <= tie;
                    let even = (b - old.push).abs() <= EVEN;
                    key < old.key - tie
                        || (level && b > old.push + EVEN)
                        || (level && even && off < old.off - tie)
                };
                if best[class].is_none_or(better) {
                    best[class] = Some(offer);
                }
            }
            let kinds = [MoveKind::Conflict, MoveKind::Compromise, MoveKind::Capitulation];
            if let Some((offer, kind)) =
                best.iter().zip(kinds).find_map(|(o, kind)| o.map(|o| (o, kind)))
            {
                self.next[i] = offer.to;
                step(i, offer.rival, kind, self.x[i], offer.to);
            }
        }
        core::mem::swap(&mut self.x, &mut self.next);
    }

    /// The weighted median as in [`median`], without allocating.
    fn median(&mut self, order: &mut [usize]) -> f64 {
        for (k, o) in order.iter_mut().enumerate() {
            *o = k;
        }
        order.sort_unstable_by(|&a, &b| self.x[a].total_cmp(&self.x[b]));
        let mut sum = 0.0;
        for (k, &at) in order.iter().enumerate() {
            sum += self.weight[at];
            if sum >= 0.5 - EVEN {
                let tie = sum <= 0.5 + EVEN;
                // The next position that anybody with weight holds.
                let next = order[k + 1..].iter().find(|&&o| self.weight[o] > 0.0);
                return match next {
                    Some(&next) if tie => 0.5 * (self.x[at] + self.x[next]),
                    _ => self.x[at],
                };
            }
        }
        f64::NAN
    }
}

/// `Σ |b_k − a_k|`, in four sums side by side.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    let (a4, a1) = a.as_chunks::<4>();
    let (b4, b1) = b.as_chunks::<4>();
    let mut sum = [0.0; 4];
    for (a, b) in a4.iter().zip(b4) {
        for k in 0..4 {
            sum[k] += (b[k] - a[k]).abs();
        }
    }
    let rest: f64 = a1.iter().zip(b1).map(|(a, b)| (b - a).abs()).sum();
    (sum[0] + sum[1]) + (sum[2] + sum[3]) + rest
}

/// Runs the model for `rounds` rounds, all numbers kept. Stops early when nobody moves.
pub fn run(issue: &PositionIssue, profile: Profile, rounds: usize) -> ChallengeRun {
    let mut kernel = Kernel::new(issue);
    let mut run = ChallengeRun {
        medians: Vec::new(),
        means: Vec::new(),
        rounds: Vec::new(),
        moves: Vec::new(),
        positions: Vec::new(),
    };
    for round in 1..=rounds {
        let before = run.moves.len();
        let moves = &mut run.moves;
        kernel.round(profile, |actor, rival, kind, from, to| {
            moves.push(Move { round, actor, rival, kind, from, to });
        });
        let quadrant = |i: usize, j: usize| {
            if i == j { (0.0, 0.0) } else { kernel.utilities(i, j, kernel.status_quo(i)) }
        };
        run.rounds.push(Round {
            security: kernel.security.clone(),
            exponents: kernel.exponent.clone(),
            quadrants: (0..kernel.n)
                .map(|i| (0..kernel.n).map(|j| quadrant(i, j)).collect())
                .collect(),
        });
        run.medians.push(median(&kernel.x, &kernel.weight));
        run.means.push(mean(&kernel.x, &kernel.weight));
        if run.moves.len() == before {
            break;
        }
    }
    run.positions = kernel.x;
    run
}

/// The weighted medians of `draws` runs whose inputs vary by up to `spread` each way.
///
/// # Model
/// Every position is drawn triangularly within `± spread` of the scale's width (cut at its ends),
/// every capability and salience within `± spread` of itself; `spread` is cut to `[0, 1]`.
/// The uniform behind an input is a function of seed, draw and input alone.
pub fn monte_carlo(
    issue: &PositionIssue,
    profile: Profile,
    rounds: usize,
    spread: f64,
    draws: usize,
    seed: u64,
) -> Vec<f64> {
    let spread = if spread.is_finite() { spread.clamp(0.0, 1.0) } else { 0.0 };
    let mut kernel = Kernel::new(issue);
    let salience = kernel.salience.clone();
    let mut order = vec![0; kernel.n];
    let mut out = Vec::with_capacity(draws);
    for draw in 0..draws {
        // The sum of two uniforms, centred: triangular on ±1.
        let tri = |input: usize| {
            let u = |half| uniform(seed, draw as u64, 2 * input as u64 + half);
            u(0) + u(1) - 1.0
        };
        let mut total = 0.0;
        for (i, a) in issue.actors().iter().enumerate() {
            let x = a.position + spread * issue.width() * tri(3 * i);
            kernel.x[i] = x.clamp(issue.lo(), issue.hi());
            let c = a.capability * (1.0 + spread * tri(3 * i + 1));
            kernel.salience[i] = (salience[i] * (1.0 + spread * tri(3 * i + 2))).min(1.0);
            kernel.weight[i] = c * kernel.salience[i];
            total += kernel.weight[i];
        }
        for w in &mut kernel.weight {
            *w = if total > 0.0 { *w / total } else { 1.0 / kernel.n as f64 };
        }
        for _ in 0..rounds {
            let mut moved = false;
            kernel.round(profile, |_, _, _, _, _| moved = true);
            if !moved {
                break;
            }
        }
        out.push(kernel.median(&mut order));
    }
    out
}

impl PositionModel for Challenge {
    fn id(&self) -> &'static str {
        self.id
    }
    fn title(&self) -> &'static str {
        self.title
    }
    fn reference(&self) -> &'static str {
        "Bueno de Mesquita 1994; Scholz, Calbert & Smith 2011"
    }
    fn cubic(&self) -> bool {
        true
    }
    fn forecast(&self, issue: &PositionIssue, rounds: usize) -> PositionForecast {
        let run = run(issue, self.profile, rounds);
        let ends = match self.point {
            Point::Median => run.medians.last(),
            Point::Mean => run.means.last(),
        };
        let start = || match self.point {
            Point::Median => median(&issue.positions(), &issue.weights()),
            Point::Mean => mean(&issue.positions(), &issue.weights()),
        };
        let point = ends.copied().unwrap_or_else(start);
        PositionForecast { point, distribution: Distribution::point(point), moves: run.moves }
    }
    fn reverses(&self) -> bool {
        // The smallest weighted mean among compromises is the largest one of the reversed scale.
        self.profile == Profile::AsPrinted
    }
}
