//! When: endings by day, what each day adds, promises, force as an option.

use std::convert::Infallible;
use std::sync::Arc;

use maud::{Markup, html};
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, Run, Tally, promises, run_in};
use winset_page::chart::Figure;
use winset_page::text::{pc, points, short, signed, spoken};
use winset_report::forecast::view_of;
use winset_report::why::text::When;
use winset_report::{charts, why};

use super::{drawn, exported, fineness, number, table};
use crate::http::Reply;
use crate::link::{DRAWS, LinkState};
use crate::queue::{PageForecast, Stopped, read_tally};
use crate::router::{self, ReplyError, Visit};
use crate::store::LoadedCase;

/// Draws on which the page judges promises and force.
const GLANCE: u64 = 400;

/// What is asked of fewer draws than the forecast has; at most `most` of them.
async fn closer(
    visit: &Visit,
    loaded: &LoadedCase,
    answer: &PageForecast,
    most: u64,
) -> Result<why::Asked, ReplyError> {
    let (queue, seed) = (&visit.server.queue, visit.state.seed);
    let most = most.min(visit.state.draws.unwrap_or(DRAWS));
    let (compared, relied) = (most.min(why::COMPARED), most.min(why::RELIED));
    let inner = Arc::clone(&loaded.inner);
    let promises = queue.step(&visit.stop, move |threads, stop| {
        promises(&inner.case, seed, relied, Effort::silent(threads, stop))
    });
    let promises = promises.await?.ok_or(Stopped)?;
    let inner = Arc::clone(&loaded.inner);
    let without = queue.step(&visit.stop, move |threads, stop| {
        why::without_force(&inner.case, |case| {
            let run = Run { seed, draws: 0..compared };
            let tally: Tally = run_in(case, &run, Depth::Lean, Effort::silent(threads, stop));
            Ok::<_, Infallible>(read_tally(case, seed, &tally))
        })
    });
    let without = without.await?.unwrap_or_default();
    let dates = why::dates(loaded.case(), &answer.forecast);
    Ok(why::Asked { promises, without, compared, dates })
}

pub(crate) async fn html(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.quick(&loaded).await?;
    let closer = closer(&visit, &loaded, &answer, GLANCE).await?;
    let view = why::when_view(loaded.case(), &answer.forecast, &closer);
    let content = content(&loaded, &visit.state, &answer, &view);
    Ok(visit.html(&loaded, content))
}

pub(crate) async fn json(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.full(&loaded).await?;
    let closer = closer(&visit, &loaded, &answer, u64::MAX).await?;
    Ok(router::json(&why::when(&answer.forecast, &closer)))
}

pub(crate) async fn csv(visit: Visit) -> Result<Reply, ReplyError> {
    let loaded = visit.case()?;
    let f = visit.full(&loaded).await?.forecast;
    let rows = f.endings_by_day.iter().zip(&f.agreement).map(|(e, a)| {
        let shares = [e.agreement, e.interim, e.breakdown, e.force, e.suspension, e.open];
        std::iter::once(a.date.to_string()).chain(shares.map(|x| x.to_string())).collect()
    });
    let heads = ["date", "agreement", "interim", "breakdown", "force", "suspension", "open"];
    Ok(router::csv(&heads, rows))
}

pub(crate) async fn chart(visit: Visit) -> Result<Figure, ReplyError> {
    let loaded = visit.case()?;
    let answer = visit.full(&loaded).await?;
    Ok(charts::endings(loaded.case(), &answer.forecast))
}

fn content(loaded: &LoadedCase, state: &LinkState, answer: &PageForecast, w: &When) -> Markup {
    let v = view_of(loaded.case(), &answer.forecast);
    html! {
        (drawn(&charts::endings(loaded.case(), &answer.forecast)))
        (exported(&state.link("/when")))
        (table("P(agreement) by date", &["By", "P", "odds 5–95 %"], v.dates.iter().map(|row| vec![
            html! { (spoken(&row.date)) },
            number(state, &format!("agreement.{}", row.date), &pc(row.p)),
            html! { (winset_page::text::whole(row.lo)) "–" (pc(row.hi)) },
        ]).collect()))
        (fineness(state, answer))
        @if !w.dates.is_empty() {
            section {
                h2 { "Dates" }
                (table("What each day alone adds to P(agreement)", &["Date", "", "kind", "adds"], w.dates.iter().map(|d| vec![
                    html! { (spoken(&d.date)) }, html! { (d.name) }, html! { (d.kind) }, html! { (points(d.share)) },
                ]).collect()))
            }
        }
        @if !w.promises.is_empty() {
            section {
                h2 { "Promises" }
                (table("Exits a year: believed, and at which a side would just sign", &["Relies on it", "believed: median (5–95 %)", "would just sign at", "tight in"], w.promises.iter().map(|p| {
                    let three = |x: [f64; 3]| format!("{} ({}–{})", short(x[1]), short(x[0]), short(x[2]));
                    vec![html! { (p.side) }, html! { (three(p.believed)) }, html! { (three(p.critical)) }, html! { (pc(p.tight)) }]
                }).collect()))
            }
        }
        @if !w.force.is_empty() {
            section {
                h2 { "Force as an option" }
                (table("The answer with and without it, on the same random numbers", &["Option", "credible in", "with", "without", "points"], w.force.iter().map(|f| vec![
                    html! { (f.name) }, html! { (pc(f.credible)) }, html! { (pc(f.with)) }, html! { (pc(f.without)) }, html! { (signed(f.with - f.without)) },
                ]).collect()))
            }
        }
    }
}
