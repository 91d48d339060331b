// Logs one JSON object per line. Each names the workspace and the launch, because the log stream names only the task.

const { BERTH_WORKSPACE_ID: workspace, BERTH_GENERATION: generation } = process.env;

export function log(message, fields = {}) {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), workspace, generation, message, ...fields })}\n`);
}
