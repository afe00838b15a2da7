//! What a route does, by the words of its path and its method.

use super::{
    built_in::SIGN_IN,
    words::{find, path_words},
};
use crate::{
    audience::Audience,
    route_class::{RouteClass, RouteClassDecision},
};

/// Words of classes that attackers hammer first, then the rest. First match wins.
const WORDS: &[(RouteClass, &[&str])] = &[
    (
        RouteClass::PasswordReset,
        &[
            "password reset",
            "reset password",
            "forgot password",
            "forgotten password",
            "password recovery",
            "recover password",
            "password forgot",
            "passwords reset",
            "passwords forgot",
        ],
    ),
    (
        RouteClass::OneTimeCode,
        &[
            "otp",
            "otps",
            "mfa",
            "2fa",
            "one time",
            "one time code",
            "verification code",
            "verify code",
            "passcode",
            "totp",
        ],
    ),
    (RouteClass::SignUp, &["sign up", "register", "registration", "create account"]),
    (RouteClass::Login, &["login", "log in", "sign in", "logon", "auth token", "oauth token", "oauth2 token"]),
    (RouteClass::GiftCard, &["gift card", "gift cards"]),
    (RouteClass::Coupon, &["coupon", "coupons", "voucher", "vouchers", "promo code", "promo codes", "promo"]),
    (RouteClass::Webhook, &["webhook", "webhooks", "callback", "callbacks", "ipn"]),
    (RouteClass::Health, &["health", "healthz", "healthcheck", "readiness", "readyz", "liveness", "livez", "ping"]),
    (RouteClass::Search, &["search", "autocomplete", "suggest", "suggestions"]),
];

const CHECKOUT: &[&str] =
    &["checkout", "checkouts", "payment", "payments", "pay", "preauth", "purchase", "place order"];

/// Decides the class. `preflight` is what [`crate::route_assembly`] found out about OPTIONS.
#[must_use]
pub fn decide(method: &str, path: &str, audience: Audience, preflight: bool) -> RouteClassDecision {
    let decided = |class, reason: String| RouteClassDecision { class, reason };
    if preflight {
        return decided(
            RouteClass::Preflight,
            "OPTIONS answered by a mock with Access-Control-Allow headers".to_owned(),
        );
    }
    if method == "MESSAGE" {
        return decided(RouteClass::Message, "a WebSocket route".to_owned());
    }
    let words = path_words(path);
    // "/ready" is a probe; "/orders/ready" lists orders.
    if let [word] = words.as_slice()
        && matches!(word.as_str(), "ready" | "live" | "alive")
    {
        return decided(RouteClass::Health, format!("the path is the word \"{word}\" alone"));
    }
    for (class, wanted) in WORDS {
        if let Some(word) = find(&words, wanted) {
            let class = match class {
                RouteClass::Webhook if word.starts_with("callback") && find(&words, SIGN_IN).is_some() => {
                    RouteClass::Login
                }
                class => *class,
            };
            return decided(class, format!("the path has the word \"{word}\""));
        }
    }
    if audience == Audience::Admin {
        return decided(RouteClass::AdminAction, "its audience is admin".to_owned());
    }
    if let Some(word) = find(&words, CHECKOUT) {
        return decided(RouteClass::Checkout, format!("the path has the word \"{word}\""));
    }
    if audience == Audience::Checkout && method != "GET" {
        return decided(RouteClass::Checkout, "it changes something and its audience is checkout".to_owned());
    }
    match method {
        "GET" | "HEAD" => decided(RouteClass::Browse, format!("{method} reads")),
        "POST" | "PUT" | "PATCH" | "DELETE" => decided(RouteClass::Write, format!("{method} changes something")),
        _ => decided(RouteClass::Other, format!("{method} does not say what it does")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_attackers_hammer_is_recognised() {
        let rows = [
            ("POST", "/login", RouteClass::Login),
            ("POST", "/auth/sign-in", RouteClass::Login),
            ("POST", "/auth/token", RouteClass::Login),
            ("POST", "/customers/register", RouteClass::SignUp),
            ("POST", "/login/otp", RouteClass::OneTimeCode),
            ("POST", "/forgot-password", RouteClass::PasswordReset),
            ("POST", "/password/reset", RouteClass::PasswordReset),
            ("GET", "/giftcards/{number}/balance", RouteClass::GiftCard),
            ("GET", "/gift-cards/{number}/balance", RouteClass::GiftCard),
            ("POST", "/coupons/validate", RouteClass::Coupon),
            ("GET", "/products/search", RouteClass::Search),
            ("GET", "/research", RouteClass::Browse),
            ("GET", "/healthcare/plans", RouteClass::Browse),
            ("GET", "/ready", RouteClass::Health),
            ("GET", "/orders/ready", RouteClass::Browse),
            ("GET", "/oauth2/callback", RouteClass::Login),
            ("POST", "/payments/callback", RouteClass::Webhook),
            ("POST", "/passwords/forgot", RouteClass::PasswordReset),
            ("ANY", "/{proxy+}", RouteClass::Other),
            ("MESSAGE", "$connect", RouteClass::Message),
        ];
        for (method, path, expected) in rows {
            let decision = decide(method, path, Audience::Unclassified, false);
            assert_eq!(decision.class, expected, "{method} {path}: {}", decision.reason);
        }
    }
}
