//! The clinic network: a portal for patients, the partner API of its practices, the mobile app, live updates.

use serde_json::json;

use super::rows::{Row, authorizer, cognito, definition, function, lambda, object, row};
use crate::import::{Definition, Product};

const PORTAL: &[Row] = &[
    row("GET /clinics", "clinics"),
    row("GET /clinics/{clinicId}", "clinics"),
    row("GET /clinics/{clinicId}/opening-hours", "clinics"),
    row("GET /doctors", "clinics"),
    row("GET /doctors/{doctorId}/slots", "appointments").checked("parameters"),
    row("POST /login", "patient-identity").checked("body"),
    row("POST /otp/verify", "patient-identity").checked("body"),
    row("GET /appointments", "appointments").by("patients"),
    row("POST /appointments", "appointments").by("patients").checked("body"),
    row("GET /appointments/{appointmentId}", "appointments").by("patients"),
    row("DELETE /appointments/{appointmentId}", "appointments").by("patients"),
    row("GET /me/profile", "patients").by("patients"),
    row("PUT /me/profile", "patients").by("patients").checked("body"),
    row("GET /me/prescriptions", "records").by("patients").scope("records/read"),
    row("GET /me/results", "records").by("patients").scope("records/read"),
    row("GET /me/results/{resultId}", "records").by("patients").scope("records/read"),
    row("GET /patients/{patientId}", "records").key(),
    row("POST /payments", "billing").by("patients").checked("body"),
];

const PARTNER: &[Row] = &[
    row("GET /partner/v1/practices/{practiceId}", "practices").by("partner-token").key(),
    row("GET /partner/v1/practices/{practiceId}/appointments", "practices").by("partner-token").key(),
    row("POST /partner/v1/practices/{practiceId}/appointments", "practices").by("partner-token").key().checked("body"),
    row("PUT /partner/v1/appointments/{appointmentId}", "practices").by("partner-token").key().checked("body"),
    row("DELETE /partner/v1/appointments/{appointmentId}", "practices").by("partner-token").key(),
    row("GET /partner/v1/referrals", "referrals").by("partner-token").key(),
    row("POST /partner/v1/referrals", "referrals").by("partner-token").key().checked("body"),
    row("GET /partner/v1/referrals/{referralId}", "referrals").by("partner-token").key(),
    row("POST /partner/v1/claims", "claims").by("partner-token").key().checked("body").timeout(29_000),
    row("GET /partner/v1/claims/{claimId}", "claims").by("partner-token").key(),
    row("GET /partner/v1/price-list", "claims").key(),
    row("POST /partner/v1/orders", "supplies").by("partner-token").key().checked("body"),
    row("GET /partner/v1/orders/{orderId}", "supplies").by("partner-token").key(),
    row("GET /partner/v1/catalogue", "supplies").key(),
    row("GET /partner/v1/usage", "practices").by("partner-token"),
    row("GET /partner/v1/status", "health"),
];

const MOBILE: &[Row] = &[
    row("GET /catalogue", "mobile-catalogue"),
    row("GET /catalogue/{productId}", "mobile-catalogue"),
    row("GET /search", "mobile-search"),
    row("POST /login", "mobile-identity"),
    row("POST /token/refresh", "mobile-identity"),
    row("GET /home", "mobile-home").by("app-users"),
    row("GET /me", "mobile-profile").by("app-users"),
    row("PATCH /me", "mobile-profile").by("app-users").scope("profile/write"),
    row("GET /cart", "mobile-cart").by("app-users"),
    row("POST /cart/items", "mobile-cart").by("app-users"),
    row("DELETE /cart/items/{itemId}", "mobile-cart").by("app-users"),
    row("POST /checkout", "mobile-checkout").by("app-users").scope("orders/write"),
    row("GET /orders", "mobile-orders").by("app-users"),
    row("GET /orders/{orderId}", "mobile-orders").by("app-users"),
    row("GET /appointments", "mobile-clinic").by("app-users"),
    row("POST /appointments", "mobile-clinic").by("app-users"),
    row("POST /devices", "mobile-push").by("app-users"),
    row("POST /feedback", "mobile-push"),
    row("GET /health", "health"),
    row("$default", "mobile-fallback"),
];

const LIVE: &[Row] = &[
    row("$connect", "live-connect").by("live-token"),
    row("$disconnect", "live-connect"),
    row("$default", "live-fallback"),
    row("subscribeOrder", "live-orders"),
    row("unsubscribeOrder", "live-orders"),
    row("queuePosition", "live-clinic"),
    row("sendMessage", "live-chat"),
];

/// What patients use.
pub(super) fn portal(region: &str) -> Definition {
    let document = json!({
        "name": "clinic-portal", "description": "Appointments and results for patients",
        "endpointConfiguration": { "types": ["REGIONAL"] }, "tags": { "team": "clinic", "data": "health" }
    });
    let mut definition = definition(Product::Rest, document, region, PORTAL);
    cognito(&mut definition, "patients", region, "ClinicPool1", 3_600);
    definition
}

/// What practices and suppliers integrate with.
pub(super) fn partner(region: &str) -> Definition {
    let document = json!({
        "name": "partner", "description": "Practices and suppliers of the clinic network",
        "endpointConfiguration": { "types": ["REGIONAL"] }, "apiKeySource": "HEADER", "tags": { "team": "clinic" }
    });
    let mut definition = definition(Product::Rest, document, region, PARTNER);
    lambda(&mut definition, "partner-token", region, "TOKEN", 300);
    definition
}

/// The app's HTTP API; its CORS lets every secure origin use a customer's credentials.
pub(super) fn mobile(region: &str) -> Definition {
    let document = json!({
        "name": "mobile", "description": "The app", "tags": { "team": "mobile" },
        "corsConfiguration": {
            "allowOrigins": ["https://*"], "allowCredentials": true, "allowMethods": ["*"],
            "allowHeaders": ["authorization", "content-type"], "maxAge": 600
        }
    });
    let mut definition = definition(Product::Http, document, region, MOBILE);
    let document = json!({
        "authorizerType": "JWT", "identitySource": ["$request.header.Authorization"],
        "jwtConfiguration": {
            "audience": ["app-ios", "app-android"],
            "issuer": format!("https://cognito-idp.{region}.amazonaws.com/{region}_ShopPool1")
        }
    });
    authorizer(&mut definition, "app-users", "JWT", document);
    definition
}

/// Orders and queue numbers as they move.
pub(super) fn live(region: &str) -> Definition {
    let document = json!({
        "name": "live-updates", "description": "Orders and waiting rooms, live",
        "routeSelectionExpression": "$request.body.action"
    });
    let mut definition = definition(Product::WebSocket, document, region, LIVE);
    let uri = format!(
        "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{}/invocations",
        function(region, "live-token")
    );
    let document = json!({
        "authorizerType": "REQUEST", "authorizerUri": uri, "identitySource": ["route.request.querystring.token"]
    });
    authorizer(&mut definition, "live-token", "CUSTOM", document);
    definition.document.extend(object(json!({ "tags": { "team": "mobile" } })));
    definition
}
