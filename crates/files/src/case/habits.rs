//! Ways around what the grammar once could not say, and the key that says it now. Each is a warning: the
//! numbers may well be meant.

use winset_model::case::{
    Actor, Force, ForceKind, Input, InputId, Issue, Member, Promise, Rule, Side, Together,
};
use winset_model::uncertain::Dist;

use super::read::CaseReader;

/// So often a year, or more, force that costs little hardly ends talks each time.
const AGAIN_AND_AGAIN: f64 = 3.0;

/// What costs somebody so many points is a war, not a nuisance.
const DEAR: f64 = 30.0;

/// So many issues with one red line are one issue cut into pieces.
const PIECES: usize = 3;

/// The most steps of a scale that may be a list of answers.
const STEPS: f64 = 7.0;

/// What a case is made of, as far as habits show.
pub(super) struct Habits<'c> {
    pub(super) issues: &'c [Issue],
    pub(super) sides: &'c [Side],
    pub(super) actors: &'c [Actor],
    pub(super) force: &'c [Force],
    pub(super) promises: &'c [Promise],
    pub(super) together: &'c [Together],
}

impl CaseReader<'_> {
    /// Names each old habit.
    pub(super) fn habits(&mut self, case: &Habits<'_>) {
        self.coalitions_listed(case);
        self.issue_cut(case);
        self.never_broken(case);
        self.force_again(case);
        self.answers_on_a_scale(case);
    }

    fn habit(&mut self, path: String, message: String, hint: String) {
        let keys: Vec<&str> = path.split('.').collect();
        let at = self.root().place(&keys).clone();
        self.warning("habit", &at, message, Some(hint)).about(path);
    }

    /// A chamber spelled as the coalitions that carry it.
    fn coalitions_listed(&mut self, case: &Habits<'_>) {
        for side in case.sides {
            let Some((coalitions, who)) = listed(&side.rule) else { continue };
            let names: Vec<&str> = who.iter().map(|i| case.actors[*i].id.as_str()).collect();
            let names = names.join(", ");
            let path = format!("sides.{}.ratify", side.id);
            let message = format!("`{path}` lists {coalitions} coalitions of ({names})");
            let hint = format!(
                "seats vote by `majority of ({names})` or `N votes of ({names})`, with `capability` as \
                 seats; heads by `N of (…)` or `all but N of (…)`"
            );
            self.habit(path, message, hint);
        }
    }

    /// An issue cut into several with the same red lines, each of them drawn anew.
    fn issue_cut(&mut self, case: &Habits<'_>) {
        let grouped = |id: &InputId| {
            case.together.iter().any(|group| group.inputs.iter().any(|(input, _)| input == id))
        };
        for actor in case.actors {
            let Some(member) = &actor.member else { continue };
            let lines = [("red_min", &member.red_min), ("red_max", &member.red_max)];
            for (key, line) in lines {
                let Some(cut) = same_lines(line, &self.inputs, &grouped) else { continue };
                let paths: Vec<String> = cut
                    .iter()
                    .map(|j| format!("\"actors.{}.{key}.{}\"", actor.id, case.issues[*j].id))
                    .collect();
                let path = format!("actors.{}.{key}", actor.id);
                let message = format!(
                    "`{path}` is one range on {} issues, and each is drawn anew",
                    cut.len()
                );
                let hint = format!(
                    "if it is one line, draw it once: `[together]` with `line = {{ inputs = [{}] }}`; \
                     or make one issue of them",
                    paths.join(", ")
                );
                self.habit(path, message, hint);
                return;
            }
        }
    }

    /// A promise that is never broken, so that its breach costs nothing.
    fn never_broken(&mut self, case: &Habits<'_>) {
        for promise in case.promises {
            let input = &self.inputs[promise.breaks.0];
            if !input.written || input.dist != Dist::Point(0.0) {
                continue;
            }
            let path = input.path.clone();
            let message =
                format!("`{path}` is 0: the promise is kept for ever and changes nothing");
            let hint = "a truce that is broken and patched up has its rate, `once = true` and `reopens`; \
                        one that runs out has `lasts`";
            self.habit(path, message, hint.to_owned());
        }
    }

    /// Force so frequent that it can hardly end the talks each time.
    fn force_again(&mut self, case: &Habits<'_>) {
        for force in case.force.iter().filter(|f| f.goes_on.is_none()) {
            let ForceKind::Event { hazard, .. } = &force.kind else { continue };
            let input = &self.inputs[hazard.0];
            let often = input.dist.central(input.scale);
            let costs = force.cost.iter().flatten().map(|id| &self.inputs[id.0]);
            let dear = costs.map(|cost| cost.dist.central(cost.scale)).any(|cost| cost >= DEAR);
            if !input.written || often < AGAIN_AND_AGAIN || dear {
                continue;
            }
            let path = input.path.clone();
            let message = format!("`{path}` is {often} a year, and each time it ends the talks");
            let hint = format!(
                "where it hurts and they talk on: `ends_talks = false` under `force.{}`",
                force.id
            );
            self.habit(path, message, hint);
        }
    }

    /// Answers numbered on a scale, which puts some between others.
    fn answers_on_a_scale(&mut self, case: &Habits<'_>) {
        for (j, issue) in case.issues.iter().enumerate().filter(|(_, i)| !i.is_unordered()) {
            let (lo, hi) = issue.scale;
            let steps = lo == 0.0 && hi.fract() == 0.0 && (2.0..=STEPS).contains(&hi);
            let named = issue.marks.len() as f64 == hi + 1.0
                && issue.marks.iter().enumerate().all(|(k, mark)| mark.0 == k as f64);
            let members = || case.actors.iter().filter_map(|a| a.member.as_ref());
            let whole = |id: InputId| match &self.inputs[id.0].dist {
                Dist::Point(x) => x.fract() == 0.0,
                _ => false,
            };
            let drawn = |m: &Member| m.red_min[j].is_some() || m.red_max[j].is_some();
            if !steps || !named || !members().all(|m| whole(m.ideal[j].input) && !drawn(m)) {
                continue;
            }
            let path = format!("issues.{}.scale", issue.id);
            let message = format!("`issues.{}` numbers its answers, each a landmark", issue.id);
            let hint = "if none lies between two others: `options = […]`, and `worth` for what each is \
                        worth to whom";
            self.habit(path, message, hint.to_owned());
        }
    }
}

/// The coalitions a rule lists as such, and everybody in them: three or more, of three or more.
fn listed(rule: &Rule) -> Option<(usize, Vec<usize>)> {
    let parts = match rule {
        Rule::Any(parts) if parts.len() >= 3 => parts,
        Rule::All(parts) => return parts.iter().find_map(listed),
        _ => return None,
    };
    let mut who = Vec::new();
    for part in parts {
        let Rule::All(members) = part else { return None };
        for member in members {
            let Rule::Actor(i) = member else { return None };
            if !who.contains(i) {
                who.push(*i);
            }
        }
    }
    (who.len() >= 3).then_some((parts.len(), who))
}

/// The issues on which a red line is one and the same range, three or more, none of them moved together.
fn same_lines(
    line: &[Option<InputId>],
    inputs: &[Input],
    grouped: &impl Fn(&InputId) -> bool,
) -> Option<Vec<usize>> {
    let range = |j: usize| {
        let id = line[j].filter(|id| !grouped(id))?;
        let input = &inputs[id.0];
        (input.written && !input.dist.is_point()).then_some((&input.dist, input.scale))
    };
    let all = || (0..line.len()).filter_map(|j| Some((j, range(j)?)));
    all().find_map(|(_, one)| {
        let same: Vec<usize> = all().filter(|(_, other)| *other == one).map(|(j, _)| j).collect();
        (same.len() >= PIECES).then_some(same)
    })
}
