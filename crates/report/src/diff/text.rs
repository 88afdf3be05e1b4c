//! Two variants of a case side by side, on a terminal.

use winset_page::text::{Text, pc, short, spoken};

/// What is shown.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The titles; one line where they are the same.
    pub titles: [String; 2],
    /// The days they are told from, ISO.
    pub as_of: [String; 2],
    /// What is asked about, as a noun: `a signed agreement`.
    pub event: String,
    /// The last days that count, ISO.
    pub by: [String; 2],
    /// What is not the same: path, what A says, what B says.
    pub inputs: Vec<(String, Option<String>, Option<String>)>,
    /// The answer.
    pub answer: Measured,
    /// The share of draws with a zone.
    pub zone: Measured,
    /// First endings by the question's date, `a` and `b`.
    pub endings: Vec<(String, [f64; 2])>,
    /// Medians of the terms by issue.
    pub terms: Vec<(String, [Option<f64>; 2])>,
    /// Members: name, share of draws each blocks, and could walk from.
    pub blockers: Vec<(String, [f64; 2], [f64; 2])>,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// The fingerprints.
    pub fingerprints: [String; 2],
    /// The version of the formulas.
    pub version: String,
}

/// A probability in both, with the error of the difference.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// In A.
    pub a: f64,
    /// In B.
    pub b: f64,
    /// B less A.
    pub change: f64,
    /// Its paired standard error.
    pub error: f64,
}

/// At most so many inputs are listed.
const LISTED: usize = 16;

/// Changes below this share of draws are not put into words.
const WORTH_A_WORD: f64 = 0.01;

/// A difference in points: `−7.0`.
fn points(x: f64) -> String {
    let text = format!("{:.1}", 100.0 * x.abs());
    match text.as_str() {
        "0.0" => "0.0".to_owned(),
        _ if x < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

/// A change and its error: `−7.0 ± 0.3 points`. An error that would round to nothing says so.
fn measured(m: &Measured) -> String {
    let error = match 100.0 * m.error {
        0.0 => "exactly".to_owned(),
        e if e < 0.05 => "± <0.1".to_owned(),
        e => format!("± {e:.1}"),
    };
    match error.as_str() {
        "exactly" => format!("{} points in every draw", points(m.change)),
        _ => format!("{} {error} points", points(m.change)),
    }
}

/// What happens to a probability: `falls from 31 % to 24 % (−7.0 ± 0.3 points)`.
///
/// A change of less than two standard errors is said to be no more than the error of the draws.
pub fn movement(m: &Measured) -> String {
    if m.change == 0.0 && m.error == 0.0 {
        return format!("stays at {}: not one draw changes", pc(m.b));
    }
    if m.change.abs() < 2.0 * m.error {
        let (a, b) = (pc(m.a), pc(m.b));
        let from = if a == b { format!("stays at {a}") } else { format!("is {a} and then {b}") };
        return format!("{from} ({}: no more than the error of the draws)", measured(m));
    }
    let verb = if m.change < 0.0 { "falls" } else { "rises" };
    format!("{verb} from {} to {} ({})", pc(m.a), pc(m.b), measured(m))
}

/// The comparison in one sentence: the answer, and what moves with it most.
pub fn sentence(v: &View) -> String {
    let by = if v.by[0] == v.by[1] {
        format!("by {}", spoken(&v.by[0]))
    } else {
        format!("by {} and by {}", spoken(&v.by[0]), spoken(&v.by[1]))
    };
    let head = format!("P({} {by}) {}", v.event, movement(&v.answer));
    let mut with = Vec::new();
    if v.zone.change.abs() >= WORTH_A_WORD && v.zone.change.abs() >= 2.0 * v.zone.error {
        with.push(format!(
            "a zone of agreement in {} of draws after {}",
            pc(v.zone.b),
            pc(v.zone.a)
        ));
    }
    let largest = |rows: &mut dyn Iterator<Item = (String, [f64; 2])>| {
        rows.filter(|(_, [a, b])| (b - a).abs() >= WORTH_A_WORD)
            .max_by(|x, y| (x.1[1] - x.1[0]).abs().total_cmp(&(y.1[1] - y.1[0]).abs()))
    };
    if let Some((name, [a, b])) = largest(&mut v.blockers.iter().map(|r| (r.0.clone(), r.1))) {
        with.push(format!("{name} blocks {} after {}", pc(b), pc(a)));
    }
    let others = v.endings.iter().filter(|(name, _)| *name != v.event).cloned();
    if let Some((name, [a, b])) = largest(&mut others.into_iter()) {
        with.push(format!("{name} {} after {}", pc(b), pc(a)));
    }
    if with.is_empty() { format!("{head}.") } else { format!("{head}: {}.", with.join("; ")) }
}

/// The comparison as text.
pub fn text(v: &View) -> String {
    let mut t = Text::default();
    for (k, letter) in ["A", "B"].iter().enumerate() {
        t.wrapped(&format!("{letter}  "), &format!("{} · as of {}", v.titles[k], v.as_of[k]));
    }
    t.wrapped("From A to B: ", &kept_together(&sentence(v)));
    t.section("What is not the same (A → B)");
    if v.inputs.is_empty() {
        t.line("  nothing");
    }
    for (path, from, to) in v.inputs.iter().take(LISTED) {
        let said = |x: &Option<String>| x.clone().unwrap_or_else(|| "not there".to_owned());
        t.wrapped(&format!("  {path}  "), &format!("{} → {}", said(from), said(to)));
    }
    if v.inputs.len() > LISTED {
        t.line(&format!("  and {} more (--json lists all)", v.inputs.len() - LISTED));
    }
    t.section("Is there a zone of agreement");
    t.wrapped("  ", &kept_together(&format!("The share of draws with one {}.", movement(&v.zone))));
    t.section(&format!("How it has first ended by {}", spoken(&v.by[1])));
    let rows = v.endings.iter().map(|(name, [a, b])| (name.clone(), pc(*a), pc(*b), points(b - a)));
    table(&mut t, rows.collect());
    t.section("On which terms (median of draws with a deal)");
    let median = |x: Option<f64>| x.map_or_else(|| "none".to_owned(), short);
    let rows = v.terms.iter().map(|(name, [a, b])| {
        // On scales of a hundred or so a tenth is fine enough.
        let change = a.zip(*b).map_or_else(String::new, |(a, b)| points((b - a) / 100.0));
        (name.clone(), median(*a), median(*b), change)
    });
    table(&mut t, rows.collect());
    t.section("Who blocks (share of draws)");
    let seen = |row: &&(String, [f64; 2], [f64; 2])| row.1.iter().any(|p| *p >= 0.005);
    let mut order: Vec<_> = v.blockers.iter().filter(seen).collect();
    let moved = |row: &(String, [f64; 2], [f64; 2])| (row.1[1] - row.1[0]).abs();
    order.sort_by(|x, y| moved(y).total_cmp(&moved(x)));
    let row = |(name, [a, b], _): &(String, [f64; 2], [f64; 2])| {
        (name.clone(), pc(*a), pc(*b), points(b - a))
    };
    if order.is_empty() {
        t.line("  nobody, on either side");
    } else {
        table(&mut t, order.into_iter().map(row).collect());
    }
    t.section("How it was computed");
    t.wrapped(
        "  ",
        &format!(
            "{} draws, seed {}, the same random numbers on both sides. ± is one standard error of \
             the paired difference. winset {}, cases {} and {}.",
            v.draws,
            v.seed,
            v.version,
            v.fingerprints[0].chars().take(8).collect::<String>(),
            v.fingerprints[1].chars().take(8).collect::<String>()
        ),
    );
    t.out.replace('\u{a0}', " ")
}

/// Keeps a number and its sign on one line while the text is broken.
fn kept_together(text: &str) -> String {
    text.replace(" %", "\u{a0}%").replace("± ", "±\u{a0}")
}

/// Rows of a name, A, B and the change.
fn table(t: &mut Text, rows: Vec<(String, String, String, String)>) {
    let width = rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0).clamp(1, 48);
    t.line(&format!("  {:width$}  {:>6}  {:>6}  {:>7}", "", "A", "B", "change"));
    for (name, a, b, change) in rows {
        t.line(&format!("  {name:width$}  {a:>6}  {b:>6}  {change:>7}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(a: f64, b: f64, error: f64) -> String {
        movement(&Measured { a, b, change: b - a, error })
    }

    #[test]
    fn a_change_is_told_with_its_direction_and_its_error() {
        assert_eq!(moved(0.31, 0.24, 0.003), "falls from 31 % to 24 % (−7.0 ± 0.3 points)");
        assert_eq!(moved(0.05, 0.24, 0.000_1), "rises from 5 % to 24 % (+19.0 ± <0.1 points)");
        assert_eq!(moved(0.25, 0.5, 0.0), "rises from 25 % to 50 % (+25.0 points in every draw)");
        assert_eq!(moved(0.3, 0.3, 0.0), "stays at 30 %: not one draw changes");
    }

    #[test]
    fn a_change_within_its_error_is_not_called_one() {
        let said = "is 31 % and then 30 % (−0.5 ± 0.3 points: no more than the error of the draws)";
        assert_eq!(moved(0.306, 0.301, 0.003), said);
        let said = "stays at 31 % (−0.1 ± 0.3 points: no more than the error of the draws)";
        assert_eq!(moved(0.311, 0.31, 0.003), said);
    }

    #[test]
    fn the_sentence_names_what_moves_most() {
        let v = View {
            event: "a signed agreement".into(),
            by: ["2025-06-30".into(), "2025-06-30".into()],
            answer: Measured { a: 0.31, b: 0.24, change: -0.07, error: 0.003 },
            zone: Measured { a: 0.6, b: 0.5, change: -0.1, error: 0.003 },
            endings: vec![
                ("a signed agreement".into(), [0.31, 0.24]),
                ("breakdown".into(), [0.06, 0.08]),
                ("force".into(), [0.18, 0.23]),
            ],
            blockers: vec![
                ("Ann".into(), [0.2, 0.19], [0.0; 2]),
                ("Bob".into(), [0.3, 0.42], [0.0; 2]),
            ],
            ..View::default()
        };
        assert_eq!(
            sentence(&v),
            "P(a signed agreement by 30 June 2025) falls from 31 % to 24 % (−7.0 ± 0.3 points): a \
             zone of agreement in 50 % of draws after 60 %; Bob blocks 42 % after 30 %; force 23 % \
             after 18 %."
        );
    }
}
