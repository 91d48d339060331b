//! Users of the emulated user pool: those of the demo, and more for tests.

use crate::{
    Error, Result,
    aws::{Aws, COGNITO},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// User who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// E-mail address to sign in with.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Password.
    pub password: String,
}

impl User {
    /// Returns a user of this name with an address at example.com.
    #[must_use]
    pub fn called(name: &str) -> Self {
        let email = format!("{}@example.com", name.to_lowercase());
        Self { email, name: name.to_owned(), password: "Berth-on-this-machine-1".to_owned() }
    }
}

/// Returns Ana and Ben, the users of the demo.
#[must_use]
pub fn demo() -> Vec<User> {
    ["Ana", "Ben"].map(User::called).into()
}

/// Adds a user with a verified address and a permanent password to the pool, unless the user exists.
pub fn create(aws: &Aws, pool: &str, user: &User) -> Result<()> {
    let attribute = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let attributes =
        [attribute("email", &user.email), attribute("email_verified", "true"), attribute("name", &user.name)];
    let request = json!({
        "UserPoolId": pool, "Username": user.email, "UserAttributes": attributes, "MessageAction": "SUPPRESS",
    });
    match aws.json(COGNITO, "AdminCreateUser", &request) {
        Ok(_) => {}
        Err(error) if error.code() == Some("UsernameExistsException") => return Ok(()),
        Err(error) => return Err(error),
    }
    let request = json!({ "UserPoolId": pool, "Username": user.email, "Password": user.password, "Permanent": true });
    aws.json(COGNITO, "AdminSetUserPassword", &request).map(drop)
}

/// Tokens of a sign-in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// ID token: identifies the user. Berth accepts this one.
    pub id: String,
    /// Access token: grants access to the user pool. Berth does not accept it.
    pub access: String,
}

/// Signs a user in with their password, through the client with this id.
pub fn sign_in(aws: &Aws, client: &str, user: &User) -> Result<Tokens> {
    let answer = aws.json(
        COGNITO,
        "InitiateAuth",
        &json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": client,
            "AuthParameters": { "USERNAME": user.email, "PASSWORD": user.password },
        }),
    )?;
    let token = |name: &str| {
        let token = answer.pointer(&format!("/AuthenticationResult/{name}")).and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| Error::lacks("InitiateAuth", name))
    };
    Ok(Tokens { id: token("IdToken")?, access: token("AccessToken")? })
}
