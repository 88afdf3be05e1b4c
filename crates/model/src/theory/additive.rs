//! Worth as other software can hold it: non-negative sums over issues, at most 1.
//!
//! Answers how a domain is written so that another program finds the same solutions. It knows no
//! file format.

use super::domain::{Domain, DomainError, DomainIssue, DomainSide, Utility};

/// Sums of parts may differ from the worth by so much: rounding, not substance.
const ROUNDING: f64 = 1e-12;

/// A domain all of whose sides are additive, with parts from 0 up and worths and reservations
/// between 0 and 1, and how it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The domain; its worth is `(u + shift)/scale`.
    pub domain: Domain,
    /// What was added to each side's utilities.
    pub shift: Vec<f64>,
    /// What all utilities were divided by.
    pub scale: f64,
    /// Whether the packages became the values of a single issue, because the worth of a package is
    /// no sum over issues.
    pub joined: bool,
}

/// Writes a domain with additive worth.
///
/// # Model
/// `u′ = (u + shift_s)/scale`, reservations likewise: `shift_s` lifts the lowest number of side *s*
/// to 0 if it is below, and one `scale` for all sides brings the highest to 1 if it is above. Nash,
/// Kalai-Smorodinsky, egalitarian and utilitarian solutions depend on gains up to a common factor,
/// so none of them moves. If `u` is a sum over issues, up to rounding, it is taken apart and its
/// constant spread evenly; otherwise the packages themselves are the values of one issue, which is
/// exact.
///
/// # Errors
/// [`DomainError`] if the result is no domain, which the bounds on the argument exclude.
pub fn written(domain: &Domain) -> Result<Written, DomainError> {
    let count = domain.sides().len();
    let utilities = domain.utilities();
    let (mut shift, mut scale) = (Vec::with_capacity(count), 1.0_f64);
    for (s, side) in domain.sides().iter().enumerate() {
        let all = || utilities.iter().skip(s).step_by(count).copied().chain([side.reservation]);
        let least = all().fold(0.0, f64::min);
        shift.push(0.0 - least);
        scale = scale.max(all().fold(0.0, f64::max) - least);
    }
    let column = |s: usize| -> Vec<f64> {
        utilities.iter().skip(s).step_by(count).map(|u| (u + shift[s]) / scale).collect()
    };
    let apart: Option<Vec<_>> = (0..count).map(|s| parts(domain, &column(s))).collect();
    let joined = apart.is_none();
    let (issues, parts) = match apart {
        Some(parts) => (domain.issues().to_vec(), parts),
        None => {
            let values = (0..domain.packages()).map(|x| name(domain, x)).collect();
            let all = (0..count).map(|s| vec![column(s)]).collect();
            (vec![DomainIssue { name: "package".into(), values }], all)
        }
    };
    let sides = domain.sides().iter().zip(parts).enumerate().map(|(s, (side, parts))| DomainSide {
        name: side.name.clone(),
        utility: Utility::Additive(parts),
        reservation: (side.reservation + shift[s]) / scale,
        discount: side.discount,
    });
    let domain = Domain::new(domain.name().to_owned(), issues, sides.collect())?;
    Ok(Written { domain, shift, scale, joined })
}

/// `parts[issue][value]` from 0 up whose sums are the worth, if there are such.
fn parts(domain: &Domain, worth: &[f64]) -> Option<Vec<Vec<f64>>> {
    let issues = domain.issues();
    let first = *worth.first()?;
    let mut stride = worth.len();
    let mut parts: Vec<Vec<f64>> = Vec::with_capacity(issues.len());
    for issue in issues {
        stride /= issue.values.len();
        parts.push((0..issue.values.len()).map(|v| worth[v * stride] - first).collect());
    }
    let mut constant = first;
    for part in &mut parts {
        let least = part.iter().copied().fold(f64::INFINITY, f64::min);
        part.iter_mut().for_each(|x| *x -= least);
        constant += least;
    }
    // Nobody's worth is below zero, so this takes away rounding only.
    let even = constant.max(0.0) / issues.len() as f64;
    parts.iter_mut().flatten().for_each(|x| *x += even);
    let sum = |package: usize| -> f64 {
        domain.package(package).iter().zip(&parts).map(|(&v, part)| part[v]).sum()
    };
    let exact = worth.iter().enumerate().all(|(x, u)| (sum(x) - u).abs() <= ROUNDING);
    exact.then_some(parts)
}

/// A package in words: every issue and its value.
fn name(domain: &Domain, package: usize) -> String {
    let values = domain.package(package);
    let each = domain.issues().iter().zip(values);
    let words: Vec<String> =
        each.map(|(issue, value)| format!("{} {}", issue.name, issue.values[value])).collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::solutions::{Problem, solution};

    fn domain(tables: [[f64; 6]; 2], reservations: [f64; 2]) -> Domain {
        let issue = |name: &str, count: usize| DomainIssue {
            name: name.into(),
            values: (0..count).map(|v| v.to_string()).collect(),
        };
        let side = |(table, reservation): ([f64; 6], f64)| DomainSide {
            name: "s".into(),
            utility: Utility::Table(table.to_vec()),
            reservation,
            discount: None,
        };
        let sides = tables.into_iter().zip(reservations).map(side).collect();
        Domain::new("d".into(), vec![issue("a", 2), issue("b", 3)], sides).unwrap()
    }

    fn same_solutions(a: &Domain, b: &Domain) {
        let (u, d) = (a.utilities(), a.reservations());
        let (v, e) = (b.utilities(), b.reservations());
        let (one, other) = (Problem::new(&u, &d).unwrap(), Problem::new(&v, &e).unwrap());
        for name in ["nash", "kalai-smorodinsky", "egalitarian", "utilitarian"] {
            let s = solution(name).unwrap();
            assert_eq!(s.solve(&one), s.solve(&other), "{name}");
        }
    }

    #[test]
    fn a_sum_is_taken_apart_and_anything_else_is_joined() {
        // a + b with a in {0, .4}, b in {-.2, .1, .3}; the mirror image for the other side.
        let sum = [-0.2, 0.1, 0.3, 0.2, 0.5, 0.7];
        let back = sum.map(|u| 0.5 - u);
        let d = domain([sum, back], [-0.3, 0.1]);
        let w = written(&d).unwrap();
        assert!(!w.joined);
        assert_eq!(w.domain.issues(), d.issues());
        assert!((w.shift[0] - 0.3).abs() < 1e-15 && (w.shift[1] - 0.2).abs() < 1e-15);
        assert_eq!(w.scale, 1.0);
        for (x, row) in w.domain.utilities().chunks(2).enumerate() {
            assert!((row[0] - 0.3 - sum[x]).abs() < 1e-12, "{x}");
            assert!((row[1] - 0.2 - back[x]).abs() < 1e-12, "{x}");
        }
        same_solutions(&d, &w.domain);

        let mut crossed = sum;
        crossed[5] = 0.1;
        let d = domain([crossed, back], [-0.3, -0.9]);
        let w = written(&d).unwrap();
        assert!(w.joined && w.scale > 1.0);
        assert_eq!(w.domain.issues()[0].values[4], "a 1; b 1");
        same_solutions(&d, &w.domain);
        let all = w.domain.utilities();
        assert!(all.iter().all(|u| (0.0..=1.0).contains(u)));
    }
}
