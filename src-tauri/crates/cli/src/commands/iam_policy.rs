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
}

/// Runs `iam-policy`. With --region the ARNs name those regions.
///
/// # Errors
/// Wrong usage for a role that is none.
pub async fn run(host: &Host, global: &Global, args: &IamPolicyArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let request = IamPolicyRequest { roles: args.role.clone(), regions: global.region.clone() };
    let policy = iam_policy(host, request).await?;
    if printer.format() == OutputFormat::Json {
        printer.data(&pretty(&serde_json::json!(policy))?)?;
        return Ok(Exit::Done);
    }
    printer.data(&format!("{}\n", policy.document))?;
    for note in &policy.notes {
        printer.note(note);
    }
    Ok(Exit::Done)
}
