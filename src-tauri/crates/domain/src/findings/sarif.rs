//! Findings as SARIF 2.1.0, for code hosts that show alerts.
//!
//! There is no file behind a finding: the logical location is the resource, and the artifact is a URI of it, which
//! uploaders ask for.

use serde_json::{Value, json};

use super::{
    catalogue::CATALOGUE,
    control::Severity,
    finding::{Finding, Verdict},
};

/// One run with a rule for each control and a result for each finding that fails or is not known.
#[must_use]
pub fn log(findings: &[&Finding], version: &str) -> Value {
    let rules: Vec<Value> = CATALOGUE
        .iter()
        .map(|control| {
            json!({
                "id": control.id,
                "name": control.id,
                "shortDescription": { "text": control.title },
                "fullDescription": { "text": control.why },
                "help": { "text": format!("{}\n\n{}", control.logic, control.remedy) },
                "properties": { "tags": control.mappings.security_hub.iter().chain(control.mappings.prowler).collect::<Vec<_>>() },
            })
        })
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .filter(|finding| matches!(finding.verdict, Verdict::Fail | Verdict::Unknown))
        .map(|finding| result(finding))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Portcullis", "version": version, "rules": rules } },
            "results": results,
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match (finding.verdict, finding.severity) {
        (Verdict::Fail, Severity::Critical | Severity::High) => "error",
        (Verdict::Fail, Severity::Medium) => "warning",
        _ => "note",
    };
    let place: Vec<&str> = [finding.api_name.as_deref(), finding.stage.as_deref()].into_iter().flatten().collect();
    let mut result = json!({
        "ruleId": finding.control,
        "level": level,
        "kind": if finding.verdict == Verdict::Fail { "fail" } else { "open" },
        "message": { "text": format!("{} {}: expected {}; actual {}", finding.resource.label, place.join(" "), finding.expected, finding.actual) },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": uri(finding) }, "region": { "startLine": 1 } },
            "logicalLocations": [{ "fullyQualifiedName": finding.resource.arn.as_deref().unwrap_or(&finding.id), "kind": "resource" }],
        }],
        "partialFingerprints": { "findingId/v1": finding.id },
        "properties": { "audience": finding.audience.audience, "severity": finding.severity, "evidence": finding.evidence },
    });
    // A level other than none is for failures alone (3.27.10).
    if finding.verdict != Verdict::Fail {
        result["level"] = "none".into();
    }
    if let Some(exception) = finding.exception.as_ref().filter(|_| !finding.exception_expired) {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": format!("{} ({}, until {})", exception.reason, exception.owner, exception.expires) }]);
    }
    result
}

/// A relative reference that is valid whatever is in names: everything but letters, digits and `-_.` is escaped.
fn uri(finding: &Finding) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    [&finding.account, &finding.region, &finding.resource.id].map(|part| escaped(part)).join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::Kit;

    #[test]
    fn results_name_rules_that_are_there() {
        let mut found = Kit::rest().audience("admin").route("POST /refunds", "NONE").ask("G1");
        found.extend(Kit::rest().route("GET /a", "NONE").denied("GetStages").ask("C1"));
        let log = log(&found.iter().collect::<Vec<_>>(), "0.1.0");
        let run = &log["runs"][0];
        let rules: Vec<&str> = run["tool"]["driver"]["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        for result in results {
            assert!(rules.contains(&result["ruleId"].as_str().unwrap()));
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./%".contains(&byte)), "{uri}");
        }
        assert_eq!((&results[0]["level"], &results[1]["kind"]), (&json!("error"), &json!("open")));
    }
}
