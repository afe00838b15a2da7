//! `alarm_create`: plans the alarms that are missing, with the thresholds that AWS recommends or a person's own.

use std::collections::BTreeSet;

use portcullis_domain::{
    alarms::{Alarm, AlarmDefinition, AlarmSubject, is_detailed, recommended},
    change::{AwsCall, Fields, Plan, PlanTarget, PlanWords, Warning, WarningKind, route_key},
    coverage::GapKind,
    inventory::ApiInventory,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_difference::api_of,
    change::{Draft, plan},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
    topic_list::is_topic,
};

/// The most alarms of one plan: each is read, made and read back.
const MOST: usize = 100;

/// Where, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmWanted {
    /// The stage.
    pub stage: StageName,
    /// A route of it ([`portcullis_domain::route::Route::id`]); the stage as a whole without it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub route_id: Option<String>,
    /// On what.
    pub subjects: Vec<AlarmSubject>,
}

/// Another threshold than the recommended one. Numbers are text, as a person typed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmThreshold {
    /// Of which alarms.
    pub subject: AlarmSubject,
    /// Percent of the requests, or milliseconds.
    pub threshold: String,
    /// Minutes that have to be breaching; as recommended when empty.
    #[serde(default)]
    pub datapoints: String,
    /// Minutes that are looked at; as recommended when empty.
    #[serde(default)]
    pub periods: String,
}

/// Which alarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmCreateRequest {
    /// Where, and on what.
    pub wanted: Vec<AlarmWanted>,
    /// The SNS topic that is told, an ARN; nobody is told without it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub topic_arn: Option<String>,
    /// Whether the topic is told too when all is well again.
    #[serde(default)]
    pub tell_ok: bool,
    /// Other thresholds than the recommended ones.
    #[serde(default)]
    pub thresholds: Vec<AlarmThreshold>,
}

/// Plans them.
///
/// # Errors
/// `InvalidInput` for thresholds and topics that are none and for a route without metrics of its own, `NotFound` for a
/// stage or route that is gone, `Conflict` when an alarm of such a name exists, AWS's.
pub async fn alarm_create(host: &Host, request: AlarmCreateRequest) -> Result<Plan, WireError> {
    let invalid = |message: String| WireError::new(ErrorCode::InvalidInput, message);
    let wanted: usize = request.wanted.iter().map(|one| one.subjects.len()).sum();
    if wanted == 0 || wanted > MOST {
        return Err(invalid(format!("A plan makes 1 to {MOST} alarms; this would be {wanted}.")));
    }
    let mut made: Vec<(String, AlarmDefinition)> = Vec::new();
    for one in &request.wanted {
        check_topic(host, &one.stage.context, request.topic_arn.as_deref()).await?;
        let inventory = api_of(host, &one.stage)?;
        let route = one.route_id.as_deref().map(|id| own_route(host, &inventory, &one.stage, id)).transpose()?;
        for subject in &one.subjects {
            let mut alarm = recommended(&inventory.api, &one.stage.stage, route.as_deref(), *subject);
            if let Some(other) = request.thresholds.iter().find(|other| other.subject == *subject) {
                adjust(&mut alarm, other)?;
            }
            alarm.alarm_actions = request.topic_arn.iter().cloned().collect();
            alarm.ok_actions = request.topic_arn.iter().filter(|_| request.tell_ok).cloned().collect();
            // Two REST APIs of one name have one metric: one alarm is enough.
            if !made.iter().any(|(context, known)| *context == one.stage.context && known.name == alarm.name) {
                made.push((one.stage.context.clone(), alarm));
            }
        }
    }
    let contexts: BTreeSet<&String> = made.iter().map(|(context, _)| context).collect();
    for context in contexts {
        // What is there now, and not what a view saw.
        host.alarms_of(context, true).await?;
    }
    let mut drafts = Vec::new();
    let mut taken = Vec::new();
    for (context, alarm) in &made {
        let fields = live(host, context, &alarm.name).await?;
        if !fields.is_empty() {
            taken.push(format!("{} in {context}", alarm.name));
        }
        let asked = alarm.fields().into_keys().collect();
        let target = PlanTarget::Alarm { context: context.clone(), alarm_name: alarm.name.clone() };
        let calls = vec![AwsCall::PutMetricAlarm { alarm: Box::new(alarm.clone()) }];
        drafts.push(Draft { target, fields, calls, asked });
    }
    if !taken.is_empty() {
        let message = "Alarms of these names exist already, and are not written over.";
        return Err(WireError { details: taken, ..WireError::new(ErrorCode::Conflict, message) }.with_hint(
            "Look at them in the list of alarms: perhaps they watch something else, or another API has the same name.",
        ));
    }
    let words = PlanWords {
        operation: "alarm_create".to_owned(),
        title: title(&made),
        warnings: warnings(&request),
        watched: vec!["alarm/".to_owned()],
        ..PlanWords::default()
    };
    plan(host, words, drafts).await
}

fn title(made: &[(String, AlarmDefinition)]) -> String {
    match made {
        [(_, alarm)] => format!("Create alarm {}", alarm.name),
        many => format!("Create {} alarms", many.len()),
    }
}

fn warnings(request: &AlarmCreateRequest) -> Vec<Warning> {
    let note = |message: &str| Warning { kind: WarningKind::Note, message: message.to_owned() };
    let mut warnings = Vec::new();
    if request.topic_arn.is_none() {
        warnings.push(note("No SNS topic is chosen: the alarms change colour, and nobody is told."));
    } else {
        warnings.push(note(
            "Whether anybody has subscribed to the topic, and whether its policy lets CloudWatch publish, is not checked here.",
        ));
    }
    warnings.push(note("CloudWatch charges each alarm by the month. A minute without requests counts as a good one."));
    warnings
}

/// The alarm of this name, of those that were just read.
async fn live(host: &Host, context: &str, name: &str) -> Result<Fields, WireError> {
    let read = host.alarms_of(context, false).await?;
    if let Some(gap) = read.gaps.first() {
        let code = if gap.kind == GapKind::Denied { ErrorCode::Denied } else { ErrorCode::AwsRefused };
        return Err(WireError {
            request_id: gap.request_id.clone(),
            ..WireError::new(code, format!("Which alarms there are is not known, so none is planned. {}", gap.message))
        });
    }
    Ok(read.alarms.iter().find(|alarm| alarm.name == name).map(Alarm::fields).unwrap_or_default())
}

/// A topic of the context's own region: CloudWatch takes no other.
async fn check_topic(host: &Host, context: &str, topic: Option<&str>) -> Result<(), WireError> {
    let session = host.open_context(context)?.session(host).await?;
    let Some(topic) = topic else { return Ok(()) };
    if !is_topic(topic) {
        let message = format!("{topic} is no ARN of an SNS topic, like arn:aws:sns:eu-west-1:111122223333:oncall.");
        return Err(WireError::new(ErrorCode::InvalidInput, message));
    }
    if topic.split(':').nth(3) != Some(session.region()) {
        let message =
            format!("An alarm of {} tells topics of that region only; {topic} is of another.", session.region());
        return Err(WireError::new(ErrorCode::InvalidInput, message));
    }
    Ok(())
}

/// The key of a route that reports metrics of its own.
fn own_route(host: &Host, inventory: &ApiInventory, stage: &StageName, id: &str) -> Result<String, WireError> {
    let (_, index) = host.shown();
    let route = index.find(id).filter(|route| route.api_id == inventory.api.id && *route.stage == *stage.stage);
    let route = route.ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no route {id} on stage {} any more.", stage.stage))
            .with_hint("Refresh.")
    })?;
    let key = route_key(route);
    let of_stage = inventory.stages.iter().find(|known| *known.name == *stage.stage);
    if of_stage.is_some_and(|stage| is_detailed(stage, &key)) {
        return Ok(key);
    }
    Err(WireError::new(
        ErrorCode::InvalidInput,
        format!("{key} on stage {} has no metrics of its own: detailed metrics are off.", stage.stage),
    )
    .with_hint("Switch detailed metrics on for it (they are charged), or make the alarm for the stage."))
}

fn adjust(alarm: &mut AlarmDefinition, other: &AlarmThreshold) -> Result<(), WireError> {
    let invalid = |message: String| Err(WireError::new(ErrorCode::InvalidInput, message));
    let before = alarm.clone();
    let text = other.threshold.trim().trim_end_matches('%').trim_end_matches("ms").trim();
    let share = other.subject != AlarmSubject::Latency;
    if !text.is_empty() {
        match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
            // Nothing is over 100 percent.
            Some(number) if share && (0.0..100.0).contains(&number) => alarm.threshold = number / 100.0,
            Some(number) if !share && number > 0.0 => alarm.threshold = number,
            _ if share => {
                return invalid(format!(
                    "A share of failed requests is 0 to under 100 percent; {} is not.",
                    other.threshold
                ));
            }
            _ => return invalid(format!("A latency is a number of milliseconds over 0; {} is not.", other.threshold)),
        }
    }
    let whole = |text: &str, recommended: i32| match text.trim() {
        "" => Some(recommended),
        text => text.parse::<i32>().ok().filter(|number| (1..=1_440).contains(number)),
    };
    let periods = whole(&other.periods, alarm.evaluation_periods);
    // Fewer minutes to look at than are to be breaching means all of them.
    let datapoints =
        whole(&other.datapoints, alarm.datapoints_to_alarm.min(periods.unwrap_or(alarm.datapoints_to_alarm)));
    match (datapoints, periods) {
        (Some(some), Some(all)) if some <= all => (alarm.datapoints_to_alarm, alarm.evaluation_periods) = (some, all),
        _ => {
            return invalid(format!(
                "An alarm looks at 1 to 1440 minutes of which as many or fewer are breaching; {} of {} is not.",
                other.datapoints, other.periods
            ));
        }
    }
    if *alarm != before {
        alarm.description = alarm.description.replace(", as AWS recommends.", ", adjusted from AWS's recommendation.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adjusted(subject: AlarmSubject, threshold: &str, datapoints: &str, periods: &str) -> Result<String, ErrorCode> {
        let api = serde_json::from_value(
            serde_json::json!({ "id": "a1", "name": "shop", "kind": "REST", "endpointType": "REGIONAL" }),
        );
        let mut alarm = recommended(&api.unwrap(), "prod", None, subject);
        let text = |text: &str| text.to_owned();
        let other = AlarmThreshold {
            subject,
            threshold: text(threshold),
            datapoints: text(datapoints),
            periods: text(periods),
        };
        adjust(&mut alarm, &other).map_err(|error| error.code)?;
        Ok(format!("{} in {} of {}", alarm.threshold, alarm.datapoints_to_alarm, alarm.evaluation_periods))
    }

    #[test]
    fn thresholds_are_read_as_persons_type_them() {
        let errors = AlarmSubject::ServerErrors;
        assert_eq!(adjusted(errors, "1 %", "", ""), Ok("0.01 in 3 of 3".to_owned()));
        assert_eq!(adjusted(errors, "", "3", "5"), Ok("0.05 in 3 of 5".to_owned()));
        assert_eq!(adjusted(errors, "2", "", "2"), Ok("0.02 in 2 of 2".to_owned()));
        assert_eq!(adjusted(AlarmSubject::Latency, "800 ms", "", ""), Ok("800 in 5 of 5".to_owned()));
        for (subject, threshold, datapoints, periods) in [
            (errors, "100", "", ""),
            (errors, "-1", "", ""),
            (errors, "NaN", "", ""),
            (errors, "1", "6", "5"),
            (errors, "1", "0", "5"),
            (errors, "1", "1.5", "5"),
            (AlarmSubject::Latency, "0", "", ""),
            (AlarmSubject::Latency, "soon", "", ""),
        ] {
            assert_eq!(
                adjusted(subject, threshold, datapoints, periods),
                Err(ErrorCode::InvalidInput),
                "{threshold} {datapoints} {periods}"
            );
        }
    }
}
