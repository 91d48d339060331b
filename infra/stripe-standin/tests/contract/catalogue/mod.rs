//! The catalogue, which a company's tool pushes: products, prices, and the rules for their use.

mod account;
mod currencies;
mod prices;
mod products;
mod retired;
mod shown;
