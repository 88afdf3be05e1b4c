//! `winset train`: weights for the reading of statements, from texts that people annotated.

use std::path::PathBuf;

use winset_report::read::TrainReport;
use winset_text::crf::train;

use crate::exit::Failure;
use crate::output::{print_text, say, wants_json};

/// `winset train`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct TrainArgs {
    /// A folder of texts with annotations beside them, in the format of BRAT
    folder: PathBuf,
    /// The file to write the weights to
    #[arg(short, long, value_name = "FILE", default_value = "statements.crf")]
    output: PathBuf,
}

/// Runs it.
pub(crate) fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let trained = train(&args.folder, &args.output).map_err(|e| Failure::Invalid(e.to_string()))?;
    let report = TrainReport {
        schema: "winset/train/1",
        file: args.output.display().to_string(),
        texts: trained.documents,
        attributions: trained.attributions,
        bytes: trained.bytes,
    };
    print_text(&report, || {
        let (texts, marked) = (report.texts, report.attributions);
        format!("wrote {}, from {texts} texts with {marked} attributions\n", report.file)
    })?;
    if !wants_json() {
        say!("\nhint: `winset read --model {} FILE` reads with it", report.file);
    }
    Ok(())
}
