//! A page, its twin and the command say the same figures from the same draws: every number of every page
//! of the workbench is looked up in what the command prints.

use serde_json::Value;
use winset_page::text::{fine, pc, points, short};

use crate::serve::client::PAGES;
use crate::serve::{Bench, bench, bench_of};

/// As many draws for the page, the twin and the command.
const QUERY: &str = "draws=600";

/// What a reader sees of a page.
fn visible(html: &str) -> String {
    let body = html.split("<main").nth(1).unwrap_or(html);
    let mut out = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers of a page that lead to their explanation: path and text.
fn linked(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in html.split("<a ").skip(1) {
        let Some((tag, rest)) = part.split_once('>') else { continue };
        let Some(query) = tag.split("href=\"/explain?").nth(1) else { continue };
        let query = query.split(['"', '#']).next().unwrap_or_default();
        let path = query.split("&amp;").find_map(|pair| pair.strip_prefix("path="));
        let text = rest.split("</a>").next().unwrap_or_default();
        found.extend(path.map(|p| (p.replace("%2E", "."), visible(text))));
    }
    found
}

/// The value at a path of a forecast: keys, places of rows, or what a row is of.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    match value {
        Value::Object(map) => map.iter().find_map(|(key, inner)| {
            let rest = path.strip_prefix(key.as_str())?;
            at(inner, rest.strip_prefix('.').or(rest.is_empty().then_some(""))?)
        }),
        Value::Array(rows) => rows.iter().enumerate().find_map(|(k, row)| {
            let own = ["issue", "actor", "path", "date", "id", "name", "stage"];
            let ids = own.iter().filter_map(|id| row.get(id)?.as_str().map(str::to_owned));
            ids.chain([k.to_string()]).find_map(|id| {
                let rest = path.strip_prefix(&id)?;
                at(row, rest.strip_prefix('.').or(rest.is_empty().then_some(""))?)
            })
        }),
        _ => None,
    }
}

fn json(bench: &Bench, page: &str, query: &str) -> Value {
    let reply = bench.get(&format!("/{page}.json?{query}"));
    assert_eq!(reply.status, 200, "{page}: {}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

/// The figures that a page states without a link, as its twin has them.
fn figures(page: &str, twin: &Value) -> Vec<String> {
    let number = |path: &str| at(twin, path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let rows = |key: &str| twin[key].as_array().cloned().unwrap_or_default();
    let of = |row: &Value, key: &str| row[key].as_f64();
    let all = |key: &str, cells: &[&str]| -> Vec<String> {
        let rows = rows(key);
        let values = rows.iter().flat_map(|r| cells.iter().filter_map(|c| of(r, c)));
        values.map(pc).collect()
    };
    match page {
        "overview" | "what-if" => vec![pc(number("answer.p")), pc(number("zone.p"))],
        "blockers" => all("blockers", &["block", "walk"]),
        "when" => vec![pc(number("answer.p"))],
        "deals" => vec![pc(number("zone"))],
        "moved" => vec![pc(number("from.p")), pc(number("to.p"))],
        "drivers" => {
            let mut said = all("tornado", &["p_low", "p_high"]);
            let judged = format!(
                "{} of the {} uncertain inputs rest on judgement",
                twin["judgement_inputs"], twin["inputs"]
            );
            said.extend([judged, points(number("sd")).trim_end_matches(" points").to_owned()]);
            said
        }
        "flip" => all("single", &["p"]),
        "compare" => all("deltas", &["a", "b"]),
        "beliefs" => {
            let rows = rows("positions");
            rows.iter().filter_map(|r| of(r, "q50")).map(short).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn every_number_of_every_page_is_the_command_s() {
    let bench = bench();
    let forecast = json(&bench, "overview", QUERY);
    let mut looked = 0;
    for page in PAGES {
        let query = match page {
            "flip" => format!("p=0.3&{QUERY}"),
            "moved" => format!("from=2025-01-03&to=2025-01-10&{QUERY}"),
            "compare" => format!("a=&b=sides.south.discount%3D40&{QUERY}"),
            _ => QUERY.to_owned(),
        };
        let html = bench.get(&format!("/{page}?wait=1&{query}"));
        assert_eq!(html.status, 200, "{page}: {}", html.body);
        let twin = json(&bench, page, &query);
        let seen = visible(&html.body);
        for figure in figures(page, &twin) {
            assert!(seen.contains(&figure), "{page}: no `{figure}` in\n{seen}");
            looked += 1;
        }
        // What leads to its explanation is the forecast's number, on every page.
        let source = if matches!(page, "compare" | "flip") { &twin } else { &forecast };
        for (path, text) in linked(&html.body) {
            let Some(x) = at(source, &path).and_then(Value::as_f64) else { continue };
            let whole = pc(x).trim_end_matches(" %").to_owned();
            let forms = [pc(x), whole, fine(x), points(x), short(x), points(x / 100.0)];
            let said = forms.iter().any(|form| text == *form || text.contains(form.as_str()));
            // Deals judge packages on draws of their own, which they name.
            let own = page == "deals" && path == "zone.p";
            assert!(said || own, "{page}: {path} is `{text}`, and {x} in the twin");
            looked += 1;
        }
    }
    assert!(looked > 60, "{looked}");
}

/// A text that was refused or is on its way is no talk that is still open.
#[test]
fn the_endings_of_a_page_are_all_there_are() {
    let bench = bench_of("formation-election");
    let query = "draws=200";
    let twin = json(&bench, "overview", query);
    let page = bench.get(&format!("/overview?wait=1&{query}")).body;
    let shown = linked(&page).into_iter().filter(|(path, _)| path.starts_with("endings."));
    let shares: Vec<f64> =
        shown.map(|(path, _)| at(&twin, &path).unwrap().as_f64().unwrap()).collect();
    assert!(shares.len() > 6 && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{shares:?}");
    let chart = visible(&bench.get(&format!("/when?wait=1&{query}")).body);
    assert!(chart.contains("A text refused") && chart.contains("A text under way"), "{chart}");
}
