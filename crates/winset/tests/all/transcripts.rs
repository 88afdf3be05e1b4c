//! The terminal sessions shown in the README and the book are run and compared.
//!
//! Every `console` block is read: after `$ winset …` or `$ cargo run --release [-- …]` stands what
//! the command prints. A page's commands run one after another in a folder of their own that holds a
//! copy of `cases/`. What is compared is stdout, and stderr too where the command fails. A line `…`
//! stands for any lines, a `…` inside a line for any text. `WINSET_BLESS=1` rewrites what differs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

const ANY: &str = "…";

/// A command of a block and the lines (from 0, end excluded) that show what it prints.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    at: usize,
    command: String,
    shown: std::ops::Range<usize>,
}

#[test]
fn transcripts_show_what_the_command_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let bless = std::env::var_os("WINSET_BLESS").is_some();
    let mut pages: Vec<(PathBuf, String, Vec<Step>)> = pages(&root)
        .into_iter()
        .map(|page| {
            let text = fs::read_to_string(&page).unwrap();
            let steps = steps(&text);
            (page, text, steps)
        })
        .filter(|(_, _, steps)| !steps.is_empty())
        .collect();
    // Pages know nothing of each other, so each thread takes the next; the longest come first.
    pages.sort_by_key(|(_, _, steps)| std::cmp::Reverse(steps.len()));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some((page, text, steps)) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
            wrong.extend(differences(&root, page, text, steps, bless));
        }
        wrong
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    wrong.sort();
    assert!(wrong.is_empty(), "{}\n\nhint: WINSET_BLESS=1 rewrites the pages", wrong.join("\n\n"));
}

/// Runs the commands of a page and says where it shows something else; with `bless` the page is
/// rewritten.
fn differences(root: &Path, page: &Path, text: &str, steps: &[Step], bless: bool) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("cases"), &folder.path().join("cases"));
    let (mut wrong, mut changes) = (Vec::new(), Vec::new());
    for step in steps {
        let place = format!("{}:{}: $ {}", page.display(), step.at + 1, step.command);
        match arguments(&step.command) {
            Ok(args) => {
                let printed = printed(&args, folder.path());
                let shown = trimmed(&lines[step.shown.clone()]);
                if !matches(&shown, &printed) {
                    wrong.push(format!(
                        "{place}\n--- shown\n{}\n--- printed\n{}",
                        shown.join("\n"),
                        printed.join("\n")
                    ));
                    changes.push((step.shown.clone(), renewed(&shown, &printed)));
                }
            }
            Err(why) => wrong.push(format!("{place}\n{why}")),
        }
    }
    if bless && !changes.is_empty() {
        for (shown, printed) in changes.into_iter().rev() {
            lines.splice(shown, printed);
        }
        fs::write(page, lines.join("\n") + "\n").unwrap();
    }
    wrong
}

/// The README and the pages of the book.
fn pages(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![root.join("README.md")];
    let mut open = vec![root.join("docs/src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The commands in the `console` blocks of a page; a `\` at a line's end continues the command.
fn steps(page: &str) -> Vec<Step> {
    let lines: Vec<&str> = page.lines().collect();
    let mut found: Vec<Step> = Vec::new();
    let mut inside: Option<&str> = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        match inside {
            None => inside = line.strip_prefix("```"),
            Some(_) if line == "```" => inside = None,
            Some("console") => {
                if let Some(command) = line.strip_prefix("$ ") {
                    let (first, mut command) = (at, command.to_owned());
                    while command.ends_with('\\') && at + 1 < lines.len() {
                        command.pop();
                        at += 1;
                        command.push_str(lines[at].trim_start());
                    }
                    found.push(Step { at: first, command, shown: at + 1..at + 1 });
                } else if let Some(step) = found.last_mut() {
                    step.shown.end = at + 1;
                }
            }
            Some(_) => {}
        }
        at += 1;
    }
    found
}

/// The arguments for the command, or why the line cannot be run.
fn arguments(command: &str) -> Result<Vec<String>, String> {
    let words = words(command)?;
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    let args = match plain.as_slice() {
        ["winset", args @ ..] => args,
        ["cargo", "run", "--release"] => &[],
        ["cargo", "run", "--release", "--", args @ ..] => args,
        _ => {
            return Err("only `winset` and `cargo run --release` are run here; \
                         mark the block `console,ignore`"
                .to_owned());
        }
    };
    Ok(args.iter().map(|a| (*a).to_owned()).collect())
}

/// Words with single and double quotes; what else a shell would do is refused.
fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '|' | '>' | '<' | '&' | ';' | '$' | '`') => {
                return Err(format!("`{c}` needs a shell, and none is used here"));
            }
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() { Err("a quote is not closed".to_owned()) } else { Ok(words) }
}

fn printed(args: &[String], folder: &Path) -> Vec<String> {
    let out = Command::new(env!("CARGO_BIN_EXE_winset"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let mut text = String::from_utf8(out.stdout).unwrap();
    if !out.status.success() {
        text.push_str(&String::from_utf8(out.stderr).unwrap());
        assert!(!text.trim().is_empty(), "winset {args:?} failed and said nothing");
    }
    trimmed(&text.lines().map(str::to_owned).collect::<Vec<_>>())
}

/// Without spaces at the ends of lines and without empty lines at the end.
fn trimmed(lines: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = lines.iter().map(|l| l.trim_end().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn matches(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((any, rest)) if any == ANY => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| line_matches(line, first) && matches(rest, others)),
    }
}

/// What is printed now, left out where the page left something out: as many lines before the first
/// line `…` and after the last one, and `…` within each line that still fits.
fn renewed(shown: &[String], printed: &[String]) -> Vec<String> {
    let line = |(old, new): (&String, &String)| {
        if line_matches(old, new) { old.clone() } else { new.clone() }
    };
    let dots = |l: &String| l == ANY;
    let (Some(before), Some(last)) = (shown.iter().position(dots), shown.iter().rposition(dots))
    else {
        let kept = shown.iter().zip(printed).map(line);
        return kept.chain(printed.iter().skip(shown.len()).cloned()).collect();
    };
    let after = shown.len() - last - 1;
    if before + after > printed.len() {
        return printed.to_vec();
    }
    let head = shown.iter().zip(&printed[..before]).map(line);
    let tail = shown[last + 1..].iter().zip(&printed[printed.len() - after..]).map(line);
    head.chain([ANY.to_owned()]).chain(tail).collect()
}

fn line_matches(shown: &str, printed: &str) -> bool {
    match shown.split_once(ANY) {
        None => shown == printed,
        Some((before, after)) => printed.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| line_matches(after, &rest[at..]))
        }),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn commands_and_what_they_print_are_found() {
    let page = "text\n```console\n$ winset check \\\n    cases/a\nfine\n\n$ winset\n```\n\
                ```console,ignore\n$ rm\n```\n```text\n$ ls\n```\n";
    let expected = [
        Step { at: 2, command: "winset check cases/a".to_owned(), shown: 4..6 },
        Step { at: 6, command: "winset".to_owned(), shown: 7..7 },
    ];
    assert_eq!(steps(page), expected);
}

#[test]
fn only_the_command_itself_is_run() {
    assert_eq!(arguments("winset --set 'a=1 2'").unwrap(), ["--set", "a=1 2"]);
    assert_eq!(arguments("cargo run --release -- check \"\"").unwrap(), ["check", ""]);
    assert_eq!(arguments("cargo run --release").unwrap(), Vec::<String>::new());
    for refused in ["ls", "cargo test", "winset | head", "winset > x", "winset 'a"] {
        assert!(arguments(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_page_that_is_rewritten_keeps_its_dots() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (shown, printed, page) in [
        ("a\nb", "a\nc\nd", "a\nc\nd"),
        ("a\n…\nd", "b\nb\nc\nd", "b\n…\nd"),
        ("took … s\nx\n…", "took 2 s\ny\nz", "took … s\ny\n…"),
        ("a\n…\nb\nc", "d", "d"),
    ] {
        assert_eq!(renewed(&lines(shown), &lines(printed)), lines(page), "{shown:?} {printed:?}");
    }
}

#[test]
fn dots_stand_for_what_may_differ() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (shown, printed, same) in [
        ("a\nb", "a\nb", true),
        ("a\nb", "a", false),
        ("a\n…\nd", "a\nb\nc\nd", true),
        ("a\n…\nd", "a\nd", true),
        ("a\n…\nd", "a\nb\nc", false),
        ("took … s, … draws", "took 1.25 s, 10 draws", true),
        ("took … s", "took 1.25 ms", false),
        ("x…", "x", true),
    ] {
        assert_eq!(matches(&lines(shown), &lines(printed)), same, "{shown:?} {printed:?}");
    }
}
