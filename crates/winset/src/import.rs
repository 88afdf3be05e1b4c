//! `winset import`: files of other software become a case to go on with.

use crate::cli::ImportArgs;
use crate::exit::Failure;
use crate::{deals, import_domain};

/// Runs it.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<()> {
    if let Some(folder) = deals::domain_folder(&args.table) {
        return import_domain::run(&folder, args.output.as_deref());
    }
    // Reading says what is wrong with a path that leads nowhere.
    let said = std::fs::metadata(&args.table);
    anyhow::Context::with_context(said, || format!("cannot read {}", args.table.display()))?;
    Err(Failure::Invalid(format!(
        "{} is no domain of Genius\n\nhint: give a folder with one XML file whose root is \
         `<negotiation_template>` and the profiles beside it",
        args.table.display()
    ))
    .into())
}
