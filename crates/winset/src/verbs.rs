//! The verbs in the order people look for them, each with an example; and what was meant by a word that is
//! none.

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, FromArgMatches};
use winset_files::builtin;
use winset_files::diagnostic::closest;
use winset_page::text::{COLUMNS, wrapped};

use crate::cli::Cli;
use crate::exit::Failure;

/// A verb and an example of it.
type Verb = (&'static str, &'static str);

/// What people want, and the verbs that do it.
const GROUPS: [(&str, &[Verb]); 7] = [
    (
        "The answer",
        &[
            ("forecast", "winset forecast us-iran-2025"),
            ("blockers", "winset blockers us-iran-2025"),
            ("when", "winset when us-iran-2025"),
            ("deals", "winset deals us-iran-2025"),
            ("stability", "winset stability us-iran-2025"),
            ("brief", "winset brief us-iran-2025 -o brief.html"),
            ("serve", "winset serve my-case"),
        ],
    ),
    (
        "Why, and what if",
        &[
            ("drivers", "winset drivers us-iran-2025"),
            ("flip", "winset flip us-iran-2025 --p 0.5"),
            ("explain", "winset explain answer.p us-iran-2025"),
            ("diff", "winset diff us-iran-2025 us-iran-2025 --b-set sides.us.discount=25"),
            ("sweep", "winset sweep sweep.toml"),
        ],
    ),
    (
        "Day by day",
        &[
            ("moved", "winset moved us-iran-2025 --from 2025-04-14"),
            ("history", "winset history us-iran-2025"),
            ("belief", "winset belief us-iran-2025"),
            ("record", "winset record list us-iran-2025"),
        ],
    ),
    (
        "A case of your own",
        &[
            ("new", "winset new my-case --from us-iran-2025"),
            ("import", "winset import actors.csv -o my-case"),
            ("check", "winset check my-case"),
            ("export", "winset export my-case --to genius -o profiles"),
        ],
    ),
    (
        "From documents to the record",
        &[
            ("read", "winset read article.html --case my-case"),
            ("review", "winset review my-case"),
            ("mcp", "winset mcp my-case"),
            ("train", "winset train texts -o weights.crf"),
        ],
    ),
    (
        "Keeping score",
        &[
            ("log", "winset log add my-case"),
            ("resolve", "winset resolve my-case no --on 2025-06-30"),
            ("score", "winset score my-case"),
            ("lint", "winset lint brief.md"),
        ],
    ),
    (
        "Models and machines",
        &[
            ("class", "winset class"),
            ("spatial", "winset spatial us-iran-2025"),
            ("backtest", "winset backtest deu DIR"),
            ("ensemble", "winset ensemble plan my-case --draws 1000000 --out runs"),
            ("completions", "winset completions bash"),
        ],
    ),
];

/// Columns of the name of a verb.
const NAME: usize = 13;

/// The command with its verbs in groups, and an example at the end of the help of each.
pub(crate) fn command() -> clap::Command {
    let plain = Cli::command();
    let mut list = String::from("Commands:\n");
    for (title, verbs) in GROUPS {
        list.push_str(&format!(" {title}\n"));
        for (verb, example) in verbs {
            let Some(known) = plain.find_subcommand(verb) else { continue };
            let about = known.get_about().map(ToString::to_string).unwrap_or_default();
            let lines = wrapped(&about, COLUMNS - NAME - 2);
            for (k, line) in lines.iter().enumerate() {
                let name = if k == 0 { *verb } else { "" };
                list.push_str(&format!("  {name:<NAME$}{line}\n"));
            }
            list.push_str(&format!("  {:NAME$}$ {example}\n", ""));
        }
    }
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}\nArguments:\n{{positionals}}\n\n\
         Options:\n{{options}}{{after-help}}"
    );
    let examples = GROUPS.iter().flat_map(|(_, verbs)| verbs.iter());
    let known: Vec<String> = plain.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let verbs = examples.filter(|(verb, _)| known.iter().any(|name| name == verb));
    verbs.fold(plain.help_template(template), |all, (verb, example)| {
        all.mut_subcommand(*verb, |one| match one.get_after_help() {
            Some(_) => one,
            None => one.after_help(format!("Example:\n  $ {example}")),
        })
    })
}

/// Reads what was typed; what is no command ends the process as it always does, but for a word that was meant
/// to be a verb.
///
/// # Errors
/// The first word is neither a command nor a case, and close to a command.
pub(crate) fn parse() -> anyhow::Result<Cli> {
    let typed: Vec<OsString> = std::env::args_os().collect();
    if let Some(why) = typed.get(1).and_then(|word| left_out(word.to_str()?)) {
        return Err(Failure::Usage(why).into());
    }
    if let Some(verb) = typed.get(1).and_then(|word| meant(word.to_str()?)) {
        let word = typed[1].to_string_lossy();
        let why = format!(
            "`{word}` is neither a command nor a case\n\nhint: did you mean `winset {verb}`?"
        );
        return Err(Failure::Usage(why).into());
    }
    let matches = command().get_matches_from(typed);
    Ok(Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()))
}

/// Why a verb that this build leaves out is not there.
fn left_out(word: &str) -> Option<String> {
    let verb = GROUPS.iter().flat_map(|(_, verbs)| verbs.iter()).find(|(verb, _)| *verb == word)?.0;
    let known = Cli::command().find_subcommand(verb).is_some();
    let other = known || Path::new(word).exists();
    (!other).then(|| {
        let feature = if verb == "serve" { "serve" } else { "documents" };
        format!(
            "this build of winset has no `{verb}`\n\nhint: `cargo build --release --features {feature}` makes one that has"
        )
    })
}

/// The verb that a word is close to, where it is nothing else.
fn meant(word: &str) -> Option<&'static str> {
    let verbs = || GROUPS.iter().flat_map(|(_, verbs)| verbs.iter().map(|(verb, _)| *verb));
    let plain = word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let other = word.starts_with('-')
        || matches!(word, "help" | "schema")
        || verbs().any(|verb| verb == word)
        || Path::new(word).exists()
        || builtin::find(word).is_some();
    if !plain || other { None } else { closest(word, verbs()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_a_group_and_an_example_that_can_be_typed() {
        let command = Cli::command();
        let shown = |c: &&clap::Command| !c.is_hide_set() && c.get_name() != "help";
        let grouped = || GROUPS.iter().flat_map(|(_, verbs)| verbs.iter());
        for verb in command.get_subcommands().filter(shown) {
            assert!(grouped().any(|(name, _)| *name == verb.get_name()), "{}", verb.get_name());
        }
        for (verb, example) in grouped() {
            let here = command.get_subcommands().any(|known| known.get_name() == *verb);
            assert_eq!(left_out(verb).is_some(), !here, "{verb}");
            if !here {
                continue;
            }
            assert!(example.starts_with(&format!("winset {verb}")), "{example}");
            let read = Cli::command().try_get_matches_from(example.split(' '));
            assert!(
                read.is_ok(),
                "{example}: {}",
                read.err().map_or_else(String::new, |e| e.to_string())
            );
        }
    }

    #[test]
    fn a_word_near_a_verb_is_that_verb_and_a_case_is_a_case() {
        assert_eq!(meant("blocker"), Some("blockers"));
        assert_eq!(meant("brif"), Some("brief"));
        for word in
            ["brief", "us-iran-2025", "./brif", "brif.toml", "--json", "my-negotiation", "help"]
        {
            assert_eq!(meant(word), None, "{word}");
        }
    }
}
