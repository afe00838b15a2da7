//! How long the log groups that stages write to keep what they are given, and what encrypts them: `pages(prefixes)` calls.

use portcullis_domain::log_groups::{CANARY, PREFIX_PARAMETER, prefixes};
use serde_json::{Value, json};

use super::posture::Collecting;

impl Collecting<'_, '_> {
    /// The groups of these names as far as they exist, with their canaries': one answer for each prefix that was asked, in
    /// the API's own words. A prefix of which a page failed has none.
    pub(super) async fn log_groups(&self, names: &[String]) {
        for prefix in prefixes(names) {
            let read = self.reader.log_groups(&prefix).await;
            let Some(mut groups) = self.or_gap(&format!("log groups {prefix}"), read) else { continue };
            groups.retain(|group| {
                let name = group.name.strip_suffix(CANARY).unwrap_or(&group.name);
                names.iter().any(|wanted| wanted == name || *wanted == group.name)
            });
            let groups: Vec<Value> = groups
                .iter()
                .map(|group| {
                    let mut said = json!({ "logGroupName": group.name });
                    if let Some(days) = group.retention_days {
                        said["retentionInDays"] = json!(days);
                    }
                    if let Some(key) = &group.kms_key_id {
                        said["kmsKeyId"] = json!(key);
                    }
                    said
                })
                .collect();
            let of = format!("{PREFIX_PARAMETER}{prefix}");
            self.keep_value("logs:DescribeLogGroups", &of, json!({ "logGroups": groups }));
        }
    }
}
