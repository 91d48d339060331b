//! A customer's journey on the local cloud: template.yaml deployed to the emulator, users with real ID tokens, and only
//! HTTP between them and Berth.
//!
//! One cloud serves all steps, and each step builds on the previous ones, so this is one test. The names of the steps
//! show which one failed. The client shares no type with the code.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod client;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod connecting;
#[cfg(test)]
mod dashboard;
#[cfg(test)]
mod founding;
#[cfg(test)]
mod joining;
#[cfg(test)]
mod managing;
#[cfg(test)]
mod paying;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod running;
#[cfg(test)]
mod stripe;
#[cfg(test)]
mod traces;

#[cfg(test)]
mod journey {
    use crate::{
        bounds, client::World, clock, connecting, dashboard, founding, joining, managing, paying, programs, refusals,
        running, stripe, traces,
    };
    use local::{
        cloud::{self, AS_TESTS_DO, Plan},
        containers::Node,
        dashboard::Npm,
        fuzz::{self, Budget},
        outputs, process,
        workspace::Workspace,
    };
    use std::net::TcpListener;

    /// Finds unused ports.
    fn free_ports() -> [u16; 3] {
        let listeners = [(); 3].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        listeners.map(|listener| listener.local_addr().unwrap().port())
    }

    #[test]
    fn a_team_on_the_local_cloud() {
        let workspace = Workspace::find().unwrap();
        let [port, stripe_port, dashboard_port] = free_ports();
        let plan = Plan {
            state: workspace.target.join("local-test"),
            port: Some(port),
            stripe_port: Some(stripe_port),
            dashboard_port: Some(dashboard_port),
            build: AS_TESTS_DO,
            // Without Node, containers have no processes, the step that reads their figures is skipped, and there is no
            // dashboard.
            node: Node::find().ok(),
            npm: Npm::find().ok(),
        };
        // A killed run of this test may have left a cloud.
        let _ = cloud::stop(&plan.state);
        let cloud = cloud::up(&workspace, &plan).unwrap();
        let outputs = cloud.outputs.clone();
        let world = World::new(&cloud, &plan.state);

        dashboard::is_served_as_the_template_says(&world);
        refusals::without_an_id_token(&world);
        let acme = founding::a_workspace(&world);
        founding::settings(&world, &acme);
        founding::the_same_key_founds_once(&world);
        refusals::of_strangers(&world, &acme);
        refusals::of_bad_requests(&world, &acme);
        let invited = joining::an_invitation(&world, &acme);
        refusals::of_the_wrong_guest(&world, &acme, &invited);
        joining::ten_at_once(&world, &acme, &invited);
        joining::lists_in_pages(&world, &acme);
        refusals::of_a_viewer(&world, &acme);
        refusals::of_a_used_token(&world, &invited);
        joining::activity(&world, &acme);
        paying::for_pro(&world, &acme);
        paying::a_sixth_member_fits(&world, &acme);
        running::starts_and_stops(&world, &acme, plan.node.is_some());
        connecting::a_webhook(&world, &acme);
        connecting::another_secret(&world, &acme);
        connecting::what_happens_arrives(&world, &acme);
        connecting::no_more(&world, &acme);
        managing::invitations_come_and_go(&world, &acme);
        managing::a_member_falls_and_comes_back(&world, &acme);
        managing::ownership_goes_and_returns(&world, &acme);
        programs::come_and_go(&world, &acme);
        programs::do_what_people_do(&world, &acme);
        if plan.npm.is_some() {
            programs::of_the_docs(&world, &acme, &workspace);
        }
        connecting::live::what_happens_is_pushed(&world, &acme);
        connecting::live::three_hundred_resets(&world, &acme);
        bounds::bodies_of_mistakes(&world, &acme);
        bounds::a_storm_of_commands(&world, &acme);
        bounds::no_fourth_free_workspace(&world);
        bounds::a_flood_at_the_containers_url(&world);
        stripe::of_a_stranger_is_taken(&world);
        // This step runs before the forgeries: after one, the webhook reads its secret at most once in half a minute.
        stripe::events_are_accepted_before_and_after_a_rotation(&world);
        stripe::is_refused_without_its_signature(&world);
        clock::a_month_that_is_paid_late(&world, &acme);
        clock::audit::a_month_is_verified_offline(&world, &acme);
        clock::money::starts_over_after_dunning(&world, &acme);
        clock::money::an_unpaid_upgrade_changes_nothing(&world, &acme);
        clock::money::an_unanswered_upgrade_is_found(&world, &acme);
        clock::money::a_deleted_customer_is_replaced(&world, &acme);
        clock::mail::what_is_unread_is_mailed(&world, &acme);
        if plan.node.is_some() {
            clock::an_idle_container_stops(&world);
            clock::a_lost_end_is_found(&world);
        }
        traces::the_sweeper_sweeps(&world);
        connecting::live::nothing_is_left(&world);
        traces::settled(&world);
        traces::the_token_is_only_in_the_mail(&world, &invited);
        fuzz::fuzz_api(&workspace, &outputs, &plan.state, Budget::Examples(5)).unwrap();

        let again = cloud::up(&workspace, &Plan { port: None, ..plan.clone() }).unwrap();
        assert!(again.runs_elsewhere() && !again.changed, "a second deploy has nothing to do");
        drop(again);
        assert_eq!(
            world.get("/workspace").by(&world.ana).to(&acme).send().status,
            200,
            "a second deploy changes nothing"
        );

        drop(cloud);
        assert_eq!(process::members(outputs.emulator.pid), Vec::<u32>::new(), "processes are left");
        for port in [port, stripe_port, dashboard_port] {
            assert!(TcpListener::bind(("127.0.0.1", port)).is_ok(), "the port {port} is free again");
        }
        assert!(!outputs::outputs_path(&plan.state).exists(), "the outputs of an ended cloud are removed");
    }
}
