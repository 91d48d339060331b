// What the palette offers: pages, actions, and the person's workspaces.

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import { useAllWorkspaces } from "../../api/queries/workspaces";
import { signOut } from "../../auth";
import { usePageText, useText } from "../../text";
import { commands } from "../../text/en/pages/commands";
import { accessQuery, reasonOf } from "../access";
import { setTheme } from "../theme";
import { destinations, pathOf } from "./destinations";
import { searched, type Searched } from "./match";
import { CREATE, pathOfInvite } from "./paths";

export type Group = keyof (typeof commands)["groups"];

export interface Entry {
  id: string;
  group: Group;
  label: string;
  searched: Searched;
  /** A word more about it, such as the role in a workspace. */
  note?: string;
  keys?: readonly string[];
  /** Why it cannot be done. */
  why?: string | undefined;
  run: () => void;
}

export function useEntries(workspace: string | undefined, onHelp: () => void) {
  const t = useText();
  const text = usePageText("commands", commands);
  const router = useRouter();
  const workspaces = useAllWorkspaces(true);
  const { data: access } = useQuery({ ...accessQuery(workspace ?? ""), enabled: workspace !== undefined });
  const entries = useMemo(() => {
    const go = (path: string) => () => router.history.push(path);
    const pages = destinations.flatMap((destination): Entry[] => {
      const path = pathOf(destination, workspace);
      const { name, words } = text.pages[destination.page];
      return path === undefined ? [] : [{ id: `page-${destination.page}`, group: "pages", label: name, searched: searched(name, words), keys: ["g", destination.key], run: go(path) }];
    });
    const action = (id: keyof typeof text.actions, run: () => void, more: Pick<Entry, "keys" | "why"> = {}): Entry => {
      const { name, words } = text.actions[id];
      return { id: `action-${id}`, group: "actions", label: name, searched: searched(name, words), run, ...more };
    };
    const leave = async () => {
      await signOut();
      router.history.push("/sign-in");
    };
    const actions = [
      ...(workspace === undefined ? [] : [action("invite", go(pathOfInvite(workspace)), { keys: ["i"], why: reasonOf(access, "invite_member") })]),
      action("create", go(CREATE)),
      action("light", () => setTheme("light")),
      action("dark", () => setTheme("dark")),
      action("system", () => setTheme("system")),
      action("help", onHelp, { keys: ["?"] }),
      action("signOut", () => void leave()),
    ];
    return [...pages, ...actions];
  }, [t, text, router, workspace, access, onHelp]);
  const others = useMemo(
    () =>
      (workspaces.all ?? [])
        .filter(({ id }) => id !== workspace)
        .map(({ id, name, role }): Entry => ({ id, group: "workspaces", label: name, searched: searched(name, id), note: t.roles[role], run: () => router.history.push(`/w/${id}`) })),
    [workspaces.all, workspace, t, router],
  );
  return { entries, others, workspaces };
}
