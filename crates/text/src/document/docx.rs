//! Documents of a word processor: the paragraphs of their main part.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::{DocumentError, KeptDocument, MOST, any_day};

fn broken(why: impl ToString) -> DocumentError {
    DocumentError::Broken { form: "DOCX", why: why.to_string() }
}

/// Reads it.
///
/// # Errors
/// What is no such archive, and what unpacks to more than a document may be.
pub(super) fn read(bytes: &[u8]) -> Result<KeptDocument, DocumentError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let body = part(&mut archive, "word/document.xml")?;
    let text = paragraphs(&body)?;
    let about = part(&mut archive, "docProps/core.xml").unwrap_or_default();
    let title = element(&about, "title");
    let published = element(&about, "created").and_then(|d| any_day(&d));
    Ok(KeptDocument { title, published, text, ..KeptDocument::default() })
}

/// A part of the archive, unpacked; never more of it than [`MOST`].
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, DocumentError> {
    let file = archive.by_name(name).map_err(broken)?;
    let mut out = Vec::new();
    file.take(MOST + 1).read_to_end(&mut out).map_err(broken)?;
    if out.len() as u64 > MOST {
        return Err(DocumentError::Large);
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The paragraphs, tabs and breaks as they are seen.
fn paragraphs(xml: &str) -> Result<String, DocumentError> {
    let mut reader = Reader::from_str(xml);
    let (mut text, mut in_run) = (String::new(), false);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => break,
            Event::Start(tag) => in_run = tag.local_name().as_ref() == "t",
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "tab" => text.push(' '),
                "br" => text.push('\n'),
                _ => {}
            },
            Event::End(tag) => {
                in_run = false;
                if tag.local_name().as_ref() == "p" && !text.ends_with("\n\n") && !text.is_empty() {
                    text.push_str("\n\n");
                }
            }
            Event::Text(words) if in_run => text.push_str(&words),
            Event::GeneralRef(reference) if in_run => match reference.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => {
                    let known = quick_xml::escape::resolve_predefined_entity(&reference);
                    text.push_str(known.unwrap_or(" "));
                }
            },
            _ => {}
        }
    }
    Ok(text)
}

/// The text of the first element of a name.
fn element(xml: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let mut inside = false;
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return None,
            Event::Start(tag) => inside = tag.local_name().as_ref() == name,
            Event::Text(text) if inside => return Some(text.to_string()),
            Event::End(_) => inside = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn archive(body: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file("word/document.xml", options).unwrap();
        writer.write_all(body.as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn paragraphs_are_set_apart() {
        let body = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>He said </w:t></w:r><w:r>\
                    <w:t>&quot;no&quot;.</w:t></w:r></w:p><w:p><w:r><w:t>Then he left.</w:t></w:r></w:p>\
                    </w:body></w:document>";
        assert_eq!(read(&archive(body)).unwrap().text, "He said \"no\".\n\nThen he left.\n\n");
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_and_what_is_broken_too() {
        let bomb = archive(&" ".repeat(usize::try_from(MOST).unwrap() + 1));
        assert!(bomb.len() < 1 << 20);
        assert_eq!(read(&bomb).unwrap_err(), DocumentError::Large);
        let whole = archive("<w:p><w:t>x</w:t></w:p>");
        for cut in 0..whole.len() {
            let _ = read(&whole[..cut]);
        }
        assert!(read(b"PK\x03\x04").is_err());
    }
}
