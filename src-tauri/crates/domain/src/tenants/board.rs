//! The quota board: a row for every key in every plan, worst first.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Key, Ledger, QuotaPeriod, QuotaStanding, QuotaState, TenantMapping, TenantName, UsagePlan, standing};
use crate::throttle::Limit;

/// One key in one plan; a key in no plan has a row without one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardRow {
    /// Name of the row: context, plan and key.
    pub id: String,
    /// The context's label.
    pub context: String,
    /// Whose key, and why.
    pub tenant: TenantName,
    /// Key id; never its value.
    pub key_id: String,
    /// The key's name.
    pub key_name: String,
    /// The key's `customerId`; may be empty.
    pub customer_id: String,
    /// The key's tags, `name=value`.
    pub tags: Vec<String>,
    /// Whether API Gateway accepts the key; absent when keys could not be listed.
    #[ts(optional = nullable)]
    pub enabled: Option<bool>,
    /// Age of the key, whole days.
    #[ts(optional = nullable, type = "number")]
    pub age_days: Option<i64>,
    /// Days until the key should be rotated; negative when it is late.
    #[ts(optional = nullable, type = "number")]
    pub rotation_due_in_days: Option<i64>,
    /// The plan; absent for a key in none.
    #[ts(optional = nullable)]
    pub usage_plan_id: Option<String>,
    /// The plan's name.
    #[ts(optional = nullable)]
    pub plan_name: Option<String>,
    /// Per what the quota is.
    #[ts(optional = nullable)]
    pub period: Option<QuotaPeriod>,
    /// The plan's limit for each of its keys.
    pub throttle: Limit,
    /// Names or ids of the APIs that the plan opens, with the stage: `partner prod`.
    pub opens: Vec<String>,
    /// Where the key stands.
    pub standing: QuotaStanding,
}

/// What the board is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum BoardSort {
    /// Who needs help first: by state, then by percent.
    #[default]
    Worst,
    /// By tenant.
    Tenant,
    /// By plan.
    Plan,
    /// Oldest key first.
    Age,
    /// By the day on which the quota will be gone.
    Exhaustion,
    /// Most requests first.
    Used,
}

/// What is shown of the board.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardQuery {
    /// Words; each must be in the tenant, key, customer, tags, plan or APIs. Case does not matter.
    #[serde(default)]
    pub text: String,
    /// Only these states; empty means all.
    #[serde(default)]
    pub states: Vec<QuotaState>,
    /// Only this plan.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub usage_plan_id: Option<String>,
    /// The order.
    #[serde(default)]
    pub sort: BoardSort,
}

/// Makes the rows of one account and region. `api_name` names an API by its id; `rotate_after_days` is when a key should
/// have been replaced.
#[must_use]
pub fn board(
    ledger: &Ledger,
    mapping: &TenantMapping,
    now: Timestamp,
    rotate_after_days: i64,
    api_name: &dyn Fn(&str) -> Option<String>,
) -> Vec<BoardRow> {
    let today = now.to_zoned(TimeZone::UTC);
    let gone = f64::from(today.hour()) / 24.0 + f64::from(today.minute()) / 1440.0;
    let at = Moment { now, today: today.date(), gone, rotate_after_days };
    let keys: HashMap<&str, &Key> =
        ledger.keys.as_deref().unwrap_or_default().iter().map(|key| (key.id.as_str(), key)).collect();
    let mut rows = Vec::new();
    let mut placed: std::collections::HashSet<&str> = std::collections::HashSet::new();
    for plan in ledger.plans.as_deref().unwrap_or_default() {
        let opens: Vec<String> = plan
            .stages
            .iter()
            .map(|stage| {
                let api = api_name(&stage.api_id).unwrap_or_else(|| format!("{} (not found)", stage.api_id));
                format!("{api} {}", stage.stage)
            })
            .collect();
        let usage = ledger.usage.get(&plan.id);
        // Without the list of its keys, a plan's keys are those that had traffic.
        let members: Vec<&str> = match &plan.keys {
            Some(keys) => keys.iter().map(String::as_str).collect(),
            None => usage.into_iter().flat_map(|keys| keys.keys().map(String::as_str)).collect(),
        };
        for id in members {
            placed.insert(id);
            let days = usage.map(|keys| keys.get(id).map_or(&[][..], Vec::as_slice));
            rows.push(row(ledger, mapping, &at, id, keys.get(id).copied(), Some((plan, days)), &opens));
        }
    }
    // Whether a key is in no plan is known only when the keys of every plan are.
    let whole = ledger.plans.as_ref().is_some_and(|plans| plans.iter().all(|plan| plan.keys.is_some()));
    if whole {
        for key in ledger.keys.as_deref().unwrap_or_default().iter().filter(|key| !placed.contains(key.id.as_str())) {
            rows.push(row(ledger, mapping, &at, &key.id, Some(key), None, &[]));
        }
    }
    rows
}

struct Moment {
    now: Timestamp,
    today: Date,
    gone: f64,
    rotate_after_days: i64,
}

fn row(
    ledger: &Ledger,
    mapping: &TenantMapping,
    at: &Moment,
    id: &str,
    key: Option<&Key>,
    plan: Option<(&UsagePlan, Option<&[super::DayUse]>)>,
    opens: &[String],
) -> BoardRow {
    let age_days = key
        .filter(|key| key.created_at > 0)
        .map(|key| at.now.as_second().saturating_sub(key.created_at).max(0) / 86_400);
    let enabled = key.is_none_or(|key| key.enabled);
    let (quota, days) = plan.map_or((None, Some(&[][..])), |(plan, days)| (plan.quota, days));
    let mut standing = standing(quota, days, enabled, at.today, at.gone);
    if plan.is_none() && enabled {
        standing.state = QuotaState::NoPlan;
    }
    let unnamed = || TenantName { name: id.to_owned(), reason: "the key's id: keys could not be listed".to_owned() };
    BoardRow {
        id: format!("{}/{}/{id}", ledger.context, plan.map_or("-", |(plan, _)| plan.id.as_str())),
        context: ledger.context.clone(),
        tenant: key.map_or_else(unnamed, |key| mapping.tenant_of(key)),
        key_id: id.to_owned(),
        key_name: key.map(|key| key.name.clone()).unwrap_or_default(),
        customer_id: key.map(|key| key.customer_id.clone()).unwrap_or_default(),
        tags: key
            .map(|key| key.tags.iter().map(|(name, value)| format!("{name}={value}")).collect())
            .unwrap_or_default(),
        enabled: key.map(|key| key.enabled),
        age_days,
        rotation_due_in_days: age_days.map(|age| at.rotate_after_days - age),
        usage_plan_id: plan.map(|(plan, _)| plan.id.clone()),
        plan_name: plan.map(|(plan, _)| plan.name.clone()),
        period: quota.map(|quota| quota.period),
        throttle: plan.map(|(plan, _)| plan.throttle).unwrap_or_default(),
        opens: opens.to_vec(),
        standing,
    }
}

/// The rows that match, in order: indices, so that thousands of rows are not copied for a page.
#[must_use]
pub fn matching(rows: &[BoardRow], query: &BoardQuery) -> Vec<usize> {
    let words: Vec<String> = query.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut found: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| query.states.is_empty() || query.states.contains(&row.standing.state))
        .filter(|(_, row)| query.usage_plan_id.is_none() || query.usage_plan_id == row.usage_plan_id)
        .filter(|(_, row)| {
            words.is_empty() || {
                let all = [&row.tenant.name, &row.key_id, &row.key_name, &row.customer_id]
                    .into_iter()
                    .chain(&row.plan_name)
                    .chain(&row.usage_plan_id)
                    .chain(&row.tags)
                    .chain(&row.opens)
                    .map(|text| text.to_lowercase())
                    .collect::<Vec<_>>()
                    .join("\n");
                words.iter().all(|word| all.contains(word))
            }
        })
        .map(|(index, _)| index)
        .collect();
    found.sort_by(|left, right| compare(&rows[*left], &rows[*right], query.sort));
    found
}

fn compare(left: &BoardRow, right: &BoardRow, sort: BoardSort) -> std::cmp::Ordering {
    let percent = |row: &BoardRow| row.standing.percent.unwrap_or(-1.0);
    let name = |row: &BoardRow| row.tenant.name.to_lowercase();
    let day = |row: &BoardRow| row.standing.exhausted_on.unwrap_or(Date::MAX);
    let first = match sort {
        BoardSort::Worst => left
            .standing
            .state
            .cmp(&right.standing.state)
            .then(day(left).cmp(&day(right)))
            .then(percent(right).total_cmp(&percent(left))),
        BoardSort::Tenant => name(left).cmp(&name(right)),
        BoardSort::Plan => left.plan_name.cmp(&right.plan_name),
        BoardSort::Age => right.age_days.cmp(&left.age_days),
        BoardSort::Exhaustion => day(left).cmp(&day(right)),
        BoardSort::Used => right.standing.used.cmp(&left.standing.used),
    };
    first.then_with(|| name(left).cmp(&name(right))).then_with(|| left.id.cmp(&right.id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::tenants::{DayUse, Quota};

    const NOW: &str = "2026-03-02T10:00:00Z";

    fn key(id: &str, name: &str) -> Key {
        Key { id: id.to_owned(), name: name.to_owned(), enabled: true, created_at: 1_699_869_600, ..Key::default() }
    }

    fn plan(id: &str, keys: Option<&[&str]>) -> UsagePlan {
        UsagePlan {
            id: id.to_owned(),
            name: format!("plan {id}"),
            description: String::new(),
            throttle: Limit::default(),
            quota: Some(Quota::of(100, QuotaPeriod::Day)),
            stages: Vec::new(),
            keys: keys.map(|keys| keys.iter().map(ToString::to_string).collect()),
        }
    }

    fn used(used: i64, remaining: i64) -> Vec<DayUse> {
        vec![DayUse { day: date(2026, 3, 2), used, remaining: Some(remaining) }]
    }

    fn rows(ledger: &Ledger) -> Vec<BoardRow> {
        board(ledger, &TenantMapping::default(), NOW.parse().unwrap(), 90, &|_| None)
    }

    #[test]
    fn who_needs_help_comes_first_and_a_key_in_two_plans_has_two_rows() {
        let ledger = Ledger {
            context: "demo".to_owned(),
            keys: Some(vec![key("k1", "Fine"), key("k2", "Over"), key("k3", "In none")]),
            plans: Some(vec![plan("p1", Some(&["k1", "k2"])), plan("p2", Some(&["k1"]))]),
            usage: BTreeMap::from([
                ("p1".to_owned(), BTreeMap::from([("k1".to_owned(), used(1, 99)), ("k2".to_owned(), used(100, 0))])),
                ("p2".to_owned(), BTreeMap::new()),
            ]),
        };
        let rows = rows(&ledger);
        let shown: Vec<(&str, QuotaState)> = matching(&rows, &BoardQuery::default())
            .into_iter()
            .map(|index| (rows[index].tenant.name.as_str(), rows[index].standing.state))
            .collect();
        assert_eq!(
            shown,
            [
                ("Over", QuotaState::Over),
                ("Fine", QuotaState::Fine),
                ("In none", QuotaState::NoPlan),
                ("Fine", QuotaState::Unused)
            ]
        );
        assert_eq!(rows[0].rotation_due_in_days, Some(90 - 840), "the key is 840 days old");
    }

    #[test]
    fn a_role_that_may_not_list_keys_sees_those_with_traffic_and_is_told_nothing_false() {
        let ledger = Ledger {
            context: "demo".to_owned(),
            keys: None,
            plans: Some(vec![plan("p1", None), plan("p2", None)]),
            usage: BTreeMap::from([("p1".to_owned(), BTreeMap::from([("k7".to_owned(), used(80, 20))]))]),
        };
        let rows = rows(&ledger);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].tenant.name.as_str(), rows[0].enabled), ("k7", None));
        assert_eq!(rows[0].standing.state, QuotaState::At75);
    }

    #[test]
    fn words_find_by_tag_and_plan_in_any_case() {
        let mut tagged = key("k1", "Practice A");
        tagged.tags = BTreeMap::from([("size".to_owned(), "small".to_owned())]);
        let ledger = Ledger {
            context: "demo".to_owned(),
            keys: Some(vec![tagged, key("k2", "Other")]),
            plans: Some(vec![plan("p1", Some(&["k1", "k2"]))]),
            usage: BTreeMap::new(),
        };
        let rows = rows(&ledger);
        for (text, count) in [("SIZE=small", 1), ("plan p1", 2), ("practice PLAN", 1), ("nobody", 0), ("", 2)] {
            let query = BoardQuery { text: text.to_owned(), ..BoardQuery::default() };
            assert_eq!(matching(&rows, &query).len(), count, "{text}");
        }
        assert!(rows.iter().all(|row| row.standing.state == QuotaState::Unknown), "usage was not read");
    }

    #[test]
    fn ten_thousand_keys_are_sorted_by_the_same_rule() {
        let ids: Vec<String> = (0..10_000).map(|number| format!("k{number}")).collect();
        let refs: Vec<&str> = ids.iter().map(String::as_str).collect();
        let usage = ids.iter().enumerate().map(|(index, id)| {
            let spent = i64::try_from(index % 101).unwrap();
            (id.clone(), used(spent, 100 - spent))
        });
        let ledger = Ledger {
            context: "demo".to_owned(),
            keys: Some(ids.iter().map(|id| key(id, id)).collect()),
            plans: Some(vec![plan("p1", Some(&refs))]),
            usage: BTreeMap::from([("p1".to_owned(), usage.collect())]),
        };
        let rows = rows(&ledger);
        let order = matching(&rows, &BoardQuery::default());
        assert_eq!(order.len(), 10_000);
        assert!(order.windows(2).all(|pair| rows[pair[0]].standing.state <= rows[pair[1]].standing.state));
    }
}
