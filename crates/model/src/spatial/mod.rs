//! Who wants what on one issue, how much they care, and what they weigh.

/// One actor on one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// What the actor is called; no model reads it.
    pub name: String,
    /// Potential influence, in any unit, `>= 0`.
    pub capability: f64,
    /// The most favoured outcome, on the issue's scale.
    pub position: f64,
    /// How much of its capability the actor would spend on this issue, in any unit, `>= 0`.
    pub salience: f64,
}

/// Why an issue cannot be modelled.
#[derive(Debug, Clone, PartialEq)]
pub enum SpatialError {
    /// The scale is empty or not finite.
    Scale {
        /// Lower end.
        lo: f64,
        /// Upper end.
        hi: f64,
    },
    /// Nobody holds a position.
    NoActors,
    /// A number is not finite, negative, or off the scale.
    Value {
        /// Whose number, or `reference point`.
        who: String,
        /// Which number.
        what: &'static str,
        /// The number.
        value: f64,
    },
}

impl std::fmt::Display for SpatialError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Scale { lo, hi } => {
                write!(f, "scale `{lo}..{hi}` is empty: expected two numbers, the lower first")
            }
            Self::NoActors => write!(f, "no actor holds a position on this issue"),
            Self::Value { who, what: "position", value } => {
                write!(f, "`{who}`: position `{value}` is not on the scale")
            }
            Self::Value { who, what, value } => {
                write!(f, "`{who}`: {what} `{value}` is not a number from 0 up")
            }
        }
    }
}

impl std::error::Error for SpatialError {}

/// One issue: a scale, the actors on it, and where it stays without a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    lo: f64,
    hi: f64,
    reference: Option<f64>,
    actors: Vec<Actor>,
}

impl Issue {
    /// An issue on the scale `[lo, hi]`, checked.
    ///
    /// # Errors
    /// If the scale is empty, nobody is on it, or a number is not finite, negative or off the scale.
    pub fn new(
        lo: f64,
        hi: f64,
        reference: Option<f64>,
        actors: Vec<Actor>,
    ) -> Result<Self, SpatialError> {
        let scale = lo.is_finite() && hi.is_finite() && lo < hi && (hi - lo).is_finite();
        if !scale {
            return Err(SpatialError::Scale { lo, hi });
        }
        if actors.is_empty() {
            return Err(SpatialError::NoActors);
        }
        let on = |x: f64| x.is_finite() && lo <= x && x <= hi;
        if let Some(value) = reference.filter(|&x| !on(x)) {
            let who = "reference point".to_owned();
            return Err(SpatialError::Value { who, what: "position", value });
        }
        for a in &actors {
            let bad = |what, value| Err(SpatialError::Value { who: a.name.clone(), what, value });
            if !on(a.position) {
                return bad("position", a.position);
            }
            // Products of weights are summed over pairs of pairs: far below overflow, or refused.
            let amount = |v: f64| (0.0..=1e60).contains(&v);
            if !amount(a.capability) {
                return bad("capability", a.capability);
            }
            if !amount(a.salience) {
                return bad("salience", a.salience);
            }
        }
        Ok(Self { lo, hi, reference, actors })
    }

    /// Lower end of the scale.
    pub fn lo(&self) -> f64 {
        self.lo
    }

    /// Upper end of the scale.
    pub fn hi(&self) -> f64 {
        self.hi
    }

    /// Width of the scale, `> 0`.
    pub fn width(&self) -> f64 {
        self.hi - self.lo
    }

    /// Where the issue stays without a decision, if known.
    pub fn reference(&self) -> Option<f64> {
        self.reference
    }

    /// The actors, in the order given.
    pub fn actors(&self) -> &[Actor] {
        &self.actors
    }
}
