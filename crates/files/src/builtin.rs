//! The cases that are compiled in.

use crate::case::CaseFiles;
use crate::diagnostic::Source;

/// A finished case.
pub struct Builtin {
    /// The name it is asked for by.
    pub slug: &'static str,
    /// Its files: name below the folder, and text.
    pub files: &'static [(&'static str, &'static str)],
}

/// All of them; the first is the default.
pub const CASES: [Builtin; 2] = [
    Builtin {
        slug: "us-iran-2025",
        files: &[
            ("case.toml", include_str!("../../../cases/us-iran-2025/case.toml")),
            ("record.csv", include_str!("../../../cases/us-iran-2025/record.csv")),
        ],
    },
    Builtin {
        slug: "emission-standards-1994",
        files: &[("case.toml", include_str!("../../../cases/emission-standards-1994/case.toml"))],
    },
];

/// A case to start from: short, and explained in its comments.
pub const TEMPLATE: &str = include_str!("templates/two-sides.toml");

/// Cases to start from by the class that prices them, explained in their comments; `none` is a
/// parliament before a day on which something lapses.
pub const TEMPLATES: [(&str, &str); 6] = [
    ("crisis", include_str!("templates/crisis.toml")),
    ("mediated", include_str!("templates/mediated.toml")),
    ("formation-election", include_str!("templates/formation-election.toml")),
    ("formation-other", include_str!("templates/formation-other.toml")),
    ("strike", include_str!("templates/strike.toml")),
    ("none", include_str!("templates/parliament.toml")),
];

/// The case of a slug.
pub fn find(slug: &str) -> Option<&'static Builtin> {
    CASES.iter().find(|c| c.slug == slug)
}

impl Builtin {
    /// Its texts, named as if they lay in a folder of that name.
    pub fn sources(&self) -> CaseFiles {
        let source = |name: &str| {
            self.files.iter().find(|(n, _)| *n == name).map(|(n, text)| Source {
                name: format!("{}/{n}", self.slug),
                text: (*text).to_owned(),
            })
        };
        CaseFiles {
            case: source("case.toml").unwrap_or_default(),
            record: source("record.csv"),
            tables: Vec::new(),
        }
    }
}
