//! `salotto-server`: arguments, a listener, signals.

mod args;
mod signals;

use anyhow::Context;
use args::Args;
use clap::Parser;
use signals::Signals;
use std::process::ExitCode;
use tokio::runtime::{Builder, LocalOptions};

fn main() -> ExitCode {
    let args = Args::parse();
    args.init_logs();
    match serve(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("salotto-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve(args: &Args) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        let mut shutdown = Signals::new().context("cannot wait for signals")?;
        let mut impatience = Signals::new().context("cannot wait for signals")?;
        let listener = salotto_server::listen(&args.host, args.port)?;
        let address = listener.local_addr().context("cannot tell the address")?;
        tracing::info!("listening on {address}");
        let shutdown = async {
            let signal = shutdown.next().await;
            tracing::info!("{signal}: saying goodbye to everybody; once more ends at once");
        };
        let impatience = async {
            impatience.next().await;
            impatience.next().await
        };
        tokio::select! {
            () = salotto_server::run(listener, args.config(), shutdown) => Ok(()),
            signal = impatience => anyhow::bail!("{signal} once more: ended without a goodbye"),
        }
    })
}
