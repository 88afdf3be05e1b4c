//! Talks of people over known values: does it end in a deal, when, and in which.

use serde::Serialize;
use winset_methods::talks::agreement::{
    self, Against, AgreementScores, FORMS, RoomForm, RoomRow, by_risks, left_out,
};
use winset_methods::talks::concepts::CONCEPTS;
use winset_methods::talks::hazard::{Exponent, MessageTable, RISKS};
use winset_methods::talks::terms::{self, ScoredConcept, TermsScores, TermsShare};
use winset_methods::talks::{Corpus, Talk, TalkEnding};
use winset_model::forecast::VERSION;
use winset_page::document::{Block, Document, Section, Table};
use winset_page::table::{Cell, CellKind, DataTable};
use winset_page::text::{pc, thousands};

/// The rule whose shares are told.
const PEOPLE: &str = "people";
/// Messages whose exponents are told apart: the first, and the last or none.
const STRETCHES: [(usize, Option<usize>); 4] =
    [(1, Some(2)), (3, Some(4)), (5, Some(9)), (10, None)];

/// `winset/backtest-talks/1`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalksReport {
    /// The schema.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// Whether the constants of the rules of terms were fitted; what is scored was then left out of the
    /// fit.
    pub fitted: bool,
    /// The tables, in the order they were named.
    pub corpora: Vec<TalkCorpus>,
    /// Constants that fit one table, scored on another; empty unless they were fitted.
    pub transfer: Vec<TalkTransfer>,
}

/// One table of talks.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkCorpus {
    /// The file.
    pub file: String,
    /// Talks.
    pub n: usize,
    /// Talks that ended in a deal.
    pub deals: usize,
    /// Talks that ended in contradictory entries.
    pub contradictions: usize,
    /// Talks that failed.
    pub failures: usize,
    /// Different structures, up to the names of items and sides.
    pub structures: usize,
    /// Deals against all other endings, by how room counts; fitted, and scored on structures left out.
    pub agreement: Vec<TalkAgreement>,
    /// Deals against contradictory entries alone.
    pub agreement_or_contradiction: Vec<TalkAgreement>,
    /// Deals against failures alone.
    pub agreement_or_failure: Vec<TalkAgreement>,
    /// Endings by tenths of room, and what the three risks by message foretold.
    pub rooms: Vec<RoomRow>,
    /// How room moves the hazard of a deal at a message.
    pub hazard: TalkHazard,
    /// The loss of deals by message at other exponents, and the exponents of the other endings.
    pub risks: TalkRisks,
    /// Base hazards by message.
    pub messages: Vec<TalkMessage>,
    /// Which package is struck, by rule.
    pub terms: Vec<TalkTerms>,
    /// What no rule was fitted to, over the deals and as `people` says.
    pub shares: Vec<TermsShare>,
}

/// A form of how room counts, scored.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkAgreement {
    /// The form.
    pub model: &'static str,
    /// Its scores.
    #[serde(flatten)]
    pub scores: AgreementScores,
}

/// The hazard of a deal.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkHazard {
    /// The exponent of room with its 95 % interval.
    #[serde(flatten)]
    pub exponent: Exponent,
    /// Minus the log-likelihood of deals by message, a talk, on structures left out.
    pub nll: f64,
}

/// Other exponents and other endings.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkRisks {
    /// Exponents of deals that are fixed: `[γ, loss a talk on structures left out]`.
    pub fixed: Vec<[f64; 2]>,
    /// The exponent of contradictory entries; `null` without any.
    pub contradiction: Option<Exponent>,
    /// The exponent of failures; `null` without any.
    pub failure: Option<Exponent>,
    /// The exponents of deals at the messages 1–2, 3–4, 5–9 and from 10 on; `null` where no talk ended.
    pub by_message: Vec<Option<Exponent>>,
}

/// One message.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkMessage {
    /// Which; the last row holds all later ones.
    pub message: usize,
    /// Talks that last to it.
    pub under_way: u64,
    /// Deals at it.
    pub deals: u64,
    /// The chance of a deal at it where room is .65.
    pub base: f64,
}

/// A rule of terms, scored.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkTerms {
    /// The rule.
    pub rule: &'static str,
    /// Its scores.
    #[serde(flatten)]
    pub scores: TermsScores,
    /// Its constants by name: the shipped ones, or those that fit all deals.
    pub constants: serde_json::Map<String, serde_json::Value>,
}

/// A rule with the constants of one table, scored on another.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalkTransfer {
    /// The rule.
    pub rule: &'static str,
    /// The file the constants fit.
    pub from: String,
    /// The file that is scored.
    pub to: String,
    /// The mean of `ln p` there.
    pub log: f64,
    /// The same with constants that fit that file, in sample.
    pub own: f64,
}

/// What tables of talks say: files with their talks, constants of the rules of terms fitted or as
/// shipped. With `predictions`, a table of what was said of each talk comes along.
pub fn ask(
    files: &[(String, Vec<Talk>)],
    fit: bool,
    predictions: bool,
) -> (TalksReport, Option<DataTable>) {
    let sorted: Vec<Corpus> = files.iter().map(|(_, talks)| Corpus::new(talks)).collect();
    let mut table = predictions.then(|| DataTable { columns: columns(), rows: Vec::new() });
    let mut corpora = Vec::new();
    for ((file, talks), corpus) in files.iter().zip(&sorted) {
        let rules: Vec<Option<ScoredConcept>> =
            CONCEPTS.iter().map(|c| terms::ask(corpus, c, fit)).collect();
        let (told, chance) = one(file, corpus, &rules);
        if let Some(table) = &mut table {
            table.rows.extend(rows(file, talks, corpus, &chance, &rules));
        }
        corpora.push(told);
    }
    let transfer = if fit { transfer(files, &sorted, &corpora) } else { Vec::new() };
    let schema = "winset/backtest-talks/1";
    (TalksReport { schema, version: VERSION, fitted: fit, corpora, transfer }, table)
}

/// One table, and the chance of a deal that was foretold for each structure.
fn one(file: &str, corpus: &Corpus, rules: &[Option<ScoredConcept>]) -> (TalkCorpus, Vec<f64>) {
    let table = MessageTable::new(corpus);
    let fits = RISKS.map(|risk| table.fits_left_out(corpus, risk, None));
    let chance = by_risks(corpus, [&fits[0], &fits[1], &fits[2]]);
    let forms = |against: Against, any: bool| -> Vec<TalkAgreement> {
        let one = |(model, form): (&'static str, RoomForm)| {
            let chance = match form {
                RoomForm::Risks => chance.clone(),
                _ => left_out(corpus, &table, form, against),
            };
            let scores = agreement::score(corpus, against, &chance)?;
            Some(TalkAgreement { model, scores })
        };
        against.forms().filter(|_| any).filter_map(one).collect()
    };
    let all = 0..table.messages();
    let ended = |ending| corpus.ended(ending);
    let exponent =
        |ending: TalkEnding| (ended(ending) > 0).then(|| table.exponent(ending, all.clone()));
    let stretch = |(from, to): (usize, Option<usize>)| {
        let messages = from - 1..to.unwrap_or(table.messages()).min(table.messages());
        let deals = messages.clone().map(|m| table.at(m + 1)[1]).sum::<f64>();
        (deals > 0.0).then(|| table.exponent(TalkEnding::Deal, messages))
    };
    let hazard = table.fit(TalkEnding::Deal, None, &|_| true);
    let message = |(m, base): (usize, &f64)| {
        let [under_way, deals, ..] = table.at(m + 1);
        let base = -libm::expm1(-base);
        TalkMessage { message: m + 1, under_way: under_way as u64, deals: deals as u64, base }
    };
    let rule = |(concept, scored): (
        &winset_methods::talks::concepts::TermsConcept,
        &Option<ScoredConcept>,
    )| {
        let scored = scored.as_ref()?;
        let constants = concept.constants.iter().zip(&scored.constants);
        Some(TalkTerms {
            rule: concept.id,
            scores: scored.scores,
            constants: constants.map(|(c, x)| (c.name.to_owned(), (*x).into())).collect(),
        })
    };
    let people = CONCEPTS.iter().zip(rules).find(|(c, _)| c.id == PEOPLE);
    let shares = people.and_then(|(_, scored)| Some(terms::shares(corpus, &scored.as_ref()?.said)));
    let told = TalkCorpus {
        file: file.to_owned(),
        n: corpus.talks.len(),
        deals: ended(TalkEnding::Deal),
        contradictions: ended(TalkEnding::Contradiction),
        failures: ended(TalkEnding::Failure),
        structures: corpus.structures.len(),
        agreement: forms(Against::All, true),
        agreement_or_contradiction: forms(
            Against::Contradictions,
            ended(TalkEnding::Contradiction) > 0,
        ),
        agreement_or_failure: forms(Against::Failures, ended(TalkEnding::Failure) > 0),
        rooms: agreement::by_room(corpus, &chance),
        hazard: TalkHazard {
            exponent: table.exponent(TalkEnding::Deal, all.clone()),
            nll: table.loss_of_parts(corpus, &fits[0]),
        },
        risks: TalkRisks {
            fixed: [0.0, 0.5, 1.0].map(|g| [g, table.loss_left_out(corpus, Some(g))]).to_vec(),
            contradiction: exponent(TalkEnding::Contradiction),
            failure: exponent(TalkEnding::Failure),
            by_message: STRETCHES.map(stretch).to_vec(),
        },
        messages: hazard.base.iter().enumerate().map(message).collect(),
        terms: CONCEPTS.iter().zip(rules).filter_map(rule).collect(),
        shares: shares.unwrap_or_default(),
    };
    (told, chance)
}

fn transfer(
    files: &[(String, Vec<Talk>)],
    sorted: &[Corpus],
    corpora: &[TalkCorpus],
) -> Vec<TalkTransfer> {
    let mut all = Vec::new();
    for rule in CONCEPTS {
        let constants = |k: usize| -> Option<Vec<f64>> {
            let told = corpora[k].terms.iter().find(|t| t.rule == rule.id)?;
            rule.constants.iter().map(|c| told.constants[c.name].as_f64()).collect()
        };
        for from in 0..sorted.len() {
            for to in (0..sorted.len()).filter(|to| *to != from) {
                let log = |k: usize| {
                    let said = rule.ready(&sorted[to]).probabilities(&constants(k)?, &|_| true);
                    Some(terms::score(&sorted[to], &said)?.log)
                };
                let (Some(log), Some(own)) = (log(from), log(to)) else { continue };
                let [from, to] = [from, to].map(|k| files[k].0.clone());
                all.push(TalkTransfer { rule: rule.id, from, to, log, own });
            }
        }
    }
    all
}

fn columns() -> Vec<(String, CellKind)> {
    let head = [
        ("file", CellKind::Text),
        ("id", CellKind::Text),
        ("ending", CellKind::Text),
        ("room", CellKind::Number),
        ("deal", CellKind::Number),
    ];
    let rules = CONCEPTS.iter().map(|c| (c.id.to_owned(), CellKind::Number));
    head.map(|(name, kind)| (name.to_owned(), kind)).into_iter().chain(rules).collect()
}

/// A row a talk: the chance of a deal, and by each rule that of the package struck.
fn rows(
    file: &str,
    talks: &[Talk],
    corpus: &Corpus,
    chance: &[f64],
    rules: &[Option<ScoredConcept>],
) -> Vec<Vec<Cell>> {
    // Nine decimals: below what any score can see.
    let nine = |p: f64| Cell::Number((p * 1e9).round() / 1e9);
    let row = |(talk, sorted): (&Talk, &winset_methods::talks::SortedTalk)| {
        let structure = &corpus.structures[sorted.structure];
        let ending = match talk.ending {
            TalkEnding::Deal => "deal",
            TalkEnding::Contradiction => "contradiction",
            TalkEnding::Failure => "none",
        };
        let mut row: Vec<Cell> = vec![file.into(), (&talk.id).into(), ending.into()];
        row.extend([nine(structure.room), nine(chance[sorted.structure])]);
        row.extend(rules.iter().map(|rule| match (rule, sorted.package) {
            (Some(rule), Some(x)) => nine(rule.said[sorted.structure][x]),
            _ => Cell::Empty,
        }));
        row
    };
    talks.iter().zip(&corpus.talks).map(row).collect()
}

/// The tables, in words.
pub fn document(r: &TalksReport) -> Document {
    let mut sections = Vec::new();
    for c in &r.corpora {
        sections.extend(corpus(c, r.fitted));
    }
    if !r.transfer.is_empty() {
        let row = |t: &TalkTransfer| {
            let [from, to] = [&t.from, &t.to].map(|f| short_name(f));
            vec![t.rule.to_owned(), from, to, fixed(t.log, 3), fixed(t.own, 3)]
        };
        let head = [
            ("rule", false),
            ("constants of", false),
            ("scored on", false),
            ("log", true),
            ("its own", true),
        ];
        let caption = "Constants that fit one table, on another: mean ln p of the package struck";
        let table = Table::new(caption, &head, r.transfer.iter().map(row).collect());
        sections.push(Section::new(
            "transfer",
            "From one table to another",
            vec![Block::Table(table)],
        ));
    }
    let note = "Log is the mean natural log of the chance of what happened: higher is better; Brier and \
                CRPS lower. PIT is how far F(utility) lies from even. What is fitted is scored on \
                structures left out of the fit. Two sides, small stakes, no threats: the shape carries \
                over, levels do not.";
    sections.push(Section::new("reading", "", vec![Block::Note(note.to_owned())]));
    Document {
        title: "Talks over known values".to_owned(),
        sections,
        version: r.version.to_owned(),
        ..Document::default()
    }
}

/// The name of a file without its folders.
fn short_name(file: &str) -> String {
    file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned()
}

/// So many decimals, with a true minus sign.
fn fixed(x: f64, decimals: usize) -> String {
    format!("{x:.decimals$}").replace('-', "−")
}

fn corpus(c: &TalkCorpus, fitted: bool) -> Vec<Section> {
    let name = short_name(&c.file);
    let counts = format!(
        "{} talks over {} structures: {} deals, {} contradictory entries, {} without agreement.",
        thousands(c.n as u64),
        thousands(c.structures as u64),
        thousands(c.deals as u64),
        thousands(c.contradictions as u64),
        thousands(c.failures as u64)
    );
    let mut sections = vec![Section::new("talks", name.clone(), vec![Block::Text(counts)])];
    sections.push(Section::new(
        "agreement",
        format!("{name}: does it end in a deal?"),
        vec![Block::Table(agreement_table(c)), Block::Table(rooms(c))],
    ));
    sections.push(Section::new("hazard", format!("{name}: when?"), hazard(c)));
    let how = if fitted {
        "constants fitted, scored on structures left out"
    } else {
        "shipped constants"
    };
    let mut blocks = vec![Block::Table(terms_table(c, how))];
    if !c.shares.is_empty() {
        let row = |s: &TermsShare| vec![s.what.to_owned(), fixed(s.observed, 3), fixed(s.said, 3)];
        let head = [("of deals", false), ("observed", true), ("people", true)];
        let caption =
            "What no constant was fitted to: shares of deals, mean gains of a whole agenda";
        blocks.push(Block::Table(Table::new(caption, &head, c.shares.iter().map(row).collect())));
    }
    sections.push(Section::new("terms", format!("{name}: in which deal?"), blocks));
    sections
}

fn agreement_table(c: &TalkCorpus) -> Table {
    let row = |(model, _): &(&'static str, RoomForm)| {
        let mut row = vec![(*model).to_owned()];
        for list in [&c.agreement, &c.agreement_or_contradiction, &c.agreement_or_failure] {
            let found = list.iter().find(|a| a.model == *model);
            row.extend(match found {
                Some(a) => [fixed(a.scores.log, 4), fixed(a.scores.brier, 4)],
                None => ["–".to_owned(), "–".to_owned()],
            });
        }
        row
    };
    let head = [
        ("how room counts", false),
        ("log", true),
        ("Brier", true),
        ("or contra.", true),
        ("Brier", true),
        ("or none", true),
        ("Brier", true),
    ];
    let caption = "Deals against all other endings, contradictory entries, and no agreement";
    Table::new(caption, &head, FORMS.iter().map(row).collect())
}

fn rooms(c: &TalkCorpus) -> Table {
    let row = |r: &RoomRow| {
        let [deals, contradictions, failures] = r.ended.map(|n| n as f64);
        let share = |others: f64| match deals + others {
            0.0 => "–".to_owned(),
            n => pc(deals / n),
        };
        vec![
            format!("{:.2}–{:.2}", r.room[0], r.room[1]),
            r.ended.iter().sum::<usize>().to_string(),
            share(contradictions + failures),
            pc(r.foretold),
            share(failures),
            share(contradictions),
        ]
    };
    let head = [
        ("room", false),
        ("talks", true),
        ("deals", true),
        ("foretold", true),
        ("or none", true),
        ("or contra.", true),
    ];
    let caption =
        "Deals by room: of all, as three risks foretell it, of deals and failures, of entries";
    Table::new(caption, &head, c.rooms.iter().map(row).collect())
}

fn interval(e: &Exponent) -> String {
    format!("{} ({} to {})", fixed(e.gamma, 2), fixed(e.lo, 2), fixed(e.hi, 2))
}

fn hazard(c: &TalkCorpus) -> Vec<Block> {
    let mut list = vec![format!(
        "The hazard of a deal at a message grows with room to the power {}; −ln L a talk, left out: {}.",
        interval(&c.hazard.exponent),
        fixed(c.hazard.nll, 4)
    )];
    let at = |[g, loss]: &[f64; 2]| format!("{} at {g}", fixed(*loss, 4));
    let others: Vec<String> = c.risks.fixed.iter().map(at).collect();
    list.push(format!("At powers that are fixed: {}.", others.join(", ")));
    for (what, e) in
        [("contradictory entries", &c.risks.contradiction), ("failures", &c.risks.failure)]
    {
        list.extend(e.iter().map(|e| format!("The hazard of {what}: {}.", interval(e))));
    }
    for ((from, to), e) in STRETCHES.iter().zip(&c.risks.by_message) {
        let to = to.map_or_else(|| " on".to_owned(), |to| format!(" to {to}"));
        list.extend(
            e.iter().map(|e| format!("Deals at messages from {from}{to}: {}.", interval(e))),
        );
    }
    let row = |m: &TalkMessage| {
        let later = if m.message == c.messages.len() { " on" } else { "" };
        vec![
            format!("{}{later}", m.message),
            m.under_way.to_string(),
            m.deals.to_string(),
            fixed(m.base, 3),
        ]
    };
    let head = [("message", true), ("under way", true), ("deals", true), ("base", true)];
    let caption = "Deals by message; base: the chance of one where room is .65";
    let table = Table::new(caption, &head, c.messages.iter().map(row).collect());
    vec![Block::List(list), Block::Table(table)]
}

fn terms_table(c: &TalkCorpus, how: &str) -> Table {
    let row = |t: &TalkTerms| {
        let s = &t.scores;
        vec![
            t.rule.to_owned(),
            fixed(s.log, 3),
            fixed(s.hit, 3),
            fixed(s.crps, 4),
            fixed(s.pit, 3),
            pc(s.coverage80),
            fixed(s.width80, 2),
        ]
    };
    let head = [
        ("rule", false),
        ("log", true),
        ("hit", true),
        ("CRPS", true),
        ("PIT", true),
        ("in 80 %", true),
        ("width", true),
    ];
    Table::new(format!("The package struck, {how}"), &head, c.terms.iter().map(row).collect())
}
