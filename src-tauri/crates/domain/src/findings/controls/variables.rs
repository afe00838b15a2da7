//! Stage variables: configuration that anybody with read access to the API sees in the clear.

use super::or_unknown;
use crate::findings::{
    assess::{Facts, Outcome},
    control::{Control, Mappings, Rule, Scope, always},
    documents::Part,
    secret_shapes::is_secret_name,
};

/// What redaction writes in place of a value whose shape is that of a secret, up to the shape's name. The value itself
/// never comes this far.
pub const SECRET_MARK: &str = "[redacted: ";

/// Secrets in the clear.
pub(in crate::findings) static SECRETS: Control = Control {
    id: "C23",
    title: "Stage variables hold no secrets",
    scope: Scope::Stage,
    severity: always!(High),
    why: "API Gateway does not encrypt stage variables, and whoever may read the API reads them.",
    logic: "Per stage: fail when a variable, or a canary's override of one, has the shape of a secret (access key, \
            private key, JSON web token, password in a URL, keys of well-known providers) or a name that promises one \
            (password, secret, token, API key). Values are looked at while they are read and never kept.",
    remedy: "Move the secret to Secrets Manager, let the backend read it there, then rotate it.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=remove,path=/variables/NAME --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &[],
        pci: &["8.3.2", "8.6.2"],
        prowler: &["apigateway_restapi_no_secrets_in_stage_variables"],
    },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let outcome = scene.stage_part(&stage.name).map(|part| {
                let places = [
                    part.get("variables"),
                    part.get("stageVariables"),
                    part.get("canarySettings").get("stageVariableOverrides"),
                ];
                let mut found: Vec<(String, Part<'_>)> = Vec::new();
                let mut count = 0;
                for (name, value) in places.iter().flat_map(Part::members) {
                    count += 1;
                    let shape = value
                        .text()
                        .and_then(|text| text.strip_prefix(SECRET_MARK))
                        .map(|rest| rest.trim_end_matches(']'));
                    if let Some(shape) = shape {
                        found.push((format!("{name} looks like {shape}"), value));
                    } else if is_secret_name(name) && value.filled().is_some() {
                        found.push((format!("{name} is named like a secret"), value));
                    }
                }
                if count == 0 {
                    return Outcome::NotApplicable("there are no stage variables");
                }
                let said: Vec<&str> = found.iter().map(|(words, _)| words.as_str()).collect();
                let actual = if said.is_empty() { "none that looks like one".to_owned() } else { said.join("; ") };
                let facts = Facts::new("no secrets", actual);
                match found.first() {
                    Some((_, value)) => Outcome::Fail(facts.cite(value)),
                    None => Outcome::Pass(facts.cite(&places[0])),
                }
            });
            bench.stage(scene, &stage.name, &routes, or_unknown(outcome));
        }
    }),
};

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    #[test]
    fn variables_hold_no_secrets() {
        let with = |variables: Value| Kit::rest().route("GET /a", "NONE").stage(json!({ "variables": variables }));
        table(
            "C23",
            vec![
                ("a backend", with(json!({ "backend": "[redacted]" })), Pass),
                ("a password by name", with(json!({ "dbPassword": "[redacted]" })), Fail),
                ("a key by shape", with(json!({ "config": "[redacted: an AWS access key id]" })), Fail),
                ("where a secret is", with(json!({ "secretArn": "[redacted]" })), Pass),
                (
                    "in the canary's override",
                    Kit::rest().route("GET /a", "NONE").stage(json!({ "canarySettings": {
                "deploymentId": "d2", "percentTraffic": 1.0, "stageVariableOverrides": { "apiKey": "[redacted]" } } })),
                    Fail,
                ),
                ("none", Kit::rest().route("GET /a", "NONE"), NotApplicable),
                ("denied", with(json!({ "backend": "x" })).denied("GetStages"), Unknown),
            ],
        );
    }
}
