//! The pages beside the overview and what-if: computed, and their twins.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use hyper::StatusCode;
use maud::html;
use winset_model::effort::Effort;
use winset_model::forecast::{Depth, Run, Tally, deals as judge, promises, run_in};

use super::desk::Told;
use super::http::{CSV, HTML, JSON, Pairs, Reply, Request, Stop, TEXT};
use super::pages::{self, Frame, closer, log as log_page, record};
use super::paired::paired;
use super::questions::query;
use super::routes::{Answer, Twin, csv, html_page, json, told, untold_reply};
use super::state::State;
use super::work::{Answered, read};
use super::{Server, edit};
use winset_report::belief::Choice;
use winset_report::brief::deal_map;
use winset_report::{blockers as blocking, deals as packages, explain, when as dated};

/// Draws on which a page judges packages and force; a twin takes as many as the command.
const GLANCE: u64 = 400;

/// Draws on which the command judges packages.
const JUDGED: u64 = 1_000;

macro_rules! told {
    ($server:expr, $state:expr, $at:expr, $title:expr, $twin:expr) => {
        match told($server, $state, $at, $title, $twin) {
            Ok(told) => told,
            Err(reply) => return Ok(reply),
        }
    };
}

/// The answer a page shows, or a twin's.
async fn answered(
    server: &Server,
    told: &Told,
    state: &State,
    twin: Twin,
) -> Result<Answered, super::work::Stopped> {
    let stop = Stop::default();
    match twin {
        Twin::Page => server.desk.work.quick(told, state, &stop).await,
        _ => server.desk.work.full(told, state, &stop).await,
    }
}

pub(super) async fn deals(server: &Server, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/deals", "Deals", twin);
    let stop = Stop::default();
    let draws = state.draws.unwrap_or(if twin == Twin::Page { GLANCE } else { JUDGED });
    let (loaded, seed) = (Arc::clone(&told.loaded), state.seed);
    let work = move |threads, stop: &AtomicBool| {
        let case = &loaded.case;
        let judged = judge(case, seed, draws, Effort::silent(threads, stop))?;
        Some((packages::space(case), judged, deal_map(case)))
    };
    let judged = server.desk.work.take_turn(&stop, work).await?;
    let (report, judged, map) = judged.ok_or(super::work::Stopped)?;
    let case = &told.loaded.case;
    Ok(match (twin, report) {
        (Twin::Page, report) => {
            let content = closer::deals(case, state, &judged, report.ok().as_ref(), map.as_ref());
            html_page(server, state, Some(&told), "/deals", "Deals", content)
        }
        (Twin::Json, Ok(space)) => json(&packages::report(case, seed, space, judged)),
        (Twin::Json, Err(why)) => Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, &why),
        (Twin::Csv, _) => Reply::ok(CSV, packages::table(case, &judged).csv()),
    })
}

pub(super) async fn blockers(server: &Server, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/blockers", "Blockers", twin);
    let answered = answered(server, &told, state, twin).await?;
    let f = &answered.forecast;
    Ok(match twin {
        Twin::Page => {
            let content = html! {
                div id="outputs" aria-busy="false" data-whole=(answered.whole) { (closer::blockers(&told, state, &answered)) }
                section {
                    h2 { "What would flip it" }
                    (pages::asked::flip_form(state, 0.5))
                }
            };
            html_page(server, state, Some(&told), "/blockers", "Blockers", content)
        }
        Twin::Json => json(&blocking::report(f)),
        Twin::Csv => csv(
            &["actor", "side", "block", "walk", "banzhaf", "shapley"],
            f.blockers.iter().map(|b| {
                let numbers = [b.block, b.walk, b.banzhaf, b.shapley].map(|x| x.to_string());
                [b.actor.clone(), b.side.clone()].into_iter().chain(numbers).collect()
            }),
        ),
    })
}

pub(super) async fn when(server: &Server, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/when", "When", twin);
    let answered = answered(server, &told, state, twin).await?;
    let f = &answered.forecast;
    if twin == Twin::Csv {
        return Ok(csv(
            &["date", "agreement", "interim", "breakdown", "force", "suspension", "open"],
            f.endings_by_day.iter().zip(&f.agreement).map(|(e, a)| {
                let shares = [e.agreement, e.interim, e.breakdown, e.force, e.suspension, e.open];
                std::iter::once(a.date.to_string()).chain(shares.map(|x| x.to_string())).collect()
            }),
        ));
    }
    let stop = Stop::default();
    let most = state.draws.unwrap_or(super::state::DRAWS);
    let compared = most.min(if twin == Twin::Page { GLANCE } else { dated::COMPARED });
    let relied = most.min(if twin == Twin::Page { GLANCE } else { dated::RELIED });
    let (loaded, seed) = (Arc::clone(&told.loaded), state.seed);
    let work = &server.desk.work;
    let promises = work
        .take_turn(&stop, move |threads, stop| {
            promises(&loaded.case, seed, relied, Effort::silent(threads, stop))
        })
        .await?
        .ok_or(super::work::Stopped)?;
    let loaded = Arc::clone(&told.loaded);
    let without = work
        .take_turn(&stop, move |threads, stop| {
            dated::without_force(&loaded.case, compared, |case| {
                let run = Run { seed, draws: 0..compared };
                let tally: Tally = run_in(case, &run, Depth::Lean, Effort::silent(threads, stop));
                Ok::<_, std::convert::Infallible>(read(case, seed, &tally))
            })
        })
        .await?;
    let without = without.unwrap_or_default();
    let report = dated::report(&told.loaded.case, f, promises, without);
    Ok(match twin {
        Twin::Page => {
            let content = closer::when(&told, state, &answered, &report);
            html_page(server, state, Some(&told), "/when", "When", content)
        }
        _ => json(&report),
    })
}

pub(super) fn beliefs(server: &Server, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/beliefs", "Beliefs", twin);
    let beliefs = closer::recorded(&told);
    let loaded = &told.loaded;
    let view = match winset_report::belief::view_of(&loaded.case, &loaded.record, Choice::default())
    {
        Ok(view) => view,
        Err(why) => return Ok(Reply::refuse(StatusCode::UNPROCESSABLE_ENTITY, &why)),
    };
    Ok(match twin {
        Twin::Page => {
            let content = closer::beliefs(&told, state, &view);
            html_page(server, state, Some(&told), "/beliefs", "Beliefs", content)
        }
        Twin::Json => json(&view),
        Twin::Csv => csv(
            &[
                "path",
                "written",
                "q05",
                "q50",
                "q95",
                "later_q05",
                "later_q50",
                "later_q95",
                "rests_on",
            ],
            beliefs.iter().map(|b| {
                let numbers = b.now.iter().chain(&b.later).map(f64::to_string);
                let mut row = vec![b.path.clone(), b.written.clone()];
                row.extend(numbers);
                row.push(b.rests_on.join(" "));
                row
            }),
        ),
    })
}

pub(super) async fn method(server: &Server, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/method", "Method", twin);
    let answered = answered(server, &told, state, twin).await?;
    let f = &answered.forecast;
    Ok(match twin {
        Twin::Page => {
            let content = html! {
                div id="outputs" aria-busy="false" data-whole=(answered.whole) { (closer::method(&told, state, &answered)) }
            };
            html_page(server, state, Some(&told), "/method", "Method", content)
        }
        Twin::Json => json(&explain::method(f)),
        Twin::Csv => csv(
            &["name", "value", "q05", "q95", "unit", "halved", "raised", "source"],
            f.coefficients.iter().map(|c| {
                let numbers = [c.value, c.range[0], c.range[1]].map(|x| x.to_string());
                let mut row = vec![c.name.to_owned()];
                row.extend(numbers);
                row.push(c.unit.to_owned());
                row.extend(c.effect.map(|x| x.to_string()));
                row.push(c.source.clone());
                row
            }),
        ),
    })
}

pub(super) fn record(server: &Server, request: &Request, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/record", "Record", twin);
    let files = &told.seen.files;
    Ok(match twin {
        Twin::Page => {
            let mut form = record::Form {
                revision: told.seen.revisions.get("record.csv").cloned().unwrap_or_default(),
                writes: server.desk.folder().is_some(),
                ..record::Form::default()
            };
            if let Some(many) = request.asked("saved") {
                let rows = if many == "1" { "The entry is" } else { "The entries are" };
                form.said = Some(format!("{rows} saved in record.csv."));
            } else if let Some(draft) = edit::draft(server.desk.folder(), "record") {
                let of = |name: &str| super::http::first(&draft, name).unwrap_or("").to_owned();
                form.paste = of("paste");
                form.fields = winset_files::record::COLUMNS
                    .iter()
                    .map(|c| ((*c).to_owned(), of(c)))
                    .filter(|(_, v)| !v.is_empty())
                    .collect();
                form.said = Some("An entry that was not saved was kept; here it is.".to_owned());
            }
            let content = record::content(&told, state, &request.query, &form);
            html_page(server, state, Some(&told), "/record", "Record", content)
        }
        // As it stands on disk, to the byte.
        Twin::Csv => Reply::ok(CSV, edit::text(files, "record.csv").to_owned()),
        Twin::Json => {
            let case = &told.loaded.case;
            let rows: Vec<_> = record::chosen(&told, &request.query)
                .iter()
                .map(|e| {
                    serde_json::json!({
                        "id": e.id, "said": e.said.written, "entered": e.entered,
                        "speaker": e.speaker.map(|a| &case.actors[a].id),
                        "issue": e.issue.map(|j| &case.issues[j].id),
                        "kind": e.kind.name(), "value": e.value.as_ref().map(pages::names::written),
                        "channel": e.channel, "audience": e.audience, "source": e.source,
                        "grade": e.grade.map(|g| g.to_string()), "origin": e.origin,
                        "contradicts": e.contradicts, "supersedes": e.supersedes, "text": e.text,
                        "link": e.link, "note": e.note,
                    })
                })
                .collect();
            json(&serde_json::json!({ "schema": "winset/record/1", "entries": rows }))
        }
    })
}

/// The two lists of a comparison: `a=…&b=…`, or both as lines of a form.
fn lists(query: &Pairs) -> [Vec<String>; 2] {
    let all = |one: &str, lines: &str| {
        let plain = query.iter().filter(|(n, _)| n == one).map(|(_, v)| v.clone());
        let typed = query.iter().filter(|(n, _)| n == lines).flat_map(|(_, v)| v.lines());
        let typed = typed.map(|l| l.trim().to_owned()).filter(|l| !l.is_empty());
        plain.chain(typed).collect()
    };
    [all("a", "as"), all("b", "bs")]
}

/// The two states of a comparison.
pub(super) fn sides(query: &Pairs, state: &State) -> [State; 2] {
    let [a, mut b] = lists(query);
    if b.is_empty() {
        // Without lists of its own: the changes of the link against the case.
        b.clone_from(&state.sets);
    }
    [a, b].map(|sets| State { sets, draws: None, ..state.clone() })
}

pub(super) async fn compare(
    server: &Server,
    request: &Request,
    state: &State,
    twin: Twin,
) -> Answer {
    let [a, b] = sides(&request.query, state);
    let x = told!(server, &a, "/compare", "Compare", twin);
    let y = told!(server, &b, "/compare", "Compare", twin);
    let stop = Stop::default();
    let both = paired(&server.desk.work, &x, &y, state.seed, &stop).await?;
    Ok(match twin {
        Twin::Page => {
            let content = pages::compare::content((&x, &a), (&y, &b), &both);
            let query = query(request);
            let frame = Frame {
                desk: &server.desk,
                state: &b,
                told: Some(&y),
                at: "/compare",
                title: "Compare",
                query: Some(&query),
            };
            Reply::ok(HTML, frame.page(content))
        }
        Twin::Json => json(&serde_json::json!({
            "schema": "winset/compare/1", "a": a.sets, "b": b.sets, "seed": state.seed,
            "draws": both.a.draws,
            "fingerprints": [both.a.fingerprint, both.b.fingerprint],
            "deltas": both.deltas.iter().map(|d| serde_json::json!({
                "path": d.path, "a": d.a, "b": d.b, "delta": d.b - d.a, "error": d.error,
            })).collect::<Vec<_>>(),
        })),
        Twin::Csv => csv(
            &["path", "a", "b", "delta", "error"],
            both.deltas.iter().map(|d| {
                let numbers = [d.a, d.b, d.b - d.a, d.error].map(|x| x.to_string());
                std::iter::once(d.path.to_owned()).chain(numbers).collect()
            }),
        ),
    })
}

/// Runs a command of winset on the case folder: what the log page does is what a person would type.
async fn command(server: &Server, arguments: Vec<String>) -> log_page::Done {
    let Some(folder) = server.desk.folder() else { return log_page::Done::default() };
    let folder = folder.to_path_buf();
    let shown = format!("winset {}", arguments.join(" "));
    let run = move || {
        let mut command = std::process::Command::new(std::env::current_exe()?);
        command.args(&arguments).current_dir(folder).stdin(std::process::Stdio::null()).output()
    };
    let (ok, output) = match tokio::task::spawn_blocking(run).await {
        Ok(Ok(out)) => {
            let text = [out.stdout, out.stderr].map(|t| String::from_utf8_lossy(&t).into_owned());
            (out.status.success(), text.concat())
        }
        Ok(Err(error)) => (false, error.to_string()),
        Err(error) => (false, error.to_string()),
    };
    log_page::Done { command: shown, ok, output, fields: Vec::new() }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

pub(super) async fn log(
    server: &Server,
    state: &State,
    twin: Twin,
    done: Option<log_page::Done>,
) -> Answer {
    let told = match server.desk.tell(state) {
        Ok(told) => told,
        Err(untold) => return Ok(untold_reply(server, state, &untold, "/log", "Log and score")),
    };
    let twin_of = |kind, done: log_page::Done| match done.ok {
        true => Reply::ok(kind, done.output),
        false => Reply::new(StatusCode::UNPROCESSABLE_ENTITY, TEXT, done.output),
    };
    match twin {
        Twin::Json => {
            return Ok(twin_of(JSON, command(server, words(&["log", "list", "--json"])).await));
        }
        Twin::Csv => return Ok(twin_of(CSV, command(server, words(&["log", "export"])).await)),
        Twin::Page => {}
    }
    let log = server.desk.folder().and_then(|f| winset_files::log::read(&f.join("log.jsonl")).ok());
    let resolved = log.as_ref().is_some_and(|l| l.entries.iter().any(|e| e.outcome.is_some()));
    let score = match resolved {
        true => Some(command(server, words(&["score"])).await.output),
        false => None,
    };
    let content = log_page::content(log.as_ref(), done.as_ref(), score.as_deref());
    let mut reply = html_page(server, state, Some(&told), "/log", "Log and score", content);
    if done.is_some_and(|d| !d.ok) {
        reply.status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(reply)
}

/// Adds to the log, reaffirms, resolves.
pub(super) async fn save_log(server: &Server, request: &Request, state: &State) -> Answer {
    let mut arguments = match request.field("do") {
        "add" => words(&["log", "add"]),
        "reaffirm" => words(&["log", "reaffirm"]),
        "resolve" => {
            let mut list = words(&["resolve"]);
            list.push(format!("--on={}", request.field("on")));
            list
        }
        _ => return Ok(Reply::refuse(StatusCode::BAD_REQUEST, "add, reaffirm or resolve")),
    };
    for name in ["author", "reason"] {
        let value = request.field(name).trim();
        if !value.is_empty() {
            arguments.push(format!("--{name}={value}"));
        }
    }
    if request.field("do") == "resolve" {
        // Last, behind the sign that no option follows.
        let (question, outcome) = (request.field("question"), request.field("outcome"));
        arguments.extend(["--".to_owned(), question.to_owned(), outcome.to_owned()]);
    }
    let mut done = command(server, arguments).await;
    done.fields.clone_from(&request.form);
    if let (true, Some(folder)) = (done.ok, server.desk.folder()) {
        edit::forget_draft(folder, "log");
        server.desk.look();
    }
    log(server, state, Twin::Page, Some(done)).await
}
