//! The account as an HTTP client of the AWS SDK: a request goes in, an answer comes out, no socket between.

use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use crate::DemoAccount;

/// Hands requests to the account.
#[derive(Debug, Clone)]
pub(crate) struct DemoHttpClient {
    account: DemoAccount,
}

impl DemoHttpClient {
    pub(crate) fn new(account: DemoAccount) -> Self {
        Self { account }
    }
}

impl HttpClient for DemoHttpClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for DemoHttpClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let account = self.account.clone();
        HttpConnectorFuture::new(async move {
            let other = |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::other(error, None);
            let body = Bytes::copy_from_slice(request.body().bytes().unwrap_or_default());
            let request = request.try_into_http1x().map_err(|error| other(error.into()))?.map(|_| body);
            let response = account.answer(request).await;
            let status = StatusCode::try_from(response.status().as_u16()).map_err(|error| other(error.into()))?;
            let (parts, body) = response.into_parts();
            let mut answer = HttpResponse::new(status, SdkBody::from(body));
            for (name, value) in &parts.headers {
                if let Ok(value) = value.to_str() {
                    answer.headers_mut().insert(name.as_str().to_owned(), value.to_owned());
                }
            }
            Ok(answer)
        })
    }
}
