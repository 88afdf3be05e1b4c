//! Sides and actors: who wants what, and who must accept.

use winset_model::case::{Actor, Ideal, InputId, Member, Partial, Role, Rule, Side};
use winset_model::uncertain::Dist;

use super::read::{NON_NEGATIVE, Outline, Reader, Table, WHOLE};
use super::rule::{self, NotARule};
use super::tree::{At, Node};
use crate::diagnostic::suggest;

/// A side before its rule can be read, since that names actors.
pub(super) struct Draft {
    id: String,
    at: At,
    name: String,
    ratify: String,
    ratify_at: At,
    negotiator: Option<String>,
    negotiator_at: At,
    position: Partial,
    salience: Partial,
    discount: InputId,
    cost: InputId,
    noise: Option<InputId>,
}

impl Reader<'_> {
    /// Sides as far as they do not depend on actors: positions and salience first.
    pub(super) fn sides(
        &mut self,
        entries: &[(String, At, Node)],
        outline: &Outline,
    ) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a side");
            let path = format!("sides.{id}");
            let mut t = self.table(node, &path);
            let name = t.get("name");
            let name = self.text(name, "`name`").unwrap_or_else(|| id.clone());
            let ratify = t.get("ratify");
            if ratify.is_none() {
                self.missing(
                    at,
                    &format!("`{path}.ratify`"),
                    "say who must accept, as \"a and b\"",
                );
            }
            let ratify_at = ratify.map_or_else(|| at.clone(), |n| n.at.clone());
            let ratify = self.text(ratify, "`ratify`").unwrap_or_default();
            let negotiator = t.get("negotiator");
            let negotiator = self.text(negotiator, "`negotiator`");
            let negotiator_at = t.place(&["negotiator"], at);
            let position = t.get("position");
            let on_issue = |j: usize| outline.issues[j].1;
            let position =
                self.by_issue(position, &format!("{path}.position"), outline, &on_issue, None);
            let salience = t.get("salience");
            let salience =
                self.by_issue(salience, &format!("{path}.salience"), outline, &|_| WHOLE, None);
            let discount = t.get("discount");
            if discount.is_none() {
                self.missing(at, &format!("`{path}.discount`"), "per cent a year: \"5..10..30\"");
            }
            let discount = self.number_or(discount, &format!("{path}.discount"), WHOLE, 10.0);
            if self.inputs[discount.0].dist == Dist::Point(0.0) {
                self.error(
                    "discount",
                    &t.place(&["discount"], at),
                    format!("`{path}.discount` is 0"),
                    Some(
                        "a side that does not discount waits for ever; write 1 or more".to_owned(),
                    ),
                );
            }
            let cost = t.get("cost");
            let cost = self.number_or(cost, &format!("{path}.cost"), WHOLE, 0.0);
            let noise = t.get("noise");
            let noise = noise.and_then(|n| self.number(n, &format!("{path}.noise"), WHOLE, None));
            self.why(&mut t);
            self.finish(&t);
            drafts.push(Draft {
                id: id.clone(),
                at: at.clone(),
                name,
                ratify,
                ratify_at,
                negotiator,
                negotiator_at,
                position,
                salience,
                discount,
                cost,
                noise,
            });
        }
        drafts
    }

    pub(super) fn actors(
        &mut self,
        entries: &[(String, At, Node)],
        outline: &Outline,
        sides: &[Draft],
    ) -> Vec<Actor> {
        let side_names: Vec<&str> = outline.sides.iter().map(String::as_str).collect();
        let mut actors = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "an actor");
            let path = format!("actors.{id}");
            let mut t = self.table(node, &path);
            let name = t.get("name");
            let name = self.text(name, "`name`").unwrap_or_else(|| id.clone());
            let role_node = t.get("role");
            if role_node.is_none() {
                let all = Role::ALL.map(Role::name).join(", ");
                self.missing(at, &format!("`{path}.role`"), &format!("one of: {all}"));
            }
            let mut role = Role::Faction;
            if let (Some(n), Some(word)) = (role_node, self.text(role_node, "`role`")) {
                match Role::ALL.iter().find(|r| r.name() == word) {
                    Some(r) => role = *r,
                    None => {
                        self.odd_role = true;
                        let hint = suggest(&word, Role::ALL.map(Role::name));
                        self.error("role", &n.at, format!("`{word}` is not a role"), hint);
                    }
                }
            }
            let mut side_at = |reader: &mut Self, key: &'static str| {
                let n = t.get(key)?;
                let word = reader.text(Some(n), &format!("`{key}`"))?;
                let found = side_names.iter().position(|s| *s == word);
                if found.is_none() {
                    let hint = suggest(&word, side_names.iter().copied());
                    let message = format!("`{path}.{key}` names no side `{word}`");
                    reader.error("unknown-name", &n.at, message, hint);
                }
                found
            };
            let side = side_at(self, "side");
            let ally_of = side_at(self, "of");
            let outside = matches!(role, Role::Ally | Role::Spoiler | Role::Mediator);
            let has_side = t.entries.iter().any(|e| e.0 == "side");
            if outside && has_side {
                let message =
                    format!("`{id}` is {} and cannot be a member of a side", article(role));
                let hint = "drop `side`, or make it a leader, delegate or faction".to_owned();
                self.error("role", at, message, Some(hint));
            } else if !outside && !has_side && role_node.is_some() {
                self.missing(
                    at,
                    &format!("`{path}.side`"),
                    &format!("one of: {}", side_names.join(", ")),
                );
            }
            if role == Role::Ally && ally_of.is_none() && !t.entries.iter().any(|e| e.0 == "of") {
                self.missing(at, &format!("`{path}.of`"), "the side it stands by");
            }
            let member = match side.filter(|_| !outside) {
                Some(s) => self.member(&mut t, &path, at, s, outline, &sides[s]),
                None => None,
            };
            self.why(&mut t);
            if member.is_some() || !has_side || outside {
                self.finish(&t);
            }
            actors.push(Actor { id: id.clone(), name, role, member, ally_of });
        }
        actors
    }

    fn member(
        &mut self,
        t: &mut Table<'_>,
        path: &str,
        at: &At,
        side: usize,
        outline: &Outline,
        inherited: &Draft,
    ) -> Option<Member> {
        let on_issue = |j: usize| outline.issues[j].1;
        let capability = t.get("capability");
        let capability =
            self.number_or(capability, &format!("{path}.capability"), NON_NEGATIVE, 100.0);
        let id = path.trim_start_matches("actors.").to_owned();
        // Until beliefs are computed, "record" stands for the side's range.
        let places: Vec<At> =
            outline.issues.iter().map(|i| t.place(&["position", &i.0], at)).collect();
        let record = |reader: &mut Self, j: usize| {
            let at = &places[j];
            if reader.record.is_none() {
                let message = format!(
                    "`{path}.position.{}` is \"record\", but there is no record",
                    outline.issues[j].0
                );
                let hint = "put a record.csv beside the case, or write a range".to_owned();
                reader.error("record", at, message, Some(hint));
                return None;
            }
            let dist = inherited.position[j].map(|i| reader.inputs[i.0].dist.clone());
            if dist.is_none() {
                let message = format!(
                    "`{path}.position.{}` is \"record\", but its side has no range to start from",
                    outline.issues[j].0
                );
                reader.error(
                    "record",
                    at,
                    message,
                    Some("give the side a position on it".to_owned()),
                );
            }
            dist
        };
        let own = t.get("position");
        let recorded: Vec<usize> = (0..outline.issues.len())
            .filter(|j| own.is_some_and(|n| n.says(&outline.issues[*j].0, "record")))
            .collect();
        let own =
            self.by_issue(own, &format!("{path}.position"), outline, &on_issue, Some(&record));
        let own_salience = t.get("salience");
        let own_salience =
            self.by_issue(own_salience, &format!("{path}.salience"), outline, &|_| WHOLE, None);
        let red_min = t.get("red_min");
        let red_min = self.by_issue(red_min, &format!("{path}.red_min"), outline, &on_issue, None);
        let red_max = t.get("red_max");
        let red_max = self.by_issue(red_max, &format!("{path}.red_max"), outline, &on_issue, None);
        let demand = t.get("demand");
        let demand = self.by_issue(demand, &format!("{path}.demand"), outline, &on_issue, None);
        let audience = t.get("audience");
        let audience =
            audience.and_then(|n| self.number(n, &format!("{path}.audience"), NON_NEGATIVE, None));
        for j in 0..outline.issues.len() {
            let bounds = |id: Option<InputId>| {
                id.map(|i| self.inputs[i.0].dist.central(self.inputs[i.0].scale))
            };
            if let (Some(lo), Some(hi)) = (bounds(red_min[j]), bounds(red_max[j]))
                && lo > hi
            {
                let issue = &outline.issues[j].0;
                self.error(
                    "red-lines",
                    &t.place(&["red_min", issue], at),
                    format!("`{id}` wants at least {lo} and at most {hi} on `{issue}`"),
                    Some("its red_min lies above its red_max: nothing is acceptable".to_owned()),
                );
            }
        }
        for j in 0..outline.issues.len() {
            let central = |id: Option<InputId>| {
                id.map(|i| self.inputs[i.0].dist.central(self.inputs[i.0].scale))
            };
            let read = own[j].filter(|i| self.inputs[i.0].written);
            let Some(ideal) = central(read) else { continue };
            let crossed = central(red_min[j]).filter(|lo| *lo > ideal).map(|lo| ("red_min", lo));
            let crossed =
                crossed.or(central(red_max[j]).filter(|hi| *hi < ideal).map(|hi| ("red_max", hi)));
            if let Some((line, at_line)) = crossed {
                let issue = &outline.issues[j].0;
                self.warning(
                    "moved-red-line",
                    &t.place(&[line, issue], at),
                    format!("`{path}.{line}.{issue}` at {at_line} rules out its own position at {ideal}, and moves to it"),
                    Some("code the position on the near side of the red line".to_owned()),
                );
            }
        }
        let (mut ideal, mut salience) = (Vec::new(), Vec::new());
        for (j, (issue, _)) in outline.issues.iter().enumerate() {
            match own[j].map(|i| (i, true)).or(inherited.position[j].map(|i| (i, false))) {
                Some((input, own)) => {
                    let recorded = own && recorded.contains(&j);
                    ideal.push(Ideal { input, own, recorded });
                }
                None => self.missing(
                    at,
                    &format!("the position of `{id}` on `{issue}`"),
                    "give it to the side, or to the actor",
                ),
            }
            match own_salience[j].or(inherited.salience[j]) {
                Some(i) => salience.push(i),
                None => self.missing(
                    at,
                    &format!("the salience of `{issue}` to `{id}`"),
                    "0–100; give it to the side, or to the actor",
                ),
            }
        }
        if !salience.is_empty()
            && salience.iter().all(|i| self.inputs[i.0].dist == Dist::Point(0.0))
        {
            // What all inherit from their side is one mistake, the side's.
            let own = own_salience.iter().any(Option::is_some);
            let (whose, at) = if own { (&id, at) } else { (&inherited.id, &inherited.at) };
            let message = format!("every issue has salience 0 for `{whose}`");
            if !self.said(&message) {
                let hint = "at least one must be above 0".to_owned();
                self.error("salience", at, message, Some(hint));
            }
        }
        (ideal.len() == outline.issues.len() && salience.len() == outline.issues.len()).then_some(
            Member { side, capability, ideal, salience, red_min, red_max, demand, audience },
        )
    }

    /// Rules, members and negotiators, once actors are known.
    pub(super) fn settle_sides(
        &mut self,
        drafts: Vec<Draft>,
        actors: &[Actor],
        last: &At,
    ) -> Vec<Side> {
        let alone = drafts.len() == 1;
        let mut sides = Vec::new();
        for (s, draft) in drafts.into_iter().enumerate() {
            let mut members: Vec<usize> = (0..actors.len())
                .filter(|i| actors[*i].member.as_ref().is_some_and(|m| m.side == s))
                .collect();
            members.sort_by(|a, b| actors[*a].id.cmp(&actors[*b].id));
            let ids: Vec<&str> = members.iter().map(|i| actors[*i].id.as_str()).collect();
            if members.is_empty() {
                let hint = format!("give an actor `side = \"{}\"`", draft.id);
                let message = format!("the side `{}` has no members", draft.id);
                self.error("no-members", &draft.at, message, Some(hint));
                continue;
            }
            // Whoever was to be a member but could not be read has had its message already.
            let unread = |a: &Actor| {
                let inside = matches!(a.role, Role::Leader | Role::Delegate | Role::Faction);
                inside && a.member.is_none()
            };
            let find = |id: &str| {
                if let Some(i) = actors.iter().position(|a| a.id == id && unread(a)) {
                    return Ok(i);
                }
                members.iter().copied().find(|i| actors[*i].id == id).ok_or_else(|| NotARule {
                    code: "unknown-name",
                    message: match actors.iter().any(|a| a.id == id) {
                        true => format!("`{id}` is not a member of `{}`", draft.id),
                        false => format!("there is no actor `{id}`"),
                    },
                    hint: suggest(id, ids.iter().copied()),
                })
            };
            let rule = match rule::parse(&draft.ratify, &find) {
                Ok(rule) => rule,
                Err(e) => {
                    let message = format!("`sides.{}.ratify`: {}", draft.id, e.message);
                    self.error(e.code, &draft.ratify_at, message, e.hint);
                    Rule::All(Vec::new())
                }
            };
            let leaders: Vec<usize> =
                members.iter().copied().filter(|i| actors[*i].role == Role::Leader).collect();
            let negotiator = match &draft.negotiator {
                Some(id) => match members.iter().find(|i| actors[**i].id == *id) {
                    Some(i) => Some(*i),
                    None => {
                        let message =
                            format!("`sides.{}.negotiator` names no member `{id}`", draft.id);
                        let hint = suggest(id, ids.iter().copied());
                        self.error("unknown-name", &draft.negotiator_at, message, hint);
                        None
                    }
                },
                None if leaders.is_empty() && !alone && !self.odd_role => {
                    self.error(
                        "negotiator",
                        &draft.at,
                        format!("nobody negotiates for `{}`", draft.id),
                        Some("set `negotiator`, or give a member `role = \"leader\"`".to_owned()),
                    );
                    None
                }
                None if leaders.len() > 1 => {
                    self.error(
                        "negotiator",
                        &draft.at,
                        format!("`{}` has {} leaders", draft.id, leaders.len()),
                        Some("set `negotiator` to one of them".to_owned()),
                    );
                    None
                }
                None => leaders.first().copied(),
            };
            sides.push(Side {
                id: draft.id,
                name: draft.name,
                rule,
                negotiator,
                discount: draft.discount,
                cost: draft.cost,
                noise: draft.noise,
                incoherence: Vec::new(),
                members,
            });
        }
        if actors.iter().filter(|a| a.member.is_some()).count() > 64 {
            let hint = "merge actors that want the same".to_owned();
            self.error("too-many", last, "more than 64 members".to_owned(), Some(hint));
        }
        sides
    }
}

fn article(role: Role) -> String {
    match role {
        Role::Ally => "an ally".to_owned(),
        other => format!("a {}", other.name()),
    }
}
