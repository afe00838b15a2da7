//! What a person types. Parsing only: what it means is decided in [`crate::contexts`] and the commands.

use clap::{Args, Parser, Subcommand, ValueEnum};
use portcullis_demo::Scale;

use crate::commands::{
    alarms, apis, canary, completions, contexts, demo_import, demo_rehearse, demo_serve, doctor, events, iam_policy,
    journal, key, metrics, plans, posture, quota, rotation, routes, stage, tenants, throttle, waf,
};

/// A console for operating Amazon API Gateway.
///
/// Without a command the window opens. Credentials and regions follow AWS's conventions: AWS_PROFILE, AWS_REGION,
/// AWS_ENDPOINT_URL, SSO, credential_process and assume-role profiles all work.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, disable_help_subcommand = true, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// Which account and region.
    #[command(flatten)]
    pub global: Global,
    /// Make the demo account a large one: apis=200,routes=50000, with API keys apis=200,routes=50000,keys=10000.
    #[arg(long, value_name = "apis=N,routes=M,keys=K", requires = "demo")]
    pub scale: Option<Scale>,
    /// What to do; the window opens without it.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const AFTER_HELP: &str = "Exit status: 0 done, 1 findings, 2 wrong usage, 3 some data could not be read, 4 failed, \
                          5 refused (read-only, protected, conflict).";

/// The heading of the flags that every command takes, below those of its own.
const WHERE: &str = "Which account, and how to print";

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// Use this profile of the AWS configuration (repeat for several).
    #[arg(long, global = true, value_name = "NAME", help_heading = WHERE)]
    pub profile: Vec<String>,
    /// Read this region (repeat for several).
    #[arg(long, global = true, value_name = "REGION", help_heading = WHERE)]
    pub region: Vec<String>,
    /// Send every call to this endpoint instead of AWS's own.
    #[arg(long, global = true, value_name = "URL", help_heading = WHERE)]
    pub endpoint_url: Option<String>,
    /// Use the demo account: no AWS account needed.
    #[arg(long, global = true, conflicts_with_all = ["profile", "endpoint_url"], help_heading = WHERE)]
    pub demo: bool,
    /// Let time on the demo account run this many times as fast, 1 to 60.
    #[arg(long, global = true, value_name = "N", help_heading = WHERE)]
    pub demo_speed: Option<f64>,
    /// Print for people (table), for programs (json) or for spreadsheets (csv); posture also as ocsf and sarif.
    #[arg(long, short, global = true, value_enum, default_value_t = OutputChoice::Table, hide_possible_values = true)]
    #[arg(help_heading = WHERE, value_name = "FORM")]
    pub output: OutputChoice,
}

/// What can be asked for; the last two only of `posture`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputChoice {
    /// Aligned columns.
    #[default]
    Table,
    /// One envelope with coverage and calls; what goes on line by line, as JSON Lines.
    #[value(alias = "jsonl")]
    Json,
    /// RFC 4180, safe to open in a spreadsheet.
    Csv,
    /// OCSF 1.3.0 events (posture only).
    Ocsf,
    /// SARIF 2.1.0 (posture only).
    Sarif,
}

impl OutputChoice {
    /// How everything but findings is printed.
    #[must_use]
    pub fn format(self) -> OutputFormat {
        match self {
            Self::Table => OutputFormat::Table,
            Self::Csv => OutputFormat::Csv,
            Self::Json | Self::Ocsf | Self::Sarif => OutputFormat::Json,
        }
    }
}

/// How answers are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutputFormat {
    /// Aligned columns.
    #[default]
    Table,
    /// One envelope with coverage and calls.
    Json,
    /// RFC 4180, safe to open in a spreadsheet.
    Csv,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List routes as their stages serve them, with audience, guard and limits.
    Routes(routes::RoutesArgs),
    /// List APIs and their stages.
    Apis(apis::ApisArgs),
    /// Judge every route against its audience; exit with 1 for findings, for pipelines.
    Posture(posture::PostureArgs),
    /// List the contexts that can be opened.
    Contexts(contexts::ContextsArgs),
    /// Say which credentials were found, who they are, which calls are allowed, and what to do.
    Doctor(doctor::DoctorArgs),
    /// Canary releases: state, start, share, watch, promote, roll back.
    #[command(subcommand)]
    Canary(canary::CanaryCommand),
    /// Stages: the deployments of their APIs, and moving a stage to another one.
    #[command(subcommand)]
    Stage(stage::StageCommand),
    /// Limits: which one applies, what another would have done, and setting it.
    #[command(subcommand)]
    Throttle(throttle::ThrottleCommand),
    /// The quota board: whose key has used how much of which plan, worst first.
    Tenants(tenants::TenantsArgs),
    /// List usage plans: what they allow, where, and what is wrong with them.
    Plans(plans::PlansArgs),
    /// Quotas: extend one tenant's, set a plan's, move a tenant to another plan.
    #[command(subcommand)]
    Quota(quota::QuotaCommand),
    /// Keys: begin a rotation without an outage, hand one's value over.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Web ACLs: what they really do, their rules in words, and which of them block or count.
    Waf(waf::WafArgs),
    /// Rotations: where each stands, the next stage, the way back.
    #[command(subcommand)]
    Rotation(rotation::RotationCommand),
    /// Alarms on API Gateway: what burns, where they are missing, and creating those.
    Alarms(alarms::AlarmsArgs),
    /// Requests, error rates and latency of a stage or route, with what happened meanwhile.
    Metrics(metrics::MetricsArgs),
    /// List configuration changes from CloudTrail: who, what, with which client.
    Events(events::EventsArgs),
    /// List the changes that were made with this console; show, verify and export them.
    Journal(journal::JournalArgs),
    /// Undo a change of the journal.
    Undo(journal::UndoArgs),
    /// Print the least-privilege IAM policy for a role.
    IamPolicy(iam_policy::IamPolicyArgs),
    /// Print the completions of a shell, or the manual page.
    Completions(completions::CompletionsArgs),
    /// The demo account: serve it, or add definitions to it.
    #[command(subcommand)]
    Demo(DemoCommand),
}

/// Commands of the demo account.
#[derive(Debug, Subcommand)]
pub enum DemoCommand {
    /// Serve the demo account on loopback for any AWS client.
    Serve(demo_serve::DemoServeArgs),
    /// Add APIs to the demo account from OpenAPI or Swagger definitions.
    Import(demo_import::DemoImportArgs),
    /// Rehearse a release from its start to its end, a good one or one that is taken back by itself.
    Rehearse(demo_rehearse::DemoRehearseArgs),
}
