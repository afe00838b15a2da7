//! Findings as OCSF events: class Compliance Finding (2003) of version 1.3.0.
//!
//! Fields and numbers are those of <https://schema.ocsf.io/1.3.0/classes/compliance_finding>.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    catalogue::control,
    control::Severity,
    finding::{Finding, Verdict},
};

/// One event for each finding, passes included when they are given.
#[must_use]
pub fn events(findings: &[&Finding], now: Timestamp, version: &str) -> Vec<Value> {
    findings.iter().map(|finding| event(finding, now, version)).collect()
}

fn event(finding: &Finding, now: Timestamp, version: &str) -> Value {
    let known = control(&finding.control);
    let (severity_id, severity) = match (finding.verdict, finding.severity) {
        (Verdict::Pass | Verdict::NotApplicable, _) | (_, Severity::Informational) => (1, "Informational"),
        (_, Severity::Low) => (2, "Low"),
        (_, Severity::Medium) => (3, "Medium"),
        (_, Severity::High) => (4, "High"),
        (_, Severity::Critical) => (5, "Critical"),
    };
    let (compliance_id, compliance) = match finding.verdict {
        Verdict::Pass => (1, "Pass"),
        Verdict::Fail => (3, "Fail"),
        Verdict::Unknown => (0, "Unknown"),
        Verdict::NotApplicable => (99, "Not applicable"),
    };
    let in_force = finding.exception.is_some() && !finding.exception_expired;
    let (status_id, status) = if in_force { (3, "Suppressed") } else { (1, "New") };
    let requirements: Vec<String> = known
        .map(|control| {
            let of =
                |standard: &str, ids: &[&str]| ids.iter().map(|id| format!("{standard}: {id}")).collect::<Vec<_>>();
            [
                of("AWS Security Hub", control.mappings.security_hub),
                of("PCI DSS 4.0", control.mappings.pci),
                of("Prowler", control.mappings.prowler),
            ]
            .concat()
        })
        .unwrap_or_default();
    json!({
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "category_uid": 2,
        "category_name": "Findings",
        "activity_id": 1,
        "activity_name": "Create",
        "type_uid": 200_301,
        "type_name": "Compliance Finding: Create",
        "time": now.as_millisecond(),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "status_detail": finding.actual,
        "message": format!("{}: expected {}; actual {}", finding.title, finding.expected, finding.actual),
        "metadata": {
            "version": "1.3.0",
            "product": { "name": "Portcullis", "vendor_name": "Portcullis", "version": version },
            "event_code": finding.control,
        },
        "cloud": { "provider": "AWS", "region": finding.region, "account": { "uid": finding.account, "type_id": 10, "type": "AWS Account" } },
        "compliance": {
            "control": finding.control,
            "standards": ["Portcullis API Gateway posture"],
            "requirements": requirements,
            "status_id": compliance_id,
            "status": compliance,
        },
        "finding_info": {
            "uid": finding.id,
            "title": finding.title,
            "desc": known.map(|control| control.why),
            "types": ["Posture"],
        },
        "remediation": { "desc": known.map(|control| control.remedy), "references": finding.commands },
        "resources": [{
            "uid": finding.resource.arn.as_deref().unwrap_or(&finding.resource.id),
            "name": finding.resource.label,
            "type": finding.resource.scope.words(),
            "region": finding.region,
            "data": { "api": finding.api_id, "stage": finding.stage, "route": finding.route },
        }],
        "evidences": finding.evidence.iter().map(|evidence| json!({ "data": evidence })).collect::<Vec<_>>(),
        "unmapped": {
            "audience": finding.audience,
            "exception": finding.exception,
            "exceptionExpired": finding.exception_expired,
            "novelty": finding.novelty,
            "firstSeen": finding.first_seen,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::{AT, Kit};

    #[test]
    fn an_event_has_what_its_class_requires() {
        let found = Kit::rest().audience("admin").route("POST /refunds", "NONE").ask("G1");
        let event = &events(&[&found[0]], AT.parse().unwrap(), "0.1.0")[0];
        for required in [
            "activity_id",
            "category_uid",
            "class_uid",
            "compliance",
            "finding_info",
            "metadata",
            "severity_id",
            "time",
            "type_uid",
        ] {
            assert!(!event[required].is_null(), "{required}");
        }
        assert_eq!(
            event["type_uid"],
            event["class_uid"].as_u64().unwrap() * 100 + event["activity_id"].as_u64().unwrap()
        );
        assert_eq!((&event["severity_id"], &event["compliance"]["status_id"]), (&json!(5), &json!(3)));
        assert_eq!(event["cloud"]["account"]["uid"], "111122223333");
    }
}
