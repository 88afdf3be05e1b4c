//! Packages judged over the draws, on a terminal.

use winset_page::text::{Text, pc, short};

/// What is shown.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The case's title.
    pub title: String,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// How many draws.
    pub draws: u64,
    /// P(zone) on them.
    pub zone: f64,
    /// Names of the issues.
    pub issues: Vec<String>,
    /// Names of the sides.
    pub sides: Vec<String>,
    /// Packages, best first.
    pub ranked: Vec<Package>,
    /// Trades, most wanted first.
    pub swaps: Vec<Swap>,
    /// P(zone) with an issue off the table, by issue.
    pub linkage: Vec<(String, f64)>,
}

/// A package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Positions in the issues' own units.
    pub positions: Vec<f64>,
    /// P(every side ratifies).
    pub ratified: f64,
    /// P(a side ratifies), by side.
    pub by_side: Vec<f64>,
    /// The mean smallest gain where it is ratified.
    pub room: f64,
    /// Whether it holds in half of the draws with a zone.
    pub robust: bool,
}

/// A trade.
#[derive(Clone, Debug, Default)]
pub struct Swap {
    /// Who gives way on `gives`.
    pub side: String,
    /// The other.
    pub other: String,
    /// The issue given on.
    pub gives: String,
    /// The issue got on.
    pub gets: String,
    /// Share of draws in which both gain.
    pub wanted: f64,
    /// What each gains, utility points.
    pub gains: [f64; 2],
}

/// The text of `winset deals` on a case, above the classical solutions.
pub fn text(d: &Judged) -> String {
    let mut t = Text::default();
    t.wrapped("", &format!("{} · as of {}", d.title, d.as_of));
    t.section(&format!("Packages by P(ratified) × room, over {} draws", d.draws));
    if d.ranked.is_empty() {
        t.wrapped("  ", "There is no zone of agreement in any draw, so no package is named.");
    }
    let width = d.issues.iter().map(|i| i.chars().count()).max().unwrap_or(0).min(36);
    let shown: Vec<&Package> = d.ranked.iter().take(5).collect();
    if !shown.is_empty() {
        let heads: String =
            (1..=shown.len()).map(|k| format!("{:>7}", format!("no. {k}"))).collect();
        t.line(&format!("  {:width$}{heads}", ""));
        for (j, issue) in d.issues.iter().enumerate() {
            let name: String = issue.chars().take(width).collect();
            let cells: String =
                shown.iter().map(|p| format!("{:>7}", short(p.positions[j]))).collect();
            t.line(&format!("  {name:width$}{cells}"));
        }
        let row = |t: &mut Text, name: &str, cell: &dyn Fn(&Package) -> String| {
            let name: String = name.chars().take(width).collect();
            let cells: String = shown.iter().map(|p| format!("{:>7}", cell(p))).collect();
            t.line(&format!("  {name:width$}{cells}"));
        };
        row(&mut t, "P(all ratify)", &|p| pc(p.ratified));
        for (s, side) in d.sides.iter().enumerate() {
            row(&mut t, &format!("P({side})"), &|p| pc(p.by_side[s]));
        }
        row(&mut t, "room, points", &|p| format!("{:.1}", 100.0 * p.room));
        row(&mut t, "robust", &|p| if p.robust { "yes".to_owned() } else { "no".to_owned() });
        t.wrapped(
            "  ",
            &format!(
                "P(zone) is {}; robust: ratified in at least half of the draws that have a zone.",
                pc(d.zone)
            ),
        );
    }
    if !d.swaps.is_empty() {
        t.section("Trades both would want, from splitting the difference");
        for s in d.swaps.iter().take(5) {
            t.wrapped(
                "  ",
                &format!(
                    "{} gives ten points on {} and gets ten on {}: both gain in {} of draws ({} \
                     {:.1} points, {} {:.1})",
                    s.side,
                    s.gives,
                    s.gets,
                    pc(s.wanted),
                    s.side,
                    s.gains[0],
                    s.other,
                    s.gains[1]
                ),
            );
        }
    }
    if d.linkage.len() > 1 {
        t.section(&format!("P(zone) with an issue off the table (all on it: {})", pc(d.zone)));
        for (issue, p) in &d.linkage {
            t.line(&format!("  {:>5}  without {issue}", pc(*p)));
        }
    }
    t.out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_zone_is_an_answer_and_no_line_is_too_wide() {
        let none = Judged { issues: vec!["A".into()], ..Judged::default() };
        assert!(text(&none).contains("no package is named"));
        let long = "A very long name of an issue that goes on and on".to_owned();
        let d = Judged {
            issues: vec![long.clone(), long],
            sides: vec!["North".into(), "South".into()],
            ranked: vec![
                Package {
                    positions: vec![10.0, 20.0],
                    by_side: vec![0.5, 0.6],
                    ..Package::default()
                };
                5
            ],
            ..Judged::default()
        };
        assert!(text(&d).lines().all(|l| l.chars().count() <= 80));
    }
}
