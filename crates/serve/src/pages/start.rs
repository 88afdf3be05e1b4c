//! An empty folder: a case to start from.

use std::path::Path;

use hyper::StatusCode;
use maud::{Markup, html};
use winset_report::diagnostics::{ErrorReport, no_case};

use super::PageFrame;
use crate::http::{HTML, JSON, Reply};
use crate::router::{PageFormat, Visit};

/// The page in place of all others; in place of twins what the command prints on stderr.
pub(crate) fn reply(visit: &Visit) -> Reply {
    let folder = visit.server.store.place.name();
    if visit.format != PageFormat::Html {
        let report = ErrorReport::new(2, no_case(Path::new(&folder)));
        let line = format!("{}\n", report.line());
        return Reply::new(StatusCode::UNPROCESSABLE_ENTITY, JSON, line);
    }
    let frame = PageFrame { page: None, title: "Start a case", ..visit.frame(None) };
    Reply::ok(HTML, frame.page(content(&folder)))
}

fn content(folder: &str) -> Markup {
    html! {
        p { "The folder " code { (folder) } " holds no case yet. Start from" }
        form method="post" action="/new" class="actions" {
            button type="submit" name="from" value="template" class="first" { "a template, explained in its comments" }
            @for case in &winset_files::builtin::CASES {
                button type="submit" name="from" value=(case.slug) { "the finished case " (case.slug) }
            }
        }
        p class="note" { "Either writes plain files into the folder: case.toml, and record.csv where there is a record." }
    }
}
