//! `winset deals` on a case: the classical solutions at its central values.

use winset_model::case::Case;
use winset_model::forecast::deal_space;
use winset_model::theory::domain::Domain;

use crate::deals::{DealsArgs, print, solved};
use crate::exit::Failure;
use crate::input;

/// Runs it.
pub(crate) fn run(args: &DealsArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let (mut report, mut view) = solved(&domain(&loaded.case)?)?;
    report.kind = "case";
    report.note = Some(note(&loaded.case));
    view.note.clone_from(&report.note);
    print(&report, &view, args.json)
}

/// The packages of a case at its central values.
pub(crate) fn domain(case: &Case) -> anyhow::Result<Domain> {
    deal_space(case).map_err(|e| {
        let hint = "name fewer levels, such as [model] grid = [0, 50, 100]";
        Failure::Invalid(format!("{}: {e}\n\nhint: {hint}", case.title)).into()
    })
}

fn note(case: &Case) -> String {
    let levels = match &case.switches.grid {
        Some(_) => "the levels of [model] grid",
        None => "five levels",
    };
    format!(
        "The case at its central values, {levels} of every issue; each side is its negotiator. \
         Red lines and ratification are not applied, and no range is: `winset forecast` does both."
    )
}
