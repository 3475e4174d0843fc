//! `salotto-server`: arguments, a listener, signals.

#[cfg(unix)]
mod activation;
mod args;
mod descriptors;
mod manual;
mod signals;

use anyhow::Context;
use args::Args;
use clap::{CommandFactory, Parser};
use signals::Signals;
use std::io;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, LocalOptions};

fn main() -> ExitCode {
    let args = Args::parse();
    let done = if let Some(shell) = args.completions {
        clap_complete::generate(shell, &mut Args::command(), NAME, &mut io::stdout());
        Ok(())
    } else if args.man {
        manual::write(&mut io::stdout()).context("cannot print the manual page")
    } else {
        args.init_logs();
        serve(&args)
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{NAME}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The name of the program.
const NAME: &str = env!("CARGO_BIN_NAME");

fn serve(args: &Args) -> anyhow::Result<()> {
    let config = args.config();
    descriptors::provide(config.descriptors());
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        let mut shutdown = Signals::new().context("cannot wait for signals")?;
        let mut impatience = Signals::new().context("cannot wait for signals")?;
        let listeners = listeners(args)?;
        for listener in &listeners {
            let address = listener.local_addr().context("cannot tell the address")?;
            tracing::info!("listening on {address}");
        }
        let metrics = match args.metrics {
            Some(address) => Some(salotto_server::listen_on(address)?),
            None => None,
        };
        if let Some(metrics) = &metrics {
            let address = metrics.local_addr().context("cannot tell the address")?;
            tracing::info!("metrics at http://{address}/metrics");
        }
        let shutdown = async {
            let signal = shutdown.next().await;
            tracing::info!("{signal}: saying goodbye to everybody; once more ends at once");
        };
        let impatience = async {
            impatience.next().await;
            impatience.next().await
        };
        tokio::select! {
            done = salotto_server::run(listeners, metrics, config, shutdown) => {
                done.context("cannot accept connections")
            }
            signal = impatience => anyhow::bail!("{signal} once more: ended without a goodbye"),
        }
    })
}

/// The sockets that this process was started with, or else new ones.
fn listeners(args: &Args) -> anyhow::Result<Vec<TcpListener>> {
    #[cfg(unix)]
    {
        let inherited = activation::inherited()?;
        if !inherited.is_empty() {
            return Ok(inherited);
        }
    }
    Ok(salotto_server::listen(&args.host, args.port)?)
}
