//! Admits requests to the API: authenticates them, repeats the answer to a repeated one, applies faults and logs the
//! answer. The API performs the request.

use crate::{
    api::{self, Verb},
    desk::{self, Found, Incoming, Record, Reply, RequestFault},
    error::{ApiError, Result},
    ids::RequestId,
    model::Cause,
    params::Params,
    view::API_VERSION,
    world::World,
};
use base64::{Engine, prelude::BASE64_STANDARD};

/// Outcome of admitting a request.
#[derive(Debug)]
pub(super) enum Admission {
    /// The answer is already known.
    Answered(Reply),
    /// The request is to be performed, after the fault's delay.
    Admitted(Admitted),
}

/// Request that holds its idempotency key until it is performed.
#[derive(Debug)]
pub(super) struct Admitted {
    verb: Verb,
    request: RequestId,
    pub(super) fault: Option<RequestFault>,
}

impl World {
    /// Checks a request, and answers it if it need not be performed.
    pub(super) fn admit(&mut self, incoming: &Incoming) -> Admission {
        let request: RequestId = self.state.fresh();
        match self.look_at(incoming) {
            Ok(Found::New(verb)) => {
                let fault = desk::take(&mut self.faults, incoming);
                Admission::Admitted(Admitted { verb, request, fault })
            }
            Ok(Found::Answered(record)) => Admission::Answered(self.repeat(incoming, request, &record)),
            Err(error) => Admission::Answered(self.reply(incoming, request, Err(error))),
        }
    }

    fn look_at(&mut self, incoming: &Incoming) -> Result<Found> {
        self.authenticate(incoming)?;
        if let Some(version) = &incoming.version
            && version != API_VERSION
        {
            let message = format!("The stand-in speaks API version {API_VERSION}, not {version}.");
            return Err(ApiError::invalid("Stripe-Version", message));
        }
        if let Some(trouble) = &self.trouble {
            return Err(trouble.clone());
        }
        let method = http::Method::from_bytes(incoming.method.as_bytes()).ok();
        let verb = method.as_ref().and_then(Verb::of);
        let verb = verb.ok_or_else(|| ApiError::no_route(&incoming.method, &incoming.path))?;
        match &incoming.idempotency_key {
            // Every POST request may have a key. On other requests it is ignored
            // (https://docs.stripe.com/api/idempotent_requests).
            Some(key) if verb == Verb::Post => self.keys.claim(key, verb, incoming, self.state.now),
            Some(_) | None => Ok(Found::New(verb)),
        }
    }

    /// Checks the API key, which is a bearer token or the user of basic authentication
    /// (<https://docs.stripe.com/api/authentication>). A restricted key permits GET requests only.
    fn authenticate(&self, incoming: &Incoming) -> Result<()> {
        let Some(authorization) = incoming.authorization.as_deref() else {
            let message = "You did not provide an API key. You need to provide your API key in the Authorization \
                           header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
            return Err(ApiError::unauthorized(message));
        };
        let bearer = authorization.strip_prefix("Bearer ").map(str::to_owned);
        let basic = || {
            let decoded = BASE64_STANDARD.decode(authorization.strip_prefix("Basic ")?).ok()?;
            let text = String::from_utf8(decoded).ok()?;
            Some(text.split(':').next().unwrap_or_default().to_owned())
        };
        match bearer.or_else(basic) {
            Some(key) if key == self.api_key => Ok(()),
            Some(key) if self.read_key.as_ref() == Some(&key) => match incoming.method.as_str() {
                "GET" => Ok(()),
                _ => Err(ApiError::forbidden()),
            },
            Some(_) | None => Err(ApiError::unauthorized("Invalid API Key provided.")),
        }
    }

    /// Performs an admitted request.
    pub(super) fn perform(&mut self, incoming: &Incoming, admitted: Admitted) -> Reply {
        let Admitted { verb, request, fault } = admitted;
        let trouble = fault.as_ref().and_then(RequestFault::trouble);
        let result = match (&fault, &trouble) {
            (Some(fault), Some(trouble)) if !fault.applied => Err(trouble.clone()),
            (Some(_) | None, _) => {
                let idempotency_key = incoming.idempotency_key.clone();
                self.state.cause = Some(Cause { request: request.clone(), idempotency_key });
                let params = Params::read(incoming.pairs.iter().cloned());
                let result = api::execute(&mut self.state, verb, &incoming.path, params);
                self.state.cause = None;
                result
            }
        };
        let result = match trouble {
            Some(trouble) => Err(trouble),
            None => result,
        };
        self.post_events();
        let stage = result.as_ref().err().map(|error| error.stage);
        let mut reply = self.reply(incoming, request, result);
        if let Some(key) = incoming.idempotency_key.as_ref().filter(|_| verb == Verb::Post) {
            self.keys.settle(key, stage, &reply);
        }
        if let Some(nonsense) = fault.and_then(|fault| fault.body) {
            reply.body = nonsense.into_bytes();
        }
        reply
    }

    /// Answers a request that caused an error in the stand-in.
    pub(super) fn fail(&mut self, incoming: &Incoming) -> Reply {
        let error = ApiError::broken("a request was not performed".to_owned());
        self.trouble.get_or_insert(error.clone());
        let request = self.state.fresh();
        self.reply(incoming, request, Err(error))
    }

    fn reply(&mut self, incoming: &Incoming, request: RequestId, result: Result<serde_json::Value>) -> Reply {
        let (status, body) = match result {
            Ok(object) => (200, object),
            Err(error) => (error.status, error.body()),
        };
        // Stripe's JSON is indented by two spaces.
        let body = serde_json::to_vec_pretty(&body).unwrap_or_default();
        self.log.note(incoming, &request, status, false, self.state.now);
        let idempotency_key = incoming.idempotency_key.clone();
        Reply { status, body, request, idempotency_key, original: None }
    }

    fn repeat(&mut self, incoming: &Incoming, request: RequestId, record: &Record) -> Reply {
        self.log.note(incoming, &request, record.status, true, self.state.now);
        Reply {
            status: record.status,
            body: record.body.clone(),
            request,
            idempotency_key: incoming.idempotency_key.clone(),
            original: Some(record.request.clone()),
        }
    }
}
