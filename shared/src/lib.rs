//! Use cases of callers, by area. They combine the rules (`domain`), the table (`store`), the edges and `workers`, and
//! do not depend on HTTP. See ARCHITECTURE.md for the map and the layers.
//!
//! # Seals
//!
//! A caller is built from verified claims, and a scope by the store, which has read the membership that it depends on:
//!
//! ```
//! use domain::identity::profile::ChosenName;
//! use identity::Caller;
//! use store::{Scope, Store};
//!
//! fn found(store: &Store, caller: &Caller) -> Scope {
//!     let scope = store.scope_for_new_workspace(caller, &ChosenName::default());
//!     let _the_work_that_follows = scope.system();
//!     scope
//! }
//! ```
//!
//! Neither can be constructed in this crate, and the scope of workers cannot even be named:
//!
//! ```compile_fail
//! use system_scope::SystemScope;
//! ```
//!
//! ```compile_fail
//! use store::SystemScope;
//! ```
//!
//! ```compile_fail
//! use workers::SystemScope;
//! ```
//!
//! ```compile_fail
//! use domain::identity::profile::ChosenName;
//! use identity::Caller;
//! use store::{Scope, Store};
//!
//! fn found(store: &Store, caller: &Caller) -> Scope {
//!     Scope::unproven(caller, &ChosenName::default(), store.ambient().fresh())
//! }
//! ```
//!
//! ```compile_fail
//! use domain::identity::{origin::Origin, person::Person};
//! use identity::Caller;
//!
//! fn caller(person: Person, origin: Origin) -> Caller {
//!     Caller { person, origin }
//! }
//! ```

pub mod account;
pub mod audit;
pub mod billing;
pub mod doctor;
pub mod integrations;
pub mod keys;
pub mod live;
pub mod notifications;
pub mod profile;
pub mod runtime;
pub mod team;
pub mod workspace;
