//! A PDF of one page of plain lines (ISO 32000-1, 7.5), which is enough for a link to a PDF.

use std::fmt::Write;

/// Formats the document. Characters outside ASCII are left out, because the built-in fonts have no Unicode.
pub(super) fn document(lines: &[String]) -> Vec<u8> {
    let mut content = String::from("BT /F1 11 Tf 14 TL 56 780 Td\n");
    for line in lines {
        let _ = writeln!(content, "({}) Tj T*", escaped(line));
    }
    content.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        let _ = write!(pdf, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, count) = (pdf.len(), objects.len() + 1);
    let _ =
        write!(pdf, "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    pdf.into_bytes()
}

fn escaped(line: &str) -> String {
    let mut escaped = String::new();
    for letter in line.chars().filter(|letter| matches!(letter, ' '..='~')) {
        if matches!(letter, '(' | ')' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn the_table_points_to_the_objects() {
        let pdf = String::from_utf8(document(&["Invoice (1)".to_owned(), "2 × Pro".to_owned()])).unwrap();
        assert!(pdf.contains("(Invoice \\(1\\)) Tj"));
        let table = &pdf[pdf.find("xref\n").unwrap()..];
        for (number, row) in table.lines().skip(3).take(5).enumerate() {
            let offset: usize = row[..10].parse().unwrap();
            assert!(pdf[offset..].starts_with(&format!("{} 0 obj", number + 1)), "{row}");
        }
    }
}
