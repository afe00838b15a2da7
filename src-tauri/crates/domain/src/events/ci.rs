//! What counts as CI: whatever an organisation says, by user agent and by principal.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChangeEvent, EventClient};

/// Patterns with `*` for anything, in any case. An event is CI's when either list matches, unless it came from AWS's web
/// console, where a person sat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CiPatterns {
    /// Of user agents.
    pub user_agents: Vec<String>,
    /// Of principals: the ARN with role and session, or what there is instead.
    pub principals: Vec<String>,
}

const USER_AGENTS: &[&str] = &[
    "*terraform*",
    "*opentofu*",
    "*pulumi*",
    "*cloudformation.amazonaws.com*",
    "*codebuild*",
    "*github-actions*",
    "*aws-sam-cli*",
    "*serverless framework*",
];
const PRINCIPALS: &[&str] = &[
    "*pipeline*",
    "*codebuild*",
    "*github-actions*",
    "*githubactions*",
    "*gitlab*",
    "*jenkins*",
    "*circleci*",
    "*buildkite*",
    "*bitbucket*",
    "*terraform*",
    "*atlantis*",
    "*spacelift*",
    "*cloudformation*",
    "*/ci",
    "*/ci-*",
];

impl Default for CiPatterns {
    fn default() -> Self {
        let owned = |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        Self { user_agents: owned(USER_AGENTS), principals: owned(PRINCIPALS) }
    }
}

impl CiPatterns {
    /// Whether it was CI.
    #[must_use]
    pub fn made(&self, event: &ChangeEvent) -> bool {
        let any = |patterns: &[String], text: &str| patterns.iter().any(|pattern| matches(pattern, text));
        event.client != EventClient::Console
            && (any(&self.user_agents, &event.user_agent) || any(&self.principals, &event.principal))
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else { return true };
    for part in middle {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventEnvelope;
    use serde_json::json;

    #[test]
    fn a_star_is_anything() {
        for (pattern, text, expected) in [
            ("*terraform*", "APN/1.0 HashiCorp/1.0 Terraform/1.9.8", true),
            ("*/ci", "arn:aws:sts::1:assumed-role/deploy/ci", true),
            ("*/ci", "arn:aws:sts::1:assumed-role/deploy/cindy", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "acb", false),
            ("exact", "Exact", true),
            ("exact", "exactly", false),
            ("*", "", true),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_person_at_the_console_is_never_ci() {
        let event = |arn: &str, agent: &str| {
            let record = json!({ "eventName": "UpdateStage", "userAgent": agent,
                "userIdentity": { "type": "AssumedRole", "arn": arn } });
            ChangeEvent::read("prod", &EventEnvelope::default(), &record.to_string())
        };
        let ci = CiPatterns::default();
        let pipeline = "arn:aws:sts::1:assumed-role/deploy-pipeline/run-7";
        assert!(ci.made(&event(pipeline, "aws-cli/2.31.4")));
        assert!(!ci.made(&event(pipeline, "Mozilla/5.0 (X11; Linux x86_64)")));
        assert!(!ci.made(&event("arn:aws:sts::1:assumed-role/ops-deployer/ana@shop.example", "aws-cli/2.31.4")));
        assert!(ci.made(&event("arn:aws:iam::1:user/somebody", "APN/1.0 Terraform/1.9")));
    }
}
