//! The session, driven by a simulated front end and a simulated server.

mod fixture;
mod joining;
mod leaving;
mod properties;
mod receiving;
mod reconnecting;
mod sending;
