//! Whether a composite alarm can go off because one of the alarms of its rule does.

use super::{
    AlarmState, RuleChild,
    rule::{Piece, pieces},
};

/// A rule as a tree: functions over other alarms, joined by AND, OR and NOT ("PutCompositeAlarm", AlarmRule).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmRule(Term);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    State(AlarmState, String),
    Constant(bool),
    Not(Box<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
}

impl AlarmRule {
    /// Reads a rule; none when it is cut off or newer than this program.
    #[must_use]
    pub fn read(rule: &str) -> Option<Self> {
        let significant =
            |piece: &Piece| !matches!(piece, Piece::Text(text) if text.chars().all(|letter| letter.is_whitespace()));
        let mut pieces = pieces(rule).into_iter().filter(significant).collect::<Vec<_>>().into_iter().peekable();
        any(&mut pieces, 0).filter(|_| pieces.peek().is_none()).map(Self)
    }

    /// Whether there is a state of the other alarms in which it depends on this one alone whether the composite goes off,
    /// and it goes off when this one does.
    #[must_use]
    pub fn goes_off_with(&self, name: &str) -> bool {
        let (mut with, mut without) = (self.0.clone(), self.0.clone());
        with.settle(name, AlarmState::Alarm);
        without.settle(name, AlarmState::Ok);
        // What the others do is free, except that what is true of one cannot be false of it: bounds are enough here, since
        // the rules that people write name each alarm once.
        with.can_be(true) && without.can_be(false) && with.differs_from(&without)
    }
}

impl Term {
    /// Puts what this alarm's state makes of each function in its place.
    fn settle(&mut self, name: &str, state: AlarmState) {
        match self {
            Self::State(asked, of) if of == name => *self = Self::Constant(*asked == state),
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

fn decides(ones: &[Term], twos: &[Term], rest: bool) -> bool {
    ones.iter().zip(twos).enumerate().any(|(at, (one, two))| {
        one.differs_from(two) && ones.iter().enumerate().all(|(other, part)| other == at || part.can_be(rest))
    })
}

/// The deepest nesting that is read: AWS's rules are 10,240 characters at most.
const DEPTH: usize = 64;

type Pieces = std::iter::Peekable<std::vec::IntoIter<Piece>>;

fn any(pieces: &mut Pieces, depth: usize) -> Option<Term> {
    joined(pieces, depth, "OR", all, Term::Any)
}

fn all(pieces: &mut Pieces, depth: usize) -> Option<Term> {
    joined(pieces, depth, "AND", one, Term::All)
}

fn joined(
    pieces: &mut Pieces,
    depth: usize,
    word: &str,
    part: fn(&mut Pieces, usize) -> Option<Term>,
    of: fn(Vec<Term>) -> Term,
) -> Option<Term> {
    let mut parts = vec![part(pieces, depth)?];
    while pieces.next_if(|piece| matches!(piece, Piece::Text(text) if text.eq_ignore_ascii_case(word))).is_some() {
        parts.push(part(pieces, depth)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { of(parts) })
}

fn one(pieces: &mut Pieces, depth: usize) -> Option<Term> {
    if depth > DEPTH {
        return None;
    }
    let word = match pieces.next()? {
        Piece::Child(child) => return Some(Term::State(child.state, child.name)),
        // Each of its alarms can be the one that makes the number full.
        Piece::AtLeast { wants_not, children, .. } => {
            let one = |child: RuleChild| {
                let state = Term::State(child.state, child.name);
                if wants_not { Term::Not(Box::new(state)) } else { state }
            };
            return Some(Term::Any(children.into_iter().map(one).collect()));
        }
        Piece::Text(word) => word,
    };
    match word.to_ascii_uppercase().as_str() {
        "NOT" => one(pieces, depth + 1).map(|inner| Term::Not(Box::new(inner))),
        "TRUE" => Some(Term::Constant(true)),
        "FALSE" => Some(Term::Constant(false)),
        "(" => {
            let inner = any(pieces, depth + 1)?;
            matches!(pieces.next()?, Piece::Text(text) if text == ")").then_some(inner)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn goes_off_with(rule: &str, name: &str) -> bool {
        AlarmRule::read(rule).is_some_and(|rule| rule.goes_off_with(name))
    }

    #[test]
    fn a_composite_goes_off_with_the_children_that_its_rule_names() {
        for (rule, expected) in [
            ("ALARM(a)", true),
            ("alarm(a)", true),
            ("ALARM( \"a\" ) AND NOT ALARM(maintenance)", true),
            ("(OK(b) OR ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a))", true),
            ("ALARM(b) OR (ALARM(a) AND OK(c))", true),
            ("AT_LEAST(2, ALARM, (b, a, c)) AND NOT ALARM(maintenance)", true),
            ("AT_LEAST(2, NOT OK, (a, b))", true),
            ("AT_LEAST(2, OK, (a, b))", false),
            ("NOT AT_LEAST(1, ALARM, (a, b))", false),
            ("NOT AT_LEAST(1, OK, (a, b))", true),
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
            ("ALARM(a) OR SOMETHING_NEW(x)", false),
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
