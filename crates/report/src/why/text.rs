//! One forecast asked more closely, on a terminal: who blocks, when, and what a number is.

use std::fmt::Write;

use crate::forecast::text::{View, blocker_table, conflict_list, opening_list};
use winset_page::text::{Text, pc, short, spoken};

/// What `winset when` shows besides the forecast.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// Agreement, interim, breakdown, force, suspension by day.
    pub endings: Vec<[f64; 5]>,
    /// The band of the odds by day.
    pub bands: Vec<(f64, f64)>,
    /// The days, ISO.
    pub days: Vec<String>,
    /// Rounds and deadlines.
    pub dates: Vec<DateMark>,
    /// Promises by the side that relies on them.
    pub promises: Vec<Promise>,
    /// Force options.
    pub force: Vec<Force>,
}

/// A dated entry of the calendar.
#[derive(Clone, Debug, Default)]
pub struct DateMark {
    /// Its name.
    pub name: String,
    /// Its day, ISO.
    pub date: String,
    /// Round, hard deadline, soft deadline.
    pub kind: &'static str,
    /// What that day alone adds to P(agreement).
    pub share: f64,
}

/// What a side that relies on promises faces.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    /// The side.
    pub side: String,
    /// Exits a year it faces under the terms: 5 %, median, 95 %.
    pub believed: [f64; 3],
    /// Exits a year at which it would just sign.
    pub critical: [f64; 3],
    /// Share of draws in which more than half of the margin is used up.
    pub tight: f64,
}

/// What a force option does.
#[derive(Clone, Debug, Default)]
pub struct Force {
    /// Its name.
    pub name: String,
    /// Share of draws in which it is credible.
    pub credible: f64,
    /// The answer with it.
    pub with: f64,
    /// The answer without it, on the same random numbers.
    pub without: f64,
    /// How the talks first end by the question's date, with and without it, by ending.
    pub endings: Vec<(String, f64, f64)>,
    /// Median terms with and without it, by issue.
    pub terms: Vec<(String, Option<f64>, Option<f64>)>,
}

/// `winset blockers`.
pub fn blockers(v: &View) -> String {
    let mut t = Text::default();
    t.wrapped("", &format!("{} · as of {}", v.title, v.as_of));
    t.line(&format!("Some package would be ratified on every side in {} of draws.", pc(v.zone)));
    t.section("Who, by intervention: what if it accepted anything, what if it walked away");
    blocker_table(&mut t, v);
    if !v.conflicts.is_empty() {
        t.section("What cannot hold together (share of draws)");
        conflict_list(&mut t, v, 12);
    }
    if !v.opens.is_empty() {
        t.section(&format!("What alone would open the zone (P(zone) is {} now)", pc(v.zone)));
        opening_list(&mut t, v, 20);
    }
    t.out
}

/// `winset when`.
pub fn when(v: &View, w: &When) -> String {
    let mut t = Text::default();
    t.wrapped("", &format!("{} · as of {}", v.title, v.as_of));
    t.section("P(a signed agreement by the day), with the band of the odds");
    curve(&mut t, v, w);
    t.section("First endings by day");
    endings(&mut t, w);
    if !w.dates.is_empty() {
        t.section("Dates, and what each day alone adds to P(agreement)");
        for d in &w.dates {
            let share = 100.0 * d.share;
            let row =
                format!("{:>17}  {:14} {share:>5.2} points  {}", spoken(&d.date), d.kind, d.name);
            t.line(&format!("  {row}"));
        }
        t.line("  A soft deadline moves no hazard.");
    }
    if !w.promises.is_empty() {
        t.section("Promises: exits a year that a side faces, and that it would just bear");
        for p in &w.promises {
            t.wrapped(
                "  ",
                &format!(
                    "{}: faces {} ({}–{}), would just sign at {} ({}–{}); more than half of that \
                     is used up in {} of draws",
                    p.side,
                    short(p.believed[1]),
                    short(p.believed[0]),
                    short(p.believed[2]),
                    short(p.critical[1]),
                    short(p.critical[0]),
                    short(p.critical[2]),
                    pc(p.tight)
                ),
            );
        }
    }
    for f in &w.force {
        t.section(&format!("{}: credible in {} of draws", f.name, pc(f.credible)));
        let change = 100.0 * (f.without - f.with);
        t.wrapped(
            "  ",
            &format!(
                "Without it the answer would be {} instead of {} ({change:+.1} points).",
                pc(f.without),
                pc(f.with)
            ),
        );
        let moved: Vec<String> = f
            .endings
            .iter()
            .filter(|(_, with, without)| (without - with).abs() >= 0.005)
            .map(|(name, with, without)| {
                format!("{name} {} instead of {}", pc(*without), pc(*with))
            })
            .collect();
        if !moved.is_empty() {
            t.wrapped("  ", &format!("Endings without it: {}.", moved.join(", ")));
        }
        for (issue, with, without) in &f.terms {
            if let (Some(with), Some(without)) = (with, without) {
                let line =
                    format!("{issue}: {} with it, {} without", short(*with), short(*without));
                t.wrapped("  ", &line);
            }
        }
    }
    t.out
}

/// A chart of 12 lines by 60 columns: the curve, and the band as shade.
fn curve(t: &mut Text, v: &View, w: &When) {
    const ROWS: usize = 10;
    let days = v.curve.len();
    if days == 0 {
        return;
    }
    let top = w.bands.iter().map(|b| b.1).fold(0.05, f64::max);
    let top = (top * 10.0).ceil() / 10.0;
    let at = |column: usize| (column * (days - 1)) / 59;
    let level = |p: f64| ((p / top) * (ROWS as f64 - 1.0)).round() as usize;
    for row in (0..ROWS).rev() {
        let cells: String = (0..60)
            .map(|c| {
                let k = at(c);
                let (lo, hi) = w.bands[k];
                if level(v.curve[k]) == row {
                    '●'
                } else if (level(lo)..=level(hi)).contains(&row) {
                    '░'
                } else {
                    ' '
                }
            })
            .collect();
        let label = 100.0 * top * row as f64 / (ROWS as f64 - 1.0);
        t.line(&format!("  {label:>4.0} % │{cells}"));
    }
    let mut axis = ['─'; 60];
    for d in &w.dates {
        if let Some(k) = w.days.iter().position(|day| *day == d.date) {
            let column = (k * 59) / (days - 1).max(1);
            axis[column] = if d.kind == "round" { '▲' } else { '┃' };
        }
    }
    t.line(&format!("         └{}", axis.iter().collect::<String>()));
    let (first, last) = (&w.days[0], &w.days[days - 1]);
    t.line(&format!("          {first}{}{last}", " ".repeat(40)));
    t.line("          ● model, ░ band of the odds, ▲ round, ┃ deadline");
}

/// The endings of a few days as stacked bars of 40 columns.
fn endings(t: &mut Text, w: &When) {
    const MARKS: [char; 5] = ['█', '▓', '▒', '╳', '░'];
    let days = w.endings.len();
    for day in [30, 60, 90, 180, 365].into_iter().filter(|d| *d <= days) {
        let mut bar = String::new();
        let (mut sum, mut drawn) = (0.0, 0usize);
        for (p, mark) in w.endings[day - 1].iter().zip(MARKS) {
            sum += p;
            let to = (sum * 50.0).round() as usize;
            bar.extend(std::iter::repeat_n(mark, to.saturating_sub(drawn)));
            drawn = drawn.max(to);
        }
        bar.extend(std::iter::repeat_n('·', 50usize.saturating_sub(drawn)));
        t.line(&format!("  day {day:>3}  {bar}"));
    }
    t.line("  █ agreement  ▓ interim  ▒ breakdown  ╳ force  ░ suspension  · open");
}

/// A number of the output: how it is computed and by whom that was proposed.
#[derive(Clone, Copy, Debug)]
pub struct Equation {
    /// Its path; capitals stand for ids.
    pub path: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// How it is computed.
    pub equation: &'static str,
    /// Where that comes from.
    pub citation: &'static str,
    /// Heads of the paths of the inputs that enter.
    pub inputs: &'static [&'static str],
}

/// Every number of the forecast.
pub const EQUATIONS: [Equation; 20] = [
    Equation {
        path: "answer.p",
        meaning: "The probability of the question, averaged over draws",
        equation: "P = mean over draws of CIF_a(t), with CIF_a(t) = CIF_a(t−1) + S(t−1)·(Λ_a/Λ)(1 − e^−Λ)",
        citation: "Kalbfleisch & Prentice 2002, ch. 8 (competing risks); base rates: Brecher & Wilkenfeld 1997",
        inputs: &["constants."],
    },
    Equation {
        path: "answer.lo",
        meaning: "5 % of the odds over 20 settings of the calendar's constants, all draws at each",
        equation: "lo, hi = 5 % and 95 % quantiles of P over a Latin hypercube of the constants",
        citation: "McKay, Beckman & Conover 1979 (Latin hypercube)",
        inputs: &["constants."],
    },
    Equation {
        path: "answer.hi",
        meaning: "95 % of the odds over 20 settings of the calendar's constants, all draws at each",
        equation: "lo, hi = 5 % and 95 % quantiles of P over a Latin hypercube of the constants",
        citation: "McKay, Beckman & Conover 1979 (Latin hypercube)",
        inputs: &["constants."],
    },
    Equation {
        path: "answer.mcse",
        meaning: "The Monte Carlo standard error of the answer",
        equation: "mcse = sd of the draws' probabilities / √draws",
        citation: "standard",
        inputs: &[],
    },
    Equation {
        path: "zone.p",
        meaning: "The share of draws in which some package would be ratified on every side",
        equation: "Z = {x : every side ratifies x}; i accepts x iff x is inside its red lines and v_i(x) ≥ m_i",
        citation: "Putnam 1988, International Organization 42(3), 427–460",
        inputs: &["actors.", "sides."],
    },
    Equation {
        path: "zone.room",
        meaning: "How much the negotiator who gains least can gain, where there is a zone",
        equation: "G = max over Z of min_s (v_n(s)(x) − m_n(s)); a council: the capability-weighted mean gain",
        citation: "Kalai 1977 (the egalitarian gain)",
        inputs: &["actors.", "sides."],
    },
    Equation {
        path: "zone.at_horizon",
        meaning: "The share of draws with a zone once positions have drifted to the horizon",
        equation: "the zone of the positions moved by the drift of the belief",
        citation: "local level model: Durbin & Koopman 2012, ch. 2",
        inputs: &["actors."],
    },
    Equation {
        path: "zone.mcse",
        meaning: "The Monte Carlo standard error of P(zone)",
        equation: "√(p(1 − p)/draws)",
        citation: "standard",
        inputs: &[],
    },
    Equation {
        path: "closed",
        meaning: "The share of draws in which no package would be ratified, now or at the horizon",
        equation: "mean of 1{Z = ∅ now and at the horizon}",
        citation: "Putnam 1988",
        inputs: &["actors.", "sides."],
    },
    Equation {
        path: "terms.ISSUE",
        meaning: "Where the deal would lie on the issue, weighted by the chance of agreement",
        equation: "x* = argmax over Z⁺ of Π_s (v_n(s)(x) − d_n(s))^ω_s, ω_s ∝ 1/(r_s + Σλ)",
        citation: "Nash 1950; Binmore, Rubinstein & Wolinsky 1986",
        inputs: &["sides.", "actors.", "issues."],
    },
    Equation {
        path: "blockers.ACTOR",
        meaning: "What the actor does to the zone, by intervention",
        equation: "block = 1{Z(i accepts all) ≠ ∅} − 1{Z ≠ ∅}; walk = 1{Z ≠ ∅} − 1{Z(i rejects all) ≠ ∅}",
        citation: "Pearl 2009, ch. 3 (intervention); indices: Banzhaf 1965, Shapley & Shubik 1954",
        inputs: &["actors."],
    },
    Equation {
        path: "conflicts.N",
        meaning: "A smallest set of red lines and participation constraints that cannot hold together",
        equation: "the minimal S such that no package is ratified when only the constraints in S count",
        citation: "Reiter 1987 (hitting sets)",
        inputs: &["actors."],
    },
    Equation {
        path: "opens.PATH",
        meaning: "The least change of one input that opens the zone of half the draws it can open",
        equation: "bisection on the change, each step applied to the draw",
        citation: "by construction",
        inputs: &["actors."],
    },
    Equation {
        path: "endings.ENDING",
        meaning: "The chance that the talks have first ended so by the question's date",
        equation: "CIF_c(t) = CIF_c(t−1) + S(t−1)·(Λ_c/Λ)(1 − e^−Λ); others: o(t)·(1 with a zone, χ without)/(zref + χ(1 − zref))",
        citation: "Kalbfleisch & Prentice 2002; rates: Brecher et al. 2025",
        inputs: &["constants."],
    },
    Equation {
        path: "events.EVENT",
        meaning: "The chance that the uncontrolled event ends the talks first",
        equation: "Λ_e = λ_e exp(βG⁺), G⁺ the discounted prospect of a deal",
        citation: "Kydd & Walter 2002 (spoilers react to prospects)",
        inputs: &["force."],
    },
    Equation {
        path: "force.OPTION",
        meaning: "The share of draws in which the option is the owner's best credible threat",
        equation: "credible iff W_n > d_n, W = p′U(won) + (1 − p′)U(lost) − rC",
        citation: "Fearon 1995, International Organization 49(3), 386–390",
        inputs: &["force."],
    },
    Equation {
        path: "coefficients.NAME",
        meaning: "A constant of the calendar, and what halving or raising it by half does to the answer",
        equation: "P(0.5 c) − P(c) and P(1.5 c) − P(c) on the same draws",
        citation: "one-at-a-time sensitivity: Saltelli et al. 2008, ch. 1",
        inputs: &["constants."],
    },
    Equation {
        path: "agreement.DATE",
        meaning: "P(a signed agreement by the day)",
        equation: "mean over draws of CIF_a(t)",
        citation: "Kalbfleisch & Prentice 2002, ch. 8",
        inputs: &["constants."],
    },
    Equation {
        path: "endings_by_day.N",
        meaning: "First endings by a day after the date told from, counted from 0",
        equation: "as endings.ENDING",
        citation: "Kalbfleisch & Prentice 2002, ch. 8",
        inputs: &["constants."],
    },
    Equation {
        path: "exact",
        meaning: "The one draw of a case in which every input is a point",
        equation: "steps 1–11 of the method",
        citation: "see the pages of the method",
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

/// `winset explain` of a number of the output.
pub fn output(path: &str, e: &Equation, value: &str, inputs: &[(String, f64)]) -> String {
    let mut t = Text::default();
    match value.lines().count() {
        0 | 1 => t.wrapped(&format!("{path} = "), value),
        _ => {
            t.line(&format!("{path} ="));
            value.lines().for_each(|line| t.line(&format!("  {line}")));
        }
    }
    t.wrapped("  what      ", e.meaning);
    t.wrapped("  equation  ", e.equation);
    t.wrapped("  source    ", e.citation);
    if !inputs.is_empty() {
        let shown: Vec<String> =
            inputs.iter().take(12).map(|(p, x)| format!("{p} {}", short(*x))).collect();
        let more = inputs.len().saturating_sub(12);
        let mut list = shown.join(", ");
        if more > 0 {
            let _ = write!(list, " and {more} more");
        }
        t.wrapped("  inputs    ", &list);
    }
    t.out
}

/// `winset explain` of an input.
pub fn input(
    path: &str,
    about: &str,
    [lo, mid, hi]: [f64; 3],
    written: bool,
    notes: &[(String, String)],
) -> String {
    let mut t = Text::default();
    t.line(&format!("{path}: {} (5–95 %: {} to {})", short(mid), short(lo), short(hi)));
    if !about.is_empty() {
        t.wrapped("  what      ", about);
    }
    for (id, text) in notes {
        t.wrapped("  rests on  ", &format!("{id}: {text}"));
    }
    if notes.is_empty() {
        let why = if written { "nothing: judgement" } else { "a default of the model" };
        t.line(&format!("  rests on  {why}"));
    }
    t.out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_equation() {
        assert_eq!(equation("answer.p").map(|e| e.path), Some("answer.p"));
        assert_eq!(equation("terms.enrichment").map(|e| e.path), Some("terms.ISSUE"));
        assert_eq!(equation("terms.enrichment.q50").map(|e| e.path), Some("terms.ISSUE"));
        assert_eq!(equation("closed").map(|e| e.path), Some("closed"));
        assert!(equation("weather").is_none());
    }

    #[test]
    fn a_curve_fits_a_terminal() {
        let v = View { curve: vec![0.1, 0.2, 0.3], ..View::default() };
        let w = When {
            bands: vec![(0.05, 0.2), (0.1, 0.3), (0.2, 0.4)],
            days: vec!["2025-01-01".into(), "2025-01-02".into(), "2025-01-03".into()],
            endings: vec![[0.1, 0.0, 0.1, 0.0, 0.0]; 365],
            ..When::default()
        };
        assert!(when(&v, &w).lines().all(|l| l.chars().count() <= 80));
    }
}
