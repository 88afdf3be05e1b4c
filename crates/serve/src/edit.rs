//! Writing: a leaf of `case.toml` with everything around it kept, rows at the end of `record.csv`.
//! Every write says which revision it saw; another one is a conflict.

use std::path::Path;
use std::sync::Arc;

use toml_edit::{DocumentMut, Item, Table, Value};
use winset_files::atomic::{self, Links};
use winset_files::bounded;
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Diagnostic, Findings, Severity, Source};
use winset_files::own::LockError;
use winset_files::record::add::{self, Draft};
use winset_files::sheet::encoding::encode_like;

use crate::Server;
use crate::http::Pairs;
use crate::link::LinkState;
use crate::store::{CaseTexts, LoadedCase};

/// Why nothing was written.
pub(crate) enum WriteError {
    /// The file is not the one that was seen: what was seen, if it is remembered, and what is.
    Conflict { seen: Option<String>, now: String, revision: String },
    /// With it the case could not be read.
    Invalid { files: Box<CaseFiles>, findings: Vec<Diagnostic> },
    /// In words.
    Refused(String),
    /// Another program of winset is writing.
    Busy(String),
    /// The system says no.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for WriteError {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<LockError> for WriteError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Busy(_) => {
                Self::Busy(format!("{error}; nothing was written: save once more"))
            }
            // One that is gone is not made again.
            LockError::Io { ref cause, .. } if cause.kind() == std::io::ErrorKind::NotFound => {
                Self::Refused(error.to_string())
            }
            // It names its cause itself.
            LockError::Io { .. } => Self::Failed(anyhow::anyhow!("{error}")),
        }
    }
}

/// What is done to a text.
pub(crate) type Change<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// A text of the case by the name of its file.
pub(crate) fn text<'a>(files: &'a CaseFiles, name: &str) -> &'a str {
    match name {
        "case.toml" => &files.case.text,
        _ => files.record.as_ref().map_or("", |r| r.text.as_str()),
    }
}

/// The same files with another text.
pub(crate) fn replaced(files: &CaseFiles, name: &str, text: String) -> CaseFiles {
    let mut files = files.clone();
    match name {
        "case.toml" => files.case.text = text,
        _ => {
            let name = Path::new(&files.case.name).with_file_name("record.csv");
            files.record = Some(Source { name: name.display().to_string(), text });
        }
    }
    files
}

/// Changes a file on disk, if it is still the revision that was seen and the case can be read
/// afterwards.
pub(crate) fn write(
    server: &Server,
    name: &'static str,
    revision: &str,
    change: Change<'_>,
) -> Result<(), WriteError> {
    let folder = server.store.folder().ok_or_else(|| read_only(server))?;
    let pen = server.store.pen()?;
    let seen = server.store.texts();
    let now = text(&seen.files, name);
    let current = seen.revisions.get(name).map_or("", String::as_str);
    if current != revision {
        return Err(WriteError::Conflict {
            seen: server.store.past(revision),
            now: now.to_owned(),
            revision: current.to_owned(),
        });
    }
    let next = change(now).map_err(WriteError::Refused)?;
    let files = replaced(&seen.files, name, next.clone());
    check(server, &seen, files)?;
    let path = folder.join(name);
    // The file keeps its encoding, and the mark that some editors put before it.
    let old = bounded::read(&path, bounded::TEXT).unwrap_or_default();
    let bytes = encode_like(&old, &next).map_err(|c| {
        WriteError::Refused(format!("the encoding of {name} has no `{c}`: save it as UTF-8"))
    })?;
    atomic::write_through(&path, &bytes, Links::Inside(folder))?;
    drop(pen);
    server.store.look();
    Ok(())
}

pub(crate) fn read_only(server: &Server) -> WriteError {
    let why = match server.store.readable() {
        None => "the built-in case is not written to; save a copy first".to_owned(),
        Some(folder) => format!("{} takes no writes: it is served to read only", folder.display()),
    };
    WriteError::Refused(why)
}

/// Whether a case can be read from texts that are not yet on disk.
pub(crate) fn check(
    server: &Server,
    seen: &Arc<CaseTexts>,
    files: CaseFiles,
) -> Result<LoadedCase, WriteError> {
    let state = LinkState::default();
    server.store.load_from(seen, &files, &state, String::new()).map_err(|broken| {
        let errors = |d: &Diagnostic| d.severity == Severity::Error;
        let findings = broken.findings.into_iter().filter(errors).collect();
        WriteError::Invalid { files: Box::new(files), findings }
    })
}

/// Lays changes over the text of a case: only the leaves they name differ afterwards.
pub(crate) fn set_all(text: &str, sets: &[String]) -> Result<String, String> {
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
pub(crate) fn leaf(text: &str, path: &str) -> Option<String> {
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
pub(crate) fn draft_of(fields: &Pairs) -> Draft {
    fields.iter().fold(Draft::default(), |draft, (name, value)| draft.with(name, value))
}

/// The text of a record with entries behind it; every byte that was there stays.
pub(crate) fn with_entries(text: &str, drafts: &[Draft]) -> String {
    let source = Source { name: "record.csv".to_owned(), text: text.to_owned() };
    add::text(&source, drafts)
}

/// What of some entries the record of a case has no column for.
pub(crate) fn unfit(files: &CaseFiles, drafts: &[Draft]) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    let source =
        Source { name: "record.csv".to_owned(), text: text(files, "record.csv").to_owned() };
    add::fit(&source, drafts, &mut findings);
    findings.list
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
