//! Whether and how a terminal is written to in bold and colour. Nothing is said by them alone.

use std::io::IsTerminal;
use std::sync::OnceLock;

use winset_page::document::{Document, terminal_parts};

/// When to use bold and colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What was asked for: said once, before a verb runs.
static WHEN: OnceLock<When> = OnceLock::new();

/// Says when this process uses colour, and how wide its terminal is.
pub(crate) fn set(when: When) {
    let _ = WHEN.set(when);
    // What goes to a file does not depend on a window.
    let size = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    if let Some((terminal_size::Width(columns), _)) = size {
        winset_page::text::set_columns(columns.into());
    }
}

fn wanted(terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match WHEN.get().copied().unwrap_or_default() {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            terminal && !set("NO_COLOR") && !dumb
        }
    }
}

/// Whether stdout is.
pub(crate) fn on_stdout() -> bool {
    wanted(std::io::stdout().is_terminal())
}

/// Whether stderr is.
pub(crate) fn on_stderr() -> bool {
    wanted(std::io::stderr().is_terminal())
}

/// Signs for private use that stand for what a terminal obeys until a text has passed the door: there is
/// nothing else in a text that a terminal would obey.
const SIGNS: [(char, &str); 2] = [('\u{f8f0}', "\x1b[1m"), ('\u{f8f1}', "\x1b[0m")];

/// A document for a terminal: headings and what matters most in bold, where there is bold.
pub(crate) fn terminal(document: &Document) -> String {
    let bold = on_stdout();
    let part = |(strong, text): (bool, String)| match strong && bold {
        true => text
            .split_inclusive('\n')
            .map(|line| {
                let (words, end) = line.strip_suffix('\n').map_or((line, ""), |l| (l, "\n"));
                format!("{}{words}{}{end}", SIGNS[0].0, SIGNS[1].0)
            })
            .collect(),
        false => text,
    };
    terminal_parts(document).into_iter().map(part).collect()
}

/// A harmless text as it goes to stdout.
pub(crate) fn obeyed(text: &str) -> String {
    if !on_stdout() {
        return text.to_owned();
    }
    SIGNS.iter().fold(text.to_owned(), |text, (sign, code)| text.replace(*sign, code))
}
