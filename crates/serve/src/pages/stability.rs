//! What would hold without a deal.

use maud::{Markup, html};
use winset_page::document::{Block, html_section};
use winset_report::stability::{StabilityReport, document};

use super::long::how;
use super::{drawn, exported};
use crate::http::Request;
use crate::queue::Job;
use crate::store::LoadedCase;

/// The job of a request.
pub(crate) fn job(_: &Request, _: &LoadedCase) -> Result<Job, String> {
    Ok(Job::Stability)
}

/// What stands above the answer.
pub(super) fn lead() -> Markup {
    html! {
        p class="note" {
            "What the sides can do alone, and where that comes to rest: the graph model of the case."
        }
    }
}

/// The answer, or why the case has no model.
pub(super) fn result(answer: &Result<StabilityReport, String>, link: &str) -> Markup {
    let report = match answer {
        Ok(report) => report,
        Err(why) => {
            let lines = why.lines().filter(|line| !line.is_empty());
            return html! { @for line in lines { p { (line) } } };
        }
    };
    let told = document(report);
    html! {
        @for (place, figure) in &told.figures {
            section id=(place) { (drawn(figure)) (exported(link)) }
        }
        @for mut section in told.sections.clone() {
            @let () = section.blocks.retain(|block| !matches!(block, Block::Figure(_)));
            (html_section(&section, &[]))
        }
        (how(report.draws, report.seed))
    }
}
