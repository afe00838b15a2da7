//! What a secret looks like: by its own shape, or by the name that somebody gave it.

/// Words in names of variables that hold secrets, as people write them.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "accesskey",
    "credential",
    "passphrase",
    "connectionstring",
    "signingkey",
    "webhookkey",
    "dbpass",
    "bearer",
];
/// Endings of names that have such a word and hold no secret: where it is, how long it lives, what it is called.
const HARMLESS: &[&str] = &[
    "arn", "name", "id", "url", "uri", "endpoint", "ttl", "path", "type", "header", "length", "enabled", "issuer",
    "table",
];

/// What the value is by its shape, `None` when it has none that is known.
#[must_use]
pub fn shape_of(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let word = |text: &str, least: usize| {
        text.len() >= least && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
    };
    let rest = |prefix: &str| value.strip_prefix(prefix);
    if ["AKIA", "ASIA"].iter().any(|prefix| {
        rest(prefix).is_some_and(|rest| {
            rest.len() == 16 && rest.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
        })
    }) {
        return Some("an AWS access key id");
    }
    if value.starts_with("-----BEGIN ") && value.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    if value.starts_with("eyJ") && value.split('.').count() == 3 && value.split('.').all(|part| word(part, 4)) {
        return Some("a JSON web token");
    }
    if ["ghp_", "gho_", "ghs_", "github_pat_"].iter().any(|prefix| rest(prefix).is_some_and(|rest| word(rest, 20))) {
        return Some("a GitHub token");
    }
    if ["sk_live_", "rk_live_", "sk_test_"].iter().any(|prefix| rest(prefix).is_some_and(|rest| word(rest, 16))) {
        return Some("a Stripe key");
    }
    if ["xoxb-", "xoxp-", "xoxa-"].iter().any(|prefix| rest(prefix).is_some_and(|rest| word(rest, 10))) {
        return Some("a Slack token");
    }
    if rest("AIza").is_some_and(|rest| word(rest, 30)) {
        return Some("a Google API key");
    }
    // user:password@host in a URL.
    if let Some((_, after)) = value.split_once("://")
        && let Some((user, _)) = after.split('/').next().and_then(|authority| authority.rsplit_once('@'))
        && user.split_once(':').is_some_and(|(_, password)| !password.is_empty())
    {
        return Some("a URL with a password");
    }
    if value.len() == 40
        && value.chars().all(|letter| letter.is_ascii_alphanumeric() || "/+".contains(letter))
        && entropy(value) > 4.3
    {
        return Some("what could be an AWS secret access key");
    }
    None
}

/// Whether a name promises a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    NAMES.iter().any(|word| plain.contains(word)) && !HARMLESS.iter().any(|end| plain.ends_with(end))
}

/// Shannon's, bits per character.
#[expect(clippy::cast_precision_loss, reason = "lengths of short texts")]
fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::HashMap::new();
    for letter in text.chars() {
        *counts.entry(letter).or_insert(0_u32) += 1;
    }
    let total = text.chars().count() as f64;
    counts
        .values()
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_recognised() {
        let rows = [
            ("AKIAIOSFODNN7EXAMPLE", Some("an AWS access key id")),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Some("what could be an AWS secret access key")),
            ("postgres://shop:hunter2@db.internal/shop", Some("a URL with a password")),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", Some("a JSON web token")),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", Some("a private key")),
            ("https://orders.example.com/v2", None),
            ("da39a3ee5e6b4b0d3255bfef95601890afd80709", None),
            ("prod", None),
            ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", None),
        ];
        for (value, expected) in rows {
            assert_eq!(shape_of(value), expected, "{value}");
        }
    }

    #[test]
    fn names_promise_secrets_or_only_speak_of_them() {
        for name in ["password", "DB_PASSWORD", "stripeApiKey", "jwt-signing-key", "clientSecret"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["backend", "secretArn", "token_ttl", "apiKeyHeader", "passwordResetUrl", "tokenIssuer"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
