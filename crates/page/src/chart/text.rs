//! How wide a text is, how it breaks, and how it is escaped.

/// Advance widths of ASCII 32..=126 in hundredths of an em: the bold cut of a metric twin of Arial
/// as a browser measures it. Regular text is narrower, which is the side to err on.
const ASCII: [u8; 95] = [
    28, 33, 47, 56, 56, 89, 72, 24, 33, 33, 39, 58, 28, 33, 28, 28, 56, 56, 56, 56, 56, 56, 56, 56,
    56, 56, 33, 33, 58, 58, 58, 61, 98, 72, 72, 72, 72, 67, 61, 78, 72, 28, 56, 72, 61, 83, 72, 78,
    67, 78, 72, 67, 61, 72, 67, 94, 67, 67, 61, 33, 28, 33, 58, 56, 33, 56, 61, 56, 61, 56, 33, 61,
    61, 28, 28, 56, 28, 89, 61, 61, 61, 61, 39, 56, 33, 61, 56, 78, 56, 56, 50, 39, 28, 39, 58,
];

/// Width of a text in a sans-serif system font at `size` px; an upper estimate.
pub fn width(text: &str, size: f64) -> f64 {
    1.03 * size * text.chars().map(advance).sum::<f64>()
}

fn advance(c: char) -> f64 {
    match c {
        ' '..='~' => f64::from(ASCII[(c as usize) - 32]) / 100.0,
        // Combining marks, joiners, directional marks and variation selectors take no room.
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0.0,
        '\u{a0}' | '\u{b7}' | '\u{2009}' | '\u{202f}' => 0.34,
        '–' | '−' | '×' => 0.59,
        '…' | '—' | '→' | '←' => 1.0,
        // Latin with diacritics, Greek, Cyrillic.
        '\u{a1}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => 0.72,
        '\u{370}'..='\u{52f}' => 0.86,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => 0.8,
        '\u{900}'..='\u{10ff}' => 0.95,
        '\u{2010}'..='\u{206f}' => 0.6,
        // CJK, Hangul, emoji and whatever else: full width and a little more.
        _ => 1.1,
    }
}

/// The text cut to a width, ending in "…" if something was cut.
pub(crate) fn truncate(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = width("…", size);
    for c in text.chars() {
        used += 1.03 * size * advance(c);
        if used > room {
            break;
        }
        out.push(c);
    }
    // A cut must not leave an isolate or an embedding open, or a space before the ellipsis.
    let cut = out.trim_end_matches([' ', ',', ';', ':', '–', '(', '\u{2066}', '\u{2067}']);
    // After words from right to left the dots stand at their end, which is on the left.
    let turned = cut.chars().next_back().is_some_and(crate::plain::is_right_to_left);
    format!("{cut}…{}", if turned { "\u{200f}" } else { "" })
}

/// The text in at most `lines` lines no wider than `room`; the last is cut if it must be.
pub(crate) fn wrap(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    let words: Vec<&str> = text.split([' ', '\n', '\t']).filter(|w| !w.is_empty()).collect();
    for (k, word) in words.iter().enumerate() {
        let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || width(&longer, size) <= room {
            line = longer;
        } else if out.len() + 1 < lines {
            out.push(truncate(&line, size, room));
            line = (*word).to_owned();
        } else {
            let rest = format!("{line} {}", words[k..].join(" "));
            out.push(truncate(&rest, size, room));
            return out;
        }
    }
    if !line.is_empty() && lines > 0 {
        out.push(truncate(&line, size, room));
    }
    out
}

/// Escapes text for HTML and XML, in elements and in quoted attributes; characters that XML does
/// not allow, and marks that would reorder the text around them, are dropped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => out.push(c),
        }
    }
    out
}

/// An id that is safe in markup and CSS: letters, digits and dashes, never empty.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(64) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "figure".to_owned() } else { out.to_owned() }
}

/// A probability in whole percent, "<1 %" and ">99 %" at the ends; empty if it is no number.
pub(crate) fn percent(p: f64) -> String {
    crate::text::pc(p).replace(' ', "\u{a0}")
}

/// A change of a probability in percentage points, signed.
pub(crate) fn points(change: f64) -> String {
    let x = 100.0 * change;
    let size = x.abs();
    let text = if size < 0.05 {
        "0".to_owned()
    } else if size < 1.0 {
        format!("{size:.1}")
    } else {
        format!("{size:.0}")
    };
    match text.as_str() {
        "0" => text,
        _ if x < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

/// The same with its tenth, so that parts add up by eye.
pub(crate) fn tenths(change: f64) -> String {
    match crate::text::signed(change).as_str() {
        "±0.0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// A value with no more digits than it deserves.
pub(crate) fn value(x: f64) -> String {
    if !x.is_finite() {
        return String::new();
    }
    if x.abs() >= 1e7 || (x != 0.0 && x.abs() < 1e-4) {
        return format!("{x:.1e}").replace('-', "−");
    }
    crate::text::short(x).replace('-', "−")
}

/// Text in a sentence: cut to a length a title can bear.
pub(crate) fn name(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.chars().count() <= 72 {
        return trimmed.to_owned();
    }
    format!("{}…", trimmed.chars().take(71).collect::<String>().trim_end())
}

/// The first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(c) => c.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
