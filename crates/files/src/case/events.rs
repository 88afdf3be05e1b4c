//! Force, promises, the calendar, constants and switches.

use winset_model::case::{
    Actor, COEFFICIENTS, CalendarEntry, CalendarKind, Constants, Day, DeadlinePrice, Force,
    ForceKind, InputId, Promise, Role, Seat, Settling, Side, Switches, Verification, WhileTalking,
};
use winset_model::uncertain::Dist;

use super::clock::ClassDefaults;
use super::grammar::CALENDAR;
use super::read::{CaseReader, Entries, KeyTable, Scope};
use super::tree::{TomlNode, Value, WrittenAt};
use crate::diagnostic::suggest;

/// Who breaks a promise so often, a year, takes it up again: a breach for ever is then worth a question.
const OFTEN_BROKEN: f64 = 0.5;

/// The most events that move issues and do not end the talks.
const MOST_MOVING: usize = 4;

impl CaseReader<'_> {
    /// The index of a side that an entry must name.
    fn side_named(
        &mut self,
        t: &mut KeyTable<'_>,
        at: &WrittenAt,
        key: &'static str,
        scope: &Scope,
    ) -> Option<usize> {
        self.required(t, at, key, &format!("one of: {}", scope.sides.join(", ")))?;
        self.named(t, key, "side", &scope.side_ids())
    }

    pub(super) fn force(
        &mut self,
        entries: Entries<'_>,
        scope: &Scope,
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
            let mut t = self.table(node, &path, "force.FORCE");
            let name = self.name(&mut t, id);
            let hint = "true: an option its owner may decline; false: a hazard nobody at the table controls";
            // Which keys it takes depends on it.
            let Some(choice) = self.required(&mut t, at, "choice", hint) else { continue };
            // What is no flag has its message; an option is what it is most likely to be.
            let is_choice = self.flag(&mut t, "choice") || !matches!(choice.value, Value::Bool(_));
            let target = self.side_named(&mut t, at, "on", scope);
            let cost = self.by_side(&mut t, "cost", scope);
            let kind = match is_choice {
                true => self.choice(&mut t, at, scope, actors),
                false => self.event(&mut t, at, scope, actors),
            };
            let goes_on = self.goes_on(&mut t, is_choice);
            self.why(&mut t);
            self.finish(&t);
            let (Some(target), Some(kind)) = (target, kind) else { continue };
            if matches!(&kind, ForceKind::Choice { owner, .. } if *owner == target)
                && scope.sides.len() > 1
            {
                let message = format!("`{path}` is used by a side on itself");
                let hint = "`on` is another side".to_owned();
                self.error("force", at, message, Some(hint)).about(format!("{path}.on"));
            }
            self.force_negotiators(at, &path, &kind, target, sides, scope);
            found.push(Force { id: id.clone(), name, kind, target, cost, goes_on });
        }
        self.few_go_on(&found, entries);
        found
    }

    /// What says when force first comes after which the talks go on; none where it ends them.
    fn goes_on(&mut self, t: &mut KeyTable<'_>, is_choice: bool) -> Option<WhileTalking> {
        if self.flag(t, "ends_talks") {
            return None;
        }
        if let Some(node) = t.get("reacts").filter(|_| !is_choice) {
            let path = t.path_of("reacts");
            let message = format!("`{path}` is not read: `ends_talks` is false");
            let hint = "only what ends the talks is hastened by the prospect of a deal".to_owned();
            self.warning("idle", &node.at, message, Some(hint)).about(path);
        }
        let anywhere = |reader: &mut Self, key: &'static str| {
            let path = t.path_of(key);
            reader.push(path, Dist::Uniform(0.0, 100.0), (0.0, 100.0), Vec::new(), false)
        };
        let first = anywhere(self, "first");
        let falls = is_choice.then(|| anywhere(self, "falls"));
        Some(WhileTalking { first, falls })
    }

    /// What may come in any order is worked out for every order.
    fn few_go_on(&mut self, found: &[Force], entries: Entries<'_>) {
        let moves = |force: &&Force| match &force.kind {
            ForceKind::Event { after, .. } => {
                force.goes_on.is_some() && after.iter().any(Option::is_some)
            }
            ForceKind::Choice { .. } => false,
        };
        let Some(one_more) = found.iter().filter(moves).nth(MOST_MOVING) else { return };
        let entry = entries.iter().find(|(id, _, _)| *id == one_more.id);
        if let Some((_, at, _)) = entry {
            let message =
                format!("more than {MOST_MOVING} events move issues and do not end the talks");
            let hint = "merge those of a kind, or leave out what they move".to_owned();
            self.error("too-many", at, message, Some(hint)).about(format!("force.{}", one_more.id));
        }
    }

    /// Where the end of a war is what a negotiator wants, there is one.
    fn force_negotiators(
        &mut self,
        at: &WrittenAt,
        path: &str,
        kind: &ForceKind,
        target: usize,
        sides: &[Side],
        scope: &Scope,
    ) {
        let ForceKind::Choice { owner, if_won, if_lost, .. } = kind else { return };
        for (side, partial, key) in [(*owner, if_won, "if_won"), (target, if_lost, "if_lost")] {
            let known = sides.get(side).is_none_or(|s| s.negotiator.is_some());
            // With several sides a missing negotiator has been reported already.
            if !known && scope.sides.len() == 1 && (partial.is_none() || side == *owner) {
                let message = format!("`{path}` needs a negotiator for `{}`", scope.sides[side]);
                let hint = format!("set the side's `negotiator`, or `{key}`");
                let field = format!("sides.{}.negotiator", scope.sides[side]);
                self.error("negotiator", at, message, Some(hint)).about(field);
            }
        }
    }

    fn choice(
        &mut self,
        t: &mut KeyTable<'_>,
        at: &WrittenAt,
        scope: &Scope,
        actors: &[Actor],
    ) -> Option<ForceKind> {
        let owner = self.side_named(t, at, "by", scope);
        let wins = self.required_number(t, at, "wins", "the chance of winning, per cent");
        let wins_joined = self.optional_number(t, "wins_joined");
        let if_won = t.has("if_won").then(|| self.by_issue(t, "if_won", scope));
        let if_lost = t.has("if_lost").then(|| self.by_issue(t, "if_lost", scope));
        t.know(&["if_won", "if_lost"]);
        let cost_joined = self.by_side(t, "cost_joined", scope);
        let allies: Vec<&str> =
            actors.iter().filter(|a| a.role == Role::Ally).map(|a| a.id.as_str()).collect();
        let joins = self.by_ally(t, "joins", &allies);
        for key in ["wins_joined", "cost_joined"].into_iter().filter(|_| !t.has("joins")) {
            let hint = "`joins.ALLY` is the chance that an ally of the target joins";
            self.idle(t, key, "is not read: nobody joins", hint);
        }
        let press = self.number_of(t, "press");
        let joins = allies
            .iter()
            .zip(joins)
            .filter_map(|(id, input)| actors.iter().position(|a| a.id == *id).zip(input));
        Some(ForceKind::Choice {
            owner: owner?,
            wins,
            wins_joined,
            if_won,
            if_lost,
            cost_joined,
            joins: joins.collect(),
            press,
        })
    }

    fn event(
        &mut self,
        t: &mut KeyTable<'_>,
        at: &WrittenAt,
        scope: &Scope,
        actors: &[Actor],
    ) -> Option<ForceKind> {
        let node = self.required(t, at, "by", "the actor or side behind it");
        let by = self.text_of(t, "by");
        let known: Vec<&str> =
            actors.iter().map(|a| a.id.as_str()).chain(scope.side_ids()).collect();
        if let Some((node, by)) = node.zip(by.as_deref()).filter(|(_, by)| !known.contains(by)) {
            let message = format!("`{}` names no actor or side `{by}`", t.path_of("by"));
            self.error("unknown-name", &node.at, message, suggest(by, known.iter().copied()));
        }
        let hazard = self.required_number(t, at, "hazard", "how often a year: \"0.2..0.5..1.5\"");
        let reacts = self.number_of(t, "reacts");
        let after = self.by_issue(t, "after", scope);
        Some(ForceKind::Event { by: by?, hazard, reacts, after })
    }

    pub(super) fn promises(&mut self, entries: Entries<'_>, scope: &Scope) -> Vec<Promise> {
        let issues = scope.issue_ids();
        let mut found = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a promise");
            let path = format!("promises.{id}");
            if !self.is_table(node, &path) {
                continue;
            }
            let mut t = self.table(node, &path, "promises.PROMISE");
            let name = self.name(&mut t, id);
            let by = self.side_named(&mut t, at, "by", scope);
            let to = self.side_named(&mut t, at, "to", scope);
            if by.is_some() && by == to {
                let message = format!("`{path}` is a promise from a side to itself");
                let hint = "`to` is another side".to_owned();
                self.error("promise", at, message, Some(hint)).about(t.path_of("to"));
            }
            let hint = "exits a year: \"gamma(1.5, 7.3)\"";
            let breaks = self.required_number(&mut t, at, "breaks", hint);
            let exposed = self.points_of(&mut t, "exposed");
            let secured = self.named(&mut t, "secured_by", "issue", &issues);
            let verified = self.named(&mut t, "verified_by", "issue", &issues);
            for (key, issue) in [("secured_by", secured), ("verified_by", verified)] {
                if let Some(j) = issue.filter(|j| !scope.options[*j].is_empty()) {
                    let at = t.place(&[key], at);
                    let message =
                        format!("`{path}.{key}`: the options of `{}` have no upper end", issues[j]);
                    let hint = "an issue with a scale binds or shows what is promised".to_owned();
                    self.error("options", &at, message, Some(hint));
                }
            }
            let secured_by = secured.map(|j| (j, self.number_of(&mut t, "secures")));
            if let Some(n) = t.get("secures").filter(|_| !t.has("secured_by")) {
                let message = format!("`{path}.secures` without `secured_by`");
                let hint = "name the issue that binds it".to_owned();
                self.error("promise", &n.at, message, Some(hint));
            }
            let verified_by = verified.map(|issue| Verification {
                issue,
                gain: self.number_of(&mut t, "gain"),
                loss: self.number_of(&mut t, "loss"),
                miss: self.number_of(&mut t, "miss"),
            });
            // Without an issue to verify by they are idle, not unknown.
            t.know(&["gain", "loss", "miss"]);
            for key in ["gain", "loss", "miss"].into_iter().filter(|_| !t.has("verified_by")) {
                let hint = "`verified_by` names the term that sets how closely it is watched";
                self.idle(&t, key, "is not read: nothing verifies the promise", hint);
            }
            let sunk = self.by_issue(&mut t, "sunk", scope);
            for j in (0..sunk.len()).filter(|j| sunk[*j].is_some() && !scope.options[*j].is_empty())
            {
                let at = t.place(&["sunk", issues[j]], at);
                let message =
                    format!("`{path}.sunk`: on `{}` nothing is conceded by degrees", issues[j]);
                let hint =
                    "options are agreed or not; a concession on a scale may be sunk".to_owned();
                self.error("options", &at, message, Some(hint));
            }
            let (once, reopens, lasts) = self.breaches(&mut t, breaks);
            self.why(&mut t);
            self.finish(&t);
            let Some((by, to)) = by.zip(to) else { continue };
            let id = id.clone();
            found.push(Promise {
                id,
                name,
                by,
                to,
                breaks,
                exposed,
                once,
                reopens,
                lasts,
                secured_by,
                verified_by,
                sunk,
            });
        }
        found
    }

    /// What a breach of a promise is: for ever, or a cost that is paid once; and how long a deal lasts.
    fn breaches(
        &mut self,
        t: &mut KeyTable<'_>,
        breaks: InputId,
    ) -> (bool, Option<InputId>, Option<InputId>) {
        let once = self.flag(t, "once");
        let reopens = self.optional_number(t, "reopens");
        let lasts = self.optional_number(t, "lasts");
        if let Some(n) = t.get("reopens").filter(|_| !once) {
            let path = t.path_of("reopens");
            let message =
                format!("`{path}` without `once`: after a breach that is for ever no talks reopen");
            let hint = "`once = true`: a breach costs what `exposed` says, once".to_owned();
            self.warning("idle", &n.at, message, Some(hint)).about(path);
        }
        let often = &self.inputs[breaks.0];
        let written = often.written;
        let often = often.dist.central(often.scale);
        if written && !once && often >= OFTEN_BROKEN {
            let path = t.path_of("breaks");
            let message = format!("`{path}` is {often} a year, and each breach is for ever");
            let hint = "`once = true` where a breach has a cost and the deal may be taken up again; \
                        `reopens` says how often a year";
            let at = t.place(&["breaks"], &WrittenAt::File(0..0));
            self.warning("for-ever", &at, message, Some(hint.to_owned())).about(path);
        }
        (once, reopens, lasts)
    }

    pub(super) fn calendar(&mut self, entries: Entries<'_>, scope: &Scope) -> Vec<CalendarEntry> {
        let mut found: Vec<CalendarEntry> = Vec::new();
        let mut starts: Vec<&WrittenAt> = Vec::new();
        let began = self.talks_began(entries);
        for (id, at, node) in entries {
            self.id(id, at, "a calendar entry");
            let path = format!("calendar.{id}");
            if !self.is_table(node, &path) {
                continue;
            }
            let mut t = self.table(node, &path, "calendar.ENTRY");
            let name = self.name(&mut t, id);
            self.required(&mut t, at, "on", "the day: `on = 2025-04-28`");
            let on = self.day(&mut t, "on");
            let known = self.day(&mut t, "known");
            let kind = self.calendar_kind(&mut t, at, scope);
            if matches!(kind, Some(CalendarKind::Start { .. })) {
                starts.push(at);
            } else if let Some((known, on)) = known.zip(on).filter(|(known, on)| known > on) {
                let why = format!("is {known}, and the day itself is {on}: it is never seen ahead");
                self.idle(&t, "known", &why, "write the day on which it was announced");
            }
            self.why(&mut t);
            self.finish(&t);
            let Some((on, kind)) = on.zip(kind) else { continue };
            // What has no day of its own was known when the talks began; they themselves when they did.
            let known = known.unwrap_or(match kind {
                CalendarKind::Start { .. } => on,
                _ => on.min(began),
            });
            found.push(CalendarEntry { id: id.clone(), name, on, known, kind });
        }
        if let Some(second) = starts.get(1) {
            let hint = "keep one entry of kind \"start\"".to_owned();
            self.error("calendar", second, "the talks start twice".to_owned(), Some(hint));
        }
        self.calendar_order(&found, entries);
        found
    }

    /// The day on which a case begins: the talks, or the clock of its class where that is earlier; the
    /// day told from where it says neither.
    fn talks_began(&self, entries: Entries<'_>) -> Day {
        let day = |node: &TomlNode, key: &str| match &node.child(key)?.value {
            Value::Date(text) | Value::Text(text) => Day::parse(text),
            _ => None,
        };
        let starts = entries.iter().filter(|(_, _, node)| node.says("kind", "start"));
        let talks = starts.filter_map(|(_, _, node)| day(node, "on"));
        let clock = self.root().child("clock").and_then(|node| day(node, "start"));
        talks.chain(clock).min().unwrap_or(self.as_of)
    }

    /// What a calendar entry does, with the keys of its kind.
    fn calendar_kind(
        &mut self,
        t: &mut KeyTable<'_>,
        at: &WrittenAt,
        scope: &Scope,
    ) -> Option<CalendarKind> {
        let node = self.required(t, at, "kind", &format!("one of: {}", CALENDAR.join(", ")));
        let word = node.and_then(|_| self.text_of(t, "kind")).unwrap_or_default();
        match word.as_str() {
            "start" => {
                let mediated = self.flag(t, "mediated");
                if mediated && self.root().child("clock").is_some_and(|c| c.says("class", "crisis"))
                {
                    let hint = "where somebody mediates: `class = \"mediated\"`";
                    self.idle(t, "mediated", "is not read: `clock.class` is `crisis`", hint);
                }
                return Some(CalendarKind::Start { mediated });
            }
            "round" => return Some(self.round(t)),
            "deadline" => return Some(self.deadline(t, scope)),
            _ => {}
        }
        // Whichever it was to be, its keys are not unknown.
        t.know(&["mediated", "holds", "decides", "settles", "days", "hard", "binds", "put_off"]);
        t.know(&["cost", "after", "ends"]);
        if let Some(n) = node {
            let hint = suggest(&word, CALENDAR);
            let message = format!("`{word}` is not a kind of calendar entry");
            self.error("calendar-kind", &n.at, message, hint);
        }
        None
    }

    fn round(&mut self, t: &mut KeyTable<'_>) -> CalendarKind {
        let holds = self.number_of(t, "holds");
        let decides = self.flag(t, "decides");
        let settles = match self.optional_number(t, "settles") {
            Some(id) => Some(Settling::Own(id)),
            None if decides || t.has("settles") => Some(Settling::Constant),
            None => None,
        };
        let days = self.plain_number(
            t,
            "days",
            |x| x.fract() == 0.0,
            |t| {
                let (lo, hi) = t.ends("days");
                ("is not a number of days".to_owned(), format!("a whole number from {lo} to {hi}"))
            },
        );
        if let Some(node) = t.get("days").filter(|_| settles.is_none()) {
            let message =
                format!("`{}` is said of a round that decides nothing", t.path_of("days"));
            let hint = "a meeting meant to decide has `decides = true` or `settles`".to_owned();
            self.error("round-days", &node.at, message, Some(hint));
        }
        CalendarKind::Round { holds, settles, days: days as i32 }
    }

    fn deadline(&mut self, t: &mut KeyTable<'_>, scope: &Scope) -> CalendarKind {
        const PRICES: [&str; 4] = ["cost", "after", "ends", "settles"];
        let hard = self.flag(t, "hard");
        let priced = PRICES.into_iter().find(|key| t.has(key));
        let stages: Vec<&str> = scope.stages.iter().map(String::as_str).collect();
        let binds = self.named(t, "binds", "stage", &stages);
        let cost = self.by_side(t, "cost", scope);
        let after = self.by_issue(t, "after", scope);
        let ends = self.flag(t, "ends");
        let settles = self.optional_number(t, "settles");
        let put_off = self.optional_number(t, "put_off");
        if let Some(key) = priced.filter(|_| !hard) {
            let at = t.place(&[key], &WrittenAt::File(0..0));
            let message = format!("`{}` is soft and has a price: `{key}`", t.path);
            let hint =
                "write `hard = true` if it happens by itself on that day, else leave the price out";
            self.error("priced-soft", &at, message, Some(hint.to_owned())).about(t.path_of(key));
        }
        if !hard {
            self.idle(t, "binds", "is not read: a soft deadline moves nothing", "`hard = true`");
        }
        if priced.is_none() {
            let hint = "`cost.SIDE`, `after.ISSUE`, `ends` or `settles` says what the day does";
            self.idle(t, "put_off", "is not read: the deadline has no price", hint);
        }
        let goes = put_off.filter(|_| priced.is_some()).and_then(|id| {
            let dist = &self.inputs[id.0].dist;
            let never = dist.is_point() && matches!(dist, Dist::Point(x) if *x <= 0.0);
            let always = matches!(dist, Dist::Point(x) if *x >= 100.0);
            let either = !never && !always;
            either.then(|| {
                let path = t.path_of("goes");
                self.push(path, Dist::Uniform(0.0, 100.0), (0.0, 100.0), Vec::new(), false)
            })
        });
        let settles = settles.map_or(Settling::Constant, Settling::Own);
        let price = priced.map(|_| DeadlinePrice { cost, after, ends, settles, put_off, goes });
        CalendarKind::Deadline { hard, binds, price }
    }

    /// Nothing comes before the talks start. A deadline may come before the first round: it was missed, or
    /// what it asks for is settled by letter.
    fn calendar_order(&mut self, calendar: &[CalendarEntry], entries: Entries<'_>) {
        let start = calendar.iter().find(|e| matches!(e.kind, CalendarKind::Start { .. }));
        let start = start.map(|e| e.on);
        let before_start = |e: &CalendarEntry| start.is_some_and(|s| e.on < s);
        let mut early = |e: &CalendarEntry, message: String, hint: &str| {
            let Some((_, at, _)) = entries.iter().find(|(id, _, _)| *id == e.id) else { return };
            let field = format!("calendar.{}.on", e.id);
            self.error("calendar-order", at, message, Some(hint.to_owned())).about(field);
        };
        for e in calendar.iter().filter(|e| before_start(e)) {
            let message = format!("`calendar.{}` lies before the talks start", e.id);
            early(e, message, "rounds and deadlines come after the entry of kind \"start\"");
        }
    }

    pub(super) fn constants(
        &mut self,
        node: Option<&TomlNode>,
        defaults: &ClassDefaults,
    ) -> Constants {
        let empty = TomlNode::empty_table(WrittenAt::File(0..0));
        let at = node.map_or(WrittenAt::File(0..0), |node| node.at.clone());
        let mut t = self.table(node.unwrap_or(&empty), "constants", "constants");
        self.gone(&mut t);
        if defaults.zref.is_none() {
            let hint = "with `[clock.rates]` no class says what share of past cases had a zone";
            self.required(&mut t, &at, "zref", hint);
        }
        let ids: [InputId; COEFFICIENTS.len()] = std::array::from_fn(|k| {
            let name = COEFFICIENTS[k].name;
            let of_class = match name {
                "zref" => defaults.zref.clone(),
                "breakdown" => Some(defaults.split[0].clone()),
                "suspension" => Some(defaults.split[1].clone()),
                "interim" => Some(defaults.split[2].clone()),
                _ => None,
            };
            match of_class {
                Some(dist) => {
                    let scale = t.ends(name);
                    self.number_else(&mut t, name, scale, Some(dist))
                }
                None => self.number_of(&mut t, name),
            }
        });
        let horizon = self.plain_number(
            &mut t,
            "horizon",
            |x| x.fract() == 0.0,
            |t| {
                let (lo, hi) = t.ends("horizon");
                ("is not a number of days".to_owned(), format!("a whole number from {lo} to {hi}"))
            },
        );
        self.finish(&t);
        Constants::new(ids, horizon as i32)
    }

    /// Says what to write in the place of constants that are no more.
    fn gone(&mut self, t: &mut KeyTable<'_>) {
        const GONE: [(&str, &str); 5] = [
            ("base", "name a class of past negotiations: `[clock] class = \"mediated\"`"),
            (
                "round_weight",
                "a round moves hazard by itself; one meant to decide has `decides = true`",
            ),
            (
                "deadline_weight",
                "give the deadline a price: `cost.SIDE`, `after.ISSUE`, `ends` or `settles`",
            ),
            ("deadline_days", "the window of a deadline with a price is a week"),
            ("floor", "a deadline says how surely it settles: `settles = \"60..80..95\"`"),
        ];
        for (key, hint) in GONE {
            if t.has(key)
                && let Some(node) = t.get(key)
            {
                let message = format!("`constants.{key}` is no constant any more");
                self.error("constant-gone", &node.at, message, Some(hint.to_owned()));
            }
        }
    }

    /// A number that takes no range, within the ends of its row and as `fits` asks; its default where
    /// it is not written, or is none, which `wrong` says: what is wrong with it, and the hint.
    pub(super) fn plain_number(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        fits: impl Fn(f64) -> bool,
        wrong: impl Fn(&KeyTable<'_>) -> (String, String),
    ) -> f64 {
        let (lo, hi) = t.ends(key);
        let number = |node: &TomlNode| match node.value {
            Value::Number(x) if (lo..=hi).contains(&x) && fits(x) => Some(x),
            _ => None,
        };
        let default = t.row(key).and_then(|row| number(row.default_node()?)).unwrap_or(lo);
        let Some(node) = t.get(key) else { return default };
        number(node).unwrap_or_else(|| {
            let (message, hint) = wrong(t);
            let message = format!("`{}` {message}", t.path_of(key));
            self.error(key, &node.at, message, Some(hint));
            default
        })
    }

    pub(super) fn switches(&mut self, node: Option<&TomlNode>) -> (Switches, bool) {
        let empty = TomlNode::empty_table(WrittenAt::File(0..0));
        let mut t = self.table(node.unwrap_or(&empty), "model", "model");
        let grid = self.grid(&mut t);
        let alpha = self.plain_number(
            &mut t,
            "alpha",
            |_| true,
            |t| {
                let (lo, hi) = t.ends("alpha");
                let message = format!("is not a number from {lo} to {hi}");
                (message, "1 is distance, 2 its square".to_owned())
            },
        );
        let noisy_signals = self.flag(&mut t, "noisy_signals");
        let priced_ratification = self.flag(&mut t, "priced_ratification");
        let public_values = self.flag(&mut t, "public_values");
        let seat = self.seat(&mut t);
        let scrambled = self.flag(&mut t, "scrambled");
        self.finish(&t);
        let switches =
            Switches { grid, alpha, seat, noisy_signals, priced_ratification, public_values };
        (switches, scrambled)
    }

    /// The positions that are looked at, if they are written.
    fn grid(&mut self, t: &mut KeyTable<'_>) -> Option<Vec<f64>> {
        let node = t.get("grid")?;
        let number = |item: &TomlNode| match item.value {
            Value::Number(x) if (0.0..=100.0).contains(&x) => Some(x),
            _ => None,
        };
        let grid: Option<Vec<f64>> = match &node.value {
            Value::List(items) => items.iter().map(number).collect(),
            _ => None,
        };
        if grid.is_none() {
            let message = "`model.grid` is not a list of numbers from 0 to 100".to_owned();
            let hint = "per cent of each scale: `grid = [0, 25, 50, 75, 100]`".to_owned();
            self.error("grid", &node.at, message, Some(hint));
        }
        grid
    }

    /// With whom on each side the others bargain: the two theories of it exclude one another.
    fn seat(&mut self, t: &mut KeyTable<'_>) -> Seat {
        let pivotal = self.flag(t, "known_win_set");
        let willing = self.flag(t, "fragmented_authority");
        match (pivotal, willing) {
            (true, false) => Seat::Pivotal,
            (false, true) => Seat::Willing,
            (false, false) => Seat::Negotiator,
            (true, true) => {
                let message =
                    "`model.known_win_set` and `model.fragmented_authority` are both true";
                let hint = "a side bargains as its pivotal member or as its most willing: run the case once with each";
                if let Some(n) = t.get("fragmented_authority") {
                    self.error("theory", &n.at, message.to_owned(), Some(hint.to_owned()));
                }
                Seat::Negotiator
            }
        }
    }

    pub(super) fn notes(&mut self, entries: Entries<'_>) -> Vec<(String, String)> {
        let mut notes = Vec::new();
        for (key, _, node) in entries {
            notes
                .extend(self.text(node, &format!("`notes.{key}`")).map(|text| (key.clone(), text)));
        }
        notes
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
                continue;
            }
            self.foresees(&reference, &at);
        }
    }

    /// Warns of a number that rests on what the case's own day cannot have seen.
    fn foresees(&mut self, reference: &str, at: &WrittenAt) {
        let entries = self.record.map_or(&[][..], |r| &r.entries);
        let entry = entries.iter().find(|e| e.id == reference);
        let written = self.written_day;
        let Some((entry, day)) = entry.zip(written).filter(|(e, day)| e.since() > *day) else {
            return;
        };
        let message = format!(
            "`@{reference}` was entered on {}, and the case is told from {day}, before that",
            entry.since()
        );
        let hint = format!("put the number under `[since.{reference}]`, or correct a day");
        self.warning("foresight", at, message, Some(hint));
    }
}
