//! A negotiation domain: issues with named values, and what every package is worth to each side.
//!
//! A package takes one value on every issue. Packages are numbered like an odometer: the last
//! issue turns fastest. This module knows no file format and no solution.

/// The most utilities (packages × sides) that are held at once: half a gigabyte of doubles.
pub const MAX_UTILITIES: usize = 1 << 26;

/// The most comparisons of a package with a bound of a rectangle that are done.
const MAX_COMPARISONS: usize = 1 << 30;

/// One issue and the values it may take, in file order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The name of the issue.
    pub name: String,
    /// The names of its values.
    pub values: Vec<String>,
}

/// One party to the negotiation.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The name of the side.
    pub name: String,
    /// What a package is worth to it.
    pub utility: Utility,
    /// What it gets without a deal, on the scale of the utilities.
    pub reservation: f64,
    /// The factor by which utility shrinks over the negotiation, if one is given; reported, never
    /// applied.
    pub discount: Option<f64>,
}

/// What a package is worth to one side, before it is capped at 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Utility {
    /// The sum over issues of `parts[issue][value]`: weight × normalised evaluation.
    Additive(Vec<Vec<f64>>),
    /// The sum of the rectangles that contain the package, divided by `scale`.
    Rectangles {
        /// The rectangles; they may overlap.
        rectangles: Vec<Rectangle>,
        /// The divisor; `None` stands for the largest sum any package reaches.
        scale: Option<f64>,
    },
    /// One number for every package, in the order of the packages: worth that is no sum over issues.
    Table(Vec<f64>),
}

/// A box in the space of packages and what lying in it adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Rectangle {
    /// `(issue, first value, last value)`, as indices, both ends inside; other issues are free.
    pub bounds: Vec<(usize, usize, usize)>,
    /// The same of values that keep a package out, whichever of them it has.
    pub except: Vec<(usize, usize, usize)>,
    /// What it adds.
    pub utility: f64,
}

/// What is said of too many packages for so many sides.
fn too_large(packages: Option<usize>, sides: usize) -> String {
    let most = MAX_UTILITIES / sides.max(1);
    match packages {
        Some(packages) => format!(
            "the domain has {packages} packages for {sides} sides; at most {most} can be listed"
        ),
        None => format!(
            "the domain has more packages than can be counted; at most {most} can be listed for \
             {sides} sides"
        ),
    }
}

/// Why a description is no domain that can be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// There is no issue, or an issue without values.
    #[error("the domain has no issue, or an issue without values")]
    NoPackage,
    /// There is no side.
    #[error("the domain has no side")]
    NoSide,
    /// More packages than can be listed; the count is `None` when it does not fit a number.
    #[error("{}", too_large(*packages, *sides))]
    TooLarge {
        /// The number of packages.
        packages: Option<usize>,
        /// The number of sides.
        sides: usize,
    },
    /// A side's utilities do not fit the issues, or are not finite numbers.
    #[error("the utilities of `{side}` do not fit the issues or are not finite")]
    Unfit {
        /// The side at fault.
        side: String,
    },
    /// Too many rectangles for so many packages.
    #[error("too many rectangles to compare with every package of the domain")]
    TooManyRectangles,
}

/// Issues and sides that fit each other, few enough packages to list.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    name: String,
    issues: Vec<Issue>,
    sides: Vec<Side>,
    packages: usize,
}

impl Domain {
    /// Checks that the sides fit the issues and that the packages can be listed.
    ///
    /// # Errors
    /// Whatever [`DomainError`] names.
    pub fn new(name: String, issues: Vec<Issue>, sides: Vec<Side>) -> Result<Self, DomainError> {
        if sides.is_empty() {
            return Err(DomainError::NoSide);
        }
        if issues.is_empty() || issues.iter().any(|issue| issue.values.is_empty()) {
            return Err(DomainError::NoPackage);
        }
        let packages =
            issues.iter().try_fold(1usize, |product, i| product.checked_mul(i.values.len()));
        let too_large = DomainError::TooLarge { packages, sides: sides.len() };
        let Some(packages) =
            packages.filter(|p| p.checked_mul(sides.len()).is_some_and(|u| u <= MAX_UTILITIES))
        else {
            return Err(too_large);
        };
        for side in &sides {
            if !fits(side, &issues, packages) {
                return Err(DomainError::Unfit { side: side.name.clone() });
            }
            if let Utility::Rectangles { rectangles, .. } = &side.utility
                && rectangles
                    .iter()
                    .fold(0usize, |sum, r| sum.saturating_add(1 + r.bounds.len() + r.except.len()))
                    .saturating_mul(packages)
                    > MAX_COMPARISONS
            {
                return Err(DomainError::TooManyRectangles);
            }
        }
        Ok(Self { name, issues, sides, packages })
    }

    /// The name of the domain.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The issues, in file order.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The sides, in the order of the columns of [`Domain::utilities`].
    #[must_use]
    pub fn sides(&self) -> &[Side] {
        &self.sides
    }

    /// The number of packages.
    #[must_use]
    pub fn packages(&self) -> usize {
        self.packages
    }

    /// The reservation of every side, in the order of the sides.
    #[must_use]
    pub fn reservations(&self) -> Vec<f64> {
        self.sides.iter().map(|side| side.reservation).collect()
    }

    /// The value of every issue in a package, as indices.
    #[must_use]
    pub fn package(&self, mut number: usize) -> Vec<usize> {
        let mut values = vec![0; self.issues.len()];
        for (value, issue) in values.iter_mut().zip(&self.issues).rev() {
            *value = number % issue.values.len();
            number /= issue.values.len();
        }
        values
    }

    /// What every package is worth to every side: row-major, one row per package.
    ///
    /// # Model
    /// `u_s(x) = min(1, Σ_j w_sj e_sj(x_j))`, summed in the order of the issues, with the weights
    /// as they are written (they need not sum to 1) and the evaluation `e` between 0 and 1.
    ///
    /// # Reference
    /// The convention of Genius: Lin, Kraus, Baarslag, Tykhonov, Hindriks and Jonker (2014),
    /// "Genius: an integrated environment for supporting the design of generic automated
    /// negotiators", *Computational Intelligence* 30(1), 48–70.
    #[must_use]
    pub fn utilities(&self) -> Vec<f64> {
        let sides = self.sides.len();
        let mut utilities = vec![0.0; self.packages * sides];
        for (column, side) in self.sides.iter().enumerate() {
            match &side.utility {
                Utility::Additive(parts) => add_up(parts, &mut utilities[column..], sides),
                Utility::Rectangles { rectangles, scale } => {
                    self.stack(rectangles, *scale, &mut utilities[column..], sides);
                }
                Utility::Table(worth) => {
                    let cells = utilities[column..].iter_mut().step_by(sides);
                    cells.zip(worth).for_each(|(cell, worth)| *cell = *worth);
                }
            }
        }
        for utility in &mut utilities {
            *utility = utility.min(1.0);
        }
        utilities
    }

    fn stack(&self, rectangles: &[Rectangle], scale: Option<f64>, into: &mut [f64], step: usize) {
        let mut package = vec![0; self.issues.len()];
        let mut largest = 0.0_f64;
        for cell in into.iter_mut().step_by(step) {
            let has = |&(issue, low, high): &(usize, usize, usize)| {
                (low..=high).contains(&package[issue])
            };
            let inside = |r: &&Rectangle| r.bounds.iter().all(has) && !r.except.iter().any(has);
            *cell = rectangles.iter().filter(inside).map(|r| r.utility).sum();
            largest = largest.max(*cell);
            for (value, issue) in package.iter_mut().zip(&self.issues).rev() {
                *value += 1;
                if *value < issue.values.len() {
                    break;
                }
                *value = 0;
            }
        }
        let scale = scale.unwrap_or(largest);
        if scale > 0.0 {
            for cell in into.iter_mut().step_by(step) {
                *cell /= scale;
            }
        }
    }
}

fn fits(side: &Side, issues: &[Issue], packages: usize) -> bool {
    let utility = match &side.utility {
        Utility::Additive(parts) => {
            parts.len() == issues.len()
                && parts.iter().zip(issues).all(|(part, issue)| part.len() == issue.values.len())
                && parts.iter().flatten().all(|part| part.is_finite())
        }
        Utility::Rectangles { rectangles, scale } => {
            let inside = |&(issue, low, high): &(usize, usize, usize)| {
                low <= high && issues.get(issue).is_some_and(|i| high < i.values.len())
            };
            scale.is_none_or(|scale| scale.is_finite() && scale > 0.0)
                && rectangles
                    .iter()
                    .all(|r| r.utility.is_finite() && r.bounds.iter().chain(&r.except).all(inside))
        }
        Utility::Table(worth) => {
            worth.len() == packages && worth.iter().all(|worth| worth.is_finite())
        }
    };
    utility && side.reservation.is_finite()
}

/// Sums in the order of the issues; only what the odometer turned is added again.
fn add_up(parts: &[Vec<f64>], into: &mut [f64], step: usize) {
    let Some((last, outer)) = parts.split_last() else { return };
    let mut turned = vec![0; outer.len()];
    let mut prefix = vec![0.0; outer.len() + 1];
    let mut from = 0;
    let mut cells = into.iter_mut().step_by(step);
    'packages: loop {
        for level in from..outer.len() {
            prefix[level + 1] = prefix[level] + outer[level][turned[level]];
        }
        for part in last {
            if let Some(cell) = cells.next() {
                *cell = prefix[outer.len()] + part;
            }
        }
        for level in (0..outer.len()).rev() {
            turned[level] += 1;
            if turned[level] < outer[level].len() {
                from = level;
                continue 'packages;
            }
            turned[level] = 0;
        }
        return;
    }
}
