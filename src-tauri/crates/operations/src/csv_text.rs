//! Lines as CSV: RFC 4180, cells that a spreadsheet would run made harmless.

use portcullis_domain::hostile_text::csv_cell;

use crate::error::WireError;

/// One line for each row, below the names of the columns.
///
/// # Errors
/// `Internal` when a row has not as many cells as there are names.
pub fn csv_text<Head, Row>(
    head: impl IntoIterator<Item = Head>,
    rows: impl IntoIterator<Item = Row>,
) -> Result<String, WireError>
where
    Head: AsRef<str>,
    Row: IntoIterator<Item = String>,
{
    let wrong = |error: &dyn std::error::Error| WireError::internal("CSV", error);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer
        .write_record(head.into_iter().map(|name| csv_cell(name.as_ref()).into_owned()))
        .map_err(|error| wrong(&error))?;
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| csv_cell(&cell).into_owned())).map_err(|error| wrong(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| wrong(&error))?;
    String::from_utf8(bytes).map_err(|error| wrong(&error))
}
