//! Files for a word processor: what is in them, part by part.

use std::io::{Cursor, Read};

use roxmltree::{Document as Xml, Node};
use winset_page::document::{
    Block, Document, FIGURE_WIDTH, Images, Section, Table, WITHOUT_IMAGES, docx,
};

use crate::chart::samples;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The beginning of every PNG; nothing here looks at the rest.
const IMAGE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A document with every kind of block, all charts, and a name that means harm.
fn sample() -> Document {
    let figures: Vec<_> = samples::realistic().into_iter().map(|f| ("all", f)).collect();
    let rows = vec![vec!["<w:p/>\u{1}الجمهورية".to_owned(), "30 %".to_owned()]];
    let table = Table::new("Shares of <draws>", &[("Who", false), ("Share", true)], rows);
    let list = Block::List(vec!["one".to_owned(), "two & three".to_owned()]);
    Document {
        title: "Talks & terms".to_owned(),
        facts: vec![("As of".to_owned(), "22 April 2025".to_owned())],
        marking: Some("For A & B only".to_owned()),
        front: vec![Section::new("a", "First", vec![Block::Lead("The answer".to_owned()), list])],
        sections: vec![
            Section::new("b", "Second", vec![Block::Table(table), Block::Figure("all")]),
            Section::new("c", "Third", vec![Block::Command("winset brief".to_owned())]),
        ],
        figures,
        ..Document::default()
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn images(d: &Document) -> Images {
    d.figures.iter().map(|_| IMAGE.to_vec()).collect()
}

fn text(node: Node<'_, '_>) -> String {
    node.descendants().filter(|n| n.has_tag_name((WORD, "t"))).filter_map(|n| n.text()).collect()
}

/// The paragraphs of a style, in order.
fn of_style(xml: &Xml<'_>, style: &str) -> Vec<String> {
    let is = |n: &Node<'_, '_>| {
        n.has_tag_name((WORD, "p"))
            && n.descendants().any(|s| {
                s.has_tag_name((WORD, "pStyle")) && s.attribute((WORD, "val")) == Some(style)
            })
    };
    xml.descendants().filter(is).map(text).collect()
}

#[test]
fn headings_lists_and_tables_stand_in_order_under_names_a_house_style_has() {
    let bytes = docx(&sample(), None).unwrap();
    let body = part(&bytes, "word/document.xml");
    let xml = Xml::parse(&body).unwrap();
    assert_eq!(of_style(&xml, "Title"), ["Talks & terms"]);
    assert_eq!(of_style(&xml, "Heading1"), ["First", "Second", "Third"]);
    assert_eq!(of_style(&xml, "ListBullet"), ["one", "two & three"]);
    assert_eq!(of_style(&xml, "Lead"), ["The answer"]);
    let styles = part(&bytes, "word/styles.xml");
    let styles = Xml::parse(&styles).unwrap();
    let known: Vec<&str> =
        styles.descendants().filter_map(|n| n.attribute((WORD, "styleId"))).collect();
    for used in xml.descendants().filter(|n| ["pStyle", "tblStyle"].contains(&n.tag_name().name()))
    {
        assert!(known.contains(&used.attribute((WORD, "val")).unwrap()), "{used:?}");
    }
}

#[test]
fn a_table_has_its_caption_a_head_that_is_repeated_and_every_cell() {
    let d = sample();
    let body = part(&docx(&d, Some(&images(&d))).unwrap(), "word/document.xml");
    let xml = Xml::parse(&body).unwrap();
    let tables: Vec<_> = xml.descendants().filter(|n| n.has_tag_name((WORD, "tbl"))).collect();
    assert_eq!(tables.len(), 1);
    let rows: Vec<_> = tables[0].children().filter(|n| n.has_tag_name((WORD, "tr"))).collect();
    let cells = |row: &Node<'_, '_>| -> Vec<String> {
        row.children().filter(|n| n.has_tag_name((WORD, "tc"))).map(text).collect()
    };
    assert_eq!(cells(&rows[0]), ["Who", "Share"]);
    assert!(rows[0].descendants().any(|n| n.has_tag_name((WORD, "tblHeader"))));
    // Markup of a case is text, a character that no XML holds is gone, and Arabic runs the other way.
    assert_eq!(cells(&rows[1]), ["<w:p/>الجمهورية", "30\u{a0}%"]);
    let turned = rows[1].descendants().find(|n| n.has_tag_name((WORD, "rtl"))).unwrap();
    assert_eq!(text(turned.ancestors().nth(2).unwrap()), "الجمهورية");
    assert!(of_style(&xml, "Caption").contains(&"Shares of <draws>".to_owned()));
}

#[test]
fn a_column_is_as_wide_as_its_longest_word() {
    let long = "the most that the negotiator of a side with a very long name accepts on the issue";
    let head = ["Assumption", "10 % to 90 %", "Low", "High", "Of variance", "Rests on"];
    let cells = [
        long,
        "27 to 73",
        "−9.4",
        "+6.6 ± 0.7",
        "63 % (39–86 %)",
        "the class of past negotiations",
    ];
    let rows = vec![cells.map(str::to_owned).to_vec()];
    let table = Table::new("Shares", &head.map(|h| (h, false)), rows);
    let section = Section::new("s", "S", vec![Block::Table(table)]);
    let d = Document { sections: vec![section], ..Document::default() };
    let body = part(&docx(&d, None).unwrap(), "word/document.xml");
    let xml = Xml::parse(&body).unwrap();
    let columns = xml.descendants().filter(|n| n.has_tag_name((WORD, "gridCol")));
    let widths: Vec<usize> =
        columns.map(|n| n.attribute((WORD, "w")).unwrap().parse().unwrap()).collect();
    // Four signs of 8.5 points, each 0.56 em as figures of Arial are, and what a cell leaves empty.
    let four = (4.0 * 0.56 * 8.5 * 20.0 + 113.0) as usize;
    assert!(widths[2] >= four, "{widths:?}");
    // A number stands with its error.
    let ten = (10.0 * 0.56 * 8.5 * 20.0 + 113.0) as usize;
    assert!(widths[3] >= ten, "{widths:?}");
    assert!(widths.iter().sum::<usize>() <= 9_638 && widths[0] > 2 * widths[2], "{widths:?}");
}

#[test]
fn every_figure_is_an_image_with_its_drawing_and_an_alternative() {
    let d = sample();
    let bytes = docx(&d, Some(&images(&d))).unwrap();
    let body = part(&bytes, "word/document.xml");
    let xml = Xml::parse(&body).unwrap();
    let shown: Vec<(&str, &str)> = xml
        .descendants()
        .filter(|n| n.tag_name().name() == "docPr")
        .map(|n| (n.attribute("title").unwrap(), n.attribute("descr").unwrap()))
        .collect();
    assert!(d.figures.len() > 10);
    let plain = |text: &str| text.replace(['\u{2068}', '\u{2069}'], "");
    let wanted: Vec<_> =
        d.figures.iter().map(|(_, f)| (plain(&f.title), plain(&f.summary))).collect();
    assert!(shown.iter().all(|(_, words)| !words.is_empty()));
    assert_eq!(shown.len(), wanted.len());
    for (k, ((title, words), (a, b))) in shown.iter().zip(&wanted).enumerate() {
        assert_eq!((*title, *words), (a.as_str(), b.as_str()));
        let drawing = part(&bytes, &format!("word/media/figure{}.svg", k + 1));
        // A word processor knows no variables of a style sheet.
        assert!(!drawing.contains("var("), "{a}");
        Xml::parse(&drawing).unwrap();
    }
    assert!(!body.contains(WITHOUT_IMAGES));
    // Every relation leads to a part, and every reference has its relation.
    let links = part(&bytes, "word/_rels/document.xml.rels");
    let links = Xml::parse(&links).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes[..])).unwrap();
    let mut ids = Vec::new();
    for link in links.descendants().filter(|n| n.tag_name().name() == "Relationship") {
        assert!(archive.by_name(&format!("word/{}", link.attribute("Target").unwrap())).is_ok());
        ids.push(link.attribute("Id").unwrap());
    }
    for n in xml.descendants().flat_map(|n| n.attributes()).filter(|a| {
        ["embed", "id"].contains(&a.name())
            && a.namespace().is_some_and(|n| n.ends_with("officeDocument/2006/relationships"))
    }) {
        assert!(ids.contains(&n.value()), "{n:?}");
    }
}

#[test]
fn on_paper_no_text_of_a_picture_has_less_than_eight_points() {
    // The text of A4 between margins of 20 mm, px of 1/96 inch.
    let column = (210.0 - 2.0 * 20.0) / 25.4 * 96.0;
    for (_, f) in sample().figures {
        let (svg, [width, _]) = f.picture_svg(FIGURE_WIDTH);
        let number = |part: &str| part.split('"').next().and_then(|n| n.parse::<f64>().ok());
        let sizes = svg.split("font-size=\"").skip(1).filter_map(number);
        let least = sizes.fold(f64::INFINITY, f64::min) * column / width * 0.75;
        assert!((8.0..20.0).contains(&least), "{}: {least:.2} pt", f.id);
    }
}

#[test]
fn without_images_every_figure_is_its_table_and_the_file_says_so() {
    let d = sample();
    let body = part(&docx(&d, None).unwrap(), "word/document.xml");
    let xml = Xml::parse(&body).unwrap();
    let tables = xml.descendants().filter(|n| n.has_tag_name((WORD, "tbl"))).count();
    assert_eq!(tables, 1 + d.figures.len());
    assert!(body.contains(WITHOUT_IMAGES) && !body.contains("<w:drawing>"));
}

#[test]
fn the_same_document_is_the_same_bytes_and_marked_on_every_page() {
    let d = sample();
    let bytes = docx(&d, Some(&images(&d))).unwrap();
    assert_eq!(bytes, docx(&d, Some(&images(&d))).unwrap());
    for name in ["word/header1.xml", "word/footer1.xml"] {
        let text = part(&bytes, name);
        assert_eq!(of_style(&Xml::parse(&text).unwrap(), "Header"), ["For A & B only"]);
    }
    assert!(part(&bytes, "docProps/core.xml").contains("<dc:title>Talks &amp; terms</dc:title>"));
}
