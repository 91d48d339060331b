//! Rules for everything that is deployed, checked in the template after its transforms.

#[cfg(test)]
mod alarms;
#[cfg(test)]
mod asynchronous;
#[cfg(test)]
mod build;
#[cfg(test)]
mod capacity;
#[cfg(test)]
mod dashboard;
#[cfg(test)]
mod data;
#[cfg(test)]
mod deployment;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod lasting;
#[cfg(test)]
mod list;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod stack;
#[cfg(test)]
#[path = "../templates/mod.rs"]
mod templates;
