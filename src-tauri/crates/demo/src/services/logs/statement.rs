//! The part of CloudWatch Logs Insights' language that is answered here: statistics over events.
//!
//! `fields`, `parse @message /regular expression with (?<names>)/`, `filter ispresent(field)` or `filter field = "text"`,
//! one `stats … by …` with `count`, `avg`, `pct`, `sum`, `min` and `max`, `sort`, `limit`. Everything else is refused: a
//! query that is half understood has a wrong answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use regex::Regex;
use serde_json::{Value, json};

use super::Event;
use crate::ACCOUNT_ID;

/// A statement that was understood.
#[derive(Debug)]
pub(super) struct Statement {
    steps: Vec<Step>,
    stats: Vec<(Aggregate, String)>,
    keys: Vec<Key>,
    sort: Option<(String, bool)>,
    limit: Option<usize>,
}

#[derive(Debug)]
enum Step {
    Parse(Regex),
    /// `coalesce(field, "text") as name`
    Coalesce {
        field: String,
        otherwise: String,
        name: String,
    },
    Present(String),
    Equals(String, String),
}

#[derive(Debug)]
enum Aggregate {
    All,
    Count(String),
    Average(String),
    Percentile(String, f64),
    Sum(String),
    Least(String),
    Most(String),
}

#[derive(Debug)]
enum Key {
    /// Seconds.
    Bin(String, i64),
    Field(String),
}

type Fields = BTreeMap<String, String>;

impl Statement {
    /// Reads it.
    ///
    /// # Errors
    /// What is not understood, a sentence.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut statement = Self { steps: Vec::new(), stats: Vec::new(), keys: Vec::new(), sort: None, limit: None };
        for command in commands(text) {
            let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((&command, ""));
            let rest = rest.trim();
            let over = !statement.stats.is_empty();
            match word {
                "fields" if !over => statement.fields(rest)?,
                "parse" if !over => statement.steps.push(parse(rest)?),
                "filter" if !over => statement.steps.push(filter(rest)?),
                "stats" if !over => statement.stats(rest)?,
                "sort" if over => {
                    let (field, order) = rest.split_once(char::is_whitespace).unwrap_or((rest, "asc"));
                    statement.sort = Some((field.to_owned(), order.trim() == "desc"));
                }
                "limit" if over => {
                    statement.limit = Some(rest.parse().map_err(|_| format!("limit {rest} is no number"))?);
                }
                _ => return Err(not_read(&command)),
            }
        }
        if statement.stats.is_empty() {
            return Err("The demo account answers queries with stats only.".to_owned());
        }
        Ok(statement)
    }

    fn fields(&mut self, rest: &str) -> Result<(), String> {
        for item in list(rest) {
            let Some(inner) = item.strip_prefix("coalesce(") else {
                if is_name(&item) {
                    continue;
                }
                return Err(not_read(&item));
            };
            let (arguments, name) = inner.split_once(") as ").ok_or_else(|| not_read(&item))?;
            let arguments = list(arguments);
            let [field, otherwise] = arguments.as_slice() else { return Err(not_read(&item)) };
            let otherwise = quoted(otherwise).ok_or_else(|| not_read(&item))?.to_owned();
            let name = name.trim().to_owned();
            if !is_name(field) || !is_name(&name) {
                return Err(not_read(&item));
            }
            self.steps.push(Step::Coalesce { field: field.clone(), otherwise, name });
        }
        Ok(())
    }

    fn stats(&mut self, rest: &str) -> Result<(), String> {
        let (aggregates, keys) = rest.rsplit_once(" by ").unwrap_or((rest, ""));
        for item in list(aggregates) {
            let (call, name) = item.split_once(" as ").unwrap_or((&item, &item));
            let aggregate = aggregate(call.trim()).ok_or_else(|| not_read(&item))?;
            self.stats.push((aggregate, name.trim().to_owned()));
        }
        for item in list(keys) {
            let minutes = item.strip_prefix("bin(").and_then(|inner| inner.strip_suffix("m)")?.parse::<i64>().ok());
            self.keys.push(match minutes {
                Some(minutes @ 1..) => Key::Bin(item, minutes * 60),
                _ if is_name(&item) => Key::Field(item),
                _ => return Err(not_read(&item)),
            });
        }
        Ok(())
    }

    /// The rows, at most so many.
    ///
    /// # Errors
    /// A statistic of something that is no number.
    pub(super) fn rows(&self, events: &[Event], most: usize) -> Result<Vec<Value>, String> {
        let mut groups: BTreeMap<Vec<Option<String>>, Vec<(Fields, f64)>> = BTreeMap::new();
        for event in events {
            let Some(fields) = self.fields_of(event) else { continue };
            let key = self.keys.iter().map(|key| match key {
                Key::Bin(_, seconds) => {
                    let begin = Timestamp::from_second(event.at.div_euclid(*seconds) * seconds).unwrap_or_default();
                    Some(begin.strftime("%Y-%m-%d %H:%M:%S.000").to_string())
                }
                Key::Field(name) => fields.get(name).cloned(),
            });
            groups.entry(key.collect()).or_default().push((fields, event.count));
        }
        let mut rows = Vec::new();
        for (key, members) in groups {
            let mut row: Vec<(String, String)> = Vec::new();
            for (key, value) in self.keys.iter().zip(key) {
                let (Key::Bin(name, _) | Key::Field(name)) = key;
                row.extend(value.map(|value| (name.clone(), value)));
            }
            for (aggregate, name) in &self.stats {
                row.extend(aggregate.of(&members)?.map(|value| (name.clone(), value)));
            }
            rows.push(row);
        }
        if let Some((field, descending)) = &self.sort {
            let value = |row: &Vec<(String, String)>| {
                row.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()).unwrap_or_default()
            };
            rows.sort_by_key(value);
            if *descending {
                rows.reverse();
            }
        }
        rows.truncate(self.limit.unwrap_or(most).min(most));
        let shown = |row: Vec<(String, String)>| {
            row.into_iter().map(|(field, value)| json!({ "field": field, "value": value })).collect::<Value>()
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    /// The fields of an event; `None` for one that is filtered out.
    fn fields_of(&self, event: &Event) -> Option<Fields> {
        let mut fields = Fields::from([("@log".to_owned(), format!("{ACCOUNT_ID}:{}", event.group))]);
        for step in &self.steps {
            match step {
                Step::Parse(expression) => {
                    if let Some(found) = expression.captures(&event.message) {
                        for name in expression.capture_names().flatten() {
                            if let Some(value) = found.name(name) {
                                fields.insert(name.to_owned(), value.as_str().to_owned());
                            }
                        }
                    }
                }
                Step::Coalesce { field, otherwise, name } => {
                    let value = fields.get(field).unwrap_or(otherwise).clone();
                    fields.insert(name.clone(), value);
                }
                Step::Present(field) if !fields.contains_key(field) => return None,
                Step::Equals(field, text) if fields.get(field) != Some(text) => return None,
                Step::Present(_) | Step::Equals(..) => {}
            }
        }
        Some(fields)
    }
}

impl Aggregate {
    /// The value over the events of a group; `None` where no event has the field.
    fn of(&self, members: &[(Fields, f64)]) -> Result<Option<String>, String> {
        let name = match self {
            Self::All => return Ok(Some(whole(members.iter().map(|(_, count)| count).sum()))),
            Self::Count(name) => {
                let present = members.iter().filter(|(fields, _)| fields.contains_key(name));
                return Ok(Some(whole(present.map(|(_, count)| count).sum())));
            }
            Self::Average(name)
            | Self::Percentile(name, _)
            | Self::Sum(name)
            | Self::Least(name)
            | Self::Most(name) => name,
        };
        let mut values: Vec<(f64, f64)> = Vec::new();
        for (fields, count) in members {
            if let Some(value) = fields.get(name) {
                values.push((value.parse().map_err(|_| format!("{name} is no number: {value}"))?, *count));
            }
        }
        if values.is_empty() {
            return Ok(None);
        }
        values.sort_by(|one, other| one.0.total_cmp(&other.0));
        let all: f64 = values.iter().map(|(_, count)| count).sum();
        let sum: f64 = values.iter().map(|(value, count)| value * count).sum();
        let answer = match self {
            Self::Average(_) => sum / all,
            Self::Sum(_) => sum,
            Self::Percentile(_, percent) => {
                let (mut passed, mut answer) = (0.0, f64::NEG_INFINITY);
                for (value, count) in &values {
                    answer = *value;
                    passed += count;
                    if passed >= all * percent / 100.0 {
                        break;
                    }
                }
                answer
            }
            Self::Least(_) => values.first().map_or(0.0, |(value, _)| *value),
            _ => values.last().map_or(0.0, |(value, _)| *value),
        };
        Ok(Some(format!("{answer:.4}")))
    }
}

fn whole(count: f64) -> String {
    // The sum of nothing is a negative zero.
    format!("{:.0}", count.round() + 0.0)
}

fn not_read(what: &str) -> String {
    format!("The demo account does not understand this part of the query: {what}")
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "@_.".contains(letter))
}

fn quoted(text: &str) -> Option<&str> {
    text.trim().strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains('"'))
}

fn parse(rest: &str) -> Result<Step, String> {
    let expression = rest
        .strip_prefix("@message")
        .and_then(|rest| rest.trim().strip_prefix('/')?.strip_suffix('/'))
        .ok_or_else(|| not_read(rest))?;
    let expression = expression.replace("\\/", "/");
    let expression = Regex::new(&expression).map_err(|error| format!("The expression is none: {error}"))?;
    if expression.capture_names().flatten().next().is_none() {
        return Err("The expression of parse names no field.".to_owned());
    }
    Ok(Step::Parse(expression))
}

fn filter(rest: &str) -> Result<Step, String> {
    if let Some(field) =
        rest.strip_prefix("ispresent(").and_then(|rest| rest.strip_suffix(')')).filter(|text| is_name(text))
    {
        return Ok(Step::Present(field.to_owned()));
    }
    let equals = rest.split_once('=').map(|(field, text)| (field.trim(), quoted(text)));
    match equals {
        Some((field, Some(text))) if is_name(field) => Ok(Step::Equals(field.to_owned(), text.to_owned())),
        _ => Err(not_read(rest)),
    }
}

fn aggregate(call: &str) -> Option<Aggregate> {
    let (function, arguments) = call.strip_suffix(')')?.split_once('(')?;
    let arguments = list(arguments);
    let field = arguments.first()?.clone();
    Some(match (function, arguments.as_slice()) {
        ("count", [all]) if all == "*" => Aggregate::All,
        _ if !is_name(&field) => return None,
        ("count", [_]) => Aggregate::Count(field),
        ("avg", [_]) => Aggregate::Average(field),
        ("sum", [_]) => Aggregate::Sum(field),
        ("min", [_]) => Aggregate::Least(field),
        ("max", [_]) => Aggregate::Most(field),
        ("pct", [_, percent]) => {
            Aggregate::Percentile(field, percent.parse().ok().filter(|percent| (0.0..=100.0).contains(percent))?)
        }
        _ => return None,
    })
}

/// What stands between commas, outside brackets and quotes.
fn list(text: &str) -> Vec<String> {
    apart(text, ',')
}

/// The commands of a statement: what stands between bars, outside quotes and expressions.
fn commands(text: &str) -> Vec<String> {
    apart(text, '|')
}

fn apart(text: &str, at: char) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut depth, mut quote, mut escaped) = (0_i32, None::<char>, false);
    for letter in text.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            // An expression begins after a space, and not within a word.
            None if letter == '"' || (letter == '/' && part.ends_with(char::is_whitespace)) => quote = Some(letter),
            None if letter == '(' => depth += 1,
            None if letter == ')' => depth -= 1,
            None if letter == at && depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            None => {}
        }
        part.push(letter);
    }
    parts.push(part);
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64, message: &str, count: f64) -> Event {
        Event { at, group: "g".to_owned(), message: message.to_owned(), count }
    }

    fn rows(statement: &str, events: &[Event]) -> Vec<BTreeMap<String, String>> {
        let rows = Statement::read(statement).unwrap().rows(events, 100).unwrap();
        let said = |field: &Value, member: &str| field[member].as_str().unwrap().to_owned();
        let row = |row: &Value| {
            row.as_array().unwrap().iter().map(|field| (said(field, "field"), said(field, "value"))).collect()
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn events_are_taken_apart_counted_and_grouped() {
        let events = [
            event(61, "a|b=1 ok 10", 3.0),
            event(62, "a|b=1 bad 30", 1.0),
            event(121, "a|b=2 ok 20", 2.0),
            event(122, "nothing of the kind", 1.0),
        ];
        let statement = r#"fields @timestamp
            | parse @message /a\|b=(?<side>[0-9]) /
            | parse @message /(?<failed>bad)/
            | parse @message / (?<ms>[0-9]+)$/
            | fields coalesce(side, "none") as told
            | stats count(*) as all, count(failed) as failed, avg(ms) as average, pct(ms, 90) as p90 by bin(1m), told"#;
        let found = rows(statement, &events);
        let row =
            |row: &[(&str, &str)]| row.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let expected: Vec<BTreeMap<String, String>> = vec![
            row(&[
                ("bin(1m)", "1970-01-01 00:01:00.000"),
                ("told", "1"),
                ("all", "4"),
                ("failed", "1"),
                ("average", "15.0000"),
                ("p90", "30.0000"),
            ]),
            row(&[
                ("bin(1m)", "1970-01-01 00:02:00.000"),
                ("told", "2"),
                ("all", "2"),
                ("failed", "0"),
                ("average", "20.0000"),
                ("p90", "20.0000"),
            ]),
            row(&[("bin(1m)", "1970-01-01 00:02:00.000"), ("told", "none"), ("all", "1"), ("failed", "0")]),
        ];
        assert_eq!(found, expected);
        let only = rows(r#"parse @message /b=(?<side>[0-9])/ | filter side = "2" | stats count(*) as n"#, &events);
        assert_eq!(only, [row(&[("n", "2")])]);
    }

    #[test]
    fn what_is_not_understood_is_refused_and_not_guessed() {
        for statement in [
            "fields @message",
            "stats count(*) | stats count(*)",
            "parse @message \"a=*\" as a | stats count(*)",
            "parse other /(?<a>b)/ | stats count(*)",
            "parse @message /(?<a>b/ | stats count(*)",
            "parse @message /b/ | stats count(*)",
            "filter status >= 500 | stats count(*)",
            "filter a = \"b\" or c = \"d\" | stats count(*)",
            "stats count_distinct(a)",
            "stats pct(a, 101)",
            "stats count(*) by bin(1h)",
            "stats count(*) | dedup a",
            "",
        ] {
            assert!(Statement::read(statement).is_err(), "{statement}");
        }
    }
}
