//! The constants of the clock, and the table that says where each comes from.

use super::InputId;

/// The clock's constants; each is an input like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constants {
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
    /// The part of `zref` that the share with a zone never falls below, per cent.
    pub reopens: InputId,
    /// The least chance that a priced deadline settles what is open and has a zone, per cent.
    pub settles: InputId,
    /// The same of a round meant to decide.
    pub decides: InputId,
    /// What a suspension leaves of the hazard of agreement, per cent.
    pub paused: InputId,
    /// How far ahead the forecast runs, days.
    pub horizon: i32,
}

/// A coefficient of the clock or the model: its default and where that comes from.
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

const fn row(
    name: &'static str,
    default: &'static str,
    scale: (f64, f64),
    unit: &'static str,
    source: &'static str,
) -> Coefficient {
    Coefficient { name, default, scale, unit, source }
}

/// Where a default comes from the class of the case.
const CLASS: &str = "the class of past negotiations";
const SPLIT: &str =
    "the class of past negotiations; which ending is which, and the range, are judgement";

/// Every coefficient of `[constants]`, in the order of the output.
#[rustfmt::skip]
pub const COEFFICIENTS: [Coefficient; 12] = [
    row("zref", "35..50..65", (1.0, 100.0), "%", CLASS),
    row("gref", "18..28..42", (1.0, 100.0), "% of utility", "judgement"),
    row("gamma", "0..1..2", (0.0, 4.0), "exponent", "judgement between the laboratory and the field"),
    row("chi", "1..2..3", (0.1, 20.0), "ratio", "judgement"),
    row("window", "30", (1.0, 365.0), "days", "judgement"),
    row("breakdown", "70..80..90", (0.0, 100.0), "% of other endings", SPLIT),
    row("suspension", "2..12..22", (0.0, 100.0), "% of other endings", SPLIT),
    row("interim", "0..8..18", (0.0, 100.0), "% of other endings", SPLIT),
    row("reopens", "25..50..100", (1.0, 100.0), "% of zref", "judgement"),
    row("settles", "60..80..95", (0.0, 99.0), "%", "judgement between how often funding and contracts lapsed (CRS RS20348, Gramm 1987) and deadline effects (Roth, Murnighan & Schoumaker 1988)"),
    row("decides", "35..60..85", (0.0, 99.0), "%", "judgement"),
    row("paused", "25", (0.0, 100.0), "%", "judgement"),
];

/// The weight of the structure against the class: `clock.pool`.
#[rustfmt::skip]
pub const POOL: Coefficient = row("pool", "20..50..80", (0.0, 100.0), "%", "judgement");

impl Constants {
    /// Those with these inputs, in the order of [`COEFFICIENTS`].
    pub fn new(inputs: [InputId; 12], horizon: i32) -> Self {
        let [
            zref,
            gref,
            gamma,
            chi,
            window,
            breakdown,
            suspension,
            interim,
            reopens,
            settles,
            decides,
            paused,
        ] = inputs;
        Self {
            zref,
            gref,
            gamma,
            chi,
            window,
            breakdown,
            suspension,
            interim,
            reopens,
            settles,
            decides,
            paused,
            horizon,
        }
    }

    /// The inputs in the order of [`COEFFICIENTS`].
    pub fn inputs(&self) -> [InputId; 12] {
        [
            self.zref,
            self.gref,
            self.gamma,
            self.chi,
            self.window,
            self.breakdown,
            self.suspension,
            self.interim,
            self.reopens,
            self.settles,
            self.decides,
            self.paused,
        ]
    }
}
