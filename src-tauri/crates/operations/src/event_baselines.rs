//! What is read of stages and usage plans is remembered when it changes, so that a change of tomorrow can say what was
//! before it.

use portcullis_domain::events::Baseline;

use crate::{host::Host, inventory::OpenedContext, posture_state::ReadEvidence};

impl Host {
    /// Remembers the stages of a reading. A host that keeps no snapshot keeps none of this.
    pub(crate) fn keep_stage_baselines(&self, context: &OpenedContext) {
        let (Ok(Some(place)), false) = (self.events_place(context), self.inner.options.in_memory) else { return };
        let baselines: Vec<Baseline> = {
            let state = context.state();
            let (Some(at), Some(identity), Some(region)) = (state.read_at(), &state.identity, &state.region) else {
                return;
            };
            let of = format!("{}/{region}", identity.account);
            let stages = state.apis.values().flat_map(|api| api.stages.iter().map(|stage| (&api.api.id, stage)));
            stages.map(|(api, stage)| Baseline::of_stage(&of, api, stage, &at)).collect()
        };
        self.keep_baselines(&place, &baselines);
    }

    /// Remembers the usage plans of a check.
    pub(crate) fn keep_plan_baselines(&self, label: &str, read: &ReadEvidence) {
        let Some(context) = self.context(label).filter(|_| !self.inner.options.in_memory) else { return };
        let Ok(Some(place)) = self.events_place(&context) else { return };
        let of = {
            let state = context.state();
            let (Some(identity), Some(region)) = (&state.identity, &state.region) else { return };
            format!("{}/{region}", identity.account)
        };
        let answers = read.evidence.answers.iter().filter(|answer| answer.call == "apigateway:GetUsagePlans");
        let lists = answers.filter_map(|answer| answer.json.get("item").or_else(|| answer.json.get("items")));
        let items = lists.filter_map(serde_json::Value::as_array).flatten();
        let baselines: Vec<Baseline> = items.filter_map(|item| Baseline::of_plan(&of, item, &read.at)).collect();
        self.keep_baselines(&place, &baselines);
    }

    fn keep_baselines(&self, place: &str, baselines: &[Baseline]) {
        let kept = self.events_store().and_then(|store| Ok(store.add_baselines(place, baselines)?));
        if let Err(error) = kept {
            self.notice(error);
        }
    }
}
