//! Sides and actors: who wants what, and who must accept.

use winset_model::case::{
    Actor, Ideal, InputId, Member, Partial, Role, Rule, RuleDoubt, Side, VoteQuota,
};
use winset_model::record::EntryKind;
use winset_model::uncertain::Dist;

use super::options::Worth;
use super::read::{CaseReader, Entries, KeyTable, Scope};
use super::rule::{self, NotARule};
use super::tree::{TomlNode, Value, WrittenAt};
use crate::diagnostic::suggest;

/// The most members a case has.
const MOST: usize = 64;

/// A side before its rule can be read, since that names actors.
pub(super) struct SideDraft {
    id: String,
    at: WrittenAt,
    name: String,
    /// The rules of which one holds, each with its share and its place; one mostly.
    ratify: Vec<RuleDraft>,
    /// Where in the shares the draw falls, where there are several.
    pick: Option<InputId>,
    negotiator: Option<String>,
    negotiator_at: WrittenAt,
    position: Partial,
    salience: Partial,
    discount: InputId,
    cost: InputId,
    cost_later: Option<(InputId, InputId)>,
    without: Partial,
    worth: Worth,
    noise: Option<InputId>,
}

/// A rule before it can be read.
struct RuleDraft {
    text: String,
    share: f64,
    at: WrittenAt,
}

/// The most rules of which one holds.
const MOST_RULES: usize = 16;

/// A member as it is written, before what it leaves out is taken from its side.
struct MemberDraft<'s> {
    id: &'s str,
    at: &'s WrittenAt,
    /// What its side says for all of its members.
    inherited: &'s SideDraft,
    position: Partial,
    /// The issues on which its position is `"record"`.
    recorded: Vec<usize>,
    salience: Partial,
    red_min: Partial,
    red_max: Partial,
}

impl CaseReader<'_> {
    /// Sides as far as they do not depend on actors: positions and salience first.
    pub(super) fn sides(&mut self, entries: Entries<'_>, scope: &Scope) -> Vec<SideDraft> {
        let mut drafts = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a side");
            let mut t = self.table(node, &format!("sides.{id}"), "sides.SIDE");
            let name = self.name(&mut t, id);
            let ratify = self.rules_written(&mut t, at);
            let pick = self.which_rule(&mut t, ratify.len(), at);
            let negotiator = self.text_of(&mut t, "negotiator");
            let negotiator_at = t.place(&["negotiator"], at);
            let position = self.needed_by_issue(&mut t, "position", scope, None);
            let salience = self.needed_by_issue(&mut t, "salience", scope, None);
            let hint = "per cent a year: \"5..10..30\"";
            let discount = self.required_number(&mut t, at, "discount", hint);
            if self.inputs[discount.0].dist == Dist::Point(0.0) {
                let message = format!("`{}` is 0", t.path_of("discount"));
                let hint = "a side that does not discount waits for ever; write 1 or more";
                let at = t.place(&["discount"], at);
                self.error("discount", &at, message, Some(hint.to_owned()));
            }
            let cost = self.points_of(&mut t, "cost");
            let cost_later = self.cost_later(&mut t, None);
            let without = self.by_issue(&mut t, "without", scope);
            let worth = self.worths(&mut t, scope);
            let noise = self.optional_number(&mut t, "noise");
            self.why(&mut t);
            self.finish(&t);
            drafts.push(SideDraft {
                id: id.clone(),
                at: at.clone(),
                name,
                ratify,
                pick,
                negotiator,
                negotiator_at,
                position,
                salience,
                discount,
                cost,
                cost_later,
                without,
                worth,
                noise,
            });
        }
        drafts
    }

    /// What the cost of no deal comes to, and over how many days: each as it is written, else as the side
    /// has it; none where nobody says it moves.
    fn cost_later(
        &mut self,
        t: &mut KeyTable<'_>,
        side: Option<&SideDraft>,
    ) -> Option<(InputId, InputId)> {
        let inherited = side.and_then(|side| side.cost_later);
        let last = self.optional_points(t, "cost_later").or(inherited.map(|own| own.0));
        if let (None, Some(node)) = (last, t.get("cost_days")) {
            let path = t.path_of("cost_days");
            let message =
                format!("`{path}` without `cost_later`: the cost of no deal does not move");
            let hint = "`cost_later` is what it comes to".to_owned();
            self.warning("idle", &node.at, message, Some(hint)).about(path);
        }
        let days = match inherited {
            _ if last.is_none() => return None,
            Some((_, days)) if !t.has("cost_days") => days,
            _ => {
                let scale = t.ends("cost_days");
                self.number_else(t, "cost_days", scale, Some(Dist::Point(365.0)))
            }
        };
        last.map(|last| (last, days))
    }

    /// What stands under `ratify`: a rule, or a list of rules with their shares; none where what is
    /// wrong with the list has been said.
    fn rules_written(&mut self, t: &mut KeyTable<'_>, at: &WrittenAt) -> Vec<RuleDraft> {
        let path = t.path_of("ratify");
        let node = self.required(t, at, "ratify", "say who must accept, as \"a and b\"");
        let one = |text, at| vec![RuleDraft { text, share: 100.0, at }];
        let Some(node) = node else { return one(String::new(), at.clone()) };
        let Value::List(items) = &node.value else {
            let text = self.text(node, &format!("`{path}`")).unwrap_or_default();
            return one(text, node.at.clone());
        };
        let mut rules = Vec::new();
        for item in items {
            let pair = match &item.value {
                Value::List(pair) => pair.as_slice(),
                _ => &[],
            };
            match pair {
                [
                    TomlNode { value: Value::Text(text), .. },
                    TomlNode { value: Value::Number(share), .. },
                ] if *share > 0.0 && *share <= 100.0 => {
                    let (text, at) = (text.clone(), item.at.clone());
                    rules.push(RuleDraft { text, share: *share, at });
                }
                _ => {
                    let message = format!("`{path}`: a rule and its share is expected");
                    let hint = "`ratify = [[\"a and b\", 70], [\"a\", 30]]`".to_owned();
                    self.error("ratify", &item.at, message, Some(hint)).about(path.clone());
                    return Vec::new();
                }
            }
        }
        let sum: f64 = rules.iter().map(|r| r.share).sum();
        let wrong = match rules.len() {
            0 => Some(("names no rule".to_owned(), "write who must accept")),
            n if n > MOST_RULES => Some((format!("names {n} rules"), "16 are the most")),
            // Thirds are written with a few digits.
            _ if (sum - 100.0).abs() > 0.01 => {
                Some((format!("has shares that add up to {sum}"), "make them add up to 100"))
            }
            _ => None,
        };
        if let Some((what, hint)) = wrong {
            let message = format!("`{path}` {what}");
            self.error("ratify", &node.at, message, Some(hint.to_owned())).about(path);
            return Vec::new();
        }
        rules
    }

    /// The draw that says which of several rules holds.
    fn which_rule(
        &mut self,
        t: &mut KeyTable<'_>,
        rules: usize,
        at: &WrittenAt,
    ) -> Option<InputId> {
        if rules > 1 {
            let anywhere = Some(Dist::Uniform(0.0, 100.0));
            return Some(self.number_else(t, "rule", (0.0, 100.0), anywhere));
        }
        t.know(&["rule"]);
        if rules == 1 && t.has("rule") {
            let path = t.path_of("rule");
            let message = format!("`{path}` says which of several rules holds, and there is one");
            let hint = "`ratify = [[\"a and b\", 70], [\"a\", 30]]`, or drop it".to_owned();
            let at = t.place(&["rule"], at);
            self.warning("idle", &at, message, Some(hint)).about(path);
        }
        None
    }

    pub(super) fn actors(
        &mut self,
        entries: Entries<'_>,
        scope: &Scope,
        sides: &[SideDraft],
    ) -> Vec<Actor> {
        let mut actors = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "an actor");
            let mut t = self.table(node, &format!("actors.{id}"), "actors.ACTOR");
            let name = self.name(&mut t, id);
            let role = self.role(&mut t, at);
            let side = self.named(&mut t, "side", "side", &scope.side_ids());
            let ally_of = self.named(&mut t, "of", "side", &scope.side_ids());
            if role.is_some_and(|role| role != Role::Ally) {
                let hint = "an ally is `of` a side; a member has its `side`";
                self.idle(&t, "of", "is not read: it is no ally", hint);
            }
            let role = self.stands(&t, id, at, role, scope);
            let outside = matches!(role, Role::Ally | Role::Spoiler | Role::Mediator);
            let member = side.filter(|_| !outside).and_then(|side| {
                let place = actors.len();
                self.member(&mut t, (id, place), at, side, scope, &sides[side])
            });
            self.why(&mut t);
            if member.is_some() || !t.has("side") || outside {
                self.finish(&t);
            }
            actors.push(Actor { id: id.clone(), name, role, member, ally_of });
        }
        actors
    }

    /// What an actor is, if it says so in a known word.
    fn role(&mut self, t: &mut KeyTable<'_>, at: &WrittenAt) -> Option<Role> {
        let all = Role::ALL.map(Role::name);
        let node = self.required(t, at, "role", &format!("one of: {}", all.join(", ")))?;
        let word = self.text_of(t, "role")?;
        let role = Role::ALL.into_iter().find(|r| r.name() == word);
        if role.is_none() {
            self.odd_role = true;
            let hint = suggest(&word, all);
            self.error("role", &node.at, format!("`{word}` is not a role"), hint);
        }
        role
    }

    /// Whether an actor stands inside or outside the sides as its role asks; the role it is then
    /// taken for.
    fn stands(
        &mut self,
        t: &KeyTable<'_>,
        id: &str,
        at: &WrittenAt,
        role: Option<Role>,
        scope: &Scope,
    ) -> Role {
        let role = role.unwrap_or(Role::Faction);
        let outside = matches!(role, Role::Ally | Role::Spoiler | Role::Mediator);
        if outside && t.has("side") {
            let message = format!("`{id}` is {} and cannot be a member of a side", article(role));
            let hint = "drop `side`, or make it a leader, delegate or faction".to_owned();
            self.error("role", at, message, Some(hint)).about(t.path_of("role"));
        } else if !outside && !t.has("side") && t.has("role") {
            let path = t.path_of("side");
            let hint = format!("one of: {}", scope.sides.join(", "));
            self.missing(at, &path, &format!("`{path}`"), &hint);
        }
        if role == Role::Ally && !t.has("of") {
            let path = t.path_of("of");
            self.missing(at, &path, &format!("`{path}`"), "the side it stands by");
        }
        role
    }

    fn member(
        &mut self,
        t: &mut KeyTable<'_>,
        (id, place): (&str, usize),
        at: &WrittenAt,
        side: usize,
        scope: &Scope,
        inherited: &SideDraft,
    ) -> Option<Member> {
        let capability = self.number_of(t, "capability");
        let turnout = self.optional_number(t, "turnout");
        let rebels = self.optional_number(t, "rebels");
        let abstains = self.optional_number(t, "abstains");
        let (position, recorded) = self.own_position(t, at, scope, inherited);
        let salience = self.needed_by_issue(t, "salience", scope, None);
        let red_min = self.lines(t, ("red_min", EntryKind::RedMin), place, at, scope);
        let red_max = self.lines(t, ("red_max", EntryKind::RedMax), place, at, scope);
        let demand = self.by_issue(t, "demand", scope);
        let audience = self.optional_number(t, "audience");
        if !t.has("audience") {
            let hint = "`audience` is what a fall behind it costs, in points";
            self.idle(t, "demand", "costs nothing without `audience`", hint);
        }
        if !t.has("demand") {
            let hint = "`demand.ISSUE` is what it has asked for in public";
            self.idle(t, "audience", "is not read without `demand`", hint);
        }
        let cost = self.optional_points(t, "cost");
        let cost_later = self.cost_later(t, Some(inherited));
        let own = self.by_issue(t, "without", scope);
        let without = own.iter().zip(&inherited.without).map(|(own, side)| own.or(*side)).collect();
        let worth = self.worths(t, scope);
        let worth = self.worth_to(t, (id, at), &worth, inherited, scope);
        let draft =
            MemberDraft { id, at, inherited, position, recorded, salience, red_min, red_max };
        self.red_lines(t, &draft, scope);
        let ideal = self.ideals(t, &draft, scope);
        let salience = self.saliences(t, &draft, scope);
        let MemberDraft { red_min, red_max, .. } = draft;
        let (ideal, salience) = ideal.zip(salience)?;
        Some(Member {
            side,
            capability,
            turnout,
            rebels,
            abstains,
            ideal,
            salience,
            red_min,
            red_max,
            demand,
            audience,
            cost,
            cost_later,
            without,
            worth,
        })
    }

    /// The positions a member states itself, and the issues on which it refers to the record: until
    /// that is read, `"record"` stands for the range of its side.
    fn own_position(
        &mut self,
        t: &mut KeyTable<'_>,
        at: &WrittenAt,
        scope: &Scope,
        inherited: &SideDraft,
    ) -> (Partial, Vec<usize>) {
        let path = t.path_of("position");
        let places: Vec<WrittenAt> =
            scope.issues.iter().map(|i| t.place(&["position", &i.0], at)).collect();
        let range = |reader: &mut Self, j: usize| {
            let dist = inherited.position[j].map(|i| reader.inputs[i.0].dist.clone());
            let (what, hint) = if reader.record.is_none() {
                ("there is no record", "put a record.csv beside the case, or write a range")
            } else if dist.is_none() {
                ("its side has no range to start from", "give the side a position on it")
            } else {
                return dist;
            };
            let message = format!("`{path}.{}` is \"record\", but {what}", scope.issues[j].0);
            reader.error("record", &places[j], message, Some(hint.to_owned()));
            None
        };
        let own = t.get("position");
        let recorded = (0..scope.issues.len())
            .filter(|j| own.is_some_and(|n| n.says(&scope.issues[*j].0, "record")))
            .collect();
        (self.needed_by_issue(t, "position", scope, Some(&range)), recorded)
    }

    /// Red lines that leave nothing, or not the member's own position.
    fn red_lines(&mut self, t: &KeyTable<'_>, draft: &MemberDraft<'_>, scope: &Scope) {
        let central = |reader: &Self, id: Option<InputId>| {
            // What comes from the record is not read yet.
            let id = id.filter(|id| !reader.lines.iter().any(|l| l.input == *id))?;
            let input = &reader.inputs[id.0];
            Some(input.dist.central(input.scale))
        };
        for (j, (issue, _)) in scope.issues.iter().enumerate() {
            let (lo, hi) = (central(self, draft.red_min[j]), central(self, draft.red_max[j]));
            if let Some((lo, hi)) = lo.zip(hi).filter(|(lo, hi)| lo > hi) {
                let message =
                    format!("`{}` wants at least {lo} and at most {hi} on `{issue}`", draft.id);
                let hint = "its red_min lies above its red_max: nothing is acceptable".to_owned();
                let at = t.place(&["red_min", issue], draft.at);
                self.error("red-lines", &at, message, Some(hint));
            }
        }
        for (j, (issue, _)) in scope.issues.iter().enumerate() {
            let read = draft.position[j].filter(|i| self.inputs[i.0].written);
            let Some(ideal) = central(self, read) else { continue };
            let crossed =
                central(self, draft.red_min[j]).filter(|lo| *lo > ideal).map(|lo| ("red_min", lo));
            let above =
                central(self, draft.red_max[j]).filter(|hi| *hi < ideal).map(|hi| ("red_max", hi));
            if let Some((line, at_line)) = crossed.or(above) {
                let message = format!(
                    "`{}.{issue}` at {at_line} rules out its own position at {ideal}, and moves to it",
                    t.path_of(line)
                );
                let hint = "code the position on the near side of the red line".to_owned();
                let at = t.place(&[line, issue], draft.at);
                self.warning("moved-red-line", &at, message, Some(hint));
            }
        }
    }

    /// What each option is worth to a member: as it says, else as its side does.
    fn worth_to(
        &mut self,
        t: &KeyTable<'_>,
        (id, at): (&str, &WrittenAt),
        own: &Worth,
        inherited: &SideDraft,
        scope: &Scope,
    ) -> Vec<Vec<InputId>> {
        let mut worth = vec![Vec::new(); own.len()];
        for (j, (issue, _)) in scope.issues.iter().enumerate() {
            for (k, option) in scope.options[j].iter().enumerate() {
                let said = own[j][k].or(inherited.worth[j][k]);
                let input = said.unwrap_or_else(|| {
                    let path = format!("{}.{issue}.{option}", t.path_of("worth"));
                    let what = format!("the worth of `{option}` on `{issue}` to `{id}`");
                    self.missing(at, &path, &what, "0–100; give it to the side, or to the actor");
                    // One mistake, one message: a number that gives no other stands in for it.
                    self.push(path, Dist::Point(50.0), (0.0, 100.0), Vec::new(), false)
                });
                worth[j].push(input);
            }
        }
        worth
    }

    /// The position of a member on each issue: its own, else its side's; options have none.
    fn ideals(
        &mut self,
        t: &KeyTable<'_>,
        draft: &MemberDraft<'_>,
        scope: &Scope,
    ) -> Option<Vec<Ideal>> {
        let mut ideals = Vec::new();
        for (j, (issue, _)) in scope.issues.iter().enumerate() {
            let own = draft.position[j];
            if !scope.options[j].is_empty() {
                ideals.push(Ideal { input: scope.now[j], own: false, recorded: false });
                continue;
            }
            if let Some(input) = own.or(draft.inherited.position[j]) {
                let recorded = own.is_some() && draft.recorded.contains(&j);
                ideals.push(Ideal { input, own: own.is_some(), recorded });
                continue;
            }
            let path = format!("{}.{issue}", t.path_of("position"));
            let what = format!("the position of `{}` on `{issue}`", draft.id);
            self.missing(draft.at, &path, &what, "give it to the side, or to the actor");
        }
        (ideals.len() == scope.issues.len()).then_some(ideals)
    }

    /// How much each issue weighs for a member: as it says, else as its side does; not nothing at
    /// all.
    fn saliences(
        &mut self,
        t: &KeyTable<'_>,
        draft: &MemberDraft<'_>,
        scope: &Scope,
    ) -> Option<Vec<InputId>> {
        let mut saliences = Vec::new();
        for (j, (issue, _)) in scope.issues.iter().enumerate() {
            if let Some(input) = draft.salience[j].or(draft.inherited.salience[j]) {
                saliences.push(input);
                continue;
            }
            let path = format!("{}.{issue}", t.path_of("salience"));
            let what = format!("the salience of `{issue}` to `{}`", draft.id);
            self.missing(draft.at, &path, &what, "0–100; give it to the side, or to the actor");
        }
        let nothing = |i: &InputId| self.inputs[i.0].dist == Dist::Point(0.0);
        if !saliences.is_empty() && saliences.iter().all(nothing) {
            self.cares_for_nothing(draft);
        }
        (saliences.len() == scope.issues.len()).then_some(saliences)
    }

    /// What all inherit from their side is one mistake, the side's.
    fn cares_for_nothing(&mut self, draft: &MemberDraft<'_>) {
        let own = draft.salience.iter().any(Option::is_some);
        let inherited = draft.inherited;
        let (whose, at, section) = match own {
            true => (draft.id, draft.at, "actors"),
            false => (inherited.id.as_str(), &inherited.at, "sides"),
        };
        if !own && self.indifferent.iter().any(|side| side == whose) {
            return;
        }
        let message = format!("every issue has salience 0 for `{whose}`");
        let hint = "at least one must be above 0".to_owned();
        let field = format!("{section}.{whose}.salience");
        self.error("salience", at, message, Some(hint)).about(field);
        if !own {
            self.indifferent.push(whose.to_owned());
        }
    }

    /// Rules, members and negotiators, once actors are known.
    pub(super) fn settle_sides(
        &mut self,
        drafts: Vec<SideDraft>,
        actors: &[Actor],
        last: &WrittenAt,
    ) -> Vec<Side> {
        let alone = drafts.len() == 1;
        let mut sides = Vec::new();
        for (s, draft) in drafts.into_iter().enumerate() {
            let mut members: Vec<usize> = (0..actors.len())
                .filter(|i| actors[*i].member.as_ref().is_some_and(|m| m.side == s))
                .collect();
            members.sort_by(|a, b| actors[*a].id.cmp(&actors[*b].id));
            if members.is_empty() {
                let hint = format!("give an actor `side = \"{}\"`", draft.id);
                let message = format!("the side `{}` has no members", draft.id);
                self.error("no-members", &draft.at, message, Some(hint));
                continue;
            }
            let mut rules = Vec::new();
            for written in &draft.ratify {
                rules.push((self.ratification(&draft, written, actors, &members), written.share));
            }
            self.ballots_count(&draft, &rules, actors, &members);
            let doubt = draft.pick.map(|pick| RuleDoubt { rules: rules.clone(), pick });
            let middle = doubt.as_ref().map_or(0, |d| d.at(50.0));
            let rule =
                if rules.is_empty() { Rule::All(Vec::new()) } else { rules.swap_remove(middle).0 };
            let negotiator = self.negotiator(&draft, actors, &members, alone);
            sides.push(Side {
                id: draft.id,
                name: draft.name,
                rule,
                doubt,
                negotiator,
                discount: draft.discount,
                cost: draft.cost,
                cost_later: draft.cost_later,
                noise: draft.noise,
                incoherence: Vec::new(),
                members,
            });
        }
        if actors.iter().filter(|a| a.member.is_some()).count() > MOST {
            let hint = "merge actors that want the same".to_owned();
            let message = format!("more than {MOST} members");
            self.error("too-many", last, message, Some(hint)).about("actors");
        }
        sides
    }

    /// The rule of a side, which names its members.
    fn ratification(
        &mut self,
        draft: &SideDraft,
        written: &RuleDraft,
        actors: &[Actor],
        members: &[usize],
    ) -> Rule {
        let ids: Vec<&str> = members.iter().map(|i| actors[*i].id.as_str()).collect();
        // Whoever was to be a member but could not be read has had its message already.
        let unread = |a: &Actor| {
            let inside = matches!(a.role, Role::Leader | Role::Delegate | Role::Faction);
            inside && a.member.is_none()
        };
        let find = |id: &str| {
            let unread = actors.iter().position(|a| a.id == id && unread(a));
            let member = || members.iter().copied().find(|i| actors[*i].id == id);
            unread.or_else(member).ok_or_else(|| NotARule {
                code: "unknown-name",
                message: match actors.iter().any(|a| a.id == id) {
                    true => format!("`{id}` is not a member of `{}`", draft.id),
                    false => format!("there is no actor `{id}`"),
                },
                hint: suggest(id, ids.iter().copied()),
            })
        };
        let field = format!("sides.{}.ratify", draft.id);
        match rule::parse(&written.text, &find) {
            Ok(rule) => {
                self.seats_suffice(&rule, &written.at, &field, actors);
                rule
            }
            Err(e) => {
                let message = format!("`{field}`: {}", e.message);
                self.error(e.code, &written.at, message, e.hint).about(field);
                Rule::All(Vec::new())
            }
        }
    }

    /// Says so where a vote asks for more seats than there are, or names a share of seats that is a
    /// whole number of them.
    fn seats_suffice(&mut self, rule: &Rule, at: &WrittenAt, field: &str, actors: &[Actor]) {
        let capability = |reader: &Self, i: &usize| {
            let member = actors[*i].member.as_ref()?;
            Some(reader.inputs[member.capability.0].dist.clone())
        };
        match rule {
            Rule::All(parts) | Rule::Any(parts) | Rule::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.seats_suffice(part, at, field, actors));
            }
            Rule::Votes(VoteQuota::Seats(needed), named) => {
                // A range does not end where it is written, so that only points are sure.
                let points = named.iter().map(|i| capability(self, i));
                let points: Option<Vec<f64>> =
                    points.map(|dist| dist.and_then(|d| point(&d))).collect();
                let seats: f64 = points.map_or(f64::INFINITY, |p| p.iter().sum());
                if seats < *needed {
                    let message =
                        format!("`{field}`: {needed} votes of {seats} seats can never pass");
                    let hint = "the capability of those it names is their seats".to_owned();
                    self.error("never-passes", at, message, Some(hint)).about(field);
                }
            }
            Rule::Percent(percent, named) => {
                let points = named.iter().map(|i| capability(self, i));
                let points: Option<Vec<f64>> =
                    points.map(|dist| dist.and_then(|d| point(&d))).collect();
                let Some(seats) = points.map(|p| p.iter().sum::<f64>()) else { return };
                let votes = percent * seats / 100.0;
                let whole = (votes - votes.round()).abs() < 0.01;
                if percent.fract() != 0.0 && whole && seats.fract() == 0.0 {
                    let message = format!("`{field}`: {percent} % of {seats} is a number of seats");
                    let hint = format!("`{} votes of (…)` says so itself", votes.round());
                    self.warning("seats", at, message, Some(hint)).about(field);
                }
            }
            Rule::Actor(_) | Rule::Votes(..) | Rule::Weighed(..) => {}
        }
    }

    /// Warns of ways to vote that no rule counts.
    fn ballots_count(
        &mut self,
        draft: &SideDraft,
        rules: &[(Rule, f64)],
        actors: &[Actor],
        members: &[usize],
    ) {
        let mut voters = Vec::new();
        rules.iter().for_each(|(rule, _)| voting(rule, &mut voters));
        for i in members.iter().filter(|i| !voters.contains(i)) {
            let Some(member) = &actors[*i].member else { continue };
            let ways = [member.turnout, member.rebels, member.abstains];
            let Some(way) = ways.into_iter().flatten().next() else { continue };
            let path = self.inputs[way.0].path.clone();
            let message = format!("`{path}` counts in a vote, and `sides.{}` takes none", draft.id);
            let hint = "`majority of (…)`, `320 votes of (…)` and `60% of votes of (…)` do";
            let keys: Vec<&str> = path.split('.').collect();
            let at = self.root().place(&keys).clone();
            self.warning("idle", &at, message, Some(hint.to_owned())).about(path);
        }
    }

    /// The member who negotiates: the one named, else the only leader.
    fn negotiator(
        &mut self,
        draft: &SideDraft,
        actors: &[Actor],
        members: &[usize],
        alone: bool,
    ) -> Option<usize> {
        let field = format!("sides.{}.negotiator", draft.id);
        if let Some(id) = &draft.negotiator {
            let named = members.iter().copied().find(|i| actors[*i].id == *id);
            if named.is_none() {
                let message = format!("`{field}` names no member `{id}`");
                let hint = suggest(id, members.iter().map(|i| actors[*i].id.as_str()));
                self.error("unknown-name", &draft.negotiator_at, message, hint);
            }
            return named;
        }
        let leaders: Vec<usize> =
            members.iter().copied().filter(|i| actors[*i].role == Role::Leader).collect();
        let (message, hint) = match leaders.as_slice() {
            [only] => return Some(*only),
            [] if alone || self.odd_role => return None,
            [] => (
                format!("nobody negotiates for `{}`", draft.id),
                "set `negotiator`, or give a member `role = \"leader\"`",
            ),
            more => (
                format!("`{}` has {} leaders", draft.id, more.len()),
                "set `negotiator` to one of them",
            ),
        };
        self.error("negotiator", &draft.at, message, Some(hint.to_owned())).about(field);
        None
    }
}

/// Everybody whose votes a rule counts.
fn voting(rule: &Rule, into: &mut Vec<usize>) {
    match rule {
        Rule::All(parts) | Rule::Any(parts) | Rule::AtLeast(_, parts) => {
            parts.iter().for_each(|part| voting(part, into));
        }
        Rule::Votes(_, actors) => into.extend(actors),
        Rule::Actor(_) | Rule::Percent(..) | Rule::Weighed(..) => {}
    }
}

/// A number without doubt.
fn point(dist: &Dist) -> Option<f64> {
    match dist {
        Dist::Point(x) => Some(*x),
        _ => None,
    }
}

fn article(role: Role) -> String {
    match role {
        Role::Ally => "an ally".to_owned(),
        other => format!("a {}", other.name()),
    }
}
