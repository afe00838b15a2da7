//! Who changes the gateway.

use std::collections::BTreeMap;

use super::OURS;
use crate::{
    events::{ChangeEvent, EventClient, EventOutcome},
    findings::{
        assess::{About, Bench, Facts, Outcome},
        control::{Control, Rule, Scope, Severity, always},
        finding::Evidence,
        scene::AccountScene,
    },
};

/// Why nobody is named who could, and did not.
const NOT_READ: &str = "policies of IAM are not read by this program, so that it needs no right to read them; IAM Access \
                        Analyzer, or aws iam simulate-principal-policy, tells who may apigateway:PATCH, POST and DELETE";

/// Actors that are named.
const NAMED: usize = 5;

/// People on production.
pub(in crate::findings) static BY_HAND: Control = Control {
    id: "G31",
    title: "Production is changed by releases, not by hand",
    scope: Scope::Account,
    severity: always!(Medium),
    why: "Whoever can change a stage by hand can open it by hand, and nobody reviews it. A root user or a user with keys \
          of its own on production is a way around every approval.",
    logic: "Per account and region, by the configuration changes of the last 30 days that are kept: fail when somebody in \
            AWS's web console, the root user, or an IAM user with long-lived keys that is no CI changed production outside \
            a deployment; high when it was the root user. Unknown where no change was fetched yet. Who could do so by \
            IAM is a finding of its own and always unknown: this program does not read it.",
    remedy: "Let changes of production go through the pipeline or this console's plans, and keep a role for emergencies \
             whose use is looked at.",
    commands: &[
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=apigateway.amazonaws.com --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        by_hand(scene, bench);
        let about =
            About { id: "iam", label: "who may change the gateway by IAM", routes: &[], api: None, stage: None };
        bench.other(scene.place, Scope::Account, about, Outcome::Unknown(NOT_READ.to_owned()));
    }),
};

fn by_hand(scene: &AccountScene<'_>, bench: &mut Bench<'_>) {
    let about = About { id: "actors", label: "who changes the gateway", routes: &[], api: None, stage: None };
    let Some(known) = scene.events.filter(|known| known.days > 0) else {
        let reason = scene.unread("LookupEvents");
        return bench.other(scene.place, Scope::Account, about, Outcome::Unknown(reason));
    };
    let mut actors: BTreeMap<&str, Vec<&ChangeEvent>> = BTreeMap::new();
    for event in known.events.iter().filter(|event| is_by_hand(event, known)) {
        actors.entry(&event.who).or_default().push(event);
    }
    let expected = "nobody touches production outside a deployment";
    let period = format!("{} of the last 30 days are known", known.days.min(30));
    let Some(first) = actors.values().flatten().max_by_key(|event| (event.root, &event.at)) else {
        let facts = Facts::new(expected, format!("nobody did; {period}"));
        return bench.other(scene.place, Scope::Account, about, Outcome::Pass(facts));
    };
    let mut told: Vec<(&&str, &Vec<&ChangeEvent>)> = actors.iter().collect();
    told.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
    let mut said: Vec<String> = told
        .iter()
        .take(NAMED)
        .map(|(who, events)| format!("{who} ({})", super::counted(events.len(), "change")))
        .collect();
    if told.len() > NAMED {
        said.push(format!("{} more", told.len() - NAMED));
    }
    let mut facts = Facts::new(expected, format!("{}; {period}", said.join(", "))).evidence(Evidence {
        call: "cloudtrail:LookupEvents".to_owned(),
        of: first.id.clone(),
        pointer: "/eventName".to_owned(),
        value: format!("\"{}\": {}", first.name, first.what),
        at: first.at.clone(),
    });
    if first.root {
        facts = facts.severity(Severity::High);
    }
    bench.other(scene.place, Scope::Account, about, Outcome::Fail(facts));
}

fn is_by_hand(event: &ChangeEvent, known: &crate::findings::scene::KnownEvents) -> bool {
    let long_lived = event.principal.contains(":user/") && !known.ci.made(event);
    let somebody = event.root || event.client == EventClient::Console || long_lived;
    let there = event.touches_production() || event.root;
    somebody
        && there
        && event.outcome == EventOutcome::Succeeded
        && !event.is_deployment()
        && event.journal_entry.is_none()
}

#[cfg(test)]
mod tests {
    use crate::{
        events::{ChangeEvent, EventEnvelope},
        findings::{
            control::Severity,
            finding::Verdict::{Fail, Pass, Unknown},
            testing::{AT, Kit, table_about},
        },
    };
    use serde_json::{Value, json};

    fn event(stage: &str, identity: Value, agent: &str) -> ChangeEvent {
        let patch = json!([{ "op": "replace", "path": "/*/*/throttling/rateLimit", "value": "5" }]);
        let record = json!({
            "eventSource": "apigateway.amazonaws.com", "eventName": "UpdateStage", "userIdentity": identity, "userAgent": agent,
            "requestParameters": { "restApiId": "a1", "stageName": stage, "updateStageInput": { "patchOperations": patch } }
        });
        let envelope = EventEnvelope { id: "e1".to_owned(), at: AT.to_owned(), ..EventEnvelope::default() };
        ChangeEvent::read("demo", &envelope, &record.to_string())
    }

    #[test]
    fn hands_on_production_are_named() {
        let ana = || json!({ "type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/ops/ana" });
        let user = || json!({ "type": "IAMUser", "userName": "bob", "arn": "arn:aws:iam::1:user/bob" });
        let (browser, cli) = ("Mozilla/5.0", "aws-cli/2");
        let kit = |events: Vec<ChangeEvent>| Kit::rest().events(7, events);
        table_about(
            "G31",
            |finding| finding.resource.id == "actors",
            vec![
                ("nothing was fetched", Kit::rest(), Unknown),
                ("no changes", kit(vec![]), Pass),
                ("the console on prod", kit(vec![event("prod", ana(), browser)]), Fail),
                ("the console on test", kit(vec![event("test", ana(), browser)]), Pass),
                ("a role with the command line", kit(vec![event("prod", ana(), cli)]), Pass),
                ("a user with keys", kit(vec![event("prod", user(), cli)]), Fail),
                ("Terraform with keys", kit(vec![event("prod", user(), "APN/1.0 Terraform/1.9")]), Pass),
            ],
        );
        let by_iam = &kit(vec![]).ask("G31")[0];
        assert_eq!(
            (by_iam.resource.id.as_str(), by_iam.verdict),
            ("iam", Unknown),
            "who could is never said to be known"
        );
        assert!(by_iam.actual.contains("policies of IAM are not read"), "{}", by_iam.actual);
        let root = json!({ "type": "Root", "arn": "arn:aws:iam::1:root" });
        let found = kit(vec![event("prod", root, browser), event("prod", ana(), browser)]).ask("G31");
        assert_eq!(found[0].severity, Severity::High);
        assert!(
            found[0].actual.contains("the root user (1 change)") && found[0].actual.contains("7 of the last 30 days")
        );
    }
}
