//! The fingerprint of a case: what it says, whatever the file looks like.

use crate::uncertain::Points;

use super::{Case, Settling};

fn is_constant(settles: Settling) -> bool {
    settles == Settling::Constant
}

impl Case {
    /// The BLAKE3 hash, in hex, of the canonical resolved case as of its date.
    ///
    /// Comments, layout, names, notes, the order of actors and numbers that say their default do not
    /// count; every other number, rule, date and switch does. Two cases with one fingerprint give the same forecast for the same seed.
    pub fn fingerprint(&self) -> String {
        blake3::hash(self.canonical().as_bytes()).to_hex().to_string()
    }

    /// The text that is hashed: one line a fact.
    fn canonical(&self) -> String {
        let id = |i: &usize| self.actors[*i].id.clone();
        let mut lines = vec![
            "winset 1".to_owned(),
            format!("as_of {}", self.as_of),
            format!(
                "question {} {:?} {}",
                self.question.by, self.question.counts, self.question.stage
            ),
            format!("switches {:?}", self.switches),
            format!("horizon {}", self.constants.horizon),
        ];
        if self.points != Points::Random {
            lines.push("scrambled points".to_owned());
        }
        if let Some(about) = &self.question.about_id {
            lines.push(format!("about {about}"));
        }
        for issue in &self.issues {
            let marks: Vec<f64> = issue.marks.iter().map(|m| m.0).collect();
            lines.push(format!("issue {} {:?} {marks:?}", issue.id, issue.scale));
            if issue.is_unordered() {
                let ids: Vec<&str> = issue.options.iter().map(|o| o.id.as_str()).collect();
                lines.push(format!("options {} {}", issue.id, ids.join(" ")));
            }
        }
        for side in &self.sides {
            let rule = self.ratify_text(side);
            let negotiator = side.negotiator.as_ref().map(id);
            lines.push(format!("side {} {rule} {negotiator:?} {:?}", side.id, side.incoherence));
        }
        let mut actors: Vec<String> = self
            .actors
            .iter()
            .map(|a| {
                let side = a.member.as_ref().map(|m| self.sides[m.side].id.clone());
                let ally = a.ally_of.map(|s| self.sides[s].id.clone());
                format!("actor {} {} {side:?} {ally:?}", a.id, a.role.name())
            })
            .collect();
        actors.sort();
        lines.append(&mut actors);
        for force in &self.force {
            let choice = matches!(force.kind, super::ForceKind::Choice { .. });
            lines.push(format!("force {} {} {choice}", force.id, self.sides[force.target].id));
            if force.goes_on.is_some() {
                lines.push(format!("goes on {}", force.id));
            }
            let super::ForceKind::Choice { owner, if_won, if_lost, .. } = &force.kind else {
                continue;
            };
            // Between two sides who uses it follows from on whom.
            if self.sides.len() > 2 {
                lines.push(format!("used {} by {}", force.id, self.sides[*owner].id));
            }
            for (key, leaves) in [("won", if_won), ("lost", if_lost)] {
                // What leaves every issue where it is has no input that says so.
                if leaves.as_ref().is_some_and(|l| l.iter().all(Option::is_none)) {
                    lines.push(format!("{key} {} moves nothing", force.id));
                }
            }
        }
        for promise in &self.promises {
            lines.push(format!(
                "promise {} {} {} {:?} {:?}",
                promise.id,
                promise.by,
                promise.to,
                promise.secured_by.map(|s| s.0),
                promise.verified_by.map(|v| v.issue)
            ));
            if promise.once {
                lines.push(format!("once {}", promise.id));
            }
        }
        for entry in &self.calendar {
            let kind = match &entry.kind {
                super::CalendarKind::Start { mediated } => format!("start {mediated}"),
                super::CalendarKind::Round { settles, days, .. } => {
                    format!("round {} {:?} {days}", entry.known, settles.map(is_constant))
                }
                super::CalendarKind::Deadline { hard, binds, price } => {
                    let price = price.as_ref().map(|p| (p.ends, is_constant(p.settles)));
                    format!("deadline {} {hard} {binds:?} {price:?}", entry.known)
                }
            };
            lines.push(format!("calendar {} {} {kind}", entry.id, entry.on));
        }
        let (clock, class) = (&self.clock, &self.clock.class);
        lines.push(format!(
            "class {:?} {:?} {:?} {:?}",
            class.agreement, class.other, class.factors, class.counts
        ));
        let lasts = self.as_of.since(clock.start);
        lines.push(format!("clock {lasts} {:?} {:?}", clock.moved, clock.failed));
        lines.push(format!("talks {} {:?}", clock.suspended, clock.passed));
        for stage in &self.stages {
            lines.push(format!(
                "stage {} {:?} {:?} {:?} {}",
                stage.id, stage.first, stage.again, stage.passes, stage.tries
            ));
        }
        for partial in &self.partial {
            let issues: Vec<&str> =
                partial.issues.iter().map(|j| self.issues[*j].id.as_str()).collect();
            let sides: Vec<&str> =
                partial.sides.iter().map(|k| self.sides[*k].id.as_str()).collect();
            lines.push(format!(
                "partial {} {} among {}",
                partial.id,
                issues.join(" "),
                sides.join(" ")
            ));
        }
        for group in &self.together {
            let path = |(id, reversed): &(super::InputId, bool)| {
                format!("{}{}", if *reversed { "-" } else { "" }, self.input(*id).path)
            };
            let paths: Vec<String> = group.inputs.iter().map(path).collect();
            lines.push(format!("together {} {}", group.id, paths.join(" ")));
        }
        let mut inputs: Vec<String> = self
            .inputs
            .iter()
            .filter(|i| !i.redundant && self.sees(&i.path))
            .map(|i| format!("input {} {:?} {:?} {:?}", i.path, i.dist, i.later, i.scale))
            .collect();
        inputs.sort();
        lines.append(&mut inputs);
        lines.join("\n")
    }

    /// Whether an input is known on the case's day: what belongs to a calendar entry that was
    /// announced later is not.
    fn sees(&self, path: &str) -> bool {
        let entry = path.strip_prefix("calendar.").and_then(|rest| rest.split('.').next());
        entry.is_none_or(|id| self.calendar.iter().any(|e| e.id == id))
    }

    /// What a side writes under `ratify`: its rule, or the rules of which one holds with their shares.
    pub fn ratify_text(&self, side: &super::Side) -> String {
        let Some(doubt) = &side.doubt else { return self.rule_text(&side.rule) };
        let each =
            doubt.rules.iter().map(|(r, share)| format!("[\"{}\", {share}]", self.rule_text(r)));
        format!("[{}]", each.collect::<Vec<_>>().join(", "))
    }

    /// A rule in the grammar of case files, with ids.
    pub fn rule_text(&self, rule: &super::Rule) -> String {
        use super::{Rule, VoteQuota};
        let ids = |actors: &[usize]| {
            actors.iter().map(|i| self.actors[*i].id.as_str()).collect::<Vec<_>>().join(", ")
        };
        let list =
            |parts: &[Rule]| parts.iter().map(|p| self.rule_text(p)).collect::<Vec<_>>().join(", ");
        match rule {
            Rule::Actor(i) => self.actors[*i].id.clone(),
            Rule::All(parts) => format!("all of ({})", list(parts)),
            Rule::Any(parts) => format!("any of ({})", list(parts)),
            Rule::AtLeast(n, parts) => format!("{n} of ({})", list(parts)),
            Rule::Percent(p, actors) => format!("{p}% of ({})", ids(actors)),
            Rule::Votes(VoteQuota::Seats(n), actors) => format!("{n} votes of ({})", ids(actors)),
            Rule::Votes(VoteQuota::Cast(p), actors) => {
                format!("{p}% of votes of ({})", ids(actors))
            }
            Rule::Votes(VoteQuota::Majority, actors) => format!("majority of ({})", ids(actors)),
            // Counted in one draw, a vote is in no file.
            Rule::Weighed(weights, _) => {
                let actors: Vec<usize> = weights.iter().map(|w| w.0).collect();
                format!("votes of ({})", ids(&actors))
            }
        }
    }
}
