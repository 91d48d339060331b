import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { workspacesQuery } from "../api/queries/workspaces";
import { Menu, menuItem } from "../kit/menu";
import { useText } from "../text";

/** The workspace that is open, and the way to the others. */
export function Switcher({ workspace }: { workspace: string }) {
  const t = useText();
  const { data } = useQuery(workspacesQuery);
  const open = data?.workspaces.find(({ id }) => id === workspace);
  return (
    <Menu
      label={t.shell.switcher(open?.name ?? "")}
      className="min-w-0 px-2 py-1"
      button={
        <span className="flex min-w-0 items-center gap-1.5">
          <span aria-hidden="true" className="text-soft">
            /
          </span>
          <bdi className="max-w-[38vw] truncate font-medium sm:max-w-60">{open?.name ?? "…"}</bdi>
          <svg viewBox="0 0 12 12" className="size-3 shrink-0 text-soft" aria-hidden="true">
            <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
          </svg>
        </span>
      }
    >
      <ul className="max-h-80 overflow-y-auto">
        {data?.workspaces.map(({ id, name }) => (
          <li key={id}>
            <Link to="/w/$ws" params={{ ws: id }} className={menuItem} aria-current={id === workspace || undefined}>
              <span aria-hidden="true" className="w-4">
                {id === workspace ? "✓" : ""}
              </span>
              <bdi className="truncate">{name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      <Link to="/workspaces" className={`${menuItem} mt-1 border-t border-line`}>
        {t.shell.allWorkspaces}
      </Link>
    </Menu>
  );
}
