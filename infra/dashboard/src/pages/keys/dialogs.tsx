// The dialogs of this page. A secret that one of them gets is shown by the last.

import { useState } from "react";
import type { ApiKey } from "../../api/keys/types";
import { Create } from "./create";
import { Edit } from "./edit";
import { Revoke } from "./revoke";
import { Rotate } from "./rotate";
import { Secret, type Given } from "./secret/secret";

/** A dialog, with the key as it was when it opened. */
export type Task = { kind: "create" } | { kind: "rotate" | "edit" | "revoke"; key: ApiKey };

export function Dialogs({ workspace, task, onTask, onRevoked }: {
  workspace: string;
  task: Task | undefined;
  onTask: (task: Task | undefined) => void;
  onRevoked: () => void;
}) {
  const [given, setGiven] = useState<Given>();
  const close = () => onTask(undefined);
  const give = (given: Given) => {
    close();
    setGiven(given);
  };
  const of = (kind: Task["kind"]) => (task && task.kind === kind && "key" in task ? task.key : undefined);
  return (
    <>
      <Create workspace={workspace} open={task?.kind === "create"} onClose={close} onGiven={give} />
      <Edit workspace={workspace} apiKey={of("edit")} onClose={close} />
      <Rotate workspace={workspace} apiKey={of("rotate")} onClose={close} onGiven={give} />
      <Revoke workspace={workspace} apiKey={of("revoke")} onClose={close} onRevoked={onRevoked} />
      <Secret workspace={workspace} given={given} onGiven={setGiven} onClose={() => setGiven(undefined)} />
    </>
  );
}
