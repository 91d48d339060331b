//! The Lambda function `doctor`: wiring only.

use shared::{
    ambient::Ambient, aws, billing::Charging, config::Environment, doctor::Doctor, ecs::Cluster, http::ClaimRules,
    secrets::IntegrationSecrets, store::Store, telemetry,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
    let config = aws::sdk_config(&environment)?;
    let store = Store::new(&config, environment.required("TABLE_NAME")?, Ambient::system());
    let Charging { store, stripe, key, catalogue, .. } = Charging::from_environment(store, &config, &environment)?;
    let cluster = Cluster::from_environment(&config, &environment)?;
    let secrets = IntegrationSecrets::from_environment(&config, &environment)?;
    let doctor = Doctor { store, cluster, secrets, stripe, key, catalogue };
    shared::http::run(doctor::router(doctor, ClaimRules::from_environment(&environment)?)).await
}
