//! Laws every chart keeps, over realistic and degenerate values, and their golden drawings.

mod check;
pub(crate) mod samples;

use std::path::Path;

use winset_page::chart::{
    Agreement, CSS, DARK, Figure, LIGHT, Odds, Palette, agreement, bar, escape, sparkline,
};

const WIDTHS: [f64; 4] = [320.0, 360.0, 760.0, 1200.0];

#[test]
fn every_chart_is_clean_at_every_width() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (set, figures) in samples::all() {
        for f in figures {
            for w in WIDTHS {
                let svg = f.svg(w);
                for fault in check::faults(&svg) {
                    wrong.push(format!(
                        "{set} {} at {w}: {fault}",
                        f.id.chars().take(9).collect::<String>()
                    ));
                }
                for fault in check::faults(&f.standalone_svg(w)) {
                    wrong.push(format!(
                        "{set} {} alone at {w}: {fault}",
                        f.id.chars().take(9).collect::<String>()
                    ));
                }
                seen += 1;
            }
            for low in [160.0, 230.0] {
                let page = f.html_tall(low);
                for svg in page.split("<svg ").skip(1).filter_map(|s| s.split("</svg>").next()) {
                    for fault in check::faults(&format!("<svg {svg}</svg>")) {
                        wrong.push(format!("{set} {} {low} high: {fault}", f.id));
                    }
                }
            }
        }
    }
    assert!(seen >= 10 * 10 * WIDTHS.len(), "{seen}");
    assert!(
        wrong.is_empty(),
        "{} faults\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
}

/// Width of the text on a page of A4, with the margins of the brief, in px of 1/96 inch.
const A4: f64 = (210.0 - 2.0 * 16.0) / 25.4 * 96.0;

#[test]
fn on_paper_no_text_of_a_chart_has_less_than_eight_points() {
    for f in samples::realistic() {
        let page = f.html();
        let wide =
            page.split("class=\"wide\"").nth(1).and_then(|s| s.split("</svg>").next()).unwrap();
        let number = |part: &str| part.split('"').next().and_then(|n| n.parse::<f64>().ok());
        let width = wide.split(" width=\"").nth(1).and_then(number).unwrap();
        let sizes: Vec<f64> = wide.split("font-size=\"").skip(1).filter_map(number).collect();
        assert!(!sizes.is_empty(), "{}", f.id);
        let least = sizes.into_iter().fold(f64::INFINITY, f64::min) * A4 / width * 0.75;
        assert!(least >= 8.0, "{}: {least:.2} pt", f.id);
    }
}

#[test]
fn the_checker_finds_what_it_is_for() {
    let frame = |inside: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 40\">{inside}</svg>")
    };
    let text = |x: f64, t: &str| {
        format!("<text x=\"{x}\" y=\"20\" font-size=\"12\" fill=\"var(--ink)\">{t}</text>")
    };
    let bad = [
        format!("{}{}", text(5.0, "one word"), text(20.0, "another")),
        text(80.0, "over the edge"),
        "<circle cx=\"98\" cy=\"10\" r=\"5\" fill=\"var(--ink)\"/>".to_owned(),
        "<path d=\"M0 0L140 3\" stroke=\"var(--ink)\"/>".to_owned(),
        "<script>1</script>".to_owned(),
        "<rect width=\"1\" height=\"1\" onclick=\"x\"/>".to_owned(),
        "<g tabindex=\"0\"></g>".to_owned(),
        format!("{}{}", text(5.0, "ok").replace("--ink", "--line"), ""),
        "<b>".to_owned(),
    ];
    for inside in bad {
        assert!(!check::faults(&frame(&inside)).is_empty(), "{inside}");
    }
    assert_eq!(check::faults(&frame(&text(5.0, "fine"))), Vec::<String>::new());
}

#[test]
fn text_reads_on_every_background_of_both_themes() {
    for (theme, p) in [("light", LIGHT), ("dark", DARK)] {
        let inks: Vec<&str> = [p.ink, p.muted, p.accent].into_iter().chain(p.series).collect();
        for back in [p.paper, p.panel] {
            for ink in &inks {
                let c = check::contrast(ink, back);
                assert!(c >= 4.5, "{theme}: {ink} on {back} is {c:.2}");
            }
        }
        for ink in [p.ink, p.muted, p.accent] {
            let c = check::contrast(ink, p.band);
            assert!(c >= 4.5, "{theme}: {ink} on the band {} is {c:.2}", p.band);
        }
    }
    // Black on white is 21 by definition.
    assert!((check::contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
}

#[test]
fn the_style_and_the_palettes_name_the_same_colours() {
    let named = |p: &Palette| {
        let mut out = format!(
            "--ink:{};--muted:{};--line:{};--paper:{};--panel:{};--accent:{};--band:{};",
            p.ink, p.muted, p.line, p.paper, p.panel, p.accent, p.band
        );
        for (k, s) in p.series.iter().enumerate() {
            out.push_str(&format!("--s{}:{s};", k + 1));
        }
        out
    };
    // Light: the root and print; dark: the system's wish and the page's.
    assert_eq!(CSS.matches(&named(&LIGHT)).count(), 2);
    assert_eq!(CSS.matches(&named(&DARK)).count(), 2);
    assert_eq!(CSS.matches('{').count(), CSS.matches('}').count());
}

#[test]
fn a_figure_to_publish_needs_no_style() {
    for f in samples::realistic() {
        let svg = f.standalone_svg(760.0);
        assert!(!svg.contains("var(--"), "{}", f.id);
        let words = check::words(&svg);
        let first = f.title.split(' ').next().unwrap_or("");
        assert!(words.iter().any(|w| w.starts_with(first)), "{}: no title", f.id);
        assert!(words.iter().any(|w| w.starts_with("winset")), "{}: no source", f.id);
    }
}

#[test]
fn a_figure_says_in_words_and_numbers_what_it_draws() {
    for f in samples::realistic() {
        assert!(f.title.len() > 20 && !f.title.ends_with('.'), "{}", f.title);
        assert!(f.summary.ends_with('.'), "{}", f.summary);
        assert!(!f.table.rows.is_empty(), "{}", f.id);
        for row in &f.table.rows {
            assert_eq!(row.len(), f.table.columns.len(), "{}: {row:?}", f.id);
        }
        for w in [360.0, 760.0] {
            assert!(f.svg(w).matches("tabindex=\"0\"").count() >= 3, "{} at {w}", f.id);
        }
    }
    let titles: Vec<String> = samples::realistic().into_iter().map(|f| f.title).collect();
    // From the sample's numbers: 27 % on 30 June, of which 19 points after 30 April.
    assert!(titles[0].starts_with("A signed agreement by 30\u{a0}June: 27"), "{}", titles[0]);
    assert!(
        titles[5].starts_with("Who blocks most often: Hardliners (Iran), in 31"),
        "{}",
        titles[5]
    );
}

#[test]
fn nothing_of_a_name_becomes_markup() {
    for (set, figures) in samples::all() {
        for f in figures {
            let html = f.html();
            for bad in ["<script", "<img", "onload=\"", "]]>", "\u{202e}", "\0"] {
                assert!(!html.contains(bad), "{set}, {}: {bad}", f.id);
            }
            let xml = format!("<x>{}</x>", html.replace('\0', ""));
            let doc = roxmltree::Document::parse(&xml);
            assert!(doc.is_ok(), "{set}, {}: {:?}", f.id, doc.err());
        }
    }
    assert_eq!(escape("<a b='\"'>&\u{0}\u{202e}"), "&lt;a b=&#39;&quot;&#39;&gt;&amp;");
}

#[test]
fn a_table_survives_the_spreadsheet() {
    let mut f = samples::realistic().remove(0);
    f.table.columns = vec!["a".into(), "b".into()];
    f.table.rows = vec![vec!["x,\"y\"\nz".into(), "=1+1".into()], vec!["-3.5".into(), "".into()]];
    let csv = f.csv();
    let comment = |l: &&str| l.starts_with('#');
    let body: Vec<&str> = csv.split_inclusive('\n').skip_while(comment).collect();
    assert_eq!(body.concat(), "a,b\n\"x,\"\"y\"\"\nz\",'=1+1\n-3.5,\n");
}

#[test]
fn inline_charts_are_well_formed() {
    for svg in [
        sparkline(&[], "<none>"),
        sparkline(&[0.2], "one"),
        sparkline(&[0.1, f64::NAN, 0.4, 7.0], "many"),
        bar(0.3, Some((0.2, 0.4)), "\"30 %\""),
        bar(f64::NAN, None, ""),
    ] {
        assert_eq!(check::faults(&svg), Vec::<String>::new(), "{svg}");
    }
}

#[test]
fn what_was_before_a_change_lies_over_the_band() {
    let odds = |n: usize, p: f64| Odds { day: format!("2025-05-{n:02}"), p, lo: 0.1, hi: 0.9 };
    let figure = agreement(&Agreement {
        id: "a".to_owned(),
        as_of: "2025-04-30".to_owned(),
        question: "2025-05-20".to_owned(),
        curve: (1..31).map(|n| odds(n, 0.6)).collect(),
        ghost: (1..31).map(|n| odds(n, 0.4)).collect(),
        ..Agreement::default()
    });
    let svg = figure.standalone_svg(760.0);
    let band = svg.find("Z\" fill=").expect("a band");
    let dashed = svg.find("stroke-dasharray=\"5 4\"").expect("a dashed line");
    assert!(band < dashed, "the band covers the line of before");
}

#[test]
fn drawings_are_as_approved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bless = std::env::var_os("WINSET_BLESS").is_some();
    let mut wrong: Vec<(String, String, String)> = Vec::new();
    for f in samples::realistic() {
        for w in [360.0, 760.0] {
            let name = format!("{}-{w}.svg", f.id);
            let path = root.join("tests/chart").join(&name);
            let actual = f.standalone_svg(w);
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            if expected == actual {
                continue;
            }
            if bless {
                std::fs::write(&path, &actual).unwrap();
            } else {
                wrong.push((name, expected, actual));
            }
        }
    }
    if bless {
        std::fs::write(target(root).join("charts.html"), page(&samples::realistic())).unwrap();
    }
    if wrong.is_empty() {
        return;
    }
    let mut html = String::from("<!doctype html><meta charset=utf-8><title>Charts</title>");
    for (name, expected, actual) in &wrong {
        html.push_str(&format!(
            "<h2>{name}</h2><table><tr><th>expected<th>actual<tr><td>{expected}<td>{actual}</table>"
        ));
    }
    let out = target(root).join("charts-mismatch.html");
    std::fs::write(&out, html).unwrap();
    let names: Vec<&str> = wrong.iter().map(|w| w.0.as_str()).collect();
    panic!(
        "{} differ; compare them in {}; WINSET_BLESS=1 approves",
        names.join(", "),
        out.display()
    );
}

fn target(root: &Path) -> std::path::PathBuf {
    root.join("../../target")
}

fn page(figures: &[Figure]) -> String {
    let body: String = figures.iter().map(Figure::html).collect();
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
         content=\"width=device-width\"><title>Charts</title><style>{CSS}\
         body{{margin:0 auto;max-width:760px;padding:0 16px;background:var(--paper)}}</style>{body}"
    )
}
