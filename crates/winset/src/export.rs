//! `winset export`: a case at its central values as files of other software.

use std::path::PathBuf;

use anyhow::Context;
use winset_files::genius::{
    Description, IssueDescription, ProfileDescription, write_domain, write_profile,
};
use winset_model::theory::additive::{Written, written};
use winset_model::theory::domain::{Side, Utility};
use winset_report::written::FilesReport;

use crate::exit::Failure;
use crate::input::CaseArgs;
use crate::output::{print_files, say};
use crate::{deals, input};
use winset_files::atomic;

/// A file with more values than this could not be read back.
const MOST_VALUES: usize = 50_000;

/// `winset export`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    /// The software that is to read it
    #[arg(long, value_enum)]
    pub(crate) to: Format,
    /// The folder to write, new or empty
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: PathBuf,
}

/// What can be written.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A negotiation domain with one profile for each negotiator
    Genius,
}

/// Runs it.
pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case)?;
    let folder = &args.output;
    if folder.exists() && !std::fs::read_dir(folder).is_ok_and(|mut all| all.next().is_none()) {
        let why = format!("{} is there and not empty; nothing was changed", folder.display());
        return Err(Failure::Refused(why).into());
    }
    let domain = deals::of_central(&loaded.case)?;
    let made = written(&domain).map_err(|e| Failure::Invalid(e.to_string()))?;
    let files = match args.to {
        Format::Genius => files(&made)?,
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        atomic::write(&path, text.as_bytes())?;
        paths.push(path.display().to_string());
    }
    print_files(&FilesReport {
        schema: "winset/export/1",
        files: paths,
        text: None,
        next: None,
        read: None,
    })?;
    remarks(&made);
    Ok(())
}

/// The files of a domain: name and text.
fn files(made: &Written) -> anyhow::Result<Vec<(String, String)>> {
    let domain = &made.domain;
    let values: usize = domain.issues().iter().map(|issue| issue.values.len()).sum();
    if values > MOST_VALUES {
        let why = format!(
            "the domain would have {values} values, more than the {MOST_VALUES} a file can \
             hold\n\nhint: name fewer levels, such as [model] grid = [0, 50, 100]"
        );
        return Err(Failure::Invalid(why).into());
    }
    let description = Description {
        name: domain.name().to_owned(),
        issues: domain
            .issues()
            .iter()
            .map(|issue| IssueDescription {
                name: issue.name.clone(),
                values: issue.values.clone(),
            })
            .collect(),
    };
    // No id of an actor has an underscore.
    let mut files = vec![("negotiation_domain.xml".to_owned(), write_domain(&description))];
    for side in domain.sides() {
        let text = profile(side)
            .and_then(|profile| write_profile(&description, &profile))
            .with_context(|| format!("the numbers of {} cannot be written", side.name))?;
        files.push((format!("{}.xml", side.name), text));
    }
    Ok(files)
}

/// Weights are the largest parts, so that dividing by the largest evaluation restores every part.
fn profile(side: &Side) -> Option<ProfileDescription> {
    let Utility::Additive(parts) = &side.utility else { return None };
    let most = |part: &Vec<f64>| part.iter().copied().fold(0.0, f64::max);
    let weights: Vec<f64> = parts.iter().map(most).collect();
    let evaluations = parts
        .iter()
        .zip(&weights)
        // Where nothing is at stake any evaluation but zero will do: readers divide by it.
        .map(|(part, weight)| if *weight > 0.0 { part.clone() } else { vec![1.0; part.len()] })
        .collect();
    Some(ProfileDescription { weights, evaluations, reservation: side.reservation, discount: None })
}

fn remarks(made: &Written) {
    if made.joined {
        say!(
            "note: what a package is worth is no sum over issues here (a promise or an audience \
             cost ties them), so every package is one value of a single issue"
        );
    }
    let moved = made.shift.iter().any(|shift| *shift != 0.0);
    if moved || made.scale != 1.0 {
        let each = made.domain.sides().iter().zip(&made.shift);
        let shifts: Vec<String> =
            each.map(|(side, shift)| format!("{} {shift:.6}", side.name)).collect();
        say!(
            "note: utilities are (v + shift)/{:.6}, as the format knows none below 0 or above 1; \
             shift: {}",
            made.scale,
            shifts.join(", ")
        );
    }
}
