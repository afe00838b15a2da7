//! The organisation's own rules: an ordered TOML file of globs, first match wins.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;

use crate::{
    api::{ApiKind, EndpointType},
    audience::Audience,
    route_class::RouteClass,
};

/// A file to begin with: every key once, explained, and nothing in force but the tag.
pub const EXAMPLE: &str = r##"# Whose routes are whose. The first rule that matches a route decides; above these stand a person's
# override and the tag, below them the built-in rules.
#
# Globs: * within a path segment, ** over segments, ? for one character, {a,b} for either. Matching
# ignores case except in paths. A key that is absent matches everything; a list matches if one does.
#
# audience: public, customer, checkout, partner, webhook, admin, internal, unclassified
# class (optional): login, sign-up, one-time-code, password-reset, gift-card, coupon, checkout,
#                   webhook, health, admin-action, search, browse, write, other

[tag]
key = "portcullis:audience"

# [[rule]]
# audience = "partner"
# reason = "clinics call these, by contract"
# api = "clinic-*"
# stage = ["prod", "staging"]
# path = "/v2/appointments/**"
# method = ["GET", "POST"]
# endpoint_type = "REGIONAL"
# api_kind = "REST"
# tags = { team = "clinics*" }
"##;

/// The rules of one file, ready to match.
#[derive(Debug, Clone)]
pub struct OrganisationRules {
    /// The tag that names an audience.
    pub tag_key: String,
    rules: Vec<Rule>,
}

impl Default for OrganisationRules {
    fn default() -> Self {
        Self { tag_key: "portcullis:audience".to_owned(), rules: Vec::new() }
    }
}

/// What a rule is matched against.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// API name.
    pub api: &'a str,
    /// API id.
    pub api_id: &'a str,
    /// Product.
    pub api_kind: ApiKind,
    /// Stage.
    pub stage: &'a str,
    /// Path or route key.
    pub path: &'a str,
    /// Method.
    pub method: &'a str,
    /// Endpoint type.
    pub endpoint_type: EndpointType,
    /// Account.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// The API's tags.
    pub api_tags: &'a BTreeMap<String, String>,
    /// The stage's tags.
    pub stage_tags: &'a BTreeMap<String, String>,
}

/// A rule that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleMatch<'a> {
    /// Its number in the file, from 1.
    pub number: usize,
    /// The audience that it gives.
    pub audience: Audience,
    /// The class, if it gives one.
    pub class: Option<RouteClass>,
    /// The organisation's own reason, if it says one.
    pub reason: Option<&'a str>,
}

/// What is wrong with a rules file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct RulesError {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// The field, if it is known.
    pub field: Option<String>,
    /// What is wrong, and what it may have been meant to be.
    pub message: String,
}

#[derive(Debug, Clone)]
struct Rule {
    audience: Audience,
    class: Option<RouteClass>,
    reason: Option<String>,
    api: Globs,
    api_id: Globs,
    stage: Globs,
    path: Globs,
    method: Globs,
    endpoint_type: Globs,
    api_kind: Globs,
    account: Globs,
    region: Globs,
    tags: Vec<(String, Globs)>,
}

/// Alternatives; none at all matches everything.
#[derive(Debug, Clone, Default)]
struct Globs(Vec<GlobMatcher>);

impl Globs {
    fn matches(&self, text: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|glob| glob.is_match(text))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    tag: Option<TagTable>,
    #[serde(default)]
    rule: Vec<toml::Spanned<RuleTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TagTable {
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    audience: Audience,
    class: Option<RouteClass>,
    reason: Option<String>,
    api: Option<toml::Spanned<OneOrMany>>,
    api_id: Option<toml::Spanned<OneOrMany>>,
    stage: Option<toml::Spanned<OneOrMany>>,
    path: Option<toml::Spanned<OneOrMany>>,
    method: Option<toml::Spanned<OneOrMany>>,
    endpoint_type: Option<toml::Spanned<OneOrMany>>,
    api_kind: Option<toml::Spanned<OneOrMany>>,
    account: Option<toml::Spanned<OneOrMany>>,
    region: Option<toml::Spanned<OneOrMany>>,
    #[serde(default)]
    tags: BTreeMap<String, toml::Spanned<OneOrMany>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a string or a list of strings")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OrganisationRules {
    /// Reads a rules file.
    ///
    /// # Errors
    /// The first thing that is wrong, with line, column and field.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = toml::from_str(text).map_err(|error| RulesError::of_toml(text, &error))?;
        let rules = file.rule.into_iter().map(|rule| Rule::of(rule.into_inner(), text)).collect::<Result<_, _>>()?;
        Ok(Self { tag_key: file.tag.map_or_else(|| Self::default().tag_key, |tag| tag.key), rules })
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The first rule that matches.
    #[must_use]
    pub fn first_match(&self, subject: &Subject<'_>) -> Option<RuleMatch<'_>> {
        self.rules.iter().zip(1..).find(|(rule, _)| rule.matches(subject)).map(|(rule, number)| RuleMatch {
            number,
            audience: rule.audience,
            class: rule.class,
            reason: rule.reason.as_deref(),
        })
    }
}

impl Rule {
    fn of(table: RuleTable, text: &str) -> Result<Self, RulesError> {
        let names = |field: &str, globs| globs_of(field, globs, text, true);
        Ok(Self {
            audience: table.audience,
            class: table.class,
            reason: table.reason,
            api: names("api", table.api)?,
            api_id: names("api_id", table.api_id)?,
            stage: names("stage", table.stage)?,
            path: globs_of("path", table.path, text, false)?,
            method: names("method", table.method)?,
            endpoint_type: names("endpoint_type", table.endpoint_type)?,
            api_kind: names("api_kind", table.api_kind)?,
            account: names("account", table.account)?,
            region: names("region", table.region)?,
            tags: table
                .tags
                .into_iter()
                .map(|(key, globs)| Ok((key.clone(), names(&format!("tags.{key}"), Some(globs))?)))
                .collect::<Result<_, _>>()?,
        })
    }

    fn matches(&self, subject: &Subject<'_>) -> bool {
        self.api.matches(subject.api)
            && self.api_id.matches(subject.api_id)
            && self.stage.matches(subject.stage)
            && self.path.matches(subject.path)
            && self.method.matches(subject.method)
            && self.endpoint_type.matches(endpoint_name(subject.endpoint_type))
            && self.api_kind.matches(kind_name(subject.api_kind))
            && self.account.matches(subject.account)
            && self.region.matches(subject.region)
            && self.tags.iter().all(|(key, globs)| {
                [subject.stage_tags, subject.api_tags]
                    .iter()
                    .any(|tags| tags.get(key).is_some_and(|value| globs.matches(value)))
            })
    }
}

pub(crate) fn endpoint_name(endpoint: EndpointType) -> &'static str {
    match endpoint {
        EndpointType::Edge => "EDGE",
        EndpointType::Regional => "REGIONAL",
        EndpointType::Private => "PRIVATE",
    }
}

pub(crate) fn kind_name(kind: ApiKind) -> &'static str {
    match kind {
        ApiKind::Rest => "REST",
        ApiKind::Http => "HTTP",
        ApiKind::WebSocket => "WEBSOCKET",
    }
}

fn globs_of(
    field: &str,
    globs: Option<toml::Spanned<OneOrMany>>,
    text: &str,
    ignore_case: bool,
) -> Result<Globs, RulesError> {
    let Some(globs) = globs else { return Ok(Globs::default()) };
    let at = globs.span().start;
    let patterns = match globs.into_inner() {
        OneOrMany::One(pattern) => vec![pattern],
        OneOrMany::Many(patterns) => patterns,
    };
    patterns
        .into_iter()
        .map(|pattern| {
            // `{id}` is a path parameter far more often than an alternative of one: taken literally.
            GlobBuilder::new(&literal_parameters(&pattern))
                .literal_separator(true)
                .case_insensitive(ignore_case)
                .build()
                .map(|glob| glob.compile_matcher())
                .map_err(|error| {
                    let message = format!("{field}: \"{pattern}\" is not a glob: {}", error.kind());
                    RulesError::at(text, at, Some(field.to_owned()), message)
                })
        })
        .collect::<Result<_, _>>()
        .map(Globs)
}

/// Escapes braces that hold no comma.
fn literal_parameters(pattern: &str) -> String {
    let mut escaped = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        escaped.push_str(&rest[..open]);
        let inside = &rest[open + 1..close];
        if inside.contains(',') {
            escaped.push_str(&rest[open..=close]);
        } else {
            escaped.push_str(&format!("[{{]{}[}}]", inside.replace('*', "[*]")));
        }
        rest = &rest[close + 1..];
    }
    escaped + rest
}

impl RulesError {
    /// What TOML says, where it is.
    pub(crate) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let field = field_of_line(text, at).or_else(|| field_named_in(error.message()));
        Self::at(text, at, field, with_suggestion(error.message()))
    }

    pub(crate) fn at(text: &str, offset: usize, field: Option<String>, message: String) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            line: count(before.matches('\n').count() + 1),
            column: count(before.rsplit('\n').next().unwrap_or("").chars().count() + 1),
            field,
            message,
        }
    }
}

/// The key that the line of this offset gives a value to.
fn field_of_line(text: &str, offset: usize) -> Option<String> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |end| end + 1);
    let (key, _) = text[start..].lines().next()?.split_once('=')?;
    Some(key.trim().trim_matches('"').to_owned()).filter(|key| !key.is_empty())
}

/// Serde quotes names in back quotes; the first is the offender.
fn field_named_in(message: &str) -> Option<String> {
    message.split('`').nth(1).map(str::to_owned)
}

/// Adds "did you mean" for a name that is nearly one of those that serde lists.
fn with_suggestion(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(found) = names.next() else { return message.to_owned() };
    let nearest = names.map(|name| (distance(found, name), name)).min();
    match nearest {
        Some((distance, name)) if distance <= 2 => format!("{message}; did you mean `{name}`?"),
        _ => message.to_owned(),
    }
}

/// Edits between two words (Levenshtein).
pub(crate) fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.chars().enumerate() {
        let mut corner = at;
        row[0] = at + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = corner + usize::from(letter != *other);
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subject<'a>(api: &'a str, method: &'a str, path: &'a str, tags: &'a BTreeMap<String, String>) -> Subject<'a> {
        Subject {
            api,
            api_id: "a1",
            api_kind: ApiKind::Rest,
            stage: "prod",
            path,
            method,
            endpoint_type: EndpointType::Regional,
            account: "111122223333",
            region: "eu-west-1",
            api_tags: tags,
            stage_tags: tags,
        }
    }

    #[test]
    fn the_example_is_a_rules_file() {
        let rules = OrganisationRules::parse(EXAMPLE).unwrap();
        assert!(rules.is_empty());
        let uncommented: String = EXAMPLE
            .lines()
            .skip_while(|line| !line.starts_with("[tag]"))
            .map(|line| line.trim_start_matches("# ").to_owned() + "\n")
            .collect();
        assert_eq!(OrganisationRules::parse(&uncommented).unwrap().len(), 1);
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        let rules = OrganisationRules::parse(
            r#"
            [[rule]]
            audience = "partner"
            path = "/appointments/{id}"
            [[rule]]
            audience = "internal"
            path = ["/appointments/**", "/slots/*"]
            tags = { team = "clinic*" }
            [[rule]]
            audience = "public"
            api = "CLINIC-*"
            reason = "open days"
            "#,
        )
        .unwrap();
        let clinic = BTreeMap::from([("team".to_owned(), "clinics".to_owned())]);
        let none = BTreeMap::new();
        let matched = |subject| rules.first_match(&subject).map(|rule| (rule.number, rule.audience));
        assert_eq!(matched(subject("x", "GET", "/appointments/{id}", &none)), Some((1, Audience::Partner)));
        assert_eq!(matched(subject("x", "GET", "/appointments/a/b", &clinic)), Some((2, Audience::Internal)));
        assert_eq!(matched(subject("x", "GET", "/slots/a/b", &clinic)), None, "* stays within a segment");
        assert_eq!(matched(subject("clinic-a", "GET", "/slots/a", &none)), Some((3, Audience::Public)));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let error = |text: &str| OrganisationRules::parse(text).unwrap_err();
        let value = error("[[rule]]\npath = \"/x\"\naudience = \"mars\"\n");
        assert_eq!((value.line, value.field.as_deref()), (3, Some("audience")), "the field, not its value");
        let unknown = error("[[rule]]\naudience = \"public\"\npaht = \"/x\"\n");
        assert_eq!((unknown.line, unknown.column, unknown.field.as_deref()), (3, 1, Some("paht")));
        assert!(unknown.message.ends_with("did you mean `path`?"), "{}", unknown.message);
        let audience = error("[[rule]]\naudience = \"costumer\"\n");
        assert_eq!(audience.line, 2);
        assert!(audience.message.ends_with("did you mean `customer`?"), "{}", audience.message);
        let glob = error("[[rule]]\naudience = \"public\"\npath = \"/[x\"\n");
        assert_eq!((glob.line, glob.field.as_deref()), (3, Some("path")));
        assert_eq!(error("[[rule]\n").line, 1);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[ -~\n]{0,200}") {
            let _ = OrganisationRules::parse(&text);
        }

        #[test]
        fn a_path_matches_itself_as_a_rule(path in "/[a-z]{1,5}(/[a-z]{1,5}|/\\{[a-z]{1,5}\\+?\\}){0,3}") {
            let text = format!("[[rule]]\naudience = \"public\"\npath = {path:?}\n");
            let none = BTreeMap::new();
            prop_assert!(OrganisationRules::parse(&text).unwrap().first_match(&subject("a", "GET", &path, &none)).is_some());
        }
    }
}
