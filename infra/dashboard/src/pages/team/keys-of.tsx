// The API keys that end with a membership, before it ends.

import { useQuery } from "@tanstack/react-query";
import { keysOfQuery } from "../../api/keys/list";
import { meQuery } from "../../api/queries/me";
import { workspaceQuery } from "../../api/queries/workspaces";
import { Name } from "../../kit/avatar";
import { Notice } from "../../kit/notice";
import { Time } from "../../kit/time";
import { useAllowed } from "../../shell/access";
import { usePageText } from "../../text";
import { removal } from "../../text/en/pages/removal";

interface Props {
  workspace: string;
  member: string;
  /** Whose keys they are to the reader. */
  whose: "theirs" | "own";
}

export function KeysOf({ workspace, member, whose }: Props) {
  const text = usePageText("removal", removal);
  const { none, unknown, keys: named } = text[whose];
  const { data: keys } = useQuery({ ...keysOfQuery(workspace, member), enabled: useAllowed(workspace, "read_keys") });
  const { data: head } = useQuery(workspaceQuery(workspace));
  if (!keys || keys.length === 0) return <p className="text-soft">{keys ? none : unknown}</p>;
  return (
    <Notice tone="warn" title={named(keys.length)}>
      <ul className="mt-1 max-h-40 list-disc overflow-y-auto ps-5">
        {keys.map(({ id, name, last_used_at }) => (
          <li key={id}>
            <span className="font-medium">
              <Name>{name}</Name>
            </span>
            {", "}
            {last_used_at ? (
              <>
                {text.used} <Time at={last_used_at} zone={head?.timezone ?? "UTC"} format="relative" />
              </>
            ) : (
              text.never
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** The reader's own. */
export function OwnKeys({ workspace }: { workspace: string }) {
  const { data: me } = useQuery(meQuery);
  return me && <KeysOf workspace={workspace} member={me.id} whose="own" />;
}
