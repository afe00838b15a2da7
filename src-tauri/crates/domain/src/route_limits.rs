//! Which limit binds a route before any usage plan, and which layer set it.

use crate::{
    api::{ApiKind, Stage},
    throttle::{EffectiveThrottle, Limit, ThrottleSource},
    throttle_explain::{EffectiveLimit, LayerLimit, LimitLayer, explain},
};

/// The key of a route in [`Stage::limits`]: `POST /login`; a key that is no path (`$default`, `$connect`, a WebSocket
/// route) stands alone.
#[must_use]
pub fn limit_key(kind: ApiKind, method: &str, path: &str) -> String {
    if kind == ApiKind::Rest || path.starts_with('/') { format!("{method} {path}") } else { path.to_owned() }
}

/// A negative number is AWS's way of writing that nothing is set (`-1` in recorded answers of `GetStages`).
fn set(limit: Limit) -> Limit {
    Limit { rate: limit.rate.filter(|rate| *rate >= 0.0), burst: limit.burst.filter(|burst| *burst >= 0) }
}

/// Stage method, stage default and account for one route, as far as they are known, with which of them binds.
#[must_use]
pub fn layers(kind: ApiKind, stage: &Stage, method: &str, path: &str, account: Option<Limit>) -> EffectiveLimit {
    let key = limit_key(kind, method, path);
    let name = &stage.name;
    let entry = |layer, key: &str, place| LayerLimit {
        layer,
        place,
        limit: stage.limits.get(key).copied().map(set).unwrap_or_default(),
    };
    let mut layers = vec![
        entry(LimitLayer::StageMethod, &key, format!("stage {name}, {key}")),
        entry(LimitLayer::StageDefault, "*/*", format!("stage {name}, methods without a limit of their own")),
    ];
    layers.extend(account.map(|limit| LayerLimit {
        layer: LimitLayer::Account,
        place: "the account in this region, all APIs together".to_owned(),
        limit: set(limit),
    }));
    explain(layers)
}

/// The limit that binds, half by half. A stage's number is its own only below the account's: the account's limit rules
/// over any higher one, and the first patch of any setting of a stage writes AWS's default (10,000 a second, 5,000 at
/// once) beside it, which limits nobody and is no sign that somebody thought of it.
#[must_use]
pub fn effective(kind: ApiKind, stage: &Stage, method: &str, path: &str, account: Option<Limit>) -> EffectiveThrottle {
    let at = |key: &str| stage.limits.get(key).copied().map(set).unwrap_or_default();
    let (own, default, account) = (at(&limit_key(kind, method, path)), at("*/*"), account.map(set).unwrap_or_default());
    let (rate, source) = half(own.rate, default.rate, account.rate);
    let (burst, burst_source) = half(own.burst, default.burst, account.burst);
    EffectiveThrottle { limit: Limit { rate, burst }, source, burst_source }
}

fn half<T: PartialOrd>(own: Option<T>, default: Option<T>, account: Option<T>) -> (Option<T>, ThrottleSource) {
    let stage = own
        .map(|value| (value, ThrottleSource::StageMethod))
        .or_else(|| default.map(|value| (value, ThrottleSource::StageDefault)));
    match (stage, account) {
        (Some((value, source)), Some(account)) if value < account => (Some(value), source),
        (_, Some(account)) => (Some(account), ThrottleSource::Account),
        (Some((value, source)), None) => (Some(value), source),
        (None, None) => (None, ThrottleSource::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn stage(limits: &[(&str, Option<f64>, Option<i32>)]) -> Stage {
        Stage {
            name: "prod".into(),
            deployment_id: None,
            canary: None,
            web_acl_arn: None,
            limits: limits
                .iter()
                .map(|(key, rate, burst)| ((*key).to_owned(), Limit { rate: *rate, burst: *burst }))
                .collect(),
            detailed_metrics: BTreeMap::default(),
            access_log_arn: None,
            auto_deploy: true,
            tags: BTreeMap::new(),
            last_updated: None,
        }
    }

    const ACCOUNT: Option<Limit> = Some(Limit { rate: Some(10_000.0), burst: Some(5_000) });

    #[test]
    fn the_layer_that_set_each_half_is_named() {
        use ThrottleSource::{Account, StageDefault, StageMethod, Unknown};
        type Row = (
            &'static str,
            &'static [(&'static str, Option<f64>, Option<i32>)],
            Option<Limit>,
            (Option<f64>, ThrottleSource),
            (Option<i32>, ThrottleSource),
        );
        let rows: &[Row] = &[
            ("nothing is known", &[], None, (None, Unknown), (None, Unknown)),
            ("only the account limits", &[], ACCOUNT, (Some(10_000.0), Account), (Some(5_000), Account)),
            (
                "-1 sets nothing",
                &[("*/*", Some(-1.0), Some(-1))],
                ACCOUNT,
                (Some(10_000.0), Account),
                (Some(5_000), Account),
            ),
            (
                "what AWS wrote beside a log level is nobody's limit",
                &[("*/*", Some(10_000.0), Some(5_000))],
                ACCOUNT,
                (Some(10_000.0), Account),
                (Some(5_000), Account),
            ),
            (
                "a route's own rate, the stage's burst",
                &[("*/*", Some(100.0), Some(50)), ("POST /login", Some(5.0), None)],
                ACCOUNT,
                (Some(5.0), StageMethod),
                (Some(50), StageDefault),
            ),
            (
                "a rate of 0 is a limit: it blocks",
                &[("POST /login", Some(0.0), Some(0))],
                ACCOUNT,
                (Some(0.0), StageMethod),
                (Some(0), StageMethod),
            ),
            (
                "above the account the account rules",
                &[("POST /login", Some(20_000.0), Some(10))],
                ACCOUNT,
                (Some(10_000.0), Account),
                (Some(10), StageMethod),
            ),
            (
                "another route's limit is not this one's",
                &[("GET /login", Some(1.0), Some(1))],
                ACCOUNT,
                (Some(10_000.0), Account),
                (Some(5_000), Account),
            ),
        ];
        for (name, limits, account, rate, burst) in rows {
            let found = effective(ApiKind::Rest, &stage(limits), "POST", "/login", *account);
            assert_eq!((found.limit.rate, found.source), *rate, "{name}");
            assert_eq!((found.limit.burst, found.burst_source), *burst, "{name}");
        }
    }

    #[test]
    fn keys_are_those_of_the_three_products() {
        assert_eq!(limit_key(ApiKind::Rest, "GET", "/"), "GET /");
        assert_eq!(limit_key(ApiKind::Http, "ANY", "/pets/{id}"), "ANY /pets/{id}");
        assert_eq!(limit_key(ApiKind::Http, "ANY", "$default"), "$default");
        assert_eq!(limit_key(ApiKind::WebSocket, "MESSAGE", "$connect"), "$connect");
    }

    proptest! {
        #[test]
        fn the_row_and_its_detail_show_the_same_numbers(
            own in (proptest::option::of(-1.0..100.0_f64), proptest::option::of(-1..100_i32)),
            default in (proptest::option::of(-1.0..100.0_f64), proptest::option::of(-1..100_i32)),
            account in proptest::option::of((0.0..100.0_f64, 0..100_i32)),
        ) {
            let stage = stage(&[("GET /x", own.0, own.1), ("*/*", default.0, default.1)]);
            let account = account.map(|(rate, burst)| Limit { rate: Some(rate), burst: Some(burst) });
            let row = effective(ApiKind::Rest, &stage, "GET", "/x", account);
            let detail = layers(ApiKind::Rest, &stage, "GET", "/x", account);
            prop_assert_eq!(row.limit, detail.limit);
        }
    }
}
