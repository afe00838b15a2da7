//! The one list of operations. The IPC door, the TypeScript bindings, the command palette, `iam-policy` and
//! the tests are derived from it; what is not listed here cannot be called.

use crate::{
    error::WireError,
    host::Host,
    iam_actions::{
        ALARM_APPLIES, CANARY_DIFFERENCE, CANARY_READ, CANARY_RELEASE, CANARY_START_APPLIES, CANARY_WATCH, CHANGE_READ,
        DEPLOYMENT_READ, EVENT_READ, INVENTORY_READ, IamActions, KEY_REVEAL, METRICS_READ, POSTURE_READ, ROTATION_READ,
        ROTATION_WRITE, STAGE_APPLIES, STAGE_DEPLOYMENT_APPLIES, STAGE_THROTTLE_APPLIES, TENANT_MOVE_APPLIES,
        TENANT_READ, THROTTLE_APPLIES, THROTTLE_READ, THROTTLE_WRITE, USAGE_APPLIES, USAGE_PLAN_APPLIES, WAF_APPLIES,
        WAF_PLAN, WAF_READ,
    },
};

/// Whether an operation changes anything in AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reads AWS, or only this program's own state.
    Read,
    /// Changes the console's own files (rules, overrides); nothing in AWS.
    Settings,
    /// Makes a plan: reads AWS, and says what applying it would change.
    Plan,
    /// Changes AWS: applies a plan, goes on with one, or takes one back.
    Change,
}

/// What applying the plans of an operation needs, beyond what making them does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// It makes no plans.
    Nothing,
    /// These.
    These(IamActions),
    /// Whatever the plan, or the change that it takes back, needed.
    WhateverThePlanSays,
}

/// How many calls that change something a plan of the operation can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calls {
    /// At most one: it happens or it does not.
    One,
    /// Several: it can be interrupted in the middle, and a test interrupts it after each (`operations/tests/power_cut.rs`).
    Many,
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
    pub iam: IamActions,
    /// The command-line verb, or why there is none.
    pub cli: Result<&'static str, &'static str>,
    /// Where it is found in the window.
    pub window: &'static str,
    /// How what it changes is undone, or why it is not; empty for what changes nothing in AWS.
    pub undo: &'static str,
    /// What applying its plans needs.
    pub applies: Applies,
    /// How many calls its plans have.
    pub calls: Calls,
}

/// What was said, or else what holds when nothing is.
macro_rules! said_or {
    ($said:expr, $default:expr) => {
        $said
    };
    ($default:expr) => {
        $default
    };
}

macro_rules! operations {
    ($( $name:ident ( $request:ty ) -> $response:ty {
        summary: $summary:literal,
        effect: $effect:ident,
        iam: $iam:expr,
        cli: $cli:expr,
        window: $window:literal $(,
        undo: $undo:literal)? $(,
        applies: $applies:expr)? $(,
        calls: $calls:ident)? $(,)?
    } )*) => {
        /// Every operation, in the order of the documentation.
        pub static CATALOGUE: &[Operation] = &[$( Operation {
            name: stringify!($name),
            summary: $summary,
            effect: Effect::$effect,
            iam: $iam,
            cli: $cli,
            window: $window,
            undo: concat!($($undo)?),
            applies: said_or!($($applies,)? Applies::Nothing),
            calls: said_or!($(Calls::$calls,)? Calls::One),
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
                    // Boxed: side by side in one future, those of all operations would not fit on a thread's stack.
                    let response: $response = Box::pin(crate::$name::$name(host, request)).await?;
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
    finding_list(crate::finding_list::FindingListRequest) -> crate::finding_list::FindingList {
        summary: "List the findings that match, grouped by severity or audience, one page",
        effect: Read,
        iam: &[],
        cli: Ok("posture"),
        window: "Findings",
    }
    posture_refresh(crate::posture_refresh::PostureRefreshRequest) -> crate::posture_refresh::PostureRun {
        summary: "Read the evidence beyond routes, judge everything and remember the run",
        effect: Read,
        iam: POSTURE_READ,
        cli: Ok("posture"),
        window: "Findings, Check again",
    }
    evidence_pack_write(crate::evidence_pack_write::EvidencePackWriteRequest) -> crate::evidence_pack_write::EvidencePack {
        summary: "Write findings, inventory, journal and gaps into a folder, with the hash of every file and a report",
        effect: Read,
        iam: &[],
        cli: Ok("posture --pack"),
        window: "Findings, Evidence pack",
    }
    posture_overview(crate::posture_overview::PostureOverviewRequest) -> crate::posture_overview::PostureOverview {
        summary: "Sum up every open context: findings by severity and audience, canaries, drift, gaps",
        effect: Read,
        iam: &[],
        cli: Err("posture ends with the same counts"),
        window: "Overview",
    }
    finding_exception_set(crate::finding_exception_set::FindingExceptionSetRequest) -> portcullis_domain::findings::finding::Finding {
        summary: "Accept a finding until a day, or take that back",
        effect: Settings,
        iam: &[],
        cli: Err("a person's judgement about one finding, made where its evidence is shown"),
        window: "Findings, split panel",
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
    context_access_set(crate::context_access_set::ContextAccessSetRequest) -> crate::context_list::ContextList {
        summary: "Say whether a context may be changed, and whether its name has to be typed first",
        effect: Settings,
        iam: &[],
        cli: Err("--access operator says it for one command"),
        window: "context switcher",
    }
    throttle_explain(crate::throttle_explain::ThrottleExplainRequest) -> crate::throttle_explain::ThrottleExplanation {
        summary: "Say which limit applies to a route, and to one key there",
        effect: Read,
        iam: &[("apigateway:GET", &["arn:aws:apigateway:*::/usageplans", "arn:aws:apigateway:*::/usageplans/*"])],
        cli: Ok("throttle explain"),
        window: "Routes, split panel, Limits",
    }
    throttle_replay(crate::throttle_replay::ThrottleReplayRequest) -> crate::throttle_replay::ThrottleReplay {
        summary: "Say what a limit would have done to the requests that really came",
        effect: Read,
        iam: &[("cloudwatch:GetMetricData", &["*"])],
        cli: Ok("throttle replay"),
        window: "Change limits, What would it have done",
    }
    throttle_set(crate::throttle_set::ThrottleSetRequest) -> portcullis_domain::change::Plan {
        summary: "Plan a limit for a route, a selection, a stage or a usage plan",
        effect: Plan,
        iam: THROTTLE_READ,
        cli: Ok("throttle set"),
        window: "Routes, Change limits",
        undo: "change_undo sets the former limits",
        applies: Applies::These(THROTTLE_APPLIES),
        calls: Many,
    }
    throttle_copy(crate::throttle_copy::ThrottleCopyRequest) -> portcullis_domain::change::Plan {
        summary: "Plan the limits of one stage for other stages",
        effect: Plan,
        iam: THROTTLE_READ,
        cli: Ok("throttle copy"),
        window: "APIs, Copy limits",
        undo: "change_undo sets the former limits",
        applies: Applies::These(STAGE_THROTTLE_APPLIES),
        calls: Many,
    }
    canary_list(crate::canary_list::CanaryListRequest) -> crate::canary_list::CanaryList {
        summary: "List every canary, those that need attention first",
        effect: Read,
        iam: &[],
        cli: Ok("canary status"),
        window: "Canaries",
    }
    canary_watch(crate::canary_watch::CanaryWatchRequest) -> crate::canary_watch::CanaryWatch {
        summary: "Compare a candidate with its baseline and judge it",
        effect: Read,
        iam: CANARY_WATCH,
        cli: Ok("canary watch"),
        window: "Canaries, split panel",
    }
    canary_release_begin(crate::canary_release_begin::CanaryReleaseBeginRequest) -> crate::canary_release_list::ReleaseLine {
        summary: "Put a canary under watch, on terms that a person agrees to",
        effect: Change,
        iam: CANARY_RELEASE,
        cli: Ok("canary watch"),
        window: "Canaries, split panel, Begin the watch",
        undo: "canary_release_stop ends it; what it did by itself is in the journal, and undone by change_undo",
        applies: Applies::These(STAGE_APPLIES),
        calls: Many,
    }
    canary_release_list(crate::canary_release_list::CanaryReleaseListRequest) -> crate::canary_release_list::CanaryReleaseList {
        summary: "List the releases under watch and those that are over",
        effect: Read,
        iam: &[],
        cli: Ok("canary watch"),
        window: "Canaries, split panel; Overview",
    }
    canary_release_stop(crate::canary_release_stop::CanaryReleaseStopRequest) -> crate::canary_release_list::ReleaseLine {
        summary: "End the watch of a release; the canary stays as it is",
        effect: Settings,
        iam: &[],
        cli: Ok("canary watch --stop"),
        window: "Canaries, split panel, End the watch",
    }
    canary_template_list(crate::canary_template_list::CanaryTemplateListRequest) -> crate::canary_template_list::CanaryTemplateList {
        summary: "List the terms that releases are begun on, by name",
        effect: Read,
        iam: &[],
        cli: Ok("canary templates"),
        window: "Canaries, split panel, Template",
    }
    canary_template_save(crate::canary_template_save::CanaryTemplateSaveRequest) -> crate::canary_template_list::CanaryTemplateList {
        summary: "Keep terms under a name, or forget them",
        effect: Settings,
        iam: &[],
        cli: Ok("canary watch --save-template"),
        window: "Canaries, split panel, Save template",
    }
    demo_clock_set(crate::demo_clock_set::DemoClockSetRequest) -> crate::demo_clock_set::DemoClockNow {
        summary: "Let time run faster on the demo account",
        effect: Settings,
        iam: &[],
        cli: Ok("--demo-speed"),
        window: "Canaries, demo time",
    }
    canary_difference(crate::canary_difference::CanaryDifferenceRequest) -> crate::canary_difference::CanaryDifference {
        summary: "Say what a candidate changes against the baseline, and what becomes weaker",
        effect: Read,
        iam: CANARY_DIFFERENCE,
        cli: Err("canary start shows it in its plan"),
        window: "Canaries, Start",
    }
    canary_start(crate::canary_start::CanaryStartRequest) -> portcullis_domain::change::Plan {
        summary: "Plan a canary of the API's draft or of a deployment that exists",
        effect: Plan,
        iam: CANARY_DIFFERENCE,
        cli: Ok("canary start"),
        window: "Canaries, Start",
        undo: "change_undo, or canary_rollback, removes the canary; a deployment that was made stays, unused",
        applies: Applies::These(CANARY_START_APPLIES),
    }
    canary_set(crate::canary_set::CanarySetRequest) -> portcullis_domain::change::Plan {
        summary: "Plan another share of the requests for a canary",
        effect: Plan,
        iam: CANARY_READ,
        cli: Ok("canary set"),
        window: "Canaries, Change the share",
        undo: "change_undo sets the former share",
        applies: Applies::These(STAGE_APPLIES),
    }
    canary_promote(crate::canary_promote::CanaryPromoteRequest) -> portcullis_domain::change::Plan {
        summary: "Plan to make the candidate the stage's deployment",
        effect: Plan,
        iam: CANARY_WATCH,
        cli: Ok("canary promote"),
        window: "Canaries, Promote",
        undo: "canary_rollback goes back to the deployment and variables from before",
        applies: Applies::These(STAGE_APPLIES),
        calls: Many,
    }
    canary_rollback(crate::canary_rollback::CanaryRollbackRequest) -> portcullis_domain::change::Plan {
        summary: "Plan to take a release back, in the lane that waits for nobody",
        effect: Plan,
        iam: CANARY_READ,
        cli: Ok("canary rollback"),
        window: "Canaries, Roll back",
        undo: "change_undo attaches the canary again",
        applies: Applies::These(STAGE_APPLIES),
    }
    deployment_list(crate::deployment_list::DeploymentListRequest) -> crate::deployment_list::DeploymentList {
        summary: "List the deployments of a stage's API, and which stage serves which",
        effect: Read,
        iam: DEPLOYMENT_READ,
        cli: Ok("stage deployments"),
        window: "Canaries, Deployments",
    }
    stage_deployment_set(crate::stage_deployment_set::StageDeploymentSetRequest) -> portcullis_domain::change::Plan {
        summary: "Plan to move a stage to another deployment of its API",
        effect: Plan,
        iam: DEPLOYMENT_READ,
        cli: Ok("stage deploy"),
        window: "Canaries, Deployments, Move the stage here",
        undo: "change_undo moves the stage back to the deployment from before",
        applies: Applies::These(STAGE_DEPLOYMENT_APPLIES),
    }
    plan_apply(crate::plan_apply::PlanApplyRequest) -> crate::plan_apply::AppliedChange {
        summary: "Apply a plan that was read and confirmed",
        effect: Change,
        iam: THROTTLE_WRITE,
        cli: Ok("--yes, or answering the question, of every command that changes something"),
        window: "plan dialog, Apply",
        undo: "change_undo plans the way back",
        applies: Applies::WhateverThePlanSays,
        calls: Many,
    }
    change_status(crate::change_status::ChangeStatusRequest) -> crate::change_status::ChangeStatus {
        summary: "Say how far the changes under way are",
        effect: Read,
        iam: &[],
        cli: Err("the command that applies a plan shows it"),
        window: "plan dialog, progress",
    }
    change_cancel(crate::change_cancel::ChangeCancelRequest) -> crate::change_status::ChangeStatus {
        summary: "Stop a change between two of its calls",
        effect: Settings,
        iam: &[],
        cli: Err("Ctrl-C"),
        window: "plan dialog, Stop",
    }
    change_undo(crate::change_undo::ChangeUndoRequest) -> portcullis_domain::change::Plan {
        summary: "Plan the way back from a change",
        effect: Plan,
        iam: CHANGE_READ,
        cli: Ok("undo"),
        window: "Journal, Undo",
        undo: "an undo is a change, and is undone like one",
        applies: Applies::WhateverThePlanSays,
        calls: Many,
    }
    change_resume(crate::change_resume::ChangeResumeRequest) -> crate::change_resume::ResumedChange {
        summary: "Look at an interrupted change, finish it, or take it back",
        effect: Change,
        iam: THROTTLE_WRITE,
        cli: Ok("journal resume"),
        window: "Journal, Unfinished",
        undo: "a finished change is undone by change_undo; one that was taken back left nothing",
        applies: Applies::WhateverThePlanSays,
        calls: Many,
    }
    tenant_list(crate::tenant_list::TenantListRequest) -> crate::tenant_list::TenantList {
        summary: "Show the quota board: every key in every plan, worst first, one page",
        effect: Read,
        iam: TENANT_READ,
        cli: Ok("tenants"),
        window: "Tenants",
    }
    tenant_get(crate::tenant_get::TenantGetRequest) -> crate::tenant_get::Tenant {
        summary: "Show everything about one tenant: keys, plans, daily use, routes",
        effect: Read,
        iam: TENANT_READ,
        cli: Ok("tenants show"),
        window: "Tenants, split panel",
    }
    tenant_find(crate::tenant_find::TenantFindRequest) -> crate::tenant_find::TenantFound {
        summary: "Say whose key a value is, without keeping the value",
        effect: Read,
        iam: &[("apigateway:GET", &["arn:aws:apigateway:*::/apikeys"])],
        cli: Ok("tenants find"),
        window: "Tenants, Whose key is this",
    }
    tenant_explain(crate::tenant_explain::TenantExplainRequest) -> crate::tenant_explain::TenantExplanation {
        summary: "Say which limit refused a tenant on a route",
        effect: Read,
        iam: TENANT_READ,
        cli: Ok("tenants explain"),
        window: "Tenants, split panel, Which limit refused them",
    }
    tenant_mapping_get(crate::tenant_mapping_get::TenantMappingGetRequest) -> crate::tenant_mapping_get::TenantMappingFile {
        summary: "Show the organisation's file of whose keys are whose",
        effect: Read,
        iam: &[],
        cli: Err("the rules are a file of yours, tenants.toml"),
        window: "Tenants, Whose keys are whose",
    }
    tenant_mapping_preview(crate::tenant_mapping_preview::TenantMappingPreviewRequest) -> crate::tenant_mapping_preview::TenantMappingPreview {
        summary: "Show which keys a text of rules would give to whom",
        effect: Read,
        iam: TENANT_READ,
        cli: Err("belongs to editing in the window"),
        window: "Tenants, Whose keys are whose",
    }
    tenant_mapping_save(crate::tenant_mapping_save::TenantMappingSaveRequest) -> crate::tenant_mapping_get::TenantMappingFile {
        summary: "Check and save whose keys are whose",
        effect: Settings,
        iam: &[],
        cli: Err("the rules are a file of yours, tenants.toml: edit it"),
        window: "Tenants, Whose keys are whose",
    }
    usage_plan_list(crate::usage_plan_list::UsagePlanListRequest) -> crate::usage_plan_list::UsagePlanList {
        summary: "List usage plans: what they allow, where, and what is wrong with them",
        effect: Read,
        iam: TENANT_READ,
        cli: Ok("plans"),
        window: "Usage plans",
    }
    quota_extend(crate::quota_extend::QuotaExtendRequest) -> portcullis_domain::change::Plan {
        summary: "Plan how much of the running period's quota one key has left",
        effect: Plan,
        iam: TENANT_READ,
        cli: Ok("quota extend"),
        window: "Tenants, split panel, Extend quota",
        undo: "change_undo sets what was left before",
        applies: Applies::These(USAGE_APPLIES),
    }
    quota_set(crate::quota_set::QuotaSetRequest) -> portcullis_domain::change::Plan {
        summary: "Plan the quota of a usage plan, for each of its keys",
        effect: Plan,
        iam: TENANT_READ,
        cli: Ok("quota set"),
        window: "Usage plans, Change quota",
        undo: "change_undo sets the former quota",
        applies: Applies::These(USAGE_PLAN_APPLIES),
    }
    tenant_move(crate::tenant_move::TenantMoveRequest) -> portcullis_domain::change::Plan {
        summary: "Plan a key's way to another usage plan, with what is left of its quota",
        effect: Plan,
        iam: TENANT_READ,
        cli: Ok("quota move"),
        window: "Tenants, split panel, Move to another plan",
        undo: "change_undo moves it back, with what was left",
        applies: Applies::These(TENANT_MOVE_APPLIES),
        calls: Many,
    }
    key_rotate(crate::key_rotate::KeyRotateRequest) -> portcullis_domain::change::Plan {
        summary: "Plan one stage of replacing a key without an outage",
        effect: Plan,
        iam: ROTATION_READ,
        cli: Ok("key rotate"),
        window: "Rotation, each row; Tenants, split panel, Rotate key",
        undo: "change_undo, while the other key works; deleting has no way back",
        applies: Applies::These(ROTATION_WRITE),
        calls: Many,
    }
    rotation_list(crate::rotation_list::RotationListRequest) -> crate::rotation_list::RotationList {
        summary: "List keys with age, last use and due date, and where each rotation stands",
        effect: Read,
        iam: TENANT_READ,
        cli: Ok("rotation status"),
        window: "Rotation",
    }
    rotation_plan(crate::rotation_plan::RotationPlanRequest) -> crate::rotation_plan::RotationBatch {
        summary: "Plan the same stage of a rotation for many keys, for one confirmation",
        effect: Plan,
        iam: TENANT_READ,
        cli: Ok("key rotate"),
        window: "Rotation, Begin rotation of the selected keys",
        undo: "change_undo, key by key: each is an entry of its own",
        applies: Applies::These(ROTATION_WRITE),
    }
    rotation_apply(crate::rotation_apply::RotationApplyRequest) -> crate::rotation_apply::RotationApplied {
        summary: "Apply a batch of rotations, one key after the other",
        effect: Change,
        iam: ROTATION_WRITE,
        cli: Ok("key rotate"),
        window: "Rotation, the confirmation of a batch",
        undo: "change_undo, key by key: each is an entry of its own",
        applies: Applies::WhateverThePlanSays,
        calls: Many,
    }
    key_reveal(crate::key_reveal::KeyRevealRequest) -> crate::key_reveal::RevealedKey {
        summary: "Show one key's value, and note in the journal that it was shown",
        effect: Read,
        iam: KEY_REVEAL,
        cli: Ok("key reveal"),
        window: "Tenants, split panel, Reveal value",
    }
    alarm_list(crate::alarm_list::AlarmListRequest) -> crate::alarm_list::AlarmList {
        summary: "List the alarms on API Gateway, what burns first, with what each watches and what is wrong with it",
        effect: Read,
        iam: &[("cloudwatch:DescribeAlarms", &["*"])],
        cli: Ok("alarms"),
        window: "Alarms",
    }
    alarm_history(crate::alarm_history::AlarmHistoryRequest) -> crate::alarm_history::AlarmHistoryAnswer {
        summary: "Show what happened to one alarm",
        effect: Read,
        iam: &[("cloudwatch:DescribeAlarmHistory", &["*"])],
        cli: Ok("alarms history"),
        window: "Alarms, split panel",
    }
    alarm_coverage(crate::alarm_coverage::AlarmCoverageRequest) -> crate::alarm_coverage::AlarmCoverage {
        summary: "Say for each stage and sensitive route which alarms there are and which are missing",
        effect: Read,
        iam: &[("cloudwatch:DescribeAlarms", &["*"])],
        cli: Ok("alarms coverage"),
        window: "Alarms, Coverage",
    }
    topic_list(crate::topic_list::TopicListRequest) -> crate::topic_list::TopicList {
        summary: "List the SNS topics that an alarm can tell",
        effect: Read,
        iam: &[("sns:ListTopics", &["*"]), ("cloudwatch:DescribeAlarms", &["*"])],
        cli: Ok("alarms topics"),
        window: "Alarms, Create the missing ones",
    }
    alarm_create(crate::alarm_create::AlarmCreateRequest) -> portcullis_domain::change::Plan {
        summary: "Plan the alarms that are missing, with the thresholds that AWS recommends",
        effect: Plan,
        iam: &[("cloudwatch:DescribeAlarms", &["*"])],
        cli: Ok("alarms create"),
        window: "Alarms, Create the missing ones",
        undo: "change_undo deletes the alarms that were made",
        applies: Applies::These(ALARM_APPLIES),
        calls: Many,
    }
    metrics_show(crate::metrics_show::MetricsShowRequest) -> crate::metrics_show::MetricsShow {
        summary: "Chart requests, error rates and latency of a stage or route, with what happened meanwhile",
        effect: Read,
        iam: METRICS_READ,
        cli: Ok("metrics"),
        window: "Metrics",
    }
    event_refresh(crate::event_refresh::EventRefreshRequest) -> crate::event_refresh::EventRefresh {
        summary: "Fetch the configuration changes since the last time from CloudTrail, or from CloudTrail Lake",
        effect: Read,
        iam: EVENT_READ,
        cli: Ok("events"),
        window: "Changes",
    }
    event_cancel(crate::event_cancel::EventCancelRequest) -> () {
        summary: "Stop a fetch of configuration changes; what came stands",
        effect: Read,
        iam: &[("cloudtrail:CancelQuery", &["arn:aws:cloudtrail:*:*:eventdatastore/*"])],
        cli: Err("Ctrl-C stops the command"),
        window: "Changes, Stop",
    }
    event_moment_list(crate::event_moment_list::EventMomentListRequest) -> crate::event_moment_list::EventMomentList {
        summary: "List alarms and since when they are in their state, to ask what changed before",
        effect: Read,
        iam: &[("cloudwatch:DescribeAlarms", &["*"])],
        cli: Ok("events"),
        window: "Changes, What changed before an alarm",
    }
    event_source_set(crate::event_source_set::EventSourceSetRequest) -> crate::context_list::ContextList {
        summary: "Say whether a context's changes come from CloudTrail's event history or an event data store",
        effect: Settings,
        iam: &[],
        cli: Ok("events"),
        window: "context switcher, Settings",
    }
    event_list(crate::event_list::EventListRequest) -> crate::event_list::EventList {
        summary: "List configuration changes: who, what, with which client, and whether this console made them",
        effect: Read,
        iam: &[],
        cli: Ok("events"),
        window: "Changes",
    }
    event_get(crate::event_get::EventGetRequest) -> crate::event_get::EventRecord {
        summary: "Show CloudTrail's record of one configuration change, without secrets",
        effect: Read,
        iam: &[],
        cli: Err("events --output json has what it says; the record is in the window"),
        window: "Changes, split panel",
    }
    web_acl_list(crate::web_acl_list::WebAclListRequest) -> crate::web_acl_list::WebAclList {
        summary: "List web ACLs, what they really do, and the routes that nothing stops requests to",
        effect: Read,
        iam: WAF_READ,
        cli: Ok("waf"),
        window: "WAF",
    }
    web_acl_get(crate::web_acl_get::WebAclGetRequest) -> crate::web_acl_get::WebAclDetail {
        summary: "Show a web ACL: every rule in words and in order, logging, the routes behind it",
        effect: Read,
        iam: WAF_READ,
        cli: Ok("waf show"),
        window: "WAF, a web ACL",
    }
    web_acl_for_route(crate::web_acl_for_route::WebAclForRouteRequest) -> crate::web_acl_for_route::WebAclForRoute {
        summary: "Say which web ACL stands before a route and which of its rules can match there",
        effect: Read,
        iam: WAF_READ,
        cli: Ok("waf route"),
        window: "Routes, split panel, WAF",
    }
    web_acl_metrics(crate::web_acl_metrics::WebAclMetricsRequest) -> crate::web_acl_metrics::WebAclMetrics {
        summary: "Show how many requests a web ACL and each rule allowed, blocked and counted",
        effect: Read,
        iam: &[("cloudwatch:GetMetricData", &["*"])],
        cli: Ok("waf metrics"),
        window: "WAF, a web ACL, Requests",
    }
    web_acl_samples(crate::web_acl_samples::WebAclSamplesRequest) -> crate::web_acl_samples::WebAclSamples {
        summary: "Show requests that WAF sampled for a rule, without credentials",
        effect: Read,
        iam: &[("wafv2:GetSampledRequests", &["arn:aws:wafv2:*:*:*/webacl/*/*"])],
        cli: Ok("waf samples"),
        window: "WAF, a web ACL, a rule, Sampled requests",
    }
    waf_rule_action_set(crate::waf_rule_action_set::WafRuleActionSetRequest) -> portcullis_domain::change::Plan {
        summary: "Plan a rule of a web ACL, or a rule group, between blocking and counting",
        effect: Plan,
        iam: WAF_PLAN,
        cli: Ok("waf rule set"),
        window: "WAF, a web ACL, a rule, Block or count",
        undo: "change_undo sets the former action, with what it answered",
        applies: Applies::These(WAF_APPLIES),
    }
    waf_rate_limit_set(crate::waf_rate_limit_set::WafRateLimitSetRequest) -> portcullis_domain::change::Plan {
        summary: "Plan the number and the window of a rate-based rule of a web ACL",
        effect: Plan,
        iam: WAF_PLAN,
        cli: Ok("waf rate set"),
        window: "WAF, a web ACL, a rule, Change rate",
        undo: "change_undo sets the former number and window",
        applies: Applies::These(WAF_APPLIES),
    }
    journal_list(crate::journal_list::JournalListRequest) -> crate::journal_list::JournalList {
        summary: "List the changes that were made with this console",
        effect: Read,
        iam: &[],
        cli: Ok("journal"),
        window: "Journal",
    }
    journal_get(crate::journal_get::JournalGetRequest) -> crate::journal_get::JournalDetail {
        summary: "Show everything about one change, and what CloudTrail has of each of its calls",
        effect: Read,
        iam: &[],
        cli: Ok("journal show"),
        window: "Journal, split panel",
    }
    journal_verify(crate::journal_verify::JournalVerifyRequest) -> crate::journal_verify::JournalVerdict {
        summary: "Check that the journal is as it was written",
        effect: Read,
        iam: &[],
        cli: Ok("journal verify"),
        window: "Journal, Verify",
    }
    journal_export(crate::journal_export::JournalExportRequest) -> crate::journal_export::JournalExport {
        summary: "Write the journal to a file",
        effect: Read,
        iam: &[],
        cli: Ok("journal export"),
        window: "Journal, Export",
    }
    iam_policy(crate::iam_policy::IamPolicyRequest) -> crate::iam_policy::IamPolicy {
        summary: "Write the least-privilege IAM policy for a role, from this catalogue",
        effect: Read,
        iam: &[],
        cli: Ok("iam-policy"),
        window: "context switcher, Permissions",
    }
}
