//! What is done with one connection, from its first byte to its last.

mod linger;
mod meter;
mod read;
mod write;

use std::rc::Rc;

use super::connection::Connection;
use super::hub::Hub;

pub(super) async fn run(connection: Rc<Connection>, hub: Rc<Hub>) {
    tokio::join!(
        read::read(&connection, &hub),
        write::write(&connection, &hub)
    );
    if !connection.is_dropped() {
        linger::linger(&connection, hub.behaviour).await;
    }
    hub.remove(connection.id);
}
