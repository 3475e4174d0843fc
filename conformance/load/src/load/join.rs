//! The first phase: all members join, a few at a time.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::error::LoadError;
use super::member::run_member;
use super::shared::Shared;
use super::wait::{Command, End, Progress, wait};

/// Starts a task for each member, and waits until all are welcome.
pub(super) async fn join(
    shared: &Rc<Shared>,
    address: SocketAddr,
    tasks: &mut JoinSet<()>,
    watch: &mut impl FnMut(&Progress) -> Command,
) -> Result<(), LoadError> {
    let members = shared.plan.members;
    let end = tokio::select! {
        end = wait(shared, watch, || {
            let checker = shared.checker.borrow();
            checker.joined == members || checker.obstacle.is_some()
        }) => end,
        never = start_members(shared, address, tasks) => match never {},
    };
    let mut checker = shared.checker.borrow_mut();
    if let Some(obstacle) = checker.obstacle.take() {
        return Err(LoadError::CannotJoin {
            member: obstacle.member,
            members,
            reason: obstacle.reason,
        });
    }
    match end {
        End::Stopped => Err(LoadError::Stopped),
        _ if checker.joined == members => Ok(()),
        _ => Err(LoadError::JoinStalled {
            joined: checker.joined,
            members,
            waited: shared.plan.patience,
        }),
    }
}

/// Never returns, so that only the wait can end the phase.
async fn start_members(
    shared: &Rc<Shared>,
    address: SocketAddr,
    tasks: &mut JoinSet<()>,
) -> Infallible {
    let permits = Arc::new(Semaphore::new(shared.plan.joins_at_a_time.max(1)));
    for member in 0..shared.plan.members {
        if let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
            tasks.spawn_local(run_member(Rc::clone(shared), member, address, permit));
        }
    }
    std::future::pending().await
}
