// The end of a key, after a question. A key that somebody else has revoked is what was wanted.

import { useQuery } from "@tanstack/react-query";
import { isFailure } from "../../api/failure";
import { revokeKey } from "../../api/keys/list";
import type { ApiKey } from "../../api/keys/types";
import { workspaceQuery } from "../../api/queries/workspaces";
import { useSend } from "../../api/send";
import { Confirm } from "../../kit/confirm";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { isolated } from "../../text/format";
import { useKeysText, useRefusal } from "./words";

export function Revoke({ workspace, apiKey, onClose, onRevoked }: { workspace: string; apiKey: ApiKey | undefined; onClose: () => void; onRevoked: () => void }) {
  const { revocation: text } = useKeysText();
  const { data: head } = useQuery(workspaceQuery(workspace));
  const revoke = useSend(
    async ({ id }: ApiKey) => {
      try {
        await revokeKey(workspace, id);
        return true;
      } catch (error) {
        if (!isFailure(error) || error.code !== "key_not_found") throw error;
        return false;
      }
    },
    (isMine, { name }, isLeft) => {
      toast(isMine ? text.done(isolated(name)) : text.gone(isolated(name)));
      if (isLeft) return;
      onClose();
      // The row and its button are gone: the list takes the focus.
      setTimeout(onRevoked);
    },
  );
  const error = useRefusal(workspace, revoke.error);
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Confirm
      open={apiKey !== undefined}
      onClose={close}
      title={apiKey ? text.title(isolated(apiKey.name)) : ""}
      action={text.action}
      danger
      busy={revoke.busy}
      error={error}
      onConfirm={() => apiKey && revoke.run(apiKey)}
    >
      <p>{text.lead}</p>
      {apiKey && (
        <p className="text-soft">
          {apiKey.last_used_at ? (
            <>
              {text.lastUsed} <Time at={apiKey.last_used_at} zone={head?.timezone ?? "UTC"} format="relative" />.
            </>
          ) : (
            text.unused
          )}
        </p>
      )}
    </Confirm>
  );
}
