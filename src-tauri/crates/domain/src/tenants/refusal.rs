//! Which limit refused them? The answer as sentences that support can read aloud.
//!
//! A key that is unknown, disabled or in no plan of the stage gets 403 `Forbidden`; one over its rate, or over its quota,
//! 429 `Too Many Requests` or `Limit Exceeded` (developer guide, "Gateway response types"). A method that requires no key
//! counts against no plan.

use super::{QuotaPeriod, QuotaStanding, QuotaState};
use crate::{
    throttle::Limit,
    throttle_explain::{EffectiveLimit, LimitLayer},
};

/// A key at a route.
#[derive(Debug, Clone)]
pub struct KeyAtRoute<'a> {
    /// Whose.
    pub tenant: &'a str,
    /// `POST /login of storefront, prod`.
    pub route: &'a str,
    /// Whether the method requires a key.
    pub requires_key: bool,
    /// Whether the key is enabled; `None` when it could not be read.
    pub enabled: Option<bool>,
    /// The plan of the key with this stage, its quota's period and standing; `None` when no plan of the key has it.
    pub plan: Option<(&'a str, Option<QuotaPeriod>, &'a QuotaStanding)>,
    /// What applies at the route, the plan's limits included where they count.
    pub effective: &'a EffectiveLimit,
}

/// The verdict first, then what else holds.
#[must_use]
pub fn refusal_sentences(at: &KeyAtRoute<'_>) -> Vec<String> {
    let (tenant, route) = (at.tenant, at.route);
    let mut said = Vec::new();
    if !at.requires_key {
        said.push(format!(
            "{route} does not ask for an API key, so neither {tenant}'s quota nor their plan's limits can have refused them there."
        ));
        said.extend(rate_sentence(at));
        return said;
    }
    if at.enabled == Some(false) {
        said.push(format!(
            "{tenant}'s key is disabled: every request is refused with 403 Forbidden. Enable it, or hand over another."
        ));
        return said;
    }
    let Some((plan, period, standing)) = at.plan else {
        said.push(format!(
            "{tenant}'s key is in no usage plan that opens {route}: every request is refused with 403 Forbidden. Add the key to a plan of that stage."
        ));
        return said;
    };
    let each = match period {
        Some(QuotaPeriod::Day) => "today's",
        Some(QuotaPeriod::Week) => "this week's",
        Some(QuotaPeriod::Month) => "this month's",
        None => "the",
    };
    let resets = standing.resets_on.map(|day| format!(" It is counted afresh on {day}, UTC.")).unwrap_or_default();
    match (standing.state, standing.limit, standing.remaining) {
        (QuotaState::Over, Some(0), _) => said.push(format!(
            "Plan {plan} allows {tenant} no request in this period, because its quota or what was left of it was set to 0: every one is refused with 429 Limit Exceeded. Raise or extend the quota, or move them to another plan."
        )),
        (QuotaState::Over, Some(limit), _) => said.push(format!(
            "{tenant} has used {each} quota of plan {plan}: {} of {limit} requests, so further ones are refused with 429 Limit Exceeded.{resets}",
            standing.used
        )),
        (QuotaState::Unknown, ..) => {
            said.push(format!("How much of plan {plan}'s quota {tenant} has used could not be read: it may be used up."));
        }
        (_, Some(limit), Some(remaining)) => {
            said.push(format!(
                "The quota did not refuse {tenant}: of {each} {limit} requests in plan {plan} about {remaining} are left.{resets}"
            ));
        }
        _ => said.push(format!("Plan {plan} has no quota, so no quota refused {tenant}.")),
    }
    if at.enabled.is_none() {
        said.push("Whether the key is enabled could not be read.".to_owned());
    }
    said.extend(rate_sentence(at));
    said.push("AWS counts with up to 40 minutes' delay and enforces all of this as well as it can: numbers are close, not exact.".to_owned());
    said
}

/// The rate and the burst that hold, and where they are set.
fn rate_sentence(at: &KeyAtRoute<'_>) -> Option<String> {
    let binds = at.effective.layers.iter().find(|layer| layer.binds_rate);
    let Limit { rate, burst } = at.effective.limit;
    let rate = rate?;
    let burst = burst.map(|burst| format!(" with {burst} at once")).unwrap_or_default();
    let place = binds.map(|layer| layer.limit.place.clone()).unwrap_or_default();
    let whose = match binds.map(|layer| layer.limit.layer) {
        Some(LimitLayer::UsagePlan | LimitLayer::UsagePlanMethod) => "for this key alone",
        _ => "shared with every other caller",
    };
    Some(format!(
        "The rate limit there is {rate} requests per second{burst}, {whose}, set by {place}; above it requests get 429 Too Many Requests."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        tenants::{DayUse, Quota, standing},
        throttle_explain::{LayerLimit, explain},
    };

    fn effective() -> EffectiveLimit {
        let layer = |layer, place: &str, rate| LayerLimit {
            layer,
            place: place.to_owned(),
            limit: Limit { rate: Some(rate), burst: Some(10) },
        };
        explain(vec![
            layer(LimitLayer::UsagePlan, "usage plan small", 5.0),
            layer(LimitLayer::Account, "the account", 10_000.0),
        ])
    }

    fn stood(used: i64, remaining: i64) -> QuotaStanding {
        let today = jiff::civil::date(2026, 3, 2);
        let days = [DayUse { day: today, used, remaining: Some(remaining) }];
        standing(Some(Quota::of(5_000, QuotaPeriod::Day)), Some(&days), true, today, 0.5)
    }

    fn first(requires_key: bool, enabled: Option<bool>, plan: Option<&QuotaStanding>) -> String {
        let effective = effective();
        let at = KeyAtRoute {
            tenant: "Practice A",
            route: "GET /referrals of partner, prod",
            requires_key,
            enabled,
            plan: plan.map(|standing| ("small", Some(QuotaPeriod::Day), standing)),
            effective: &effective,
        };
        refusal_sentences(&at).remove(0)
    }

    #[test]
    fn the_verdict_comes_first() {
        let (over, fine, nothing) = (stood(5_000, 0), stood(100, 4_900), stood(0, 0));
        let rows = [
            (first(true, Some(true), Some(&over)), "has used today's quota of plan small: 5000 of 5000 requests"),
            (first(true, Some(true), Some(&fine)), "about 4900 are left"),
            (first(true, Some(true), Some(&nothing)), "Plan small allows Practice A no request in this period"),
            (first(true, Some(false), Some(&over)), "key is disabled: every request is refused with 403"),
            (first(true, Some(true), None), "is in no usage plan that opens GET /referrals"),
            (first(false, Some(true), Some(&over)), "does not ask for an API key"),
        ];
        for (sentence, part) in rows {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn a_limit_of_ones_own_is_told_from_a_shared_one() {
        let (effective, fine) = (effective(), stood(1, 4_999));
        let plan = Some(("small", Some(QuotaPeriod::Day), &fine));
        let at = KeyAtRoute { tenant: "A", route: "r", requires_key: true, enabled: None, plan, effective: &effective };
        let said = refusal_sentences(&at).join(" ");
        assert!(
            said.contains("5 requests per second with 10 at once, for this key alone, set by usage plan small"),
            "{said}"
        );
        assert!(said.contains("Whether the key is enabled could not be read."), "{said}");
    }
}
