//! From the record to beliefs: what was said, by whom and how, becomes a path of positions with
//! its error.
//!
//! A statement is a noisy, biased and possibly false reading of a position. Short paths are
//! smoothed exactly on a grid of nodes ([`point_mass`]), long ones by reweighted least squares
//! around a Kalman smoother ([`irls`]); scales and biases are pooled over the case ([`fit`]).
//! All but [`readings`], which reads a record against a case, know day numbers and plain values
//! alone.

pub mod change_points;
mod design;
mod follow;
pub mod indices;
pub mod irls;
pub mod kalman;
mod laplace;
pub mod point_mass;
mod pool;
pub mod readings;
mod series;
mod student;
mod toeplitz;

pub use follow::{DayBelief, Follower};
pub use pool::{BeliefPoint, Beliefs, Current, Hyper, PathBelief, filtered, fit};
pub use student::StudentT;

/// What a statement is a reading of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingKind {
    /// The position itself.
    Ideal,
    /// A public bid, read with the side's posture offset: demands exaggerate away from the opponent.
    Demand,
}

/// One statement as a reading of one position.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Index of the entry in the record; comes back with its weight.
    pub id: usize,
    /// Day number on which it was said.
    pub day: i32,
    /// Coded position, 0 to 100.
    pub value: f64,
    /// Standard deviation of the coded range, in points of the scale; 0 if coded as a point.
    pub sd: f64,
    /// Probability that the statement is a reading of the position at all, 0 to 1.
    pub p_true: f64,
    /// Ideal or demand. Red lines are no readings of an ideal and do not come here.
    pub kind: ReadingKind,
    /// Channel of the statement; with `audience` it names the bias group.
    pub channel: usize,
    /// Audience of the statement.
    pub audience: usize,
    /// What the statement goes back to. Of one origin a path counts one reading: the one with the
    /// highest `p_true`, the first of equals.
    pub origin: usize,
    /// Where this speaker's demands exaggerate to, away from the opponent: +1 or −1; 0 if unknown.
    pub direction: f64,
}

/// The readings of one actor on one issue, and what is believed before any of them.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingPath {
    /// Mean of the position before the first reading, 0 to 100.
    pub prior_mean: f64,
    /// Its standard deviation, positive.
    pub prior_sd: f64,
    /// Number of the side whose posture offset its demands share.
    pub side: usize,
    /// Readings in order of day.
    pub readings: Vec<Reading>,
}

/// Median and sd of the logarithm of a scale that is known only roughly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    /// Median, positive.
    pub median: f64,
    /// Standard deviation of the logarithm; not negative, 0 fixes the scale.
    pub log_sd: f64,
}

/// The constants of the belief model, each with its source.
#[derive(Clone, Debug, PartialEq)]
pub struct BeliefSettings {
    /// Degrees of freedom of the innovation, each equally likely before the record is read, one for the whole case:
    /// 1, the Cauchy, so that a real shift is followed at once, and `f64::INFINITY`, the Gaussian, for a walk without
    /// shifts (judgement). A single one tells the model.
    pub nu_innovation: Vec<f64>,
    /// Degrees of freedom of the truthful statement: 4 (Lange, Little & Taylor 1989).
    pub nu_observation: f64,
    /// Standard deviation of a Gaussian innovation per square root of a day, points; a t has the scale at which its
    /// median move is the same. Median 0.42: the sd of what pooled polls move in a day (Jackman 2005, whose walk is
    /// Gaussian; reproduced here); within a factor of two and a half (judgement).
    pub innovation: LogNormal,
    /// Observation scale beside the coded range, points (judgement: 6 points, within a factor of
    /// one and a half).
    pub observation: LogNormal,
    /// Standard deviation of the bias of a channel and audience, points: 7.5, the prior of Jackman
    /// (2005) for the house effects of pollsters.
    pub bias_sd: f64,
    /// Whether that is the root mean square of an exponential prior of the biases' standard deviation, of which the
    /// record says more, rather than the standard deviation itself: yes, by the study of beliefs.
    pub bias_learned: bool,
    /// Share of the coded variance that is added to the squared scale of the t: a half, so that at ν = 4 a coded range
    /// adds its own variance to that of the statement (1 would add twice as much).
    pub coded_share: f64,
    /// Mean of a side's posture offset, points (judgement).
    pub posture_mean: f64,
    /// Standard deviation of the posture offset, points (judgement).
    pub posture_sd: f64,
    /// Longest path, in counted readings, that is smoothed exactly: 100. The reweighted smoother
    /// is too sure of itself, so the exact one is used for as long as it is affordable.
    pub exact_up_to: usize,
    /// Intervals of the point-mass grid on 0 to 100; 16 to 2,000.
    pub intervals: usize,
    /// A move of at least this many points between two readings counts as a change.
    pub change: f64,
}

impl Default for BeliefSettings {
    fn default() -> Self {
        Self {
            nu_innovation: vec![1.0, f64::INFINITY],
            nu_observation: 4.0,
            innovation: LogNormal { median: 0.42, log_sd: 0.9 },
            observation: LogNormal { median: 6.0, log_sd: 0.4 },
            bias_sd: 7.5,
            bias_learned: true,
            coded_share: 0.5,
            posture_mean: 8.0,
            posture_sd: 6.0,
            exact_up_to: 100,
            intervals: 200,
            change: 10.0,
        }
    }
}

/// Why a belief could not be formed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BeliefError {
    /// A value outside its range: what it is, what was given, what was expected.
    #[error("{what} is {value}, expected {expected}")]
    Invalid {
        /// Which value.
        what: String,
        /// What was given.
        value: f64,
        /// What was expected.
        expected: &'static str,
    },
    /// The readings of a path are not in order of day.
    #[error("the readings of path {path} are not in order of day; sort them first")]
    Order {
        /// Index of the path.
        path: usize,
    },
}

fn check(
    ok: bool,
    what: impl Fn() -> String,
    value: f64,
    expected: &'static str,
) -> Result<(), BeliefError> {
    if ok { Ok(()) } else { Err(BeliefError::Invalid { what: what(), value, expected }) }
}

impl BeliefSettings {
    fn validate(&self) -> Result<(), BeliefError> {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let what = |of: &'static str| move || format!("degrees of freedom of the {of}");
        let kinds = self.nu_innovation.len();
        check(kinds > 0, || "kinds of innovation".into(), kinds as f64, "at least one")?;
        for nu in &self.nu_innovation {
            check(*nu > 0.0, what("innovation"), *nu, "more than 0 (or infinity)")?;
        }
        let nu = self.nu_observation;
        check(nu > 0.0, what("observation"), nu, "more than 0 (or infinity)")?;
        for (what, scale) in
            [("innovation scale", self.innovation), ("observation scale", self.observation)]
        {
            check(positive(scale.median), || what.into(), scale.median, "a positive median")?;
            let ok = scale.log_sd >= 0.0 && scale.log_sd <= 5.0;
            check(ok, || what.into(), scale.log_sd, "a log sd of 0 to 5")?;
        }
        for (what, sd) in [("bias sd", self.bias_sd), ("posture sd", self.posture_sd)] {
            check((0.0..=1e3).contains(&sd), || what.into(), sd, "0 to 1000 points")?;
        }
        check(
            self.posture_mean.is_finite(),
            || "posture mean".into(),
            self.posture_mean,
            "a number",
        )?;
        let share = self.coded_share;
        check(
            (0.0..=1.0).contains(&share),
            || "share of the coded variance".into(),
            share,
            "0 to 1",
        )?;
        check(self.change >= 0.0, || "size of a change".into(), self.change, "0 or more points")?;
        let n = self.intervals;
        check((16..=2000).contains(&n), || "intervals of the grid".into(), n as f64, "16 to 2000")
    }
}

impl ReadingPath {
    fn validate(&self, index: usize) -> Result<(), BeliefError> {
        let name = |what: &str| format!("{what} of path {index}");
        let scale = 0.0..=100.0;
        check(
            scale.contains(&self.prior_mean),
            || name("prior mean"),
            self.prior_mean,
            "0 to 100",
        )?;
        let ok = self.prior_sd > 0.0 && self.prior_sd <= 1e4;
        check(ok, || name("prior sd"), self.prior_sd, "a positive number of points")?;
        for r in &self.readings {
            let name = |what: &str| format!("{what} of entry {}", r.id);
            check(scale.contains(&r.value), || name("value"), r.value, "0 to 100")?;
            check(r.sd >= 0.0 && r.sd <= 1e4, || name("sd"), r.sd, "0 or more points")?;
            check((0.0..=1.0).contains(&r.p_true), || name("p_true"), r.p_true, "0 to 1")?;
            check(r.direction.abs() <= 1.0, || name("direction"), r.direction, "-1, 0 or 1")?;
        }
        if self.readings.windows(2).any(|w| w[0].day > w[1].day) {
            return Err(BeliefError::Order { path: index });
        }
        Ok(())
    }
}
