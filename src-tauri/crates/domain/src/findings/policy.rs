//! The numbers that controls judge by: an organisation's own where it has some.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{audience::Audience, route_class::RouteClass, throttle::Limit};

/// Numbers with defaults; each can be set alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PosturePolicy {
    /// Ceiling of what attackers hammer (login, sign-up, codes, resets, gift cards, coupons): requests per second.
    pub hammered_rate: f64,
    /// The same: requests at once.
    pub hammered_burst: i32,
    /// Ceiling of checkout routes, requests per second.
    pub checkout_rate: f64,
    /// Ceiling of admin routes, requests per second.
    pub admin_rate: f64,
    /// The share of the account's rate from which on one stage is too much, percent.
    pub stage_share_percent: f64,
    /// The age from which on an API key should have been rotated, days.
    pub key_age_days: i64,
    /// How long before its end a client certificate should be renewed, days.
    pub certificate_days: i64,
    /// How long what a stage logs should be kept at least, days.
    pub log_days: i64,
    /// How long a canary may run, hours.
    pub canary_hours: i64,
    /// The longest that a decision of an authorizer may be kept on checkout and admin routes, seconds.
    pub authorizer_ttl_seconds: i64,
    /// The share of a quota from which on a tenant is near its end, percent.
    pub quota_percent: f64,
}

impl Default for PosturePolicy {
    fn default() -> Self {
        Self {
            hammered_rate: 10.0,
            hammered_burst: 20,
            checkout_rate: 100.0,
            admin_rate: 50.0,
            stage_share_percent: 80.0,
            key_age_days: 365,
            certificate_days: 30,
            log_days: 365,
            canary_hours: 24,
            authorizer_ttl_seconds: 900,
            quota_percent: 80.0,
        }
    }
}

impl PosturePolicy {
    /// The ceiling of a route, with the words for why; `None` where none is set.
    #[must_use]
    pub fn ceiling(&self, class: RouteClass, audience: Audience) -> Option<(Limit, &'static str)> {
        if class.is_hammered() {
            let limit = Limit { rate: Some(self.hammered_rate), burst: Some(self.hammered_burst) };
            return Some((limit, "a route that attackers hammer"));
        }
        match audience {
            Audience::Checkout => Some((Limit { rate: Some(self.checkout_rate), burst: None }, "a checkout route")),
            Audience::Admin => Some((Limit { rate: Some(self.admin_rate), burst: None }, "an admin route")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_set_one_number_and_no_unknown_one() {
        let policy: PosturePolicy = toml::from_str("hammered-rate = 3.0").unwrap();
        assert_eq!(policy, PosturePolicy { hammered_rate: 3.0, ..PosturePolicy::default() });
        assert!(toml::from_str::<PosturePolicy>("hammered-rat = 3.0").is_err());
    }
}
