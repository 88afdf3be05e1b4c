//! No position model and no solution concept can be forgotten: whatever is written is registered,
//! and whatever is registered is held to the laws, measured, documented and listed in the book.

use std::path::{Path, PathBuf};

use winset_methods::spatial::{MODELS, measured};
use winset_model::theory::solutions::SOLUTIONS;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The sources of a folder, one after another.
fn sources(folder: &str) -> String {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// The types that a folder's sources implement a trait for.
fn implemented(sources: &str, of: &str) -> Vec<String> {
    let head = format!("impl {of} for ");
    let names = sources.lines().filter_map(|line| line.trim_start().strip_prefix(&head));
    names.map(|rest| rest.split(['<', ' ', '{']).next().unwrap().to_owned()).collect()
}

/// The text of a registry, from its name to the end of the list.
fn registry(text: &str, name: &str) -> String {
    let from = text.find(&format!("pub static {name}:")).unwrap();
    text[from..].split("];").next().unwrap().to_owned()
}

/// What is written in `written` and not in the registry; a type may stand there by the name of one
/// of its constants, all of which must.
fn forgotten(written: &str, of: &str, registered: &str) -> Vec<String> {
    let words: Vec<&str> = registered.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let mut missing = Vec::new();
    for name in implemented(written, of) {
        let constants: Vec<&str> = written
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("pub static "))
            .filter(|rest| rest.contains(&format!(": {name} =")))
            .filter_map(|rest| rest.split(':').next())
            .collect();
        match constants.is_empty() {
            true if !words.contains(&name.as_str()) => missing.push(name),
            true => {}
            false => missing
                .extend(constants.iter().filter(|c| !words.contains(c)).map(|c| (*c).to_owned())),
        }
    }
    missing
}

/// The bodies of the tests of a file, by name.
fn tests(text: &str) -> Vec<(String, String)> {
    text.split("#[test]\nfn ")
        .skip(1)
        .map(|test| {
            let body = test.split("\n}\n").next().unwrap();
            (test.split('(').next().unwrap().to_owned(), body.to_owned())
        })
        .collect()
}

fn laws_run_over(file: &str, registry: &str, laws: &[&str]) {
    let tests = tests(&read(file));
    for law in laws {
        let found = tests.iter().find(|(name, _)| name == law);
        let (_, body) = found.unwrap_or_else(|| panic!("{file} has no law `{law}`"));
        let over = |head: &str| body.contains(&format!("{head} {registry}"));
        assert!(over("in") || body.contains(&format!("in {registry}.iter()")), "{file}: {law}");
    }
}

#[test]
fn every_position_model_is_registered_and_held_to_the_laws() {
    let written = sources("crates/methods/src/spatial");
    let registered = registry(&read("crates/methods/src/spatial/mod.rs"), "MODELS");
    assert!(implemented(&written, "PositionModel").len() >= 14);
    assert_eq!(forgotten(&written, "PositionModel", &registered), Vec::<String>::new());
    let laws = [
        "every_model_answers_and_repeats_itself",
        "order_of_actors_does_not_matter",
        "reversing_the_scale_reverses_the_forecast",
        "units_do_not_matter",
        "unanimity_is_certainty",
        "nothing_lies_beyond_what_anybody_holds_or_has",
    ];
    laws_run_over("crates/methods/tests/all/spatial_laws.rs", "MODELS", &laws);
}

#[test]
fn every_solution_is_registered_and_held_to_the_laws() {
    let written = sources("crates/model/src/theory/solutions");
    let registered = registry(&read("crates/model/src/theory/solutions/mod.rs"), "SOLUTIONS");
    assert!(implemented(&written, "Solution").len() >= 9);
    assert_eq!(forgotten(&written, "Solution", &registered), Vec::<String>::new());
    let laws = [
        "an_answer_exists_iff_it_can_and_nothing_dominates_it",
        "order_of_outcomes_and_sides_does_not_matter",
        "units_and_zeros_matter_only_where_said",
        "what_was_not_chosen_can_be_removed_where_said",
        "what_is_best_for_all_is_chosen",
    ];
    laws_run_over("crates/model/tests/all/solutions.rs", "SOLUTIONS", &laws);
}

#[test]
fn every_model_is_measured_or_pending_and_in_the_book() {
    let contents = read("docs/src/SUMMARY.md");
    for m in MODELS {
        let pending = measured::PENDING.contains(&m.id());
        assert!(measured::of(m.id()).is_some() != pending, "{}: measured or pending", m.id());
        assert!(contents.contains(&format!("(spatial/{}.md)", m.id())), "{}", m.id());
    }
    let known = |id: &str| MODELS.iter().any(|m| m.id() == id);
    assert!(measured::PENDING.iter().all(|id| known(id)), "{:?}", measured::PENDING);
    let index = read("docs/src/solutions/index.md");
    for s in SOLUTIONS {
        assert!(index.contains(&format!("`{}`", s.id())), "{}", s.id());
    }
}

/// The test of the test: an unregistered type and an unregistered constant are noticed.
#[test]
fn what_is_not_registered_is_noticed() {
    let written = "pub static ONE: Known = Known;\npub static TWO: Known = Known;\n\
                   impl Law for Known {}\nimpl Law for Listed {}\nimpl Law for Lost {}\n";
    let registered = registry("pub static ALL: &[&dyn Law] = &[&a::ONE, &Listed];", "ALL");
    assert_eq!(forgotten(written, "Law", &registered), ["TWO", "Lost"]);
}
