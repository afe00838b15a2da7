//! From "10 requests a second on POST /login" to the calls that bring it about.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    AwsCall, Fields, HttpRouteLimit, PatchOp, PatchOperation, PlanTarget, StageMethodSetting, UsagePlanMethod,
};
use crate::throttle::Limit;

/// Where, inside a target, a limit is set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "at", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ThrottlePlace {
    /// The stage's (or usage plan's) limit for everything without one of its own.
    Default,
    /// One method of the stage; on HTTP and WebSocket stages the route key is `METHOD path`, or the path alone.
    Method {
        /// `GET`, `ANY`.
        method: String,
        /// `/pets/{id}`.
        path: String,
    },
    /// One method of one stage inside a usage plan.
    PlanMethod {
        /// API.
        api_id: String,
        /// Stage.
        stage: String,
        /// `GET`.
        method: String,
        /// `/pets/{id}`.
        path: String,
    },
}

/// One limit to set or to take away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleEdit {
    /// Where.
    pub place: ThrottlePlace,
    /// What to set; `None` takes the limit away, so that the next wider one applies.
    #[ts(optional = nullable)]
    pub limit: Option<Limit>,
}

/// Why an edit is no edit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ThrottleEditError {
    /// Negative, not a number, infinite.
    #[error("a rate limit is a number of requests per second, 0 or more; {0} is not")]
    Rate(String),
    /// Negative or not whole.
    #[error("a burst limit is a whole number of requests from 0 to 2147483647; {0} is not")]
    Burst(String),
    /// Neither half given.
    #[error("neither a rate nor a burst limit was given for {0}")]
    Empty(String),
    /// A place that this kind of target does not have.
    #[error("{target} has no limit at {place}")]
    NoSuchPlace {
        /// The target, for a person.
        target: String,
        /// The place, for a person.
        place: String,
    },
}

/// Reads a rate as a person types it.
///
/// # Errors
/// [`ThrottleEditError::Rate`].
pub fn parse_rate(text: &str) -> Result<f64, ThrottleEditError> {
    let rate = text.trim().parse::<f64>().map_err(|_| ThrottleEditError::Rate(text.to_owned()))?;
    if rate.is_finite() && rate >= 0.0 { Ok(rate) } else { Err(ThrottleEditError::Rate(text.to_owned())) }
}

/// Reads a burst as a person types it.
///
/// # Errors
/// [`ThrottleEditError::Burst`].
pub fn parse_burst(text: &str) -> Result<i32, ThrottleEditError> {
    let burst = text.trim().parse::<i32>().map_err(|_| ThrottleEditError::Burst(text.to_owned()))?;
    if burst >= 0 { Ok(burst) } else { Err(ThrottleEditError::Burst(text.to_owned())) }
}

impl ThrottlePlace {
    /// For a person.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Default => "the default".to_owned(),
            Self::Method { method, path } => format!("{method} {path}"),
            Self::PlanMethod { stage, method, path, .. } => format!("{method} {path} of stage {stage}"),
        }
    }

    /// The prefix of the place's fields in a target of that kind.
    #[must_use]
    pub fn field_prefix(&self, target: &PlanTarget) -> Option<String> {
        match (target, self) {
            (PlanTarget::RestStage { .. }, Self::Default) => Some("methodSettings/*/*".to_owned()),
            (PlanTarget::RestStage { .. }, Self::Method { method, path }) => {
                Some(format!("methodSettings/{method} {path}"))
            }
            (PlanTarget::HttpStage { .. }, Self::Default) => Some("defaultRouteSettings".to_owned()),
            (PlanTarget::HttpStage { .. }, Self::Method { method, path }) => {
                Some(format!("routeSettings/{}", route_key(method, path)))
            }
            (PlanTarget::UsagePlan { .. }, Self::Default) => Some("throttle".to_owned()),
            (PlanTarget::UsagePlan { .. }, Self::PlanMethod { api_id, stage, method, path }) => {
                Some(format!("apiStages/{api_id}:{stage}/throttle/{method} {path}"))
            }
            (PlanTarget::RestStage { .. } | PlanTarget::HttpStage { .. }, Self::PlanMethod { .. })
            | (PlanTarget::UsagePlan { .. }, Self::Method { .. })
            // Neither a key nor a web ACL nor an alarm has limits of its own.
            | (
                PlanTarget::PlanKey { .. }
                | PlanTarget::ApiKey { .. }
                | PlanTarget::NewApiKey { .. }
                | PlanTarget::NewPlanKey { .. }
                | PlanTarget::WebAcl { .. }
                | PlanTarget::Alarm { .. },
                _,
            ) => None,
        }
    }
}

/// AWS's route key of a row: WebSocket routes and `$default` have no method.
fn route_key(method: &str, path: &str) -> String {
    if path.starts_with('/') { format!("{method} {path}") } else { path.to_owned() }
}

/// `25.0`: API Gateway's rate is a double, and AWS writes it with its decimal point.
fn rate_text(rate: f64) -> String {
    format!("{rate:?}")
}

/// The calls that bring the edits about on one target, fewest first: one patch list per REST stage or usage plan
/// (UpdateUsagePlan is allowed once in 20 seconds), one update plus one delete per removed route on an HTTP stage.
/// Edits that change nothing make no call.
///
/// # Errors
/// [`ThrottleEditError`] for a limit or a place that cannot be.
pub fn throttle_calls(
    target: &PlanTarget,
    fields: &Fields,
    edits: &[ThrottleEdit],
) -> Result<Vec<AwsCall>, ThrottleEditError> {
    let mut patches = Vec::new();
    let (mut default_limit, mut route_limits, mut removed_routes) = (None, Vec::new(), Vec::new());
    for edit in edits {
        let place = edit.place.label();
        let Some(prefix) = edit.place.field_prefix(target) else {
            return Err(ThrottleEditError::NoSuchPlace { target: target.label(), place });
        };
        let Some(limit) = edit.limit else {
            if !fields.keys().any(|name| name.starts_with(&format!("{prefix}/"))) {
                continue;
            }
            match (target, &edit.place) {
                (PlanTarget::HttpStage { .. }, ThrottlePlace::Method { method, path }) => {
                    removed_routes.push(route_key(method, path));
                }
                (PlanTarget::HttpStage { .. }, _) => {
                    // API Gateway V2 has no call that takes the default's limits away.
                    return Err(ThrottleEditError::NoSuchPlace {
                        target: target.label(),
                        place: "the default, to remove it".to_owned(),
                    });
                }
                _ => patches.push(PatchOperation::remove(entry_path(&edit.place, target))),
            }
            continue;
        };
        check(&limit, &place)?;
        let wanted = halves_that_differ(fields, &prefix, &limit);
        if wanted == Limit::default() {
            continue;
        }
        match (target, &edit.place) {
            (PlanTarget::HttpStage { .. }, ThrottlePlace::Default) => default_limit = Some(wanted),
            (PlanTarget::HttpStage { .. }, ThrottlePlace::Method { method, path }) => {
                route_limits.push(HttpRouteLimit { route_key: route_key(method, path), limit: wanted });
            }
            _ => patches.extend(limit_patches(&edit.place, target, &wanted)),
        }
    }
    Ok(match target {
        PlanTarget::RestStage { api_id, stage, .. } if !patches.is_empty() => {
            vec![AwsCall::UpdateStage { api_id: api_id.clone(), stage_name: stage.clone(), patch_operations: patches }]
        }
        PlanTarget::UsagePlan { usage_plan_id, .. } if !patches.is_empty() => {
            vec![AwsCall::UpdateUsagePlan { usage_plan_id: usage_plan_id.clone(), patch_operations: patches }]
        }
        PlanTarget::HttpStage { api_id, stage, .. } => {
            let mut calls = Vec::new();
            if default_limit.is_some() || !route_limits.is_empty() {
                calls.push(AwsCall::UpdateHttpStage {
                    api_id: api_id.clone(),
                    stage_name: stage.clone(),
                    default_limit,
                    route_limits,
                    deployment_id: None,
                });
            }
            calls.extend(removed_routes.into_iter().map(|route_key| AwsCall::DeleteRouteSettings {
                api_id: api_id.clone(),
                stage_name: stage.clone(),
                route_key,
            }));
            calls
        }
        PlanTarget::RestStage { .. }
        | PlanTarget::UsagePlan { .. }
        | PlanTarget::PlanKey { .. }
        | PlanTarget::ApiKey { .. }
        | PlanTarget::NewApiKey { .. }
        | PlanTarget::WebAcl { .. }
        | PlanTarget::NewPlanKey { .. }
        | PlanTarget::Alarm { .. } => Vec::new(),
    })
}

fn check(limit: &Limit, place: &str) -> Result<(), ThrottleEditError> {
    if let Some(rate) = limit.rate
        && !(rate.is_finite() && rate >= 0.0)
    {
        return Err(ThrottleEditError::Rate(rate.to_string()));
    }
    if let Some(burst) = limit.burst
        && burst < 0
    {
        return Err(ThrottleEditError::Burst(burst.to_string()));
    }
    if limit.rate.is_none() && limit.burst.is_none() {
        return Err(ThrottleEditError::Empty(place.to_owned()));
    }
    Ok(())
}

fn halves_that_differ(fields: &Fields, prefix: &str, limit: &Limit) -> Limit {
    let live = |half: &str| fields.get(&format!("{prefix}/{half}")).and_then(serde_json::Value::as_f64);
    Limit {
        rate: limit.rate.filter(|rate| live("rateLimit") != Some(*rate)),
        burst: limit.burst.filter(|burst| live("burstLimit") != Some(f64::from(*burst))),
    }
}

fn limit_patches(place: &ThrottlePlace, target: &PlanTarget, limit: &Limit) -> Vec<PatchOperation> {
    let (rate_path, burst_path) = match (target, place) {
        (PlanTarget::UsagePlan { .. }, ThrottlePlace::PlanMethod { api_id, stage, path, method }) => {
            let plan_method = UsagePlanMethod { api_id, stage, path, method };
            (plan_method.rate_limit(), plan_method.burst_limit())
        }
        (PlanTarget::UsagePlan { .. }, _) => ("/throttle/rateLimit".to_owned(), "/throttle/burstLimit".to_owned()),
        (_, ThrottlePlace::Method { method, path }) => {
            let setting = StageMethodSetting::Method { path, method };
            (setting.rate_limit(), setting.burst_limit())
        }
        (_, _) => (StageMethodSetting::Default.rate_limit(), StageMethodSetting::Default.burst_limit()),
    };
    // A stage's limits take `replace` only; a plan's take `add` and `replace`, and `replace` also where nothing was set.
    let patch =
        |path: String, value: String| PatchOperation { op: PatchOp::Replace, path, value: Some(value), from: None };
    let rate = limit.rate.map(|rate| patch(rate_path, rate_text(rate)));
    let burst = limit.burst.map(|burst| patch(burst_path, burst.to_string()));
    rate.into_iter().chain(burst).collect()
}

fn entry_path(place: &ThrottlePlace, target: &PlanTarget) -> String {
    match (target, place) {
        (PlanTarget::UsagePlan { .. }, ThrottlePlace::PlanMethod { api_id, stage, path, method }) => {
            UsagePlanMethod { api_id, stage, path, method }.entry()
        }
        (PlanTarget::UsagePlan { .. }, _) => "/throttle".to_owned(),
        (_, ThrottlePlace::Method { method, path }) => StageMethodSetting::Method { path, method }.entry(),
        (_, _) => StageMethodSetting::Default.entry(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::fields_after;
    use proptest::prelude::*;
    use serde_json::json;

    fn rest() -> PlanTarget {
        PlanTarget::RestStage {
            context: "demo".into(),
            api_id: "a1".into(),
            api_name: "shop".into(),
            stage: "prod".into(),
        }
    }

    fn http() -> PlanTarget {
        PlanTarget::HttpStage {
            context: "demo".into(),
            api_id: "h1".into(),
            api_name: "app".into(),
            stage: "$default".into(),
        }
    }

    fn plan() -> PlanTarget {
        PlanTarget::UsagePlan { context: "demo".into(), usage_plan_id: "u1".into(), plan_name: "small".into() }
    }

    fn login(rate: Option<f64>, burst: Option<i32>) -> ThrottleEdit {
        ThrottleEdit {
            place: ThrottlePlace::Method { method: "POST".into(), path: "/login".into() },
            limit: Some(Limit { rate, burst }),
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(parse_rate(" 0.5 "), Ok(0.5));
        assert_eq!(parse_rate("0"), Ok(0.0));
        for text in ["-1", "ten", "", "inf", "NaN", "1,5"] {
            assert_eq!(parse_rate(text), Err(ThrottleEditError::Rate(text.to_owned())), "{text}");
        }
        assert_eq!(parse_burst("2147483647"), Ok(i32::MAX));
        for text in ["-1", "1.5", "2147483648", "many"] {
            assert_eq!(parse_burst(text), Err(ThrottleEditError::Burst(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_already_so_makes_no_call() {
        let fields = Fields::from([("methodSettings/POST /login/rateLimit".to_owned(), json!(10))]);
        assert_eq!(throttle_calls(&rest(), &fields, &[login(Some(10.0), None)]), Ok(vec![]));
        let remove = ThrottleEdit { place: ThrottlePlace::Default, limit: None };
        assert_eq!(throttle_calls(&rest(), &fields, &[remove]), Ok(vec![]), "there is no default to remove");
    }

    #[test]
    fn all_edits_of_a_usage_plan_are_one_call() {
        let method = |path: &str| ThrottleEdit {
            place: ThrottlePlace::PlanMethod {
                api_id: "a1".into(),
                stage: "prod".into(),
                method: "GET".into(),
                path: path.into(),
            },
            limit: Some(Limit { rate: Some(2.0), burst: Some(4) }),
        };
        let calls = throttle_calls(&plan(), &Fields::new(), &[method("/a"), method("/b")]).unwrap();
        assert!(
            matches!(calls.as_slice(), [AwsCall::UpdateUsagePlan { patch_operations, .. }] if patch_operations.len() == 4)
        );
    }

    #[test]
    fn a_place_that_the_target_has_not_is_refused() {
        let error = throttle_calls(&plan(), &Fields::new(), &[login(Some(1.0), None)]).unwrap_err();
        assert_eq!(error.to_string(), "usage plan small (u1) has no limit at POST /login");
    }

    fn places(target: &PlanTarget) -> BoxedStrategy<ThrottlePlace> {
        let word = "/[a-z~{}+]{0,6}";
        let method = prop_oneof![Just("GET"), Just("ANY")];
        match target {
            PlanTarget::UsagePlan { .. } => prop_oneof![
                Just(ThrottlePlace::Default),
                (method, word).prop_map(|(method, path)| ThrottlePlace::PlanMethod {
                    api_id: "a1".into(),
                    stage: "prod".into(),
                    method: method.into(),
                    path
                })
            ]
            .boxed(),
            _ => prop_oneof![
                Just(ThrottlePlace::Default),
                (method, word).prop_map(|(method, path)| ThrottlePlace::Method { method: method.into(), path })
            ]
            .boxed(),
        }
    }

    fn edits() -> impl Strategy<Value = (PlanTarget, Vec<ThrottleEdit>)> {
        prop_oneof![Just(rest()), Just(http()), Just(plan())].prop_flat_map(|target| {
            let edit = (places(&target), 0.0..1e6_f64, 0..i32::MAX).prop_map(|(place, rate, burst)| ThrottleEdit {
                place,
                limit: Some(Limit { rate: Some(rate), burst: Some(burst) }),
            });
            (Just(target), proptest::collection::vec(edit, 1..4))
        })
    }

    proptest! {
        #[test]
        fn the_calls_bring_about_what_was_asked_and_asking_again_makes_none((target, mut edits) in edits()) {
            edits.sort_by(|left, right| left.place.cmp(&right.place));
            edits.dedup_by(|left, right| left.place == right.place);
            let mut fields = Fields::new();
            for call in throttle_calls(&target, &fields, &edits).unwrap() {
                fields = fields_after(&call, &fields).expect("every call of a throttle edit can be predicted");
            }
            for edit in &edits {
                let prefix = edit.place.field_prefix(&target).unwrap();
                let limit = edit.limit.unwrap();
                prop_assert_eq!(fields[&format!("{prefix}/rateLimit")].as_f64(), limit.rate);
                prop_assert_eq!(fields[&format!("{prefix}/burstLimit")].as_i64(), limit.burst.map(i64::from));
            }
            prop_assert_eq!(throttle_calls(&target, &fields, &edits), Ok(vec![]));
        }
    }
}
