//! A plain description written as Genius XML, so that results can be checked elsewhere.

use std::fmt::Write as _;

/// A domain with discrete issues.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The name of the domain.
    pub name: String,
    /// Its issues, in order.
    pub issues: Vec<IssueDescription>,
}

/// An issue and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct IssueDescription {
    /// The name of the issue.
    pub name: String,
    /// The names of its values, each once.
    pub values: Vec<String>,
}

/// What one side wants.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileDescription {
    /// The weight of every issue, in the order of the domain, 0 or more.
    pub weights: Vec<f64>,
    /// `evaluations[issue][value]`; whoever reads the file divides them by the issue's largest.
    pub evaluations: Vec<Vec<f64>>,
    /// What the side gets without a deal.
    pub reservation: f64,
    /// The discount factor, if any.
    pub discount: Option<f64>,
}

/// Writes the domain file.
#[must_use]
pub fn write_domain(description: &Description) -> String {
    let mut xml = format!(
        "<negotiation_template>\n<utility_space number_of_issues=\"{}\">\n",
        description.issues.len()
    );
    objective(&mut xml, description, None);
    xml.push_str("</utility_space>\n</negotiation_template>\n");
    xml
}

/// Writes the file of one side; `None` if its numbers do not fit the issues or are not finite.
#[must_use]
pub fn write_profile(description: &Description, profile: &ProfileDescription) -> Option<String> {
    let issues = &description.issues;
    let numbers = profile.weights.iter().chain(profile.evaluations.iter().flatten());
    let fits = profile.weights.len() == issues.len()
        && profile.evaluations.len() == issues.len()
        && profile.evaluations.iter().zip(issues).all(|(e, i)| e.len() == i.values.len())
        && numbers
            .chain([&profile.reservation])
            .chain(profile.discount.as_ref())
            .all(|number| number.is_finite());
    if !fits {
        return None;
    }
    let mut xml = String::from("<utility_space>\n");
    objective(&mut xml, description, Some(profile));
    if let Some(discount) = profile.discount {
        push(&mut xml, format_args!("<discount_factor value=\"{discount}\"/>\n"));
    }
    push(&mut xml, format_args!("<reservation value=\"{}\"/>\n", profile.reservation));
    xml.push_str("</utility_space>\n");
    Some(xml)
}

fn objective(xml: &mut String, description: &Description, profile: Option<&ProfileDescription>) {
    push(
        xml,
        format_args!(
            "<objective index=\"0\" description=\"\" name=\"{}\" type=\"objective\" \
             etype=\"objective\">\n",
            escaped(&description.name)
        ),
    );
    for (at, issue) in description.issues.iter().enumerate() {
        push(
            xml,
            format_args!(
                "<issue index=\"{}\" name=\"{}\" vtype=\"discrete\" type=\"discrete\" \
                 etype=\"discrete\">\n",
                at + 1,
                escaped(&issue.name)
            ),
        );
        for (number, value) in issue.values.iter().enumerate() {
            let (number, name) = (number + 1, escaped(value));
            match profile.map(|profile| profile.evaluations[at][number - 1]) {
                None => {
                    push(xml, format_args!("<item index=\"{number}\" value=\"{name}\"/>\n"));
                }
                Some(e) => push(
                    xml,
                    format_args!(
                        "<item index=\"{number}\" value=\"{name}\" cost=\"0\" \
                         evaluation=\"{e}\"/>\n"
                    ),
                ),
            }
        }
        xml.push_str("</issue>\n");
    }
    for (at, weight) in profile.map_or(&[][..], |profile| &profile.weights).iter().enumerate() {
        push(xml, format_args!("<weight index=\"{}\" value=\"{weight}\"/>\n", at + 1));
    }
    xml.push_str("</objective>\n");
}

fn push(xml: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = xml.write_fmt(text);
}

/// Text for an attribute; what XML cannot carry becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // A reader turns bare ones into spaces.
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
