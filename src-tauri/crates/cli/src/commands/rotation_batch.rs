//! Beginning the rotation of many keys with one confirmation.

use portcullis_domain::rotation::RotationStage;
use portcullis_operations::{
    host::Host,
    rotation_apply::{KeyOutcome, RotationApplied, RotationApplyRequest, rotation_apply},
    rotation_list::RotationQuery,
    rotation_plan::{RotationBatch, RotationPlanRequest, rotation_plan},
};

use crate::{
    args::OutputFormat,
    changes::{Access, ChangeFlags, confirmed, pretty, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::Printer,
};

/// Plans, shows, asks and applies.
///
/// # Errors
/// What the operations refuse; failed when a key failed.
pub async fn begin(
    host: &Host,
    context: String,
    query: RotationQuery,
    overlap_days: Option<u16>,
    flags: &ChangeFlags,
    printer: &mut Printer,
) -> Result<Exit, Failure> {
    let request = RotationPlanRequest { context, query, stage: RotationStage::Start, overlap_days };
    let batch = rotation_plan(host, request).await?;
    let json = printer.format() == OutputFormat::Json;
    if flags.plan || batch.plans.is_empty() {
        let text = if json { pretty(&serde_json::json!({ "batch": batch }))? } else { batch_text(&batch) };
        printer.data(&text)?;
        return Ok(Exit::Done);
    }
    if flags.access == Some(Access::Operator) {
        host.allow_changes()?;
    }
    if !json || !flags.yes {
        printer.data(&batch_text(&batch))?;
    }
    let (typed, _) = confirmed(host, &batch.title, vec![batch.context.clone()], &[], flags)?;
    let request =
        RotationApplyRequest { batch_id: batch.id.clone(), reason: flags.reason.clone(), typed, acknowledged: true };
    let applied = rotation_apply(host, request).await?;
    let text = if json { pretty(&serde_json::json!({ "batch": batch, "applied": applied }))? } else { told(&applied) };
    printer.data(&text)?;
    let all = applied.keys.iter().all(|key| key.outcome == KeyOutcome::Done);
    Ok(if all { Exit::Done } else { Exit::Failed })
}

fn batch_text(batch: &RotationBatch) -> String {
    let mut text = format!("{} in {}\n\n", batch.title, batch.context);
    for key in &batch.plans {
        let places = key.plan.targets.len().saturating_sub(1);
        text += &format!("  {} ({}): {places} usage plans\n", key.key_name, key.key_id);
    }
    if !batch.left_out.is_empty() {
        text += "\nLeft out\n";
        for key in &batch.left_out {
            text += &format!("  {} ({}): {}\n", key.key_name, key.key_id, key.why);
        }
    }
    if !batch.plans.is_empty() {
        text += &format!(
            "\n{} calls; AWS's limits make it take at least {} s. Each key is a change of its own: it is done, or taken \
             back, and undone by itself.\nQuotas count by key: while both keys work each has what the old one had left.\n",
            batch.calls, batch.seconds
        );
    }
    terminal_lines(&text)
}

fn told(applied: &RotationApplied) -> String {
    let mut text = String::new();
    for key in &applied.keys {
        let said = match (key.outcome, &key.entry, &key.error) {
            (KeyOutcome::Done, Some(entry), _) => format!("done, journal entry {entry}"),
            (KeyOutcome::Failed, _, Some(error)) => format!("FAILED: {}", error.message),
            (KeyOutcome::NotBegun, ..) => "not begun".to_owned(),
            _ => "done".to_owned(),
        };
        text += &format!("{} ({}): {said}\n", key.key_name, key.key_id);
    }
    if let Some(stopped) = &applied.stopped {
        text += &format!("{stopped}\n");
    }
    terminal_lines(&text)
}
