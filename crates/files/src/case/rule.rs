//! The grammar of ratification: `expr := term (("and" | "or") term)*`, with `all of`, `any of`,
//! `all but N of`, `N of`, `P% of` over a list in parentheses, and of a chamber `N votes of`,
//! `P% of votes of`, `majority of`.

use winset_model::case::{Rule, VoteQuota};

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotARule {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

fn wrong(message: impl Into<String>) -> NotARule {
    NotARule {
        code: "ratify",
        message: message.into(),
        hint: Some(
            "for example \"leader and 50% of (a, b, c)\", \"2 of (a, b, c)\", \"all of (a, b)\""
                .to_owned(),
        ),
    }
}

/// Parentheses deeper than this are refused: nobody ratifies like that.
const DEEPEST: usize = 32;

struct Parser<'a> {
    tokens: Vec<&'a str>,
    at: usize,
    find: &'a dyn Fn(&str) -> Result<usize, NotARule>,
}

/// Reads a rule; `find` turns an id into the index of an actor.
pub(crate) fn parse(
    text: &str,
    find: &dyn Fn(&str) -> Result<usize, NotARule>,
) -> Result<Rule, NotARule> {
    let mut parser = Parser { tokens: tokens(text), at: 0, find };
    if parser.tokens.is_empty() {
        return Err(NotARule { code: "ratify", ..wrong("the rule names nobody") });
    }
    let rule = parser.expression(0)?;
    match parser.peek() {
        None => Ok(rule),
        Some(")") => Err(wrong("a closing parenthesis too many")),
        Some(token) => Err(wrong(format!("`{token}` is not expected here"))),
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = None;
    for (k, c) in text.char_indices() {
        let single = matches!(c, '(' | ')' | ',' | '%');
        if (single || c.is_whitespace()) && start.is_some() {
            found.push(&text[start.take().unwrap_or(k)..k]);
        }
        if single {
            found.push(&text[k..k + c.len_utf8()]);
        } else if !c.is_whitespace() && start.is_none() {
            start = Some(k);
        }
    }
    if let Some(start) = start {
        found.push(&text[start..]);
    }
    found
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn expression(&mut self, depth: usize) -> Result<Rule, NotARule> {
        if depth > DEEPEST {
            return Err(wrong("the parentheses are nested too deeply"));
        }
        let mut parts = vec![self.term(depth)?];
        let mut joined: Option<&str> = None;
        while let Some(word @ ("and" | "or")) = self.peek() {
            if joined.is_some_and(|j| j != word) {
                return Err(NotARule {
                    hint: Some("write \"a and (b or c)\" or \"(a and b) or c\"".to_owned()),
                    ..wrong("`and` and `or` are mixed without parentheses")
                });
            }
            joined = Some(word);
            self.at += 1;
            parts.push(self.term(depth)?);
        }
        Ok(match joined {
            None => parts.remove(0),
            Some("and") => Rule::All(parts),
            Some(_) => Rule::Any(parts),
        })
    }

    fn term(&mut self, depth: usize) -> Result<Rule, NotARule> {
        let Some(token) = self.next() else {
            return Err(wrong("the rule ends where an actor is expected"));
        };
        if token == "(" {
            let inside = self.expression(depth + 1)?;
            return match self.next() {
                Some(")") => Ok(inside),
                _ => Err(wrong("a parenthesis is not closed")),
            };
        }
        let count = token.parse::<f64>().ok();
        if let Some(number) = count {
            if self.peek() == Some("%") {
                self.at += 1;
                return self.percent(number, depth);
            }
            if self.peek() == Some("votes") {
                self.at += 1;
                if !(number > 0.0 && number.is_finite()) {
                    return Err(wrong(format!("`{token} votes` needs a number above 0")));
                }
                return Ok(Rule::Votes(VoteQuota::Seats(number), self.camps(depth)?));
            }
            let parts = self.list(depth)?;
            if number.fract() != 0.0 || number < 1.0 {
                return Err(wrong(format!("`{token} of` needs a whole number from 1")));
            }
            if number > parts.len() as f64 {
                return Err(NotARule {
                    code: "never-passes",
                    hint: Some(format!(
                        "at most {0} of {0}; for votes of a chamber give each member its seats as \
                         `capability`, and write a share of them, as `50% of (…)`",
                        parts.len()
                    )),
                    ..wrong(format!(
                        "{token} of {} can never pass: `N of (…)` counts the members listed, not votes",
                        parts.len()
                    ))
                });
            }
            return Ok(Rule::AtLeast(number as usize, parts));
        }
        match token {
            "all" if self.peek() == Some("of") => Ok(Rule::All(self.list(depth)?)),
            "all" if self.peek() == Some("but") => self.all_but(depth),
            "majority" if self.peek() == Some("of") => {
                Ok(Rule::Votes(VoteQuota::Majority, self.camps(depth)?))
            }
            "any" if self.peek() == Some("of") => Ok(Rule::Any(self.list(depth)?)),
            ")" | "," | "%" | "and" | "or" | "of" => {
                Err(wrong(format!("an actor is expected where `{token}` stands")))
            }
            id => Ok(Rule::Actor((self.find)(id)?)),
        }
    }

    fn percent(&mut self, percent: f64, depth: usize) -> Result<Rule, NotARule> {
        if !(percent > 0.0 && percent.is_finite()) {
            return Err(wrong("a share must be above 0 %"));
        }
        if percent > 100.0 {
            return Err(NotARule {
                code: "never-passes",
                hint: Some("a share of capability is at most 100%".to_owned()),
                ..wrong(format!("{percent} % can never pass"))
            });
        }
        if self.tokens.get(self.at..self.at + 2) == Some(&["of", "votes"]) {
            self.at += 2;
            return Ok(Rule::Votes(VoteQuota::Cast(percent), self.camps(depth)?));
        }
        Ok(Rule::Percent(percent, self.plain(depth, "a share of capability")?))
    }

    /// Consensus less some: `all but 2 of (a, b, c)`.
    fn all_but(&mut self, depth: usize) -> Result<Rule, NotARule> {
        self.at += 1;
        let token = self.next().unwrap_or_default();
        let Some(less) = token.parse::<usize>().ok().filter(|n| *n > 0) else {
            return Err(wrong("`all but` needs a whole number from 1"));
        };
        let parts = self.list(depth)?;
        if less >= parts.len() {
            let n = parts.len();
            return Err(NotARule {
                hint: Some(format!("at most all but {} of {n}", n.saturating_sub(1))),
                ..wrong(format!("all but {less} of {n} asks nobody"))
            });
        }
        Ok(Rule::AtLeast(parts.len() - less, parts))
    }

    /// The camps of a chamber.
    fn camps(&mut self, depth: usize) -> Result<Vec<usize>, NotARule> {
        self.plain(depth, "a vote")
    }

    /// A list of actors and nothing else, each once.
    fn plain(&mut self, depth: usize, what: &str) -> Result<Vec<usize>, NotARule> {
        let mut actors = Vec::new();
        for part in self.list(depth)? {
            match part {
                Rule::Actor(i) if !actors.contains(&i) => actors.push(i),
                Rule::Actor(_) => return Err(wrong("an actor is listed twice")),
                _ => return Err(wrong(format!("{what} needs a plain list of actors"))),
            }
        }
        Ok(actors)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Rule>, NotARule> {
        if self.next() != Some("of") || self.next() != Some("(") {
            return Err(wrong("`of (…)` is expected after a count or share"));
        }
        let mut parts = Vec::new();
        loop {
            if self.peek() == Some(")") && parts.is_empty() {
                return Err(wrong("the list names nobody"));
            }
            parts.push(self.expression(depth + 1)?);
            match self.next() {
                Some(",") => {}
                Some(")") => return Ok(parts),
                _ => return Err(wrong("a list is not closed")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Rule, NotARule> {
        parse(text, &|id| {
            ["a", "b", "c"].iter().position(|k| *k == id).ok_or_else(|| wrong(format!("no `{id}`")))
        })
    }

    #[test]
    fn rules_are_read_as_they_sound() {
        assert_eq!(read("a").unwrap(), Rule::Actor(0));
        assert_eq!(
            read("a and 50% of (b, c)").unwrap(),
            Rule::All(vec![Rule::Actor(0), Rule::Percent(50.0, vec![1, 2])])
        );
        assert_eq!(
            read("2 of (a, b, all of (b, c))").unwrap(),
            Rule::AtLeast(
                2,
                vec![
                    Rule::Actor(0),
                    Rule::Actor(1),
                    Rule::All(vec![Rule::Actor(1), Rule::Actor(2)])
                ]
            )
        );
        assert_eq!(
            read("(a or b) and c").unwrap(),
            Rule::All(vec![Rule::Any(vec![Rule::Actor(0), Rule::Actor(1)]), Rule::Actor(2)])
        );
    }

    #[test]
    fn a_chamber_counts_votes_and_consensus_may_lack_some() {
        let votes = |quota, actors: &[usize]| Rule::Votes(quota, actors.to_vec());
        assert_eq!(read("320 votes of (a, b)").unwrap(), votes(VoteQuota::Seats(320.0), &[0, 1]));
        assert_eq!(read("60% of votes of (a, b)").unwrap(), votes(VoteQuota::Cast(60.0), &[0, 1]));
        assert_eq!(read("majority of (a, b)").unwrap(), votes(VoteQuota::Majority, &[0, 1]));
        let each = (0..3).map(Rule::Actor).collect();
        assert_eq!(read("all but 1 of (a, b, c)").unwrap(), Rule::AtLeast(2, each));
        let why = |t: &str| read(t).unwrap_err().message;
        assert_eq!(why("0 votes of (a, b)"), "`0 votes` needs a number above 0");
        assert_eq!(why("majority of (a and b)"), "a vote needs a plain list of actors");
        assert_eq!(why("3 votes of (a, a)"), "an actor is listed twice");
        assert_eq!(why("all but 3 of (a, b, c)"), "all but 3 of 3 asks nobody");
        assert_eq!(why("all but x of (a, b, c)"), "`all but` needs a whole number from 1");
    }

    #[test]
    fn what_is_no_rule_says_why() {
        let why = |t: &str| read(t).unwrap_err().message;
        assert_eq!(why(""), "the rule names nobody");
        assert_eq!(why("a and b or c"), "`and` and `or` are mixed without parentheses");
        assert_eq!(
            why("4 of (a, b, c)"),
            "4 of 3 can never pass: `N of (…)` counts the members listed, not votes"
        );
        assert_eq!(why("120% of (a, b)"), "120 % can never pass");
        assert_eq!(why("(a and b"), "a parenthesis is not closed");
        assert_eq!(why("a)"), "a closing parenthesis too many");
        assert_eq!(why("any of ()"), "the list names nobody");
        assert_eq!(why("a and"), "the rule ends where an actor is expected");
        assert_eq!(why(&"(".repeat(5000)), "the parentheses are nested too deeply");
        assert_eq!(why(&"all of (".repeat(5000)), "the parentheses are nested too deeply");
        assert_eq!(why("50% of (a and b)"), "a share of capability needs a plain list of actors");
    }
}
