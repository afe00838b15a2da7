//! Whose key is it: the organisation's rules, tried in their order, and the reason that is shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Key;

/// One way to name a key's tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub enum MappingRule {
    /// The value of a tag.
    Tag {
        /// The tag's name, as it is written.
        tag: String,
    },
    /// The key's `customerId`.
    CustomerId,
    /// The key's name, where it has this shape: `{tenant}` once, `*` for anything (`{tenant}-key-*`).
    Name {
        /// The shape.
        pattern: String,
    },
    /// A list of key ids and tenants: a CSV file with the columns `keyId,tenant`.
    Csv {
        /// Where, from the configuration directory.
        file: String,
    },
}

/// A row of a list of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Key id.
    pub key_id: String,
    /// Whose it is.
    pub tenant: String,
}

/// A tenant's name and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantName {
    /// The name: keys with the same one belong together.
    pub name: String,
    /// `tag tenant`, `customerId`, `name like {tenant}-key-*`, `tenants.csv`, `the key's own name`.
    pub reason: String,
}

/// The mapping in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantMapping {
    rules: Vec<(MappingRule, BTreeMap<String, String>)>,
}

/// What is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingFileError {
    /// The pattern has `{tenant}` not exactly once.
    #[error("the pattern {pattern:?} must have {{tenant}} exactly once")]
    Pattern {
        /// The pattern.
        pattern: String,
    },
    /// A line of the CSV that has no key id or no tenant.
    #[error("line {line} of {file} must have a key id and a tenant: {field} is empty")]
    Line {
        /// The file.
        file: String,
        /// From 1.
        line: u64,
        /// `keyId` or `tenant`.
        field: &'static str,
    },
}

impl Default for TenantMapping {
    /// Tag `tenant`, then `customerId`.
    fn default() -> Self {
        let rules = [MappingRule::Tag { tag: "tenant".to_owned() }, MappingRule::CustomerId];
        Self { rules: rules.map(|rule| (rule, BTreeMap::new())).into() }
    }
}

impl TenantMapping {
    /// The mapping of these rules. `rows` gives the rows of a CSV file, without its heading.
    ///
    /// # Errors
    /// [`MappingFileError`] for a pattern without `{tenant}` and rows without a key id or a tenant.
    pub fn new(rules: Vec<MappingRule>, mut rows: impl FnMut(&str) -> Vec<CsvRow>) -> Result<Self, MappingFileError> {
        let mut with = Vec::new();
        for rule in rules {
            let mut list = BTreeMap::new();
            match &rule {
                MappingRule::Name { pattern } if pattern.matches("{tenant}").count() != 1 => {
                    return Err(MappingFileError::Pattern { pattern: pattern.clone() });
                }
                MappingRule::Csv { file } => {
                    for row in rows(file) {
                        let empty = [("keyId", &row.key_id), ("tenant", &row.tenant)]
                            .into_iter()
                            .find(|(_, cell)| cell.trim().is_empty());
                        if let Some((field, _)) = empty {
                            return Err(MappingFileError::Line { file: file.clone(), line: row.line, field });
                        }
                        list.insert(row.key_id.trim().to_owned(), row.tenant.trim().to_owned());
                    }
                }
                _ => {}
            }
            with.push((rule, list));
        }
        Ok(Self { rules: with })
    }

    /// Whose key it is. A key that no rule names is a tenant of its own, by its name, or its id when it has none.
    #[must_use]
    pub fn tenant_of(&self, key: &Key) -> TenantName {
        let named = self.rules.iter().find_map(|(rule, list)| {
            let (name, reason) = match rule {
                MappingRule::Tag { tag } => (key.tags.get(tag).cloned(), format!("tag {tag}")),
                MappingRule::CustomerId => (Some(key.customer_id.clone()), "customerId".to_owned()),
                MappingRule::Name { pattern } => (captured(pattern, &key.name), format!("name like {pattern}")),
                MappingRule::Csv { file } => (list.get(&key.id).cloned(), file.clone()),
            };
            name.filter(|name| !name.trim().is_empty()).map(|name| TenantName { name, reason })
        });
        named.unwrap_or_else(|| {
            if key.name.trim().is_empty() {
                TenantName { name: key.id.clone(), reason: "the key's id: it has no name".to_owned() }
            } else {
                TenantName { name: key.name.clone(), reason: "the key's own name".to_owned() }
            }
        })
    }
}

/// What `{tenant}` stands for, when the name has the pattern's shape: literal text before and after, where `*` is
/// anything; the tenant is as short as it can be.
fn captured(pattern: &str, name: &str) -> Option<String> {
    let (before, after) = pattern.split_once("{tenant}")?;
    let letters: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
    for (index, &start) in letters.iter().enumerate() {
        if !like(before, &name[..start]) {
            continue;
        }
        for &end in letters.iter().skip(index + 1) {
            if like(after, &name[end..]) {
                return Some(name[start..end].to_owned());
            }
        }
    }
    None
}

/// Whether a text has the shape of a pattern with `*`.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> Key {
        Key {
            id: "k1".to_owned(),
            name: "acme-key-2".to_owned(),
            customer_id: "cust-7".to_owned(),
            tags: BTreeMap::from([("tenant".to_owned(), "Acme".to_owned())]),
            ..Key::default()
        }
    }

    fn csv_row(key_id: &str, tenant: &str) -> CsvRow {
        CsvRow { line: 2, key_id: key_id.to_owned(), tenant: tenant.to_owned() }
    }

    #[test]
    fn the_first_rule_that_names_somebody_wins_and_is_the_reason() {
        let csv = MappingRule::Csv { file: "tenants.csv".to_owned() };
        let name = MappingRule::Name { pattern: "{tenant}-key-*".to_owned() };
        let tag = |tag: &str| MappingRule::Tag { tag: tag.to_owned() };
        let rows = [
            (vec![tag("tenant"), MappingRule::CustomerId], "Acme", "tag tenant"),
            (vec![tag("team"), MappingRule::CustomerId], "cust-7", "customerId"),
            (vec![name.clone(), tag("tenant")], "acme", "name like {tenant}-key-*"),
            (vec![csv, tag("tenant")], "From the list", "tenants.csv"),
            (vec![], "acme-key-2", "the key's own name"),
        ];
        for (rules, tenant, reason) in rows {
            let list = |_: &str| vec![csv_row("k1", "From the list")];
            let mapping = TenantMapping::new(rules, list).unwrap();
            let found = mapping.tenant_of(&key());
            assert_eq!((found.name.as_str(), found.reason.as_str()), (tenant, reason));
        }
    }

    #[test]
    fn a_key_without_anything_is_a_tenant_by_its_id() {
        let bare = Key { id: "k9".to_owned(), ..Key::default() };
        assert_eq!(TenantMapping::default().tenant_of(&bare).name, "k9");
    }

    #[test]
    fn what_cannot_name_anybody_is_refused() {
        let name = MappingRule::Name { pattern: "prod-*".to_owned() };
        let error = TenantMapping::new(vec![name], |_| Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the pattern \"prod-*\" must have {tenant} exactly once");
        let csv = MappingRule::Csv { file: "t.csv".to_owned() };
        let error = TenantMapping::new(vec![csv], |_| vec![csv_row("", "Acme")]).unwrap_err();
        assert_eq!(error.to_string(), "line 2 of t.csv must have a key id and a tenant: keyId is empty");
    }

    proptest! {
        #[test]
        fn a_name_made_from_a_pattern_gives_its_tenant_back(
            before in "[a-c]{1,3}-", tenant in "[x-zäß ]{1,6}", number in 0..99_u32,
        ) {
            let found = captured(&format!("{before}{{tenant}}-key-*"), &format!("{before}{tenant}-key-{number}"));
            prop_assert_eq!(found, Some(tenant));
        }

        #[test]
        fn any_name_is_read_without_harm(pattern in "[a*é]{0,4}\\{tenant\\}[a*é]{0,4}", name in "\\PC{0,12}") {
            let _ = captured(&pattern, &name);
        }
    }
}
