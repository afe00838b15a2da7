//! When the candidate began: asked of the journal, then of CloudTrail, then of the stage itself.

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::canary::{CanaryBeginning, CanaryBeginningSource, begun_by_event, begun_by_journal};

use super::Look;

/// As far back as CloudTrail answers.
const CLOUDTRAIL: SignedDuration = SignedDuration::from_hours(90 * 24);

pub(super) fn as_asked(at: Timestamp) -> CanaryBeginning {
    told(CanaryBeginningSource::Request, at, "Requests count from the moment that was asked for")
}

fn told(source: CanaryBeginningSource, at: Timestamp, words: &str) -> CanaryBeginning {
    CanaryBeginning { at: Some(at), source, words: format!("{words}, {}.", at.strftime("%Y-%m-%d %H:%M:%S UTC")) }
}

impl Look<'_> {
    /// When `candidate` began. Nobody is asked when the stage has not changed since `window`: whatever began before it does
    /// not matter.
    pub(super) async fn beginning(
        &mut self,
        candidate: Option<&str>,
        last_updated: Option<Timestamp>,
        window: Timestamp,
    ) -> CanaryBeginning {
        let Some(candidate) = candidate else {
            let words = "The stage has no canary that could have begun.".to_owned();
            return CanaryBeginning { at: None, source: CanaryBeginningSource::Unknown, words };
        };
        let by_stage = last_updated.map(|at| {
            told(
                CanaryBeginningSource::StageChange,
                at,
                "The canary is at least as old as the last change of the stage",
            )
        });
        if let Some(by_stage) = by_stage.as_ref().filter(|by_stage| by_stage.at.is_some_and(|at| at <= window)) {
            return by_stage.clone();
        }
        let key = (self.stage.clone(), candidate.to_owned());
        let kept =
            self.host.inner.beginnings.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).cloned();
        if let Some(kept) = kept {
            return kept;
        }
        let mut doubts = String::new();
        let found = match self.by_journal(candidate) {
            Some(at) => Some(told(CanaryBeginningSource::Journal, at, "This console attached the candidate at")),
            None => match self.by_cloudtrail(candidate).await {
                Ok(Some((at, who))) => {
                    let words = format!("By CloudTrail {who} attached the candidate at");
                    Some(told(CanaryBeginningSource::CloudTrail, at, &words))
                }
                Ok(None) => None,
                Err(reason) => {
                    doubts = format!(" CloudTrail could not be asked: {reason}");
                    None
                }
            },
        };
        if let Some(found) = found {
            let mut kept = self.host.inner.beginnings.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            kept.insert(key, found.clone());
            return found;
        }
        match by_stage {
            // Later than the beginning perhaps, and so too few minutes perhaps; never another candidate's.
            Some(by_stage) => CanaryBeginning {
                words: format!(
                    "{} Neither the journal nor CloudTrail says when it began, so earlier minutes do not count.{doubts}",
                    by_stage.words
                ),
                ..by_stage
            },
            None => {
                self.missing
                    .push("When the candidate began is not known, so what is counted may be another's.".to_owned());
                let words = format!("When the candidate began is not known.{doubts}");
                CanaryBeginning { at: None, source: CanaryBeginningSource::Unknown, words }
            }
        }
    }

    fn by_journal(&self, candidate: &str) -> Option<Timestamp> {
        if !self.host.has_journal() {
            return None;
        }
        let records = self.host.journal().and_then(|journal| Ok(journal.records()?));
        match records {
            Ok(records) => begun_by_journal(&records, &self.target, candidate),
            Err(error) => {
                tracing::warn!(%error, "the journal does not say when the candidate began");
                None
            }
        }
    }

    /// The latest call that gave the stage's canary a deployment, if it can have been this one.
    async fn by_cloudtrail(&self, candidate: &str) -> Result<Option<(Timestamp, String)>, String> {
        let end = self.host.clock().now();
        let mut latest: Option<(Timestamp, String, Option<String>)> = None;
        for name in ["CreateDeployment", "UpdateStage"] {
            let events = self.reader.recent_events(name, end - CLOUDTRAIL, end).await.map_err(|error| error.message)?;
            for event in events.into_iter().filter(|event| !event.refused) {
                let parameters = &event.request_parameters;
                let Some(deployment) = begun_by_event(name, parameters, &self.stage.api_id, &self.stage.stage) else {
                    continue;
                };
                if latest.as_ref().is_none_or(|(at, ..)| event.at >= *at) {
                    latest = Some((event.at, event.who, deployment));
                }
            }
        }
        Ok(latest
            .filter(|(.., deployment)| deployment.as_deref().is_none_or(|deployment| deployment == candidate))
            .map(|(at, who, _)| (at, who)))
    }
}
