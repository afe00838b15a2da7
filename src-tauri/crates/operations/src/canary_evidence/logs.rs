//! Candidate and baseline from the stage's access log, where metrics do not tell them apart: two queries of CloudWatch Logs
//! Insights, by minute and by route.
//!
//! A query that failed, timed out or was cut is a gap, and so are lines that cannot be read: none of them makes a number.

use portcullis_aws::AwsError;
use portcullis_domain::canary::{AccessLog, LogQuestion, LogSplit, log_minutes, log_question, log_routes};

use super::{Evidence, Look, metrics::Split};
use crate::canary_watch::CanaryMinute;

/// What the log's part of a look is called in messages.
const RESOURCE: &str = "the access log of the stage";

impl Look<'_> {
    /// Asks the access log, when there is one that can tell. A log that cannot is no failure: why is noted.
    pub(super) async fn logs(&mut self, evidence: &mut Evidence) {
        let Some(log) = self.access_log.clone() else {
            evidence
                .notes
                .push("The stage writes no access log that could tell candidate and baseline apart.".to_owned());
            return;
        };
        let region = self.reader.region().to_owned();
        let asked = log.group(&region).and_then(|group| Ok((group, log_question(&log.format)?)));
        match asked {
            Ok((group, question)) => self.ask(evidence, &log, group, &question).await,
            Err(why) => evidence.notes.push(why),
        }
    }

    async fn ask(&mut self, evidence: &mut Evidence, log: &AccessLog, group: &str, question: &LogQuestion) {
        let Some(groups) = self.groups(group).await else { return };
        if groups.is_empty() {
            evidence.notes.push(format!(
                "The stage's access log goes to group {group}, which does not exist ({}).",
                log.destination_arn
            ));
            return;
        }
        let (from, to) = (evidence.from, evidence.to);
        let by_route = async {
            match &question.by_route {
                Some(query) => Some(self.reader.log_query(&groups, query, from, to).await),
                None => None,
            }
        };
        let by_minute = self.reader.log_query(&groups, &question.by_minute, from, to);
        let (by_minute, by_route) = futures::join!(by_minute, by_route);
        let has_status = question.has_status;
        let read = by_minute.and_then(|rows| log_minutes(&rows, group, has_status).map_err(not_understood));
        let Some(split) = self.or_gap(read, RESOURCE) else { return };
        self.doubts(&split, group, question);
        if split.minutes.is_empty() && split.unread > 0 {
            // Lines, and not one that says whose it is: nothing is known of either side.
            return;
        }
        evidence.split = Split::Logged;
        let minute = |(minute, (candidate, baseline))| CanaryMinute { minute, candidate, baseline };
        evidence.minutes = split.minutes.into_iter().map(minute).collect();
        evidence.notes.push(format!(
            "The lines are of log group {}. CloudWatch charges each look by the data that it scans.",
            groups.join(" and ")
        ));
        match by_route {
            Some(rows) => {
                let read = rows.and_then(|rows| log_routes(&rows, group).map_err(not_understood));
                evidence.routes = self.or_gap(read, "the routes in the access log").unwrap_or_default();
            }
            None => evidence.notes.push(
                "The lines do not name $context.httpMethod, $context.resourcePath and $context.status, so no route is looked at by itself."
                    .to_owned(),
            ),
        }
    }

    /// The stage's group and the one of its canary, as far as they exist; `None` when that could not be asked.
    async fn groups(&mut self, group: &str) -> Option<Vec<String>> {
        let known = self.reader.log_groups(group).await;
        let known = self.or_gap(known, RESOURCE)?;
        let wanted = [group.to_owned(), format!("{group}/Canary")];
        Some(wanted.into_iter().filter(|name| known.iter().any(|known| known.name == *name)).collect())
    }

    /// What keeps these numbers from showing that all is well.
    fn doubts(&mut self, split: &LogSplit, group: &str, question: &LogQuestion) {
        if split.unread > 0 {
            self.missing.push(format!(
                "{} lines of log group {group} are not in the stage's format, so whose requests they were is not known.",
                split.unread
            ));
        }
        if !question.has_status {
            self.missing
                .push("The access log's format has no $context.status, so nothing is known of errors.".to_owned());
        } else if split.without_status > 0 {
            self.missing.push(format!("{} lines of log group {group} have no status.", split.without_status));
        }
        match question.latency {
            Some("responseLatency") => {}
            Some(other) => self.missing.push(format!(
                "The access log has $context.{other} and no $context.responseLatency: how long clients wait is not known."
            )),
            None => self.missing.push("The access log's format has no latency.".to_owned()),
        }
    }
}

fn not_understood(why: String) -> AwsError {
    AwsError::unreadable("logs", "GetQueryResults", why)
}
