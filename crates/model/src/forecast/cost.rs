//! How long the draws of a case take, before any is run.
//!
//! # Model
//! A sum of parts, in milliseconds a draw on one core, with constants rounded from `benches/growth.rs`. It is
//! meant for draws with a zone, which cost ten times those without and more, and is rough: `docs/performance-notes.md`
//! has what was measured (members within a factor of three; split hazards far below what is said here, where
//! the zone is shut):
//!
//! - packages of n members that must be asked one by one who could walk: `0.03 (n/4)²`, and above 16
//!   members `0.48 (n/16)³`: branch and bound over members;
//! - k coupled issues: `0.1·5^(k−1)` up to 3, each held at a position; beyond that hazards are split, `1.5 + 0.3k`, each times `1 + n/16`;
//! - sets that cannot hold together, in the first thousand draws: `0.3` a constraint up to [`MOST_CONSTRAINTS`],
//!   none beyond;
//! - a grid (another exponent of distance, options without order, or nodes of its own) of N packages: `1e-4·n·N·J` and as many
//!   bytes as it holds.
//!
//! # Reference
//! Measured: this project's.

use crate::case::Case;
use crate::theory::conflicts::MOST_CONSTRAINTS;

use super::draw::Frame;
use super::outcome::Solver;

/// What costs time, in words, and its seconds a thousand draws.
#[derive(Clone, Debug, PartialEq)]
pub struct CostPart {
    /// Such as `9 coupled issues`.
    pub what: String,
    /// Seconds a thousand draws, on one core.
    pub seconds: f64,
    /// Whether only the first thousand draws take it.
    pub first: bool,
}

/// What the draws of a case take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawCost {
    /// What costs most first.
    pub parts: Vec<CostPart>,
    /// Megabytes that a thread holds.
    pub megabytes: f64,
}

impl DrawCost {
    /// A grid whose thousand draws take longer, in seconds on one core, is refused: what it takes is
    /// known beforehand, unlike that of a search.
    pub const MOST_SECONDS: f64 = 60.0;

    /// A grid that holds more megabytes is refused.
    pub const MOST_MEGABYTES: f64 = 300.0;

    /// From so many seconds on a check says so.
    pub const SLOW: f64 = 20.0;

    /// What a case will take.
    pub fn of(case: &Case) -> Self {
        Self::of_frame(&Frame::new(case))
    }

    /// What a prepared case will take.
    pub(super) fn of_frame(frame: &Frame<'_>) -> Self {
        let case = frame.case();
        let mut solver = Solver::new(frame);
        solver.draw(0, 0);
        frame.situation(&solver.values, None, &mut solver.now.situation);
        let s = &solver.now.situation;
        let (members, issues) = (s.members(), s.issues());
        let n = members as f64;
        let mut cost = Self::default();
        let mut part =
            |seconds: f64, what: String| cost.parts.push(CostPart { what, seconds, first: false });
        if let Some(own) = solver.listed_nodes() {
            let packages: f64 = own.iter().map(|nodes| nodes.len() as f64).product();
            let what = format!("a grid of {packages:.0} packages");
            part(1e-7 * n * packages * issues as f64 * 1e3, what);
            cost.megabytes = packages * 8.0 * (2.0 + s.rules.len() as f64) / 1e6;
        } else {
            let search = if n <= 16.0 {
                0.03 * (n / 4.0) * (n / 4.0)
            } else {
                0.48 * libm::pow(n / 16.0, 3.0)
            };
            part(search, format!("{members} members"));
            let coupled = coupled(case);
            if coupled > 0 {
                let k = coupled as f64;
                let each = if coupled <= 3 { 0.1 * libm::pow(5.0, k - 1.0) } else { 1.5 + 0.3 * k };
                let plural = if coupled == 1 { "" } else { "s" };
                part(each * (1.0 + n / 16.0), format!("{coupled} coupled issue{plural}"));
            }
            let constraints = s.constraints().len();
            if constraints <= MOST_CONSTRAINTS {
                let what =
                    format!("the sets among {constraints} constraints that cannot hold together");
                let seconds = 0.3 * constraints as f64;
                cost.parts.push(CostPart { what, seconds, first: true });
            }
        }
        cost.parts.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        cost
    }

    /// Seconds a thousand draws, of all parts.
    pub fn seconds(&self) -> f64 {
        self.parts.iter().map(|p| p.seconds).sum()
    }

    /// Seconds a thousand draws past the first, of all parts.
    pub(super) fn later_seconds(&self) -> f64 {
        self.parts.iter().filter(|p| !p.first).map(|p| p.seconds).sum()
    }

    /// Whether the case is refused for it.
    pub fn refused(&self) -> bool {
        self.megabytes > Self::MOST_MEGABYTES
            || (self.megabytes > 0.0 && self.seconds() > Self::MOST_SECONDS)
    }

    /// What costs most.
    pub fn most(&self) -> &str {
        self.parts.first().map_or("nothing", |p| p.what.as_str())
    }
}

/// Issues that bind or verify a promise that may be broken.
fn coupled(case: &Case) -> usize {
    let of = |p: &crate::case::Promise| {
        [p.secured_by.map(|s| s.0), p.verified_by.map(|v| v.issue)].into_iter().flatten()
    };
    let issues: std::collections::BTreeSet<usize> = case.promises.iter().flat_map(of).collect();
    issues.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_grid_is_refused_and_what_costs_most_comes_first() {
        let part = |what: &str, seconds| CostPart { what: what.to_owned(), seconds, first: false };
        let searched = DrawCost { parts: vec![part("64 members", 120.0)], megabytes: 0.0 };
        assert!(!searched.refused() && searched.most() == "64 members");
        let slow = DrawCost { parts: vec![part("a grid", 61.0)], megabytes: 10.0 };
        let large = DrawCost { parts: vec![part("a grid", 1.0)], megabytes: 301.0 };
        let fine = DrawCost { parts: vec![part("a grid", 1.0)], megabytes: 10.0 };
        assert_eq!([slow, large, fine].map(|c| c.refused()), [true, true, false]);
    }
}
