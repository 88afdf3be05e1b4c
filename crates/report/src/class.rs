//! Reference classes: which there are, what one says by elapsed days, and how well it foretold cases
//! it had not seen.

use serde::Serialize;
use winset_files::class::{SHIPPED, ShippedClass, shipped};
use winset_model::case::Day;
use winset_model::class::risk::Risk;
use winset_model::class::unseen::{Estimator, FOLDS, SEEDS, UnseenScores, unseen};
use winset_model::class::{FitPlan, PastCase, ReferenceClass};
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{pc, spoken, whole};

/// The first days of the incidence that is listed; later ones follow where it starts late.
pub const DAYS: usize = 730;
/// How far the incidence runs beyond the day it is conditional on, at least.
const AHEAD: usize = 365;
/// The days that tables show.
const SHOWN: [usize; 8] = [7, 14, 30, 60, 90, 180, 365, 730];
/// The days of the list of classes.
const LISTED: [usize; 3] = [30, 90, 365];
/// Own tables of fewer ended cases are not cross-validated: the scores would be noise.
const ENOUGH: usize = 10;
/// In a table, what a class knows nothing of.
const NEVER: &str = "–";

/// The shipped classes: `winset class --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassList {
    /// `winset/classes/1`.
    pub schema: &'static str,
    /// One row a class.
    pub classes: Vec<ClassRow>,
}

/// A shipped class in the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassRow {
    /// Its name in a case.
    pub name: String,
    /// Its name in words.
    pub title: String,
    /// Past cases.
    pub n: usize,
    /// Past cases that ended in agreement.
    pub agreed: usize,
    /// Past cases that ended otherwise.
    pub others: usize,
    /// Past cases that were still open when last seen.
    pub open: usize,
    /// From when to when they are.
    pub period: String,
    /// The incidence by 30, 90 and 365 days from the start of the clock.
    pub incidence: Vec<IncidenceRow>,
}

/// The chance of having ended by a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IncidenceRow {
    /// Days from the start of the clock.
    pub day: usize,
    /// The chance of agreement by it, 0..1.
    pub agreement: f64,
    /// The chance of any other ending by it, 0..1.
    pub other: f64,
}

/// One class: `winset class show --json` and `winset class fit --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassReport {
    /// `winset/class/1`.
    pub schema: &'static str,
    /// Its name in a case: of a shipped class, or the file of an own table.
    pub name: String,
    /// Its name in words; `null` for an own table.
    pub title: Option<String>,
    /// Past cases.
    pub n: usize,
    /// Past cases that ended in agreement.
    pub agreed: usize,
    /// Past cases that ended otherwise.
    pub others: usize,
    /// Past cases that were still open when last seen.
    pub open: usize,
    /// From when to when they are; `null` for an own table.
    pub period: Option<String>,
    /// Where they come from.
    pub source: String,
    /// The day the clock starts; `null` for an own table.
    pub clock: Option<String>,
    /// The day from which an own table was looked at; `null` if none was said.
    pub as_of: Option<String>,
    /// What the class does not cover; `null` for an own table.
    pub gaps: Option<String>,
    /// The group that was asked for.
    pub group: Option<String>,
    /// Whether any past case is of that group; if not, the numbers are those of the whole class.
    pub group_seen: Option<bool>,
    /// The elapsed days after which the incidence is told.
    pub from: usize,
    /// The incidence by each day from the start of the clock, among those still open after `from` days:
    /// one row a day from 1 on, so that row k is day k, and zero up to `from`.
    pub cif: Vec<IncidenceRow>,
    /// The fitted hazards, of the group if it was seen.
    pub hazards: Hazards,
    /// How the other endings divide, per cent.
    pub split: SplitReport,
    /// The share of past cases with a zone of agreement: low, mode, high, per cent.
    pub zref: [f64; 3],
    /// What a group is; `null` without groups.
    pub group_by: Option<String>,
    /// The groups.
    pub groups: Vec<GroupRow>,
    /// Scores of cases left out; `null` for an own table of few cases.
    pub unseen: Option<UnseenReport>,
}

/// The two risks of a class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hazards {
    /// Agreement.
    pub agreement: Risk,
    /// Every other ending; `null` where every past case agreed.
    pub other: Option<Risk>,
}

/// How other endings divide, per cent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SplitReport {
    /// Talks broke down.
    pub breakdown: f64,
    /// Talks were suspended.
    pub suspension: f64,
    /// An interim or tacit understanding.
    pub interim: f64,
}

/// A group of a class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupRow {
    /// Its name.
    pub name: String,
    /// Past cases.
    pub n: usize,
    /// Past cases that ended in agreement.
    pub agreed: usize,
    /// What the hazard of agreement is multiplied by.
    pub times: f64,
}

/// Scores of cases left out, lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnseenReport {
    /// Into how many parts the cases were divided.
    pub folds: usize,
    /// How often.
    pub divisions: usize,
    /// Foretold by counting (Aalen–Johansen).
    pub counted: UnseenScores,
    /// Foretold by the class without groups.
    pub pooled: UnseenScores,
    /// Foretold by the class with its groups; `null` without groups.
    pub grouped: Option<UnseenScores>,
}

/// The names of the shipped classes.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// The list of shipped classes.
pub fn list() -> ClassList {
    let row = |s: ShippedClass| {
        let counts = s.class.counts;
        let incidence = incidence(&s.class, None, 0);
        ClassRow {
            name: s.name,
            title: s.title,
            n: counts.all(),
            agreed: counts.agreed,
            others: counts.others,
            open: counts.open,
            period: s.period,
            incidence: LISTED.iter().map(|day| incidence[day - 1]).collect(),
        }
    };
    ClassList {
        schema: "winset/classes/1",
        classes: names().filter_map(shipped).map(row).collect(),
    }
}

/// What a shipped class says after `from` elapsed days, of a group if one is named.
pub fn show(shipped: ShippedClass, group: Option<&str>, from: usize) -> ClassReport {
    let unseen = shipped.unseen;
    let unseen = UnseenReport {
        folds: FOLDS,
        divisions: SEEDS.len(),
        counted: unseen.counted,
        pooled: unseen.pooled,
        grouped: unseen.grouped,
    };
    ClassReport {
        title: Some(shipped.title),
        period: Some(shipped.period),
        clock: Some(shipped.clock),
        gaps: Some(shipped.gaps),
        group_by: shipped.group_by,
        unseen: Some(unseen),
        ..report(shipped.name, shipped.source, &shipped.class, group, from)
    }
}

/// What the class fitted to an own table says after `from` elapsed days.
pub fn own(
    file: &str,
    as_of: Option<Day>,
    class: &ReferenceClass,
    cases: &[PastCase],
    from: usize,
) -> ClassReport {
    let score = |by| unseen(cases, &FitPlan::default(), by, &SEEDS).map(|s| s.mean);
    let ended = class.counts.agreed + class.counts.others;
    let scores = (ended >= ENOUGH)
        .then(|| score(Estimator::AalenJohansen).zip(score(Estimator::Pooled)))
        .flatten();
    let unseen = scores.map(|(counted, pooled)| UnseenReport {
        folds: FOLDS,
        divisions: SEEDS.len(),
        counted,
        pooled,
        grouped: None,
    });
    ClassReport {
        as_of: as_of.map(|day| day.to_string()),
        unseen,
        ..report(file.to_owned(), file.to_owned(), class, None, from)
    }
}

fn report(
    name: String,
    source: String,
    class: &ReferenceClass,
    group: Option<&str>,
    from: usize,
) -> ClassReport {
    let counts = class.counts;
    let [breakdown, suspension, interim] = class.split;
    let groups = class.grouped.iter().flat_map(|g| &g.groups);
    ClassReport {
        schema: "winset/class/1",
        name,
        title: None,
        n: counts.all(),
        agreed: counts.agreed,
        others: counts.others,
        open: counts.open,
        period: None,
        source,
        clock: None,
        as_of: None,
        gaps: None,
        group: group.map(str::to_owned),
        group_seen: group.map(|g| class.group(g).is_some()),
        from,
        cif: incidence(class, group, from),
        hazards: Hazards { agreement: class.agreement_in(group), other: class.other.clone() },
        split: SplitReport { breakdown, suspension, interim },
        zref: class.zref,
        group_by: None,
        groups: groups
            .map(|g| GroupRow {
                name: g.name.clone(),
                n: g.cases,
                agreed: g.agreed,
                times: g.times,
            })
            .collect(),
        unseen: None,
    }
}

/// The incidence by each day from 1 on, among those open after `from` days.
fn incidence(class: &ReferenceClass, group: Option<&str>, from: usize) -> Vec<IncidenceRow> {
    let last = DAYS.max(from + AHEAD);
    let elapsed = i32::try_from(from).unwrap_or(i32::MAX);
    let later = class.rates(group, last).incidence(elapsed, last - from);
    let all = std::iter::repeat_n((0.0, 0.0), from).chain(later);
    (1..).zip(all).map(|(day, (agreement, other))| IncidenceRow { day, agreement, other }).collect()
}

/// The list, to read.
pub fn list_document(list: &ClassList) -> Document {
    let row = |c: &ClassRow| {
        let by = c.incidence.iter().map(|r| match c.others {
            0 => pc(r.agreement),
            _ => format!("{} / {}", whole(r.agreement), pc(r.other)),
        });
        let count = [c.n, c.agreed].map(|n| n.to_string());
        [c.name.clone(), c.period.clone()].into_iter().chain(count).chain(by).collect()
    };
    let head = [
        ("Class", false),
        ("Years", false),
        ("Cases", true),
        ("Agreed", true),
        ("30 days", true),
        ("90 days", true),
        ("365 days", true),
    ];
    let table = Table::new("", &head, list.classes.iter().map(row).collect());
    let note = "In agreement / otherwise by so many days from the start of the clock; the classes with one number always ended in agreement. `winset class show NAME` says what a class rests on.";
    let blocks = vec![Block::Table(table), Block::Note(note.to_owned())];
    Document {
        title: "Classes of past negotiations".to_owned(),
        sections: vec![Section::new("classes", "", blocks)],
        ..Document::default()
    }
}

/// A class, to read.
pub fn document(r: &ClassReport) -> Document {
    let mut facts = vec![("Past cases".to_owned(), counted(r))];
    let said = [
        ("As of", &r.as_of.as_deref().map(spoken)),
        ("Clock starts", &r.clock),
        ("Source", &r.title.as_ref().map(|_| r.source.clone())),
        ("Does not cover", &r.gaps),
    ];
    facts.extend(said.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v.clone()?))));
    if let (Some(group), Some(seen)) = (&r.group, r.group_seen) {
        let unseen =
            if seen { "" } else { " (no past case: these are the numbers of the whole class)" };
        facts.push(("Group".to_owned(), format!("{group}{unseen}")));
    }
    let title = match &r.title {
        Some(title) => format!("{title} · {}", r.name),
        None => r.name.clone(),
    };
    let mut sections = vec![ended(r), fitted(r)];
    if !r.groups.is_empty() {
        sections.push(groups(r));
    }
    sections.extend(r.unseen.as_ref().map(foretold));
    Document { title, facts, sections, ..Document::default() }
}

fn counted(r: &ClassReport) -> String {
    let period = r.period.as_ref().map_or_else(String::new, |p| format!(", {p}"));
    let open = if r.open > 0 { format!(", {} still open", r.open) } else { String::new() };
    format!("{}{period}; {} in agreement, {} otherwise{open}", r.n, r.agreed, r.others)
}

fn ended(r: &ClassReport) -> Section {
    let never = r.hazards.other.is_none();
    let days = SHOWN.into_iter().map(|d| d + r.from).filter(|d| *d <= r.cif.len());
    let row = |day: usize| {
        let at = r.cif[day - 1];
        let open = 1.0 - at.agreement - at.other;
        let other = if never { NEVER.to_owned() } else { pc(at.other) };
        vec![day.to_string(), pc(at.agreement), other, pc(open)]
    };
    let head = [("Day", true), ("Agreement", true), ("Other ending", true), ("Still open", true)];
    let title = match r.from {
        0 => "Ended by so many days from the start of the clock".to_owned(),
        from => format!("Of those still open after {from} days, ended by day"),
    };
    let table = Table::new("", &head, days.map(row).collect());
    Section::new("ended", title, vec![Block::Table(table)])
}

fn fitted(r: &ClassReport) -> Section {
    let mut items = vec![format!("agreement: {}", words(&r.hazards.agreement))];
    if let Some(other) = &r.hazards.other {
        items.push(format!("other endings: {}", words(other)));
        let s = r.split;
        items.push(format!(
            "of the other endings {} % are breakdown, {} % suspension, {} % an interim understanding",
            s.breakdown, s.suspension, s.interim
        ));
    }
    let [lo, mode, hi] = r.zref;
    items.push(format!(
        "past cases with a zone of agreement: {lo:.0}..{mode:.0}..{hi:.0} % (judgement)"
    ));
    Section::new("fitted", "Fitted", vec![Block::List(items)])
}

fn words(hazard: &Risk) -> String {
    match hazard {
        Risk::Weibull { shape, scale, times } if *times == 1.0 => {
            format!("cumulative hazard (t / {scale:.1} days)^{shape:.3}")
        }
        Risk::Weibull { shape, scale, times } => {
            format!("cumulative hazard {times:.2} · (t / {scale:.1} days)^{shape:.3}")
        }
        Risk::Steps { to, rates, .. } if to.is_empty() && rates == &[0.0] => "never".to_owned(),
        Risk::Steps { to, rates, .. } => {
            let ends = to.iter().map(|d| format!("to day {d}")).chain(["later".to_owned()]);
            let step = |(end, rate): (String, &f64)| format!("{:.2} {end}", 100.0 * rate);
            let steps: Vec<String> = ends.zip(rates).map(step).collect();
            format!("per cent a day: {}", steps.join(", "))
        }
    }
}

fn groups(r: &ClassReport) -> Section {
    let row = |g: &GroupRow| {
        vec![g.name.clone(), g.n.to_string(), g.agreed.to_string(), format!("{:.2}", g.times)]
    };
    let by = r.group_by.as_deref().unwrap_or("group");
    let head = [(by, false), ("Cases", true), ("Agreed", true), ("Times", true)];
    let table = Table::new("", &head, r.groups.iter().map(row).collect());
    let title = "Groups, and what their hazard of agreement is multiplied by";
    Section::new("groups", title, vec![Block::Table(table)])
}

fn foretold(u: &UnseenReport) -> Section {
    let score = |x: f64| if x == 0.0 { NEVER.to_owned() } else { format!("{x:.3}") };
    let row = |name: &str, s: &UnseenScores| {
        let [a, o] = [s.agreement, s.other].map(score);
        vec![name.to_owned(), a, o, format!("{:.2}", s.log)]
    };
    let mut rows = vec![row("counting past cases", &u.counted), row("the class", &u.pooled)];
    rows.extend(u.grouped.as_ref().map(|s| row("the class with groups", s)));
    let head = [("Foretold by", false), ("Agreement", true), ("Other", true), ("Log", true)];
    let title = "Cases it had not seen (lower is better)";
    let note = format!(
        "Brier scores averaged over 14, 30, 60, 90, 180 and 365 days, and the log score of when and how; \
         the cases in {} parts, each foretold from the others, {} times.",
        u.folds, u.divisions
    );
    Section::new(
        "unseen",
        title,
        vec![Block::Table(Table::new("", &head, rows)), Block::Note(note)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crisis(group: Option<&str>, from: usize) -> ClassReport {
        show(shipped("crisis").unwrap(), group, from)
    }

    #[test]
    fn row_k_is_day_k_and_what_is_told_later_is_conditional() {
        let start = crisis(None, 0);
        let later = crisis(None, 30);
        assert_eq!((start.cif.len(), later.cif.len()), (DAYS, DAYS));
        assert!(later.cif.iter().zip(1..).all(|(r, day)| r.day == day));
        assert!(later.cif[..30].iter().all(|r| (r.agreement, r.other) == (0.0, 0.0)));
        let at = start.cif[29];
        let open = 1.0 - at.agreement - at.other;
        for day in [31, 60, 730] {
            let want = (start.cif[day - 1].agreement - at.agreement) / open;
            assert!((later.cif[day - 1].agreement - want).abs() < 1e-12);
        }
        assert_eq!(crisis(None, 1000).cif.len(), 1365);
    }

    #[test]
    fn a_group_moves_agreement_and_one_never_seen_does_not() {
        let by_90 = |group| crisis(group, 0).cif[89].agreement;
        assert!(by_90(Some("threat to existence")) < by_90(None));
        assert!(by_90(None) < by_90(Some("territorial threat")));
        let unknown = crisis(Some("weather"), 0);
        assert_eq!((unknown.cif[89].agreement, unknown.group_seen), (by_90(None), Some(false)));
    }

    #[test]
    fn every_class_is_listed_with_what_it_says_by_a_month_a_quarter_and_a_year() {
        let list = list();
        assert_eq!(list.classes.len(), SHIPPED.len());
        for row in &list.classes {
            let full = show(shipped(&row.name).unwrap(), None, 0);
            let want = [30, 90, 365].map(|day: usize| full.cif[day - 1]);
            assert_eq!(row.incidence, want, "{}", row.name);
            assert_eq!(row.n, row.agreed + row.others + row.open);
        }
    }

    #[test]
    fn only_a_table_of_enough_cases_is_scored_on_cases_left_out() {
        use winset_model::class::PastEnding::{Agreement, Open};
        let cases = |n: usize| {
            let case = |k: usize| PastCase {
                days: (k * 17 % 60) as f64,
                ending: if k.is_multiple_of(9) { Open } else { Agreement },
                group: None,
            };
            (0..n).map(case).collect::<Vec<_>>()
        };
        let scored = |n| {
            let cases = cases(n);
            own("x.csv", None, &ReferenceClass::fit(&cases).unwrap(), &cases, 0).unseen.is_some()
        };
        assert!(!scored(9) && scored(20));
    }
}
