//! Which alarms a composite alarm stands on.

/// The states that an `AlarmRule` asks for, and what stands before the name of an alarm in it.
const STATES: [&str; 3] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

/// The names in an `AlarmRule` such as `ALARM("checkout-5xx") AND NOT OK(search-5xx)`, each once, in their order. An alarm
/// that is named by its ARN is given by its name.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html>
#[must_use]
pub fn alarms_of_rule(rule: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = rule;
    while let Some(at) = rest.find('(') {
        let (before, after) = (rest[..at].trim_end(), rest[at + 1..].trim_start());
        rest = after;
        let word = before.rsplit(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).next();
        if !word.is_some_and(|word| STATES.contains(&word)) {
            continue;
        }
        let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let name = match quote {
            Some(quote) => after[1..].split(quote).next().unwrap_or_default(),
            None => after.split(')').next().unwrap_or_default().trim(),
        };
        rest = &after[name.len()..];
        let name = if name.starts_with("arn:") { name.rsplit(":alarm:").next().unwrap_or(name) } else { name };
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        for (rule, expected) in [
            (r#"ALARM("checkout-5xx") AND NOT OK(search-5xx)"#, &["checkout-5xx", "search-5xx"][..]),
            ("(ALARM('a (b)') OR ALARM(c)) AND INSUFFICIENT_DATA(c)", &["a (b)", "c"]),
            ("ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop 5xx)", &["shop 5xx"]),
            ("TRUE", &[]),
            ("NOT (FALSE OR ALARM ( \"x\" ))", &["x"]),
            ("ALARM(", &[]),
        ] {
            assert_eq!(alarms_of_rule(rule), expected, "{rule}");
        }
    }

    proptest! {
        #[test]
        fn no_rule_makes_it_fail(rule in "[A-Z_ ()\"'a-zé:]{0,60}") {
            let _ = alarms_of_rule(&rule);
        }
    }
}
