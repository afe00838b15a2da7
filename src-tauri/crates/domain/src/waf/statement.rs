//! Statements: the condition under which a rule's action happens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    arn::set_name,
    field::{Field, Transformations},
};

/// A statement, with members of it that are newer than this program.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it says.
    pub kind: StatementKind,
    /// Members that are not known: the statement says more than is shown.
    pub unread: Vec<String>,
}

/// How a text is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// It is the text.
    Exactly,
    /// It starts with it.
    StartsWith,
    /// It ends with it.
    EndsWith,
    /// It has it somewhere.
    Contains,
    /// It has it as a word.
    ContainsWord,
    /// Newer than this program.
    Unknown(String),
}

/// How a rate is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregate {
    /// By the address that the request comes from.
    Ip,
    /// By the address that a header names.
    Forwarded(String),
    /// By these together, in words.
    Keys(Vec<String>),
    /// All requests together.
    Constant,
    /// Newer than this program.
    Unknown(String),
}

/// What a group is told about one of its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InnerOverride {
    /// The rule inside the group. A name that the group does not have is ignored by AWS without a word.
    pub rule: String,
    /// The action, as AWS writes it: `Count`.
    pub action: String,
}

/// The kinds of statements.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// All of them.
    And(Vec<Statement>),
    /// One of them at least.
    Or(Vec<Statement>),
    /// Not this.
    Not(Box<Statement>),
    /// A text.
    Bytes {
        /// What is looked at.
        field: Field,
        /// What is done to it first.
        transformations: Transformations,
        /// How.
        position: Position,
        /// For what, decoded; bytes that are no text as `\x00`.
        text: String,
    },
    /// A regular expression.
    Regex {
        /// What is looked at.
        field: Field,
        /// What is done to it first.
        transformations: Transformations,
        /// The expression.
        pattern: String,
    },
    /// One expression of a set.
    RegexSet {
        /// What is looked at.
        field: Field,
        /// The set's name.
        set: String,
    },
    /// WAF's own detection of SQL injection or cross-site scripting.
    Attack {
        /// What is looked at.
        field: Field,
        /// `SQL injection`.
        name: &'static str,
    },
    /// A size in bytes.
    Size {
        /// What is looked at.
        field: Field,
        /// `GT`.
        comparison: String,
        /// Bytes.
        bytes: u64,
    },
    /// Countries.
    Geo {
        /// ISO 3166 codes.
        countries: Vec<String>,
        /// The header that names the address, if not the connection does.
        header: Option<String>,
    },
    /// Addresses of a set.
    IpSet {
        /// The set's name.
        set: String,
        /// The header that names the address, if not the connection does.
        header: Option<String>,
    },
    /// Networks by number.
    Asn {
        /// Numbers.
        numbers: Vec<u64>,
        /// The header that names the address, if not the connection does.
        header: Option<String>,
    },
    /// A label that an earlier rule has set.
    Label {
        /// Whether the key is a namespace.
        namespace: bool,
        /// The label.
        key: String,
    },
    /// A rate.
    Rate {
        /// Requests.
        limit: u64,
        /// Seconds.
        window: u64,
        /// Of whom.
        aggregate: Aggregate,
        /// Only of these requests.
        scope_down: Option<Box<Statement>>,
    },
    /// A rule group of AWS or of a seller.
    Managed {
        /// `AWS`.
        vendor: String,
        /// `AWSManagedRulesCommonRuleSet`.
        name: String,
        /// A version that was chosen; AWS's default otherwise, which moves.
        version: Option<String>,
        /// What its rules are told.
        overrides: Vec<InnerOverride>,
        /// Only these requests.
        scope_down: Option<Box<Statement>>,
    },
    /// A rule group of the account. What is in it is not read here.
    Group {
        /// Its name.
        name: String,
        /// What its rules are told.
        overrides: Vec<InnerOverride>,
    },
    /// Newer than this program, or no statement at all.
    Unknown {
        /// AWS's name of it, where it has one.
        name: String,
        /// As it came.
        json: Value,
    },
}

impl Statement {
    /// Reads `{"ByteMatchStatement": {…}}`.
    #[must_use]
    pub fn read(json: &Value) -> Self {
        let unknown = |name: &str| Self {
            kind: StatementKind::Unknown { name: name.to_owned(), json: json.clone() },
            unread: Vec::new(),
        };
        let Some(members) = json.as_object().filter(|members| members.len() == 1) else {
            return unknown("no statement");
        };
        let Some((name, body)) = members.iter().next() else { return unknown("no statement") };
        match known(name, body) {
            Some((kind, read)) => Self { kind, unread: unread(body, read) },
            None => unknown(name),
        }
    }

    /// This statement and those below it.
    pub(super) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.kind {
            StatementKind::And(all) | StatementKind::Or(all) => all.iter().for_each(|one| one.walk(visit)),
            StatementKind::Not(one) => one.walk(visit),
            StatementKind::Rate { scope_down: Some(one), .. }
            | StatementKind::Managed { scope_down: Some(one), .. } => {
                one.walk(visit);
            }
            _ => {}
        }
    }
}

fn unread(body: &Value, read: &[&str]) -> Vec<String> {
    let members = body.as_object().into_iter().flat_map(serde_json::Map::keys);
    members.filter(|name| !read.contains(&name.as_str())).cloned().collect()
}

/// The statement and the members that it was read from; `None` for one that is not known.
fn known(name: &str, body: &Value) -> Option<(StatementKind, &'static [&'static str])> {
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
    let field = || Field::read(&body["FieldToMatch"]);
    let transformations = || Transformations::read(&body["TextTransformations"]);
    let header = || body["ForwardedIPConfig"]["HeaderName"].as_str().map(str::to_owned);
    let below = || body["Statements"].as_array().into_iter().flatten().map(Statement::read).collect();
    let scope_down = || body.get("ScopeDownStatement").map(|one| Box::new(Statement::read(one)));
    Some(match name {
        "AndStatement" => (StatementKind::And(below()), &["Statements"]),
        "OrStatement" => (StatementKind::Or(below()), &["Statements"]),
        "NotStatement" => (StatementKind::Not(Box::new(Statement::read(&body["Statement"]))), &["Statement"]),
        "ByteMatchStatement" => (
            StatementKind::Bytes {
                field: field(),
                transformations: transformations(),
                position: position(&text("PositionalConstraint")),
                text: decoded(&text("SearchString")),
            },
            &["FieldToMatch", "TextTransformations", "PositionalConstraint", "SearchString"],
        ),
        "RegexMatchStatement" => (
            StatementKind::Regex { field: field(), transformations: transformations(), pattern: text("RegexString") },
            &["FieldToMatch", "TextTransformations", "RegexString"],
        ),
        "RegexPatternSetReferenceStatement" => (
            StatementKind::RegexSet { field: field(), set: set_name(&text("ARN")).to_owned() },
            &["FieldToMatch", "TextTransformations", "ARN"],
        ),
        "SqliMatchStatement" => (
            StatementKind::Attack { field: field(), name: "SQL injection" },
            &["FieldToMatch", "TextTransformations", "SensitivityLevel"],
        ),
        "XssMatchStatement" => (
            StatementKind::Attack { field: field(), name: "cross-site scripting" },
            &["FieldToMatch", "TextTransformations"],
        ),
        "SizeConstraintStatement" => (
            StatementKind::Size {
                field: field(),
                comparison: text("ComparisonOperator"),
                bytes: body["Size"].as_u64().unwrap_or_default(),
            },
            &["FieldToMatch", "TextTransformations", "ComparisonOperator", "Size"],
        ),
        "GeoMatchStatement" => (
            StatementKind::Geo { countries: texts(&body["CountryCodes"]), header: header() },
            &["CountryCodes", "ForwardedIPConfig"],
        ),
        "IPSetReferenceStatement" => (
            StatementKind::IpSet {
                set: set_name(&text("ARN")).to_owned(),
                header: body["IPSetForwardedIPConfig"]["HeaderName"].as_str().map(str::to_owned),
            },
            &["ARN", "IPSetForwardedIPConfig"],
        ),
        "AsnMatchStatement" => (
            StatementKind::Asn {
                numbers: body["AsnList"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect(),
                header: header(),
            },
            &["AsnList", "ForwardedIPConfig"],
        ),
        "LabelMatchStatement" => {
            (StatementKind::Label { namespace: body["Scope"] == "NAMESPACE", key: text("Key") }, &["Scope", "Key"])
        }
        "RateBasedStatement" => (
            StatementKind::Rate {
                limit: body["Limit"].as_u64().unwrap_or_default(),
                // Five minutes where nobody chose.
                window: body["EvaluationWindowSec"].as_u64().unwrap_or(300),
                aggregate: aggregate(body),
                scope_down: scope_down(),
            },
            &[
                "Limit",
                "EvaluationWindowSec",
                "AggregateKeyType",
                "ForwardedIPConfig",
                "CustomKeys",
                "ScopeDownStatement",
            ],
        ),
        "ManagedRuleGroupStatement" => (
            StatementKind::Managed {
                vendor: text("VendorName"),
                name: text("Name"),
                version: body["Version"].as_str().map(str::to_owned),
                overrides: overrides(body),
                scope_down: scope_down(),
            },
            &[
                "VendorName",
                "Name",
                "Version",
                "ExcludedRules",
                "RuleActionOverrides",
                "ScopeDownStatement",
                "ManagedRuleGroupConfigs",
            ],
        ),
        "RuleGroupReferenceStatement" => (
            StatementKind::Group { name: set_name(&text("ARN")).to_owned(), overrides: overrides(body) },
            &["ARN", "ExcludedRules", "RuleActionOverrides"],
        ),
        _ => return None,
    })
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn position(text: &str) -> Position {
    match text {
        "EXACTLY" => Position::Exactly,
        "STARTS_WITH" => Position::StartsWith,
        "ENDS_WITH" => Position::EndsWith,
        "CONTAINS" => Position::Contains,
        "CONTAINS_WORD" => Position::ContainsWord,
        other => Position::Unknown(other.to_owned()),
    }
}

/// `SearchString` is base64 on the JSON wire. What is none is taken as it stands.
fn decoded(text: &str) -> String {
    let Ok(bytes) = STANDARD.decode(text) else { return text.to_owned() };
    bytes.utf8_chunks().fold(String::new(), |mut told, chunk| {
        told += chunk.valid();
        chunk.invalid().iter().for_each(|byte| told += &format!("\\x{byte:02x}"));
        told
    })
}

fn aggregate(body: &Value) -> Aggregate {
    match body["AggregateKeyType"].as_str() {
        Some("IP") => Aggregate::Ip,
        Some("FORWARDED_IP") => {
            Aggregate::Forwarded(body["ForwardedIPConfig"]["HeaderName"].as_str().unwrap_or("not named").to_owned())
        }
        Some("CUSTOM_KEYS") => {
            Aggregate::Keys(body["CustomKeys"].as_array().into_iter().flatten().map(custom_key).collect())
        }
        Some("CONSTANT") => Aggregate::Constant,
        other => Aggregate::Unknown(other.unwrap_or("nothing named").to_owned()),
    }
}

fn custom_key(key: &Value) -> String {
    let Some((name, body)) = key.as_object().and_then(|members| members.iter().next()) else {
        return "an unknown key".to_owned();
    };
    let named = body["Name"].as_str().unwrap_or_default();
    match name.as_str() {
        "Header" => format!("header {named}"),
        "Cookie" => format!("cookie {named}"),
        "QueryArgument" => format!("query argument {named}"),
        "QueryString" => "query string".to_owned(),
        "HTTPMethod" => "method".to_owned(),
        "ForwardedIP" => "IP that a header names".to_owned(),
        "IP" => "source IP".to_owned(),
        "LabelNamespace" => format!("label of {}", body["Namespace"].as_str().unwrap_or_default()),
        "UriPath" => "path".to_owned(),
        "JA3Fingerprint" => "JA3 fingerprint".to_owned(),
        "JA4Fingerprint" => "JA4 fingerprint".to_owned(),
        "ASN" => "source network".to_owned(),
        other => format!("a key that this program does not know ({other})"),
    }
}

/// `RuleActionOverrides`, and `ExcludedRules`, the older word for counting.
fn overrides(body: &Value) -> Vec<InnerOverride> {
    let name = |one: &Value| one["Name"].as_str().unwrap_or_default().to_owned();
    let told = body["RuleActionOverrides"].as_array().into_iter().flatten().map(|one| InnerOverride {
        rule: name(one),
        action: one["ActionToUse"].as_object().and_then(|action| action.keys().next()).cloned().unwrap_or_default(),
    });
    let excluded = body["ExcludedRules"].as_array().into_iter().flatten();
    told.chain(excluded.map(|one| InnerOverride { rule: name(one), action: "Count".to_owned() })).collect()
}
