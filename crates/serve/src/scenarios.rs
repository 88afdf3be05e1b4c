//! Scenarios: lists of changes kept as `scenarios/NAME.toml` in the case folder.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use toml_edit::DocumentMut;
use winset_files::{atomic, bounded};

use crate::Server;
use crate::edit::WriteError;
use crate::http::{Reply, Request};
use crate::link::LinkState;
use crate::router::not_found;

/// Opens a saved scenario.
pub(crate) fn open(server: &Server, request: &Request, state: &LinkState) -> Reply {
    let name = request.query_value("name").unwrap_or("");
    match server.store.readable().and_then(|folder| scenario(folder, name)) {
        Some(sets) => Reply::see(LinkState { sets, ..state.clone() }.link("/what-if")),
        None => not_found(server),
    }
}

/// Whether a name can be that of a scenario: small letters, digits and dashes.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.len() <= 64 && name.bytes().all(plain) && !name.starts_with('-')
}

/// A name that can be that of a file, made of any: letters with marks lose them where that is easy, whatever
/// else stands between letters and digits becomes a dash.
pub(crate) fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.trim().chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'a'..='z' | '0'..='9' => c.to_string(),
            'ä' | 'æ' => "ae".to_owned(),
            'ö' | 'ø' | 'œ' => "oe".to_owned(),
            'ü' => "ue".to_owned(),
            'ß' => "ss".to_owned(),
            'à' | 'á' | 'â' | 'ã' | 'å' => "a".to_owned(),
            'è' | 'é' | 'ê' | 'ë' => "e".to_owned(),
            'ì' | 'í' | 'î' | 'ï' => "i".to_owned(),
            'ò' | 'ó' | 'ô' | 'õ' => "o".to_owned(),
            'ù' | 'ú' | 'û' => "u".to_owned(),
            'ç' => "c".to_owned(),
            'ñ' => "n".to_owned(),
            _ if out.is_empty() || out.ends_with('-') => String::new(),
            _ => "-".to_owned(),
        };
        out.push_str(&plain);
    }
    out.truncate(64);
    out.trim_end_matches('-').to_owned()
}

/// The names of the scenarios of a folder.
pub(crate) fn scenarios(folder: Option<&Path>) -> Vec<String> {
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
pub(crate) fn save_scenario(
    folder: &Path,
    name: &str,
    state: &LinkState,
) -> Result<(), WriteError> {
    if !is_name(name) {
        let why = format!("`{name}` cannot be a name: small letters, digits and dashes");
        return Err(WriteError::Refused(why));
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
    let scenarios = folder.join("scenarios");
    match std::fs::create_dir(&scenarios) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
        made => made.with_context(|| format!("cannot make {}", scenarios.display()))?,
    }
    if !scenarios.symlink_metadata()?.is_dir() {
        let why = "`scenarios` is a link or a file, where a folder was expected".to_owned();
        return Err(WriteError::Refused(why));
    }
    match atomic::create(&scenarios.join(format!("{name}.toml")), text.as_bytes()) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            Err(WriteError::Refused(format!("there is a scenario `{name}` already")))
        }
        made => Ok(made?),
    }
}

/// The changes of a scenario.
pub(crate) fn scenario(folder: &Path, name: &str) -> Option<Vec<String>> {
    let path = folder.join("scenarios").join(format!("{name}.toml"));
    let text = is_name(name).then(|| bounded::read_to_string(&path, bounded::TEXT).ok())??;
    let document: DocumentMut = text.parse().ok()?;
    let sets = document.get("set")?.as_array()?;
    Some(sets.iter().filter_map(|s| s.as_str().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_makes_a_name_or_none_at_all() {
        assert_eq!(slug("Trump gives way ü 2"), "trump-gives-way-ue-2");
        assert_eq!(slug("  --A/b..C--  "), "a-b-c");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("協議"), "");
        assert!(is_name(&slug(&"x y ".repeat(60))));
    }

    #[test]
    fn a_scenario_is_read_as_it_was_saved_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let sets = vec!["a.b=1..2 @r".to_owned(), "c=\"x\"".to_owned()];
        let state = LinkState { sets: sets.clone(), ..LinkState::default() };
        assert!(save_scenario(folder.path(), "strict-deal", &state).is_ok());
        assert_eq!(scenario(folder.path(), "strict-deal").unwrap(), sets);
        assert_eq!(scenarios(Some(folder.path())), ["strict-deal"]);
        assert!(save_scenario(folder.path(), "strict-deal", &state).is_err());
        for name in ["", "..", "../x", "a/b", "A", "-a", "a.b"] {
            assert!(save_scenario(folder.path(), name, &state).is_err(), "{name}");
            assert!(scenario(folder.path(), name).is_none(), "{name}");
        }
    }
}
