//! What a composite alarm's rule says ("PutCompositeAlarm", AlarmRule): functions over other alarms, joined by AND, OR and
//! NOT. Asked here: whether it can go off because one of them does.

/// A rule, read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    /// `ALARM(name)`, `OK(name)`, `INSUFFICIENT_DATA(name)`; the name or ARN without quotes.
    State(String, String),
    Constant(bool),
    Not(Box<Rule>),
    All(Vec<Rule>),
    Any(Vec<Rule>),
}

/// Whether there is a state of the other alarms in which it depends on this one alone whether the composite goes off, and it
/// goes off when this one does. A rule that cannot be read tells nobody.
pub(super) fn goes_off_with(rule: &str, name: &str) -> bool {
    let mut tokens = tokens(rule).into_iter().peekable();
    let Some(rule) = any(&mut tokens, 0).filter(|_| tokens.peek().is_none()) else { return false };
    let (mut with, mut without) = (rule.clone(), rule);
    with.settle(name, "ALARM");
    without.settle(name, "OK");
    // What the others do is free, except that what is true of one cannot be false of it: bounds are enough here, since the
    // rules that people write name each alarm once.
    with.can_be(true) && without.can_be(false) && with.differs_from(&without)
}

impl Rule {
    /// Puts what this alarm's state makes of each function in its place.
    fn settle(&mut self, name: &str, state: &str) {
        match self {
            Self::State(asked, of) if is_name(of, name) => *self = Self::Constant(asked == state),
            Self::State(..) | Self::Constant(_) => {}
            Self::Not(inner) => inner.settle(name, state),
            Self::All(parts) | Self::Any(parts) => parts.iter_mut().for_each(|part| part.settle(name, state)),
        }
    }

    /// Whether some state of the other alarms makes it so.
    fn can_be(&self, wanted: bool) -> bool {
        match self {
            Self::State(..) => true,
            Self::Constant(value) => *value == wanted,
            Self::Not(inner) => inner.can_be(!wanted),
            Self::All(parts) if wanted => parts.iter().all(|part| part.can_be(true)),
            Self::Any(parts) if !wanted => parts.iter().all(|part| part.can_be(false)),
            Self::All(parts) => parts.iter().any(|part| part.can_be(false)),
            Self::Any(parts) => parts.iter().any(|part| part.can_be(true)),
        }
    }

    /// Whether some state of the other alarms makes this true and the other false, part by part: both have the same form.
    fn differs_from(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Constant(one), Self::Constant(two)) => *one && !*two,
            (Self::Not(one), Self::Not(two)) => two.differs_from(one),
            // The part that differs decides when the rest lets it.
            (Self::All(ones), Self::All(twos)) => decides(ones, twos, true),
            (Self::Any(ones), Self::Any(twos)) => decides(ones, twos, false),
            _ => false,
        }
    }
}

fn decides(ones: &[Rule], twos: &[Rule], rest: bool) -> bool {
    ones.iter().zip(twos).enumerate().any(|(at, (one, two))| {
        one.differs_from(two) && ones.iter().enumerate().all(|(other, part)| other == at || part.can_be(rest))
    })
}

fn is_name(child: &str, name: &str) -> bool {
    child == name || child.strip_suffix(name).is_some_and(|arn| arn.ends_with(":alarm:"))
}

/// The deepest nesting that is read: AWS's rules are 10,240 characters at most.
const DEPTH: usize = 64;

type Tokens = std::iter::Peekable<std::vec::IntoIter<String>>;

fn any(tokens: &mut Tokens, depth: usize) -> Option<Rule> {
    joined(tokens, depth, "OR", all, Rule::Any)
}

fn all(tokens: &mut Tokens, depth: usize) -> Option<Rule> {
    joined(tokens, depth, "AND", one, Rule::All)
}

fn joined(
    tokens: &mut Tokens,
    depth: usize,
    word: &str,
    part: fn(&mut Tokens, usize) -> Option<Rule>,
    of: fn(Vec<Rule>) -> Rule,
) -> Option<Rule> {
    let mut parts = vec![part(tokens, depth)?];
    while tokens.next_if(|token| token.eq_ignore_ascii_case(word)).is_some() {
        parts.push(part(tokens, depth)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { of(parts) })
}

fn one(tokens: &mut Tokens, depth: usize) -> Option<Rule> {
    if depth > DEPTH {
        return None;
    }
    let word = tokens.next()?;
    match word.to_ascii_uppercase().as_str() {
        "NOT" => one(tokens, depth + 1).map(|inner| Rule::Not(Box::new(inner))),
        "TRUE" => Some(Rule::Constant(true)),
        "FALSE" => Some(Rule::Constant(false)),
        "(" => {
            let inner = any(tokens, depth + 1)?;
            (tokens.next()? == ")").then_some(inner)
        }
        state @ ("ALARM" | "OK" | "INSUFFICIENT_DATA") => {
            let state = state.to_owned();
            (tokens.next()? == "(").then_some(())?;
            let name = tokens.next()?;
            (tokens.next()? == ")").then_some(Rule::State(state, name.trim_matches(['"', '\'']).trim().to_owned()))
        }
        _ => None,
    }
}

/// Words, parentheses, and names: quoted ones may hold anything, others end at a parenthesis.
fn tokens(rule: &str) -> Vec<String> {
    let (mut found, mut word, mut quote) = (Vec::new(), String::new(), None);
    let end = |word: &mut String, found: &mut Vec<String>| {
        if !word.trim().is_empty() {
            found.push(word.trim().to_owned());
        }
        word.clear();
    };
    for letter in rule.chars() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => {
                word.push(letter);
                quote = None;
            }
            (None, '"' | '\'') => {
                word.push(letter);
                quote = Some(letter);
            }
            (None, '(' | ')') => {
                end(&mut word, &mut found);
                found.push(letter.to_string());
            }
            (None, letter)
                if letter.is_whitespace() && found.last().is_none_or(|last| last != "(" || is_word(&word)) =>
            {
                end(&mut word, &mut found);
            }
            (_, letter) => word.push(letter),
        }
    }
    end(&mut word, &mut found);
    found
}

/// A name without quotes may have spaces; a word of the language ends at one.
fn is_word(word: &str) -> bool {
    ["", "NOT", "AND", "OR", "TRUE", "FALSE"].iter().any(|known| word.trim().eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::goes_off_with;
    use proptest::prelude::*;

    #[test]
    fn a_composite_goes_off_with_the_children_that_its_rule_names() {
        for (rule, expected) in [
            ("ALARM(a)", true),
            ("alarm(a)", true),
            ("ALARM( \"a\" ) AND NOT ALARM(maintenance)", true),
            ("(OK(b) OR ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a))", true),
            ("ALARM(b) OR (ALARM(a) AND OK(c))", true),
            ("NOT ALARM(a)", false),
            ("NOT (ALARM(a) OR ALARM(b))", false),
            ("NOT(ALARM(a))", false),
            ("NOT (NOT ALARM(a))", true),
            ("NOT (OK(b) AND NOT ALARM(a))", true),
            ("NOT OK(a)", true),
            ("OK(a)", false),
            ("FALSE AND ALARM(a)", false),
            ("TRUE OR ALARM(a)", false),
            ("ALARM(ab)", false),
            ("ALARM(ba)", false),
            ("TRUE", false),
            ("ALARM(", false),
            ("ALARM(a", false),
            ("ALARM(a) ALARM(b)", false),
            ("", false),
        ] {
            assert_eq!(goes_off_with(rule, "a"), expected, "{rule}");
        }
        assert!(goes_off_with("ALARM(\"shop (prod) 5xx\") OR OK(b)", "shop (prod) 5xx"));
        assert!(goes_off_with("ALARM(shop prod) OR OK(b)", "shop prod"));
    }

    proptest! {
        #[test]
        fn no_rule_breaks_it(rule in "[ANDORTLMKa-c()\"' ]{0,60}") {
            let told = goes_off_with(&rule, "a");
            prop_assert!(!told || rule.contains('a'));
        }
    }
}
