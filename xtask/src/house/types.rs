//! What the sources declare: structs that say the same twice, names that mean two things, crates that
//! hold nothing of their own.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use syn::{Fields, Item, Visibility};

use crate::repo::Repo;

/// Pairs of structs that may still be twins. It only falls.
const MOST_TWINS: usize = 10;
/// Fields that two structs must share to be twins …
const SHARED: usize = 4;
/// … and the least share of all their fields, in per cent.
const SHARE: usize = 45;

/// Names that more than one public type still has. The list only gets shorter.
const NAMED_TWICE: &[&str] = &[];

/// A type of the workspace, outside tests.
struct Type {
    name: String,
    /// Its file, and the module in it.
    place: String,
    /// Whether it is `pub`, without a restriction.
    public: bool,
    /// The names of a struct's fields.
    fields: BTreeSet<String>,
}

/// Two structs that share most of their fields.
pub(crate) struct Twins {
    shared: BTreeSet<String>,
    all: usize,
    one: String,
    other: String,
}

impl std::fmt::Display for Twins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.shared.iter().map(String::as_str).collect();
        let (shared, all) = (self.shared.len(), self.all);
        write!(f, "{} = {}: {shared} of {all} ({})", self.one, self.other, names.join(", "))
    }
}

/// Structs that share four fields or more and 45 % of all the fields they have: an idea that is written
/// down twice has to be changed twice.
pub(super) fn twins(repo: &Repo) -> Result<Vec<String>> {
    Ok(too_many(pairs(&types(repo)?).len(), MOST_TWINS).into_iter().collect())
}

fn too_many(found: usize, most: usize) -> Option<String> {
    let said = "pairs of structs are twins, at most";
    let hint = "`cargo xtask house --twins` lists them; let one struct do for both";
    (found > most).then(|| format!("{found} {said} {most}\n  hint: {hint}"))
}

/// All twins, those that share most fields first.
pub(crate) fn all_twins(repo: &Repo) -> Result<Vec<Twins>> {
    let mut found = pairs(&types(repo)?);
    found.sort_by_key(|t| std::cmp::Reverse(t.shared.len()));
    Ok(found)
}

fn pairs(types: &[Type]) -> Vec<Twins> {
    let mut found = Vec::new();
    for (at, one) in types.iter().enumerate() {
        for other in &types[at + 1..] {
            let shared: BTreeSet<String> =
                one.fields.intersection(&other.fields).cloned().collect();
            let all = one.fields.len() + other.fields.len() - shared.len();
            if shared.len() >= SHARED && shared.len() * 100 >= SHARE * all {
                let say = |t: &Type| format!("{} ({})", t.name, t.place);
                found.push(Twins { shared, all, one: say(one), other: say(other) });
            }
        }
    }
    found
}

/// A public type's name is unique in the workspace: who searches for it finds one thing.
pub(super) fn names(repo: &Repo) -> Result<Vec<String>> {
    Ok(ambiguous(&types(repo)?, NAMED_TWICE))
}

fn ambiguous(types: &[Type], allowed: &[&str]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for t in types.iter().filter(|t| t.public) {
        places.entry(&t.name).or_default().push(&t.place);
    }
    let twice = |name: &str| places.get(name).is_some_and(|p| p.len() > 1);
    let mut complaints: Vec<String> = places
        .iter()
        .filter(|(name, _)| twice(name) && !allowed.contains(name))
        .map(|(name, at)| format!("`{name}` names {} public types: {}", at.len(), at.join(", ")))
        .collect();
    let settled = allowed.iter().filter(|name| !twice(name));
    complaints.extend(settled.map(|n| format!("`{n}` is unique: take it out of NAMED_TWICE")));
    complaints
}

/// No crate is a list of re-exports: what it hands on, others can fetch where it is.
pub(super) fn substance(repo: &Repo) -> Result<Vec<String>> {
    let mut own: BTreeMap<&str, bool> = BTreeMap::new();
    for file in sources(repo) {
        let krate = file.split('/').nth(1).unwrap_or_default();
        let says = parsed(repo, file)?.items.iter().any(is_own);
        *own.entry(krate).or_default() |= says;
    }
    Ok(own
        .iter()
        .filter(|(_, own)| !**own)
        .map(|(krate, _)| format!("crates/{krate}: nothing but re-exports"))
        .collect())
}

/// Whether an item says something that does not stand elsewhere.
fn is_own(item: &Item) -> bool {
    match item {
        Item::Use(_) | Item::ExternCrate(_) => false,
        Item::Mod(module) => module.content.iter().flat_map(|(_, items)| items).any(is_own),
        _ => true,
    }
}

fn sources(repo: &Repo) -> impl Iterator<Item = &str> {
    repo.find("crates/", &[".rs"]).filter(|file| file.split('/').nth(2) == Some("src"))
}

fn parsed(repo: &Repo, file: &str) -> Result<syn::File> {
    syn::parse_file(&repo.read(file)?)
        .map_err(|e| anyhow!("{e}"))
        .with_context(|| format!("reading {file}"))
}

/// The types of all crates, modules of tests left out.
fn types(repo: &Repo) -> Result<Vec<Type>> {
    let mut found = Vec::new();
    for file in sources(repo) {
        collect(&parsed(repo, file)?.items, file, &mut found);
    }
    Ok(found)
}

fn collect(items: &[Item], place: &str, found: &mut Vec<Type>) {
    let mut add = |name: &syn::Ident, visibility: &Visibility, fields: Option<&Fields>| {
        let fields = fields.into_iter().flatten().filter_map(|f| f.ident.as_ref());
        found.push(Type {
            name: name.to_string(),
            place: place.to_owned(),
            public: matches!(visibility, Visibility::Public(_)),
            fields: fields.map(ToString::to_string).collect(),
        });
    };
    for item in items {
        match item {
            Item::Struct(s) => add(&s.ident, &s.vis, Some(&s.fields)),
            Item::Enum(e) => add(&e.ident, &e.vis, None),
            Item::Trait(t) => add(&t.ident, &t.vis, None),
            Item::Type(t) => add(&t.ident, &t.vis, None),
            Item::Union(u) => add(&u.ident, &u.vis, None),
            _ => {}
        }
    }
    for item in items {
        if let Item::Mod(module) = item
            && !module.attrs.iter().any(is_for_tests)
            && let Some((_, items)) = &module.content
        {
            collect(items, &format!("{place}, {}", module.ident), found);
        }
    }
}

fn is_for_tests(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::scratch;

    #[test]
    fn structs_that_share_most_of_their_fields_are_twins() {
        let (_dir, repo) = scratch(&[
            ("crates/a/src/lib.rs", "struct One { a: u8, b: u8, c: u8, d: u8, e: u8 }"),
            (
                "crates/b/src/lib.rs",
                "mod inner { pub(crate) struct Two { pub d: f64, c: f64, b: f64, a: f64 } }\n\
                 struct Three { a: u8, b: u8, c: u8 }\n\
                 struct Nine { a: u8, b: u8, c: u8, d: u8, k: u8, l: u8, m: u8, n: u8, o: u8 }\n\
                 #[cfg(test)] mod tests { struct Four { a: u8, b: u8, c: u8, d: u8 } }",
            ),
            ("crates/b/tests/all/main.rs", "struct Five { a: u8, b: u8, c: u8, d: u8 }"),
        ]);
        let found = all_twins(&repo).expect("run");
        assert_eq!(found.len(), 1);
        let said =
            "One (crates/a/src/lib.rs) = Two (crates/b/src/lib.rs, inner): 4 of 5 (a, b, c, d)";
        assert_eq!(found[0].to_string(), said);
        assert_eq!(too_many(3, 3), None);
        assert!(too_many(4, 3).expect("too many").starts_with("4 pairs"));
    }

    #[test]
    fn public_names_mean_one_thing() {
        let (_dir, repo) = scratch(&[
            (
                "crates/a/src/lib.rs",
                "pub struct Table; pub enum Row {} struct Own; pub type Old = u8;",
            ),
            ("crates/b/src/lib.rs", "pub trait Table {} pub(crate) struct Row; struct Own;"),
            ("crates/b/src/old.rs", "pub struct Old;"),
        ]);
        let types = types(&repo).expect("run");
        assert_eq!(
            ambiguous(&types, &["Old", "Row"]),
            [
                "`Table` names 2 public types: crates/a/src/lib.rs, crates/b/src/lib.rs",
                "`Row` is unique: take it out of NAMED_TWICE"
            ]
        );
    }

    #[test]
    fn a_crate_of_re_exports_is_named() {
        let (_dir, repo) = scratch(&[
            ("crates/a/src/lib.rs", "//! A.\npub use b::*;\npub mod c { pub use d::e; }\nmod f;\n"),
            ("crates/a/src/f.rs", "pub use b::g;\n"),
            ("crates/b/src/lib.rs", "pub use c::d;\nmod own;\n"),
            ("crates/b/src/own.rs", "fn f() {}\n"),
        ]);
        assert_eq!(substance(&repo).expect("run"), ["crates/a: nothing but re-exports"]);
    }
}
