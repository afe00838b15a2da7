//! Candidate and baseline minute by minute, from CloudWatch.
//!
//! How CloudWatch separates a canary's requests is not documented, so it is found out: by series with `Stage={stage}/Canary`
//! that have values, else by `ListMetrics`, which hears of a new series up to 15 minutes late. Where there are none, or
//! CloudWatch does not answer, the access log is asked ([`super::logs`]).

use std::collections::BTreeMap;

use jiff::SignedDuration;
use portcullis_aws::{MetricPoint, MetricSeries};
use portcullis_domain::canary::CanarySample;

use super::{Evidence, Look, totals};
use crate::canary_watch::CanaryMinute;

/// How candidate and baseline are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Split {
    /// Not at all.
    None,
    /// The stage's series contain the canary's.
    Contained,
    /// The stage's series are the baseline's alone.
    Apart,
    /// Not by metrics: each line of the access log says which of the two answered.
    Logged,
}

const WANTED: [(&str, &str); 7] = [
    ("Count", "Sum"),
    ("4XXError", "Sum"),
    ("5XXError", "Sum"),
    ("Latency", "Average"),
    ("Latency", "p50"),
    ("Latency", "p90"),
    ("Latency", "p99"),
];

type Minutes = BTreeMap<i64, CanarySample>;

impl Look<'_> {
    /// Dimensions of a stage's series.
    pub(super) fn dimensions(&self, stage: String) -> Vec<(&'static str, String)> {
        vec![("ApiName", self.inventory.api.name.to_string()), ("Stage", stage)]
    }

    /// Reads the minutes and, where the two can be told apart, the routes.
    pub(super) async fn metrics(&mut self, evidence: &mut Evidence, has_canary: bool) {
        let (whole, canary) = (self.stage.stage.clone(), format!("{}/Canary", self.stage.stage));
        let series: Vec<MetricSeries> = [whole, canary.clone()]
            .into_iter()
            .flat_map(|stage| {
                let dimensions = self.dimensions(stage);
                WANTED.map(|(metric, statistic)| MetricSeries::of_gateway(metric, statistic, dimensions.clone()))
            })
            .collect();
        let minute = SignedDuration::from_mins(1);
        let what = "the metrics of the stage and its canary";
        let read = self.reader.metric_series(what, &series, evidence.from, evidence.to, minute).await;
        let Some(values) = self.or_gap(read, what) else {
            evidence.split = if has_canary { Split::Contained } else { Split::None };
            if has_canary {
                self.logs(evidence).await;
            }
            return;
        };
        let (of_whole, of_canary) = values.split_at(WANTED.len());
        let (whole, candidate) = (minutes(of_whole), minutes(of_canary));
        if !has_canary {
            evidence.minutes = paired(&whole, &Minutes::new(), Split::None);
            return;
        }
        evidence.split = if !candidate.is_empty() {
            split_of(&whole, &candidate)
        } else {
            let known = self.reader.knows_series("Count", &self.dimensions(canary)).await;
            match self.or_gap(known, "the list of the canary's metrics") {
                Some(true) => Split::Contained,
                _ => Split::None,
            }
        };
        evidence.minutes = paired(&whole, &candidate, evidence.split);
        if evidence.split == Split::None {
            self.logs(evidence).await;
            return;
        }
        self.doubt_errors(of_canary, "the candidate");
        self.doubt_errors(of_whole, "the stage");
        self.routes(evidence).await;
    }

    /// Requests without any word about their errors are no requests without errors.
    fn doubt_errors(&mut self, values: &[Vec<MetricPoint>], of: &str) {
        let [count, client, server, ..] = values else { return };
        if count.is_empty() {
            return;
        }
        for (name, points) in [("4XXError", client), ("5XXError", server)] {
            if points.is_empty() {
                self.missing.push(format!("CloudWatch counts requests to {of} and has no {name} of them."));
            }
        }
    }
}

/// A part cannot have more than its whole: then the stage's series are not the whole.
fn split_of(whole: &Minutes, candidate: &Minutes) -> Split {
    let sum = |minutes: &Minutes| minutes.values().map(|sample| sample.requests).sum::<u64>();
    if sum(candidate) > sum(whole) { Split::Apart } else { Split::Contained }
}

fn paired(whole: &Minutes, candidate: &Minutes, split: Split) -> Vec<CanaryMinute> {
    let mut starts: Vec<i64> = whole.keys().chain(candidate.keys()).copied().collect();
    starts.sort_unstable();
    starts.dedup();
    let of = |minutes: &Minutes, at: i64| minutes.get(&at).copied().unwrap_or_default();
    starts
        .into_iter()
        .map(|minute| {
            let (whole, candidate) = (of(whole, minute), of(candidate, minute));
            let baseline =
                if split == Split::Contained { CanarySample::baseline_of(&whole, &candidate) } else { whole };
            CanaryMinute { minute, candidate, baseline }
        })
        .collect()
}

fn minutes(values: &[Vec<MetricPoint>]) -> Minutes {
    let mut minutes = Minutes::new();
    for ((metric, statistic), points) in WANTED.iter().zip(values) {
        for (at, value) in points {
            let sample = minutes.entry(*at).or_default();
            match (*metric, *statistic) {
                ("Count", _) => sample.requests = whole_number(*value),
                ("4XXError", _) => sample.client_errors = whole_number(*value),
                ("5XXError", _) => sample.server_errors = whole_number(*value),
                (_, "Average") => sample.latency_average = Some(*value),
                (_, "p50") => sample.latency_p50 = Some(*value),
                (_, "p90") => sample.latency_p90 = Some(*value),
                _ => sample.latency_p99 = Some(*value),
            }
        }
    }
    minutes
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of requests is whole and not negative"
)]
pub(super) fn whole_number(sum: f64) -> u64 {
    sum.round().max(0.0) as u64
}

impl Evidence {
    /// Where the split comes from, in a sentence or three.
    pub(crate) fn source_words(&self, stage: &str) -> String {
        match self.split {
            Split::None => {
                "CloudWatch does not tell candidate and baseline apart here: what is shown is about the whole stage."
                    .to_owned()
            }
            Split::Contained => format!(
                "CloudWatch has series of its own for the canary (Stage = {stage}/Canary). Counts and averages of the baseline are the stage's without them; a percentile cannot be had by subtraction, so p50, p90 and p99 beside the candidate's are the whole stage's."
            ),
            Split::Logged => "Each side is counted from the lines of the stage's access log ($context.isCanaryRequest), with CloudWatch Logs Insights: CloudWatch's metrics do not tell the two apart here. Lines arrive up to a few minutes late, so the last minutes may be short of some.".to_owned(),
            Split::Apart => format!(
                "CloudWatch has series of its own for the canary (Stage = {stage}/Canary), with more requests than the stage's: so the stage's series are taken for the baseline as they are."
            ),
        }
    }

    /// Sums of both sides since the beginning.
    pub(crate) fn totals(&self) -> (CanarySample, CanarySample) {
        totals(&self.minutes)
    }

    /// How long the evidence is.
    pub(crate) fn period(&self) -> SignedDuration {
        let seconds = self.to.as_second() - self.from.as_second();
        SignedDuration::from_secs((seconds / 60 * 60).max(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(requests: u64) -> Minutes {
        let sample = CanarySample { requests, latency_p99: Some(300.0), ..CanarySample::default() };
        Minutes::from([(0, sample)])
    }

    #[test]
    fn a_stage_that_has_less_than_its_canary_does_not_contain_it() {
        assert_eq!(split_of(&at(100), &at(10)), Split::Contained);
        assert_eq!(split_of(&at(40), &at(60)), Split::Apart);
        let requests = |split| paired(&at(100), &at(10), split)[0].baseline.requests;
        assert_eq!((requests(Split::Contained), requests(Split::Apart)), (90, 100));
    }

    #[test]
    fn a_minute_that_only_one_side_has_is_there() {
        let late = Minutes::from([(60, CanarySample { requests: 5, ..CanarySample::default() })]);
        let both = paired(&at(100), &late, Split::Contained);
        assert_eq!(
            both.iter().map(|minute| (minute.minute, minute.candidate.requests)).collect::<Vec<_>>(),
            [(0, 0), (60, 5)]
        );
    }
}
