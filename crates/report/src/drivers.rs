//! What drives the answer: how far each input could move it, and how much of its variance each
//! carries.

use serde::Serialize;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::drivers::{
    Bar, DriversSettings, InputSwing, Ranking, VariancePart, drivers_ranked,
};
use winset_model::explain::groups::By;
use winset_model::explain::sobol;
use winset_model::support::JUDGEMENT;
use winset_page::document::{Block, Document, Section, Sketch, Table};
use winset_page::table::{Cell, Column, DataTable};
use winset_page::text::{cut, fine, padded, points, share, short, spoken, thousands, width};

use crate::head::SearchHead;
use crate::names::input;

/// Draws of drivers unless more are asked for.
pub const DRAWS: u64 = 1_024;

/// The fewest draws that drivers and flips are sought on.
pub const FEWEST: u64 = 16;

/// Leading inputs that are looked at one by one.
pub const TOP: u16 = 20;

/// `winset/drivers/1`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriversReport {
    /// Case, seed and the answer it starts from.
    #[serde(flatten)]
    pub head: SearchHead,
    /// How many inputs are uncertain.
    pub inputs: usize,
    /// Bars, widest first.
    pub tornado: Vec<TornadoBar>,
    /// What the variance is split over.
    pub split: &'static str,
    /// Standard deviation of the answer over draws.
    pub sd: f64,
    /// Rows of the indices; 0 if it was stopped before.
    pub rows: usize,
    /// Indices, largest total first; then the other inputs as one group.
    pub sobol: Vec<SobolRow>,
    /// Share of variance carried by inputs that rest on judgement; `null` where nothing varies.
    pub judgement_share: Option<f64>,
    /// 5 % of its interval.
    pub judgement_lo: Option<f64>,
    /// 95 % of it.
    pub judgement_hi: Option<f64>,
    /// How many inputs those are.
    pub judgement_inputs: usize,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// A bar of the tornado.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TornadoBar {
    /// The input's path.
    pub path: String,
    /// In words.
    pub name: String,
    /// What it does to the answer.
    #[serde(flatten)]
    pub swing: InputSwing,
}

impl std::ops::Deref for TornadoBar {
    type Target = InputSwing;

    fn deref(&self) -> &InputSwing {
        &self.swing
    }
}

/// A row of indices.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SobolRow {
    /// The path of an input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The id of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// In words.
    pub name: String,
    /// How many uncertain inputs it stands for.
    pub inputs: usize,
    /// First-order index.
    pub first: f64,
    /// 5 % of its interval.
    pub first_lo: f64,
    /// 95 % of it.
    pub first_hi: f64,
    /// Total index.
    pub total: f64,
    /// 5 % of its interval.
    pub total_lo: f64,
    /// 95 % of it.
    pub total_hi: f64,
}

impl SobolRow {
    /// The first-order index and the ends of its interval.
    pub fn alone(&self) -> [f64; 3] {
        [self.first, self.first_lo, self.first_hi]
    }

    /// The total index and the ends of its interval.
    pub fn in_all(&self) -> [f64; 3] {
        [self.total, self.total_lo, self.total_hi]
    }
}

impl DriversReport {
    /// The share of variance that rests on judgement, and the ends of its interval.
    pub fn judged(&self) -> Option<[f64; 3]> {
        Some([self.judgement_share?, self.judgement_lo?, self.judgement_hi?])
    }
}

/// The id of a split.
pub fn split(by: By) -> &'static str {
    match by {
        By::Input => "input",
        By::Actor => "actor",
        By::Side => "side",
        By::Issue => "issue",
        By::Kind => "kind",
    }
}

/// What drives the answer of a case: see [`drivers`](winset_model::explain::drivers::drivers).
pub fn ask(case: &Case, settings: &DriversSettings, effort: Effort<'_>) -> DriversReport {
    ask_ranked(case, settings, None, effort)
}

/// The same, where the inputs may have been screened already.
pub(crate) fn ask_ranked(
    case: &Case,
    settings: &DriversSettings,
    known: Option<&Ranking>,
    effort: Effort<'_>,
) -> DriversReport {
    let d = drivers_ranked(case, settings, known, effort);
    let mut sobol: Vec<SobolRow> = d.parts.iter().map(|p| row(case, p, settings.by)).collect();
    sobol.extend(d.others.iter().map(|p| row(case, p, By::Kind)));
    let share = d.judgement_share();
    DriversReport {
        head: SearchHead::new("winset/drivers/1", case, settings.seed, (d.p, d.mcse, d.draws)),
        inputs: d.inputs,
        tornado: d.tornado.into_iter().map(|b| bar(case, b)).collect(),
        split: split(settings.by),
        sd: d.sd,
        rows: d.rows,
        sobol,
        judgement_share: share.map(|s| s.value),
        judgement_lo: share.map(|s| s.lo),
        judgement_hi: share.map(|s| s.hi),
        judgement_inputs: d.judgement.as_ref().map_or(0, |j| j.inputs),
        interrupted: effort.stopped(),
    }
}

fn bar(case: &Case, b: Bar) -> TornadoBar {
    let Bar { path, swing } = b;
    TornadoBar { name: input(case, &path), path, swing }
}

fn row(case: &Case, p: &VariancePart, by: By) -> SobolRow {
    let (path, group, name) = match by {
        By::Input => (Some(p.name.clone()), None, input(case, &p.name)),
        _ => (None, Some(p.name.clone()), group(case, &p.name, p.inputs)),
    };
    let sobol::Index { first, total, .. } = p.index;
    SobolRow {
        path,
        group,
        name,
        inputs: p.inputs,
        first: first.value,
        first_lo: first.lo,
        first_hi: first.hi,
        total: total.value,
        total_lo: total.lo,
        total_hi: total.hi,
    }
}

/// A group in words.
fn group(case: &Case, id: &str, inputs: usize) -> String {
    let name = match id.split_once('.') {
        Some(("actors", id)) => case.actors.iter().find(|a| a.id == id).map(|a| &a.name),
        Some(("sides", id)) => case.sides.iter().find(|s| s.id == id).map(|s| &s.name),
        Some(("issues", id)) => case.issues.iter().find(|j| j.id == id).map(|j| &j.name),
        _ => None,
    };
    name.cloned().unwrap_or_else(|| match id {
        "others" => format!("all {inputs} other inputs together"),
        "none" => "about no single issue".to_owned(),
        "calendar" => "dates and constants of the calendar".to_owned(),
        "outside" => "outside the table".to_owned(),
        id => id.to_owned(),
    })
}

/// A row of the table of drivers: an input or a group, with what was computed of it.
struct DriverRow<'a> {
    bar: Option<&'a TornadoBar>,
    part: Option<&'a SobolRow>,
}

impl DriverRow<'_> {
    fn bar(&self, of: fn(&TornadoBar) -> f64) -> Cell {
        self.bar.map(of).into()
    }

    fn part(&self, of: fn(&SobolRow) -> f64) -> Cell {
        self.part.map(of).into()
    }
}

fn columns<'a>() -> [Column<DriverRow<'a>>; 14] {
    [
        Column::text("path", |r| {
            let group = r.part.and_then(|p| p.group.as_ref());
            r.bar.map(|b| &b.path).or(group).into()
        }),
        Column::text("name", |r| r.bar.map(|b| &b.name).or(r.part.map(|p| &p.name)).into()),
        Column::flag("judgement", |r| r.bar.map(|b| b.judgement).into()),
        Column::number("low", |r| r.bar(|b| b.low)),
        Column::number("high", |r| r.bar(|b| b.high)),
        Column::number("p_low", |r| r.bar(|b| b.p_low)),
        Column::number("p_high", |r| r.bar(|b| b.p_high)),
        Column::number("se", |r| r.bar(|b| b.se)),
        Column::number("first", |r| r.part(|p| p.first)),
        Column::number("first_lo", |r| r.part(|p| p.first_lo)),
        Column::number("first_hi", |r| r.part(|p| p.first_hi)),
        Column::number("total", |r| r.part(|p| p.total)),
        Column::number("total_lo", |r| r.part(|p| p.total_lo)),
        Column::number("total_hi", |r| r.part(|p| p.total_hi)),
    ]
}

/// The report as a table: a row an input or group, cells empty where something was not computed.
pub fn table(r: &DriversReport) -> DataTable {
    let own = |b: &TornadoBar| r.sobol.iter().find(|p| p.path.as_ref() == Some(&b.path));
    let mut rows: Vec<DriverRow<'_>> =
        r.tornado.iter().map(|b| DriverRow { bar: Some(b), part: own(b) }).collect();
    let groups = r.sobol.iter().filter(|p| p.path.is_none());
    rows.extend(groups.map(|p| DriverRow { bar: None, part: Some(p) }));
    DataTable::new(&columns(), &rows)
}

/// A document with its title and the answer that is explained.
pub(crate) fn opened(head: &SearchHead, event: &str) -> Document {
    let mut document = Document {
        title: format!("{} · as of {}", head.case, head.as_of),
        version: head.version.to_owned(),
        ..Document::default()
    };
    let answer = &head.answer;
    if let Some(p) = answer.p {
        let value = format!(
            "{} (± {}, {} draws, seed {})",
            fine(p),
            points(answer.mcse),
            thousands(answer.draws),
            head.seed
        );
        document.facts.push((format!("P({event} by {})", spoken(&answer.by)), value));
    }
    document
}

/// What drives the answer, in words; `event` is what is asked about, see [`crate::names::counted`].
pub fn document(r: &DriversReport, event: &str) -> Document {
    let mut document = opened(&r.head, event);
    if r.inputs == 0 {
        let known = "Every input of the case is known: nothing drives the answer.";
        document.sections.push(Section::new("drivers", "", vec![Block::Text(known.to_owned())]));
        return document;
    }
    document.sections.extend(r.head.answer.p.map(|p| tornado(r, p)));
    if r.rows > 0 {
        document.sections.push(indices(r));
    }
    document
}

/// Bars shown of a tornado.
const BARS: usize = 10;

/// Columns of a bar.
const WIDTH: usize = 44;

fn tornado(r: &DriversReport, p: f64) -> Section {
    let shown = &r.tornado[..r.tornado.len().min(BARS)];
    let rows = shown.iter().map(|b| {
        vec![
            b.name.clone(),
            short(b.low),
            short(b.high),
            fine(b.p_low),
            fine(b.p_high),
            points(b.se),
            b.basis.word().to_owned(),
        ]
    });
    let head = [
        ("Input", false),
        ("10 %", true),
        ("90 %", true),
        ("P at 10 %", true),
        ("P at 90 %", true),
        ("± of the difference", true),
        ("rests on", false),
    ];
    let key = format!(
        "░ at the 10 % quantile, █ at the 90 %, │ {}; ± is the error of the difference. * {}",
        fine(p),
        JUDGEMENT.replacen('R', "r", 1)
    );
    let mut lines = sketch(shown, p);
    lines.extend(winset_page::text::wrapped(&key, 78).into_iter().map(|line| format!("  {line}")));
    Section::new(
        "tornado",
        "The answer with one input at its 10 % and 90 % quantile, all others as drawn",
        vec![
            Block::Sketch(Sketch { lines, instead_of_tables: true }),
            Block::Table(Table::new("", &head, rows.collect())),
        ],
    )
}

/// Two lines an input: its name with its ends, and its bar with the answers there.
fn sketch(shown: &[TornadoBar], p: f64) -> Vec<String> {
    let all = || shown.iter().flat_map(|b| [b.p_low, b.p_high]).chain([p]);
    let (lo, hi) = (all().fold(1.0, f64::min), all().fold(0.0, f64::max));
    let column = |x: f64| {
        let share = if hi > lo { (x - lo) / (hi - lo) } else { 0.0 };
        (share * (WIDTH - 1) as f64).round() as usize
    };
    let centre = column(p);
    let mut lines = Vec::new();
    for b in shown {
        let mark = if b.judgement { " *" } else { "" };
        let ends = format!("{} → {}", short(b.low), short(b.high));
        let name = format!("{}{mark}", cut(&b.name, 76 - width(&ends) - mark.len()));
        lines.push(format!("  {}{ends}", padded(&name, 78 - width(&ends), false)));
        let [low, high] = [b.p_low, b.p_high].map(column);
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
        let swing = format!("{} → {}", fine(b.p_low), fine(b.p_high));
        lines.push(format!("    {bar}  {swing} (± {:.1})", 100.0 * b.se));
    }
    lines
}

/// What is said where there is no variance to split.
pub const NO_VARIANCE: &str = "Every draw gives the same answer: there is nothing to split.";

fn indices(r: &DriversReport) -> Section {
    let title =
        format!("Variance of the answer over draws (sd {}), split over {}s", points(r.sd), r.split);
    if r.sd == 0.0 {
        return Section::new("variance", title, vec![Block::Text(NO_VARIANCE.to_owned())]);
    }
    let rows = r.sobol.iter().map(|p| vec![p.name.clone(), share(p.alone()), share(p.in_all())]);
    let mut head = r.split.to_owned();
    head[..1].make_ascii_uppercase();
    let columns = [(head.as_str(), false), ("alone", true), ("in all", true)];
    let key = format!(
        "Alone: Sobol’ first-order index; in all: total index, with what it does together with \
         others, so that these add up to more than 100 %. 5–95 % in brackets, {} rows.",
        thousands(r.rows as u64)
    );
    let mut blocks = vec![Block::Table(Table::new("", &columns, rows.collect())), Block::Note(key)];
    blocks.extend(judgement(r).map(Block::Text));
    Section::new("variance", title, blocks)
}

/// How much of the variance rests on judgement, as a sentence.
pub fn judgement(r: &DriversReport) -> Option<String> {
    let judged = r.judged()?;
    Some(format!(
        "{} of the {} uncertain inputs rest on judgement. They carry {} of the variance.",
        r.judgement_inputs,
        r.inputs,
        share(judged)
    ))
}

#[cfg(test)]
mod tests {
    use winset_model::forecast::VERSION;
    use winset_page::document::terminal;

    use super::*;
    use crate::head::ExplainedAnswer;

    fn report() -> DriversReport {
        let bar = TornadoBar {
            name: "a very long name of an input ".repeat(4),
            swing: InputSwing {
                low: 0.00012,
                high: 123_456.0,
                p_low: 0.1,
                p_high: 0.4,
                se: 0.01,
                judgement: true,
                basis: winset_model::support::Basis::Judgement,
            },
            ..TornadoBar::default()
        };
        let down = TornadoBar {
            swing: InputSwing { p_low: 0.4, p_high: 0.1, ..bar.swing },
            ..bar.clone()
        };
        let part = SobolRow {
            name: bar.name.clone(),
            total: 1.0,
            total_lo: -0.2,
            total_hi: 1.3,
            ..SobolRow::default()
        };
        DriversReport {
            head: SearchHead {
                schema: "winset/drivers/1",
                case: String::new(),
                fingerprint: String::new(),
                version: VERSION,
                as_of: "2025-04-22".to_owned(),
                seed: 1,
                answer: ExplainedAnswer {
                    by: "2025-06-30".to_owned(),
                    p: Some(0.2),
                    mcse: 0.01,
                    draws: 1_024,
                },
            },
            inputs: 3,
            tornado: vec![bar.clone(), down],
            split: "input",
            sd: 0.1,
            rows: 8,
            sobol: vec![part],
            judgement_share: Some(0.5),
            judgement_lo: Some(0.4),
            judgement_hi: Some(0.6),
            judgement_inputs: 2,
            interrupted: false,
        }
    }

    #[test]
    fn no_line_is_too_wide_and_bars_lie_on_their_side_of_the_answer() {
        let mut report = report();
        report.head.case = "A title long for a line ".repeat(4);
        let text = terminal(&document(&report, "a signed agreement"));
        assert!(text.lines().all(|l| width(l) <= 80), "{text}");
        let bars: Vec<&str> =
            text.lines().filter(|l| l.contains("│ ") || l.contains('█')).collect();
        assert!(bars[0].find('░') < bars[0].find('│') && bars[0].find('│') < bars[0].find('█'));
        assert!(bars[1].find('█') < bars[1].find('│') && bars[1].find('│') < bars[1].find('░'));
        assert!(text.contains("100 % (0–100)") && text.contains("50 % (40–60)"), "{text}");
    }

    #[test]
    fn an_input_stands_on_one_row_of_the_table_with_all_that_is_known_of_it() {
        let mut r = report();
        r.tornado.truncate(1);
        r.tornado[0].path = "sides.us.discount".to_owned();
        r.sobol[0].path = Some("sides.us.discount".to_owned());
        let group = SobolRow { group: Some("others".to_owned()), ..SobolRow::default() };
        r.sobol.push(group);
        let csv = table(&r).csv();
        let rows: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].starts_with("sides.us.discount,") && rows[0].ends_with(",1,-0.2,1.3"));
        assert!(rows[1].starts_with("others,,,,,,,,0,"), "{csv}");
    }
}
