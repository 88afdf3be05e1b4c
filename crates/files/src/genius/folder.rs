//! A folder with a domain and its profiles becomes a domain that can be computed.

use std::fs;
use std::path::{Path, PathBuf};

use winset_model::theory::domain::{Domain, DomainError, MAX_UTILITIES};

use super::xml::{Element, MAX_BYTES, read, short};
use super::{GeniusError, GeniusFault, profile};

/// The most profiles in one folder.
const MAX_PROFILES: usize = 64;

/// Whether a path is a folder that holds Genius XML rather than a case.
#[must_use]
pub fn is_domain(path: &Path) -> bool {
    path.is_dir()
        && !path.join("case.toml").exists()
        && xml_files(path).is_ok_and(|files| !files.is_empty())
}

/// Loads a folder: the one file with a `negotiation_template`, and every `utility_space` beside
/// it as a side, in the order of their file names (by bytes).
///
/// # Errors
/// If a file cannot be read, is not what Genius writes, or the domain has too many packages.
pub fn load(folder: &Path) -> Result<Domain, GeniusError> {
    let mut files = Vec::new();
    for path in xml_files(folder)? {
        let size = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?.len();
        if size > MAX_BYTES as u64 {
            let limit = format!("at most {} MB", MAX_BYTES >> 20);
            return Err(GeniusFault::new(
                0,
                "the file is too large",
                limit,
                "split or simplify it",
            )
            .in_file(path));
        }
        let bytes = crate::bounded::read(&path, MAX_BYTES as u64)
            .map_err(|error| unreadable(&path, &error))?;
        files.push((path, bytes));
    }
    let borrowed: Vec<(&Path, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    parse(folder, &borrowed)
}

/// Builds the domain from the contents of its files; `folder` gives it its name.
///
/// # Errors
/// If a file is not what Genius writes, or the domain has too many packages.
pub fn parse(folder: &Path, files: &[(&Path, &[u8])]) -> Result<Domain, GeniusError> {
    let mut domain: Option<(&Path, Element)> = None;
    let mut profiles: Vec<(&Path, Element)> = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| !is_frontier(path)) {
        let root = read(bytes).map_err(|trouble| trouble.in_file(*path))?;
        match root.name.as_str() {
            "negotiation_template" => match &domain {
                None => domain = Some((path, root)),
                Some((first, _)) => {
                    let message = format!("a second domain beside `{}`", first.display());
                    return Err(GeniusFault::new(
                        root.line,
                        message,
                        "one domain per folder",
                        "give each domain a folder of its own",
                    )
                    .in_file(*path));
                }
            },
            "utility_space" => profiles.push((path, root)),
            other => {
                return Err(GeniusFault::new(
                    root.line,
                    format!("the root is `<{}>`", short(other)),
                    "`<negotiation_template>` (a domain) or `<utility_space>` (a profile)",
                    "keep only the domain and its profiles in the folder",
                )
                .in_file(*path));
            }
        }
    }
    profiles.sort_by(|(a, _), (b, _)| a.file_name().cmp(&b.file_name()));
    let Some((domain_path, root)) = domain else {
        return Err(GeniusFault::new(
            0,
            "there is no domain",
            "one XML file whose root is `<negotiation_template>`",
            "name a folder such as `…/ItexvsCypress` that holds a domain and its profiles",
        )
        .in_file(folder));
    };
    if profiles.is_empty() || profiles.len() > MAX_PROFILES {
        return Err(GeniusFault::new(
            0,
            format!("there are {} profiles", profiles.len()),
            format!("1 to {MAX_PROFILES} XML files whose root is `<utility_space>`"),
            "put the profiles of the sides beside the domain",
        )
        .in_file(folder));
    }
    let space = root.first("utility_space").unwrap_or(&root);
    let issues = profile::objective(space)
        .and_then(profile::issues)
        .map_err(|trouble| trouble.in_file(domain_path))?;
    // Before anything is as large as the domain says it is.
    let packages = issues.iter().try_fold(1usize, |p, issue| p.checked_mul(issue.len()));
    let too_large = |error: &DomainError| {
        GeniusFault::new(
            0,
            error.to_string(),
            "a domain whose packages can be listed",
            "leave out issues or values; integer issues can be given narrower bounds",
        )
        .in_file(domain_path)
    };
    let count = profiles.len();
    if packages.and_then(|p| p.checked_mul(count)).is_none_or(|u| u > MAX_UTILITIES) {
        return Err(too_large(&DomainError::TooLarge { packages, sides: count }));
    }
    let mut sides = Vec::with_capacity(profiles.len());
    for (path, space) in &profiles {
        let side = profile::side(stem(path), space, &issues);
        sides.push(side.map_err(|trouble| trouble.in_file(*path))?);
    }
    let resolved = issues.iter().map(profile::FileIssue::resolved).collect();
    Domain::new(stem(folder), resolved, sides).map_err(|error| too_large(&error))
}

/// Whether a file is what Genius writes of a domain's frontier beside it: a result, no input.
fn is_frontier(path: &Path) -> bool {
    stem(path).to_lowercase().starts_with("pareto")
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn unreadable(path: &Path, error: &std::io::Error) -> GeniusError {
    GeniusError {
        io: true,
        ..GeniusFault::new(
            0,
            format!("cannot be read: {error}"),
            "a folder with a domain and its profiles",
            "check the path and its permissions",
        )
        .in_file(path)
    }
}

fn xml_files(folder: &Path) -> Result<Vec<PathBuf>, GeniusError> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
