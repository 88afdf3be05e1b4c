//! The class, the calendar, the structure and the answer, and what makes each step between them.

use serde::Serialize;
use winset_model::forecast::OddsEstimate;
use winset_page::text::{and, count, pc, range, signed, spoken};

use super::rows::NamedShare;
use super::sections::Topic;

/// A step of so much has a sentence that says what caused it.
const STEP: f64 = 0.05;

/// P with a zone and without are told apart from here on.
const APART: f64 = 0.1;

/// So many dates are named as causes.
const NAMED_DATES: usize = 3;

/// What a forecast says of its class, and of the structure beside it.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClassShares {
    /// The name of the class.
    pub name: String,
    /// The group within it.
    pub group: Option<String>,
    /// What a shipped class holds, and of which years.
    pub title: Option<String>,
    /// Past cases; `None` where the rates are given.
    pub cases: Option<usize>,
    /// Those that ended in agreement.
    pub agreed: Option<usize>,
    /// Whether all that ended did so in agreement.
    pub always: bool,
    /// The day its clock began, ISO.
    pub start: String,
    /// Days on its clock.
    pub elapsed: i32,
    /// Why the class is what it is, where the case names none.
    pub unnamed: Option<&'static str>,
    /// The weight of the structure in the answer.
    pub pool: f64,
    /// The class alone; `None` where no class fits.
    pub table: Option<f64>,
    /// The class in this calendar.
    pub class: f64,
    /// The structure alone.
    pub structure: f64,
    /// The answer.
    pub answer: OddsEstimate,
    /// The structure without and with a zone; `None` once the text is passed.
    pub types: Option<[f64; 2]>,
    /// Of the class the share with a zone, and its answer without and with one.
    pub typical: Option<[f64; 3]>,
    /// The share of the structure with a zone, given that nothing has ended yet.
    pub zone: Option<f64>,
    /// The mean room of the structure where it has a zone, in utility.
    pub room: Option<f64>,
    /// The room of a typical structure with a zone, in utility.
    pub gref: f64,
    /// The share of force among the endings of the structure by the question's date.
    pub force: f64,
    /// What each date adds to the class, the largest first, where that is worth dividing.
    pub dates: Vec<NamedShare>,
    /// Which stage the text has passed, in words; `None` while it is negotiated.
    pub passed: Option<String>,
}

/// By which past negotiations a case is priced, in words.
pub fn class(c: &ClassShares) -> String {
    let day = match c.elapsed {
        ..0 => "before its clock starts".to_owned(),
        day => format!("clock since {} (day {day})", spoken(&c.start)),
    };
    let unnamed = c.unnamed.map_or_else(String::new, |unnamed| {
        let mut letters = unnamed.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}. ", letters.as_str())
    });
    if c.table.is_none() {
        return format!("No class of past negotiations fits: the structure alone answers; {day}.");
    }
    let title = c.title.as_ref().map_or_else(String::new, |title| format!(" ({title})"));
    let group = c.group.as_ref().map_or_else(String::new, |group| format!(", {group}"));
    let cases = c.cases.zip(c.agreed).map_or_else(String::new, |(n, agreed)| {
        format!(", {}, {agreed} agreed", count(n, "past case", "past cases"))
    });
    format!("{unnamed}Class: {}{title}{group}{cases}; {day}.", c.name)
}

/// The class, the four numbers side by side, and what made the steps between them: a paragraph each.
pub fn odds(topic: &Topic<'_>, c: &ClassShares) -> Vec<String> {
    let table = c.table.map_or_else(String::new, |table| format!("table {}, ", pc(table)));
    let a = &c.answer;
    let mut text = vec![
        class(c),
        format!(
            "By {}: {table}class in this calendar {}, the parties’ structure {}, answer {} ({}).",
            spoken(topic.by),
            pc(c.class),
            pc(c.structure),
            pc(a.p),
            range(a.lo, a.hi)
        ),
    ];
    text.extend(zones(c));
    let steps: Vec<String> = [calendar(c), structure(c), pool(c)].into_iter().flatten().collect();
    if !steps.is_empty() {
        text.push(steps.join(" "));
    }
    text
}

/// The answer of the structure with a zone and without.
fn zones(c: &ClassShares) -> Option<String> {
    let ([none, zone], share) = (c.types?, c.zone?);
    // No draw of a kind stands for it: the class's own type does.
    let typical = |missing: bool| if missing { ", as in the class: no draw is one" } else { "" };
    let apart = (zone - none).abs() >= APART;
    let mut text = Vec::new();
    if apart {
        text.push(format!(
            "If there is a zone of agreement now, the structure says {}{}; if there is none, {}{}.",
            pc(zone),
            typical(share <= 0.0),
            pc(none),
            typical(share >= 1.0)
        ));
    }
    if c.always {
        let carried =
            "In a class that always ended in agreement, openings carry a case without a zone";
        text.push(match apart {
            true => format!("{carried}, sooner or later: by this date in {}.", pc(none)),
            false => format!(
                "{carried}: {} without one now, about as with one, so the answer is the class’s.",
                pc(none)
            ),
        });
    }
    (!text.is_empty()).then(|| text.join(" "))
}

/// What the calendar does to the class.
fn calendar(c: &ClassShares) -> Option<String> {
    let step = c.class - c.table?;
    if step.abs() < STEP {
        return None;
    }
    let dates = c.dates.iter().take(NAMED_DATES);
    let named: Vec<String> = dates.map(|d| format!("{} {}", d.name, signed(d.p))).collect();
    let causes = match named.is_empty() {
        true => "no date of the calendar alone".to_owned(),
        false => format!("by themselves {}", and(&named)),
    };
    Some(format!("From table to class {} points, the calendar: {causes}.", signed(step)))
}

/// What the structure has that a typical one of the class has not.
fn structure(c: &ClassShares) -> Option<String> {
    let step = c.structure - c.class;
    let ([share, typical_none, typical_zone], zone) = (c.typical?, c.zone?);
    if step.abs() < STEP {
        return None;
    }
    let shares = (zone - share) * (typical_zone - typical_none);
    let mut text = format!(
        "From class to structure {} points: a zone now in {} of draws, by their weights, and in {} \
         of the class ({})",
        signed(step),
        pc(zone),
        pc(share),
        signed(shares)
    );
    let room = c.room.map_or_else(String::new, |room| {
        format!("a mean room of {:.2} where there is one, {:.2} in the class", room, c.gref)
    });
    let force = match c.force {
        ..0.005 => String::new(),
        force => format!("force, which ends {} of the talks first", pc(force)),
    };
    let paces: Vec<String> = [room, force].into_iter().filter(|cause| !cause.is_empty()).collect();
    let paces = match paces.is_empty() {
        true => "how the draws without one go on".to_owned(),
        false => and(&paces),
    };
    text.push_str(&format!("; {paces} ({}).", signed(step - shares)));
    Some(text)
}

/// What the pool does.
fn pool(c: &ClassShares) -> Option<String> {
    let step = c.answer.p - c.structure;
    (step.abs() >= STEP).then(|| {
        format!(
            "From structure to answer {} points: the structure counts for {}, the class in this \
             calendar for the rest.",
            signed(step),
            pc(c.pool)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: Topic<'_> =
        Topic { event: "a signed agreement", by: "2025-06-30", council: false, draws: 1 };

    fn shares() -> ClassShares {
        ClassShares {
            name: "mediated".to_owned(),
            cases: Some(89),
            agreed: Some(53),
            start: "2025-04-12".to_owned(),
            elapsed: 10,
            pool: 0.5,
            table: Some(0.31),
            class: 0.32,
            structure: 0.33,
            answer: OddsEstimate { p: 0.322, lo: 0.24, hi: 0.41, mcse: 0.0 },
            types: Some([0.01, 0.47]),
            typical: Some([0.68, 0.02, 0.46]),
            zone: Some(0.7),
            room: Some(0.3),
            gref: 0.28,
            ..ClassShares::default()
        }
    }

    #[test]
    fn the_four_numbers_stand_in_one_line() {
        let text = odds(&TOPIC, &shares());
        assert_eq!(
            text[..2],
            [
                "Class: mediated, 89 past cases, 53 agreed; clock since 12 April 2025 (day 10).",
                "By 30 June 2025: table 31 %, class in this calendar 32 %, the parties’ structure \
                 33 %, answer 32 % (24–41 %).",
            ]
        );
        assert_eq!(text.len(), 3, "no step is worth a sentence: {text:?}");
    }

    #[test]
    fn a_step_of_five_points_says_what_caused_it() {
        let mut c = shares();
        (c.class, c.structure, c.answer.p) = (0.45, 0.25, 0.35);
        c.typical = Some([0.68, 0.05, 0.64]);
        c.zone = Some(0.38);
        c.dates = vec![NamedShare { name: "“Budget” on 1 June 2025".to_owned(), p: 0.13 }];
        let text = odds(&TOPIC, &c).pop().unwrap_or_default();
        let steps = [
            "From table to class +14.0 points, the calendar: by themselves “Budget” on 1 June \
             2025 +13.0.",
            "From class to structure −20.0 points: a zone now in 38 % of draws, by their weights, \
             and in 68 % of the class (−17.7); a mean room of 0.30 where there is one, 0.28 in \
             the class (−2.3).",
            "From structure to answer +10.0 points: the structure counts for 50 %, the class in \
             this calendar for the rest.",
        ];
        assert_eq!(text, steps.join(" "));
    }

    #[test]
    fn with_and_without_a_zone_are_told_apart_from_ten_points_on() {
        let close = ClassShares { types: Some([0.5, 0.58]), always: true, ..shares() };
        let said = zones(&close).unwrap_or_default();
        assert!(!said.contains("If there is a zone") && said.contains("openings carry"), "{said}");
        assert!(zones(&shares()).is_some_and(|text| text.contains("says 47 %; if there is none")));
        assert_eq!(zones(&ClassShares { types: Some([0.5, 0.58]), ..shares() }), None);
        let all = ClassShares { zone: Some(1.0), ..shares() };
        assert!(
            zones(&all).is_some_and(|text| text.ends_with("1 %, as in the class: no draw is one."))
        );
    }
}
