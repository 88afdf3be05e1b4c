//! Which address leads where.

use std::sync::Arc;

use hyper::{Method, StatusCode};
use maud::{Markup, html};

use super::Server;
use super::desk::{Told, Untold};
use super::http::{CSV, HTML, JSON, Pairs, Reply, Request, Stop, pairs};
use super::pages::{self, Frame};
use super::state::State;
use super::work::Stopped;
use super::{assets, edit, exports, leverage, live, questions, saves, views};
use winset_page::table::DataTable;
use winset_report::explain as reports;

/// A twin of a page for programs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Twin {
    Page,
    Json,
    Csv,
}

/// A reply, or nobody waits for it.
pub(super) type Answer = Result<Reply, Stopped>;

/// Answers a request that may ask.
pub(super) async fn route(server: Arc<Server>, request: Request) -> Reply {
    let answer = match request.method {
        Method::GET | Method::HEAD => get(&server, &request).await,
        Method::POST => saves::post(&server, &request).await,
        _ => Ok(Reply::refuse(StatusCode::METHOD_NOT_ALLOWED, "GET or POST")),
    };
    answer.unwrap_or_else(|Stopped| {
        Reply::refuse(StatusCode::SERVICE_UNAVAILABLE, "the workbench is closing")
    })
}

async fn get(server: &Arc<Server>, request: &Request) -> Answer {
    let path = request.path.as_str();
    if let Some(name) = path.strip_prefix("/assets/") {
        return Ok(assets::asset(name).unwrap_or_else(|| not_found(server)));
    }
    let state = match State::read(&request.query) {
        Ok(state) => state,
        Err(why) => return Ok(Reply::refuse(StatusCode::BAD_REQUEST, &why)),
    };
    if path == "/brief.html" {
        return questions::brief(server, request, &state).await;
    }
    for (ending, kind) in exports::KINDS {
        if let Some(page) = path.strip_suffix(ending) {
            return exports::chart(server, request, &state, page, kind).await;
        }
    }
    let (page, twin) = match path {
        path if path.ends_with(".json") => (&path[..path.len() - 5], Twin::Json),
        path if path.ends_with(".csv") => (&path[..path.len() - 4], Twin::Csv),
        path => (path, Twin::Page),
    };
    match page {
        "/" => return Ok(Reply::see(state.link("/overview"))),
        "/events" => return Ok(live::events(server)),
        "/refine" => return Ok(live::refine(server, request, state)),
        "/scenario" => return Ok(scenario(server, request, &state)),
        _ => {}
    }
    if let Some(asked) = page.strip_prefix("/ask/") {
        return Ok(live::ask(server, request, state, format!("/{asked}")));
    }
    if !server.desk.seen().exists && pages::PAGES.iter().any(|(address, _)| *address == page) {
        let content = pages::closer::start(&server.desk.place.name());
        return Ok(html_page(server, &state, None, "", "Start a case", content));
    }
    match page {
        "/overview" => overview(server, &state, twin).await,
        "/what-if" => what_if(server, request, &state, twin).await,
        "/explain" => explain(server, request, &state, twin).await,
        "/deals" => views::deals(server, &state, twin).await,
        "/blockers" => views::blockers(server, &state, twin).await,
        "/when" => views::when(server, &state, twin).await,
        "/record" => views::record(server, request, &state, twin),
        "/beliefs" => views::beliefs(server, &state, twin),
        "/compare" => views::compare(server, request, &state, twin).await,
        "/log" => views::log(server, &state, twin, None).await,
        "/method" => views::method(server, &state, twin).await,
        "/moved" => {
            questions::page(server, request, &state, ("/moved", "What moved it"), twin).await
        }
        "/drivers" => {
            questions::page(server, request, &state, ("/drivers", "What drives it"), twin).await
        }
        "/flip" => {
            questions::page(server, request, &state, ("/flip", "What would flip it"), twin).await
        }
        _ => Ok(not_found(server)),
    }
}

pub(super) fn html_page(
    server: &Server,
    state: &State,
    told: Option<&Told>,
    at: &'static str,
    title: &str,
    content: Markup,
) -> Reply {
    let frame = Frame { desk: &server.desk, state, told, at, title, query: None };
    Reply::ok(HTML, frame.page(content))
}

pub(super) fn not_found(server: &Server) -> Reply {
    let state = State { sets: Vec::new(), as_of: None, seed: 1, draws: None };
    let content =
        html! { p { "There is no such page. " a href="/overview" { "Back to the overview" } } };
    let mut reply = html_page(server, &state, None, "", "Not found", content);
    reply.status = StatusCode::NOT_FOUND;
    reply
}

/// Opens a saved scenario.
fn scenario(server: &Server, request: &Request, state: &State) -> Reply {
    let name = request.asked("name").unwrap_or("");
    match server.desk.folder().and_then(|folder| edit::scenario(folder, name)) {
        Some(sets) => Reply::see(State { sets, ..state.clone() }.link("/what-if")),
        None => not_found(server),
    }
}

/// JSON as the command prints it.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Reply {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    Reply::ok(JSON, text)
}

/// A table for spreadsheets.
pub(super) fn csv(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Reply {
    Reply::ok(CSV, DataTable::texts(heads, rows).csv())
}

/// The case in the state of a link, or the page that says why not.
pub(super) fn told(
    server: &Server,
    state: &State,
    at: &'static str,
    title: &str,
    twin: Twin,
) -> Result<Told, Reply> {
    server.desk.tell(state).map_err(|untold| untold_twin(server, state, &untold, at, title, twin))
}

/// The page that says why a case cannot be told.
pub(super) fn untold_reply(
    server: &Server,
    state: &State,
    untold: &Untold,
    at: &'static str,
    title: &str,
) -> Reply {
    untold_twin(server, state, untold, at, title, Twin::Page)
}

fn untold_twin(
    server: &Server,
    state: &State,
    untold: &Untold,
    at: &'static str,
    title: &str,
    twin: Twin,
) -> Reply {
    let mut reply = match twin {
        Twin::Page => {
            let frame = Frame { desk: &server.desk, state, told: None, at, title, query: None };
            let content = html! {
                p { "The case cannot be told. It is read again as soon as the files change." }
                (pages::problem::list(untold))
                (frame.changes())
            };
            Reply::ok(HTML, frame.page(content))
        }
        Twin::Json | Twin::Csv => {
            let list: Vec<_> = untold
                .findings
                .iter()
                .map(|d| {
                    serde_json::json!({
                        "code": d.code, "severity": d.severity, "file": d.file,
                        "message": d.message, "hint": d.hint,
                    })
                })
                .collect();
            json(&serde_json::json!({ "schema": "winset/diagnostics/1", "diagnostics": list }))
        }
    };
    reply.status = StatusCode::UNPROCESSABLE_ENTITY;
    reply
}

macro_rules! told {
    ($server:expr, $state:expr, $at:expr, $title:expr, $twin:expr) => {
        match told($server, $state, $at, $title, $twin) {
            Ok(told) => told,
            Err(reply) => return Ok(reply),
        }
    };
}

async fn overview(server: &Server, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/overview", "Overview", twin);
    let stop = Stop::default();
    if twin == Twin::Page {
        let answered = server.desk.work.quick(&told, state, &stop).await?;
        let content = pages::overview::content(&told, state, &answered);
        return Ok(html_page(server, state, Some(&told), "/overview", "Overview", content));
    }
    let f = server.desk.work.full(&told, state, &stop).await?.forecast;
    Ok(match twin {
        Twin::Csv => csv(
            &["date", "p", "lo", "hi"],
            f.agreement.iter().map(|a| {
                vec![a.date.to_string(), a.p.to_string(), a.lo.to_string(), a.hi.to_string()]
            }),
        ),
        _ => json(&*f),
    })
}

async fn what_if(server: &Arc<Server>, request: &Request, state: &State, twin: Twin) -> Answer {
    if let Some(path) = request.asked("path") {
        // A field's own form: what it says is laid over the state it was shown in.
        let shown: Pairs = pairs(request.asked("state").unwrap_or(""));
        let before = match State::read(&shown) {
            Ok(before) => before,
            Err(why) => return Ok(Reply::refuse(StatusCode::BAD_REQUEST, &why)),
        };
        let next = match request.asked("value").map(str::trim) {
            None | Some("") => before.without(path),
            Some(value) => before.with(path, value),
        };
        let place = format!("{}#f-{}", next.link("/what-if"), path.replace('.', "-"));
        return Ok(Reply::see(place));
    }
    let base_state = State { sets: Vec::new(), ..state.clone() };
    let base = told!(server, &base_state, "/what-if", "What-if", twin);
    let stop = Stop::default();
    let now = server.desk.tell(state);
    if twin == Twin::Page {
        let answered = match &now {
            Ok(told) => Some(server.desk.work.quick(told, state, &stop).await?),
            Err(_) => None,
        };
        let failed = now.is_err();
        let levers = leverage::of(server, &base, &base_state);
        let view = pages::what_if::View {
            base: &base,
            now: match (&now, &answered) {
                (Ok(told), Some(answered)) => Ok((told, answered)),
                (Err(untold), _) => Err(untold),
                (Ok(_), None) => return Err(Stopped),
            },
            leverage: levers.as_ref().map(|all| all.as_slice()),
            case: server.desk.place.name(),
            scenarios: edit::scenarios(server.desk.folder()),
        };
        let content = pages::what_if::content(state, &view);
        let mut reply = html_page(server, state, Some(&base), "/what-if", "What-if", content);
        if failed {
            reply.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        return Ok(reply);
    }
    let told = told!(server, state, "/what-if", "What-if", twin);
    Ok(match twin {
        Twin::Csv => csv(
            &["path", "q05", "q50", "q95", "changed"],
            told.loaded.case.inputs.iter().map(|i| {
                let q = |u| i.dist.quantile(u, i.scale).to_string();
                let changed = state.change(&i.path).is_some();
                vec![i.path.clone(), q(0.05), q(0.5), q(0.95), changed.to_string()]
            }),
        ),
        _ => json(&*server.desk.work.full(&told, state, &stop).await?.forecast),
    })
}

async fn explain(server: &Server, request: &Request, state: &State, twin: Twin) -> Answer {
    let told = told!(server, state, "/explain", "What is this?", twin);
    let path = request.asked("path").unwrap_or("answer.p");
    let page =
        |content| html_page(server, state, Some(&told), "/explain", "What is this?", content);
    if let Some(facts) = reports::input(&told.loaded, path) {
        return Ok(match twin {
            Twin::Page => {
                let written = edit::leaf(&told.seen.files.case.text, path);
                let editor = server.desk.folder().map(|_| {
                    pages::explain::editor(&told, state, path, written.as_deref().unwrap_or(""))
                });
                page(pages::explain::input(&told, state, &facts, editor))
            }
            _ => json(&facts),
        });
    }
    let case = &told.loaded.case;
    let missing = |why: String| {
        let mut reply = page(html! { p { (why) } });
        reply.status = StatusCode::NOT_FOUND;
        reply
    };
    let Some(equation) = reports::equation(path) else {
        let hint = reports::hint(case, path);
        return Ok(missing(format!("“{path}” is no number of the output; {hint}")));
    };
    let stop = Stop::default();
    let f = match twin {
        Twin::Page => server.desk.work.quick(&told, state, &stop).await?.forecast,
        _ => server.desk.work.full(&told, state, &stop).await?.forecast,
    };
    Ok(match (reports::output(case, &f, path, equation), twin) {
        (None, _) => missing(format!(
            "“{path}” is not in the forecast of this case; its pattern is “{}”",
            equation.path
        )),
        (Some(facts), Twin::Page) => page(pages::explain::output(&told, state, &facts)),
        (Some(facts), _) => json(&facts),
    })
}
