//! The private, internal and webhook APIs.

use serde_json::{Value, json};

use super::rows::{Row, definition, lambda, preflights, row};
use crate::{
    ACCOUNT_ID,
    import::{Definition, Product},
};

const ADMIN: &[Row] = &[
    row("GET /admin/orders", "back-office").by("staff").checked("parameters"),
    row("GET /admin/orders/{orderId}", "back-office").by("staff"),
    row("POST /admin/orders/{orderId}/cancel", "back-office").by("staff").checked("body"),
    row("POST /admin/orders/{orderId}/refund", "refunds"),
    row("GET /admin/refunds", "refunds").by("staff"),
    row("POST /admin/refunds/{refundId}/approve", "refunds").by("staff").checked("body"),
    row("GET /admin/customers", "back-office").by("staff").checked("parameters"),
    row("GET /admin/customers/{customerId}", "back-office").by("staff"),
    row("PATCH /admin/customers/{customerId}", "back-office").by("staff").checked("body"),
    row("POST /admin/customers/{customerId}/lock", "back-office").by("staff"),
    row("GET /admin/prices", "pricing").by("staff"),
    row("PUT /admin/prices/{productId}/override", "pricing").by("staff").checked("body"),
    row("DELETE /admin/prices/{productId}/override", "pricing").by("staff"),
    row("POST /admin/promotions", "pricing").by("staff").checked("body"),
    row("GET /admin/users", "back-office").by("staff"),
    row("POST /admin/users", "back-office").by("staff").checked("body"),
    row("DELETE /admin/users/{userId}", "back-office").by("staff"),
    row("GET /admin/audit", "back-office").by("staff"),
];

const REPORTS: &[Row] = &[
    row("GET /reports/sales", "reports"),
    row("GET /reports/sales/{day}", "reports"),
    row("GET /reports/customers", "reports"),
    row("POST /reports/exports", "reports").timeout(29_000),
    row("GET /reports/exports/{exportId}", "reports"),
];

const INTERNAL: &[Row] = &[
    row("GET /internal/inventory/{sku}", "vpc:inventory").iam(),
    row("PUT /internal/inventory/{sku}", "vpc:inventory").iam(),
    row("POST /internal/reservations", "vpc:inventory").iam(),
    row("DELETE /internal/reservations/{reservationId}", "vpc:inventory").iam(),
    row("POST /internal/shipments", "vpc:shipping").iam(),
    row("GET /internal/shipments/{shipmentId}", "vpc:shipping").iam(),
    row("POST /internal/labels", "vpc:shipping").iam().timeout(10_000),
    row("POST /internal/notifications", "vpc:notifications").iam(),
    row("GET /internal/rates", "vpc:shipping").iam(),
    row("POST /internal/ledger/entries", "vpc:ledger").iam(),
    row("GET /internal/ledger/entries/{entryId}", "vpc:ledger").iam(),
    row("GET /internal/health", "vpc:inventory"),
    row("GET /internal/metrics", "vpc:inventory"),
];

const WEBHOOKS: &[Row] = &[
    row("POST /webhooks/payments/{provider}", "payment-events").checked("body"),
    row("POST /webhooks/payments/{provider}/disputes", "payment-events").checked("body"),
    row("POST /webhooks/shipping/{carrier}", "carrier-events").checked("body"),
    row("POST /webhooks/sms/status", "telephony-events"),
    row("POST /webhooks/voice/status", "telephony-events"),
    row("POST /webhooks/email/bounces", "mail-events"),
    row("GET /webhooks/health", "health"),
];

const ENDPOINT: &str = "vpce-0a1b2c3d4e5f60718";

/// A resource policy that lets one VPC endpoint in.
fn from_endpoint() -> Value {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*" },
            { "Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
              "Condition": { "StringNotEquals": { "aws:SourceVpce": ENDPOINT } } }
        ]
    });
    policy.to_string().into()
}

/// The back office: private, with staff tokens; its refund is the mistake.
pub(super) fn admin(region: &str) -> Definition {
    let document = json!({
        "name": "admin", "description": "Back office", "policy": from_endpoint(),
        "endpointConfiguration": { "types": ["PRIVATE"], "vpcEndpointIds": [ENDPOINT] },
        "tags": { "team": "customer-service", "portcullis:audience": "admin" }
    });
    let mut definition = definition(Product::Rest, document, region, ADMIN);
    lambda(&mut definition, "staff", region, "REQUEST", 0);
    definition
}

/// Reports: private, and nothing else; the network is taken for identity.
pub(super) fn reports(region: &str) -> Definition {
    let document = json!({
        "name": "backoffice-reports", "description": "Sales reports, inside the VPC only", "policy": from_endpoint(),
        "endpointConfiguration": { "types": ["PRIVATE"], "vpcEndpointIds": [ENDPOINT] }
    });
    definition(Product::Rest, document, region, REPORTS)
}

/// Service to service, signed with IAM.
pub(super) fn internal(region: &str) -> Definition {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT_ID}:root") },
            "Action": "execute-api:Invoke", "Resource": "execute-api:/*"
        }]
    });
    let document = json!({
        "name": "fulfilment-internal", "description": "Inventory, shipping and ledger, service to service",
        "policy": policy.to_string(), "endpointConfiguration": { "types": ["REGIONAL"] },
        "tags": { "team": "fulfilment" }
    });
    definition(Product::Rest, document, region, INTERNAL)
}

/// Callbacks of payment, carrier and telephony providers.
pub(super) fn webhooks(region: &str) -> Definition {
    let document = json!({
        "name": "webhooks", "description": "Callbacks of providers",
        "endpointConfiguration": { "types": ["REGIONAL"] }, "tags": { "team": "payments" }
    });
    let mut definition = definition(Product::Rest, document, region, WEBHOOKS);
    // The mistake: no browser ever calls a webhook, and this lets every site do so.
    preflights(&mut definition, &["/webhooks/sms/status"], "*");
    definition
}
