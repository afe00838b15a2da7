//! Resources that belong to a template: a change by hand drifts from it, and the next deployment takes it back.

use std::collections::BTreeMap;

use super::{Fields, Warning, WarningKind};

/// Tag keys that name the tool, lower case, and what it is called. AWS reserves `aws:cloudformation:*`; the others are
/// customs (Terraform's own documentation suggests default tags, and nothing enforces them).
const TOOLS: &[(&str, &str)] = &[
    ("aws:cloudformation:stack-name", "CloudFormation stack"),
    ("terraform", "Terraform configuration"),
    ("terraform-workspace", "Terraform workspace"),
    ("tf-module", "Terraform module"),
    ("pulumi:project", "Pulumi project"),
];
/// Tag keys whose value names the tool.
const MANAGERS: &[&str] = &["managedby", "managed-by", "managed_by", "provisioner", "createdby"];

/// The warning, when these tags say that the resource belongs to a template.
#[must_use]
pub fn template_mark<'a>(what: &str, tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Warning> {
    let template = tags.into_iter().find_map(|(key, value)| {
        let lower = key.to_ascii_lowercase();
        if let Some((_, tool)) = TOOLS.iter().find(|(known, _)| *known == lower) {
            let named = matches!(value, "" | "true" | "yes" | "1");
            return Some(if named { format!("a {tool}") } else { format!("the {tool} {value}") });
        }
        let tool = value.to_ascii_lowercase();
        let is_tool = ["terraform", "cloudformation", "cdk", "pulumi", "serverless", "sam"]
            .iter()
            .any(|known| tool.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == *known));
        (MANAGERS.contains(&lower.as_str()) && is_tool).then(|| format!("a template ({key} = {value})"))
    })?;
    Some(Warning {
        kind: WarningKind::Drifts,
        message: format!(
            "{what} belongs to {template}: this change drifts from it, and its next deployment takes the change back. Change the template too."
        ),
    })
}

/// The tags among a target's fields.
pub fn tags_of(fields: &Fields) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().filter_map(|(name, value)| Some((name.strip_prefix("tags/")?, value.as_str()?)))
}

/// The tags of an API.
pub fn tags(tags: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|(key, value)| (key.as_str(), value.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_a_template_is_recognised_and_other_tags_are_not() {
        let message =
            |key: &str, value: &str| template_mark("Stage prod", [(key, value)]).map(|warning| warning.message);
        for (key, value, template) in [
            ("aws:cloudformation:stack-name", "shop-api", "the CloudFormation stack shop-api"),
            ("Terraform", "true", "a Terraform configuration"),
            ("ManagedBy", "terraform", "a template (ManagedBy = terraform)"),
            ("managed-by", "AWS CDK", "a template (managed-by = AWS CDK)"),
        ] {
            let said = message(key, value).unwrap();
            assert!(said.contains(&format!("belongs to {template}:")), "{said}");
        }
        for (key, value) in [("team", "terraformers"), ("ManagedBy", "samuel"), ("env", "prod"), ("owner", "cdk")] {
            assert_eq!(message(key, value), None, "{key}={value}");
        }
    }
}
