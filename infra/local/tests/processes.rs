//! Ending processes: all of a group, and nobody else's.

#[cfg(test)]
mod processes {
    use local::process::{Group, Identity, end_group, members};
    use std::process::Command;

    /// A shell with a child of its own, both asleep.
    fn sleepers() -> Group {
        let group = Group::start(Command::new("sh").args(["-c", "sleep 60 & sleep 60"])).unwrap();
        let born = local::clock::wait_for(std::time::Duration::from_secs(5), || {
            Ok::<_, ()>((members(group.leader().pid).len() == 3).then_some(()))
        });
        assert_eq!(born, Ok(Some(())));
        group
    }

    #[test]
    fn a_group_ends_with_all_its_members() {
        let group = sleepers();
        let leader = group.leader().clone();
        assert!(leader.is_alive());
        group.end();
        assert!(!leader.is_alive());
        assert_eq!(members(leader.pid), Vec::<u32>::new());
    }

    #[test]
    fn a_process_that_got_the_pid_later_is_left_alone() {
        let group = sleepers();
        let earlier = Identity { pid: group.leader().pid, started: "long ago".to_owned() };
        assert!(!earlier.is_alive());
        end_group(&earlier);
        assert_eq!(members(group.leader().pid).len(), 3);
        group.end();
    }
}
