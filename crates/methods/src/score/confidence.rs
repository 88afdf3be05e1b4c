//! Suggested confidence: what the evidence supports, apart from how likely anything is.

/// How much weight a judgement bears, an axis of its own beside likelihood.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Thin, poorly corroborated or conflicting.
    Low,
    /// Credible, but not of enough quality or corroboration for more.
    Moderate,
    /// Good sources, independent of each other, and theories that agree.
    High,
}

impl Level {
    /// The word: `low`, `moderate`, `high`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

/// What a suggestion rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Number of independent origins: see [`winset_model::support`].
    pub origins: usize,
    /// Share of the evidence's weight that the largest origin carries, in `[0, 1]`.
    pub largest_origin: f64,
    /// Share of the evidence's weight graded B2 or better, in `[0, 1]`.
    pub graded_b2: f64,
    /// Share of the outcome's variance carried by inputs that rest on judgement, `[0, 1]`.
    pub judgement_variance: f64,
    /// Number of gaps the analyst has named.
    pub gaps: usize,
    /// Largest less smallest probability among the rival theories, in `[0, 1]`.
    pub theory_spread: f64,
    /// Days from the as-of date to the question's date.
    pub horizon_days: i64,
}

/// One reason for a level.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// What this reason alone would support.
    pub level: Level,
    /// The reason, with its number.
    pub text: String,
    /// Whether it caps the level, whatever the others say.
    pub caps: bool,
}

/// A level with its reasons, and the analyst's own if it was overridden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// What the rules suggest.
    pub suggested: Level,
    /// The reasons, in a fixed order: the four criteria, then what lowers or caps the level.
    pub reasons: Vec<Reason>,
    /// The analyst's level and why.
    pub overridden: Option<(Level, String)>,
}

impl Assessed {
    /// The level to state: the analyst's if there is one, else the suggestion.
    pub fn level(&self) -> Level {
        self.overridden.as_ref().map_or(self.suggested, |o| o.0)
    }

    /// The same suggestion, overridden; `None` if the reason is blank.
    pub fn with_override(mut self, level: Level, reason: &str) -> Option<Self> {
        let reason = reason.trim();
        if reason.is_empty() {
            return None;
        }
        self.overridden = Some((level, reason.to_string()));
        Some(self)
    }
}

/// Suggests a level of confidence from the evidence.
///
/// # Model
/// Each of four criteria supports a level: independent origins (5 or more, 2 or more), weight graded B2 or
/// better (60 %, 30 %), variance resting on judgement (at most 30 %, 60 %), spread between theories (at most
/// 10, 25 points). *High* takes all of them at high, since a chain is as strong as its weakest link
/// (judgement); two or more at low, or no origin at all, give *low*; everything else is *moderate*. Named gaps
/// only lower: two cap at moderate, four count as a criterion at low; naming none says nothing. Capped at
/// moderate beyond 365 days, too, or when one origin carries over half the weight. A number that is not known
/// (not finite) supports *low*.
///
/// # Reference
/// Criteria after ICD 203 (2015), section D.6; the thresholds and the rule are judgement.
pub fn suggest_confidence(e: &Evidence) -> Assessed {
    use Level::{High, Low, Moderate};
    let at_least = |x: f64, high: f64, moderate: f64| match x {
        x if x >= high => High,
        x if x >= moderate => Moderate,
        _ => Low,
    };
    let at_most = |x: f64, high: f64, moderate: f64| match x {
        x if x <= high => High,
        x if x <= moderate => Moderate,
        _ => Low,
    };
    let percent = |x: f64| match x.is_finite() {
        true => (100.0 * x).round().to_string(),
        false => "an unknown".to_string(),
    };
    let reason = |level, text| Reason { level, text, caps: false };
    let mut reasons = vec![
        reason(
            at_least(e.origins as f64, 5.0, 2.0),
            format!("{} independent {}", e.origins, plural(e.origins, "origin")),
        ),
        reason(
            at_least(e.graded_b2, 0.6, 0.3),
            format!("{} % of the evidence is graded B2 or better", percent(e.graded_b2)),
        ),
        reason(
            at_most(e.judgement_variance, 0.3, 0.6),
            format!("{} % of the variance rests on judgement", percent(e.judgement_variance)),
        ),
        reason(
            at_most(e.theory_spread, 0.1, 0.25),
            match percent(e.theory_spread).as_str() {
                "1" => "theories differ by 1 point".to_string(),
                points => format!("theories differ by {points} points"),
            },
        ),
    ];
    let high = reasons.iter().all(|r| r.level == High);
    let gaps = || format!("{} named {}", e.gaps, plural(e.gaps, "gap"));
    if e.gaps > 3 {
        reasons.push(reason(Low, gaps()));
    }
    let low = reasons.iter().filter(|r| r.level == Low).count();
    let mut suggested = match high && low == 0 {
        true => High,
        false if low >= 2 || e.origins == 0 => Low,
        false => Moderate,
    };
    let cap = |text| Reason { level: Moderate, text, caps: true };
    if (2..=3).contains(&e.gaps) {
        reasons.push(cap(gaps()));
    }
    if e.horizon_days > 365 {
        reasons.push(cap(format!("{} days ahead, more than a year", e.horizon_days)));
    }
    if e.largest_origin > 0.5 {
        reasons.push(cap(format!(
            "one origin carries {} % of the weight, more than half",
            percent(e.largest_origin)
        )));
    }
    if reasons.iter().any(|r| r.caps) {
        suggested = suggested.min(Moderate);
    }
    Assessed { suggested, reasons, overridden: None }
}

fn plural(n: usize, word: &str) -> String {
    if n == 1 { word.to_string() } else { format!("{word}s") }
}
