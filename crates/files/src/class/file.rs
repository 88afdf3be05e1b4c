//! A fitted class as a TOML file: its numbers, where they come from, and what they do not cover.

use serde::{Deserialize, Serialize};
use winset_model::class::risk::Risk;
use winset_model::class::unseen::UnseenScores;
use winset_model::class::{ClassGroup, GroupedRisk, PastCounts, ReferenceClass};

use crate::diagnostic::{Findings, Source};

/// The first lines of a shipped class.
pub const HEADER: &str = "\
# Written by `cargo xtask study classes -- --write`, which fits the numbers to the past cases and
# keeps the sentences. Hazards are per day; `times` multiplies that of agreement in a group.

";

/// A class that is shipped.
#[derive(Clone, Debug, PartialEq)]
pub struct ShippedClass {
    /// Its name in `[clock] class`.
    pub name: String,
    /// Its name in words.
    pub title: String,
    /// The day its clock starts.
    pub clock: String,
    /// From when to when the past cases are.
    pub period: String,
    /// Where the past cases come from.
    pub source: String,
    /// What it does not cover.
    pub gaps: String,
    /// What a group is, where it has groups.
    pub group_by: Option<String>,
    /// Its numbers.
    pub class: ReferenceClass,
    /// How well it foretold cases left out.
    pub unseen: ClassScores,
}

/// Mean scores of cases left out, by what foretold them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassScores {
    /// Counting: the Aalen–Johansen estimate.
    pub counted: UnseenScores,
    /// The fitted class without groups.
    pub pooled: UnseenScores,
    /// The fitted class with its groups, where it has them.
    pub grouped: Option<UnseenScores>,
}

/// The file, in its order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    name: String,
    title: String,
    clock: String,
    period: String,
    source: String,
    gaps: String,
    zref: [f64; 3],
    cases: CasesPart,
    agreement: RiskPart,
    other: Option<RiskPart>,
    split: SplitPart,
    unseen: ClassScores,
    grouped: Option<GroupedPart>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesPart {
    agreed: usize,
    others: usize,
    open: usize,
}

/// A Weibull (shape, scale) or steps (to, rates).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RiskPart {
    shape: Option<f64>,
    scale: Option<f64>,
    to: Option<Vec<f64>>,
    rates: Option<Vec<f64>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitPart {
    breakdown: f64,
    suspension: f64,
    interim: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupedPart {
    by: String,
    shape: f64,
    scale: f64,
    groups: Vec<ClassGroup>,
}

/// Reads a class; `None` after an error.
pub fn read(source: &Source, findings: &mut Findings) -> Option<ShippedClass> {
    let file: ClassFile = match toml::from_str(&source.text) {
        Ok(file) => file,
        Err(e) => {
            let hint = "a class is written by the study `classes`; restore the file".to_owned();
            let message = e.message().lines().next().unwrap_or("not a class").to_owned();
            findings.error("class", &source.name, e.span(), message, hint);
            return None;
        }
    };
    match file.class() {
        Ok(class) => Some(class),
        Err((key, message)) => {
            // The line of the key, or of the section that lacks it.
            let at = source.text.find(key).map(|k| k..k + key.len());
            let hint = format!("correct `{key}`");
            findings.error("class", &source.name, at, message, hint);
            None
        }
    }
}

/// What is wrong, and the key it is about.
type Unfit = (&'static str, String);

fn unfit<T>(key: &'static str, message: impl Into<String>) -> Result<T, Unfit> {
    Err((key, message.into()))
}

fn positive(key: &'static str, x: f64) -> Result<f64, Unfit> {
    if x.is_finite() && x > 0.0 {
        Ok(x)
    } else {
        unfit(key, format!("`{key}` is {x}, and must be a number above 0"))
    }
}

impl RiskPart {
    fn of(risk: &Risk) -> Self {
        let (mut shape, mut scale, mut to, mut rates) = (None, None, None, None);
        match risk {
            Risk::Weibull { shape: p, scale: b, .. } => (shape, scale) = (Some(*p), Some(*b)),
            Risk::Steps { to: t, rates: r, .. } => {
                (to, rates) = (Some(t.clone()), Some(r.clone()));
            }
        }
        Self { shape, scale, to, rates }
    }

    fn risk(self) -> Result<Risk, Unfit> {
        match (self.shape, self.scale, self.to, self.rates) {
            (Some(shape), Some(scale), None, None) => Ok(Risk::Weibull {
                shape: positive("shape", shape)?,
                scale: positive("scale", scale)?,
                times: 1.0,
            }),
            (None, None, Some(to), Some(rates)) => {
                if rates.len() != to.len() + 1 {
                    let (r, t) = (rates.len(), to.len());
                    return unfit("rates", format!("{r} rates for {t} days: expected one more"));
                }
                if !to.iter().all(|d| d.is_finite()) || !to.is_sorted_by(|a, b| 0.0 < *a && a < b) {
                    return unfit("to", "the last days of the steps do not rise from above 0");
                }
                if !rates.iter().all(|r| r.is_finite() && *r >= 0.0) {
                    return unfit("rates", "a rate is not a number from 0 up");
                }
                Ok(Risk::Steps { to, rates, times: 1.0 })
            }
            _ => unfit("shape", "a risk has `shape` and `scale`, or `to` and `rates`"),
        }
    }
}

impl ClassFile {
    fn class(self) -> Result<ShippedClass, Unfit> {
        let CasesPart { agreed, others, open } = self.cases;
        let counts = PastCounts { agreed, others, open };
        let split = [self.split.breakdown, self.split.suspension, self.split.interim];
        if split.iter().any(|s| !(0.0..=100.0).contains(s)) || split.iter().sum::<f64>() != 100.0 {
            return unfit("split", "the parts of the other endings do not sum to 100");
        }
        let [lo, mode, hi] = self.zref;
        if !(1.0 <= lo && lo <= mode && mode <= hi && hi <= 97.0) {
            return unfit("zref", "the share with a zone is not a rising range within 1..97");
        }
        if (others > 0) != self.other.is_some() {
            return unfit(
                "others",
                format!("{others} cases ended otherwise, but `[other]` differs"),
            );
        }
        let group_by = self.grouped.as_ref().map(|g| g.by.clone());
        Ok(ShippedClass {
            name: self.name,
            title: self.title,
            clock: self.clock,
            period: self.period,
            source: self.source,
            gaps: self.gaps,
            group_by,
            class: ReferenceClass {
                counts,
                agreement: self.agreement.risk()?,
                other: self.other.map(RiskPart::risk).transpose()?,
                grouped: self.grouped.map(|g| g.risk(&counts)).transpose()?,
                split,
                zref: self.zref,
            },
            unseen: self.unseen,
        })
    }
}

impl GroupedPart {
    fn risk(self, counts: &PastCounts) -> Result<GroupedRisk, Unfit> {
        let sum = |f: fn(&ClassGroup) -> usize| self.groups.iter().map(f).sum::<usize>();
        if (sum(|g| g.cases), sum(|g| g.agreed)) != (counts.all(), counts.agreed) {
            return unfit("[[grouped.groups]]", "the groups do not add up to the class");
        }
        if !self.groups.is_sorted_by(|a, b| a.name < b.name) {
            return unfit("[[grouped.groups]]", "the groups are not in the order of their names");
        }
        let agreement = Risk::Weibull {
            shape: positive("shape", self.shape)?,
            scale: positive("scale", self.scale)?,
            times: 1.0,
        };
        for group in &self.groups {
            positive("times", group.times)?;
        }
        Ok(GroupedRisk { agreement, groups: self.groups })
    }
}

/// A class as the text of its file, which [`read`] takes back to the last bit.
///
/// # Errors
/// If its numbers cannot be written as TOML.
pub fn render(shipped: &ShippedClass) -> Result<String, String> {
    let class = &shipped.class;
    let PastCounts { agreed, others, open } = class.counts;
    let [breakdown, suspension, interim] = class.split;
    let grouped = match (&class.grouped, &shipped.group_by) {
        (Some(GroupedRisk { agreement: Risk::Weibull { shape, scale, .. }, groups }), Some(by)) => {
            Some(GroupedPart {
                by: by.clone(),
                shape: *shape,
                scale: *scale,
                groups: groups.clone(),
            })
        }
        _ => None,
    };
    let file = ClassFile {
        name: shipped.name.clone(),
        title: shipped.title.clone(),
        clock: shipped.clock.clone(),
        period: shipped.period.clone(),
        source: shipped.source.clone(),
        gaps: shipped.gaps.clone(),
        zref: class.zref,
        cases: CasesPart { agreed, others, open },
        agreement: RiskPart::of(&class.agreement),
        other: class.other.as_ref().map(RiskPart::of),
        split: SplitPart { breakdown, suspension, interim },
        unseen: shipped.unseen,
        grouped,
    };
    toml::to_string(&file).map(|text| format!("{HEADER}{text}")).map_err(|e| e.to_string())
}
