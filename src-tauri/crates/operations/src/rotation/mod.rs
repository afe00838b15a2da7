//! What the stages of a rotation have in common: what is read, what must hold, whom it touches.

mod batches;
mod places;
mod start;
mod switch;

use jiff::{civil::Date, tz::TimeZone};
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    change::{Fields, GuardWhen, Plan, PlanGuard, PlanTarget, TouchedTenant, Warning, WarningKind},
    rotation::{Rotation, RotationPolicy, RotationStage, RotationState, Rotations},
    tenants::{Key, Ledger, UsagePlan},
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

pub(crate) use batches::RotationBatches;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Days of usage that are read for one key: as many as the board reads.
const USAGE_DAYS: i64 = 35;

/// What a person wants of one stage of one rotation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// Without it the one whose turn it is.
    pub(crate) stage: Option<RotationStage>,
    /// How long both keys work, days; the policy's without it.
    pub(crate) overlap_days: Option<u16>,
    /// Why it is done although something speaks against it now.
    pub(crate) override_reason: Option<&'a str>,
}

/// A context's keys as they are now, and what holds there.
pub(crate) struct Scene<'a> {
    pub(crate) host: &'a Host,
    pub(crate) ledger: &'a Ledger,
    pub(crate) rotations: Rotations<'a>,
    pub(crate) policy: RotationPolicy,
    pub(crate) today: Date,
}

impl Host {
    /// How keys are rotated here.
    ///
    /// # Errors
    /// `RulesInvalid` for a `tenants.toml` that is wrong.
    pub(crate) fn rotation_policy(&self) -> Result<RotationPolicy, WireError> {
        let rotate_after_days = self.tenant_rules()?.rotate_after_days;
        Ok(RotationPolicy { rotate_after_days, ..self.inner.rotations.policy })
    }

    /// Today, UTC: AWS counts usage by it.
    pub(crate) fn today(&self) -> Date {
        self.inner.options.clock.now().to_zoned(TimeZone::UTC).date()
    }
}

/// What stands in AWS of one key's rotation: somebody else may have gone on with it, so nothing of it comes from memory.
pub(crate) async fn ledger_of_key(host: &Host, context: &str, key: &str) -> Result<Ledger, WireError> {
    let session = host.open_context(context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::Change, CancellationToken::new());
    let (ledger, gaps) = reader.rotation_ledger(key, host.today(), USAGE_DAYS).await?;
    for gap in gaps {
        tracing::warn!(message = gap.message, "usage of a rotation could not be read");
    }
    Ok(Ledger { context: context.to_owned(), ..ledger })
}

impl<'a> Scene<'a> {
    pub(crate) fn new(host: &'a Host, ledger: &'a Ledger) -> Result<Self, WireError> {
        let (policy, today) = (host.rotation_policy()?, host.today());
        Ok(Self { host, ledger, rotations: Rotations::of(ledger), policy, today })
    }

    pub(crate) fn rotation(&self, old: &'a Key) -> Rotation<'a> {
        self.rotations.rotation(old, &self.policy, self.host.inner.options.clock.now())
    }

    /// The old key of the rotation that `id` is part of, as the old or as the new one.
    pub(crate) fn old_key(&self, id: &str) -> Result<&'a Key, WireError> {
        let key = self.rotations.key(id).ok_or_else(|| {
            WireError::new(ErrorCode::NotFound, format!("There is no key {id} in {}.", self.ledger.context))
                .with_hint("It may have been deleted. Refresh.")
        })?;
        Ok(self.rotations.predecessor(key).unwrap_or(key))
    }

    /// Plans the stage.
    pub(crate) async fn plan(&self, id: &str, wish: Wish<'_>) -> Result<Plan, WireError> {
        let old = self.old_key(id)?;
        let rotation = self.rotation(old);
        let Some(stage) = wish.stage.or(rotation.next) else {
            let problem = rotation.problem.unwrap_or_else(|| format!("Key {} ({}) is disabled.", old.name, old.id));
            return Err(refused(&problem, "No stage can follow until that is mended."));
        };
        if stage == RotationStage::Start {
            if old.id != id {
                let message =
                    format!("Key {id} takes the place of {} ({}), and that is not finished.", old.name, old.id);
                return Err(refused(&message, "Finish that rotation first."));
            }
            return start::start(self, &rotation, wish.overlap_days).await;
        }
        if stage == RotationStage::Enable {
            return switch::enable(self, &rotation).await;
        }
        if let (RotationState::Broken | RotationState::Unknown, None, Some(problem)) =
            (rotation.state, rotation.next, &rotation.problem)
        {
            return Err(refused(problem, "Nothing was changed."));
        }
        let Some(new) = rotation.new else {
            return Err(refused("There is no new key for this one.", "Start the rotation first."));
        };
        match stage {
            RotationStage::Start | RotationStage::Enable | RotationStage::Attach => {
                places::attach(self, &rotation, new).await
            }
            RotationStage::Settle => places::settle(self, &rotation, new).await,
            RotationStage::Disable => switch::disable(self, &rotation, new, wish.override_reason).await,
            RotationStage::EnableNew => switch::enable_new(self, &rotation, new).await,
            RotationStage::Delete => switch::delete(self, &rotation, new, wish.override_reason).await,
            RotationStage::Abandon => switch::abandon(self, &rotation, new).await,
        }
    }

    fn key_target(&self, key: &Key) -> PlanTarget {
        PlanTarget::ApiKey { context: self.ledger.context.clone(), key_id: key.id.clone(), key_name: key.name.clone() }
    }

    fn tenants(&self, key: &Key) -> Vec<TouchedTenant> {
        vec![TouchedTenant { key_id: key.id.clone(), name: key.name.clone() }]
    }

    /// That a key is enabled and in these plans; with `exactly`, in no other.
    fn works(&self, key: &Key, plans: &[&UsagePlan], exactly: bool, when: GuardWhen) -> PlanGuard {
        let mut fields = Fields::from([("exists".to_owned(), Value::Bool(true)), ("enabled".to_owned(), true.into())]);
        let places: Vec<String> = plans.iter().map(|plan| format!("plans/{}", plan.id)).collect();
        fields.extend(places.iter().map(|place| (place.clone(), Value::Bool(true))));
        let mut watched = vec!["exists".to_owned(), "enabled".to_owned()];
        watched.extend(if exactly { vec!["plans/".to_owned()] } else { places });
        let names: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
        let place = if names.is_empty() { String::new() } else { format!(" and in {}", names.join(", ")) };
        let why = format!(
            "Key {} ({}) must be enabled{place}: otherwise the tenant could stand without a working key.",
            key.name, key.id
        );
        PlanGuard { target: self.key_target(key), watched, fields, when, why }
    }

    /// That a key is in these plans and no other, enabled or not.
    fn in_plans(&self, key: &Key, plans: &[&UsagePlan]) -> PlanGuard {
        let fields = plans.iter().map(|plan| (format!("plans/{}", plan.id), Value::Bool(true))).collect();
        let why = format!(
            "The usage plans of key {} ({}) changed, and the new key must be in all of them first.",
            key.name, key.id
        );
        let watched = vec!["plans/".to_owned()];
        PlanGuard { target: self.key_target(key), watched, fields, when: GuardWhen::Forward, why }
    }
}

fn note(message: String) -> Warning {
    Warning { kind: WarningKind::Note, message }
}

fn refused(message: &str, hint: &str) -> WireError {
    WireError::new(ErrorCode::InvalidInput, message).with_hint(hint)
}
