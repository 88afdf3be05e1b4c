//! A small, bounded reader of XML: elements and attributes, nothing that expands.
//!
//! Only the five predefined entities and character references are known; a document type is
//! refused, so no text can grow. Size, depth and number of elements have limits.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::GeniusFault;

/// The largest file that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 16 << 20;
const MAX_DEPTH: usize = 64;
const MAX_ELEMENTS: usize = 500_000;
const MAX_ATTRIBUTES: usize = 64;
const MAX_VALUE: usize = 10_000;

/// An element with its attributes and children; text between elements is not kept.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) line: usize,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An attribute that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, GeniusFault> {
        self.attribute(name).ok_or_else(|| {
            GeniusFault::new(
                self.line,
                format!("`<{}>` has no `{name}`", self.name),
                format!("`{name}=\"…\"`"),
                format!("add the attribute `{name}`"),
            )
        })
    }

    /// A finite number in an attribute that must be there.
    pub(crate) fn number(&self, name: &str) -> Result<f64, GeniusFault> {
        let text = self.required(name)?;
        text.trim().parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
            GeniusFault::new(
                self.line,
                format!("`{name}=\"{}\"` in `<{}>` is no number", short(text), self.name),
                "a finite number such as `0.25`",
                "write decimals with a point, without units",
            )
        })
    }

    /// A whole number in an attribute that must be there.
    pub(crate) fn whole(&self, name: &str) -> Result<i64, GeniusFault> {
        let number = self.number(name)?;
        // Beyond 2^53 a double no longer tells whole numbers apart.
        if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
            return Ok(number as i64);
        }
        Err(GeniusFault::new(
            self.line,
            format!("`{name}` in `<{}>` is not a whole number", self.name),
            "a whole number such as `3`",
            "indexes and bounds of integer issues are whole",
        ))
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn first<'a>(&'a self, name: &'a str) -> Option<&'a Element> {
        self.all(name).next()
    }
}

/// At most sixty characters of a text, for messages.
pub(crate) fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Reads a document into its root element.
pub(crate) fn read(bytes: &[u8]) -> Result<Element, GeniusFault> {
    if bytes.len() > MAX_BYTES {
        return Err(GeniusFault::new(
            0,
            "the file is too large",
            format!("at most {} MB", MAX_BYTES >> 20),
            "a domain with that many values could not be listed anyway",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
        GeniusFault::new(line, "the file is not UTF-8", "XML in UTF-8", "save it again as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Builder { text, reader: Reader::from_str(text), line: 1, counted: 0 }.document()
}

struct Builder<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    line: usize,
    counted: usize,
}

impl Builder<'_> {
    fn document(mut self) -> Result<Element, GeniusFault> {
        // A stack of our own, so that depth costs no call stack.
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        let mut elements = 0;
        loop {
            let before = self.position();
            self.count_to(before);
            let event = self.reader.read_event();
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(before);
                    self.count_to(at);
                    return Err(self.malformed(short(&error.to_string())));
                }
            };
            let finished = match event {
                Event::Start(ref tag) | Event::Empty(ref tag) => {
                    elements += 1;
                    if elements > MAX_ELEMENTS {
                        return Err(self.refuse("too many elements", MAX_ELEMENTS, "elements"));
                    }
                    if open.len() >= MAX_DEPTH {
                        return Err(self.refuse("elements nest too deep", MAX_DEPTH, "levels"));
                    }
                    if open.is_empty() && root.is_some() {
                        return Err(self.malformed("a second root element".into()));
                    }
                    let element = self.element(tag)?;
                    if matches!(event, Event::Start(_)) {
                        open.push(element);
                        None
                    } else {
                        Some(element)
                    }
                }
                Event::End(_) => open.pop(),
                Event::DocType(_) => {
                    return Err(GeniusFault::new(
                        self.line,
                        "a document type (`<!DOCTYPE …>`) is refused",
                        "elements and attributes only",
                        "delete the DOCTYPE; entities are never expanded",
                    ));
                }
                Event::GeneralRef(reference) => {
                    let known = reference.is_char_ref()
                        || matches!(
                            &*reference.xml10_content(),
                            "lt" | "gt" | "amp" | "apos" | "quot"
                        );
                    if !known {
                        return Err(self.malformed("an unknown entity".into()));
                    }
                    None
                }
                Event::Eof => break,
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::PI(_)
                | Event::Decl(_) => None,
            };
            if let Some(element) = finished {
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => root = Some(element),
                }
            }
        }
        self.count_to(self.text.len());
        if let Some(unclosed) = open.last() {
            return Err(self.malformed(format!("`<{}>` is never closed", short(&unclosed.name))));
        }
        root.ok_or_else(|| self.malformed("there is no element".into()))
    }

    fn element(&self, tag: &BytesStart<'_>) -> Result<Element, GeniusFault> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.malformed(short(&error.to_string())))?;
            if attributes.len() >= MAX_ATTRIBUTES {
                return Err(self.refuse("too many attributes", MAX_ATTRIBUTES, "attributes"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.malformed(short(&error.to_string())))?;
            if value.len() > MAX_VALUE {
                return Err(self.refuse("an attribute is too long", MAX_VALUE, "bytes"));
            }
            attributes.push((attribute.key.into_inner().to_owned(), value.into_owned()));
        }
        Ok(Element {
            name: tag.name().into_inner().to_owned(),
            line: self.line,
            attributes,
            children: Vec::new(),
        })
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.counted)
    }

    fn count_to(&mut self, position: usize) {
        let end = position.min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.counted..end) {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.counted = end;
        }
    }

    fn malformed(&self, message: String) -> GeniusFault {
        GeniusFault::new(
            self.line,
            format!("not well-formed XML: {message}"),
            "well-formed XML as Genius writes it",
            "only `&lt; &gt; &amp; &apos; &quot;` and character references may follow an `&`",
        )
    }

    fn refuse(&self, what: &str, most: usize, unit: &str) -> GeniusFault {
        GeniusFault::new(
            self.line,
            what,
            format!("at most {most} {unit}"),
            "check that this is a file written by Genius",
        )
    }
}
