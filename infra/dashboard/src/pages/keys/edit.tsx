// Changing a key: its name, fewer permissions, its networks.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isFailure } from "../../api/failure";
import { changeKey, keysQuery } from "../../api/keys/list";
import type { ApiKey, ApiKeyChanges } from "../../api/keys/types";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Area, Field } from "../../kit/field";
import { LimitReached } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { isolated } from "../../text/format";
import { changesOf, errorsOf, MOST_NETWORKS, networksIn, rebased, termsOf, type Terms } from "./draft";
import { ScopeTable } from "./table";
import { useKeysText, useRefusal } from "./words";

/** `apiKey` is the key as it was when the dialog opened, so that the dialog stays when the key is gone. */
export function Edit({ workspace, apiKey, onClose }: { workspace: string; apiKey: ApiKey | undefined; onClose: () => void }) {
  const { change: text } = useKeysText();
  return (
    <Dialog open={apiKey !== undefined} onClose={onClose} title={apiKey ? text.title(isolated(apiKey.name)) : ""} wide>
      {apiKey && <Form workspace={workspace} apiKey={apiKey} onClose={onClose} />}
    </Dialog>
  );
}

/** The key as it is listed now; as it was if it is not. */
function useNow(workspace: string, key: ApiKey): ApiKey {
  const { data } = useInfiniteQuery(keysQuery(workspace));
  return data?.pages.flatMap((page) => page.api_keys).find(({ id }) => id === key.id) ?? key;
}

function Form({ workspace, apiKey, onClose }: { workspace: string; apiKey: ApiKey; onClose: () => void }) {
  const t = useText();
  const { change: text, form } = useKeysText();
  const refusedBy = useAccess(workspace)("manage_keys");
  const theirs = termsOf(useNow(workspace, apiKey));
  const [base, setBase] = useState<Terms>(() => termsOf(apiKey));
  const [mine, setMine] = useState<Terms>(base);
  const [isChanged, setChanged] = useState(false);
  const save = useSend(
    (changes: ApiKeyChanges) => changeKey(workspace, apiKey.id, changes),
    ({ name }) => {
      toast(text.saved(isolated(name)));
      onClose();
    },
  );
  const error = useRefusal(workspace, save.error);
  // Somebody else changed it: what I have not touched follows, and a notice says so before I save.
  if (!save.busy && Object.keys(changesOf(base, theirs)).length > 0) {
    setMine(rebased(base, mine, theirs));
    setBase(theirs);
    setChanged(true);
  }
  const fields = isFailure(error) ? error.fields : {};
  const set = (part: Partial<Terms>) => {
    setMine((before) => ({ ...before, ...part }));
    if (save.error && !save.busy) save.reset();
  };
  const changes = changesOf(base, mine);
  const networks = networksIn(mine.networks).length;
  const why =
    refusedBy ??
    (mine.name.trim() === ""
      ? form.noName
      : mine.scopes.size === 0
        ? form.noScopes
        : networks > MOST_NETWORKS
          ? form.manyNetworks(networks)
          : Object.keys(changes).length === 0
            ? text.nothing
            : undefined);
  return (
    <form
      className="grid grid-cols-1 gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.busy) save.run(changes);
      }}
    >
      {isChanged && (
        <Notice tone="warn" live>
          {text.meanwhile}
        </Notice>
      )}
      <Field label={form.name} error={mine.name.trim() === "" ? form.noName : errorsOf(fields, "name")} autoComplete="off" required value={mine.name} onChange={({ target }) => set({ name: target.value })} />
      <ScopeTable
        lead={text.scopesLead}
        scopes={mine.scopes}
        why={(scope) => (base.scopes.has(scope) ? undefined : text.missing)}
        error={mine.scopes.size === 0 ? form.noScopes : errorsOf(fields, "scopes")}
        onChange={(scopes) => set({ scopes })}
      />
      <Area
        label={form.networks}
        hint={form.networksHint}
        error={networks > MOST_NETWORKS ? form.manyNetworks(networks) : errorsOf(fields, "networks")}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={mine.networks}
        onChange={({ target }) => set({ networks: target.value })}
      />
      {error ? <LimitReached workspace={workspace} error={error} retry={isFailure(error) && error.passes ? () => save.run(changes) : undefined} /> : null}
      <DialogActions>
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button type="submit" look="primary" why={why} busy={save.busy}>
          {t.common.save}
        </Button>
      </DialogActions>
    </form>
  );
}
