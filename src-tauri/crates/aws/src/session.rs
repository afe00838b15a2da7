//! A context, opened: credentials, region, endpoint, clients, budget.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig,
    ecs::EcsCredentialsProvider,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    imds::credentials::ImdsCredentialsProvider,
    meta::{credentials::CredentialsProviderChain, region::RegionProviderChain},
    profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider},
    provider_config::ProviderConfig,
    retry::RetryConfig,
    timeout::TimeoutConfig,
    web_identity_token::WebIdentityTokenCredentialsProvider,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::service_config::ServiceConfigKey;
use portcullis_domain::{
    context::{ContextSpec, CredentialSource},
    inventory::Identity,
};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::{
    AwsError, Budget, BudgetLimits, Budgets, Lane, Reader,
    key_values::{to_aws, without_values},
    profiles,
};

/// Where the demo account's shop is.
const DEMO_REGION: &str = "eu-west-1";

/// What sessions share.
#[derive(Clone)]
pub struct SessionDeps {
    /// The demo account's client; only [`CredentialSource::Demo`] uses it.
    pub demo: Option<SharedHttpClient>,
    /// The budgets of this process.
    pub budgets: Arc<Budgets>,
    /// How long one attempt of a call may take.
    pub call_timeout: Duration,
}

impl SessionDeps {
    /// With the default budget and a timeout of 20 seconds.
    #[must_use]
    pub fn new(demo: Option<SharedHttpClient>, limits: BudgetLimits) -> Self {
        Self { demo, budgets: Arc::new(Budgets::new(limits)), call_timeout: Duration::from_secs(20) }
    }
}

impl fmt::Debug for SessionDeps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SessionDeps").field("budgets", &self.budgets).finish_non_exhaustive()
    }
}

/// An open context. Cheap to share; clients are made when first used.
pub struct Session {
    spec: ContextSpec,
    config: SdkConfig,
    region: String,
    budgets: Arc<Budgets>,
    endpoint: Option<String>,
    /// By service, where `AWS_ENDPOINT_URL_<SERVICE>` or the profile's `services` section says another.
    own_endpoints: BTreeMap<&'static str, String>,
    identity: OnceCell<Identity>,
    budget: OnceLock<Arc<Budget>>,
    rest: OnceLock<aws_sdk_apigateway::Client>,
    http: OnceLock<aws_sdk_apigatewayv2::Client>,
    cloudwatch: OnceLock<aws_sdk_cloudwatch::Client>,
}

impl fmt::Debug for Session {
    /// Without the configuration: it holds credentials.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("context", &self.spec.label())
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Opens a context. Nothing is sent yet but what the credentials need.
    ///
    /// # Errors
    /// An unknown profile, no region, no demo account.
    pub async fn open(spec: &ContextSpec, deps: &SessionDeps) -> Result<Self, AwsError> {
        let mut loader =
            aws_config::defaults(BehaviorVersion::v2026_01_12()).retry_config(RetryConfig::disabled()).timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(5))
                    .operation_timeout(deps.call_timeout)
                    .build(),
            );
        if let Ok(name) = AppName::new("portcullis") {
            loader = loader.app_name(name);
        }
        let region = match &spec.source {
            CredentialSource::Demo => {
                let client = deps.demo.clone().ok_or_else(|| {
                    AwsError::configuration(
                        "NoDemoAccount",
                        "There is no demo account in this process. Start with --demo.".to_owned(),
                    )
                })?;
                let credentials = Credentials::new("AKIADEMOCONSOLE00000", "demo", None, None, "demo");
                loader = loader.http_client(without_values(client.clone(), client)).credentials_provider(credentials);
                Some(spec.region.clone().unwrap_or_else(|| DEMO_REGION.to_owned()))
            }
            CredentialSource::DefaultChain => {
                let region = match &spec.region {
                    Some(region) => Some(region.clone()),
                    None => default_region(None).await,
                };
                loader = loader
                    .http_client(to_aws())
                    .credentials_provider(default_chain(&in_region(region.as_deref())).await);
                region
            }
            CredentialSource::Profile { name } => {
                known_profile(name).await?;
                // Explicitly this profile's: keys in the environment must not win over a profile that was chosen.
                let region = match &spec.region {
                    Some(region) => Some(region.clone()),
                    None => default_region(Some(name)).await,
                };
                let configured = in_region(region.as_deref());
                let provider =
                    ProfileFileCredentialsProvider::builder().configure(&configured).profile_name(name).build();
                let credentials = SharedCredentialsProvider::new(provider);
                loader = loader.http_client(to_aws()).profile_name(name).credentials_provider(credentials);
                region
            }
        };
        let Some(region) = region else {
            return Err(AwsError::configuration(
                "NoRegion",
                format!(
                    "No region is set for {}. Name one with --region, AWS_REGION, or `region` in the profile.",
                    spec.label()
                ),
            ));
        };
        loader = loader.region(Region::new(region.clone()));
        if let Some(endpoint) = &spec.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        let config = loader.load().await;
        let endpoint = config.endpoint_url().map(str::to_owned).filter(|_| spec.source != CredentialSource::Demo);
        let own_endpoints =
            if spec.source == CredentialSource::Demo { BTreeMap::new() } else { own_endpoints(&config) };
        Ok(Self {
            spec: spec.clone(),
            config,
            region,
            budgets: Arc::clone(&deps.budgets),
            endpoint,
            own_endpoints,
            identity: OnceCell::new(),
            budget: OnceLock::new(),
            rest: OnceLock::new(),
            http: OnceLock::new(),
            cloudwatch: OnceLock::new(),
        })
    }

    /// Who the credentials are, asked once (`sts:GetCallerIdentity` needs no permission).
    ///
    /// # Errors
    /// No or refused credentials, no answer.
    pub async fn identity(&self) -> Result<Identity, AwsError> {
        self.identify(&Reader::new(self, Lane::OnScreen, CancellationToken::new())).await
    }

    /// The same on behalf of a reader, which counts the call and can be stopped.
    pub(crate) async fn identify(&self, reader: &Reader<'_>) -> Result<Identity, AwsError> {
        let read = || async {
            let client = aws_sdk_sts::Client::new(&self.config);
            let answer = reader
                .read("sts", "GetCallerIdentity", "the caller's identity", || client.get_caller_identity().send())
                .await?;
            Ok(Identity {
                account: answer.account().unwrap_or_default().into(),
                arn: answer.arn().unwrap_or_default().to_owned(),
            })
        };
        self.identity.get_or_try_init(read).await.cloned()
    }

    /// The account, once [`Self::identity`] is known.
    #[must_use]
    pub fn account(&self) -> Option<Arc<str>> {
        self.identity.get().map(|identity| Arc::clone(&identity.account))
    }

    /// Whether both are known to be one account, in one region, behind one endpoint.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        let demo = |session: &Self| session.spec.source == CredentialSource::Demo;
        self.account().is_some_and(|account| other.account() == Some(account))
            && (&self.region, &self.endpoint, &self.own_endpoints, demo(self))
                == (&other.region, &other.endpoint, &other.own_endpoints, demo(other))
    }

    /// What was asked for.
    #[must_use]
    pub fn spec(&self) -> &ContextSpec {
        &self.spec
    }

    /// The region in effect.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The endpoint of API Gateway's calls (`AWS_ENDPOINT_URL_API_GATEWAY` before the one for all services), where it is
    /// not AWS's own: a stray one silently redirects signed calls, so it is shown.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.own_endpoints.get("apigateway").or(self.endpoint.as_ref()).map(String::as_str)
    }

    /// The endpoint for all services that have none of their own.
    pub(crate) fn shared_endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// Services with an endpoint of their own, in AWS's words, and where it is.
    pub(crate) fn own_endpoints(&self) -> impl Iterator<Item = (&'static str, &str)> {
        SERVICES.iter().filter_map(|(service, id)| Some((*id, self.own_endpoints.get(service)?.as_str())))
    }

    /// The budget: the account's and region's, shared by every context of them. Before the account is known it is the
    /// context's own.
    #[must_use]
    pub fn budget(&self) -> Arc<Budget> {
        match self.account() {
            Some(account) => Arc::clone(self.budget.get_or_init(|| self.budgets.of(&account, &self.region))),
            None => self.budgets.of(&self.spec.label(), &self.region),
        }
    }

    pub(crate) fn profile(&self) -> Option<&str> {
        match &self.spec.source {
            CredentialSource::Profile { name } => Some(name),
            CredentialSource::Demo | CredentialSource::DefaultChain => None,
        }
    }

    pub(crate) fn endpoint_of(&self, service: &str) -> &str {
        match (self.own_endpoints.get(service).or(self.endpoint.as_ref()), service) {
            (Some(endpoint), _) => endpoint,
            (None, "apigateway" | "apigatewayv2") => "API Gateway",
            (None, "sts") => "AWS STS",
            (None, _) => "AWS",
        }
    }

    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    pub(crate) fn rest(&self) -> &aws_sdk_apigateway::Client {
        self.rest.get_or_init(|| aws_sdk_apigateway::Client::new(&self.config))
    }

    pub(crate) fn cloudwatch(&self) -> &aws_sdk_cloudwatch::Client {
        self.cloudwatch.get_or_init(|| aws_sdk_cloudwatch::Client::new(&self.config))
    }

    pub(crate) fn http(&self) -> &aws_sdk_apigatewayv2::Client {
        self.http.get_or_init(|| aws_sdk_apigatewayv2::Client::new(&self.config))
    }
}

/// Signing names of the services that are called, and the ids that their endpoint variables are made of.
const SERVICES: &[(&str, &str)] = &[
    ("apigateway", "API Gateway"),
    ("apigatewayv2", "ApiGatewayV2"),
    ("sts", "STS"),
    ("wafv2", "WAFV2"),
    ("cloudwatch", "CloudWatch"),
    ("logs", "CloudWatch Logs"),
    ("cloudtrail", "CloudTrail"),
    ("sns", "SNS"),
];

/// What the SDK's clients will use: nothing when an endpoint was named explicitly, or when configured ones are to be
/// ignored.
fn own_endpoints(config: &SdkConfig) -> BTreeMap<&'static str, String> {
    let Some(configured) = config.service_config() else { return BTreeMap::new() };
    let of = |id: &str| {
        let key =
            ServiceConfigKey::builder().service_id(id).env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok()?;
        configured.load_config(key).filter(|endpoint| !endpoint.is_empty())
    };
    SERVICES.iter().filter_map(|(service, id)| Some((*service, of(id)?))).collect()
}

/// A profile that assumes a role, and a web identity, ask STS: in a region, or not at all.
fn in_region(region: Option<&str>) -> ProviderConfig {
    ProviderConfig::without_region().with_region(region.map(|region| Region::new(region.to_owned())))
}

/// AWS's chain in AWS's order, without the instance metadata service: on a desktop it answers to nobody and costs
/// seconds. `AWS_EC2_METADATA_DISABLED=false` asks for it.
async fn default_chain(configured: &ProviderConfig) -> SharedCredentialsProvider {
    let chain = CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("Profile", ProfileFileCredentialsProvider::builder().configure(configured).build())
        .or_else("WebIdentityToken", WebIdentityTokenCredentialsProvider::builder().configure(configured).build())
        .or_else("EcsContainer", EcsCredentialsProvider::builder().configure(configured).build());
    let wanted = std::env::var("AWS_EC2_METADATA_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("false"));
    if wanted {
        return SharedCredentialsProvider::new(
            chain.or_else("Ec2InstanceMetadata", ImdsCredentialsProvider::builder().build()),
        );
    }
    SharedCredentialsProvider::new(chain)
}

async fn default_region(profile: Option<&str>) -> Option<String> {
    let mut from_profile = ProfileFileRegionProvider::builder();
    if let Some(name) = profile {
        from_profile = from_profile.profile_name(name);
    }
    // A profile that was chosen brings its own region; the environment speaks for the default chain first.
    let chain = match profile {
        Some(_) => {
            RegionProviderChain::first_try(from_profile.build()).or_else(EnvironmentVariableRegionProvider::new())
        }
        None => RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(from_profile.build()),
    };
    chain.region().await.map(|region| region.to_string())
}

async fn known_profile(name: &str) -> Result<(), AwsError> {
    let found = profiles().await.map_err(|error| AwsError::configuration("BadConfiguration", error.to_string()))?;
    if found.profiles.iter().any(|profile| profile.name == name) {
        return Ok(());
    }
    let names: Vec<&str> = found.profiles.iter().map(|profile| profile.name.as_str()).collect();
    let known = if names.is_empty() { "there are none".to_owned() } else { format!("there are {}", names.join(", ")) };
    Err(AwsError::configuration(
        "UnknownProfile",
        format!("There is no profile {name} in the AWS configuration; {known}. Look into {}.", found.path),
    ))
}
