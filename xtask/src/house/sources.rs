//! Sizes and manners of source files.

use anyhow::Result;

use crate::repo::Repo;

/// The largest file git may carry: bigger ones are data, and data has another home.
const MAX_BYTES: u64 = 400_000;
/// The longest source file: one room, not a house.
const MAX_LINES: usize = 900;
/// No person writes a line of a script longer than this.
const MAX_COLUMNS: usize = 1_000;

/// No file is larger than 400 kB.
pub(super) fn sizes(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in &repo.files {
        let bytes = std::fs::metadata(repo.root.join(file))?.len();
        if bytes > MAX_BYTES {
            complaints.push(format!("{file}: {bytes} bytes, at most {MAX_BYTES}"));
        }
    }
    Ok(complaints)
}

/// No source file has more than 900 lines.
pub(super) fn rooms(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("", &[".rs", ".py", ".js", ".mjs", ".css"]) {
        let lines = repo.read(file)?.lines().count();
        if lines > MAX_LINES {
            complaints.push(format!("{file}: {lines} lines, at most {MAX_LINES}"));
        }
    }
    Ok(complaints)
}

/// No minified or vendored scripts and styles.
pub(super) fn minified(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("", &[".js", ".mjs", ".css"]) {
        let long = repo.read(file)?.lines().any(|l| l.chars().count() > MAX_COLUMNS);
        if long || file.contains(".min.") {
            complaints.push(format!("{file}: minified; what we ship is what we wrote"));
        }
    }
    Ok(complaints)
}

/// Where every answer of `--json` is registered, and so described in the reference.
const ANSWERS: &str = "crates/report/src/schemas.rs";

/// Every answer that is printed has a page: its name stands in the registry.
pub(super) fn answers(repo: &Repo) -> Result<Vec<String>> {
    let registered = quoted_names(&repo.read(ANSWERS)?);
    let mut complaints = Vec::new();
    for file in repo.find("crates/", &[".rs"]) {
        if file == ANSWERS || file.split('/').nth(2) != Some("src") {
            continue;
        }
        for name in quoted_names(&repo.read(file)?) {
            if !registered.contains(&name) && !FILES.contains(&name.as_str()) {
                complaints.push(format!("{file}: `{name}` is not in {ANSWERS}"));
            }
        }
    }
    Ok(complaints)
}

/// Names that stand in files winset writes for itself, and are no answers.
const FILES: [&str; 1] = ["winset/ensemble/1"];

/// The names `winset/x/1` that stand in quotes.
fn quoted_names(text: &str) -> Vec<String> {
    let quoted = text.split('"').skip(1).step_by(2);
    let is_name = |t: &&str| {
        let parts: Vec<&str> = t.split('/').collect();
        let [first, name, version] = parts.as_slice() else { return false };
        *first == "winset"
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
            && version.bytes().all(|b| b.is_ascii_digit())
    };
    quoted.filter(is_name).map(str::to_owned).collect()
}

/// No test is switched off, and none passes by panicking.
pub(super) fn ignored(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("", &[".rs"]) {
        for (index, line) in repo.read(file)?.lines().enumerate() {
            for attribute in ["#[ignore", "#[should_panic"] {
                if line.trim_start().starts_with(attribute) {
                    complaints.push(format!("{file}:{}: `{attribute}]` on a test", index + 1));
                }
            }
        }
    }
    Ok(complaints)
}

/// Tests of a crate from outside that need a `main` of their own.
const OWN_BINARY: &[&str] = &["crates/files/tests/log_crash.rs"];

/// A crate's tests from outside are one binary, `tests/all`, as each has to link all of it; and every
/// file there is a module of it, for what nobody names is not compiled and cannot fail.
pub(super) fn test_binaries(repo: &Repo) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in repo.find("crates/", &[".rs"]).filter(|f| !OWN_BINARY.contains(f)) {
        let [_, krate, "tests", rest @ ..] = &file.split('/').collect::<Vec<_>>()[..] else {
            continue;
        };
        match rest {
            ["all", "main.rs"] => {}
            ["all", name] => {
                let main = format!("crates/{krate}/tests/all/main.rs");
                let module = format!("mod {};", name.trim_end_matches(".rs"));
                if !repo.files.contains(&main) || !repo.read(&main)?.lines().any(|l| l == module) {
                    complaints.push(format!("{file}: not run, as {main} has no line `{module}`"));
                }
            }
            ["all", ..] => {}
            _ => complaints.push(format!("{file}: belongs in crates/{krate}/tests/all")),
        }
    }
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::scratch;

    #[test]
    fn files_over_the_limit_are_named() {
        let long = "x\n".repeat(MAX_LINES + 1);
        let wide = "x".repeat(MAX_COLUMNS + 1);
        let big = "x".repeat(400_001);
        let (_dir, repo) = scratch(&[
            ("a.rs", &long),
            ("b.rs", "fn b() {}\n"),
            ("c.js", &wide),
            ("d.min.css", "a{}"),
            ("e.txt", &big),
        ]);
        assert_eq!(rooms(&repo).expect("run"), ["a.rs: 901 lines, at most 900"]);
        assert_eq!(sizes(&repo).expect("run"), ["e.txt: 400001 bytes, at most 400000"]);
        let said = minified(&repo).expect("run");
        assert_eq!(said.len(), 2, "{said:?}");
    }

    #[test]
    fn tests_from_outside_are_one_binary_that_holds_them_all() {
        let (_dir, repo) = scratch(&[
            ("crates/a/tests/all/main.rs", "mod one;\n"),
            ("crates/a/tests/all/one.rs", ""),
            ("crates/a/tests/all/one/part.rs", ""),
            ("crates/a/tests/all/two.rs", ""),
            ("crates/a/tests/three.rs", ""),
            ("crates/files/tests/log_crash.rs", ""),
        ]);
        assert_eq!(
            test_binaries(&repo).expect("run"),
            [
                "crates/a/tests/all/two.rs: not run, as crates/a/tests/all/main.rs has no line `mod two;`",
                "crates/a/tests/three.rs: belongs in crates/a/tests/all"
            ]
        );
    }

    #[test]
    fn tests_that_are_switched_off_are_named() {
        let off = ["#[test]", "    #[ignore = \"slow\"]", "fn a() {}"].join("\n");
        let (_dir, repo) = scratch(&[("a.rs", &off), ("b.rs", "#[test]\nfn b() {}\n")]);
        assert_eq!(ignored(&repo).expect("run"), ["a.rs:2: `#[ignore]` on a test"]);
    }
}
