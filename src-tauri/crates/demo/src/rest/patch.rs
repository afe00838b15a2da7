//! One patch engine for all `Update…` operations, driven by a table of the paths that AWS allows.
//!
//! The table is the "Patch operations" page of the API reference where nothing was recorded, and what was recorded
//! where it was. Stages have rules of their own in `stages`.

use serde_json::{Number, Value, json};

use super::state::{bad_request, not_found, set};
use crate::services::Refusal;

/// A patch operation of a request.
#[derive(Debug, Clone)]
pub(crate) struct Patch {
    pub(crate) op: Op,
    pub(crate) path: String,
    pub(crate) value: Option<String>,
    pub(crate) from: Option<String>,
}

/// What AWS supports at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Remove,
    Replace,
    Copy,
}

impl Op {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
            Self::Copy => "copy",
        }
    }
}

/// How a value travels back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Anything that is not `true` becomes `false`, with 200: recorded.
    Flag,
    Integer,
    /// The path's last token is the member of a map.
    Entry,
    /// The same of a map whose members have to be there to be replaced or removed; else this is answered, with 404.
    Known(&'static str),
    /// The value is a member of a list.
    Member,
    /// The value is the only member of a list.
    Only,
}

/// `(path, operations, kind)`; a final `*` stands for one token.
type Row = (&'static str, &'static [Op], Kind);

/// What may be patched of a kind of resource.
pub(crate) struct Table {
    rows: &'static [Row],
    wording: Wording,
}

/// AWS has three ways to refuse, and which it takes differs by resource: all three were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wording {
    /// Names the paths that the operation is allowed on.
    Paths,
    /// Names the operations that the path allows.
    Operations,
    /// Names nothing but the path.
    Path,
}

use self::Op::{Add, Remove, Replace};

pub(crate) static REST_API: Table = Table {
    wording: Wording::Paths,
    rows: &[
        ("/name", &[Replace], Kind::Text),
        ("/description", &[Add, Replace, Remove], Kind::Text),
        ("/policy", &[Replace, Remove], Kind::Text),
        ("/apiKeySource", &[Replace], Kind::Text),
        ("/minimumCompressionSize", &[Replace], Kind::Integer),
        ("/disableExecuteApiEndpoint", &[Replace], Kind::Flag),
        ("/binaryMediaTypes/*", &[Add, Replace, Remove], Kind::Member),
        ("/endpointConfiguration/vpcEndpointIds", &[Add, Remove], Kind::Member),
        ("/endpointConfiguration/ipAddressType", &[Replace], Kind::Text),
        ("/endpointConfiguration/types/*", &[Add, Replace, Remove], Kind::Only),
    ],
};

pub(crate) static AUTHORIZER: Table = Table {
    wording: Wording::Paths,
    rows: &[
        ("/name", &[Replace], Kind::Text),
        ("/authorizerUri", &[Replace], Kind::Text),
        ("/authorizerCredentials", &[Replace], Kind::Text),
        ("/authorizerResultTtlInSeconds", &[Replace], Kind::Integer),
        ("/identityValidationExpression", &[Replace], Kind::Text),
        ("/identitySource", &[Add, Replace, Remove], Kind::Text),
        ("/authType", &[Replace], Kind::Text),
        ("/type", &[Replace], Kind::Text),
        ("/providerARNs", &[Add, Remove], Kind::Member),
    ],
};

pub(crate) static VALIDATOR: Table = Table {
    wording: Wording::Paths,
    rows: &[
        ("/name", &[Replace], Kind::Text),
        ("/validateRequestBody", &[Replace], Kind::Flag),
        ("/validateRequestParameters", &[Replace], Kind::Flag),
    ],
};

pub(crate) static METHOD: Table = Table {
    wording: Wording::Operations,
    rows: &[
        ("/authorizationType", &[Replace], Kind::Text),
        ("/authorizerId", &[Replace], Kind::Text),
        ("/apiKeyRequired", &[Replace], Kind::Flag),
        ("/operationName", &[Replace], Kind::Text),
        ("/requestValidatorId", &[Replace], Kind::Text),
        ("/authorizationScopes", &[Add, Remove], Kind::Member),
        ("/requestParameters/*", &[Add, Replace, Remove], Kind::Entry),
        ("/requestModels/*", &[Add, Replace, Remove], Kind::Entry),
    ],
};

pub(crate) static INTEGRATION: Table = Table {
    wording: Wording::Paths,
    rows: &[
        ("/uri", &[Replace], Kind::Text),
        ("/httpMethod", &[Replace], Kind::Text),
        ("/connectionId", &[Replace], Kind::Text),
        ("/connectionType", &[Replace], Kind::Text),
        ("/timeoutInMillis", &[Replace], Kind::Integer),
        ("/passthroughBehavior", &[Replace], Kind::Text),
        ("/contentHandling", &[Replace], Kind::Text),
        ("/requestParameters/*", &[Add, Replace, Remove], Kind::Entry),
        ("/requestTemplates/*", &[Add, Replace, Remove], Kind::Entry),
    ],
};

pub(crate) static DEPLOYMENT: Table =
    Table { wording: Wording::Paths, rows: &[("/description", &[Replace], Kind::Text)] };

pub(crate) static API_KEY: Table = Table {
    wording: Wording::Paths,
    rows: &[
        ("/description", &[Replace], Kind::Text),
        ("/enabled", &[Replace], Kind::Flag),
        ("/name", &[Replace], Kind::Text),
        ("/customerId", &[Replace], Kind::Text),
    ],
};

pub(crate) static RESOURCE: Table = Table {
    wording: Wording::Paths,
    rows: &[("/parentId", &[Replace], Kind::Text), ("/pathPart", &[Replace], Kind::Text)],
};

pub(crate) static MODEL: Table = Table {
    wording: Wording::Paths,
    rows: &[("/description", &[Replace], Kind::Text), ("/schema", &[Replace], Kind::Text)],
};

const NO_PARAMETER: Kind = Kind::Known("Invalid parameter name specified");
const NO_TYPE: Kind = Kind::Known("Content-Type specified was not found");

pub(crate) static METHOD_RESPONSE: Table = Table {
    wording: Wording::Path,
    rows: &[
        ("/responseParameters/*", &[Add, Replace, Remove], NO_PARAMETER),
        ("/responseModels/*", &[Add, Replace, Remove], NO_TYPE),
    ],
};

pub(crate) static INTEGRATION_RESPONSE: Table = Table {
    wording: Wording::Path,
    rows: &[
        ("/selectionPattern", &[Replace], Kind::Text),
        ("/contentHandling", &[Replace], Kind::Text),
        ("/responseParameters/*", &[Add, Replace, Remove], Kind::Entry),
        ("/responseTemplates/*", &[Add, Replace, Remove], Kind::Entry),
    ],
};

pub(crate) static GATEWAY_RESPONSE: Table = Table {
    wording: Wording::Path,
    rows: &[
        ("/statusCode", &[Replace], Kind::Text),
        ("/responseParameters/*", &[Add, Replace, Remove], NO_PARAMETER),
        ("/responseTemplates/*", &[Add, Replace, Remove], NO_TYPE),
    ],
};

/// Reads `patchOperations` of a request body.
///
/// # Errors
/// AWS's validation error for operations that do not exist.
pub(crate) fn patches(operation: &str, body: &Value) -> Result<Vec<Patch>, Refusal> {
    let Some(list) = body.get("patchOperations").and_then(Value::as_array) else { return Ok(Vec::new()) };
    let input = format!("{}{}Input", operation[..1].to_lowercase(), &operation[1..]);
    let mut unknown = Vec::new();
    let mut read = Vec::with_capacity(list.len());
    for (at, patch) in list.iter().enumerate() {
        let member = |name: &str| patch.get(name).and_then(Value::as_str).map(str::to_owned);
        let op = match member("op").as_deref() {
            Some("add") => Add,
            Some("remove") => Remove,
            Some("replace") => Replace,
            Some("copy") => Op::Copy,
            other => {
                let (value, number) = (other.unwrap_or_default(), at + 1);
                unknown.push(format!(
                    "Value '{value}' at '{input}.patchOperations.{number}.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]"
                ));
                continue;
            }
        };
        let path = member("path").unwrap_or_else(|| "null".to_owned());
        read.push(Patch { op, path, value: member("value"), from: member("from") });
    }
    if unknown.is_empty() {
        return Ok(read);
    }
    let errors = if unknown.len() == 1 { "error" } else { "errors" };
    let message = format!("{} validation {errors} detected: {}", unknown.len(), unknown.join("; "));
    Err(Refusal::new(400, "ValidationException", message))
}

/// Applies a list to a document by a table: all of it, or nothing.
///
/// # Errors
/// AWS's text for a path or an operation that is not allowed.
pub(crate) fn apply(document: &Value, list: &[Patch], table: &Table) -> Result<Value, Refusal> {
    let mut patched = document.clone();
    for patch in list {
        let Some((template, ops, kind)) = table.rows.iter().find(|(template, _, _)| fits(template, &patch.path)) else {
            return Err(refused(patch, table, None));
        };
        if !ops.contains(&patch.op) {
            return Err(refused(patch, table, Some(ops)));
        }
        one(&mut patched, template, *kind, patch)?;
    }
    Ok(patched)
}

fn refused(patch: &Patch, table: &Table, ops: Option<&[Op]>) -> Refusal {
    if let (Wording::Operations, Some(ops)) = (table.wording, ops) {
        let names: Vec<&str> = ops.iter().map(|op| op.name()).collect();
        return bad_request(format!("Invalid patch operation specified. Must be one of: [{}]", names.join(", ")));
    }
    let whole = table.rows.iter().any(|(template, _, _)| template.strip_suffix("/*") == Some(patch.path.as_str()));
    if table.wording != Wording::Paths || whole {
        return bad_request(format!("Invalid patch path {}", patch.path));
    }
    let paths: Vec<&str> =
        table.rows.iter().filter(|(_, ops, _)| ops.contains(&patch.op)).map(|(template, _, _)| *template).collect();
    let which = if paths.is_empty() {
        "Please choose supported operations".to_owned()
    } else {
        format!("Must be one of: [{}]", paths.join(", "))
    };
    bad_request(format!("Invalid patch path  '{}' specified for op '{}'. {which}", patch.path, patch.op.name()))
}

fn fits(template: &str, path: &str) -> bool {
    match template.strip_suffix("/*") {
        Some(prefix) => path
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|token| !token.is_empty() && !token.contains('/')),
        None => template == path,
    }
}

fn one(document: &mut Value, template: &str, kind: Kind, patch: &Patch) -> Result<(), Refusal> {
    let template = template.trim_end_matches("/*");
    let mut parents: Vec<&str> = template.split('/').skip(1).collect();
    let member = parents.pop().unwrap_or_default();
    let mut at = document;
    for parent in parents {
        if !at.get(parent).is_some_and(Value::is_object) {
            set(at, parent, json!({}));
        }
        let Some(next) = at.get_mut(parent) else {
            return Err(bad_request(format!("Invalid patch path {}", patch.path)));
        };
        at = next;
    }
    let token = patch.path.rsplit('/').next().map(unescape).unwrap_or_default();
    let value = patch.value.clone().unwrap_or_default();
    if let Kind::Known(missing) = kind {
        if patch.op != Remove && value.is_empty() {
            return Err(bad_request(format!("Invalid null or empty value in {member}")));
        }
        if patch.op != Add && at.get(member).and_then(|map| map.get(&token)).is_none() {
            return Err(not_found(missing));
        }
    }
    match (kind, patch.op) {
        (Kind::Entry | Kind::Known(_), Remove) => {
            if let Some(map) = at.get_mut(member) {
                set(map, &token, Value::Null);
                if map.as_object().is_some_and(serde_json::Map::is_empty) {
                    set(at, member, Value::Null);
                }
            }
        }
        (Kind::Entry | Kind::Known(_), _) => {
            if !at.get(member).is_some_and(Value::is_object) {
                set(at, member, json!({}));
            }
            if let Some(map) = at.get_mut(member) {
                // Parameters of a method and of its responses are flags, everything else in a map is text.
                let flag = ["method.request.", "method.response."].iter().any(|prefix| token.starts_with(prefix));
                let value = if flag && value.parse::<bool>().is_ok() { json!(value == "true") } else { json!(value) };
                set(map, &token, value);
            }
        }
        (Kind::Member, op) => {
            let item = if template == "/binaryMediaTypes" { token } else { value };
            let mut list = at.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
            list.retain(|other| other.as_str() != Some(&item));
            if op != Remove {
                list.push(json!(item));
            }
            set(at, member, json!(list));
        }
        (Kind::Only, op) => set(at, member, if op == Remove { json!([]) } else { json!([value]) }),
        (_, Remove) => set(at, member, Value::Null),
        (Kind::Flag, _) => set(at, member, json!(value == "true")),
        (Kind::Integer, _) => match value.parse::<i64>() {
            Ok(number) => set(at, member, Value::Number(Number::from(number))),
            Err(_) if patch.value.is_none() => set(at, member, Value::Null),
            Err(_) => return Err(bad_request(format!("Invalid value '{value}' for {}", patch.path))),
        },
        (Kind::Text, _) => set(at, member, patch.value.clone().map_or(Value::Null, Value::String)),
    }
    Ok(())
}

/// One token of a JSON pointer: `~1` first, else `~01` would end as a slash.
pub(crate) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn replace(path: &str, value: &str) -> Patch {
        Patch { op: Replace, path: path.to_owned(), value: Some(value.to_owned()), from: None }
    }

    #[test]
    fn a_list_is_applied_whole_or_not_at_all() {
        let document = json!({ "name": "a", "enabled": true });
        let error = apply(&document, &[replace("/name", "b"), replace("/id", "x")], &API_KEY).unwrap_err();
        assert_eq!(
            error.message,
            "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]"
        );
        let patched =
            apply(&document, &[replace("/name", "b"), replace("/enabled", "not-a-boolean")], &API_KEY).unwrap();
        assert_eq!(patched, json!({ "name": "b", "enabled": false }));
    }

    proptest! {
        #[test]
        fn a_map_key_survives_escaping(key in "[ -~]{1,20}") {
            let path = format!("/requestModels/{}", key.replace('~', "~0").replace('/', "~1"));
            let patched = apply(&json!({}), &[replace(&path, "Model")], &METHOD).unwrap();
            prop_assert_eq!(&patched["requestModels"][&key], &json!("Model"));
        }
    }
}
