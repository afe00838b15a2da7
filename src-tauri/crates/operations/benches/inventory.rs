//! Reading 200 REST APIs with 50,000 routes, as the product does it to the last row of the Routes view, against fetching
//! the same pages and throwing them away, and the same with a whole run of posture after it. The demo account serves both on loopback from a process of its own; each
//! reading is a process of its own too, so that its peak of memory is its own. `cargo bench -p portcullis-operations
//! --bench inventory`; `ROUNDS=N` for other than five.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use portcullis_aws::BudgetLimits;
use portcullis_demo::{DemoAccount, Scale, serve};
use portcullis_domain::{
    FixedClock,
    context::{ContextSpec, CredentialSource},
};
use portcullis_operations::{
    context_select::{ContextSelectRequest, context_select},
    finding_texts::{FindingsFormat, findings_text},
    host::{Host, HostOptions},
    posture_refresh::{PostureRefreshRequest, posture_refresh},
};
use serde_json::Value;

const PART: &str = "PORTCULLIS_BENCH_PART";
const ENDPOINT: &str = "PORTCULLIS_BENCH_ENDPOINT";
const SCALE: Scale = Scale { apis: 200, routes: 50_000, keys: 0 };
/// As many requests at once as the product has under way.
const AT_ONCE: usize = 8;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match env::var(PART).as_deref() {
        Ok("serve") => runtime.block_on(demo_server()),
        Ok("fetch") => report(&runtime.block_on(fetch())),
        Ok("read") => report(&runtime.block_on(read())),
        Ok("posture") => report(&runtime.block_on(posture())),
        _ => measure(),
    }
}

/// What one process found out.
struct Measured {
    took: Duration,
    calls: u32,
    /// Routes or findings.
    rows: usize,
}

fn report(measured: &Measured) {
    println!("{} {} {} {}", measured.took.as_millis(), peak_kib(), measured.calls, measured.rows);
}

/// The most memory that this process ever had in use, KiB.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn part(name: &str, endpoint: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    let ours = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"];
    command.env(PART, name).env(ENDPOINT, endpoint).envs(ours.map(|name| (name, "eu-west-1")));
    command.stdout(Stdio::piped());
    command
}

fn measure() {
    let rounds: usize = env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let mut server = part("serve", "").spawn().unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let endpoint = said.trim().to_owned();
    let run = |name: &str| -> Vec<u64> {
        let output = part(name, &endpoint).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "{name} failed");
        String::from_utf8(output.stdout).unwrap().split_whitespace().map(|number| number.parse().unwrap()).collect()
    };
    // In turn, so that whatever else the machine does falls on all.
    let turns: Vec<[Vec<u64>; 3]> = (0..rounds).map(|_| [run("fetch"), run("read"), run("posture")]).collect();
    server.kill().unwrap();
    server.wait().unwrap();
    let median = |mut numbers: Vec<u64>| {
        numbers.sort_unstable();
        numbers[numbers.len() / 2]
    };
    let of = |part: usize, number: usize| median(turns.iter().map(|turn| turn[part][number]).collect());
    let ([fetched, took, judged], [memory, most]) =
        ([of(0, 0), of(1, 0), of(2, 0)], [of(1, 1) / 1024, of(2, 1) / 1024]);
    let [plain, product, posture] = &turns[0];
    println!("{} APIs, {} routes, median of {rounds}", SCALE.apis, product[3]);
    println!("fetching {} answers and throwing them away: {fetched} ms", plain[2]);
    println!("the inventory, to the last row, in {} calls: {took} ms, {memory} MiB at its peak", product[2]);
    println!("ratio: {:.2} (at most 3); memory: {memory} MiB (at most 300)", took as f64 / fetched as f64);
    println!(
        "the inventory and a run of posture, {} findings in {} calls: {judged} ms, {most} MiB at its peak",
        posture[3], posture[2]
    );
    println!(
        "ratio to the inventory: {:.2} in time, {:.2} in memory",
        judged as f64 / took as f64,
        most as f64 / memory as f64
    );
}

async fn demo_server() {
    let clock = Arc::new(FixedClock("2026-03-02T10:00:00Z".parse().unwrap()));
    let account = DemoAccount::scaled(SCALE, 7, clock);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    serve(listener, account).await.unwrap();
}

/// The product: a host with its store, until every row is there.
async fn read() -> Measured {
    let directory = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let host = opened(directory.path()).await;
    let took = begun.elapsed();
    let status = host.status();
    let context = &status.contexts[0];
    Measured { took, calls: context.calls.values().sum(), rows: context.routes as usize }
}

/// The same, then the evidence, every control over every route, and the run remembered.
async fn posture() -> Measured {
    let directory = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let host = opened(directory.path()).await;
    let run = posture_refresh(&host, PostureRefreshRequest {}).await.unwrap();
    let took = begun.elapsed();
    assert!(run.coverage.complete, "{:?}", run.coverage);
    let findings = run.unknown + run.failing.iter().map(|(_, count)| count).sum::<u32>();
    let text = findings_text(&host, &[], FindingsFormat::Json).unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    let calls = told["calls"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    Measured { took, calls: u32::try_from(calls).unwrap(), rows: findings as usize }
}

/// A host that has read the account to the last row.
async fn opened(directory: &Path) -> Host {
    let clock = Arc::new(FixedClock("2026-03-02T10:00:00Z".parse().unwrap()));
    let (data, config) = (directory.join("data"), directory.join("config"));
    let options = HostOptions { budget: Some(BudgetLimits::unlimited()), ..HostOptions::new(data, config, clock) };
    let host = Host::open(options).unwrap();
    let context = ContextSpec {
        source: CredentialSource::DefaultChain,
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(env::var(ENDPOINT).unwrap()),
    };
    context_select(&host, ContextSelectRequest { contexts: vec![context] }).await.unwrap();
    host.wait_until_read().await;
    let coverage = &host.status().contexts[0].coverage;
    assert!(coverage.gaps.is_empty(), "{coverage:?}");
    host
}

/// The same answers, not even looked at. Which they are is found out before the clock runs.
async fn fetch() -> Measured {
    let endpoint = env::var(ENDPOINT).unwrap();
    let client: Client<HttpConnector, Empty<bytes::Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let get = |path: String| {
        let (client, uri) = (client.clone(), format!("{endpoint}{path}"));
        async move {
            let answer = client.get(uri.parse().unwrap()).await.unwrap();
            answer.into_body().collect().await.unwrap().to_bytes()
        }
    };
    let json = |bytes: bytes::Bytes| serde_json::from_slice::<Value>(&bytes).unwrap();
    let mut paths = Vec::new();
    for api in pages(&get, "/restapis?limit=500", &mut paths).await {
        let base = format!("/restapis/{}", api["id"].as_str().unwrap());
        let resources = pages(&get, &format!("{base}/resources?limit=500&embed=methods"), &mut paths).await;
        let refers = |member: &str| {
            let methods = resources.iter().filter_map(|resource| resource["resourceMethods"].as_object());
            methods.flat_map(|methods| methods.values()).any(|method| method.get(member).is_some())
        };
        for (member, list) in [("authorizerId", "authorizers"), ("requestValidatorId", "requestvalidators")] {
            if refers(member) {
                paths.push(format!("{base}/{list}?limit=500"));
            }
        }
        let stages = format!("{base}/stages");
        let answer = json(get(stages.clone()).await);
        paths.push(stages);
        let mut deployments: Vec<&str> = answer["item"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|stage| [&stage["deploymentId"], &stage["canarySettings"]["deploymentId"]])
            .filter_map(Value::as_str)
            .collect();
        deployments.sort_unstable();
        deployments.dedup();
        paths.extend(deployments.iter().map(|id| format!("{base}/deployments/{id}?embed=apisummary")));
    }
    let calls = u32::try_from(paths.len()).unwrap();
    let begun = Instant::now();
    let bytes: usize = stream::iter(paths)
        .map(&get)
        .buffer_unordered(AT_ONCE)
        .map(|body| body.len())
        .fold(0, |sum, length| async move { sum + length })
        .await;
    assert!(bytes > 0);
    Measured { took: begun.elapsed(), calls, rows: 0 }
}

/// The items of every page of a list of version 1, and the paths that led there.
async fn pages<F: Future<Output = bytes::Bytes>>(
    get: &impl Fn(String) -> F,
    path: &str,
    paths: &mut Vec<String>,
) -> Vec<Value> {
    let (mut items, mut position) = (Vec::new(), String::new());
    loop {
        let path = format!("{path}{position}");
        let mut answer: Value = serde_json::from_slice(&get(path.clone()).await).unwrap();
        paths.push(path);
        if let Value::Array(found) = answer["item"].take() {
            items.extend(found);
        }
        match answer["position"].as_str() {
            Some(next) => position = format!("&position={next}"),
            None => return items,
        }
    }
}
