//! From calls to a plan that a person can judge: routes and traffic that it touches, warnings, commands.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::{join_all, try_join_all};
use portcullis_aws::{Lane, Reader, Session};
use portcullis_domain::{
    change::{
        AwsCall, CommandContext, FieldChange, Fields, Plan, PlanTarget, PlanWords, TargetCalls, TargetPlace,
        TouchedRoute, TouchedTenant, Warning, WarningKind, assemble, methods_that_do_not_follow, tags, tags_of,
        template_mark, throttle_warnings, touched_routes,
    },
    context::CredentialSource,
    throttle::Limit,
};
use tokio_util::sync::CancellationToken;

use super::{differences, watched};
use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// The most routes that a plan names; how many more there are it says.
const ROUTES: usize = 200;

/// A target with the calls that shall change it.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) target: PlanTarget,
    /// All its fields as they are.
    pub(crate) fields: Fields,
    pub(crate) calls: Vec<AwsCall>,
    /// The fields that were asked for.
    pub(crate) asked: Vec<String>,
}

/// The live state of targets, read in the order of a change: nothing of it comes from memory.
pub(crate) async fn observe_all(host: &Host, targets: &[PlanTarget]) -> Result<Vec<Fields>, WireError> {
    observe_in(host, targets, Lane::Change).await
}

/// The same in another lane.
pub(crate) async fn observe_in(host: &Host, targets: &[PlanTarget], lane: Lane) -> Result<Vec<Fields>, WireError> {
    try_join_all(targets.iter().map(|target| async move {
        let session = session(host, target).await?;
        let now = host.inner.options.clock.now();
        let reader = Reader::new(&session, lane, CancellationToken::new()).at(now);
        reader.observe(target).await.map_err(WireError::from)
    }))
    .await
}

async fn session(host: &Host, target: &PlanTarget) -> Result<Arc<Session>, WireError> {
    host.open_context(target.context())?.session(host).await.map_err(WireError::from)
}

/// Makes the plan and keeps it until somebody applies it. `words` gets its id and its time here.
pub(crate) async fn plan(host: &Host, words: PlanWords, drafts: Vec<Draft>) -> Result<Plan, WireError> {
    Box::pin(check_guards(host, &words)).await?;
    let sessions = try_join_all(drafts.iter().map(|draft| session(host, &draft.target))).await?;
    let words = PlanWords { id: host.plan_id(), made_at: host.now(), ..words };
    let of = drafts
        .iter()
        .zip(&sessions)
        .map(|(draft, session)| TargetCalls {
            target: draft.target.clone(),
            fields: watched(&draft.fields, &words.watched),
            calls: draft.calls.clone(),
            asked: draft.asked.clone(),
            place: TargetPlace {
                partition: portcullis_domain::route_place::partition(session.region()),
                command: CommandContext {
                    profile: match &session.spec().source {
                        CredentialSource::Profile { name } => Some(name),
                        CredentialSource::Demo | CredentialSource::DefaultChain => None,
                    },
                    region: session.region(),
                    endpoint_url: session.endpoint(),
                },
            },
        })
        .collect();
    let mut plan = assemble(words, of)
        .map_err(|error| WireError::new(ErrorCode::InvalidInput, format!("{error}, so it is not planned.")))?;
    debug_assert_eq!(crate::needs::beyond_the_catalogue(&plan), None, "the catalogue says less than the plan does");
    let routes = judge(host, &mut plan, &drafts);
    if plan.operation != "canary_rollback" {
        // A rollback waits for no number that is nice to have.
        count_requests(host, &mut plan, &routes).await;
        name_tenants(host, &mut plan).await;
    }
    Ok(host.keep_plan(plan))
}

/// A plan whose guards do not hold now is not made.
async fn check_guards(host: &Host, words: &PlanWords) -> Result<(), WireError> {
    for guard in words.guards.iter().filter(|guard| guard.is_forward()) {
        let live = observe_all(host, std::slice::from_ref(&guard.target)).await?.pop().unwrap_or_default();
        let found = differences(0, &guard.fields, &watched(&live, &guard.watched));
        if !found.is_empty() {
            let label = guard.target.label();
            let details = found.iter().map(|one| super::told::line(&label, one)).collect();
            let refused = WireError::new(ErrorCode::InvalidInput, guard.why.clone());
            return Err(WireError { details, ..refused.with_hint("Mend that first; nothing was changed.") });
        }
    }
    Ok(())
}

/// Adds the routes that the plan touches and what to read before confirming it.
fn judge(host: &Host, plan: &mut Plan, drafts: &[Draft]) -> Vec<portcullis_domain::route::Route> {
    let (_, index) = host.shown();
    let (mut all, mut warnings) = (Vec::new(), std::mem::take(&mut plan.warnings));
    for (index_of, target) in plan.targets.iter().enumerate() {
        let Some(draft) = drafts.iter().find(|draft| draft.target == *target) else { continue };
        if let PlanTarget::WebAcl { context, arn, name } = target {
            let after = plan.fields_expected(index_of).cloned().unwrap_or_default();
            let (told, routes) = crate::waf_routes::judge(host, context, arn, name, [&draft.fields, &after]);
            warnings.extend(told);
            all.extend(routes);
            continue;
        }
        let changes: Vec<_> = plan.changes.iter().filter(|change| change.target == index_of).cloned().collect();
        let stages: Vec<String> = draft
            .fields
            .keys()
            .filter_map(|name| name.strip_prefix("apiStages/"))
            .filter(|name| !name.contains('/'))
            .map(str::to_owned)
            .collect();
        let (account, api_tags) = about(host, target);
        let after = everything_after(plan, index_of, &draft.fields);
        for entry in entries(&changes) {
            let of_entry: Vec<_> = changes
                .iter()
                .filter(|change| change.field.rsplit_once('/').is_some_and(|(of, _)| of == entry))
                .cloned()
                .collect();
            let routes = touched_routes(target, &of_entry, &stages, index.routes());
            let touched: Vec<TouchedRoute> = routes.iter().map(|route| TouchedRoute::of(route)).collect();
            warnings.extend(throttle_warnings(entry, &draft.fields, &after, &touched, account));
            all.extend(routes.into_iter().cloned());
        }
        let changes_default = changes.iter().any(|change| change.field.starts_with("methodSettings/*/*/"));
        let apart = methods_that_do_not_follow(&draft.fields);
        if changes_default && !apart.is_empty() {
            warnings.push(Warning {
                kind: WarningKind::Note,
                message: format!(
                    "{} keep their own limits, set when they were made: {}.",
                    if apart.len() == 1 { "One method does".to_owned() } else { format!("{} methods", apart.len()) },
                    apart.iter().take(5).cloned().collect::<Vec<_>>().join(", "),
                ),
            });
        }
        let mark = template_mark(&target.label(), tags_of(&draft.fields))
            .or_else(|| template_mark(&target.label(), tags(&api_tags)));
        warnings.extend(mark);
    }
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all.dedup_by(|one, other| one.id == other.id);
    if all.len() > ROUTES {
        warnings.push(Warning {
            kind: WarningKind::Note,
            message: format!("This touches {} routes; the first {ROUTES} are listed.", all.len()),
        });
    }
    all.truncate(ROUTES);
    plan.routes = all.iter().map(TouchedRoute::of).collect();
    warnings.dedup();
    plan.warnings = warnings;
    all
}

/// The entries that changes of limits are in, each once; a canary and a stage's variables are no limits.
fn entries(changes: &[FieldChange]) -> BTreeSet<&str> {
    let entries = changes.iter().filter_map(|change| Some(change.field.rsplit_once('/')?.0));
    entries.filter(|entry| !entry.starts_with("canarySettings") && *entry != "variables").collect()
}

/// All fields of a target when the plan is done, those that it does not watch as they are.
fn everything_after(plan: &Plan, target: usize, fields: &Fields) -> Fields {
    let mut after = fields.clone();
    after.retain(|name, _| !plan.watched.iter().any(|prefix| name.starts_with(prefix.as_str())));
    after.extend(plan.fields_expected(target).cloned().unwrap_or_default());
    after
}

/// The account's own limit and the API's tags, as they were last read.
fn about(host: &Host, target: &PlanTarget) -> (Option<Limit>, std::collections::BTreeMap<String, String>) {
    let Some(context) = host.context(target.context()) else { return Default::default() };
    let state = context.state();
    let tags = match target {
        PlanTarget::RestStage { api_id, .. } | PlanTarget::HttpStage { api_id, .. } => {
            state.apis.get(api_id.as_str()).map(|api| api.api.tags.clone())
        }
        PlanTarget::UsagePlan { .. }
        | PlanTarget::PlanKey { .. }
        | PlanTarget::ApiKey { .. }
        | PlanTarget::NewApiKey { .. }
        | PlanTarget::WebAcl { .. }
        | PlanTarget::NewPlanKey { .. }
        | PlanTarget::Alarm { .. } => None,
    };
    (state.account.account_limit, tags.unwrap_or_default())
}

/// How many requests each route had in the last day, where CloudWatch has its own metric for it; without permission
/// the plan says so and stands all the same.
async fn count_requests(host: &Host, plan: &mut Plan, routes: &[portcullis_domain::route::Route]) {
    let counted = join_all(distinct_contexts(routes).into_iter().map(|label| async move {
        let of: Vec<_> = routes.iter().filter(|route| *route.context == *label).cloned().collect();
        crate::traffic::requests_last_day(host, &label, &of).await
    }))
    .await;
    for counts in counted {
        match counts {
            Ok(counts) => {
                for touched in &mut plan.routes {
                    if let Some(count) = counts.get(&touched.route_id) {
                        touched.requests_last_day = Some(*count);
                    }
                }
            }
            Err(error) => plan.warnings.push(Warning {
                kind: WarningKind::Note,
                message: format!("How many requests the routes had is not known: {}", error.message),
            }),
        }
    }
}

/// Whom a change of a usage plan meets: its keys. Without permission the plan says so and stands all the same.
async fn name_tenants(host: &Host, plan: &mut Plan) {
    if !plan.tenants.is_empty() {
        return;
    }
    let changed = |index: &usize| plan.steps.iter().any(|step| step.target == *index);
    let targets: Vec<PlanTarget> = (0..plan.targets.len()).filter(changed).map(|at| plan.targets[at].clone()).collect();
    let mut all = Vec::new();
    for target in &targets {
        let PlanTarget::UsagePlan { usage_plan_id, .. } = target else { continue };
        let keys = async {
            let session = session(host, target).await?;
            let reader = Reader::new(&session, Lane::Change, CancellationToken::new());
            reader.keys_of_usage_plan(usage_plan_id).await.map_err(WireError::from)
        };
        match keys.await {
            Ok(keys) => all.extend(keys.into_iter().map(|(key_id, name)| TouchedTenant { key_id, name })),
            Err(error) => plan.warnings.push(Warning {
                kind: WarningKind::Note,
                message: format!("Which keys the plan has is not known: {}", error.message),
            }),
        }
    }
    all.sort_by(|one, other| (&one.name, &one.key_id).cmp(&(&other.name, &other.key_id)));
    if all.len() > ROUTES {
        let message = format!("This touches {} keys; the first {ROUTES} are listed.", all.len());
        plan.warnings.push(Warning { kind: WarningKind::Note, message });
    }
    all.truncate(ROUTES);
    plan.tenants = all;
}

fn distinct_contexts(routes: &[portcullis_domain::route::Route]) -> Vec<Arc<str>> {
    let mut labels: Vec<Arc<str>> = routes.iter().map(|route| Arc::clone(&route.context)).collect();
    labels.sort();
    labels.dedup();
    labels
}
