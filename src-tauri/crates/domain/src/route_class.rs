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
            ($($value:expr),* $(,)?) => { $( assert_eq!($value.name(), wire(serde_json::to_value($value).unwrap())); )* };
        }
        same!(
            RouteClass::Login,
            RouteClass::SignUp,
            RouteClass::OneTimeCode,
            RouteClass::PasswordReset,
            RouteClass::GiftCard,
            RouteClass::Coupon,
            RouteClass::Checkout,
            RouteClass::Webhook,
            RouteClass::Health,
            RouteClass::AdminAction,
            RouteClass::Search,
            RouteClass::Browse,
            RouteClass::Write,
            RouteClass::Preflight,
            RouteClass::Message,
            RouteClass::Other,
            Audience::Admin,
            Audience::Checkout,
            Audience::Customer,
            Audience::Partner,
            Audience::Webhook,
            Audience::Internal,
            Audience::Public,
            Audience::Unclassified,
            AudienceSource::Override,
            AudienceSource::Tag,
            AudienceSource::OrganisationRule,
            AudienceSource::BuiltIn,
            AudienceSource::None,
            Drift::None,
            Drift::Added,
            Drift::Removed,
            Drift::Changed,
            Drift::DraftOnly,
            ThrottleSource::StageMethod,
            ThrottleSource::StageDefault,
            ThrottleSource::Account,
            ThrottleSource::Unknown,
        );
    }
}
