//! Makes the products and prices of a Stripe account follow the catalogue. A push that stopped anywhere is continued by
//! the next one, because each begins with what Stripe has.

mod adoption;

mod step;
mod todo;
mod words;

use crate::{
    error::{Error, Result},
    files::Files,
    stripe::{self, Client, Inventory, Price},
};
pub use adoption::{Adoption, InvalidAdoption};
use domain::plans::{catalogue::Plans, file::lock::Lock};
use serde_json::Value;
use std::collections::BTreeMap;
use step::{Offer, Step};
use todo::{Todo, compare, is_counted};

/// Comparisons with Stripe until it is as the catalogue wants it. A further one is needed if another push was running, or
/// if Stripe repeats an answer from before something was changed in the dashboard.
const ROUNDS: u8 = 3;

/// The person who runs a command.
pub trait Person {
    /// Shows a line.
    fn read(&mut self, line: &str);

    /// Shows a warning.
    fn be_warned(&mut self, line: &str);

    /// Asks for a confirmation.
    fn confirms(&mut self, question: &str) -> bool;
}

/// What to push.
#[derive(Debug, Clone)]
pub struct Options {
    /// Prices that were sold before.
    pub adoptions: Vec<Adoption>,
    /// Place of the record of what is sold.
    pub record: Record,
}

/// Place of the record of what is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// The lock next to the catalogue.
    Lock,
    /// Nowhere: the account is a stand-in's.
    Nowhere,
}

/// Prints the changes that [`push`] would make, and returns their number.
///
/// # Errors
/// [`Error::Mistakes`] if the catalogue cannot be pushed, [`Error::Stripe`] if Stripe cannot be read.
pub fn diff(files: &Files, client: &Client, person: &mut impl Person) -> Result<usize> {
    let plans = files.read()?;
    let inventory = inventory(client, plans, &[], BTreeMap::new())?;
    let todo = compare(plans, &inventory, &[]);
    show(&inventory, &todo, person)?;
    Ok(todo.steps.len())
}

/// Makes the changes that the catalogue asks for, after a confirmation.
///
/// # Errors
/// [`Error::Mistakes`] if the catalogue cannot be pushed, [`Error::NotConfirmed`], [`Error::Stripe`] if Stripe refuses or
/// does not answer, [`Error::Unsettled`] if it does not follow, [`Error::File`] if the lock cannot be written.
pub fn push(files: &Files, client: &Client, options: &Options, person: &mut impl Person) -> Result<()> {
    let plans = files.read()?;
    let (mut known, mut refusal) = (BTreeMap::new(), None);
    for round in 0..ROUNDS {
        let inventory = inventory(client, plans, &options.adoptions, known)?;
        let todo = compare(plans, &inventory, &options.adoptions);
        if round == 0 {
            show(&inventory, &todo, person)?;
            confirm(&inventory, todo.steps.len(), person)?;
            // Recorded first: a version that is sold may not be missing in the lock, wherever this stops.
            write(files, options.record, |lock| lock.record(plans))?;
        } else if !todo.problems.is_empty() {
            return Err(Error::Mistakes(todo.problems));
        }
        if todo.steps.is_empty() {
            let Inventory { account, mode, .. } = inventory;
            write(files, options.record, |lock| {
                lock.accounts.entry(account).or_default().entry(mode).or_default().extend(todo.ids);
            })?;
            person.read("Stripe follows the catalogue.");
            return Ok(());
        }
        refusal = make(client, &todo.steps, round)?;
        known = inventory.subscribers;
    }
    Err(refusal.map_or(Error::Unsettled, Error::Stripe))
}

fn inventory(
    client: &Client,
    plans: Plans,
    adoptions: &[Adoption],
    known: BTreeMap<String, usize>,
) -> Result<Inventory> {
    let products = |prices: &[Price]| {
        let adopted = prices.iter().filter(|price| adoptions.iter().any(|adoption| adoption.price == price.id));
        let ours = Offer::all(plans).map(|offer| offer.product_id());
        ours.chain(adopted.map(|price| price.product.clone())).collect()
    };
    Ok(Inventory::read(client, products, |price| is_counted(plans, price), known)?)
}

fn show(inventory: &Inventory, todo: &Todo, person: &mut impl Person) -> Result<()> {
    let Inventory { account, mode, .. } = inventory;
    person.read(&format!("Stripe account {account}, {mode} mode"));
    for warning in &todo.warnings {
        person.be_warned(warning);
    }
    if !todo.problems.is_empty() {
        return Err(Error::Mistakes(todo.problems.clone()));
    }
    for step in &todo.steps {
        person.read(&format!("  {step}"));
    }
    if todo.steps.is_empty() {
        person.read("  no changes");
    }
    Ok(())
}

fn confirm(inventory: &Inventory, changes: usize, person: &mut impl Person) -> Result<()> {
    let Inventory { account, mode, .. } = inventory;
    let question = match changes {
        0 => return Ok(()),
        1 => format!("Make this change in {account}, {mode} mode? [y/N]"),
        _ => format!("Make these {changes} changes in {account}, {mode} mode? [y/N]"),
    };
    if person.confirms(&question) { Ok(()) } else { Err(Error::NotConfirmed) }
}

fn write(files: &Files, record: Record, change: impl FnOnce(&mut Lock)) -> Result<()> {
    match record {
        Record::Lock => files.change_lock(change),
        Record::Nowhere => Ok(()),
    }
}

/// Makes the changes in their order. Returns the refusal of one that may be needless by now, which the next round finds
/// out: another push may have made it.
fn make(client: &Client, steps: &[Step], round: u8) -> Result<Option<stripe::Error>> {
    for step in steps {
        let answer = match step {
            Step::Create(change) => client.create::<Value>(&change.path, &change.form, round),
            Step::Update(change) => client.update(&change.path, &change.form),
        };
        match answer {
            Ok(_) => {}
            Err(refusal @ (stripe::Error::Refused(_) | stripe::Error::Failed(_))) => return Ok(Some(refusal)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
