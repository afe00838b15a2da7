//! What access logs say and give away.

use super::{PCI_LOGGING, by_trail};
use crate::audience::Audience;
use crate::findings::{
    access_log::{LogFormat, LogLint, LogNeeds, lint, safe_format},
    assess::{Bench, Facts, Outcome},
    control::{Control, Mappings, Rule, Scope, Severity},
    documents::Part,
    scene::ApiScene,
};

const COMMAND: &[&str] = &[
    "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/accessLogSettings/format,value=FORMAT --region {region}",
];

/// Lines that machines read.
pub(in crate::findings) static STRUCTURED: Control = Control {
    id: "C3",
    title: "Access logs are JSON",
    scope: Scope::Stage,
    severity: |_| Severity::Low,
    why: "Lines that no query can take apart are read by nobody until it is too late. A format that looks like JSON and \
          does not parse breaks every line of it.",
    logic: "Per stage with access logs: pass when the format parses as JSON with a value in place of each variable. \
            Fail otherwise (CLF, CSV, XML, JSON that does not parse). Not applicable without access logs (C2).",
    remedy: "Use the format that the finding offers.",
    commands: COMMAND,
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["10.2.2"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        each(scene, bench, |_, lint, part, offered| {
            let facts = Facts::new(format!("JSON, such as {offered}"), lint.format.words()).cite(part);
            let facts = if lint.format == LogFormat::BrokenJson { facts.severity(Severity::Medium) } else { facts };
            Outcome::holds(lint.format == LogFormat::Json, facts)
        });
    }),
};

/// Secrets and personal data in lines.
pub(in crate::findings) static LEAKS: Control = Control {
    id: "G11",
    title: "Access logs hold no keys, tokens or personal data",
    scope: Scope::Stage,
    severity: |audience| if audience == Audience::Public { Severity::Medium } else { Severity::High },
    why: "A log is read by more people, kept longer and copied further than any database. The value of an API key in it \
          is a key for all of them; $context.identity.apiKey is that value, $context.identity.apiKeyId is not.",
    logic: "Per stage with access logs: fail when the format has $context.identity.apiKey, personal claims (e-mail, \
            phone, names, address, birthdate), a token of the authorizer's answer, \
            $context.error.validationErrorString, or an overridden header that is a credential. IAM identities are \
            named and do not fail. Not applicable without access logs.",
    remedy: "Take the variables out of the format; rotate keys whose values were logged.",
    commands: COMMAND,
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["3.3.1", "3.5.1", "8.3.2", "10.3.1"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        each(scene, bench, |_, lint, part, offered| {
            let said: Vec<String> = lint.leaks.iter().map(|leak| format!("{}: {}", leak.variable, leak.what)).collect();
            let actual = if said.is_empty() { "nothing of the kind".to_owned() } else { said.join("; ") };
            let facts = Facts::new(format!("no secrets and no personal data, as in {offered}"), actual).cite(part);
            Outcome::holds(!lint.leaks.iter().any(|leak| leak.serious), facts)
        });
    }),
};

/// Lines that do not tell enough.
pub(in crate::findings) static THIN: Control = Control {
    id: "G12",
    title: "Access logs tell what an investigation needs",
    scope: Scope::Stage,
    severity: by_trail,
    why: "The variable that is missing is the question that cannot be answered afterwards: who, through which key, was \
          it the gateway or the backend, was it the canary.",
    logic: "Per stage with access logs: fail when the format lacks any of request id, extended request id, method, \
            route, status, response latency, integration status and latency, error message, key id or principal, source \
            address; isCanaryRequest while the stage has a canary; a WAF variable while it has a web ACL. Not \
            applicable without access logs.",
    remedy: "Add the variables; the finding offers a format that has them and leaks nothing.",
    commands: COMMAND,
    operation: None,
    mappings: Mappings { security_hub: &[], pci: PCI_LOGGING, prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        each(scene, bench, |_, lint, part, offered| {
            let actual = match lint.missing.is_empty() {
                true => "all of it".to_owned(),
                false => format!("missing: {}", lint.missing.join(", ")),
            };
            let facts = Facts::new(format!("all that an investigation asks for, as in {offered}"), actual).cite(part);
            Outcome::holds(lint.missing.is_empty(), facts)
        });
    }),
};

fn each(
    scene: &ApiScene<'_>,
    bench: &mut Bench<'_>,
    judge: impl Fn(&ApiScene<'_>, &LogLint, &Part<'_>, &str) -> Outcome,
) {
    let kind = scene.inventory.api.kind;
    for (stage, routes) in scene.stages() {
        let needs = LogNeeds { canary: stage.canary.is_some(), web_acl: stage.web_acl_arn.is_some() };
        let outcome = match scene.stage_part(&stage.name) {
            Err(reason) => Outcome::Unknown(reason),
            Ok(part) => {
                let part = part.get("accessLogSettings").get("format");
                match part.filled() {
                    None => Outcome::NotApplicable("there are no access logs"),
                    Some(format) => judge(scene, &lint(kind, format, needs), &part, &safe_format(kind, needs)),
                }
            }
        };
        bench.stage(scene, &stage.name, &routes, outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::ApiKind,
        findings::{
            finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
            testing::{Kit, table},
        },
    };
    use serde_json::json;

    fn with(format: &str) -> Kit {
        Kit::rest()
            .audience("customer")
            .route("GET /orders", "CUSTOM")
            .stage(json!({ "accessLogSettings": { "destinationArn": "arn:x", "format": format } }))
    }

    #[test]
    fn formats_of_access_logs() {
        let safe = safe_format(ApiKind::Rest, LogNeeds::default());
        let clf = "$context.identity.sourceIp $context.requestId $context.status";
        let none = || Kit::rest().route("GET /orders", "CUSTOM");
        table(
            "C3",
            vec![
                ("JSON", with(&safe), Pass),
                ("CLF", with(clf), Fail),
                ("no logs", none(), NotApplicable),
                ("denied", with(clf).denied("GetStages"), Unknown),
            ],
        );
        table(
            "G11",
            vec![
                ("safe", with(&safe), Pass),
                ("the key's value", with(r#"{"k":"$context.identity.apiKey"}"#), Fail),
                ("the key's id", with(r#"{"k":"$context.identity.apiKeyId"}"#), Pass),
                ("an IAM identity is named only", with(r#"{"k":"$context.identity.userArn"}"#), Pass),
                ("no logs", none(), NotApplicable),
                ("denied", with(clf).denied("GetStages"), Unknown),
            ],
        );
        table(
            "G12",
            vec![
                ("enough", with(&safe), Pass),
                ("thin", with(clf), Fail),
                (
                    "a canary that nobody can tell",
                    with(&safe).stage(json!({ "canarySettings": { "deploymentId": "d2", "percentTraffic": 10.0 } })),
                    Fail,
                ),
                ("denied", with(clf).denied("GetStages"), Unknown),
            ],
        );
    }
}
