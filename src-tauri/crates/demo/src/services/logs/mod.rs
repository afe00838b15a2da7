//! CloudWatch Logs: log groups with their retention and keys, and queries of the access logs that stages write.
//!
//! A group exists because somebody created it, or because a stage writes its access or execution log into it. Events of access
//! logs are drawn from the same traffic as the metrics ([`crate::traffic`]): what the log says and what CloudWatch counts
//! agree. Other groups hold nothing. Not here: streams, single events, subscriptions.

mod statement;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use self::statement::Statement;
use super::{Around, Outcome, Refusal, page};
use crate::{ACCOUNT_ID, rest::RestApis, traffic::Traffic};

/// Days that a retention may be ("PutRetentionPolicy").
const RETENTIONS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// The service's state in one region.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    /// Groups that somebody created, by name.
    groups: BTreeMap<String, Value>,
    queries: BTreeMap<String, Query>,
    /// How queries from now on end, where not with rows.
    ends: Option<&'static str>,
}

#[derive(Debug)]
struct Query {
    rows: Vec<Value>,
    status: &'static str,
    scanned: f64,
}

/// One event of a log group, or several that are equal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// Epoch, seconds.
    pub(crate) at: i64,
    pub(crate) group: String,
    pub(crate) message: String,
    /// How many there are.
    pub(crate) count: f64,
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterException", message)
}

fn unknown(name: &str) -> Refusal {
    let message = format!("Log group '{name}' does not exist for account ID '{ACCOUNT_ID}'");
    Refusal::new(400, "ResourceNotFoundException", message)
}

fn text<'a>(body: &'a Value, member: &str) -> &'a str {
    body.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The name in `arn:aws:logs:REGION:ACCOUNT:log-group:NAME` with or without `:*`.
pub(crate) fn group_of(arn: &str) -> Option<&str> {
    let name = arn.splitn(7, ':').nth(6)?;
    arn.contains(":log-group:").then_some(name.trim_end_matches(":*"))
}

impl Logs {
    /// Lets queries from now on end like this (`Failed`, `Timeout`, `Cancelled`), or never (`Running`).
    pub(crate) fn end_with(&mut self, status: &'static str) {
        self.ends = Some(status);
    }

    /// Answers one operation.
    ///
    /// # Errors
    /// What AWS refuses, and queries and operations that are not here.
    pub(crate) fn answer(
        &mut self,
        operation: &str,
        body: &Value,
        rest: &RestApis,
        traffic: &dyn Fn() -> Traffic,
        around: &mut Around<'_>,
    ) -> Outcome {
        let answer = match operation {
            "DescribeLogGroups" => self.describe(body, rest, around)?,
            "CreateLogGroup" => self.create(body, rest, around)?,
            "DeleteLogGroup" => {
                let name = text(body, "logGroupName");
                self.groups.remove(name).ok_or_else(|| unknown(name))?;
                Value::Null
            }
            "PutRetentionPolicy" => {
                let days = body.get("retentionInDays").and_then(Value::as_i64).unwrap_or_default();
                if !RETENTIONS.contains(&days) {
                    return Err(invalid(format!("The retention of {days} days is none of those that AWS allows.")));
                }
                self.created(body, rest, around)?["retentionInDays"] = json!(days);
                Value::Null
            }
            "DeleteRetentionPolicy" => self.remove(body, "retentionInDays", rest, around)?,
            "AssociateKmsKey" => {
                let key = text(body, "kmsKeyId").to_owned();
                self.created(body, rest, around)?["kmsKeyId"] = json!(key);
                Value::Null
            }
            "DisassociateKmsKey" => self.remove(body, "kmsKeyId", rest, around)?,
            "StartQuery" => self.start(body, rest, traffic, around)?,
            "GetQueryResults" => self.results(body)?,
            "StopQuery" => {
                let query = self.query(body)?;
                if !["Scheduled", "Running"].contains(&query.status) {
                    return Err(invalid("The query is not running."));
                }
                query.status = "Cancelled";
                json!({ "success": true })
            }
            other => return Err(Refusal::not_implemented("logs", other)),
        };
        Ok((200, answer))
    }

    /// Those that were created and those that stages write to.
    fn names(&self, rest: &RestApis) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = self.groups.keys().cloned().collect();
        for (id, api) in &rest.apis {
            for (stage_name, stage) in &api.stages {
                let destination = stage.pointer("/accessLogSettings/destinationArn").and_then(Value::as_str);
                let access = destination.and_then(group_of).map(str::to_owned);
                let execution = is_logged(stage).then(|| format!("API-Gateway-Execution-Logs_{id}/{stage_name}"));
                for name in access.into_iter().chain(execution) {
                    if stage.get("canarySettings").is_some() {
                        names.insert(format!("{name}/Canary"));
                    }
                    names.insert(name);
                }
            }
        }
        names
    }

    fn describe(&self, body: &Value, rest: &RestApis, around: &Around<'_>) -> Result<Value, Refusal> {
        let (prefix, pattern) = (text(body, "logGroupNamePrefix"), text(body, "logGroupNamePattern"));
        if !prefix.is_empty() && !pattern.is_empty() {
            return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
        }
        let size = match body.get("limit").map(Value::as_u64) {
            None => 50,
            Some(Some(size @ 1..=50)) => usize::try_from(size).unwrap_or(50),
            Some(_) => return Err(invalid("The limit is 1 to 50.")),
        };
        let found: Vec<Value> = self
            .names(rest)
            .into_iter()
            .filter(|name| name.starts_with(prefix) && name.contains(pattern))
            .map(|name| self.groups.get(&name).cloned().unwrap_or_else(|| new_group(&name, around)))
            .collect();
        let (range, next) = page(found.len(), size, body.get("nextToken").and_then(Value::as_str))
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?;
        let mut answer = json!({ "logGroups": found.get(range).unwrap_or_default() });
        if let Some(next) = next {
            answer["nextToken"] = json!(next);
        }
        Ok(answer)
    }

    fn create(&mut self, body: &Value, rest: &RestApis, around: &Around<'_>) -> Result<Value, Refusal> {
        let name = text(body, "logGroupName");
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-/.#".contains(letter);
        if name.is_empty() || name.len() > 512 || !name.chars().all(allowed) {
            return Err(invalid("The name of a log group has 1 to 512 of a-z A-Z 0-9 _ - / . #"));
        }
        if self.names(rest).contains(name) {
            return Err(Refusal::new(400, "ResourceAlreadyExistsException", "The specified log group already exists"));
        }
        let mut group = new_group(name, around);
        if let Some(key) = body.get("kmsKeyId").and_then(Value::as_str) {
            group["kmsKeyId"] = json!(key);
        }
        self.groups.insert(name.to_owned(), group);
        Ok(Value::Null)
    }

    /// The group that a call names, kept from now on.
    fn created(&mut self, body: &Value, rest: &RestApis, around: &Around<'_>) -> Result<&mut Value, Refusal> {
        let name = text(body, "logGroupName");
        if !self.names(rest).contains(name) {
            return Err(unknown(name));
        }
        Ok(self.groups.entry(name.to_owned()).or_insert_with(|| new_group(name, around)))
    }

    fn remove(&mut self, body: &Value, member: &str, rest: &RestApis, around: &Around<'_>) -> Result<Value, Refusal> {
        if let Some(group) = self.created(body, rest, around)?.as_object_mut() {
            group.remove(member);
        }
        Ok(Value::Null)
    }

    fn start(
        &mut self,
        body: &Value,
        rest: &RestApis,
        traffic: &dyn Fn() -> Traffic,
        around: &mut Around<'_>,
    ) -> Result<Value, Refusal> {
        let list = |member: &str| body.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut groups: Vec<String> =
            list("logGroupNames").iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
        groups.extend(body.get("logGroupName").and_then(Value::as_str).map(str::to_owned));
        groups.extend(list("logGroupIdentifiers").iter().filter_map(|arn| {
            let arn = arn.as_str()?;
            Some(group_of(arn).unwrap_or(arn).to_owned())
        }));
        if groups.is_empty() {
            return Err(invalid("A query names its log groups."));
        }
        let names = self.names(rest);
        if let Some(missing) = groups.iter().find(|name| !names.contains(*name)) {
            return Err(unknown(missing));
        }
        let moment = |member: &str| body.get(member).and_then(Value::as_i64).ok_or_else(|| invalid(member));
        let (start, end) = (moment("startTime")?, moment("endTime")?);
        if start > end {
            return Err(Refusal::new(400, "MalformedQueryException", "End time should not be before start time."));
        }
        let malformed = |reason: String| Refusal::new(400, "MalformedQueryException", reason);
        let statement = Statement::read(text(body, "queryString")).map_err(malformed)?;
        let traffic = traffic();
        let events: Vec<Event> = groups.iter().flat_map(|group| traffic.access_log(group, start, end)).collect();
        let most = body.get("limit").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        let rows = statement.rows(&events, most.unwrap_or(10_000)).map_err(malformed)?;
        let scanned = events.iter().map(|event| event.count).sum();
        let id = around.uuid();
        self.queries.insert(id.clone(), Query { rows, status: "Scheduled", scanned });
        Ok(json!({ "queryId": id }))
    }

    fn results(&mut self, body: &Value) -> Result<Value, Refusal> {
        let ends = self.ends;
        let query = self.query(body)?;
        // It is seen running once before it is done.
        query.status = match (query.status, ends) {
            ("Scheduled", _) => "Running",
            ("Running", Some(status)) => status,
            ("Running", None) => "Complete",
            (status, _) => status,
        };
        let rows: &[Value] = if query.status == "Complete" { &query.rows } else { &[] };
        let statistics = json!({ "recordsMatched": query.scanned, "recordsScanned": query.scanned });
        Ok(json!({ "status": query.status, "results": rows, "statistics": statistics }))
    }

    fn query(&mut self, body: &Value) -> Result<&mut Query, Refusal> {
        let id = text(body, "queryId");
        let none = || Refusal::new(400, "ResourceNotFoundException", format!("The query {id} does not exist."));
        self.queries.get_mut(id).ok_or_else(none)
    }
}

/// Whether API Gateway writes an execution log of any method of a stage.
fn is_logged(stage: &Value) -> bool {
    let settings = stage.get("methodSettings").and_then(Value::as_object);
    settings
        .into_iter()
        .flat_map(|settings| settings.values())
        .any(|setting| matches!(setting.get("loggingLevel").and_then(Value::as_str), Some("ERROR" | "INFO")))
}

fn new_group(name: &str, around: &Around<'_>) -> Value {
    let arn = format!("arn:aws:logs:{}:{ACCOUNT_ID}:log-group:{name}", around.region);
    json!({
        "logGroupName": name, "creationTime": around.now.as_millisecond(), "metricFilterCount": 0,
        "arn": format!("{arn}:*"), "logGroupArn": arn, "storedBytes": 0, "logGroupClass": "STANDARD"
    })
}
