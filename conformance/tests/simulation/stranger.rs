//! A member that belongs to no scenario: it enters, reads, and says nothing.

use std::io;
use std::rc::Rc;

use conformance::runner::Network;
use driver::wire::Stream;
use tokio::task::spawn_local;

/// Lets a stranger into the room, for as long as the runtime exists. Returns when it is a member.
pub(crate) async fn enter(network: &dyn Network) -> io::Result<()> {
    let stream = network.open(&[], false).await?;
    stream.try_write(b"straniero\n")?;
    stream.readable().await?;
    spawn_local(read(stream));
    Ok(())
}

async fn read(stream: Rc<dyn Stream>) {
    let mut buffer = vec![0; 4096];
    while stream.readable().await.is_ok() {
        if matches!(stream.try_read(&mut buffer), Ok(0)) {
            return;
        }
    }
}
