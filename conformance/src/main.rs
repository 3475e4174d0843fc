//! conformance
fn main() {
    let spec = match conformance::spec::Spec::built_in() {
        Ok(spec) => spec,
        Err(error) => return println!("{error}"),
    };
    println!("{} requirements, {} scenarios", spec.requirements.len(), spec.scenarios.len());
    let target = conformance::play::Target::Command { command: conformance::server::CommandLine::parse(&std::env::args().nth(1).unwrap(), false).unwrap(), fixed_port: None };
    for s in spec.select(&std::env::args().skip(2).collect::<Vec<_>>()).unwrap() {
        let p = conformance::play::perform(s, &target, Default::default());
        println!("{} {:?}: {:?}", s.name, p.took, p.outcome);
    }
}
