//! What is said of a graph model.

use winset_methods::stability::concept;
use winset_methods::stability::inverse::InverseCount;
use winset_page::document::{Block, Document, Section, Table};
use winset_page::text::{and, count, pc, spoken, thousands};

use super::{
    ByName, InverseReport, NamedMove, ReasonRow, RobustnessRow, StabilityReport, StateId,
    TalksBeside,
};

/// States that are all listed; of more only those that hold.
const LISTED: usize = 16;
/// Rows of a list of what holds.
const ROWS: usize = 24;
/// The concepts in whose words robustness is told, the first that is there.
const TOLD: [&str; 3] = ["seq", "nash", "gmr"];

/// A state in words: its id, and the options that are taken in it.
fn said(r: &StabilityReport, id: &StateId) -> String {
    match meaning(r, id) {
        Some(words) => format!("{id} ({words})"),
        None => id.to_string(),
    }
}

/// The options taken in a state; `None` where states are only named.
fn meaning(r: &StabilityReport, id: &StateId) -> Option<String> {
    let pattern = r.states.get(&id.to_string())?;
    if pattern.is_empty() {
        return None;
    }
    let taken = pattern.chars().zip(&r.options).filter(|(letter, _)| *letter == 'Y');
    let names: Vec<String> = taken.map(|(_, option)| option.name.clone()).collect();
    Some(if names.is_empty() { "nothing done".to_owned() } else { and(&names) })
}

fn states(r: &StabilityReport, ids: &[StateId]) -> String {
    match ids {
        [] => "no state".to_owned(),
        [one] => format!("state {}", said(r, one)),
        few if few.len() <= 3 => {
            let all: Vec<String> = few.iter().map(|id| said(r, id)).collect();
            format!("states {}", and(&all))
        }
        more if more.len() <= 6 => {
            let all: Vec<String> = more.iter().map(|id| id.to_string()).collect();
            format!("states {}", and(&all))
        }
        more => format!("{} states", thousands(more.len() as u64)),
    }
}

fn title(id: &str) -> &'static str {
    concept(id).map_or("", |c| c.title())
}

/// The answer in a sentence or two.
pub fn summary(r: &StabilityReport) -> String {
    let mut parts = Vec::new();
    let all = r.states.0.len();
    if all == 1 && r.talks.is_some() {
        let none = "The case says nothing that a side could do without a deal, neither a promise that makes an \
                    issue somebody’s to move nor an option of force: the status quo is all there is.";
        return none.to_owned();
    }
    if let Some(nash) = r.equilibria.get("nash") {
        parts.push(format!(
            "Of {} nobody would leave {} for a gain of its own (Nash).",
            count(all, "state", "states"),
            if nash.is_empty() { "none".to_owned() } else { states(r, nash) },
        ));
    }
    if let Some(seq) = r.equilibria.get("seq")
        && r.equilibria.get("nash").is_none_or(|nash| nash != seq)
    {
        parts.push(format!(
            "With what the others would credibly answer in mind, {} {} (sequential).",
            states(r, seq),
            if seq.len() == 1 { "holds" } else { "hold" },
        ));
    }
    let holds = |id: &str| r.equilibria.get(id).is_some_and(|all| all.contains(&r.status_quo));
    let quo = said(r, &r.status_quo);
    parts.push(match ["nash", "seq", "smr", "gmr"].into_iter().find(|id| holds(id)) {
        Some(id) => {
            let name = title(id).to_lowercase().replace("nash", "Nash");
            format!("The status quo, state {quo}, holds ({name}).")
        }
        None => format!("The status quo, state {quo}, does not hold."),
    });
    parts.join(" ")
}

/// What is said of it.
pub fn document(r: &StabilityReport) -> Document {
    if r.states.0.len() == 1 {
        let lead = vec![Block::Lead(summary(r))];
        return Document {
            title: format!("{} · without a deal", r.title),
            sections: vec![Section::new("holds", "What holds", lead)],
            version: r.version.to_owned(),
            ..Document::default()
        };
    }
    let mut sections = vec![Section::new("holds", "What holds", holds(r))];
    sections.extend(r.talks.as_ref().map(beside));
    sections.push(Section::new("why", "Why", why(r)));
    sections.extend(sure(r, false));
    sections.extend(coalitions(r));
    sections.extend(variants(r));
    sections.extend(paths(r));
    sections.extend(r.inverse.as_ref().map(|inverse| backwards(r, inverse)));
    sections.push(Section::new("reading", "", vec![Block::Note(reading(r))]));
    let mut facts = Vec::new();
    if let (Some(day), Some(print)) = (&r.as_of, &r.fingerprint) {
        facts.push(("as of".to_owned(), spoken(day)));
        facts.push(("case".to_owned(), print.chars().take(12).collect()));
    }
    Document {
        title: format!("{} · without a deal", r.title),
        facts,
        sections,
        figures: vec![("states", super::figure(r))],
        version: r.version.to_owned(),
        ..Document::default()
    }
}

/// What a brief says of it: where it rests, how that squares with the talks, and how sure it is.
pub fn brief_section(r: &StabilityReport) -> Section {
    let mut blocks = vec![Block::Text(summary(r)), Block::Figure("states")];
    blocks.extend(r.talks.as_ref().into_iter().flat_map(|talks| beside(talks).blocks));
    blocks.extend(sure(r, true).into_iter().flat_map(|section| section.blocks));
    Section::new("without-deal", "If the talks fail", blocks)
}

fn holds(r: &StabilityReport) -> Vec<Block> {
    let mut blocks = vec![Block::Lead(summary(r)), Block::Figure("states")];
    let everything = r.states.0.len() <= LISTED;
    let held =
        |id: &str| r.equilibria.0.iter().any(|(_, all)| all.iter().any(|s| s.to_string() == id));
    let listed: Vec<&(String, String)> =
        r.states.0.iter().filter(|(id, _)| everything || held(id)).collect();
    let mut head = vec![("State", true), ("What is done", false)];
    let short_head: Vec<String> = r.equilibria.0.iter().map(|(id, _)| id.clone()).collect();
    head.extend(short_head.iter().map(|id| (id.as_str(), false)));
    let row = |(id, pattern): &&(String, String)| {
        let own = |all: &Vec<StateId>| all.iter().any(|s| s.to_string() == *id);
        let words =
            r.equilibria.0.iter().find_map(|(_, all)| all.iter().find(|s| s.to_string() == *id));
        let words = words.and_then(|s| meaning(r, s)).or_else(|| taken(r, pattern));
        let mut row = vec![id.clone(), words.unwrap_or_default()];
        row.extend(
            r.equilibria.0.iter().map(|(_, all)| if own(all) { "holds" } else { "" }.to_owned()),
        );
        row
    };
    let caption = match everything {
        true => "Where nobody would leave, by concept".to_owned(),
        false => {
            let (of, n) = (r.states.0.len() as u64, listed.len());
            format!("The {n} of {} states that hold under some concept", thousands(of))
        }
    };
    let table = Table::new(caption, &head, listed.iter().take(ROWS).map(row).collect());
    blocks.push(Block::Table(table));
    if listed.len() > ROWS {
        let more = listed.len() - ROWS;
        blocks.push(Block::Note(format!("{more} more are in `--json`.")));
    }
    let names: Vec<String> = short_head.iter().map(|id| format!("{id}: {}", title(id))).collect();
    blocks.push(Block::Note(format!("{}.", names.join("; "))));
    blocks
}

fn taken(r: &StabilityReport, pattern: &str) -> Option<String> {
    if pattern.is_empty() {
        return None;
    }
    let taken = pattern.chars().zip(&r.options).filter(|(letter, _)| *letter == 'Y');
    let names: Vec<String> = taken.map(|(_, option)| option.name.clone()).collect();
    Some(if names.is_empty() { "nothing done".to_owned() } else { and(&names) })
}

/// A way in words: `Iraq goes to 4, and Syria to 5`.
fn way(moves: &[NamedMove]) -> String {
    let each: Vec<String> = moves
        .iter()
        .enumerate()
        .map(|(k, m)| match k {
            0 => format!("{} goes to {}", m.party, m.to),
            _ => format!("{} to {}", m.party, m.to),
        })
        .collect();
    and(&each)
}

/// Why a party stays, or does not, in a sentence.
fn reason(row: &ReasonRow) -> String {
    let (party, state) = (&row.party, &row.state);
    let open = row.improvements.iter().find(|i| i.sanction.is_none());
    match (row.improvements.as_slice(), open) {
        ([], _) => format!("{party} has no better state to go to."),
        (_, Some(open)) => {
            format!(
                "{party} would leave for {}, and nothing the others would answer deters it.",
                open.to
            )
        }
        (all, None) => {
            let each: Vec<String> = all
                .iter()
                .take(4)
                .filter_map(|i| {
                    let moves = i.sanction.as_ref()?;
                    let end = moves.last()?;
                    let worse = format!("{} is no better for it than {state}", end.to);
                    Some(format!("to {}, but then {}, and {worse}", i.to, way(moves)))
                })
                .collect();
            let more = all.len().saturating_sub(4);
            let more = if more > 0 { format!("; so with {more} more") } else { String::new() };
            format!("{party} could gain by going {}{more}.", each.join("; or "))
        }
    }
}

fn why(r: &StabilityReport) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut told: Vec<&StateId> = Vec::new();
    for row in &r.reasons {
        if told.contains(&&row.state) {
            continue;
        }
        told.push(&row.state);
        let own: Vec<&ReasonRow> = r.reasons.iter().filter(|o| o.state == row.state).collect();
        let holds = own.iter().all(|o| o.stable);
        let name = title(row.concept);
        let verb = if holds { "holds" } else { "does not hold" };
        let quo = if row.state == r.status_quo { ", the status quo," } else { "" };
        let mut items = vec![format!("State {}{quo} {verb} ({name}).", said(r, &row.state))];
        items.extend(own.iter().map(|o| reason(o)));
        blocks.push(Block::Text(items.join(" ")));
    }
    blocks
}

/// The rows of the concept in whose words robustness is told.
fn told_rows(r: &StabilityReport) -> Option<(&'static str, Vec<&RobustnessRow>)> {
    TOLD.into_iter().find_map(|id| {
        let rows: Vec<&RobustnessRow> =
            r.robustness.iter().filter(|row| row.drawn.concept == id).collect();
        (!rows.is_empty()).then_some((id, rows))
    })
}

/// How sure it is; with `words` for what each state is, where no table of the states stands above.
fn sure(r: &StabilityReport, words: bool) -> Option<Section> {
    let (id, mut rows) = told_rows(r)?;
    rows.sort_by(|a, b| b.drawn.share.total_cmp(&a.drawn.share));
    let on = |row: &RobustnessRow| {
        row.drawn.hangs_on.as_ref().map_or_else(String::new, |h| {
            let [if_so, if_not] = [pc(h.if_so), pc(h.if_not)];
            format!("{}: {} over {} ({if_so}, else {if_not})", h.party, h.prefers, h.to)
        })
    };
    let over = |row: &RobustnessRow| {
        row.overturned_by.as_ref().map_or_else(String::new, |o| {
            let way = if o.up { "up" } else { "down" };
            format!("{}: {} {way} past {}", o.party, o.moved, o.past)
        })
    };
    let row = |row: &&RobustnessRow| {
        let id = &row.drawn.state;
        let state = if words { said(r, id) } else { id.to_string() };
        vec![state, pc(row.drawn.share), on(row), over(row)]
    };
    let caption = format!(
        "Share of {} draws of the preferences in which a state holds ({}), what that hangs on most, and \
         the smallest change that would overturn it",
        thousands(r.draws),
        title(id)
    );
    let head = [("State", !words), ("Holds", true), ("Hangs on", false), ("Overturned by", false)];
    let table = Table::new(caption, &head, rows.iter().take(LISTED).map(row).collect());
    Some(Section::new("sure", "How sure it is", vec![Block::Table(table)]))
}

fn coalitions(r: &StabilityReport) -> Option<Section> {
    let all = r.coalition_equilibria.as_ref()?;
    let nash = all.get("nash")?;
    if r.parties.len() < 2 {
        return None;
    }
    let mut said_of = vec![format!(
        "No coalition, moving by its members’ own moves, would leave {} (Nash).",
        states(r, nash)
    )];
    for row in r.joint_improvements.iter().take(4) {
        said_of.push(format!(
            "State {} gives way: {} would go together to {}.",
            said(r, &row.from),
            and(&row.members),
            said(r, &row.to)
        ));
    }
    let rows: Vec<Vec<String>> =
        all.0.iter().map(|(id, held)| vec![title(id).to_owned(), list(held)]).collect();
    let table =
        Table::new("Held by every coalition", &[("Concept", false), ("States", false)], rows);
    let blocks = vec![Block::Text(said_of.join(" ")), Block::Table(table)];
    Some(Section::new("coalitions", "Coalitions", blocks))
}

fn list(ids: &[StateId]) -> String {
    let first: Vec<String> = ids.iter().take(ROWS).map(ToString::to_string).collect();
    let more = if ids.len() > ROWS { ", …" } else { "" };
    if ids.is_empty() { "none".to_owned() } else { first.join(", ") + more }
}

fn variants(r: &StabilityReport) -> Option<Section> {
    let mut blocks = Vec::new();
    let rows = |all: &ByName<Vec<StateId>>| -> Vec<Vec<String>> {
        all.0.iter().map(|(id, held)| vec![title(id).to_owned(), list(held)]).collect()
    };
    let head = [("Concept", false), ("States", false)];
    if !r.strong_equilibria.0.is_empty() {
        let caption = "Held strongly: every sanction leaves who left much worse off";
        blocks.push(Block::Table(Table::new(caption, &head, rows(&r.strong_equilibria))));
    }
    for (reading, all) in &r.unknown_equilibria.0 {
        let words = match reading.as_str() {
            "a" => {
                "parties move where it is not known that they gain, and are deterred only where it is known that they lose"
            }
            "b" => {
                "parties move only where it is known that they gain, and are deterred only where it is known that they lose"
            }
            "c" => {
                "parties move where it is not known that they gain, and are deterred where it is not known that they gain"
            }
            _ => {
                "parties move only where it is known that they gain, and are deterred where it is not known that they gain"
            }
        };
        let caption = format!("Held where preferences are not known, reading {reading}: {words}");
        blocks.push(Block::Table(Table::new(caption, &head, rows(all))));
    }
    let title = "Strong and unknown preferences";
    (!blocks.is_empty()).then(|| Section::new("variants", title, blocks))
}

fn paths(r: &StabilityReport) -> Option<Section> {
    let items: Vec<String> = r
        .paths
        .iter()
        .filter(|p| !p.moves.is_empty())
        .map(|p| {
            let all = p.moves.iter().all(|m| m.improves);
            let gain = if all { "each to its own gain" } else { "not every move a gain" };
            format!("To {}: {}; {gain}.", said(r, &p.to), way(&p.moves))
        })
        .collect();
    if items.is_empty() {
        return None;
    }
    let title = format!("From the status quo, state {}", r.status_quo);
    Some(Section::new("paths", title, vec![Block::List(items)]))
}

fn backwards(r: &StabilityReport, inverse: &InverseReport) -> Section {
    let number = |n: Option<u128>| {
        n.map_or_else(|| "–".to_owned(), |n| u64::try_from(n).map_or(n.to_string(), thousands))
    };
    let row = |(id, row): &(String, InverseCount<StateId>)| {
        vec![
            title(id).to_owned(),
            number(row.stable),
            number(row.best_deterred),
            number(row.rankings),
            pc(row.share),
        ]
    };
    let caption = format!(
        "Rankings of {} by {} that make state {} stable for it",
        count(inverse.free.len(), "state", "states"),
        inverse.party,
        inverse.state
    );
    let head = [
        ("Concept", false),
        ("Every gain deterred", true),
        ("The best deterred", true),
        ("Of", true),
        ("Share", true),
    ];
    let mut blocks =
        vec![Block::Table(Table::new(caption, &head, inverse.counts.0.iter().map(row).collect()))];
    if let Some(gmr) = inverse.counts.get("gmr") {
        let group = |g: &Vec<StateId>| {
            let all: Vec<String> = g.iter().map(ToString::to_string).collect();
            and(&all)
        };
        let items = gmr.conditions.iter().map(|c| {
            let groups: Vec<String> = c.deterred_by.iter().take(6).map(group).collect();
            let own = format!("{} is not above {}", c.improvement, inverse.state);
            match groups.is_empty() {
                true => format!("{own}."),
                false => format!("{own}, or {} is not.", groups.join(", or ")),
            }
        });
        blocks.push(Block::Text("What has to hold (general metarational):".to_owned()));
        blocks.push(Block::List(items.collect()));
    }
    Section::new(
        "inverse",
        format!("What would make state {} hold", said(r, &inverse.state)),
        blocks,
    )
}

fn beside(talks: &TalksBeside) -> Section {
    let by = spoken(&talks.by);
    let mut said_of = vec![format!(
        "Over the draws of the forecast the status quo holds in {} (sequential), some state without force \
         in {}, and some side gains by using force from the status quo in {}; in {} the negotiator of a side \
         finds force better than waiting, events counted, which is what makes it a threat in the talks.",
        pc(talks.quo_holds),
        pc(talks.peace_holds),
        pc(talks.force_open),
        pc(talks.credible)
    )];
    said_of.push(format!(
        "`winset when` answers for the same case: {} for what is asked by {by}, and {} that force comes \
         first{}.",
        pc(talks.answer),
        pc(talks.force),
        by_events(talks.force, talks.events)
    ));
    said_of.push(squares(talks).to_owned());
    let mover = |m: &super::LoneMover| format!("{} {}", m.party, and(&m.issues));
    let movers: Vec<String> = talks.movers.iter().map(mover).collect();
    let movers = if movers.is_empty() {
        String::new()
    } else {
        format!(" Alone can move: {}.", movers.join("; "))
    };
    let note = format!(
        "The states are what the sides can do alone: each meets the others half-way, or goes its own way, \
         on the issues that a promise makes its own, or uses force, which ends the rest.{movers} Worth is \
         that of the threat points and of force in the forecast. Deadlines that are priced are left out."
    );
    let blocks = vec![Block::Text(said_of.join(" ")), Block::Note(note)];
    Section::new("talks", "How it squares with the talks", blocks)
}

/// How much of the chance of force lies with events nobody at the table controls.
fn by_events(force: f64, events: f64) -> String {
    match (pc(force), pc(events)) {
        _ if force < 0.005 => String::new(),
        (all, of) if all == of => " (all of it by events nobody at the table controls)".to_owned(),
        (_, of) => format!(" ({of} by events nobody at the table controls)"),
    }
}

/// Whether the two answers point the same way.
fn squares(talks: &TalksBeside) -> &'static str {
    let own = talks.force - talks.events;
    match (talks.force_open >= 0.5, own >= 0.5 * talks.force && talks.force >= 0.005) {
        (true, true) => {
            "Both say the same: without a deal force is to be reckoned with, and by a side’s own choice."
        }
        (true, false) => {
            "They differ in time, not in kind: force gains in most draws if the talks are off, but while \
             they last it is used slowly, so that little of it falls before that day."
        }
        (false, false) => {
            "They agree: a side’s own use of force seldom gains, and what force there is comes from outside."
        }
        (false, true) => {
            "Force gains in a minority of draws, and these are what the chance of force is made of."
        }
    }
}

fn reading(r: &StabilityReport) -> String {
    let rule = match r.responses {
        "one-step" => "one of the others moves once",
        "each-once" => "each of the others moves at most once",
        _ => "the others move in any order, nobody twice in a row",
    };
    let draws = match (r.draws, &r.as_of) {
        (0, _) => String::new(),
        (n, Some(_)) => format!(" {} draws of the case, seed {}.", thousands(n), r.seed),
        (n, None) => format!(
            " {} draws, seed {}: a ranking’s levels are off by a normal error (one level where the file \
             says nothing: judgement), utilities as written.",
            thousands(n),
            r.seed
        ),
    };
    format!("Responses: {rule} ({}).{draws}", r.responses)
}
