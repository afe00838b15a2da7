//! Who changed a stage while a release watched it: this console's journal knows its own, CloudTrail the rest.

use jiff::Timestamp;
use portcullis_domain::{canary::Release, journal::entries};

use crate::{host::Host, recent_events::last_writer};

/// A sentence.
pub(super) async fn changed(host: &Host, release: &Release) -> String {
    if let Some(here) = here(host, release) {
        return here;
    }
    match last_writer(host, &release.target).await {
        Ok(Some(writer)) => writer,
        Ok(None) => format!(
            "CloudTrail has no event about {} yet (events arrive within about 15 minutes).",
            release.target.label()
        ),
        Err(error) => format!("Who it was is not known: {}", error.message),
    }
}

fn here(host: &Host, release: &Release) -> Option<String> {
    if !host.has_journal() {
        return None;
    }
    let records = host.journal().and_then(|journal| Ok(journal.records()?));
    let records = records.map_err(|error| tracing::warn!(%error, "the journal does not say who changed the stage"));
    let key = release.target.key();
    let of_stage = |entry: &portcullis_domain::journal::JournalEntry| {
        let targets = entry.plan.as_deref().map(|plan| &plan.targets);
        targets.is_some_and(|targets| targets.iter().any(|target| target.key() == key))
            && entry.opened_at.parse::<Timestamp>().is_ok_and(|opened| opened > release.begun)
            && !release.entries.contains(&entry.id)
    };
    let entry = entries(&records.ok()?).into_iter().rev().find(of_stage)?;
    Some(format!("{} did with this console, journal entry {}.", entry.actor.local_user, entry.id))
}
