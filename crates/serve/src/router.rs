//! Which address leads where: one row a page, from which the row of links, the twins for programs,
//! the exports and the titles follow.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::{Method, StatusCode};
use maud::{Markup, html};
use winset_page::chart::Figure;
use winset_page::table::DataTable;
use winset_report::diagnostics::{DiagnosticsReport, ErrorReport};

use crate::http::{CSV, HTML, JSON, Reply, Request, SVG, Stop};
use crate::link::LinkState;
use crate::pages::{
    self, PageFrame, beliefs, blockers, classes, compare, deals, drivers, explain, flip, history,
    log, long, method, moved, overview, record, stability, variants, what_if, when,
};
use crate::queue::{Ghost, Job, JobError, PageForecast, Stopped};
use crate::store::{BrokenCase, LoadedCase};
use crate::{Server, assets, events, forms, scenarios};

/// What is awaited.
type Pending<T> = Pin<Box<dyn Future<Output = Result<T, ReplyError>> + Send>>;

/// Answers a visit.
type Handler = fn(Visit) -> Pending<Reply>;

/// What a request asks that takes long; in words what is wrong with it.
type JobHandler = fn(&Request, &LoadedCase) -> Result<Job, String>;

/// Draws the chart of a page.
type ChartHandler = fn(Visit) -> Pending<Figure>;

/// The outputs of a page, made from a forecast.
pub(crate) type Outputs = fn(&LoadedCase, &LinkState, &PageForecast, Option<&Ghost>) -> Markup;

/// A page of the workbench.
pub(crate) struct Page {
    /// Where it is; its twins for programs are there with an ending.
    pub(crate) address: &'static str,
    /// What the row of links calls it; empty where only numbers lead to it.
    pub(crate) name: &'static str,
    /// What stands above it.
    pub(crate) title: &'static str,
    /// Answers a reader.
    html: Handler,
    /// What the command prints.
    json: Handler,
    /// A table for spreadsheets.
    csv: Handler,
    /// Its chart, to be taken away.
    chart: Option<ChartHandler>,
    /// What gets finer while one looks.
    outputs: Option<Outputs>,
    /// The question it asks, where the answer takes longer than a page should.
    pub(crate) job: Option<JobHandler>,
}

/// Every page, in the order of the row of links.
pub(crate) static PAGES: [Page; 18] = [
    Page {
        address: "/overview",
        name: "Overview",
        title: "Overview",
        html: |visit| Box::pin(overview::html(visit)),
        json: |visit| Box::pin(overview::json(visit)),
        csv: |visit| Box::pin(overview::csv(visit)),
        chart: Some(|visit| Box::pin(overview::chart(visit))),
        outputs: Some(overview::outputs),
        job: None,
    },
    Page {
        address: "/deals",
        name: "Deals",
        title: "Deals",
        html: |visit| Box::pin(deals::html(visit)),
        json: |visit| Box::pin(long::json(visit)),
        csv: |visit| Box::pin(long::csv(visit)),
        chart: Some(|visit| Box::pin(deals::chart(visit))),
        outputs: Some(deals::outputs),
        job: Some(deals::job),
    },
    Page {
        address: "/blockers",
        name: "Blockers",
        title: "Blockers",
        html: |visit| Box::pin(blockers::html(visit)),
        json: |visit| Box::pin(blockers::json(visit)),
        csv: |visit| Box::pin(blockers::csv(visit)),
        chart: Some(|visit| Box::pin(blockers::chart(visit))),
        outputs: Some(blockers::outputs),
        job: None,
    },
    Page {
        address: "/when",
        name: "When",
        title: "When",
        html: |visit| Box::pin(when::html(visit)),
        json: |visit| Box::pin(when::json(visit)),
        csv: |visit| Box::pin(when::csv(visit)),
        chart: Some(|visit| Box::pin(when::chart(visit))),
        outputs: Some(when::outputs),
        job: None,
    },
    Page {
        address: "/stability",
        name: "No deal",
        title: "What would hold without a deal",
        html: |visit| Box::pin(long::html(visit)),
        json: |visit| Box::pin(long::json(visit)),
        csv: |visit| Box::pin(long::csv(visit)),
        chart: Some(|visit| Box::pin(long::chart(visit))),
        outputs: None,
        job: Some(stability::job),
    },
    Page {
        address: "/record",
        name: "Record",
        title: "Record",
        html: |visit| Box::pin(record::html(visit)),
        json: |visit| Box::pin(record::json(visit)),
        csv: |visit| Box::pin(record::csv(visit)),
        chart: None,
        outputs: None,
        job: None,
    },
    Page {
        address: "/beliefs",
        name: "Beliefs",
        title: "Beliefs",
        html: |visit| Box::pin(beliefs::html(visit)),
        json: |visit| Box::pin(beliefs::json(visit)),
        csv: |visit| Box::pin(beliefs::csv(visit)),
        chart: None,
        outputs: None,
        job: None,
    },
    Page {
        address: "/moved",
        name: "Moved",
        title: "What moved it",
        html: |visit| Box::pin(long::html(visit)),
        json: |visit| Box::pin(long::json(visit)),
        csv: |visit| Box::pin(long::csv(visit)),
        chart: Some(|visit| Box::pin(long::chart(visit))),
        outputs: None,
        job: Some(moved::job),
    },
    Page {
        address: "/history",
        name: "History",
        title: "The number day by day",
        html: |visit| Box::pin(long::html(visit)),
        json: |visit| Box::pin(long::json(visit)),
        csv: |visit| Box::pin(long::csv(visit)),
        chart: Some(|visit| Box::pin(long::chart(visit))),
        outputs: None,
        job: Some(history::job),
    },
    Page {
        address: "/drivers",
        name: "Drivers",
        title: "What drives it",
        html: |visit| Box::pin(long::html(visit)),
        json: |visit| Box::pin(long::json(visit)),
        csv: |visit| Box::pin(long::csv(visit)),
        chart: Some(|visit| Box::pin(long::chart(visit))),
        outputs: None,
        job: Some(drivers::job),
    },
    Page {
        address: "/flip",
        name: "Flip",
        title: "What would flip it",
        html: |visit| Box::pin(long::html(visit)),
        json: |visit| Box::pin(long::json(visit)),
        csv: |visit| Box::pin(long::csv(visit)),
        chart: None,
        outputs: None,
        job: Some(flip::job),
    },
    Page {
        address: "/what-if",
        name: "What-if",
        title: "What-if",
        html: |visit| Box::pin(what_if::html(visit)),
        json: |visit| Box::pin(overview::json(visit)),
        csv: |visit| Box::pin(what_if::csv(visit)),
        chart: None,
        outputs: Some(what_if::outputs),
        job: None,
    },
    Page {
        address: "/scenarios",
        name: "Scenarios",
        title: "Scenarios",
        html: |visit| Box::pin(variants::html(visit)),
        json: |visit| Box::pin(variants::json(visit)),
        csv: |visit| Box::pin(variants::csv(visit)),
        chart: None,
        outputs: None,
        job: None,
    },
    Page {
        address: "/compare",
        name: "Compare",
        title: "Compare",
        html: |visit| Box::pin(compare::html(visit)),
        json: |visit| Box::pin(compare::json(visit)),
        csv: |visit| Box::pin(compare::csv(visit)),
        chart: Some(|visit| Box::pin(compare::chart(visit))),
        outputs: None,
        job: None,
    },
    Page {
        address: "/log",
        name: "Log and score",
        title: "Log and score",
        html: |visit| Box::pin(log::html(visit)),
        json: |visit| Box::pin(log::json(visit)),
        csv: |visit| Box::pin(log::csv(visit)),
        chart: None,
        outputs: None,
        job: None,
    },
    Page {
        address: "/classes",
        name: "Classes",
        title: "Classes of past negotiations",
        html: |visit| Box::pin(classes::html(visit)),
        json: |visit| Box::pin(classes::json(visit)),
        csv: |visit| Box::pin(classes::csv(visit)),
        chart: Some(|visit| Box::pin(classes::chart(visit))),
        outputs: None,
        job: None,
    },
    Page {
        address: "/method",
        name: "Method",
        title: "Method",
        html: |visit| Box::pin(method::html(visit)),
        json: |visit| Box::pin(method::json(visit)),
        csv: |visit| Box::pin(method::csv(visit)),
        chart: None,
        outputs: Some(method::outputs),
        job: None,
    },
    Page {
        address: "/explain",
        name: "",
        title: "What is this?",
        html: |visit| Box::pin(explain::html(visit)),
        json: |visit| Box::pin(explain::json(visit)),
        csv: |visit| Box::pin(explain::csv(visit)),
        chart: None,
        outputs: None,
        job: None,
    },
];

/// What a page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFormat {
    Html,
    Json,
    Csv,
    /// Its chart, drawn to publish.
    Svg,
    /// The numbers of its chart.
    ChartCsv,
}

/// What an address ends in, and what that asks for; a longer ending before those it holds.
const ENDINGS: [(&str, PageFormat); 5] = [
    (".chart.csv", PageFormat::ChartCsv),
    (".svg", PageFormat::Svg),
    (".json", PageFormat::Json),
    (".csv", PageFormat::Csv),
    ("", PageFormat::Html),
];

/// How long a page waits for a first answer before it shows what it has.
const MOMENT: Duration = Duration::from_millis(400);

/// Width of a chart to publish, px.
const WIDTH: f64 = 760.0;

/// The page at an address.
pub(crate) fn page(address: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.address == address)
}

/// The page and the format that a path names.
fn resolve(path: &str) -> Option<(&'static Page, PageFormat)> {
    ENDINGS.iter().find_map(|(ending, format)| Some((page(path.strip_suffix(ending)?)?, *format)))
}

/// Why there is no answer: another reply instead, or nobody waits for one.
#[derive(Debug)]
pub(crate) enum ReplyError {
    Reply(Reply),
    Stopped,
}

impl From<Reply> for ReplyError {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl From<Stopped> for ReplyError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// A request for a page, and all that its answer is made of.
pub(crate) struct Visit {
    pub(crate) server: Arc<Server>,
    pub(crate) request: Request,
    pub(crate) state: LinkState,
    pub(crate) page: &'static Page,
    pub(crate) format: PageFormat,
    /// Ends the work when the visit does.
    pub(crate) stop: Stop,
}

impl Visit {
    pub(crate) fn new(
        server: &Arc<Server>,
        request: Request,
        state: LinkState,
        (page, format): (&'static Page, PageFormat),
    ) -> Self {
        let (server, stop) = (Arc::clone(server), Stop::default());
        Self { server, request, state, page, format, stop }
    }

    /// The case in the state of the link.
    ///
    /// # Errors
    /// The reply that says why it cannot be read.
    pub(crate) fn case(&self) -> Result<LoadedCase, ReplyError> {
        self.case_in(&self.state)
    }

    /// The case in another state.
    ///
    /// # Errors
    /// The reply that says why it cannot be read.
    pub(crate) fn case_in(&self, state: &LinkState) -> Result<LoadedCase, ReplyError> {
        self.server.store.load(state).map_err(|broken| self.broken(state, &broken).into())
    }

    /// The reply to a case that cannot be read; a twin is what the command prints on stderr.
    fn broken(&self, state: &LinkState, broken: &BrokenCase) -> Reply {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if self.format != PageFormat::Html {
            let report = DiagnosticsReport::new(&broken.findings, &broken.texts.files);
            return Reply::new(status, JSON, format!("{}\n", report.line()));
        }
        let frame = PageFrame { state, ..self.frame(None) };
        let content = html! {
            p { "The case cannot be read. It is read again as soon as the files change." }
            (pages::problem::list(broken))
            @if state.as_of.is_some() {
                p { a class="button" href=(LinkState { as_of: None, ..state.clone() }.link(self.page.address)) { "Tell it from the day of the case" } }
            }
            (frame.changes())
        };
        Reply::new(status, HTML, frame.page(content))
    }

    /// The reply to a question that cannot be answered; a twin is what the command prints on stderr
    /// before it ends with the code: the warnings of the case, where it is given, and why.
    pub(crate) fn failure(&self, loaded: Option<&LoadedCase>, code: u8, why: &str) -> Reply {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if self.format == PageFormat::Html {
            let content = html! {
                (pages::problem::sentence(why))
                p { a class="button" href=(self.state.link(self.page.address)) { "Ask again" } }
            };
            return Reply::new(status, HTML, self.frame(loaded).page(content));
        }
        let mut lines = String::new();
        if let Some(loaded) = loaded.filter(|l| !l.findings.is_empty()) {
            let report = DiagnosticsReport::new(&loaded.findings, &loaded.texts.files);
            lines.push_str(&format!("{}\n", report.line()));
        }
        let report = ErrorReport::new(code, why.to_owned());
        Reply::new(status, JSON, format!("{lines}{}\n", report.line()))
    }

    /// The reply to a job without a result.
    pub(crate) fn job_error(&self, loaded: &LoadedCase, error: JobError) -> ReplyError {
        match error {
            JobError::Stopped => ReplyError::Stopped,
            JobError::Senseless(why) => self.failure(None, 1, &why).into(),
            JobError::Case(findings) => {
                let texts = Arc::clone(&loaded.texts);
                self.broken(&self.state, &BrokenCase { texts, findings }).into()
            }
        }
    }

    /// A forecast to look at, soon.
    pub(crate) async fn quick(&self, loaded: &LoadedCase) -> Result<PageForecast, ReplyError> {
        Ok(self.server.queue.quick(loaded, &self.state, &self.stop).await?)
    }

    /// The same where it comes within a moment, or the link waits for it: a page is not held back by draws that
    /// take long.
    pub(crate) async fn soon(
        &self,
        loaded: &LoadedCase,
    ) -> Result<Option<PageForecast>, ReplyError> {
        let quick = self.quick(loaded);
        if self.state.draws.is_some() || self.request.query_value("wait").is_some() {
            return quick.await.map(Some);
        }
        tokio::time::timeout(MOMENT, quick).await.ok().transpose()
    }

    /// The forecast of the command.
    pub(crate) async fn full(&self, loaded: &LoadedCase) -> Result<PageForecast, ReplyError> {
        Ok(self.server.queue.full(loaded, &self.state, &self.stop).await?)
    }

    /// What stands around the page.
    pub(crate) fn frame<'a>(&'a self, loaded: Option<&'a LoadedCase>) -> PageFrame<'a> {
        PageFrame {
            store: &self.server.store,
            state: &self.state,
            loaded,
            page: Some(self.page),
            title: self.page.title,
            query: self.request.link_query(),
        }
    }

    /// The page around its content.
    pub(crate) fn html(&self, loaded: &LoadedCase, content: Markup) -> Reply {
        Reply::ok(HTML, self.frame(Some(loaded)).page(content))
    }
}

/// Answers a request that may ask.
pub(crate) async fn route(server: Arc<Server>, request: Request) -> Reply {
    let answer = match request.method {
        Method::GET | Method::HEAD => get(&server, request).await,
        Method::POST => forms::post(&server, request).await,
        _ => Ok(Reply::refuse(StatusCode::METHOD_NOT_ALLOWED, "GET or POST")),
    };
    answer.unwrap_or_else(|error| match error {
        ReplyError::Reply(reply) => reply,
        ReplyError::Stopped => {
            Reply::refuse(StatusCode::SERVICE_UNAVAILABLE, "the workbench is closing")
        }
    })
}

async fn get(server: &Arc<Server>, request: Request) -> Result<Reply, ReplyError> {
    let path = request.path.as_str();
    if let Some(name) = path.strip_prefix("/assets/") {
        return Ok(assets::asset(name).unwrap_or_else(|| not_found(server)));
    }
    let state = LinkState::read(&request.query)
        .map_err(|why| Reply::refuse(StatusCode::BAD_REQUEST, &why))?;
    match path {
        "/" => return Ok(Reply::see(state.link(PAGES[0].address))),
        "/events" => return events::files(server, request.peer),
        "/refine" => {
            let name = request.query_value("page").unwrap_or("overview");
            let outputs = page(&format!("/{name}")).and_then(|page| page.outputs);
            let none = "this page has nothing to refine";
            let outputs = outputs.ok_or_else(|| Reply::refuse(StatusCode::NOT_FOUND, none))?;
            // Only where something is changed by hand is it shown what was before.
            let ghost = name == "what-if" && !state.sets.is_empty();
            return events::refine(server, request.peer, state, (outputs, ghost));
        }
        "/scenario" => return Ok(scenarios::open(server, &request, &state)),
        "/course" => {
            let page = page("/history").unwrap_or(&PAGES[0]);
            return history::course(Visit::new(server, request, state, (page, PageFormat::Html)))
                .await;
        }
        "/brief.html" => {
            let visit = Visit::new(server, request, state, (&PAGES[0], PageFormat::Html));
            return long::brief(visit).await;
        }
        _ => {}
    }
    if let Some(name) = path.strip_prefix("/ask/") {
        let page = page(&format!("/{name}")).filter(|page| page.job.is_some());
        let none = "nobody asks this";
        let page = page.ok_or_else(|| Reply::refuse(StatusCode::NOT_FOUND, none))?;
        return events::ask(Visit::new(server, request, state, (page, PageFormat::Html)));
    }
    let Some((page, format)) = resolve(path) else { return Ok(not_found(server)) };
    let visit = Visit::new(server, request, state, (page, format));
    if !server.store.texts().exists {
        return Ok(pages::start::reply(&visit));
    }
    match format {
        PageFormat::Html => (page.html)(visit).await,
        PageFormat::Json => (page.json)(visit).await,
        PageFormat::Csv => (page.csv)(visit).await,
        PageFormat::Svg | PageFormat::ChartCsv => {
            let Some(chart) = page.chart else { return Ok(not_found(server)) };
            let figure = chart(visit).await?;
            Ok(match format {
                PageFormat::Svg => Reply::ok(SVG, figure.standalone_svg(WIDTH)),
                _ => Reply::ok(CSV, figure.csv()),
            })
        }
    }
}

pub(crate) fn not_found(server: &Server) -> Reply {
    let state = LinkState::default();
    let content = html! {
        p { "There is no such page. " a href=(PAGES[0].address) { "Back to the overview" } }
    };
    let frame = PageFrame {
        store: &server.store,
        state: &state,
        loaded: None,
        page: None,
        title: "Not found",
        query: String::new(),
    };
    Reply::new(StatusCode::NOT_FOUND, HTML, frame.page(content))
}

/// JSON as the command prints it.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Reply {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    Reply::ok(JSON, text)
}

/// A table for spreadsheets.
pub(crate) fn csv(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Reply {
    Reply::ok(CSV, DataTable::texts(heads, rows).csv())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_an_address_of_its_own_and_twins() {
        for (k, row) in PAGES.iter().enumerate() {
            assert!(row.address.starts_with('/') && !row.address.contains('.'), "{}", row.address);
            assert!(PAGES[..k].iter().all(|p| p.address != row.address && p.name != row.name));
            for (ending, format) in ENDINGS {
                let found = resolve(&format!("{}{ending}", row.address));
                let found = found.map(|(page, format)| (page.address, format));
                assert_eq!(found, Some((row.address, format)));
            }
        }
        for path in ["", "/", "/nothing", "/overview.txt", "/overview/", "/overview.json.json"] {
            assert!(resolve(path).is_none(), "{path}");
        }
    }
}
