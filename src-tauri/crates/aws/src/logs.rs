//! CloudWatch Logs: groups with how long they keep and how they are encrypted, and queries of CloudWatch Logs Insights
//! ("DescribeLogGroups", "StartQuery", "GetQueryResults", "StopQuery").
//!
//! A query is started, waited for, and its rows are fetched once it is complete: what `GetQueryResults` gives before is a
//! part, and a part is never shown for the whole.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_cloudwatchlogs::types::QueryStatus;
use jiff::{SignedDuration, Timestamp};
use portcullis_domain::coverage::GapKind;

use crate::{AwsError, Reader, error::Called};

const SERVICE: &str = "logs";
/// The most groups that `DescribeLogGroups` gives in a page.
const PAGE: i32 = 50;
/// The most rows of one answer of `GetQueryResults`. A query that has as many may have had more.
const ROWS: i32 = 10_000;
/// How long to wait before asking again whether a query is complete, doubling from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LAST_WAIT: Duration = Duration::from_secs(4);
/// How long a query may take: AWS ends one after an hour, and the next look at a canary is a minute away.
const PATIENCE: Duration = Duration::from_secs(40);

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Its name.
    pub name: String,
    /// How many days it keeps events; `None` keeps them for ever.
    pub retention_days: Option<i32>,
    /// ARN of the KMS key that it is encrypted with; `None` is encrypted by CloudWatch Logs itself.
    pub kms_key_id: Option<String>,
    /// How much it holds, bytes, as AWS counted last.
    pub stored_bytes: Option<i64>,
}

/// A row of a query: field by name.
pub type LogRow = BTreeMap<String, String>;

impl Reader<'_> {
    /// The log groups whose names begin with `prefix`, by name; all of them for an empty one.
    ///
    /// # Errors
    /// As every read.
    pub async fn log_groups(&self, prefix: &str) -> Result<Vec<LogGroup>, AwsError> {
        let client = aws_sdk_cloudwatchlogs::Client::new(self.session.config());
        let what = if prefix.is_empty() { "the log groups".to_owned() } else { format!("log group {prefix}") };
        let wanted = (!prefix.is_empty()).then(|| prefix.to_owned());
        let (mut found, mut token) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read(SERVICE, "DescribeLogGroups", &what, || {
                    client
                        .describe_log_groups()
                        .set_log_group_name_prefix(wanted.clone())
                        .limit(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            found.extend(page.log_groups().iter().map(|group| LogGroup {
                name: group.log_group_name().unwrap_or_default().to_owned(),
                retention_days: group.retention_in_days(),
                kms_key_id: group.kms_key_id().map(str::to_owned),
                stored_bytes: group.stored_bytes(),
            }));
            token = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                return Ok(found);
            }
        }
    }

    /// The rows of a query of CloudWatch Logs Insights over `groups`, for events from `start` up to, not including, `end`.
    /// A query that takes too long is stopped at AWS: what it still scanned would be paid for.
    ///
    /// # Errors
    /// As every read; the query failed, timed out, was cancelled by somebody, takes longer than 40 seconds, or has as many
    /// rows as an answer holds, so that some may be missing.
    pub async fn log_query(
        &self,
        groups: &[String],
        statement: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<LogRow>, AwsError> {
        let client = aws_sdk_cloudwatchlogs::Client::new(self.session.config());
        let what = format!("log group {}", groups.join(" and "));
        // Both ends of the range belong to it.
        let last = (end - SignedDuration::from_secs(1)).as_second();
        let started = self
            .read(SERVICE, "StartQuery", &what, || {
                client
                    .start_query()
                    .set_log_group_names(Some(groups.to_vec()))
                    .query_string(statement)
                    .start_time(start.as_second())
                    .end_time(last)
                    .limit(ROWS)
                    .send()
            })
            .await?;
        let query = Query { reader: self, client, id: started.query_id().unwrap_or_default().to_owned(), what };
        let rows = query.rows().await;
        if let Err(error) = &rows
            && (error.kind == GapKind::Cancelled || error.code == "QueryTakesTooLong")
        {
            query.stop().await;
        }
        rows
    }
}

struct Query<'r, 's> {
    reader: &'r Reader<'s>,
    client: aws_sdk_cloudwatchlogs::Client,
    id: String,
    what: String,
}

impl Query<'_, '_> {
    async fn rows(&self) -> Result<Vec<LogRow>, AwsError> {
        let (mut waited, mut wait) = (Duration::ZERO, FIRST_WAIT);
        loop {
            let answer = self
                .reader
                .read(SERVICE, "GetQueryResults", &self.what, || {
                    self.client.get_query_results().query_id(&self.id).send()
                })
                .await?;
            let (code, reason) = match answer.status() {
                Some(QueryStatus::Complete) => {
                    let rows = answer.results();
                    let whole = rows.len() < usize::try_from(ROWS).unwrap_or(usize::MAX);
                    if whole && answer.next_token().is_none_or(str::is_empty) {
                        let field = |field: &aws_sdk_cloudwatchlogs::types::ResultField| {
                            Some((field.field()?.to_owned(), field.value()?.to_owned()))
                        };
                        return Ok(rows.iter().map(|row| row.iter().filter_map(field).collect()).collect());
                    }
                    ("QueryCut", "it has as many rows as one answer holds, and the rest is not here")
                }
                Some(QueryStatus::Failed) => ("QueryFailed", "CloudWatch Logs says that the query failed"),
                Some(QueryStatus::Cancelled) => ("QueryCancelled", "somebody stopped the query"),
                Some(QueryStatus::Timeout) => {
                    ("QueryTimedOut", "CloudWatch Logs ended the query after its longest time")
                }
                _ if waited >= PATIENCE => ("QueryTakesTooLong", "the query was stopped after 40 seconds"),
                _ => {
                    self.reader.pause(wait, self.called("GetQueryResults")).await?;
                    waited += wait;
                    wait = (wait * 2).min(LAST_WAIT);
                    continue;
                }
            };
            return Err(AwsError::ended(self.called("GetQueryResults"), code, reason));
        }
    }

    /// Whether it worked is nobody's business any more: AWS ends it by itself within the hour.
    async fn stop(&self) {
        self.reader.count(SERVICE, "StopQuery");
        let sent = self.client.stop_query().query_id(&self.id).send().await;
        if let Err(error) = sent {
            tracing::warn!(query = %self.id, %error, "a query of CloudWatch Logs that nobody waits for was not stopped");
        }
    }

    fn called<'a>(&'a self, operation: &'a str) -> Called<'a> {
        self.reader.called(SERVICE, operation, &self.what)
    }
}
