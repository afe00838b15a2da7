//! `UpdateWebACL`, whose request is the JSON that was read and not what the SDK's types keep of it.

use aws_sdk_wafv2::types::Scope;
use aws_smithy_types::body::SdkBody;
use aws_types::request_id::RequestId as _;
use portcullis_domain::{
    change::update_web_acl_input,
    waf::{WafScope, WebAclArn},
};
use serde_json::Value;

use crate::{Reader, WriteError, error::Called};

impl Reader<'_> {
    /// Replaces the web ACL. The SDK makes the request, signs it and reads the answer; the body is ours.
    pub(super) async fn update_web_acl(
        &self,
        called: Called<'_>,
        arn: &str,
        lock_token: &str,
        document: &Value,
    ) -> Result<Option<String>, WriteError> {
        let client = aws_sdk_wafv2::Client::new(self.session.config());
        let body = update_web_acl_input(arn, lock_token, document).to_string();
        let named = WebAclArn::read(arn);
        let scope = named.as_ref().map(|named| sdk_scope(named.scope));
        let call = client
            .update_web_acl()
            .set_name(named.as_ref().map(|named| named.name.clone()))
            .set_scope(scope)
            .set_id(named.map(|named| named.id))
            .lock_token(lock_token);
        let call = call.customize().mutate_request(move |request| {
            request.headers_mut().insert("content-length", body.len().to_string());
            *request.body_mut() = SdkBody::from(body.clone());
        });
        Ok(self.write(called, || call.send()).await?.request_id().map(str::to_owned))
    }
}

/// Domain -> SDK.
pub(crate) fn sdk_scope(scope: WafScope) -> Scope {
    match scope {
        WafScope::Regional => Scope::Regional,
        WafScope::CloudFront => Scope::Cloudfront,
    }
}
