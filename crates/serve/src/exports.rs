//! The chart of a page as a file: drawn to publish, or as numbers.

use std::sync::Arc;

use super::Server;
use super::asked::Found;
use super::http::{CSV, Reply, Request, Stop};
use super::paired::paired;
use super::questions;
use super::routes::{Answer, Twin, not_found, told};
use super::state::State;
use super::views::sides;
use winset_report::brief::deal_map;
use winset_report::charts;

/// What a chart can be taken away as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Svg,
    Csv,
}

/// What the name of a page's chart ends in.
pub(super) const KINDS: [(&str, Kind); 2] = [(".svg", Kind::Svg), (".chart.csv", Kind::Csv)];

/// Width of a chart to publish, px.
const WIDTH: f64 = 760.0;

/// The chart of a page, of all draws.
pub(super) async fn chart(
    server: &Arc<Server>,
    request: &Request,
    state: &State,
    page: &str,
    kind: Kind,
) -> Answer {
    let stop = Stop::default();
    let told = |state: &State| told(server, state, "/overview", "Chart", Twin::Json);
    let figure = match page {
        "/overview" | "/when" | "/blockers" => {
            let told = match told(state) {
                Ok(told) => told,
                Err(reply) => return Ok(reply),
            };
            let f = server.desk.work.full(&told, state, &stop).await?.forecast;
            let draw = match page {
                "/overview" => charts::agreement,
                "/when" => charts::endings,
                _ => charts::blockers,
            };
            draw(&told.loaded.case, &f)
        }
        "/compare" => {
            let [a, b] = sides(&request.query, state);
            let (a, b) = match (told(&a), told(&b)) {
                (Ok(a), Ok(b)) => (a, b),
                (Err(reply), _) | (_, Err(reply)) => return Ok(reply),
            };
            let both = paired(&server.desk.work, &a, &b, state.seed, &stop).await?;
            charts::overlay(&b.loaded.case, &both.a, &both.b)
        }
        "/deals" => match told(state) {
            Ok(told) => match deal_map(&told.loaded.case) {
                Some(figure) => figure,
                None => return Ok(not_found(server)),
            },
            Err(reply) => return Ok(reply),
        },
        "/moved" | "/drivers" => {
            let told = match told(state) {
                Ok(told) => told,
                Err(reply) => return Ok(reply),
            };
            let found = match questions::answer(server, request, (&told, state), page).await? {
                Ok(found) => found,
                Err(reply) => return Ok(reply),
            };
            match &*found {
                Found::Moved(found) => charts::moved(&told.loaded.case, found),
                Found::Drivers(found) => charts::tornado(&told.loaded.case, found),
                Found::Flip(_) | Found::Brief(_) => return Ok(not_found(server)),
            }
        }
        _ => return Ok(not_found(server)),
    };
    Ok(match kind {
        Kind::Svg => Reply::ok("image/svg+xml", figure.standalone_svg(WIDTH)),
        Kind::Csv => Reply::ok(CSV, figure.csv()),
    })
}
