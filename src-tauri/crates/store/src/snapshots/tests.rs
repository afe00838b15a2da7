use portcullis_domain::{
    api::{Api, ApiKind, EndpointType},
    coverage::{Gap, GapKind},
    inventory::LiveMethod,
};
use proptest::prelude::*;

use super::*;

pub(crate) fn api(id: &str, name: &str) -> ApiInventory {
    let live = LiveMethod { authorization_type: "NONE".into(), api_key_required: true };
    ApiInventory {
        api: Api {
            id: id.into(),
            name: name.into(),
            kind: ApiKind::Rest,
            endpoint_type: EndpointType::Edge,
            description: None,
            created: None,
            tags: [("k".to_owned(), name.to_owned())].into(),
            execute_api_disabled: false,
            has_resource_policy: false,
            api_key_source: None,
            route_selection_expression: None,
        },
        stages: vec![],
        definitions_complete: true,
        definitions: vec![],
        deployments: [("d1".into(), [(("/".into(), "GET".into()), live)].into())].into(),
        authorizers: vec![],
        validators: vec![],
    }
}

pub(crate) fn head() -> SnapshotHead {
    let gap = Gap {
        context: "demo".to_owned(),
        service: "apigateway".to_owned(),
        operation: "GetStages".to_owned(),
        resource: "the stages of API two".to_owned(),
        kind: GapKind::Denied,
        code: "AccessDeniedException".to_owned(),
        message: "Not allowed.".to_owned(),
        request_id: Some("r-1".to_owned()),
    };
    SnapshotHead {
        read_at: "2026-03-02T10:00:00Z".to_owned(),
        region: "eu-west-1".to_owned(),
        identity: Identity { account: "111122223333".into(), arn: "arn:aws:iam::111122223333:user/ines".to_owned() },
        account: AccountInventory::default(),
        coverage: Coverage::of(vec![gap]),
    }
}

fn answers() -> &'static PackedAnswers {
    static PACKED: std::sync::OnceLock<PackedAnswers> = std::sync::OnceLock::new();
    PACKED.get_or_init(|| PackedAnswers::pack(&[answer("{}")]).unwrap())
}

fn answer(json: &str) -> Answer {
    Answer { call: "apigateway:GetStages".to_owned(), of: String::new(), json: json.to_owned() }
}

pub(crate) fn kept(apis: &[ApiInventory]) -> Vec<KeptApi<'_>> {
    apis.iter().map(|inventory| KeptApi { inventory, answers: answers() }).collect()
}

#[test]
fn an_api_whose_reading_failed_keeps_its_last_snapshot_and_one_that_is_gone_does_not() {
    let store = Store::in_memory().unwrap();
    let apis = [api("one", "1"), api("two", "2"), api("three", "3")];
    store.save_snapshot("demo", &head(), &kept(&apis), &[]).unwrap();
    store.save_snapshot("demo", &head(), &kept(&apis[..1]), &["two".to_owned()]).unwrap();
    let snapshot = store.snapshot("demo").unwrap().unwrap();
    assert_eq!(snapshot.apis, [api("one", "1"), api("two", "2")]);
    assert_eq!(snapshot.head, head());
    assert_eq!(store.answers("demo", "two").unwrap(), [answer("{}")]);
    assert_eq!(store.answers("demo", "three").unwrap(), []);
}

#[test]
fn contexts_do_not_touch_each_others_snapshots() {
    let store = Store::in_memory().unwrap();
    store.save_snapshot("one", &head(), &kept(&[api("a", "1")]), &[]).unwrap();
    store.save_snapshot("two", &head(), &kept(&[api("a", "2")]), &[]).unwrap();
    store.save_snapshot("two", &head(), &[], &[]).unwrap();
    assert_eq!(store.snapshot("one").unwrap().unwrap().apis, [api("a", "1")]);
    assert_eq!(store.snapshot("two").unwrap().unwrap().apis, []);
    assert_eq!(store.snapshot("three").unwrap(), None);
}

#[test]
fn a_damaged_snapshot_is_said_and_never_shown() {
    let store = Store::in_memory().unwrap();
    store.save_snapshot("demo", &head(), &kept(&[api("a", &"name ".repeat(100))]), &[]).unwrap();
    // The checksum of zlib is the end of the blob.
    store
        .writing()
        .execute(
            "UPDATE snapshot_api SET inventory = CAST(substr(inventory, 1, length(inventory) - 1) || x'00' AS BLOB)",
            [],
        )
        .unwrap();
    let failure = store.snapshot("demo").unwrap_err();
    assert!(matches!(failure, StoreError::Content { what: "snapshot", .. }), "{failure:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_kept_comes_back(
        context in ".{0,20}",
        names in proptest::collection::vec(".{0,30}", 0..5),
        texts in proptest::collection::vec(".{0,200}", 0..4),
    ) {
        let store = Store::in_memory().unwrap();
        let apis: Vec<ApiInventory> = names.iter().enumerate().map(|(at, name)| api(&at.to_string(), name)).collect();
        let said: Vec<Answer> = texts.iter().map(|text| answer(text)).collect();
        let packed = PackedAnswers::pack(&said).unwrap();
        let rows: Vec<KeptApi<'_>> = apis.iter().map(|inventory| KeptApi { inventory, answers: &packed }).collect();
        store.save_snapshot(&context, &head(), &rows, &[]).unwrap();
        prop_assert_eq!(store.snapshot(&context).unwrap(), Some(ContextSnapshot { head: head(), apis: apis.clone() }));
        for api in &apis {
            prop_assert_eq!(&store.answers(&context, &api.api.id).unwrap(), &said);
        }
    }
}
