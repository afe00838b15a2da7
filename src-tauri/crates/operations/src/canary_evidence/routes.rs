//! Route by route, where detailed metrics tell.

use portcullis_aws::MetricSeries;
use portcullis_domain::canary::{CanarySample, RouteEvidence};

use super::{
    Evidence, Look,
    metrics::{Split, whole_number},
};

/// Metrics of a route on either side.
const METRICS: [&str; 3] = ["Count", "4XXError", "5XXError"];
/// The most routes that are looked at one by one: one call of 500 series.
const ROUTES: usize = 500 / (2 * METRICS.len());

impl Look<'_> {
    pub(super) async fn routes(&mut self, evidence: &mut Evidence) {
        let all = self.inventory.definitions.len();
        if all > ROUTES {
            evidence.notes.push(format!("Of {all} routes the first {ROUTES} are looked at one by one."));
        }
        let definitions: Vec<_> = self.inventory.definitions.iter().take(ROUTES).collect();
        let mut series = Vec::with_capacity(definitions.len() * METRICS.len() * 2);
        for definition in &definitions {
            for stage in [format!("{}/Canary", self.stage.stage), self.stage.stage.clone()] {
                let mut dimensions = self.dimensions(stage);
                dimensions.push(("Resource", definition.path.to_string()));
                dimensions.push(("Method", definition.method.to_string()));
                series.extend(METRICS.map(|metric| MetricSeries::of_gateway(metric, "Sum", dimensions.clone())));
            }
        }
        let what = "the metrics of the routes";
        let read = self.reader.metric_series(what, &series, evidence.from, evidence.to, evidence.period()).await;
        let Some(values) = self.or_gap(read, what) else { return };
        let sums: Vec<u64> =
            values.iter().map(|points| whole_number(points.iter().map(|(_, value)| value).sum())).collect();
        let sample = |sums: &[u64]| CanarySample {
            requests: sums[0],
            client_errors: sums[1],
            server_errors: sums[2],
            ..CanarySample::default()
        };
        evidence.routes = definitions
            .iter()
            .zip(sums.chunks_exact(METRICS.len() * 2))
            .map(|(definition, sums)| {
                let (candidate, whole) = (sample(&sums[..METRICS.len()]), sample(&sums[METRICS.len()..]));
                RouteEvidence {
                    route: format!("{} {}", definition.method, definition.path),
                    candidate,
                    baseline: match evidence.split {
                        Split::Apart => whole,
                        _ => CanarySample::baseline_of(&whole, &candidate),
                    },
                }
            })
            .filter(|route| route.candidate.requests > 0)
            .collect();
    }
}
