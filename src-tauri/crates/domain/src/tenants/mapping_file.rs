//! `tenants.toml`: whose keys are whose, and how old a key may be.

use serde::Deserialize;
use toml::Spanned;

use super::MappingRule;
use crate::audience_rules::organisation::RulesError;

/// A file to begin with.
pub const MAPPING_EXAMPLE: &str = r#"# Whose key is whose. Rules are tried in their order; the first that names somebody is the reason that is shown.
# Without rules: the tag "tenant", then the key's customerId, then the key's own name.

# A key that is older should have been replaced.
rotate_after_days = 90

[[mapping]]
by = "tag"
tag = "tenant"

[[mapping]]
by = "customer-id"

# The key's name, where it has this shape: {tenant} once, * for anything.
# [[mapping]]
# by = "name"
# pattern = "{tenant}-key-*"

# A list beside this file, with the heading keyId,tenant.
# [[mapping]]
# by = "csv"
# file = "tenants.csv"
"#;

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingFile {
    /// Days after which a key should have been replaced, unless the program's own.
    pub rotate_after_days: Option<u32>,
    /// The rules, in their order; the program's own when there are none.
    pub rules: Vec<MappingRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rotate_after_days: Option<u32>,
    #[serde(default)]
    mapping: Vec<RuleTable>,
}

/// Flat, so that every member keeps its place in the text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    by: Spanned<String>,
    tag: Option<Spanned<String>>,
    pattern: Option<Spanned<String>>,
    file: Option<Spanned<String>>,
}

impl MappingFile {
    /// Reads the file.
    ///
    /// # Errors
    /// The first thing that is wrong, with line, column and field.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = toml::from_str(text).map_err(|error| RulesError::of_toml(text, &error))?;
        let rules = file.mapping.iter().map(|table| rule(table, text)).collect::<Result<_, _>>()?;
        Ok(Self { rotate_after_days: file.rotate_after_days, rules })
    }
}

fn rule(table: &RuleTable, text: &str) -> Result<MappingRule, RulesError> {
    let by = table.by.get_ref().as_str();
    let members = [("tag", &table.tag), ("pattern", &table.pattern), ("file", &table.file)];
    let wanted = match by {
        "tag" => Some("tag"),
        "name" => Some("pattern"),
        "csv" => Some("file"),
        "customer-id" => None,
        _ => {
            let message = format!("{by} is no way to name a tenant: tag, customer-id, name and csv are");
            return Err(at(text, &table.by, "by", message));
        }
    };
    if let Some((name, Some(stray))) = members.iter().find(|(name, value)| value.is_some() && Some(*name) != wanted) {
        return Err(at(text, stray, name, format!("a rule by {by} has no {name}")));
    }
    let Some(wanted) = wanted else { return Ok(MappingRule::CustomerId) };
    let Some(value) = members.iter().find(|(name, _)| *name == wanted).and_then(|(_, value)| value.as_ref()) else {
        return Err(at(text, &table.by, wanted, format!("a rule by {by} needs {wanted}")));
    };
    let said = value.get_ref().clone();
    if said.trim().is_empty() {
        return Err(at(text, value, wanted, format!("{wanted} is empty")));
    }
    match by {
        "tag" => Ok(MappingRule::Tag { tag: said }),
        "name" if said.matches("{tenant}").count() != 1 => {
            Err(at(text, value, "pattern", format!("the pattern {said:?} must have {{tenant}} exactly once")))
        }
        "name" => Ok(MappingRule::Name { pattern: said }),
        _ if said.contains(['/', '\\']) || said == ".." => {
            Err(at(text, value, "file", format!("{said} must be the name of a file beside tenants.toml")))
        }
        _ => Ok(MappingRule::Csv { file: said }),
    }
}

fn at(text: &str, value: &Spanned<String>, field: &str, message: String) -> RulesError {
    RulesError::at(text, value.span().start, Some(field.to_owned()), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_file_and_says_what_holds_without_one() {
        let file = MappingFile::parse(MAPPING_EXAMPLE).unwrap();
        assert_eq!(file.rotate_after_days, Some(90));
        assert_eq!(file.rules, [MappingRule::Tag { tag: "tenant".to_owned() }, MappingRule::CustomerId]);
        assert_eq!(MappingFile::parse("").unwrap(), MappingFile::default());
    }

    #[test]
    fn a_mistake_is_named_by_line_and_field() {
        let rule = |lines: &str| format!("rotate_after_days = 30\n\n[[mapping]]\n{lines}\n");
        for (text, line, field, says) in [
            (rule("by = \"moon\""), 4, "by", "moon is no way to name a tenant"),
            (rule("by = \"tag\""), 4, "tag", "a rule by tag needs tag"),
            (rule("by = \"customer-id\"\ntag = \"team\""), 5, "tag", "a rule by customer-id has no tag"),
            (rule("by = \"name\"\npattern = \"prod-*\""), 5, "pattern", "must have {tenant} exactly once"),
            (rule("by = \"name\"\npattern = \"{tenant}{tenant}\""), 5, "pattern", "exactly once"),
            (rule("by = \"csv\"\nfile = \"../../etc/passwd\""), 5, "file", "a file beside tenants.toml"),
            (rule("by = \"tag\"\ntag = \" \""), 5, "tag", "tag is empty"),
            (rule("by = \"tag\"\ntagg = \"team\""), 5, "tagg", "tagg"),
            ("rotate_after_days = -1".to_owned(), 1, "rotate_after_days", "invalid value"),
            ("rotate_after_days = \"soon\"".to_owned(), 1, "rotate_after_days", "invalid type"),
        ] {
            let error = MappingFile::parse(&text).unwrap_err();
            assert_eq!((error.line, error.field.as_deref()), (line, Some(field)), "{text}\n{error}");
            assert!(error.message.contains(says), "{text}\n{error}");
        }
    }
}
