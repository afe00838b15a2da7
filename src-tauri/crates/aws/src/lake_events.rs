//! CloudTrail Lake: a statement is started, waited for, and its rows are fetched a thousand a page ("StartQuery",
//! "DescribeQuery", "GetQueryResults").

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_cloudtrail::types::QueryStatus;
use portcullis_domain::coverage::GapKind;

use crate::{AwsError, Reader, error::Called};

/// The most rows that `GetQueryResults` gives in a page.
const ROWS: i32 = 1_000;
/// How long to wait before asking again whether a statement is done, doubling from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = Duration::from_secs(8);
/// How long a statement may take: AWS ends one after an hour, a person does not wait that long.
const PATIENCE: Duration = Duration::from_secs(180);

/// Rows of a statement, column by name.
pub type LakeRows = Vec<BTreeMap<String, String>>;

/// A statement that AWS is done with, page by page.
#[derive(Debug)]
pub struct LakeQuery<'r, 's> {
    reader: &'r Reader<'s>,
    client: aws_sdk_cloudtrail::Client,
    id: String,
    token: Option<String>,
    ended: bool,
}

const WHAT: &str = "the configuration changes in CloudTrail Lake";

impl<'s> Reader<'s> {
    /// Starts a statement and waits until its rows can be fetched. One that the person stops is cancelled at AWS too: it
    /// would be paid for.
    ///
    /// # Errors
    /// As every read; the statement failed, was cancelled by somebody, or takes longer than three minutes.
    pub async fn lake_query(&self, statement: &str) -> Result<LakeQuery<'_, 's>, AwsError> {
        let client = aws_sdk_cloudtrail::Client::new(self.session.config());
        let started = self
            .read("cloudtrail", "StartQuery", WHAT, || client.start_query().query_statement(statement).send())
            .await?;
        let id = started.query_id().unwrap_or_default().to_owned();
        let query = LakeQuery { reader: self, client, id, token: None, ended: false };
        match query.wait().await {
            Ok(()) => Ok(query),
            Err(error) => {
                if matches!(error.kind, GapKind::Cancelled) || error.code == "QueryTakesTooLong" {
                    query.cancel().await;
                }
                Err(error)
            }
        }
    }
}

impl LakeQuery<'_, '_> {
    async fn wait(&self) -> Result<(), AwsError> {
        let (mut waited, mut wait) = (Duration::ZERO, FIRST_WAIT);
        loop {
            let answer = self
                .reader
                .read("cloudtrail", "DescribeQuery", WHAT, || self.client.describe_query().query_id(&self.id).send())
                .await?;
            let code = match answer.query_status() {
                Some(QueryStatus::Finished) => return Ok(()),
                Some(QueryStatus::Failed) => "QueryFailed",
                Some(QueryStatus::Cancelled) => "QueryCancelled",
                Some(QueryStatus::TimedOut) => "QueryTimedOut",
                _ if waited >= PATIENCE => "QueryTakesTooLong",
                _ => {
                    self.reader.pause(wait, self.called("DescribeQuery")).await?;
                    waited += wait;
                    wait = (wait * 2).min(LAST_WAIT);
                    continue;
                }
            };
            let reason = answer.error_message().unwrap_or("AWS gives no reason").to_owned();
            return Err(AwsError::ended(self.called("DescribeQuery"), code, &reason));
        }
    }

    /// The next rows; `None` after the last.
    ///
    /// # Errors
    /// As every read. The rows before stand.
    pub async fn next(&mut self) -> Result<Option<LakeRows>, AwsError> {
        if self.ended {
            return Ok(None);
        }
        let answer = self
            .reader
            .read("cloudtrail", "GetQueryResults", WHAT, || {
                self.client
                    .get_query_results()
                    .query_id(&self.id)
                    .max_query_results(ROWS)
                    .set_next_token(self.token.clone())
                    .send()
            })
            .await?;
        // A row is a list of maps of one column each.
        let rows = answer.query_result_rows().iter();
        let rows = rows.map(|row| row.iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect());
        self.token = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        self.ended = self.token.is_none();
        Ok(Some(rows.collect()))
    }

    /// Whether it worked is nobody's business any more: AWS ends it by itself within the hour.
    async fn cancel(&self) {
        self.reader.count("cloudtrail", "CancelQuery");
        let sent = self.client.cancel_query().query_id(&self.id).send().await;
        if let Err(error) = sent {
            tracing::warn!(query = %self.id, %error, "a CloudTrail Lake query that nobody waits for was not cancelled");
        }
    }

    fn called<'a>(&'a self, operation: &'a str) -> Called<'a> {
        self.reader.called("cloudtrail", operation, WHAT)
    }
}
