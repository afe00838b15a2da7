//! The rule of a composite alarm ("PutCompositeAlarm", AlarmRule): `ALARM("a") AND NOT OK(arn:…:alarm:b)`,
//! `AT_LEAST(2, ALARM, (a, b, c))`, `TRUE`, `FALSE`.

use super::AlarmState;

/// An alarm that a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChild {
    /// Its name, taken out of an ARN.
    pub name: String,
    /// The state that is asked for.
    pub state: AlarmState,
    /// Whether the rule wants it not to have that state.
    pub negated: bool,
}

/// A piece of a rule.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// `ALARM(a)`.
    Child(RuleChild),
    /// `AT_LEAST(2, NOT OK, (a, b))`.
    AtLeast {
        /// As it stands there.
        text: String,
        /// Whether it counts those that have not the state.
        wants_not: bool,
        /// Its alarms.
        children: Vec<RuleChild>,
    },
    /// Everything else, a word or a sign, as it stands there.
    Text(String),
}

const FUNCTIONS: [(&str, AlarmState); 3] =
    [("ALARM", AlarmState::Alarm), ("OK", AlarmState::Ok), ("INSUFFICIENT_DATA", AlarmState::InsufficientData)];

/// The alarms of a rule, in its order; a rule that is cut off gives those that it still has.
#[must_use]
pub fn children(rule: &str) -> Vec<RuleChild> {
    let of = |piece| match piece {
        Piece::Child(child) => vec![child],
        Piece::AtLeast { children, .. } => children,
        Piece::Text(_) => Vec::new(),
    };
    pieces(rule).into_iter().flat_map(of).collect()
}

pub(super) fn pieces(rule: &str) -> Vec<Piece> {
    let (mut pieces, mut rest) = (Vec::new(), rule);
    // Whether what is inside each open parenthesis is negated, and whether a NOT waits for its operand.
    let (mut inside, mut not) = (vec![false], false);
    while let Some(letter) = rest.chars().next() {
        let word: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        if word.is_empty() {
            match letter {
                '(' => {
                    inside.push(inside.last().copied().unwrap_or_default() ^ not);
                    not = false;
                }
                ')' if inside.len() > 1 => drop(inside.pop()),
                _ => {}
            }
            pieces.push(Piece::Text(letter.to_string()));
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let after = &rest[word.len()..];
        let negated = inside.last().copied().unwrap_or_default() ^ not;
        let function = FUNCTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&word));
        if let (Some((_, state)), Some(argument)) = (function, after.trim_start().strip_prefix('('))
            && let Some((name, left)) = argument_of(argument)
        {
            pieces.push(Piece::Child(RuleChild { name: name_of(&name), state: *state, negated }));
            (not, rest) = (false, left);
            continue;
        }
        if word.eq_ignore_ascii_case("AT_LEAST")
            && let Some((wants_not, children, left)) = at_least(after, negated)
        {
            let text = format!("{word}{}", &after[..after.len() - left.len()]);
            pieces.push(Piece::AtLeast { text, wants_not, children });
            (not, rest) = (false, left);
            continue;
        }
        not = word.eq_ignore_ascii_case("NOT");
        rest = after;
        pieces.push(Piece::Text(word));
    }
    pieces
}

/// `"a" )…` -> `a` and what follows the parenthesis; none when it never closes.
fn argument_of(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    match text.chars().next()? {
        quote @ ('"' | '\'') => {
            let (mut name, mut escaped) = (String::new(), false);
            for (at, letter) in text.char_indices().skip(1) {
                match letter {
                    _ if escaped => {
                        name.push(letter);
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    letter if letter == quote => {
                        let left = text[at + 1..].trim_start().strip_prefix(')')?;
                        return Some((name, left));
                    }
                    letter => name.push(letter),
                }
            }
            None
        }
        _ => {
            let (name, left) = text.split_once(')')?;
            Some((name.trim().to_owned(), left))
        }
    }
}

/// `(2, ALARM, (a, b))…`: whether it counts those without the state, its alarms, and what follows.
fn at_least(text: &str, negated: bool) -> Option<(bool, Vec<RuleChild>, &str)> {
    let (head, rest) = text.trim_start().strip_prefix('(')?.split_once('(')?;
    let (state, wants_not) = match head.split(',').nth(1)?.trim() {
        word if word.starts_with("NOT") => (word.trim_start_matches("NOT").trim(), true),
        word => (word, false),
    };
    let (names, left) = rest.split_once(')')?;
    let left = left.trim_start().strip_prefix(')')?;
    let child = |name: &str| RuleChild {
        name: name_of(name.trim().trim_matches(['"', '\''])),
        state: AlarmState::read(state),
        negated: negated ^ wants_not,
    };
    Some((wants_not, names.split(',').map(child).collect(), left))
}

/// An alarm's name, out of its ARN if it is one.
pub(super) fn name_of(text: &str) -> String {
    match text.split_once(":alarm:") {
        Some((before, name)) if before.starts_with("arn:") => name.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(rule: &str) -> String {
        let one =
            |child: &RuleChild| format!("{}{:?} {}", if child.negated { "not " } else { "" }, child.state, child.name);
        children(rule).iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_rule_names_its_alarms() {
        for (rule, expected) in [
            (
                "ALARM(CPUUtilizationTooHigh) AND ALARM(MemUsageTooHigh)",
                "Alarm CPUUtilizationTooHigh; Alarm MemUsageTooHigh",
            ),
            (r#"(ALARM("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a") OR OK ( 'b c' ))"#, "Alarm a; Ok b c"),
            (r#"ALARM("a \"quoted\" (name)")"#, r#"Alarm a "quoted" (name)"#),
            ("ALARM(a) AND NOT ALARM(maintenance)", "Alarm a; not Alarm maintenance"),
            ("NOT (ALARM(a) OR NOT OK(b)) AND ALARM(c)", "not Alarm a; Ok b; Alarm c"),
            (
                "AT_LEAST(2, ALARM, (a, \"b\", c)) OR INSUFFICIENT_DATA(d)",
                "Alarm a; Alarm b; Alarm c; InsufficientData d",
            ),
            ("AT_LEAST(50%, NOT OK, (a))", "not Ok a"),
            ("TRUE", ""),
            ("ALARM(", ""),
            ("ALARM(a) AND ALARM(\"cut", "Alarm a"),
            ("SOMETHING_NEW(x) OR ALARM(a)", "Alarm a"),
            ("alarm(a) and not ok(b)", "Alarm a; not Ok b"),
        ] {
            assert_eq!(told(rule), expected, "{rule}");
        }
    }

    proptest! {
        #[test]
        fn whatever_somebody_wrote_is_read_to_its_end(rule in "(ALARM|OK|NOT|AT_LEAST|AND|[()\"'\\\\, ]|é|a|2){0,40}") {
            prop_assert!(children(&rule).len() <= rule.len());
        }
    }
}
