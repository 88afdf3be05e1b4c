//! Every number of a forecast: what it says, how it is computed and by whom that was proposed.

use serde::Serialize;

/// A number of the output: how it is computed and by whom that was proposed.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Equation {
    /// Its path; capitals stand for ids.
    pub path: &'static str,
    /// What it is.
    #[serde(flatten)]
    pub formula: Formula,
    /// Heads of the paths of the inputs that enter.
    #[serde(skip)]
    pub inputs: &'static [&'static str],
}

/// What a number says, how it is computed and where that comes from.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Formula {
    /// What it says.
    pub meaning: &'static str,
    /// How it is computed.
    pub equation: &'static str,
    /// Where that comes from.
    pub citation: &'static str,
}

impl std::ops::Deref for Equation {
    type Target = Formula;

    fn deref(&self) -> &Formula {
        &self.formula
    }
}

/// Every number of the forecast.
pub const EQUATIONS: [Equation; 35] = [
    Equation {
        path: "answer.p",
        formula: Formula {
            meaning: "The probability of the question: the structure pooled with its class",
            equation: "P = r·P_structure + (1 − r)·P_class",
            citation: "linear pool: Stone 1961; the classes: `winset class list`",
        },
        inputs: &["constants.", "clock."],
    },
    Equation {
        path: "answer.structure",
        formula: Formula {
            meaning: "What the draws say, each weighted by how well it explains that nothing has ended yet",
            equation: "P_structure = Σ w_d F_d / Σ w_d, with CIF_a(t) = CIF_a(t−1) + S(t−1)·(Λ_a/Λ)(1 − e^−Λ), sent through the stages",
            citation: "Kalbfleisch & Prentice 2002, ch. 8 (competing risks)",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "answer.class",
        formula: Formula {
            meaning: "The class of past negotiations in this calendar and these stages, with its typical structure",
            equation: "P_class = the mixture of the class with and without a zone, in the shares of those still open",
            citation: "the classes: `winset class list`",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "answer.table",
        formula: Formula {
            meaning: "The class alone: its incidence from the day told from, through the stages",
            equation: "CIF of the class given that nothing has ended by then",
            citation: "Aalen & Johansen 1978; the classes: `winset class list`",
        },
        inputs: &[],
    },
    Equation {
        path: "answer.if_zone",
        formula: Formula {
            meaning: "The structure over the draws whose first bargaining day has a zone",
            equation: "Σ w_d F_d / Σ w_d over draws with Z ≠ ∅",
            citation: "by construction",
        },
        inputs: &[],
    },
    Equation {
        path: "answer.if_none",
        formula: Formula {
            meaning: "The structure over the draws whose first bargaining day has none",
            equation: "Σ w_d F_d / Σ w_d over draws with Z = ∅; a zone may open",
            citation: "by construction",
        },
        inputs: &[],
    },
    Equation {
        path: "class.elapsed",
        formula: Formula {
            meaning: "Days on the clock of the class by the day told from",
            equation: "τ0 = as_of − clock.start",
            citation: "by construction",
        },
        inputs: &[],
    },
    Equation {
        path: "zone.now",
        formula: Formula {
            meaning: "The share of draws with a zone, by their weights: given that nothing has ended yet",
            equation: "Σ w_d 1{Z ≠ ∅} / Σ w_d",
            citation: "Bayes’ theorem",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "effective_draws",
        formula: Formula {
            meaning: "How many equally weighted draws the weighted ones are worth",
            equation: "(Σ w_d)² / Σ w_d²",
            citation: "Kish 1965",
        },
        inputs: &[],
    },
    Equation {
        path: "answer.lo",
        formula: Formula {
            meaning: "5 % of the odds over 20 settings of the clock’s constants and of the class, all draws at each",
            equation: "lo, hi = 5 % and 95 % quantiles of P over a Latin hypercube of the constants",
            citation: "McKay, Beckman & Conover 1979 (Latin hypercube)",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "answer.hi",
        formula: Formula {
            meaning: "95 % of the odds over 20 settings of the clock’s constants and of the class, all draws at each",
            equation: "lo, hi = 5 % and 95 % quantiles of P over a Latin hypercube of the constants",
            citation: "McKay, Beckman & Conover 1979 (Latin hypercube)",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "answer.mcse",
        formula: Formula {
            meaning: "The Monte Carlo standard error of the answer",
            equation: "mcse = sd of r[P_s + w_d(F_d − P_s)/w̄] + (1 − r)P_class / √draws",
            citation: "standard",
        },
        inputs: &[],
    },
    Equation {
        path: "zone.p",
        formula: Formula {
            meaning: "The share of draws in which some package would be ratified on every side",
            equation: "Z = {x : every side ratifies x}; i accepts x iff x is inside its red lines and v_i(x) ≥ m_i",
            citation: "Putnam 1988, International Organization 42(3), 427–460",
        },
        inputs: &["actors.", "sides."],
    },
    Equation {
        path: "zone.room",
        formula: Formula {
            meaning: "How much the negotiator who gains least can gain, where there is a zone",
            equation: "G = max over Z of min_s (v_n(s)(x) − m_n(s)); a council: the capability-weighted mean gain",
            citation: "Kalai 1977 (the egalitarian gain)",
        },
        inputs: &["actors.", "sides."],
    },
    Equation {
        path: "zone.at_horizon",
        formula: Formula {
            meaning: "The share of draws with a zone once positions have drifted to the horizon",
            equation: "the zone of the positions moved by the drift of the belief",
            citation: "local level model: Durbin & Koopman 2012, ch. 2",
        },
        inputs: &["actors."],
    },
    Equation {
        path: "zone.mcse",
        formula: Formula {
            meaning: "The Monte Carlo standard error of P(zone)",
            equation: "√(p(1 − p)/draws)",
            citation: "standard",
        },
        inputs: &[],
    },
    Equation {
        path: "closed",
        formula: Formula {
            meaning: "The share of draws in which no package would be ratified, now or at the horizon",
            equation: "mean of 1{Z = ∅ now and at the horizon}",
            citation: "Putnam 1988",
        },
        inputs: &["actors.", "sides."],
    },
    Equation {
        path: "terms.ISSUE",
        formula: Formula {
            meaning: "Where the deal would lie on the issue, weighted by the chance of agreement",
            equation: "x* = argmax over Z⁺ of Π_s (v_n(s)(x) − d_n(s))^ω_s, ω_s ∝ 1/(r_s + Σλ)",
            citation: "Nash 1950; Binmore, Rubinstein & Wolinsky 1986",
        },
        inputs: &["sides.", "actors.", "issues."],
    },
    Equation {
        path: "blockers.ACTOR",
        formula: Formula {
            meaning: "What the actor does to the zone, by intervention",
            equation: "block = 1{Z(i accepts all) ≠ ∅} − 1{Z ≠ ∅}; walk = 1{Z ≠ ∅} − 1{Z(i rejects all) ≠ ∅}",
            citation: "Pearl 2009, ch. 3 (intervention); indices: Banzhaf 1965, Shapley & Shubik 1954",
        },
        inputs: &["actors."],
    },
    Equation {
        path: "conflicts.N",
        formula: Formula {
            meaning: "A smallest set of red lines and participation constraints that cannot hold together",
            equation: "the minimal S such that no package is ratified when only the constraints in S count",
            citation: "Reiter 1987 (hitting sets)",
        },
        inputs: &["actors."],
    },
    Equation {
        path: "opens.PATH",
        formula: Formula {
            meaning: "The least change of one input that opens the zone of half the draws it can open",
            equation: "bisection on the change, each step applied to the draw",
            citation: "by construction",
        },
        inputs: &["actors."],
    },
    Equation {
        path: "endings.ENDING",
        formula: Formula {
            meaning: "The chance that the talks have first ended so by the question’s date",
            equation: "CIF_c(t) = CIF_c(t−1) + S(t−1)·(Λ_c/Λ)(1 − e^−Λ); then through the stages",
            citation: "Kalbfleisch & Prentice 2002; rates: `winset class list`",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "events.EVENT",
        formula: Formula {
            meaning: "The chance that the uncontrolled event ends the talks first",
            equation: "Λ_e = λ_e exp(βG⁺), G⁺ the discounted prospect of a deal",
            citation: "Kydd & Walter 2002 (spoilers react to prospects)",
        },
        inputs: &["force."],
    },
    Equation {
        path: "force.OPTION",
        formula: Formula {
            meaning: "The share of draws in which the option is the owner’s best credible threat",
            equation: "credible iff W_n > d_n, W = p′U(won) + (1 − p′)U(lost) − rC",
            citation: "Fearon 1995, International Organization 49(3), 386–390",
        },
        inputs: &["force."],
    },
    Equation {
        path: "coefficients.NAME",
        formula: Formula {
            meaning: "A constant of the calendar, and what halving or raising it by half does to the answer",
            equation: "P(0.5 c) − P(c) and P(1.5 c) − P(c) on the same draws",
            citation: "one-at-a-time sensitivity: Saltelli et al. 2008, ch. 1",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "agreement.DATE",
        formula: Formula {
            meaning: "P(the stage asked is passed by the day)",
            equation: "P(t) = r·Σ w_d F_d(t) / Σ w_d + (1 − r)·P_class(t), F the CIF of agreement through the stages",
            citation: "Kalbfleisch & Prentice 2002, ch. 8",
        },
        inputs: &["constants.", "clock."],
    },
    Equation {
        path: "counted.DATE",
        formula: Formula {
            meaning: "P(what counts as yes by the day), where that is not agreement alone",
            equation: "as agreement.DATE, with the CIFs of the endings that count",
            citation: "Kalbfleisch & Prentice 2002, ch. 8",
        },
        inputs: &["constants.", "clock."],
    },
    Equation {
        path: "stages.STAGE",
        formula: Formula {
            meaning: "P(the text has passed the stage by each day)",
            equation: "F_k(t) = Σ_s F_{k−1}(s)·P(decided and passed within t − s), try j with p_j = p·5.8/(5.8 + j)",
            citation: "by construction; failed votes teach: beta-binomial",
        },
        inputs: &["clock."],
    },
    Equation {
        path: "class.types",
        formula: Formula {
            meaning: "The class’s own negotiations with a zone and without: the share with one among those still open, and what each says",
            equation: "μ(1 − h − o) + μ_0(1 − o_0) = L: the class’s hazards split between the two, exactly",
            citation: "mixture of the class; `winset class list`",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "class.pool",
        formula: Formula {
            meaning: "The weight of the structure in the answer",
            equation: "r, the mean of clock.pool",
            citation: "linear pool: Stone 1961; the weight is judgement",
        },
        inputs: &["clock.pool"],
    },
    Equation {
        path: "class.structure_since",
        formula: Formula {
            meaning: "The day of the clock on which the structure last changed: only days since then teach whether it has a zone",
            equation: "σ, the latest entry that moved an input of the bargaining",
            citation: "by construction",
        },
        inputs: &[],
    },
    Equation {
        path: "class.start",
        formula: Formula {
            meaning: "The day the clock of the class began",
            equation: "clock.start, else the start of the talks",
            citation: "by construction",
        },
        inputs: &[],
    },
    Equation {
        path: "date_effects.ENTRY",
        formula: Formula {
            meaning: "What a date of the calendar does to the class’s own answer",
            equation: "(P_class − P_table) with the entry, less the same without it",
            citation: "by construction",
        },
        inputs: &["calendar."],
    },
    Equation {
        path: "endings_by_day.N",
        formula: Formula {
            meaning: "First endings by a day after the date told from, counted from 0",
            equation: "as endings.ENDING",
            citation: "Kalbfleisch & Prentice 2002, ch. 8",
        },
        inputs: &["constants."],
    },
    Equation {
        path: "exact",
        formula: Formula {
            meaning: "The one draw of a case in which every input is a point",
            equation: "steps 1–11 of the method",
            citation: "see the pages of the method",
        },
        inputs: &["sides.", "actors.", "issues."],
    },
];

/// The equation behind a path of the output.
pub fn equation(path: &str) -> Option<&'static Equation> {
    let exact = EQUATIONS.iter().find(|e| e.path == path);
    exact.or_else(|| {
        let head = path.split('.').next()?;
        EQUATIONS.iter().find(|e| {
            let (first, rest) = e.path.split_once('.').unwrap_or((e.path, ""));
            first == head && rest.chars().all(|c| c.is_ascii_uppercase())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::equation;

    #[test]
    fn paths_find_their_equation() {
        assert_eq!(equation("answer.p").map(|e| e.path), Some("answer.p"));
        assert_eq!(equation("terms.enrichment").map(|e| e.path), Some("terms.ISSUE"));
        assert_eq!(equation("terms.enrichment.q50").map(|e| e.path), Some("terms.ISSUE"));
        assert_eq!(equation("closed").map(|e| e.path), Some("closed"));
        assert!(equation("weather").is_none());
    }
}
