//! Output of `cargo dev` once the cloud is up: all addresses, and a customer's steps as commands to paste.

use crate::cloud::outputs::Outputs;

/// Formats the text. Its commands need bash, curl and python3, and each uses variables that earlier ones set.
#[must_use]
pub fn text(outputs: &Outputs) -> String {
    let width = 10;
    let line = |what: &str, value: &str| format!("  {what:width$} {value}\n");
    let mut text = match &outputs.dashboard_url {
        Some(url) => format!("\nBerth is up: {url}\n\n"),
        None => String::from("\nBerth is up.\n\n"),
    };
    for user in &outputs.users {
        text += &line(&user.name, &format!("{}   password  {}", user.email, user.password));
    }
    text += &line("API", &format!("{}/api/v1   with the header  Host: {}", outputs.api_url, outputs.api_host));
    text += &line("AWS", &outputs.aws_endpoint_url);
    text += &line("mail", &outputs.mail_url);
    text += &line(
        "letters",
        &format!("{}/letters   each letter with sample data, and those that were sent", outputs.receivers_url),
    );
    text += &line("Stripe", &format!("{}/_standin   and the clock of the whole cloud", outputs.stripe_url));
    text += &line("receivers", &format!("{}   deliveries to integrations", outputs.receivers_url));
    text += &line("log", &outputs.log.display().to_string());
    text + "\nA customer's steps, ready to paste:\n\n" + &commands(outputs)
}

fn commands(outputs: &Outputs) -> String {
    let password = outputs.users.first().map_or("", |user| &user.password);
    COMMANDS
        .replace("{aws}", &outputs.aws_endpoint_url)
        .replace("{api}", &outputs.api_url)
        .replace("{host}", &outputs.api_host)
        .replace("{client}", &outputs.user_pool_client_id)
        .replace("{password}", password)
        .replace("{mail}", &outputs.mail_url)
        .replace("{stripe}", &outputs.stripe_url)
        .replace("{webhook secret}", &outputs.webhook_secret_arn)
        .replace("{receivers}", &outputs.receivers_url)
}

const COMMANDS: &str = r#"# Two helpers: one field of a JSON answer, and a call of the API.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
api() { curl -s -X "$1" "{api}/api/v1$2" -H 'Host: {host}' -H 'Content-Type: application/json' "${@:3}"; echo; }
sign_in() { curl -s {aws}/ -H 'Content-Type: application/x-amz-json-1.1' \
  -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' -d '{"AuthFlow": "USER_PASSWORD_AUTH",
  "ClientId": "{client}", "AuthParameters": {"USERNAME": "'"$1"'", "PASSWORD": "{password}"}}' |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["AuthenticationResult"]["IdToken"])'; }

# Ana signs in and creates a workspace. She is its owner.
ANA="Authorization: Bearer $(sign_in ana@example.com)"
WORKSPACE="X-Workspace-ID: $(api POST /workspaces -H "$ANA" -d '{"name": "Acme"}' | field id)"; echo "$WORKSPACE"
api GET /workspaces -H "$ANA"
api GET /workspace -H "$ANA" -H "$WORKSPACE"
api PUT /workspace -H "$ANA" -H "$WORKSPACE" -d '{"description": "Rockets", "timezone": "Europe/Berlin"}'

# Ana invites Ben, who finds the link in their mail.
api POST /team/invite -H "$ANA" -H "$WORKSPACE" -d '{"email": "ben@example.com", "role": "viewer"}'
mail() { curl -s {mail} | python3 -c '
import json, re, sys, urllib.parse
mails = [mail for mails in json.load(sys.stdin)["messages"].values() for mail in mails if "ben@example.com" in mail["To"]]
links = re.findall(r"/signup\?invite=([^\s\"<>&]+)", mails[-1]["BodyText"] if mails else "")
print(urllib.parse.quote(urllib.parse.unquote(links[-1]), safe="") if links else "")'; }
for _ in $(seq 30); do TOKEN=$(mail); [ -n "$TOKEN" ] && break; sleep 1; done; echo "the link's token: $TOKEN"

# Ben signs in and accepts. Both are members now, and the activity lists both events.
BEN="Authorization: Bearer $(sign_in ben@example.com)"
api POST "/team/invitations/$TOKEN/accept" -H "$BEN"
api GET /team/members -H "$BEN" -H "$WORKSPACE"
api GET /team/activity -H "$ANA" -H "$WORKSPACE"

# She buys pro: the URL is a page of the Stripe stand-in, with buttons to pay, to fail and to go back. Paying on it
# does the same as the next line. Stripe then sends an event to the webhook, and the plan changes.
PAGE=$(api POST /billing/checkout -H "$ANA" -H "$WORKSPACE" -d '{"plan": "pro"}' | field url); echo "$PAGE"
curl -s -X POST "$PAGE/pay" -o /dev/null
for _ in $(seq 30); do PAID=$(api GET /billing/subscription -H "$ANA" -H "$WORKSPACE"); echo "$PAID" | grep -q '"pro"' && break; sleep 1; done; echo "$PAID"

# She starts the workspace's container, of the plan's size, and stops it.
api POST /workspace/start -H "$ANA" -H "$WORKSPACE"
for _ in $(seq 30); do STATUS=$(api GET /workspace/status -H "$ANA" -H "$WORKSPACE"); echo "$STATUS" | grep -q '"running"' && break; sleep 1; done; echo "$STATUS"
api POST /workspace/stop -H "$ANA" -H "$WORKSPACE"

# She connects a webhook. Berth makes its secret, with which the libraries of Standard Webhooks verify deliveries; the secret is
# stored in Secrets Manager and never shown again. In the local cloud, all deliveries go to stand-ins for the receivers, which
# list them at {receivers}.
api PUT /integrations/webhook -H "$ANA" -H "$WORKSPACE" \
  -d '{"config": {"url": "https://hooks.example.com/acme"}, "generate_secret": true}'
api POST /integrations/webhook/test -H "$ANA" -H "$WORKSPACE"
api GET /integrations -H "$ANA" -H "$WORKSPACE"

# A month passes: the clock of the whole cloud is moved, and what became due by then is done. Stripe has sent an invoice of
# the next month, the plan's period is the next one, and a pending invitation would have expired. Ana's token still works.
curl -s -X POST {stripe}/_standin/clock -H 'Content-Type: application/json' -d '{"advance": 2682000}'; echo
api GET /billing/subscription -H "$ANA" -H "$WORKSPACE"

# Stripe rolls the webhook's signing secret, and the operator stores it for the webhook. No deployment is needed.
SECRET=$(curl -s -X POST {stripe}/_standin/secret/roll | field secret)
curl -s {aws}/ --aws-sigv4 aws:amz:us-east-1:secretsmanager -u test:test -H 'Content-Type: application/x-amz-json-1.1' \
  -H 'X-Amz-Target: secretsmanager.PutSecretValue' -d '{"SecretId": "{webhook secret}", "SecretString": "'"$SECRET"'"}'; echo

# Without a token the gateway answers 401, and a viewer may not invite: 403.
api GET /workspaces
api POST /team/invite -H "$BEN" -H "$WORKSPACE" -d '{"email": "eve@example.com", "role": "viewer"}'
"#;
