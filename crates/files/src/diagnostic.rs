//! What is wrong with what was typed, as values.

use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// One finding: a stable code, where, what, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code such as `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file, as the user named it; `--set` for overrides.
    pub file: String,
    /// Bytes of the file it is about.
    pub span: Option<Range<usize>>,
    /// What it is about: the dotted path of a key of a case, the column of a record or of a table of
    /// actors; `None` where it is about the whole.
    pub field: Option<String>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Names the key or column it is about.
    pub fn about(&mut self, field: impl Into<String>) -> &mut Self {
        self.field = Some(field.into());
        self
    }
}

/// A text with the name it is known by.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Where the lines of a text begin, for many places of a long one.
pub struct LineStarts<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineStarts<'a> {
    /// Of a text.
    pub fn of(source: &'a Source) -> Self {
        let text = source.text.as_str();
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        Self { text, starts: std::iter::once(0).chain(ends.map(|(k, _)| k + 1)).collect() }
    }

    /// As [`Source::position`].
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let mut end = byte.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= end);
        let start = self.starts[line - 1];
        (line, self.text[start..end].chars().count() + 1)
    }
}

impl Source {
    /// The line and column, from 1, of a byte; columns count characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let mut end = byte.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |k| k + 1);
        (line, before[start..].chars().count() + 1)
    }

    /// The text of a line, from 1, without its end.
    pub fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.saturating_sub(1)).unwrap_or("")
    }
}

/// Findings of a file that are listed; their counts are of all.
pub const MOST_LISTED: usize = 1_000;

/// Findings as they are gathered.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// All of them, in the order they were found.
    pub list: Vec<Diagnostic>,
}

impl Findings {
    /// Adds an error.
    pub fn error(
        &mut self,
        code: &'static str,
        file: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) -> &mut Diagnostic {
        self.add(Severity::Error, code, file, span, message.into(), hint.into())
    }

    /// Adds a warning.
    pub fn warning(
        &mut self,
        code: &'static str,
        file: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) -> &mut Diagnostic {
        self.add(Severity::Warning, code, file, span, message.into(), hint.into())
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        file: &str,
        span: Option<Range<usize>>,
        message: String,
        hint: Option<String>,
    ) -> &mut Diagnostic {
        let last = self.list.len();
        let file = file.to_owned();
        self.list.push(Diagnostic { code, severity, file, span, field: None, message, hint });
        &mut self.list[last]
    }

    /// Whether any is an error.
    pub fn failed(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }
}

/// `:7` for line 7, to stand behind the name of a file; nothing for 0, the file as a whole.
pub(crate) fn after_colon(line: usize) -> String {
    if line > 0 { format!(":{line}") } else { String::new() }
}

/// Names beyond these are not looked at for what was meant.
const CANDIDATES: usize = 2_000;

/// The candidate closest to what was typed, if it is close enough to be what was meant; of very many names
/// the first two thousand are looked at, and of a name longer than 200 characters none is thought to be meant.
pub fn closest<'a>(typed: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().count();
    if length > 200 {
        return None;
    }
    among
        .into_iter()
        .take(CANDIDATES)
        .filter_map(|c| {
            let (own, far) = (c.chars().count(), |n: usize| 1 + n.max(length) / 4);
            // The lengths alone tell most names apart.
            (own.abs_diff(length) <= far(own))
                .then(|| (strsim::damerau_levenshtein(typed, c), c))
                .filter(|(d, _)| *d <= far(own))
        })
        .min()
        .map(|(_, c)| c)
}

/// `did you mean …` or, failing that, the list of what there is.
pub fn suggest<'a>(
    typed: &str,
    among: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(c) = closest(typed, among.clone()) {
        return Some(format!("did you mean `{c}`?"));
    }
    let all: Vec<&str> = among.into_iter().take(24).collect();
    (!all.is_empty()).then(|| format!("one of: {}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_found_by_their_starts_are_those_that_are_counted() {
        for text in ["", "a", "a\n", "äb\nc\n\nd€", "\r\nx\r\n"] {
            let source = Source { name: String::new(), text: text.to_owned() };
            let starts = LineStarts::of(&source);
            for byte in 0..text.len() + 2 {
                assert_eq!(starts.position(byte), source.position(byte), "{text:?} {byte}");
            }
        }
    }

    #[test]
    fn what_was_meant_is_found_among_the_first_names_alone() {
        let names: Vec<String> = (0..5_000).map(|k| format!("issue-{k}")).collect();
        let among = || names.iter().map(String::as_str);
        assert_eq!(closest("isue-77", among()), Some("issue-77"));
        assert_eq!(closest(&"x".repeat(201), among()), None);
        assert_eq!(closest("prize", ["price", "size"]), Some("price"));
    }
}
