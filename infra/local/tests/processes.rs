//! Ending processes: all of a group, and no others.

#[cfg(test)]
mod processes {
    use local::process::{Group, Identity, end_group, end_orphans, members};
    use std::process::Command;

    /// Starts a shell with a child process, both asleep.
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
    fn a_process_that_joined_a_group_ends_with_it() {
        let group = sleepers();
        let leader = group.leader().clone();
        let joined = group.join(Command::new("sleep").arg("60")).unwrap();
        assert_eq!(members(leader.pid).len(), 4);
        group.end();
        assert!(!joined.is_alive());
    }

    #[test]
    fn orphans_of_a_group_are_found_by_their_working_directory() {
        let (group, elsewhere) = (sleepers(), std::env::temp_dir());
        let here = std::env::current_dir().unwrap();
        let joined = group.join(Command::new("sleep").arg("60").current_dir(&here)).unwrap();
        end_orphans(group.leader().pid, &elsewhere.join("nobody works here"));
        assert!(joined.is_alive());
        end_orphans(group.leader().pid, &here);
        let ended = || Ok::<_, ()>((!joined.is_alive()).then_some(()));
        assert_eq!(local::clock::wait_for(std::time::Duration::from_secs(5), ended), Ok(Some(())));
        group.end();
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
