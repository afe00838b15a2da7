//! Text to a tree: JSON as it stands, YAML with CloudFormation's short tags (`!Ref`, `!Sub`, `!GetAtt`…)
//! turned into their long form, so that everything after this reads one kind of tree.
//!
//! Definitions come from other people: depth and size are bounded before anything is parsed.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Number, Value, json};

/// AWS takes definitions up to 6 MB (`ImportRestApi`).
const MAX_BYTES: usize = 6 * 1024 * 1024;
/// Deeper nesting than any real definition has; bounds the recursion of the parsers.
const MAX_DEPTH: usize = 120;
/// Indentation, columns: bounds block nesting in YAML.
const MAX_INDENT: usize = 300;

/// Why a text is no document.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentError {
    /// Larger than AWS takes.
    #[error("the file has {bytes} bytes, more than the {MAX_BYTES} that API Gateway imports")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Nested too deeply.
    #[error("line {line} is nested too deeply to be an API definition")]
    TooDeep {
        /// The line, from 1.
        line: usize,
    },
    /// Neither JSON nor YAML.
    #[error("neither JSON nor YAML: {reason}")]
    Malformed {
        /// What the parser said, with line and column.
        reason: String,
    },
    /// Empty, or a bare scalar.
    #[error("there is no mapping at the top of the file, so it defines nothing")]
    NotAMapping,
}

/// Parses `text`.
pub(crate) fn parse(text: &str) -> Result<Value, DocumentError> {
    if text.len() > MAX_BYTES {
        return Err(DocumentError::TooLarge { bytes: text.len() });
    }
    let text = text.trim_start_matches('\u{feff}');
    bound_depth(text)?;
    let tree = if text.trim_start().starts_with('{') {
        match serde_json::from_str(text) {
            Ok(tree) => tree,
            // YAML's flow mappings look like JSON; only if neither reads it is JSON's complaint the better one.
            Err(error) => yaml(text).map_err(|_| DocumentError::Malformed { reason: format!("as JSON, {error}") })?,
        }
    } else {
        yaml(text)?
    };
    if tree.is_object() { Ok(tree) } else { Err(DocumentError::NotAMapping) }
}

/// Refuses what would overflow a recursive parser, by a scan that needs no parsing: brackets (also those in
/// strings, which only makes it stricter), indentation and dashes in a row.
fn bound_depth(text: &str) -> Result<(), DocumentError> {
    let mut depth = 0_usize;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start_matches([' ', '\t']);
        let dashes = trimmed.split("- ").take_while(|part| part.trim().is_empty()).count();
        if line.len() - trimmed.len() > MAX_INDENT && !trimmed.is_empty() || dashes > MAX_DEPTH {
            return Err(DocumentError::TooDeep { line: index + 1 });
        }
        for character in line.chars() {
            match character {
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth > MAX_DEPTH {
            return Err(DocumentError::TooDeep { line: index + 1 });
        }
    }
    Ok(())
}

fn yaml(text: &str) -> Result<Value, DocumentError> {
    let documents = Yaml::load_from_str(text)
        // The complaint is about the file as it is, not as it was mended.
        .or_else(|error| Yaml::load_from_str(&with_brackets_closed(text)).map_err(|_| error))
        .map_err(|error| DocumentError::Malformed { reason: error.to_string() })?;
    documents.first().map(node).ok_or(DocumentError::NotAMapping)
}

/// The text with each line that only closes brackets drawn onto the line before: YAML wants such a bracket
/// indented, most other parsers do not, and so people's templates are written without.
fn with_brackets_closed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let closes =
            !line.trim().is_empty() && line.trim().chars().all(|character| matches!(character, ']' | '}' | ','));
        out.push_str(if closes { " " } else { "\n" });
        out.push_str(if closes { line.trim() } else { line });
    }
    out
}

fn node(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(scalar) => value(scalar),
        Yaml::Representation(text, _, _) => Value::String(text.to_string()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(node).collect()),
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, content) in entries {
                let content = node(content);
                if key.as_str() == Some("<<") {
                    merge(&mut map, content);
                } else {
                    map.insert(key_text(key), content);
                }
            }
            Value::Object(map)
        }
        Yaml::Tagged(tag, inner) => {
            let inner = node(inner);
            if tag.handle != "!" {
                return inner;
            }
            match tag.suffix.as_str() {
                "Ref" | "Condition" => json!({ tag.suffix.clone(): inner }),
                "GetAtt" => json!({ "Fn::GetAtt": attribute(inner) }),
                other => json!({ format!("Fn::{other}"): inner }),
            }
        }
        Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

/// YAML's merge key: what stands in the mapping itself wins.
fn merge(map: &mut Map<String, Value>, content: Value) {
    match content {
        Value::Object(entries) => {
            for (key, value) in entries {
                map.entry(key).or_insert(value);
            }
        }
        Value::Array(items) => items.into_iter().for_each(|item| merge(map, item)),
        _ => {}
    }
}

/// `!GetAtt A.B` is `{"Fn::GetAtt": ["A", "B"]}`.
fn attribute(inner: Value) -> Value {
    match inner {
        Value::String(text) => match text.split_once('.') {
            Some((resource, attribute)) => json!([resource, attribute]),
            None => json!([text]),
        },
        other => other,
    }
}

/// Keys such as `200:` are numbers in YAML and words everywhere else.
fn key_text(key: &Yaml<'_>) -> String {
    match node(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn value(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::Bool(*value),
        Scalar::Integer(value) => Value::Number((*value).into()),
        Scalar::FloatingPoint(value) => Number::from_f64(value.0).map_or(Value::Null, Value::Number),
        Scalar::String(text) => Value::String(text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tags_read_like_their_long_form() {
        let tree = parse("A: !Ref Pool\nB: !GetAtt Fn.Arn\nC: !Sub 'x-${Y}'\n200: ok\n").unwrap();
        assert_eq!(
            tree,
            json!({ "A": { "Ref": "Pool" }, "B": { "Fn::GetAtt": ["Fn", "Arn"] }, "C": { "Fn::Sub": "x-${Y}" }, "200": "ok" })
        );
    }

    #[test]
    fn a_merge_key_fills_what_is_missing() {
        let tree = parse("base: &b\n  a: 1\n  c: 2\nuse:\n  <<: *b\n  a: 3\n").unwrap();
        assert_eq!(tree["use"], json!({ "c": 2, "a": 3 }));
    }

    #[test]
    fn a_closing_bracket_may_stand_under_its_key() {
        let tree = parse("A:\n  Action: [\n    \"x\",\n    \"y\"\n  ]\n  Resource: z\n").unwrap();
        assert_eq!(tree["A"], json!({ "Action": ["x", "y"], "Resource": "z" }));
    }

    #[test]
    fn nesting_is_bounded_before_parsing() {
        for text in ["[".repeat(100_000), format!("a: {}", "{a: ".repeat(5_000)), format!("{}x", "- ".repeat(9_000))] {
            assert!(matches!(parse(&text), Err(DocumentError::TooDeep { line: 1 })), "{}", &text[..20]);
        }
    }

    #[test]
    fn scalars_and_emptiness_define_nothing() {
        for text in ["", "hello", "- a\n- b\n", "[1]"] {
            assert!(matches!(parse(text), Err(DocumentError::NotAMapping)), "{text}");
        }
    }
}
