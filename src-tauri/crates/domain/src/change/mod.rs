//! Changes as data: what would be called, on what, with which effect, and how it is taken back.
//!
//! Nothing here calls AWS. A [`Plan`] leaves no choice to whoever applies it: every call stands in it in full.

mod alarm_calls;
mod assemble;
mod aws_call;
mod calls_between;
mod command_line;
mod field_label;
mod fields;
mod guard;
mod key_calls;
mod observed;
mod patch_path;
mod plan;
mod release_fields;
mod template_mark;
mod throttle_edit;
mod throttle_warnings;
mod touched;

pub use alarm_calls::is_extended;
pub use assemble::{PlanWords, TargetCalls, TargetPlace, Unpredictable, assemble};
pub use aws_call::{AwsCall, HttpRouteLimit, NewCanary, PatchOp, PatchOperation, update_web_acl_input};
pub use calls_between::calls_between;
pub use command_line::{CommandContext, shell_quoted};
pub use field_label::field_label;
pub use fields::fields_after;
pub use guard::{GuardWhen, PlanGuard};
pub use key_calls::{NEW_KEY, OVERLAP_TAG, ROTATES_TAG, rotated_name};
pub use observed::{http_stage_fields, method_setting_key, rest_stage_fields, stage_after, usage_plan_fields};
pub use patch_path::{StageMethodSetting, UsagePlanMethod};
pub use plan::{FieldChange, Fields, Plan, PlanStep, PlanTarget, TouchedRoute, TouchedTenant, Warning, WarningKind};
pub use release_fields::NEW_DEPLOYMENT;
pub use template_mark::{tags, tags_of, template_mark};
pub use throttle_edit::{ThrottleEdit, ThrottleEditError, ThrottlePlace, parse_burst, parse_rate, throttle_calls};
pub use throttle_warnings::{methods_that_do_not_follow, throttle_warnings};
pub use touched::{route_key, touched_routes};
