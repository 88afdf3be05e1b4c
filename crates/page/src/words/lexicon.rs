//! The lexicons: which word stands for which band.

use super::whole_percent;

/// A word and the band of per cent it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The word.
    pub term: &'static str,
    /// Lower edge in per cent.
    pub lo: u8,
    /// Upper edge in per cent; whether it belongs to the band is the lexicon's rule.
    pub hi: u8,
    /// The band as printed, such as `55–80 %`.
    pub range: &'static str,
}

/// A standard of words for probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Lexicon {
    /// ICD 203, first row (*likely*): the default.
    #[default]
    Icd203A,
    /// ICD 203, second row (*probable*); never mixed with the first in one text.
    Icd203B,
    /// The UK's Professional Head of Intelligence Assessment yardstick.
    Phia,
    /// The IPCC's likelihood scale.
    Ipcc,
}

const fn band(term: &'static str, lo: u8, hi: u8, range: &'static str) -> Band {
    Band { term, lo, hi, range }
}

const ICD_203_A: [Band; 7] = [
    band("almost no chance", 1, 5, "1–5 %"),
    band("very unlikely", 5, 20, "5–20 %"),
    band("unlikely", 20, 45, "20–45 %"),
    band("roughly even chance", 45, 55, "45–55 %"),
    band("likely", 55, 80, "55–80 %"),
    band("very likely", 80, 95, "80–95 %"),
    band("almost certain", 95, 99, "95–99 %"),
];

const ICD_203_B: [Band; 7] = [
    band("remote", 1, 5, "1–5 %"),
    band("highly improbable", 5, 20, "5–20 %"),
    band("improbable", 20, 45, "20–45 %"),
    band("roughly even odds", 45, 55, "45–55 %"),
    band("probable", 55, 80, "55–80 %"),
    band("highly probable", 80, 95, "80–95 %"),
    band("nearly certain", 95, 99, "95–99 %"),
];

const PHIA: [Band; 7] = [
    band("remote chance", 0, 5, "≤5 %"),
    band("highly unlikely", 10, 20, "10–20 %"),
    band("unlikely", 25, 35, "25–35 %"),
    band("realistic possibility", 40, 49, "40–<50 %"),
    band("likely", 55, 75, "55–75 %"),
    band("highly likely", 80, 90, "80–90 %"),
    band("almost certain", 95, 100, "≥95 %"),
];

const IPCC: [Band; 7] = [
    band("exceptionally unlikely", 0, 1, "0–1 %"),
    band("very unlikely", 0, 10, "0–10 %"),
    band("unlikely", 0, 33, "0–33 %"),
    band("about as likely as not", 33, 66, "33–66 %"),
    band("likely", 66, 100, "66–100 %"),
    band("very likely", 90, 100, "90–100 %"),
    band("virtually certain", 99, 100, "99–100 %"),
];

impl Lexicon {
    /// All lexicons.
    pub const ALL: [Self; 4] = [Self::Icd203A, Self::Icd203B, Self::Phia, Self::Ipcc];

    /// The name used on the command line and in files.
    pub fn id(self) -> &'static str {
        ["icd203a", "icd203b", "phia", "ipcc"][self as usize]
    }

    /// The name in running text.
    pub fn name(self) -> &'static str {
        ["ICD 203 row A", "ICD 203 row B", "PHIA", "IPCC"][self as usize]
    }

    /// The lexicon with an [id](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.id() == id)
    }

    /// The bands from the least to the most likely.
    ///
    /// # Reference
    /// Intelligence Community Directive 203 (2015), section D.6.e(2)(a); UK Professional Head of
    /// Intelligence Assessment, probability yardstick (2018); Mastrandrea and others (2010), *IPCC
    /// AR5 guidance note on uncertainties*, table 1.
    pub fn bands(self) -> &'static [Band; 7] {
        match self {
            Self::Icd203A => &ICD_203_A,
            Self::Icd203B => &ICD_203_B,
            Self::Phia => &PHIA,
            Self::Ipcc => &IPCC,
        }
    }

    /// The band of a probability, rounded to whole per cent first; `None` if it is no probability.
    ///
    /// - ICD 203: `[lo, hi)`, the last band closed, so 20 is *unlikely* and 80 *very likely*; below
    ///   1 and above 99 the outermost band is the nearest, and [`phrase`](super::phrase()) says so.
    /// - PHIA leaves gaps on purpose: what falls into one goes to the nearer band, a tie to the less
    ///   extreme one.
    /// - IPCC's bands are nested and closed: the narrowest that holds the value, a tie to the less
    ///   extreme one.
    pub fn band(self, p: f64) -> Option<Band> {
        let percent = whole_percent(p)?;
        let bands = self.bands();
        let centre = |b: &Band| (i32::from(b.lo) + i32::from(b.hi) - 100).abs();
        match self {
            Self::Icd203A | Self::Icd203B => {
                bands.iter().rev().find(|b| percent >= b.lo).or(bands.first()).copied()
            }
            Self::Phia => {
                let gap =
                    |b: &&Band| (b.lo.saturating_sub(percent)).max(percent.saturating_sub(b.hi));
                bands.iter().min_by_key(|b| (gap(b), centre(b))).copied()
            }
            Self::Ipcc => bands
                .iter()
                .filter(|b| (b.lo..=b.hi).contains(&percent))
                .min_by_key(|b| (b.hi - b.lo, centre(b)))
                .copied(),
        }
    }
}
