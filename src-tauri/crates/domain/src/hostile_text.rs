//! Text that other people wrote, made safe for where it goes: names, paths, descriptions and tags in an account are
//! data, whatever they look like.

use std::borrow::Cow;

/// Whether a character does something to a terminal or to the direction of a line instead of standing in it.
fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// The text as a terminal shows it without obeying it: control characters, escape sequences and direction marks become
/// visible (`\u{1b}`).
#[must_use]
pub fn terminal_text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if acts(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// The text as a CSV cell that no spreadsheet takes for a formula: a cell that begins with `=`, `+`, `-`, `@`, tab or
/// carriage return gets an apostrophe in front (OWASP, "CSV Injection"). Quoting is the CSV writer's work.
#[must_use]
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_acts_becomes_visible_and_the_rest_stays() {
        assert_eq!(terminal_text("Größe 日本 🛒"), "Größe 日本 🛒");
        assert_eq!(terminal_text("\u{1b}[2Jgone"), "\\u{1b}[2Jgone");
        assert_eq!(terminal_text("a\u{202e}b\nc"), "a\\u{202e}b\\nc");
        assert_eq!(csv_cell("=cmd()"), "'=cmd()");
        assert_eq!(csv_cell("storefront"), "storefront");
    }

    proptest! {
        #[test]
        fn nothing_that_acts_is_left(text in ".*") {
            prop_assert!(!terminal_text(&text).chars().any(acts));
        }

        #[test]
        fn no_cell_begins_a_formula(text in ".*") {
            prop_assert!(!csv_cell(&text).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
        }
    }
}
