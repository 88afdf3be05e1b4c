//! The words of a text, as the grammar of days reads them.

/// A word with its place.
#[derive(Debug, Clone)]
pub(super) struct DayWord {
    /// In lower case, without a possessive.
    pub(super) low: String,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether a comma, a full stop or another mark stands between it and the next word.
    pub(super) mark: Option<char>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words; `offset` is the place of the text's first byte.
pub(super) fn words(text: &str, offset: usize) -> Vec<DayWord> {
    let mut words: Vec<DayWord> = Vec::new();
    let mut start = None;
    let inner = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
    for (k, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (inner(c), start) {
            (true, None) => start = Some(k),
            (false, Some(from)) => {
                words.extend(word(&text[from..k], offset + from));
                start = None;
            }
            _ => {}
        }
        if !inner(c)
            && !c.is_whitespace()
            && let Some(last) = words.last_mut()
        {
            last.mark.get_or_insert(c);
        }
    }
    words
}

fn word(raw: &str, start: usize) -> Option<DayWord> {
    let bare = raw.trim_matches(['\'', '’']);
    if bare.is_empty() {
        return None;
    }
    let lead = raw.len() - raw.trim_start_matches(['\'', '’']).len();
    let low = bare.to_lowercase().replace('’', "'");
    let low = low.strip_suffix("'s").unwrap_or(&low).to_owned();
    let capital = bare.starts_with(char::is_uppercase);
    let start = start + lead;
    Some(DayWord { low, capital, mark: None, start, end: start + bare.len() })
}
