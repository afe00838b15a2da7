//! Samples by namespace, name and dimensions, and statistics over periods.

use std::{collections::BTreeMap, rc::Rc};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    invalid,
    math::{self, Series},
    missing, said,
};
use crate::{
    services::{Outcome, Refusal, page},
    traffic::{NAMESPACE, Sample, Traffic, WAF_NAMESPACE, WafTraffic},
};

/// What reports metrics without anybody putting them.
pub(super) type Live<'a> = (&'a Traffic, &'a WafTraffic);

/// The most queries of one call.
const MOST_QUERIES: usize = 500;

/// Namespace, name, dimensions in order of their names.
type Key = (String, String, Vec<(String, String)>);

/// Everything that was put.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    samples: BTreeMap<Key, Vec<Sample>>,
}

fn dimensions(tree: &Value) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = tree
        .get("Dimensions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|dimension| {
            (
                said(dimension, "Name").unwrap_or_default().to_owned(),
                said(dimension, "Value").unwrap_or_default().to_owned(),
            )
        })
        .collect();
    all.sort();
    all
}

fn metric((namespace, name, dimensions): &Key) -> Value {
    let dimensions: Vec<Value> =
        dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    json!({ "Namespace": namespace, "MetricName": name, "Dimensions": dimensions })
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double's 53 bits")]
fn seconds(moment: Timestamp) -> f64 {
    moment.as_second() as f64
}

impl Metrics {
    pub(super) fn put(&mut self, body: &Value, now: Timestamp) -> Outcome {
        let namespace = said(body, "Namespace").ok_or_else(|| missing("Namespace"))?;
        for datum in body.get("MetricData").and_then(Value::as_array).into_iter().flatten() {
            let name = said(datum, "MetricName").ok_or_else(|| missing("MetricData.member.1.MetricName"))?;
            let at = datum.get("Timestamp").and_then(Value::as_f64).unwrap_or_else(|| seconds(now));
            let key = (namespace.to_owned(), name.to_owned(), dimensions(datum));
            let list = |member: &str| -> Vec<f64> {
                datum.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_f64).collect()
            };
            let (values, counts) = (list("Values"), list("Counts"));
            let samples = self.samples.entry(key).or_default();
            if let Some(value) = datum.get("Value").and_then(Value::as_f64) {
                samples.push(Sample { at, value, count: 1.0 });
            } else if !values.is_empty() {
                let counts = counts.into_iter().chain(std::iter::repeat(1.0));
                samples.extend(values.into_iter().zip(counts).map(|(value, count)| Sample { at, value, count }));
            } else if datum.get("StatisticValues").is_some() {
                return Err(invalid("StatisticValues is not implemented by the demo account"));
            } else {
                return Err(missing("MetricData.member.1.Value"));
            }
        }
        Ok((200, json!({})))
    }

    pub(super) fn list(&self, body: &Value, traffic: &Traffic) -> Outcome {
        let filters = dimensions(body);
        let live = traffic.series().into_iter().map(|(name, dimensions)| (NAMESPACE.to_owned(), name, dimensions));
        let found: Vec<Value> = self
            .samples
            .keys()
            .cloned()
            .chain(live)
            .filter(|(namespace, name, dimensions)| {
                said(body, "Namespace").is_none_or(|wanted| wanted == namespace)
                    && said(body, "MetricName").is_none_or(|wanted| wanted == name)
                    && filters.iter().all(|(wanted, value)| {
                        dimensions.iter().any(|(name, known)| name == wanted && (value.is_empty() || known == value))
                    })
            })
            .map(|key| metric(&key))
            .collect();
        let (range, next) = page(found.len(), 500, said(body, "NextToken"))
            .ok_or_else(|| Refusal::new(400, "InvalidParameterValue", "The NextToken is not valid."))?;
        let mut answer = json!({ "Metrics": found.get(range).unwrap_or_default() });
        if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
            answer.insert("NextToken".to_owned(), next.into());
        }
        Ok((200, answer))
    }

    pub(super) fn data(&self, body: &Value, live: Live<'_>) -> Outcome {
        let (start, end) = window(body)?;
        let descending = said(body, "ScanBy") != Some("TimestampAscending");
        let queries = body.get("MetricDataQueries").and_then(Value::as_array);
        let queries = queries.ok_or_else(|| missing("MetricDataQueries"))?;
        if queries.len() > MOST_QUERIES {
            return Err(invalid(format!(
                "The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
            )));
        }
        let mut results = Vec::new();
        for query in queries {
            let id = said(query, "Id").ok_or_else(|| missing("MetricDataQueries.member.1.Id"))?;
            if query.get("ReturnData") == Some(&Value::Bool(false)) {
                continue;
            }
            let name = query.pointer("/MetricStat/Metric/MetricName").and_then(Value::as_str);
            let label = said(query, "Label").or(name).unwrap_or(id);
            let mut answer = |label: String, series: Series| {
                let mut points: Vec<(i64, f64)> = series.into_iter().collect();
                if descending {
                    points.reverse();
                }
                let (timestamps, values): (Vec<i64>, Vec<f64>) = points.into_iter().unzip();
                results.push(json!({
                    "Id": id, "Label": label, "Timestamps": timestamps, "Values": values, "StatusCode": "Complete"
                }));
            };
            match self.values(query, queries, live, start, end)? {
                math::Value::Series(series) => answer(label.to_owned(), series),
                math::Value::Band(lower, upper) => {
                    answer(format!("{label} Low"), lower);
                    answer(format!("{label} High"), upper);
                }
                math::Value::Number(_) => return Err(invalid(format!("The expression of {id} gives no time series"))),
            }
        }
        Ok((200, json!({ "MetricDataResults": results, "Messages": [] })))
    }

    /// What a query gives; `queries` are those that its expression may name.
    pub(super) fn values(
        &self,
        query: &Value,
        queries: &[Value],
        live: Live<'_>,
        start: i64,
        end: i64,
    ) -> Result<math::Value, Refusal> {
        let id = said(query, "Id").unwrap_or_default();
        if let Some(expression) = said(query, "Expression") {
            let of = |name: &str| {
                let other =
                    queries.iter().find(|other| said(other, "Id") == Some(name) && said(other, "Id") != Some(id))?;
                match self.values(other, queries, live, start, end).ok()? {
                    math::Value::Series(series) => Some(series),
                    _ => None,
                }
            };
            return math::evaluate(expression, &of)
                .map_err(|reason| invalid(format!("Error in expression '{id}' [{expression}]: {reason}")));
        }
        let stat = query
            .get("MetricStat")
            .ok_or_else(|| invalid(format!("The query {id} has neither MetricStat nor Expression")))?;
        let key = key(stat.get("Metric").ok_or_else(|| missing("MetricStat.Metric"))?)?;
        let period = stat.get("Period").and_then(Value::as_u64).filter(|period| *period > 0);
        let period = period.ok_or_else(|| missing("MetricStat.Period"))?;
        let name = said(stat, "Stat").ok_or_else(|| missing("MetricStat.Stat"))?;
        let mut series = Series::new();
        for (at, samples) in self.periods(&key, start, end, period, live) {
            series.insert(at, statistic(name, &samples)?);
        }
        Ok(math::Value::Series(series))
    }

    pub(super) fn statistics(&self, body: &Value, live: Live<'_>) -> Outcome {
        let (start, end) = window(body)?;
        let key = key(body)?;
        let period = body.get("Period").and_then(Value::as_u64).filter(|period| *period > 0);
        let period = period.ok_or_else(|| missing("Period"))?;
        let wanted = |member: &str| -> Vec<String> {
            body.get(member)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect()
        };
        let (plain, extended) = (wanted("Statistics"), wanted("ExtendedStatistics"));
        let mut points = Vec::new();
        for (at, samples) in self.periods(&key, start, end, period, live) {
            let mut point = json!({ "Timestamp": at, "Unit": "None" });
            for name in &plain {
                point[name.as_str()] = json!(statistic(name, &samples)?);
            }
            if !extended.is_empty() {
                let mut all = json!({});
                for name in &extended {
                    all[name.as_str()] = json!(statistic(name, &samples)?);
                }
                point["ExtendedStatistics"] = all;
            }
            points.push(point);
        }
        Ok((200, json!({ "Label": key.1, "Datapoints": points })))
    }

    /// The samples of each period that has any, oldest first; periods begin at multiples of their length.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "seconds since 1970")]
    fn periods(&self, key: &Key, start: i64, end: i64, period: u64, live: Live<'_>) -> Vec<(i64, Vec<Sample>)> {
        let length = i64::try_from(period).unwrap_or(i64::MAX);
        let (namespace, name, dimensions) = key;
        let (traffic, acls) = live;
        let (from, to) = (start as f64, end as f64);
        let live = match namespace.as_str() {
            NAMESPACE => traffic.samples(name, dimensions, from, to, length),
            WAF_NAMESPACE => Rc::new(acls.samples(name, dimensions, from, to.min(traffic.seconds()))),
            _ => Rc::default(),
        };
        let mut periods: BTreeMap<i64, Vec<Sample>> = BTreeMap::new();
        for sample in self.samples.get(key).into_iter().flatten().chain(live.iter()) {
            let at = sample.at.floor() as i64;
            if (start..end).contains(&at) {
                periods.entry(at.div_euclid(length) * length).or_default().push(sample.clone());
            }
        }
        periods.into_iter().collect()
    }
}

fn key(tree: &Value) -> Result<Key, Refusal> {
    let namespace = said(tree, "Namespace").ok_or_else(|| missing("Namespace"))?;
    let name = said(tree, "MetricName").ok_or_else(|| missing("MetricName"))?;
    Ok((namespace.to_owned(), name.to_owned(), dimensions(tree)))
}

#[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
fn window(body: &Value) -> Result<(i64, i64), Refusal> {
    let at = |member: &str| body.get(member).and_then(Value::as_f64).map(|at| at as i64).ok_or_else(|| missing(member));
    let (start, end) = (at("StartTime")?, at("EndTime")?);
    if start >= end {
        return Err(invalid("The parameter StartTime must be less than the parameter EndTime."));
    }
    Ok((start, end))
}

/// One statistic over the samples of a period, which has at least one.
fn statistic(name: &str, samples: &[Sample]) -> Result<f64, Refusal> {
    let count: f64 = samples.iter().map(|sample| sample.count).sum();
    let sum: f64 = samples.iter().map(|sample| sample.value * sample.count).sum();
    Ok(match name {
        "SampleCount" => count,
        "Sum" => sum,
        "Average" => sum / count,
        "Minimum" => samples.iter().map(|sample| sample.value).fold(f64::INFINITY, f64::min),
        "Maximum" => samples.iter().map(|sample| sample.value).fold(f64::NEG_INFINITY, f64::max),
        _ => {
            let percent = name.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok());
            let percent = percent
                .filter(|percent| (0.0..=100.0).contains(percent))
                .ok_or_else(|| invalid(format!("The statistic {name} is not implemented by the demo account")))?;
            let mut sorted: Vec<&Sample> = samples.iter().collect();
            sorted.sort_by(|left, right| left.value.total_cmp(&right.value));
            let wanted = count * percent / 100.0;
            let mut passed = 0.0;
            let mut answer = f64::NEG_INFINITY;
            for sample in sorted {
                answer = sample.value;
                passed += sample.count;
                if passed >= wanted {
                    break;
                }
            }
            answer
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::RestApis;

    #[test]
    fn statistics_come_from_what_was_put() {
        let mut metrics = Metrics::default();
        let now = Timestamp::from_second(1_000_000).unwrap();
        for (at, value) in [(60.0, 1.0), (90.0, 3.0), (130.0, 10.0), (600.0, 99.0)] {
            let body =
                json!({ "Namespace": "N", "MetricData": [{ "MetricName": "M", "Timestamp": at, "Value": value }] });
            metrics.put(&body, now).unwrap();
        }
        let body = json!({
            "StartTime": 0.0, "EndTime": 600.0, "ScanBy": "TimestampAscending",
            "MetricDataQueries": [
                { "Id": "a", "MetricStat": { "Metric": { "Namespace": "N", "MetricName": "M" }, "Period": 60, "Stat": "Sum" } },
                { "Id": "b", "MetricStat": { "Metric": { "Namespace": "N", "MetricName": "M" }, "Period": 600, "Stat": "p50" } },
                { "Id": "c", "MetricStat": { "Metric": { "Namespace": "N", "MetricName": "other" }, "Period": 60, "Stat": "Sum" } },
            ]
        });
        let traffic = Traffic::of(&RestApis::default(), &crate::services::apigatewayv2::HttpApis::default(), now);
        let (_, answer) = metrics.data(&body, (&traffic, &WafTraffic::default())).unwrap();
        assert_eq!(answer["MetricDataResults"][0]["Timestamps"], json!([60, 120]));
        assert_eq!(answer["MetricDataResults"][0]["Values"], json!([4.0, 10.0]));
        assert_eq!(answer["MetricDataResults"][1]["Values"], json!([3.0]));
        assert_eq!(answer["MetricDataResults"][2]["Values"], json!([]));
    }
}
