//! Writing: a leaf of `case.toml` with everything around it kept, rows at the end of `record.csv`,
//! scenarios, drafts. Every write says which revision it saw; another one is a conflict.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use toml_edit::{DocumentMut, Item, Table, Value};
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Severity, Source};
use winset_files::record::add::{self, Draft};

use super::Server;
use super::desk::{self, Seen};
use super::http::Pairs;
use super::lock::OWN;
use super::state::State;
use winset_files::atomic;

/// Why nothing was written.
pub(super) enum Unwritten {
    /// The file is not the one that was seen: what was seen, if it is remembered, and what is.
    Conflict { seen: Option<String>, now: String, revision: String },
    /// With it the case could not be told.
    Invalid { files: CaseFiles, findings: Vec<Diagnostic> },
    /// In words.
    Refused(String),
    /// The system says no.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Unwritten {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for Unwritten {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What is done to a text.
pub(super) type Change<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// A text of the case by the name of its file.
pub(super) fn text<'a>(files: &'a CaseFiles, name: &str) -> &'a str {
    match name {
        "case.toml" => &files.case.text,
        _ => files.record.as_ref().map_or("", |r| r.text.as_str()),
    }
}

/// The same files with another text.
pub(super) fn replaced(files: &CaseFiles, name: &str, text: String) -> CaseFiles {
    let mut files = files.clone();
    match name {
        "case.toml" => files.case.text = text,
        _ => files.record = Some(Source { name: "record.csv".to_owned(), text }),
    }
    files
}

/// Changes a file on disk, if it is still the revision that was seen and the case can be told
/// afterwards.
pub(super) fn write(
    server: &Server,
    name: &'static str,
    revision: &str,
    change: Change<'_>,
) -> Result<(), Unwritten> {
    let folder = server.desk.folder().ok_or_else(read_only)?;
    let pen = server.desk.pen();
    let seen = server.desk.seen();
    let now = text(&seen.files, name);
    let current = seen.revisions.get(name).map_or("", String::as_str);
    if current != revision {
        return Err(Unwritten::Conflict {
            seen: server.desk.past(revision),
            now: now.to_owned(),
            revision: current.to_owned(),
        });
    }
    let next = change(now).map_err(Unwritten::Refused)?;
    let files = replaced(&seen.files, name, next.clone());
    check(server, &seen, files)?;
    let path = folder.join(name);
    // The texts are without the mark that some editors put before them; the file keeps it.
    let mark = if begins_with_mark(&path) { MARK } else { "" };
    atomic::write(&path, format!("{mark}{next}").as_bytes())?;
    drop(pen);
    server.desk.look();
    Ok(())
}

/// The byte order mark.
const MARK: &str = "\u{feff}";

fn begins_with_mark(path: &Path) -> bool {
    let mut first = [0; MARK.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == MARK.as_bytes()
}

pub(super) fn read_only() -> Unwritten {
    Unwritten::Refused("the built-in case is not written to; save a copy first".to_owned())
}

/// Whether a case can be told from texts that are not yet on disk.
pub(super) fn check(
    server: &Server,
    seen: &Arc<Seen>,
    files: CaseFiles,
) -> Result<desk::Told, Unwritten> {
    let state = State { sets: Vec::new(), as_of: None, seed: 1, draws: None };
    server.desk.tell_of(seen, &files, &state, String::new()).map_err(|untold| {
        let errors = |d: &Diagnostic| d.severity == Severity::Error;
        let findings = untold.findings.into_iter().filter(errors).collect();
        Unwritten::Invalid { files, findings }
    })
}

/// Lays changes over the text of a case: only the leaves they name differ afterwards.
pub(super) fn set_all(text: &str, sets: &[String]) -> Result<String, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|e| format!("case.toml cannot be read: {e}"))?;
    for set in sets {
        let (path, value) = set.split_once('=').ok_or_else(|| format!("`{set}` is no change"))?;
        set_leaf(&mut document, path.trim(), value.trim())?;
    }
    Ok(with_ends_of(text, &document.to_string()))
}

/// A changed text with the line ends of what it was made from: a line that stays keeps its own, one
/// that is new takes those of the most.
fn with_ends_of(old: &str, new: &str) -> String {
    // A last line without an end stays without one.
    let new = if old.ends_with('\n') { new } else { new.strip_suffix('\n').unwrap_or(new) };
    let bare = |line: &str| line.trim_end_matches(['\r', '\n']).to_owned();
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let same = |(a, b): &(&&str, &&str)| bare(a) == bare(b);
    let head = old.iter().zip(&new).take_while(same).count();
    let rest = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = rest.take_while(same).count();
    let crlf = 2 * old.iter().filter(|line| line.ends_with("\r\n")).count() > old.len();
    let end = if crlf { "\r\n" } else { "\n" };
    let middle = new[head..new.len() - tail].iter().map(|line| match line.ends_with('\n') {
        true => format!("{}{end}", bare(line)),
        false => (*line).to_owned(),
    });
    let kept = |lines: &[&str]| lines.concat();
    let middle: String = middle.collect();
    format!("{}{middle}{}", kept(&old[..head]), kept(&old[old.len() - tail..]))
}

fn set_leaf(document: &mut DocumentMut, path: &str, value: &str) -> Result<(), String> {
    let value: Value = value.parse().unwrap_or_else(|_| Value::from(value));
    let place = place(document, path);
    let keys: Vec<&str> = place.split('.').collect();
    let (leaf, above) = match keys.split_last() {
        Some((leaf, above)) if keys.iter().all(|k| !k.is_empty()) => (leaf, above),
        _ => return Err(format!("`{path}` is no path")),
    };
    let mut at: &mut Item = document.as_item_mut();
    for (depth, key) in above.iter().enumerate() {
        let table = at.as_table_like_mut().ok_or_else(|| format!("`{path}` leads nowhere"))?;
        at = table.entry(key).or_insert_with(|| {
            let mut new = Table::new();
            // A first table stands under its own head, those within are written with dots.
            new.set_dotted(depth > 1);
            new.set_implicit(depth == 0 && above.len() > 1);
            new.set_position((depth <= 1).then_some(isize::MAX));
            Item::Table(new)
        });
    }
    let table = at.as_table_like_mut().ok_or_else(|| format!("`{path}` leads nowhere"))?;
    match table.get_mut(leaf) {
        Some(Item::Value(old)) => {
            // The blanks and the comment around it stay.
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        Some(Item::None) | None => {
            table.insert(leaf, Item::Value(value));
        }
        Some(_) => return Err(format!("`{path}` is a table")),
    }
    Ok(())
}

/// Where the value of a path is written: in the last `[since.ENTRY]` that names it, or else at the
/// path itself.
fn place(document: &DocumentMut, path: &str) -> String {
    let since = document.get("since").and_then(Item::as_table_like);
    let names = since.into_iter().flat_map(|since| since.iter());
    let last = names.filter(|(_, entry)| below(entry, path).is_some()).last();
    last.map_or_else(|| path.to_owned(), |(entry, _)| format!("since.{entry}.{path}"))
}

/// The item at a path below another.
fn below<'d>(item: &'d Item, path: &str) -> Option<&'d Item> {
    path.split('.').try_fold(item, |at, key| at.get(key))
}

/// What is written at a path of a case, as it stands there.
pub(super) fn leaf(text: &str, path: &str) -> Option<String> {
    let document: DocumentMut = text.parse().ok()?;
    let at = below(document.as_item(), &place(&document, path))?;
    match at.as_value()? {
        Value::String(text) => Some(text.value().clone()),
        other => {
            let mut bare = other.clone();
            bare.decor_mut().clear();
            Some(bare.to_string())
        }
    }
}

/// An entry as it was typed.
pub(super) fn draft_of(fields: &Pairs) -> Draft {
    fields.iter().fold(Draft::default(), |draft, (name, value)| draft.with(name, value))
}

/// The text of a record with entries behind it; every byte that was there stays.
pub(super) fn with_entries(text: &str, drafts: &[Draft]) -> String {
    let source = Source { name: "record.csv".to_owned(), text: text.to_owned() };
    add::text(&source, drafts)
}

// ------------------------------------------------------------------------------ scenarios, drafts

/// Whether a name can be that of a scenario: small letters, digits and dashes.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.len() <= 64 && name.bytes().all(plain) && !name.starts_with('-')
}

/// The names of the scenarios of a folder.
pub(super) fn scenarios(folder: Option<&Path>) -> Vec<String> {
    let Some(Ok(entries)) = folder.map(|f| std::fs::read_dir(f.join("scenarios"))) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|e| e.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .filter(|name| is_name(name))
        .collect();
    names.sort();
    names
}

/// Saves the changes of a link as `scenarios/NAME.toml`; one of the name is not overwritten.
pub(super) fn save_scenario(folder: &Path, name: &str, state: &State) -> Result<(), Unwritten> {
    if !is_name(name) {
        let why = format!("`{name}` cannot be a name: small letters, digits and dashes");
        return Err(Unwritten::Refused(why));
    }
    let path = folder.join("scenarios").join(format!("{name}.toml"));
    if path.exists() {
        return Err(Unwritten::Refused(format!("there is a scenario `{name}` already")));
    }
    let mut document = DocumentMut::new();
    let mut sets: toml_edit::Array = state.sets.iter().collect();
    for set in sets.iter_mut() {
        set.decor_mut().set_prefix("\n  ");
    }
    sets.set_trailing("\n");
    document.insert("set", toml_edit::value(sets));
    let text = format!(
        "# A scenario: changes to case.toml, in their order, as --set takes them.\n{document}"
    );
    std::fs::create_dir_all(folder.join("scenarios"))
        .with_context(|| format!("cannot make {}", folder.join("scenarios").display()))?;
    Ok(atomic::write(&path, text.as_bytes())?)
}

/// The changes of a scenario.
pub(super) fn scenario(folder: &Path, name: &str) -> Option<Vec<String>> {
    let path = folder.join("scenarios").join(format!("{name}.toml"));
    let text = is_name(name).then(|| std::fs::read_to_string(path).ok())??;
    let document: DocumentMut = text.parse().ok()?;
    let sets = document.get("set")?.as_array()?;
    Some(sets.iter().filter_map(|s| s.as_str().map(str::to_owned)).collect())
}

/// Forms that keep drafts.
const DRAFTS: [&str; 2] = ["record", "log"];

fn draft_path(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    DRAFTS.contains(&name).then(|| folder.join(OWN).join(format!("draft-{name}.txt")))
}

/// Keeps what was typed into a form and not yet saved.
pub(super) fn keep_draft(folder: &Path, name: &str, fields: &Pairs) -> Result<(), Unwritten> {
    let path = draft_path(folder, name)
        .ok_or_else(|| Unwritten::Refused(format!("there is no form `{name}`")))?;
    let encode = super::http::encode;
    let lines: Vec<String> =
        fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    Ok(atomic::write(&path, lines.join("&").as_bytes())?)
}

/// What was kept.
pub(super) fn draft(folder: Option<&Path>, name: &str) -> Option<Pairs> {
    let text = std::fs::read_to_string(draft_path(folder?, name)?).ok()?;
    Some(super::http::pairs(&text)).filter(|fields| {
        fields
            .iter()
            .any(|(n, v)| !["draft", "revision", "state"].contains(&n.as_str()) && !v.is_empty())
    })
}

/// Forgets it: it was saved, or is not wanted.
pub(super) fn forget_draft(folder: &Path, name: &str) {
    if let Some(path) = draft_path(folder, name) {
        // There may be none.
        let _ = std::fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "# first\nwinset = 1\n\n[sides.us]   # who\nname     = \"US\"\ndiscount = \"5..10..30 @j\"  # why\n\n[actors.a]\nred_max.x = 3\n";

    #[test]
    fn only_the_leaf_differs() {
        let set = |s: &str| set_all(CASE, &[s.to_owned()]).unwrap();
        assert_eq!(set("sides.us.discount=12"), CASE.replace("\"5..10..30 @j\"", "12"));
        assert_eq!(
            set("sides.us.discount=5..6 @r01"),
            CASE.replace("\"5..10..30 @j\"", "\"5..6 @r01\"")
        );
        assert_eq!(set("actors.a.red_max.y=4"), CASE.replace("x = 3\n", "x = 3\nred_max.y = 4\n"));
        assert_eq!(set("constants.base=0.1"), format!("{CASE}\n[constants]\nbase = 0.1\n"));
        for wrong in ["sides=1", "winset.a.b=1", "=1", "a..b=1", "x"] {
            assert!(set_all(CASE, &[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }

    /// Every line keeps its own end, whatever the others have.
    #[test]
    fn line_ends_stay_as_they_are() {
        let set = |text: &str, value: &str| set_all(text, &[format!("sides.us.discount={value}")]);
        let windows = CASE.replace('\n', "\r\n");
        let changed = set(CASE, "17").unwrap();
        assert_eq!(set(&windows, "17").unwrap(), changed.replace('\n', "\r\n"));
        // The first line alone, and a file without a last line end.
        let mixed = CASE.replacen('\n', "\r\n", 1);
        assert_eq!(set(&mixed, "17").unwrap(), changed.replacen('\n', "\r\n", 1));
        let open = "[sides.us]\r\ndiscount = 5";
        assert_eq!(set(open, "6").unwrap(), "[sides.us]\r\ndiscount = 6");
        // What is new takes the ends of the most.
        let new = set_all(&windows, &["constants.base=0.1".to_owned()]).unwrap();
        assert_eq!(new.matches('\n').count(), new.matches("\r\n").count(), "{new:?}");
    }

    #[test]
    fn what_was_set_is_found_again() {
        for value in ["5..6 @r01", "12", "true", "2025-06-30", "gamma(1.5, 7.3)"] {
            let text = set_all(CASE, &[format!("sides.us.discount={value}")]).unwrap();
            assert_eq!(leaf(&text, "sides.us.discount").unwrap(), value);
        }
        assert_eq!(leaf(CASE, "sides.us"), None);
        assert_eq!(leaf(CASE, "nothing.at.all"), None);
    }

    #[test]
    fn a_scenario_is_read_as_it_was_saved_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let sets = vec!["a.b=1..2 @r".to_owned(), "c=\"x\"".to_owned()];
        let state = State { sets: sets.clone(), as_of: None, seed: 1, draws: None };
        assert!(save_scenario(folder.path(), "strict-deal", &state).is_ok());
        assert_eq!(scenario(folder.path(), "strict-deal").unwrap(), sets);
        assert_eq!(scenarios(Some(folder.path())), ["strict-deal"]);
        assert!(save_scenario(folder.path(), "strict-deal", &state).is_err());
        for name in ["", "..", "../x", "a/b", "A", "-a", "a.b"] {
            assert!(save_scenario(folder.path(), name, &state).is_err(), "{name}");
            assert!(scenario(folder.path(), name).is_none(), "{name}");
        }
    }

    /// What an entry changed is changed where the entry changes it: above it stands what held before.
    #[test]
    fn a_value_that_an_entry_changed_is_written_below_the_entry() {
        let case = "[actors.a]\nred_max.x = \"0..60\" # before\n\n[since.r01]\n\
                    actors.a.red_max.x = \"0..35..60\" # after\n";
        assert_eq!(leaf(case, "actors.a.red_max.x").as_deref(), Some("0..35..60"));
        let text = set_all(case, &["actors.a.red_max.x=50".to_owned()]).unwrap();
        assert_eq!(text, case.replace("\"0..35..60\"", "50"));
    }
}
