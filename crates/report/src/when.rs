//! By when: the curve, first endings by day, what each date adds, what promises and force do to it.

use serde::Serialize;
use winset_model::case::{CalendarKind, Case, Day, Ending, ForceKind, Question};
use winset_model::forecast::{
    AgreementDay, Answer, Endings, ForceRow, Forecast, PromiseRow, StageRow,
};
use winset_page::document::{Block, Document, Section, Sketch, Table};
use winset_page::text::{capital, pc, short, signed, spoken};

use crate::names::{self, Names};

/// Draws of the forecasts that are only compared: enough for whole points.
pub const COMPARED: u64 = 2_000;

/// Draws in which promises are looked at.
pub const RELIED: u64 = 1_000;

/// By when, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhenReport {
    /// `winset/when/1`.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day it is told from.
    pub as_of: Day,
    /// The seed.
    pub seed: u64,
    /// How many draws.
    pub draws: u64,
    /// What is asked.
    pub question: Question,
    /// The answer at the question's date.
    pub answer: Answer,
    /// P(the stage asked), a row a day to the horizon.
    pub agreement: Vec<AgreementDay>,
    /// What counts as yes by day, where that is not agreement alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<AgreementDay>,
    /// Where the text stands in the stages it has to pass, by day; none without stages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageRow>,
    /// First endings, a row a day.
    pub endings_by_day: Vec<Endings>,
    /// Rounds and deadlines within the horizon.
    pub dates: Vec<CalendarDay>,
    /// What each promise is worth.
    pub promises: Vec<PromiseRow>,
    /// How often each use of force is credible.
    pub force: Vec<ForceRow>,
    /// The answer without each option to use force, on the same random numbers.
    pub without_force: Vec<WithoutForce>,
}

/// A round or a deadline.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalendarDay {
    /// Its id.
    pub id: String,
    /// The day.
    pub date: Day,
    /// `round`, `hard deadline` or `soft deadline`.
    pub kind: &'static str,
    /// What that day alone adds to P of what is asked.
    pub day_share: f64,
}

/// What changes when an option to use force is taken away.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WithoutForce {
    /// The option.
    pub option: String,
    /// The answer with it.
    pub answer: f64,
    /// The answer without it.
    pub without: f64,
    /// Draws of the comparison.
    pub draws: u64,
    /// First endings by the question's date.
    pub endings: EndingsWithout,
    /// The median terms by issue.
    pub terms: Vec<TermsWithout>,
}

/// First endings with an option and without it.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndingsWithout {
    /// With it.
    pub with: Endings,
    /// Without it.
    pub without: Endings,
}

/// The median terms on an issue with an option and without it, in the issue's units; `null` where no
/// draw has a zone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TermsWithout {
    /// The issue's name.
    pub issue: String,
    /// With it.
    pub with: Option<f64>,
    /// Without it.
    pub without: Option<f64>,
}

impl WhenReport {
    /// What counts as yes by day: the series of the question.
    fn curve(&self) -> &[AgreementDay] {
        if self.counted.is_empty() { &self.agreement } else { &self.counted }
    }
}

/// Puts together what was computed.
pub fn report(
    case: &Case,
    f: &Forecast,
    promises: Vec<PromiseRow>,
    without_force: Vec<WithoutForce>,
) -> WhenReport {
    WhenReport {
        schema: "winset/when/1",
        case: f.case.clone(),
        fingerprint: f.fingerprint.clone(),
        as_of: f.as_of,
        seed: f.seed,
        draws: f.draws,
        question: f.question.clone(),
        answer: f.answer.clone(),
        agreement: f.agreement.clone(),
        counted: f.counted.clone(),
        stages: f.stages.clone(),
        endings_by_day: f.endings_by_day.clone(),
        dates: dates(case, f),
        promises,
        force: f.force.clone(),
        without_force,
    }
}

/// The kinds of days that are told apart.
const ROUND: &str = "round";
const SOFT: &str = "soft deadline";

/// The calendar's entries within the horizon, and what each day adds.
fn dates(case: &Case, f: &Forecast) -> Vec<CalendarDay> {
    let curve = f.curve();
    let mut days: Vec<CalendarDay> = case
        .calendar
        .iter()
        .filter_map(|e| {
            let t = e.on.since(case.as_of);
            let kind = match e.kind {
                CalendarKind::Round { .. } => ROUND,
                CalendarKind::Deadline { hard: true, .. } => "hard deadline",
                CalendarKind::Deadline { hard: false, .. } => SOFT,
                CalendarKind::Start { .. } => return None,
            };
            let at = usize::try_from(t).ok().filter(|t| (1..=curve.len()).contains(t))?;
            let before = if at == 1 { 0.0 } else { curve[at - 2].p };
            Some(CalendarDay {
                id: e.id.clone(),
                date: e.on,
                kind,
                day_share: curve[at - 1].p - before,
            })
        })
        .collect();
    days.sort_by_key(|d| d.date);
    days
}

/// The forecast with each force option taken away, on the same random numbers.
///
/// # Errors
/// Those of `compute`.
pub fn without_force<E>(
    case: &Case,
    draws: u64,
    mut compute: impl FnMut(&Case) -> Result<Forecast, E>,
) -> Result<Vec<WithoutForce>, E> {
    let options = case.force.iter().filter(|f| matches!(f.kind, ForceKind::Choice { .. }));
    let options: Vec<String> = options.map(|f| f.id.clone()).collect();
    if options.is_empty() {
        return Ok(Vec::new());
    }
    let with = compute(case)?;
    options
        .into_iter()
        .map(|option| {
            let mut changed = case.clone();
            changed.force.retain(|f| f.id != option);
            let f = compute(&changed)?;
            let medians = with.terms.iter().zip(&f.terms).zip(&case.issues);
            Ok(WithoutForce {
                option,
                answer: with.answer.p,
                without: f.answer.p,
                draws,
                endings: EndingsWithout { with: with.endings, without: f.endings },
                terms: medians
                    .map(|((a, b), issue)| TermsWithout {
                        issue: issue.name.clone(),
                        with: a.q50,
                        without: b.q50,
                    })
                    .collect(),
            })
        })
        .collect()
}

/// What is said of it.
pub fn document(r: &WhenReport, names: &Names<'_>) -> Document {
    let event = names::counted(names.case());
    let mut sections = vec![
        Section::new(
            "curve",
            format!("P({event} by the day), with the band of the odds"),
            vec![sketch(curve(r))],
        ),
        Section::new("endings", "First endings by day", vec![sketch(endings(r, names.case()))]),
    ];
    sections.extend(besides(r, names));
    Document {
        title: format!("{} · as of {}", r.case, spoken(&r.as_of.to_string())),
        sections,
        version: winset_model::forecast::VERSION.to_owned(),
        ..Document::default()
    }
}

fn sketch(lines: Vec<String>) -> Block {
    Block::Sketch(Sketch { lines, instead_of_tables: false })
}

/// Days whose chances are shown, the question's own among them.
const DAYS: [usize; 5] = [30, 60, 90, 180, 365];

/// When the text passes each stage.
fn stages(r: &WhenReport, names: &Names<'_>) -> Option<Section> {
    let first = r.stages.first()?;
    let by = first.by.iter().position(|row| row.date == r.question.by).map(|at| at + 1);
    let mut days: Vec<usize> = DAYS.into_iter().chain(by).collect();
    days.retain(|day| *day <= first.by.len());
    days.sort_unstable();
    days.dedup();
    let name = |id: &str| {
        let stage = names.case().stages.iter().find(|stage| stage.id == id);
        stage.map_or_else(String::new, |stage| names.text(&stage.name))
    };
    let heads: Vec<String> = r.stages.iter().map(|stage| name(&stage.id)).collect();
    let head = heads.iter().map(|name| (name.as_str(), true));
    let head: Vec<(&str, bool)> = std::iter::once(("By", false)).chain(head).collect();
    let row = |day: &usize| {
        let date = spoken(&first.by[day - 1].date.to_string());
        let asked = if by == Some(*day) { " (the question)" } else { "" };
        let shares = r.stages.iter().map(|stage| pc(stage.by[day - 1].p));
        std::iter::once(format!("{date}{asked}")).chain(shares).collect()
    };
    let caption = "P(the text has passed each stage)";
    let table = Table::new(caption, &head, days.iter().map(row).collect());
    Some(Section::new("stages", "Stages", vec![Block::Table(table)]))
}

/// What is said beside the curves: stages, dates, promises, force.
pub fn besides(r: &WhenReport, names: &Names<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = stages(r, names).into_iter().collect();
    if !r.dates.is_empty() {
        let rows = r.dates.iter().map(|d| {
            let adds = format!("{:.1}", 100.0 * d.day_share);
            vec![spoken(&d.date.to_string()), d.kind.to_owned(), adds, names.date(&d.id)]
        });
        let event = names::counted(names.case());
        let caption = format!("What each day alone adds to P({event}), in points");
        let head = [("Date", false), ("Kind", false), ("Adds", true), ("What", false)];
        let mut blocks = vec![Block::Table(Table::new(caption, &head, rows.collect()))];
        if r.dates.iter().any(|d| d.kind == SOFT) {
            let note = "A soft deadline ends nothing by itself: its day adds what any day adds.";
            blocks.push(Block::Note(note.to_owned()));
        }
        sections.push(Section::new("dates", "Dates", blocks));
    }
    if !r.promises.is_empty() {
        let three = |x: [f64; 3]| {
            let [lo, mid, hi] = x.map(short);
            format!("{mid} ({lo}–{hi})")
        };
        let rows = r
            .promises
            .iter()
            .map(|p| vec![names.side(&p.side), three(p.believed), three(p.critical), pc(p.tight)]);
        let caption = "How often a year each side fears that the others’ word is broken, and how often it could bear \
                       that and still sign, median (5–95 %); tight: the share of draws in which it fears \
                       more than half of what it could bear";
        let head = [("Side", false), ("Fears", true), ("Could bear", true), ("Tight", true)];
        let table = Block::Table(Table::new(caption, &head, rows.collect()));
        sections.push(Section::new("promises", "Promises", vec![table]));
    }
    sections.extend(r.without_force.iter().map(|w| force(r, w, names)));
    sections
}

/// What the answer would be without an option, and how far that lies from what it is.
fn without_it(without: f64, with: f64) -> String {
    let (there, here, points) = (pc(without), pc(with), signed(without - with));
    match there == here {
        true => format!("Without it the answer would stay at {here} ({points} points)."),
        false => {
            format!("Without it the answer would be {there} instead of {here} ({points} points).")
        }
    }
}

/// What an option to use force does.
fn force(r: &WhenReport, w: &WithoutForce, names: &Names<'_>) -> Section {
    let mut said = Vec::new();
    if let Some(row) = r.force.iter().find(|row| row.option == w.option) {
        said.push(format!("It would be a credible threat in {} of draws.", pc(row.credible)));
    }
    said.push(without_it(w.without, w.answer));
    let case = names.case();
    let moved: Vec<String> = names::shares_in(case, &w.endings.with)
        .into_iter()
        .zip(names::shares_in(case, &w.endings.without))
        .map(|((_, name, with), (_, _, without))| (name, with, without))
        .filter(|(_, with, without)| (without - with).abs() >= 0.005)
        .map(|(name, with, without)| format!("{name} {} instead of {}", pc(without), pc(with)))
        .collect();
    if !moved.is_empty() {
        said.push(format!("How it ends without it: {}.", moved.join(", ")));
    }
    let mut blocks = vec![Block::Text(said.join(" "))];
    let rows: Vec<Vec<String>> = w
        .terms
        .iter()
        .filter_map(|t| Some(vec![names.text(&t.issue), short(t.with?), short(t.without?)]))
        .collect();
    if !rows.is_empty() {
        let head = [("Median terms", false), ("With it", true), ("Without it", true)];
        blocks.push(Block::Table(Table::new("", &head, rows)));
    }
    Section::new("force", capital(&names.force(&w.option)), blocks)
}

/// Columns of the drawings.
const WIDE: usize = 60;

/// A chart of ten lines by 60 columns: the curve, and the band as shade.
fn curve(r: &WhenReport) -> Vec<String> {
    const ROWS: usize = 10;
    let asked = r.curve();
    let days = asked.len();
    let (Some(first), Some(last)) = (asked.first(), asked.last()) else {
        return Vec::new();
    };
    let top = asked.iter().map(|a| a.hi).fold(0.05, f64::max);
    let top = (top * 10.0).ceil() / 10.0;
    let level = |p: f64| ((p / top) * (ROWS as f64 - 1.0)).round() as usize;
    let cell = |column: usize, row: usize| {
        let a = &asked[(column * (days - 1)) / (WIDE - 1)];
        if level(a.p) == row {
            '●'
        } else if (level(a.lo)..=level(a.hi)).contains(&row) {
            '░'
        } else {
            ' '
        }
    };
    let mut lines: Vec<String> = (0..ROWS)
        .rev()
        .map(|row| {
            let label = 100.0 * top * row as f64 / (ROWS as f64 - 1.0);
            let cells: String = (0..WIDE).map(|column| cell(column, row)).collect();
            format!("  {label:>4.0} % │{cells}")
        })
        .collect();
    let mut axis = ['─'; WIDE];
    for d in &r.dates {
        if let Some(k) = asked.iter().position(|a| a.date == d.date) {
            let column = (k * (WIDE - 1)) / (days - 1).max(1);
            axis[column] = if d.kind == ROUND { '▲' } else { '┃' };
        }
    }
    lines.push(format!("         └{}", axis.iter().collect::<String>()));
    lines.push(format!("          {}{}{}", first.date, " ".repeat(40), last.date));
    lines.push("          ● model, ░ band of the odds, ▲ round, ┃ deadline".to_owned());
    lines
}

/// The endings of a few days as stacked bars of 50 columns.
fn endings(r: &WhenReport, case: &Case) -> Vec<String> {
    const BAR: usize = 50;
    let mark = |e: Ending| match e {
        Ending::Agreement => '█',
        Ending::Interim => '▓',
        Ending::Breakdown => '▒',
        Ending::Force => '╳',
        Ending::Suspension => '░',
    };
    let known: Vec<Ending> = names::endings(case).into_iter().flatten().collect();
    // What became of a text otherwise, and what is on its way.
    let of_text = names::OF_TEXT.iter().any(|(key, _)| names::of_text(case, key));
    let days = DAYS.into_iter();
    let mut lines: Vec<String> = days
        .filter_map(|day| Some((day, r.endings_by_day.get(day - 1)?)))
        .map(|(day, shares)| {
            let mut bar = String::new();
            let (mut sum, mut drawn) = (0.0, 0usize);
            let known = known.iter().map(|e| (mark(*e), shares.get(*e)));
            let text = [('▞', shares.rejected + shares.lapsed), ('▖', shares.under_way)];
            for (mark, share) in known.chain(text) {
                sum += share;
                let to = (sum * BAR as f64).round() as usize;
                bar.extend(std::iter::repeat_n(mark, to.saturating_sub(drawn)));
                drawn = drawn.max(to);
            }
            bar.extend(std::iter::repeat_n('·', BAR.saturating_sub(drawn)));
            format!("  day {day:>3}  {bar}")
        })
        .collect();
    let legend = known.iter().map(|e| format!("{} {}", mark(*e), e.name()));
    let mut legend: Vec<String> = legend.collect();
    if of_text {
        lines.push(format!("  {}", legend.join("  ")));
        legend = vec!["▞ a text refused, or lapsed".to_owned(), "▖ a text under way".to_owned()];
    }
    legend.push("· open".to_owned());
    lines.push(format!("  {}", legend.join("  ")));
    lines
}

#[cfg(test)]
mod tests {
    use super::without_it;

    #[test]
    fn an_answer_that_stays_in_whole_percent_is_not_said_to_change() {
        assert_eq!(
            without_it(0.302, 0.303),
            "Without it the answer would stay at 30 % (−0.1 points)."
        );
        assert_eq!(
            without_it(0.25, 0.30),
            "Without it the answer would be 25 % instead of 30 % (−5.0 points)."
        );
    }
}
