//! A document as one HTML file: no script that runs, nothing from the network.

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use super::tree::{Block, Document, Section, Table};
use crate::chart::{self, Figure};
use crate::plain::parts;
use crate::text::MONTHS;

/// The style: a column of text, tables that scroll on a phone, A4 and Letter on paper.
const STYLE: &str = include_str!("style.css");

/// What a strict reader allows: the page's own style and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The document as one HTML file, its values embedded as JSON.
pub fn html(d: &Document) -> String {
    markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "winset " (d.version) };
                title { (d.title) }
                style { (PreEscaped(chart::CSS)) (PreEscaped(STYLE)) (PreEscaped(sheet(d))) }
            }
            body {
                a.skip href="#bottom-line" { "Skip to the bottom line" }
                @if let Some(marking) = &d.marking { p.marking dir="auto" { (kept(marking)) } }
                header {
                    h1 dir="auto" { (kept(&d.title)) }
                    (facts(d))
                }
                main {
                    @if !d.front.is_empty() {
                        div.front { (front(d)) }
                    }
                    (contents(d))
                    @for section in &d.sections {
                        (self::section(section, &d.figures))
                    }
                }
                @if let Some(values) = &d.values {
                    script type="application/json" id="values" { (PreEscaped(embedded(values))) }
                }
            }
        }
    }
    .into_string()
}

/// Page one: the first section and the last two as wide as the page, what is between them in two columns.
fn front(d: &Document) -> Markup {
    let section = |s: &Section| self::section(s, &d.figures);
    markup! {
        @match d.front.as_slice() {
            [first, middle @ .., next, last] => {
                (section(first))
                @let (left, right) = middle.split_at(middle.len().div_ceil(2));
                div.pair {
                    div { @for s in left { (section(s)) } }
                    div { @for s in right { (section(s)) } }
                }
                (section(next))
                (section(last))
            }
            all => @for s in all { (section(s)) },
        }
    }
}

/// What stands at the head and the foot of every sheet of paper: the marking; the title and the number of
/// the page.
fn sheet(d: &Document) -> String {
    let marking = d.marking.as_deref().map_or_else(String::new, |text| {
        let text = quoted(text);
        format!("@top-center{{content:{text}}}@bottom-center{{content:{text}}}")
    });
    format!(
        "@page{{@bottom-left{{content:{}}}@bottom-right{{content:counter(page) \" of \" counter(pages)}}\
         {marking}}}",
        quoted(&d.title.chars().take(TITLE).collect::<String>())
    )
}

/// Characters of a title at the foot of a page.
pub(super) const TITLE: usize = 60;

/// A text as a string of CSS that no reader of HTML or CSS can take for anything else.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() || c == ' ' => out.push(c),
            // Marks that would reorder the text around them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => out.push_str(&format!("\\{:x} ", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// JSON that no reader of HTML can take for the end of its element.
fn embedded(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn facts(d: &Document) -> Markup {
    markup! {
        dl.facts {
            @for (name, value) in &d.facts {
                div { dt { (name) } dd dir="auto" { (kept(value)) } }
            }
        }
    }
}

fn contents(d: &Document) -> Markup {
    markup! {
        nav aria-label="Contents" {
            @if !d.front.is_empty() { p { "The report behind it" } }
            ol {
                @for s in &d.sections {
                    li { a href={ "#" (s.id) } { (kept(&s.title)) } }
                }
            }
        }
    }
}

/// A section as an HTML fragment.
pub fn section(s: &Section, charts: &[(&'static str, Figure)]) -> Markup {
    markup! {
        @if s.title.is_empty() {
            @for b in &s.blocks { (block(b, charts)) }
        } @else {
            section id=(s.id) aria-labelledby={ (s.id) "-title" } {
                h2 id={ (s.id) "-title" } { (kept(&s.title)) }
                @for b in &s.blocks { (block(b, charts)) }
            }
        }
    }
}

fn block(b: &Block, charts: &[(&'static str, Figure)]) -> Markup {
    match b {
        Block::Lead(text) => markup! { p.lead { (kept(&ranges(text))) } },
        Block::Text(text) => markup! { p { (kept(text)) } },
        Block::Note(text) => markup! { p.note { (kept(text)) } },
        Block::Sketch(_) => markup! {},
        Block::Command(text) => markup! { pre { code { (text) } } },
        Block::List(items) => {
            markup! { ul { @for item in items { li dir="auto" { (kept(item)) } } } }
        }
        Block::Table(t) => table(t),
        // The chart escapes what it writes.
        Block::Figure(place) => markup! {
            @for (_, figure) in charts.iter().filter(|(id, _)| id == place) {
                (PreEscaped(figure.html()))
            }
        },
    }
}

/// What is written from right to left stands apart, and what stands between backticks is code.
pub fn kept(text: &str) -> Markup {
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd one out is no mark of ours.
    let marked = pieces.len() % 2 == 1;
    let apart = |text: &str| {
        markup! {
            @for (apart, part) in parts(&unbroken(text)) {
                @if apart { bdi { (part) } } @else { (part) }
            }
        }
    };
    markup! {
        @if marked {
            @for (k, piece) in pieces.into_iter().enumerate() {
                @if k % 2 == 1 { code { (apart(piece)) } } @else { (apart(piece)) }
            }
        } @else {
            (apart(text))
        }
    }
}

/// The text with what stays on one line: a number and its per cent sign, or its error, day, month and year.
pub(super) fn unbroken(text: &str) -> String {
    dates(&text.replace(" %", "\u{a0}%").replace(" ± ", "\u{a0}±\u{a0}"))
}

/// The text with its ranges in one piece: no line ends behind their dash.
fn ranges(text: &str) -> String {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut parts = text.split('–').peekable();
    let mut whole = String::new();
    while let Some(part) = parts.next() {
        whole.push_str(part);
        if let Some(next) = parts.peek() {
            whole.push('–');
            if digit(part.chars().last()) && digit(next.chars().next()) {
                whole.push('\u{2060}');
            }
        }
    }
    whole
}

/// The text with its dates in one piece.
fn dates(text: &str) -> String {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut out = text.to_owned();
    for month in MONTHS {
        let spaced = format!(" {month}");
        if !out.contains(&spaced) {
            continue;
        }
        let parts: Vec<&str> = out.split(&spaced).collect();
        let mut whole = parts.first().copied().unwrap_or_default().to_owned();
        for part in parts.into_iter().skip(1) {
            whole.push(if digit(whole.chars().last()) { '\u{a0}' } else { ' ' });
            whole.push_str(month);
            match part.strip_prefix(' ') {
                Some(year) if digit(year.chars().next()) => {
                    whole.push('\u{a0}');
                    whole.push_str(year);
                }
                _ => whole.push_str(part),
            }
        }
        out = whole;
    }
    out
}

fn table(table: &Table) -> Markup {
    let Table { caption, head, rows, numeric } = table;
    let number = |k: usize| numeric.get(k).copied().unwrap_or(false);
    let heading = |k: usize| head.get(k).filter(|_| head.len() > 3);
    let named = !caption.is_empty();
    markup! {
        // A landmark only where it has a name of its own.
        div.table tabindex="0" role=[named.then_some("region")] aria-label=[named.then_some(caption)] {
            // Many columns do not fit on a telephone: there every cell has a line and its own heading.
            table class=[(head.len() > 3).then_some("many")] {
                @if named { caption { (kept(caption)) } }
                thead {
                    tr {
                        @for (k, cell) in head.iter().enumerate() {
                            @if cell.is_empty() {
                                td {}
                            } @else {
                                th scope="col" class=[number(k).then_some("n")] { (cell) }
                            }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (k, cell) in row.iter().enumerate() {
                                @if k == 0 {
                                    th scope="row" dir="auto" { (kept(cell)) }
                                } @else {
                                    td dir="auto" class=[number(k).then_some("n")] data-head=[heading(k)] { (kept(cell)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
