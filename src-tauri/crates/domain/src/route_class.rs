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

/// A class with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteClassDecision {
    /// What the route does.
    pub class: RouteClass,
    /// A sentence.
    pub reason: String,
}
