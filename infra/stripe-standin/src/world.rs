//! Complete content of a stand-in behind one lock: the account, pending events and logged requests.

use crate::{
    delivery::{Mailbox, Outcome, PendingEvent, Secrets},
    desk::{Keys, Log, RequestFault},
    error::ApiError,
    ids::{EventId, Id},
    model::Settings,
    options::Options,
    state::State,
    view,
};
use jiff::{SignedDuration, Timestamp};

/// Content of a stand-in.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) mailbox: Mailbox,
    pub(crate) secrets: Secrets,
    pub(crate) keys: Keys,
    pub(crate) log: Log,
    pub(crate) faults: Vec<RequestFault>,
    pub(crate) api_key: String,
    pub(crate) read_key: Option<String>,
    /// Distance of the stand-in's clock ahead of the real one.
    shift: SignedDuration,
    /// Error in the stand-in itself. Every further request is answered with it, so that no test passes by accident.
    pub(crate) trouble: Option<ApiError>,
}

impl World {
    pub(crate) fn new(options: &Options) -> Self {
        let public_url = options.public_url.clone().unwrap_or_default();
        let settings = Settings { account: options.account.clone(), public_url, dunning: options.dunning.clone() };
        Self {
            state: State::new((options.wall)(), options.seed, settings, &options.catalogue),
            // A separate sequence from the one for ids, so that faults do not change them.
            mailbox: Mailbox::new(options.seed ^ 0xfa17),
            secrets: Secrets::new(options.webhook_secret.clone()),
            keys: Keys::default(),
            log: Log::default(),
            faults: Vec::new(),
            api_key: options.api_key.clone(),
            read_key: options.read_key.clone(),
            shift: SignedDuration::ZERO,
            trouble: None,
        }
    }

    /// Performs everything that is due by the real time.
    pub(crate) fn catch_up(&mut self, wall: Timestamp) {
        let target = crate::calendar::later(wall, self.shift);
        if let Err(error) = self.state.advance_to(target) {
            self.trouble.get_or_insert(error);
        }
        self.post_events();
    }

    /// Moves the stand-in's clock ahead of the real one.
    pub(crate) fn advance(&mut self, by: SignedDuration, wall: Timestamp) {
        self.shift = self.shift.saturating_add(by);
        self.catch_up(wall);
    }

    /// Records the outcome of an attempt to deliver.
    pub(crate) fn settle(&mut self, letter: PendingEvent, outcome: Outcome) {
        if outcome.is_delivered() {
            self.state.note_delivered(&EventId::given(&letter.event_id));
        }
        self.mailbox.settle(letter, outcome, self.state.now);
    }

    /// Posts new events to the mailbox.
    pub(crate) fn post_events(&mut self) {
        for id in std::mem::take(&mut self.state.unposted) {
            if let Some(event) = self.state.events.get(&id) {
                let body = serde_json::to_vec_pretty(&view::event(event)).unwrap_or_default();
                self.mailbox.post(id.as_str(), event.kind, body, self.state.now);
            }
        }
    }
}
