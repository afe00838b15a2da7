//! What a change did, at once in the inventory that is shown: its targets were just read back.

use std::{collections::BTreeMap, sync::Arc};

use portcullis_domain::change::{Fields, PlanTarget, stage_after};

use crate::host::Host;

impl Host {
    /// Brings the stages that were just looked at up to date, without reading everything again.
    pub(crate) fn after_change(&self, seen: &BTreeMap<PlanTarget, Fields>) {
        let rules = self.rules();
        let mut touched = false;
        for (target, fields) in seen {
            if matches!(target, PlanTarget::Alarm { .. }) {
                self.forget_alarms(target.context());
                continue;
            }
            if !matches!(target, PlanTarget::RestStage { .. } | PlanTarget::HttpStage { .. }) {
                self.forget_tenants(target.context());
                self.forget_web_acls(target.context());
            }
            let (PlanTarget::RestStage { context, api_id, stage, .. }
            | PlanTarget::HttpStage { context, api_id, stage, .. }) = target
            else {
                continue;
            };
            let Some(context) = self.context(context) else { continue };
            let mut state = context.state();
            let Some(api) = state.apis.get(api_id.as_str()) else { continue };
            let mut api = (**api).clone();
            let Some(known) = api.stages.iter_mut().find(|known| &*known.name == stage) else { continue };
            stage_after(known, fields);
            let id = Arc::clone(&api.api.id);
            state.apis.insert(id, Arc::new(api));
            drop(state);
            context.assemble(&rules);
            touched = true;
        }
        if touched {
            self.show_now();
        }
    }
}
