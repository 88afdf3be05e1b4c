//! `references.bib`: one field a line, so that it diffs well and is read by a small parser.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// An entry of the bibliography.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: String,
    pub(crate) fields: BTreeMap<String, String>,
}

/// Reads entries like `@book{key,` … `  field = {value},` … `}`, by key.
pub(crate) fn parse(text: &str) -> Result<BTreeMap<String, Entry>> {
    let mut entries = BTreeMap::new();
    let mut open: Option<(String, Entry)> = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let line = line.trim();
        match &mut open {
            None if line.is_empty() || line.starts_with('%') => {}
            None => {
                let (kind, key) = line
                    .strip_prefix('@')
                    .and_then(|l| l.strip_suffix(','))
                    .and_then(|l| l.split_once('{'))
                    .with_context(|| format!("line {number}: expected `@kind{{key,`"))?;
                let entry = Entry { kind: kind.to_owned(), fields: BTreeMap::new() };
                open = Some((key.to_owned(), entry));
            }
            Some(_) if line == "}" => {
                if let Some((key, entry)) = open.take()
                    && entries.insert(key.clone(), entry).is_some()
                {
                    bail!("line {number}: `{key}` is defined twice");
                }
            }
            Some((_, entry)) => {
                let (name, value) = line
                    .strip_suffix(',')
                    .unwrap_or(line)
                    .split_once('=')
                    .and_then(|(n, v)| Some((n, v.trim().strip_prefix('{')?.strip_suffix('}')?)))
                    .with_context(|| format!("line {number}: expected `name = {{value}},`"))?;
                entry.fields.insert(name.trim().to_owned(), value.to_owned());
            }
        }
    }
    match open {
        Some((key, _)) => bail!("`{key}` is not closed"),
        None => Ok(entries),
    }
}

/// The bibliography as a page of the book, in the order of the keys.
pub(crate) fn page(entries: &BTreeMap<String, Entry>) -> Result<String> {
    let mut page = String::from(
        "# References\n\nWritten by `cargo xtask gen` from `references.bib`. Pages cite by key: `[@key]`.\n",
    );
    for (key, entry) in entries {
        let get = |name: &str| entry.fields.get(name).map(String::as_str).unwrap_or_default();
        for needed in ["author", "year", "title"] {
            if get(needed).is_empty() {
                bail!("references.bib: `{key}` has no {needed}");
            }
        }
        let author = get("author").replace(" and ", "; ");
        let mut line = format!("**{key}** {author} ({}). {}.", get("year"), get("title"));
        let place = ["journal", "booktitle", "publisher", "institution"].map(get);
        if let Some(place) = place.iter().find(|p| !p.is_empty()) {
            line.push_str(&format!(" *{place}*"));
            if !get("volume").is_empty() {
                line.push_str(&format!(" {}", get("volume")));
            }
            if !get("number").is_empty() {
                line.push_str(&format!("({})", get("number")));
            }
            if !get("pages").is_empty() {
                line.push_str(&format!(", {}", get("pages").replace("--", "–")));
            }
            line.push('.');
        }
        if !get("note").is_empty() {
            line.push_str(&format!(" {}.", get("note")));
        }
        page.push_str(&format!("\n{line}\n"));
    }
    Ok(page.replace(['{', '}'], ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NASH: &str = "% a remark\n@article{nash1950,\n  author = {Nash, John F.},\n  title = {The \
                        Bargaining Problem},\n  journal = {Econometrica},\n  volume = {18},\n  \
                        pages = {155--162},\n  year = {1950},\n}\n";

    #[test]
    fn an_entry_becomes_a_line_of_the_page() {
        let entries = parse(NASH).expect("one entry");
        assert_eq!(entries["nash1950"].kind, "article");
        let page = page(&entries).expect("a page");
        let line = "**nash1950** Nash, John F. (1950). The Bargaining Problem. *Econometrica* 18, 155–162.";
        assert_eq!(page.lines().last(), Some(line));
    }

    #[test]
    fn what_is_not_an_entry_is_refused_with_its_line() {
        for (text, said) in [
            ("@article{a\n", "line 1: expected `@kind{key,`"),
            ("@article{a,\n  title: x\n}", "line 2: expected `name = {value},`"),
            ("@book{a,\n}\n@book{a,\n}", "line 4: `a` is defined twice"),
            ("@book{a,\n", "`a` is not closed"),
        ] {
            assert_eq!(parse(text).expect_err(text).to_string(), said);
        }
        let untitled = parse("@book{a,\n  author = {B},\n  year = {1}\n}").expect("an entry");
        assert!(page(&untitled).is_err());
    }
}
