//! What could not be read, in words, on standard error: it must not be mistaken for data, and not be missed.

use portcullis_domain::{coverage::Coverage, hostile_text::terminal_text};

/// One paragraph per gap; empty when there is none.
#[must_use]
pub fn render(coverage: &Coverage) -> String {
    if coverage.complete {
        return String::new();
    }
    let mut text = format!(
        "Incomplete: {} could not be read.\n",
        match coverage.gaps.len() {
            1 => "one thing".to_owned(),
            count => format!("{count} things"),
        }
    );
    for gap in &coverage.gaps {
        let request = gap.request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
        text += &format!(
            "  {}: {} ({}:{} answered {}{request})\n    {}\n",
            terminal_text(&gap.context),
            terminal_text(&gap.resource),
            gap.service,
            gap.operation,
            terminal_text(&gap.code),
            terminal_text(&gap.message),
        );
    }
    text
}
