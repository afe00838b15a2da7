//! `portcullis canary watch`: a release under watch, as a live view for a person and as JSON Lines for a pipeline.

use std::{io::IsTerminal as _, time::Duration};

use clap::{Args, ValueEnum};
use portcullis_domain::canary::{
    CanarySample, CanaryVerdict, Release, ReleaseMode, ReleaseState, ReleaseStep, ReleaseTerms,
};
use portcullis_operations::{
    canary_release_begin::{CanaryReleaseBeginRequest, canary_release_begin},
    canary_release_list::{CanaryReleaseListRequest, ReleaseLine, canary_release_list},
    canary_release_stop::{CanaryReleaseStopRequest, canary_release_stop},
    canary_template_list::{CanaryTemplate, CanaryTemplateListRequest, canary_template_list},
    canary_template_save::{CanaryTemplateSaveRequest, canary_template_save},
    canary_watch::{CanaryWatch, CanaryWatchRequest, canary_watch},
    host::Host,
    throttle_copy::StageName,
};

use super::canary::{StageArgs, named};
use crate::{
    args::OutputFormat,
    changes::{Access, ChangeFlags, agreed, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::{Printer, gaps, table},
};

/// How often the clock is asked whether a look is due.
const TICK: Duration = Duration::from_secs(1);

/// What is done about a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Nothing: the verdict is shown.
    Observe,
    /// A person is asked.
    Recommend,
    /// The canary is removed at once, by the program itself.
    Automatic,
}

/// Flags of `canary watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// Look once, put nothing under watch, and end.
    #[arg(long, conflicts_with_all = ["stop", "save_template"])]
    once: bool,
    /// End the watch of this stage; the canary stays as it is.
    #[arg(long)]
    stop: bool,
    /// Begin on the terms of this template (canary templates lists them).
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// Keep the terms under this name, and watch on them.
    #[arg(long, value_name = "NAME")]
    save_template: Option<String>,
    /// What is done about a breach: observe, recommend, automatic.
    #[arg(long, value_enum)]
    mode: Option<Mode>,
    /// The same as --mode automatic. Needs --access operator.
    #[arg(long, conflicts_with = "mode")]
    rollback: bool,
    /// Shares to go through while the candidate is healthy: 5,10,25,50 or 5:10,25:30 with minutes. Needs --access operator.
    #[arg(long, value_name = "PERCENT[:MINUTES],…", value_delimiter = ',', value_parser = step)]
    steps: Vec<(f64, Option<u32>)>,
    /// How long each step takes that does not say so, minutes.
    #[arg(long, value_name = "N", default_value_t = 10)]
    step_minutes: u32,
    /// How long to watch, minutes.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: Option<u32>,
    /// The candidate's requests below which there is no verdict.
    #[arg(long)]
    least_requests: Option<u64>,
    /// The most 5XX answers, percent.
    #[arg(long)]
    ceiling: Option<f64>,
    /// The most 4XX answers, percent; only compared with the baseline without it.
    #[arg(long)]
    client_ceiling: Option<f64>,
    /// The longest p99 latency, milliseconds; only compared with the stage's without it.
    #[arg(long, value_name = "MS")]
    latency_ceiling: Option<f64>,
    /// How much higher than the baseline's an error rate has to be to matter, percentage points.
    #[arg(long)]
    margin: Option<f64>,
    /// How many times the stage's p90 and p99 latency the candidate's may be.
    #[arg(long)]
    latency_ratio: Option<f64>,
    #[command(flatten)]
    change: ChangeFlags,
}

fn step(text: &str) -> Result<(f64, Option<u32>), String> {
    let (percent, minutes) = text.split_once(':').map_or((text, None), |(percent, minutes)| (percent, Some(minutes)));
    let percent = percent.trim().trim_end_matches('%').parse().map_err(|_| format!("{percent} is no percentage"))?;
    let minutes =
        minutes.map(|minutes| minutes.trim().parse().map_err(|_| format!("{minutes} is no number of minutes")));
    Ok((percent, minutes.transpose()?))
}

impl WatchArgs {
    /// The stage.
    pub(super) fn stage(&self) -> &StageArgs {
        &self.stage
    }

    /// The terms that the flags name, on top of the template's or the defaults.
    fn terms(&self, templates: &[CanaryTemplate]) -> Result<ReleaseTerms, Failure> {
        let mut terms = match &self.template {
            None => ReleaseTerms { mode: ReleaseMode::Recommend, ..ReleaseTerms::default() },
            Some(name) => {
                let found = templates.iter().find(|template| template.name == *name);
                let names: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
                let missing =
                    || Failure::usage(format!("There is no template {name}; there are {}.", names.join(", ")));
                found.ok_or_else(missing)?.terms.clone()
            }
        };
        terms.mode = match self.mode {
            _ if self.rollback => ReleaseMode::Automatic,
            Some(Mode::Observe) => ReleaseMode::Observe,
            Some(Mode::Recommend) => ReleaseMode::Recommend,
            Some(Mode::Automatic) => ReleaseMode::Automatic,
            None => terms.mode,
        };
        if !self.steps.is_empty() {
            let of = |(percent, minutes): &(f64, Option<u32>)| ReleaseStep {
                percent: *percent,
                minutes: minutes.unwrap_or(self.step_minutes),
            };
            terms.steps = self.steps.iter().map(of).collect();
        }
        let criteria = &mut terms.criteria;
        criteria.minutes = self.minutes.unwrap_or(criteria.minutes);
        criteria.least_requests = self.least_requests.unwrap_or(criteria.least_requests);
        criteria.server_errors_ceiling = self.ceiling.unwrap_or(criteria.server_errors_ceiling);
        criteria.client_errors_ceiling = self.client_ceiling.or(criteria.client_errors_ceiling);
        criteria.latency_ceiling = self.latency_ceiling.or(criteria.latency_ceiling);
        criteria.margin = self.margin.unwrap_or(criteria.margin);
        criteria.latency_ratio = self.latency_ratio.unwrap_or(criteria.latency_ratio);
        match terms.problem() {
            Some(problem) => Err(Failure::usage(problem)),
            None => Ok(terms),
        }
    }
}

/// Lists the templates.
pub(super) async fn templates(host: &Host, printer: &mut Printer) -> Result<Exit, Failure> {
    let list = canary_template_list(host, CanaryTemplateListRequest {}).await?.templates;
    let text = if printer.format() == OutputFormat::Json {
        host.envelope(list)?
    } else {
        let cells = |template: &CanaryTemplate| {
            let kept = if template.built_in { "built in" } else { "yours" };
            [template.name.clone(), kept.to_owned(), template.words.clone()]
        };
        terminal_lines(&table::render(["TEMPLATE", "FROM", "WHAT IT DOES"], list.iter().map(cells)))
    };
    printer.data(&text)?;
    Ok(Exit::Done)
}

/// Runs `canary watch`.
pub(super) async fn run(host: &Host, args: &WatchArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let stage = named(host, &args.stage).await?;
    let templates = canary_template_list(host, CanaryTemplateListRequest {}).await?.templates;
    let terms = args.terms(&templates)?;
    if args.once {
        let seen = canary_watch(host, CanaryWatchRequest { stage, since: None, criteria: terms.criteria }).await?;
        let verdict = seen.judgement.verdict;
        let text = match printer.format() {
            OutputFormat::Json => json_line(&seen)?,
            _ => terminal_lines(&told(&seen)),
        };
        printer.data(&text)?;
        return Ok(exit_of(verdict));
    }
    let running = running(host, &stage).await?;
    if args.stop {
        let Some(line) = running else { return Err(Failure::usage("No release of this stage is running.".to_owned())) };
        let request = CanaryReleaseStopRequest { id: line.release.id, reason: args.change.reason.clone() };
        let stopped = canary_release_stop(host, request).await?;
        printer.note(&stopped.release.words);
        return Ok(Exit::Done);
    }
    if let Some(name) = &args.save_template {
        canary_template_save(host, CanaryTemplateSaveRequest { name: name.clone(), terms: Some(terms.clone()) })
            .await?;
    }
    if args.change.access == Some(Access::Operator) {
        host.allow_changes()?;
    }
    let line = match running {
        Some(line) => {
            printer.note(&format!(
                "Release {} of this stage, begun by {} at {}, goes on, on its own terms. {}",
                line.release.id, line.release.begun_by.local_user, line.release.begun, line.release.confirmation
            ));
            line
        }
        None => begin(host, args, stage, terms, printer).await?,
    };
    let exit = follow(host, &line.release.id, printer).await;
    host.let_go_of_releases();
    exit
}

async fn running(host: &Host, stage: &StageName) -> Result<Option<ReleaseLine>, Failure> {
    let list = canary_release_list(host, CanaryReleaseListRequest { stage: Some(stage.clone()) }).await?;
    Ok(list.releases.into_iter().find(|line| line.release.is_running()))
}

async fn begin(
    host: &Host,
    args: &WatchArgs,
    stage: StageName,
    terms: ReleaseTerms,
    printer: &mut Printer,
) -> Result<ReleaseLine, Failure> {
    let typed =
        if terms.acts() { agreed(host, &stage.context, &terms.words(), &args.change, printer)? } else { Vec::new() };
    let request = CanaryReleaseBeginRequest {
        stage,
        terms: Some(terms),
        template: args.template.clone().or_else(|| args.save_template.clone()),
        reason: args.change.reason.clone(),
        confirmed: true,
        typed,
    };
    Ok(canary_release_begin(host, request).await?)
}

/// Looks until it is over, and prints each look.
pub(super) async fn follow(host: &Host, id: &str, printer: &mut Printer) -> Result<Exit, Failure> {
    let mut view = View::new(printer.format());
    let mut shown = None;
    loop {
        host.look_at_releases().await?;
        let list = canary_release_list(host, CanaryReleaseListRequest::default()).await?;
        let line = list.releases.into_iter().find(|line| line.release.id == id);
        let line = line.ok_or_else(|| Failure::failed(format!("Release {id} is gone from the store.")))?;
        let key = (line.release.looks, line.release.state);
        if shown != Some(key) {
            shown = Some(key);
            view.show(host, &line, printer)?;
        }
        if let Some(exit) = over(host, &line, printer).await? {
            return Ok(exit);
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = tokio::signal::ctrl_c() => {
                printer.note(&format!(
                    "Release {id} stays under watch, and nobody looks at it until a window is open or this command runs again. --stop ends it."
                ));
                return Ok(Exit::Incomplete);
            }
        }
    }
}

/// Whether the command is over, and how. A breach that nobody acts on by itself ends it: whoever called decides.
async fn over(host: &Host, line: &ReleaseLine, printer: &mut Printer) -> Result<Option<Exit>, Failure> {
    let release = &line.release;
    let verdict = release.judgement.as_ref().map(|judgement| judgement.verdict);
    Ok(Some(match release.state {
        ReleaseState::Watching => {
            if verdict != Some(CanaryVerdict::Breached) || release.terms.mode == ReleaseMode::Automatic {
                return Ok(None);
            }
            let request = CanaryReleaseStopRequest { id: release.id.clone(), reason: "breached".to_owned() };
            canary_release_stop(host, request).await?;
            printer.note("Breached. Take it back with canary rollback; --rollback does it by itself.");
            Exit::Findings
        }
        ReleaseState::Healthy | ReleaseState::Promoted => Exit::Done,
        ReleaseState::Breached | ReleaseState::RolledBack => Exit::Findings,
        ReleaseState::Conflict => Exit::Refused,
        ReleaseState::Inconclusive | ReleaseState::Removed | ReleaseState::Stopped => Exit::Incomplete,
    }))
}

fn exit_of(verdict: CanaryVerdict) -> Exit {
    match verdict {
        CanaryVerdict::Healthy => Exit::Done,
        CanaryVerdict::Breached => Exit::Findings,
        CanaryVerdict::Inconclusive => Exit::Incomplete,
    }
}

/// Where the looks are shown: one below the other, or in place of each other where a person watches a terminal.
struct View {
    format: OutputFormat,
    in_place: bool,
    lines: usize,
}

impl View {
    fn new(format: OutputFormat) -> Self {
        Self { format, in_place: format != OutputFormat::Json && std::io::stdout().is_terminal(), lines: 0 }
    }

    fn show(&mut self, host: &Host, line: &ReleaseLine, printer: &mut Printer) -> Result<(), Failure> {
        if self.format == OutputFormat::Json {
            return printer.data(&pipeline_line(host, line)?);
        }
        let text = terminal_lines(&view(line));
        // Up to where the last look began, and everything below it away.
        let back =
            if self.in_place && self.lines > 0 { format!("\u{1b}[{}F\u{1b}[J", self.lines) } else { String::new() };
        self.lines = text.lines().count();
        printer.data(&format!("{back}{text}"))
    }
}

/// One look as a line of JSON: the members of `canary_watch`, and the release.
fn pipeline_line(host: &Host, line: &ReleaseLine) -> Result<String, Failure> {
    let mut value = match &line.watch {
        Some(watch) => serde_json::to_value(watch).map_err(|error| Failure::failed(error.to_string()))?,
        None => serde_json::json!({ "judgement": line.release.judgement }),
    };
    value["at"] = host.now().into();
    value["release"] = serde_json::json!({
        "id": line.release.id, "state": line.release.state, "words": line.release.words, "mode": line.release.terms.mode,
        "step": line.release.step, "steps": line.release.terms.steps, "looks": line.release.looks,
        "minutesLeft": line.minutes_left, "trouble": line.release.trouble, "gaps": line.release.gaps,
        "entries": line.release.entries, "deadline": line.release.deadline,
    });
    Ok(value.to_string() + "\n")
}

fn json_line(seen: &CanaryWatch) -> Result<String, Failure> {
    serde_json::to_string(seen).map(|line| line + "\n").map_err(|error| Failure::failed(error.to_string()))
}

/// A release for a person.
fn view(line: &ReleaseLine) -> String {
    let Release { state, words, judgement, terms, step, trouble, gaps, candidate, target, .. } = &line.release;
    let mut text = format!("{}, candidate {candidate}: {}\n", target.label(), state_word(*state));
    if let Some(watch) = &line.watch {
        text += &told(watch);
    } else if let Some(judgement) = judgement {
        text += &format!("{}\n", verdict_line(judgement.verdict, &judgement.reasons));
    }
    if !terms.steps.is_empty() {
        let steps = terms.steps.iter().enumerate().map(|(number, of)| {
            let mark = if number == *step { ">" } else { " " };
            format!("{mark}{} % for {} min", of.percent, of.minutes)
        });
        text += &format!("steps   {}\n", steps.collect::<Vec<_>>().join("  "));
    }
    if let Some(trouble) = trouble {
        text += &format!("TROUBLE {trouble}\n");
    }
    if let Some(gap) = gaps.last() {
        text += &format!("gap     {} to {}: {}\n", gap.from, gap.to, gap.why);
    }
    if line.release.is_running() {
        text += &format!("next    {}\n", line.next.join("\n        "));
        text += &format!(
            "{} minutes left. It is watched only while this runs, or a window is open; meanwhile only alarms guard the stage: portcullis alarms create --api {} --stage {}\n",
            line.minutes_left, line.stage.api_id, line.stage.stage
        );
    } else {
        text += &format!("{words}\n");
    }
    text
}

fn state_word(state: ReleaseState) -> &'static str {
    match state {
        ReleaseState::Watching => "under watch",
        ReleaseState::Healthy => "healthy to the end",
        ReleaseState::Inconclusive => "over, inconclusive",
        ReleaseState::Breached => "breached",
        ReleaseState::RolledBack => "rolled back by itself",
        ReleaseState::Promoted => "promoted",
        ReleaseState::Removed => "removed by somebody",
        ReleaseState::Conflict => "somebody changed the stage",
        ReleaseState::Stopped => "watch ended",
    }
}

fn verdict_line(verdict: CanaryVerdict, reasons: &[String]) -> String {
    format!("{verdict:?}: {}", reasons.join(" "))
}

fn told(seen: &CanaryWatch) -> String {
    let line = |name: &str, sample: &CanarySample| {
        let latency = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |latency| format!("{latency:.0} ms"));
        [
            name.to_owned(),
            sample.requests.to_string(),
            format!("{:.2} %", sample.client_error_rate()),
            format!("{:.2} %", sample.server_error_rate()),
            latency(sample.latency_average),
            latency(sample.latency_p50),
            latency(sample.latency_p90),
            latency(sample.latency_p99),
        ]
    };
    let lines = table::render(
        ["", "REQUESTS", "4XX", "5XX", "AVERAGE", "P50", "P90", "P99"],
        [line("candidate", &seen.candidate), line("baseline", &seen.baseline)],
    );
    let mut text = format!(
        "{} to {}, {} % of the requests\n{lines}{}\n{}\n{}\n",
        seen.from,
        seen.to,
        seen.release.percent,
        verdict_line(seen.judgement.verdict, &seen.judgement.reasons),
        seen.beginning.words,
        seen.source_words
    );
    for note in &seen.notes {
        text += &format!("{note}\n");
    }
    text + &gaps::render(&seen.coverage)
}
