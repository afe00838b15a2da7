//! WAFv2: web ACLs, IP sets, rule groups, regex sets of the region, and CloudFront's in us-east-1, their logging
//! configuration, sampled requests, and the association of ACLs with REST stages. Specifications are checked
//! ([`super::wafv2_rules`]) and kept as they were sent; they are not evaluated.
//!
//! Not here: managed rule group catalogues and the association with distributions.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{Around, Outcome, Refusal, page, wafv2_rules::checked, wafv2_samples::samples};
use crate::{ACCOUNT_ID, traffic::WafTraffic};

type Documents = IndexMap<String, Map<String, Value>>;

/// A kind of resource with the same five operations.
struct Kind {
    /// `WebACL`: the middle of the operations' names and the member of a `Get…` answer.
    name: &'static str,
    /// In its ARN.
    arn: &'static str,
    /// The member of a `List…` answer.
    list: &'static str,
    /// Members that an update replaces as a whole: what is not sent again is gone.
    members: &'static [&'static str],
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "WebACL",
        arn: "webacl",
        list: "WebACLs",
        members: &[
            "DefaultAction",
            "Description",
            "Rules",
            "VisibilityConfig",
            "CustomResponseBodies",
            "CaptchaConfig",
            "ChallengeConfig",
            "TokenDomains",
            "AssociationConfig",
            "DataProtectionConfig",
            "OnSourceDDoSProtectionConfig",
            "ApplicationConfig",
            "MonetizationConfig",
            "AnalyticsConfig",
        ],
    },
    Kind { name: "IPSet", arn: "ipset", list: "IPSets", members: &["Description", "Addresses", "IPAddressVersion"] },
    Kind {
        name: "RuleGroup",
        arn: "rulegroup",
        list: "RuleGroups",
        members: &["Description", "Rules", "VisibilityConfig", "CustomResponseBodies", "Capacity"],
    },
    Kind {
        name: "RegexPatternSet",
        arn: "regexpatternset",
        list: "RegexPatternSets",
        members: &["Description", "RegularExpressionList"],
    },
];

/// The service's state in one region.
#[derive(Debug, Default)]
pub(crate) struct WebAcls {
    /// By ARN, of every kind; the lock token stands beside the document.
    resources: IndexMap<String, Map<String, Value>>,
    locks: IndexMap<String, String>,
    tags: IndexMap<String, Vec<Value>>,
    logging: Documents,
    /// Resource ARN → web ACL ARN.
    associations: IndexMap<String, String>,
}

fn nonexistent() -> Refusal {
    Refusal::new(
        400,
        "WAFNonexistentItemException",
        "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
    )
}

fn invalid(field: &str, parameter: &str) -> Refusal {
    Refusal::new(
        400,
        "WAFInvalidParameterException",
        format!("Error reason: A required field is missing or wrong., field: {field}, parameter: {parameter}"),
    )
}

impl WebAcls {
    /// The web ACL of a resource: what `GetStage` shows as `webAclArn`.
    pub(crate) fn of_resource(&self, arn: &str) -> Option<&str> {
        self.associations.get(arn).map(String::as_str)
    }

    /// What its metrics are drawn from.
    pub(crate) fn traffic(&self, region: &str) -> WafTraffic {
        let mut traffic = WafTraffic::default();
        for (arn, acl) in self.resources.iter().filter(|(arn, _)| arn.contains("/webacl/")) {
            let of_region = arn.contains(":regional/").then_some(region);
            // Whether a distribution is behind CloudFront's is not kept: they have traffic.
            let used = of_region.is_none() || self.associations.values().any(|known| known == arn);
            traffic.add(acl, of_region, used);
        }
        traffic
    }

    /// Answers one operation. `exists` tells whether a stage's ARN is one of the account's.
    ///
    /// # Errors
    /// What AWS refuses, and operations that are not here.
    pub(crate) fn answer(
        &mut self,
        operation: &str,
        body: &Value,
        exists: &dyn Fn(&str) -> bool,
        around: &mut Around<'_>,
    ) -> Outcome {
        let said = |key: &str| body.get(key).and_then(Value::as_str);
        let answer = match operation {
            "AssociateWebACL" => {
                let resource = said("ResourceArn").ok_or_else(|| invalid("RESOURCE_ARN", ""))?;
                let acl = said("WebACLArn").ok_or_else(|| invalid("WEB_ACL", ""))?;
                if !self.resources.contains_key(acl) || !exists(resource) {
                    return Err(nonexistent());
                }
                self.associations.insert(resource.to_owned(), acl.to_owned());
                json!({})
            }
            "DisassociateWebACL" => {
                let resource = said("ResourceArn").ok_or_else(|| invalid("RESOURCE_ARN", ""))?;
                if !exists(resource) {
                    return Err(nonexistent());
                }
                self.associations.shift_remove(resource);
                json!({})
            }
            "GetWebACLForResource" => {
                let resource = said("ResourceArn").ok_or_else(|| invalid("RESOURCE_ARN", ""))?;
                if !exists(resource) {
                    return Err(nonexistent());
                }
                match self.associations.get(resource).and_then(|acl| self.resources.get(acl)) {
                    Some(acl) => json!({ "WebACL": acl }),
                    None => json!({}),
                }
            }
            "ListResourcesForWebACL" => {
                let acl = said("WebACLArn").ok_or_else(|| invalid("WEB_ACL", ""))?;
                if !self.resources.contains_key(acl) {
                    return Err(nonexistent());
                }
                // AWS's default is the load balancer: a caller that forgets the type sees no stage.
                let stages = said("ResourceType") == Some("API_GATEWAY");
                let arns: Vec<&String> =
                    self.associations.iter().filter(|(_, known)| stages && *known == acl).map(|(arn, _)| arn).collect();
                json!({ "ResourceArns": arns })
            }
            "PutLoggingConfiguration" => {
                let configuration = body.get("LoggingConfiguration").and_then(Value::as_object);
                let configuration = configuration.ok_or_else(|| invalid("LOGGING_CONFIGURATION", ""))?;
                let arn = configuration.get("ResourceArn").and_then(Value::as_str).unwrap_or_default();
                if !self.resources.contains_key(arn) {
                    return Err(nonexistent());
                }
                self.logging.insert(arn.to_owned(), configuration.clone());
                json!({ "LoggingConfiguration": configuration })
            }
            "GetLoggingConfiguration" => {
                let found = self.logging.get(said("ResourceArn").unwrap_or_default()).ok_or_else(nonexistent)?;
                json!({ "LoggingConfiguration": found })
            }
            "DeleteLoggingConfiguration" => {
                self.logging.shift_remove(said("ResourceArn").unwrap_or_default()).ok_or_else(nonexistent)?;
                json!({})
            }
            "GetSampledRequests" => {
                let acl = self.resources.get(said("WebAclArn").unwrap_or_default()).ok_or_else(nonexistent)?;
                return samples(body, acl, around);
            }
            "CheckCapacity" => json!({ "Capacity": checked(body)? }),
            "ListLoggingConfigurations" => {
                let marker = format!(":{}/", scope(body, around)?);
                let of_scope = self.logging.iter().filter(|(arn, _)| arn.contains(&marker));
                let all: Vec<Value> = of_scope.map(|(_, one)| Value::Object(one.clone())).collect();
                paged("LoggingConfigurations", &all, body)?
            }
            "ListTagsForResource" => {
                let arn = said("ResourceARN").unwrap_or_default();
                if !self.resources.contains_key(arn) {
                    return Err(nonexistent());
                }
                let tags = self.tags.get(arn).cloned().unwrap_or_default();
                json!({ "TagInfoForResource": { "ResourceARN": arn, "TagList": tags } })
            }
            _ => return self.resource(operation, body, around),
        };
        Ok((200, answer))
    }

    /// The five operations of a kind.
    fn resource(&mut self, operation: &str, body: &Value, around: &mut Around<'_>) -> Outcome {
        let (verb, kind) = ["Create", "Get", "Update", "Delete", "List"]
            .into_iter()
            .find_map(|verb| {
                let rest = operation.strip_prefix(verb)?;
                let kind = KINDS.iter().find(|kind| rest == if verb == "List" { kind.list } else { kind.name })?;
                Some((verb, kind))
            })
            .ok_or_else(|| Refusal::not_implemented("wafv2", operation))?;
        let scope = match body.get("ARN") {
            Some(_) if verb == "Get" && body.get("Scope").is_none() => "",
            _ => scope(body, around)?,
        };
        let answer = match verb {
            "Create" => self.create(kind, scope, body, around)?,
            "List" => {
                let marker = format!(":{scope}/{}/", kind.arn);
                let all: Vec<Value> = self
                    .resources
                    .iter()
                    .filter(|(arn, _)| arn.contains(&marker))
                    .map(|(arn, document)| self.summary(arn, document))
                    .collect();
                paged(kind.list, &all, body)?
            }
            _ => {
                let arn = self.find(kind, scope, body).ok_or_else(nonexistent)?;
                match verb {
                    "Get" => json!({ (kind.name): self.resources.get(&arn), "LockToken": self.locks.get(&arn) }),
                    "Update" => self.update(kind, &arn, body, around)?,
                    _ => self.delete(&arn, body)?,
                }
            }
        };
        Ok((200, answer))
    }

    fn summary(&self, arn: &str, document: &Map<String, Value>) -> Value {
        json!({
            "Name": document.get("Name"), "Id": document.get("Id"), "ARN": arn,
            "Description": document.get("Description").cloned().unwrap_or_else(|| "".into()),
            "LockToken": self.locks.get(arn)
        })
    }

    fn find(&self, kind: &Kind, scope: &str, body: &Value) -> Option<String> {
        let marker = format!("{scope}/{}/", kind.arn);
        let by = |key: &str| body.get(key).and_then(Value::as_str);
        self.resources
            .iter()
            .filter(|(arn, _)| arn.contains(&marker))
            .find(|(arn, document)| match by("ARN") {
                Some(wanted) => *arn == wanted,
                None => {
                    by("Id").is_some()
                        && document.get("Id").and_then(Value::as_str) == by("Id")
                        && document.get("Name").and_then(Value::as_str) == by("Name")
                }
            })
            .map(|(arn, _)| arn.clone())
    }

    fn create(&mut self, kind: &Kind, scope: &str, body: &Value, around: &mut Around<'_>) -> Result<Value, Refusal> {
        let name = body.get("Name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| invalid("ENTITY_NAME", ""))?;
        let taken = format!(":{scope}/{}/{name}/", kind.arn);
        if self.resources.keys().any(|arn| arn.contains(&taken)) {
            return Err(Refusal::new(
                400,
                "WAFDuplicateItemException",
                "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
            ));
        }
        if kind.name == "WebACL" && body.get("DefaultAction").is_none() {
            return Err(invalid("DEFAULT_ACTION", ""));
        }
        let capacity = checked(body)?;
        let id = around.uuid();
        let arn = format!("arn:aws:wafv2:{}:{ACCOUNT_ID}:{scope}/{}/{name}/{id}", around.region, kind.arn);
        let mut document = Map::new();
        document.insert("Name".to_owned(), name.into());
        document.insert("Id".to_owned(), id.into());
        document.insert("ARN".to_owned(), arn.clone().into());
        take(&mut document, body, kind);
        if kind.name == "WebACL" {
            document.insert("Capacity".to_owned(), capacity.into());
            document.insert("ManagedByFirewallManager".to_owned(), false.into());
            document.insert("LabelNamespace".to_owned(), format!("awswaf:{ACCOUNT_ID}:webacl:{name}:").into());
        }
        let tags = body.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
        self.tags.insert(arn.clone(), tags);
        self.locks.insert(arn.clone(), around.uuid());
        let summary = self.summary(&arn, &document);
        self.resources.insert(arn, document);
        Ok(json!({ "Summary": summary }))
    }

    fn lock(&self, arn: &str, body: &Value) -> Result<(), Refusal> {
        let given = body.get("LockToken").and_then(Value::as_str);
        if given.is_some() && given == self.locks.get(arn).map(String::as_str) {
            return Ok(());
        }
        Err(Refusal::new(
            400,
            "WAFOptimisticLockException",
            "AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. Reapply your changes.",
        ))
    }

    fn update(&mut self, kind: &Kind, arn: &str, body: &Value, around: &mut Around<'_>) -> Result<Value, Refusal> {
        self.lock(arn, body)?;
        if body.get("Description").is_some_and(|text| text == "") {
            return Err(Refusal::new(
                400,
                "ValidationException",
                "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ));
        }
        if kind.name == "WebACL" && (body.get("DefaultAction").is_none() || body.get("VisibilityConfig").is_none()) {
            return Err(invalid("DEFAULT_ACTION", ""));
        }
        let capacity = checked(body)?;
        let next = around.uuid();
        let document = self.resources.get_mut(arn).ok_or_else(nonexistent)?;
        document.retain(|key, _| !kind.members.contains(&key.as_str()) || key == "ApplicationConfig");
        take(document, body, kind);
        if kind.name == "WebACL" {
            document.insert("Capacity".to_owned(), capacity.into());
        }
        self.locks.insert(arn.to_owned(), next.clone());
        Ok(json!({ "NextLockToken": next }))
    }

    fn delete(&mut self, arn: &str, body: &Value) -> Result<Value, Refusal> {
        self.lock(arn, body)?;
        if self.associations.values().any(|acl| acl == arn) {
            return Err(Refusal::new(
                400,
                "WAFAssociatedItemException",
                "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
            ));
        }
        self.resources.shift_remove(arn);
        self.locks.shift_remove(arn);
        self.logging.shift_remove(arn);
        self.tags.shift_remove(arn);
        Ok(json!({}))
    }
}

/// `regional`, or `global` where CloudFront's are.
fn scope(body: &Value, around: &Around<'_>) -> Result<&'static str, Refusal> {
    match (body.get("Scope").and_then(Value::as_str), around.region) {
        (Some("REGIONAL"), _) => Ok("regional"),
        (Some("CLOUDFRONT"), "us-east-1") => Ok("global"),
        (Some("CLOUDFRONT"), _) => Err(Refusal::new(
            400,
            "WAFInvalidParameterException",
            "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
        )),
        _ => Err(invalid("SCOPE_VALUE", "")),
    }
}

fn take(document: &mut Map<String, Value>, body: &Value, kind: &Kind) {
    for member in kind.members {
        if let Some(value) = body.get(*member).filter(|value| !value.is_null()) {
            document.insert((*member).to_owned(), value.clone());
        }
    }
}

/// `Limit` (1 to 100) and `NextMarker`.
fn paged(member: &str, all: &[Value], body: &Value) -> Result<Value, Refusal> {
    let size = match body.get("Limit").map(Value::as_u64) {
        None => 100,
        Some(Some(size @ 1..=100)) => usize::try_from(size).unwrap_or(100),
        Some(_) => return Err(invalid("LIMIT", "")),
    };
    let marker = body.get("NextMarker").and_then(Value::as_str);
    let (range, next) = page(all.len(), size, marker).ok_or_else(|| invalid("NEXT_MARKER", ""))?;
    let mut answer = json!({ (member): all.get(range).unwrap_or_default() });
    if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
        answer.insert("NextMarker".to_owned(), next.into());
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: &str = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod";

    fn call(acls: &mut WebAcls, operation: &str, body: &Value) -> Result<Value, &'static str> {
        let mut next = acls.locks.len() + acls.resources.len();
        let mut id = |length: usize| {
            next += 1;
            format!("{next:0>length$}")
        };
        let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
        let mut around = Around { now, region: "eu-west-1", id: &mut id };
        let exists = |arn: &str| arn == STAGE;
        acls.answer(operation, body, &exists, &mut around).map(|(_, answer)| answer).map_err(|refusal| refusal.code)
    }

    #[test]
    fn an_update_replaces_everything_and_needs_the_lock() {
        let mut acls = WebAcls::default();
        let created = json!({
            "Name": "acl", "Scope": "REGIONAL", "DefaultAction": { "Allow": {} }, "Description": "d",
            "VisibilityConfig": { "MetricName": "m" }
        });
        let summary = call(&mut acls, "CreateWebACL", &created).unwrap()["Summary"].clone();
        assert_eq!(call(&mut acls, "CreateWebACL", &created), Err("WAFDuplicateItemException"));
        let name = json!({ "Name": "acl", "Scope": "REGIONAL", "Id": summary["Id"] });
        let mut update = name.clone();
        update["DefaultAction"] = json!({ "Block": {} });
        update["VisibilityConfig"] = json!({ "MetricName": "m" });
        update["LockToken"] = "stale".into();
        assert_eq!(call(&mut acls, "UpdateWebACL", &update), Err("WAFOptimisticLockException"));
        update["LockToken"] = summary["LockToken"].clone();
        call(&mut acls, "UpdateWebACL", &update).unwrap();
        let read = call(&mut acls, "GetWebACL", &name).unwrap();
        assert_eq!(read["WebACL"]["DefaultAction"], json!({ "Block": {} }));
        assert!(read["WebACL"].get("Description").is_none(), "what an update does not repeat is gone");
        assert_eq!(call(&mut acls, "UpdateWebACL", &update), Err("WAFOptimisticLockException"));
    }

    #[test]
    fn an_association_shows_from_both_sides() {
        let mut acls = WebAcls::default();
        let create = json!({ "Name": "acl", "Scope": "REGIONAL", "DefaultAction": { "Allow": {} } });
        let summary = call(&mut acls, "CreateWebACL", &create).unwrap()["Summary"].clone();
        let (arn, stage) = (&summary["ARN"], json!({ "ResourceArn": STAGE }));
        assert_eq!(call(&mut acls, "GetWebACLForResource", &stage), Ok(json!({})));
        let elsewhere =
            json!({ "WebACLArn": arn, "ResourceArn": "arn:aws:apigateway:eu-west-1::/restapis/no/stages/x" });
        assert_eq!(call(&mut acls, "AssociateWebACL", &elsewhere), Err("WAFNonexistentItemException"));
        call(&mut acls, "AssociateWebACL", &json!({ "WebACLArn": arn, "ResourceArn": STAGE })).unwrap();
        assert_eq!(acls.of_resource(STAGE), arn.as_str());
        let stages =
            call(&mut acls, "ListResourcesForWebACL", &json!({ "WebACLArn": arn, "ResourceType": "API_GATEWAY" }));
        assert_eq!(stages, Ok(json!({ "ResourceArns": [STAGE] })));
        let balancers = call(&mut acls, "ListResourcesForWebACL", &json!({ "WebACLArn": arn }));
        assert_eq!(balancers, Ok(json!({ "ResourceArns": [] })), "the default type is the load balancer");
        let delete =
            json!({ "Name": "acl", "Scope": "REGIONAL", "Id": summary["Id"], "LockToken": summary["LockToken"] });
        assert_eq!(call(&mut acls, "DeleteWebACL", &delete), Err("WAFAssociatedItemException"));
        call(&mut acls, "DisassociateWebACL", &stage).unwrap();
        assert_eq!(call(&mut acls, "DeleteWebACL", &delete), Ok(json!({})));
    }
}
