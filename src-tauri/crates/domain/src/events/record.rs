//! The text of a record: read as far as it is there, and shown without secrets.

use serde_json::Value;

use super::words;

/// The record, and whether it is all there. One that was cut off is read up to the last member that is whole.
pub(super) fn read(text: &str) -> (Value, bool) {
    match serde_json::from_str(text) {
        Ok(value) => (value, true),
        Err(_) => (mended(text).unwrap_or(Value::Null), false),
    }
}

/// JSON that ends in the middle, closed after the last value that is whole. What is no JSON at all stays unread.
fn mended(text: &str) -> Option<Value> {
    let (mut open, mut in_string, mut escaped) = (Vec::new(), false, false);
    // Where it can be cut, and what has to be closed there.
    let mut cut: Option<(usize, Vec<char>)> = None;
    for (at, letter) in text.char_indices() {
        if in_string {
            in_string = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
            continue;
        }
        match letter {
            '"' => in_string = true,
            '{' | '[' => {
                open.push(if letter == '{' { '}' } else { ']' });
                cut = Some((at + 1, open.clone()));
            }
            '}' | ']' => {
                if open.pop() != Some(letter) {
                    break;
                }
                cut = Some((at + 1, open.clone()));
            }
            ',' => cut = Some((at, open.clone())),
            ' ' | '\t' | '\n' | '\r' | ':' | '+' | '-' | '.' | '0'..='9' | 'a'..='z' | 'E' => {}
            _ => break,
        }
    }
    let (end, mut close) = cut?;
    close.reverse();
    let whole: String = text.get(..end)?.chars().chain(close).collect();
    serde_json::from_str(&whole).ok()
}

/// The record for a person to look at: values of API keys, of stage variables and of tokens taken out, whether AWS hid
/// them or not.
#[must_use]
pub fn shown_record(record: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(record) else { return cut_before_secrets(record) };
    redact(&mut value);
    serde_json::to_string_pretty(&value).unwrap_or_else(|_| record.to_owned())
}

/// A record that is not whole cannot be searched member by member: it is shown as far as no member whose value may be
/// secret has begun.
fn cut_before_secrets(record: &str) -> String {
    let folded = record.to_ascii_lowercase();
    let secret = ["\"value\"", "variables\"", "stagevariableoverrides\"", "token\"", "variables/", "\"/variables"];
    match secret.iter().filter_map(|name| folded.find(name)).min() {
        Some(at) => format!("{}… [the record is not whole, and what follows may be secret]", &record[..at]),
        None => record.to_owned(),
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(members) => {
            let is_patch = members.contains_key("op");
            let of_variable = members.get("path").and_then(Value::as_str).is_some_and(words::is_variable);
            for (name, member) in members {
                let hidden = match name.as_str() {
                    "value" => !is_patch || of_variable,
                    "variables" | "stageVariables" | "stageVariableOverrides" => true,
                    name => name.to_lowercase().contains("token") && member.is_string(),
                };
                match member {
                    // `{ name, value }` as well, but what they say is which API and stage an alarm watches.
                    member if name.eq_ignore_ascii_case("dimensions") && member.is_array() => {}
                    Value::String(text) if hidden => "[redacted]".clone_into(text),
                    Value::Object(inner) if hidden => {
                        inner.values_mut().for_each(|value| *value = Value::from("[redacted]"));
                    }
                    member => redact(member),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_record_that_is_cut_off_is_read_up_to_the_last_whole_value() {
        let cases = [
            (
                r#"{"eventName":"UpdateStage","userIdentity":{"type":"Root","arn":"arn:aws"#,
                json!({ "eventName": "UpdateStage", "userIdentity": { "type": "Root" } }),
            ),
            (r#"{"a":[1,2"#, json!({ "a": [1] })),
            (r#"{"a":{"b":"x"},"c":"\"y"#, json!({ "a": { "b": "x" } })),
            (r#"{"a":"x\"y","b":1"#, json!({ "a": "x\"y" })),
            (r#"{"a":"x",… [the record is not whole"#, json!({ "a": "x" })),
            (r#"{"#, json!({})),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), (expected, false), "{text}");
        }
        for nothing in ["", "Error from AWS", "<html>", "nul"] {
            assert_eq!(read(nothing), (Value::Null, false), "{nothing}");
        }
        assert_eq!(read(r#"{"a":1}"#), (json!({ "a": 1 }), true));
    }

    #[test]
    fn what_an_alarm_watches_is_no_secret() {
        let record = json!({ "requestParameters": { "dimensions": [{ "name": "ApiName", "value": "storefront" }] } });
        assert!(shown_record(&record.to_string()).contains("storefront"));
    }

    proptest! {
        #[test]
        fn wherever_it_is_cut_it_says_nothing_that_was_not_there(at in 0_usize..200) {
            let whole = json!({ "a": { "b": ["x", "y\"}{", 1, null, true] }, "c": "d", "e": { "f": { "g": "…" } } }).to_string();
            let at = (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
            let (part, _) = read(&whole[..at]);
            let full: Value = serde_json::from_str(&whole).unwrap();
            for name in ["a", "c", "e"] {
                if name == "c" && !part["c"].is_null() { prop_assert_eq!(&part["c"], &full["c"]); }
                prop_assert!(part[name].is_null() || full[name].is_object() == part[name].is_object());
            }
        }
    }
}
