//! The program is killed with SIGKILL at every call of every stage of a rotation, before and after its effect. The tenant has
//! a working key at once, and the next start finishes the stage or takes it back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod served_here;

use std::process::{Output, Stdio};

use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::Clock as _;
use portcullis_operations::host::SystemClock;
use serde_json::Value;

use self::served_here::{portcullis, served_at};

struct Served {
    account: DemoAccount,
    endpoint: String,
    home: tempfile::TempDir,
}

async fn served() -> Served {
    // Now: the program goes by the machine's clock, and usage is counted by the day.
    let (account, endpoint) = served_at(SystemClock.now()).await;
    Served { account, endpoint, home: tempfile::tempdir().unwrap() }
}

impl Served {
    async fn run(&self, args: &[&str]) -> Output {
        let mut command = portcullis(self.home.path(), &self.endpoint, args);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    async fn done(&self, args: &[&str]) {
        let output = self.run(args).await;
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    async fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--output", "json"]].concat()).await;
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The row of Clinic North's key, which is in two plans.
    async fn row(&self) -> Value {
        self.json(&["rotation", "status", "--text", "clinic-north"]).await["items"][0].clone()
    }

    /// Runs a command and kills it while this call has no answer; with `executed`, the call had its effect.
    async fn killed(&self, args: &[&str], operation: &'static str, skip: u32, executed: bool) {
        self.account.faults().fail(Fault {
            service: "apigateway",
            operation,
            skip,
            times: Some(1),
            silent: true,
            after_executing: executed,
            ..Fault::default()
        });
        let mut silenced = self.account.faults().silenced();
        let mut command = portcullis(self.home.path(), &self.endpoint, args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
        silenced.changed().await.unwrap();
        // SIGKILL: nothing of the program runs after it.
        child.kill().unwrap();
        child.wait().unwrap();
        self.account.faults().clear();
    }
}

/// Either key, enabled and in both plans.
fn has_a_working_key(row: &Value) -> bool {
    let whole = row["state"] != "attach" && row["state"] != "broken" && row["newKey"]["enabled"] == true;
    row["enabled"] == true || whole
}

async fn killed_then(stage: &'static str, operation: &'static str, skip: u32, executed: bool, way: &'static str) {
    let case = format!("{stage} killed at {operation} {skip}, executed {executed}, then {way}");
    let served = served().await;
    let key = served.row().await["keyId"].as_str().unwrap().to_owned();
    let start: Vec<&str> = vec!["key", "rotate", "--key", &key, "--overlap", "0d", "--yes", "--access", "operator"];
    let next: Vec<&str> =
        vec!["rotation", "finish", "--key", &key, "--override", "a test", "--yes", "--access", "operator"];
    let args = if stage == "start" { &start } else { &next };
    if stage != "start" {
        served.done(&start).await;
    }
    if stage == "delete" {
        served.done(&next).await;
    }
    served.killed(args, operation, skip, executed).await;
    let after = served.row().await;
    assert!(has_a_working_key(&after), "{case}: {after:#}");

    let journal = served.json(&["journal"]).await;
    assert_eq!(journal["items"][0]["state"], "unfinished", "{case}");
    let entry = journal["items"][0]["id"].as_str().unwrap().to_owned();
    let resumed = served.run(&["journal", "resume", &entry, "--way", way, "--access", "operator"]).await;
    let said = String::from_utf8_lossy(&resumed.stderr).into_owned();
    let row = served.row().await;
    assert!(has_a_working_key(&row), "{case}: {row:#}");
    if (stage, executed, way) == ("delete", true, "take-back") {
        assert_ne!(resumed.status.code(), Some(0), "{case}: a deleted key does not come back");
        return;
    }
    assert_eq!(resumed.status.code(), Some(0), "{case}: {said}");
    let state = row["state"].as_str().unwrap();
    match (stage, way) {
        ("start", "finish") => {
            assert_eq!(state, "overlap", "{case}: the old key is in use, and the new one is in both plans: {row:#}");
        }
        ("start", _) => assert_eq!((state, row["newKey"].is_null()), ("not-started", true), "{case}"),
        ("disable", "finish") | ("delete", "take-back") => assert_eq!(state, "waiting", "{case}"),
        ("disable", _) => assert_eq!((state, &row["enabled"]), ("overlap", &Value::Bool(true)), "{case}"),
        _ => assert_eq!((state, row["newKey"].is_null()), ("not-started", true), "{case}"),
    }
    served.done(&["journal", "verify"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_killed_at_any_step_leaves_a_working_key_and_is_gone_on_with() {
    let steps = [
        ("start", "CreateApiKey", 0),
        ("start", "CreateUsagePlanKey", 0),
        ("start", "UpdateUsage", 0),
        ("start", "CreateUsagePlanKey", 1),
        ("disable", "UpdateApiKey", 0),
        ("delete", "DeleteApiKey", 0),
    ];
    for (stage, operation, skip) in steps {
        let mut cases = tokio::task::JoinSet::new();
        for executed in [false, true] {
            for way in ["finish", "take-back"] {
                cases.spawn(killed_then(stage, operation, skip, executed, way));
            }
        }
        while let Some(case) = cases.join_next().await {
            case.unwrap();
        }
    }
}
