//! The one list of operations. The IPC door, the TypeScript bindings, the command palette, `iam-policy` and
//! the tests are derived from it; what is not listed here cannot be called.

use crate::{error::WireError, host::Host};

/// Whether an operation changes anything in AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reads AWS, or only this program's own state.
    Read,
    /// Changes the console's own files (rules, overrides); nothing in AWS.
    Settings,
}

/// What the catalogue says of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Its one name: file, function, IPC command, TypeScript call.
    pub name: &'static str,
    /// What it does, imperative, one line.
    pub summary: &'static str,
    /// Whether it changes anything.
    pub effect: Effect,
    /// The IAM actions that it needs, with the resources; empty when it calls no AWS API.
    pub iam: &'static [(&'static str, &'static [&'static str])],
    /// The command-line verb, or why there is none.
    pub cli: Result<&'static str, &'static str>,
    /// Where it is found in the window.
    pub window: &'static str,
}

macro_rules! operations {
    ($( $name:ident ( $request:ty ) -> $response:ty {
        summary: $summary:literal,
        effect: $effect:ident,
        iam: $iam:expr,
        cli: $cli:expr,
        window: $window:literal $(,)?
    } )*) => {
        /// Every operation, in the order of the documentation.
        pub static CATALOGUE: &[Operation] = &[$( Operation {
            name: stringify!($name),
            summary: $summary,
            effect: Effect::$effect,
            iam: $iam,
            cli: $cli,
            window: $window,
        } ),*];

        /// Calls an operation by name with a JSON payload: the only door that the window has.
        ///
        /// # Errors
        /// The operation's own, `InvalidInput` when the payload is not its request, `NotFound` when there is
        /// no operation of that name.
        pub async fn call(host: &Host, name: &str, payload: serde_json::Value) -> Result<serde_json::Value, WireError> {
            match name {
                $( stringify!($name) => {
                    let request: $request = serde_json::from_value(payload)
                        .map_err(|error| WireError::invalid_payload(name, &error))?;
                    let response: $response = crate::$name::$name(host, request).await?;
                    serde_json::to_value(response).map_err(|error| WireError::internal(name, &error))
                } )*
                _ => Err(WireError::unknown_operation(name)),
            }
        }

        /// Visits the request and response type of every operation (for the TypeScript bindings).
        pub(crate) fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $( visitor.visit::<$request>(); visitor.visit::<$response>(); )*
        }

        /// `(name, request type, response type)` of every operation, in TypeScript.
        pub(crate) fn signatures(config: &ts_rs::Config) -> Vec<(&'static str, String, String)> {
            use ts_rs::TS;
            vec![$( (stringify!($name), <$request as TS>::name(config), <$response as TS>::name(config)) ),*]
        }
    };
}

/// Read-only management calls of the inventory. API Gateway's actions are HTTP verbs on ARNs without an account
/// (`reference: developer guide, arn-format-reference`).
const INVENTORY_READ: &[(&str, &[&str])] = &[(
    "apigateway:GET",
    &[
        "arn:aws:apigateway:*::/account",
        "arn:aws:apigateway:*::/restapis",
        "arn:aws:apigateway:*::/restapis/*",
        "arn:aws:apigateway:*::/apis",
        "arn:aws:apigateway:*::/apis/*",
        "arn:aws:apigateway:*::/domainnames",
        "arn:aws:apigateway:*::/domainnames/*",
    ],
)];

operations! {
    context_list(crate::context_list::ContextListRequest) -> crate::context_list::ContextList {
        summary: "List the contexts that can be opened and those that are",
        effect: Read,
        iam: &[],
        cli: Ok("contexts"),
        window: "context switcher",
    }
    context_select(crate::context_select::ContextSelectRequest) -> crate::context_list::ContextList {
        summary: "Open contexts",
        effect: Settings,
        iam: INVENTORY_READ,
        cli: Err("every command names its contexts with --profile, --region and --demo"),
        window: "context switcher",
    }
    context_diagnose(crate::context_diagnose::ContextDiagnoseRequest) -> crate::context_diagnose::Diagnosis {
        summary: "Say which credentials were found, who they are and which calls are allowed",
        effect: Read,
        iam: INVENTORY_READ,
        cli: Ok("doctor"),
        window: "context switcher, Diagnose",
    }
    inventory_refresh(crate::inventory_refresh::InventoryRefreshRequest) -> crate::inventory_status::InventoryStatus {
        summary: "Read every open context again",
        effect: Read,
        iam: INVENTORY_READ,
        cli: Err("every reading command reads afresh"),
        window: "Refresh",
    }
    inventory_status(crate::inventory_status::InventoryStatusRequest) -> crate::inventory_status::InventoryStatus {
        summary: "Say how far reading is, what it cost and what is missing",
        effect: Read,
        iam: &[],
        cli: Err("reading commands show it as progress and in the envelope"),
        window: "progress bar and gaps",
    }
    inventory_cancel(crate::inventory_cancel::InventoryCancelRequest) -> crate::inventory_status::InventoryStatus {
        summary: "Stop reading",
        effect: Read,
        iam: &[],
        cli: Err("Ctrl-C"),
        window: "progress bar, Stop",
    }
    api_list(crate::api_list::ApiListRequest) -> crate::api_list::ApiList {
        summary: "List every API with its stages",
        effect: Read,
        iam: &[],
        cli: Ok("apis"),
        window: "APIs",
    }
    route_list(crate::route_list::RouteListRequest) -> crate::route_list::RouteList {
        summary: "List the routes that match, grouped and sorted, one page",
        effect: Read,
        iam: &[],
        cli: Ok("routes"),
        window: "Routes",
    }
    route_values(crate::route_values::RouteValuesRequest) -> crate::route_values::RouteValues {
        summary: "List the values that a property of routes takes",
        effect: Read,
        iam: &[],
        cli: Err("a help for typing filters in the window"),
        window: "Routes, filter suggestions",
    }
    route_get(crate::route_get::RouteGetRequest) -> crate::route_get::RouteDetail {
        summary: "Show everything about one route",
        effect: Read,
        iam: &[],
        cli: Err("routes --output json has every field"),
        window: "Routes, split panel",
    }
    route_export(crate::route_export::RouteExportRequest) -> crate::route_export::RouteExport {
        summary: "Write the routes that match to a file",
        effect: Read,
        iam: &[],
        cli: Err("routes --output csv|json"),
        window: "Routes, Export",
    }
    palette_search(crate::palette_search::PaletteSearchRequest) -> crate::palette_search::PaletteResults {
        summary: "Find any API or route by a few letters",
        effect: Read,
        iam: &[],
        cli: Err("for typing in the window; routes --filter finds in scripts"),
        window: "command palette",
    }
    audience_rules_get(crate::audience_rules_get::AudienceRulesGetRequest) -> crate::audience_rules_get::AudienceRulesFile {
        summary: "Show the organisation's audience rules",
        effect: Read,
        iam: &[],
        cli: Err("the rules are a file of yours: doctor says where"),
        window: "Audience rules",
    }
    audience_rules_preview(crate::audience_rules_preview::AudienceRulesPreviewRequest) -> crate::audience_rules_preview::AudienceRulesPreview {
        summary: "Show which routes a text of rules would move",
        effect: Read,
        iam: &[],
        cli: Err("belongs to editing in the window"),
        window: "Audience rules",
    }
    audience_rules_save(crate::audience_rules_save::AudienceRulesSaveRequest) -> crate::audience_rules_get::AudienceRulesFile {
        summary: "Check and save the audience rules",
        effect: Settings,
        iam: &[],
        cli: Err("the rules are a file of yours: edit it"),
        window: "Audience rules",
    }
    audience_override_set(crate::audience_override_set::AudienceOverrideSetRequest) -> crate::route_get::RouteDetail {
        summary: "Say whose a route is, against every rule, or take that back",
        effect: Settings,
        iam: &[],
        cli: Err("a person's judgement about one route, made where its evidence is shown"),
        window: "Routes, split panel",
    }
}
