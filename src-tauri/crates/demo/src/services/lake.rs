//! CloudTrail Lake: one event data store with what every region recorded, and the few statements that are read here.
//!
//! `SELECT columns FROM id WHERE condition AND condition ORDER BY eventTime [DESC] [LIMIT n]`, where a condition compares a
//! column with a value (`=`, `>=`, `<=`, `IN`). Everything else is refused as AWS refuses a statement that it cannot read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Around, Outcome, Refusal, page};

/// The id of the event data store.
pub(crate) const STORE_ID: &str = "11112222-3333-4444-5555-666677778888";

/// Operations that are answered here and not by the region's CloudTrail.
pub(crate) const OPERATIONS: &[&str] =
    &["ListEventDataStores", "StartQuery", "DescribeQuery", "GetQueryResults", "CancelQuery"];

/// Statements that were started.
#[derive(Debug, Default)]
pub(crate) struct Lake {
    queries: BTreeMap<String, Query>,
    /// How statements from now on end, and why, where not with rows.
    ends: Option<(&'static str, String)>,
}

#[derive(Debug)]
struct Query {
    statement: String,
    rows: Vec<Value>,
    status: &'static str,
    error: Option<String>,
}

impl Lake {
    /// Lets statements from now on end like this (`FAILED`, `TIMED_OUT`, `CANCELLED`).
    pub(crate) fn end_with(&mut self, status: &'static str, reason: &str) {
        self.ends = Some((status, reason.to_owned()));
    }

    /// Answers one operation over `events`, every region's.
    ///
    /// # Errors
    /// What AWS refuses.
    pub(crate) fn answer(
        &mut self,
        operation: &str,
        body: &Value,
        events: &[Value],
        around: &mut Around<'_>,
    ) -> Outcome {
        let answer = match operation {
            "ListEventDataStores" => json!({ "EventDataStores": [{
                "EventDataStoreArn": format!(
                    "arn:aws:cloudtrail:{}:{}:eventdatastore/{STORE_ID}", crate::HOME_REGION, crate::ACCOUNT_ID
                ),
                "Name": "organisation", "Status": "ENABLED", "MultiRegionEnabled": true, "OrganizationEnabled": true
            }] }),
            "StartQuery" => {
                let statement = body.get("QueryStatement").and_then(Value::as_str).unwrap_or_default();
                let rows = Statement::read(statement)?.rows(events);
                let id = around.uuid();
                let query = Query { statement: statement.to_owned(), rows, status: "QUEUED", error: None };
                self.queries.insert(id.clone(), query);
                json!({ "QueryId": id })
            }
            "DescribeQuery" => {
                let ends = self.ends.clone();
                let (id, query) = self.query(body)?;
                // It is seen running once before it is done.
                (query.status, query.error) = match (query.status, ends) {
                    ("QUEUED", _) => ("RUNNING", None),
                    ("RUNNING", Some((status, reason))) => (status, Some(reason)),
                    ("RUNNING", None) => ("FINISHED", None),
                    (status, _) => (status, query.error.take()),
                };
                json!({
                    "QueryId": id, "QueryString": query.statement, "QueryStatus": query.status, "ErrorMessage": query.error,
                    "QueryStatistics": { "EventsMatched": query.rows.len(), "EventsScanned": events.len() }
                })
            }
            "GetQueryResults" => {
                let (_, query) = self.query(body)?;
                if query.status != "FINISHED" {
                    return Ok((200, json!({ "QueryStatus": query.status, "QueryResultRows": [] })));
                }
                let size = body.get("MaxQueryResults").and_then(Value::as_u64).unwrap_or(1_000);
                let size = usize::try_from(size).unwrap_or(1_000).clamp(1, 1_000);
                let token = body.get("NextToken").and_then(Value::as_str).map(|token| token.trim_start_matches("row-"));
                let (range, next) = page(query.rows.len(), size, token)
                    .ok_or_else(|| Refusal::new(400, "InvalidNextTokenException", "The NextToken is not valid."))?;
                json!({
                    "QueryStatus": query.status, "NextToken": next.map(|next| format!("row-{next}")),
                    "QueryStatistics": { "ResultsCount": range.len(), "TotalResultsCount": query.rows.len() },
                    "QueryResultRows": query.rows.get(range).unwrap_or_default()
                })
            }
            "CancelQuery" => {
                let (id, query) = self.query(body)?;
                if !["QUEUED", "RUNNING"].contains(&query.status) {
                    let message = format!("The query {id} is in state {}.", query.status);
                    return Err(Refusal::new(400, "InactiveQueryException", message));
                }
                query.status = "CANCELLED";
                json!({ "QueryId": id, "QueryStatus": query.status })
            }
            other => return Err(Refusal::not_implemented("cloudtrail", other)),
        };
        Ok((200, answer))
    }

    fn query(&mut self, body: &Value) -> Result<(String, &mut Query), Refusal> {
        let id = body.get("QueryId").and_then(Value::as_str).unwrap_or_default();
        let found = self.queries.get_mut(id);
        let none = || Refusal::new(400, "QueryIdNotFoundException", format!("The query {id} was not found."));
        found.map(|query| (id.to_owned(), query)).ok_or_else(none)
    }
}

/// A statement that was understood.
struct Statement {
    columns: Vec<String>,
    conditions: Vec<Condition>,
    newest_first: bool,
    most: usize,
}

struct Condition {
    column: String,
    compared: &'static str,
    values: Vec<String>,
}

/// Columns, and where a record has them.
const COLUMNS: &[(&str, &str)] = &[
    ("eventid", "/eventID"),
    ("eventtime", "/eventTime"),
    ("eventsource", "/eventSource"),
    ("eventname", "/eventName"),
    ("recipientaccountid", "/recipientAccountId"),
    ("awsregion", "/awsRegion"),
    ("readonly", "/readOnly"),
    ("useragent", "/userAgent"),
    ("errorcode", "/errorCode"),
    ("eventjson", ""),
];

impl Statement {
    fn read(text: &str) -> Result<Self, Refusal> {
        let words = tokens(text)?;
        let mut words = words.iter().map(String::as_str).peekable();
        let wrong = |reason: &str| {
            let message = format!("Query statement is not valid for the demo account: {reason}.");
            Refusal::new(400, "InvalidQueryStatementException", message)
        };
        let is = |word: Option<&str>, wanted: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(wanted));
        if !is(words.next(), "SELECT") {
            return Err(wrong("it does not begin with SELECT"));
        }
        let mut columns = Vec::new();
        loop {
            let column = words.next().ok_or_else(|| wrong("it ends among the columns"))?.to_lowercase();
            if !COLUMNS.iter().any(|(name, _)| *name == column) {
                return Err(wrong(&format!("{column} is no column that is known here")));
            }
            columns.push(column);
            match words.next() {
                Some(",") => {}
                word if is(word, "FROM") => break,
                _ => return Err(wrong("after a column comes a comma or FROM")),
            }
        }
        if words.next() != Some(STORE_ID) {
            let message = "The specified event data store was not found.";
            return Err(Refusal::new(400, "EventDataStoreNotFoundException", message));
        }
        let mut statement = Self { columns, conditions: Vec::new(), newest_first: false, most: usize::MAX };
        if is(words.peek().copied(), "WHERE") {
            words.next();
            loop {
                statement.conditions.push(condition(&mut words).ok_or_else(|| wrong("a condition is not understood"))?);
                if !is(words.peek().copied(), "AND") {
                    break;
                }
                words.next();
            }
        }
        if is(words.peek().copied(), "ORDER") {
            words.next();
            if !is(words.next(), "BY") || !is(words.next(), "eventTime") {
                return Err(wrong("it is ordered by something else than eventTime"));
            }
            statement.newest_first = is(words.peek().copied(), "DESC");
            words.next_if(|word| ["asc", "desc"].contains(&word.to_lowercase().as_str()));
        }
        if is(words.peek().copied(), "LIMIT") {
            words.next();
            statement.most =
                words.next().and_then(|word| word.parse().ok()).ok_or_else(|| wrong("LIMIT has no number"))?;
        }
        match words.next() {
            None => Ok(statement),
            Some(word) => Err(wrong(&format!("{word} is not understood"))),
        }
    }

    fn rows(&self, events: &[Value]) -> Vec<Value> {
        let mut found: Vec<&Value> =
            events.iter().filter(|event| self.conditions.iter().all(|one| one.holds(event))).collect();
        found.sort_by_key(|event| column(event, "eventtime"));
        if self.newest_first {
            found.reverse();
        }
        let row = |event: &&Value| {
            Value::Array(self.columns.iter().map(|name| json!({ name.as_str(): column(event, name) })).collect())
        };
        found.iter().take(self.most).map(row).collect()
    }
}

fn condition<'w>(words: &mut impl Iterator<Item = &'w str>) -> Option<Condition> {
    let column = words.next()?.to_lowercase();
    COLUMNS.iter().find(|(name, _)| *name == column)?;
    let compared = words.next()?.to_uppercase();
    let compared = ["=", ">=", "<=", ">", "<", "IN"].into_iter().find(|known| *known == compared)?;
    let value = |word: &str| word.trim_matches('\'').to_owned();
    let mut values = Vec::new();
    if compared == "IN" {
        (words.next()? == "(").then_some(())?;
        loop {
            values.push(value(words.next()?));
            match words.next()? {
                "," => {}
                ")" => break,
                _ => return None,
            }
        }
    } else {
        values.push(value(words.next()?));
    }
    Some(Condition { column, compared, values })
}

impl Condition {
    fn holds(&self, event: &Value) -> bool {
        let own = column(event, &self.column);
        let is = |wanted: &String| match self.compared {
            ">=" => own >= *wanted,
            "<=" => own <= *wanted,
            ">" => own > *wanted,
            "<" => own < *wanted,
            _ => own == *wanted,
        };
        self.values.iter().any(is)
    }
}

/// A column as Lake writes it: times as `2026-03-02 10:00:00.000`, the whole record as text.
fn column(event: &Value, name: &str) -> String {
    let pointer = COLUMNS.iter().find(|(known, _)| *known == name).map(|(_, pointer)| *pointer).unwrap_or_default();
    match event.pointer(pointer) {
        Some(Value::String(text)) if name == "eventtime" => text.replace('T', " ").replace('Z', ".000"),
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(value) => value.to_string(),
    }
}

/// Words, quoted values with their quotes, commas, parentheses and comparisons.
fn tokens(text: &str) -> Result<Vec<String>, Refusal> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    let end = |word: &mut String, words: &mut Vec<String>| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    for letter in text.chars() {
        match letter {
            '\'' => {
                word.push(letter);
                quoted = !quoted;
                if !quoted {
                    end(&mut word, &mut words);
                }
            }
            _ if quoted => word.push(letter),
            ' ' | '\n' | '\t' => end(&mut word, &mut words),
            ',' | '(' | ')' => {
                end(&mut word, &mut words);
                words.push(letter.to_string());
            }
            _ => word.push(letter),
        }
    }
    if quoted {
        let message = "Query statement is not valid: a quote is not closed.";
        return Err(Refusal::new(400, "InvalidQueryStatementException", message));
    }
    end(&mut word, &mut words);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(lake: &mut Lake, operation: &str, body: &Value) -> Outcome {
        let events: Vec<Value> = (0..5)
            .map(|hour| {
                json!({ "eventID": format!("e{hour}"), "eventTime": format!("2026-03-02T0{hour}:00:00Z"),
                    "readOnly": hour == 0, "eventSource": "apigateway.amazonaws.com" })
            })
            .collect();
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        let mut id = |length| "a".repeat(length);
        lake.answer(operation, body, &events, &mut Around { now, region: "eu-west-1", id: &mut id })
    }

    #[test]
    fn a_statement_runs_is_paged_and_is_forgotten_by_nobody() {
        let mut lake = Lake::default();
        let statement = format!(
            "SELECT eventID, eventTime FROM {STORE_ID} WHERE eventTime >= '2026-03-02 00:00:00' AND readOnly = false \
             AND eventSource IN ('apigateway.amazonaws.com', 'x') ORDER BY eventTime DESC"
        );
        let (_, started) = ask(&mut lake, "StartQuery", &json!({ "QueryStatement": statement })).unwrap();
        let of = |mut more: Value| {
            more["QueryId"] = started["QueryId"].clone();
            more
        };
        let status = |lake: &mut Lake| ask(lake, "DescribeQuery", &of(json!({}))).unwrap().1["QueryStatus"].clone();
        assert_eq!(status(&mut lake), "RUNNING");
        let (_, early) = ask(&mut lake, "GetQueryResults", &of(json!({}))).unwrap();
        assert_eq!(early["QueryResultRows"], json!([]));
        assert_eq!(status(&mut lake), "FINISHED");
        let (_, first) = ask(&mut lake, "GetQueryResults", &of(json!({ "MaxQueryResults": 3 }))).unwrap();
        assert_eq!(
            first["QueryResultRows"][0],
            json!([{ "eventid": "e4" }, { "eventtime": "2026-03-02 04:00:00.000" }])
        );
        let more = json!({ "MaxQueryResults": 3, "NextToken": first["NextToken"] });
        let (_, last) = ask(&mut lake, "GetQueryResults", &of(more)).unwrap();
        assert_eq!((last["QueryResultRows"].as_array().unwrap().len(), &last["NextToken"]), (1, &Value::Null));
        assert_eq!(ask(&mut lake, "CancelQuery", &of(json!({}))).unwrap_err().code, "InactiveQueryException");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let mut lake = Lake::default();
        for (statement, code) in [
            ("DELETE FROM x".to_owned(), "InvalidQueryStatementException"),
            (format!("SELECT sum(x) FROM {STORE_ID}"), "InvalidQueryStatementException"),
            (format!("SELECT eventID FROM {STORE_ID} WHERE eventName LIKE 'x'"), "InvalidQueryStatementException"),
            (
                format!("SELECT eventID FROM {STORE_ID} WHERE eventName = 'x' OR 1 = 1"),
                "InvalidQueryStatementException",
            ),
            (format!("SELECT eventID FROM {STORE_ID} WHERE eventName = 'x"), "InvalidQueryStatementException"),
            ("SELECT eventID FROM 00000000-0000-0000-0000-000000000000".to_owned(), "EventDataStoreNotFoundException"),
        ] {
            let refused = ask(&mut lake, "StartQuery", &json!({ "QueryStatement": statement })).unwrap_err();
            assert_eq!(refused.code, code, "{statement}");
        }
        assert_eq!(
            ask(&mut lake, "DescribeQuery", &json!({ "QueryId": "x" })).unwrap_err().code,
            "QueryIdNotFoundException"
        );
    }
}
