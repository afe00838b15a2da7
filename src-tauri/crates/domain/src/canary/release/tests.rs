use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::canary::CanaryCriteria;

fn at(minute: i64) -> Timestamp {
    "2026-03-02T15:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

fn live(deployment: &str, canary: Option<(&str, f64)>) -> Fields {
    let mut fields: Fields = BTreeMap::from([("deploymentId".to_owned(), json!(deployment))]);
    if let Some((candidate, percent)) = canary {
        fields.insert("canarySettings/deploymentId".to_owned(), json!(candidate));
        fields.insert("canarySettings/percentTraffic".to_owned(), json!(percent));
    }
    fields
}

fn release(mode: ReleaseMode, steps: &[(f64, u32)]) -> Release {
    let steps: Vec<ReleaseStep> =
        steps.iter().map(|(percent, minutes)| ReleaseStep { percent: *percent, minutes: *minutes }).collect();
    let percent = steps.first().map_or(10.0, |step| step.percent);
    let terms = ReleaseTerms { criteria: CanaryCriteria::default(), mode, steps };
    Release {
        id: "r1".to_owned(),
        target: PlanTarget::RestStage {
            context: "demo".into(),
            api_id: "a1".into(),
            api_name: "shop".into(),
            stage: "prod".into(),
        },
        candidate: "d2".to_owned(),
        deadline: at(i64::from(terms.minutes())),
        terms,
        template: None,
        begun: at(0),
        since: at(0),
        begun_by: Actor { caller_arn: "arn".to_owned(), local_user: "ana".to_owned() },
        confirmation: String::new(),
        confirmed_in: None,
        expected: live("d1", Some(("d2", percent))),
        step: 0,
        step_since: at(0),
        state: ReleaseState::Watching,
        words: String::new(),
        judgement: None,
        looked: None,
        looks: 0,
        gaps: Vec::new(),
        intent: None,
        trouble: None,
        entries: Vec::new(),
        ended: None,
    }
}

fn said(verdict: CanaryVerdict) -> Judgement {
    Judgement { verdict, reasons: vec!["because".to_owned()] }
}

const HEALTHY: CanaryVerdict = CanaryVerdict::Healthy;
const BREACHED: CanaryVerdict = CanaryVerdict::Breached;
const UNKNOWN: CanaryVerdict = CanaryVerdict::Inconclusive;

/// `decide` with the stage as the release left it.
fn decided(release: &Release, minute: i64, whole: CanaryVerdict, step: CanaryVerdict) -> ReleaseDecision {
    let fields = release.expected.clone();
    decide(release, at(minute), Some(&fields), Some(&said(whole)), Some(&said(step)))
}

fn ends(decision: &ReleaseDecision) -> Option<ReleaseState> {
    if let ReleaseDecision::End { state, .. } = decision { Some(*state) } else { None }
}

#[test]
fn only_automatic_acts_on_a_breach_and_the_others_go_on() {
    for (mode, expected) in [
        (ReleaseMode::Observe, ReleaseDecision::Keep),
        (ReleaseMode::Recommend, ReleaseDecision::Keep),
        (ReleaseMode::Automatic, ReleaseDecision::RollBack),
    ] {
        assert_eq!(decided(&release(mode, &[]), 3, BREACHED, BREACHED), expected, "{mode:?}");
        for verdict in [HEALTHY, UNKNOWN] {
            assert_eq!(decided(&release(mode, &[]), 3, verdict, verdict), ReleaseDecision::Keep, "{mode:?}");
        }
    }
    let blind = decide(&release(ReleaseMode::Automatic, &[]), at(3), None, Some(&said(BREACHED)), None);
    assert_eq!(blind, ReleaseDecision::RollBack, "a stage that cannot be read is no reason to leave the harm");
}

#[test]
fn nothing_is_widened_that_was_not_confirmed_and_healthy_for_as_long_as_was_agreed() {
    let plan = release(ReleaseMode::Recommend, &[(5.0, 10), (25.0, 10)]);
    assert_eq!(decided(&plan, 9, HEALTHY, HEALTHY), ReleaseDecision::Keep, "not yet");
    assert_eq!(decided(&plan, 10, HEALTHY, UNKNOWN), ReleaseDecision::Keep, "inconclusive is not healthy");
    assert_eq!(decided(&plan, 10, BREACHED, HEALTHY), ReleaseDecision::Keep);
    assert_eq!(decided(&plan, 10, HEALTHY, HEALTHY), ReleaseDecision::Widen { step: 1, percent: 25.0 });
    assert_eq!(decided(&plan, 10, UNKNOWN, HEALTHY), ReleaseDecision::Widen { step: 1, percent: 25.0 });
    let failed = decide(&plan, at(10), Some(&plan.expected.clone()), None, None);
    assert_eq!(failed, ReleaseDecision::Keep, "a look that failed widens nothing");
    let unread = decide(&plan, at(10), None, Some(&said(HEALTHY)), Some(&said(HEALTHY)));
    assert_eq!(unread, ReleaseDecision::Keep, "neither does a stage that could not be read");

    let last = Release { step: 1, step_since: at(10), expected: live("d1", Some(("d2", 25.0))), ..plan };
    assert_eq!(ends(&decided(&last, 20, HEALTHY, HEALTHY)), Some(ReleaseState::Healthy));
    assert_eq!(ends(&decided(&last, 40, UNKNOWN, UNKNOWN)), Some(ReleaseState::Inconclusive), "twice the steps' time");
    let without = release(ReleaseMode::Automatic, &[]);
    assert_eq!(decided(&without, 29, HEALTHY, HEALTHY), ReleaseDecision::Keep, "no plan, no widening");
}

#[test]
fn its_time_ends_it_with_the_verdict_of_then() {
    let watched = release(ReleaseMode::Recommend, &[]);
    for (verdict, state) in
        [(HEALTHY, ReleaseState::Healthy), (UNKNOWN, ReleaseState::Inconclusive), (BREACHED, ReleaseState::Breached)]
    {
        assert_eq!(ends(&decided(&watched, 30, verdict, verdict)), Some(state));
    }
    assert_eq!(
        decided(&release(ReleaseMode::Automatic, &[]), 500, BREACHED, BREACHED),
        ReleaseDecision::RollBack,
        "harm that is found after an absence is still taken back"
    );
    let failed = |minute| decide(&watched, at(minute), None, None, None);
    assert_eq!(failed(31), ReleaseDecision::Keep, "a look that fails at the end is waited for");
    assert_eq!(ends(&failed(45)), Some(ReleaseState::Inconclusive));
}

#[test]
fn whatever_somebody_else_did_to_the_stage_ends_it_and_nothing_is_done() {
    let ours = release(ReleaseMode::Automatic, &[]);
    let with = |fields: &Fields| decide(&ours, at(3), Some(fields), Some(&said(BREACHED)), None);
    assert_eq!(ends(&with(&live("d2", None))), Some(ReleaseState::Promoted));
    assert_eq!(ends(&with(&live("d2", Some(("d2", 0.0))))), Some(ReleaseState::Promoted));
    assert_eq!(ends(&with(&live("d1", None))), Some(ReleaseState::Removed));
    for (fields, says) in [
        (live("d1", Some(("d2", 50.0))), "canarySettings/percentTraffic"),
        (live("d1", Some(("d3", 10.0))), "canarySettings/deploymentId"),
        (live("d4", Some(("d2", 10.0))), "deploymentId"),
        (live("d4", None), "deploymentId"),
    ] {
        let ReleaseDecision::Conflict { fields } = with(&fields) else { panic!("{fields:?}") };
        assert!(fields.iter().any(|field| field == says), "{fields:?}");
    }
    let mut same = ours.expected.clone();
    same.insert("canarySettings/percentTraffic".to_owned(), Value::from(10));
    assert_eq!(with(&same), ReleaseDecision::RollBack, "10 and 10.0 are the same share");
}

#[test]
fn a_look_is_due_every_minute_and_what_nobody_watched_is_a_gap() {
    let mut watched = release(ReleaseMode::Automatic, &[]);
    assert!(watched.is_due(at(0)), "the first at once");
    watched.looked_at(at(0), said(UNKNOWN));
    assert!(!watched.is_due(at(0) + SignedDuration::from_secs(59)));
    assert!(watched.is_due(at(1)));
    assert!(watched.is_due(at(-60)), "the clock was set back");
    watched.looked_at(at(1), said(HEALTHY));
    watched.looked_at(at(2), said(HEALTHY));
    assert_eq!(watched.gaps, []);
    watched.looked_at(at(12), said(HEALTHY));
    assert_eq!(watched.gaps.len(), 1);
    assert_eq!((watched.gaps[0].from, watched.gaps[0].to), (at(2), at(12)));
    for minute in 13..16 {
        watched.look_failed(at(minute), "denied");
    }
    assert_eq!(watched.gaps.len(), 2, "failures one after the other are one gap");
    assert_eq!((watched.gaps[1].from, watched.gaps[1].to), (at(12), at(15)));
    assert_eq!(watched.judgement.as_ref().unwrap().verdict, UNKNOWN, "what was healthy is not known to be so now");
    watched.end(at(16), ReleaseState::Stopped, "ended");
    assert!(!watched.is_due(at(20)));
}

#[test]
fn terms_that_make_no_sense_say_why() {
    let steps = |steps: &[(f64, u32)], mode| ReleaseTerms {
        mode,
        steps: steps.iter().map(|(percent, minutes)| ReleaseStep { percent: *percent, minutes: *minutes }).collect(),
        ..ReleaseTerms::default()
    };
    let automatic = ReleaseMode::Automatic;
    assert_eq!(steps(&[(5.0, 10), (100.0, 1)], automatic).problem(), None);
    for (terms, says) in [
        (steps(&[(5.0, 10)], ReleaseMode::Observe), "observes"),
        (steps(&[(0.0, 10)], automatic), "over 0"),
        (steps(&[(f64::NAN, 10)], automatic), "over 0"),
        (steps(&[(5.0, 0)], automatic), "1 to 1440"),
        (steps(&[(10.0, 5), (10.0, 5)], automatic), "higher"),
        (steps(&[(10.0, 721)], automatic), "720 minutes in all"),
    ] {
        assert!(terms.problem().unwrap().contains(says), "{:?}", terms.problem());
    }
    assert!(!steps(&[], ReleaseMode::Recommend).acts());
    assert!(steps(&[(5.0, 10)], ReleaseMode::Recommend).acts() && steps(&[], automatic).acts());
}

#[test]
fn what_comes_next_is_said() {
    let mut plan = release(ReleaseMode::Automatic, &[(5.0, 10), (25.0, 10)]);
    let next = what_comes_next(&plan).join(" ");
    assert!(
        next.contains("removes the canary by itself")
            && next.contains("From 15:10 UTC on its share goes from 5 % to 25 %"),
        "{next}"
    );
    assert_eq!(minutes_left(&plan, at(10) + SignedDuration::from_secs(1)), 30);
    plan.end(at(12), ReleaseState::RolledBack, "done");
    assert!(what_comes_next(&plan).is_empty());
    assert_eq!(minutes_left(&plan, at(13)), 0);
}
