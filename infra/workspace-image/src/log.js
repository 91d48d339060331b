// Logs one JSON object per line. Each names the workspace and the launch, because the log stream names only the task.

const { BERTH_WORKSPACE_ID: workspace, BERTH_GENERATION: generation } = process.env;

let write = (line) => process.stdout.write(`${line}\n`);

export function log(message, fields = {}) {
  write(JSON.stringify({ at: new Date().toISOString(), workspace, generation, message, ...fields }));
}

/** Passes later lines to `next`, for a process whose output no log driver takes. */
export function logTo(next) {
  write = next;
}
