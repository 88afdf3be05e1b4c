//! Numbers, dates and paragraphs as people read them on a terminal.

use std::sync::atomic::{AtomicUsize, Ordering};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::plain::{isolated, shown};
use crate::words::percent;

/// Columns of a terminal that every text fits.
pub const COLUMNS: usize = 80;

/// The narrowest a text is set, and the widest: longer lines are hard to read.
const WINDOW: (usize, usize) = (60, 100);

/// Columns of the terminal that is written to; 0 while nobody said so.
static WIDE: AtomicUsize = AtomicUsize::new(0);

/// Says how wide the terminal is that is written to: once, before anything is.
pub fn set_columns(columns: usize) {
    WIDE.store(columns.clamp(WINDOW.0, WINDOW.1), Ordering::Relaxed);
}

/// Columns of a line: those of the terminal, and [`COLUMNS`] where there is none.
pub fn columns() -> usize {
    match WIDE.load(Ordering::Relaxed) {
        0 => COLUMNS,
        columns => columns,
    }
}

/// The months, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2025-06-30` as people say it: `30 June 2025`.
pub fn spoken(iso: &str) -> String {
    let parts: Vec<&str> = iso.split('-').collect();
    match parts.as_slice() {
        [y, m, d] => match m.parse::<usize>() {
            Ok(m @ 1..=12) => format!("{} {} {y}", d.trim_start_matches('0'), MONTHS[m - 1]),
            _ => iso.to_owned(),
        },
        _ => iso.to_owned(),
    }
}
/// A probability in whole per cent.
pub fn pc(p: f64) -> String {
    percent(p).unwrap_or_default()
}

/// The same without the sign, for the lower end of a range.
pub fn whole(p: f64) -> String {
    pc(p).trim_end_matches(" %").to_owned()
}

/// Percentage points of an error.
pub fn points(p: f64) -> String {
    if p.is_nan() {
        return "–".to_owned();
    }
    format!("{:.1} points", 100.0 * p)
}

/// A change in percentage points, with its sign: `−4.2`, `+0.3`, `±0.0`.
pub fn signed(p: f64) -> String {
    let x = (1000.0 * p).round() / 10.0;
    if x < 0.0 {
        format!("−{:.1}", -x)
    } else if x > 0.0 {
        format!("+{x:.1}")
    } else {
        "±0.0".to_owned()
    }
}

/// The same in whole points, for what few draws say: `−4`, `+1`, `±0`.
pub fn signed_whole(p: f64) -> String {
    match (100.0 * p).round() {
        0.0 => "±0".to_owned(),
        x if x < 0.0 => format!("−{}", -x),
        x => format!("+{x}"),
    }
}

/// Two probabilities as one range: `18–46 %`.
pub fn range(lo: f64, hi: f64) -> String {
    let (a, b) = (whole(lo), pc(hi));
    match () {
        () if a == whole(hi) => b,
        // Of `3–>99 %` nobody can read the dash.
        () if a.starts_with(['<', '>']) || b.starts_with(['<', '>']) => format!("{a} to {b}"),
        () => format!("{a}–{b}"),
    }
}

/// A number with no more digits than it deserves.
pub fn short(x: f64) -> String {
    let digits = if x == 0.0 || x.abs() >= 10.0 {
        0
    } else if x.abs() >= 1.0 {
        1
    } else if x.abs() >= 0.1 {
        2
    } else if x.abs() >= 0.01 {
        3
    } else {
        4
    };
    let text = format!("{x:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A probability with a decimal, for small differences on common random numbers: `24.0 %`.
pub fn fine(p: f64) -> String {
    format!("{:.1} %", 100.0 * p)
}

/// A share with its interval, cut at 0 and 100: `12 % (8–15)`.
pub fn share(ends: [f64; 3]) -> String {
    let [value, lo, hi] = ends.map(|x| (100.0 * x).clamp(0.0, 100.0).round());
    format!("{value:.0} % ({lo:.0}–{hi:.0})")
}

/// A number to four digits: enough that what is typed again is what was computed.
pub fn digits(x: f64) -> String {
    let (mut size, mut decimals) = (x.abs(), 0);
    while size < 1_000.0 && decimals < 8 {
        size *= 10.0;
        decimals += 1;
    }
    let text = format!("{x:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Things in a row, the last after a word: `a, b and c`.
pub fn listed(things: &[String], last: &str) -> String {
    match things {
        [first @ .., end] if !first.is_empty() => format!("{} {last} {end}", first.join(", ")),
        _ => things.concat(),
    }
}

/// A count with a comma every three digits.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (k, c) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A list in words: `a, b and c`.
pub fn and(items: &[String]) -> String {
    listed(items, "and")
}

/// So many of a thing: `1 entry`, `3 entries`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n as u64), if n == 1 { one } else { many })
}

/// A sentence with a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// A name or label in quotation marks, none inside. What the record says is printed as it was entered: only
/// who entered it knows which words are somebody's own.
pub fn quoted(text: &str) -> String {
    let inside: String =
        text.chars().map(|c| if matches!(c, '“' | '”' | '"') { '\'' } else { c }).collect();
    format!("“{inside}”")
}

/// A word of a command line, in quotes where a shell would take it apart.
pub fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A path as a word of a command line.
pub fn shell_path(path: &std::path::Path) -> String {
    shell(&path.display().to_string())
}

/// Text as it grows.
#[derive(Default)]
pub struct Text {
    /// What was written so far.
    pub out: String,
}

impl Text {
    /// A line, without the spaces at its end.
    pub fn line(&mut self, text: &str) {
        // A name may hold a line break; a line has none.
        let text = text.trim_end().replace(['\n', '\r'], " ");
        self.out.push_str(&shown(&isolated(&text)));
        self.out.push('\n');
    }

    /// A heading after an empty line.
    pub fn section(&mut self, title: &str) {
        self.out.push('\n');
        self.wrapped("", title);
    }

    /// A paragraph. It breaks at 80 columns; later lines are indented as far as `head` is long.
    pub fn wrapped(&mut self, head: &str, text: &str) {
        self.paragraph(head, width(head).min(13), text);
    }

    /// An item whose later lines stand under its first word.
    pub fn hanging(&mut self, head: &str, text: &str) {
        self.paragraph(head, width(head), text);
    }

    fn paragraph(&mut self, head: &str, indent: usize, text: &str) {
        let mut line = head.to_owned();
        let mut empty = true;
        let room = columns() - indent.min(columns() / 2);
        // What is wider than a line is cut, but for a path or an address that somebody copies.
        let whole = |word: &String| width(word) <= room || word.contains('/');
        let words = words(text).into_iter();
        let words = words.flat_map(|w| if whole(&w) { vec![w] } else { pieces(&w, room) });
        for word in &words.collect::<Vec<_>>() {
            if !empty && width(&line) + 1 + width(word) > columns() {
                self.line(&line);
                line = " ".repeat(indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.line(&line);
    }
}

/// Columns a text takes: wide characters two, combining marks none.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// A text with spaces to its right, or for numbers to its left.
pub fn padded(text: &str, columns: usize, right: bool) -> String {
    let space = " ".repeat(columns.saturating_sub(width(text)));
    if right { format!("{space}{text}") } else { format!("{text}{space}") }
}

/// The words of a text; a number and its per cent sign are one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let space = |c: char| c.is_whitespace() && c != '\u{a0}';
    for word in text.split(space) {
        match words.last_mut() {
            Some(last) if word.starts_with('%') && last.ends_with(|c: char| c.is_ascii_digit()) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A text in lines of so many columns, broken at spaces; a longer word is cut into pieces.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text).iter().filter(|w| !w.is_empty()) {
        for (k, piece) in pieces(word, columns).into_iter().enumerate() {
            let last = lines.last_mut().expect("never empty");
            if k == 0 && !last.is_empty() && width(last) + 1 + width(&piece) <= columns {
                last.push(' ');
                last.push_str(&piece);
            } else if last.is_empty() {
                *last = piece;
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let w = c.width().unwrap_or(1);
        if used + w > columns && used > 0 {
            all.push(String::new());
            used = 0;
        }
        all.last_mut().expect("never empty").push(c);
        used += w;
    }
    all
}

/// A text cut at a word, with `…` for the rest.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(1);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    // A single long word is cut inside.
    if let Some(space) = kept.rfind(' ').filter(|_| !text[kept.len()..].starts_with(' ')) {
        kept.truncate(space);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_spoken() {
        assert_eq!(spoken("2025-06-30"), "30 June 2025");
        assert_eq!(spoken("2025-01-01"), "1 January 2025");
        assert_eq!(spoken("day 7"), "day 7");
    }

    #[test]
    fn changes_have_a_sign_and_ranges_one_per_cent_sign() {
        assert_eq!([0.0421, -0.0421, 0.0003].map(signed), ["+4.2", "−4.2", "±0.0"]);
        assert_eq!([0.0421, -0.0421, 0.0043].map(signed_whole), ["+4", "−4", "±0"]);
        assert_eq!(range(0.18, 0.46), "18–46 %");
        assert_eq!(range(0.181, 0.183), "18 %");
        assert_eq!(range(0.001, 0.02), "<1 to 2 %");
    }

    #[test]
    fn lists_end_with_and() {
        let list = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(and(&list), "a, b and c");
        assert_eq!(and(&list[..1]), "a");
        assert_eq!(count(1, "entry", "entries"), "1 entry");
        assert_eq!(quoted("a \"b\""), "“a 'b'”");
    }

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        let mut t = Text::default();
        t.wrapped("  ", &"word ".repeat(60));
        t.wrapped("", &"word ".repeat(60));
        assert!(t.out.lines().all(|l| l.chars().count() <= 80));
    }

    #[test]
    fn a_number_keeps_its_per_cent_sign() {
        assert_eq!(wrapped("model 25 %, odds", 10), ["model", "25 %, odds"]);
        assert_eq!(wrapped("model 25 %, odds", 8), ["model", "25 %,", "odds"]);
    }

    #[test]
    fn wide_and_combining_characters_take_the_columns_they_take() {
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("北京"), 4);
        assert_eq!(padded("北京", 6, true), "  北京");
        assert_eq!(wrapped("北京 北京", 5), ["北京", "北京"]);
        assert_eq!(wrapped("Donaudampf", 4), ["Dona", "udam", "pf"]);
    }

    #[test]
    fn a_text_is_cut_at_a_word() {
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 12), "one two…");
        assert_eq!(cut("Donaudampfschifffahrt", 6), "Donau…");
    }

    #[test]
    fn numbers_have_the_digits_they_deserve() {
        let shown: Vec<String> = [0.0, 12.34, 5.0, 0.25, 0.0338, 0.0046, 100.0].map(short).to_vec();
        assert_eq!(shown, ["0", "12", "5", "0.25", "0.034", "0.0046", "100"]);
        assert_eq!(thousands(1_234_567), "1,234,567");
        let written = [0.005_843_21, 49.612_3, 1_234.56, 0.0, -7.5, 20.0].map(digits);
        assert_eq!(written, ["0.005843", "49.61", "1235", "0", "-7.5", "20"]);
        assert_eq!(share([1.0, -0.2, 1.3]), "100 % (0–100)");
        assert_eq!(fine(0.2401), "24.0 %");
    }

    #[test]
    fn the_last_of_a_list_follows_a_word() {
        let all = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&all, "and"), "a, b and c");
        assert_eq!(listed(&all[..1], "or"), "a");
        assert_eq!(listed(&[], "or"), "");
    }
}
