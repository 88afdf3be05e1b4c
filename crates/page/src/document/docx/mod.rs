//! A document as a file of a word processor (Office Open XML, ISO/IEC 29500): headings, lists, tables
//! and figures under the names of styles that a house style has too, so that what is pasted takes on
//! its looks.
//!
//! Written part by part: the libraries that write such files cannot describe a picture to who does not
//! see it, nor set a drawing of lines beside its image.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::html::unbroken;
use super::tree::{Block, Document, Section};
use crate::chart::{Figure, escape};
use crate::plain::parts;

const STYLES: &str = include_str!("styles.xml");
const NUMBERING: &str = include_str!("numbering.xml");

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006";
const MAIN: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Width of the text on A4 between margins of 20 mm, in twentieths of a point.
const COLUMN: usize = 9_638;
/// Width for which a figure is drawn, px: on paper a little enlarged, so that its smallest text has
/// 8 points there.
pub const FIGURE_WIDTH: f64 = 620.0;
/// The unit of drawings: so many are a twentieth of a point.
const EMU: f64 = 635.0;

/// The figures of a document as they stand in a file of a word processor: each as an image (PNG) with the
/// drawing it was made of, in the order of [`Document::figures`].
pub type Images = Vec<Vec<u8>>;

/// What is written instead of figures where there are no images of them.
pub const WITHOUT_IMAGES: &str = "The charts stand here as tables: where this file was written, nothing could draw them as images.";

/// The document as a file of a word processor; without `images` each figure is the table of its numbers.
///
/// # Errors
/// What the archive says, which lies in memory.
pub fn docx(d: &Document, images: Option<&Images>) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in docx_parts(d, images) {
        let images = name.ends_with(".png");
        let method = if images { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        // No day and no hour: the same document is the same bytes.
        let options = SimpleFileOptions::DEFAULT.compression_method(method);
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The parts of the file, by name.
fn docx_parts(d: &Document, images: Option<&Images>) -> Vec<(String, Vec<u8>)> {
    let images = images.filter(|images| images.len() == d.figures.len());
    let body = Body { d, images, out: String::new() }.written();
    let mut parts: Vec<(String, Vec<u8>)> = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", package()),
        ("docProps/core.xml", properties(d)),
        ("word/document.xml", body),
        ("word/styles.xml", STYLES.to_owned()),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/header1.xml", header(d)),
        ("word/footer1.xml", footer(d)),
        ("word/_rels/document.xml.rels", relations(images.map_or(0, Vec::len))),
    ]
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .into();
    for (k, png) in images.into_iter().flatten().enumerate() {
        let (_, figure) = &d.figures[k];
        parts.push((format!("word/media/figure{}.png", k + 1), png.clone()));
        let drawing = figure.picture_svg(FIGURE_WIDTH).0.into_bytes();
        parts.push((format!("word/media/figure{}.svg", k + 1), drawing));
    }
    parts
}

fn content_types() -> String {
    let own = ["document.main:document", "styles:styles", "numbering:numbering"]
        .into_iter()
        .chain(["header:header1", "footer:footer1"])
        .filter_map(|pair| pair.split_once(':'))
        .fold(String::new(), |all, (kind, part)| {
            all + &format!(
                "<Override PartName=\"/word/{part}.xml\" ContentType=\"{WORD}.{kind}+xml\"/>"
            )
        });
    format!(
        "{HEAD}<Types xmlns=\"{TYPES}\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>{own}\
         <Override PartName=\"/docProps/core.xml\" \
         ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>"
    )
}

fn package() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{LINKS}\">\
         <Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"r2\" Type=\"{LINKS}/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         </Relationships>"
    )
}

fn relations(figures: usize) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{LINKS}\">");
    for (id, kind, file) in [
        ("styles", "styles", "styles.xml"),
        ("numbering", "numbering", "numbering.xml"),
        ("header", "header", "header1.xml"),
        ("footer", "footer", "footer1.xml"),
    ] {
        let _ =
            write!(out, "<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{file}\"/>");
    }
    for k in 1..=figures {
        for form in ["png", "svg"] {
            let _ = write!(
                out,
                "<Relationship Id=\"{form}{k}\" Type=\"{OFFICE}/image\" Target=\"media/figure{k}.{form}\"/>"
            );
        }
    }
    out + "</Relationships>"
}

fn properties(d: &Document) -> String {
    format!(
        "{HEAD}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title>\
         <dc:creator>winset {}</dc:creator><dc:language>en</dc:language></cp:coreProperties>",
        escape(&d.title),
        escape(&d.version)
    )
}

fn header(d: &Document) -> String {
    let marking = d.marking.as_deref().unwrap_or_default();
    format!("{HEAD}<w:hdr {MAIN}>{}</w:hdr>", paragraph("Header", "", &runs(marking)))
}

/// The title, and the number of the page.
fn footer(d: &Document) -> String {
    let field = |name: &str| {
        format!("<w:fldSimple w:instr=\"{name}\"><w:r><w:t>1</w:t></w:r></w:fldSimple>")
    };
    let of = "<w:r><w:t xml:space=\"preserve\"> of </w:t></w:r>";
    let title = runs(&d.title.chars().take(super::html::TITLE).collect::<String>());
    let line = format!("{title}<w:r><w:tab/></w:r>{}{of}{}", field("PAGE"), field("NUMPAGES"));
    let marking =
        d.marking.as_deref().map_or_else(String::new, |text| paragraph("Header", "", &runs(text)));
    format!("{HEAD}<w:ftr {MAIN}>{}{marking}</w:ftr>", paragraph("Footer", "", &line))
}

/// A text as runs; what is written from right to left is a run of its own.
fn runs(text: &str) -> String {
    let mut out = String::new();
    for (apart, part) in parts(&unbroken(text)) {
        let properties = if apart { "<w:rPr><w:rtl/></w:rPr>" } else { "" };
        let part = escape(&part);
        let _ = write!(out, "<w:r>{properties}<w:t xml:space=\"preserve\">{part}</w:t></w:r>");
    }
    out
}

/// A paragraph of a style, with properties of its own and its runs.
fn paragraph(style: &str, properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>")
}

const KEEP: &str = "<w:keepNext/>";

/// The main part while it is written.
struct Body<'a> {
    d: &'a Document,
    images: Option<&'a Images>,
    out: String,
}

impl Body<'_> {
    fn written(mut self) -> String {
        let d = self.d;
        self.say("Title", "", &d.title);
        for (name, value) in &d.facts {
            self.say("FigureNote", "", &format!("{name}: {value}"));
        }
        if self.images.is_none() && !d.figures.is_empty() {
            self.say("FigureNote", "", WITHOUT_IMAGES);
        }
        for section in &d.front {
            self.section(section, "");
        }
        for (k, section) in d.sections.iter().enumerate() {
            let first = k == 0 && !d.front.is_empty();
            self.section(section, if first { "<w:pageBreakBefore/>" } else { "" });
        }
        format!(
            "{HEAD}<w:document {MAIN} xmlns:r=\"{OFFICE}\" \
             xmlns:wp=\"{DRAWING}/wordprocessingDrawing\" xmlns:a=\"{DRAWING}/main\" \
             xmlns:pic=\"{DRAWING}/picture\"><w:body>{}<w:sectPr>\
             <w:headerReference w:type=\"default\" r:id=\"header\"/>\
             <w:footerReference w:type=\"default\" r:id=\"footer\"/>\
             <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" \
             w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>\
             </w:sectPr></w:body></w:document>",
            self.out
        )
    }

    fn say(&mut self, style: &str, properties: &str, text: &str) {
        self.out += &paragraph(style, properties, &runs(text));
    }

    fn section(&mut self, section: &Section, properties: &str) {
        if !section.title.is_empty() {
            self.say("Heading1", properties, &section.title);
        }
        for block in &section.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Lead(text) => self.say("Lead", "", text),
            Block::Text(text) => self.say("Normal", "", text),
            Block::Note(text) => self.say("FigureNote", "", text),
            Block::Command(text) => self.say("HTMLPreformatted", "", text),
            Block::List(items) => {
                for item in items {
                    self.say("ListBullet", "", item);
                }
            }
            Block::Table(t) => {
                if !t.caption.is_empty() {
                    self.say("Caption", KEEP, &t.caption);
                }
                self.table(&t.head, &t.rows, &t.numeric, &t.caption);
            }
            Block::Figure(place) => {
                let d = self.d;
                let here = d.figures.iter().enumerate().filter(|(_, (at, _))| at == place);
                for (k, (_, figure)) in here {
                    self.figure(k, figure);
                }
            }
            Block::Sketch(_) => {}
        }
    }

    /// Title, what is shown, the picture or its numbers, source.
    fn figure(&mut self, k: usize, figure: &Figure) {
        self.say("Caption", KEEP, &figure.title);
        if !figure.subtitle.is_empty() {
            self.say("FigureNote", KEEP, &figure.subtitle);
        }
        match self.images {
            Some(_) => self.picture(k + 1, figure),
            None => self.table(&figure.table.columns, &figure.table.rows, &[], &figure.title),
        }
        if !figure.source.is_empty() {
            self.say("FigureNote", "", &figure.source);
        }
    }

    fn picture(&mut self, k: usize, figure: &Figure) {
        let (_, [width, height]) = figure.picture_svg(FIGURE_WIDTH);
        let wide = COLUMN as f64 * EMU;
        let (x, y) = (wide.round(), (wide * height / width).round());
        let (title, words) = (escape(&figure.title), escape(&figure.summary));
        let about = format!("id=\"{k}\" name=\"Figure {k}\" title=\"{title}\" descr=\"{words}\"");
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:keepNext/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
             <wp:extent cx=\"{x}\" cy=\"{y}\"/><wp:docPr {about}/>\
             <a:graphic><a:graphicData uri=\"{DRAWING}/picture\"><pic:pic>\
             <pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"png{k}\"><a:extLst>\
             <a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\"><asvg:svgBlip \
             xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" r:embed=\"svg{k}\"/>\
             </a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{x}\" cy=\"{y}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>\
             </a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        );
    }

    /// A table whose first row is repeated at the head of every page.
    fn table(&mut self, head: &[String], rows: &[Vec<String>], numeric: &[bool], about: &str) {
        let widths = widths(head, rows);
        let cell = |k: usize, text: &str| {
            let right = numeric.get(k).copied().unwrap_or(false);
            let side = if right { "<w:jc w:val=\"right\"/>" } else { "" };
            format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>",
                widths.get(k).copied().unwrap_or_default(),
                paragraph("TableText", side, &runs(text))
            )
        };
        let row = |properties: &str, cells: &[String]| {
            let cells: String = (0..widths.len())
                .map(|k| cell(k, cells.get(k).map_or("", String::as_str)))
                .collect();
            format!("<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{cells}</w:tr>")
        };
        let grid: String = widths.iter().map(|w| format!("<w:gridCol w:w=\"{w}\"/>")).collect();
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"BriefTable\"/><w:tblW w:w=\"{COLUMN}\" w:type=\"dxa\"/>\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\"/>\
             <w:tblCaption w:val=\"{}\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{}{}</w:tbl>",
            escape(about),
            row("<w:tblHeader/>", head),
            rows.iter().map(|cells| row("", cells)).collect::<String>()
        );
        // Two tables without anything between them would be one. It has no height of its own, so that none
        // at the end of the text makes a page.
        self.say("TableText", THIN, "");
    }
}

/// Widths of the columns in twentieths of a point, which add up to the column of text: as their longest
/// words ask for, and what is left as their texts do.
fn widths(head: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let texts = |k: usize| head.get(k).into_iter().chain(rows.iter().filter_map(move |r| r.get(k)));
    // What stays on one line, as `unbroken` has it, asks for its whole width.
    let word = |t: &String| unbroken(t).split(' ').map(|w| w.chars().count()).max().unwrap_or(0);
    let least = |k: usize| SIGN * texts(k).map(word).max().unwrap_or(0).clamp(3, 24) + CELL;
    let more = |k: usize| texts(k).map(|t| t.chars().count()).max().unwrap_or(0).clamp(1, 60);
    let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
    let least: Vec<usize> = (0..columns).map(least).collect();
    let (asked, wanted) =
        (least.iter().sum::<usize>(), (0..columns).map(more).sum::<usize>().max(1));
    let left = COLUMN.saturating_sub(asked);
    // Where even the longest words have no room, all give way alike.
    let fit = |w: usize| if asked > COLUMN { w * COLUMN / asked } else { w };
    (0..columns).map(|k| fit(least[k]) + left * more(k) / wanted).collect()
}

/// The width of a sign of a table's text, bold figures among them, in twentieths of a point.
const SIGN: usize = 105;
/// A paragraph without height, and the space after it.
const THIN: &str = "<w:spacing w:before=\"0\" w:after=\"120\" w:line=\"20\" w:lineRule=\"exact\"/>";
/// What a cell leaves empty on both sides.
const CELL: usize = 120;
