//! Where the rotation of each key stands.

use std::collections::HashMap;

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{LastUse, RotationPolicy, RotationStage, last_use};
use crate::{
    change::{OVERLAP_TAG, ROTATES_TAG},
    tenants::{Key, Ledger, UsagePlan},
};

/// Where a rotation stands, in the order in which a person should look at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RotationState {
    /// Something is not as a rotation leaves it: see the problem.
    Broken,
    /// Plans could not be read, so it is not known.
    Unknown,
    /// The new key misses plans of the old one.
    Attach,
    /// The overlap is over and the old key is quiet: it can be disabled.
    ReadyToDisable,
    /// The old key was disabled long enough: it can be deleted.
    ReadyToDelete,
    /// Both keys work: the overlap lasts, or the old key is still in use.
    Overlap,
    /// The old key is disabled and can come back.
    Waiting,
    /// No other key takes the place of this one.
    NotStarted,
}

/// One key and the key that takes its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Rotation<'a> {
    /// The old key.
    pub old: &'a Key,
    /// The key that takes its place.
    pub new: Option<&'a Key>,
    /// Where it stands.
    pub state: RotationState,
    /// Whose turn it is; `None` when there is nothing to do or a person has to decide.
    pub next: Option<RotationStage>,
    /// What speaks against the next stage now, each a sentence; a person may override it with a reason.
    pub held: Vec<String>,
    /// What is wrong, and what to do.
    pub problem: Option<String>,
    /// Plans of the old key that the new one is not in.
    pub missing: Vec<&'a UsagePlan>,
    /// When the old key was last used.
    pub last_use: LastUse,
    /// Until when both keys shall work.
    pub overlap_until: Option<Date>,
    /// From when a disabled key may be deleted.
    pub delete_from: Option<Date>,
}

/// The rotations of one account and region, with the ways between keys and plans looked up once: 10,000 keys in 300 plans
/// must not be searched for each key.
#[derive(Debug)]
pub struct Rotations<'a> {
    ledger: &'a Ledger,
    keys: HashMap<&'a str, &'a Key>,
    plans: HashMap<&'a str, Vec<&'a UsagePlan>>,
    successors: HashMap<&'a str, Vec<&'a Key>>,
    readable: bool,
}

impl<'a> Rotations<'a> {
    /// Looks through a ledger.
    #[must_use]
    pub fn of(ledger: &'a Ledger) -> Self {
        let all = ledger.keys.as_deref().unwrap_or_default();
        let mut successors: HashMap<&str, Vec<&Key>> = HashMap::new();
        for key in all {
            if let Some(old) = key.tags.get(ROTATES_TAG) {
                successors.entry(old).or_default().push(key);
            }
        }
        let mut plans: HashMap<&str, Vec<&UsagePlan>> = HashMap::new();
        for plan in ledger.plans.iter().flatten() {
            for key in plan.keys.iter().flatten() {
                plans.entry(key).or_default().push(plan);
            }
        }
        let readable = ledger.plans.as_ref().is_some_and(|plans| plans.iter().all(|plan| plan.keys.is_some()));
        let keys = all.iter().map(|key| (key.id.as_str(), key)).collect();
        Self { ledger, keys, plans, successors, readable }
    }

    /// A key.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&'a Key> {
        self.keys.get(id).copied()
    }

    /// The plans that a key is in.
    #[must_use]
    pub fn plans_of(&self, key: &str) -> &[&'a UsagePlan] {
        self.plans.get(key).map_or(&[], Vec::as_slice)
    }

    /// The key whose place this one takes, while that one is there.
    #[must_use]
    pub fn predecessor(&self, key: &Key) -> Option<&'a Key> {
        self.key(key.tags.get(ROTATES_TAG)?)
    }

    /// When a key was last used.
    #[must_use]
    pub fn last_use(&self, key: &str) -> LastUse {
        last_use(self.ledger, self.readable.then(|| self.plans_of(key)), key)
    }

    /// Where the rotation of `old` stands.
    #[must_use]
    pub fn rotation(&self, old: &'a Key, policy: &RotationPolicy, now: Timestamp) -> Rotation<'a> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let mut rotation = Rotation {
            old,
            new: None,
            state: RotationState::NotStarted,
            next: None,
            held: Vec::new(),
            problem: None,
            missing: Vec::new(),
            last_use: self.last_use(&old.id),
            overlap_until: None,
            delete_from: None,
        };
        match self.successors.get(old.id.as_str()).map(Vec::as_slice) {
            None | Some([]) => rotation.next = old.enabled.then_some(RotationStage::Start),
            Some([new]) => self.stands(&mut rotation, new, policy, today),
            Some(several) => {
                let names: Vec<String> = several.iter().map(|key| named(key)).collect();
                rotation.state = RotationState::Broken;
                rotation.problem = Some(format!(
                    "{} keys say that they take the place of {}: {}. Delete those that nobody was given.",
                    several.len(),
                    named(old),
                    names.join(", ")
                ));
            }
        }
        rotation
    }

    fn stands(&self, rotation: &mut Rotation<'a>, new: &'a Key, policy: &RotationPolicy, today: Date) {
        let old = rotation.old;
        rotation.new = Some(new);
        if !self.readable {
            rotation.state = RotationState::Unknown;
            rotation.problem = Some("The usage plans, or their keys, could not be read.".to_owned());
            return;
        }
        let of_new = self.plans_of(&new.id);
        let missing = self.plans_of(&old.id).iter().filter(|plan| !of_new.iter().any(|other| other.id == plan.id));
        rotation.missing = missing.copied().collect();
        let lacks: Vec<&str> = rotation.missing.iter().map(|plan| plan.name.as_str()).collect();
        let broken = |words: String, next| (RotationState::Broken, Some(next), Some(words));
        let (state, next, problem) = match (old.enabled, new.enabled, lacks.is_empty()) {
            (false, false, _) => broken(
                format!("Neither {} nor {} is enabled: the tenant has no working key.", named(old), named(new)),
                RotationStage::Enable,
            ),
            (true, false, _) => {
                broken(format!("Somebody disabled the new key {}.", named(new)), RotationStage::EnableNew)
            }
            (false, true, false) => broken(
                format!(
                    "The old key is disabled and the new one is not in {}: the tenant is refused there.",
                    lacks.join(", ")
                ),
                RotationStage::Attach,
            ),
            (true, true, false) => (RotationState::Attach, Some(RotationStage::Attach), None),
            (true, true, true) => {
                let until = new.tags.get(OVERLAP_TAG).and_then(|day| day.parse::<Date>().ok());
                let until = until.or_else(|| Some(day_of(new.created_at)?.saturating_add(policy.overlap_days.days())));
                rotation.overlap_until = until;
                rotation.held = held_in_overlap(&rotation.last_use, until, policy, today);
                let state =
                    if rotation.held.is_empty() { RotationState::ReadyToDisable } else { RotationState::Overlap };
                (state, Some(RotationStage::Disable), None)
            }
            (false, true, true) => {
                rotation.delete_from =
                    day_of(old.updated_at).map(|day| day.saturating_add(policy.delete_after_days.days()));
                rotation.held = held_while_waiting(rotation.delete_from, today);
                let state =
                    if rotation.held.is_empty() { RotationState::ReadyToDelete } else { RotationState::Waiting };
                (state, Some(RotationStage::Delete), None)
            }
        };
        (rotation.state, rotation.next, rotation.problem) = (state, next, problem);
    }
}

fn held_in_overlap(last_use: &LastUse, until: Option<Date>, policy: &RotationPolicy, today: Date) -> Vec<String> {
    let mut held = Vec::new();
    if let Some(until) = until.filter(|until| *until > today) {
        held.push(format!("Both keys shall work until {until}."));
    }
    match (last_use.is_since(today.saturating_sub(policy.quiet_days.max(1).days())), last_use) {
        (Some(true), LastUse::Day { day }) => held.push(format!(
            "The old key was used on {day}: whoever still uses it is refused with 403 once it is disabled."
        )),
        (None, LastUse::Unknown { plans }) if !plans.is_empty() => held.push(format!(
            "Whether the old key is still used is not known: the usage of {} could not be read.",
            plans.join(", ")
        )),
        (None, _) => {
            held.push("Whether the old key is still used is not known: its plans could not be read.".to_owned());
        }
        _ => {}
    }
    held
}

fn held_while_waiting(from: Option<Date>, today: Date) -> Vec<String> {
    match from {
        Some(from) if from > today => {
            vec![format!("A disabled key can come back and a deleted one cannot: it waits until {from}.")]
        }
        Some(_) => Vec::new(),
        None => vec!["AWS does not say since when the old key is disabled.".to_owned()],
    }
}

/// The day of a time in seconds, UTC; 0 is no time.
fn day_of(seconds: i64) -> Option<Date> {
    (seconds > 0).then(|| Timestamp::from_second(seconds).ok())?.map(|at| at.to_zoned(TimeZone::UTC).date())
}

fn named(key: &Key) -> String {
    format!("{} ({})", key.name, key.id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::{tenants::DayUse, throttle::Limit};

    const NOW: &str = "2026-03-02T10:00:00Z";

    /// What a case says of the two keys.
    struct Case {
        old: bool,
        new: Option<bool>,
        in_plans: &'static [&'static str],
        overlap: &'static str,
        used: Option<Date>,
        disabled_on: &'static str,
    }

    const USUAL: Case = Case {
        old: true,
        new: Some(true),
        in_plans: &["a", "b"],
        overlap: "2026-03-01",
        used: None,
        disabled_on: "2026-02-20",
    };

    fn seconds(day: &str) -> i64 {
        day.parse::<Date>().unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp().as_second()
    }

    fn ledger(case: &Case) -> Ledger {
        let old = Key {
            id: "old".to_owned(),
            name: "A".to_owned(),
            enabled: case.old,
            updated_at: seconds(case.disabled_on),
            ..Key::default()
        };
        let tags = BTreeMap::from([
            (ROTATES_TAG.to_owned(), "old".to_owned()),
            (OVERLAP_TAG.to_owned(), case.overlap.to_owned()),
        ]);
        let new = case.new.map(|enabled| Key {
            id: "new".to_owned(),
            name: "A2".to_owned(),
            enabled,
            created_at: seconds("2026-02-20"),
            tags,
            ..Key::default()
        });
        let plan = |id: &str| UsagePlan {
            id: id.to_owned(),
            name: format!("plan {id}"),
            description: String::new(),
            throttle: Limit::default(),
            quota: None,
            stages: Vec::new(),
            keys: Some(
                [Some("old"), case.in_plans.contains(&id).then_some("new")]
                    .into_iter()
                    .flatten()
                    .map(str::to_owned)
                    .collect(),
            ),
        };
        let days = case.used.map(|day| vec![DayUse { day, used: 3, remaining: None }]).unwrap_or_default();
        let usage = BTreeMap::from([("old".to_owned(), days)]);
        Ledger {
            context: "demo".to_owned(),
            keys: Some([Some(old), new].into_iter().flatten().collect()),
            plans: Some(vec![plan("a"), plan("b")]),
            usage: BTreeMap::from([("a".to_owned(), usage), ("b".to_owned(), BTreeMap::new())]),
        }
    }

    fn stands(ledger: &Ledger) -> (RotationState, Option<RotationStage>, String) {
        let rotations = Rotations::of(ledger);
        let rotation =
            rotations.rotation(rotations.key("old").unwrap(), &RotationPolicy::default(), NOW.parse().unwrap());
        (rotation.state, rotation.next, rotation.problem.unwrap_or_else(|| rotation.held.join(" ")))
    }

    #[test]
    fn a_rotation_stands_where_the_account_says() {
        use RotationStage as Next;
        use RotationState as State;
        let cases = [
            (Case { new: None, ..USUAL }, State::NotStarted, Some(Next::Start), ""),
            (Case { new: None, old: false, ..USUAL }, State::NotStarted, None, ""),
            (Case { in_plans: &["a"], ..USUAL }, State::Attach, Some(Next::Attach), ""),
            (Case { overlap: "2026-03-05", ..USUAL }, State::Overlap, Some(Next::Disable), "until 2026-03-05"),
            (Case { overlap: "nonsense", ..USUAL }, State::ReadyToDisable, Some(Next::Disable), ""),
            (USUAL, State::ReadyToDisable, Some(Next::Disable), ""),
            (Case { used: Some(date(2026, 3, 1)), ..USUAL }, State::Overlap, Some(Next::Disable), "used on 2026-03-01"),
            (Case { used: Some(date(2026, 2, 28)), ..USUAL }, State::ReadyToDisable, Some(Next::Disable), ""),
            (
                Case { old: false, disabled_on: "2026-03-01", ..USUAL },
                State::Waiting,
                Some(Next::Delete),
                "until 2026-03-08",
            ),
            (Case { old: false, ..USUAL }, State::ReadyToDelete, Some(Next::Delete), ""),
            (Case { new: Some(false), ..USUAL }, State::Broken, Some(Next::EnableNew), "Somebody disabled"),
            (Case { old: false, new: Some(false), ..USUAL }, State::Broken, Some(Next::Enable), "no working key"),
            (Case { old: false, in_plans: &["b"], ..USUAL }, State::Broken, Some(Next::Attach), "not in plan a"),
        ];
        for (case, state, next, words) in cases {
            let (is, comes, said) = stands(&ledger(&case));
            assert_eq!((is, comes), (state, next), "{said}");
            assert!(said.contains(words) && said.is_empty() == words.is_empty(), "{said}");
        }
    }

    #[test]
    fn what_was_not_read_is_not_told_as_no_use() {
        let mut unread = ledger(&USUAL);
        unread.usage.remove("b");
        let (state, _, said) = stands(&unread);
        assert_eq!(state, RotationState::Overlap);
        assert!(said.contains("not known: the usage of plan b could not be read"), "{said}");
        let mut no_keys = ledger(&USUAL);
        no_keys.plans.as_mut().unwrap()[0].keys = None;
        assert_eq!(stands(&no_keys).0, RotationState::Unknown);
        assert_eq!(Rotations::of(&no_keys).last_use("old"), LastUse::Unknown { plans: Vec::new() });
    }

    #[test]
    fn two_new_keys_for_one_are_a_persons_to_sort_out() {
        let mut twice = ledger(&USUAL);
        let second = twice.keys.as_ref().unwrap()[1].clone();
        twice.keys.as_mut().unwrap().push(Key { id: "new2".to_owned(), ..second });
        let (state, next, said) = stands(&twice);
        assert_eq!((state, next), (RotationState::Broken, None));
        assert!(said.contains("A2 (new), A2 (new2)"), "{said}");
    }

    #[test]
    fn a_key_in_no_plan_opens_nothing_and_is_not_in_use() {
        let mut loose = ledger(&USUAL);
        loose.plans = Some(Vec::new());
        assert_eq!(stands(&loose).0, RotationState::ReadyToDisable);
        assert_eq!(Rotations::of(&loose).last_use("old"), LastUse::NoPlan);
    }
}
