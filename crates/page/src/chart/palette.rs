//! Colours of charts and of the pages around them.
//!
//! Six series colours after Okabe and Ito's colour-blind-safe set, darkened (light theme) or
//! lightened (dark theme) until text in them reads on both backgrounds: contrast at least 4.5.

/// The literal colours of one theme, as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Text.
    pub ink: &'static str,
    /// Secondary text, axes.
    pub muted: &'static str,
    /// Grid and rules.
    pub line: &'static str,
    /// The page.
    pub paper: &'static str,
    /// Boxes on the page.
    pub panel: &'static str,
    /// The colour of the answer, and of links.
    pub accent: &'static str,
    /// Bands of uncertainty.
    pub band: &'static str,
    /// Series.
    pub series: [&'static str; 6],
}

/// The light theme.
pub const LIGHT: Palette = Palette {
    ink: "#1b1f24",
    muted: "#586069",
    line: "#d9dcdf",
    paper: "#ffffff",
    panel: "#f5f4f0",
    accent: "#005b96",
    band: "#d5e5f2",
    series: ["#005b96", "#b04300", "#00694e", "#97396f", "#755700", "#565c63"],
};

/// The dark theme.
pub const DARK: Palette = Palette {
    ink: "#e8eaed",
    muted: "#a4abb3",
    line: "#383e45",
    paper: "#15181b",
    panel: "#1e2226",
    accent: "#6fb7ec",
    band: "#22405a",
    series: ["#6fb7ec", "#f39255", "#3cc79c", "#e09cc3", "#dcc04c", "#aab1b8"],
};

macro_rules! light {
    () => {
        "--ink:#1b1f24;--muted:#586069;--line:#d9dcdf;--paper:#ffffff;--panel:#f5f4f0;\
--accent:#005b96;--band:#d5e5f2;--s1:#005b96;--s2:#b04300;--s3:#00694e;--s4:#97396f;\
--s5:#755700;--s6:#565c63;"
    };
}

macro_rules! dark {
    () => {
        "--ink:#e8eaed;--muted:#a4abb3;--line:#383e45;--paper:#15181b;--panel:#1e2226;\
--accent:#6fb7ec;--band:#22405a;--s1:#6fb7ec;--s2:#f39255;--s3:#3cc79c;--s4:#e09cc3;\
--s5:#dcc04c;--s6:#aab1b8;"
    };
}

/// Style of the figures, and the variables that the pages around them use too.
///
/// Light unless the reader's system asks for dark; `data-theme="light"` or `"dark"` on any
/// ancestor decides; print is always light.
pub const CSS: &str = concat!(
    ":root,[data-theme=light]{color-scheme:light;",
    light!(),
    "}\n@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;",
    dark!(),
    "}}\n[data-theme=dark]{color-scheme:dark;",
    dark!(),
    "}\n@media print{:root,:root:not([data-theme=light]),[data-theme=dark]{color-scheme:light;",
    light!(),
    "}}\n",
    r#"figure.chart{container-type:inline-size;margin:1.75rem 0;padding:.6rem 0 0;
border-top:2px solid var(--ink);color:var(--ink);background:var(--paper);break-inside:avoid;
font-family:-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif}
figure.chart .title{font-size:1.06rem;line-height:1.3;font-weight:700;margin:0;
overflow-wrap:anywhere;text-wrap:pretty}
figure.chart .subtitle{font-size:.875rem;line-height:1.4;color:var(--muted);margin:.2rem 0 .7rem;
overflow-wrap:anywhere}
figure.chart svg{display:block;width:100%;height:auto;overflow:visible}
figure.chart svg.narrow{max-width:520px}
figure.chart svg.wide{display:none}
@container (min-width:600px){figure.chart svg.wide{display:block}
figure.chart svg.narrow{display:none}}
figure.chart .source{font-size:.75rem;line-height:1.4;color:var(--muted);margin:.5rem 0 0;
overflow-wrap:anywhere}
figure.chart details{font-size:.8125rem;margin:.4rem 0 0;color:var(--muted)}
figure.chart summary{cursor:pointer;width:max-content}
figure.chart .scroll{overflow-x:auto}
figure.chart table{border-collapse:collapse;margin:.5rem 0;color:var(--ink);
font-variant-numeric:tabular-nums}
figure.chart th,figure.chart td{text-align:left;vertical-align:top;padding:.2rem .9rem .2rem 0;
border-bottom:1px solid var(--line);overflow-wrap:anywhere;min-width:4em;max-width:28em}
figure.chart th{font-weight:600;color:var(--muted)}
figure.chart g:focus{outline:none}
figure.chart g:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.inline-chart{display:inline-block;vertical-align:middle}
@media print{figure.chart g[paint-order]{stroke:none}figure.chart{break-inside:avoid}figure.chart details{display:none}
figure.chart svg.wide{display:block}figure.chart svg.narrow{display:none}}
"#
);
