//! What drives the answer and what would flip it, on a terminal.

use winset_page::text::{Text, pc, short, spoken};

/// Bars shown of a tornado.
const BARS: usize = 10;

/// Columns of a bar.
const WIDTH: usize = 44;

/// What both pages begin with.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The case's title.
    pub title: String,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// What is asked about, as a noun.
    pub event: String,
    /// The last day that counts, ISO.
    pub by: String,
    /// The probability; `None` if it was stopped before any draw.
    pub p: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// On how many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// How many inputs are uncertain.
    pub inputs: usize,
}

/// What drives the answer.
#[derive(Clone, Debug, Default)]
pub struct Drivers {
    /// The head.
    pub head: Head,
    /// Bars, widest first.
    pub bars: Vec<Bar>,
    /// What the variance is split over, as a plural: `inputs`, `sides`.
    pub over: String,
    /// Standard deviation of the answer over draws.
    pub sd: f64,
    /// Rows of the indices; 0 if it was stopped before.
    pub rows: usize,
    /// Indices, largest total first.
    pub parts: Vec<Part>,
    /// Share of variance carried by inputs that rest on judgement alone, with its interval and how
    /// many inputs those are.
    pub judgement: Option<([f64; 3], usize)>,
}

/// A bar of the tornado.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// The input in words.
    pub name: String,
    /// Its 10 % and 90 % quantile.
    pub ends: [f64; 2],
    /// The answer at each.
    pub p: [f64; 2],
    /// Standard error of the difference.
    pub se: f64,
    /// Whether it rests on judgement alone.
    pub judgement: bool,
}

/// A row of indices: estimate and 5–95 % interval.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// In words.
    pub name: String,
    /// First order.
    pub first: [f64; 3],
    /// Total.
    pub total: [f64; 3],
}

/// What would take the answer across a threshold.
#[derive(Clone, Debug, Default)]
pub struct Flips {
    /// The head.
    pub head: Head,
    /// The threshold.
    pub threshold: f64,
    /// How many inputs were tried one by one.
    pub tried: usize,
    /// Draws of the verification.
    pub verify: u64,
    /// Changes of one input, smallest first.
    pub single: Vec<Flip>,
    /// Inputs that cannot do it alone: in words, value, P there and its error; the nearest first.
    pub short: Vec<(String, f64, f64, f64)>,
    /// The smallest joint change found.
    pub joint: Option<Flip>,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// A change and what it does.
#[derive(Clone, Debug, Default)]
pub struct Flip {
    /// Input in words, central value, new value.
    pub changes: Vec<(String, f64, f64)>,
    /// Length of the change in standard units.
    pub distance: f64,
    /// The answer with it.
    pub p: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Whether that is across the threshold.
    pub across: bool,
}

/// A probability with a decimal, for small differences on common random numbers.
fn fine(p: f64) -> String {
    format!("{:.1} %", 100.0 * p)
}

fn head(t: &mut Text, h: &Head) {
    t.wrapped("", &format!("{} · as of {}", h.title, h.as_of));
    if let Some(p) = h.p {
        t.wrapped(
            "",
            &format!(
                "P({} by {}) is {} (± {:.1} points on {} draws, seed {}).",
                h.event,
                spoken(&h.by),
                fine(p),
                100.0 * h.mcse,
                h.draws,
                h.seed
            ),
        );
    }
}

/// The text of `winset drivers`.
pub fn text(d: &Drivers) -> String {
    let mut t = Text::default();
    head(&mut t, &d.head);
    if d.head.inputs == 0 {
        t.wrapped("", "Every input of the case is known: nothing drives the answer.");
        return t.out;
    }
    tornado(&mut t, d);
    if d.rows > 0 {
        indices(&mut t, d);
    }
    t.out
}

fn tornado(t: &mut Text, d: &Drivers) {
    let Some(p) = d.head.p else { return };
    t.section("The answer with one input at its 10 % and 90 % quantile, all others as drawn");
    let shown = &d.bars[..d.bars.len().min(BARS)];
    let all = || shown.iter().flat_map(|b| b.p).chain([p]);
    let (lo, hi) = (all().fold(1.0, f64::min), all().fold(0.0, f64::max));
    let column = |x: f64| {
        let share = if hi > lo { (x - lo) / (hi - lo) } else { 0.0 };
        (share * (WIDTH - 1) as f64).round() as usize
    };
    let centre = column(p);
    for b in shown {
        let mark = if b.judgement { " *" } else { "" };
        let ends = format!("{} → {}", short(b.ends[0]), short(b.ends[1]));
        let room = 76 - ends.chars().count() - mark.len();
        let name = format!("{}{mark}", cut(&b.name, room));
        let gap = 78 - ends.chars().count();
        t.line(&format!("  {name:gap$}{ends}"));
        let [low, high] = b.p.map(column);
        let cell = |c: usize| {
            let between = |end: usize| (end.min(centre)..=end.max(centre)).contains(&c);
            match () {
                () if c == centre => '│',
                () if between(high) => '█',
                () if between(low) => '░',
                () => ' ',
            }
        };
        let bar: String = (0..WIDTH).map(cell).collect();
        let swing = format!("{} → {}", fine(b.p[0]), fine(b.p[1]));
        t.line(&format!("    {bar}  {swing} (± {:.1})", 100.0 * b.se));
    }
    t.wrapped(
        "  ",
        &format!(
            "░ at the 10 % quantile, █ at the 90 %, │ {}; ± is the error of the difference. * \
             rests on judgement alone.",
            fine(p)
        ),
    );
}

fn indices(t: &mut Text, d: &Drivers) {
    t.section(&format!(
        "Variance of the answer over draws (sd {:.1} points), split over {}",
        100.0 * d.sd,
        d.over
    ));
    if d.sd == 0.0 {
        t.wrapped("  ", "Every draw gives the same answer: there is nothing to split.");
        return;
    }
    t.line(&format!("  {:42}{:>16}{:>16}", "", "alone", "in all"));
    for p in &d.parts {
        let name = cut(&p.name, 41);
        t.line(&format!("  {name:42}{:>16}{:>16}", interval(p.first), interval(p.total)));
    }
    t.wrapped(
        "  ",
        &format!(
            "Alone: Sobol' first-order index; in all: total index, with what it does together with \
             others, so that these add up to more than 100 %. 5–95 % in brackets, {} rows.",
            d.rows
        ),
    );
    if let Some((share, inputs)) = d.judgement {
        t.wrapped(
            "  ",
            &format!(
                "{} of the {} uncertain inputs rest on judgement alone. They carry {} of the \
                 variance.",
                inputs,
                d.head.inputs,
                interval(share)
            ),
        );
    }
}

/// `12 % (8–15)`, cut at 0 and 100.
fn interval(e: [f64; 3]) -> String {
    let [value, lo, hi] = e.map(|x| (100.0 * x).clamp(0.0, 100.0).round());
    format!("{value:.0} % ({lo:.0}–{hi:.0})")
}

fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    name.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The text of `winset flip`.
pub fn flip_text(f: &Flips) -> String {
    let mut t = Text::default();
    head(&mut t, &f.head);
    if f.head.inputs == 0 {
        t.wrapped("", "Every input of the case is known: none has a range to change it in.");
        return t.out;
    }
    let goal = pc(f.threshold);
    if f.tried > 0 {
        t.section(&format!("One input alone, of the {} that matter most", f.tried));
        for flip in &f.single {
            t.wrapped("  ", &flip_sentence(f, flip));
        }
        if f.single.is_empty() {
            t.wrapped("  ", &format!("None of them takes P across {goal} within its range."));
        }
        for (name, at, p, mcse) in f.short.iter().take(3) {
            t.wrapped(
                "  ",
                &format!(
                    "{name} cannot alone: at {} P is {} (± {:.1}).",
                    short(*at),
                    fine(*p),
                    100.0 * mcse
                ),
            );
        }
        if f.short.len() > 3 {
            t.wrapped("  ", &format!("Nor can {} others.", f.short.len() - 3));
        }
    }
    if !f.interrupted {
        t.section("Several together");
        match &f.joint {
            Some(flip) => t.wrapped("  ", &flip_sentence(f, flip)),
            None if f.single.is_empty() => {
                t.wrapped("  ", &format!("No joint change was found that takes P across {goal}."));
            }
            None => t.wrapped("  ", "No joint change was found that is smaller than the first."),
        }
        t.wrapped(
            "  ",
            &format!(
                "The size of a change is in standard units of the inputs' own ranges (1 = from the \
                 median to the 84 % quantile; at most 2.3). Each was applied and run on {} draws. \
                 The search for several is local: a smaller change may exist.",
                f.verify
            ),
        );
    }
    t.out
}

/// One change as a sentence.
pub fn flip_sentence(f: &Flips, flip: &Flip) -> String {
    let each =
        |c: &(String, f64, f64)| format!("{} is {} instead of {}", c.0, value(c.2), value(c.1));
    let list: Vec<String> = flip.changes.iter().map(each).collect();
    let list = match list.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => list.concat(),
    };
    let reached =
        format!("P {} ± {:.1}, size {:.1}", fine(flip.p), 100.0 * flip.mcse, flip.distance);
    match flip.across {
        true if f.head.p < Some(f.threshold) => {
            format!("P reaches {} if {list} ({reached}).", pc(f.threshold))
        }
        true => format!("P falls below {} if {list} ({reached}).", pc(f.threshold)),
        false => format!("P comes close to {} if {list} ({reached}).", pc(f.threshold)),
    }
}

/// A value as it has to be typed, to four digits.
fn value(x: f64) -> String {
    let digits = if x.abs() >= 100.0 {
        1
    } else if x.abs() >= 1.0 {
        2
    } else {
        4
    };
    let text = format!("{x:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_head() -> Head {
        Head {
            title: "A title that is rather long for a line and goes on beyond its end".to_owned(),
            event: "a signed agreement".to_owned(),
            by: "2025-06-30".to_owned(),
            p: Some(0.2),
            inputs: 3,
            ..Head::default()
        }
    }

    #[test]
    fn no_line_is_too_wide_and_bars_lie_on_their_side_of_the_answer() {
        let bar = Bar {
            name: "a very long name of an input ".repeat(4),
            ends: [0.00012, 123_456.0],
            p: [0.1, 0.4],
            se: 0.01,
            judgement: true,
        };
        let part = Part { name: bar.name.clone(), total: [1.0, -0.2, 1.3], ..Part::default() };
        let d = Drivers {
            head: some_head(),
            bars: vec![bar.clone(), Bar { p: [0.4, 0.1], ..bar }],
            rows: 8,
            sd: 0.1,
            parts: vec![part],
            judgement: Some(([0.5, 0.4, 0.6], 2)),
            ..Drivers::default()
        };
        let text = text(&d);
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
        let bars: Vec<&str> =
            text.lines().filter(|l| l.contains("│ ") || l.contains('█')).collect();
        assert!(bars[0].find('░') < bars[0].find('│') && bars[0].find('│') < bars[0].find('█'));
        assert!(bars[1].find('█') < bars[1].find('│') && bars[1].find('│') < bars[1].find('░'));
        assert!(text.contains("100 % (0–100)") && text.contains("50 % (40–60)"));
    }

    #[test]
    fn a_change_is_a_sentence() {
        let flip = Flip {
            changes: vec![("Trump's most on Enrichment".to_owned(), 35.0, 58.0)],
            distance: 1.5,
            p: 0.51,
            mcse: 0.004,
            across: true,
        };
        let two = Flip {
            changes: vec![flip.changes[0].clone(), ("the base rate".to_owned(), 0.005, 0.0123)],
            across: false,
            ..flip.clone()
        };
        let f = Flips {
            head: some_head(),
            threshold: 0.5,
            tried: 3,
            single: vec![flip],
            joint: Some(two),
            short: vec![("the window".to_owned(), 3.0, 0.3, 0.01)],
            ..Flips::default()
        };
        let text = flip_text(&f).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(
            "P reaches 50 % if Trump's most on Enrichment is 58 instead of 35 (P 51.0 % ± 0.4, size \
             1.5)."
        ));
        assert!(text.contains("35 and the base rate is 0.0123 instead of 0.005 ("), "{text}");
        assert!(text.contains("the window cannot alone: at 3 P is 30.0 % (± 1.0)."), "{text}");
        let down = Flips { threshold: 0.1, ..f };
        assert!(flip_text(&down).contains("P falls below 10 %"));
    }
}
