//! Statements about options: `attack if not release`, `1 & -2`, `a iff (b or c)`.

use winset_methods::stability::form::PartialPattern;
use winset_methods::stability::statement::Statement;

/// The deepest a statement nests.
const DEEPEST: usize = 64;

/// How to write one.
pub(super) const HOW: &str = "options by name or number, with `not`, `and`, `or`, `if`, `iff` and parentheses; a name of \
                              several words in single quotes";

/// Reads a statement; the options by name, or by number from 1.
///
/// `iff` binds least, then `if`, `or`, `and`, `not`; `&`, `|`, `-` and `!` stand for `and`, `or`, `not`.
pub(super) fn parse(text: &str, options: &[String]) -> Result<Statement, String> {
    let mut reader = Reader { words: words(text, options)?, at: 0, depth: 0, options };
    let statement = reader.iff()?;
    match reader.words.get(reader.at) {
        None => Ok(statement),
        Some(word) => Err(format!("`{text}` goes on at `{word}` where it should end")),
    }
}

/// A statement that is a conjunction of options and their opposites as a pattern; `None` for others.
pub(super) fn as_pattern(statement: &Statement) -> Option<PartialPattern> {
    let one = |option: &usize, yes: bool| {
        let bit = 1u64.checked_shl(*option as u32)?;
        Some(PartialPattern { cares: bit, yes: if yes { bit } else { 0 } })
    };
    match statement {
        Statement::Taken(option) => one(option, true),
        Statement::Not(inner) => match &**inner {
            Statement::Taken(option) => one(option, false),
            _ => None,
        },
        Statement::And(all) => all.iter().try_fold(PartialPattern::default(), |sum, own| {
            let own = as_pattern(own)?;
            let clash = (sum.yes ^ own.yes) & sum.cares & own.cares != 0;
            (!clash)
                .then_some(PartialPattern { cares: sum.cares | own.cares, yes: sum.yes | own.yes })
        }),
        _ => None,
    }
}

/// Words, and the names of options as one word each.
fn words(text: &str, options: &[String]) -> Result<Vec<String>, String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        // The longest name that stands here as a whole, so that names of several words need no quotes.
        let whole = |name: &&String| {
            let after = rest.strip_prefix(name.as_str()).map(|r| r.chars().next());
            after.is_some_and(|c| c.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '-')))
        };
        let named = options.iter().filter(|n| !n.is_empty()).filter(whole).max_by_key(|n| n.len());
        let long = if let Some(name) = named {
            out.push(format!("'{name}"));
            name.len()
        } else if matches!(first, '\'' | '"') {
            let inside = &rest[1..];
            let end =
                inside.find(first).ok_or(format!("`{text}` has a quote that is not closed"))?;
            out.push(format!("'{}", &inside[..end]));
            end + 2
        } else if matches!(first, '(' | ')' | '&' | '|' | '!' | '-' | '¬') {
            out.push(first.to_string());
            first.len_utf8()
        } else {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '&' | '|' | '!'))
                .unwrap_or(rest.len());
            out.push(rest[..end].to_owned());
            end
        };
        rest = rest[long..].trim_start();
    }
    match out.is_empty() {
        true => Err("a statement is empty".to_owned()),
        false => Ok(out),
    }
}

struct Reader<'a> {
    words: Vec<String>,
    at: usize,
    depth: usize,
    options: &'a [String],
}

impl Reader<'_> {
    fn takes(&mut self, words: &[&str]) -> bool {
        let there = self
            .words
            .get(self.at)
            .is_some_and(|w| words.iter().any(|word| w.eq_ignore_ascii_case(word)));
        self.at += usize::from(there);
        there
    }

    fn iff(&mut self) -> Result<Statement, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("a statement is nested too deeply".to_owned());
        }
        let mut left = self.when()?;
        while self.takes(&["iff"]) {
            left = Statement::Iff(Box::new(left), Box::new(self.when()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn when(&mut self) -> Result<Statement, String> {
        let mut left = self.or()?;
        while self.takes(&["if"]) {
            left = Statement::If(Box::new(left), Box::new(self.or()?));
        }
        Ok(left)
    }

    fn or(&mut self) -> Result<Statement, String> {
        let mut all = vec![self.and()?];
        while self.takes(&["or", "|"]) {
            all.push(self.and()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Statement::Or(all) })
    }

    fn and(&mut self) -> Result<Statement, String> {
        let mut all = vec![self.not()?];
        while self.takes(&["and", "&"]) {
            all.push(self.not()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Statement::And(all) })
    }

    fn not(&mut self) -> Result<Statement, String> {
        let mut negated = false;
        while self.takes(&["not", "-", "!", "¬"]) {
            negated = !negated;
        }
        let inner = self.atom()?;
        Ok(if negated { Statement::Not(Box::new(inner)) } else { inner })
    }

    fn atom(&mut self) -> Result<Statement, String> {
        if self.takes(&["("]) {
            let inner = self.iff()?;
            return match self.takes(&[")"]) {
                true => Ok(inner),
                false => Err("a parenthesis is not closed".to_owned()),
            };
        }
        let Some(word) = self.words.get(self.at).cloned() else {
            return Err("a statement ends where an option should stand".to_owned());
        };
        self.at += 1;
        let name = word.strip_prefix('\'').unwrap_or(&word);
        let number = || name.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let named = self.options.iter().position(|o| o == name);
        match named.or_else(|| number().filter(|k| *k < self.options.len())) {
            Some(option) => Ok(Statement::Taken(option)),
            None => {
                let near =
                    crate::diagnostic::suggest(name, self.options.iter().map(String::as_str));
                let near = near.map(|n| format!("; {n}")).unwrap_or_default();
                Err(format!("`{name}` is no option{near}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> Result<Vec<bool>, String> {
        let options = ["release", "Air Strike", "c"].map(str::to_owned);
        let statement = parse(text, &options)?;
        Ok((0..8).map(|pattern| statement.holds(pattern)).collect())
    }

    fn by(f: impl Fn(bool, bool, bool) -> bool) -> Vec<bool> {
        (0..8).map(|p: u8| f(p & 1 == 1, p & 2 == 2, p & 4 == 4)).collect()
    }

    #[test]
    fn statements_mean_what_they_say() {
        for (text, meaning) in [
            ("release", by(|a, _, _| a)),
            ("-1 & !2", by(|a, b, _| !a && !b)),
            ("not release and 'Air Strike' or c", by(|a, b, c| !a && b || c)),
            ("Air Strike IF release", by(|a, b, _| b || !a)),
            ("c iff release or 2", by(|a, b, c| c == (a || b))),
            ("c if (release iff 2)", by(|a, b, c| c || a != b)),
            ("not not c", by(|_, _, c| c)),
        ] {
            assert_eq!(holds(text), Ok(meaning), "{text}");
        }
    }

    #[test]
    fn what_is_no_statement_says_why() {
        assert_eq!(holds("relaese"), Err("`relaese` is no option; did you mean `release`?".into()));
        for text in ["", "release and", "(release", "release c", "'c", "4"] {
            assert!(holds(text).is_err(), "{text}");
        }
        assert!(holds(&"(".repeat(1_000)).is_err());
    }

    #[test]
    fn conjunctions_are_patterns() {
        let options = ["a", "b", "c"].map(str::to_owned);
        let pattern = |text: &str| as_pattern(&parse(text, &options).unwrap());
        assert_eq!(pattern("a and not c"), Some(PartialPattern { cares: 0b101, yes: 0b001 }));
        assert_eq!((pattern("a or c"), pattern("a and not a")), (None, None));
    }
}
