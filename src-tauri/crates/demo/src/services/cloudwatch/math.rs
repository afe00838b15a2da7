//! Metric math as far as alarms and charts of API Gateway use it: numbers, series, `+ - * / ( )`, comparisons, `FILL`,
//! `IF` and `ANOMALY_DETECTION_BAND`. Everything else is refused by name.

use std::collections::BTreeMap;

/// Values by the start of their period, seconds since the epoch.
pub(super) type Series = BTreeMap<i64, f64>;

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Series(Series),
    /// Lower and upper.
    Band(Series, Series),
}

/// Evaluates; `of` gives the series of an id.
///
/// # Errors
/// What cannot be read or is not here, in words.
pub(super) fn evaluate(expression: &str, of: &dyn Fn(&str) -> Option<Series>) -> Result<Value, String> {
    let mut parser = Parser { rest: expression.trim(), of };
    let value = parser.comparison()?;
    if parser.rest.is_empty() { Ok(value) } else { Err(format!("{:?} is not understood", parser.rest)) }
}

struct Parser<'a> {
    rest: &'a str,
    of: &'a dyn Fn(&str) -> Option<Series>,
}

impl Parser<'_> {
    fn take(&mut self, token: &str) -> bool {
        let taken = self.rest.strip_prefix(token).map(str::trim_start);
        if let Some(rest) = taken {
            self.rest = rest;
        }
        taken.is_some()
    }

    fn comparison(&mut self) -> Result<Value, String> {
        let left = self.sum()?;
        for (token, holds) in [
            (">=", (|a, b| a >= b) as fn(f64, f64) -> bool),
            ("<=", |a, b| a <= b),
            (">", |a, b| a > b),
            ("<", |a, b| a < b),
        ] {
            if self.take(token) {
                let right = self.sum()?;
                return both(left, right, |a, b| Some(f64::from(u8::from(holds(a, b)))));
            }
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Value, String> {
        let mut value = self.product()?;
        loop {
            value = if self.take("+") {
                both(value, self.product()?, |a, b| Some(a + b))?
            } else if self.take("-") {
                both(value, self.product()?, |a, b| Some(a - b))?
            } else {
                return Ok(value);
            };
        }
    }

    fn product(&mut self) -> Result<Value, String> {
        let mut value = self.atom()?;
        loop {
            value = if self.take("*") {
                both(value, self.atom()?, |a, b| Some(a * b))?
            } else if self.take("/") {
                // A division by zero has no value (CloudWatch leaves the period out).
                both(value, self.atom()?, |a, b| (b != 0.0).then(|| a / b))?
            } else {
                return Ok(value);
            };
        }
    }

    fn atom(&mut self) -> Result<Value, String> {
        if self.take("(") {
            let value = self.comparison()?;
            return if self.take(")") { Ok(value) } else { Err("a parenthesis is not closed".to_owned()) };
        }
        let length = self.rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '.'));
        let (word, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        if word.is_empty() {
            return Err(format!("{:?} is not understood", self.rest));
        }
        self.rest = rest.trim_start();
        if let Ok(number) = word.parse::<f64>() {
            return Ok(Value::Number(number));
        }
        if !self.take("(") {
            return (self.of)(word).map(Value::Series).ok_or_else(|| format!("there is no query {word}"));
        }
        let mut arguments = vec![self.comparison()?];
        while self.take(",") {
            arguments.push(self.comparison()?);
        }
        if !self.take(")") {
            return Err("a parenthesis is not closed".to_owned());
        }
        call(word, &arguments)
    }
}

fn call(name: &str, arguments: &[Value]) -> Result<Value, String> {
    match (name, arguments) {
        // Without a period before or after, there is nothing that FILL could fill: only gaps inside are.
        ("FILL", [Value::Series(series), Value::Number(with)]) => {
            let step = series.keys().zip(series.keys().skip(1)).map(|(one, next)| next - one).min().unwrap_or(60);
            let (Some(first), Some(last)) = (series.keys().next(), series.keys().last()) else {
                return Ok(Value::Series(Series::new()));
            };
            let filled = (0..=(last - first) / step).map(|number| first + number * step);
            Ok(Value::Series(filled.map(|at| (at, series.get(&at).copied().unwrap_or(*with))).collect()))
        }
        ("IF", [condition, yes, no]) => {
            let chosen = both(condition.clone(), yes.clone(), |condition, yes| (condition != 0.0).then_some(yes))?;
            let other = both(condition.clone(), no.clone(), |condition, no| (condition == 0.0).then_some(no))?;
            match (chosen, other) {
                (Value::Series(mut chosen), Value::Series(other)) => {
                    chosen.extend(other);
                    Ok(Value::Series(chosen))
                }
                (chosen, _) => Ok(chosen),
            }
        }
        ("ANOMALY_DETECTION_BAND", [Value::Series(series)]) => Ok(band(series, 2.0)),
        ("ANOMALY_DETECTION_BAND", [Value::Series(series), Value::Number(width)]) => Ok(band(series, *width)),
        _ => Err(format!("{name} is not implemented by the demo account")),
    }
}

/// What is usual around each moment, and so much of the usual spread to both sides: a model of the demo account's own.
fn band(series: &Series, width: f64) -> Value {
    let around = |at: i64| -> Vec<f64> {
        let near = series.range(at - 1_800..=at + 1_800);
        near.filter(|(other, _)| **other != at).map(|(_, value)| *value).collect()
    };
    let (mut lower, mut upper) = (Series::new(), Series::new());
    for at in series.keys() {
        let near = around(*at);
        let Ok(count) = u32::try_from(near.len()) else { continue };
        if count < 3 {
            continue;
        }
        let mean = near.iter().sum::<f64>() / f64::from(count);
        let spread = (near.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / f64::from(count)).sqrt();
        lower.insert(*at, (mean - width * spread).max(0.0));
        upper.insert(*at, mean + width * spread);
    }
    Value::Band(lower, upper)
}

fn both(left: Value, right: Value, with: impl Fn(f64, f64) -> Option<f64>) -> Result<Value, String> {
    Ok(match (left, right) {
        (Value::Number(left), Value::Number(right)) => Value::Number(with(left, right).unwrap_or(f64::NAN)),
        (Value::Series(series), Value::Number(number)) => {
            Value::Series(series.into_iter().filter_map(|(at, value)| Some((at, with(value, number)?))).collect())
        }
        (Value::Number(number), Value::Series(series)) => {
            Value::Series(series.into_iter().filter_map(|(at, value)| Some((at, with(number, value)?))).collect())
        }
        (Value::Series(left), Value::Series(right)) => Value::Series(
            left.into_iter().filter_map(|(at, value)| Some((at, with(value, *right.get(&at)?)?))).collect(),
        ),
        _ => return Err("a band is compared with nothing".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(expression: &str) -> String {
        let series = |name: &str| match name {
            "e" => Some(Series::from([(0, 1.0), (60, 0.0), (180, 3.0)])),
            "c" => Some(Series::from([(0, 100.0), (60, 0.0), (180, 50.0)])),
            _ => None,
        };
        match evaluate(expression, &series) {
            Ok(Value::Series(series)) => {
                series.iter().map(|(at, value)| format!("{at}:{value}")).collect::<Vec<_>>().join(" ")
            }
            Ok(other) => format!("{other:?}"),
            Err(error) => error,
        }
    }

    #[test]
    fn expressions_are_evaluated_period_by_period() {
        for (expression, expected) in [
            ("e", "0:1 60:0 180:3"),
            ("100*e/c", "0:1 180:6"),
            ("(e + c) - 1", "0:100 60:-1 180:52"),
            ("IF(c > 0, 100*e/c, 0)", "0:1 60:0 180:6"),
            ("FILL(e, 0)", "0:1 60:0 120:0 180:3"),
            ("m9 + 1", "there is no query m9"),
            ("SEARCH(e)", "SEARCH is not implemented by the demo account"),
            ("e +", "\"\" is not understood"),
            ("(e", "a parenthesis is not closed"),
            ("e;c", "\";c\" is not understood"),
        ] {
            assert_eq!(told(expression), expected, "{expression}");
        }
    }
}
