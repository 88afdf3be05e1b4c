//! What a command says that writes files or opens an address.

use serde::Serialize;
use winset_files::actors::TableReading;

/// The files of a case or of other software that were written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FilesReport {
    /// `winset/new/1`, `winset/import/1` or `winset/export/1`.
    pub schema: &'static str,
    /// The files, in the order they were written; none where the text is printed.
    pub files: Vec<String>,
    /// The text of the case; `null` where it was written to a file.
    pub text: Option<String>,
    /// What to do next; `null` where there is nothing to do.
    pub next: Option<String>,
    /// What was read of a table of actors, and from where; left out where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<TableReading>,
}

/// Where the workbench answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServeReport {
    /// `winset/serve/1`.
    pub schema: &'static str,
    /// The address to open, with its token.
    pub address: String,
}

impl FilesReport {
    /// The same on a terminal.
    pub fn lines(&self) -> String {
        let files = self.files.iter().map(|file| format!("wrote {file}\n"));
        let next = self.next.iter().map(|next| format!("next: {next}\n"));
        files.chain(self.text.clone()).chain(next).collect()
    }
}
