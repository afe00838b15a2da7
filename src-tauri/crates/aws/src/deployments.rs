//! Deployments of an API, and what one of a REST API serves.

use std::sync::Arc;

use portcullis_domain::inventory::LiveSummary;

use crate::{AwsError, Reader, collect::live_summary};

/// A deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// AWS's id.
    pub id: Arc<str>,
    /// The description, if any.
    pub description: Option<String>,
    /// `createdDate`, seconds since the epoch.
    pub created: Option<i64>,
    /// Whether a stage with `autoDeploy` made it (HTTP, WebSocket).
    pub automatic: bool,
}

impl Reader<'_> {
    /// Every deployment of an API, newest first.
    ///
    /// # Errors
    /// As every read.
    pub async fn deployments(&self, api_id: &str) -> Result<Vec<Deployment>, AwsError> {
        let client = self.session.rest();
        let what = format!("the deployments of API {api_id}");
        let (mut found, mut position) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("apigateway", "GetDeployments", &what, || {
                    client.get_deployments().rest_api_id(api_id).limit(500).set_position(position.clone()).send()
                })
                .await?;
            found.extend(page.items().iter().map(|deployment| Deployment {
                id: deployment.id().unwrap_or_default().into(),
                description: deployment.description().map(str::to_owned).filter(|text| !text.is_empty()),
                created: deployment.created_date().map(aws_sdk_apigateway::primitives::DateTime::secs),
                automatic: false,
            }));
            position = page.position().map(str::to_owned);
            if position.is_none() {
                found.sort_by_key(|deployment| std::cmp::Reverse(deployment.created));
                return Ok(found);
            }
        }
    }

    /// Every deployment of an HTTP or WebSocket API, newest first.
    ///
    /// # Errors
    /// As every read.
    pub async fn http_deployments(&self, api_id: &str) -> Result<Vec<Deployment>, AwsError> {
        let client = self.session.http();
        let what = format!("the deployments of API {api_id}");
        let (mut found, mut token) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("apigatewayv2", "GetDeployments", &what, || {
                    client.get_deployments().api_id(api_id).max_results("500").set_next_token(token.clone()).send()
                })
                .await?;
            found.extend(page.items().iter().map(|deployment| Deployment {
                id: deployment.deployment_id().unwrap_or_default().into(),
                description: deployment.description().map(str::to_owned).filter(|text| !text.is_empty()),
                created: deployment.created_date().map(aws_sdk_apigatewayv2::primitives::DateTime::secs),
                automatic: deployment.auto_deployed().unwrap_or_default(),
            }));
            token = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                found.sort_by_key(|deployment| std::cmp::Reverse(deployment.created));
                return Ok(found);
            }
        }
    }

    /// What a deployment serves; `None` where the endpoint gives no summary.
    ///
    /// # Errors
    /// As every read.
    pub async fn deployment_summary(&self, api_id: &str, deployment: &str) -> Result<Option<LiveSummary>, AwsError> {
        let client = self.session.rest();
        let what = format!("deployment {deployment} of API {api_id}");
        let answer = self
            .read("apigateway", "GetDeployment", &what, || {
                client.get_deployment().rest_api_id(api_id).deployment_id(deployment).embed("apisummary").send()
            })
            .await?;
        Ok(answer.api_summary().map(live_summary))
    }
}
