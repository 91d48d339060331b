//! The dashboard in a real browser: its checks and states on a build, then the journeys of people on a local cloud of their own.
//!
//! infra/dashboard/tests has what people do and see. This test starts the programs that it needs.

#[cfg(test)]
mod dashboard {
    use local::{
        cloud::{self, AS_TESTS_DO, Plan},
        containers::Node,
        dashboard::Npm,
        outputs, process,
        workspace::Workspace,
    };
    use std::{
        env,
        ffi::OsString,
        net::TcpListener,
        path::{Path, PathBuf},
    };

    /// Installs what the test needs besides Rust and Python, as README and the gate have it.
    const INSTALL: &str =
        "apt-get update && apt-get install --yes --no-install-recommends nodejs chromium-headless-shell";

    /// A browser that Playwright can drive.
    fn chromium() -> PathBuf {
        let named = env::var_os("CHROMIUM").map(PathBuf::from);
        let usual =
            ["chromium-headless-shell", "chromium", "google-chrome"].map(|name| Path::new("/usr/bin").join(name));
        named.into_iter().chain(usual).find(|path| path.is_file()).unwrap_or_else(|| {
            panic!("Chromium is missing. On Debian, this installs it: {INSTALL}. Elsewhere, CHROMIUM names the program")
        })
    }

    fn free_ports() -> [u16; 4] {
        let listeners = [(); 4].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        listeners.map(|listener| listener.local_addr().unwrap().port())
    }

    #[test]
    fn people_use_it_in_a_browser() {
        let workspace = Workspace::find().unwrap();
        let chromium = chromium();
        let npm = Npm::find().unwrap_or_else(|error| panic!("{error}\nOn Debian, this installs all of it: {INSTALL}"));
        let [port, stripe_port, dashboard_port, states_port] = free_ports();
        let plan = Plan {
            state: workspace.target.join("local-browser"),
            port: Some(port),
            stripe_port: Some(stripe_port),
            dashboard_port: Some(dashboard_port),
            build: AS_TESTS_DO,
            node: Some(Node::find().unwrap()),
            npm: Some(npm.clone()),
        };
        let run = |script: &str, variables: &[(&str, OsString)]| {
            let mut command = npm.script(&workspace, script);
            command.env("CHROMIUM", &chromium).envs(variables.iter().cloned());
            process::run(&format!("npm run {script}"), &mut command).unwrap();
        };
        npm.install(&workspace).unwrap();
        run("lint:api", &[]);
        run("check", &[]);
        run("build", &[]);
        run("test:unit", &[]);
        run("test:states", &[("STATES_PORT", states_port.to_string().into())]);

        // Ends a cloud that a killed run of this test left.
        let _ = cloud::stop(&plan.state);
        let cloud = cloud::up(&workspace, &plan).unwrap();
        run("test:journeys", &[("BERTH_OUTPUTS", outputs::outputs_path(&plan.state).into())]);
        drop(cloud);
    }

    #[test]
    fn the_readme_and_the_gate_install_what_it_needs() {
        for (file, text) in
            [("README.md", include_str!("../../../README.md")), (".ci/run", include_str!("../../../.ci/run"))]
        {
            assert!(text.contains(INSTALL), "{file} has another line");
        }
    }
}
