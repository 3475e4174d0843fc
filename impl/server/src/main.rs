//! `salotto-server`: parses the arguments, opens the sockets, and runs the server until a signal arrives.
#![forbid(unsafe_code)]

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

const NAME: &str = env!("CARGO_BIN_NAME");

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

fn serve(args: &Args) -> anyhow::Result<()> {
    let config = args.config();
    descriptors::raise_limit(config.descriptors());
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        let mut shutdown = Signals::new().context("cannot wait for signals")?;
        let mut force = Signals::new().context("cannot wait for signals")?;
        let listeners = listeners(args)?;
        for listener in &listeners {
            let address = listener
                .local_addr()
                .context("cannot look up the listening address")?;
            tracing::info!("listening on {address}");
        }
        let metrics = match args.metrics {
            Some(address) => Some(salotto_server::listen_on(address)?),
            None => None,
        };
        if let Some(metrics) = &metrics {
            let address = metrics
                .local_addr()
                .context("cannot look up the listening address")?;
            tracing::info!("metrics at http://{address}/metrics");
        }
        let shutdown = async {
            let signal = shutdown.next().await;
            tracing::info!("{signal}: saying goodbye to everybody; repeat it to end at once");
        };
        let force = async {
            force.next().await;
            force.next().await
        };
        tokio::select! {
            () = salotto_server::run(listeners, metrics, config, shutdown) => Ok(()),
            signal = force => anyhow::bail!("{signal} again: ended without a goodbye"),
        }
    })
}

/// The sockets that were passed to this process, or new ones if there are none.
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
