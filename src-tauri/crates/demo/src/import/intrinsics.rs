//! CloudFormation's functions, resolved as far as a template alone allows: parameters by their defaults,
//! pseudo parameters by the demo account's, joins and substitutions by text. What only a stack knows (an
//! attribute, an import) stands as `LogicalId.Attribute`, readable and plainly not a real ARN, except where API
//! Gateway insists on one.
//!
//! Conditions are taken as true: the console shows what a template can create.

use serde_json::{Map, Value};

use super::definition::text;
use crate::ACCOUNT_ID;

/// Resolves a template's functions.
pub(crate) struct Intrinsics<'a> {
    parameters: Option<&'a Value>,
    mappings: Option<&'a Value>,
    resources: Option<&'a Value>,
    region: &'a str,
}

impl<'a> Intrinsics<'a> {
    /// For a template, in a region.
    pub(crate) fn new(template: &'a Value, region: &'a str) -> Self {
        Self {
            parameters: template.get("Parameters"),
            mappings: template.get("Mappings"),
            resources: template.get("Resources"),
            region,
        }
    }

    /// The tree with its functions resolved.
    pub(crate) fn resolve(&self, tree: &Value) -> Value {
        match tree {
            Value::Array(items) => Value::Array(items.iter().map(|item| self.resolve(item)).collect()),
            Value::Object(members) => match members.iter().next() {
                Some((name, argument)) if members.len() == 1 => {
                    self.function(name, argument).unwrap_or_else(|| self.object(members))
                }
                _ => self.object(members),
            },
            other => other.clone(),
        }
    }

    fn object(&self, members: &Map<String, Value>) -> Value {
        Value::Object(members.iter().map(|(key, value)| (key.clone(), self.resolve(value))).collect())
    }

    fn function(&self, name: &str, argument: &Value) -> Option<Value> {
        Some(match name {
            "Ref" => self.reference(argument.as_str()?),
            "Fn::GetAtt" => {
                let parts: Vec<&str> = match argument {
                    Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect(),
                    Value::String(text) => vec![text.as_str()],
                    _ => return None,
                };
                Value::String(self.attribute(&parts.join(".")))
            }
            "Fn::Sub" => self.substitute(argument)?,
            "Fn::Join" => {
                let parts = argument.as_array()?;
                let separator = parts.first()?.as_str()?;
                let items = self.resolve(parts.get(1)?);
                let items: Vec<String> = items.as_array()?.iter().map(plain).collect();
                Value::String(items.join(separator))
            }
            "Fn::If" => self.resolve(argument.as_array()?.get(1)?),
            "Fn::Select" => {
                let parts = argument.as_array()?;
                let index: usize = plain(parts.first()?).parse().ok()?;
                self.resolve(parts.get(1)?).as_array()?.get(index)?.clone()
            }
            "Fn::FindInMap" => {
                let parts: Vec<String> = argument.as_array()?.iter().map(|part| plain(&self.resolve(part))).collect();
                let [map, first, second] = parts.as_slice() else { return None };
                self.mappings?.get(map)?.get(first)?.get(second)?.clone()
            }
            "Fn::ImportValue" => Value::String(format!("ImportValue.{}", plain(&self.resolve(argument)))),
            "Fn::Base64" => self.resolve(argument),
            _ => return None,
        })
    }

    /// ARNs of what API Gateway checks the form of, by the logical id; any other attribute as it is named.
    fn attribute(&self, dotted: &str) -> String {
        let region = self.region;
        let arn = dotted.strip_suffix(".Arn").and_then(|id| {
            let resource = self.resources.and_then(|all| all.get(id))?;
            Some(match text(resource, "Type")? {
                "AWS::IAM::Role" => format!("arn:aws:iam::{ACCOUNT_ID}:role/{id}"),
                "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
                    format!("arn:aws:lambda:{region}:{ACCOUNT_ID}:function:{id}")
                }
                "AWS::Cognito::UserPool" => format!("arn:aws:cognito-idp:{region}:{ACCOUNT_ID}:userpool/{id}"),
                _ => return None,
            })
        });
        arn.unwrap_or_else(|| dotted.to_owned())
    }

    fn reference(&self, name: &str) -> Value {
        if name.contains('.') {
            return Value::String(self.attribute(name));
        }
        if let Some(value) = self.pseudo(name) {
            return Value::String(value);
        }
        let default = self.parameters.and_then(|all| all.get(name)).and_then(|parameter| parameter.get("Default"));
        match default {
            Some(Value::String(list)) if self.is_list(name) => {
                Value::Array(list.split(',').map(|item| item.trim().into()).collect())
            }
            Some(default) => default.clone(),
            None => Value::String(name.to_owned()),
        }
    }

    fn is_list(&self, name: &str) -> bool {
        let parameter = self.parameters.and_then(|all| all.get(name));
        parameter.and_then(|parameter| text(parameter, "Type")).is_some_and(|kind| kind.contains("List"))
    }

    fn pseudo(&self, name: &str) -> Option<String> {
        Some(match name {
            "AWS::Region" => self.region.to_owned(),
            "AWS::AccountId" => ACCOUNT_ID.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            "AWS::StackName" => "imported".to_owned(),
            "AWS::NoValue" => String::new(),
            _ => return None,
        })
    }

    /// `${Name}` by parameter or pseudo parameter; `${!Literal}` and resources stay as they are named.
    fn substitute(&self, argument: &Value) -> Option<Value> {
        let (pattern, own) = match argument {
            Value::String(pattern) => (pattern.as_str(), None),
            Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)),
            _ => return None,
        };
        let mut out = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some(start) = rest.find("${") {
            let Some(end) = rest.get(start..).and_then(|tail| tail.find('}')).map(|offset| start + offset) else {
                break;
            };
            out.push_str(rest.get(..start)?);
            let name = rest.get(start + 2..end)?;
            match name.strip_prefix('!') {
                Some(literal) => {
                    out.push_str("${");
                    out.push_str(literal);
                    out.push('}');
                }
                None => match own.and_then(|own| own.get(name)) {
                    Some(value) => out.push_str(&plain(&self.resolve(value))),
                    None => out.push_str(&plain(&self.reference(name))),
                },
            }
            rest = rest.get(end + 1..)?;
        }
        out.push_str(rest);
        Some(Value::String(out))
    }
}

/// A value as text, without JSON's quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn functions_resolve_to_what_a_reader_expects() {
        let template = json!({
            "Parameters": { "Stage": { "Type": "String", "Default": "live" } },
            "Resources": { "Invoker": { "Type": "AWS::IAM::Role" } }
        });
        let intrinsics = Intrinsics::new(&template, "eu-west-1");
        for (given, wanted) in [
            (json!({ "Ref": "Stage" }), json!("live")),
            (json!({ "Ref": "AWS::Region" }), json!("eu-west-1")),
            (json!({ "Ref": "Pool" }), json!("Pool")),
            (
                json!({ "Fn::Sub": "${AWS::Region}/${Stage}/${Fn.Arn}/${!Keep}" }),
                json!("eu-west-1/live/Fn.Arn/${Keep}"),
            ),
            (json!({ "Fn::Sub": ["${a}-b", { "a": { "Ref": "Stage" } }] }), json!("live-b")),
            (json!({ "Fn::Join": ["/", ["x", { "Ref": "Stage" }, 3]] }), json!("x/live/3")),
            (json!({ "Fn::If": ["C", { "Ref": "Stage" }, "no"] }), json!("live")),
            (json!({ "Fn::GetAtt": ["Invoker", "Arn"] }), json!("arn:aws:iam::111122223333:role/Invoker")),
            (json!({ "Fn::Sub": "${Invoker.Arn}" }), json!("arn:aws:iam::111122223333:role/Invoker")),
            (json!({ "Fn::GetAtt": ["Queue", "Arn"] }), json!("Queue.Arn")),
            (json!({ "Fn::Sub": "open ${end" }), json!("open ${end")),
            (json!({ "get": { "Ref": "Stage" } }), json!({ "get": "live" })),
        ] {
            assert_eq!(intrinsics.resolve(&given), wanted, "{given}");
        }
    }
}
