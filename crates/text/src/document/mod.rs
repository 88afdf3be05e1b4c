//! Documents as they came: bytes in, the text that people read and what is known of its origin out.
//!
//! Everything that is later said of a document is a [`crate::TextSpan`] of [`KeptDocument::text`], which is
//! a function of its bytes alone: read again, it is the same. Nothing here opens a file or a
//! connection, follows a link or obeys a word of what it reads.

#[cfg(feature = "docx")]
mod docx;
mod feed;
mod form;
mod html;
mod mail;
mod origin;
#[cfg(feature = "pdf")]
mod pdf;
mod plain;

use jiff::civil::Date;

pub use form::DocumentForm;
pub use origin::origins;

/// What a document has at most, in bytes, as it comes and as it is unpacked.
pub const MOST: u64 = 16 << 20;

/// So many items of a feed are read at most.
const ITEMS: usize = 2000;

/// Why a document could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DocumentError {
    /// It is larger than [`MOST`].
    #[error("it is larger than {} MB", MOST >> 20)]
    Large,
    /// It is of a form that this build does not read.
    #[error("a document of the form {0} is not read by this build")]
    Unread(&'static str),
    /// Something is wrong with it.
    #[error("it cannot be read as {form}: {why}")]
    Broken {
        /// The form it seems to have.
        form: &'static str,
        /// What is wrong.
        why: String,
    },
    /// There are no words in it, such as in a scan.
    #[error("there is no text in it")]
    Empty,
}

/// One text that somebody published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptDocument {
    /// What it is called: the file's name; of an item of a feed with `#` and its number from 1.
    pub name: String,
    /// BLAKE3 of the bytes as they came, in hexadecimal digits; all items of a feed share it.
    pub hash: String,
    /// What it came as.
    pub form: DocumentForm,
    /// Which item of a feed it is, from 1; 0 for what holds one document.
    pub item: usize,
    /// Its headline; not part of the text.
    pub title: Option<String>,
    /// Who published it, as it says itself.
    pub publisher: Option<String>,
    /// The day it was published, as it says itself.
    pub published: Option<Date>,
    /// Where it says that it lies.
    pub link: Option<String>,
    /// The text that people read, paragraphs set apart by a blank line.
    pub text: String,
}

/// BLAKE3 of some bytes, as [`KeptDocument::hash`] has it.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Reads the documents in some bytes: one, or those of a feed.
///
/// # Errors
/// What is too large, broken, without text, or of a form that is not read.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<KeptDocument>, DocumentError> {
    if bytes.len() as u64 > MOST {
        return Err(DocumentError::Large);
    }
    let form = DocumentForm::of(name, bytes);
    let found = match form {
        DocumentForm::Feed => feed::read(bytes)?,
        DocumentForm::Html => vec![html::read(&form::decode(bytes, true))],
        DocumentForm::Mail => vec![mail::read(bytes)?],
        DocumentForm::Text => vec![plain::read(&form::decode(bytes, false))],
        #[cfg(feature = "pdf")]
        DocumentForm::Pdf => vec![pdf::read(bytes)?],
        #[cfg(feature = "docx")]
        DocumentForm::Docx => vec![docx::read(bytes)?],
        #[allow(unreachable_patterns)]
        other => return Err(DocumentError::Unread(other.name())),
    };
    let (hash, many) = (hash(bytes), form == DocumentForm::Feed);
    // A reader of a form knows the text and what it says of itself; the rest is the same for all.
    let of = |(k, found): (usize, KeptDocument)| KeptDocument {
        name: if many { format!("{name}#{}", k + 1) } else { name.to_owned() },
        hash: hash.clone(),
        form,
        item: if many { k + 1 } else { 0 },
        title: found.title.map(|t| one_line(&t)).filter(|t| !t.is_empty()),
        publisher: found.publisher.map(|t| one_line(&t)).filter(|t| !t.is_empty()),
        link: found.link.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()),
        ..found
    };
    let read: Vec<KeptDocument> = found.into_iter().enumerate().map(of).collect();
    if read.iter().all(|d| d.text.trim().is_empty()) {
        return Err(DocumentError::Empty);
    }
    Ok(read)
}

/// A text on one line, with single spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day at the beginning of a date with a time, `2025-04-22T10:00:00Z`.
fn iso_day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// The day of an address of the internet's mail, `Tue, 3 Feb 2032 16:05:00 +0000`, or an ISO date.
fn any_day(text: &str) -> Option<Date> {
    iso_day(text).or_else(|| crate::day::absolute(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_without_words_is_refused() {
        let large = vec![b'a'; usize::try_from(MOST).unwrap() + 1];
        assert_eq!(read("a.txt", &large), Err(DocumentError::Large));
        assert_eq!(read("a.txt", b" \n "), Err(DocumentError::Empty));
        assert_eq!(read("a.html", b"<p></p>"), Err(DocumentError::Empty));
    }
}
