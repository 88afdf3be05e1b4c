//! Marks on a frame: lines, areas, dots, and text that finds a free place.
//!
//! All coordinates are written with one decimal and kept inside the frame. Text is drawn last, over
//! everything else, and only where no other text is: a label that finds no place is left out, and
//! the mark it names keeps its title.

use std::fmt::Write;

use super::palette::Palette;
use super::text::{escape, truncate, width};

/// A colour by what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    Muted,
    Line,
    Paper,
    Panel,
    Accent,
    Band,
    /// One of the six series, counted from zero and around.
    Series(usize),
}

/// The colour of a side: that of its place in the order of the case, in every chart. Who is on no side
/// has none.
pub(crate) fn side_ink(sides: &[String], who: &str) -> Ink {
    sides.iter().position(|side| side == who).map_or(Ink::Muted, Ink::Series)
}

/// Which end of the text its point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) size: f64,
    pub(crate) ink: Ink,
    pub(crate) bold: bool,
    pub(crate) anchor: Anchor,
}

impl Style {
    pub(crate) fn new(size: f64, ink: Ink) -> Style {
        Style { size, ink, bold: false, anchor: Anchor::Start }
    }

    /// Labels of axes.
    pub(crate) fn axis() -> Style {
        Style::new(11.0, Ink::Muted)
    }

    /// Labels of marks.
    pub(crate) fn label(ink: Ink) -> Style {
        Style::new(12.0, ink)
    }

    pub(crate) fn bold(self) -> Style {
        Style { bold: true, ..self }
    }

    pub(crate) fn middle(self) -> Style {
        Style { anchor: Anchor::Middle, ..self }
    }

    pub(crate) fn end(self) -> Style {
        Style { anchor: Anchor::End, ..self }
    }
}

/// A rectangle: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Area(f64, f64, f64, f64);

impl Area {
    fn meets(&self, o: &Area) -> bool {
        self.0 < o.2 && o.0 < self.2 && self.1 < o.3 && o.1 < self.3
    }
}

/// From one point to another.
pub(crate) type Stroke = ((f64, f64), (f64, f64));

/// Bytes after which titles are short, and only marks have them: a page that repeats long names
/// helps nobody.
const FULL: usize = 9_000;

/// Most characters of a title by the bytes drawn so far.
const TITLES: [(usize, usize); 3] = [(4_000, 320), (FULL, 56), (usize::MAX, 14)];

/// A frame to draw on.
#[derive(Debug)]
pub(crate) struct Canvas {
    /// Width in px.
    pub(crate) w: f64,
    /// Height in px; set by [`Canvas::begin`].
    pub(crate) h: f64,
    /// The height that is asked for, where a drawing can be of any.
    tall: Option<f64>,
    palette: Option<&'static Palette>,
    shapes: String,
    texts: String,
    placed: Vec<Area>,
    blocked: Vec<Area>,
}

impl Canvas {
    /// A frame of that width; literal colours if a palette is given, variables otherwise.
    pub(crate) fn new(w: f64, palette: Option<&'static Palette>) -> Canvas {
        Canvas {
            w,
            h: 0.0,
            tall: None,
            palette,
            shapes: String::new(),
            texts: String::new(),
            placed: Vec::new(),
            blocked: Vec::new(),
        }
    }

    /// The same frame for a drawing as high as is asked for.
    pub(crate) fn tall(self, tall: Option<f64>) -> Canvas {
        Canvas { tall, ..self }
    }

    /// The height of a drawing that can be of any: its own unless another is asked for.
    pub(crate) fn height(&self, own: f64) -> f64 {
        self.tall.unwrap_or(own)
    }

    /// Sets the height: to be called once, before anything is drawn.
    pub(crate) fn begin(&mut self, h: f64) {
        self.h = h;
    }

    /// Whether there is only room for one column.
    pub(crate) fn narrow(&self) -> bool {
        self.w < 520.0
    }

    /// The drawing without its outer element.
    pub(crate) fn finish(self) -> String {
        let paper = self.colour(Ink::Paper);
        format!(
            "<g fill=\"none\" stroke-width=\"1.5\" stroke-linejoin=\"round\">{}</g><g font-family=\"-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,\
             'Liberation Sans',sans-serif\" paint-order=\"stroke\" stroke=\"{paper}\" \
             stroke-width=\"3\" stroke-linejoin=\"round\">{}</g>",
            self.shapes, self.texts
        )
    }

    pub(crate) fn colour(&self, ink: Ink) -> &'static str {
        match (self.palette, ink) {
            (Some(p), Ink::Text) => p.ink,
            (Some(p), Ink::Muted) => p.muted,
            (Some(p), Ink::Line) => p.line,
            (Some(p), Ink::Paper) => p.paper,
            (Some(p), Ink::Panel) => p.panel,
            (Some(p), Ink::Accent) => p.accent,
            (Some(p), Ink::Band) => p.band,
            (Some(p), Ink::Series(k)) => p.series[k % 6],
            (None, Ink::Text) => "var(--ink)",
            (None, Ink::Muted) => "var(--muted)",
            (None, Ink::Line) => "var(--line)",
            (None, Ink::Paper) => "var(--paper)",
            (None, Ink::Panel) => "var(--panel)",
            (None, Ink::Accent) => "var(--accent)",
            (None, Ink::Band) => "var(--band)",
            (None, Ink::Series(k)) => {
                ["var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)", "var(--s6)"]
                    [k % 6]
            }
        }
    }

    fn px(x: f64, most: f64) -> String {
        let x = if x.is_finite() { x.clamp(0.0, most) } else { 0.0 };
        let text = format!("{x:.1}");
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    }

    fn x(&self, x: f64) -> String {
        Canvas::px(x, self.w)
    }

    fn y(&self, y: f64) -> String {
        Canvas::px(y, self.h)
    }

    fn area(x: f64, y: f64, style: Style, text: &str) -> Area {
        let w = width(text, style.size);
        let left = match style.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - w / 2.0,
            Anchor::End => x - w,
        };
        Area(left, y - 0.8 * style.size, left + w, y + 0.25 * style.size)
    }

    fn inside(&self, a: &Area) -> bool {
        a.0 >= 0.0 && a.1 >= 0.0 && a.2 <= self.w && a.3 <= self.h
    }

    /// Writes a text with its baseline's point at `(x, y)` unless it would meet another text or
    /// leave the frame; says whether it was written.
    pub(crate) fn text(&mut self, x: f64, y: f64, style: Style, text: &str) -> bool {
        self.text_as(x, y, style, text, text, false)
    }

    /// Writes the text cut to `room`, with the whole of it as its title.
    pub(crate) fn cut(&mut self, x: f64, y: f64, style: Style, text: &str, room: f64) -> bool {
        let short = truncate(text, style.size, room);
        self.text_as(x, y, style, &short, text, false)
    }

    /// The same without a title, for a text whose mark has one.
    pub(crate) fn trim(&mut self, x: f64, y: f64, style: Style, text: &str, room: f64) -> bool {
        let short = truncate(text, style.size, room);
        self.text_as(x, y, style, &short, &short, false)
    }

    fn text_as(&mut self, x: f64, y: f64, s: Style, text: &str, full: &str, strict: bool) -> bool {
        let area = Canvas::area(x, y, s, text);
        if text.is_empty()
            || !(x.is_finite() && y.is_finite())
            || !self.inside(&area)
            || self.placed.iter().any(|p| p.meets(&area))
            || strict && self.blocked.iter().any(|p| p.meets(&area))
        {
            return false;
        }
        self.placed.push(Area(area.0 - 2.0, area.1, area.2 + 2.0, area.3));
        let anchor = match s.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if s.bold { " font-weight=\"700\"" } else { "" };
        let long = self.shapes.len() + self.texts.len() > FULL;
        let title = if text == full || long {
            String::new()
        } else {
            format!("<title>{}</title>", self.whole(full))
        };
        let _ = write!(
            self.texts,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}{weight} fill=\"{}\">{title}{}</text>",
            self.x(x),
            self.y(y),
            s.size,
            self.colour(s.ink),
            escape(text)
        );
        true
    }

    /// The escaped text, cut where the drawing has grown too long to repeat all of it.
    fn whole(&self, text: &str) -> String {
        let bytes = self.shapes.len() + self.texts.len();
        let most = TITLES.iter().find(|t| bytes < t.0).map_or(14, |t| t.1);
        if text.chars().count() <= most {
            return escape(text);
        }
        escape(&format!("{}…", text.chars().take(most).collect::<String>()))
    }

    /// Writes the text at the first of the places that is free of text and marks; failing that, at
    /// the first that is free of text. Says whether it was written.
    pub(crate) fn place(&mut self, at: &[(f64, f64, Anchor)], style: Style, text: &str) -> bool {
        self.place_cut(at, style, text, text)
    }

    /// The same for a text that is short for `full`.
    pub(crate) fn place_cut(
        &mut self,
        at: &[(f64, f64, Anchor)],
        style: Style,
        text: &str,
        full: &str,
    ) -> bool {
        self.place_free(at, style, text, full) || self.first(at, style, text, full, false)
    }

    /// Writes the text at the first place free of text and marks, or not at all.
    pub(crate) fn place_free(
        &mut self,
        at: &[(f64, f64, Anchor)],
        style: Style,
        text: &str,
        full: &str,
    ) -> bool {
        self.first(at, style, text, full, true)
    }

    fn first(
        &mut self,
        at: &[(f64, f64, Anchor)],
        style: Style,
        text: &str,
        full: &str,
        strict: bool,
    ) -> bool {
        at.iter().any(|(x, y, anchor)| {
            self.text_as(*x, *y, Style { anchor: *anchor, ..style }, text, full, strict)
        })
    }

    /// Joins a point to the text written last, if that is so far off that a reader might miss it.
    pub(crate) fn lead(&mut self, from: (f64, f64), ink: Ink) {
        let Some(a) = self.placed.last().copied() else { return };
        let to = (from.0.clamp(a.0, a.2), from.1.clamp(a.1, a.3));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        if dx * dx + dy * dy > 15.0 * 15.0 {
            self.line(from, to, ink, 1.0, "");
            // What is written later keeps off it.
            self.block_path(&[from, to]);
        }
    }

    /// Whether an upright line of an `x` meets no text from one `y` to another.
    pub(crate) fn is_clear(&self, x: f64, from: f64, to: f64) -> bool {
        let line = Area(x - 2.0, from.min(to), x + 2.0, from.max(to));
        !self.placed.iter().any(|text| text.meets(&line))
    }

    /// Keeps labels away from a rectangle.
    pub(crate) fn block(&mut self, x: f64, y: f64, w: f64, h: f64) {
        self.blocked.push(Area(x, y, x + w, y + h));
    }

    /// Keeps labels away from a path.
    pub(crate) fn block_path(&mut self, points: &[(f64, f64)]) {
        for pair in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let parts = (((x1 - x0).abs() + (y1 - y0).abs()) / 6.0).ceil().clamp(1.0, 200.0);
            for k in 0..=(parts as usize) {
                let t = k as f64 / parts;
                self.block(x0 + t * (x1 - x0) - 1.5, y0 + t * (y1 - y0) - 1.5, 3.0, 3.0);
            }
        }
    }

    /// Draws what `inside` draws as one mark that the keyboard reaches, with a title.
    pub(crate) fn mark(&mut self, title: &str, inside: impl FnOnce(&mut Canvas)) {
        let title = self.whole(if title.trim().is_empty() { "Unnamed" } else { title });
        let _ = write!(self.shapes, "<g tabindex=\"0\" role=\"img\"><title>{title}</title>");
        inside(self);
        self.shapes.push_str("</g>");
    }

    /// A link around some shapes.
    pub(crate) fn link(&mut self, address: &str, title: &str, inside: impl FnOnce(&mut Canvas)) {
        let (address, title) = (escape(address), self.whole(title));
        let _ = write!(self.shapes, "<a href=\"{address}\"><title>{title}</title>");
        inside(self);
        self.shapes.push_str("</a>");
    }

    pub(crate) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, ink: Ink, opacity: f64) {
        let (x0, x1) = (x.clamp(0.0, self.w), (x + w).clamp(0.0, self.w));
        let (y0, y1) = (y.clamp(0.0, self.h), (y + h).clamp(0.0, self.h));
        let _ = write!(
            self.shapes,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{}/>",
            self.x(x0),
            self.y(y0),
            Canvas::px(x1 - x0, self.w),
            Canvas::px(y1 - y0, self.h),
            self.colour(ink),
            alpha("fill-opacity", opacity)
        );
    }

    pub(crate) fn line(&mut self, a: (f64, f64), b: (f64, f64), ink: Ink, width: f64, dash: &str) {
        let dash =
            if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        let _ = write!(
            self.shapes,
            "<path d=\"M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"{width}\"{dash}/>",
            self.x(a.0),
            self.y(a.1),
            self.x(b.0),
            self.y(b.1),
            self.colour(ink)
        );
    }

    /// Short strokes as one element.
    pub(crate) fn strokes(&mut self, all: &[Stroke], ink: Ink) {
        if all.is_empty() {
            return;
        }
        let d: String = all.iter().map(|(a, b)| self.d(&[*a, *b])).collect();
        let _ = write!(
            self.shapes,
            "<path d=\"{d}\" stroke=\"{}\" stroke-width=\"1\"/>",
            self.colour(ink)
        );
    }

    fn d(&self, points: &[(f64, f64)]) -> String {
        let mut d = String::new();
        for (k, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{} {}", if k == 0 { 'M' } else { 'L' }, self.x(*x), self.y(*y));
        }
        d
    }

    /// A line through points.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], ink: Ink, width: f64, dash: &str) {
        if points.len() < 2 {
            return;
        }
        let dash =
            if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        let _ = write!(
            self.shapes,
            "<path d=\"{}\" stroke=\"{}\" stroke-width=\"{width}\" \
             stroke-linecap=\"round\"{dash}/>",
            self.d(points),
            self.colour(ink)
        );
    }

    /// A filled outline.
    pub(crate) fn fill(&mut self, points: &[(f64, f64)], ink: Ink, opacity: f64) {
        if points.len() < 3 {
            return;
        }
        let _ = write!(
            self.shapes,
            "<path d=\"{}Z\" fill=\"{}\"{}/>",
            self.d(points),
            self.colour(ink),
            alpha("fill-opacity", opacity)
        );
    }

    /// Many small dots as one element.
    pub(crate) fn dots(&mut self, points: &[(f64, f64)], ink: Ink, size: f64, opacity: f64) {
        if points.is_empty() {
            return;
        }
        let mut d = String::new();
        for (x, y) in points {
            let _ = write!(d, "M{} {}h0", self.x(*x), self.y(*y));
        }
        let _ = write!(
            self.shapes,
            "<path d=\"{d}\" stroke=\"{}\" stroke-width=\"{size}\" stroke-linecap=\"round\"{}/>",
            self.colour(ink),
            alpha("stroke-opacity", opacity)
        );
    }

    /// A dot with a paper-coloured rim; hollow if not `full`.
    pub(crate) fn dot(&mut self, x: f64, y: f64, r: f64, ink: Ink, full: bool) {
        let (fill, stroke) = if full { (ink, Ink::Paper) } else { (Ink::Paper, ink) };
        let (x, y) = (x.clamp(r + 1.0, self.w - r - 1.0), y.clamp(r + 1.0, self.h - r - 1.0));
        self.block(x - r, y - r, 2.0 * r, 2.0 * r);
        let _ = write!(
            self.shapes,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\"/>",
            self.x(x),
            self.y(y),
            Canvas::px(r, self.w),
            self.colour(fill),
            self.colour(stroke)
        );
    }
}

fn alpha(name: &str, opacity: f64) -> String {
    if opacity >= 1.0 { String::new() } else { format!(" {name}=\"{opacity}\"") }
}

/// The points no closer than `gap` px from left to right, the last always among them.
pub(crate) fn thin(points: Vec<(f64, f64)>, gap: f64) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    let last = points.len().saturating_sub(1);
    for (k, p) in points.into_iter().enumerate() {
        if k == last || out.last().is_none_or(|q| p.0 - q.0 >= gap) {
            out.push(p);
        }
    }
    out
}
