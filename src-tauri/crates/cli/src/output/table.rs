//! Aligned columns for people.

use comfy_table::{ContentArrangement, Table, presets};
use portcullis_domain::hostile_text::terminal_text;

/// Rows under headings, without borders, wide enough for their content: a pipe to `less -S` or `grep` keeps lines
/// whole, a terminal scrolls.
#[must_use]
pub fn render<const N: usize>(headings: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings);
    for row in rows {
        table.add_row(row.map(|cell| terminal_text(&cell).into_owned()));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}
