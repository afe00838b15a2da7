//! Usage plans and keys of the partner API: a clinic network whose practices are small, large and enterprise.

use http::Method;
use serde_json::{Value, json};

use crate::in_process::{InProcess, OwnCallError};

/// A practice: its plan, customer id, name, whether its key is enabled.
const PRACTICES: [(&str, &str, &str, bool); 12] = [
    ("small", "practice-a", "Practice A", true),
    ("small", "practice-b", "Practice B", true),
    ("small", "practice-c", "Practice C", true),
    ("small", "practice-d", "Dr. Lindqvist & Partners", true),
    ("small", "practice-e", "Praxis am Markt", false),
    ("small", "practice-f", "O'Neill Family Practice", true),
    ("large", "clinic-north", "Clinic North", true),
    ("large", "clinic-harbour", "Clinic Harbour", true),
    ("large", "labs-central", "Central Laboratories", true),
    ("enterprise", "hospital-group", "St. Agnes Hospital Group", true),
    ("enterprise", "insurer-one", "Insurer One", true),
    ("enterprise", "telemed", "TeleMed Europe", true),
];

/// Requests and the period that they are for.
type Quota = Option<(u64, &'static str)>;

/// Plan, rate, burst, quota.
const PLANS: [(&str, f64, u32, Quota); 4] = [
    ("small", 5.0, 10, Some((5_000, "DAY"))),
    ("large", 50.0, 100, Some((250_000, "WEEK"))),
    ("enterprise", 500.0, 1_000, Some((10_000_000, "MONTH"))),
    // A plan that nobody is in any more, without a quota: a finding.
    ("legacy-trial", 100.0, 200, None),
];

/// Creates plans, keys and what ties them together. Values are made from the account's seed by the service.
pub(super) fn create(caller: &InProcess<'_>, api: &str, stage: &str, portal: &str) -> Result<(), OwnCallError> {
    let mut plans = Vec::new();
    for (name, rate, burst, quota) in PLANS {
        let mut body = json!({
            "name": format!("practices-{name}"), "description": format!("Practices: {name}"),
            "throttle": { "rateLimit": rate, "burstLimit": burst },
            "apiStages": [{ "apiId": api, "stage": stage }]
        });
        if let Some((limit, period)) = quota {
            body["quota"] = json!({ "limit": limit, "period": period, "offset": 0 });
        }
        if name == "legacy-trial" {
            // The portal only: AWS lets a key be in one plan for a stage, and a clinic is in two.
            body["apiStages"] = json!([{ "apiId": portal, "stage": "prod" }]);
        }
        if name == "enterprise" {
            // The mistake: the same keys open the patients' portal, where one route asks for nothing else.
            body["apiStages"] = json!([{ "apiId": api, "stage": stage }, { "apiId": portal, "stage": "prod" }]);
        }
        let plan = caller.rest(&Method::POST, "/usageplans", &body)?;
        plans.push((name, id(&plan)));
    }
    for (plan, customer, name, enabled) in PRACTICES {
        let mut body = json!({
            "name": name, "description": format!("API key of {name}"), "enabled": enabled, "customerId": customer,
            "tags": { "tenant": customer, "size": plan }
        });
        if customer == "practice-a" {
            body["value"] = json!(crate::DEMO_KEY_VALUE);
        }
        let key = id(&caller.rest(&Method::POST, "/apikeys", &body)?);
        let mut joined = vec![plan];
        if customer == "clinic-north" {
            joined.push("legacy-trial");
        }
        for plan in joined {
            let Some((_, plan)) = plans.iter().find(|(name, _)| *name == plan) else { continue };
            let path = format!("/usageplans/{plan}/keys");
            caller.rest(&Method::POST, &path, &json!({ "keyId": key, "keyType": "API_KEY" }))?;
        }
    }
    Ok(())
}

fn id(answer: &Value) -> String {
    answer.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}
