//! The `aws` command that does the same as a call of ours, fit to be pasted into a POSIX shell.

use super::AwsCall;

/// With which credentials, where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandContext<'a> {
    /// `--profile`, unless the default chain is meant.
    pub profile: Option<&'a str>,
    /// `--region`.
    pub region: &'a str,
    /// `--endpoint-url`, when it is not AWS's own.
    pub endpoint_url: Option<&'a str>,
}

impl AwsCall {
    /// The command, in one line.
    #[must_use]
    pub fn command_line(&self, context: &CommandContext<'_>) -> String {
        let mut words = vec!["aws".to_owned(), self.service().to_owned(), kebab(self.operation())];
        let mut flag = |name: &str, value: &str| {
            words.push(name.to_owned());
            // A flag that takes no value has none.
            if !value.is_empty() {
                words.push(shell_quoted(value));
            }
        };
        for (name, value) in self.cli_parameters() {
            flag(name, &value);
        }
        if let Some(profile) = context.profile {
            flag("--profile", profile);
        }
        flag("--region", context.region);
        if let Some(endpoint) = context.endpoint_url {
            flag("--endpoint-url", endpoint);
        }
        words.join(" ")
    }
}

/// `UpdateStage` -> `update-stage`, `UpdateWebACL` -> `update-web-acl`.
fn kebab(operation: &str) -> String {
    let mut name = String::with_capacity(operation.len() + 4);
    let mut before = 'A';
    for letter in operation.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            name.push('-');
        }
        before = letter;
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// A word as a POSIX shell takes it literally: as it stands when it is plain, else in single quotes, which quote
/// everything but themselves.
#[must_use]
pub fn shell_quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@,+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{PatchOperation, StageMethodSetting};
    use proptest::prelude::*;
    use std::process::Command;

    #[test]
    fn a_command_can_be_pasted() {
        let setting = StageMethodSetting::Method { path: "/it's/{id}", method: "POST" };
        let call = AwsCall::UpdateStage {
            api_id: "a1b2c3d4e5".to_owned(),
            stage_name: "prod".to_owned(),
            patch_operations: vec![PatchOperation::replace(setting.rate_limit(), "10.0")],
        };
        let context = CommandContext { profile: Some("shop prod"), region: "eu-west-1", endpoint_url: None };
        insta::assert_snapshot!(call.command_line(&context), @r#"aws apigateway update-stage --rest-api-id a1b2c3d4e5 --stage-name prod --patch-operations '[{"op":"replace","path":"/~1it'\''s~1{id}/POST/throttling/rateLimit","value":"10.0"}]' --profile 'shop prod' --region eu-west-1"#);
    }

    #[test]
    fn names_are_the_command_lines() {
        for (operation, name) in [
            ("UpdateStage", "update-stage"),
            ("CreateUsagePlanKey", "create-usage-plan-key"),
            ("UpdateWebACL", "update-web-acl"),
        ] {
            assert_eq!(kebab(operation), name);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_shell_gives_a_quoted_word_back_as_it_was(word in "[^\0]{0,30}") {
            let output = Command::new("sh").arg("-c").arg(format!("printf %s {}", shell_quoted(&word))).output().unwrap();
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
