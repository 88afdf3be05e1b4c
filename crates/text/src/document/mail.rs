//! A message: its subject, sender, day and body; attachments are left where they are.

use mail_parser::MessageParser;

use super::{DocumentError, KeptDocument, html, plain};

/// Reads it.
///
/// # Errors
/// What is no message.
pub(super) fn read(bytes: &[u8]) -> Result<KeptDocument, DocumentError> {
    let broken = || DocumentError::Broken { form: "mail", why: "it has no header".to_owned() };
    let message = MessageParser::default().parse(bytes).ok_or_else(broken)?;
    let sender = message.from().and_then(|from| from.first());
    let publisher = sender.and_then(|a| {
        a.name().or_else(|| a.address().map(|a| a.split('@').next_back().unwrap_or(a)))
    });
    let published = message.date().and_then(|d| {
        let (month, day) = (i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?);
        jiff::civil::Date::new(i16::try_from(d.year).ok()?, month, day).ok()
    });
    let is_page = message.html_body_count() > 0
        && message.text_body.iter().all(|k| message.html_body.contains(k));
    let body = match is_page {
        true => message.body_html(0).map(|page| html::read(&page)),
        false => message.body_text(0).map(|text| plain::read(&text)),
    };
    Ok(KeptDocument {
        title: message.subject().map(str::to_owned),
        publisher: publisher.map(str::to_owned),
        published,
        text: body.map(|b| b.text).unwrap_or_default(),
        ..KeptDocument::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_a_sender_a_day_and_a_body() {
        let found = read(
            b"From: Desk <desk@wire.example>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n\
              Date: Tue, 3 Feb 2032 16:05:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\
              Content-Transfer-Encoding: quoted-printable\r\n\r\n=E2=80=9CNo,=E2=80=9D he said.\r\n",
        )
        .unwrap();
        assert_eq!(found.title.as_deref(), Some("Café"));
        assert_eq!(found.publisher.as_deref(), Some("Desk"));
        assert_eq!(found.published.unwrap().to_string(), "2032-02-03");
        assert_eq!(found.text.trim(), "“No,” he said.");
    }

    #[test]
    fn a_message_that_is_a_page_is_read_as_one() {
        let found = read(
            b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n<p>He said &ldquo;no&rdquo;.</p>",
        )
        .unwrap();
        assert_eq!(found.text, "He said “no”.");
        assert_eq!(found.publisher.as_deref(), Some("b.example"));
    }
}
