//! `portcullis demo rehearse`: a release on the demo account from its start to its end, in a time that runs faster.

use clap::{Args, ValueEnum};
use portcullis_domain::{
    canary::{ReleaseMode, ReleaseTerms},
    change::WarningKind,
};
use portcullis_operations::{
    canary_release_begin::{CanaryReleaseBeginRequest, canary_release_begin},
    canary_start::{CanaryStartRequest, canary_start},
    host::Host,
    journal_list::{JournalListRequest, journal_list},
    plan_apply::{PlanApplyRequest, plan_apply},
    throttle_copy::StageName,
};

use super::canary_watch::follow;
use crate::{
    args::Global, changes::terminal_lines, exit::Exit, failure::Failure, output::Printer, selection::api_with_stage,
};

/// Where it is rehearsed.
const PLACE: (&str, &str) = ("storefront", "prod");

/// Which candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Candidate {
    /// One that does nothing bad.
    Good,
    /// One that breaks the coupon route as soon as requests come.
    Bad,
}

/// Flags of `demo rehearse`.
#[derive(Debug, Args)]
pub struct DemoRehearseArgs {
    /// Which candidate is released.
    #[arg(value_enum, default_value_t = Candidate::Bad)]
    candidate: Candidate,
    /// How long to watch, minutes of the demo's time.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=60))]
    minutes: u32,
}

/// Runs `demo rehearse`: starts the candidate at 10 %, puts it under watch with automatic rollback, and shows every look.
/// Nothing but this process's demo account is changed; the journal keeps what was done.
///
/// # Errors
/// What the operations refuse.
pub async fn run(
    host: &Host,
    global: &Global,
    args: &DemoRehearseArgs,
    printer: &mut Printer,
) -> Result<Exit, Failure> {
    printer.read_all(host, &Global { demo: true, ..global.clone() }).await?;
    host.allow_changes()?;
    let api = api_with_stage(host, PLACE.0, PLACE.1).await?;
    let stage = StageName { context: api.context, api_id: api.api.id.to_string(), stage: PLACE.1.to_owned() };
    let description = match args.candidate {
        Candidate::Good => "Search, second try",
        Candidate::Bad => "The coupon engine, rewritten",
    };
    let plan = canary_start(
        host,
        CanaryStartRequest {
            stage: stage.clone(),
            deployment_id: None,
            percent: "10".to_owned(),
            overrides: std::collections::BTreeMap::new(),
            use_stage_cache: false,
            description: Some(description.to_owned()),
        },
    )
    .await?;
    printer.note(&plan.title);
    let request = PlanApplyRequest {
        plan_id: plan.id,
        reason: "a rehearsal".to_owned(),
        acknowledged: true,
        // The draft of the demo's shop opens a route: that is part of the rehearsal.
        accepted: vec![WarningKind::Exposes],
        typed: vec![stage.context.clone()],
    };
    plan_apply(host, request).await?;
    let mut terms = ReleaseTerms { mode: ReleaseMode::Automatic, ..ReleaseTerms::default() };
    terms.criteria.minutes = args.minutes;
    let begun = canary_release_begin(
        host,
        CanaryReleaseBeginRequest {
            typed: vec![stage.context.clone()],
            stage,
            terms: Some(terms),
            template: None,
            reason: "a rehearsal".to_owned(),
            confirmed: true,
        },
    )
    .await?;
    let exit = follow(host, &begun.release.id, printer).await?;
    let list = journal_list(host, JournalListRequest { limit: 3, ..JournalListRequest::default() }).await?;
    for line in list.lines.iter().rev() {
        printer.note(&terminal_lines(&format!("journal {}: {}", line.id, line.title)));
    }
    host.let_go_of_releases();
    Ok(exit)
}
