//! A stand-in for ECS. It follows the documented behaviour of Fargate tasks, as far as Berth depends on it. Each rule
//! cites its page.

use crate::clock::ManualClock;
use domain::plans::size::Size;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// Time for which a client token is remembered.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html>
const TOKEN_LIVES: SignedDuration = SignedDuration::from_hours(24);

/// Time for which a stopped task is listed.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html>
const STOPPED_SHOWN: SignedDuration = SignedDuration::from_hours(1);

/// The way in which the cluster refuses a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The response has a failure in place of a task.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html>
    NoCapacity,
    /// The request fails with an error for lack of capacity.
    NoCapacityError,
    /// The request fails with an error that is permanent.
    Invalid,
}

/// A task of the stand-in, for inspection by a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningTask {
    /// ARN of the task.
    pub arn: String,
    /// Value of `startedBy`.
    pub started_by: String,
    /// Task definition.
    pub task_definition: String,
    /// Environment variables of the container that reports.
    pub environment: BTreeMap<String, String>,
    /// Overrides of the launch for the other containers, as requested.
    pub other_containers: Vec<Value>,
    /// Last status of the task.
    pub status: String,
    /// Time of its creation.
    pub created_at: Timestamp,
    /// Subnet of the task.
    pub subnet: String,
    /// Size of the task: from the overrides of the launch, or else from the definition.
    pub size: Size,
    /// Tags of the task.
    pub tags: BTreeMap<String, String>,
    desired: &'static str,
    started_at: Option<Timestamp>,
    stopping_since: Option<Timestamp>,
    stopped: Option<(Timestamp, &'static str)>,
    version: u64,
}

#[derive(Debug)]
pub(crate) struct Cluster {
    clock: ManualClock,
    tasks: Vec<RunningTask>,
    tokens: BTreeMap<String, (Timestamp, Value, String)>,
    refusals: VecDeque<Refusal>,
    /// Time that a task takes to run, to stop, and to appear in lists and descriptions.
    delays: [SignedDuration; 3],
    most_alive: usize,
}

impl RunningTask {
    /// True if the task has not stopped.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.stopped.is_none()
    }

    fn shown(&self) -> Value {
        let environment: Vec<_> =
            self.environment.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let mut shown = json!({
            "taskArn": self.arn,
            "lastStatus": self.status,
            "desiredStatus": self.desired,
            "taskDefinitionArn": self.task_definition,
            "startedBy": self.started_by,
            "createdAt": seconds(self.created_at),
            "version": self.version,
        });
        // The order of the containers is not defined.
        let own = json!({"name": "runtime", "environment": environment});
        shown["overrides"] =
            json!({"containerOverrides": self.other_containers.iter().chain([&own]).collect::<Vec<_>>()});
        if let Some(at) = self.started_at {
            shown["startedAt"] = seconds(at);
        }
        if let Some((at, code)) = self.stopped {
            shown["stoppedAt"] = seconds(at);
            shown["stopCode"] = json!(code);
        }
        shown
    }

    fn becomes(&mut self, status: &str) {
        self.status = status.to_owned();
        self.version += 1;
    }
}

fn seconds(at: Timestamp) -> Value {
    json!(at.as_duration().as_secs_f64())
}

fn error(code: &str, message: &str) -> (u16, String) {
    (400, json!({"__type": code, "message": message}).to_string())
}

/// Returns the size of the task that `body` requests, if Fargate offers it. Overrides replace the values of the
/// definition.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html>
fn size(body: &Value) -> Option<Size> {
    let (cpu, memory) = body["taskDefinition"].as_str()?.strip_prefix("runtime-")?.split_once('-')?;
    let defined = Size { cpu_units: cpu.parse().ok()?, memory_mib: memory.parse().ok()? };
    let given = |name: &str, defined: u32| {
        let given = &body["overrides"][name];
        if given.is_null() { Some(defined) } else { given.as_str()?.parse().ok() }
    };
    let size = Size { cpu_units: given("cpu", defined.cpu_units)?, memory_mib: given("memory", defined.memory_mib)? };
    Some(size).filter(|size| size.is_known_to_fargate())
}

impl Cluster {
    pub(crate) fn new(clock: ManualClock) -> Self {
        let delays = [SignedDuration::ZERO; 3];
        let (tasks, tokens, refusals) = (Vec::new(), BTreeMap::new(), VecDeque::new());
        Self { clock, tasks, tokens, refusals, delays, most_alive: 0 }
    }

    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push_back(refusal);
    }

    pub(crate) fn forget_refusals(&mut self) {
        self.refusals.clear();
    }

    pub(crate) fn set_delays(&mut self, run: SignedDuration, stop: SignedDuration, show: SignedDuration) {
        self.delays = [run, stop, show];
    }

    pub(crate) fn tasks(&mut self) -> Vec<RunningTask> {
        self.advance();
        self.tasks.clone()
    }

    /// Returns the largest number of tasks of one generation that were ever alive at once.
    pub(crate) const fn most_alive(&self) -> usize {
        self.most_alive
    }

    /// Stops a task as its own process, its host or ECS would.
    pub(crate) fn end(&mut self, arn: &str, code: &'static str) {
        let now = self.clock.now();
        for task in self.tasks.iter_mut().filter(|task| task.arn == arn && task.stopped.is_none()) {
            (task.desired, task.stopped) = ("STOPPED", Some((now, code)));
            task.becomes("STOPPED");
        }
    }

    /// Moves all tasks on to the current time.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html>
    fn advance(&mut self) {
        let now = self.clock.now();
        let [run, stop, _] = self.delays;
        for task in &mut self.tasks {
            match task.status.as_str() {
                "PROVISIONING" if task.created_at + run <= now => {
                    task.started_at = Some(now);
                    task.becomes("RUNNING");
                }
                "STOPPING" if task.stopping_since.is_some_and(|since| since + stop <= now) => {
                    task.stopped = Some((now, "UserInitiated"));
                    task.becomes("STOPPED");
                }
                _ => {}
            }
        }
        let generation =
            |task: &RunningTask| (task.started_by.clone(), task.environment.get("BERTH_GENERATION").cloned());
        let mut alive = BTreeMap::new();
        for task in self.tasks.iter().filter(|task| task.is_alive()) {
            *alive.entry(generation(task)).or_insert(0_usize) += 1;
        }
        self.most_alive = self.most_alive.max(alive.into_values().max().unwrap_or_default());
    }

    pub(crate) fn call(&mut self, operation: &str, body: &Value) -> (u16, String) {
        self.advance();
        let answer = match operation {
            "RunTask" => self.run(body),
            "ListTasks" => self.list(body),
            "DescribeTasks" => self.describe(body),
            "StopTask" => self.stop(body),
            other => panic!("the stand-in for ECS does not support {other}"),
        };
        self.advance();
        answer
    }

    fn run(&mut self, body: &Value) -> (u16, String) {
        let now = self.clock.now();
        let token = body["clientToken"].as_str().unwrap().to_owned();
        assert!(token.len() <= 64, "a token has at most 64 characters");
        if let Some((at, request, arn)) = self.tokens.get(&token)
            && now < *at + TOKEN_LIVES
        {
            // The same request returns the same task, even a stopped one; another request is a conflict.
            return if request == body {
                let task = self.tasks.iter().find(|task| task.arn == *arn).unwrap();
                (200, json!({"tasks": [task.shown()], "failures": []}).to_string())
            } else {
                let body = json!({"__type": "ConflictException", "message": "another request", "resourceIds": [arn]});
                (400, body.to_string())
            };
        }
        match self.refusals.pop_front() {
            Some(Refusal::NoCapacity) => {
                let reason =
                    "Capacity is unavailable at this time. Please try again later or in a different availability zone";
                return (200, json!({"tasks": [], "failures": [{"reason": reason}]}).to_string());
            }
            Some(Refusal::NoCapacityError) => {
                return error("ClientException", "Capacity is unavailable at this time");
            }
            Some(Refusal::Invalid) => return error("InvalidParameterException", "no such security group"),
            None => {}
        }
        let containers = body["overrides"]["containerOverrides"].as_array().unwrap();
        let (own, others): (Vec<_>, Vec<_>) = containers.iter().partition(|container| container["name"] == "runtime");
        let environment = own[0]["environment"].as_array().unwrap();
        let Some(size) = size(body) else {
            return error("ClientException", "No Fargate configuration exists for given values.");
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        // At most 50 tags, and no key may have the prefix reserved for AWS.
        // <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html>
        let tags = body["tags"].as_array().into_iter().flatten();
        let tags: BTreeMap<_, _> = tags.map(|tag| (text(&tag["key"]), text(&tag["value"]))).collect();
        if tags.len() > 50 || tags.keys().any(|key| key.starts_with("aws:")) {
            return error("InvalidParameterException", "a tag is not allowed");
        }
        let arn = format!("arn:aws:ecs:us-east-1:000000000000:task/berth/{:032x}", self.tasks.len() + 1);
        let task = RunningTask {
            arn: arn.clone(),
            started_by: text(&body["startedBy"]),
            task_definition: text(&body["taskDefinition"]),
            environment: environment.iter().map(|pair| (text(&pair["name"]), text(&pair["value"]))).collect(),
            other_containers: others.into_iter().cloned().collect(),
            status: "PROVISIONING".to_owned(),
            created_at: now,
            size,
            subnet: text(&body["networkConfiguration"]["awsvpcConfiguration"]["subnets"][0]),
            tags,
            desired: "RUNNING",
            started_at: None,
            stopping_since: None,
            stopped: None,
            version: 1,
        };
        let shown = task.shown();
        self.tasks.push(task);
        self.tokens.insert(token, (now, body.clone(), arn));
        (200, json!({"tasks": [shown], "failures": []}).to_string())
    }

    fn is_shown(&self, task: &RunningTask) -> bool {
        let now = self.clock.now();
        task.created_at + self.delays[2] <= now && task.stopped.is_none_or(|(at, _)| now < at + STOPPED_SHOWN)
    }

    /// `startedBy` excludes other filters and lists tasks whose desired status is RUNNING.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html>
    fn list(&self, body: &Value) -> (u16, String) {
        if !body["desiredStatus"].is_null() || !body["family"].is_null() {
            return error("InvalidParameterException", "startedBy must be the only filter");
        }
        let listed = self
            .tasks
            .iter()
            .filter(|task| body["startedBy"].is_null() || body["startedBy"] == task.started_by)
            .filter(|task| task.desired == "RUNNING" && self.is_shown(task));
        let arns: Vec<_> = listed.map(|task| &task.arn).collect();
        (200, json!({"taskArns": arns}).to_string())
    }

    /// A task is identified by its ARN or its id.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html>
    fn describe(&self, body: &Value) -> (u16, String) {
        let (mut tasks, mut failures) = (Vec::new(), Vec::new());
        for arn in body["tasks"].as_array().unwrap() {
            match self.tasks.iter().find(|task| {
                let id = task.arn.rsplit('/').next();
                (*arn == task.arn || arn.as_str() == id) && self.is_shown(task)
            }) {
                Some(task) => tasks.push(task.shown()),
                None => failures.push(json!({"arn": arn, "reason": "MISSING"})),
            }
        }
        (200, json!({"tasks": tasks, "failures": failures}).to_string())
    }

    fn stop(&mut self, body: &Value) -> (u16, String) {
        let now = self.clock.now();
        let Some(task) = self.tasks.iter_mut().find(|task| body["task"] == task.arn) else {
            return error("InvalidParameterException", "The referenced task was not found.");
        };
        if task.stopped.is_none() && task.desired == "RUNNING" {
            task.desired = "STOPPED";
            task.stopping_since = Some(now);
            task.becomes("STOPPING");
        }
        (200, json!({"task": task.shown()}).to_string())
    }
}
