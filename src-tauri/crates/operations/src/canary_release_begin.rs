//! `canary_release_begin`: puts a canary under watch, on terms that a person agrees to.

use jiff::SignedDuration;
use portcullis_aws::Lane;
use portcullis_domain::{
    canary::{Judgement, Release, ReleaseState, ReleaseTerms},
    change::{Fields, PlanTarget},
    journal::JournalEvent,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    canary_release_list::{ReleaseLine, line},
    canary_start::rest_stage,
    canary_template_list::terms_of,
    canary_watch::{self, Looked},
    change::observe_in,
    error::{ErrorCode, WireError},
    host::Host,
    release::{of_release, read, stage_key, widen_to_first_step, written},
    throttle_copy::StageName,
};

/// Which canary, on which terms, and the person's word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryReleaseBeginRequest {
    /// The stage.
    pub stage: StageName,
    /// The terms; those of `template`, or the defaults, without them.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub terms: Option<ReleaseTerms>,
    /// The template that they come from.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub template: Option<String>,
    /// Why; kept in the journal.
    #[serde(default)]
    pub reason: String,
    /// Whether the person has read [`ReleaseTerms::words`] and agrees; needed where the console may act by itself.
    #[serde(default)]
    pub confirmed: bool,
    /// The name of the context, typed out, where it is protected.
    #[serde(default)]
    pub typed: Vec<String>,
}

/// Begins it, and looks for the first time. Where the console may act by itself, the confirmation is in the journal before
/// anything else happens.
///
/// # Errors
/// `InvalidInput` for terms that make no sense and for a stage without a candidate of its own, `Conflict` when the stage has a
/// running release, `ReadOnly` and `ConfirmationNeeded` where the console may act by itself, `JournalUnusable`, the store's.
pub async fn canary_release_begin(host: &Host, request: CanaryReleaseBeginRequest) -> Result<ReleaseLine, WireError> {
    let (terms, template) = agreed_terms(host, &request)?;
    let target = rest_stage(host, &request.stage)?;
    confirmed(host, &request, &terms)?;
    let fields = observe_in(host, std::slice::from_ref(&target), Lane::Change).await?.pop().unwrap_or_default();
    let candidate = candidate(&target, &fields)?;
    let first = canary_watch::look(host, &request.stage, None, &terms.criteria).await;
    let now = host.clock().now();
    // A look that fails is no reason not to protect: what is missed now is read later.
    let (since, judgement) = match first {
        Ok(Looked { watch, .. }) => (canary_watch::parse_moment(&watch.from)?, watch.judgement),
        Err(error) => {
            let reasons = vec![format!("The first look failed: {}", error.message)];
            (now, Judgement { verdict: portcullis_domain::canary::CanaryVerdict::Inconclusive, reasons })
        }
    };
    let id = host.plan_id();
    let mut release = Release {
        id: id.clone(),
        candidate,
        deadline: now + SignedDuration::from_mins(i64::from(terms.minutes())),
        template,
        begun: now,
        since,
        begun_by: host.actor(&request.stage.context),
        confirmation: terms.words(),
        confirmed_in: None,
        expected: of_release(&fields),
        step: 0,
        step_since: now,
        state: ReleaseState::Watching,
        words: "It is looked at every minute.".to_owned(),
        judgement: Some(judgement),
        looked: None,
        looks: 0,
        gaps: Vec::new(),
        intent: None,
        trouble: None,
        entries: Vec::new(),
        ended: None,
        target,
        terms,
    };
    let store = host.releases()?;
    if !store.begin(&id, &stage_key(&request.stage), &written(&release)?, host.holder(), now)? {
        return Err(already(host, &request.stage)?);
    }
    if release.terms.acts()
        && let Err(error) = note(host, &mut release, &request.reason)
    {
        release.end(now, ReleaseState::Stopped, "The confirmation could not be journalled, so it did not begin.");
        store.end(&id, &written(&release)?)?;
        return Err(error);
    }
    widen_to_first_step(host, &mut release).await?;
    store.save(&id, host.holder(), &written(&release)?, release.is_running())?;
    host.look_at_releases().await?;
    let kept = store.list(false)?.into_iter().find(|kept| kept.id == id);
    let release = kept.as_ref().map_or(Ok(release), read)?;
    host.changed();
    Ok(line(host, release, true))
}

fn agreed_terms(host: &Host, request: &CanaryReleaseBeginRequest) -> Result<(ReleaseTerms, Option<String>), WireError> {
    let mut terms = match (&request.terms, &request.template) {
        (Some(terms), _) => terms.clone(),
        (None, Some(name)) => terms_of(host, name)?,
        (None, None) => ReleaseTerms::default(),
    };
    if let Some(problem) = terms.problem() {
        return Err(WireError::new(ErrorCode::InvalidInput, problem));
    }
    // Every look is a chance to be wrong, so the level of one is made from how many there will be.
    terms.criteria.minutes = terms.minutes();
    Ok((terms, request.template.clone()))
}

fn confirmed(host: &Host, request: &CanaryReleaseBeginRequest, terms: &ReleaseTerms) -> Result<(), WireError> {
    if !terms.acts() {
        return Ok(());
    }
    let context = &request.stage.context;
    let access = host.check_access(context)?;
    if access.protected && !request.typed.contains(context) {
        let told = format!("The context {context} is protected: the release did not begin.");
        return Err(WireError::new(ErrorCode::ConfirmationNeeded, told)
            .with_hint(format!("Type its name, {context}, to confirm (--confirm on the command line).")));
    }
    if !request.confirmed {
        let told =
            "The console would change the stage by itself, and nobody has agreed to that: the release did not begin.";
        return Err(WireError { details: vec![terms.words()], ..WireError::new(ErrorCode::ConfirmationNeeded, told) }
            .with_hint("Read what it may do, then confirm it."));
    }
    Ok(())
}

fn candidate(target: &PlanTarget, fields: &Fields) -> Result<String, WireError> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let candidate = text("canarySettings/deploymentId");
    match candidate {
        Some(candidate) if text("deploymentId") != Some(candidate) => Ok(candidate.to_owned()),
        Some(_) => Err(WireError::new(
            ErrorCode::InvalidInput,
            format!(
                "Candidate and baseline of {} are the same deployment: there is nothing to compare.",
                target.label()
            ),
        )),
        None => Err(WireError::new(ErrorCode::InvalidInput, format!("{} has no canary to watch.", target.label()))
            .with_hint("Start one first.")),
    }
}

fn already(host: &Host, stage: &StageName) -> Result<WireError, WireError> {
    let key = stage_key(stage);
    let running = host.releases()?.list(true)?;
    let by = running
        .iter()
        .filter_map(|kept| read(kept).ok())
        .find(|release| stage_key(&crate::release::stage_of(&release.target)) == key);
    let who = by.map(|release| format!(", {} of {}", release.id, release.begun_by.local_user)).unwrap_or_default();
    Ok(WireError::new(ErrorCode::Conflict, format!("A release of this stage is under watch already{who}."))
        .with_hint("Stop it first, or go on with it."))
}

/// The confirmation, durable before anything is done in its name.
fn note(host: &Host, release: &mut Release, reason: &str) -> Result<(), WireError> {
    let entry = host.plan_id();
    let why = if reason.trim().is_empty() { "no reason was given" } else { reason.trim() };
    let message = format!(
        "Release {} of deployment {} on {} was put under watch, confirmed: {} ({why})",
        release.id,
        release.candidate,
        release.target.label(),
        release.confirmation
    );
    let event = JournalEvent::Noted { actor: release.begun_by.clone(), message };
    host.journal()?.append(&host.now(), &entry, event, true).map_err(|error| {
        WireError::new(ErrorCode::JournalUnusable, format!("The journal cannot be written: {error}."))
            .with_hint("Nothing is done in a person's name without a record of it.")
    })?;
    release.confirmed_in = Some(entry);
    Ok(())
}
