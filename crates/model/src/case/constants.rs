//! The constants of the calendar, and the table that says where each comes from.

use super::InputId;

/// The calendar's constants; each is an input like any other.
#[derive(Clone, Copy, Debug)]
pub struct Constants {
    /// Agreement hazard averaged over cases, per day.
    pub base: InputId,
    /// Share of past cases that had a zone, per cent.
    pub zref: InputId,
    /// Room of a typical case with a zone, per cent of utility.
    pub gref: InputId,
    /// How strongly room moves the hazard.
    pub gamma: InputId,
    /// How much faster talks without a zone end otherwise.
    pub chi: InputId,
    /// How far a spoiler looks ahead, days.
    pub window: InputId,
    /// Share of breakdown among other endings, per cent.
    pub breakdown: InputId,
    /// Share of suspension among other endings, per cent.
    pub suspension: InputId,
    /// Share of interim understandings among other endings, per cent.
    pub interim: InputId,
    /// Extra weight of a day on which a round is certain to be held.
    pub round_weight: InputId,
    /// Extra weight of each of the last days before a hard deadline.
    pub deadline_weight: InputId,
    /// How many last days count.
    pub deadline_days: InputId,
    /// How far ahead the calendar runs, days.
    pub horizon: i32,
}

/// A coefficient of the calendar or the model: its default and where that comes from.
#[derive(Clone, Copy, Debug)]
pub struct Coefficient {
    /// The key in `[constants]`.
    pub name: &'static str,
    /// The default as written in a file.
    pub default: &'static str,
    /// The smallest and largest value allowed.
    pub scale: (f64, f64),
    /// The unit.
    pub unit: &'static str,
    /// The source, or "judgement".
    pub source: &'static str,
}

const ICB: &str = "ICB v14/v16, daily agreement hazard over 16 strata (Brecher & Wilkenfeld 1997)";

/// Every coefficient, in the order of the output.
pub const COEFFICIENTS: [Coefficient; 12] = [
    Coefficient {
        name: "base",
        default: "gamma(5.3, 2275)",
        scale: (0.0, 1.0),
        unit: "per day",
        source: ICB,
    },
    Coefficient {
        name: "zref",
        default: "35..50..70",
        scale: (1.0, 100.0),
        unit: "%",
        source: "judgement",
    },
    Coefficient {
        name: "gref",
        default: "15..25..40",
        scale: (1.0, 100.0),
        unit: "% of utility",
        source: "judgement",
    },
    Coefficient {
        name: "gamma",
        default: "0..0.5..1",
        scale: (0.0, 4.0),
        unit: "exponent",
        source: "judgement",
    },
    Coefficient {
        name: "chi",
        default: "1..2..3",
        scale: (0.1, 20.0),
        unit: "ratio",
        source: "judgement",
    },
    Coefficient {
        name: "window",
        default: "30",
        scale: (1.0, 365.0),
        unit: "days",
        source: "judgement",
    },
    Coefficient {
        name: "breakdown",
        default: "20..40..60",
        scale: (0.0, 100.0),
        unit: "% of other endings",
        source: "judgement",
    },
    Coefficient {
        name: "suspension",
        default: "20..40..60",
        scale: (0.0, 100.0),
        unit: "% of other endings",
        source: "judgement",
    },
    Coefficient {
        name: "interim",
        default: "10..20..30",
        scale: (0.0, 100.0),
        unit: "% of other endings",
        source: "judgement",
    },
    Coefficient {
        name: "round_weight",
        default: "5",
        scale: (0.0, 100.0),
        unit: "days' worth",
        source: "judgement",
    },
    Coefficient {
        name: "deadline_weight",
        default: "3",
        scale: (0.0, 100.0),
        unit: "days' worth",
        source: "judgement; hard deadlines only (Yildiz 2004)",
    },
    Coefficient {
        name: "deadline_days",
        default: "7",
        scale: (0.0, 365.0),
        unit: "days",
        source: "judgement",
    },
];

/// The default of `base` where the talks are mediated: the same shape, mean 0.0046 a day.
pub const MEDIATED_BASE: &str = "gamma(5.3, 1152.173913)";

impl Constants {
    /// The inputs in the order of [`COEFFICIENTS`].
    pub fn inputs(&self) -> [InputId; 12] {
        [
            self.base,
            self.zref,
            self.gref,
            self.gamma,
            self.chi,
            self.window,
            self.breakdown,
            self.suspension,
            self.interim,
            self.round_weight,
            self.deadline_weight,
            self.deadline_days,
        ]
    }
}
