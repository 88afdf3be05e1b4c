//! Workbooks as spreadsheets write them, made here by hand: an archive that stores its files as they are.

use winset_files::actors::read;
use winset_files::case::decode_table;
use winset_files::diagnostic::Findings;

/// The checksum of the archive format (CRC-32, polynomial 0xEDB88320).
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, bit: u32| if bit == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc, crc & 1))
    })
}

/// An archive with files that are stored and not packed.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let start = u32::try_from(out.len()).unwrap();
        let size = u32::try_from(text.len()).unwrap();
        // Version, flags, method 0, time and date, checksum, sizes, lengths of name and extra.
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        head.extend(checksum(text.as_bytes()).to_le_bytes());
        head.extend(size.to_le_bytes());
        head.extend(size.to_le_bytes());
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, start) = (u16::try_from(files.len()).unwrap(), u32::try_from(out.len()).unwrap());
    let size = u32::try_from(directory.len()).unwrap();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A cell of XLSX: a number, or a text where it is none.
fn cell(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(_) => format!("<c><v>{text}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    }
}

fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let rows: String = (rows.iter().enumerate())
        .map(|(k, row)| {
            let cells: String = row.iter().map(|text| cell(text)).collect();
            format!("<row r=\"{}\">{cells}</row>", k + 1)
        })
        .collect();
    archive(&[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Talks\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            &format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ])
}

/// A cell of ODS, typed.
fn typed(text: &str) -> String {
    let kind = match text.parse::<f64>() {
        Ok(_) => format!("office:value-type=\"float\" office:value=\"{text}\""),
        Err(_) if text.len() == 10 && text.starts_with("20") => {
            format!("office:value-type=\"date\" office:date-value=\"{text}\"")
        }
        Err(_) => "office:value-type=\"string\"".to_owned(),
    };
    format!("<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>")
}

fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let of = "urn:oasis:names:tc:opendocument:xmlns";
    let rows: String = (rows.iter())
        .map(|row| {
            let cells: String = row.iter().map(|text| typed(text)).collect();
            format!("<table:table-row>{cells}</table:table-row>")
        })
        .collect();
    let content = format!(
        "<office:document-content xmlns:office=\"{of}:office:1.0\" xmlns:table=\"{of}:table:1.0\" xmlns:text=\"{of}:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"Talks\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = format!("<manifest:manifest xmlns:manifest=\"{of}:manifest:1.0\"/>");
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", &manifest),
        ("content.xml", &content),
    ])
}

/// Numbers of a workbook are numbers: 1000.125 is no thousand and a bit of anything.
#[test]
fn a_sheet_is_an_actor_table() {
    let rows: &[&[&str]] = &[
        &["Actor", "Issue", "Position", "Salience", "Capability"],
        &["Hill", "toll", "10.5", "90", "1000.125"],
        &["Harbour", "toll", "90", "80", "12.375"],
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("t.xlsx", xlsx(rows)), ("t.ods", ods(rows))] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let sheet = read(&path).unwrap();
        let actors = sheet.issues[0].issue.actors();
        assert_eq!((actors[0].capability, actors[0].position), (1000.125, 10.5), "{name}");
        assert_eq!((actors[1].name.as_str(), actors[1].capability), ("Harbour", 12.375));
    }
    // The line of a fault is the row of the sheet.
    let wrong: &[&[&str]] = &[rows[0], rows[1], &["Harbour", "toll", "far", "80", "1"]];
    let path = folder.path().join("w.xlsx");
    std::fs::write(&path, xlsx(wrong)).unwrap();
    let e = read(&path).unwrap_err();
    assert_eq!((e.line, e.heading.as_deref()), (3, Some("Position")), "{e}");
}

#[test]
fn days_of_a_sheet_are_days() {
    let rows: &[&[&str]] =
        &[&["said", "kind", "text"], &["2025-04-12", "event", "One, \"two\"; three"]];
    let mut findings = Findings::default();
    let source = decode_table("rows.ods".to_owned(), ods(rows), &mut findings);
    let drafts = winset_files::record::add::pasted(&source, &mut findings);
    assert!(findings.list.is_empty(), "{findings:?}");
    assert_eq!(drafts[0].get("said"), "2025-04-12");
    assert_eq!(drafts[0].get("text"), "One, \"two\"; three");
}
