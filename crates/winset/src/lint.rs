//! `winset lint`: the wording of a text.

use std::io::Write;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anyhow::Context;
use winset_files::bounded;
use winset_page::lint::{Finding, Options, lint};
use winset_page::plain::{placed, shown};
use winset_page::words::Lexicon;
use winset_report::lint::LintReport;

use crate::exit::{Failure, judged};
use crate::output::{print_json, wants_json};

/// `winset lint`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct LintArgs {
    /// The text: prose, Markdown or HTML; `-` reads what is piped in
    file: PathBuf,
    /// The lexicon it is to keep to [default: that of most of its words]
    #[arg(long, value_name = "NAME", value_parser = lexicon)]
    lexicon: Option<Lexicon>,
}

fn lexicon(text: &str) -> Result<Lexicon, String> {
    Lexicon::from_id(text).ok_or_else(|| {
        let names: Vec<&str> = Lexicon::ALL.iter().map(|l| l.id()).collect();
        format!("write one of {}", names.join(", "))
    })
}

/// Runs it.
pub(crate) fn run(args: &LintArgs) -> anyhow::Result<()> {
    let name = args.file.display().to_string();
    let bytes = if name == "-" {
        let bytes = bounded::rest(std::io::stdin().lock(), 0, bounded::TABLE);
        bytes.context("cannot read what is piped in")?
    } else {
        bounded::read(&args.file, bounded::TABLE).with_context(|| format!("cannot read {name}"))?
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::Invalid(format!("{name} is not UTF-8 text\n\nhint: save the file as UTF-8"))
    })?;
    let found = lint(&text, &Options { lexicon: args.lexicon });
    judged(said(&shown(&name), &placed(&text), &found), found.is_empty())
}

/// Prints what was found in a text.
fn said(name: &str, text: &str, found: &[Finding]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if wants_json() {
        print_json(&mut crate::output::door(), &LintReport::new(name, found))?;
    } else {
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let renderer =
            if crate::colour::on_stdout() { Renderer::styled() } else { Renderer::plain() };
        for f in found {
            let start = starts.get(f.line - 1).copied().unwrap_or(0);
            let at = |column: usize| {
                let rest = text[start..].char_indices().nth(column).map(|(at, _)| start + at);
                rest.unwrap_or(text.len())
            };
            let span = at(f.column - 1)..at(f.column - 1 + f.length);
            let title = Level::WARNING.primary_title(f.message.as_str()).id(f.code.id());
            let snippet =
                Snippet::source(text).path(name).annotation(AnnotationKind::Primary.span(span));
            let hint = Level::HELP.with_name("hint").message(f.hint.as_str());
            writeln!(out, "{}\n", renderer.render(&[title.element(snippet).element(hint)]))?;
        }
        let plural = if found.len() == 1 { "finding" } else { "findings" };
        writeln!(out, "{} {plural}", found.len())?;
    }
    Ok(out.flush()?)
}
