//! The forecast: its JSON is [`Forecast`] as it stands, and here is what it says in words.

pub mod odds;
mod rows;
pub mod sections;

pub use rows::*;
use sections::{Blocking, Computation, Topic};
use winset_model::case::Case;
use winset_model::forecast::Forecast;
use winset_model::theory::conflicts::MOST_CONSTRAINTS;
use winset_page::document::{Block, Document, Section};
use winset_page::text::{pc, spoken};

use crate::names::{self, Names};

/// Below this share of the draws their effective number is worth a word.
const FEW_DRAWS: f64 = 0.1;

/// So many assumptions, sets and changes a reader has time for.
const FEW: usize = 5;

/// What a question asks about, as a noun, and its day in ISO.
pub struct AskedEvent([String; 2]);

impl AskedEvent {
    /// What the question of a forecast asks about.
    pub fn new(names: &Names<'_>, f: &Forecast) -> Self {
        Self([names::counted(names.case()), f.question.by.to_string()])
    }

    /// What the sections of the forecast are about.
    pub fn topic(&self, names: &Names<'_>, f: &Forecast) -> Topic<'_> {
        let [event, by] = &self.0;
        Topic { event, by, council: names::is_council(names.case()), draws: f.draws }
    }
}

/// The first sentence: the answer in words, with its band.
pub fn bottom_line(f: &Forecast, names: &Names<'_>) -> String {
    let asked = AskedEvent::new(names, f);
    sections::answer(&asked.topic(names, f), f.answer.p, f.answer.lo, f.answer.hi)
}

/// How often there is a zone, in words.
pub fn zone_line(f: &Forecast, names: &Names<'_>) -> String {
    match &class(names, f).passed {
        Some(passed) => sections::agreed(passed),
        None => sections::zone(&AskedEvent::new(names, f).topic(names, f), &zone(f)),
    }
}

/// What is said of a forecast.
pub fn document(f: &Forecast, names: &Names<'_>) -> Document {
    let case = names.case();
    let asked = AskedEvent::new(names, f);
    let topic = asked.topic(names, f);
    let curve: Vec<f64> = f.curve().iter().map(|row| row.p).collect();
    let class = class(names, f);
    let mut lead = vec![Block::Lead(bottom_line(f, names))];
    lead.extend(sections::odds(&topic, &class).into_iter().map(Block::Text));
    let mut assumptions = vec![sections::constants(&topic, &constants(names, f), FEW)];
    let inputs: Vec<String> = unsupported(case).map(|p| names.meaning(p)).collect();
    assumptions.extend(sections::unsupported(&inputs, written(case)));
    let method = sections::computation(
        &topic,
        &Computation {
            as_of: &f.as_of.to_string(),
            seed: f.seed,
            scrambled: f.points.is_some(),
            errors: [Some(f.answer.mcse), f.zone.mcse],
            horizon: f.agreement.len(),
            fingerprint: f.fingerprint.get(..12).unwrap_or(&f.fingerprint),
            version: f.version,
        },
    );
    let mut computed = vec![Block::Text(method)];
    if f.effective_draws < FEW_DRAWS * f.draws as f64 {
        computed.push(Block::Note(format!(
            "The draws explain very unevenly that nothing has ended yet: they count for {:.0}.",
            f.effective_draws
        )));
    }
    computed.extend(open_search(f).map(Block::Note));
    let mut feasible = sections::terms(&topic, &terms(names, f), class.passed.as_deref());
    feasible.blocks.extend(sections::most_equal(names));
    Document {
        title: title(f),
        sections: vec![
            Section::new("bottom-line", "", lead),
            sections::by_when(&topic, &dates(case, f), &curve),
            sections::endings(&topic, &endings(case, f), &force(names, f), &events(names, f)),
            Section::new(
                "zone",
                "Is there a zone of agreement",
                vec![Block::Text(zone_line(f, names))],
            ),
            feasible,
            blocking(f, names, [FEW, FEW]),
            Section::new("assumptions", "Assumptions that matter", assumptions),
            Section::new("method", "How it was computed", computed),
        ],
        version: f.version.to_owned(),
        ..Document::default()
    }
}

/// What the search for packages leaves open, where that exceeds what is printed.
fn open_search(f: &Forecast) -> Option<String> {
    let open = f.zone.open.filter(|open| open.p >= 0.005 || open.room >= 0.0005)?;
    let missed = match open.p {
        p if p < 0.0005 => String::new(),
        p => format!(
            "in {:.1} % of draws neither a package was found nor that there is none, so the zone may \
             be that much likelier; ",
            100.0 * p
        ),
    };
    Some(format!(
        "The search for packages was ended with a gap, as it is where promises hang on more than three \
         issues or very many members could join: {missed}room may be larger by {:.4} on average.",
        open.room
    ))
}

/// How many red lines and reservations the members of a case have.
fn constraints(case: &Case) -> usize {
    let members = case.actors.iter().filter_map(|a| a.member.as_ref());
    members.map(|m| 1 + m.red_min.iter().chain(&m.red_max).flatten().count()).sum()
}

/// The case and the day it is told from, and what it is priced as if it does not say so itself.
pub fn title(f: &Forecast) -> String {
    let unnamed = f.class.name_reason.map_or_else(String::new, |reason| format!(" · {reason}"));
    format!("{} · as of {}{unnamed}", f.case, spoken(&f.as_of.to_string()))
}

/// Who blocks, with so many sets and so many changes, and whose veto binds.
pub(crate) fn blocking(f: &Forecast, names: &Names<'_>, most: [usize; 2]) -> Section {
    let asked = AskedEvent::new(names, f);
    let (zone, members) = (zone(f), members(names, f));
    let (conflicts, openings) = (conflicts(names, f), openings(names, f));
    let b = Blocking {
        zone: &zone,
        members: &members,
        conflicts: &conflicts,
        openings: &openings,
        most,
    };
    if let Some(passed) = class(names, f).passed {
        return sections::no_blockers(&passed);
    }
    let mut section = sections::blockers(&asked.topic(names, f), &b);
    let mut vetoes: Vec<_> = f.blockers.iter().filter(|b| b.binding >= 0.005).collect();
    vetoes.sort_by(|a, b| b.binding.total_cmp(&a.binding));
    let veto = |b: &&winset_model::forecast::Blocker| {
        format!("{} in {}", names.actor(&b.actor), pc(b.binding))
    };
    if !vetoes.is_empty() {
        section.blocks.push(Block::Text(format!(
            "A veto alone closes the zone, as shares of draws: {}.",
            winset_page::text::and(&vetoes.iter().map(veto).collect::<Vec<_>>())
        )));
    }
    let constraints = constraints(names.case());
    if constraints > MOST_CONSTRAINTS {
        section.blocks.push(Block::Note(format!(
            "Which red lines and reservations cannot hold together was not sought: there are {constraints}, \
             more than {MOST_CONSTRAINTS}."
        )));
    }
    if let Some(share) = f.conflicts_unended {
        section.blocks.push(Block::Note(format!(
            "In {} of draws there may be more sets that cannot hold together than were found: their search was ended.",
            pc(share)
        )));
    }
    let rarer = conflicts.len() - b.frequent().count();
    if rarer > 0 {
        let sets = winset_page::text::count(rarer, "rarer set", "rarer sets");
        section.blocks.push(Block::Note(format!("--json lists {sets} that cannot hold together.")));
    }
    section
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use winset_files::builtin::CASES;
    use winset_files::case::load;
    use winset_files::diagnostic::Findings;
    use winset_model::effort::Effort;
    use winset_model::forecast::{Run, run};
    use winset_page::document::terminal;

    use super::sections::{Topic, answer};
    use super::*;

    #[test]
    fn the_bottom_line_begins_with_its_own_band_and_names_those_the_odds_straddle() {
        let topic =
            Topic { event: "a signed agreement", by: "2025-06-30", council: false, draws: 1 };
        assert_eq!(
            answer(&topic, 0.24, 0.15, 0.36),
            "A signed agreement by 30 June 2025: unlikely (20–45 %; model 24 %); odds \
             uncertain, 15–36 %: very unlikely (5–20 %) to unlikely (20–45 %)."
        );
        assert_eq!(
            answer(&topic, 0.24, 0.21, 0.36),
            "A signed agreement by 30 June 2025: unlikely (20–45 %; model 24 %, odds uncertain 21–36 %)."
        );
    }

    #[test]
    fn shares_that_are_all_there_is_never_make_101() {
        let topic = Topic { event: "a deal", by: "2025-06-30", council: false, draws: 200 };
        let said = |p: f64, closed: f64| {
            let share = super::ZoneShare { p, closed, mcse: 0.01 };
            super::sections::zone(&topic, &share)
        };
        assert!(said(0.815, 0.185).contains("in all others none would"));
        assert!(said(0.62, 0.38).contains("in 38 % none would"));
        assert!(said(0.62, 0.2).contains("in 20 % none would"));
    }

    fn said(slug: &str) -> String {
        let files = CASES.iter().find(|c| c.slug == slug).unwrap().sources();
        let case = load(&files, None, &[], &mut Findings::default()).unwrap().case;
        let stop = AtomicBool::new(false);
        let tally = run(&case, &Run { seed: 1, draws: 0..100 }, Effort::silent(1, &stop));
        let f = Forecast::new(&case, 1, &tally, &names::term);
        terminal(&document(&f, &Names::new(&case)))
    }

    #[test]
    fn a_council_is_not_told_of_sides() {
        let text = said("emission-standards-1994");
        assert!(text.contains("pass under the council’s rule"), "{text}");
        // The constants of the calendar are called the same in every case.
        let own = text.split("Assumptions that matter").next().unwrap();
        for word in ["every side", "its side", "governments", "talks", "signed"] {
            assert!(!own.contains(word), "{word}: {own}");
        }
    }

    #[test]
    fn no_line_of_a_forecast_is_wider_than_a_terminal() {
        let text = said("us-iran-2025");
        let wide = |l: &&str| winset_page::text::width(l) > winset_page::text::COLUMNS;
        assert_eq!(text.lines().find(wide), None);
    }
}
