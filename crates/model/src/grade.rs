//! Grades for sources: the Admiralty code, and how far a graded statement may be believed.

use std::fmt;
use std::str::FromStr;

/// The reliability of a source, first letter of a grade.
///
/// F is *unknown*, not worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged.
    F,
}

impl Reliability {
    /// All six, from A to F.
    pub const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// The letter, `'A'` to `'F'`.
    pub fn letter(self) -> char {
        ['A', 'B', 'C', 'D', 'E', 'F'][self as usize]
    }

    /// How much of a statement's credibility survives the source, `r` in [`Grade::p_true`].
    pub fn weight(self) -> f64 {
        [1.0, 0.9, 0.7, 0.45, 0.2, 0.5][self as usize]
    }
}

/// The credibility of a piece of information, second character of a grade.
///
/// 6 is *unknown*, not worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Credibility {
    /// 1: confirmed by other independent sources.
    Confirmed,
    /// 2: probably true.
    ProbablyTrue,
    /// 3: possibly true.
    PossiblyTrue,
    /// 4: doubtful.
    Doubtful,
    /// 5: improbable.
    Improbable,
    /// 6: truth cannot be judged.
    CannotBeJudged,
}

impl Credibility {
    /// All six, from 1 to 6.
    pub const ALL: [Self; 6] = [
        Self::Confirmed,
        Self::ProbablyTrue,
        Self::PossiblyTrue,
        Self::Doubtful,
        Self::Improbable,
        Self::CannotBeJudged,
    ];

    /// The digit, 1 to 6.
    pub fn digit(self) -> u8 {
        self as u8 + 1
    }

    /// The chance that the information is true if its source is completely reliable.
    pub fn chance(self) -> f64 {
        [0.95, 0.80, 0.60, 0.35, 0.15, 0.50][self as usize]
    }
}

/// A source's grade, such as `B2`.
///
/// # Reference
/// NATO AJP-2.1, table of source reliability and information credibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade {
    /// Of the source.
    pub reliability: Reliability,
    /// Of the information.
    pub credibility: Credibility,
}

impl Grade {
    /// The default chance that a statement so graded is true, in `[0.15, 0.95]`.
    ///
    /// # Model
    /// `p_true = ½ + r·(c − ½)`: an unreliable source moves the chance to one half. No doctrine maps
    /// grades to chances; `r`, `c` and the form are this project's judgement, to be edited per entry.
    pub fn p_true(self) -> f64 {
        0.5 + self.reliability.weight() * (self.credibility.chance() - 0.5)
    }

    /// Whether the grade is B2 or better on both axes.
    pub fn is_b2_or_better(self) -> bool {
        self.reliability <= Reliability::B && self.credibility <= Credibility::ProbablyTrue
    }

    /// Whether both axes say the same (A1, B2, C3, D4, E5, F6).
    pub fn is_diagonal(self) -> bool {
        self.reliability as u8 == self.credibility as u8
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.reliability.letter(), self.credibility.digit())
    }
}

/// A text that is no grade.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is not a grade: expected a letter A–F and a digit 1–6, such as `B2` (F and 6 if it cannot be judged)"
)]
pub struct GradeError {
    /// What was found.
    pub found: String,
}

impl FromStr for Grade {
    type Err = GradeError;

    fn from_str(text: &str) -> Result<Self, GradeError> {
        let error = || GradeError { found: text.chars().take(20).collect() };
        let mut characters = text.trim().chars();
        let (Some(letter), Some(digit), None) =
            (characters.next(), characters.next(), characters.next())
        else {
            return Err(error());
        };
        let letter = letter.to_ascii_uppercase();
        let reliability = Reliability::ALL.into_iter().find(|r| r.letter() == letter);
        let credibility =
            Credibility::ALL.into_iter().find(|c| digit.to_digit(10) == Some(c.digit().into()));
        match (reliability, credibility) {
            (Some(reliability), Some(credibility)) => Ok(Self { reliability, credibility }),
            _ => Err(error()),
        }
    }
}

/// The share of an analyst's grades on the diagonal, if so large that it deserves a warning.
///
/// `Some` when over 80 % of at least five grades lie there (A1, B2, C3 …): the two axes are then
/// hardly judged apart. Five is judgement: below it one grade too many makes the share.
///
/// # Reference
/// Samet (1975), US Army Research Institute Technical Paper 260: raters tie the two scales.
pub fn diagonal_warning(grades: &[Grade]) -> Option<f64> {
    let on = grades.iter().filter(|g| g.is_diagonal()).count();
    let share = on as f64 / grades.len().max(1) as f64;
    (grades.len() >= 5 && share > 0.8).then_some(share)
}
