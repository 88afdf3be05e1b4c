//! The state of a view, as its link says it: an ordered list of `--set` strings, the day, the seed, the draws.

use winset_model::case::Day;
use winset_page::text::shell;

use crate::http::{Pairs, encode};

/// How many draws an answer has in the end.
pub(crate) const DRAWS: u64 = 10_000;

/// More than this are not run for a page.
const MOST_DRAWS: u64 = 100_000;

/// More changes than this are not made at once.
const MOST_SETS: usize = 200;

/// The state of a view; a link holds all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkState {
    /// The changes, in the order they were made; the last one of a path counts.
    pub(crate) sets: Vec<String>,
    /// The day it is told from, if not the case's own.
    pub(crate) as_of: Option<Day>,
    /// The seed.
    pub(crate) seed: u64,
    /// How many draws, where the link says so: then the page waits for all of them.
    pub(crate) draws: Option<u64>,
}

impl Default for LinkState {
    fn default() -> Self {
        Self { sets: Vec::new(), as_of: None, seed: 1, draws: None }
    }
}

impl LinkState {
    /// Reads it off a query; what is no number is said in words.
    pub(crate) fn read(query: &Pairs) -> Result<Self, String> {
        let one = |name: &str| query.iter().find(|(n, v)| n == name && !v.is_empty());
        let number = |name: &str, lo: u64, hi: u64| match one(name) {
            None => Ok(None),
            Some((_, text)) => match text.parse::<u64>() {
                Ok(n) if (lo..=hi).contains(&n) => Ok(Some(n)),
                _ => Err(format!("`{name}` is a whole number from {lo} to {hi}, not `{text}`")),
            },
        };
        let as_of = match one("as_of") {
            None => None,
            Some((_, text)) => Some(
                Day::parse(text)
                    .ok_or_else(|| format!("`{text}` is no day; write it as 2025-04-22"))?,
            ),
        };
        let sets: Vec<String> =
            query.iter().filter(|(n, _)| n == "set").map(|(_, v)| v.clone()).collect();
        if sets.len() > MOST_SETS {
            return Err(format!("at most {MOST_SETS} changes at once, not {}", sets.len()));
        }
        Ok(Self {
            sets,
            as_of,
            seed: number("seed", 0, u64::MAX)?.unwrap_or(1),
            draws: number("draws", 1, MOST_DRAWS)?,
        })
    }

    /// The query that says the same; empty for the case as it stands.
    pub(crate) fn query(&self) -> String {
        let mut parts: Vec<String> =
            self.sets.iter().map(|s| format!("set={}", encode(s))).collect();
        parts.extend(self.as_of.map(|d| format!("as_of={d}")));
        parts.extend((self.seed != 1).then(|| format!("seed={}", self.seed)));
        parts.extend(self.draws.map(|d| format!("draws={d}")));
        parts.join("&")
    }

    /// A link to a page in this state.
    pub(crate) fn link(&self, page: &str) -> String {
        match self.query() {
            q if q.is_empty() => page.to_owned(),
            q => format!("{page}?{q}"),
        }
    }

    /// A link with one more parameter.
    pub(crate) fn link_with(&self, page: &str, name: &str, value: &str) -> String {
        let link = self.link(page);
        let sign = if link.contains('?') { '&' } else { '?' };
        format!("{link}{sign}{name}={}", encode(value))
    }

    /// The link that tests a package, by its terms in the order of the issues.
    pub(crate) fn package(&self, terms: &[f64]) -> String {
        // No more digits than somebody types.
        let terms: Vec<String> =
            terms.iter().map(|x| ((x * 1e6).round() / 1e6).to_string()).collect();
        let link = self.link("/deals");
        let sign = if link.contains('?') { '&' } else { '?' };
        format!("{link}{sign}at={}#test", terms.join(","))
    }

    /// The change of a path, if there is one.
    pub(crate) fn change(&self, path: &str) -> Option<&str> {
        self.sets
            .iter()
            .rev()
            .filter_map(|s| s.split_once('='))
            .find_map(|(p, v)| (p.trim() == path).then_some(v.trim()))
    }

    /// The same with a path set anew: in its place if it was changed before, else at the end.
    pub(crate) fn with(&self, path: &str, value: &str) -> Self {
        let mut next = self.clone();
        let set = format!("{path}={value}");
        let is = |s: &String| s.split_once('=').is_some_and(|(p, _)| p.trim() == path);
        match next.sets.iter_mut().rev().find(|s| is(s)) {
            Some(old) => *old = set,
            None => next.sets.push(set),
        }
        next
    }

    /// The same without the changes of a path.
    pub(crate) fn without(&self, path: &str) -> Self {
        let mut next = self.clone();
        next.sets.retain(|s| s.split_once('=').map_or(s.as_str(), |(p, _)| p).trim() != path);
        next
    }

    /// The command that computes the same.
    pub(crate) fn command(&self, verb: &str, case: &str) -> String {
        let mut line = format!("winset {verb} {}", shell(case));
        for set in &self.sets {
            line.push_str(&format!(" --set {}", shell(set)));
        }
        if let Some(day) = self.as_of {
            line.push_str(&format!(" --as-of {day}"));
        }
        if self.seed != 1 {
            line.push_str(&format!(" --seed {}", self.seed));
        }
        if let Some(draws) = self.draws {
            line.push_str(&format!(" --draws {draws}"));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pairs;

    fn state(query: &str) -> LinkState {
        LinkState::read(&pairs(query)).unwrap()
    }

    #[test]
    fn a_link_says_what_it_was_read_from() {
        let query = "set=a.b%3D5..10%20%40r01&set=c%3D2&as_of=2025-05-01&seed=7&draws=500";
        assert_eq!(state(query).query(), query);
        assert_eq!(state("").link("/when"), "/when");
        assert_eq!(state("x=1").query(), "");
    }

    #[test]
    fn changes_keep_their_place_and_leave_one_by_one() {
        let s = state("set=a%3D1&set=b%3D2").with("a", "3").with("c", "4");
        assert_eq!(s.sets, ["a=3", "b=2", "c=4"]);
        assert_eq!(s.change("a"), Some("3"));
        assert_eq!(s.without("b").sets, ["a=3", "c=4"]);
    }

    #[test]
    fn a_command_can_be_pasted() {
        let s = state("set=a%3D1..2%20%40r01&set=b%3Dit%27s");
        let expected = r"winset forecast 'my case' --set 'a=1..2 @r01' --set 'b=it'\''s'";
        assert_eq!(s.command("forecast", "my case"), expected);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for wrong in ["as_of=soon", "seed=-1", "draws=0", "draws=99999999", "draws=x"] {
            assert!(LinkState::read(&pairs(wrong)).is_err(), "{wrong}");
        }
        assert!(LinkState::read(&pairs(&"set=a%3D1&".repeat(201))).is_err());
    }
}
