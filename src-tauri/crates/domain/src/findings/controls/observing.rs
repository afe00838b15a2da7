//! Alarms: whether anybody is told.

use super::{OURS, by_trail};
use crate::{
    alarms::AlarmRule,
    api::ApiKind,
    findings::{
        assess::{About, Facts, Outcome},
        control::{Control, Rule, Scope, Severity, always},
        documents::Part,
        scene::{AccountScene, ApiScene},
    },
    route::Route,
};
use jiff::Timestamp;

/// The metrics that every stage needs an alarm on: of REST, of HTTP, for people.
const WANTED: [(&str, &str, &str); 3] =
    [("5XXError", "5xx", "server errors"), ("4XXError", "4xx", "client errors"), ("Latency", "Latency", "latency")];

/// Coverage.
pub(in crate::findings) static COVERAGE: Control = Control {
    id: "G22",
    title: "Somebody is told when a stage fails",
    scope: Scope::Stage,
    severity: |audience| if by_trail(audience) == Severity::Low { Severity::Medium } else { Severity::High },
    why: "No rule of AWS Config covers alarms on API Gateway. Without them customers are the monitoring.",
    logic: "Per stage that serves routes: fail when any of server errors (5XXError, 5xx), client errors (4XXError, 4xx) \
            and latency has no alarm with its actions enabled and at least one action (of its own, or of a composite alarm \
            that goes off with it), on this API and stage, or only one that has had no data for more than a day. An \
            alarm on the API alone counts for its stages. Unknown where alarms could not be read.",
    remedy: "Create the missing alarms with the thresholds that AWS recommends.",
    commands: &[
        "aws cloudwatch put-metric-alarm --alarm-name NAME --namespace AWS/ApiGateway --metric-name 5XXError --dimensions Name=ApiName,Value=API_NAME Name=Stage,Value={stage} --statistic Average --period 60 --evaluation-periods 3 --datapoints-to-alarm 3 --threshold 0.05 --comparison-operator GreaterThanThreshold --alarm-actions TOPIC_ARN --region {region}",
    ],
    operation: Some("alarm_create"),
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            if routes.is_empty() {
                bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable("the stage serves no routes"));
                continue;
            }
            let Some(answer) = scene.account_documents.answer("DescribeAlarms", None) else {
                bench.stage(scene, &stage.name, &routes, Outcome::Unknown(scene.unread("DescribeAlarms")));
                continue;
            };
            let alarms: Vec<Part<'_>> = alarms(scene).filter(|alarm| concerns(scene, &stage.name, alarm)).collect();
            let (mut missing, mut deaf, mut blind) = (Vec::new(), Vec::new(), Vec::new());
            for (rest, http, words) in WANTED {
                let name = if scene.inventory.api.kind == ApiKind::Rest { rest } else { http };
                let on: Vec<&Part<'_>> = alarms.iter().filter(|alarm| metric_names(alarm).contains(&name)).collect();
                let telling: Vec<&&Part<'_>> =
                    on.iter().filter(|alarm| speaks(alarm) || spoken_for(&answer, alarm)).collect();
                match (on.is_empty(), telling.is_empty()) {
                    (true, _) => missing.push(words),
                    (false, true) => deaf.push(words),
                    (false, false) if telling.iter().all(|alarm| is_blind(alarm, scene.now)) => blind.push(words),
                    (false, false) => {}
                }
            }
            let mut said = Vec::new();
            if !missing.is_empty() {
                said.push(format!("none on {}", missing.join(", ")));
            }
            if !deaf.is_empty() {
                said.push(format!("an alarm on {} that tells nobody", deaf.join(", ")));
            }
            if !blind.is_empty() {
                said.push(format!("an alarm on {} that has had no data for more than a day", blind.join(", ")));
            }
            let actual = if said.is_empty() { "all three, with actions".to_owned() } else { said.join("; ") };
            let facts = Facts::new("alarms on server errors, client errors and latency that tell somebody", actual)
                .cite(alarms.first().unwrap_or(&answer.get("MetricAlarms")));
            bench.stage(scene, &stage.name, &routes, Outcome::holds(said.is_empty(), facts));
        }
    }),
};

/// Alarms on nothing.
pub(in crate::findings) static ORPHANS: Control = Control {
    id: "G23",
    title: "Alarms watch what exists",
    scope: Scope::Alarm,
    severity: always!(Medium),
    why: "An alarm on an API that was renamed or a stage that is gone is green for ever.",
    logic: "Per alarm on AWS/ApiGateway: fail when its ApiName, ApiId or Stage is none of this account and region. \
            Unknown where alarms or APIs could not be read.",
    remedy: "Point it at the API that took over, or delete it.",
    commands: &["aws cloudwatch delete-alarms --alarm-names {id} --region {region}"],
    operation: None,
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        let about = About { id: "alarms", label: "alarms", routes: &[], api: None, stage: None };
        if scene.documents.answer("DescribeAlarms", None).is_none() {
            return bench.other(scene.place, Scope::Alarm, about, Outcome::Unknown(scene.unread("DescribeAlarms")));
        }
        if let Some(gap) = scene.gaps.iter().find(|gap| matches!(gap.operation.as_str(), "GetRestApis" | "GetApis")) {
            return bench.other(scene.place, Scope::Alarm, about, Outcome::Unknown(gap.message.clone()));
        }
        for answer in alarm_parts(scene) {
            let name = answer.get("AlarmName").text().unwrap_or_default();
            let dimension = |wanted| dimension(&answer, wanted);
            let named = dimension("ApiName").or(dimension("ApiId"));
            let Some(api) = named else { continue };
            let apis: Vec<&ApiScene<'_>> = scene
                .apis
                .iter()
                .filter(|scene| *scene.inventory.api.name == *api || *scene.inventory.api.id == *api)
                .collect();
            let stage = dimension("Stage");
            let there = |scene: &&&ApiScene<'_>| {
                stage.is_none_or(|stage| scene.inventory.stages.iter().any(|one| *one.name == *stage))
            };
            let routes: Vec<&Route> = apis
                .iter()
                .filter(there)
                .flat_map(|scene| scene.served())
                .filter(|route| stage.is_none_or(|stage| *route.stage == *stage))
                .collect();
            let actual = match (apis.is_empty(), apis.iter().any(|scene| there(&scene))) {
                (true, _) => format!("there is no API {api}"),
                (false, false) => format!("{api} has no stage {}", stage.unwrap_or_default()),
                (false, true) => format!("{api}{}", stage.map(|stage| format!(" {stage}")).unwrap_or_default()),
            };
            let holds = apis.iter().any(|scene| there(&scene));
            let label = format!("alarm {name}");
            let about = About { id: name, label: &label, routes: &routes, api: None, stage: None };
            let facts = Facts::new("an API and a stage that are there", actual).cite(&answer.get("Dimensions"));
            bench.other(scene.place, Scope::Alarm, about, Outcome::holds(holds, facts));
        }
    }),
};

fn alarms<'a>(scene: &ApiScene<'a>) -> impl Iterator<Item = Part<'a>> {
    let parts: Vec<Part<'a>> = scene
        .account_documents
        .answer("DescribeAlarms", None)
        .map(|answer| answer.get("MetricAlarms").list().collect())
        .unwrap_or_default();
    parts.into_iter()
}

fn alarm_parts<'a>(scene: &AccountScene<'a>) -> Vec<Part<'a>> {
    scene
        .documents
        .answer("DescribeAlarms", None)
        .map(|answer| answer.get("MetricAlarms").list().collect())
        .unwrap_or_default()
}

fn dimension<'a>(alarm: &Part<'a>, name: &str) -> Option<&'a str> {
    let of = |part: &Part<'a>| {
        part.get("Dimensions")
            .list()
            .find(|one| one.get("Name").text() == Some(name))
            .and_then(|one| one.get("Value").text())
    };
    of(alarm).or_else(|| alarm.get("Metrics").list().find_map(|query| of(&query.get("MetricStat").get("Metric"))))
}

/// The metric of an alarm, or those of its metric math.
fn metric_names<'a>(alarm: &Part<'a>) -> Vec<&'a str> {
    let own = alarm.get("MetricName").text();
    own.into_iter()
        .chain(
            alarm
                .get("Metrics")
                .list()
                .filter_map(|query| query.get("MetricStat").get("Metric").get("MetricName").text()),
        )
        .collect()
}

fn concerns(scene: &ApiScene<'_>, stage: &str, alarm: &Part<'_>) -> bool {
    let api = &scene.inventory.api;
    let named = dimension(alarm, "ApiName") == Some(&api.name) || dimension(alarm, "ApiId") == Some(&api.id);
    named && dimension(alarm, "Stage").is_none_or(|name| name == stage) && dimension(alarm, "Method").is_none()
}

/// INSUFFICIENT_DATA for more than a day.
fn is_blind(alarm: &Part<'_>, now: Timestamp) -> bool {
    let since = alarm.get("StateTransitionedTimestamp").text().and_then(|at| at.parse::<Timestamp>().ok());
    alarm.get("StateValue").text() == Some("INSUFFICIENT_DATA")
        && since.is_some_and(|since| now.as_second() - since.as_second() > 86_400)
}

fn speaks(alarm: &Part<'_>) -> bool {
    let enabled = alarm.get("ActionsEnabled");
    (enabled.value().is_none() || enabled.is_true()) && alarm.get("AlarmActions").list().next().is_some()
}

/// A rule that cannot be read tells nobody.
fn goes_off_with(composite: &Part<'_>, name: &str) -> bool {
    composite.get("AlarmRule").text().and_then(AlarmRule::read).is_some_and(|rule| rule.goes_off_with(name))
}

/// Whether a composite alarm that tells somebody goes off with this one.
fn spoken_for(answer: &Part<'_>, alarm: &Part<'_>) -> bool {
    let Some(name) = alarm.get("AlarmName").text() else { return false };
    answer
        .get("CompositeAlarms")
        .list()
        .filter(|composite| speaks(composite))
        .any(|composite| goes_off_with(&composite, name))
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn alarm(metric: &str, actions: Value) -> Value {
        json!({ "AlarmName": format!("shop-{metric}"), "Namespace": "AWS/ApiGateway", "MetricName": metric, "ActionsEnabled": true,
            "AlarmActions": actions, "Dimensions": [{ "Name": "ApiName", "Value": "storefront" }, { "Name": "Stage", "Value": "prod" }] })
    }

    fn with(alarms: Value) -> Kit {
        Kit::rest().audience("checkout").route("POST /pay", "CUSTOM").account_answer(
            "cloudwatch:DescribeAlarms",
            "",
            json!({ "MetricAlarms": alarms }),
        )
    }

    fn with_composite(alarms: Value, rule: &str, actions: Value) -> Kit {
        Kit::rest().audience("checkout").route("POST /pay", "CUSTOM").account_answer(
            "cloudwatch:DescribeAlarms",
            "",
            json!({ "MetricAlarms": alarms, "CompositeAlarms": [{ "AlarmRule": rule, "AlarmActions": actions }] }),
        )
    }

    #[test]
    fn somebody_is_told() {
        let told = || json!(["arn:aws:sns:eu-west-1:111122223333:oncall"]);
        let without_data = |since: &str| {
            let mut alarm = alarm("5XXError", told());
            alarm["StateValue"] = "INSUFFICIENT_DATA".into();
            alarm["StateTransitionedTimestamp"] = since.into();
            alarm
        };
        let (blind, waiting) = (without_data("2026-02-23T10:00:00Z"), without_data("2026-03-02T09:00:00Z"));
        table(
            "G22",
            vec![
                (
                    "all three",
                    with(json!([alarm("5XXError", told()), alarm("4XXError", told()), alarm("Latency", told())])),
                    Pass,
                ),
                ("one of three", with(json!([alarm("5XXError", told())])), Fail),
                (
                    "nobody is told",
                    with(json!([alarm("5XXError", json!([])), alarm("4XXError", told()), alarm("Latency", told())])),
                    Fail,
                ),
                (
                    "a composite alarm tells for one of them",
                    with_composite(
                        json!([alarm("5XXError", json!([])), alarm("4XXError", told()), alarm("Latency", told())]),
                        "ALARM(\"shop-5XXError\") OR ALARM(other)",
                        told(),
                    ),
                    Pass,
                ),
                (
                    "a composite alarm that tells nobody either",
                    with_composite(
                        json!([alarm("5XXError", json!([])), alarm("4XXError", told()), alarm("Latency", told())]),
                        "ALARM(shop-5XXError)",
                        json!([]),
                    ),
                    Fail,
                ),
                (
                    "a composite alarm that goes off when it does not",
                    with_composite(
                        json!([alarm("5XXError", json!([])), alarm("4XXError", told()), alarm("Latency", told())]),
                        "NOT (ALARM(shop-5XXError) OR ALARM(other))",
                        told(),
                    ),
                    Fail,
                ),
                (
                    "one sees nothing since last week",
                    with(json!([blind, alarm("4XXError", told()), alarm("Latency", told())])),
                    Fail,
                ),
                (
                    "one sees nothing since an hour",
                    with(json!([waiting, alarm("4XXError", told()), alarm("Latency", told())])),
                    Pass,
                ),
                ("none", with(json!([])), Fail),
                ("not read", Kit::rest().route("GET /a", "NONE"), Unknown),
            ],
        );
    }

    #[test]
    fn alarms_watch_what_exists() {
        let mut gone = alarm("5XXError", json!([]));
        gone["Dimensions"][0]["Value"] = "shop-2019".into();
        let mut stage = alarm("5XXError", json!([]));
        stage["Dimensions"][1]["Value"] = "beta".into();
        table(
            "G23",
            vec![
                ("it exists", with(json!([alarm("5XXError", json!([]))])), Pass),
                ("the API is gone", with(json!([gone])), Fail),
                ("the stage is gone", with(json!([stage])), Fail),
                ("not read", Kit::rest(), Unknown),
                ("the APIs were denied", with(json!([])).denied("GetRestApis"), Unknown),
            ],
        );
    }
}
