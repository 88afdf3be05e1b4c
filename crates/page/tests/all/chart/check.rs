//! Reads a drawing back and says what is wrong with it.

use roxmltree::{Document, Node};
use winset_page::chart::text_width;

/// Elements a drawing is made of.
const ELEMENTS: [&str; 8] = ["svg", "g", "path", "rect", "circle", "text", "title", "desc"];

/// Colours text may have.
const INKS: [&str; 9] = ["ink", "muted", "accent", "s1", "s2", "s3", "s4", "s5", "s6"];

#[derive(Debug)]
struct Words {
    text: String,
    size: f64,
    muted: bool,
    at: [f64; 4],
}

/// Everything wrong with a drawing; empty if it is clean.
pub(crate) fn faults(svg: &str) -> Vec<String> {
    let mut out = Vec::new();
    if svg.len() >= 30_000 {
        out.push(format!("{} bytes", svg.len()));
    }
    let doc = match Document::parse(svg) {
        Ok(doc) => doc,
        Err(e) => return vec![format!("not well-formed: {e}")],
    };
    let root = doc.root_element();
    let frame: Vec<f64> =
        root.attribute("viewBox").unwrap_or("").split(' ').filter_map(|n| n.parse().ok()).collect();
    let [_, _, w, h] = frame[..] else { return vec!["no viewBox".to_owned()] };
    let mut words = Vec::new();
    walk(root, (0.0, 0.0), (w, h), &mut words, &mut out);
    for (k, a) in words.iter().enumerate() {
        if a.at[0] < -0.1 || a.at[1] < -0.1 || a.at[2] > w + 0.1 || a.at[3] > h + 0.1 {
            out.push(format!("`{}` leaves the frame: {:?} of {w} × {h}", a.text, a.at));
        }
        for b in &words[..k] {
            let apart = a.at[2] <= b.at[0] + 0.1
                || b.at[2] <= a.at[0] + 0.1
                || a.at[3] <= b.at[1] + 0.1
                || b.at[3] <= a.at[1] + 0.1;
            if !apart {
                out.push(format!("`{}` overlaps `{}`", a.text, b.text));
            }
        }
    }
    ticks(&words, &mut out);
    out
}

/// The texts of a drawing.
pub(crate) fn words(svg: &str) -> Vec<String> {
    let doc = Document::parse(svg).expect("well-formed");
    doc.descendants().filter(|n| n.has_tag_name("text")).map(own).collect()
}

fn own(n: Node) -> String {
    n.children().filter(|c| c.is_text()).filter_map(|c| c.text()).collect()
}

fn number(n: Node, name: &str) -> f64 {
    n.attribute(name).and_then(|v| v.parse().ok()).unwrap_or(0.0)
}

fn walk(
    n: Node,
    by: (f64, f64),
    (w, h): (f64, f64),
    words: &mut Vec<Words>,
    out: &mut Vec<String>,
) {
    let tag = n.tag_name().name();
    if !ELEMENTS.contains(&tag) {
        out.push(format!("element `{tag}`"));
    }
    for a in n.attributes() {
        if a.name().starts_with("on") || a.name() == "href" || a.value().contains("NaN") {
            out.push(format!("attribute {}=\"{}\"", a.name(), a.value()));
        }
        if a.value().contains("inf") && a.name() != "aria-label" {
            out.push(format!("attribute {}=\"{}\"", a.name(), a.value()));
        }
    }
    let by = match n.attribute("transform").and_then(|t| t.strip_prefix("translate(")) {
        Some(t) => {
            let v: Vec<f64> =
                t.trim_end_matches(')').split(' ').filter_map(|v| v.parse().ok()).collect();
            (by.0 + v[0], by.1 + v[1])
        }
        None => by,
    };
    let mut reach: Vec<(f64, f64)> = Vec::new();
    match tag {
        "g" if n.attribute("tabindex").is_some() => {
            let title = n.children().find(|c| c.has_tag_name("title")).and_then(|t| t.text());
            if title.is_none_or(|t| t.trim().is_empty()) {
                out.push("a mark without a title".to_owned());
            }
        }
        "rect" => {
            let (x, y) = (number(n, "x"), number(n, "y"));
            reach.push((x, y));
            reach.push((x + number(n, "width"), y + number(n, "height")));
        }
        "circle" => {
            let (x, y, r) = (number(n, "cx"), number(n, "cy"), number(n, "r"));
            reach.push((x - r, y - r));
            reach.push((x + r, y + r));
        }
        "path" => {
            let d = n.attribute("d").unwrap_or("");
            let plain = d.replace("h0", "").replace('Z', "");
            for part in plain.split(['M', 'L']).filter(|p| !p.is_empty()) {
                let mut at = part.split(['H', ' ']).map(|v| v.trim().parse::<f64>());
                match (at.next(), at.next()) {
                    (Some(Ok(x)), Some(Ok(y))) => reach.push((x, y)),
                    _ => out.push(format!("path `{part}`")),
                }
            }
        }
        "text" => {
            let text = own(n);
            let size = number(n, "font-size");
            let long = text_width(&text, size);
            let x = by.0 + number(n, "x");
            let y = by.1 + number(n, "y");
            let left = match n.attribute("text-anchor") {
                Some("middle") => x - long / 2.0,
                Some("end") => x - long,
                _ => x,
            };
            let fill = n.attribute("fill").unwrap_or("");
            let known = INKS.iter().any(|i| fill == format!("var(--{i})"));
            if !known && !literal(fill) {
                out.push(format!("`{text}` is written in `{fill}`"));
            }
            if size < 11.0 {
                out.push(format!("`{text}` is {size} px"));
            }
            words.push(Words {
                muted: fill == "var(--muted)" && size == 11.0,
                size,
                at: [left, y - 0.75 * size, left + long, y + 0.22 * size],
                text,
            });
        }
        _ => {}
    }
    for (x, y) in reach {
        let (x, y) = (x + by.0, y + by.1);
        if x < -0.1 || y < -0.1 || x > w + 0.15 || y > h + 0.15 {
            out.push(format!("{tag} reaches ({x}, {y}) of {w} × {h}"));
        }
    }
    for child in n.children().filter(Node::is_element) {
        walk(child, by, (w, h), words, out);
    }
}

fn literal(fill: &str) -> bool {
    use winset_page::chart::LIGHT;
    [LIGHT.ink, LIGHT.muted, LIGHT.accent].contains(&fill) || LIGHT.series.contains(&fill)
}

/// Three or more numbers on one line in the style of an axis stand at equal round steps.
fn ticks(words: &[Words], out: &mut Vec<String>) {
    let mut lines: Vec<(f64, Vec<f64>)> = Vec::new();
    for w in words.iter().filter(|w| w.muted && w.size == 11.0) {
        let plain = w.text.replace('−', "-").replace(['\u{a0}', '%'], "");
        let Ok(v) = plain.parse::<f64>() else { continue };
        // Years are dates, not values.
        if (1900.0..2200.0).contains(&v) {
            continue;
        }
        match lines.iter_mut().find(|l| l.0 == w.at[1]) {
            Some(line) => line.1.push(v),
            None => lines.push((w.at[1], vec![v])),
        }
    }
    for (_, mut values) in lines.into_iter().filter(|l| l.1.len() >= 3) {
        values.sort_by(f64::total_cmp);
        let step = values[1] - values[0];
        let even = values.windows(2).all(|p| (p[1] - p[0] - step).abs() < 1e-6 * step.abs());
        let lead = step / libm::pow(10.0, libm::log10(step).floor());
        let round = [1.0, 2.0, 5.0, 10.0].iter().any(|r| (lead - r).abs() < 1e-6);
        if !even || !round {
            out.push(format!("ticks at {values:?}"));
        }
    }
}

/// Contrast of two colours `#rrggbb` after WCAG 2.2: relative luminances, 1 to 21.
pub(crate) fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let channel = |k: usize| {
        let v = u8::from_str_radix(&colour[k..k + 2], 16).expect("a colour");
        let c = f64::from(v) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
