//! Checking posture on the demo account over the real SDK: what a reviewer must be told, and what must not be hidden.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use common::{Bench, NOW, select};
use portcullis_demo::Fault;
use portcullis_domain::{
    context::ContextSpec,
    findings::{
        control::Severity,
        finding::{Finding, Novelty, Verdict},
        query::FindingQuery,
    },
};
use portcullis_operations::{
    error::ErrorCode,
    evidence_pack_write::{EvidencePackWriteRequest, evidence_pack_write},
    finding_exception_set::{FindingExceptionSetRequest, NewException, finding_exception_set},
    finding_list::{FindingLine, FindingListRequest, finding_list},
    finding_texts::{FindingsFormat, all_findings, findings_text},
    host::Host,
    posture_overview::{PostureOverviewRequest, posture_overview},
    posture_refresh::{PostureRefreshRequest, PostureRun, posture_refresh},
};
use serde_json::{Value, json};

async fn refresh(host: &Host) -> PostureRun {
    posture_refresh(host, PostureRefreshRequest {}).await.unwrap()
}

async fn findings(host: &Host) -> Vec<Finding> {
    all_findings(host, &FindingQuery::default(), false).await.unwrap().findings
}

fn named<'f>(findings: &'f [Finding], control: &str, label: &str) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| finding.control == control && finding.resource.label.contains(label)).collect()
}

#[tokio::test]
async fn the_planted_mistakes_are_found() {
    let bench = Bench::new();
    let host = bench.read().await;
    let run = refresh(&host).await;
    assert!(run.coverage.complete, "{:?}", run.coverage.gaps);
    let found = findings(&host).await;
    for (control, label, severity) in [
        ("G1", "POST /admin/orders/{orderId}/refund", Severity::Critical),
        ("G1", "GET /internal/metrics", Severity::Critical),
        ("G1", "GET /v1/orders/{orderId}", Severity::High),
        ("G2", "GET /partner/v1/price-list", Severity::High),
        ("G2", "GET /patients/{patientId}", Severity::High),
        ("G3", "backoffice-reports", Severity::High),
        ("G5", "POST /v1/login", Severity::High),
        ("G6", "POST /v1/login", Severity::Medium),
        ("G8", "practices-legacy-trial", Severity::Medium),
        ("G9", "practices-enterprise", Severity::High),
        ("G14", "stage prod of storefront", Severity::Medium),
        ("G15", "OPTIONS /v2/checkout", Severity::Medium),
        ("G15", "API mobile", Severity::High),
        ("G16", "POST /v2/checkout/{checkoutId}/payment", Severity::High),
        ("G18", "authorizer patients", Severity::Medium),
        ("G25", "stage prod of storefront", Severity::High),
        ("G26", "stage prod of storefront", Severity::Medium),
        ("C7", "webhooks", Severity::Medium),
        ("C14", "GET /partner/v1/usage", Severity::Medium),
        ("G22", "stage prod of storefront", Severity::High),
        ("G27", "stage prod of clinic-portal", Severity::High),
        ("G31", "who changes the gateway", Severity::High),
    ] {
        let hits = named(&found, control, label);
        assert!(
            hits.iter().any(|hit| hit.verdict == Verdict::Fail && hit.severity == severity),
            "{control} {label}: {hits:#?}"
        );
    }
    for (control, label) in
        [("G1", "GET /v2/products"), ("G4", "admin"), ("G1", "POST /v2/login"), ("G15", "OPTIONS /v2/cart")]
    {
        let hits = named(&found, control, label);
        assert!(
            !hits.iter().any(|hit| hit.verdict == Verdict::Fail && hit.resource.label == label),
            "{control} {label}: {hits:#?}"
        );
    }
}

#[tokio::test]
async fn evidence_stands_in_awss_answer_where_the_finding_says() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let found = findings(&host).await;
    let refund = named(&found, "G1", "POST /admin/orders/{orderId}/refund")[0];
    let evidence = &refund.evidence[0];
    assert_eq!(evidence.call, "apigateway:GetDeployment", "the guard is read from what is live");
    assert_eq!(evidence.pointer, "/apiSummary/~1admin~1orders~1{orderId}~1refund/POST/authorizationType");
    assert_eq!((evidence.value.as_str(), evidence.at.as_str()), ("\"NONE\"", NOW));
    assert!(refund.commands.iter().any(|command| command.contains("create-deployment")), "{:?}", refund.commands);
    for finding in found.iter().filter(|finding| finding.verdict == Verdict::Fail) {
        assert!(!finding.evidence.is_empty(), "{} has none", finding.id);
    }
}

#[tokio::test]
async fn what_could_not_be_read_is_unknown_and_never_fixed() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let before = findings(&host).await;
    bench.account.faults().fail(Fault::denied("apigateway", "GetUsagePlans"));
    let run = refresh(&host).await;
    assert!(!run.coverage.complete);
    assert_eq!(run.fixed, [], "a plan that was not read is not mended");
    let after = findings(&host).await;
    assert!(named(&before, "G9", "practices-enterprise").iter().any(|finding| finding.verdict == Verdict::Fail));
    let plans = named(&after, "G9", "usage plans");
    assert_eq!(plans[0].verdict, Verdict::Unknown);
    assert!(plans[0].actual.contains("GetUsagePlans"), "{}", plans[0].actual);
    assert!(!all_findings(&host, &FindingQuery::default(), false).await.unwrap().complete);
}

/// What somebody does to a log group at AWS.
async fn logs(bench: &Bench, operation: &str, body: Value) {
    let request = http::Request::post("/")
        .header("x-amz-target", format!("Logs_20140328.{operation}"))
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=demo/20260302/eu-west-1/logs/aws4_request, SignedHeaders=host, Signature=0",
        )
        .body(bytes::Bytes::from(body.to_string()))
        .unwrap();
    let answer = bench.account.answer(request).await;
    assert!(answer.status().is_success(), "{operation}: {:?}", answer.body());
}

#[tokio::test]
async fn log_groups_are_judged_by_what_aws_keeps_and_never_pass_unread() {
    let bench = Bench::new();
    let host = bench.read().await;
    let mut query = FindingQuery::default();
    query.filter.verdicts = vec![Verdict::Fail, Verdict::Unknown, Verdict::Pass];
    let storefront = async || {
        refresh(&host).await;
        let found = all_findings(&host, &query, true).await.unwrap().findings;
        named(&found, "G14", "stage prod of storefront")[0].clone()
    };
    let first = storefront().await;
    assert_eq!(first.verdict, Verdict::Fail);
    assert!(first.actual.contains("is kept for ever and has no KMS key"), "{}", first.actual);
    let execution = format!("API-Gateway-Execution-Logs_{}/prod", first.api_id.as_ref().unwrap());
    let told: Value = serde_json::from_str(&findings_text(&host, &[], FindingsFormat::Json).unwrap()).unwrap();
    let asked = &told["calls"]["logs:DescribeLogGroups"];
    assert_eq!(*asked, 2, "one prefix for all REST APIs, one for the WebSocket API: {}", told["calls"]);
    let key = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001";
    // The canary's requests are logged in a group of their own.
    for group in [execution.clone(), format!("{execution}/Canary")] {
        assert_eq!(storefront().await.verdict, Verdict::Fail, "before {group}");
        logs(&bench, "PutRetentionPolicy", json!({ "logGroupName": group, "retentionInDays": 400 })).await;
        logs(&bench, "AssociateKmsKey", json!({ "logGroupName": group, "kmsKeyId": key })).await;
    }
    let mended = storefront().await;
    assert_eq!(mended.verdict, Verdict::Pass, "{}", mended.actual);
    assert!(mended.evidence.iter().all(|evidence| evidence.call == "logs:DescribeLogGroups"), "{:?}", mended.evidence);
    bench.account.faults().fail(Fault::denied("logs", "DescribeLogGroups"));
    let denied = storefront().await;
    assert_eq!(denied.verdict, Verdict::Unknown);
    assert!(denied.actual.contains(&execution) && denied.actual.contains("AccessDenied"), "{}", denied.actual);
}

#[tokio::test]
async fn an_exception_is_kept_over_programs_and_ends() {
    let bench = Bench::new();
    let id = {
        let host = bench.read().await;
        refresh(&host).await;
        let found = findings(&host).await;
        let id = named(&found, "G1", "POST /admin/orders/{orderId}/refund")[0].id.clone();
        let set = |reason: &str, expires: &str| FindingExceptionSetRequest {
            finding_id: id.clone(),
            exception: Some(NewException {
                reason: reason.to_owned(),
                owner: "customer service".to_owned(),
                expires: expires.to_owned(),
            }),
        };
        for (reason, expires) in [("", "2026-03-31"), ("why", "soon"), ("why", "2026-03-01"), ("why", "2028-01-01")] {
            let error = finding_exception_set(&host, set(reason, expires)).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidInput, "{reason} {expires}");
        }
        let accepted =
            finding_exception_set(&host, set("until the authorizer is rolled out", "2026-03-31")).await.unwrap();
        assert!(!accepted.counts());
        id
    };
    for (now, counts) in [("2026-03-31T23:00:00Z", false), ("2026-04-01T00:30:00Z", true)] {
        let host = bench.host_at(now);
        select(&host, &[ContextSpec::demo()]).await;
        host.wait_until_read().await;
        let found = findings(&host).await;
        let finding = found.iter().find(|finding| finding.id == id).unwrap();
        assert_eq!(finding.counts(), counts, "{now}");
        assert_eq!(finding.exception.as_ref().unwrap().owner, "customer service");
        let csv = findings_text(&host, &found, FindingsFormat::Csv).unwrap();
        assert!(csv.contains("until the authorizer is rolled out"), "exceptions are exported");
    }
}

#[tokio::test]
async fn runs_say_what_is_new() {
    let bench = Bench::new();
    let later = async |now: &str| {
        let host = bench.host_at(now);
        select(&host, &[ContextSpec::demo()]).await;
        host.wait_until_read().await;
        let run = refresh(&host).await;
        (host, run)
    };
    let (_, first) = later("2026-03-02T10:00:00Z").await;
    assert_eq!((first.new, first.returned, first.fixed.len()), (0, 0, 0));
    let (host, second) = later("2026-03-02T11:00:00Z").await;
    assert_eq!((second.new, second.returned, second.fixed.len()), (0, 0, 0), "nothing changed");
    let found = findings(&host).await;
    assert!(found.iter().all(|finding| finding.verdict != Verdict::Fail || finding.novelty == Some(Novelty::Known)));
    // Two days on, the canary has been forgotten.
    let (host, third) = later("2026-03-04T11:00:00Z").await;
    assert_eq!((third.new, third.fixed.len()), (1, 0));
    let found = findings(&host).await;
    let new: Vec<&Finding> = found.iter().filter(|finding| finding.novelty == Some(Novelty::New)).collect();
    assert_eq!((new[0].control.as_str(), new[0].resource.label.as_str()), ("G24", "stage prod of storefront"));
}

#[tokio::test]
async fn pages_are_parts_of_one_list() {
    let bench = Bench::new();
    let host = bench.read().await;
    let page = async |offset, limit| {
        let request = FindingListRequest { offset, limit, ..FindingListRequest::default() };
        finding_list(&host, request).await.unwrap()
    };
    let all = page(0, 500).await;
    assert!(!all.evidence_read, "plans and keys were not asked for yet");
    assert!(matches!(&all.lines[0], FindingLine::Group { group, .. } if group.label == "Critical"));
    let (one, two) = (page(0, 7).await.lines, page(7, 7).await.lines);
    assert_eq!([one, two].concat(), all.lines[..14]);
    let collapsed = vec!["critical".to_owned()];
    let folded =
        finding_list(&host, FindingListRequest { collapsed, limit: 5, ..FindingListRequest::default() }).await.unwrap();
    assert!(matches!(&folded.lines[1], FindingLine::Group { group, .. } if group.label == "High"));
    let error = finding_list(&host, FindingListRequest::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn the_overview_sums_up_what_the_list_has() {
    let bench = Bench::new();
    let host = bench.read().await;
    let overview = async || posture_overview(&host, PostureOverviewRequest {}).await.unwrap();
    assert_eq!(overview().await.contexts[0].quota_pressure, None, "usage was not read yet");
    refresh(&host).await;
    let sums = overview().await;
    let context = &sums.contexts[0];
    let found = findings(&host).await;
    for severity in Severity::ALL {
        let summed: u32 = context
            .audiences
            .iter()
            .flat_map(|counts| &counts.severities)
            .filter(|(one, _)| one == severity)
            .map(|(_, count)| count)
            .sum();
        let listed = found.iter().filter(|finding| finding.counts() && finding.severity == *severity).count();
        assert_eq!(summed as usize, listed, "{severity:?}");
    }
    assert_eq!((context.canaries.len(), context.canaries[0].stage.as_str()), (1, "prod"));
    assert!(context.worst.iter().all(|finding| finding.severity == Severity::Critical));
    assert!(context.quota_pressure.is_some() && context.alarms_burning.is_some() && sums.evidence_read);
    assert!(context.drifted >= 4, "{}", context.drifted);
}

#[tokio::test]
async fn a_pack_is_whole_and_its_hashes_are_those_of_its_files() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let directory = bench.data("evidence");
    let request = || EvidencePackWriteRequest { directory: directory.display().to_string(), since: None, until: None };
    let accepted = findings(&host).await.into_iter().find(|finding| finding.control == "G6").unwrap();
    let exception = NewException {
        reason: "=HYPERLINK(\"http://evil\")".to_owned(),
        owner: "<script>alert(1)</script>".to_owned(),
        expires: "2026-06-30".to_owned(),
    };
    let request_exception = FindingExceptionSetRequest { finding_id: accepted.id.clone(), exception: Some(exception) };
    finding_exception_set(&host, request_exception).await.unwrap();
    let pack = evidence_pack_write(&host, request()).await.unwrap();
    let names: Vec<&str> = pack.files.iter().map(|file| file.name.as_str()).collect();
    for wanted in [
        "findings.json",
        "findings.csv",
        "findings.ocsf.json",
        "routes.json",
        "journal.jsonl",
        "coverage.json",
        "exceptions.json",
        "changes.json",
        "changes.csv",
        "cloudtrail.jsonl",
        "manifest.json",
        "report.html",
    ] {
        assert!(names.contains(&wanted), "{wanted}: {names:?}");
    }
    let check = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
        .current_dir(&directory)
        .output()
        .unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    let sums = std::fs::read_to_string(directory.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), pack.files.len());
    let findings: Value =
        serde_json::from_str(&std::fs::read_to_string(directory.join("findings.json")).unwrap()).unwrap();
    let verdicts =
        |verdict: &str| findings["items"].as_array().unwrap().iter().filter(|item| item["verdict"] == verdict).count();
    assert!(verdicts("fail") > 0 && verdicts("pass") > 0, "passes are evidence too");
    let report = std::fs::read_to_string(directory.join("report.html")).unwrap();
    assert!(report.contains("POST /admin/orders/{orderId}/refund") && !report.contains("<script"));
    assert!(report.contains("Changes by day") && report.contains("ben@shop.example"), "{report}");
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).unwrap();
    let json = |name: &str| serde_json::from_str::<Value>(&read(name)).unwrap();
    let exceptions = json("exceptions.json");
    assert_eq!((&exceptions[0]["findingId"], &exceptions[0]["inForce"]), (&accepted.id.into(), &true.into()));
    let changes = json("changes.json");
    assert!(changes["items"].as_array().unwrap().len() > 10 && !changes["covered"].as_array().unwrap().is_empty());
    assert_eq!(read("cloudtrail.jsonl").lines().count(), changes["items"].as_array().unwrap().len());
    assert!(!read("findings.csv").contains(",=HYPERLINK"), "no formula");
    let manifest = json("manifest.json");
    assert_eq!(manifest["files"].as_array().unwrap().len(), pack.files.len() - 1, "all but itself");
    let error = evidence_pack_write(&host, request()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput, "evidence is not overwritten");
    assert!(!bench.data("evidence.part").exists());
}

#[tokio::test]
async fn a_check_during_a_reading_judges_what_was_read_to_the_end() {
    let bench = Bench::new();
    let host = bench.host();
    select(&host, &[ContextSpec::demo()]).await;
    let run = refresh(&host).await;
    assert!(run.coverage.complete, "{:?}", run.coverage.gaps);
    let whole = refresh(&bench.read().await).await;
    assert_eq!(run.failing, whole.failing);
}
