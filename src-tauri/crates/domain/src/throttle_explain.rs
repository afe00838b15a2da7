//! Which limit refused them? Every layer that throttles a request, and which one binds.
//!
//! API Gateway applies, in this order, the usage plan's limit for the method (or, without one, the plan's own), the
//! stage's limit for the method (or the stage's default), and the account's limit in the region, which is AWS's default for
//! the region until it is changed ("Throttle requests to your REST APIs" of the developer guide). A request must pass all of them, so the
//! lowest binds; inside a usage plan and inside a stage the narrower entry replaces the wider one. AWS applies all of
//! them on a best-effort basis: they are targets, not ceilings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::throttle::Limit;

/// A layer, in the order in which AWS applies them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LimitLayer {
    /// The usage plan's limit for this method, per API key.
    UsagePlanMethod,
    /// The usage plan's limit, per API key.
    UsagePlan,
    /// The stage's limit for this method.
    StageMethod,
    /// The stage's limit for methods without one of their own.
    StageDefault,
    /// The account's limit in the region, over all APIs.
    Account,
    /// AWS's default for an account in the region: what applies where nobody had the account's limit changed.
    Region,
}

/// Regions in which an account begins with a quarter of the usual limit ("API Gateway account-level quotas, per Region",
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>).
const SMALL_REGIONS: &[&str] = &[
    "af-south-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
];

/// The region's layer: what an account has there until AWS raises or lowers it.
#[must_use]
pub fn region_layer(region: &str) -> LayerLimit {
    let (rate, burst) = if SMALL_REGIONS.contains(&region) { (2_500.0, 1_250) } else { (10_000.0, 5_000) };
    LayerLimit {
        layer: LimitLayer::Region,
        place: format!("AWS's default for an account in {region}"),
        limit: Limit { rate: Some(rate), burst: Some(burst) },
    }
}

/// What is set at a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LayerLimit {
    /// Which layer.
    pub layer: LimitLayer,
    /// Where, for a person: `usage plan clinics-small`, `stage prod, POST /login`.
    pub place: String,
    /// What is set there; both halves empty when nothing is.
    pub limit: Limit,
}

/// A layer with what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedLayer {
    /// The layer.
    #[serde(flatten)]
    pub limit: LayerLimit,
    /// A narrower entry of the same kind replaces this one for this method.
    pub replaced: bool,
    /// The rate in effect is this one's.
    pub binds_rate: bool,
    /// The burst in effect is this one's.
    pub binds_burst: bool,
}

/// What applies to a request, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveLimit {
    /// The lowest rate and the lowest burst of the layers that apply.
    pub limit: Limit,
    /// Every layer, in AWS's order.
    pub layers: Vec<ExplainedLayer>,
}

/// The layer that makes this one void for the method at hand, when it has that half set.
fn narrower(layer: LimitLayer) -> Option<LimitLayer> {
    match layer {
        LimitLayer::UsagePlan => Some(LimitLayer::UsagePlanMethod),
        LimitLayer::StageDefault => Some(LimitLayer::StageMethod),
        // The account's own limit is what became of the default.
        LimitLayer::Region => Some(LimitLayer::Account),
        LimitLayer::UsagePlanMethod | LimitLayer::StageMethod | LimitLayer::Account => None,
    }
}

/// Works out what applies. `layers` has each layer at most once; layers that could not be read are left out, and the
/// caller says that they are missing.
#[must_use]
pub fn explain(mut layers: Vec<LayerLimit>) -> EffectiveLimit {
    layers.sort_by_key(|layer| layer.layer);
    let has = |wanted: LimitLayer, half: fn(&Limit) -> bool| {
        layers.iter().any(|layer| layer.layer == wanted && half(&layer.limit))
    };
    let rate_void =
        |layer: &LayerLimit| narrower(layer.layer).is_some_and(|other| has(other, |limit| limit.rate.is_some()));
    let burst_void =
        |layer: &LayerLimit| narrower(layer.layer).is_some_and(|other| has(other, |limit| limit.burst.is_some()));
    let rate =
        layers.iter().filter(|layer| !rate_void(layer)).filter_map(|layer| layer.limit.rate).min_by(f64::total_cmp);
    let burst = layers.iter().filter(|layer| !burst_void(layer)).filter_map(|layer| layer.limit.burst).min();
    let (mut rate_open, mut burst_open) = (true, true);
    let explained = layers
        .iter()
        .map(|layer| {
            // Of two layers with the same number the one that AWS asks first is named.
            let binds_rate = rate_open && !rate_void(layer) && rate.is_some() && layer.limit.rate == rate;
            let binds_burst = burst_open && !burst_void(layer) && burst.is_some() && layer.limit.burst == burst;
            rate_open &= !binds_rate;
            burst_open &= !binds_burst;
            ExplainedLayer {
                limit: layer.clone(),
                replaced: rate_void(layer) && burst_void(layer),
                binds_rate,
                binds_burst,
            }
        })
        .collect();
    EffectiveLimit { limit: Limit { rate, burst }, layers: explained }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layer(layer: LimitLayer, rate: Option<f64>, burst: Option<i32>) -> LayerLimit {
        LayerLimit { layer, place: String::new(), limit: Limit { rate, burst } }
    }

    fn binding(effective: &EffectiveLimit) -> (Option<LimitLayer>, Option<LimitLayer>) {
        let find = |binds: fn(&ExplainedLayer) -> bool| {
            effective.layers.iter().find(|layer| binds(layer)).map(|layer| layer.limit.layer)
        };
        (find(|layer| layer.binds_rate), find(|layer| layer.binds_burst))
    }

    #[test]
    fn the_regions_default_counts_only_where_the_accounts_own_limit_is_not_known() {
        use LimitLayer::{Account, Region};
        let raised = explain(vec![region_layer("eu-west-1"), layer(Account, Some(20_000.0), Some(10_000))]);
        assert_eq!(raised.limit, Limit { rate: Some(20_000.0), burst: Some(10_000) });
        assert_eq!(binding(&raised), (Some(Account), Some(Account)));
        assert!(raised.layers.iter().any(|layer| layer.limit.layer == Region && layer.replaced), "shown all the same");
        let unread = explain(vec![region_layer("af-south-1")]);
        assert_eq!(unread.limit, Limit { rate: Some(2_500.0), burst: Some(1_250) });
        assert_eq!(binding(&unread), (Some(Region), Some(Region)));
    }

    #[test]
    fn the_lowest_layer_binds_half_by_half() {
        use LimitLayer::{Account, StageDefault, StageMethod, UsagePlan, UsagePlanMethod};
        type Row =
            (&'static str, Vec<LayerLimit>, (Option<f64>, Option<i32>), (Option<LimitLayer>, Option<LimitLayer>));
        let rows: Vec<Row> = vec![
            ("nothing known", vec![], (None, None), (None, None)),
            (
                "account only",
                vec![layer(Account, Some(10_000.0), Some(5_000))],
                (Some(10_000.0), Some(5_000)),
                (Some(Account), Some(Account)),
            ),
            (
                "a method replaces the stage's default even upwards",
                vec![layer(StageDefault, Some(10.0), Some(10)), layer(StageMethod, Some(100.0), Some(100))],
                (Some(100.0), Some(100)),
                (Some(StageMethod), Some(StageMethod)),
            ),
            (
                "a stage above the account is worth the account",
                vec![layer(StageDefault, Some(20_000.0), Some(9_000)), layer(Account, Some(10_000.0), Some(5_000))],
                (Some(10_000.0), Some(5_000)),
                (Some(Account), Some(Account)),
            ),
            (
                "a generous tenant is held by the login's own limit",
                vec![layer(UsagePlan, Some(500.0), Some(50)), layer(StageMethod, Some(10.0), Some(200))],
                (Some(10.0), Some(50)),
                (Some(StageMethod), Some(UsagePlan)),
            ),
            (
                "a plan's method replaces the plan",
                vec![layer(UsagePlan, Some(1.0), Some(1)), layer(UsagePlanMethod, Some(5.0), None)],
                (Some(5.0), Some(1)),
                (Some(UsagePlanMethod), Some(UsagePlan)),
            ),
        ];
        for (name, layers, (rate, burst), binds) in rows {
            let effective = explain(layers);
            assert_eq!(effective.limit, Limit { rate, burst }, "{name}");
            assert_eq!(binding(&effective), binds, "{name}");
        }
    }

    proptest! {
        #[test]
        fn one_layer_binds_and_none_that_applies_is_lower(
            rates in proptest::collection::vec(proptest::option::of(0.0..100.0_f64), 6),
            bursts in proptest::collection::vec(proptest::option::of(0..100_i32), 6),
        ) {
            use LimitLayer::{Account, Region, StageDefault, StageMethod, UsagePlan, UsagePlanMethod};
            let order = [UsagePlanMethod, UsagePlan, StageMethod, StageDefault, Account, Region];
            let layers = order.iter().zip(rates.iter().zip(&bursts)).map(|(which, (rate, burst))| layer(*which, *rate, *burst));
            let effective = explain(layers.collect());
            prop_assert_eq!(effective.layers.iter().filter(|layer| layer.binds_rate).count(), usize::from(effective.limit.rate.is_some()));
            prop_assert_eq!(effective.layers.iter().filter(|layer| layer.binds_burst).count(), usize::from(effective.limit.burst.is_some()));
            for index in [0_usize, 2, 4] {
                if let (Some(rate), Some(bound)) = (rates[index], effective.limit.rate) {
                    prop_assert!(bound <= rate, "a layer that nothing replaces is never undercut");
                }
            }
        }
    }
}
