//! What keeps the logs: how long, and encrypted by whose key.

use super::counted;
use crate::{
    api::ApiKind,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, always},
        documents::Part,
        scene::ApiScene,
    },
    log_groups::{AccessLogTarget, CANARY, PREFIX_PARAMETER, access_log_target, execution_group},
};

const OPERATION: &str = "DescribeLogGroups";

/// Log groups.
pub(in crate::findings) static KEPT: Control = Control {
    id: "G14",
    title: "Logs are kept long enough, and encrypted with a key of the account",
    scope: Scope::Stage,
    severity: always!(Medium),
    why: "An incident is often found after months. A log that is gone by then tells nothing, one that is kept for ever is \
          personal data without an end, and one without a KMS key is readable to whoever may read logs.",
    logic: "Per stage, of the log group that its access log goes to, the one of its execution log (REST and WebSocket, \
            where any level is ERROR or INFO), and their canary's where there are any: fail when one has no \
            retentionInDays (it never expires), fewer days than log-days of posture.toml (365), or no kmsKeyId. Unknown \
            where the groups could not be read, where one is not there, and where it is another account's or region's. A \
            Firehose stream keeps nothing itself and is not judged; a stage without logs is judged by C1 and C2. Whether \
            another account gets a copy is not read.",
    remedy: "Set how long the group keeps events, and give it a KMS key whose policy lets CloudWatch Logs use it. What was \
             written before keeps the encryption that it has.",
    commands: &[
        "aws logs put-retention-policy --log-group-name NAME --retention-in-days DAYS --region {region}",
        "aws logs associate-kms-key --log-group-name NAME --kms-key-id KEY_ARN --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["CloudWatch.16"],
        pci: &["10.5.1"],
        prowler: &[
            "cloudwatch_log_group_retention_policy_specific_days_enabled",
            "cloudwatch_log_group_kms_encryption_enabled",
        ],
    },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let outcome = match scene.stage_part(&stage.name) {
                Ok(part) => judged(scene, &stage.name, &part),
                Err(reason) => Outcome::Unknown(reason),
            };
            bench.stage(scene, &stage.name, &routes, outcome);
        }
    }),
};

fn judged(scene: &ApiScene<'_>, stage: &str, part: &Part<'_>) -> Outcome {
    let (mut names, mut unknown, mut streams) = (Vec::new(), Vec::new(), false);
    if let Some(arn) = part.get("accessLogSettings").get("destinationArn").filled() {
        match access_log_target(arn, &scene.place.account, &scene.place.region) {
            AccessLogTarget::Group(name) => names.push(name.to_owned()),
            AccessLogTarget::Elsewhere => {
                unknown.push(format!("{arn} is another account's or region's, which is not asked here"));
            }
            AccessLogTarget::NoGroup => streams = true,
        }
    }
    if is_logged(scene.inventory.api.kind, part) {
        names.extend(execution_group(scene.inventory.api.kind, &scene.inventory.api.id, stage));
    }
    let mut groups = Vec::new();
    for name in &names {
        match group(scene, name) {
            Some(found) => groups.push((name.clone(), found)),
            None => unknown.push(missing(scene, name)),
        }
        let canary = format!("{name}{CANARY}");
        groups.extend(group(scene, &canary).map(|found| (canary, found)));
    }
    let days = scene.policy.log_days;
    let said: Vec<(String, &Part<'_>)> =
        groups.iter().filter_map(|(name, found)| Some((format!("{name} {}", weakness(found, days)?), found))).collect();
    let expected = format!("kept for at least {} and not for ever, with a KMS key", days_of(days));
    if !said.is_empty() {
        let mut words: Vec<String> = said.iter().map(|(words, _)| words.clone()).collect();
        words.extend((!unknown.is_empty()).then(|| format!("not known: {}", unknown.join("; "))));
        let actual = words.join("; ");
        return Outcome::Fail(said.iter().fold(Facts::new(expected, actual), |facts, (_, part)| facts.cite(part)));
    }
    match (unknown.is_empty(), groups.is_empty(), streams) {
        (false, ..) => Outcome::Unknown(unknown.join("; ")),
        (true, true, true) => {
            Outcome::NotApplicable("the access log goes to a Firehose stream, and nothing else is logged")
        }
        (true, true, false) => Outcome::NotApplicable("the stage writes no logs"),
        (true, false, _) => {
            let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
            let actual = format!("so it is, for {}", names.join(", "));
            Outcome::Pass(groups.iter().fold(Facts::new(expected, actual), |facts, (_, part)| facts.cite(part)))
        }
    }
}

/// What a group lacks, as a predicate; `None` where nothing.
fn weakness(group: &Part<'_>, wanted: i64) -> Option<String> {
    let mut words = Vec::new();
    match group.get("retentionInDays").number() {
        None => words.push("is kept for ever".to_owned()),
        #[expect(clippy::cast_precision_loss, reason = "days of a policy")]
        Some(days) if days < wanted as f64 => words.push(format!("is kept for {days} days")),
        Some(_) => {}
    }
    if group.get("kmsKeyId").filled().is_none() {
        words.push("has no KMS key".to_owned());
    }
    (!words.is_empty()).then(|| words.join(" and "))
}

fn days_of(days: i64) -> String {
    counted(usize::try_from(days).unwrap_or_default(), "day")
}

/// Whether anything of the stage is written to an execution log.
fn is_logged(kind: ApiKind, stage: &Part<'_>) -> bool {
    let on = |settings: &Part<'_>| matches!(settings.get("loggingLevel").text(), Some("ERROR" | "INFO"));
    let own = stage.get(if kind == ApiKind::Rest { "methodSettings" } else { "routeSettings" });
    own.members().any(|(_, settings)| on(&settings)) || on(&stage.get("defaultRouteSettings"))
}

fn group<'a>(scene: &ApiScene<'a>, name: &str) -> Option<Part<'a>> {
    let is = |group: &Part<'_>| group.get("logGroupName").text() == Some(name);
    scene.account_documents.answers(OPERATION).find_map(|answer| answer.get("logGroups").list().find(is))
}

/// Why a group is not there: whoever asked was refused, nobody asked, or it does not exist.
fn missing(scene: &ApiScene<'_>, name: &str) -> String {
    let asked =
        |answer: Part<'_>| answer.of().strip_prefix(PREFIX_PARAMETER).is_some_and(|asked| name.starts_with(asked));
    if scene.account_documents.answers(OPERATION).any(asked) {
        return format!("log group {name} is not there: it was deleted, or nothing was ever written to it");
    }
    let failed = |gap: &&crate::coverage::Gap| gap.operation == OPERATION;
    let about =
        |gap: &&crate::coverage::Gap| gap.resource.rsplit(' ').next().is_some_and(|asked| name.starts_with(asked));
    let gap = scene.gaps.iter().filter(failed).find(about).or_else(|| scene.gaps.iter().find(failed));
    match gap {
        Some(gap) => format!("{OPERATION} brought nothing of {name} ({}): {}", gap.code, gap.message),
        None => format!("{OPERATION} was not read for {name}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    const SHOP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:/shop/access";
    const EXECUTION: &str = "API-Gateway-Execution-Logs_api0000001/prod";

    fn to(arn: &str) -> Kit {
        Kit::rest()
            .route("GET /a", "NONE")
            .stage(json!({ "accessLogSettings": { "destinationArn": arn, "format": "{}" } }))
    }

    fn executing(level: &str) -> Kit {
        Kit::rest().route("GET /a", "NONE").stage(json!({ "methodSettings": { "*/*": { "loggingLevel": level } } }))
    }

    /// What AWS has of groups that begin with this.
    fn with(kit: Kit, prefix: &str, groups: Value) -> Kit {
        let of = format!("logGroupNamePrefix={prefix}");
        kit.account_answer("logs:DescribeLogGroups", &of, json!({ "logGroups": groups }))
    }

    fn kept(name: &str, days: Option<i64>, key: bool) -> Value {
        let mut group = json!({ "logGroupName": name });
        if let Some(days) = days {
            group["retentionInDays"] = json!(days);
        }
        if key {
            group["kmsKeyId"] = json!("arn:aws:kms:eu-west-1:111122223333:key/k1");
        }
        group
    }

    fn shop(days: Option<i64>, key: bool) -> Kit {
        with(to(SHOP), "/shop/access", json!([kept("/shop/access-old", None, false), kept("/shop/access", days, key)]))
    }

    #[test]
    fn access_logs_are_kept_and_encrypted() {
        let firehose = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-shop";
        table(
            "G14",
            vec![
                ("a year, with a key", shop(Some(365), true), Pass),
                ("longer", shop(Some(3_653), true), Pass),
                ("a day too short", shop(Some(364), true), Fail),
                ("for ever", shop(None, true), Fail),
                ("without a key", shop(Some(400), false), Fail),
                ("denied", to(SHOP).denied("DescribeLogGroups"), Unknown),
                ("not read", to(SHOP), Unknown),
                (
                    "not there",
                    with(to(SHOP), "/shop/access", json!([kept("/shop/access-old", Some(400), true)])),
                    Unknown,
                ),
                ("another account's", to("arn:aws:logs:eu-west-1:444455556666:log-group:/shop/access"), Unknown),
                ("a stream", to(firehose), NotApplicable),
                ("no logs", Kit::rest().route("GET /a", "NONE"), NotApplicable),
                ("the stage was denied", shop(Some(400), true).denied("GetStages"), Unknown),
                (
                    "the canary's own is kept for ever",
                    with(shop(Some(400), true), "/shop", json!([kept("/shop/access/Canary", None, true)])),
                    Fail,
                ),
                (
                    "HTTP",
                    with(
                        Kit::http()
                            .route("GET /a", "NONE")
                            .stage(json!({ "accessLogSettings": { "destinationArn": SHOP } })),
                        "/shop/access",
                        json!([kept("/shop/access", None, true)]),
                    ),
                    Fail,
                ),
            ],
        );
    }

    #[test]
    fn execution_logs_too_where_there_are_any() {
        let with_group =
            |kit: Kit, days| with(kit, "API-Gateway-Execution-Logs_", json!([kept(EXECUTION, days, true)]));
        table(
            "G14",
            vec![
                ("a year", with_group(executing("ERROR"), Some(365)), Pass),
                ("for ever", with_group(executing("INFO"), None), Fail),
                ("a group of a stage that is off now", with_group(executing("OFF"), None), NotApplicable),
                (
                    "nothing was written yet",
                    with(executing("ERROR"), "API-Gateway-Execution-Logs_", json!([])),
                    Unknown,
                ),
                (
                    "one method is logged",
                    with_group(
                        executing("OFF").stage(json!({ "methodSettings": { "~1a/GET": { "loggingLevel": "ERROR" } } })),
                        None,
                    ),
                    Fail,
                ),
                (
                    "good, and an access log that goes to another account",
                    with_group(
                        executing("ERROR").stage(json!({ "accessLogSettings": {
                            "destinationArn": "arn:aws:logs:eu-west-1:444455556666:log-group:shop" } })),
                        Some(365),
                    ),
                    Unknown,
                ),
            ],
        );
    }

    #[test]
    fn a_finding_names_the_group_and_what_is_not_known() {
        let kit = shop(Some(30), false).stage(json!({ "methodSettings": { "*/*": { "loggingLevel": "ERROR" } } }));
        let found = kit.ask("G14");
        assert_eq!(found[0].verdict, Fail);
        let actual = &found[0].actual;
        assert!(actual.starts_with("/shop/access is kept for 30 days and has no KMS key; not known: "), "{actual}");
        assert!(actual.contains(EXECUTION), "{actual}");
        assert_eq!(found[0].expected, "kept for at least 365 days and not for ever, with a KMS key");
        let evidence = &found[0].evidence;
        assert_eq!((evidence.len(), evidence[0].call.as_str()), (1, "logs:DescribeLogGroups"));
        assert_eq!(
            (evidence[0].of.as_str(), evidence[0].pointer.as_str()),
            ("logGroupNamePrefix=/shop/access", "/logGroups/1")
        );
    }
}
