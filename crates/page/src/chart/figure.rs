//! A figure: a drawing with everything a reader needs beside it.

use std::fmt::Write;

use crate::table::DataTable;

use super::canvas::{Canvas, Ink, Style};
use super::data::*;
use super::palette::{LIGHT, Palette};
use super::text::{escape, slug, wrap};
use super::{
    agreement, answer, belief, conflict_map, course, deal_map, endings, gates, overlay, positions,
    reliability, timeline, tornado, tree, waterfall,
};

/// The numbers of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FigureTable {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, as wide as `columns`.
    pub rows: Vec<Vec<String>>,
}

impl FigureTable {
    pub(crate) fn new(columns: &[&str]) -> FigureTable {
        FigureTable { columns: columns.iter().map(|c| (*c).to_owned()).collect(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

/// What a figure draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// A probability among the words for it.
    Answer(OddsScale),
    /// A probability from day to day.
    Course(Course),
    /// P(agreement) by day and its history.
    Agreement(Agreement),
    /// P(agreement) by day, twice.
    Overlay(Overlay),
    /// First endings, stacked.
    Endings(EndingsChart),
    /// Positions by issue.
    Positions(PositionsChart),
    /// The path of a belief.
    Belief(Belief),
    /// Packages in the plane of gains.
    DealMap(DealMap),
    /// States and moves between them.
    ConflictMap(ConflictMap),
    /// Who must say yes.
    Gates(Gates),
    /// Actors by side.
    Tree(Tree),
    /// What moved the number.
    Waterfall(Waterfall),
    /// What each input could do.
    Tornado(Tornado),
    /// Forecast against outcome.
    Reliability(ReliabilityChart),
    /// Record and calendar.
    Timeline(Timeline),
}

/// A chart with its texts and its table; every field may be replaced by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Stable id: letters, digits and dashes.
    pub id: String,
    /// The finding, in a sentence without a full stop.
    pub title: String,
    /// What is shown, with units.
    pub subtitle: String,
    /// Where the numbers come from.
    pub source: String,
    /// The figure in one to three sentences, for who cannot see it.
    pub summary: String,
    /// The numbers.
    pub table: FigureTable,
    /// The drawing.
    pub drawing: Drawing,
}

/// Widths at which [`Figure::html`] draws: for a column of a phone, and for a page, where paper enlarges
/// it a little, so that its smallest text has 8 points there.
const WIDTHS: [f64; 2] = [360.0, 660.0];

impl Figure {
    fn body(
        &self,
        width: f64,
        tall: Option<f64>,
        palette: Option<&'static Palette>,
    ) -> (f64, String) {
        let mut c = Canvas::new(width, palette).tall(tall);
        match &self.drawing {
            Drawing::Answer(d) => answer::draw(d, &mut c),
            Drawing::Course(d) => course::draw(d, &mut c),
            Drawing::Agreement(d) => agreement::draw(d, &mut c),
            Drawing::Overlay(d) => overlay::draw(d, &mut c),
            Drawing::Endings(d) => endings::draw(d, &mut c),
            Drawing::Positions(d) => positions::draw(d, &mut c),
            Drawing::Belief(d) => belief::draw(d, &mut c),
            Drawing::DealMap(d) => deal_map::draw(d, &mut c),
            Drawing::ConflictMap(d) => conflict_map::draw(d, &mut c),
            Drawing::Gates(d) => gates::draw(d, &mut c),
            Drawing::Tree(d) => tree::draw(d, &mut c),
            Drawing::Waterfall(d) => waterfall::draw(d, &mut c),
            Drawing::Tornado(d) => tornado::draw(d, &mut c),
            Drawing::Reliability(d) => reliability::draw(d, &mut c),
            Drawing::Timeline(d) => timeline::draw(d, &mut c),
        }
        (c.h, c.finish())
    }

    fn element(&self, width: f64, tall: Option<f64>, class: &str) -> String {
        let width = sane(width);
        let (h, body) = self.body(width, tall, None);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{}-{width:.0}\"{class} \
             viewBox=\"0 0 {width:.0} {h:.0}\" width=\"{width:.0}\" height=\"{h:.0}\" \
             role=\"group\" aria-label=\"{}\"><desc>{}</desc>{body}</svg>",
            slug(&self.id),
            escape(&self.title),
            escape(&self.summary)
        )
    }

    /// The drawing laid out for a width in px (240 to 2000), coloured by the variables of
    /// [`CSS`](super::CSS).
    pub fn svg(&self, width: f64) -> String {
        self.element(width, None, "")
    }

    /// The drawing alone, as a file of literal colours of the light theme without title and source, which
    /// stand beside it as text; and its width and height, px.
    pub fn picture_svg(&self, width: f64) -> (String, [f64; 2]) {
        let width = sane(width);
        let (height, body) = self.body(width, None, Some(&LIGHT));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\"><desc>{}</desc>\
             <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{}\"/>{body}</svg>\n",
            escape(&self.summary),
            LIGHT.paper
        );
        (svg, [width, height.round()])
    }

    /// The figure as one file to publish: literal colours of the light theme on white, with title,
    /// subtitle and source.
    pub fn standalone_svg(&self, width: f64) -> String {
        let width = sane(width);
        let room = width - 32.0;
        let (h, body) = self.body(room, None, Some(&LIGHT));
        let head = wrap(&self.title, 17.0, room, 4);
        let sub = wrap(&self.subtitle, 13.0, room, 4);
        let foot = wrap(&self.source, 11.0, room, 3);
        let top = 16.0 + 22.0 * head.len() as f64 + 18.0 * sub.len() as f64 + 10.0;
        let height = top + h + 12.0 + 15.0 * foot.len() as f64 + 12.0;
        let mut words = Canvas::new(width, Some(&LIGHT));
        words.begin(height);
        let mut y = 14.0;
        for line in &head {
            y += 22.0;
            words.text(16.0, y, Style::new(17.0, Ink::Text).bold(), line);
        }
        for line in &sub {
            y += 18.0;
            words.text(16.0, y, Style::new(13.0, Ink::Muted), line);
        }
        y = top + h + 6.0;
        for line in &foot {
            y += 15.0;
            words.text(16.0, y, Style::new(11.0, Ink::Muted), line);
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" role=\"group\" aria-label=\"{}\">\
             <desc>{}</desc><rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{}\"/>\
             <rect x=\"16\" y=\"8\" width=\"36\" height=\"4\" fill=\"{}\"/>{}\
             <g transform=\"translate(16 {top:.0})\">{body}</g></svg>\n",
            escape(&self.title),
            escape(&self.summary),
            LIGHT.paper,
            LIGHT.accent,
            words.finish()
        )
    }

    /// The table as comma-separated values, with the title, what is shown and the source as comment
    /// lines that begin with `#`.
    pub fn csv(&self) -> String {
        let lines = [&self.title, &self.subtitle, &self.source];
        let mut out = String::new();
        for line in lines.into_iter().filter(|line| !line.is_empty()) {
            let _ = writeln!(out, "# {}", line.replace(['\r', '\n'], " "));
        }
        let columns: Vec<&str> = self.table.columns.iter().map(String::as_str).collect();
        out + &DataTable::texts(&columns, self.table.rows.iter().cloned()).csv()
    }

    /// The figure as HTML: title, what is shown, the drawing for narrow and wide columns, source,
    /// and the table behind a disclosure. Everything is escaped; no script.
    pub fn html(&self) -> String {
        self.html_of(None)
    }

    /// The same with a drawing so many px high (160 to 600), where the drawing can be of any height: for a
    /// place among others.
    pub fn html_tall(&self, tall: f64) -> String {
        self.html_of(Some(tall.clamp(160.0, 600.0)))
    }

    fn html_of(&self, tall: Option<f64>) -> String {
        let mut out = format!(
            "<figure class=\"chart\" id=\"{0}\" aria-labelledby=\"{0}-title\">\n\
             <figcaption><p class=\"title\" id=\"{0}-title\" dir=\"auto\">{1}</p>\n\
             <p class=\"subtitle\" dir=\"auto\">{2}</p></figcaption>\n{3}\n{4}\n",
            slug(&self.id),
            escape(&self.title),
            escape(&self.subtitle),
            self.element(WIDTHS[0], tall, " class=\"narrow\""),
            self.element(WIDTHS[1], tall, " class=\"wide\""),
        );
        if !self.source.is_empty() {
            let _ = writeln!(out, "<p class=\"source\" dir=\"auto\">{}</p>", escape(&self.source));
        }
        if !self.table.rows.is_empty() {
            out.push_str("<details><summary>The numbers</summary><div class=\"scroll\"><table>");
            out.push_str("<thead><tr>");
            for column in &self.table.columns {
                let _ = write!(out, "<th scope=\"col\">{}</th>", escape(column));
            }
            out.push_str("</tr></thead>\n<tbody>");
            for row in &self.table.rows {
                out.push_str("<tr>");
                for cell in row {
                    let _ = write!(out, "<td dir=\"auto\">{}</td>", escape(cell));
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</tbody></table></div></details>\n");
        }
        out.push_str("</figure>\n");
        out
    }
}

fn sane(width: f64) -> f64 {
    if width.is_finite() { width.clamp(240.0, 2000.0).round() } else { WIDTHS[1] }
}
