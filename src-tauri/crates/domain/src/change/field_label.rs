//! Names of fields as a person reads them.

/// `methodSettings/POST /login/rateLimit` -> `POST /login: rate limit (requests per second)`; a field that has no words
/// here stays as it is.
#[must_use]
pub fn field_label(field: &str) -> String {
    let Some((entry, member)) = field.rsplit_once('/') else { return words(field).unwrap_or(field).to_owned() };
    let of = match entry {
        "methodSettings/*/*" | "defaultRouteSettings" => "methods without a limit of their own".to_owned(),
        "throttle" => "each key of the plan".to_owned(),
        "quota" => "quota".to_owned(),
        "variables" | "stageVariables" => return format!("stage variable {member}"),
        "canarySettings/stageVariableOverrides" => return format!("canary's stage variable {member}"),
        "canarySettings" => "canary".to_owned(),
        "tags" => return format!("tag {member}"),
        "plans" => return format!("in usage plan {member}"),
        "alarm" => return words(member).unwrap_or(member).to_owned(),
        _ if entry.starts_with("rules/") => return web_acl_rule(entry.trim_start_matches("rules/"), member),
        _ => match entry.strip_prefix("methodSettings/").or_else(|| entry.strip_prefix("routeSettings/")) {
            Some(route) => route.to_owned(),
            None => match entry.strip_prefix("apiStages/").and_then(|rest| rest.split_once("/throttle/")) {
                Some((stage, route)) => format!("each key of the plan on {route} of {stage}"),
                None => return field.to_owned(),
            },
        },
    };
    format!("{of}: {}", words(member).unwrap_or(member))
}

/// `rules/limit-login/action`.
fn web_acl_rule(rule: &str, member: &str) -> String {
    let what = match member {
        "action" => "action",
        "overrideAction" => "override of its group's actions (None: they happen)",
        "limit" => "limit (requests in a window)",
        "window" => "window (seconds)",
        "rest" => "everything else",
        other => other,
    };
    format!("rule {rule}: {what}")
}

fn words(member: &str) -> Option<&'static str> {
    Some(match member {
        "rateLimit" => "rate limit (requests per second)",
        "burstLimit" => "burst limit (requests)",
        "cacheDataEncrypted" => "cache encrypted",
        "cacheTtlInSeconds" => "cache lifetime (seconds)",
        "cachingEnabled" => "caching",
        "dataTraceEnabled" => "request and response logging",
        "loggingLevel" => "logging level",
        "metricsEnabled" => "detailed metrics",
        "requireAuthorizationForCacheControl" => "authorization to invalidate the cache",
        "unauthorizedCacheControlHeaderStrategy" => "answer to unauthorized cache invalidation",
        "deploymentId" => "deployment",
        "percentTraffic" => "share of requests (percent)",
        "useStageCache" => "uses the stage's cache",
        "limit" => "requests per period",
        "period" => "period",
        "member" => "is in the plan",
        "remaining" => "left of the running period (requests, best effort)",
        "id" => "id",
        "exists" => "exists",
        "enabled" => "enabled",
        "settings" => "settings of the web ACL",
        "order" => "rules, in AWS's order",
        "dimensions" => "of (dimensions)",
        "evaluationPeriods" => "periods that are looked at",
        "datapointsToAlarm" => "of them breaching",
        "missingData" => "a period without data counts as",
        "alarmActions" => "told on ALARM",
        "okActions" => "told on OK",
        "offset" => "requests counted before the first period",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::field_label;

    #[test]
    fn fields_read_as_words() {
        for (field, label) in [
            ("methodSettings/POST /login/rateLimit", "POST /login: rate limit (requests per second)"),
            ("methodSettings/*/*/burstLimit", "methods without a limit of their own: burst limit (requests)"),
            ("routeSettings/$connect/rateLimit", "$connect: rate limit (requests per second)"),
            ("throttle/burstLimit", "each key of the plan: burst limit (requests)"),
            (
                "apiStages/a1:prod/throttle/GET /pets/{id}/rateLimit",
                "each key of the plan on GET /pets/{id} of a1:prod: rate limit (requests per second)",
            ),
            ("variables/alias", "stage variable alias"),
            ("canarySettings/percentTraffic", "canary: share of requests (percent)"),
            ("deploymentId", "deployment"),
            ("rules/limit-login/limit", "rule limit-login: limit (requests in a window)"),
            ("somethingNew", "somethingNew"),
        ] {
            assert_eq!(field_label(field), label);
        }
    }
}
