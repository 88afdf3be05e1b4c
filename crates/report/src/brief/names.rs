//! What things are called in a brief, and what they are called in one that hides who is who.

use super::Change;
use winset_files::case::grammar;
use winset_model::case::{Case, Role};

/// A longer name is cut: no line of a brief holds more.
const LONGEST: usize = 60;

/// The names of a case.
pub(super) struct Names<'a> {
    case: &'a Case,
    /// The shown name of each actor.
    actors: Vec<String>,
    /// What must not be shown, the longest first, and what stands for it.
    hidden: Vec<(String, String)>,
}

impl<'a> Names<'a> {
    pub(super) fn new(case: &'a Case, redact: bool) -> Self {
        let mut names = Self { case, actors: Vec::new(), hidden: Vec::new() };
        if redact {
            names.actors = aliases(case);
            names.hidden = hidden(case, &names.actors);
        } else {
            names.actors = case.actors.iter().map(|a| clipped(&clean(&a.name))).collect();
        }
        names
    }

    /// Whether names and sources are hidden.
    pub(super) fn redacted(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// A text of the case without what must not be shown.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = clean(text);
        for (name, alias) in &self.hidden {
            text = replaced(&text, name, alias);
        }
        isolated(text)
    }

    pub(super) fn clip(&self, text: &str) -> String {
        clipped(text)
    }

    pub(super) fn actor(&self, id: &str) -> String {
        let at = self.case.actors.iter().position(|a| a.id == id);
        at.map_or_else(|| "an actor".to_owned(), |k| self.by_index(k))
    }

    pub(super) fn by_index(&self, actor: usize) -> String {
        self.actors.get(actor).cloned().map_or_else(String::new, isolated)
    }

    pub(super) fn side(&self, id: &str) -> String {
        let found = self.case.sides.iter().find(|s| s.id == id);
        found.map_or_else(String::new, |s| clipped(&self.text(&s.name)))
    }

    pub(super) fn issue(&self, id: &str) -> String {
        let found = self.case.issues.iter().find(|j| j.id == id);
        found.map_or_else(String::new, |j| clipped(&self.text(&j.name)))
    }

    pub(super) fn force(&self, id: &str) -> String {
        let found = self.case.force.iter().find(|f| f.id == id);
        found.map_or_else(String::new, |f| clipped(&self.text(&f.name)))
    }

    pub(super) fn promise(&self, id: &str) -> String {
        let found = self.case.promises.iter().find(|p| p.id == id);
        found.map_or_else(String::new, |p| clipped(&self.text(&p.name)))
    }

    pub(super) fn date(&self, id: &str) -> String {
        let found = self.case.calendar.iter().position(|e| e.id == id);
        match found.and_then(|k| Some((k, self.case.calendar.get(k)?))) {
            // A place says who hosts, so it is hidden too.
            Some((k, _)) if self.redacted() => format!("no. {}", k + 1),
            Some((_, e)) => clipped(&self.text(&e.name)),
            None => String::new(),
        }
    }

    fn central(&self, path: &str) -> Option<f64> {
        let input = self.case.inputs.iter().find(|i| i.path == path)?;
        Some(input.dist.central(input.scale))
    }

    /// A constraint in words: `Donald Trump accepts at most 35 on Enrichment in Iran`.
    pub(super) fn demand(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["participation", id] => format!("{} must gain from the deal", self.actor(id)),
            ["actors", id, kind @ ("red_min" | "red_max"), issue] => {
                let bound = if *kind == "red_min" { "at least" } else { "at most" };
                let value = self.central(path).map_or_else(|| "its line".to_owned(), short);
                format!("{} accepts {bound} {value} on {}", self.actor(id), self.issue(issue))
            }
            _ => "a constraint of the case".to_owned(),
        }
    }

    /// A lever in words: `Donald Trump's most on Enrichment in Iran`.
    pub(super) fn lever(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["participation", id] => format!("a side payment to {}, in points", self.actor(id)),
            ["actors", id, "red_min", j] => {
                format!("the least that {} accepts on {}", self.actor(id), self.issue(j))
            }
            ["actors", id, "red_max", j] => {
                format!("the most that {} accepts on {}", self.actor(id), self.issue(j))
            }
            ["promises", id, _] => {
                format!("how often a year “{}” is broken", self.promise(id))
            }
            _ => self.input(path),
        }
    }

    /// An input in words: whose it is, and what the grammar says it means.
    pub(super) fn input(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        let meaning = grammar::pattern(path).map_or("a number of the case", |k| k.meaning);
        let meaning = meaning.split(';').next().unwrap_or(meaning);
        let of = match parts.as_slice() {
            ["actors", id, ..] => self.actor(id),
            ["sides", id, ..] => self.side(id),
            ["force", id, ..] => self.force(id),
            ["promises", id, ..] => self.promise(id),
            ["calendar", id, ..] => self.date(id),
            ["issues", id, ..] => self.issue(id),
            ["constants", name] => return format!("{meaning} ({name})"),
            _ => return meaning.to_owned(),
        };
        match parts.get(3).map(|j| self.issue(j)).filter(|j| !j.is_empty()) {
            Some(issue) => format!("{of}: {meaning}, {issue}"),
            None => format!("{of}: {meaning}"),
        }
    }

    /// What a coefficient rests on, without ids where they are hidden.
    pub(super) fn support(&self, source: &str) -> String {
        match source.split_once(':') {
            Some(("the case", _)) if self.redacted() => "the case".to_owned(),
            _ => source.to_owned(),
        }
    }

    /// A change without what must not be shown.
    pub(super) fn change(&self, mut c: Change) -> Change {
        for n in &mut c.news {
            if self.redacted() {
                n.text = String::new();
            }
            n.text = self.text(&n.text);
            n.speaker = n.speaker.take().map(|s| self.text(&s));
        }
        c
    }
}

/// A number with no more digits than it deserves.
fn short(x: f64) -> String {
    let rounded = (x * 10.0).round() / 10.0;
    format!("{rounded}")
}

/// Roles and sides in place of names: `Member 2 of United States`, `Ally 1 of Iran`.
fn aliases(case: &Case) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    case.actors
        .iter()
        .map(|a| {
            let side = |k: usize| case.sides.get(k).map_or_else(String::new, |s| clean(&s.name));
            let (what, of) = match (&a.member, a.ally_of) {
                (Some(m), _) => ("Member", Some(side(m.side))),
                (None, Some(k)) => ("Ally", Some(side(k))),
                (None, None) => (
                    match a.role {
                        Role::Mediator => "Mediator",
                        Role::Spoiler => "Spoiler",
                        _ => "Outsider",
                    },
                    None,
                ),
            };
            let key = format!("{what} {}", of.clone().unwrap_or_default());
            let n = counts.entry(key).or_default();
            *n += 1;
            match of {
                Some(of) => format!("{what} {n} of {}", clipped(&of)),
                None => format!("{what} {n}"),
            }
        })
        .collect()
}

/// Names of actors and their words, except those that the sides are called by.
fn hidden(case: &Case, aliases: &[String]) -> Vec<(String, String)> {
    let public: Vec<String> = case
        .sides
        .iter()
        .flat_map(|s| s.name.split_whitespace().map(|w| w.to_lowercase()).collect::<Vec<_>>())
        .collect();
    let mut list: Vec<(String, String)> = Vec::new();
    for (actor, alias) in case.actors.iter().zip(aliases) {
        let name = clean(&actor.name);
        for word in name.split_whitespace() {
            let kept = public.contains(&word.to_lowercase());
            let capital = word.chars().next().is_some_and(|c| !c.is_lowercase());
            if !kept && capital && word.chars().count() >= 3 {
                list.push((word.to_owned(), alias.clone()));
            }
        }
        list.push((name, alias.clone()));
    }
    list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
    list
}

/// Every whole-word occurrence of a name, in whatever case of its Latin letters.
fn replaced(text: &str, name: &str, by: &str) -> String {
    if name.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = found(rest, name) {
        let after = &rest[at + name.len()..];
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let whole = !inside(rest[..at].chars().next_back()) && !inside(after.chars().next());
        out.push_str(&rest[..at]);
        out.push_str(if whole { by } else { &rest[at..at + name.len()] });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a name stands in a text; ASCII letters in either case, so that offsets are those of the text.
fn found(text: &str, name: &str) -> Option<usize> {
    text.to_ascii_lowercase().find(&name.to_ascii_lowercase())
}

/// One line, without marks that turn the direction of what follows.
fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let text: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

fn clipped(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", head.trim_end())
}

/// A text with letters written from right to left, set apart so that it turns nothing around it.
fn isolated(text: String) -> String {
    let right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    if text.starts_with('\u{2068}') || !text.chars().any(right_to_left) {
        return text;
    }
    format!("\u{2068}{text}\u{2069}")
}
