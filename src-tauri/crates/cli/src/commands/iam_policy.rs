//! `portcullis iam-policy`: the least-privilege policy for a role.

use clap::Args;
use portcullis_operations::{
    host::Host,
    iam_policy::{IamPolicyRequest, iam_policy},
};

use crate::{
    args::{Global, OutputFormat},
    changes::pretty,
    exit::Exit,
    failure::Failure,
    output::Printer,
};

/// Flags of `iam-policy`.
#[derive(Debug, Args)]
pub struct IamPolicyArgs {
    /// For whom: read-only, operator, support, or names of operations with commas between.
    #[arg(long = "for", value_name = "ROLE", default_value = "read-only", value_delimiter = ',')]
    role: Vec<String>,
    /// Read the contexts of this command, and name their account, regions and APIs instead of *.
    #[arg(long)]
    exact: bool,
}

/// Runs `iam-policy`. With --region the ARNs name those regions; with --exact AWS is read first.
///
/// # Errors
/// Wrong usage for a role that is none; what reading refuses.
pub async fn run(host: &Host, global: &Global, args: &IamPolicyArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    if args.exact {
        printer.read_all(host, global).await?;
    }
    let (roles, regions) = (args.role.clone(), global.region.clone());
    let request = IamPolicyRequest { roles, regions, open_contexts: args.exact };
    let policy = iam_policy(host, request).await?;
    if printer.format() == OutputFormat::Json {
        printer.data(&pretty(&serde_json::json!(policy))?)?;
        return Ok(Exit::Done);
    }
    printer.data(&format!("{}\n", policy.document))?;
    for note in &policy.notes {
        printer.note(note);
    }
    Ok(if args.exact { printer.finish(host) } else { Exit::Done })
}
