import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { activeMembersQuery, transferOwnership } from "../../api/queries/general";
import { refresh } from "../../api/query";
import { useSend } from "../../api/send";
import { Button } from "../../kit/button";
import { Dialog, DialogActions } from "../../kit/dialog";
import { Select } from "../../kit/field";
import { LimitReached } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { toast } from "../../kit/toasts";
import { useText } from "../../text";
import { isolated } from "../../text/format";
import { useDangerText } from "./words";

/** Chooses the member who becomes the owner. */
export function Transfer({ workspace, open, onClose }: { workspace: string; open: boolean; onClose: () => void }) {
  const t = useText();
  const text = useDangerText();
  const [chosen, setChosen] = useState("");
  const { data, error: unread, refetch } = useQuery({ ...activeMembersQuery(workspace), enabled: open });
  const members = data?.filter(({ role }) => role !== "owner");
  const nameOf = (id: string) => {
    const member = members?.find((member) => member.id === id);
    return member?.full_name ?? member?.email ?? id;
  };
  const { run, busy, error } = useSend(
    (member: string, key) => transferOwnership(workspace, member, key),
    async (_, member) => {
      toast(text.transferred(isolated(nameOf(member))));
      onClose();
      await refresh(workspace);
    },
  );
  return (
    <Dialog open={open} onClose={onClose} title={text.transferTitle}>
      <form
        className="grid grid-cols-1 gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) run(chosen);
        }}
      >
        <p>{text.transferLead}</p>
        {unread && !data && <Problem error={unread} retry={() => void refetch()} />}
        {!data && !unread && <Skeleton className="h-16" />}
        {members?.length === 0 && <Notice>{text.nobody}</Notice>}
        {members && members.length > 0 && (
          <Select label={text.transferTo} name="member" value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">{text.choose}</option>
            {members.map(({ id, full_name, email, role }) => (
              <option key={id} value={id} dir="auto">
                {[full_name, email].filter(Boolean).join(" · ") || id} ({t.roles[role]})
              </option>
            ))}
          </Select>
        )}
        {error && <LimitReached error={error} workspace={workspace} />}
        <DialogActions>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button type="submit" look="danger" busy={busy} why={chosen ? undefined : members?.length === 0 ? text.nobody : text.chooseFirst}>
            {text.transferConfirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
