//! PDF with a text in it, page by page; what is only a picture of a text is not read.

use std::panic::catch_unwind;

use super::{DocumentError, KeptDocument, MOST, any_day};

/// So many pages are read.
const PAGES: usize = 500;

/// Reads it.
///
/// # Errors
/// What is broken, or locked with a password.
pub(super) fn read(bytes: &[u8]) -> Result<KeptDocument, DocumentError> {
    let broken = |why: String| DocumentError::Broken { form: "PDF", why };
    // The format is large and its files are often broken; what goes wrong below stays there.
    let read =
        catch_unwind(|| text(bytes)).map_err(|_| broken("its structure is broken".to_owned()))?;
    read.map_err(broken)
}

fn text(bytes: &[u8]) -> Result<KeptDocument, String> {
    let document = lopdf::Document::load_mem(bytes).map_err(|e| e.to_string())?;
    if document.is_encrypted() {
        return Err("it is locked with a password".to_owned());
    }
    let mut text = String::new();
    for page in document.get_pages().keys().take(PAGES) {
        // A page that cannot be read leaves the others.
        if let Ok(found) = document.extract_text(&[*page]) {
            text.push_str(&paragraphs(&found));
            text.push_str("\n\n");
        }
        if text.len() as u64 > MOST {
            break;
        }
    }
    let about = |key: &[u8]| {
        let info = document.trailer.get(b"Info").ok()?;
        let info = document.dereference(info).ok()?.1.as_dict().ok()?;
        lopdf::decode_text_string(info.get(key).ok()?).ok()
    };
    let day = about(b"CreationDate").and_then(|d| {
        let d = d.strip_prefix("D:").unwrap_or(&d);
        any_day(&format!("{}-{}-{}", d.get(..4)?, d.get(4..6)?, d.get(6..8)?))
    });
    Ok(KeptDocument { title: about(b"Title"), published: day, text, ..KeptDocument::default() })
}

/// Lines joined to paragraphs: one ends where a line ends a sentence and is shorter than the longest.
fn paragraphs(page: &str) -> String {
    let longest = page.lines().map(|l| l.trim().chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for line in page.lines().map(str::trim) {
        if line.is_empty() {
            out.push_str("\n\n");
            continue;
        }
        if out.ends_with('-') && line.starts_with(char::is_lowercase) {
            out.pop();
        } else if !out.is_empty() && !out.ends_with('\n') {
            out.push(' ');
        }
        out.push_str(line);
        let ends = line.ends_with(['.', '!', '?', '”', '"', ':']);
        if ends && line.chars().count() * 5 < longest * 4 {
            out.push_str("\n\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of one line in Helvetica, with its table of places.
    fn page(line: &str) -> Vec<u8> {
        let stream = format!("BT /F1 12 Tf 72 700 Td ({line}) Tj ET");
        let parts = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
                .to_owned(),
        ];
        let mut out = "%PDF-1.4\n".to_owned();
        let mut places = Vec::new();
        for (k, part) in parts.iter().enumerate() {
            places.push(out.len());
            out.push_str(&format!("{} 0 obj\n{part}\nendobj\n", k + 1));
        }
        let start = out.len();
        out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", parts.len() + 1));
        for place in places {
            out.push_str(&format!("{place:010} 00000 n \n"));
        }
        let size = parts.len() + 1;
        out.push_str(&format!(
            "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
        ));
        out.into_bytes()
    }

    #[test]
    fn the_text_of_a_page_is_read() {
        let found = read(&page("The minister said no.")).unwrap();
        assert_eq!(found.text.trim(), "The minister said no.");
    }

    #[test]
    fn a_broken_file_is_an_error_and_no_panic() {
        let whole = page("The minister said no.");
        for cut in (0..whole.len()).step_by(7) {
            let _ = read(&whole[..cut]);
            let mut other = whole.clone();
            other[cut] = other[cut].wrapping_add(13);
            let _ = read(&other);
        }
        assert!(read(b"%PDF-1.4 nothing").is_err());
    }
}
