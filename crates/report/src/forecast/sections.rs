//! What is said of a forecast, section by section: the terminal and the brief are made of these.

use winset_model::case::Issue;
use winset_model::forecast::{CLOCK_NODES, most_equal_beside_nash};
use winset_page::document::{Block, Section, Sketch, Table};
use winset_page::text::{
    and, capital, columns, pc, points, quoted, range, short, signed, spoken, thousands, width,
    wrapped,
};
use winset_page::words::{bands_between, likely, likely_between};

pub use super::odds::{ClassShares, class, odds};
use super::rows::{
    Assumption, ConflictRow, DateRow, IssueTerms, Mark, MemberRow, NamedShare, OpeningRow,
    OptionTerms, ZoneShare, nearest,
};

use crate::names::Names;

/// Members that close fewer draws than this are in the table only.
pub const WORTH_A_SENTENCE: f64 = 0.01;

/// Of more members than these, those who do nothing are counted and not listed.
const MANY_MEMBERS: usize = 12;

/// What the sections are about.
#[derive(Clone, Copy, Debug)]
pub struct Topic<'a> {
    /// What is asked about, as a noun with its article: `a signed agreement`.
    pub event: &'a str,
    /// The last day that counts, ISO.
    pub by: &'a str,
    /// Whether one body decides by its rule.
    pub council: bool,
    /// How many draws.
    pub draws: u64,
}

impl Topic<'_> {
    /// What is negotiated, as a subject.
    pub fn subject(&self) -> &'static str {
        if self.council { "the matter" } else { "the talks" }
    }

    /// The same with a verb that has one form for each.
    pub(crate) fn with(&self, one: &str, many: &str) -> String {
        format!("{} {}", self.subject(), if self.council { one } else { many })
    }
}

pub(crate) fn table(caption: String, head: &[(&str, bool)], rows: Vec<Vec<String>>) -> Block {
    Block::Table(Table::new(caption, head, rows))
}

fn sketch(lines: Vec<String>, instead_of_tables: bool) -> Block {
    Block::Sketch(Sketch { lines, instead_of_tables })
}

/// The answer in words, with its band; where the odds lie in other bands as well, which.
pub fn answer(topic: &Topic<'_>, p: f64, lo: f64, hi: f64) -> String {
    let (words, odds) = (likely(p), range(lo, hi));
    let event = format!("{} by {}", capital(topic.event), spoken(topic.by));
    match (bands_between(lo, hi), words.strip_suffix(')')) {
        (Some(bands), _) => format!("{event}: {words}; odds uncertain, {odds}: {bands}."),
        (None, Some(open)) => format!("{event}: {open}, odds uncertain {odds})."),
        (None, None) => format!("{event}: {words}."),
    }
}

/// How often there is a zone, in words.
pub fn zone(topic: &Topic<'_>, z: &ZoneShare) -> String {
    let passes = match topic.council {
        true => "would pass under the council’s rule",
        false => "would be ratified on every side",
    };
    // Two halves of a per cent that are both rounded up would make 101.
    let rounded = |p: f64| (100.0 * p).round();
    let all = (z.p + z.closed - 1.0).abs() < 1e-9;
    let closed = match all && rounded(z.p) + rounded(z.closed) > 100.0 {
        true => "all others".to_owned(),
        false => pc(z.closed),
    };
    format!(
        "In {} of draws some package {passes} (error {}); in {closed} none would, now or at the horizon.",
        pc(z.p),
        points(z.mcse),
    )
}

/// That the text is agreed, in words: what of it has passed which stage.
pub fn agreed(passed: &str) -> String {
    format!("The text is agreed: {passed}. What is left is its way through the stages.")
}

/// That nobody can close the zone any more.
pub fn no_blockers(passed: &str) -> Section {
    let text = format!(
        "The text is agreed ({passed}): no member can close a zone any more, and only the stages \
         can stop it."
    );
    Section::new("blockers", "Who blocks, and what would move them", vec![Block::Text(text)])
}

/// P by date. The curve is a probability a day.
pub fn by_when(topic: &Topic<'_>, dates: &[DateRow], curve: &[f64]) -> Section {
    let rows = dates
        .iter()
        .map(|d| {
            let words = likely_between(d.p, d.lo, d.hi);
            let asked = if d.asked { " (the question)" } else { "" };
            vec![
                format!("{}{asked}", spoken(&d.date.to_string())),
                pc(d.p),
                range(d.lo, d.hi),
                words,
            ]
        })
        .collect();
    let caption = format!(
        "P({}) by each day, and its range over {CLOCK_NODES} settings of the clock’s constants",
        topic.event
    );
    let head = [("By", false), ("P", true), ("Range", true), ("In words", false)];
    let mut blocks = vec![Block::Figure("agreement"), table(caption, &head, rows)];
    blocks.extend((curve.len() > 1).then(|| sketch(vec![sparkline(curve)], false)));
    Section::new("when", "By when", blocks)
}

/// The curve in 60 columns.
fn sparkline(curve: &[f64]) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let top = curve.last().copied().unwrap_or(0.0).max(0.01);
    let level = |p: f64| LEVELS[(p / top * 7.0).round().clamp(0.0, 7.0) as usize];
    let marks: String = (0..60).map(|k| level(curve[(k * (curve.len() - 1)) / 59])).collect();
    format!("  {marks}  {} days", curve.len())
}

/// How the talks first end.
pub fn endings(
    topic: &Topic<'_>,
    endings: &[NamedShare],
    force: &[NamedShare],
    events: &[NamedShare],
) -> Section {
    let by = spoken(topic.by);
    let column = endings.iter().map(|e| width(&e.name)).max().unwrap_or(0);
    let bar = |e: &NamedShare| {
        let space = " ".repeat(column - width(&e.name));
        let bar = "█".repeat((e.p * 40.0).round() as usize);
        format!("  {}{space}  {:>5}  {bar}", e.name, pc(e.p))
    };
    let mut blocks = vec![
        Block::Figure("endings"),
        sketch(endings.iter().map(bar).collect(), true),
        table(
            format!(
                "How {} first ended by {by}, as shares of all draws",
                topic.with("has", "have")
            ),
            &[("Ending", false), ("Share", true)],
            endings.iter().map(|e| vec![e.name.clone(), pc(e.p)]).collect(),
        ),
    ];
    let mut text: Vec<String> = force
        .iter()
        .map(|f| format!("{} would be a credible threat in {} of draws.", quoted(&f.name), pc(f.p)))
        .collect();
    text.extend(events.iter().filter(|e| e.p >= 0.005).map(|e| {
        let name = quoted(&e.name);
        format!("The event {name} is the first ending by {by} in a share of {}.", pc(e.p))
    }));
    if !text.is_empty() {
        blocks.push(Block::Text(text.join(" ")));
    }
    Section::new("endings", format!("How {}", topic.with("ends", "end")), blocks)
}

/// What is known of who closes the zone.
#[derive(Clone, Copy, Debug)]
pub struct Blocking<'a> {
    /// How often there is a zone.
    pub zone: &'a ZoneShare,
    /// The members.
    pub members: &'a [MemberRow],
    /// What cannot hold together, most frequent first.
    pub conflicts: &'a [ConflictRow],
    /// What would open the zone, the widest first.
    pub openings: &'a [OpeningRow],
    /// At most so many sets and so many changes are said.
    pub most: [usize; 2],
}

impl<'a> Blocking<'a> {
    /// The members, who closes most first.
    pub fn leading(&self) -> Vec<&'a MemberRow> {
        let mut rows: Vec<&MemberRow> = self.members.iter().collect();
        rows.sort_by(|x, y| y.block.total_cmp(&x.block).then(y.walk.total_cmp(&x.walk)));
        rows
    }

    /// The sets that are said.
    pub fn frequent(&self) -> impl Iterator<Item = &'a ConflictRow> {
        self.conflicts.iter().filter(|c| c.share >= 0.005).take(self.most[0])
    }
}

/// Who blocks, and what would move them.
pub fn blockers(topic: &Topic<'_>, b: &Blocking<'_>) -> Section {
    let rows = b.leading();
    let place = |m: &MemberRow| match topic.council {
        true => m.role.clone(),
        false => format!("{}, {}", m.side, m.role),
    };
    let closing: Vec<String> = rows
        .iter()
        .filter(|m| m.block >= WORTH_A_SENTENCE)
        .map(|m| format!("{} ({}) in {}", m.name, place(m), pc(m.block)))
        .collect();
    let mut blocks = vec![Block::Text(if closing.is_empty() {
        format!(
            "No single member closes the zone in 1 % of draws or more: where it is closed ({} of \
             draws), one member giving way would not open it.",
            pc(b.zone.closed)
        )
    } else {
        format!(
            "The zone is closed by one member alone, who would open it by accepting anything: {}. \
             The same draw counts for each member who closes it.",
            and(&closing)
        )
    })];
    blocks.push(Block::Figure("tree"));
    // Of many members those are shown who do something.
    let idle = |m: &MemberRow| m.block.max(m.walk) < WORTH_A_SENTENCE;
    let few = rows.len() <= MANY_MEMBERS || rows.iter().all(|m| idle(m));
    let shown: Vec<_> = rows.iter().copied().filter(|m| few || !idle(m)).collect();
    let cells = |m: &&MemberRow| {
        let power = format!("{:.2}", m.power);
        vec![m.name.clone(), place(m), pc(m.block), pc(m.walk), power]
    };
    blocks.push(table(
        format!(
            "Members by what they do to the zone, as shares of {} draws",
            thousands(topic.draws)
        ),
        &[
            ("Member", false),
            (if topic.council { "Role" } else { "Side, role" }, false),
            ("Blocks", true),
            ("Holds open", true),
            ("Power", true),
        ],
        shown.iter().map(cells).collect(),
    ));
    let left = match rows.len() - shown.len() {
        0 => String::new(),
        n => format!(" Not shown: {n} who do neither in 1 % of draws."),
    };
    blocks.push(Block::Note(members_note(topic.council) + &left));
    let sets: Vec<String> = b
        .frequent()
        .map(|c| format!("In {} of draws: {}.", pc(c.share), and(&c.demands)))
        .collect();
    if !sets.is_empty() {
        blocks.push(Block::Text(
            "What cannot hold together, each set as small as it gets:".to_owned(),
        ));
        blocks.push(Block::List(sets));
    }
    if !b.openings.is_empty() {
        blocks.push(Block::Text(format!(
            "What would move them, each change alone (a zone exists in {} of draws now):",
            pc(b.zone.p)
        )));
        let rows = b.openings.iter().take(b.most[1]).map(|o| format!("{}.", opening(o)));
        blocks.push(Block::List(rows.collect()));
    }
    Section::new("blockers", "Who blocks, and what would move them", blocks)
}

/// How to read the table of members.
pub fn members_note(council: bool) -> String {
    format!(
        "Blocks: no zone, but one if it accepted anything. Holds open: a zone, but none without it. \
         Power: the Banzhaf index of {}.",
        if council { "the rule" } else { "its side’s rule" }
    )
}

/// What opens the zone, in a clause with a capital.
pub fn opening(o: &OpeningRow) -> String {
    format!(
        "With {} moved from {} to {}, a zone exists in {} of draws; moved all the way, in {}",
        o.what,
        position(o.from, o.from_mark.as_ref()),
        position(o.to, o.to_mark.as_ref()),
        pc(o.zone),
        pc(o.zone_without)
    )
}

/// Where a red line or a position is put, in the words of its issue: `43 (8 above “limited, for energy”)`;
/// the number alone where the path names no issue or its issue has no landmarks.
pub fn placed(names: &Names<'_>, path: &str, x: f64) -> String {
    let issue = path.rsplit('.').next();
    let issue = names.case().issues.iter().find(|j| Some(j.id.as_str()) == issue);
    let own = path.starts_with("actors.") || path.starts_with("sides.");
    position(x, issue.filter(|_| own).and_then(|j| nearest(names, &j.marks, x)).as_ref())
}

/// A position by its nearest landmark: `43 (8 above “limited, for energy”)`.
fn position(x: f64, mark: Option<&Mark>) -> String {
    match mark {
        Some(m) if (m.at - x).abs() < 1e-9 => format!("{} ({})", short(x), quoted(&m.text)),
        Some(m) => {
            let apart = (x - m.at).abs();
            // As many digits as the position itself has.
            let apart = if x.abs() >= 10.0 { apart.round() } else { apart };
            let way = if x > m.at { "above" } else { "below" };
            format!("{} ({} {way} {})", short(x), short(apart), quoted(&m.text))
        }
        None => short(x),
    }
}

/// Of more issues the chart of positions comes after their table.
const HIGH: usize = 6;

/// Feasible terms.
pub fn terms(topic: &Topic<'_>, terms: &[IssueTerms], passed: Option<&str>) -> Section {
    let by = spoken(topic.by);
    let spread =
        |t: &IssueTerms| t.quantiles.map(|q| (q[2] - q[0]).abs() / (t.scale[1] - t.scale[0]).abs());
    let known: Vec<(&IssueTerms, f64)> =
        terms.iter().filter_map(|t| Some((t, spread(t)?))).collect();
    let between = |t: &IssueTerms| {
        t.quantiles.map_or_else(String::new, |q| format!("{} to {}", short(q[0]), short(q[2])))
    };
    let tightest = known.iter().min_by(|x, y| x.1.total_cmp(&y.1));
    let widest = known.iter().max_by(|x, y| x.1.total_cmp(&y.1));
    let lead = match (tightest, widest) {
        (Some((a, _)), Some((z, _))) if known.len() > 1 => format!(
            "In the draws with a deal by {by} the terms lie closest together on {} ({}) and \
             furthest apart on {} ({}).",
            a.issue,
            between(a),
            z.issue,
            between(z)
        ),
        (Some((a, _)), _) => format!(
            "In the draws with a deal by {by} the terms on {} range from {}.",
            a.issue,
            between(a)
        ),
        _ if terms.iter().any(|t| t.options.iter().any(|o| o.p.is_some())) => {
            format!("In the draws with a deal by {by} no issue has a scale.")
        }
        _ if passed.is_some() => "The text is agreed, so its terms are no longer open.".to_owned(),
        _ => format!(
            "None of the {} draws has a zone of agreement, so there are no terms to show.",
            thousands(topic.draws)
        ),
    };
    let mut blocks = vec![Block::Text(lead)];
    // Of many issues the chart is as high as a sheet: the table fills the one that is begun.
    let positions =
        terms.iter().any(|t| t.options.is_empty()).then_some(Block::Figure("positions"));
    let (first, last) = if terms.len() > HIGH { (None, positions) } else { (positions, None) };
    blocks.extend(first);
    let rows: Vec<Vec<String>> = terms
        .iter()
        .filter_map(|t| {
            let q = t.quantiles?;
            Some(vec![
                t.issue.clone(),
                format!("{} to {}", short(t.scale[0]), short(t.scale[1])),
                short(t.now),
                short(q[0]),
                short(q[1]),
                short(q[2]),
                near_median(t).unwrap_or_default(),
            ])
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(sketch(terms.iter().flat_map(strip).collect(), true));
        blocks.push(table(
            "Terms in the draws with a deal, in each issue’s own units".to_owned(),
            &[
                ("Issue", false),
                ("Scale", true),
                ("Now", true),
                ("5 %", true),
                ("Median", true),
                ("95 %", true),
                ("Landmark nearest the median", false),
            ],
            rows,
        ));
    }
    blocks.extend(last);
    blocks.extend(terms.iter().filter(|t| !t.options.is_empty()).map(options));
    Section::new("terms", "Feasible terms", blocks)
}

/// The options of an issue without order: how often each is agreed, the likeliest first.
fn options(t: &IssueTerms) -> Block {
    let mut options: Vec<&OptionTerms> = t.options.iter().filter(|o| o.p.is_some()).collect();
    options.sort_by(|a, b| b.p.unwrap_or(0.0).total_cmp(&a.p.unwrap_or(0.0)));
    let one = |o: &&OptionTerms| {
        let now = if o.now { " (as without a deal)" } else { "" };
        format!("{}{now} in {}", quoted(&o.name), pc(o.p.unwrap_or(0.0)))
    };
    let said: Vec<String> = options.iter().map(one).collect();
    let said = if said.is_empty() { "nothing is agreed".to_owned() } else { said.join(", ") };
    Block::Text(format!("{}: {said}.", t.issue))
}

/// The most equal package beside Nash's, where they differ at central values; nothing where one text
/// alone is on the table.
pub fn most_equal(names: &Names<'_>) -> Option<Block> {
    if names.case().question.about.is_some() {
        return None;
    }
    let [equal, nash] = most_equal_beside_nash(names.case())?;
    let each = |terms: &[f64]| {
        let one = |(issue, x): (&Issue, &f64)| {
            format!("{} {}", names.issue(&issue.id), names.value(issue, *x))
        };
        names.case().issues.iter().zip(terms).map(one).collect::<Vec<_>>().join(", ")
    };
    Some(Block::Note(format!(
        "At central values, on the levels of `winset deals --rule people`, the most equal package (leximin) \
         is {}; Nash’s is {}.",
        each(&equal),
        each(&nash)
    )))
}

/// The landmark nearest the median, with its place.
pub fn near_median(t: &IssueTerms) -> Option<String> {
    let mark = t.near.as_ref()?[1].as_ref()?;
    Some(format!("{} ({})", quoted(&mark.text), short(mark.at)))
}

/// The terms on an issue over its scale: `┼` landmarks, `━` from 5 to 95 %, `●` the median.
fn strip(t: &IssueTerms) -> Vec<String> {
    let Some([lo, mid, hi]) = t.quantiles else { return Vec::new() };
    let near = near_median(t).map_or_else(String::new, |m| format!("; nearest to {m}"));
    let words = format!("{}: {} … {} … {}{near}", t.issue, short(lo), short(mid), short(hi));
    let mut lines: Vec<String> =
        wrapped(&words, columns() - 2).into_iter().map(|line| format!("  {line}")).collect();
    let [from, to] = t.scale.map(short);
    let cells = (columns() - 6).saturating_sub(width(&from) + width(&to)).clamp(8, 60);
    let last = (cells - 1) as f64;
    let at = |x: f64| {
        let share = (x - t.scale[0]) / (t.scale[1] - t.scale[0]);
        (share * last).round().clamp(0.0, last) as usize
    };
    let mut line = vec!['┄'; cells];
    for mark in &t.marks {
        line[at(mark.at)] = '┼';
    }
    let (a, b) = (at(lo), at(hi));
    line[a.min(b)..=a.max(b)].fill('━');
    line[at(mid)] = '●';
    lines.push(format!("    {from} {} {to}", line.into_iter().collect::<String>()));
    lines
}

/// The calendar's constants by what they do to the answer.
pub fn constants(topic: &Topic<'_>, rows: &[Assumption], most: usize) -> Block {
    let rows = rows.iter().take(most).map(|a| {
        let value = format!("{} {}", short(a.value), a.unit);
        let value = format!("{} ({}–{})", value.trim_end(), short(a.range[0]), short(a.range[1]));
        let [low, high] = a.effect.map(signed);
        vec![a.name.clone(), value, low, high, a.source.clone()]
    });
    table(
        format!(
            "Assumptions by how far they move P by {}, in points, when halved and when raised by \
             half",
            spoken(topic.by)
        ),
        &[
            ("Assumption", false),
            ("Value (5 % to 95 %)", false),
            ("Halved", true),
            ("Raised", true),
            ("Rests on", false),
        ],
        rows.collect(),
    )
}

/// Which numbers of the case rest on nothing: their names, and how many numbers there are.
pub fn unsupported(rows: &[String], all: usize) -> Option<Block> {
    let shown = &rows[..rows.len().min(3)];
    (!rows.is_empty()).then(|| {
        Block::Text(format!(
            "{} of {all} numbers in the case {} no entry and no note behind it: {}{}.",
            rows.len(),
            if rows.len() == 1 { "has" } else { "have" },
            and(shown),
            if rows.len() > shown.len() { " among them" } else { "" }
        ))
    })
}

/// What a forecast was computed with.
#[derive(Clone, Copy, Debug)]
pub struct Computation<'a> {
    /// The day it is told from, ISO.
    pub as_of: &'a str,
    /// The seed.
    pub seed: u64,
    /// Whether draws are scrambled points.
    pub scrambled: bool,
    /// The Monte Carlo errors of the answer and of the zone's share.
    pub errors: [Option<f64>; 2],
    /// How far ahead the calendar runs, days.
    pub horizon: usize,
    /// The fingerprint of the case.
    pub fingerprint: &'a str,
    /// The version of the formulas.
    pub version: &'a str,
}

/// How a forecast was computed.
pub fn computation(topic: &Topic<'_>, c: &Computation<'_>) -> String {
    let of = ["of the answer", "of the zone’s share"].into_iter().zip(c.errors);
    let errors = of.filter_map(|(what, error)| Some(format!("{what} {}", points(error?))));
    let errors: Vec<String> = errors.collect();
    format!(
        "{}{} with seed {}, each solved exactly; Monte Carlo error {}. The range beside each P is 5 % to 95 % over {CLOCK_NODES} settings of the \
         clock’s constants; it runs {} days ahead of {}. Case fingerprint {}, winset \
         {}.",
        winset_page::text::count(topic.draws as usize, "draw", "draws"),
        if c.scrambled { " at scrambled points" } else { "" },
        c.seed,
        errors.join(", "),
        c.horizon,
        spoken(c.as_of),
        c.fingerprint,
        c.version
    )
}
