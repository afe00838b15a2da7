//! What a route does, apart from whom it is for: throttles are judged by it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The class of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RouteClass {
    /// Signing in: credential stuffing.
    Login,
    /// Signing up: fake accounts.
    SignUp,
    /// One-time codes: guessing and SMS pumping.
    OneTimeCode,
    /// Password reset.
    PasswordReset,
    /// Gift-card balance.
    GiftCard,
    /// Coupon validation: guessing.
    Coupon,
    /// Payment and order placement.
    Checkout,
    /// A callback from a provider.
    Webhook,
    /// Health and readiness.
    Health,
    /// An action of the back office.
    AdminAction,
    /// Search.
    Search,
    /// Reading: lists and pages.
    Browse,
    /// Changing something of one's own.
    Write,
    /// A CORS preflight.
    Preflight,
    /// A WebSocket connection or message.
    Message,
    /// None of the above is evident.
    Other,
}

impl RouteClass {
    /// Whether attackers hammer routes of this class: its limits are judged more strictly than those of its audience.
    #[must_use]
    pub const fn is_hammered(self) -> bool {
        matches!(
            self,
            Self::Login | Self::SignUp | Self::OneTimeCode | Self::PasswordReset | Self::GiftCard | Self::Coupon
        )
    }

    /// Every one, in order.
    pub const ALL: &'static [Self] = &[
        Self::Login,
        Self::SignUp,
        Self::OneTimeCode,
        Self::PasswordReset,
        Self::GiftCard,
        Self::Coupon,
        Self::Checkout,
        Self::Webhook,
        Self::Health,
        Self::AdminAction,
        Self::Search,
        Self::Browse,
        Self::Write,
        Self::Preflight,
        Self::Message,
        Self::Other,
    ];

    /// The name on the wire: `one-time-code`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::SignUp => "sign-up",
            Self::OneTimeCode => "one-time-code",
            Self::PasswordReset => "password-reset",
            Self::GiftCard => "gift-card",
            Self::Coupon => "coupon",
            Self::Checkout => "checkout",
            Self::Webhook => "webhook",
            Self::Health => "health",
            Self::AdminAction => "admin-action",
            Self::Search => "search",
            Self::Browse => "browse",
            Self::Write => "write",
            Self::Preflight => "preflight",
            Self::Message => "message",
            Self::Other => "other",
        }
    }
}

/// A class with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteClassDecision {
    /// What the route does.
    pub class: RouteClass,
    /// A sentence.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audience::{Audience, AudienceSource},
        route::Drift,
        throttle::ThrottleSource,
    };

    /// Filters and groups use these names beside JSON: they must not part.
    #[test]
    fn names_are_those_of_the_wire() {
        let wire = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        macro_rules! same {
            ($($kind:ty),*) => { $( for value in <$kind>::ALL {
                assert_eq!(value.name(), wire(serde_json::to_value(value).unwrap()));
            } )* };
        }
        same!(RouteClass, Audience, AudienceSource, Drift, ThrottleSource);
    }
}
