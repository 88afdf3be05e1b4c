//! Which field of the entry form a finding is about.

use winset_files::diagnostic::Diagnostic;

/// The column a finding is about, so that it stands beside its field; empty where it is about none.
///
/// The code says it where it belongs to one column; else the word in backticks that the message names
/// it by would have to be read, so such findings stand above the form.
pub(super) fn column(d: &Diagnostic) -> &'static str {
    match d.code {
        "grade" => "grade",
        "kind" => "kind",
        "date" | "said-after-entered" => "said",
        "duplicate-id" => "id",
        "off-scale" | "number" | "range" | "record" => "value",
        _ => "",
    }
}
