//! Whether AWS records who changes the gateway.

use super::OURS;
use crate::findings::{
    assess::{About, Bench, Facts, Outcome},
    control::{Control, Rule, Scope, always},
    documents::Part,
    scene::AccountScene,
};

/// Why nothing is said about them.
const NOT_ASKED: &str = "neither is asked by this program; aws securityhub get-enabled-standards and aws configservice \
                         describe-configuration-recorder-status tell for each region";

/// Trails.
pub(in crate::findings) static TRAIL: Control = Control {
    id: "G32",
    title: "A trail records who changes the gateway",
    scope: Scope::Account,
    severity: always!(Medium),
    why: "CloudTrail's own event history ends after 90 days and can be read by whoever broke in. Without a trail nobody can \
          tell in a year who opened what.",
    logic: "Per account and region: pass when a trail of this region or of all regions is logging and its selectors keep \
            management events that write. Fail otherwise; the finding names what each trail lacks. Unknown where trails \
            could not be read. Whether AWS Security Hub and AWS Config are on is a finding of its own and always unknown: \
            this program does not ask them.",
    remedy: "Let a trail of all regions log management events to a bucket of another account, with log file validation.",
    commands: &["aws cloudtrail start-logging --name TRAIL --region {region}"],
    operation: None,
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        judge_trails(scene, bench);
        let about = About {
            id: "security-services",
            label: "AWS Security Hub and AWS Config",
            routes: &[],
            api: None,
            stage: None,
        };
        bench.other(scene.place, Scope::Account, about, Outcome::Unknown(NOT_ASKED.to_owned()));
    }),
};

fn judge_trails(scene: &AccountScene<'_>, bench: &mut Bench<'_>) {
    let about = About { id: "trails", label: "CloudTrail", routes: &[], api: None, stage: None };
    let Some(trails) = scene.documents.answer("DescribeTrails", None).map(|answer| answer.get("trailList")) else {
        let reason = scene.unread("DescribeTrails");
        return bench.other(scene.place, Scope::Account, about, Outcome::Unknown(reason));
    };
    let expected = "a trail that keeps management events that write";
    let (mut lacking, mut unread) = (Vec::new(), None);
    for trail in trails.list() {
        let name = trail.get("Name").text().unwrap_or_default().to_owned();
        let arn = trail.get("TrailARN").text().unwrap_or_default();
        let (status, selectors) = (
            scene.documents.answer("GetTrailStatus", Some(arn)),
            scene.documents.answer("GetEventSelectors", Some(arn)),
        );
        let (Some(status), Some(selectors)) = (status, selectors) else {
            let operation = if scene.documents.answer("GetTrailStatus", Some(arn)).is_none() {
                "GetTrailStatus"
            } else {
                "GetEventSelectors"
            };
            unread = Some(scene.unread(operation));
            continue;
        };
        if !status.get("IsLogging").is_true() {
            lacking.push((format!("{name} is not logging"), status.get("IsLogging")));
        } else if !keeps_writes(&selectors) {
            lacking.push((format!("{name} keeps no management events that write"), selectors.get("EventSelectors")));
        } else {
            let validated = match trail.get("LogFileValidationEnabled").is_true() {
                true => "with log file validation",
                false => "without log file validation",
            };
            let facts = Facts::new(expected, format!("{name} does, {validated}")).cite(&status.get("IsLogging"));
            return bench.other(scene.place, Scope::Account, about, Outcome::Pass(facts.cite(&selectors)));
        }
    }
    let outcome = match (unread, lacking.is_empty()) {
        (Some(reason), _) => Outcome::Unknown(reason),
        (None, true) => Outcome::Fail(Facts::new(expected, "there is no trail").cite(&trails)),
        (None, false) => {
            let said: Vec<&str> = lacking.iter().map(|(said, _)| said.as_str()).collect();
            let facts = Facts::new(expected, said.join("; "));
            Outcome::Fail(lacking.iter().fold(facts, |facts, (_, part)| facts.cite(part)))
        }
    };
    bench.other(scene.place, Scope::Account, about, outcome);
}

/// Selectors of either form ("Logging management events").
fn keeps_writes(selectors: &Part<'_>) -> bool {
    let of_old = selectors.get("EventSelectors").list().any(|selector| {
        let excluded = selector.get("ExcludeManagementEventSources");
        selector.get("IncludeManagementEvents").is_true()
            && matches!(selector.get("ReadWriteType").text(), None | Some("All" | "WriteOnly"))
            && !excluded.list().any(|source| source.text() == Some("apigateway.amazonaws.com"))
    });
    of_old
        || selectors.get("AdvancedEventSelectors").list().any(|selector| {
            let equals = |field: &str, value: &str| {
                selector.get("FieldSelectors").list().any(|one| {
                    one.get("Field").text() == Some(field)
                        && one.get("Equals").list().any(|wanted| wanted.text() == Some(value))
                })
            };
            equals("eventCategory", "Management") && !equals("readOnly", "true")
        })
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, Pass, Unknown},
        testing::{Kit, table_about},
    };
    use serde_json::{Value, json};

    const ARN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit";

    fn trail(logging: bool, selectors: Value) -> Kit {
        Kit::rest()
            .account_answer(
                "cloudtrail:DescribeTrails",
                "",
                json!({ "trailList": [{ "Name": "audit", "TrailARN": ARN }] }),
            )
            .account_answer("cloudtrail:GetTrailStatus", ARN, json!({ "IsLogging": logging }))
            .account_answer("cloudtrail:GetEventSelectors", ARN, selectors)
    }

    #[test]
    fn a_trail_keeps_what_writes() {
        let old = |kind: &str, management: bool| json!({ "EventSelectors": [{ "ReadWriteType": kind, "IncludeManagementEvents": management }] });
        let new = |fields: Value| json!({ "AdvancedEventSelectors": [{ "FieldSelectors": fields }] });
        let management = json!({ "Field": "eventCategory", "Equals": ["Management"] });
        let reads = json!({ "Field": "readOnly", "Equals": ["true"] });
        let hubs = trail(true, old("All", true)).ask("G32");
        let hubs = hubs.iter().find(|finding| finding.resource.id == "security-services").unwrap();
        assert_eq!(hubs.verdict, Unknown, "what is not asked is never said to be on");
        assert!(hubs.actual.contains("neither is asked"), "{}", hubs.actual);
        table_about(
            "G32",
            |finding| finding.resource.id == "trails",
            vec![
                ("all", trail(true, old("All", true)), Pass),
                ("writes", trail(true, old("WriteOnly", true)), Pass),
                ("reads", trail(true, old("ReadOnly", true)), Fail),
                ("data only", trail(true, old("All", false)), Fail),
                ("stopped", trail(false, old("All", true)), Fail),
                ("advanced", trail(true, new(json!([management]))), Pass),
                ("advanced, reads", trail(true, new(json!([management, reads]))), Fail),
                ("none", Kit::rest().account_answer("cloudtrail:DescribeTrails", "", json!({ "trailList": [] })), Fail),
                ("not read", Kit::rest(), Unknown),
                ("its status was denied", trail(true, old("All", true)).denied("GetTrailStatus"), Unknown),
            ],
        );
    }
}
