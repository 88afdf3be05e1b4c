//! What form a document has, by its first bytes before its name; and its characters.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde::Serialize;

/// What a document came as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentForm {
    /// Plain text.
    #[default]
    Text,
    /// A page of the web.
    Html,
    /// RSS or Atom.
    Feed,
    /// A message of the internet's mail.
    Mail,
    /// PDF.
    Pdf,
    /// A document of a word processor.
    Docx,
}

impl DocumentForm {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "HTML",
            Self::Feed => "a feed",
            Self::Mail => "mail",
            Self::Pdf => "PDF",
            Self::Docx => "DOCX",
        }
    }

    /// The ending of a file of the form.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Html => "html",
            Self::Feed => "xml",
            Self::Mail => "eml",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }

    /// The form of some bytes, with the name as a hint where they leave it open.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_lowercase();
        let head = head.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
        let ending = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
        if bytes.starts_with(b"%PDF-") {
            return Self::Pdf;
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Self::Docx;
        }
        let tagged = head.starts_with('<');
        let is_feed = ["<rss", "<feed", "<rdf:rdf"].iter().any(|t| head.contains(t));
        if tagged && is_feed && !head.contains("<html") {
            return Self::Feed;
        }
        let is_page = ["<!doctype html", "<html", "<head", "<body", "<p>", "<div", "<article"];
        if is_page.iter().any(|t| head.contains(t)) && (tagged || is_html(&ending)) {
            return Self::Html;
        }
        if is_mail(head) || ending == "eml" {
            return Self::Mail;
        }
        if is_html(&ending) { Self::Html } else { Self::Text }
    }
}

fn is_html(ending: &str) -> bool {
    ["html", "htm", "xhtml"].contains(&ending)
}

/// Whether a text begins as a message does: with two of its headers in the first lines.
fn is_mail(head: &str) -> bool {
    const HEADERS: [&str; 9] = [
        "from:",
        "to:",
        "subject:",
        "date:",
        "received:",
        "return-path:",
        "message-id:",
        "mime-version:",
        "delivered-to:",
    ];
    let header = |line: &str| HEADERS.iter().any(|h| line.starts_with(h));
    let lines: Vec<&str> = head.lines().take_while(|line| !line.trim().is_empty()).collect();
    lines.first().is_some_and(|line| header(line))
        && lines.iter().filter(|line| header(line)).count() >= 2
}

/// The characters of some bytes: by a byte-order mark, as UTF-8, by what a page says of itself, else
/// as Windows-1252, which has a character for every byte.
pub(super) fn decode(bytes: &[u8], page: bool) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let said = if page { charset(bytes) } else { None };
    let encoding = said.filter(|e| *e != UTF_8).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding that a page names in its head.
fn charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_lowercase();
    let rest = &head[head.find("charset=")? + "charset=".len()..];
    let label: String = rest
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c))
        .collect();
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_told_by_the_bytes() {
        let cases: [(&str, &[u8], DocumentForm); 9] = [
            ("a", b"%PDF-1.7 ...", DocumentForm::Pdf),
            ("a.txt", b"PK\x03\x04....", DocumentForm::Docx),
            ("-", b"<?xml version='1.0'?><rss version='2.0'>", DocumentForm::Feed),
            ("x", b"<feed xmlns='http://www.w3.org/2005/Atom'>", DocumentForm::Feed),
            ("x", b"\n<!DOCTYPE html><html>", DocumentForm::Html),
            ("x.html", b"Words and <p>more", DocumentForm::Html),
            ("x.txt", b"From: a@b\nSubject: c\n\nd", DocumentForm::Mail),
            ("x.txt", b"From: the start\n\nwords", DocumentForm::Text),
            ("x.txt", b"a < b", DocumentForm::Text),
        ];
        for (name, bytes, form) in cases {
            assert_eq!(DocumentForm::of(name, bytes), form, "{name}");
        }
    }

    #[test]
    fn characters_are_read_as_they_were_written() {
        assert_eq!(decode("\u{feff}é".as_bytes(), false), "é");
        assert_eq!(decode(b"caf\xe9 \x93no\x94", false), "café “no”");
        assert_eq!(
            decode(b"<meta charset=\"iso-8859-2\">\xb1", true),
            "<meta charset=\"iso-8859-2\">ą"
        );
        assert_eq!(decode(b"\xff\xfea\0b\0", false), "ab");
    }
}
