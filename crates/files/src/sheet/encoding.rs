//! Bytes as text, and text as bytes, in the encodings that spreadsheets save.

use super::{SheetError, refused};

/// How a text is written in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8, as everything here is written.
    #[default]
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, which Excel saves in Western Europe.
    Windows1252,
}

impl TextEncoding {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The bytes 0x80 to 0x9F of Windows-1252; `\0` where there is none.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Reads a text without its byte-order mark. UTF-16 is known by its mark, or by the zeros that Latin
/// letters leave in it; what is no UTF-8 is read as Windows-1252.
///
/// # Errors
/// If the bytes are no text in any of these.
pub fn decode(bytes: Vec<u8>) -> Result<(String, TextEncoding), SheetError> {
    if let Some(encoding) = utf16(&bytes) {
        let big = encoding == TextEncoding::Utf16Be;
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
        return match String::from_utf16(&units) {
            Ok(text) if bytes.len().is_multiple_of(2) => {
                Ok((text.trim_start_matches('\u{feff}').to_owned(), encoding))
            }
            _ => refused("it is UTF-16 with a character cut off", "save it again as UTF-8"),
        };
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => {
            return Ok((text.trim_start_matches('\u{feff}').to_owned(), TextEncoding::Utf8));
        }
        Ok(text) => text.into_bytes(),
        Err(e) => e.into_bytes(),
    };
    // No text holds these; binary files do.
    let control = |b: &&u8| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c);
    if bytes.iter().any(|b| control(&b)) {
        return refused("this is a binary file, not text", "is this the right file?");
    }
    let mut text = String::with_capacity(bytes.len());
    for (k, &b) in bytes.iter().enumerate() {
        let c = match b {
            0x80..=0x9f => HIGH[usize::from(b - 0x80)],
            _ => char::from(b),
        };
        if c == '\0' {
            let line = bytes[..k].iter().filter(|b| **b == b'\n').count() + 1;
            let message = format!(
                "line {line} holds the byte 0x{b:02X}, which is neither UTF-8 nor Windows-1252"
            );
            return refused(message, "save the file as UTF-8");
        }
        text.push(c);
    }
    Ok((text, TextEncoding::Windows1252))
}

/// The UTF-16 that bytes are, by their mark or by their zeros.
fn utf16(bytes: &[u8]) -> Option<TextEncoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(TextEncoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(TextEncoding::Utf16Be),
        _ => {}
    }
    let some = &bytes[..bytes.len().min(512) & !1];
    let zeros = |odd: usize| some.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let most = some.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, low) if most >= 4 && 4 * low > 3 * most => Some(TextEncoding::Utf16Le),
        (high, 0) if most >= 4 && 4 * high > 3 * most => Some(TextEncoding::Utf16Be),
        _ => None,
    }
}

/// Writes a text, without a byte-order mark, so that it can stand behind one of the same encoding.
///
/// # Errors
/// The first character that the encoding lacks.
pub fn encode(text: &str, encoding: TextEncoding) -> Result<Vec<u8>, char> {
    let byte = |c: char| match u32::from(c) {
        code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).map_err(|_| c),
        _ => match HIGH.iter().position(|h| *h == c && c != '\0') {
            Some(k) => Ok(0x80 + k as u8),
            None => Err(c),
        },
    };
    match encoding {
        TextEncoding::Utf8 => Ok(text.as_bytes().to_vec()),
        TextEncoding::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        TextEncoding::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        TextEncoding::Windows1252 => text.chars().map(byte).collect(),
    }
}

/// Writes a text in the encoding of older bytes, behind their byte-order mark where they have one.
///
/// # Errors
/// The first character that the encoding lacks.
pub fn encode_like(old: &[u8], text: &str) -> Result<Vec<u8>, char> {
    let encoding = encoding_of(old);
    let marked = match encoding {
        TextEncoding::Utf8 => old.starts_with(b"\xef\xbb\xbf"),
        TextEncoding::Utf16Le | TextEncoding::Utf16Be => {
            old.starts_with(b"\xff\xfe") || old.starts_with(b"\xfe\xff")
        }
        TextEncoding::Windows1252 => false,
    };
    encode(&format!("{}{text}", if marked { "\u{feff}" } else { "" }), encoding)
}

/// The encoding that bytes are read in; UTF-8 for what is no text.
pub fn encoding_of(bytes: &[u8]) -> TextEncoding {
    decode(bytes.to_vec()).map(|d| d.1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_read_back() {
        let text = "Actor;Straße;„Ölpreis“ – 5 €\r\n";
        for encoding in [
            TextEncoding::Utf8,
            TextEncoding::Utf16Le,
            TextEncoding::Utf16Be,
            TextEncoding::Windows1252,
        ] {
            let bytes = encode(text, encoding).unwrap();
            assert_eq!(decode(bytes).unwrap(), (text.to_owned(), encoding));
        }
        let marked = encode("\u{feff}a;b", TextEncoding::Utf16Le).unwrap();
        assert_eq!(decode(marked).unwrap().0, "a;b");
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()).unwrap().0, "a");
        // The bytes of RFC-less practice: 0x80 is the euro, 0xFC a u with two dots.
        assert_eq!(decode(b"M\xfcller \x80".to_vec()).unwrap().0, "Müller €");
        assert_eq!(encode("北", TextEncoding::Windows1252), Err('北'));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"\x7fELF\x02\x01\x01\x00\xff"[..], b"a\x81b", b"\xff\xfea\0b", b"a\x00b"] {
            assert!(decode(bytes.to_vec()).is_err(), "{bytes:?}");
        }
    }
}
