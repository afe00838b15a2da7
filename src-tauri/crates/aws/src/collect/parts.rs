//! AWS's answers for whoever cites them: the parts of a list, each under its place in the whole, and whole ones.

use portcullis_domain::inventory::AccountAnswer;
use serde_json::Value;

use crate::RawAnswer;

/// The items of a list's answer, each with its pointer (`/item/3`) in place of the page's name.
pub(super) fn parts(call: &str, body: &[u8]) -> Vec<RawAnswer> {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let (member, items) = ["item", "items"]
        .iter()
        .find_map(|member| Some((*member, answer.get(member)?.as_array()?)))
        .map_or(("item", &[][..]), |(member, items)| (member, items.as_slice()));
    let part = |(index, item): (usize, &Value)| RawAnswer {
        call: call.to_owned(),
        of: format!("/{member}/{index}"),
        body: item.to_string().into_bytes(),
    };
    items.iter().enumerate().map(part).collect()
}

/// A whole answer; nothing for one that is no JSON, of which nothing could be cited. Values of API keys, which
/// `GetUsagePlanKeys` sends unasked, are taken out before anybody sees them.
pub(super) fn whole(call: &str, of: &str, body: &[u8]) -> Option<AccountAnswer> {
    let mut json: Value = serde_json::from_slice(body).ok()?;
    if call.ends_with("Keys") {
        let items = json.get_mut("item").map(Value::take).or_else(|| json.get_mut("items").map(Value::take));
        if let Some(Value::Array(mut items)) = items {
            items.iter_mut().filter_map(Value::as_object_mut).for_each(|key| {
                key.remove("value");
            });
            json = serde_json::json!({ "item": items });
        }
    }
    Some(AccountAnswer { call: call.to_owned(), of: of.to_owned(), json })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_keys_do_not_come_through() {
        let body = br#"{"items":[{"id":"k1","name":"Practice A","value":"s3cret"}],"position":"next"}"#;
        let answer = whole("apigateway:GetUsagePlanKeys", "p1", body).unwrap();
        assert_eq!(answer.json, serde_json::json!({ "item": [{ "id": "k1", "name": "Practice A" }] }));
    }

    #[test]
    fn every_item_knows_its_place() {
        let found = parts("apigateway:GetRestApis", br#"{"item":[{"id":"a"},{"id":"b"}]}"#);
        assert_eq!(found.iter().map(|part| part.of.as_str()).collect::<Vec<_>>(), ["/item/0", "/item/1"]);
        assert_eq!(found[1].body, br#"{"id":"b"}"#);
        assert!(parts("apigateway:GetRestApis", b"<html>").is_empty());
    }
}
