// A workspace: its frame, its banners, and its pages.

import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { isFailure } from "../api/failure";
import { forget, workspaceQuery } from "../api/queries/workspaces";
import { useLive } from "../live";
import { useText } from "../text";
import { Banners } from "./banners";
import { Frame } from "./frame";
import { Gone, useIsDeleted } from "./gone";

const tab = "border-b-2 border-transparent px-3 py-2 text-soft hover:text-ink";
const open = { className: "!border-accent !text-ink font-medium", "aria-current": "page" } as const;

export function Workspace() {
  const t = useText();
  const { ws } = useParams({ from: "/inside/w/$ws" });
  const isDeleted = useIsDeleted(ws);
  const { error } = useQuery({ ...workspaceQuery(ws), enabled: !isDeleted });
  const gone = isDeleted || (isFailure(error) && error.status === 404);
  useEffect(() => {
    if (gone) forget(ws);
    else localStorage.setItem("berth.workspace", ws);
  }, [gone, ws]);
  const nav = (
    <nav aria-label={t.shell.navigation} className="mx-auto flex max-w-6xl gap-1 overflow-x-auto px-3">
      <Link to="/w/$ws" params={{ ws }} className={tab} activeOptions={{ exact: true }} activeProps={open}>
        {t.shell.overview}
      </Link>
      <Link to="/w/$ws/usage" params={{ ws }} className={tab} activeProps={open}>
        {t.billing.usage.title}
      </Link>
      <Link to="/w/$ws/settings" params={{ ws }} className={tab} activeProps={open}>
        {t.shell.settings}
      </Link>
    </nav>
  );
  return (
    <Frame {...(gone ? {} : { workspace: ws, nav })}>
      {gone ? (
        <Gone key={ws} workspace={ws} />
      ) : (
        <>
          <Live key={ws} workspace={ws} />
          <Banners workspace={ws} />
          <Outlet />
        </>
      )}
    </Frame>
  );
}

function Live({ workspace }: { workspace: string }) {
  useLive(workspace);
  return null;
}
