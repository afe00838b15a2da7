//! The alarms about a REST stage that are in ALARM: on one of its metrics, on metric math over them, and composite ones that
//! stand on such alarms.
//!
//! `DescribeAlarms` filters by neither namespace nor dimension, and answers metric alarms only unless composite ones are
//! asked for too, so those in ALARM are read (few) and looked through here.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, Dimension, Metric, MetricAlarm, StateValue};
use portcullis_domain::canary::alarms_of_rule;

use crate::{AwsError, Reader};

/// The most names that `DescribeAlarms` takes.
const NAMES: usize = 100;
/// How deep composite alarms on composite alarms are followed.
const DEPTH: usize = 5;

/// What decides whether an alarm is about the stage.
enum Kind {
    /// On the stage's metrics, or on others.
    Metric(bool),
    /// On these alarms.
    Composite(Vec<String>),
}

type Known = BTreeMap<String, Kind>;

impl Reader<'_> {
    /// Their names, in order.
    ///
    /// # Errors
    /// As every read.
    pub async fn stage_alarms(&self, api_name: &str, stage: &str) -> Result<Vec<String>, AwsError> {
        let mut known = Known::new();
        let (mut burning, mut token) = (BTreeSet::new(), None::<String>);
        let client = self.session.cloudwatch();
        loop {
            let page = self
                .read("cloudwatch", "DescribeAlarms", "the alarms in ALARM", || {
                    client
                        .describe_alarms()
                        .alarm_types(AlarmType::MetricAlarm)
                        .alarm_types(AlarmType::CompositeAlarm)
                        .state_value(StateValue::Alarm)
                        .max_records(100)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let names = keep(&mut known, page.metric_alarms(), page.composite_alarms(), api_name, stage);
            burning.extend(names);
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        self.children(&mut known, api_name, stage).await?;
        Ok(burning.into_iter().filter(|name| is_about(&known, name, DEPTH)).collect())
    }

    /// Reads what composite alarms stand on and is not in ALARM itself, so was not read yet.
    async fn children(&self, known: &mut Known, api_name: &str, stage: &str) -> Result<(), AwsError> {
        let client = self.session.cloudwatch();
        for _ in 0..DEPTH {
            let wanted: BTreeSet<String> = known
                .values()
                .filter_map(|kind| if let Kind::Composite(names) = kind { Some(names) } else { None })
                .flatten()
                .filter(|name| !known.contains_key(*name))
                .cloned()
                .collect();
            if wanted.is_empty() {
                return Ok(());
            }
            let wanted: Vec<String> = wanted.into_iter().collect();
            for names in wanted.chunks(NAMES) {
                let page = self
                    .read("cloudwatch", "DescribeAlarms", "the alarms that composite alarms stand on", || {
                        client
                            .describe_alarms()
                            .alarm_types(AlarmType::MetricAlarm)
                            .alarm_types(AlarmType::CompositeAlarm)
                            .set_alarm_names(Some(names.to_vec()))
                            .max_records(100)
                            .send()
                    })
                    .await?;
                keep(known, page.metric_alarms(), page.composite_alarms(), api_name, stage);
                // A name that is no alarm (any more) is about nothing, and is not asked for again.
                for name in names {
                    known.entry(name.clone()).or_insert(Kind::Metric(false));
                }
            }
        }
        Ok(())
    }
}

fn keep(
    known: &mut Known,
    metric: &[MetricAlarm],
    composite: &[CompositeAlarm],
    api: &str,
    stage: &str,
) -> Vec<String> {
    let mut names = Vec::new();
    for alarm in metric {
        let Some(name) = alarm.alarm_name() else { continue };
        known.insert(name.to_owned(), Kind::Metric(is_on(alarm, api, stage)));
        names.push(name.to_owned());
    }
    for alarm in composite {
        let Some(name) = alarm.alarm_name() else { continue };
        known.insert(name.to_owned(), Kind::Composite(alarms_of_rule(alarm.alarm_rule().unwrap_or_default())));
        names.push(name.to_owned());
    }
    names
}

fn is_about(known: &Known, name: &str, depth: usize) -> bool {
    match known.get(name) {
        Some(Kind::Metric(about)) => *about,
        Some(Kind::Composite(names)) if depth > 0 => names.iter().any(|name| is_about(known, name, depth - 1)),
        _ => false,
    }
}

fn is_on(alarm: &MetricAlarm, api: &str, stage: &str) -> bool {
    let about = |namespace: Option<&str>, dimensions: &[Dimension]| {
        let value =
            |name: &str| dimensions.iter().find(|dimension| dimension.name() == Some(name)).and_then(Dimension::value);
        let of_stage = value("Stage").is_some_and(|of| of.strip_suffix("/Canary").unwrap_or(of) == stage);
        namespace == Some("AWS/ApiGateway") && value("ApiName") == Some(api) && of_stage
    };
    let of_metric = |metric: &Metric| about(metric.namespace(), metric.dimensions());
    about(alarm.namespace(), alarm.dimensions())
        || alarm.metrics().iter().filter_map(|query| query.metric_stat()?.metric()).any(of_metric)
}
