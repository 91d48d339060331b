//! Configuration of all SDK clients: region, credentials, endpoint and time limits, from the environment only.
//!
//! Lambda puts credentials into the environment and keeps them valid for as long as it lives, so no chain of providers
//! is needed, and no crate for it.
//! <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

use crate::config::{ConfigError, Environment};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    connector_metadata::ConnectorMetadata,
    http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
    result::SdkError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::{error::metadata::ProvideErrorMetadata, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use std::time::Duration;

/// Time limit of one attempt. Without it, a call that hangs would never return.
const ATTEMPT: Duration = Duration::from_secs(2);

/// Time limit of a call with its retries. A request makes a handful of calls one after another, within the 29 seconds
/// of its function and the 30 of the gateway.
const OPERATION: Duration = Duration::from_secs(5);

/// Time after which an idle connection is not used again. While a function is frozen, its connections die unnoticed,
/// and the first call on a dead one waits for [`ATTEMPT`] to pass.
const IDLE: Duration = Duration::from_secs(20);

/// The root certificates of AWS's services, in the order of <https://www.amazontrust.com/repository/>, which recommends
/// these five for custom trust stores.
const AMAZON_ROOTS: &[u8] = include_bytes!("../amazon-roots.pem");

/// The root certificates that the clients trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trusted {
    /// The roots in [`AMAZON_ROOTS`].
    Amazon,
    /// The system's roots. They are read and parsed at every start, which takes longer than the rest of it.
    System,
}

impl Trusted {
    /// Trusts Amazon's roots, unless the environment has another endpoint (plain HTTP presents no certificate), other
    /// roots, or a region outside the `aws` partition. Names of such regions have one more part, or begin with `cn` or
    /// `eusc`.
    fn of(environment: &Environment, region: &str) -> Self {
        let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| environment.optional(name).is_some());
        let elsewhere = environment.optional("AWS_ENDPOINT_URL").is_some_and(|url| !url.starts_with("http://"));
        let partition = region.split('-').count() == 3 && !region.starts_with("cn-") && !region.starts_with("eusc-");
        if partition && !named && !elsewhere { Self::Amazon } else { Self::System }
    }

    fn store(self) -> TrustStore {
        match self {
            Self::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
            Self::System => TrustStore::default(),
        }
    }
}

/// Returns the configuration of all clients.
///
/// # Errors
/// [`ConfigError`] if region or credentials are missing. Without them the SDK would query addresses that do not answer.
pub fn sdk_config(environment: &Environment) -> Result<SdkConfig, ConfigError> {
    let credentials = Credentials::new(
        environment.required("AWS_ACCESS_KEY_ID")?,
        environment.required("AWS_SECRET_ACCESS_KEY")?,
        environment.optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let region = environment.required("AWS_REGION")?;
    let trusted = TlsContext::builder().with_trust_store(Trusted::of(environment, &region).store()).build();
    let trusted =
        trusted.map_err(|error| ConfigError::Invalid { name: "SSL_CERT_FILE", problem: error.to_string() })?;
    let http = Builder::new()
        .pool_idle_timeout(Some(IDLE))
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(trusted)
        .build_https();
    let config = with_time_limits(SdkConfig::builder())
        .http_client(Connecting(http))
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    Ok(match environment.optional("AWS_ENDPOINT_URL") {
        Some(url) => config.endpoint_url(url).build(),
        None => config.build(),
    })
}

/// The SDK's HTTP client without its preparation for every new client: that parses all certificates and discards them,
/// to preload the system's. The first request parses them again and keeps them.
#[derive(Debug)]
struct Connecting(SharedHttpClient);

impl HttpClient for Connecting {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

/// Sets time limits and retries, the same for tests and for AWS.
pub fn with_time_limits(config: aws_types::sdk_config::Builder) -> aws_types::sdk_config::Builder {
    let limits = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    config
        .behavior_version(BehaviorVersion::latest())
        .timeout_config(limits)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
}

/// A failed call as the log shows it: the service, and the class or code of the error. The response and its message are
/// left out, since they may repeat an address that was sent.
#[derive(Debug, thiserror::Error)]
#[error("{service} {outcome}")]
pub struct CallFailed {
    service: &'static str,
    outcome: String,
}

impl CallFailed {
    /// Summarizes the `error` that the SDK reports for `service`.
    #[must_use]
    pub fn new<E: ProvideErrorMetadata, R>(service: &'static str, error: &SdkError<E, R>) -> Self {
        let outcome = match error {
            SdkError::TimeoutError(_) => "did not answer in time".to_owned(),
            SdkError::DispatchFailure(_) => "could not be reached".to_owned(),
            SdkError::ServiceError(answer) => {
                format!("answered {}", answer.err().code().unwrap_or("an error without a code"))
            }
            SdkError::ConstructionFailure(_) | SdkError::ResponseError(_) | _ => {
                "gave an answer that could not be read".to_owned()
            }
        };
        Self { service, outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};
    use tokio_rustls::rustls::{
        RootCertStore,
        pki_types::{CertificateDer, pem::PemObject},
    };

    fn check(region: &str, variable: Option<(&str, &str)>, expected: Trusted) {
        let environment = Environment::from_iter(variable);
        assert_eq!(Trusted::of(&environment, region), expected, "{region} {variable:?}");
    }

    #[test]
    fn amazon_roots_are_trusted_in_the_aws_partition() {
        for region in ["us-east-1", "eu-central-2", "ap-southeast-7", "mx-central-1", "il-central-1"] {
            check(region, None, Trusted::Amazon);
        }
        for region in
            ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1", ""]
        {
            check(region, None, Trusted::System);
        }
        check("us-east-1", Some(("AWS_ENDPOINT_URL", "https://dynamodb.example.com")), Trusted::System);
        check("us-east-1", Some(("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")), Trusted::Amazon);
        check("us-east-1", Some(("SSL_CERT_FILE", "/etc/ssl/ours.pem")), Trusted::System);
        check("us-east-1", Some(("SSL_CERT_DIR", "/etc/ssl/ours")), Trusted::System);
    }

    /// Fingerprints published by Amazon.
    #[test]
    fn roots_are_the_five_published_by_amazon() {
        let roots: Vec<_> = CertificateDer::pem_slice_iter(AMAZON_ROOTS).collect::<Result<_, _>>().unwrap();
        let print = |root: &CertificateDer<'_>| {
            Sha256::digest(root).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let prints: Vec<_> = roots.iter().map(print).collect();
        let expected = [
            "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
            "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
            "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
            "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
            "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
        ];
        assert_eq!(prints, expected);
        let mut store = RootCertStore::empty();
        assert_eq!(store.add_parsable_certificates(roots), (5, 0));
    }
}
