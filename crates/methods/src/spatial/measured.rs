//! How each model did on real decisions: the numbers shown beside its forecasts.
//!
//! From `winset backtest deu DIR --split train`; a test of the command compares them with the
//! command. The predictive mixture is shown with its nested cross-validation (`cargo xtask study
//! deu`), since it was fitted on the same split.

/// What the numbers were measured on.
pub const SOURCE: &str = "223 issues of 85 EU proposals, 1999–2019 (DEU III, train split; \
                          Arregui & Perarnaud 2021, doi 10.34810/data53)";

/// The measured accuracy of one model, on a scale of 0–100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The model's id.
    pub id: &'static str,
    /// Mean absolute error of the point.
    pub mae: f64,
    /// Mean continuous ranked probability score; the MAE for a model that claims certainty.
    pub crps: f64,
    /// Whether the numbers come from cross-validation.
    pub held_out: bool,
}

const fn measured(id: &'static str, mae: f64, crps: f64) -> Measured {
    Measured { id, mae, crps, held_out: false }
}

/// One entry a model.
pub static MEASURED: &[Measured] = &[
    measured("weighted-mean", 24.15, 24.15),
    measured("mean", 24.84, 24.84),
    measured("median", 30.17, 30.17),
    measured("weighted-median", 30.29, 30.29),
    measured("condorcet", 30.15, 30.15),
    measured("win-set", 31.28, 27.08),
    measured("core", 25.37, 20.79),
    measured("scholz-as-run", 32.92, 32.92),
    measured("scholz-as-run-mean", 27.32, 27.32),
    measured("scholz-as-printed", 29.85, 29.85),
    measured("condorcet-election", 23.97, 17.44),
    measured("quantal-challenge", 23.97, 21.32),
    measured("nash", 39.40, 39.40),
    measured("positions", 24.15, 18.63),
    measured("reference-mass", 25.69, 20.94),
    Measured { id: "predictive", mae: 22.77, crps: 16.15, held_out: true },
];

/// The ids of models that nobody has measured yet: the data may not be carried by the project. Who has
/// them runs the back-test, and the id becomes an entry of [`MEASURED`]; until then a forecast is shown
/// without accuracy.
pub static PENDING: &[&str] = &[];

/// The measured accuracy of the model with this id; `None` while it is pending.
pub fn of(id: &str) -> Option<&'static Measured> {
    MEASURED.iter().find(|m| m.id == id)
}
