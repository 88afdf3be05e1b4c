//! Force, promises, the calendar, constants and switches.

use winset_model::case::{
    Actor, COEFFICIENTS, CalendarEntry, CalendarKind, Constants, Force, ForceKind, InputId,
    MEDIATED_BASE, Partial, Promise, Role, Seat, Side, Switches, Verification,
};

use super::read::{NON_NEGATIVE, Outline, Reader, Table, WHOLE};
use super::tree::{At, Node, Value};
use crate::diagnostic::suggest;

impl Reader<'_> {
    /// The index of a side that an entry names.
    fn side_named(
        &mut self,
        t: &mut Table<'_>,
        at: &At,
        path: &str,
        key: &'static str,
        sides: &[String],
    ) -> Option<usize> {
        let Some(node) = t.get(key) else {
            self.missing(at, &format!("`{path}.{key}`"), &format!("one of: {}", sides.join(", ")));
            return None;
        };
        let word = self.text(Some(node), &format!("`{path}.{key}`"))?;
        let found = sides.iter().position(|s| *s == word);
        if found.is_none() {
            let hint = suggest(&word, sides.iter().map(String::as_str));
            let message = format!("`{path}.{key}` names no side `{word}`");
            self.error("unknown-name", &node.at, message, hint);
        }
        found
    }

    /// A table of numbers by side.
    fn by_side(
        &mut self,
        node: Option<&Node>,
        path: &str,
        sides: &[String],
        scale: (f64, f64),
    ) -> Vec<Option<InputId>> {
        let mut found = vec![None; sides.len()];
        let Some(node) = node else { return found };
        let t = self.table(node, path);
        let known: Vec<&str> = sides.iter().map(String::as_str).collect();
        self.only(&t, &known, "side");
        for (id, _, n) in t.entries {
            if let Some(s) = known.iter().position(|k| k == id) {
                found[s] = self.number(n, &format!("{path}.{id}"), scale, None);
            }
        }
        found
    }

    pub(super) fn force(
        &mut self,
        entries: &[(String, At, Node)],
        outline: &Outline,
        actors: &[Actor],
        sides: &[Side],
    ) -> Vec<Force> {
        let mut found = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "force");
            let path = format!("force.{id}");
            if !self.is_table(node, &path) {
                continue;
            }
            let mut t = self.table(node, &path);
            let name = t.get("name");
            let name = self.text(name, "`name`").unwrap_or_else(|| id.clone());
            let choice = t.get("choice");
            if choice.is_none() {
                self.missing(
                    at,
                    &format!("`{path}.choice`"),
                    "true: an option its owner may decline; false: a hazard nobody at the table controls",
                );
                // Which keys it takes depends on it.
                continue;
            }
            let is_choice = self.flag(choice, "`choice`", true);
            let target = self.side_named(&mut t, at, &path, "on", &outline.sides);
            let cost = t.get("cost");
            let cost = self.by_side(cost, &format!("{path}.cost"), &outline.sides, NON_NEGATIVE);
            let kind = if is_choice {
                self.choice(&mut t, at, &path, outline, actors)
            } else {
                self.event(&mut t, at, &path, outline, actors)
            };
            self.why(&mut t);
            self.finish(&t);
            let (Some(target), Some(kind)) = (target, kind) else { continue };
            if let ForceKind::Choice { owner, if_won, if_lost, .. } = &kind {
                for (side, partial, key) in
                    [(*owner, if_won, "if_won"), (target, if_lost, "if_lost")]
                {
                    let known = sides.get(side).is_none_or(|s| s.negotiator.is_some());
                    // With several sides a missing negotiator has been reported already.
                    if !known && outline.sides.len() == 1 && (partial.is_none() || side == *owner) {
                        self.error(
                            "negotiator",
                            at,
                            format!("`{path}` needs a negotiator for `{}`", outline.sides[side]),
                            Some(format!("set the side's `negotiator`, or `{key}`")),
                        );
                    }
                }
            }
            found.push(Force { id: id.clone(), name, kind, target, cost });
        }
        found
    }

    fn choice(
        &mut self,
        t: &mut Table<'_>,
        at: &At,
        path: &str,
        outline: &Outline,
        actors: &[Actor],
    ) -> Option<ForceKind> {
        let owner = self.side_named(t, at, path, "by", &outline.sides);
        let wins = t.get("wins");
        if wins.is_none() {
            self.missing(at, &format!("`{path}.wins`"), "the chance of winning, per cent");
        }
        let wins = self.number_or(wins, &format!("{path}.wins"), WHOLE, 50.0);
        let joined = t.get("wins_joined");
        let wins_joined =
            joined.and_then(|n| self.number(n, &format!("{path}.wins_joined"), WHOLE, None));
        let on_issue = |j: usize| outline.issues[j].1;
        let mut ends: [Option<Partial>; 2] = [None, None];
        for (end, key) in ends.iter_mut().zip(["if_won", "if_lost"]) {
            let node = t.get(key);
            *end = node
                .map(|_| self.by_issue(node, &format!("{path}.{key}"), outline, &on_issue, None));
        }
        let cost_joined = t.get("cost_joined");
        let cost_joined =
            self.by_side(cost_joined, &format!("{path}.cost_joined"), &outline.sides, NON_NEGATIVE);
        let mut joins = Vec::new();
        if let Some(node) = t.get("joins") {
            let allies: Vec<&str> =
                actors.iter().filter(|a| a.role == Role::Ally).map(|a| a.id.as_str()).collect();
            let path = format!("{path}.joins");
            let inner = self.table(node, &path);
            self.only(&inner, &allies, "ally");
            for (id, _, n) in inner.entries.iter().filter(|e| allies.contains(&e.0.as_str())) {
                let input = self.number(n, &format!("{path}.{id}"), WHOLE, None);
                let actor = actors.iter().position(|a| a.id == *id);
                joins.extend(actor.zip(input));
            }
        }
        let press = t.get("press");
        let press = self.number_or(press, &format!("{path}.press"), NON_NEGATIVE, 0.0);
        let [if_won, if_lost] = ends;
        Some(ForceKind::Choice {
            owner: owner?,
            wins,
            wins_joined,
            if_won,
            if_lost,
            cost_joined,
            joins,
            press,
        })
    }

    fn event(
        &mut self,
        t: &mut Table<'_>,
        at: &At,
        path: &str,
        outline: &Outline,
        actors: &[Actor],
    ) -> Option<ForceKind> {
        let by_node = t.get("by");
        if by_node.is_none() {
            self.missing(at, &format!("`{path}.by`"), "the actor or side behind it");
        }
        let by = self.text(by_node, "`by`");
        let known: Vec<&str> = actors
            .iter()
            .map(|a| a.id.as_str())
            .chain(outline.sides.iter().map(String::as_str))
            .collect();
        if let (Some(node), Some(by)) = (by_node, &by)
            && !known.contains(&by.as_str())
        {
            let hint = suggest(by, known.iter().copied());
            self.error(
                "unknown-name",
                &node.at,
                format!("`{path}.by` names no actor or side `{by}`"),
                hint,
            );
        }
        let hazard = t.get("hazard");
        if hazard.is_none() {
            self.missing(at, &format!("`{path}.hazard`"), "how often a year: \"0.2..0.5..1.5\"");
        }
        let hazard = self.number_or(hazard, &format!("{path}.hazard"), NON_NEGATIVE, 0.0);
        let reacts = t.get("reacts");
        let reacts = self.number_or(reacts, &format!("{path}.reacts"), (0.0, 50.0), 0.0);
        let after = t.get("after");
        let on_issue = |j: usize| outline.issues[j].1;
        let after = self.by_issue(after, &format!("{path}.after"), outline, &on_issue, None);
        Some(ForceKind::Event { by: by?, hazard, reacts, after })
    }

    pub(super) fn promises(
        &mut self,
        entries: &[(String, At, Node)],
        outline: &Outline,
    ) -> Vec<Promise> {
        let issue_ids: Vec<&str> = outline.issues.iter().map(|i| i.0.as_str()).collect();
        let mut found = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a promise");
            let path = format!("promises.{id}");
            if !self.is_table(node, &path) {
                continue;
            }
            let mut t = self.table(node, &path);
            let name = t.get("name");
            let name = self.text(name, "`name`").unwrap_or_else(|| id.clone());
            let by = self.side_named(&mut t, at, &path, "by", &outline.sides);
            let to = self.side_named(&mut t, at, &path, "to", &outline.sides);
            if by.is_some() && by == to {
                let message = format!("`{path}` is a promise from a side to itself");
                self.error("promise", at, message, Some("`to` is another side".to_owned()));
            }
            let breaks = t.get("breaks");
            if breaks.is_none() {
                self.missing(at, &format!("`{path}.breaks`"), "exits a year: \"gamma(1.5, 7.3)\"");
            }
            let breaks = self.number_or(breaks, &format!("{path}.breaks"), NON_NEGATIVE, 0.0);
            let exposed = t.get("exposed");
            let exposed = self.number_or(exposed, &format!("{path}.exposed"), WHOLE, 10.0);
            let issue_named = |reader: &mut Self, t: &mut Table<'_>, key: &'static str| {
                let node = t.get(key)?;
                let word = reader.text(Some(node), &format!("`{path}.{key}`"))?;
                let j = issue_ids.iter().position(|i| *i == word);
                if j.is_none() {
                    let hint = suggest(&word, issue_ids.iter().copied());
                    let message = format!("`{path}.{key}` names no issue `{word}`");
                    reader.error("unknown-name", &node.at, message, hint);
                }
                j
            };
            let secured = issue_named(self, &mut t, "secured_by");
            let verified = issue_named(self, &mut t, "verified_by");
            let secures = t.get("secures");
            let secured_by = secured
                .map(|j| (j, self.number_or(secures, &format!("{path}.secures"), WHOLE, 100.0)));
            if secured_by.is_none()
                && let Some(n) = secures
                && !t.entries.iter().any(|e| e.0 == "secured_by")
            {
                let message = format!("`{path}.secures` without `secured_by`");
                self.error(
                    "promise",
                    &n.at,
                    message,
                    Some("name the issue that binds it".to_owned()),
                );
            }
            let (gain, loss, miss) = (t.get("gain"), t.get("loss"), t.get("miss"));
            let verified_by = verified.map(|issue| Verification {
                issue,
                gain: self.number_or(gain, &format!("{path}.gain"), WHOLE, 10.0),
                loss: self.number_or(loss, &format!("{path}.loss"), WHOLE, 20.0),
                miss: self.number_or(miss, &format!("{path}.miss"), (0.0, 99.0), 10.0),
            });
            let sunk = t.get("sunk");
            let sunk = self.by_issue(sunk, &format!("{path}.sunk"), outline, &|_| WHOLE, None);
            self.why(&mut t);
            self.finish(&t);
            if let (Some(by), Some(to)) = (by, to) {
                found.push(Promise {
                    id: id.clone(),
                    name,
                    by,
                    to,
                    breaks,
                    exposed,
                    secured_by,
                    verified_by,
                    sunk,
                });
            }
        }
        found
    }

    pub(super) fn calendar(&mut self, entries: &[(String, At, Node)]) -> Vec<CalendarEntry> {
        let mut found: Vec<CalendarEntry> = Vec::new();
        let mut starts: Vec<&At> = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a calendar entry");
            let path = format!("calendar.{id}");
            if !self.is_table(node, &path) {
                continue;
            }
            let mut t = self.table(node, &path);
            let name = t.get("name");
            let name = self.text(name, "`name`").unwrap_or_else(|| id.clone());
            let on_node = t.get("on");
            if on_node.is_none() {
                self.missing(at, &format!("`{path}.on`"), "the day: `on = 2025-04-28`");
            }
            let on = self.day(on_node, &format!("`{path}.on`"));
            let known = t.get("known");
            let known = self.day(known, &format!("`{path}.known`"));
            let kind_node = t.get("kind");
            if kind_node.is_none() {
                self.missing(at, &format!("`{path}.kind`"), "one of: start, round, deadline");
            }
            let word = self.text(kind_node, "`kind`").unwrap_or_default();
            let kind = match word.as_str() {
                "start" => {
                    starts.push(at);
                    let mediated = t.get("mediated");
                    Some(CalendarKind::Start { mediated: self.flag(mediated, "`mediated`", false) })
                }
                "round" => {
                    let holds = t.get("holds");
                    let holds = self.number_or(holds, &format!("{path}.holds"), WHOLE, 100.0);
                    Some(CalendarKind::Round { holds })
                }
                "deadline" => {
                    let hard = t.get("hard");
                    Some(CalendarKind::Deadline { hard: self.flag(hard, "`hard`", false) })
                }
                other => {
                    // Whichever it was to be, its keys are not unknown.
                    for key in ["mediated", "holds", "hard"] {
                        t.get(key);
                    }
                    if let Some(n) = kind_node {
                        let hint = suggest(other, ["start", "round", "deadline"]);
                        let message = format!("`{other}` is not a kind of calendar entry");
                        self.error("calendar-kind", &n.at, message, hint);
                    }
                    None
                }
            };
            self.why(&mut t);
            self.finish(&t);
            if let (Some(on), Some(kind)) = (on, kind) {
                // An event is known when it happens unless the file says it was announced before.
                let known = known.unwrap_or(on);
                found.push(CalendarEntry { id: id.clone(), name, on, known, kind });
            }
        }
        if let Some(second) = starts.get(1) {
            let hint = "keep one entry of kind \"start\"".to_owned();
            self.error("calendar", second, "the talks start twice".to_owned(), Some(hint));
        }
        let start =
            found.iter().find(|e| matches!(e.kind, CalendarKind::Start { .. })).map(|e| e.on);
        let before: Vec<(String, At)> = found
            .iter()
            .filter(|e| start.is_some_and(|s| e.on < s))
            .filter_map(|e| {
                let at = entries.iter().find(|(id, _, _)| *id == e.id).map(|(_, at, _)| at.clone());
                at.map(|at| (e.id.clone(), at))
            })
            .collect();
        for (id, at) in before {
            self.error(
                "calendar-order",
                &at,
                format!("`calendar.{id}` lies before the talks start"),
                Some("rounds and deadlines come after the entry of kind \"start\"".to_owned()),
            );
        }
        let first_round = found
            .iter()
            .filter(|e| matches!(e.kind, CalendarKind::Round { .. }))
            .map(|e| e.on)
            .min();
        let early: Vec<String> = found
            .iter()
            .filter(|e| matches!(e.kind, CalendarKind::Deadline { .. }))
            .filter(|e| first_round.is_some_and(|r| e.on < r) && start.is_none_or(|s| e.on >= s))
            .map(|e| e.id.clone())
            .collect();
        for id in early {
            if let Some((_, at, _)) = entries.iter().find(|e| e.0 == id) {
                self.error(
                    "calendar-order",
                    at,
                    format!("the deadline `calendar.{id}` lies before the first round"),
                    Some("check the two dates".to_owned()),
                );
            }
        }
        found
    }

    pub(super) fn constants(&mut self, node: Option<&Node>, mediated: bool) -> Constants {
        let empty = Node::empty_table(At::File(0..0));
        let mut t = self.table(node.unwrap_or(&empty), "constants");
        let ids: Vec<InputId> = COEFFICIENTS
            .iter()
            .map(|c| {
                let path = format!("constants.{}", c.name);
                if let Some(n) = t.get(c.name)
                    && let Some(id) = self.number(n, &path, c.scale, None)
                {
                    return id;
                }
                let default = if c.name == "base" && mediated { MEDIATED_BASE } else { c.default };
                let dist = match super::number::parse(default).map(|n| n.value) {
                    Ok(super::number::Written::Dist(d)) => d,
                    _ => winset_model::uncertain::Dist::Point(0.0),
                };
                self.push(path, dist, c.scale, Vec::new(), false)
            })
            .collect();
        let mut horizon = 365;
        if let Some(n) = t.get("horizon") {
            match n.value {
                Value::Number(x) if (1.0..=3650.0).contains(&x) && x.fract() == 0.0 => {
                    horizon = x as i32;
                }
                _ => self.error(
                    "horizon",
                    &n.at,
                    "`constants.horizon` is not a number of days".to_owned(),
                    Some("a whole number from 1 to 3650".to_owned()),
                ),
            }
        }
        self.finish(&t);
        let [
            base,
            zref,
            gref,
            gamma,
            chi,
            window,
            breakdown,
            suspension,
            interim,
            round_weight,
            deadline_weight,
            deadline_days,
        ] = std::array::from_fn(|k| ids[k]);
        Constants {
            base,
            zref,
            gref,
            gamma,
            chi,
            window,
            breakdown,
            suspension,
            interim,
            round_weight,
            deadline_weight,
            deadline_days,
            horizon,
        }
    }

    pub(super) fn switches(&mut self, node: Option<&Node>) -> Switches {
        let empty = Node::empty_table(At::File(0..0));
        let mut t = self.table(node.unwrap_or(&empty), "model");
        let mut switches = Switches {
            grid: None,
            alpha: 1.0,
            seat: Seat::Negotiator,
            noisy_signals: true,
            priced_ratification: false,
        };
        if let Some(n) = t.get("grid") {
            let numbers: Option<Vec<f64>> = match &n.value {
                Value::List(items) => items
                    .iter()
                    .map(|i| match i.value {
                        Value::Number(x) if (0.0..=100.0).contains(&x) => Some(x),
                        _ => None,
                    })
                    .collect(),
                _ => None,
            };
            if numbers.is_none() {
                self.error(
                    "grid",
                    &n.at,
                    "`model.grid` is not a list of numbers from 0 to 100".to_owned(),
                    Some("per cent of each scale: `grid = [0, 25, 50, 75, 100]`".to_owned()),
                );
            }
            switches.grid = numbers;
        }
        if let Some(n) = t.get("alpha") {
            match n.value {
                Value::Number(x) if (1.0..=4.0).contains(&x) => switches.alpha = x,
                _ => self.error(
                    "alpha",
                    &n.at,
                    "`model.alpha` is not a number from 1 to 4".to_owned(),
                    Some("1 is distance, 2 its square".to_owned()),
                ),
            }
        }
        let noisy = t.get("noisy_signals");
        switches.noisy_signals = self.flag(noisy, "`model.noisy_signals`", true);
        let priced = t.get("priced_ratification");
        switches.priced_ratification = self.flag(priced, "`model.priced_ratification`", false);
        let (known, fragmented) = (t.get("known_win_set"), t.get("fragmented_authority"));
        switches.seat = match (
            self.flag(known, "`model.known_win_set`", false),
            self.flag(fragmented, "`model.fragmented_authority`", false),
        ) {
            (true, false) => Seat::Pivotal,
            (false, true) => Seat::Willing,
            (false, false) => Seat::Negotiator,
            (true, true) => {
                if let Some(n) = fragmented {
                    self.error(
                        "theory",
                        &n.at,
                        "`model.known_win_set` and `model.fragmented_authority` are both true".to_owned(),
                        Some("a side bargains as its pivotal member or as its most willing: run the case once with each".to_owned()),
                    );
                }
                Seat::Negotiator
            }
        };
        self.finish(&t);
        switches
    }

    pub(super) fn notes(&mut self, entries: &[(String, At, Node)]) -> Vec<(String, String)> {
        entries
            .iter()
            .filter_map(|(key, _, node)| {
                self.text(Some(node), &format!("`notes.{key}`")).map(|text| (key.clone(), text))
            })
            .collect()
    }

    /// Every `@reference` names a note or a record entry.
    pub(super) fn check_references(&mut self, notes: &[(String, String)]) {
        let ids: Vec<&str> = self.record.map_or_else(Vec::new, |r| r.ids());
        let known: Vec<&str> = notes.iter().map(|n| n.0.as_str()).chain(ids).collect();
        for (reference, at) in std::mem::take(&mut self.references) {
            if !known.contains(&reference.as_str()) {
                let hint = suggest(&reference, known.iter().copied())
                    .or_else(|| Some("write it into `[notes]`".to_owned()));
                let message = format!("`@{reference}` is neither a note nor a record entry");
                self.error("unknown-reference", &at, message, hint);
            }
        }
    }
}
