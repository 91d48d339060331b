//! Loop that starts the processes of each ECS task and ends those of stopped tasks.

use super::{config::Containers, task::Task, users::Users};
use crate::{
    Result,
    aws::{Aws, ECS},
    console,
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, thread, time::Duration};

/// Interval between looks at the tasks of ECS.
const EVERY: Duration = Duration::from_millis(300);
/// Maximum number of tasks that one call describes.
const DESCRIBED: usize = 100;

impl Containers {
    /// Runs the containers until this process is ended.
    ///
    /// # Errors
    /// Returns an error if the emulator is gone. It never returns `Ok`.
    pub fn run(&self) -> Result<()> {
        let aws = Aws::on(self.port);
        let users = Users::available(self);
        if users.is_none() {
            console::print_step(
                "containers are not separated, because this process may not change its user: plugins could read the token",
            );
        }
        let (mut running, mut ending) = (BTreeMap::<String, Task>::new(), Vec::<Task>::new());
        loop {
            let mut wanted = self.wanted(&aws)?;
            let gone = running.extract_if(.., |arn, _| !wanted.iter().any(|task| named(task) == Some(arn.as_str())));
            ending.extend(gone.map(|(_, task)| task));
            // A container that ended on its own ends its task. The emulator sends no event of it.
            for (arn, task) in running.extract_if(.., |_, task| !task.is_whole()).collect::<Vec<_>>() {
                let reason = "Essential container in task exited";
                aws.json(ECS, "StopTask", &json!({ "cluster": self.cluster, "task": arn, "reason": reason }))?;
                // It was wanted before this, and must not be started again.
                wanted.retain(|task| named(task) != Some(arn.as_str()));
                ending.push(task);
            }
            ending.retain_mut(|task| !task.stop());
            for task in wanted {
                let Some(arn) = named(&task).filter(|arn| !running.contains_key(*arn)) else { continue };
                running.insert(arn.to_owned(), Task::start(self, users, arn, &task)?);
            }
            thread::sleep(EVERY);
        }
    }

    /// Lists the tasks that ECS wants to keep running.
    fn wanted(&self, aws: &Aws) -> Result<Vec<Value>> {
        let (mut arns, mut next) = (Vec::new(), None);
        loop {
            let mut request = Map::from_iter([("cluster".to_owned(), json!(self.cluster))]);
            request.insert("desiredStatus".to_owned(), json!("RUNNING"));
            request.extend(next.map(|next| ("nextToken".to_owned(), next)));
            let page = aws.json(ECS, "ListTasks", &Value::Object(request))?;
            arns.extend(list(&page, "taskArns"));
            next = page.get("nextToken").filter(|next| !next.is_null()).cloned();
            if next.is_none() {
                break;
            }
        }
        let mut tasks = Vec::new();
        for part in arns.chunks(DESCRIBED) {
            let described = aws.json(ECS, "DescribeTasks", &json!({ "cluster": self.cluster, "tasks": part }))?;
            tasks.extend(list(&described, "tasks"));
        }
        let is_running = |task: &Value, which: &str| task.get(which).is_some_and(|status| status == "RUNNING");
        tasks.retain(|task| is_running(task, "lastStatus") && is_running(task, "desiredStatus"));
        Ok(tasks)
    }
}

fn named(task: &Value) -> Option<&str> {
    task.get("taskArn")?.as_str()
}

fn list(answer: &Value, name: &str) -> Vec<Value> {
    answer.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}
