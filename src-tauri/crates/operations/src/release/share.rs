//! A share that a person set by hand, with this console, while a release watches: it is no stranger's change, so the watch
//! goes on with it. With steps it does so only when the share is one of theirs; otherwise the plan that was confirmed no
//! longer says what comes next, and the release ends as for any other change.

use jiff::Timestamp;
use portcullis_domain::{
    canary::Release,
    change::Fields,
    journal::{JournalEntry, Outcome, entries},
};

use super::act::PERCENT;
use crate::host::Host;

/// Takes the share that `live` has into the release, if a person set it here.
pub(super) fn adopt(host: &Host, release: &mut Release, live: &Fields, now: Timestamp) {
    let number = |fields: &Fields| fields.get(PERCENT).and_then(serde_json::Value::as_f64);
    let (Some(share), Some(known)) = (number(live), number(&release.expected)) else { return };
    if share.total_cmp(&known).is_eq() {
        return;
    }
    let Some(entry) = set_here(host, release, share) else { return };
    let step = release.terms.steps.iter().position(|step| step.percent.total_cmp(&share).is_eq());
    match step {
        Some(step) => (release.step, release.step_since) = (step, now),
        None if release.terms.steps.is_empty() => {}
        None => return,
    }
    release.expected.insert(PERCENT.to_owned(), share.into());
    release.words = format!(
        "{} set the share to {share} % by hand, journal entry {}; the watch goes on.",
        entry.actor.local_user, entry.id
    );
}

/// The entry of this console's journal that set this share and nothing else, if it is the last one about the stage that is
/// not the release's own.
fn set_here(host: &Host, release: &Release, share: f64) -> Option<JournalEntry> {
    if !host.has_journal() {
        return None;
    }
    let records = host.journal().and_then(|journal| Ok(journal.records()?));
    let records = records.map_err(|error| tracing::warn!(%error, "the journal does not say who set the share")).ok()?;
    let key = release.target.key();
    let target = |entry: &JournalEntry| entry.plan.as_deref()?.targets.iter().position(|target| target.key() == key);
    let of_stage = |entry: &JournalEntry| {
        target(entry).is_some()
            && entry.opened_at.parse::<Timestamp>().is_ok_and(|opened| opened >= release.begun)
            && !release.entries.contains(&entry.id)
            && release.confirmed_in.as_ref() != Some(&entry.id)
    };
    let last = entries(&records).into_iter().rev().find(of_stage)?;
    let plan = last.plan.as_deref()?;
    let at = target(&last)?;
    let only_share = plan.changes.iter().all(|change| change.target == at && change.field == PERCENT);
    let set = plan.fields_expected(at)?.get(PERCENT).and_then(serde_json::Value::as_f64)?;
    let done = matches!(last.outcome, Some(Outcome::Applied | Outcome::Mismatch));
    (only_share && done && set.total_cmp(&share).is_eq()).then_some(last)
}
